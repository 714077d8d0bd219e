package edition

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/zone"
)

// friday is the invented house on the weekend of 22 March 2024.
func friday(t *testing.T) (House, []Desk) {
	t.Helper()
	load := func(name string) *time.Location {
		z, err := zone.Built().Load(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	at := func(s string) time.Time {
		x, err := time.Parse("2006-01-02T15:04Z", s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	desk := func(id, en, he, zone, start, end string, followers ...story.DeskID) Desk {
		names := record.Words{"en": en, "he": he}
		d := Desk{ID: story.DeskID(id), N: 1, Zone: load(zone), Desk: record.Desk{Slug: id, Names: names, Followers: followers, Place: record.Place{City: names, Zone: zone}}}
		d.Hours = story.Hours{Entry: 1, From: at("2024-03-01T00:00Z"), Horizon: at("2025-03-01T00:00Z"),
			Windows: []almanac.Window{{Start: at(start), End: at(end), Name: "Shabbat"}}}
		return d
	}
	seat := record.Place{City: record.Words{"en": "Jerusalem", "he": "ירושלים"}, Zone: "Asia/Jerusalem"}
	h := House{House: record.House{Seat: seat, Languages: []string{"en", "he"}}, Zone: load("Asia/Jerusalem")}
	return h, []Desk{
		desk("jerusalem", "Jerusalem", "ירושלים", "Asia/Jerusalem", "2024-03-22T15:12Z", "2024-03-23T16:29Z", "new-york", "london"),
		desk("new-york", "New York", "ניו יורק", "America/New_York", "2024-03-22T22:52Z", "2024-03-23T23:53Z", "jerusalem", "london"),
		desk("london", "London", "לונדון", "Europe/London", "2024-03-22T17:59Z", "2024-03-23T19:10Z", "new-york", "jerusalem"),
	}
}

func TestNotice(t *testing.T) {
	h, desks := friday(t)
	for _, c := range []struct {
		at, lang string
		page     int // 0: the house's own
		want     string
	}{
		{"2024-03-22T15:12:00Z", "en", 0, "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T17:59:00Z", "en", 0, "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T15:12:00Z", "en", 1, "The Jerusalem desk rests until Saturday 18:29. The New York and London desks update."},
		{"2024-03-22T22:51:59.999999Z", "en", 0, "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T22:52:00Z", "en", 0, "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-22T22:52:00Z", "en", 2, "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-23T16:28:59.999999Z", "en", 0, "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-23T16:29:00Z", "en", 0, "The Jerusalem desk updates."},
		{"2024-03-23T19:10:00Z", "en", 0, "The Jerusalem and London desks update."},
		{"2024-03-23T23:53:00Z", "en", 0, "The Jerusalem, New York and London desks update."},
		{"2025-03-02T00:00:00Z", "en", 1, "The Jerusalem desk is closed."},
		{"2025-03-02T00:00:00Z", "en", 0, "No desk is on duty."},
		{"2024-03-22T22:52:00Z", "he", 0, "אין דסק תורן עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים."},
	} {
		at, err := time.Parse(time.RFC3339Nano, c.at)
		if err != nil {
			t.Fatal(err)
		}
		m := MomentAt(h, desks, at)
		var page *Desk
		if c.page > 0 {
			page = &desks[c.page-1]
		}
		got := Notice(m, page, c.lang).String()
		if got != c.want {
			t.Errorf("%s, page %d:\n got %s\nwant %s", c.at, c.page, got, c.want)
		}
		if utf8.RuneCountInString(got) > 160 || strings.Contains(got, "  ") {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(got), got)
		}
	}
}

// TestAMomentKnowsWhenItChanges: within it nothing of it changes, at its end something does.
func TestAMomentKnowsWhenItChanges(t *testing.T) {
	h, desks := friday(t)
	at := time.Date(2024, 3, 21, 0, 0, 0, 0, time.UTC)
	for range 12 {
		m := MomentAt(h, desks, at)
		if m.End.IsZero() {
			return // the horizon is behind: nothing will change any more
		}
		last := MomentAt(h, desks, m.End.Add(-time.Microsecond))
		if !last.Start.Equal(m.Start) || Notice(last, nil, "en") != Notice(m, nil, "en") {
			t.Errorf("the moment from %s changes before %s", m.Start, m.End)
		}
		if next := MomentAt(h, desks, m.End); !next.Start.Equal(m.End) {
			t.Errorf("nothing begins at %s", m.End)
		}
		at = m.End
	}
}
