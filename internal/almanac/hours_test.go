package almanac

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// changes are days on which clocks were changed, each in its own odd way.
var changes = []struct{ zone, day, what string }{
	{"America/New_York", "2024-03-10", "an hour is left out"},
	{"America/New_York", "2024-11-03", "an hour comes twice"},
	{"Australia/Lord_Howe", "2024-04-07", "half an hour comes twice"},
	{"Australia/Lord_Howe", "2024-10-06", "half an hour is left out"},
	{"America/Santiago", "2024-04-07", "the hour before midnight comes twice"},
	{"America/Santiago", "2024-09-08", "the day begins at one"},
	{"America/St_Johns", "2006-10-29", "midnight comes twice, at a minute past it"},
	{"Antarctica/Troll", "2024-03-31", "two hours are left out"},
	{"Africa/Casablanca", "2024-03-10", "an hour comes twice, for Ramadan"},
	{"Europe/Moscow", "2011-03-27", "for good"},
	{"Asia/Pyongyang", "2015-08-15", "half an hour comes twice, at midnight"},
	{"Pacific/Apia", "2011-12-30", "a Friday is left out"},
	{"Pacific/Kiritimati", "1994-12-31", "a Saturday is left out"},
	{"Pacific/Kwajalein", "1969-09-30", "a Tuesday comes twice"},
	{"Asia/Manila", "1899-12-31", "from the sun's time"},
	{"America/New_York", "2040-12-31", "nothing: the last day of a leap year, far ahead"},
	{"UTC", "2024-03-10", "nothing"},
}

// shown is what a zone's clock shows at an instant, in whole minutes.
func shown(at time.Time, zone *time.Location) reading {
	t := at.In(zone)
	return dateOf(at, zone).midnight() + reading(t.Hour()*60+t.Minute())
}

// TestWallShows walks the minutes around each change and wants the first and last at which
// the clock showed a reading; of one that it never showed, the jump itself and what it
// would have been without.
func TestWallShows(t *testing.T) {
	for _, c := range changes {
		loc := zoneOf(t, c.zone)
		day := civil(t, c.day)
		if c.zone == "Asia/Manila" {
			continue // of no whole minutes; see TestRestsFromTheSunsTime
		}
		first, last := map[reading]int64{}, map[reading]int64{}
		jumped := map[reading]bool{}
		noon := time.Unix(int64(day)*86400+43200, 0)
		before := shown(noon.AddDate(0, 0, -3), loc)
		for at := noon.AddDate(0, 0, -3); at.Before(noon.AddDate(0, 0, 3)); at = at.Add(time.Minute) {
			now := shown(at, loc)
			for r := before + 1; r < now; r++ {
				first[r], last[r], jumped[r] = at.Unix(), at.Unix()+int64(r-before-1)*60, true
			}
			if _, seen := first[now]; !seen {
				first[now] = at.Unix()
			}
			last[now], before = at.Unix(), now
		}
		if len(jumped) == 0 && len(first) == 6*dayLong && !strings.HasPrefix(c.what, "nothing") {
			t.Errorf("%s: no change around %s", c.zone, c.day)
		}
		w := wall{zone: loc}
		for r := day.midnight() - dayLong; r < day.midnight()+2*dayLong; r++ {
			if f, l := w.shows(r); f != first[r] || l != last[r] {
				t.Fatalf("%s, %s: %s %s is shown at %s and %s, want %s and %s", c.zone, c.what, r.date(), r.clockFace(),
					time.Unix(f, 0).UTC(), time.Unix(l, 0).UTC(), time.Unix(first[r], 0).UTC(), time.Unix(last[r], 0).UTC())
			}
		}
	}
}

