package edition_test

import (
	"context"
	"errors"
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

// inFolder lists the names in the pictures folder of an edition.
func inFolder(t *testing.T, dir string) (names []string) {
	t.Helper()
	for path := range files(t, filepath.Join(dir, "pictures")) {
		names = append(names, filepath.Base(path))
	}
	slices.Sort(names)
	return names
}

func shas(pictures ...story.PictureUse) (all []string) {
	for _, p := range pictures {
		for _, x := range p.Renditions {
			all = append(all, x.SHA256)
		}
	}
	slices.Sort(all)
	return all
}

// TestRenditions follows pictures in and out of the edition's folder.
func TestRenditions(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	credit := story.Credit{Photographer: "Noa Harel", Agency: "Basin Pictures"}
	p, q := r.Picture("picture-p", "P.", "p", credit), r.Picture("picture-q", "Q.", "q", credit)
	with := func(headline string, change record.Change, pictures ...story.PictureUse) record.Article {
		c := changed(text(headline, "words"), change, true)
		c.Pictures = pictures
		return c
	}
	check := func(when string, want ...story.PictureUse) {
		t.Helper()
		catchUp(t, e, r)
		if got := inFolder(t, dir); !slices.Equal(got, shas(want...)) {
			t.Errorf("%s: %d files, want %d", when, len(got), len(shas(want...)))
		}
		for _, x := range []story.PictureUse{p, q} {
			served := slices.ContainsFunc(want, func(w story.PictureUse) bool { return w.ID == x.ID })
			view(t, e, func(v *edition.View) error {
				path, kind, ok, err := v.PicturePath(x.Renditions[0].SHA256)
				if ok != served || ok && (kind != "image/jpeg" || !strings.HasPrefix(path, dir)) {
					t.Errorf("%s: %s is served: %t, as %q from %q", when, x.ID, ok, kind, path)
				}
				return err
			})
		}
		sameWhenRebuilt(t, e, r)
	}
	check("before")
	r.Post(one, editiontest.London, at(0), with("A", record.Posted, p))
	check("posted", p)
	r.Post(two, editiontest.London, at(1), with("B", record.Posted, p, q))
	check("another", p, q)
	r.Post(two, editiontest.London, at(2), with("B", record.Updated, q))
	check("history still shows it", p, q)
	r.Kill(one, editiontest.London, at(3), "")
	check("one use less", p, q)
	r.Append(record.KindPicture, q.ID, editiontest.London, at(4), record.Picture{Withdrawn: true})
	check("withdrawn everywhere", p)
	if a := article(t, e, two); a.Picture != nil || len(a.Content.Pictures) != 0 {
		t.Errorf("the page still shows %+v", a.Picture)
	}
	view(t, e, func(v *edition.View) error {
		history, err := v.History(two)
		if got := history[1].Content.Pictures; len(history) != 2 || len(got) != 1 || got[0].ID != p.ID {
			t.Errorf("the history shows %+v", got)
		}
		return err
	})
	r.Post(two, editiontest.London, at(4), with("B", record.Updated, q))
	check("named again while it is withdrawn", p)
	r.Append(record.KindPicture, q.ID, editiontest.London, at(5), record.Picture{Caption: "Another.", Credit: &story.Credit{Line: "By another"}})
	check("allowed again", p, q)
	if a := article(t, e, two); a.Picture == nil || a.Picture.Credit.String() != "By another" || a.Picture.Caption != "Another." {
		t.Errorf("the page shows %+v", a.Picture)
	}
	own := with("B", record.Updated, q)
	own.Pictures[0].Credit = story.Credit{Line: "By a third"}
	r.Post(two, editiontest.London, at(5), own)
	check("with a credit of its own", p, q)
	if a := article(t, e, two); a.Picture == nil || a.Picture.Credit.String() != "By a third" || a.Picture.Caption != "Q." {
		t.Errorf("the page shows %+v", a.Picture)
	}
	r.Withdraw(two, editiontest.London, at(6), "Not so.")
	check("its history stays", p, q)
	r.Kill(two, editiontest.London, at(7), "")
	check("the last use is gone")
}

// TestGallery withdraws a picture that runs only in galleries, and kills the last of them:
// a picture of a gallery comes and goes as any other does.
func TestGallery(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	credit := story.Credit{Line: "By somebody"}
	p, q := r.Picture("picture-p", "P.", "p", credit), r.Picture("picture-q", "Q.", "q", credit)
	c := text("A", "words")
	c.Pictures = []story.PictureUse{p, q}
	c.Doc = append(c.Doc, story.Block{ID: "gallery1", Kind: story.GalleryBlock, Pictures: []string{p.ID, q.ID}})
	r.Post(one, editiontest.London, at(0), c)
	check := func(when string, want ...story.PictureUse) {
		t.Helper()
		catchUp(t, e, r)
		if got := inFolder(t, dir); !slices.Equal(got, shas(want...)) {
			t.Errorf("%s: %d files, want %d", when, len(got), len(shas(want...)))
		}
		sameWhenRebuilt(t, e, r)
	}
	check("posted", p, q)
	r.Append(record.KindPicture, q.ID, editiontest.London, at(1), record.Picture{Withdrawn: true})
	check("one withdrawn", p)
	if a := article(t, e, one); len(a.Content.Pictures) != 1 || a.Content.Pictures[0].ID != p.ID {
		t.Errorf("the page still shows %+v", a.Content.Pictures)
	}
	r.Kill(one, editiontest.London, at(2), "")
	check("killed")
}

// TestLostRendition builds again an edition whose picture was withdrawn and whose bytes
// are gone: what is not to be shown holds nothing up.
func TestLostRendition(t *testing.T) {
	r := editiontest.Paper(t)
	c := text("A", "words")
	p := r.Picture("picture-p", "P.", "p", story.Credit{Line: "By somebody"})
	c.Pictures = []story.PictureUse{p}
	r.Post(one, editiontest.London, at(0), c)
	e := editiontest.Open(t, r)
	for i := range 210 {
		r.Post(editiontest.ArticleID(i+10), editiontest.London, at(i+1), text("Kept", "kept"))
	}
	r.Append(record.KindPicture, p.ID, editiontest.London, at(999), record.Picture{Withdrawn: true})
	r.Forget(p)
	catchUp(t, e, r)
	sameWhenRebuilt(t, e, r)
}

// TestCrash leaves files as a crash between file and row does, and one row without its file.
func TestCrash(t *testing.T) {
	r := editiontest.House(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	want := inFolder(t, dir)
	if len(want) == 0 {
		t.Fatal("the house has no pictures")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	orphan := strings.Repeat("ab", 32)
	write := func(name string, b []byte) {
		t.Helper()
		path := filepath.Join(dir, "pictures", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ab/"+orphan, []byte("no row names it"))
	write("ab/new-123", []byte("half a fi"))
	write("cd/"+orphan, []byte("in the wrong place"))
	if err := os.Remove(filepath.Join(dir, "pictures", want[0][:2], want[0])); err != nil {
		t.Fatal(err)
	}
	editiontest.OpenIn(t, r, dir)
	if got := inFolder(t, dir); !slices.Equal(got, want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// TestFailedBatchLeavesNoFile refuses an entry after the pictures of the one before it came.
func TestFailedBatchLeavesNoFile(t *testing.T) {
	r := editiontest.Paper(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	c := text("A", "words")
	c.Pictures = []story.PictureUse{r.Picture("picture-p", "P.", "p", story.Credit{Line: "By somebody"})}
	first := r.Post(one, editiontest.London, at(0), c)
	second := r.Post(two, editiontest.London, at(1), text("B", "words"))
	second.N++
	if err := e.Apply(t.Context(), []record.Entry{first, second}); err == nil {
		t.Error("a gap was applied")
	}
	if got := inFolder(t, dir); len(got) != 0 {
		t.Errorf("%d files are there before their entry", len(got))
	}
}

func TestDamagedRendition(t *testing.T) {
	r := editiontest.Paper(t)
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Renditions: func(context.Context, string) ([]byte, error) { return []byte("other bytes"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }() // the test is over
	c := text("A", "words")
	c.Pictures = []story.PictureUse{r.Picture("picture-p", "P.", "p", story.Credit{Line: "By somebody"})}
	n := r.Post(one, editiontest.London, at(0), c).N
	if err := e.CatchUp(t.Context(), r); err == nil || errors.Is(err, os.ErrNotExist) || e.Applied() != n-1 {
		t.Errorf("%v, applied %d", err, e.Applied())
	}
}

// TestATextThatComesGoneTakesItsPictures lets an edition that has an article's picture meet
// a later text of it and the kill in one batch: the text comes without words, before the kill.
func TestATextThatComesGoneTakesItsPictures(t *testing.T) {
	for name, takeBack := range map[string]func(*editiontest.Record){
		"killed": func(r *editiontest.Record) { r.Kill(one, editiontest.London, at(2), "gone") },
		"erased": func(r *editiontest.Record) { r.Erase(one, editiontest.London, at(2), "gone") },
	} {
		r := editiontest.Paper(t)
		dir := t.TempDir()
		e := editiontest.OpenIn(t, r, dir)
		c := text("A", "words")
		c.Pictures = []story.PictureUse{r.Picture("picture-p", "P.", "p", story.Credit{Line: "Basin Pictures"})}
		r.Post(one, editiontest.London, at(0), c)
		catchUp(t, e, r)
		if len(inFolder(t, dir)) == 0 {
			t.Fatal("the test looks for a picture that was never there")
		}
		r.Post(one, editiontest.London, at(1), changed(c, record.Updated, true))
		takeBack(r)
		catchUp(t, e, r)
		if left := inFolder(t, dir); len(left) > 0 {
			t.Errorf("%s: its picture is still there: %v", name, left)
		}
		sameWhenRebuilt(t, e, r)
	}
}
