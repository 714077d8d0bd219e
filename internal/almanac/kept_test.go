package almanac

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	athens    = Place{Lat: 37.9838, Lon: 23.7275}
	dubai     = Place{Lat: 25.2048, Lon: 55.2708}
	london    = Place{Lat: 51.5074, Lon: -0.1278}
	reykjavik = Place{Lat: 64.1466, Lon: -21.9426}
)

// keepIn is the calendar of a place in a zone that keeps lines.
func keepIn(t testing.TB, p Place, zone string, lines ...string) Calendar {
	t.Helper()
	p.Zone = zoneOf(t, zone)
	cal, err := Keep(Desk{Place: p, Custom: usual}, lines...)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// wantRests compares the windows of a span, all of them, with those in words.
func wantRests(t *testing.T, cal Calendar, from, to string, want ...Window) {
	t.Helper()
	got := rests(t, cal, instant(t, from), instant(t, to))
	if !slices.Equal(got, want) {
		t.Errorf("from %s to %s:", from, to)
		for _, w := range got {
			t.Errorf("got  %v", w)
		}
		for _, w := range want {
			t.Errorf("want %v", w)
		}
	}
}

func window(t testing.TB, start, end, name, rule, fallback string) Window {
	t.Helper()
	return Window{instant(t, start), instant(t, end), name, rule, fallback}
}

// refuses wants one clear sentence for each line.
func refuses(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		_, err := Keep(Desk{Place: Place{Zone: time.UTC}}, line)
		sentence(t, line, err)
	}
}

// FuzzKeep wants a calendar that keeps the promises, or one line that says why not.
func FuzzKeep(f *testing.F) {
	for _, lines := range examples {
		for _, line := range lines {
			f.Add(line, int64(1325203200))
		}
	}
	for _, line := range []string{"", "closure", "nights --", "weekly - -", "eid ==", "yearly \x00", "easter-western \xff", "friday-prayer noon 1e9h"} {
		f.Add(line, int64(4102444800))
	}
	f.Fuzz(func(t *testing.T, line string, unix int64) {
		d := Desk{Place: Place{Lat: -13.8333, Lon: -171.7667, Zone: zoneOf(t, "Pacific/Apia")}, Custom: usual}
		cal, err := Keep(d, line)
		if err != nil {
			if s := err.Error(); s == "" || strings.ContainsAny(s, "\n\r\x00") {
				t.Fatalf("%q is refused with %q", line, s)
			}
			return
		}
		from := time.Unix(unix, 0)
		if windows, err := cal.Rests(from, from.AddDate(0, 0, 40)); err == nil {
			checkSound(t, windows, from, from.AddDate(0, 0, 40))
		}
	})
}
