package almanac

import (
	"strings"
	"testing"
	"time"
)

// The tables in testdata: every instant was computed with IAU SOFA and agreed to by
// at least two other calculators. Windows are rounded outward to the minute, the exact
// bounds to the second; sunset and nightfall are absent where there is none.

type city struct {
	City, Zone        string
	Lat, Lon          float64
	Israel            bool
	Lighting, Minutes int
	Degrees           float64
}

func (c city) place(t testing.TB) Place {
	return Place{Lat: c.Lat, Lon: c.Lon, Zone: zoneOf(t, c.Zone), Israel: c.Israel}
}

func (c city) rule() Custom {
	return Custom{Lighting: time.Duration(c.Lighting) * time.Minute, Nightfall: Nightfall{c.Degrees, c.Minutes}}
}

type vector struct {
	city
	ID, Name, Why        string
	First, Last          string // its dates
	Start, End           time.Time
	StartExact, EndExact time.Time
}

func TestVectors(t *testing.T) {
	all := load[vector](t, "vectors.json")
	if len(all) != 86 {
		t.Errorf("%d windows, want 86", len(all))
	}
	for _, v := range all {
		got := rests(t, keep(t, v.place(t), v.rule(), "shabbat", "yomtov"), v.Start, v.End)
		want := Window{v.Start, v.End, v.Name, v.rule().String(), ""}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s %s, %s:\ngot  %v\nwant %v", v.ID, v.City, v.Why, got, want)
		}
	}
}

func TestVectorsBeforeRounding(t *testing.T) {
	for _, v := range load[vector](t, "vectors.json") {
		tolerance := 10 * time.Second
		if v.Lat > 66 || v.Lat < -66 {
			tolerance = time.Minute
		}
		e := keep(t, v.place(t), v.rule(), "shabbat", "yomtov").(*evenings)
		first, last := civil(t, v.First), civil(t, v.Last)
		eve, end := e.sky.daysOf(first, last, e.place.Zone)
		evening, _ := e.begin(eve, first-1)
		nightfall, _ := e.end(end, last, evening)
		near(t, v.ID+" start", evening-e.rule.Lighting.Seconds(), v.StartExact, tolerance)
		near(t, v.ID+" end", nightfall, v.EndExact, tolerance)
	}
}

func TestInstants(t *testing.T) {
	type row struct {
		city
		At      time.Time
		Resting bool
		Why     string
	}
	all := load[row](t, "instants.json")
	if len(all) != 34 {
		t.Errorf("%d instants, want 34", len(all))
	}
	for _, v := range all {
		windows := rests(t, keep(t, v.place(t), v.rule(), "shabbat", "yomtov"), v.At, v.At)
		if _, resting := At(windows, v.At); resting != v.Resting {
			t.Errorf("%s at %s: resting %t, want %t: %s", v.City, v.At, resting, v.Resting, v.Why)
		}
	}
}

type polarDay struct {
	city
	Date              string
	Noon, Midnight    time.Time
	Sunset, Nightfall time.Time // zero if there is none
}

func TestPolarSun(t *testing.T) {
	all := load[polarDay](t, "polar.json")
	if len(all) != 25 {
		t.Errorf("%d polar days, want 25", len(all))
	}
	for _, v := range all {
		what := v.City + " " + v.Date
		s := skyOver(v.place(t))
		d := s.day(s.dayOf(civil(t, v.Date), zoneOf(t, v.Zone)))
		near(t, what+" noon", d.noon, v.Noon, 3*time.Second)
		near(t, what+" midnight", d.midnight, v.Midnight, 3*time.Second)
		event(t, what+" sunset", d, sunsetSine, v.Sunset)
		event(t, what+" nightfall", d, sineBelow(8.5), v.Nightfall)
	}
}

// TestPolarWindows wants the named fallback, and no other, on every polar date that is
// a Friday or a Saturday, and the ends that it names.
func TestPolarWindows(t *testing.T) {
	for _, v := range load[polarDay](t, "polar.json") {
		day := civil(t, v.Date)
		if day.weekday() != time.Friday && day.weekday() != time.Saturday {
			continue
		}
		w := rests(t, keepShabbat(t, v.place(t), usual), v.Midnight, v.Midnight)
		if day.weekday() == time.Saturday {
			w = rests(t, keepShabbat(t, v.place(t), usual), v.Noon, v.Noon)
		}
		if len(w) != 1 || w[0].End.Sub(w[0].Start) < 24*time.Hour {
			t.Errorf("%s %s: %v", v.City, v.Date, w)
			continue
		}
		if day.weekday() == time.Friday {
			checkPolarStart(t, v, w[0])
		} else {
			checkPolarEnd(t, v, w[0])
		}
	}
}

func checkPolarStart(t *testing.T, v polarDay, w Window) {
	summer := v.Lat > 0 == (v.Noon.Month() == time.June)
	begins, name := v.Sunset, ""
	switch {
	case v.Sunset.IsZero() && summer:
		begins, name = v.Noon.Add(6*time.Hour), "sun never sets: 6 hours after solar noon"
	case v.Sunset.IsZero():
		begins, name = v.Noon, "sun never rises: solar noon"
	}
	if want := begins.Truncate(time.Minute).Add(-usual.Lighting); !w.Start.Equal(want) {
		t.Errorf("%s %s: starts %s, want %s", v.City, v.Date, w.Start, want)
	}
	if strings.Contains(w.Fallback, "sun never") != (name != "") || !strings.Contains(w.Fallback, name) {
		t.Errorf("%s %s: fallback %q, want %q", v.City, v.Date, w.Fallback, name)
	}
}

func checkPolarEnd(t *testing.T, v polarDay, w Window) {
	ends, name := v.Nightfall, ""
	if v.Nightfall.IsZero() {
		ends, name = v.Midnight, "no nightfall: solar midnight"
	}
	if want := ends.Add(time.Minute - 1).Truncate(time.Minute); !w.End.Equal(want) {
		t.Errorf("%s %s: ends %s, want %s", v.City, v.Date, w.End, want)
	}
	if strings.Contains(w.Fallback, "nightfall") != (name != "") || !strings.Contains(w.Fallback, name) {
		t.Errorf("%s %s: fallback %q, want %q", v.City, v.Date, w.Fallback, name)
	}
}

func event(t *testing.T, what string, d solarDay, sine float64, want time.Time) {
	t.Helper()
	got, course := d.descent(sine)
	if (course == falls) == want.IsZero() {
		t.Errorf("%s: course %d, want it at %s", what, course, want)
	}
	if course == falls {
		near(t, what, got, want, 10*time.Second)
	}
}

func near(t *testing.T, what string, unix float64, want time.Time, tolerance time.Duration) {
	t.Helper()
	got := time.UnixMicro(int64(unix * 1e6)).UTC()
	if off := got.Sub(want); off.Abs() > tolerance {
		t.Errorf("%s: %s, which is %s from %s", what, got, off, want)
	}
}

func civil(t testing.TB, text string) date {
	return dateOf(instant(t, text+"T00:00:00Z"), time.UTC)
}
