// Package almanac_test holds the almanac against libraries that others have written, of
// which the program itself uses none.
package almanac_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/hebcal/noaa-go"

	"dateline/internal/almanac"
)

// How far a sunset or a nightfall may be from noaa-go's, whose own are within 0.3 seconds
// of IAU SOFA's at these latitudes.
const tolerance = 10 * time.Second

// Zeniths of the sun's centre: at sunset by the definition of the US Naval Observatory,
// and at a nightfall of 8.5 degrees.
const (
	sunsetZenith    = 90 + 50.0/60
	nightfallZenith = 98.5
)

// off is by how much the sun is off at most.
type off struct{ sunset, nightfall time.Duration }

func (o off) or(other off) off {
	return off{max(o.sunset, other.sunset), max(o.nightfall, other.nightfall)}
}

// TestSunAgainstMeeus compares the ends of every Shabbat, each city by turns in every
// 19th year from 1900 to 2239, with those by noaa-go's calculator after Meeus and VSOP87.
// The window must start in the minute of the sunset and end in the minute after the
// nightfall; the sunset itself is compared to the second, as the Hebrew day gives it.
func TestSunAgainstMeeus(t *testing.T) {
	each := make([]off, len(cities))
	t.Run("cities", func(t *testing.T) {
		for i, c := range cities {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				for year := 1900 + i%19; year < 2240; year += 19 {
					each[i] = each[i].or(c.compareYear(t, year))
				}
			})
		}
	})
	var worst off
	for _, o := range each {
		worst = worst.or(o)
	}
	t.Logf("in %d cities a sunset is off by %.1f s at most, a nightfall by %.1f s", len(cities), worst.sunset.Seconds(), worst.nightfall.Seconds())
}

// compareYear returns by how much the bounds of a year's windows are off.
func (c city) compareYear(t *testing.T, year int) (worst off) {
	loc := c.location(t)
	from := time.Date(year, 1, 1, 0, 0, 0, 0, loc)
	days, err := almanac.HebrewDays(c.place(t, false), from.AddDate(0, 0, -3), from.AddDate(1, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	sunsets := map[time.Time]time.Time{} // by their minute
	for _, d := range days {
		sunsets[d.Sunset.Truncate(time.Minute)] = d.Sunset
	}
	windows := rests(t, c.keep(t, false, "shabbat"), from, from.AddDate(1, 0, 0))
	if len(windows) < 51 {
		t.Fatalf("%d has %d windows", year, len(windows))
	}
	for _, w := range windows {
		y, m, d := w.Start.Add(w.End.Sub(w.Start) / 2).In(loc).Date() // of the Saturday
		if !jumped(y, m, d, loc) {
			sunset, ok := c.passes(y, m, d-1, loc, sunsetZenith)
			o := off{sunset: outside(sunset, sunsets[w.Start], sunsets[w.Start].Add(time.Second))}
			if !ok || o.sunset > tolerance {
				t.Errorf("off by %s: sunset %s, window %v", o.sunset, sunset, w)
			}
			o.nightfall = c.compareEnd(t, w, y, m, d, loc)
			worst = worst.or(o)
		}
	}
	return worst
}

// compareEnd returns by how much a window's end is off.
func (c city) compareEnd(t *testing.T, w almanac.Window, y int, m time.Month, d int, loc *time.Location) (late time.Duration) {
	if strings.Contains(w.Fallback, "no nightfall") {
		if h := c.height(w.End); h < -8.5-doubt {
			t.Errorf("no nightfall, but at its midnight the sun is at %.4f degrees: %v", h, w)
		}
		return 0
	}
	nightfall, ok := c.passes(y, m, d, loc, nightfallZenith)
	if late = outside(nightfall, w.End.Add(-time.Minute), w.End); ok && late <= tolerance {
		return late
	}
	// In the last days with a nightfall noaa-go's iteration stops too early or does not begin;
	// then its height of the sun must pass 8.5 degrees in the minute.
	if before, after := c.height(w.End.Add(-time.Minute)), c.height(w.End); before < -8.5-doubt || after > -8.5+doubt {
		t.Errorf("in the last minute the sun goes from %.4f to %.4f degrees, nightfall %s: %v", before, after, nightfall, w)
	}
	return 0
}

// doubt is how far heights may differ, in degrees, where the sun hardly sinks any more.
const doubt = 0.003

// height is that of the sun's centre at an instant in degrees, by noaa-go, less the
// refraction that it adds at 8.5 degrees below the horizon as above it.
func (c city) height(at time.Time) float64 {
	refraction := 20.774 / 3600 / math.Tan(8.5*math.Pi/180)
	return noaa.NewMeeusCalculator().GetSolarElevation(at, &noaa.GeoLocation{Latitude: c.lat, Longitude: c.lon}) - refraction
}

// passes is when the sun sinks through a zenith between civil noon on a date and the next,
// by noaa-go. Which of its dates that is, it leaves to us near the date line.
func (c city) passes(y int, m time.Month, d int, loc *time.Location, zenith float64) (time.Time, bool) {
	noon := time.Date(y, m, d, 12, 0, 0, 0, loc)
	for _, shift := range []int{0, -1, 1} {
		midnight := time.Date(y, m, d+shift, 0, 0, 0, 0, time.UTC)
		hour := noaa.NewMeeusCalculator().GetUTCSunset(midnight, &noaa.GeoLocation{Latitude: c.lat, Longitude: c.lon}, zenith, false)
		if math.IsNaN(hour) {
			continue
		}
		// The hour is of some day or other: of that nearest to six in the evening by the mean sun.
		hour += 24 * math.Round((18-c.lon/15-hour)/24)
		at := midnight.Add(time.Duration(hour * float64(time.Hour)))
		if !at.Before(noon) && at.Before(noon.Add(24*time.Hour)) {
			return at, true
		}
	}
	return time.Time{}, false
}

// outside is how far an instant lies outside of a span.
func outside(at, from, to time.Time) time.Duration {
	return max(0, from.Sub(at), at.Sub(to))
}

// jumped reports whether the zone left out or repeated a date within three days of a date,
// as those do that cross the date line: there the almanac has rules of its own.
func jumped(y int, m time.Month, d int, loc *time.Location) bool {
	before, after := time.Date(y, m, d-3, 12, 0, 0, 0, loc), time.Date(y, m, d+3, 12, 0, 0, 0, loc)
	return (after.Sub(before) - 6*24*time.Hour).Abs() > 12*time.Hour
}
