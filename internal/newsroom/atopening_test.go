package newsroom_test

import (
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestASlotAtOpening leaves in the moment in which its desk opens again, which moves with the
// desk's rests until it has come.
func TestASlotAtOpening(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		d := newDesks(t, address)
		rina := d.in("Rina")
		id, under := d.begun(rina, "At opening"), d.begun(rina, "At opening, under an embargo")
		at := func(id story.ArticleID) newsroom.Filed {
			t.Helper()
			filed, err := d.room.File(t.Context(), rina, newsroom.Filing{Key: d.key(), Article: id, What: story.Publish, Base: -1, NoUndo: true, Slot: newsroom.AtOpening})
			d.must(err)
			return filed
		}
		if filed := at(id); filed.State != story.Pending || !filed.Due.Equal(newYorkOpens) {
			t.Fatalf("filed on duty it is %s, due %s, not at %s", filed.State, filed.Due, newYorkOpens)
		}
		later := newYorkOpens.Add(19 * 24 * time.Hour)
		d.must(d.room.Embargo(t.Context(), rina, newsroom.EmbargoWish{Key: d.key(), Article: under, Until: later.Format("2006-01-02 15:04") + " UTC"}))
		at(under)
		d.step(newYorkCloses.Add(time.Hour))

		h, err := d.room.House(t.Context())
		d.must(err)
		x, _ := h.Desk("new-york")
		x.Settings.Keeping = newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg", Margin: "30m"}
		rina = d.in("Rina")
		_, err = d.room.SetDesk(t.Context(), rina, d.key(), x.ID, x.Settings)
		d.must(err)
		d.step(newYorkOpens.Add(30*time.Minute - time.Second))
		if s := d.standing(id); s != story.Never {
			t.Errorf("a second before the later opening it is %s", s)
		}
		d.step(newYorkOpens.Add(30 * time.Minute))
		if s := d.standing(id); s != story.Public {
			t.Errorf("at the later opening it is %s", s)
		}

		// The opening that was meant has come: rests that change afterwards do not ask for another.
		d.step(newYorkOpens.Add(18 * 24 * time.Hour))
		x.Settings.Keeping.Keeps = []string{"yomtov"}
		rina = d.in("Rina")
		_, err = d.room.SetDesk(t.Context(), rina, d.key(), x.ID, x.Settings)
		d.must(err)
		d.step(later)
		if s := d.standing(under); s != story.Public {
			t.Errorf("when its embargo ends it is %s", s)
		}
	})
}

// TestNoOpeningToWaitFor: a desk that keeps nothing has none.
func TestNoOpeningToWaitFor(t *testing.T) {
	d := newDesks(t, storetest.Address(t))
	rina := d.in("Rina")
	h, err := d.room.House(t.Context())
	d.must(err)
	x, _ := h.Desk("new-york")
	x.Settings.Keeping = newsroom.Keeping{Keeps: []string{"nothing"}}
	_, err = d.room.SetDesk(t.Context(), rina, d.key(), x.ID, x.Settings)
	d.must(err)
	d.step(newYorkOpens.Add(8 * 24 * time.Hour)) // the union of old and new is over
	_, err = d.room.File(t.Context(), rina, newsroom.Filing{Key: d.key(), Article: d.begun(rina, "Never"), What: story.Publish, Base: -1, Slot: newsroom.AtOpening})
	if r, ok := story.AsRefusal(err); !ok || r.Kind != story.Invalid {
		t.Errorf("it answers %v", err)
	}
}
