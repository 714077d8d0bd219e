package app

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/internal/clock"
)

// dropFolder is a wire folder of a new house.
func dropFolder(t *testing.T, out io.Writer) (*wireFolders, string) {
	t.Helper()
	log := newLog(out)
	n, err := openNode(t.Context(), Config{Data: t.TempDir()}, clock.System(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.close() })
	folder := t.TempDir()
	wires, err := newWireFolders(n.room, []WireConfig{{Source: "Halyard", Folder: folder}}, log)
	if err != nil {
		t.Fatal(err)
	}
	return wires, folder
}

func drop(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		all = append(all, f.Name())
	}
	return all
}

// TestDroppedPipesAndLinks has what is no file stand in nobody's way: a pipe that nobody
// writes to would keep the reader waiting for ever, a link would bring in a file of the
// house's own.
func TestDroppedPipesAndLinks(t *testing.T) {
	wires, folder := dropFolder(t, io.Discard)
	drop(t, filepath.Join(folder, "ferry.xml"), rss)
	secret := filepath.Join(t.TempDir(), "secret.xml")
	drop(t, secret, rss)
	if err := os.Symlink(secret, filepath.Join(folder, "a-link.xml")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "a-pipe.xml"), 0o600); err != nil {
		t.Fatal(err)
	}
	looked := make(chan bool)
	go func() {
		wires.look(t.Context())
		wires.look(t.Context())
		close(looked)
	}()
	select {
	case <-looked:
	case <-time.After(20 * time.Second):
		t.Fatal("the folder is still being looked at")
	}
	if got := names(t, filepath.Join(folder, "done")); !slices.Equal(got, []string{"ferry.xml"}) {
		t.Errorf("taken in: %q", got)
	}
	want := []string{"a-link.xml", "a-link.xml.why.txt", "a-pipe.xml", "a-pipe.xml.why.txt"}
	if got := names(t, filepath.Join(folder, "unreadable")); !slices.Equal(got, want) {
		t.Errorf("put aside: %q, want %q", got, want)
	}
}

// TestPutAsideTwice keeps both of two unreadable files that came under one name.
func TestPutAsideTwice(t *testing.T) {
	wires, folder := dropFolder(t, io.Discard)
	for _, text := range []string{"the first", "the second"} {
		drop(t, filepath.Join(folder, "latest.xml"), text)
		wires.look(t.Context())
		wires.look(t.Context())
	}
	for name, want := range map[string]string{"latest.xml": "the first", "2-latest.xml": "the second"} {
		if got, err := os.ReadFile(filepath.Join(folder, "unreadable", name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestPutAsideLongNames shortens a name to which nothing can be added.
func TestPutAsideLongNames(t *testing.T) {
	wires, folder := dropFolder(t, io.Discard)
	name := strings.Repeat("n", 255)
	for _, text := range []string{"no wire", "none either"} {
		drop(t, filepath.Join(folder, name), text)
		wires.look(t.Context())
		wires.look(t.Context())
	}
	short := name[:200]
	want := []string{"2-" + short, "2-" + short + ".why.txt", short, short + ".why.txt"}
	if got := names(t, filepath.Join(folder, "unreadable")); !slices.Equal(got, want) {
		t.Errorf("put aside: %.900q", got)
	}
}

// TestAFolderThatIsGoneIsToldOnce, and again once it was there meanwhile.
func TestAFolderThatIsGoneIsToldOnce(t *testing.T) {
	var log bytes.Buffer
	wires, folder := dropFolder(t, &log)
	for range 2 {
		if err := os.Rename(folder, folder+"-away"); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			wires.look(t.Context())
		}
		if err := os.Rename(folder+"-away", folder); err != nil {
			t.Fatal(err)
		}
		wires.look(t.Context())
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 2 {
		t.Errorf("it was told %d times:\n%s", n, log.String())
	}
}
