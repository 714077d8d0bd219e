package almanac

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Nightfall says when the stars are out: by the sun's depression, or by minutes after
// sunset. One of the two is set. 8.5° is the common convention for three small stars;
// 42, 50 and 72 minutes are customs of communities.
type Nightfall struct {
	Degrees float64
	Minutes int
}

func (n Nightfall) String() string {
	if n.Minutes > 0 {
		return fmt.Sprintf("%dm", n.Minutes)
	}
	return fmt.Sprintf("%g°", n.Degrees)
}

// A ShabbatRule is how a desk keeps Shabbat.
type ShabbatRule struct {
	Lighting  time.Duration // before sunset: 18 minutes in most places, 40 in Jerusalem
	Nightfall Nightfall
}

// String names the rule in a window: "sunset-18m / 8.5°".
func (r ShabbatRule) String() string {
	lighting := strings.TrimSuffix(r.Lighting.String(), "0s")
	return fmt.Sprintf("sunset-%s / %s", lighting, r.Nightfall)
}

func (r ShabbatRule) check() error {
	switch n := r.Nightfall; {
	case r.Lighting < 0 || r.Lighting > 3*time.Hour:
		return fmt.Errorf("lighting has to be between 0 and 3 hours before sunset, not %s", r.Lighting)
	case n.Minutes != 0 && n.Degrees != 0:
		return fmt.Errorf("nightfall is by degrees or by minutes, not both")
	case n.Minutes < 0 || n.Minutes > 180:
		return fmt.Errorf("nightfall has to be between 1 and 180 minutes after sunset, not %d", n.Minutes)
	case n.Minutes == 0 && !(n.Degrees >= 4 && n.Degrees <= 20):
		return fmt.Errorf("nightfall has to be between 4 and 20 degrees, not %g", n.Degrees)
	}
	return nil
}

func (p Place) check() error {
	switch {
	case p.Zone == nil:
		return fmt.Errorf("a place needs a time zone")
	case !(p.Lat >= -90 && p.Lat <= 90):
		return fmt.Errorf("a latitude is between -90 and 90 degrees, not %g", p.Lat)
	case !(p.Lon >= -180 && p.Lon <= 180):
		return fmt.Errorf("a longitude is between -180 and 180 degrees, not %g", p.Lon)
	}
	return nil
}

// Shabbat is the weekly rest: from lighting before Friday's sunset to Saturday's
// nightfall, by the local civil week.
func Shabbat(p Place, r ShabbatRule) (Calendar, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return shabbat{p, r}, nil
}

type shabbat struct {
	place Place
	rule  ShabbatRule
}

// The years for which the formulas are trusted.
const firstYear, lastYear = 1900, 2239

// Rests walks the local Saturdays of the span, a week to either side.
func (s shabbat) Rests(from, to time.Time) ([]Window, error) {
	if from.Year() < firstYear || to.Year() > lastYear {
		return nil, fmt.Errorf("rests are known for the years %d to %d", firstYear, lastYear)
	}
	var all []Window
	for day := saturdayBefore(from.In(s.place.Zone)); day.Before(to.Add(14 * 24 * time.Hour)); day = day.AddDate(0, 0, 7) {
		w := s.window(day)
		if w.End.After(from) && w.Start.Before(to) {
			all = append(all, w)
		}
	}
	return Merge(all), nil
}

// saturdayBefore is a Saturday at least a week before t, as a civil date at noon UTC: a
// name of a day, not an instant.
func saturdayBefore(t time.Time) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -7-int(day.Weekday()+1)%7)
}

// window is the rest of one Saturday.
func (s shabbat) window(saturday time.Time) Window {
	restNoon := s.noon(saturday)
	eveNoon := s.noon(saturday.AddDate(0, 0, -1))
	// Where a civil date was skipped, its noon collapses onto a neighbour's; the rest is
	// then the solar day after its eve.
	if gap := restNoon.Sub(eveNoon); gap < 12*time.Hour || gap > 36*time.Hour {
		eveNoon = solarNoon(restNoon.Add(-24*time.Hour), s.place.Lon)
	}
	start, early := s.lighting(eveNoon)
	end, late := s.nightfall(restNoon)
	w := Window{Start: floor(start), End: ceil(end), Name: "Shabbat", Rule: s.rule.String(), Fallback: join(early, late, "; ")}
	if short := w.Start.Add(24 * time.Hour); w.End.Before(short) {
		w.End = short
		w.Fallback = join(w.Fallback, "never under 24 hours", "; ")
	}
	return w
}

// noon is the solar noon of a civil date: the one nearest to noon of that date in the
// zone. A date that the zone skipped takes the noon that the clock would have shown.
func (s shabbat) noon(day time.Time) time.Time {
	civil := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, s.place.Zone)
	if civil.Day() != day.Day() {
		before := time.Date(day.Year(), day.Month(), day.Day()-1, 12, 0, 0, 0, s.place.Zone)
		civil = before.Add(24 * time.Hour)
	}
	return solarNoon(civil.UTC(), s.place.Lon)
}

// The strict fallbacks where the sun gives no answer, each named in the window
// (almanac conventions: the sun that never sets lights candles 6 hours after noon; the
// sun that never rises, at noon; no nightfall ends at solar midnight).
const (
	sunNeverSets  = "sun never sets: 6 h after solar noon"
	sunNeverRises = "sun never rises: solar noon"
	noNightfall   = "no nightfall: solar midnight"
)

func (s shabbat) lighting(noon time.Time) (time.Time, string) {
	sunset, ok := below(noon, s.place.Lat, s.place.Lon, sunsetDepression)
	switch {
	case ok:
		return sunset.Add(-s.rule.Lighting), ""
	case rises(noon, s.place.Lat):
		return noon.Add(6*time.Hour - s.rule.Lighting), sunNeverSets
	}
	return noon.Add(-s.rule.Lighting), sunNeverRises
}

func (s shabbat) nightfall(noon time.Time) (time.Time, string) {
	midnight := solarNoon(noon.Add(24*time.Hour), s.place.Lon)
	midnight = noon.Add(midnight.Sub(noon) / 2)
	if m := s.rule.Nightfall.Minutes; m > 0 {
		sunset, ok := below(noon, s.place.Lat, s.place.Lon, sunsetDepression)
		switch {
		case ok:
			return sunset.Add(time.Duration(m) * time.Minute), ""
		case rises(noon, s.place.Lat):
			return midnight, noNightfall
		}
		return noon.Add(time.Duration(m) * time.Minute), sunNeverRises
	}
	dark, ok := below(noon, s.place.Lat, s.place.Lon, s.rule.Nightfall.Degrees)
	switch {
	case ok:
		return dark, ""
	case darkAtNoon(noon, s.place.Lat, s.rule.Nightfall.Degrees):
		return noon, sunNeverRises
	}
	return midnight, noNightfall
}

// darkAtNoon reports whether it is night even at solar noon, deep in the polar winter.
func darkAtNoon(noon time.Time, lat, depression float64) bool {
	declination, _ := sun(noon)
	return 90-math.Abs(lat-declination/rad) < -depression
}

func floor(t time.Time) time.Time { return t.UTC().Truncate(time.Minute) }

func ceil(t time.Time) time.Time {
	if f := floor(t); !f.Equal(t) {
		return f.Add(time.Minute)
	}
	return t.UTC()
}
