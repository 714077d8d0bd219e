package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// goFiles lists the program's own Go files, tests and the modules beside it apart.
func goFiles(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if _, none := os.Stat(filepath.Join(path, "go.mod")); path != root && none == nil {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			all = append(all, path)
		}
		return err
	})
	if err != nil || len(all) < 50 {
		t.Fatal(len(all), err)
	}
	return all
}

var row = regexp.MustCompile(`(?m)^\| ((?:internal|cmd)/[a-z/]+) \|[^|]*\| ?([^|]*?) ?\|$`)

// TestTheMapIsTrue reads ARCHITECTURE.md's table: every folder is on it, and imports what
// it says and no more.
func TestTheMapIsTrue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	may := map[string][]string{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		may[m[1]] = strings.Split(m[2], ", ")
	}
	seen := map[string]bool{}
	for _, file := range goFiles(t) {
		rel, _ := filepath.Rel(root, file)
		folder := filepath.ToSlash(filepath.Dir(rel))
		if strings.HasSuffix(folder, "/gen") {
			continue
		}
		seen[folder] = true
		allowed, mapped := may[folder]
		if !mapped {
			t.Errorf("%s is not on the map", folder)
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			short, own := strings.CutPrefix(path, "dateline/internal/")
			if own && !slices.Contains(allowed, short) && !slices.Contains(allowed, "all") {
				t.Errorf("%s imports %s, which the map does not allow", rel, short)
			}
		}
	}
	for folder := range may {
		if !seen[folder] {
			t.Errorf("the map names %s, which is not there", folder)
		}
	}
}

var pure = []string{"almanac", "drawing", "feed", "look", "places", "record", "story", "wire"}

// TestPurePackagesTouchNothing: they are told the time, and read no file and no network.
func TestPurePackagesTouchNothing(t *testing.T) {
	for _, file := range goFiles(t) {
		folder := filepath.Base(filepath.Dir(file))
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(src)
		if slices.Contains(pure, folder) && regexp.MustCompile(`"(os|net|net/http|database/sql|io/fs)"`).MatchString(text) {
			t.Errorf("%s touches the world", file)
		}
		if folder != "clock" && folder != "app" && folder != "newsroom" && strings.Contains(text, "time.Now(") {
			t.Errorf("%s asks what time it is", file)
		}
		if folder == "newsroom" && strings.Contains(text, "time.Now(") {
			t.Errorf("%s does not act by the clock's source", file)
		}
	}
}

// TestOnlyTheGateAppends keeps every other file away from the record.
func TestOnlyTheGateAppends(t *testing.T) {
	for _, file := range goFiles(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(src), "tx.Append(") && !strings.HasSuffix(file, "newsroom/gate.go") {
			t.Errorf("%s appends to the record", file)
		}
		if regexp.MustCompile(`tx\.(TakeBack|Seal)\(`).Match(src) && !strings.HasSuffix(file, "newsroom/restore.go") {
			t.Errorf("%s takes signed entries back", file)
		}
	}
}

var sqlClock = regexp.MustCompile(`(?i)\b(now\(|current_timestamp|current_date|strftime|datetime\(|julianday)`)

// TestSQLNeverAsksTheTime reads every constant and migration.
func TestSQLNeverAsksTheTime(t *testing.T) {
	files, err := filepath.Glob(root + "/internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(root + "/internal/*/migrations/*/*.sql")
	if err != nil || len(more) == 0 {
		t.Fatal(more, err)
	}
	for _, file := range append(files, more...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(src), "\n") {
			if regexp.MustCompile("(?i)(select|insert|update|delete|where)").MatchString(line) && sqlClock.MatchString(line) && !strings.Contains(line, "regexp") && !strings.Contains(line, "func ") {
				t.Errorf("%s: SQL asks the time: %s", file, line)
			}
		}
	}
}

// TestSizes holds files to 800 lines and functions to 100.
func TestSizes(t *testing.T) {
	for _, file := range goFiles(t) {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if n := set.Position(parsed.FileEnd).Line; n > 800 {
			t.Errorf("%s has %d lines", file, n)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line; n > 100 {
					t.Errorf("%s: %s has %d lines", file, f.Name.Name, n)
				}
			}
		}
	}
}
