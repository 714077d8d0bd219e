// Package bench measures the almanac beside hebcal-go, the library that most Go programs
// would take for the same question: both in one run, for the same city and the same rule.
// It fails where a promise about speed is broken.
package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hebcal/hdate"
	"github.com/hebcal/hebcal-go/hebcal"
	"github.com/hebcal/hebcal-go/zmanim"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

// What is promised, of one city.
const (
	yearAtMost       = 350 * time.Microsecond
	yearAllocsAtMost = 25
	askAtMost        = 100 * time.Nanosecond
)

// New York, lit 18 minutes before sunset, until the sun is 8.5 degrees down.
const (
	lat, lon = 40.7128, -74.006
	zoneName = "America/New_York"
	lighting = 18
	degrees  = 8.5
)

// kept are the observances whose evenings hebcal-go lists too.
var kept = []string{"shabbat", "yomtov"}

var (
	newYear  = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	yearEnd  = newYear.AddDate(1, 0, 0)
	weekEnd  = newYear.AddDate(0, 0, 7)
	location = zmanim.NewLocation("New York", "US", lat, lon, zoneName)
)

func newYork(b *testing.B) almanac.Calendar {
	b.Helper()
	loc, err := zone.Built().Load(zoneName)
	if err != nil {
		b.Fatal(err)
	}
	c, err := almanac.Keep(almanac.Desk{
		Place:  almanac.Place{Lat: lat, Lon: lon, Zone: loc},
		Custom: almanac.Custom{Lighting: lighting * time.Minute, Nightfall: almanac.Nightfall{Degrees: degrees}},
	}, kept...)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func rests(b *testing.B, c almanac.Calendar, from, to time.Time) []almanac.Window {
	windows, err := c.Rests(from, to)
	if err != nil || len(windows) == 0 {
		b.Fatal(len(windows), err)
	}
	return windows
}

// lightings is what hebcal-go lists from one date to another: each candle lighting, and
// each nightfall that ends a rest.
func lightings(b *testing.B, from, to time.Time) (all []time.Time) {
	events, err := hebcal.HebrewCalendar(&hebcal.CalOptions{
		Start: hdate.FromTime(from), End: hdate.FromTime(to.AddDate(0, 0, -1)), Location: &location,
		CandleLighting: true, CandleLightingMins: lighting, HavdalahDeg: degrees,
		NoHolidays: true, NoRoshChodesh: true, NoSpecialShabbat: true, NoModern: true, NoMinorFast: true,
	})
	if err != nil || len(events) == 0 {
		b.Fatal(len(events), err)
	}
	for _, e := range events {
		if timed, ok := e.(hebcal.TimedEvent); ok {
			all = append(all, timed.EventTime)
		}
	}
	return all
}

// BenchmarkYearBesideHebcal computes a year of one city by turns.
func BenchmarkYearBesideHebcal(b *testing.B) {
	c := newYork(b)
	sameEvenings(b, rests(b, c, newYear, yearEnd), lightings(b, newYear, yearEnd))
	ours, allocs := beside(b, func() { rests(b, c, newYear, yearEnd) }, func() { lightings(b, newYear, yearEnd) })
	if ours > yearAtMost || allocs > yearAllocsAtMost {
		b.Errorf("a year took %s and %.0f allocations, which should be at most %s and %d", ours, allocs, yearAtMost, yearAllocsAtMost)
	}
}

// BenchmarkWeekBesideHebcal computes the rests of one week by turns.
func BenchmarkWeekBesideHebcal(b *testing.B) {
	c := newYork(b)
	beside(b, func() { rests(b, c, newYear, weekEnd) }, func() { lightings(b, newYear, weekEnd) })
}

// BenchmarkResting asks whether a desk rests at an instant, of two years of prepared
// windows; the instants are all over them, so that no question foretells the next.
func BenchmarkResting(b *testing.B) {
	windows := rests(b, newYork(b), newYear, newYear.AddDate(2, 0, 0))
	r := rand.New(rand.NewPCG(5784, 1))
	instants := make([]time.Time, 1024)
	for i := range instants {
		instants[i] = newYear.Add(time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour))))
	}
	allocs := testing.AllocsPerRun(1000, func() { almanac.At(windows, instants[7]) })
	if allocs != 0 {
		b.Errorf("a question took %.0f allocations, which should be none", allocs)
	}
	var rounds []time.Duration
	resting := 0
	for b.Loop() {
		start := time.Now()
		for _, t := range instants {
			if _, yes := almanac.At(windows, t); yes {
				resting++
			}
		}
		rounds = append(rounds, time.Since(start))
	}
	if share := float64(resting) / float64(len(rounds)*len(instants)); share < 0.1 || share > 0.3 {
		b.Errorf("rests %.2f of the time", share)
	}
	slices.Sort(rounds)
	each := float64(rounds[len(rounds)/2]) / float64(len(instants))
	b.ReportMetric(0, "ns/op") // of a thousand questions
	b.ReportMetric(each, "ns/question")
	b.ReportMetric(allocs, "allocs/question")
	if each > float64(askAtMost) {
		b.Errorf("a question took %.0f ns, which should be at most %s", each, askAtMost)
	}
}

// beside runs two functions by turns, so that whatever else the machine does slows both,
// and reports the median of each, how many times faster ours is, and what both allocate.
func beside(b *testing.B, ours, theirs func()) (median time.Duration, allocs float64) {
	var mine, hebcals []time.Duration
	for b.Loop() {
		start := time.Now()
		ours()
		middle := time.Now()
		theirs()
		mine, hebcals = append(mine, middle.Sub(start)), append(hebcals, time.Since(middle))
	}
	slices.Sort(mine)
	slices.Sort(hebcals)
	median, other := mine[len(mine)/2], hebcals[len(hebcals)/2]
	allocs = testing.AllocsPerRun(20, ours)
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
	b.ReportMetric(float64(median.Nanoseconds()), "ns/almanac")
	b.ReportMetric(float64(other.Nanoseconds()), "ns/hebcal")
	b.ReportMetric(float64(other)/float64(median), "times-faster")
	b.ReportMetric(allocs, "allocs/almanac")
	b.ReportMetric(testing.AllocsPerRun(20, theirs), "allocs/hebcal")
	return median, allocs
}

// sameEvenings fails unless both have computed the same year: each of our windows begins
// and ends with an instant of theirs, whose sunset is off by up to two minutes.
func sameEvenings(b *testing.B, windows []almanac.Window, lightings []time.Time) {
	b.Helper()
	for _, w := range windows {
		for _, at := range []time.Time{w.Start, w.End} {
			if !slices.ContainsFunc(lightings, func(t time.Time) bool { return t.Sub(at).Abs() <= 3*time.Minute }) {
				b.Errorf("hebcal-go has nothing near %s, of %v", at, w)
			}
		}
	}
}
