package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

var synced = regexp.MustCompile(`(?m)(?:fdatasync|fsync)\(.*= 0$|<\.\.\. f(?:data)?sync resumed>.*= 0$`)

// TestEveryAnswerWasSynced sends saves one after the other, and counts how often the server
// had the disk make something durable: at least once for each, or a power cut would take
// what was acknowledged. I-02.
func TestEveryAnswerWasSynced(t *testing.T) {
	needStrace(t)
	t.Parallel()
	h := newHouse(t)
	w := h.workers[0]
	if err := w.round(3); err != nil {
		t.Fatal(err)
	}
	var p page
	for id := range w.told {
		var err error
		if p, err = w.get("/stories/" + id); err != nil {
			t.Fatal(err)
		}
	}
	seen := filepath.Join(t.TempDir(), "calls")
	tracer := exec.Command("strace", "-f", "-qq", "-o", seen, "-e", "trace=fsync,fdatasync", "-p", fmt.Sprint(h.cmd.Process.Pid))
	tracer.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	save := func(n int) {
		t.Helper()
		var err error
		if p, err = w.send(p, "save", func(f url.Values) {
			f.Set("f.headline", fmt.Sprintf("Synced %d", n))
			f.Set("do", "save")
		}); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		raw, err := os.ReadFile(seen)
		if err != nil {
			return 0 // strace has not begun
		}
		return len(synced.FindAll(raw, -1))
	}
	warm := 0
	for end := time.Now().Add(time.Minute); count() == 0 && time.Now().Before(end); warm++ {
		save(warm) // until strace holds the server
	}
	const saves = 30
	before := count()
	for n := range saves {
		save(1000 + n)
	}
	_ = tracer.Process.Signal(os.Interrupt)
	_ = tracer.Wait()
	if got := count() - before; got < saves {
		t.Errorf("%d saves were answered after %d syncs", saves, got)
	}
}

// TestKilledWhileTheStoreIsMade kills the first start of a house at twenty writes to its
// files: the next start finishes what was begun, and the house passes every check. I-12.
func TestKilledWhileTheStoreIsMade(t *testing.T) {
	needStrace(t)
	t.Parallel()
	killed := 0
	for point := range 20 {
		s := newServer(t, "", "")
		cmd := exec.CommandContext(t.Context(), "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:signal=KILL:when=%d", 1+3*point),
			filepath.Join(built, "dateline"), "serve", "--config", s.config())
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		lines, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if !reads(lines, "sign in") {
			killed++
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // strace and the server, if it lives
		_ = cmd.Wait()
		s.start()
		s.stop()
		s.must("record", "verify")
		if out := s.must("check"); !strings.Contains(out, "no doubt") {
			t.Error(out)
		}
	}
	if killed < 10 {
		t.Errorf("of 20 starts %d were killed: the test tests little", killed)
	}
}

// reads reads lines until one holds a word; false if they end before.
func reads(from io.Reader, word string) bool {
	for lines := bufio.NewScanner(from); lines.Scan(); {
		if strings.Contains(lines.Text(), word) {
			return true
		}
	}
	return false
}
