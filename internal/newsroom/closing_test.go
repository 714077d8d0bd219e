package newsroom_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/zone"
)

// Friday 22 March 2024: London rests at 17:59 there, New York at 18:52, 22:52 in UTC, until
// Saturday 19:53, 23:53 in UTC. Honolulu keeps nothing.
var (
	newYorkCloses = time.Date(2024, 3, 22, 22, 52, 0, 0, time.UTC)
	newYorkOpens  = time.Date(2024, 3, 23, 23, 53, 0, 0, time.UTC)
)

// desks is a house of several desks, with a clock that the test moves.
type desks struct {
	pair
	id map[string]story.DeskID // by slug
}

func newDesks(t *testing.T, address string) *desks {
	t.Helper()
	d := &desks{pair: pair{t: t, now: begin}, id: map[string]story.DeskID{}}
	db, err := store.Open(t.Context(), address, store.Options{Now: func() clock.Reading {
		return clock.Reading{Wall: d.now, Boot: d.now.Sub(begin) + time.Hour, BootID: "test"}
	}})
	d.must(err)
	t.Cleanup(func() { _ = db.Close() })
	secret, err := record.NewKey(record.LogName("localhost", 1, rand.Reader), rand.Reader)
	d.must(err)
	key, err := record.ParseKey(secret)
	d.must(err)
	db.SetKey(key)
	d.db, d.room = db, newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	keeps := newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg"}
	place := func(city, zone string, lat, lon float64) record.Place {
		return record.Place{City: record.Words{"en": city}, Lat: lat, Lon: lon, Zone: zone}
	}
	newYork := place("New York", "America/New_York", 40.7128, -74.006)
	d.must(d.room.SetUp(t.Context(), newsroom.Setup{Admin: "Rina", Log: key.Log(), Key: key.Verifier(),
		House: record.House{Names: record.Words{"en": "The Courier"}, Address: "http://localhost", Seat: newYork, Languages: []string{"en"}, Sections: []record.Section{{ID: "news"}}},
		Desks: []newsroom.DeskSettings{
			{Slug: "new-york", Names: record.Words{"en": "New York"}, Place: newYork, Keeping: keeps},
			{Slug: "london", Names: record.Words{"en": "London"}, Place: place("London", "Europe/London", 51.5074, -0.1278), Keeping: keeps},
			{Slug: "honolulu", Names: record.Words{"en": "Honolulu"}, Place: place("Honolulu", "Pacific/Honolulu", 21.3099, -157.8581), Keeping: newsroom.Keeping{Keeps: []string{"nothing"}}},
		}}))
	h, err := d.room.House(t.Context())
	d.must(err)
	for _, x := range h.Desks {
		d.id[x.Settings.Slug] = x.ID
	}
	d.must(d.room.GiveRoles(t.Context(), "Rina", []string{"new-york:chief", "new-york:editor"}))
	for name, roles := range map[string][]string{"Noa": {"honolulu:editor"}, "Uri": {"london:editor"}, "Ezra": {"new-york:reporter", "honolulu:reporter"}} {
		_, err := d.room.AddMember(t.Context(), name, false, roles, 0)
		d.must(err)
	}
	return d
}

func (d *desks) step(at time.Time) {
	d.t.Helper()
	d.now = at
	_, err := d.room.Step(d.t.Context())
	d.must(err)
}

func (d *desks) begun(who newsroom.Who, headline string) story.ArticleID {
	d.t.Helper()
	text := story.Text{Type: story.Report, Lang: "en", Section: "news", Slug: "a-report", Headline: headline,
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}}}
	id, err := d.room.Start(d.t.Context(), who, newsroom.Beginning{Key: d.key(), Desk: d.id["new-york"], Text: &text})
	d.must(err)
	return id
}

func (d *desks) slotted(who newsroom.Who, id story.ArticleID, slot string) {
	d.t.Helper()
	f, err := d.room.File(d.t.Context(), who, newsroom.Filing{Key: d.key(), Article: id, What: story.Publish, Slot: slot, NoUndo: true, Base: -1})
	d.must(err)
	if f.State != story.Pending {
		d.t.Fatal(f.State)
	}
}