// TestRestsAcrossChanges wants the rest of two hours that a change of the clock touches.
func TestRestsAcrossChanges(t *testing.T) {
	for _, c := range []struct{ zone, line, at, start, end string }{
		// Left out: from the jump, and to as late as if there had been none.
		{"America/New_York", "nights 02:30 - 06:00", "2024-03-10", "2024-03-10T07:00:00Z", "2024-03-10T10:00:00Z"},
		{"America/New_York", "nights 23:00 - 02:30", "2024-03-10", "2024-03-10T04:00:00Z", "2024-03-10T07:30:00Z"},
		{"Australia/Lord_Howe", "nights 02:10 - 06:00", "2024-10-06", "2024-10-05T15:30:00Z", "2024-10-05T19:00:00Z"},
		{"Australia/Lord_Howe", "nights 23:00 - 02:10", "2024-10-06", "2024-10-05T12:30:00Z", "2024-10-05T15:40:00Z"},
		{"America/Santiago", "weekly Sun", "2024-09-08", "2024-09-08T04:00:00Z", "2024-09-09T03:00:00Z"},
		{"America/Santiago", "weekly Sat", "2024-09-07", "2024-09-07T04:00:00Z", "2024-09-08T04:00:00Z"},
		// Twice: from the first, to the last.
		{"America/New_York", "nights 01:30 - 06:00", "2024-11-03", "2024-11-03T05:30:00Z", "2024-11-03T11:00:00Z"},
		{"America/New_York", "nights 23:00 - 01:30", "2024-11-03", "2024-11-03T03:00:00Z", "2024-11-03T06:30:00Z"},
		{"America/New_York", "nights 01:15 - 01:45", "2024-11-03", "2024-11-03T05:15:00Z", "2024-11-03T06:45:00Z"},
		{"Australia/Lord_Howe", "nights 01:40 - 06:00", "2024-04-07", "2024-04-06T14:40:00Z", "2024-04-06T19:30:00Z"},
		{"Australia/Lord_Howe", "nights 23:00 - 01:40", "2024-04-07", "2024-04-06T12:00:00Z", "2024-04-06T15:10:00Z"},
		{"America/Santiago", "weekly Sat", "2024-04-06", "2024-04-06T03:00:00Z", "2024-04-07T04:00:00Z"},
		{"America/St_Johns", "sunday", "2006-10-29", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"},
		{"America/St_Johns", "weekly Sat", "2006-10-28", "2006-10-28T02:30:00Z", "2006-10-29T03:30:00Z"},
		// Samoa had no 30 December 2011, a Friday: it went from Thursday's midnight to Saturday.
		{"Pacific/Apia", "weekly Fri 14:00 - Sun 08:00", "2011-12-31", "2011-12-30T10:00:00Z", "2011-12-31T18:00:00Z"},
		{"Pacific/Apia", "weekly Wed 14:00 - Fri 08:00", "2011-12-29", "2011-12-29T00:00:00Z", "2011-12-30T18:00:00Z"},
		{"Pacific/Apia", "nights 23:00 - 06:00", "2011-12-31", "2011-12-30T09:00:00Z", "2011-12-30T16:00:00Z"},
		{"Pacific/Apia", "weekly Thu", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
	} {
		d := Desk{Place: Place{Zone: zoneOf(t, c.zone)}}
		cal, err := Keep(d, c.line)
		if err != nil {
			t.Fatal(c.line, err)
		}
		want := span(t, c.start, c.end)
		got := rests(t, cal, want.Start, want.End)
		if len(got) != 1 || !sameSpan(got[0], want) {
			t.Errorf("%s %s, %s:\ngot  %v\nwant %v", c.zone, c.line, c.at, got, want)
		}
	}
}

// TestADateThatNeverWas is not kept, as there is no instant of it.
func TestADateThatNeverWas(t *testing.T) {
	samoa := Place{Lat: -13.8333, Lon: -171.7667, Zone: zoneOf(t, "Pacific/Apia")}
	for _, line := range []string{"weekly Fri", "friday-prayer 12:45 90m", "friday-prayer noon 90m", "closure 2011-12-30"} {
		cal, err := Keep(Desk{Place: samoa, Custom: usual}, line)
		if err != nil {
			t.Fatal(err)
		}
		if got := rests(t, cal, instant(t, "2011-12-29T00:00:00Z"), instant(t, "2012-01-02T00:00:00Z")); len(got) != 0 {
			t.Errorf("%s: %v", line, got)
		}
	}
}

// TestRestsFromTheSunsTime wants whole minutes, outward, of a zone whose offset had
// seconds: Manila was 8:03:52 ahead in 1900.
func TestRestsFromTheSunsTime(t *testing.T) {
	manila := zoneOf(t, "Asia/Manila")
	_, offset := time.Date(1890, 1, 1, 0, 0, 0, 0, manila).Zone()
	if offset%60 == 0 {
		t.Fatal("Manila's offset has no seconds any more:", offset)
	}
	cal, err := Keep(Desk{Place: Place{Zone: manila}}, "nights 23:00 - 06:00")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(1890, 1, 10, 23, 30, 0, 0, manila)
	got := rests(t, cal, from, from)
	start, end := time.Date(1890, 1, 10, 23, 0, 0, 0, manila), time.Date(1890, 1, 11, 6, 0, 0, 0, manila)
	if len(got) != 1 || start.Sub(got[0].Start) <= 0 || start.Sub(got[0].Start) >= time.Minute ||
		got[0].End.Sub(end) <= 0 || got[0].End.Sub(end) >= time.Minute {
		t.Errorf("%v, want %s to %s, outward", got, start.UTC(), end.UTC())
	}
}

// TestClosedWhileTheClockSaysSo walks every change by minutes and wants a desk to rest at
// each whose local weekday and hour are within its rule, however often they come.
func TestClosedWhileTheClockSaysSo(t *testing.T) {
	for _, c := range changes {
		loc := zoneOf(t, c.zone)
		noon := time.Unix(int64(civil(t, c.day))*86400+43200, 0).UTC()
		for _, rule := range []struct {
			line       string
			begin, end reading // of the day
		}{
			{"nights 23:00 - 06:00", 23 * 60, 6 * 60},
			{"nights 02:15 - 03:10", 135, 190},
			{"nights 00:00 - 02:00", 0, 120},
			{"nights 01:30 - 01:15", 90, 75},
		} {
			cal, err := Keep(Desk{Place: Place{Zone: loc}}, rule.line)
			if err != nil {
				t.Fatal(err)
			}
			windows := rests(t, cal, noon.AddDate(0, 0, -3), noon.AddDate(0, 0, 3))
			for at := noon.AddDate(0, 0, -3); at.Before(noon.AddDate(0, 0, 3)); at = at.Add(time.Minute) {
				hour := shown(at, loc)
				hour -= hour.date().midnight()
				within := hour >= rule.begin && hour < rule.end
				if rule.end < rule.begin {
					within = hour >= rule.begin || hour < rule.end
				}
				if _, resting := At(windows, at); within && !resting {
					t.Fatalf("%s, %s: open at %s", c.zone, rule.line, at.In(loc))
				}
			}
		}
	}
}

// TestNightsUnite wants nights that touch a closure, or each other by a change of the
// clock, to be one rest.
func TestNightsUnite(t *testing.T) {
	cal, err := Keep(Desk{Place: Place{Zone: zoneOf(t, "Europe/London")}},
		"nights 23:00 - 06:00", "closure 2024-07-02 06:00 - 2024-07-02 23:00 Staff day")
	if err != nil {
		t.Fatal(err)
	}
	at := instant(t, "2024-07-02T11:00:00Z")
	want := span(t, "2024-07-01T22:00:00Z", "2024-07-03T05:00:00Z")
	want.Name = "Night + Staff day"
	want.Rule = "nights 23:00 - 06:00 + closure 2024-07-02 06:00 - 2024-07-02 23:00"
	if got := rests(t, cal, at, at); !slices.Equal(got, []Window{want}) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
