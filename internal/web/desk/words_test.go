package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"dateline/internal/newsroom"
	"dateline/internal/tongue"
)

// sources are the packages whose sentences members read.
var sources = []string{".", "../../newsroom", "../../story", "../../store", "../../wire", "../../keys", "../../picture", "../../look"}

// unspoken are files whose sentences only programs and operators read.
var unspoken = []string{"api.go", "restore.go", "takeback.go", "members.go:newsroom"}

// spokenBy are the functions whose literals are words, and which of their arguments.
var spokenBy = map[string]int{"Say": 0, "say": 0, "says": 0, "Refuse": 1, "joinUnknown": 1, "cannotWrite": 0, "Word": 0, "quoteOr": 1, "RefuseTurns": 0}

// tables are the package variables whose values are words.
var tables = []string{"said", "headings", "rolesWords", "wishWords", "partNames", "blockKinds", "coverageSpans", "pieceStandings", "keySheets", "partHeads", "Names", "Sets"}

// words gathers what the newsroom says: spoken is what has to be there in every language,
// literals is every text of the program, of which words may be made on the way.
type words struct {
	t                *testing.T
	spoken, literals map[string]string // where
}

func gather(t *testing.T) words {
	w := words{t, map[string]string{}, map[string]string{}}
	pages, err := filepath.Glob("*.tmpl")
	if err != nil || len(pages) < 20 {
		t.Fatal(pages, err)
	}
	for _, page := range pages {
		body, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		tongue.Template(string(body), func(words string) string { w.spoken[words] = page; return words })
	}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			w.read(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range newsroom.Rules() {
		w.spoken[rule.Verb] = "the table of authority"
	}
	for _, r := range Routes() {
		w.spoken[r.Name] = r.Pattern
	}
	for _, o := range newsroom.Observances() {
		w.spoken[o.About] = o.Usage
	}
	return w
}

func (w words) read(path string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	folder, name := filepath.Dir(path), filepath.Base(path)
	speaks := slices.Contains(sources, folder) && !slices.Contains(unspoken, name) && !slices.Contains(unspoken, name+":"+filepath.Base(folder))
	if folder == "../../web/desk" {
		speaks = !slices.Contains(unspoken, name)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, ok := literal(x); ok {
				w.literals[text] = path
			}
		case *ast.CallExpr:
			if speaks {
				w.call(x, path)
			}
		case *ast.ValueSpec:
			if speaks && slices.Contains(tables, x.Names[0].Name) {
				w.table(x, path)
			}
		}
		return true
	})
}

// call takes the literal words of a call in.
func (w words) call(c *ast.CallExpr, path string) {
	name := ""
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	args, ofTongue := c.Args, false
	if x, ok := c.Fun.(*ast.SelectorExpr); ok {
		if id, ok := x.X.(*ast.Ident); ok && id.Name == "tongue" && len(args) > 0 {
			args, ofTongue = args[1:], true // without the language
		}
	}
	if name == "Count" && ofTongue {
		if noun, ok := literal(args[1]); ok {
			w.spoken["1 "+noun], w.spoken["%d "+noun+"s"] = path, path
		}
		return
	}
	at, known := spokenBy[name]
	if !known || at >= len(args) {
		return
	}
	if text, ok := literal(args[at]); ok && strings.ContainsFunc(verbs.ReplaceAllString(text, ""), unicode.IsLetter) {
		w.spoken[text] = path
	}
}

// table takes the values of a table in.
func (w words) table(spec *ast.ValueSpec, path string) {
	ast.Inspect(spec, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.KeyValueExpr:
			if text, ok := literal(x.Value); ok {
				w.spoken[text] = path
				return false
			}
		case *ast.CompositeLit:
			for _, e := range x.Elts[min(1, len(x.Elts)):min(3, len(x.Elts))] {
				if text, ok := literal(e); ok && strings.ContainsFunc(text, unicode.IsLetter) {
					w.spoken[text] = path
				}
			}
		}
		return true
	})
}

func literal(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			text, err := strconv.Unquote(x.Value)
			return text, err == nil
		}
	case *ast.BinaryExpr:
		a, ok := literal(x.X)
		b, too := literal(x.Y)
		return a + b, ok && too
	}
	return "", false
}

var verbs = regexp.MustCompile(`%(\[\d\])?[.0-9]*[a-zA-Z]`)

// TestEveryWordIsSaid: what the newsroom says, it says in every language.
func TestEveryWordIsSaid(t *testing.T) {
	w := gather(t)
	for _, lang := range tongue.All() {
		table := tongue.Words(lang)
		for _, english := range slices.Sorted(maps.Keys(w.spoken)) {
			if table != nil && table[english] == "" {
				t.Errorf("%s: not said in %q: %s", w.spoken[english], lang, english)
			}
		}
	}
	if len(w.spoken) < 1000 {
		t.Errorf("only %d words were found", len(w.spoken))
	}
}

// TestNoWordIsForNobody: what is not said any more leaves the tables. Names of rests may
// come from calendar files.
func TestNoWordIsForNobody(t *testing.T) {
	w := gather(t)
	var all strings.Builder
	for text := range w.literals {
		all.WriteString(text + "\x00")
	}
	rests, err := os.ReadFile("../../tongue/he/rests.txt")
	if err != nil {
		t.Fatal(err)
	}
	for english := range tongue.Words(tongue.Hebrew) {
		_, spoken := w.spoken[english]
		_, literal := w.literals[english]
		if spoken || literal || strings.Contains(string(rests), "\n"+english+"\n") {
			continue
		}
		for _, part := range verbs.Split(english, -1) {
			if part = strings.Trim(part, " .:;,"); !strings.Contains(all.String(), part) {
				t.Errorf("nobody says %q", english)
				break
			}
		}
	}
}

// TestWordsTakeTheSame: a pattern takes the same arguments in every language, and a
// template's words the same values.
func TestWordsTakeTheSame(t *testing.T) {
	values := regexp.MustCompile(`\{\{[^}]*\}\}`)
	sorted := func(all []string) []string { slices.Sort(all); return all }
	letters := func(text string) (all []string) {
		for _, verb := range verbs.FindAllString(text, -1) {
			all = append(all, strings.NewReplacer("q", "s", "v", "s").Replace(verb[len(verb)-1:]))
		}
		return sorted(all)
	}
	for english, words := range tongue.Words(tongue.Hebrew) {
		if a, b := letters(english), letters(words); !slices.Equal(a, b) {
			t.Errorf("%q takes %v, and in Hebrew %v: %q", english, a, b, words)
		}
		if a, b := values.FindAllString(english, -1), values.FindAllString(words, -1); !strings.Contains(english, `"`) && !slices.Equal(sorted(a), sorted(b)) {
			t.Errorf("%q has the values %v, and in Hebrew %v", english, a, b)
		}
		if strings.ContainsAny(values.ReplaceAllString(words, ""), `"'`) {
			t.Errorf("%q has ASCII quotes in Hebrew: %q", english, words)
		}
	}
}

// TestScriptsHaveNoWordsOfTheirOwn: what a script says stands in the page, in its language.
func TestScriptsHaveNoWordsOfTheirOwn(t *testing.T) {
	scripts, err := filepath.Glob("*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	sentence := regexp.MustCompile(`["` + "`" + `'][A-Z][a-z]+ [a-z][^"]*["` + "`" + `']`)
	for _, script := range scripts {
		body, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range sentence.FindAllString(string(body), -1) {
			t.Errorf("%s says %s", script, words)
		}
	}
}
