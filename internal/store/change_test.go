package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestAWriteTellsWhatItTouched once it is kept, and nothing of a write that failed.
func TestAWriteTellsWhatItTouched(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		heard := make(chan []Change, 100)
		db.OnChange(func(all []Change) { heard <- all })
		if db.closing != nil { // a server is heard once its connection says so, if it did not before
			select {
			case <-heard:
			case <-time.After(2 * time.Second):
			}
		}
		write := func(fails error, fn func(*Tx) error) {
			t.Helper()
			if err := db.Write(t.Context(), func(tx *Tx) error { return errors.Join(fn(tx), fails) }); !errors.Is(err, fails) {
				t.Fatal(err)
			}
		}
		const id, desk = "4k2m9x7q1d", "n3wy0rk"
		write(nil, func(tx *Tx) error { return tx.AddArticle(id, desk, 1) })
		write(errors.New("broken"), func(tx *Tx) error { return tx.Touch(id, Line{Headline: "Never kept"}) })
		write(nil, func(tx *Tx) error {
			_, err := tx.PutWireItem(WireItem{Source: "northwind", GUID: "1", Kind: "text", Newest: 1})
			return errors.Join(err, tx.Note(Audit{Verb: "give", Desk: desk, Subject: "no id of anything"}), tx.Note(Audit{Verb: "give", Desk: desk}))
		})
		want := [][]Change{{{StoryChanged, id}}, {{TrayChanged, ""}, {DeskChanged, desk}}}
		for _, w := range want {
			if got := next(t, heard); !slices.Equal(got, w) {
				t.Errorf("told %v, not %v", got, w)
			}
		}
	})
}

// next is what is told next, apart from what a server's connection says of itself.
func next(t *testing.T, heard <-chan []Change) []Change {
	t.Helper()
	for {
		select {
		case got := <-heard:
			if !slices.Equal(got, []Change{{What: AnyChanged}}) {
				return got
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was told")
		}
	}
}

// TestAnotherProcessIsTold what this one wrote; and only once, when its connection begins to
// hear, that anything may have changed.
func TestAnotherProcessIsTold(t *testing.T) {
	address := storetest.Postgres(t)
	here := openAt(t, address)
	there, err := Open(t.Context(), address, Options{Now: here.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = there.Close() })
	heard := make(chan []Change, 1000)
	there.OnChange(func(all []Change) { heard <- all })
	write := func(i int) Change {
		t.Helper()
		id := fmt.Sprintf("%010d", i)
		if err := here.Write(t.Context(), func(tx *Tx) error { return tx.AddArticle(story.ArticleID(id), "n3wy0rk", 1) }); err != nil {
			t.Fatal(err)
		}
		return Change{StoryChanged, id}
	}
	n := 0
	for end := time.Now().Add(20 * time.Second); len(heard) == 0 && time.Now().Before(end); n++ {
		write(n) // until it listens
	}
	for range 30 {
		n++
		for c := write(n); !slices.Equal(next(t, heard), []Change{c}); {
		}
	}
	if len(heard) != 0 {
		t.Errorf("told besides: %v", <-heard)
	}
}

// TestChangesInWords come back as they were, within what a notification holds.
func TestChangesInWords(t *testing.T) {
	var all []Change
	for i := range mostChanges {
		all = addChange(all, Change{StoryChanged, fmt.Sprintf("%020d", i)})
	}
	words := changeWords(all)
	if len(words) >= 8000 || !slices.Equal(readChanges(words), all) {
		t.Errorf("%d bytes hold %d changes", len(words), len(readChanges(words)))
	}
	if got := changeWords(addChange(all, Change{DeskChanged, "x"})); got != "any" || !slices.Equal(readChanges(got), []Change{{What: AnyChanged}}) {
		t.Errorf("too many are %q", got)
	}
	if got := readChanges("tray desk:1 who knows"); !slices.Equal(got, []Change{{TrayChanged, ""}, {DeskChanged, "1"}, {What: AnyChanged}}) {
		t.Error(got)
	}
}
