package demo_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/edition"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/zone"
)

// house is a house in a folder of its own, with a clock that the test moves.
type house struct {
	db   *store.DB
	room *newsroom.Room
	now  time.Time
}

func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{now: demo.Begin}
	source := func() clock.Reading {
		return clock.Reading{Wall: h.now, Boot: h.now.Sub(demo.Begin) + time.Hour, BootID: "test"}
	}
	db, err := store.Open(t.Context(), storetest.Address(t), store.Options{Now: source})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.db = db
	h.room = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: filepath.Join(t.TempDir(), "pictures"), Log: slog.New(slog.DiscardHandler)})
	secret, err := record.NewKey(record.LogName("localhost:8080", 1, rand.Reader), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	db.SetKey(key)
	s, err := demo.Setup("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	s.Log, s.Key = key.Log(), key.Verifier()
	if err := h.room.SetUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := demo.AddPeople(t.Context(), h.room); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) moveTo(ctx context.Context, at time.Time) error {
	if at.After(h.now) {
		h.now = at
	}
	_, err := h.room.Step(ctx)
	return err
}

func rebuild(t *testing.T, h *house) string {
	t.Helper()
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.CatchUp(t.Context(), h.db); err != nil {
		t.Fatal(err)
	}
	digest, err := e.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.View(t.Context(), func(v *edition.View) error {
		for lang, least := range map[string]int{"en": 20, "he": 6} {
			front, err := v.Front(lang, 100)
			cards := front.Cards()
			if err != nil {
				return err
			}
			if len(cards) < least || cards[0].Picture == nil {
				t.Errorf("%s: %d cards, first %+v", lang, len(cards), cards[0])
			}
			for _, c := range cards {
				if c.Picture != nil && c.Picture.Credit.String() == "" {
					t.Errorf("%s has a picture without a credit", c.Slug)
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestTheWeekIsPostedOnceByTheRealVerbs(t *testing.T) {
	h := openHouse(t)
	week := demo.Week{Room: h.room, MoveTo: h.moveTo}
	if err := week.Post(t.Context()); err != nil {
		t.Fatal(err)
	}
	head, err := h.db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := week.Post(t.Context()); err != nil {
		t.Fatal("a second time:", err)
	}
	if again, err := h.db.Head(t.Context()); err != nil || again != head {
		t.Errorf("posting again grew the record from %d to %d (%v)", head, again, err)
	}
	report, err := record.Verify(t.Context(), h.db, record.VerifyOptions{})
	if err != nil || len(report.Problems) > 0 || report.Proved == "" {
		t.Fatalf("%+v, %v", report, err)
	}
	if a, b := rebuild(t, h), rebuild(t, h); a != b {
		t.Error("two editions of one record differ")
	}
}

func TestEveryDeskRestsOnTheFriday(t *testing.T) {
	h := openHouse(t)
	view, err := h.room.House(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]string{
		"jerusalem": {"2024-03-22T15:12:00Z", "2024-03-23T16:29:00Z"},
		"london":    {"2024-03-22T17:59:00Z", "2024-03-23T19:10:00Z"},
		"new-york":  {"2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z"},
	}
	for _, d := range view.Desks {
		w, ok := d.Hours.Rests(time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC))
		got := [2]string{w.Start.Format(time.RFC3339), w.End.Format(time.RFC3339)}
		if !ok || got != want[d.Settings.Slug] {
			t.Errorf("%s rests %v, want %v", d.Settings.Slug, got, want[d.Settings.Slug])
		}
	}
}

// TestLondonKeepsItsCalendar: a closure of its own, and the bank holidays of its file; and
// nothing of the week waits for them.
func TestLondonKeepsItsCalendar(t *testing.T) {
	h := openHouse(t)
	if err := (demo.Week{Room: h.room, MoveTo: h.moveTo}).Post(t.Context()); err != nil {
		t.Fatal(err)
	}
	view, err := h.room.House(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	london, _ := view.Desk("london")
	for at, want := range map[string]string{
		"2024-03-26T12:00:00Z": "Office move", "2024-03-26T18:00:00Z": "", "2024-03-29T09:00:00Z": "Good Friday + Shabbat", "2024-04-01T12:00:00Z": "Easter Monday",
		"2024-04-22T19:00:00Z": "Pesach I + Pesach II", "2024-12-26T12:00:00Z": "Christmas Day + Boxing Day",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := london.Hours.Rests(instant); w.Name != want {
			t.Errorf("at %s London keeps %q, want %q", at, w.Name, want)
		}
	}
	if err := h.db.Read(t.Context(), func(q *store.Query) error {
		acts, err := q.DueActs(h.now.AddDate(1, 0, 0), 10)
		if len(acts) > 0 {
			t.Errorf("%d acts of the week wait, the first at desk %s", len(acts), acts[0].Desk)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !view.House.HebrewDate || len(view.House.HebrewDays) < 400 {
		t.Error("the house has no Hebrew days")
	}
}
