package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestEveryErrorFits: a planted error whose right text stands somewhere else by now, or more
// than once, proves nothing any more.
func TestEveryErrorFits(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, p := range table {
		text, err := os.ReadFile(filepath.Join(root, p.file))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte(p.old)); n != 1 {
			t.Errorf("%s: %s: %q stands there %d times, not once", p.file, p.what, p.old, n)
		}
	}
}
