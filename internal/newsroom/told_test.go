package newsroom_test

import (
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestAChangeOfCityNeverOpens is I-27: while New York rests, its desk moves to Honolulu and
// keeps nothing. It stays closed until both would be open, and what waits says so to its owner.
func TestAChangeOfCityNeverOpens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		d := newDesks(t, address)
		d.step(newYorkCloses.Add(time.Hour))
		rina := d.in("Rina")
		id := d.begun(rina, "Waits")
		d.file(rina, id, story.Publish)
		h, err := d.room.House(t.Context())
		d.must(err)
		x, _ := h.Desk("new-york")
		x.Settings.Place = record.Place{City: record.Words{"en": "Honolulu"}, Lat: 21.3099, Lon: -157.8581, Zone: "Pacific/Honolulu"}
		x.Settings.Keeping = newsroom.Keeping{Keeps: []string{"nothing"}}
		_, err = d.room.SetDesk(t.Context(), rina, d.key(), x.ID, x.Settings)
		d.must(err)
		told, err := d.room.Told(t.Context(), rina)
		d.must(err)
		if len(told) != 0 {
			t.Errorf("it leaves when it would have, and its owner is told %+v", told)
		}
		d.step(newYorkOpens.Add(-time.Second))
		if s := d.standing(id); s != story.Never {
			t.Fatalf("a change of city opened a desk that rests: %s", s)
		}

		// Then it keeps Shabbat by a later nightfall: what waits leaves later, and who filed it hears of it.
		x.Settings.Keeping = newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg", Margin: "30m"}
		rina = d.in("Rina")
		_, err = d.room.SetDesk(t.Context(), rina, d.key(), x.ID, x.Settings)
		d.must(err)
		told, err = d.room.Told(t.Context(), rina)
		d.must(err)
		if len(told) != 1 || !told[0].Was.Equal(newYorkOpens) || !told[0].Opens.After(newYorkOpens) || told[0].Headline != "Waits" {
			t.Fatalf("told: %+v", told)
		}
		d.step(newYorkOpens.Add(time.Second))
		if s := d.standing(id); s != story.Never {
			t.Errorf("it went while Honolulu rests: %s", s)
		}
		d.step(told[0].Opens)
		if s := d.standing(id); s != story.Public {
			t.Errorf("at the time that was told it is %s", s)
		}
		d.must(d.room.Seen(t.Context(), rina, d.key()))
		if told, err = d.room.Told(t.Context(), rina); err != nil || len(told) > 0 {
			t.Error(told, err)
		}
		d.verifies()
	})
}
