package edition_test

import (
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestDecodedTexts reads texts that are kept decoded: they follow what is posted, a change of
// one answer changes no other, and a kill leaves none, not even to a reader of the state before.
func TestDecodedTexts(t *testing.T) {
	r := editiontest.Paper(t)
	const one, two story.ArticleID = "art0000001", "art0000002"
	r.Post(one, editiontest.London, at(1), editiontest.Text("en", "city", "Earlier", "", "Of before."))
	r.Post(two, editiontest.London, at(2), editiontest.Text("en", "city", "Killed", "", "Taken back."))
	e := editiontest.Open(t, r)
	read := func(id story.ArticleID) (a edition.Article, card string) {
		t.Helper()
		if err := e.View(t.Context(), func(v *edition.View) (err error) {
			if a, _, err = v.Article(id); err != nil {
				return err
			}
			list, err := v.Latest("en", 9)
			for _, c := range list {
				if c.ID == id {
					card = c.Headline
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return a, card
	}
	for range 2 {
		a, card := read(one)
		if a.Headline != "Earlier" || card != "Earlier" || a.Content.Doc[0].Plain() != "Of before." {
			t.Errorf("%q %q %v", a.Headline, card, a.Content.Doc)
		}
		a.Content.Headline, a.Card.Headline = "Changed by who asked", ""
	}
	r.Post(one, editiontest.London, at(3), changed(editiontest.Text("en", "city", "Later", "", "Of after."), record.Updated, true))
	catchUp(t, e, r)
	if a, card := read(one); a.Headline != "Later" || card != "Later" || a.Content.Doc[0].Plain() != "Of after." {
		t.Errorf("after an update: %q %q %v", a.Headline, card, a.Content.Doc)
	}
	if edition.Decoded(e) == 0 {
		t.Error("nothing is kept")
	}
	r.Kill(two, editiontest.London, at(4), "It was wrong.")
	all := r.Entries()
	ended := make(chan error, 1)
	if err := e.View(t.Context(), func(v *edition.View) error {
		if _, _, err := v.Head(); err != nil {
			return err
		}
		go func() { ended <- e.Apply(t.Context(), all[len(all)-1:]) }()
		for deadline := time.Now().Add(time.Minute); edition.Decoded(e) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		a, _, err := v.Article(two)
		if a.Headline != "Killed" {
			t.Errorf("a view is of one state: %q", a.Headline)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := edition.Decoded(e); n != 0 {
		t.Errorf("%d texts are kept after a kill", n)
	}
	if a, card := read(two); a.Headline != "" || card != "" {
		t.Errorf("what was killed is told: %q %q", a.Headline, card)
	}
}
