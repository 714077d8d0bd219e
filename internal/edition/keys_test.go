package edition_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestEveryQuestionSaysWhatItShows asks a view everything that it can be asked: a question
// that notes no key is one whose page would stay old.
func TestEveryQuestionSaysWhatItShows(t *testing.T) {
	e := editiontest.Open(t, editiontest.House(t))
	// Shown tells of the others; Entries and Tile are asked of a Volume, which was asked for.
	// A new volume touches everything, so that its number needs no key. The keys of FileOf are
	// those of who read what uses the file.
	exempt := []string{"Shown", "Entries", "Tile", "VolumeNumber", "FileOf"}
	view := reflect.TypeFor[*edition.View]()
	for i := range view.NumMethod() {
		m := view.Method(i)
		if slices.Contains(exempt, m.Name) {
			continue
		}
		err := e.View(t.Context(), func(v *edition.View) error {
			args := []reflect.Value{reflect.ValueOf(v)}
			for a := 1; a < m.Type.NumIn(); a++ {
				args = append(args, reflect.Zero(m.Type.In(a)))
			}
			m.Func.Call(args)
			if len(v.Shown()) == 0 {
				t.Errorf("%s notes nothing", m.Name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnOldAddressIsAKeyOfItsOwn: who may come to lead on somewhere, and where, is told.
func TestAnOldAddressIsAKeyOfItsOwn(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	var told []edition.Key
	e.OnChange(func(keys []edition.Key) { told = keys })
	r.Append(record.KindMoved, "house00001", "", at(1), record.Moved{Paths: []record.MovedPath{{From: "/old", To: "/new"}}})
	catchUp(t, e, r)
	var shown []edition.Key
	if err := e.View(t.Context(), func(v *edition.View) error {
		_, err := v.Moved("/old")
		shown = v.Shown()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, k := range shown {
		if !slices.Contains(told, k) {
			t.Errorf("%q was not told: %q", k, told)
		}
	}
}

// TestChangesAreToldBeforeTheyShow has a page's keeper told what changed while nobody is told
// yet that it is there, and able to read it.
func TestChangesAreToldBeforeTheyShow(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	before := e.Applied()
	var told []edition.Key
	e.OnChange(func(keys []edition.Key) {
		told = keys
		if e.Applied() != before {
			t.Error("it is said to show already")
		}
		err := e.View(t.Context(), func(v *edition.View) error {
			if _, ok, err := v.Article("art0000001"); err != nil || !ok {
				t.Error("it cannot be read", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	r.Post("art0000001", editiontest.London, editiontest.Begin, text("First", "one"))
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, k := range []edition.Key{"a-art0000001", "latest-en", "section-en-city", "desk-en-" + edition.Key(editiontest.London), "head"} {
		if !slices.Contains(told, k) {
			t.Errorf("%s is not among %v", k, told)
		}
	}
	for _, k := range told {
		if strings.HasSuffix(string(k), "-below") || k == edition.Everything {
			t.Errorf("a new article changes nothing but the top of lists: %s", k)
		}
	}
}

// TestAPlaceOfTheFrontComesBack: an archived article is in no list, so that only its own key
// tells that a front which names it changes.
func TestAPlaceOfTheFrontComesBack(t *testing.T) {
	r := editiontest.Paper(t)
	old := text("Archived", "one")
	old.Change = record.Archived
	r.Post("art0000001", editiontest.London, editiontest.Begin, old)
	r.Withdraw("art0000001", editiontest.London, editiontest.Begin, "Not so.")
	r.Append(record.KindFront, "en", editiontest.London, editiontest.Begin, record.Front{Lang: "en", Rest: "newest", Places: []record.FrontPlace{{Article: "art0000001"}}})
	e := editiontest.Open(t, r)
	var shown, told []edition.Key
	front := func() (cards []edition.Card) {
		err := e.View(t.Context(), func(v *edition.View) (err error) {
			front, err := v.Front("en", 10)
			cards = front.Cards()
			shown = v.Shown()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return cards
	}
	if cards := front(); len(cards) != 0 {
		t.Fatal(cards)
	}
	e.OnChange(func(keys []edition.Key) { told = keys })
	back := text("Archived", "one")
	back.Change = record.Reinstated
	r.Post("art0000001", editiontest.London, editiontest.Begin, back)
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(told, func(k edition.Key) bool { return slices.Contains(shown, k) }) {
		t.Errorf("%v changed, which is nothing of %v", told, shown)
	}
	if cards := front(); len(cards) != 1 || cards[0].ID != story.ArticleID("art0000001") {
		t.Error("the place is not filled again", cards)
	}
}
