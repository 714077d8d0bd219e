package almanac

import (
	"testing"
	"time"
)

// TestAcrossTheDateLine wants the Shabbat on which a zone jumped a day to last from one
// evening to the next nightfall of the sun, and its neighbours undisturbed. The instants
// are IAU SOFA's, rounded outward.
func TestAcrossTheDateLine(t *testing.T) {
	for _, c := range []struct {
		city
		what string
		want Window
	}{
		{
			city{City: "Apia", Zone: "Pacific/Apia", Lat: -13.8333, Lon: -171.7667},
			"its eve, Friday 30 December 2011, never was: from Thursday's evening",
			span(t, "2011-12-30T05:39:00Z", "2011-12-31T06:33:00Z"),
		},
		{
			city{City: "Kiritimati", Zone: "Pacific/Kiritimati", Lat: 1.9833, Lon: -157.4667},
			"Saturday 31 December 1994 never was: to Sunday's nightfall",
			span(t, "1994-12-31T04:14:00Z", "1995-01-01T05:07:00Z"),
		},
		{
			city{City: "Kwajalein", Zone: "Pacific/Kwajalein", Lat: 8.7167, Lon: 167.7333},
			"Saturday 21 August 1993 never was: to Sunday's nightfall",
			span(t, "1993-08-21T06:45:00Z", "1993-08-22T07:35:00Z"),
		},
		{
			city{City: "Kwajalein", Zone: "Pacific/Kwajalein", Lat: 8.7167, Lon: 167.7333},
			"30 September 1969 came twice, in midweek",
			span(t, "1969-10-04T06:20:00Z", "1969-10-05T07:10:00Z"),
		},
	} {
		mid := c.want.Start.Add(c.want.End.Sub(c.want.Start) / 2)
		got := rests(t, keepShabbat(t, c.place(t), usual), mid.AddDate(0, 0, -8), mid.AddDate(0, 0, 8))
		if len(got) != 3 || !sameSpan(got[1], c.want) {
			t.Errorf("%s, %s:\ngot  %v\nwant %v in the middle", c.City, c.what, got, c.want)
			continue
		}
		for _, w := range []Window{got[0], got[2]} {
			if d := w.End.Sub(w.Start); d > 26*time.Hour {
				t.Errorf("%s: a neighbour of %s: %v", c.City, d, w)
			}
		}
	}
}

// TestSkippedFriday wants a Friday that never came to rest over the solar day after its
// eve, which is Shabbat's, whether Shabbat is kept as well or not.
func TestSkippedFriday(t *testing.T) {
	apia := Place{Lat: -13.8333, Lon: -171.7667, Zone: zoneOf(t, "Pacific/Apia")}
	at := instant(t, "2011-12-30T20:00:00Z")
	for name, lines := range map[string][]string{
		"Friday (date line)":           {"extra-day-before"},
		"Friday (date line) + Shabbat": {"extra-day-before", "shabbat"},
	} {
		got := rests(t, keep(t, apia, usual, lines...), at, at)
		if want := span(t, "2011-12-30T05:39:00Z", "2011-12-31T06:33:00Z"); len(got) != 1 || !sameSpan(got[0], want) || got[0].Name != name {
			t.Errorf("got  %v\nwant %v %s", got, want, name)
		}
	}
}

// TestSkippedWorkingDay makes one rest of two, where the only day between never came.
func TestSkippedWorkingDay(t *testing.T) {
	apia := Place{Lat: -13.8333, Lon: -171.7667, Zone: zoneOf(t, "Pacific/Apia")}
	c, err := newEvenings(Desk{Place: apia, Custom: usual}, shabbat.named,
		func(d date, _ bool) string { return onWeekday(d, time.Thursday, "Thursday") })
	if err != nil {
		t.Fatal(err)
	}
	from := instant(t, "2011-12-25T20:00:00Z")
	got := rests(t, c, from, from.AddDate(0, 0, 7))
	checkWindows(t, got, from, from.AddDate(0, 0, 7))
	want := span(t, "2011-12-29T05:38:00Z", "2011-12-31T06:33:00Z")
	if len(got) != 1 || !sameSpan(got[0], want) || got[0].Name != "Thursday + Shabbat" {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for _, at := range []time.Time{want.Start, want.End.Add(-1)} {
		if again := rests(t, c, at, at); len(again) != 1 || again[0] != got[0] {
			t.Errorf("at %s: %v", at, again)
		}
	}
}

// TestDaysOf wants whole solar days for dates that never came and all of them for one
// that came twice, whichever weekday they were.
func TestDaysOf(t *testing.T) {
	s := skyOver(Place{Lon: 167.7333})
	loc := zoneOf(t, "Pacific/Kwajalein")
	for _, c := range []struct {
		day  string
		span int // solar days from the eve to the end
	}{
		{"1969-09-29", 1},
		{"1969-09-30", 2}, // came twice
		{"1969-10-01", 2}, // its eve came twice
		{"1993-08-20", 1},
		{"1993-08-21", 1}, // never came
		{"1993-08-22", 1},
	} {
		d := civil(t, c.day)
		if eve, end := s.daysOf(d, d, loc); end-eve != c.span {
			t.Errorf("%s: solar days %d to %d, want a span of %d", c.day, eve, end, c.span)
		}
	}
}

func TestDates(t *testing.T) {
	for d := date(-30000); d < 100000; d += 7 {
		for back := range date(7) {
			noon, ok := (d + back).noon(time.UTC)
			if !ok || dateOf(noon, time.UTC) != d+back || noon.Weekday() != (d+back).weekday() {
				t.Fatalf("date %d: noon %s, %t, %s", d+back, noon, ok, (d + back).weekday())
			}
		}
	}
}
