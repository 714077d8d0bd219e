package feed_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/internal/almanac"
	"dateline/internal/feed"
)

var icalStamp = time.Date(2026, 3, 1, 9, 30, 0, 0, time.FixedZone("", 2*3600))

// icalWindows are rests with what a calendar must know how to write.
func icalWindows() []almanac.Window {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 4, day, hour, minute, 0, 0, time.UTC) }
	return []almanac.Window{
		{Start: at(1, 15, 21), End: at(2, 16, 35), Name: "Pesach I", Rule: "sunset-40m / 8.5°"},
		{Start: at(3, 15, 22), End: at(4, 16, 37), Name: `Shabbat; "the great", \of Pesach`, Rule: "sunset-40m / 8.5°"},
		{Start: at(21, 21, 0), End: at(22, 21, 0), Name: strings.Repeat("יום העצמאות ", 12) + "🇮🇱🇮🇱🇮🇱", Rule: "ics il.ics"},
		{Start: at(24, 15, 36), End: at(25, 21, 41), Name: "Shabbat\r\nX:\x07\xff", Rule: "sunset-40m / 8.5°", Fallback: "no nightfall: solar midnight"},
	}
}

func icalendar(t *testing.T, windows []almanac.Window) []byte {
	t.Helper()
	body, err := feed.ICalendar("Jerusalem, when it rests – ירושלים", "jerusalem@news.example", windows, icalStamp)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestICalendar(t *testing.T) {
	body := icalendar(t, icalWindows())
	golden(t, "testdata/rests.ics", body)
	golden(t, "testdata/empty.ics", icalendar(t, nil))
	for i, line := range strings.Split(strings.TrimSuffix(string(body), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x07") {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
}

// TestICalendarIsReadBack reads what was written as a desk's calendar file.
func TestICalendarIsReadBack(t *testing.T) {
	windows := icalWindows()
	c, err := almanac.Keep(almanac.Desk{Place: almanac.Place{Zone: time.UTC}, File: func(string) ([]byte, error) { return icalendar(t, windows), nil }}, "ics a.ics")
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Rests(windows[0].Start, windows[len(windows)-1].End)
	if err != nil {
		t.Fatal(err)
	}
	windows[2].Name = string([]rune(windows[2].Name)[:79]) + "…" // as long as names are there
	windows[3].Name = "Shabbat X: \ufffd"
	if !slices.EqualFunc(got, windows, func(a, b almanac.Window) bool {
		return a.Start.Equal(b.Start) && a.End.Equal(b.End) && a.Name == b.Name
	}) {
		t.Errorf("got  %v\nwant %v", got, windows)
	}
}

// TestICalendarUIDs wants an event to be known again when the others are not there.
func TestICalendarUIDs(t *testing.T) {
	uids := func(body []byte) (all []string) {
		for line := range bytes.SplitSeq(body, []byte("\r\n")) {
			if bytes.HasPrefix(line, []byte("UID:")) {
				all = append(all, string(line))
			}
		}
		return all
	}
	all, later := uids(icalendar(t, icalWindows())), uids(icalendar(t, icalWindows()[2:]))
	if len(all) != 4 || !slices.Equal(all[2:], later) || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 4 {
		t.Errorf("UIDs %q, then %q", all, later)
	}
}

func TestICalendarRefuses(t *testing.T) {
	at := icalWindows()[0].Start
	for what, c := range map[string]struct {
		id string
		w  almanac.Window
	}{
		"no id":             {"", icalWindows()[0]},
		"an id of two":      {"a\r\nX:1", icalWindows()[0]},
		"a rest of no time": {"a@b", almanac.Window{Start: at, End: at}},
		"a rest backwards":  {"a@b", almanac.Window{Start: at, End: at.Add(-time.Hour)}},
	} {
		if body, err := feed.ICalendar("A", c.id, []almanac.Window{c.w}, icalStamp); err == nil {
			t.Errorf("%s gives\n%s", what, body)
		}
	}
}
