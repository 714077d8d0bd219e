package almanac

import (
	"math"
	"strings"
	"testing"
	"time"
)

var (
	tromso     = city{City: "Tromso", Zone: "Europe/Oslo", Lat: 69.6489, Lon: 18.9551}
	murmansk   = city{City: "Murmansk", Zone: "Europe/Moscow", Lat: 68.9792, Lon: 33.0925}
	utqiagvik  = city{City: "Utqiagvik", Zone: "America/Anchorage", Lat: 71.2906, Lon: -156.7887}
	copenhagen = city{City: "Copenhagen", Zone: "Europe/Copenhagen", Lat: 55.6759, Lon: 12.5655}
	oslo       = city{City: "Oslo", Zone: "Europe/Oslo", Lat: 59.9127, Lon: 10.7461}
)

func like(t testing.TB, c city) Sunless { return Sunless{Like: Reference{c.City, c.place(t)}} }

func fixedHours(sunset, nightfall time.Duration) Sunless {
	return Sunless{Sunset: sunset, Nightfall: nightfall}
}

// TestOwnRule asks what a desk's own rule gives in each kind of day without a sun, and on
// one with it. The hours are those of the desk's clocks, less the lighting of 18 minutes.
func TestOwnRule(t *testing.T) {
	evening := fixedHours(18*time.Hour, 23*time.Hour+30*time.Minute)
	for _, c := range []struct {
		what string
		city
		own        Sunless
		saturday   string
		start, end string
		fallback   string
	}{
		{"summer, fixed hours", tromso, evening, "2024-06-22", "2024-06-21T17:42:00+02:00", "2024-06-22T23:30:00+02:00",
			"sun never sets: 18:00 by the desk's rule; no nightfall: 23:30 by the desk's rule"},
		{"after midnight", tromso, fixedHours(24*time.Hour+5*time.Minute, 25*time.Hour), "2024-06-22", "2024-06-21T23:47:00+02:00", "2024-06-23T01:00:00+02:00",
			"sun never sets: 00:05 by the desk's rule; no nightfall: 01:00 by the desk's rule"},
		{"winter, where the stars are seen", tromso, evening, "2024-12-21", "2024-12-20T17:42:00+01:00", "2024-12-21T23:30:00+01:00",
			"sun never rises: 18:00 by the desk's rule; nightfall within 24 hours: 23:30 by the desk's rule"},
		{"as in Copenhagen", tromso, like(t, copenhagen), "2024-06-22", "2024-06-21T21:39:00+02:00", "2024-06-22T23:40:00+02:00",
			"sun never sets: 21:57 as in Copenhagen; no nightfall: 23:39 as in Copenhagen"},
		{"as in a city where night does not fall", tromso, like(t, oslo), "2024-06-22", "2024-06-21T22:25:00+02:00", "2024-06-23T00:47:00+02:00",
			"sun never sets: 22:43 as in Oslo; no nightfall, no answer in Oslo: solar midnight"},
		{"as in a city without a sunset", tromso, like(t, murmansk), "2024-06-22", "2024-06-21T18:28:00+02:00", "2024-06-23T00:47:00+02:00",
			"sun never sets, no answer in Murmansk: 6 hours after solar noon; no nightfall, no answer in Murmansk: solar midnight"},
		{"as in a city of another zone, by its clocks", utqiagvik, like(t, copenhagen), "2024-06-22", "2024-06-21T21:39:00-08:00", "2024-06-22T23:40:00-08:00",
			"sun never sets: 21:57 as in Copenhagen; no nightfall: 23:39 as in Copenhagen"},
		{"where only the night fails", oslo, evening, "2024-06-22", "2024-06-21T22:25:00+02:00", "2024-06-22T23:30:00+02:00",
			"no nightfall: 23:30 by the desk's rule"},
		{"within 24 hours of the evening", oslo, fixedHours(18*time.Hour, 21*time.Hour), "2024-06-22", "2024-06-21T22:25:00+02:00", "2024-06-23T01:20:00+02:00",
			"no nightfall, 21:00 by the desk's rule too early: solar midnight"},
		{"with a sun", tromso, evening, "2024-03-23", "2024-03-22T17:53:00+01:00", "2024-03-23T19:49:00+01:00", ""},
	} {
		rule := usual
		rule.Sunless = c.own
		noon, _ := civil(t, c.saturday).noon(zoneOf(t, c.Zone))
		got := rests(t, keepShabbat(t, c.place(t), rule), noon, noon)
		if want := span(t, c.start, c.end); len(got) != 1 || !sameSpan(got[0], want) || got[0].Fallback != c.fallback {
			t.Errorf("%s:\ngot  %v\nwant %v %s", c.what, got, want, c.fallback)
		}
	}
}

