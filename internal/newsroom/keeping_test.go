package newsroom_test

import (
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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

var (
	newYork   = record.Place{City: record.Words{"en": "New York", "he": "ניו יורק"}, Lat: 40.7128, Lon: -74.006, Zone: "America/New_York"}
	jerusalem = record.Place{City: record.Words{"en": "Jerusalem", "he": "ירושלים"}, Lat: 31.75, Lon: 35.255, Zone: "Asia/Jerusalem", Israel: true}
)

// A kept is a house whose seat is in Jerusalem, with one desk in New York, its calendar
// files, and a clock that the test moves.
type kept struct {
	*newsroom.Room
	t       testing.TB
	db      *store.DB
	now     time.Time
	folder  string // of calendar files
	log, by string
}

func openKept(t testing.TB) *kept {
	t.Helper()
	k := &kept{t: t, now: begin, folder: filepath.Join(t.TempDir(), "calendars")}
	db, err := store.Open(t.Context(), storetest.Address(t), store.Options{Now: func() clock.Reading {
		return clock.Reading{Wall: k.now, Boot: k.now.Sub(begin) + time.Hour, BootID: "test"}
	}})
	k.must(err)
	t.Cleanup(func() { _ = db.Close() })
	secret, err := record.NewKey(record.LogName("localhost", 1, rand.Reader), rand.Reader)
	k.must(err)
	key, err := record.ParseKey(secret)
	k.must(err)
	db.SetKey(key)
	k.db, k.log, k.by = db, key.Log(), key.Verifier()
	k.open()
	return k
}

// open opens the newsroom anew, as a start does.
func (k *kept) open() {
	k.Room = newsroom.New(k.db, newsroom.Options{Zones: zone.Built(), Pictures: k.folder + "-pictures", Calendars: k.folder, Log: slog.New(slog.DiscardHandler)})
}

func (k *kept) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kept) setup(whose string, keeps ...string) newsroom.Setup {
	return newsroom.Setup{Admin: "Rina", Log: k.log, Key: k.by,
		House: record.House{Names: record.Words{"en": "The Courier"}, Address: "http://localhost", Seat: jerusalem, Languages: []string{"en"}, Sections: []record.Section{{ID: "news"}}},
		Desks: []newsroom.DeskSettings{{Slug: "new-york", Names: record.Words{"en": "New York"}, Place: newYork, Whose: whose, Keeping: newsroom.Keeping{Keeps: keeps}}}}
}

// desk is the newest desk entry, and how many entries the record has.
func (k *kept) desk() (newsroom.DeskView, int64) {
	k.t.Helper()
	h, err := k.House(k.t.Context())
	k.must(err)
	return h.Desks[0], h.Head
}

// later moves the clock and does what is due.
func (k *kept) later(d time.Duration) {
	k.t.Helper()
	k.now = k.now.Add(d)
	_, err := k.Step(k.t.Context())
	k.must(err)
}

func (k *kept) write(name, text string) {
	k.t.Helper()
	k.must(os.MkdirAll(k.folder, 0o700))
	k.must(os.WriteFile(filepath.Join(k.folder, name), []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o600))
}

