// Mutants plants errors in the code, one at a time, and runs the tests that must notice.
// The tree stays as it is: the wrong text is laid over the file for the build alone.
//
// It prints a line for each error and exits with 1 if one survives, does not compile or no
// longer fits the code. Words after the command choose those in which one of them occurs.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words []string) error {
	chosen := choose(words)
	if len(chosen) == 0 {
		return fmt.Errorf("there is no planted error with any of %q", words)
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "dateline").Output()
	if err != nil {
		return fmt.Errorf("finding the code to plant errors in: %w", err)
	}
	field := field{root: strings.TrimSpace(string(root)), scratch: scratch}
	if err := field.clean(ctx, chosen); err != nil {
		return err
	}

	var failed atomic.Int64
	each(chosen, func(i int, p planted) {
		verdict, caught := field.try(ctx, i, p)
		if ctx.Err() != nil {
			return // it was stopped, and is no verdict
		}
		if !caught {
			failed.Add(1)
		}
		fmt.Printf("%s: %s: %s\n", p.file, p.what, verdict)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if n := failed.Load(); n > 0 {
		return fmt.Errorf("%d of %d planted errors were not caught", n, len(chosen))
	}
	fmt.Printf("all %d planted errors were caught\n", len(chosen))
	return nil
}

// choose returns the errors in which one of the words occurs; without words, all.
func choose(words []string) (chosen []planted) {
	for _, p := range table {
		if len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(p.file+" "+p.what, w) }) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// each calls do for every error, as many at once as the machine has processors.
func each(all []planted, do func(i int, p planted)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for i, p := range all {
		slots <- struct{}{}
		wg.Go(func() {
			do(i, p)
			<-slots
		})
	}
	wg.Wait()
}

// A field is the code, and a folder for what is built of it.
type field struct{ root, scratch string }

// clean wants the tests to pass without any error, since otherwise they would seem to
// catch everything.
func (f field) clean(ctx context.Context, chosen []planted) error {
	seen := map[string]bool{}
	for _, p := range chosen {
		if seen[p.tests] {
			continue
		}
		seen[p.tests] = true
		binary := filepath.Join(f.scratch, "clean")
		if out, err := f.build(ctx, binary, p.tests); err != nil {
			return fmt.Errorf("%s does not compile as it is: %s", p.tests, out)
		}
		if out, err := f.test(ctx, binary, p.tests); err != nil {
			return fmt.Errorf("the tests of %s fail as it is: %s", p.tests, out)
		}
	}
	return nil
}

// try plants one error, and says what became of it and whether it was caught.
func (f field) try(ctx context.Context, i int, p planted) (verdict string, caught bool) {
	overlay, err := f.plant(i, p)
	if err != nil {
		return err.Error(), false
	}
	binary := filepath.Join(f.scratch, fmt.Sprint("mutant", i))
	defer os.Remove(binary)
	start := time.Now()
	if out, err := f.build(ctx, binary, "-overlay", overlay, p.tests); err != nil {
		return "DOES NOT COMPILE: " + string(out), false
	}
	out, err := f.test(ctx, binary, p.tests)
	took := time.Since(start).Seconds()
	if err == nil {
		return fmt.Sprintf("SURVIVED %s in %.1f s", p.tests, took), false
	}
	return fmt.Sprintf("caught in %.1f s by %s", took, catcher(out)), true
}

// plant writes the wrong file and the overlay that puts it in the right one's place.
func (f field) plant(i int, p planted) (overlay string, err error) {
	right := filepath.Join(f.root, p.file)
	text, err := os.ReadFile(right)
	if err != nil {
		return "", err
	}
	if n := bytes.Count(text, []byte(p.old)); n != 1 {
		return "", fmt.Errorf("DOES NOT FIT: %q stands there %d times, not once", p.old, n)
	}
	wrong := filepath.Join(f.scratch, fmt.Sprint("wrong", i, ".go"))
	if err := os.WriteFile(wrong, bytes.Replace(text, []byte(p.old), []byte(p.wrong), 1), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {right: wrong}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(f.scratch, fmt.Sprint("overlay", i, ".json"))
	return overlay, os.WriteFile(overlay, list, 0o600)
}

// build compiles a package's tests. It is a step of its own, so that an error that does
// not compile is never taken for one that was caught.
func (f field) build(ctx context.Context, binary string, args ...string) ([]byte, error) {
	build := exec.CommandContext(ctx, "go", append([]string{"test", "-c", "-o", binary}, args...)...)
	build.Dir = f.root
	return build.CombinedOutput()
}

// test runs compiled tests where go test would run them, up to the first that fails.
func (f field) test(ctx context.Context, binary, pkg string) ([]byte, error) {
	run := exec.CommandContext(ctx, binary, "-test.failfast", "-test.timeout=2m")
	run.Dir = filepath.Join(f.root, pkg)
	return run.CombinedOutput()
}

var failure = regexp.MustCompile(`--- FAIL: (\S+)|(panic: .*)`)

// catcher is the test that failed.
func catcher(out []byte) string {
	m := failure.FindSubmatch(out)
	if m == nil {
		return "its exit"
	}
	return string(slices.Concat(m[1], m[2]))
}
