package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// TestAnAnswerHoldsUntilItsTableIsWritten, or until what was written is taken back.
func TestAnAnswerHoldsUntilItsTableIsWritten(t *testing.T) { each(t, anAnswerHolds) }

func anAnswerHolds(t *testing.T, db *DB) {
	want := func(q *Query, names ...string) {
		t.Helper()
		var got []string
		all, err := q.Members()
		for _, m := range all {
			got = append(got, m.Name)
		}
		if err != nil || !slices.Equal(got, names) {
			t.Errorf("%q, not %q: %v", got, names, err)
		}
	}
	answers := inLine(t, db, 3, func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			want(&tx.Query, [][]string{{}, {"A"}, {"A"}}[i]...)
			id, err := tx.AddMember([]string{"A", "B", "C"}[i], false, 0)
			if err != nil {
				return err
			}
			want(&tx.Query, [][]string{{"A"}, {"A", "B"}, {"A", "C"}}[i]...)
			if i == 1 {
				return story.Refuse(story.Conflict, "No.")
			}
			if err := tx.DisableMember(id); err != nil {
				return err
			}
			if m, _, err := tx.Member(id); err != nil || !m.Disabled {
				t.Errorf("%+v, %v", m, err)
			}
			return nil
		})
	})
	if answers[0] != nil || answers[1] == nil || answers[2] != nil {
		t.Error(answers)
	}
}

// TestTheNewestEntryIsTheNewest within one commit: appended after it was asked, of another
// subject, and after a member that failed.
func TestTheNewestEntryIsTheNewest(t *testing.T) { each(t, theNewestEntryIsTheNewest) }

func theNewestEntryIsTheNewest(t *testing.T, db *DB) {
	appends := func(tx *Tx, feeds string) {
		t.Helper()
		_, _, last, err := tx.Last()
		if err != nil {
			t.Error(err)
		}
		if _, err := tx.Append(Draft{At: last.Add(time.Microsecond), Kind: record.KindHouse, Class: story.Houses, Subject: "house", Content: record.House{Feeds: feeds}, Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}}); err != nil {
			t.Error(err)
		}
		said, n, err := NewestContent[record.House](&tx.Query, record.KindHouse, "house")
		if err != nil || said == nil || said.Feeds != feeds || n != tx.tip.n {
			t.Errorf("the newest is %d, %+v, %v", n, said, err)
		}
	}
	inLine(t, db, 3, func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			appends(tx, "full "+strconv.Itoa(i))
			appends(tx, "short "+strconv.Itoa(i))
			if i == 1 {
				return story.Refuse(story.Conflict, "No.")
			}
			return nil
		})
	})
	if r := verified(t, db); r.Entries != 7 {
		t.Errorf("%+v", r)
	}
}

// TestEveryTableIsSeen reads every statement of this package: the tables that the memo sees
// in it are all that it names.
func TestEveryTableIsSeen(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`(?:FROM|JOIN|,)\s+([a-z_]+) [a-z]\b`)
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING || !regexp.MustCompile(`^.\s*(SELECT|INSERT|UPDATE|DELETE) `).MatchString(l.Value) {
				return true
			}
			named := tablesOf(l.Value)
			for _, m := range word.FindAllStringSubmatch(l.Value, -1) {
				if slices.Contains(tables, m[1]) && !slices.Contains(named, m[1]) {
					t.Errorf("%s: %s is not seen in %s", file, m[1], l.Value)
				}
			}
			seen++
			return true
		})
	}
	if seen < 100 {
		t.Errorf("only %d statements", seen)
	}
}
