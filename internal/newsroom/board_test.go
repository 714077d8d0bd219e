package newsroom_test

import (
	"encoding/json"
	"testing"

	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
)

// TestTheBoardTellsOfTheText: a board's line is that of the text as it stands, though it is
// kept beside it, and the house on it is that of its newest entry.
func TestTheBoardTellsOfTheText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		now := begin
		r, _ := roomIn(t, address, &now)
		if _, err := r.AddMember(t.Context(), "Noam", false, []string{"new-york:editor"}, 0); err != nil {
			t.Fatal(err)
		}
		as := func(name string) newsroom.Who {
			who, err := r.Acting(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return who
		}
		rina := as("Rina")
		id := begun(t, r, rina, "board-0000000001")
		want := func(when, by, headline string, words int, ready bool) {
			t.Helper()
			h, err := r.House(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.Board(t.Context(), rina, h.Desks[0].ID, 0)
			if err != nil || len(b.Stories) != 1 {
				t.Fatal(len(b.Stories), err)
			}
			if s := b.Stories[0]; s.By != by || s.Headline != headline || s.Words != words || s.Ready != ready || s.Lang != "en" {
				t.Errorf("%s: by %q, %q, %d words, ready %v, in %q", when, s.By, s.Headline, s.Words, s.Ready, s.Lang)
			}
		}
		want("begun", "Rina", "A report", 1, false)
		if err := r.Ready(t.Context(), rina, "ready-0000000001", id); err != nil {
			t.Fatal(err)
		}
		want("ready", "Rina", "A report", 1, true)
		body, _ := json.Marshal("Another headline")
		if _, err := r.Save(t.Context(), as("Noam"), newsroom.Saving{Key: "save-00000000001", Article: id, Parts: []newsroom.PartSave{{Part: "headline", Base: 1, Body: body}}}); err != nil {
			t.Fatal(err)
		}
		want("saved by another", "Noam", "Another headline", 1, false)

		h, err := r.House(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		h.Desks[0].Settings.Slug = "nobody else sees this"
		moreDesks(t, r, 2)
		again, err := r.House(t.Context())
		if err != nil || len(again.Desks) != 3 || again.Desks[0].Settings.Slug != "new-york" || again.House.Names["en"] != h.House.Names["en"] {
			t.Errorf("%d desks, the first %q, %v", len(again.Desks), again.Desks[0].Settings.Slug, err)
		}
	})
}
