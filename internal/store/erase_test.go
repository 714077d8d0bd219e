package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

func idOf(n int) story.ArticleID { return story.ArticleID(fmt.Sprintf("art%07d", n)) }

// TestRewriteLeavesNoWord erases articles of many sizes from among others, so that rows
// move between pages and pages divide: secure_delete alone leaves words in some files.
func TestRewriteLeavesNoWord(t *testing.T) {
	const word = "Xylocanary "
	lingered := 0
	for seed := range uint64(12) {
		some := rand.New(rand.NewPCG(seed, 9))
		file := filepath.Join(t.TempDir(), "s.db")
		db, err := OpenSQLite(t.Context(), file, Options{Now: func() clock.Reading { return clock.Reading{Wall: time.Unix(1710946800, 0)} }})
		if err != nil {
			t.Fatal(err)
		}
		write := func(fn func(tx *Tx) error) {
			t.Helper()
			if err := db.Write(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 400 {
			write(func(tx *Tx) error { return tx.AddArticle(idOf(n), "desk", 1) })
			for range 4 { // headlines are written anew, longer and shorter, in rows among others
				m, say := some.IntN(n+1), "kept "
				if m%9 == 0 {
					say = word
				}
				headline := strings.Repeat(say, 1+some.IntN(40))
				write(func(tx *Tx) error { return tx.Touch(idOf(m), Line{Headline: headline}) })
			}
		}
		write(func(tx *Tx) error {
			for n := 0; n < 400; n += 9 {
				if err := tx.EraseArticle(idOf(n)); err != nil {
					return err
				}
			}
			return nil
		})
		holds := func() bool {
			if done, err := db.CutLog(t.Context()); err != nil || !done {
				t.Fatal(done, err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return bytes.Contains(b, []byte("Xyloc"))
		}
		if holds() {
			lingered++
		}
		if err := db.Rewrite(t.Context()); err != nil {
			t.Fatal(err)
		}
		if holds() {
			t.Errorf("seed %d: a word is left", seed)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("secure_delete alone left words in %d of 12 files", lingered)
	if lingered == 0 {
		t.Error("nothing ever lingers: the test tests nothing")
	}
}

// TestOnlyAnEraseDestroys: the record lets go of words for a later erase alone, and once.
func TestOnlyAnEraseDestroys(t *testing.T) {
	db := openTest(t)
	at := time.Date(2024, 3, 22, 16, 0, 0, 0, time.UTC)
	put := func(kind record.Kind, class story.Class, content any) (n int64) {
		t.Helper()
		at = at.Add(time.Second)
		if err := db.Write(t.Context(), func(tx *Tx) error {
			e, err := tx.Append(Draft{At: at, Kind: kind, Class: class, Subject: "art0000001", Content: content, Decision: record.Decision{Road: story.ByPerson, Basis: record.NotJudged}})
			n = e.N
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	destroy := func(n, by int64) error { return db.Write(t.Context(), func(tx *Tx) error { return tx.Destroy(n, by) }) }
	text := put(record.KindArticle, story.Speaks, record.Article{})
	kill := put(record.KindKill, story.Silences, record.Kill{Note: "A name.", Withheld: []int64{text}})
	erase := put(record.KindErase, story.Silences, record.Erase{Destroyed: []int64{text, kill}})
	later := put(record.KindErase, story.Silences, record.Erase{})
	for _, c := range []struct {
		n, by int64
		may   bool
	}{{text, kill, false}, {text, text, false}, {later, erase, false}, {text, erase, true}, {kill, erase, true}, {text, later, false}} {
		if err := destroy(c.n, c.by); (err == nil) != c.may {
			t.Errorf("entry %d destroyed by %d: %v", c.n, c.by, err)
		}
	}
	if err := db.Read(t.Context(), func(q *Query) error {
		e, _, err := q.Entry(text)
		if e.Content != nil || e.Salt != nil || e.GoneBy != erase {
			t.Errorf("%+v", e)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
