package almanac

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// step finds the one step of an explanation that has one of some names.
func step(t *testing.T, steps []Step, names ...string) Step {
	t.Helper()
	for _, s := range steps {
		for _, name := range names {
			if s.What == name {
				return s
			}
		}
	}
	t.Fatalf("no step %v in %v", names, steps)
	return Step{}
}

// checkExplained follows the steps of a window of Shabbat alone by hand, and arrives at
// the window.
func checkExplained(t *testing.T, d Desk, w Window) []Step {
	t.Helper()
	steps, err := Explain(d, []string{"shabbat"}, w)
	if err != nil {
		t.Fatalf("%v, %v: %v", d.Place, w, err)
	}
	evening := step(t, steps, "sunset", "evening").At
	if got := evening.Truncate(time.Minute).Add(-d.Custom.Lighting); !got.Equal(w.Start) {
		t.Errorf("%v: the evening %s leads to %s, not to the start of %v", d.Place, evening, got, w)
	}
	ends := step(t, steps, "nightfall", "end of the day").At
	if got := ends.Add(time.Minute - time.Second).Truncate(time.Minute); !got.Equal(w.End) {
		t.Errorf("%v: nightfall %s leads to %s, not to the end of %v", d.Place, ends, got, w)
	}
	begun, ended := step(t, steps, "the rest begins"), step(t, steps, "the rest ends")
	if !begun.At.Equal(w.Start) || !ended.At.Equal(w.End) || begun.Part != w.Name {
		t.Errorf("%v: %v to %v is told of %v", d.Place, begun, ended, w)
	}
	told := step(t, steps, "sunset", "evening").How + "; " + step(t, steps, "nightfall", "end of the day").How
	for _, f := range strings.Split(w.Fallback, "; ") {
		if !strings.Contains(told, f) {
			t.Errorf("%v: %q is not told: %s", d.Place, f, told)
		}
	}
	return steps
}

// TestExplainVectors holds the explained sunset and nightfall to instants computed with SOFA.
func TestExplainVectors(t *testing.T) {
	for _, v := range load[vector](t, "vectors.json") {
		tolerance := 11 * time.Second // a second more than the computation's, for telling whole ones
		if v.Lat > 66 || v.Lat < -66 {
			tolerance = time.Minute
		}
		d := Desk{Place: v.place(t), Custom: v.rule()}
		steps := checkExplained(t, d, Window{Start: v.Start, End: v.End, Name: "Shabbat"})
		sunset, nightfall := step(t, steps, "sunset").At, step(t, steps, "nightfall").At
		if off := sunset.Sub(v.StartExact.Add(d.Custom.Lighting)).Abs(); off > tolerance {
			t.Errorf("%s: sunset %s is off by %s", v.ID, sunset, off)
		}
		if off := nightfall.Sub(v.EndExact).Abs(); off > tolerance {
			t.Errorf("%s: nightfall %s is off by %s", v.ID, nightfall, off)
		}
		noon := step(t, steps, "solar noon of the eve").At
		if !noon.Before(sunset) || sunset.Sub(noon) > 12*time.Hour {
			t.Errorf("%s: solar noon %s of sunset %s", v.ID, noon, sunset)
		}
	}
}

// TestExplainAnywhere asks about any place in any year, the poles among them.
func TestExplainAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	fallbacks := 0
	for range 1500 {
		d := Desk{Place: anyPlace(t, r), Custom: Custom{time.Duration(r.IntN(60)) * time.Minute, anyNightfall(r)}}
		from := anyInstant(r)
		for _, w := range rests(t, keepShabbat(t, d.Place, d.Custom), from, from.AddDate(0, 0, 7)) {
			if w.Name != "Shabbat" || w.End.Sub(w.Start) > 50*time.Hour {
				continue
			}
			checkExplained(t, d, w)
			if w.Fallback != "" {
				fallbacks++
			}
		}
	}
	if fallbacks < 50 {
		t.Errorf("only %d windows had a fallback to tell", fallbacks)
	}
}

func TestExplainTellsSources(t *testing.T) {
	d := Desk{Place: Place{Lat: 60.1695, Lon: 24.9354, Zone: zoneOf(t, "Europe/Helsinki")}, Custom: usual}
	for _, w := range rests(t, keepShabbat(t, d.Place, d.Custom), benchFrom, benchFrom.AddDate(1, 0, 0)) {
		for _, s := range checkExplained(t, d, w) {
			arithmetic := strings.HasPrefix(s.What, "rounded") || strings.HasPrefix(s.What, "the rest")
			if s.How == "" || s.Part == "" || (s.Source == "") != arithmetic {
				t.Errorf("%+v", s)
			}
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	d := Desk{Place: Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(t, "America/New_York")}, Custom: usual}
	week := rests(t, keepShabbat(t, d.Place, d.Custom), benchFrom, benchFrom.AddDate(0, 0, 14))
	for what, c := range map[string]struct {
		lines []string
		w     Window
	}{
		"another start":      {[]string{"shabbat"}, Window{Start: week[0].Start.Add(time.Minute), End: week[0].End}},
		"another end":        {[]string{"shabbat"}, Window{Start: week[0].Start, End: week[0].End.Add(time.Minute)}},
		"two windows":        {[]string{"shabbat"}, Window{Start: week[0].Start, End: week[1].End}},
		"the end first":      {[]string{"shabbat"}, Window{Start: week[0].End, End: week[0].Start}},
		"a working day":      {[]string{"shabbat"}, Window{Start: week[0].End, End: week[1].Start}},
		"nothing kept":       {nil, week[0]},
		"an unknown line":    {[]string{"carnival"}, week[0]},
		"before all reckons": {[]string{"shabbat"}, Window{}},
	} {
		steps, err := Explain(d, c.lines, c.w)
		if sentence(t, what, err); steps != nil {
			t.Errorf("%s: refused, and yet told %v", what, steps)
		}
	}
}
