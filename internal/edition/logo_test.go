package edition_test

import (
	"slices"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestTheLogoComesAndGoes: its file is there with the entry that names it, leaves with the
// next that does not, and an edition built later does without the files of logos of before.
func TestTheLogoComesAndGoes(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	first, second := r.Picture("logo-first", "", "", story.Credit{}), r.Picture("logo-second", "", "", story.Credit{})
	minute := 0
	look := func(p *story.PictureUse) {
		h := editiontest.HouseEntry()
		if p != nil {
			h.Look = &record.Look{Logo: &record.Logo{Picture: p.ID, Rendition: p.Renditions[0]}}
		}
		r.Append(record.KindHouse, "house", "", at(minute), h)
		minute++
	}
	check := func(when string, want ...string) {
		t.Helper()
		catchUp(t, e, r)
		if got := inFolder(t, dir); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
		sameWhenRebuilt(t, e, r)
		view(t, e, func(v *edition.View) error {
			h, _, err := v.House()
			if err != nil {
				return err
			}
			b, ok, err := v.Logo(h)
			if ok != (len(want) > 0) || ok && len(b) == 0 {
				t.Errorf("%s: there is a logo: %t", when, ok)
			}
			return err
		})
	}
	check("before")
	look(&first)
	check("a logo", first.Renditions[0].SHA256)
	look(&first)
	check("the same", first.Renditions[0].SHA256)
	look(&second)
	check("another", second.Renditions[0].SHA256)
	r.Forget(first) // as a machine does that nobody asks for it any more
	check("with the former one lost", second.Renditions[0].SHA256)
	look(nil)
	check("none")
}

// TestBreakingWordsGoWithTheirStory: a killed story takes the breaking line along that told
// of it, and the front page of before is there again.
func TestBreakingWordsGoWithTheirStory(t *testing.T) {
	r := editiontest.House(t)
	id := editiontest.ArticleID(1)
	r.Append(record.KindFront, "en", editiontest.London, at(1), record.Front{Lang: "en", Breaking: &record.Breaking{Words: "Secret words", Article: id, Until: at(500)}})
	e := editiontest.Open(t, r)
	breaking := func() (words string) {
		view(t, e, func(v *edition.View) error {
			p, err := v.Front("en", 9)
			if p.Breaking != nil {
				words = p.Breaking.Words
			}
			return err
		})
		return words
	}
	if breaking() != "Secret words" {
		t.Error("there is no breaking line")
	}
	n := r.Entries()[len(r.Entries())-1].N
	r.Kill(id, editiontest.London, at(2), "", n)
	catchUp(t, e, r)
	entries, err := e.After(t.Context(), n-1, 1)
	if err != nil || breaking() != "" || entries[0].Content != nil {
		t.Errorf("the words are still there: %q, %v", breaking(), err)
	}
	sameWhenRebuilt(t, e, r)
}
