package edition_test

import (
	"slices"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestLife lets an article live through every transition that readers can see (STATES.md).
func TestLife(t *testing.T) {
	a, b, c := text("First", "one"), text("Second", "two"), text("Third", "three")
	type want struct {
		standing           story.Standing
		headline           string
		updated, corrected int // minutes; -1 for none
		note               string
		versions           int
		lines              int // of the corrections page
	}
	post := func(c record.Article) func(r *editiontest.Record, m int) {
		return func(r *editiontest.Record, m int) { r.Post(one, editiontest.Jerusalem, at(m), c) }
	}
	withdraw := func(r *editiontest.Record, m int) { r.Withdraw(one, editiontest.Jerusalem, at(m), "Not genuine.") }
	kill := func(r *editiontest.Record, m int) { r.Kill(one, editiontest.Jerusalem, at(m), "Removed.") }
	steps := map[string][]struct {
		do   func(r *editiontest.Record, m int)
		want want
	}{
		"updates": {
			{post(a), want{story.Public, "First", 0, -1, "", 1, 0}},
			{post(changed(b, record.Updated, false)), want{story.Public, "Second", 0, -1, "", 2, 0}},
			{post(changed(c, record.Updated, true)), want{story.Public, "Third", 2, -1, "", 3, 0}},
			{post(corrected(c, "It was four.")), want{story.Public, "Third", 2, 3, "", 4, 1}},
			{post(corrected(a, "It was five.")), want{story.Public, "First", 2, 4, "", 5, 2}},
		},
		"withdrawn and back": {
			{post(a), want{story.Public, "First", 0, -1, "", 1, 0}},
			{withdraw, want{story.Withdrawn, "First", 0, -1, "Not genuine.", 1, 1}},
			{post(changed(b, record.Reinstated, true)), want{story.Public, "Second", 2, -1, "", 2, 1}},
			{withdraw, want{story.Withdrawn, "Second", 2, -1, "Not genuine.", 2, 2}},
			{kill, want{story.Killed, "", 0, -1, "Removed.", 0, 0}},
		},
		"killed and back": {
			{post(a), want{story.Public, "First", 0, -1, "", 1, 0}},
			{post(corrected(b, "It was four.")), want{story.Public, "Second", 0, 1, "", 2, 1}},
			{kill, want{story.Killed, "", 0, -1, "Removed.", 0, 0}},
			{post(changed(c, record.Reinstated, true)), want{story.Public, "Third", 3, -1, "", 1, 0}},
			{kill, want{story.Killed, "", 0, -1, "Removed.", 0, 0}},
		},
	}
	for name, life := range steps {
		t.Run(name, func(t *testing.T) {
			r := editiontest.Paper(t)
			e := editiontest.Open(t, r)
			for i, step := range life {
				step.do(r, i)
				catchUp(t, e, r)
				a := article(t, e, one)
				got := want{a.Standing, a.Headline, minutes(a.Updated), minutes(a.Corrected), a.Note, a.Versions, 0}
				view(t, e, func(v *edition.View) error {
					lines, _, err := v.Corrections("en", edition.Page{Limit: 9})
					got.lines = len(lines)
					history, herr := v.History(one)
					if len(history) != a.Versions {
						t.Errorf("step %d: %d texts in the history, %d counted", i, len(history), a.Versions)
					}
					latest, lerr := v.Latest("en", 9)
					if listed := len(latest) == 1; listed != (a.Standing == story.Public) {
						t.Errorf("step %d: %s, and listed: %t", i, a.Standing, listed)
					}
					return firstOf(err, herr, lerr)
				})
				if got != step.want {
					t.Errorf("step %d: %+v, want %+v", i, got, step.want)
				}
				if !a.Posted.Equal(at(0)) || a.First != 6 {
					t.Errorf("step %d: posted %s by entry %d", i, a.Posted, a.First)
				}
				sameWhenRebuilt(t, e, r)
			}
		})
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func minutes(x time.Time) int {
	if x.IsZero() {
		return -1
	}
	return int(x.Sub(editiontest.Begin) / time.Minute)
}

func TestLists(t *testing.T) {
	r := editiontest.Paper(t)
	for i, c := range []record.Article{
		editiontest.Text("en", "city", "A", "", "a"), editiontest.Text("he", "city", "ב", "", "b"), editiontest.Text("en", "science", "C", "", "c"),
		changed(editiontest.Text("en", "city", "D", "", "d"), record.Archived, false), editiontest.Text("en", "city", "E", "", "e"), editiontest.Text("en", "city", "F", "", "f"),
	} {
		desk := editiontest.Jerusalem
		if i == 4 {
			desk = editiontest.London
		}
		r.Post(editiontest.ArticleID(i+1), desk, at(i), c)
	}
	r.Post(one, editiontest.Jerusalem, at(20), changed(text("A2", "a"), record.Updated, true))
	r.Append(record.KindFront, "en", editiontest.Jerusalem, at(21), record.Front{Lang: "en", Places: []record.FrontPlace{
		{Article: editiontest.ArticleID(3), Headline: "C at the top"}, {Article: editiontest.ArticleID(2)}, {Article: editiontest.ArticleID(3)}, {Article: "art9999999"}, {Article: editiontest.ArticleID(4)}}})
	e := editiontest.Open(t, r)
	view(t, e, func(v *edition.View) error {
		check := func(what string, got []string, want ...string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		latest, err := v.Latest("en", 3)
		check("latest", headlines(latest), "F", "E", "C")
		other, err2 := v.Latest("he", 9)
		check("latest in Hebrew", headlines(other), "ב")
		page, err3 := v.Front("en", 9)
		front := page.Cards()
		check("front", headlines(front), "C at the top", "D", "F", "E", "A2")
		var pages []string
		for p := (edition.Page{Limit: 1}); ; {
			l, err := v.Section("en", "city", p)
			if err != nil {
				return err
			}
			pages = append(pages, headlines(l.Cards)...)
			if p.Before = l.Next; l.Next == 0 {
				break
			}
		}
		check("section in parts of one", pages, "F", "E", "A2")
		desk, err4 := v.DeskCards("en", editiontest.London, edition.Page{Limit: 5})
		check("desk", headlines(desk.Cards), "E")
		whole, err5 := v.Newest("en", 1)
		if len(whole) != 1 || len(whole[0].Content.Doc) != 1 {
			t.Errorf("newest: %d articles, not one with its text", len(whole))
		}
		_, found, err6 := v.Article("art9999999")
		if found {
			t.Error("an article that never was is found")
		}
		return firstOf(err, err2, err3, err4, err5, err6)
	})
}

func TestHouseAndDesks(t *testing.T) {
	r := editiontest.House(t)
	later := editiontest.HouseEntry()
	later.Desks = []story.DeskID{editiontest.London, editiontest.Jerusalem}
	r.Append(record.KindHouse, "house00001", "", at(1), later)
	r.Append(record.KindDuty, string(editiontest.Jerusalem), editiontest.Jerusalem, at(7), record.Duty{Window: editiontest.JerusalemRests, Follows: []story.DeskID{editiontest.NewYork}})
	r.Append(record.KindPerson, "person0001", editiontest.Jerusalem, at(8), record.Person{Slug: "dana-sela"})
	e := editiontest.Open(t, r)
	view(t, e, func(v *edition.View) error {
		for range 2 { // read, then remembered
			h, ok, err := v.House()
			if err != nil || !ok || h.Zone.String() != "Asia/Jerusalem" {
				t.Fatalf("house: %v, %t, %v", h.Zone, ok, err)
			}
			all, err := v.Desks(h)
			var slugs []string
			for _, d := range all {
				slugs = append(slugs, d.Slug)
			}
			if want := []string{"london", "jerusalem", "new-york"}; err != nil || !slices.Equal(slugs, want) {
				t.Errorf("desks %v, want %v: %v", slugs, want, err)
			}
		}
		d, ok, err := v.DeskBySlug("new-york")
		if !ok || d.ID != editiontest.NewYork || len(d.Hours.Windows) != 5 {
			t.Errorf("desk %s with %d windows", d.ID, len(d.Hours.Windows))
		}
		byID, ok2, err2 := v.Desk(editiontest.London)
		_, ok3, err3 := v.DeskBySlug("nowhere")
		if !ok2 || ok3 || byID.Slug != "london" {
			t.Errorf("desk by id %q, unknown desk found: %t", byID.Slug, ok3)
		}
		duties, err4 := v.Duties(at(7))
		none, err5 := v.Duties(at(8))
		if len(duties) != 1 || len(none) != 0 || duties[0].Desk != editiontest.Jerusalem || duties[0].Open {
			t.Errorf("duties %v, then %v", duties, none)
		}
		p, ok4, err6 := v.Person("person0001")
		if !ok4 || p.Slug != "dana-sela" {
			t.Errorf("person %q", p.Slug)
		}
		n, headAt, err7 := v.Head()
		if n != e.Applied() || !headAt.Equal(at(8)) {
			t.Errorf("head %d at %s", n, headAt)
		}
		return firstOf(err, err2, err3, err4, err5, err6, err7)
	})
}

func TestCorrectionsInParts(t *testing.T) {
	r := editiontest.Paper(t)
	r.Post(one, editiontest.Jerusalem, at(0), text("A", "a"))
	r.Post(two, editiontest.Jerusalem, at(1), text("B", "b"))
	r.Post(one, editiontest.Jerusalem, at(2), corrected(text("A", "a2"), "First."))
	r.Withdraw(two, editiontest.Jerusalem, at(3), "Second.")
	r.Post(one, editiontest.Jerusalem, at(4), corrected(text("A", "a3"), "Third."))
	e := editiontest.Open(t, r)
	view(t, e, func(v *edition.View) error {
		var got []string
		for p := (edition.Page{Limit: 2}); ; {
			lines, next, err := v.Corrections("en", p)
			if err != nil {
				return err
			}
			for _, c := range lines {
				got = append(got, c.Headline+" "+c.Correction.Note)
				if c.Withdrawn != (c.ID == two) {
					t.Errorf("%q withdrawn: %t", c.Headline, c.Withdrawn)
				}
			}
			if p.Before = next; next == 0 {
				break
			}
		}
		if want := []string{"A Third.", "B Second.", "A First."}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		x, ok, err := v.Version(one, 2)
		if !ok || x.Change != record.Corrected || story.Plain(x.Content.Doc[0].Spans) != "a2" {
			t.Errorf("version 2: %+v", x)
		}
		_, ok, err2 := v.Version(one, 4)
		if ok {
			t.Error("there is a fourth version of three")
		}
		if a := article(t, e, one); len(a.Corrections) != 2 || a.Corrections[0].Note != "Third." {
			t.Errorf("corrections %+v", a.Corrections)
		}
		return firstOf(err, err2)
	})
}

// TestProject holds the preview to what the edition then shows.
func TestProject(t *testing.T) {
	r := editiontest.Paper(t)
	c := text("First", "one")
	c.Pictures = []story.PictureUse{r.Picture("picture001", "A caption.", "An alt", story.Credit{Line: "By somebody"})}
	r.Post(one, editiontest.London, at(0), c)
	e := editiontest.Open(t, r)
	c = articleContent(t, r)
	if got, want := edition.Project(one, editiontest.London, c, at(0)), article(t, e, one); got.Headline != want.Headline || got.Posted != want.Posted ||
		got.Updated != want.Updated || got.Picture.Credit != want.Picture.Credit || got.Standing != want.Standing || got.Versions != want.Versions {
		t.Errorf("projected %+v, shown %+v", got.Card, want.Card)
	}
	if p := edition.Project(one, editiontest.London, c, at(0)); p.N != 0 || p.First != 0 {
		t.Errorf("a preview names entries %d and %d", p.First, p.N)
	}
	before := article(t, e, one)
	n := r.Post(one, editiontest.London, at(5), corrected(text("Second", "two"), "It was two."))
	catchUp(t, e, r)
	got, err := before.After(n)
	if err != nil {
		t.Fatal(err)
	}
	want := article(t, e, one)
	if got.Headline != want.Headline || got.Corrected != want.Corrected || got.Posted != want.Posted || got.N != want.N || len(got.Corrections) != 1 || got.Versions != 2 {
		t.Errorf("projected %+v, shown %+v", got, want)
	}
}

func articleContent(t *testing.T, r *editiontest.Record) record.Article {
	t.Helper()
	all := r.Entries()
	c, err := record.Decode[record.Article](all[len(all)-1])
	if err != nil {
		t.Fatal(err)
	}
	return c
}
