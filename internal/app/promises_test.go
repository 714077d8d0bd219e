package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	promiseRow = regexp.MustCompile(`(?m)^\| (I-\d\d) \|([^|]*)\|([^|]*)\|([^|]*)\|$`)
	namedTest  = regexp.MustCompile(`([a-z]+(?:/[a-z]+)+) (Test\w+)`)
)

// TestEveryPromiseHasItsTests reads docs/promises.md: each promise is there, and each test
// that it names is in the package that it names.
func TestEveryPromiseHasItsTests(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "promises.md"))
	if err != nil {
		t.Fatal(err)
	}
	promised := map[string]bool{}
	for _, m := range promiseRow.FindAllStringSubmatch(string(text), -1) {
		promised[m[1]] = true
		tests := namedTest.FindAllStringSubmatch(m[3], -1)
		if len(tests) == 0 || strings.TrimSpace(m[4]) == "" {
			t.Errorf("%s names no test, or no error that they must find", m[1])
		}
		if n := strings.Count(m[3], "Test"); n != len(tests) {
			t.Errorf("%s: of %d tests %d are named with their package", m[1], n, len(tests))
		}
		for _, test := range tests {
			if !hasTest(t, test[1], test[2]) {
				t.Errorf("%s names %s in %s, which is not there", m[1], test[2], test[1])
			}
		}
	}
	for _, p := range strings.Fields("I-01 I-02 I-03 I-04 I-05 I-06 I-07 I-08 I-09 I-10 I-11 I-12 I-13 I-14 I-15 I-16 I-17 I-18 I-19 I-20 I-21 I-22 I-23 I-24 I-25 I-26 I-27 I-28 I-29 I-30 I-31 I-32 I-33 I-34 I-35 I-36 I-37 I-38 I-39 I-40 I-41 I-42 I-43 I-44 I-45 I-46 I-51 I-52 I-53 I-54 I-55 I-56") {
		if !promised[p] {
			t.Errorf("%s has no line", p)
		}
	}
}

// hasTest reports whether a package has a test of that name.
func hasTest(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		src, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(src), "\nfunc "+name+"(")
	})
}
