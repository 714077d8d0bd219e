package newsroom_test

import (
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestTheStandingOrder: what was scheduled before a rest goes out during it, at its time,
// under the order's number. What was scheduled while the desk rests waits, and so does all
// of a rest that began before the order.
func TestTheStandingOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		d := newDesks(t, address)
		rina := d.in("Rina")
		d.refused(d.room.SetResting(t.Context(), d.in("Noa"), d.key(), newsroom.RestWish{Arranged: true}), "An administrator says")
		before, moved, plain, later := d.begun(rina, "Before"), d.begun(rina, "Moved"), d.begun(rina, "Plain"), d.begun(rina, "Later")
		d.step(newYorkCloses.Add(-time.Hour))
		d.slotted(rina, before, "2024-03-23 09:00 America/New_York")
		d.slotted(rina, moved, "2024-03-23 09:00 America/New_York")
		d.must(d.room.SetResting(t.Context(), rina, d.key(), newsroom.RestWish{Arranged: true}))
		d.must(d.room.SetResting(t.Context(), rina, d.key(), newsroom.RestWish{Arranged: true, Editors: true})) // the same order
		d.step(newYorkCloses.Add(time.Minute))
		rina = d.in("Rina")
		d.file(rina, plain, story.Publish)
		d.slotted(rina, later, "2024-03-23 10:00 America/New_York")
		v, err := d.room.Story(t.Context(), rina, moved)
		d.must(err)
		d.must(d.room.MoveSlot(t.Context(), rina, d.key(), v.Acts[0].ID, "2024-03-23 09:30 America/New_York"))

		at := time.Date(2024, 3, 23, 13, 0, 0, 0, time.UTC)
		d.step(at.Add(-time.Microsecond))
		if s := d.standing(before); s != story.Never {
			t.Errorf("before its time it is %s", s)
		}
		d.step(at)
		d.step(at.Add(2 * time.Hour))
		for id, want := range map[story.ArticleID]story.Standing{before: story.Public, moved: story.Never, plain: story.Never, later: story.Never} {
			if s := d.standing(id); s != want {
				t.Errorf("%s is %s, not %s", id, s, want)
			}
		}
		v, err = d.room.Story(t.Context(), rina, before)
		d.must(err)
		if e := v.Public[0]; e.Decision.Basis == record.Open || !e.At.Equal(at) {
			t.Errorf("it went by the basis %q at %s", e.Decision.Basis, e.At)
		}
		d.verifies()

		// A rest that began before the order is not opened by it.
		d.must(d.room.SetResting(t.Context(), rina, d.key(), newsroom.RestWish{}))
		d.step(newYorkCloses.AddDate(0, 0, 7).Add(-time.Hour))
		rina = d.in("Rina")
		again := d.begun(rina, "Again")
		d.slotted(rina, again, "2024-03-30 09:00 America/New_York")
		d.step(newYorkCloses.AddDate(0, 0, 7).Add(time.Hour))
		d.must(d.room.SetResting(t.Context(), d.in("Rina"), d.key(), newsroom.RestWish{Arranged: true}))
		d.step(time.Date(2024, 3, 30, 14, 0, 0, 0, time.UTC))
		if s := d.standing(again); s != story.Never {
			t.Errorf("an order opened a rest that had begun: %s", s)
		}
		d.verifies()
	})
}
