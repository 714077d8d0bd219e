package browser_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A process is the product, running.
type process struct {
	end   context.CancelFunc
	ended chan error
	kill  func() error      // kills it, as a cut of the power does, and waits until it is gone
	log   string            // the file of what it logs
	said  map[string]string // what it printed when it started: "readers", "newsroom", "sign in", …
}

// start runs the product until it has printed its addresses.
func start(log string, args ...string) (*process, error) {
	ctx, end := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	stderr, err := os.Create(log)
	if err != nil {
		end()
		return nil, err
	}
	defer stderr.Close()
	cmd.Stderr = stderr
	stdout, in := io.Pipe()
	cmd.Stdout = in
	killed := make(chan struct{})
	p := &process{end: end, ended: make(chan error, 1), log: log, said: map[string]string{}}
	if err := cmd.Start(); err != nil {
		end()
		return nil, err
	}
	gone := make(chan struct{})
	p.kill = func() error {
		close(killed)
		err := cmd.Process.Kill()
		<-gone
		return err
	}
	go func() {
		err := cmd.Wait()
		select {
		case <-killed:
			err = nil
		default:
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				err = nil // it was asked to end, and did
			}
		}
		_ = in.Close()
		close(gone)
		p.ended <- err
	}()
	if !p.listen(stdout) {
		return nil, fmt.Errorf("%v ended too early: %w\n%s", args, p.stop(), p.logged())
	}
	return p, nil
}

// names are the lines that the product prints once it is open; the last of them is awaited.
var names = []string{"readers", "newsroom", "sign in", "clock", "set it up"}

func (p *process) listen(stdout io.Reader) bool {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		for _, name := range names {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), name+" "); ok {
				p.said[name] = strings.TrimRight(strings.Fields(rest)[0], ",")
			}
		}
		if p.said["clock"] != "" || p.said["set it up"] != "" {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return true
		}
	}
	return false
}

func (p *process) stop() error {
	p.end()
	return <-p.ended
}

func (p *process) logged() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// A house is the product on a folder of its own.
type house struct {
	*process
	t    *testing.T
	data string
}

// friday is the demo on Friday 22 March 2024 at 15:05 UTC, seven minutes before Jerusalem
// rests, with its week posted and its clock standing still.
func friday(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	if err := os.CopyFS(h.data, os.DirFS(week)); err != nil {
		t.Fatal(err)
	}
	h.start("demo", "--speed", "0", "--data", h.data, "--addr", "localhost:0", "--newsroom", "localhost:0")
	return h
}

// newHouse has a folder and nothing in it. The folder's name is short: a socket goes there.
// Houses have nothing in common, so that a test with one runs beside others.
func newHouse(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	if missing != "" {
		t.Skip(missing)
	}
	dir, err := os.MkdirTemp("", "dateline")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return &house{t: t, data: filepath.Join(dir, "data")}
}

func (h *house) start(args ...string) {
	h.t.Helper()
	p, err := start(filepath.Join(filepath.Dir(h.data), "log"), args...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.process = p
	h.t.Cleanup(func() {
		if err := p.stop(); err != nil || strings.Contains(p.logged(), "level=ERROR") {
			h.t.Errorf("the product ended badly: %v\n%s", err, p.logged())
		}
	})
}

// readers is a page's address on the readers' listener.
func (h *house) readers(path string) string { return h.said["readers"] + path }

// room is a page's address in the newsroom.
func (h *house) room(path string) string { return h.said["newsroom"] + path }

// clock moves the house's clock, and returns when all that fell due has run and shows.
func (h *house) clock(instant string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, binary, "demo", "clock", instant, "--data", h.data).CombinedOutput(); err != nil {
		h.t.Fatalf("moving the clock to %s: %v\n%s", instant, err, out)
	}
}

// drops puts files of the demo's own agency into its folder; the clock's next move reads them.
func (h *house) drops(names ...string) {
	h.t.Helper()
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join("../../internal/demo/content/wire", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(h.data, "wire", "northwind", name), raw, 0o600)
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

// member opens a tab that is signed in as the house's administrator, who is chief of every
// desk, by the one-time link.
func (h *house) member() *tab {
	h.t.Helper()
	b := newTab(h.t, h)
	b.opens(h.said["sign in"], 200)
	b.submits("#sign-in button", 200)
	return b
}

// figure is one of the house's metrics, as the operator asks for it.
func (h *house) figure(name string) int {
	h.t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(h.data, "admin.sock"))
	}}}
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://operator/metrics", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.Atoi(value)
			if err != nil {
				h.t.Fatal(err)
			}
			return n
		}
	}
	h.t.Fatalf("there is no figure %s", name)
	return 0
}

// until asks until something of the house is so.
func (h *house) until(what string, so func() bool) {
	h.t.Helper()
	for end := time.After(patience); !so(); {
		select {
		case <-end:
			h.t.Fatal("it never came to be that " + what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// returns has the house die as in a cut of its power, and start again at the same addresses.
func (h *house) returns() {
	h.t.Helper()
	readers, room := strings.TrimPrefix(h.said["readers"], "http://"), strings.TrimPrefix(h.said["newsroom"], "http://")
	if err := h.kill(); err != nil {
		h.t.Fatal(err)
	}
	h.start("demo", "--speed", "0", "--data", h.data, "--addr", readers, "--newsroom", room)
}
