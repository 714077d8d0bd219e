package store

import (
	"fmt"
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

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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

// TestWhatIsAskedAheadIsWhatOneAsks: a story with all that a story can have, and one without.
func TestWhatIsAskedAheadIsWhatOneAsks(t *testing.T) { each(t, whatIsAskedAhead) }

func whatIsAskedAhead(t *testing.T, db *DB) {
	full, empty := story.ArticleID("fullstory1"), story.ArticleID("emptystory")
	fillStory(t, db, full)
	if err := db.Write(t.Context(), func(tx *Tx) error { return tx.AddArticle(empty, "desk", 1) }); err != nil {
		t.Fatal(err)
	}
	ask := func(q *Query, id story.ArticleID, member int64, key string) (all []any) {
		t.Helper()
		keep := func(v any, found bool, err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
			all = append(all, v, found)
		}
		a, found, err := q.Article(id)
		keep(a, found, err)
		n, err := q.LatestOf(string(id), "")
		keep(n, n > 0, err)
		clashes, err := q.Clashes(id)
		keep(clashes, len(clashes) > 0, err)
		parts, err := q.Working(id)
		keep(parts, len(parts) > 0, err)
		rev, found, err := q.NewestRevision(id)
		keep(rev, found, err)
		doubts, err := q.OpenDoubts(id)
		keep(doubts, len(doubts) > 0, err)
		acts, err := q.OpenActs(string(id))
		keep(acts, len(acts) > 0, err)
		said, found, err := q.Answer(member, key)
		keep(said, found, err)
		return all
	}
	for _, c := range []struct {
		id     story.ArticleID
		member int64
		key    string
		has    bool
	}{{full, 1, "the key of a form", true}, {empty, 2, "the key of a form", false}, {"nostory", 1, "another key", false}} {
		var alone, ahead []any
		if err := db.Read(t.Context(), func(q *Query) error { alone = ask(q, c.id, c.member, c.key); return nil }); err != nil {
			t.Fatal(err)
		}
		if err := db.WriteAhead(t.Context(), Ahead{c.id, c.member, c.key}, func(tx *Tx) error {
			sent := len(db.writer.prepared)
			ahead = ask(&tx.Query, c.id, c.member, c.key)
			if asked := len(db.writer.prepared) - sent; asked > 0 {
				t.Errorf("%s: %d questions were not asked ahead", c.id, asked)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(alone, ahead, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s, alone and ahead: %s", c.id, d)
		}
		if c.has && slices.Contains(alone, any(false)) {
			t.Errorf("%s has not everything: %v", c.id, alone)
		}
	}
}

// fillStory makes a story with two of everything, of which the newest counts.
func fillStory(t *testing.T, db *DB, id story.ArticleID) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *Tx) error {
		_, _, last, err := tx.Last()
		if err != nil {
			return err
		}
		item, err := tx.PutWireItem(WireItem{Source: "agency", GUID: "1", Kind: "text", Newest: 1})
		if err != nil {
			return err
		}
		for _, write := range []func() error{
			func() error { return tx.AddArticle(id, "desk", 1) },
			func() error {
				return tx.SavePart(id, Part{Name: "headline", Version: 1, Body: []byte(`"Old"`)}, 1)
			},
			func() error {
				return tx.SavePart(id, Part{Name: "headline", Version: 2, Body: []byte(`"New"`)}, 2)
			},
			func() error { return tx.SavePart(id, Part{Name: "order", Version: 1, Body: []byte(`[]`)}, 1) },
			func() error {
				return tx.AddRevision(Revision{Article: id, Number: 1, Text: []byte(`{}`), Hash: []byte{1}})
			},
			func() error {
				return tx.AddRevision(Revision{Article: id, Number: 2, Text: []byte(`{}`), Hash: []byte{2}})
			},
			func() error {
				_, err := tx.AddClash(Clash{Article: id, Part: "headline", Body: []byte(`"Other"`)})
				return err
			},
			func() error { return tx.AddDoubt(WireDoubt{Article: id, Item: item, Version: 1, Kind: "kill"}) },
			func() error {
				_, err := tx.AddAct(Act{Act: story.Act{What: story.Publish, Subject: string(id), State: story.Pending}, Detail: []byte(`{}`)})
				return err
			},
			func() error {
				return tx.SetAnswer(1, "the key of a form", Answer{Verb: "file", Request: []byte{1}, Body: []byte(`{}`)})
			},
			func() error {
				_, err := tx.Append(Draft{At: last.Add(time.Microsecond), Kind: record.KindArticle, Class: story.Speaks, Subject: string(id), Content: record.Article{}})
				return err
			},
		} {
			if err := write(); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAnAnswerAboutOneStoryOutlivesAnother: what is written about a story changes the answers
// about it, and those about all; never those about another.
func TestAnAnswerAboutOneStoryOutlivesAnother(t *testing.T) { each(t, answersByStory) }

func answersByStory(t *testing.T, db *DB) {
	ids := []string{"story-a", "story-b"}
	answers := inLine(t, db, 3, func(i int) error {
		return db.WriteAhead(t.Context(), Ahead{Article: story.ArticleID(ids[i%2])}, func(tx *Tx) error {
			if i < 2 {
				if err := tx.AddArticle(story.ArticleID(ids[i]), "desk", 1); err != nil {
					return err
				}
			}
			if err := tx.Touch(story.ArticleID(ids[0]), Line{Headline: fmt.Sprint("headline ", i)}); err != nil {
				return err
			}
			waiting := len(db.writer.own)
			if b, found, err := tx.Article(story.ArticleID(ids[1])); err != nil || found != (i > 0) || b.Headline != "" {
				t.Errorf("%d: the other story is %+v, %v", i, b, err)
			}
			if i == 2 && len(db.writer.own) != waiting {
				t.Error("a question about one story had what was written about another sent")
			}
			if a, _, err := tx.Article(story.ArticleID(ids[0])); err != nil || a.Headline != fmt.Sprint("headline ", i) {
				t.Errorf("%d: the story is %+v, %v", i, a, err)
			}
			if all, err := tx.ArticlesOf("desk", 9, 0); err != nil || len(all) != min(i+1, 2) {
				t.Errorf("%d: %d stories, %v", i, len(all), err)
			}
			return nil
		})
	})
	for i, err := range answers {
		if err != nil {
			t.Errorf("%d was answered %v", i, err)
		}
	}
}