// TestOwnRuleAllYear wants every Shabbat of every polar city kept by every rule: by the
// sun where it answers, the same as without a rule, and else with its name.
func TestOwnRuleAllYear(t *testing.T) {
	from := time.Date(2023, 1, 4, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(4, 0, 0)
	for _, c := range cities(t) {
		strict := rests(t, keepShabbat(t, c.place(t), usual), from, to)
		for _, own := range []Sunless{fixedHours(12*time.Hour, 12*time.Hour), fixedHours(18*time.Hour, 27*time.Hour), like(t, oslo), like(t, copenhagen), like(t, utqiagvik)} {
			rule := usual
			rule.Sunless = own
			got := rests(t, keepShabbat(t, c.place(t), rule), from, to)
			checkWindows(t, got, from, to)
			if len(got) != len(strict) {
				t.Fatalf("%s, %s: %d windows, want %d", c.City, own, len(got), len(strict))
			}
			for i, w := range got {
				if (w.Fallback == "") != (strict[i].Fallback == "") || w.Fallback == "" && w != strict[i] {
					t.Errorf("%s, %s: %v, without the rule %v", c.City, own, w, strict[i])
				}
			}
		}
	}
}

// TestOwnRuleAcrossTheDateLine keeps the skipped Saturday of a polar place in Kiritimati's zone.
func TestOwnRuleAcrossTheDateLine(t *testing.T) {
	rule := usual
	rule.Sunless = fixedHours(18*time.Hour, 21*time.Hour)
	p := Place{Lat: -80, Lon: -157.4667, Zone: zoneOf(t, "Pacific/Kiritimati")}
	at := instant(t, "1994-12-31T22:00:00Z")
	got := rests(t, keepShabbat(t, p, rule), at, at)
	// From 18:00 on Friday 30 December, at UTC-10, for the 27 hours that these hours always rest.
	if want := span(t, "1994-12-31T03:42:00Z", "1995-01-01T07:00:00Z"); len(got) != 1 || !sameSpan(got[0], want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestOwnRuleInARepeatedHour begins with the first of the two and ends with the second, in a
// zone that turned its clocks back at midnight, on a Saturday evening.
func TestOwnRuleInARepeatedHour(t *testing.T) {
	rule := usual
	rule.Sunless = fixedHours(23*time.Hour+15*time.Minute, 23*time.Hour+30*time.Minute)
	p := Place{Lat: -85, Lon: -51.7, Zone: zoneOf(t, "America/Nuuk")}
	at := instant(t, "2024-10-26T12:00:00Z")
	if got := rests(t, keep(t, p, rule, "shabbat"), at, at); len(got) != 1 || !got[0].End.Equal(instant(t, "2024-10-27T01:30:00Z")) {
		t.Errorf("%v does not end at the second 23:30", got)
	}
	at = instant(t, "2024-10-27T12:00:00Z")
	if got := rests(t, keep(t, p, rule, "extra-day"), at, at); len(got) != 1 || !got[0].Start.Equal(instant(t, "2024-10-26T23:57:00Z")) {
		t.Errorf("%v does not begin 18 minutes before the first 23:15", got)
	}
}

// TestReferenceSkippedTheDate takes the hours of Apia on the Friday that it never had: they
// are those of the Thursday.
func TestReferenceSkippedTheDate(t *testing.T) {
	rule := usual
	rule.Sunless = like(t, city{City: "Apia", Zone: "Pacific/Apia", Lat: -13.8333, Lon: -171.7667})
	at := instant(t, "2011-12-31T11:00:00Z")
	got := rests(t, keepShabbat(t, tromso.place(t), rule), at, at)
	want := span(t, "2011-12-30T18:39:00Z", "2011-12-31T19:33:00Z")
	if len(got) != 1 || !sameSpan(got[0], want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestOnClock asks for hours that came twice or not at all.
func TestOnClock(t *testing.T) {
	for _, c := range []struct {
		zone, day      string
		at             time.Duration
		earlier, later string
	}{
		{"America/New_York", "2024-06-21", 18 * time.Hour, "2024-06-21T22:00:00Z", "2024-06-21T22:00:00Z"},
		{"America/New_York", "2024-11-02", 25*time.Hour + 30*time.Minute, "2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z"},
		{"America/New_York", "2024-03-09", 26*time.Hour + 30*time.Minute, "2024-03-10T06:30:00Z", "2024-03-10T07:30:00Z"},
		{"America/New_York", "2024-03-10", 3 * time.Hour, "2024-03-10T07:00:00Z", "2024-03-10T07:00:00Z"},
		{"America/Nuuk", "2024-10-26", 23*time.Hour + 15*time.Minute, "2024-10-27T00:15:00Z", "2024-10-27T01:15:00Z"},
		{"Australia/Lord_Howe", "2024-04-06", 25*time.Hour + 45*time.Minute, "2024-04-06T14:45:00Z", "2024-04-06T15:15:00Z"},
		{"Pacific/Apia", "2011-12-29", 23 * time.Hour, "2011-12-30T09:00:00Z", "2011-12-30T09:00:00Z"},
		{"Pacific/Apia", "2011-12-31", time.Hour, "2011-12-30T11:00:00Z", "2011-12-30T11:00:00Z"},
	} {
		for later, want := range map[bool]string{false: c.earlier, true: c.later} {
			got := time.Unix(int64(onClock(civil(t, c.day), c.at, zoneOf(t, c.zone), later)), 0)
			if !got.Equal(instant(t, want)) {
				t.Errorf("%s in %s, %v, later %t: %s, want %s", c.day, c.zone, c.at, later, got.UTC(), want)
			}
		}
	}
}

func TestSunlessRefuses(t *testing.T) {
	place := oslo.place(t)
	for what, s := range map[string]Sunless{
		"hours and a city":     {18 * time.Hour, 20 * time.Hour, Reference{"Oslo", place}},
		"only a sunset":        {Sunset: 18 * time.Hour},
		"only a nightfall":     {Nightfall: 20 * time.Hour},
		"a sunset at ten":      fixedHours(10*time.Hour, 20*time.Hour),
		"a nightfall at four":  fixedHours(18*time.Hour, 28*time.Hour),
		"a nightfall before":   fixedHours(20*time.Hour, 18*time.Hour),
		"seconds":              fixedHours(18*time.Hour+time.Second, 20*time.Hour),
		"a city without name":  {Like: Reference{"", place}},
		"a city nowhere":       {Like: Reference{"Oslo", Place{Lat: 95, Zone: place.Zone}}},
		"a city without zone":  {Like: Reference{"Oslo", Place{Lat: 60}}},
		"a name with a part":   {Like: Reference{"Oslo; Bergen", place}},
		"a name of two lines":  {Like: Reference{"Oslo\nBergen", place}},
		"a name with a spaces": {Like: Reference{" Oslo", place}},
		"a name without end":   {Like: Reference{strings.Repeat("o", 61), place}},
		"a latitude of NaN":    {Like: Reference{"Oslo", Place{Lat: math.NaN(), Zone: place.Zone}}},
	} {
		rule := usual
		rule.Sunless = s
		_, err := Keep(Desk{Place: place, Custom: rule}, "shabbat")
		sentence(t, what, err)
	}
	for what, margin := range map[string]time.Duration{"a margin below zero": -time.Minute, "a margin of seconds": 90 * time.Second, "a margin of a day": 24 * time.Hour} {
		rule := usual
		rule.Margin = margin
		_, err := Keep(Desk{Place: place, Custom: rule}, "shabbat")
		sentence(t, what, err)
	}
}

func TestParseSunless(t *testing.T) {
	zones := func(name string) (*time.Location, error) { return zoneOf(t, name), nil }
	st := city{City: "Saint Petersburg", Zone: "Europe/Moscow", Lat: 59.9386, Lon: 30.3141}
	for text, want := range map[string]Sunless{
		"": {}, "strict": {}, " strict ": {},
		"hours 18:00 20:30":                                        fixedHours(18*time.Hour, 20*time.Hour+30*time.Minute),
		"hours 22:00 00:30":                                        fixedHours(22*time.Hour, 24*time.Hour+30*time.Minute),
		"city Oslo 59.9127 10.7461 Europe/Oslo":                    like(t, oslo),
		"city Saint Petersburg 59.9386 30.3141 Europe/Moscow":      like(t, st),
		"city  Saint   Petersburg 59.9386 +30.3141  Europe/Moscow": like(t, st),
	} {
		got, err := ParseSunless(text, zones)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
		if again, err := ParseSunless(got.String(), zones); err != nil || again != got {
			t.Errorf("%q comes back from %q as %v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"never", "hours", "hours 18:00", "hours 18 20", "hours 20:00 18:00", "hours 10:00 18:00", "hours 18:00 25:00",
		"city", "city Oslo", "city 59.9127 10.7461 Europe/Oslo", "city Oslo north east Europe/Oslo", "city Oslo 99 10.7461 Europe/Oslo", "city Oslo NaN 1 Europe/Oslo"} {
		_, err := ParseSunless(text, zones)
		sentence(t, text, err)
	}
	_, err := ParseSunless("city Oslo 59.9127 10.7461 Europe/Oslo", nil)
	sentence(t, "no zones", err)
}

func TestParseMargin(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "0": 0, "5m": 5 * time.Minute, "1h30m": 90 * time.Minute} {
		if got, err := ParseMargin(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"5", "-5m", "30s", "3h", "five"} {
		_, err := ParseMargin(text)
		sentence(t, text, err)
	}
}

// FuzzParseSunless wants a rule that says itself again, or a sentence.
func FuzzParseSunless(f *testing.F) {
	for _, text := range []string{"strict", "hours 18:00 20:30", "city Oslo 59.9127 10.7461 Europe/Oslo", "city + 0x1p4 1e1 UTC"} {
		f.Add(text)
	}
	zones := func(string) (*time.Location, error) { return time.UTC, nil }
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSunless(text, zones)
		if err != nil {
			return
		}
		if again, err := ParseSunless(s.String(), zones); err != nil || again != s {
			t.Errorf("%q comes back from %q as %v, %v", text, s, again, err)
		}
	})
}
