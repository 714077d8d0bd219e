package almanac

import (
	"math/rand/v2"
	"slices"
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

// explainedLines are what the tests keep: all from evening to nightfall.
var explainedLines = []string{"shabbat", "yomtov"}

// checkExplained follows the steps of a window by hand, from the evening to its start and
// from nightfall to its end.
func checkExplained(t *testing.T, d Desk, w Window) []Step {
	t.Helper()
	steps, err := Explain(d, explainedLines, w)
	if err != nil {
		t.Fatalf("%v, %v: %v", d.Place, w, err)
	}
	evening := step(t, steps, "sunset", "evening")
	if got := evening.At.Truncate(time.Minute).Add(-d.Custom.Lighting - d.Custom.Margin); !got.Equal(w.Start) {
		t.Errorf("%v: the evening %s leads to %s, not to the start of %v", d.Place, evening.At, got, w)
	}
	backwards := slices.Clone(steps)
	slices.Reverse(backwards)
	ends := step(t, backwards, "nightfall", "end of the day")
	if got := ends.At.Add(time.Minute - time.Second).Truncate(time.Minute).Add(d.Custom.Margin); !got.Equal(w.End) {
		t.Errorf("%v: nightfall %s leads to %s, not to the end of %v", d.Place, ends.At, got, w)
	}
	begun, ended := step(t, steps, "the rest begins"), step(t, steps, "the rest ends")
	if !begun.At.Equal(w.Start) || !ended.At.Equal(w.End) || begun.Part != w.Name {
		t.Errorf("%v: %v to %v is told of %v", d.Place, begun, ended, w)
	}
	for _, f := range strings.Split(w.Fallback, "; ") {
		if !strings.Contains(evening.How+"; "+ends.How, f) {
			t.Errorf("%v: %q is not told: %s, %s", d.Place, f, evening.How, ends.How)
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
		steps := checkExplained(t, d, Window{Start: v.Start, End: v.End, Name: v.Name})
		noon, sunset, nightfall := step(t, steps, "solar noon of the eve").At, step(t, steps, "sunset").At, step(t, steps, "nightfall").At
		if off := sunset.Sub(v.StartExact.Add(d.Custom.Lighting)).Abs(); off > tolerance {
			t.Errorf("%s: sunset %s is off by %s", v.ID, sunset, off)
		}
		if off := nightfall.Sub(v.EndExact).Abs(); off > tolerance {
			t.Errorf("%s: nightfall %s is off by %s", v.ID, nightfall, off)
		}
		if !noon.Before(sunset) || sunset.Sub(noon) > 12*time.Hour {
			t.Errorf("%s: solar noon %s of sunset %s", v.ID, noon, sunset)
		}
	}
}

// TestExplainAnywhere asks about any place in any year, the poles among them.
func TestExplainAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	oslo := Place{Lat: 59.9127, Lon: 10.7461, Zone: zoneOf(t, "Europe/Oslo")}
	sunless := []Sunless{{}, {Sunset: 18 * time.Hour, Nightfall: 20 * time.Hour}, {Like: Reference{"Oslo", oslo}}}
	told := map[string]int{}
	for range 2000 {
		d := Desk{Place: anyPlace(t, r), Custom: Custom{Lighting: time.Duration(r.IntN(60)) * time.Minute, Nightfall: anyNightfall(r),
			Margin: time.Duration(r.IntN(3)) * time.Minute, Sunless: sunless[r.IntN(len(sunless))]}}
		from := anyInstant(r)
		for _, w := range rests(t, keep(t, d.Place, d.Custom, explainedLines...), from, from.AddDate(0, 0, 7)) {
			steps := checkExplained(t, d, w)
			for _, s := range steps {
				if s.What == "evening" && !strings.HasPrefix(s.How, "sun ") || s.What == "end of the day" && !strings.HasPrefix(s.How, "n") {
					t.Errorf("%v: %+v", d.Place, s)
				}
				if (s.What == "evening" || s.What == "end of the day") && w.Fallback != "" {
					told[s.Source[:min(len(s.Source), 16)]]++
				}
			}
		}
	}
	if len(told) != 2 || told["authorities diff"] < 50 || told["the desk's own r"] < 50 {
		t.Errorf("too few fallbacks were told: %v", told)
	}
}

func TestExplainTellsSources(t *testing.T) {
	d := Desk{Place: Place{Lat: 60.1695, Lon: 24.9354, Zone: zoneOf(t, "Europe/Helsinki")}, Custom: usual}
	for _, w := range rests(t, keep(t, d.Place, d.Custom, explainedLines...), benchFrom, benchFrom.AddDate(1, 0, 0)) {
		for _, s := range checkExplained(t, d, w) {
			arithmetic := strings.HasPrefix(s.What, "rounded") || strings.HasPrefix(s.What, "the rest")
			if s.How == "" || s.Part == "" || (s.Source == "") != arithmetic {
				t.Errorf("%+v", s)
			}
		}
	}
}

// TestExplainDates has the Hebrew dates of a calendar, in a leap year and a common one.
func TestExplainDates(t *testing.T) {
	d := Desk{Place: Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(t, "America/New_York")}, Custom: usual}
	for day, want := range map[string][]string{
		"2024-02-24": {"Saturday 24 February 2024 is 15 Adar I 5784"},
		"2024-03-23": {"Saturday 23 March 2024 is 13 Adar II 5784"},
		"2025-03-15": {"Saturday 15 March 2025 is 15 Adar 5785"},
		"2024-10-04": {"Thursday 3 October 2024 is 1 Tishri 5785", "Thursday 3 October 2024 is Rosh Hashana I", "Friday 4 October 2024 is 2 Tishri 5785",
			"Saturday 5 October 2024 is 3 Tishri 5785", "Saturday 5 October 2024 is Shabbat"},
		"2024-10-12": {"is 10 Tishri 5785", "is Yom Kippur", "is Shabbat"}, // called Yom Kippur, and kept by both
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		at = at.Add(17 * time.Hour)
		var told strings.Builder
		for _, s := range checkExplained(t, d, rests(t, keep(t, d.Place, d.Custom, explainedLines...), at, at)[0]) {
			told.WriteString(s.How + "\n")
		}
		for _, w := range want {
			if !strings.Contains(told.String(), w) {
				t.Errorf("%s: no %q in\n%s", day, w, told.String())
			}
		}
	}
}

