package edition_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestManyChangesOfPictures: what was said of a picture holds, however many others something
// was said of.
func TestManyChangesOfPictures(t *testing.T) {
	for _, others := range []int{0, 199, 200, 450} {
		r := editiontest.House(t)
		at := editiontest.Begin.Add(time.Minute)
		for i := range others {
			r.Append(record.KindPicture, fmt.Sprintf("other%05d", i), editiontest.London, at, record.Picture{Caption: "Another."})
		}
		r.Append(record.KindPicture, "picture001", editiontest.Jerusalem, at, record.Picture{Caption: "What it shows."})
		r.Append(record.KindPicture, "picture002", editiontest.London, at, record.Picture{Withdrawn: true})
		e := editiontest.Open(t, r)
		view(t, e, func(v *edition.View) error {
			first, _, err := v.Article(editiontest.ArticleID(1))
			if err != nil {
				return err
			}
			second, _, err := v.Article(editiontest.ArticleID(2))
			if err != nil {
				return err
			}
			if p := first.Content.Pictures; len(p) != 1 || p[0].Caption != "What it shows." || len(second.Content.Pictures) != 0 {
				t.Errorf("with %d others: %+v, %+v", others, p, second.Content.Pictures)
			}
			return nil
		})
	}
}

// TestAPersonOfTwoNames: what somebody said and wrote under either id comes in one order.
func TestAPersonOfTwoNames(t *testing.T) {
	r := editiontest.Paper(t)
	at := editiontest.Begin
	for i, id := range []string{"person0001", "person0002"} {
		r.Append(record.KindPerson, id, editiontest.London, at, record.Person{Slug: "a-writer", Names: record.Words{"en": fmt.Sprint("A Writer ", i)}})
	}
	for i := range 20 {
		id := []string{"person0001", "person0002", "person0002"}[i%3]
		c := editiontest.Text("en", "city", fmt.Sprint("Report ", i), "", "Words.")
		c.Bylines = append(c.Bylines, story.Byline{Person: id, Name: "A Writer"}, story.Byline{Person: "person0002", Name: "A Writer"})
		c.Quotations = append(c.Quotations, story.Quotation{ID: fmt.Sprintf("quote%05d", i), Person: id, Speaker: "A Writer", Form: "direct",
			Words: []story.Words{{Text: "Words."}}, Said: at.Add(time.Duration(i*7%20) * time.Hour)})
		r.Post(editiontest.ArticleID(i+1), editiontest.London, at.Add(time.Duration(i)*time.Minute), c)
	}
	r.Append(record.KindPerson, "person0002", editiontest.London, at.Add(time.Hour), record.Person{Slug: "a-writer", Names: record.Words{"en": "A Writer"}, Merged: "person0001"})
	view(t, editiontest.Open(t, r), func(v *edition.View) error {
		whole, err := v.Statements("person0001", "en", 50, 0)
		if err != nil || len(whole) != 20 {
			t.Errorf("%d statements, %v", len(whole), err)
		}
		part, err := v.Statements("person0001", "en", 6, 5)
		for i, s := range part {
			if s.ID != whole[i+5].ID {
				t.Errorf("statement %d is %s, not %s", i+5, s.ID, whole[i+5].ID)
			}
		}
		for i := range whole[1:] {
			if whole[i+1].Said.After(whole[i].Said) {
				t.Errorf("statement %d is later than the one before", i+1)
			}
		}
		wrote, failed := v.Written("person0001", "en", 12)
		for i, c := range wrote {
			if c.ID != editiontest.ArticleID(20-i) {
				t.Errorf("wrote %s at %d", c.ID, i)
			}
		}
		if len(wrote) != 12 || len(part) != 6 {
			t.Errorf("%d written, %d of the statements", len(wrote), len(part))
		}
		return errors.Join(err, failed)
	})
}
