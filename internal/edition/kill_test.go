package edition_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// files reads every byte of a folder, by path.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[path], err = os.ReadFile(path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// canary is a word that occurs nowhere else.
func canary(n int) string { return fmt.Sprintf("Xylocanary%04d", n) }

// spoken is an article whose every field holds canaries.
func spoken(r *editiontest.Record, id string) record.Article {
	n := 0
	word := func() string { n++; return canary(n) }
	c := editiontest.Text("en", "city", word(), word(), strings.Repeat(word()+" ", 400))
	c.Short, c.Section = word(), "city"
	c.Dateline = story.Dateline{Place: word()}
	c.Bylines = []story.Byline{{Name: word(), Role: word()}}
	c.Quotations = []story.Quotation{{ID: "q", Speaker: word(), Words: []story.Words{{Text: word()}}}}
	c.Pictures = []story.PictureUse{r.Picture("picture"+id, word(), word(), story.Credit{Line: word()})}
	c.Topics = []story.Topic{{Code: "t", Labels: map[string]string{"en": word()}}}
	c.Places, c.Sources = []string{word()}, []story.Source{{Name: word()}}
	return c
}

// TestKillLeavesNoWord kills an article that stands among many others, with its own
// headline on a front, a changed caption and a note of withdrawal, and looks for its words
// in every byte of every file.
func TestKillLeavesNoWord(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	for i := range 60 {
		r.Post(editiontest.ArticleID(100+2*i), editiontest.London, at(i), text("Kept", strings.Repeat("kept words ", 10+i*7%50)))
	}
	catchUp(t, e, r)
	c := spoken(r, "one")
	r.Post(one, editiontest.London, at(70), c)
	catchUp(t, e, r)
	for i := range 60 { // around it, so that pages are divided
		r.Post(editiontest.ArticleID(101+2*i), editiontest.London, at(71+i), text("Kept", strings.Repeat("kept words ", 10+i*11%50)))
		catchUp(t, e, r)
	}
	r.Append(record.KindFront, "en", editiontest.London, at(140), record.Front{Lang: "en", Places: []record.FrontPlace{{Article: editiontest.ArticleID(101)}}})
	r.Append(record.KindFront, "en", editiontest.London, at(141), record.Front{Lang: "en", Places: []record.FrontPlace{{Article: one, Headline: canary(900)}}})
	r.Append(record.KindPicture, c.Pictures[0].ID, editiontest.London, at(142), record.Picture{Caption: canary(901), Credit: &story.Credit{Line: canary(902)}})
	r.Post(one, editiontest.London, at(143), corrected(c, canary(903)))
	r.Withdraw(one, editiontest.London, at(144), canary(904))
	r.Append(record.KindPicture, c.Pictures[0].ID, editiontest.London, at(145), record.Picture{Caption: canary(905)})
	catchUp(t, e, r)
	if !strings.Contains(allText(t, dir), "Xylocanary") {
		t.Fatal("the test looks for words that were never there")
	}
	if err := e.View(t.Context(), func(v *edition.View) error { // a page is being read
		r.Kill(one, editiontest.London, at(150), "Removed by order of the editors.")
		return e.CatchUp(t.Context(), r)
	}); err != nil {
		t.Fatal(err)
	}
	if err := edition.Scrub(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	look := func(when string) {
		t.Helper()
		for path, b := range files(t, dir) {
			if i := bytes.Index(b, []byte("Xylocanary")); i >= 0 {
				t.Errorf("%s: %s still holds %q", when, filepath.Base(path), b[i:min(i+14, len(b))])
			}
			for _, x := range c.Pictures[0].Renditions {
				if filepath.Base(path) == x.SHA256 {
					t.Errorf("%s: its picture is still there", when)
				}
			}
		}
	}
	look("after the kill")
	sameWhenRebuilt(t, e, r)
	view(t, e, func(v *edition.View) error {
		page, err := v.Front("en", 1)
		front := page.Cards()
		if len(front) == 0 || front[0].ID != editiontest.ArticleID(101) {
			t.Errorf("the front is not the one before: %v", headlines(front))
		}
		return err
	})
	entries, err := e.After(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range entries {
		if x.Subject == string(one) && x.Kind != record.KindKill && (x.Salt != nil || x.Content != nil || x.GoneBy == 0 || !slices.Equal(x.Leaf(), r.Entries()[i].Leaf())) {
			t.Errorf("entry %d of the public copy: %+v", x.N, x)
		}
	}
	r.Post(one, editiontest.London, at(160), changed(text("Back", "again"), record.Reinstated, true))
	catchUp(t, e, r)
	if a := article(t, e, one); a.Standing != story.Public || !a.Posted.Equal(at(70)) || a.Versions != 1 {
		t.Errorf("reinstated: %s, posted %s, %d versions", a.Standing, a.Posted, a.Versions)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	look("after closing")
}

// TestKillLeavesNoWordAnyhow does the same to articles of many sizes, so that rows move
// between pages and pages divide.
func TestKillLeavesNoWordAnyhow(t *testing.T) {
	for seed := range uint64(6) {
		some := rand.New(rand.NewPCG(seed, 1))
		r := editiontest.Paper(t)
		dir := t.TempDir()
		e := editiontest.OpenIn(t, r, dir)
		for i := range 120 {
			id, word := editiontest.ArticleID(100+some.IntN(40)), "kept "
			if some.IntN(3) == 0 {
				id, word = one, "Xylocanary "
			}
			c := editiontest.Text("en", "city", strings.Repeat(word, 1+some.IntN(60)), strings.Repeat(word, some.IntN(90)), strings.Repeat(word, some.IntN(500)))
			r.Post(id, editiontest.London, at(i), changed(c, record.Updated, true))
			if some.IntN(4) == 0 {
				catchUp(t, e, r)
			}
		}
		catchUp(t, e, r)
		r.Kill(one, editiontest.London, at(500), "")
		catchUp(t, e, r)
		if strings.Contains(strings.ToLower(allText(t, dir)), "xylocanary") {
			t.Errorf("seed %d: words of it are left", seed)
		}
	}
}

func allText(t *testing.T, dir string) string {
	var b strings.Builder
	for _, x := range files(t, dir) {
		b.Write(x)
	}
	return b.String()
}

// TestErase destroys what a kill withheld, and a text of another article that it names.
func TestErase(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	first := r.Post(one, editiontest.London, at(0), text("First", "words"))
	r.Kill(one, editiontest.London, at(1), "A note with a name.")
	r.Post(two, editiontest.London, at(2), text("Second", "kept"))
	named := r.Post(two, editiontest.London, at(3), changed(text("Third", "destroyed"), record.Updated, true))
	catchUp(t, e, r)
	r.Append("erase", string(one), "", at(4), map[string]any{"destroyed": []int64{first.N, named.N}, "wording": "Erased by order of a court."})
	catchUp(t, e, r)
	if a := article(t, e, one); a.Standing != story.Erased || a.Note != "Erased by order of a court." || a.Headline != "" {
		t.Errorf("erased: %+v", a)
	}
	if b := article(t, e, two); b.Headline == "Third" || b.Content.Headline == "Third" {
		t.Errorf("the other article still shows %q", b.Headline)
	}
	sameWhenRebuilt(t, e, r)
}

// TestKillTakesWhatItDoesNotName takes texts and notes of its subject, named or not.
func TestKillTakesWhatItDoesNotName(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	r.Post(one, editiontest.London, at(0), text("First", "words"))
	r.Withdraw(one, editiontest.London, at(1), "A note with a name.")
	r.Append(record.KindKill, string(one), editiontest.London, at(2), record.Kill{})
	catchUp(t, e, r)
	entries, err := e.After(t.Context(), 5, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range entries {
		if x.Readable() {
			t.Errorf("entry %d can be read: %s", x.N, x.Content)
		}
	}
	sameWhenRebuilt(t, e, r)
}

// TestKillAmongKills wants the same digest whatever was killed when: a rebuild meets
// entries that are gone before it meets what took them.
func TestKillAmongKills(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	step := func() { t.Helper(); catchUp(t, e, r); sameWhenRebuilt(t, e, r) }
	p := r.Picture("pictureone", "A caption.", "", story.Credit{Line: "By somebody"})
	with := func(headline string) record.Article {
		c := text(headline, "words")
		c.Pictures = []story.PictureUse{p}
		return c
	}
	r.Post(one, editiontest.London, at(0), with("One"))
	r.Post(two, editiontest.London, at(1), with("Two"))
	r.Append(record.KindPicture, p.ID, editiontest.London, at(2), record.Picture{Caption: "Another."})
	step()
	r.Kill(one, editiontest.London, at(3), "")
	step()
	if got := article(t, e, two).Picture.Caption; got != "Another." {
		t.Errorf("the caption of the other article is %q", got)
	}
	r.Post("art0000003", editiontest.London, at(4), with("Three"))
	step()
	r.Kill(two, editiontest.London, at(5), "")
	step()
	if got := article(t, e, "art0000003").Picture.Caption; got != "A caption." {
		t.Errorf("the caption of a later article is %q", got)
	}
	r.Post(one, editiontest.London, at(6), changed(with("One again"), record.Reinstated, true))
	step()
	r.Kill("art0000003", editiontest.London, at(7), "")
	r.Kill(one, editiontest.London, at(8), "")
	step()
}