func (d *desks) end(who newsroom.Who, id story.ArticleID, choice, to string) error {
	return d.room.EndLine(d.t.Context(), who, newsroom.LineEnd{Key: d.key(), Desk: d.id["new-york"], Subject: string(id), Choice: choice, To: d.id[to]})
}

func (d *desks) closing(who newsroom.Who, desk string) newsroom.ClosingView {
	d.t.Helper()
	v, err := d.room.Closing(d.t.Context(), who, d.id[desk])
	d.must(err)
	return v
}

func (d *desks) line(who newsroom.Who, id story.ArticleID) newsroom.HeldLine {
	d.t.Helper()
	v := d.closing(who, "new-york")
	i := slices.IndexFunc(v.Lines, func(l newsroom.HeldLine) bool { return l.ID == id })
	if i < 0 {
		return newsroom.HeldLine{}
	}
	return v.Lines[i]
}

// TestClosing closes New York on a Friday: each line of what it holds is sent, given or
// held, and the receipt adds up.
func TestClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		d := newDesks(t, address)
		rina, noa := d.in("Rina"), d.in("Noa")
		d.step(newYorkCloses.Add(-3*time.Hour - time.Microsecond))
		rina, noa = d.in("Rina"), d.in("Noa") // earlier sessions are over
		ready, draft, slotted, given, declined, late := d.begun(rina, "Ready"), d.begun(rina, "Draft"), d.begun(rina, "Slotted"), d.begun(rina, "Given"), d.begun(rina, "Declined"), d.begun(rina, "Late")
		d.must(d.room.Ready(t.Context(), rina, d.key(), ready))
		d.slotted(rina, slotted, "2024-03-23 09:00 America/New_York")
		d.slotted(rina, given, "2024-03-23 09:00 America/New_York")
		if v := d.closing(rina, "new-york"); v.Listed || len(v.Lines) != 6 {
			t.Errorf("listed %t with %d lines", v.Listed, len(v.Lines))
		}
		d.step(newYorkCloses.Add(-3 * time.Hour))
		if v := d.closing(rina, "new-york"); !v.Listed {
			t.Error("three hours before, the list is not open")
		}
		for _, c := range []struct {
			id         story.ArticleID
			choice, to string
			says       string
		}{
			{ready, "give", "new-york", "this desk's already"}, {ready, "give", "nowhere", "no such desk"}, {ready, "burn", "", "sent before, given or held"},
			{"0000000000", "hold", "", "does not hold this"},
		} {
			d.refused(d.end(rina, c.id, c.choice, c.to), c.says)
		}
		d.refused(d.end(noa, draft, "hold", ""), "To close a desk here")
		d.must(d.end(rina, ready, "send", ""))
		d.must(d.end(rina, given, "give", "honolulu"))
		d.must(d.end(rina, declined, "give", "honolulu"))
		if l := d.line(rina, ready); len(l.Acts) != 1 || l.Choice != "send" {
			t.Errorf("what was ready is not filed: %+v", l)
		}
		d.step(d.now.Add(11 * time.Second))
		if s := d.standing(ready); s != story.Public {
			t.Errorf("sent before, and it is %s", s)
		}

		offers := d.closing(noa, "honolulu").Offers
		if len(offers) != 2 || offers[0].Headline != "Given" {
			t.Fatalf("offered: %+v", offers)
		}
		d.refused(d.room.Accept(t.Context(), d.in("Uri"), d.key(), offers[0].ID), "To accept here")
		d.refused(d.room.Accept(t.Context(), d.in("Ezra"), d.key(), offers[0].ID), "To accept here")
		before := d.line(rina, given).Acts[0]
		d.must(d.room.Accept(t.Context(), noa, d.key(), offers[0].ID))
		d.must(d.room.Decline(t.Context(), noa, d.key(), offers[1].ID))
		d.refused(d.room.Accept(t.Context(), noa, d.key(), offers[1].ID), "answered it already")
		if l := d.line(rina, declined); l.Choice != "" || l.ID == "" {
			t.Errorf("declined, and yet %q", l.Choice)
		}
		v, err := d.room.Story(t.Context(), noa, given)
		d.must(err)
		if a := v.Acts[0]; v.Article.Desk != d.id["honolulu"] || a.Desk != d.id["honolulu"] || a.State != story.Pending || !a.Due.Equal(before.Due) || a.ID != before.ID {
			t.Errorf("the act did not move as it was: %+v", a.Act)
		}

		n, err := d.room.EndLines(t.Context(), rina, d.key(), d.id["new-york"])
		d.must(err)
		if n != 4 {
			t.Errorf("%d lines had no end", n)
		}
		d.must(d.end(rina, slotted, "send", "")) // free of its slot
		d.must(d.end(rina, late, "give", "honolulu"))
		d.step(d.now.Add(time.Second))
		d.step(newYorkCloses.Add(-time.Microsecond))
		if v := d.closing(rina, "new-york"); v.Last != nil || v.Resting {
			t.Error("it closed too early")
		}
		d.step(newYorkCloses)
		last := d.closing(rina, "new-york").Last
		if last == nil {
			t.Fatal("it did not close by itself")
		}
		r := last.Receipt
		got := fmt.Sprintf("%d sent, %d given, %d held, %d unaccounted of %d", len(r.Sent), len(r.Given), len(r.Held), len(r.Unaccounted), r.Lines())
		if got != "2 sent, 1 given, 3 held, 0 unaccounted of 6" {
			t.Error(got)
		}
		// What nobody accepted in time is held, and can still be accepted while the desk rests.
		offers = d.closing(noa, "honolulu").Offers
		if len(offers) != 1 {
			t.Fatal(offers)
		}
		d.must(d.room.Accept(t.Context(), noa, d.key(), offers[0].ID))
		d.refused(d.end(rina, draft, "hold", ""), "rests already")
		d.step(time.Date(2024, 3, 23, 13, 0, 0, 0, time.UTC))
		if s := d.standing(given); s != story.Public {
			t.Errorf("given to a desk that is on duty, and at its time it is %s", s)
		}
		d.verifies()
	})
}

