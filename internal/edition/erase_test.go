package edition_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestEraseLeavesNoWordAnyhow erases articles from among others of many sizes, killed
// before or not, and looks for their words in every byte of every file.
func TestEraseLeavesNoWordAnyhow(t *testing.T) {
	for seed := range uint64(6) {
		some := rand.New(rand.NewPCG(seed, 3))
		r := editiontest.Paper(t)
		dir := t.TempDir()
		e := editiontest.OpenIn(t, r, dir)
		posted := map[int]bool{}
		for i := range 700 { // cards are written anew, longer and shorter, in rows among others
			n, word := some.IntN(240), "kept "
			if n%9 == 0 {
				word = "Xylocanary "
			}
			c := editiontest.Text("en", "city", strings.Repeat(word, 1+some.IntN(40)), strings.Repeat(word, some.IntN(60)), strings.Repeat(word, 1+some.IntN(9)))
			r.Post(editiontest.ArticleID(n), editiontest.London, at(i), changed(c, record.Updated, true))
			posted[n] = true
			if some.IntN(4) == 0 {
				catchUp(t, e, r)
			}
		}
		for n := 0; n < 240; n += 9 {
			id := editiontest.ArticleID(n)
			if !posted[n] {
				continue
			}
			if seed%2 == 0 {
				r.Kill(id, editiontest.London, at(450), "Xylocanary note")
				catchUp(t, e, r)
			}
			r.Erase(id, editiontest.London, at(451), "By order.")
		}
		catchUp(t, e, r)
		if done, err := e.Cleared(t.Context(), r.Entries()[len(r.Entries())-1].N); err != nil || !done {
			t.Errorf("seed %d: cleared %t, %v", seed, done, err)
		}
		if all := strings.ToLower(allText(t, dir)); strings.Contains(all, "xylo") || strings.Contains(all, "canary") { // search folds words, and keeps beginnings of them
			t.Errorf("seed %d: a word is left", seed)
		}
		for n := range posted {
			if a := article(t, e, editiontest.ArticleID(n)); n%9 == 0 && (a.Standing != story.Erased || a.Note != "By order." || a.Headline != "") {
				t.Errorf("seed %d: %+v", seed, a)
			}
		}
		sameWhenRebuilt(t, e, r)
	}
}

// TestEraseWaitsForAReader: while a page is being read, the log still holds the words, and
// the edition says that it is not clear.
func TestEraseWaitsForAReader(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	r.Post(one, editiontest.London, at(0), text("Xylocanary", "words"))
	catchUp(t, e, r)
	var n int64
	if err := e.View(t.Context(), func(v *edition.View) error {
		if _, _, err := v.Article(one); err != nil {
			return err
		}
		n = r.Erase(one, editiontest.London, at(1), "By order.").N
		if err := e.CatchUp(t.Context(), r); err != nil {
			return err
		}
		done, err := e.Cleared(t.Context(), n)
		if done {
			err = fmt.Errorf("it is said to be clear while a page reads what was there")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := edition.Scrub(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if done, err := e.Cleared(t.Context(), n); err != nil || !done {
		t.Error(done, err)
	}
	if strings.Contains(allText(t, dir), "Xyloc") {
		t.Error("a word is left")
	}
}
