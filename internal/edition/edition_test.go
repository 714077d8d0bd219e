package edition_test

import (
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

const one, two = story.ArticleID("art0000001"), story.ArticleID("art0000002")

// at is an instant some minutes after the beginning of the test's Friday.
func at(minutes int) time.Time {
	return editiontest.Begin.Add(time.Duration(minutes) * time.Minute)
}

func text(headline, body string) record.Article {
	return editiontest.Text("en", "city", headline, "", body)
}

func changed(c record.Article, change record.Change, material bool) record.Article {
	c.Change, c.Material = change, material
	return c
}

func corrected(c record.Article, note string) record.Article {
	c = changed(c, record.Corrected, false)
	c.Correction = &record.Correction{Severity: "correction", Note: note}
	return c
}

// view runs fn on a view and fails the test with its error.
func view(t testing.TB, e *edition.Edition, fn func(v *edition.View) error) {
	t.Helper()
	if err := e.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func article(t testing.TB, e *edition.Edition, id story.ArticleID) (a edition.Article) {
	t.Helper()
	view(t, e, func(v *edition.View) error {
		found, ok, err := v.Article(id)
		if err == nil && !ok {
			t.Fatalf("there is no article %s", id)
		}
		a = found
		return err
	})
	return a
}

func digest(t testing.TB, e *edition.Edition) string {
	t.Helper()
	d, err := e.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func catchUp(t testing.TB, e *edition.Edition, r record.Source) {
	t.Helper()
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// sameWhenRebuilt fails unless an edition that is built now from the record, and one that
// is built from the edition's own public copy, have the digest of the one that lived.
func sameWhenRebuilt(t testing.TB, e *edition.Edition, r *editiontest.Record) {
	t.Helper()
	want := digest(t, e)
	if got := digest(t, editiontest.Open(t, r)); got != want {
		t.Errorf("built from the record: digest %s, want %s", got, want)
	}
	mirror, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Renditions: r.Renditions})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mirror.Close() }() // it is thrown away
	catchUp(t, mirror, e)
	if got := digest(t, mirror); got != want {
		t.Errorf("built from the public copy: digest %s, want %s", got, want)
	}
}

func headlines(cards []edition.Card) (all []string) {
	for _, c := range cards {
		all = append(all, c.Headline)
	}
	return all
}