func icsDay(date, name string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nBEGIN:VEVENT\nUID:" + date + "\nDTSTAMP:20240101T000000Z\nDTSTART;VALUE=DATE:" + date + "\nSUMMARY:" + name + "\nEND:VEVENT\nEND:VCALENDAR\n"
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// wantRest wants the rest of a desk that begins on or after an instant.
func wantRest(t testing.TB, d newsroom.DeskView, after, from, to, name string) {
	t.Helper()
	for _, w := range d.Hours.Windows {
		if !w.Start.Before(at(after)) {
			if !w.Start.Equal(at(from)) || !w.End.Equal(at(to)) || w.Name != name {
				t.Errorf("%s to %s, %s; want %s to %s, %s", w.Start, w.End, w.Name, from, to, name)
			}
			return
		}
	}
	t.Errorf("no rest after %s", after)
}

// TestWhoseRestCounts is Friday 22 March 2024: sunset less 40 minutes to 8.5° in
// Jerusalem, less 18 in New York, and both as one.
func TestWhoseRestCounts(t *testing.T) {
	for _, c := range []struct{ whose, from, to, words string }{
		{"", "2024-03-22 22:52", "2024-03-23 23:53", "Shabbat and festivals, from 18 minutes before sunset to nightfall (8.5°)"},
		{newsroom.OwnRest, "2024-03-22 22:52", "2024-03-23 23:53", "Shabbat and festivals, from 18 minutes before sunset to nightfall (8.5°)"},
		{newsroom.BothRests, "2024-03-22 15:12", "2024-03-23 23:53", "Shabbat and festivals, from 18 minutes before sunset to nightfall (8.5°); what the house keeps in Jerusalem: Shabbat and festivals, from 40 minutes before sunset to nightfall (8.5°)"},
		{newsroom.HouseRest, "2024-03-22 15:12", "2024-03-23 16:29", "What the house keeps in Jerusalem: Shabbat and festivals, from 40 minutes before sunset to nightfall (8.5°)"},
	} {
		k := openKept(t)
		k.must(k.SetUp(t.Context(), k.setup(c.whose)))
		d, _ := k.desk()
		wantRest(t, d, "2024-03-20 00:00", c.from, c.to, "Shabbat")
		if got := d.Content.Observance["en"]; got != c.words {
			t.Errorf("whose %q says %q", c.whose, got)
		}
	}
	k := openKept(t)
	if err := k.SetUp(t.Context(), k.setup("mine")); err == nil || !strings.Contains(err.Error(), "own, both or house") {
		t.Error("whose is checked:", err)
	}
}

// TestTheSeatsFestivalsAreTheSeats: abroad the eighth day of Pesach rests, in Israel it does not.
func TestTheSeatsFestivalsAreTheSeats(t *testing.T) {
	for whose, want := range map[string]bool{newsroom.OwnRest: true, newsroom.HouseRest: false} {
		k := openKept(t)
		k.must(k.SetUp(t.Context(), k.setup(whose)))
		d, _ := k.desk()
		if _, resting := d.Hours.Rests(at("2024-04-30 17:00")); resting != want {
			t.Errorf("%s rests on the eighth day: %v", whose, resting)
		}
	}
}

func TestKeepingNothing(t *testing.T) {
	k := openKept(t)
	k.must(k.SetUp(t.Context(), k.setup("", "nothing")))
	if d, _ := k.desk(); len(d.Hours.Windows) != 0 || !d.Hours.Known(k.now) {
		t.Error("it keeps", d.Hours.Windows)
	}
}

func TestSettingsThatCannotBeKeptAreRefused(t *testing.T) {
	for want, lines := range map[string][]string{
		"there is no observance \"shabat\"": {"shabat"},
		"closure: ":                         {"closure 2024-02-30"},
		"not in the house’s folder":         {"ics holidays.ics"},
		"not the plain name":                {"ics ../newsroom.ics"},
		"are too many":                      make([]string, 61),
	} {
		k := openKept(t)
		err := k.SetUp(t.Context(), k.setup("", lines...))
		refusal, ok := story.AsRefusal(err)
		if !ok || !strings.Contains(refusal.Error(), want) || !strings.Contains(refusal.Error(), "The New York desk: ") {
			t.Errorf("%q: %v", lines, err)
		}
		if set, _ := k.IsSetUp(t.Context()); set {
			t.Error("a refused house was set up")
		}
	}
}

// TestAChangedCalendarFile is noticed within a minute, once, and where it is broken or
// gone the entry before it stands and the trouble is told.
func TestAChangedCalendarFile(t *testing.T) {
	k := openKept(t)
	k.write("office.ics", icsDay("20240327", "Stocktaking"))
	k.must(k.SetUp(t.Context(), k.setup("", "shabbat", "ics office.ics")))
	k.later(time.Second)
	d, head := k.desk()
	wantRest(t, d, "2024-03-25 00:00", "2024-03-27 04:00", "2024-03-28 04:00", "Stocktaking")
	k.later(2 * time.Minute)
	if _, n := k.desk(); n != head {
		t.Fatal("an entry without a change")
	}

	k.write("office.ics", icsDay("20240328", "Stocktaking"))
	k.later(time.Minute)
	d, n := k.desk()
	if n != head+1 {
		t.Fatal("entries after a change:", n-head)
	}
	wantRest(t, d, "2024-03-25 00:00", "2024-03-28 04:00", "2024-03-29 04:00", "Stocktaking")

	for _, broken := range []string{"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", strings.Repeat("x", newsroom.MaxCalendar+1)} {
		k.write("office.ics", broken)
		k.later(time.Minute)
		if d, again := k.desk(); again != n || !strings.Contains(d.Trouble, "office.ics") {
			t.Errorf("a broken file: %d entries more, %q", again-n, d.Trouble)
		}
	}
	k.must(os.Remove(filepath.Join(k.folder, "office.ics")))
	k.open() // also after a start
	k.later(time.Minute)
	if d, again := k.desk(); again != n || !strings.Contains(d.Trouble, "not in the house’s folder") {
		t.Errorf("a file that is gone: %d entries more, %q", again-n, d.Trouble)
	}
	k.must(k.db.Read(t.Context(), func(q *store.Query) error {
		troubles, err := k.CheckRests(t.Context(), q, k.now)
		if len(troubles) != 1 {
			t.Error("a check finds", troubles)
		}
		return err
	}))

	k.write("office.ics", icsDay("20240328", "Stocktaking"))
	k.later(time.Minute)
	if d, again := k.desk(); again != n || d.Trouble != "" {
		t.Errorf("a mended file: %d entries more, %q", again-n, d.Trouble)
	}
}

// TestACalendarThatIsGoneClosesAtTheHorizon: windows are data, but not for ever.
func TestACalendarThatIsGoneClosesAtTheHorizon(t *testing.T) {
	k := openKept(t)
	k.write("office.ics", icsDay("20240327", "Stocktaking"))
	k.must(k.SetUp(t.Context(), k.setup("", "ics office.ics")))
	k.must(os.Remove(filepath.Join(k.folder, "office.ics")))
	k.later(399 * 24 * time.Hour)
	if d, _ := k.desk(); !d.Hours.OnDuty(k.now) {
		t.Error("closed before its horizon")
	}
	k.later(2 * 24 * time.Hour)
	if d, _ := k.desk(); d.Hours.OnDuty(k.now) {
		t.Error("open past its horizon")
	}
}

// TestAChangeNeverOpens removes a rest while the desk is in it, and adds one to a desk on duty.
func TestAChangeNeverOpens(t *testing.T) {
	k := openKept(t)
	k.write("office.ics", icsDay("20240327", "Stocktaking"))
	k.must(k.SetUp(t.Context(), k.setup("", "ics office.ics")))
	k.now = at("2024-03-27 12:00")
	k.later(0)
	k.write("office.ics", icsDay("20240329", "Stocktaking"))
	k.later(time.Minute)
	d, _ := k.desk()
	if _, resting := d.Hours.Rests(k.now); !resting {
		t.Error("a change opened the desk")
	}
	wantRest(t, d, "2024-03-25 00:00", "2024-03-27 04:00", "2024-03-28 04:00", "Stocktaking")
	wantRest(t, d, "2024-03-28 00:00", "2024-03-29 04:00", "2024-03-30 04:00", "Stocktaking")
	k.now = at("2024-03-31 12:00")
	k.later(time.Minute)
	k.write("office.ics", icsDay("20240331", "Today"))
	k.later(time.Minute)
	k.later(time.Second)
	var newest record.Duty
	k.must(k.db.Read(t.Context(), func(q *store.Query) error {
		e, _, err := q.Newest(record.KindDuty, string(d.ID))
		if err != nil {
			return err
		}
		newest, err = record.Decode[record.Duty](e)
		return err
	}))
	if newest.Open || newest.Window.Name != "Today" || len(newest.Missed) > 0 {
		t.Errorf("a desk that a change sent to rest is told of as %+v", newest)
	}
}

// TestTheConfigurationAndTheNewsroom: whichever changed last is right.
func TestTheConfigurationAndTheNewsroom(t *testing.T) {
	k := openKept(t)
	k.must(k.SetUp(t.Context(), k.setup("")))
	_, head := k.desk()
	k.must(k.Reconcile(t.Context(), k.setup("")))
	if _, n := k.desk(); n != head {
		t.Fatal("the same configuration made", n-head, "entries")
	}
	who, err := k.Acting(t.Context(), "Rina")
	k.must(err)
	d, _ := k.desk()
	d.Settings.Lighting = "30m"
	_, err = k.SetDesk(t.Context(), who, "settings-of-a-desk-1", d.ID, d.Settings)
	k.must(err)
	k.open()
	k.must(k.Reconcile(t.Context(), k.setup("")))
	if d, _ := k.desk(); d.Settings.Lighting != "30m" {
		t.Error("a start undid what the newsroom said:", d.Settings.Lighting)
	}
	changed := k.setup("")
	changed.Desks[0].Lighting = "25m"
	k.must(k.Reconcile(t.Context(), changed))
	if d, _ := k.desk(); d.Settings.Lighting != "25m" {
		t.Error("a changed configuration was not applied:", d.Settings.Lighting)
	}
	k.must(k.SetMenus(t.Context(), who, "menus-of-the-house-1", newsroom.Menus{"en": {{Label: "About", Address: "/about"}}}))
	k.must(k.SetLook(t.Context(), who, "look-of-the-house-01", newsroom.LookWish{Look: record.Look{Columns: 4, Light: record.Colours{Paper: "#ffffff"}}}))
	other := k.setup("")
	other.Desks[0].Lighting = "25m"
	other.House.Masthead = record.Words{"en": "A paper."}
	k.must(k.Reconcile(t.Context(), other))
	if h, err := k.House(t.Context()); err != nil || h.House.Masthead["en"] != "A paper." || len(h.House.Desks) != 1 || len(h.House.Menus["en"]) != 1 || h.House.Look == nil || h.House.Look.Columns != 4 {
		t.Error("the house was not changed:", h.House, err)
	}
}

// TestTheHouseMovesItsDesks: a desk that keeps the house's rest follows the seat's.
func TestTheHouseMovesItsDesks(t *testing.T) {
	k := openKept(t)
	k.must(k.SetUp(t.Context(), k.setup(newsroom.HouseRest)))
	changed := k.setup(newsroom.HouseRest)
	changed.Seat.Lighting, changed.Seat.Margin = "20m", "5m"
	k.must(k.Reconcile(t.Context(), changed))
	d, _ := k.desk()
	wantRest(t, d, "2024-03-20 00:00", "2024-03-22 15:27", "2024-03-23 16:34", "Shabbat")
}

// TestTheHebrewDaysReachAhead: they are there when the house shows the Hebrew date, and are
// renewed before they run out.
func TestTheHebrewDaysReachAhead(t *testing.T) {
	k := openKept(t)
	s := k.setup("")
	s.House.HebrewDate = true
	k.must(k.SetUp(t.Context(), s))
	k.later(0)
	days := func() []record.HebrewDay {
		h, err := k.House(t.Context())
		k.must(err)
		return h.House.HebrewDays
	}
	first := days()
	for i, d := range first {
		if i > 0 && d.Sunset.Sub(first[i-1].Sunset) > 25*time.Hour {
			t.Error("a hole before", d)
		}
		if d.Sunset.Format(time.DateOnly) == "2024-03-24" && (d.Day != 15 || d.Month != 13 || d.Year != 5784) {
			t.Error("the day after Purim 2024 begins as", d)
		}
	}
	k.later(101 * 24 * time.Hour)
	if last := days()[len(days())-1]; last.Sunset.Sub(k.now) < 398*24*time.Hour {
		t.Error("not renewed:", last)
	}
}

// TestSunlessByTheNameOfACity has a desk keep the hours of a city of the gazetteer.
func TestSunlessByTheNameOfACity(t *testing.T) {
	zones := zone.Built()
	named, err := newsroom.ParseSunless("city Oslo", zones.Load)
	if err != nil {
		t.Fatal(err)
	}
	given, err := newsroom.ParseSunless(named.String(), zones.Load)
	if err != nil || given != named || named.Like.Name != "Oslo" || named.Like.Place.Zone.String() != "Europe/Oslo" {
		t.Errorf("by its name %v, by its coordinates %v, %v", named, given, err)
	}
	for text, want := range map[string]string{"city Springfield": "Springfield, Missouri, US", "city": "no rule", "city Oslo 59.9 10.7 Europe/Nowhere": "Europe/Nowhere"} {
		if _, err := newsroom.ParseSunless(text, zones.Load); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
