package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dateline/internal/zone"
)

// folder writes a compiled zone data folder, as far as gen looks at it.
func folder(t *testing.T, version string, zones int) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zoneText := content(t, "Asia/Jerusalem")
	for i := range zones {
		write(fmt.Sprintf("Area/City_%d", i), zoneText)
	}
	for _, name := range []string{"posix/Area/City_1", "right/Area/City_1", "posixrules", "localtime", "Factory"} {
		write(name, zoneText)
	}
	write("zone.tab", "IL\t+314650+0351326\tAsia/Jerusalem\n")
	write("tzdata.zi", version+"\nR A 1916 o - Jun 14 23s 1 S\n")
	for link, to := range map[string]string{"Area/Alias": "City_1", "Folder": "Area"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// content is an entry of the zip that the package embeds.
func content(t *testing.T, name string) string {
	t.Helper()
	z, err := zip.OpenReader("../zoneinfo.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRun(t *testing.T) {
	from := folder(t, "# version 2031c", 400)
	var packed [2][]byte
	for i := range packed {
		to := t.TempDir()
		if err := run(from, to); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(to, "zoneinfo.zip")
		d, err := zone.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Load("Area/Alias"); err != nil || len(d.Names()) != 401 || d.Version() != "2031c" {
			t.Errorf("%d zones of %s, the alias: %v", len(d.Names()), d.Version(), err)
		}
		beside, err := os.ReadFile(filepath.Join(to, "VERSION"))
		if err != nil || string(beside) != "2031c\n" {
			t.Errorf("VERSION %q, %v", beside, err)
		}
		if packed[i], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packed[0], packed[1]) {
		t.Error("the same folder gave other bytes")
	}
}

func TestRunRefuses(t *testing.T) {
	for what, from := range map[string]string{
		"no folder":          filepath.Join(t.TempDir(), "none"),
		"an empty folder":    t.TempDir(),
		"too few zones":      folder(t, "# version 2031c", 30),
		"no version":         folder(t, "# redo posix_only", 400),
		"an unknown version": folder(t, "# version unknown", 400),
	} {
		to := t.TempDir()
		if err := run(from, to); err == nil {
			t.Errorf("%s was not refused", what)
		}
		if left, _ := os.ReadDir(to); len(left) > 0 {
			t.Errorf("%s: left %v", what, left)
		}
	}
}
