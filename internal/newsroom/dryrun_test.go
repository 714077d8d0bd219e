package newsroom_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestDryRun marks what falls into a rest, is embargoed past its slot, meets nobody on
// duty, or needs a person; and what it says of the rest comes true.
func TestDryRun(t *testing.T) {
	d := newDesks(t, storetest.Address(t))
	rina := d.in("Rina")
	d.step(time.Date(2024, 3, 22, 20, 0, 0, 0, time.UTC))
	clear, rests, embargoed, parked, far := d.begun(rina, "Clear"), d.begun(rina, "Rests"), d.begun(rina, "Embargoed"), d.begun(rina, "Parked"), d.begun(rina, "Far")
	d.slotted(rina, clear, "2024-03-22 17:00 America/New_York")
	d.slotted(rina, rests, "2024-03-23 09:00 America/New_York")
	d.slotted(rina, embargoed, "2024-03-24 09:00 America/New_York")
	d.slotted(rina, far, "2024-03-28 09:00 America/New_York")
	d.must(d.room.Embargo(t.Context(), rina, newsroom.EmbargoWish{Key: d.key(), Article: embargoed, Until: "2024-03-24 12:00 America/New_York"}))
	d.must(d.room.Embargo(t.Context(), rina, newsroom.EmbargoWish{Key: d.key(), Article: parked, Until: "open"}))
	_, err := d.room.File(t.Context(), rina, newsroom.Filing{Key: d.key(), Article: parked, What: story.Publish, NoUndo: true, Base: -1})
	d.refused(err, "embargo")
	_, err = d.room.DryRun(t.Context(), newsroom.Who{Member: rina.Member})
	d.refused(err, "You have no desk")
	v, err := d.room.DryRun(t.Context(), rina)
	d.must(err)
	var got []string
	for _, x := range v.Departures {
		got = append(got, fmt.Sprint(x.Headline, " ", x.Leaves.Format("Mon 15:04"), " ", x.Collisions))
	}
	want := []string{"Clear Fri 21:00 []", "Rests Sat 23:53 [falls into a rest]", "Embargoed Sun 16:00 [embargo later than its slot]"}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if len(v.Turns) != 3 || v.Turns[0].Opens || v.Turns[0].Desk.Settings.Slug != "new-york" {
		t.Errorf("turns: %+v", v.Turns)
	}
	for _, x := range v.Departures {
		d.step(x.Leaves.Add(-time.Second))
		before := d.standing(story.ArticleID(x.Subject))
		d.step(x.Leaves)
		if after := d.standing(story.ArticleID(x.Subject)); before != story.Never || after != story.Public {
			t.Errorf("%s was %s, and is %s at the time that was told", x.Headline, before, after)
		}
	}
}
