package almanac

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Shabbat is every Saturday, from the lighting on its eve to its nightfall, in
// any place and by the local Saturday, also near the date line.
//
// Source of the day: Exodus 20:8-11; of its reach from evening to evening,
// Leviticus 23:32; of adding to it at both ends, Shulchan Aruch, Orach Chaim 261
// and 293. How much is added is custom, hence the rule.
func Shabbat(p Place, r ShabbatRule) (Calendar, error) {
	return newEvenings(p, r, func(d date, _ bool) string {
		if d.weekday() == time.Saturday {
			return "Shabbat"
		}
		return ""
	})
}

// A ShabbatRule is how a desk keeps the two ends of its rest.
type ShabbatRule struct {
	// Lighting is how long before sunset it begins, in whole minutes: 18 by most
	// calendars, 40 in Jerusalem, 30 in Haifa.
	Lighting time.Duration
	// Nightfall is when it ends.
	Nightfall Nightfall
}

// A Nightfall is the end of a day, by one of two measures; the other is zero.
type Nightfall struct {
	// Degrees is how far the sun's centre has sunk below the horizon, without
	// refraction: 8.5 when three small stars are seen, 7.083 by others. It stays
	// true to the darkness in every season.
	Degrees float64
	// Minutes is how long after sunset: 42, 50, or 72 by Rabbeinu Tam.
	Minutes int
}

// Wider than any custom we know of, narrower than any slip of the keyboard.
const (
	maxLighting = 2 * time.Hour
	minDegrees  = 3
	maxDegrees  = 26
	minMinutes  = 10
	maxMinutes  = 180
)

func (r ShabbatRule) check() error {
	if r.Lighting < 0 || r.Lighting > maxLighting {
		return fmt.Errorf("lighting %v before sunset is out of range: it must be from 0 to 2 hours", r.Lighting)
	}
	if r.Lighting%time.Minute != 0 {
		return fmt.Errorf("lighting %v before sunset must be whole minutes", r.Lighting)
	}
	return r.Nightfall.check()
}

func (n Nightfall) check() error {
	switch {
	case n == Nightfall{}:
		return errors.New("nightfall is not set: give degrees below the horizon, or minutes after sunset")
	case n.Degrees != 0 && n.Minutes != 0:
		return errors.New("nightfall is set twice: give degrees below the horizon or minutes after sunset, not both")
	case n.Minutes != 0 && (n.Minutes < minMinutes || n.Minutes > maxMinutes):
		return fmt.Errorf("nightfall %d minutes after sunset is out of range: it must be from %d to %d", n.Minutes, minMinutes, maxMinutes)
	case n.Minutes == 0 && !(n.Degrees >= minDegrees && n.Degrees <= maxDegrees): // also true of NaN
		return fmt.Errorf("nightfall %v degrees below the horizon is out of range: it must be from %d to %d", n.Degrees, minDegrees, maxDegrees)
	}
	return nil
}

// String is the rule as windows carry it: "sunset-18m / 8.5°", "sunset-40m / sunset+72m".
func (r ShabbatRule) String() string {
	start := "sunset"
	if r.Lighting > 0 {
		start = fmt.Sprintf("sunset-%dm", r.Lighting/time.Minute)
	}
	if r.Nightfall.Minutes != 0 {
		return fmt.Sprintf("%s / sunset+%dm", start, r.Nightfall.Minutes)
	}
	return start + " / " + strconv.FormatFloat(r.Nightfall.Degrees, 'f', -1, 64) + "°"
}
