package main_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/html"
)

// TestReadOnlyFolder has the program start in a folder that it may not write to, and check
// look at one: each says so in a sentence, and nothing is changed.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	data, err := os.MkdirTemp("", "dateline-sealed-") // the folders of a test are its user's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(os.Chmod(data, 0o700), os.RemoveAll(data)) })
	if err := os.CopyFS(data, os.DirFS(filepath.Join(built, "demo"))); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(data, "dateline")
	if err := errors.Join(copyOver(filepath.Join(built, "dateline"), bin), os.Chmod(bin, 0o755), os.Chmod(data, 0o555)); err != nil {
		t.Fatal(err)
	}
	before := tree(t, data)
	for _, command := range [][]string{{"demo", "--addr", "localhost:0"}, {"check"}, {"serve", "--addr", "localhost:0"}, {"user", "link", "Mira Adan"}} {
		cmd := exec.CommandContext(t.Context(), bin, append(command, "--data", data)...)
		cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: nobody(t)}
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "the folder "+data+" cannot be written to (permission denied)") || strings.Count(string(out), "\n") > 5 {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
	after := tree(t, data)
	if len(before) != len(after) {
		t.Errorf("%d files became %d", len(before), len(after))
	}
	for file, was := range before {
		if after[file] != was {
			t.Errorf("%s was changed", file)
		}
	}
}

// nobody is a user who is not root: root may write everywhere.
func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// TestDiskBecomesReadOnly has the disk become one for reading only while members work, as a
// kernel does that finds damage: what they send is refused in a sentence, the newsroom's
// first screen says why, readers are served on, and once it can be written to again the
// house goes on, in the same process or the next.
func TestDiskBecomesReadOnly(t *testing.T) {
	needStrace(t)
	t.Parallel()
	h := newHouse(t)
	for cycle, when := range []string{"1", "7"} {
		tracer := h.strace("pwrite64:error=EROFS:when="+when+"+", "fchmodat:error=EROFS")
		for _, err := range h.load(cycle * 1000) {
			var r *refused
			if !errors.As(err, &r) || r.status != http.StatusServiceUnavailable || !strings.Contains(html.UnescapeString(r.body), "The disk cannot be written to any more.") {
				t.Errorf("on a disk for reading only: %v", err)
			}
		}
		if p, err := h.workers[0].get("/desk/new-york"); err != nil || !strings.Contains(p.body, "Nothing can be kept.") {
			t.Errorf("the first screen does not say why: %v", err)
		}
		if _, err := answer(http.Get(h.readers + "/")); err != nil {
			t.Errorf("readers of a house on a disk for reading only: %v", err)
		}
		_ = tracer.Process.Signal(os.Interrupt) // strace lets go of the server
		_ = tracer.Wait()
		h.check()
		h.worksOn()
		if p, err := h.workers[0].get("/desk/new-york"); err != nil || strings.Contains(p.body, "Nothing can be kept.") {
			t.Errorf("the first screen still says that nothing can be kept: %v", err)
		}
		_ = h.cmd.Process.Kill()
		_ = h.cmd.Wait()
		h.again()
	}
	h.postedOnce()
}
