package app

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/clock"
)

// TestNoHouseThere has the commands about a house make none in a folder that is spelled
// wrongly, and say so.
func TestNoHouseThere(t *testing.T) {
	for _, command := range [][]string{{"record", "verify"}, {"edition", "rebuild"}, {"check"}, {"user", "add", "Dana"}, {"user", "link", "Dana"}} {
		data := filepath.Join(t.TempDir(), "dtaa")
		var out strings.Builder
		err := Run(t.Context(), append(command, "--data", data), &out, io.Discard)
		if err == nil || !strings.Contains(out.String()+err.Error(), "there is no house in "+data) {
			t.Errorf("%q: %v %s", command, err, out.String())
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%q made a folder", command)
		}
	}
}

// TestDesksWithoutAHouse does not pass over desks that no house has.
func TestDesksWithoutAHouse(t *testing.T) {
	_, err := loaded(t, "[[desk]]\nslug = \"haifa\"\nplace = \"Haifa\"\n")
	if err == nil || !strings.HasSuffix(err.Error(), "has desks and no [house] that they belong to") {
		t.Error(err)
	}
}

// TestDamagedEdition says what to do about an edition that cannot be opened, and that is
// what mends it.
func TestDamagedEdition(t *testing.T) {
	data := t.TempDir()
	n, err := openNode(t.Context(), Config{Data: data}, clock.System(), newLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(data, "edition")
	drop(t, filepath.Join(dir, "edition.db"), strings.Repeat("no database", 1000))
	_, err = openNode(t.Context(), Config{Data: data}, clock.System(), newLog(io.Discard))
	if err == nil || !strings.Contains(err.Error(), "dateline edition rebuild makes it again") {
		t.Error(err)
	}
	var out strings.Builder
	if err := Run(t.Context(), []string{"edition", "rebuild", "--data", data}, &out, io.Discard); err != nil || !strings.HasPrefix(out.String(), "before  not readable\nafter   ") {
		t.Errorf("%v: %s", err, out.String())
	}
}