// TestClosingAfterAnOutage: a boundary that nobody stepped over closes with its receipt all the same.
func TestClosingAfterAnOutage(t *testing.T) {
	d := newDesks(t, storetest.Address(t))
	rina := d.in("Rina")
	d.step(begin)
	d.begun(rina, "Draft")
	d.step(newYorkOpens.Add(-time.Hour))
	last := d.closing(rina, "new-york").Last
	if last == nil || len(last.Receipt.Held) != 1 || !last.Closes.Equal(newYorkCloses) {
		t.Fatalf("%+v", last)
	}
	d.step(newYorkOpens.AddDate(0, 0, 6).Add(-2 * time.Hour)) // the list for the next one is open
	d.step(newYorkOpens.AddDate(0, 0, 7).Add(2 * time.Hour))
	if last = d.closing(rina, "new-york").Last; last == nil || !last.Closes.After(newYorkOpens) {
		t.Errorf("a rest that an outage swallowed left no receipt: %+v", last)
	}
}

// TestARecalledOffer is the giver's again, and an act that leaves by itself is not held.
func TestARecalledOffer(t *testing.T) {
	d := newDesks(t, storetest.Address(t))
	rina, noa := d.in("Rina"), d.in("Noa")
	d.step(newYorkCloses.Add(-2 * time.Hour))
	id, soon := d.begun(rina, "A story"), d.begun(rina, "Soon")
	d.must(d.room.Give(t.Context(), rina, d.key(), id, d.id["honolulu"]))
	d.refused(d.room.Give(t.Context(), rina, d.key(), id, d.id["london"]), "offered to a desk already")
	d.refused(d.room.Give(t.Context(), noa, d.key(), soon, d.id["honolulu"]), "To give here")
	offer := d.closing(noa, "honolulu").Offers[0].ID
	d.refused(d.room.Recall(t.Context(), noa, d.key(), offer), "To give here")
	d.must(d.room.Recall(t.Context(), rina, d.key(), offer))
	d.refused(d.room.Accept(t.Context(), noa, d.key(), offer), "answered it already")
	d.slotted(rina, soon, "2024-03-22 18:00 America/New_York")
	d.refused(d.end(rina, soon, "hold", ""), "leaves by itself")
	if l := d.line(rina, soon); l.Default != "send" {
		t.Errorf("its default is %q", l.Default)
	}
}