// TestExplainParts has rests that run into each other: in Helsinki's winter the Friday
// prayer into Shabbat, and Shabbat into Sunday kept from its eve.
func TestExplainParts(t *testing.T) {
	d := Desk{Place: Place{Lat: 60.1695, Lon: 24.9354, Zone: zoneOf(t, "Europe/Helsinki")}, Custom: usual}
	lines := []string{"sunday from-eve", "shabbat", "friday-prayer noon+60m 2h", "nights 23:00 - 06:00"}
	at := instant(t, "2024-12-21T12:00:00Z")
	w := rests(t, keep(t, d.Place, d.Custom, lines...), at, at)[0]
	steps, err := Explain(d, lines, w)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, s := range steps {
		if len(parts) == 0 || parts[len(parts)-1] != s.Part {
			parts = append(parts, s.Part)
		}
	}
	// In the order of their starts; Friday's night is within Shabbat, and the others reach over Sunday's ends.
	if want := []string{"Friday prayer", "Shabbat", "Night", "Sunday", "Night", w.Name}; !slices.Equal(parts, want) {
		t.Errorf("%v, want %v", parts, want)
	}
	if got := step(t, steps, "the rest begins").At; !got.Equal(w.Start) || !got.Equal(step(t, steps, "beginning").At) {
		t.Errorf("begins %s, not %s", got, w.Start)
	}
	if got := step(t, steps, "the rest ends").At; !got.Equal(w.End) {
		t.Errorf("ends %s, not %s", got, w.End)
	}
	noon := step(t, steps, "solar noon").At
	if got := noon.Add(time.Hour).Truncate(time.Minute); !got.Equal(w.Start) {
		t.Errorf("an hour after noon, %s, is not %s", noon, w.Start)
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
		"before all reckons": {[]string{"shabbat"}, Window{}},
	} {
		steps, err := Explain(d, c.lines, c.w)
		if sentence(t, what, err); steps != nil {
			t.Errorf("%s: refused, and yet told %v", what, steps)
		}
	}
	if steps, err := Explain(d, []string{"carnival"}, week[0]); err == nil || steps != nil || !strings.Contains(err.Error(), `"carnival"`) {
		t.Errorf("an unknown line: %v, %v", steps, err)
	}
}
