// Package browser_test drives the built product with a real browser: what readers and
// journalists see, type and click. Nothing is mocked and nothing sleeps: every wait is for
// a condition, and a test that fails now and then has found a fault.
//
// A failed test keeps a picture of every page that it had open, and says where.
package browser_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// missing is why no test can run; where it is set, each test skips itself.
var missing string

// The suite's own, made once before the first test.
var (
	binary string          // the built product
	week   string          // a demo's folder as its week leaves it; tests run on copies
	chrome context.Context // the browser; every test opens tabs of its own in it
)

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	name := cmp.Or(os.Getenv("CHROMIUM"), "chromium")
	path, err := exec.LookPath(name)
	if err != nil {
		missing = "there is no " + name + " on this machine; make deps installs it"
		if os.Getenv("CI") == "true" {
			fmt.Fprintln(os.Stderr, "the browser tests cannot run:", missing)
			return 1
		}
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "dateline-browser-")
	if err == nil {
		defer os.RemoveAll(dir)
		err = errors.Join(build(dir), makeWeek(dir))
	}
	if err == nil {
		var stop func() error
		if stop, err = startChrome(path); err == nil {
			code := m.Run()
			if err = stop(); err == nil {
				return code
			}
		}
	}
	fmt.Fprintln(os.Stderr, "the browser tests cannot run:", err)
	return 1
}

func build(dir string) error {
	binary = filepath.Join(dir, "dateline")
	cmd := exec.Command("go", "build", "-o", binary, "./cmd/dateline")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the product: %w\n%s", err, out)
	}
	return nil
}

// makeWeek lets the demo post its week, once for all tests.
func makeWeek(dir string) error {
	week = filepath.Join(dir, "week")
	p, err := start(filepath.Join(dir, "week.log"), "demo", "--speed", "0", "--data", week, "--addr", "localhost:0", "--newsroom", "localhost:0")
	if err != nil {
		return err
	}
	return p.stop()
}

// startChrome starts one browser for all tests. Its profile is a temporary folder; the
// allocator removes it, and ends what is left of the browser's processes, when it stops.
func startChrome(path string) (stop func() error, err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("lang", "en-GB"), chromedp.Flag("hide-scrollbars", true))
	all, endAll := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(all)
	if err := chromedp.Do(ctx); err != nil {
		endAll()
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	chrome = ctx
	return func() error {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		err := chromedp.Cancel(ctx)
		endAll()
		return err
	}, nil
}
