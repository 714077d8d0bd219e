package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledAtPoints kills the server as it enters a system call that makes something
// durable: the 1st, 2nd, … of each kind on a thread, while members work.
func TestKilledAtPoints(t *testing.T) {
	needStrace(t)
	for call, points := range map[string]int{"fdatasync": 8, "pwrite64": 36, "fsync": 8, "renameat": 4, "ftruncate": 4} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			for point := 1; point <= points; point++ {
				tracer := h.strace(fmt.Sprintf("%s:signal=KILL:when=%d", call, point))
				// A call that is rare on every thread is not waited for.
				late := time.AfterFunc(3*time.Second, func() { _ = h.cmd.Process.Kill() })
				h.load(point * 1000)
				late.Stop()
				_ = h.cmd.Wait()
				_ = tracer.Wait()
				h.again()
			}
			h.worksOn()
			h.postedOnce()
		})
	}
}

// TestTornTail leaves what a power cut may leave behind the last write that was durable:
// half a write, or noise, and an index of it that is gone.
func TestTornTail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for cycle := range 5 {
		h.killAfter(5 + rand.IntN(40))
		h.load(cycle * 1000)
		_ = h.cmd.Wait()
		wal := filepath.Join(h.data, "newsroom.db-wal")
		noise := make([]byte, 1+rand.IntN(9000))
		for i := range noise {
			noise[i] = byte(rand.IntN(256))
		}
		raw, err := os.ReadFile(wal)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if len(raw) > 4096 && cycle%2 == 0 { // or a frame that looks like one
			noise = bytes.Clone(raw[32:min(len(raw), 32+4120)])
			noise[100] ^= 1
		}
		if err := os.WriteFile(wal, append(raw, noise...), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(h.data, "newsroom.db-shm")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		h.again()
	}
	h.worksOn()
	h.postedOnce()
}

// TestStopped holds the process still in the middle of work: nothing is lost, and those
// who waited get their answers.
func TestStopped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 6 {
			_ = h.cmd.Process.Signal(syscall.SIGSTOP)
			<-time.After(time.Duration(50+rand.IntN(300)) * time.Millisecond)
			_ = h.cmd.Process.Signal(syscall.SIGCONT)
			<-time.After(100 * time.Millisecond)
		}
		_ = h.cmd.Process.Kill()
	}()
	for _, err := range h.load(0) {
		var r *refused
		if errors.As(err, &r) {
			t.Errorf("refused by a server that was held: %v", err)
		}
	}
	<-done
	_ = h.cmd.Wait()
	h.again()
	h.worksOn()
	h.postedOnce()
}

// TestTwoServers has a second one refuse the folder, in a sentence.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	out, err := exec.CommandContext(t.Context(), s.bin, "demo", "--speed", "0", "--data", s.data, "--addr", "localhost:0").CombinedOutput()
	if err == nil || strings.Count(string(out), "\n") > 2 || !strings.Contains(string(out), "another dateline is running on") {
		t.Errorf("a second server: %v, %s", err, out)
	}
	if _, err := answer(http.Get(s.readers + "/")); err != nil {
		t.Error("the first, after it:", err)
	}
}

// TestDamageIsFound flips single bits in every kind of file that the house keeps, and has
// check find each and say where.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	data := filepath.Join(built, t.Name())
	if err := os.CopyFS(data, os.DirFS(filepath.Join(built, "demo"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(data, "record.key"), 0o600); err != nil { // the copy forgot it
		t.Fatal(err)
	}
	check := func() string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), filepath.Join(built, "dateline"), "check", "--data", data).CombinedOutput()
		if err == nil {
			return ""
		}
		return string(out)
	}
	if said := check(); said != "" {
		t.Fatal("before any damage:", said)
	}
	const words = "Harbour board votes to dredge"
	for _, d := range []struct {
		file, says string
		at         func(raw []byte) []int
	}{
		{"newsroom.db", "record, entry ", places(`"headline":"` + words)},
		{"newsroom.db", "store: ", pages},
		{"edition/edition.db", "edition", places(words)},
		{"edition/edition.db", "edition", pages},
		{"pictures/originals", "pictures: originals of ", anywhere},
		{"pictures/renditions", "pictures: renditions of ", anywhere},
		{"edition/pictures", "edition: the picture ", anywhere},
	} {
		file := someFile(t, filepath.Join(data, d.file))
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		at := d.at(raw)
		for _, i := range at {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << rand.IntN(7)
			overwrite(t, file, bad)
			if said := check(); strings.Contains(said, d.says) {
				found++
			} else if d.file != "newsroom.db" {
				t.Errorf("%s, byte %d: check says %q", d.file, i, said)
			}
		}
		if found == 0 {
			t.Errorf("%s: of %d flipped bits none was found as %q", d.file, len(at), d.says)
		}
		overwrite(t, file, raw)
	}
	if said := check(); said != "" {
		t.Error("with all mended:", said)
	}
}

func overwrite(t *testing.T, file string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// someFile is the file itself, or the first one in a folder.
func someFile(t *testing.T, path string) (file string) {
	t.Helper()
	if err := filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && file == "" {
			file = p
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return file
}

// places are where words stand in a file. Those of the newsroom stand in working texts and
// revisions too, whose bytes nothing is signed over; one of them is the record's.
func places(words string) func([]byte) []int {
	return func(raw []byte) (at []int) {
		for i := 0; len(at) < 8; {
			j := bytes.Index(raw[i:], []byte(words))
			if j < 0 {
				break
			}
			i += j + len(words)
			at = append(at, i-3)
		}
		return at
	}
}

// pages are the kinds of some pages of an SQLite file, which stand in their first byte.
func pages(raw []byte) []int {
	size := int(raw[16])<<8 | int(raw[17])
	return []int{size, 2 * size, 3 * size}
}

func anywhere(raw []byte) []int { return []int{0, rand.IntN(len(raw)), len(raw) - 1} }
