package almanac

import (
	"math"
	"time"
)

// evenings is the calendar of observances whose days begin on the evening before
// and end at nightfall. What is kept on which date is the observance's; when
// evening and nightfall are is decided here, once for all of them.
type evenings struct {
	place Place
	sky   sky
	rule  Custom
	kept  []names
}

func newEvenings(d Desk, kept ...names) (Calendar, error) {
	if err := d.Custom.check(); err != nil {
		return nil, err
	}
	return &evenings{place: d.Place, sky: skyOver(d.Place), rule: d.Custom, kept: kept}, nil
}

// margin is how many dates beyond a span may belong to a window within it.
const margin = 3

func (e *evenings) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	first, last := dateOf(from, e.place.Zone)-margin, dateOf(to, e.place.Zone)+margin
	for e.name(first) != "" { // begin before a run, never inside it
		first--
	}
	rule := e.rule.String()
	windows := make([]Window, 0, (last-first)/7+1)
	for d := first; d <= last; d++ {
		if e.name(d) == "" {
			continue
		}
		run := d
		for e.name(d+1) != "" {
			d++
		}
		w := e.window(run, d)
		if w.Start.Before(to) && w.End.After(from) {
			w.Name, w.Rule = e.named(run, d), rule
			windows = append(windows, w)
		}
	}
	return windows, nil
}

// name is what is kept on a date; "" on a working day.
func (e *evenings) name(d date) (name string) {
	for _, kept := range e.kept {
		name = join(name, kept(d, e.place.Israel), " + ")
	}
	return name
}

// named joins the names of a run of dates.
func (e *evenings) named(first, last date) string {
	name := e.name(first)
	for d := first + 1; d <= last; d++ {
		name = join(name, e.name(d), " + ")
	}
	return name
}

// window is the rest over a run of dates, first to last.
func (e *evenings) window(first, last date) Window {
	eve, end := e.sky.daysOf(first, last, e.place.Zone)
	lastDay := e.sky.day(end)
	begins, why := evening(e.sky.day(eve))
	ends, whyNot := e.nightfall(lastDay)

	// Both judged from the evening, not from the lighting, so that how long before it
	// a desk lights never moves an end.
	noon, _ := last.noon(e.place.Zone)
	switch {
	case ends < begins+86400: // near the poles the evening may come hours earlier each day
		ends, whyNot = max(lastDay.midnight, begins+86400), "nightfall within 24 hours: solar midnight"
	case ends <= float64(noon.Unix()): // as the polar night sets in, stars come out at noon
		ends, whyNot = lastDay.midnight, "nightfall before noon: solar midnight"
	}
	return Window{
		Start:    minute(math.Floor(begins / 60)).Add(-e.rule.Lighting),
		End:      minute(math.Ceil(ends / 60)),
		Fallback: join(why, whyNot, "; "),
	}
}

// minute is the instant a number of minutes after 1970.
func minute(n float64) time.Time { return time.Unix(int64(n)*60, 0).UTC() }

// sunsetSine is the sine of the height of the sun's centre at sunset: 50 minutes
// of arc below the horizon, 34 for refraction and 16 for its radius, the
// definition of the US Naval Observatory and NOAA, the same on every day.
var sunsetSine = sineBelow(50.0 / 60)

// sineBelow is the sine of the height of what stands that far below the horizon.
func sineBelow(degrees float64) float64 { return math.Sin(rad(-degrees)) }

// evening is when a day's sun sets, in Unix seconds. Authorities differ on what
// holds where it does not; the strict side of them is taken: six hours after solar
// noon under a sun that stays up, and noon itself, when the last light is seen,
// under one that stays down.
func evening(d solarDay) (at float64, fallback string) {
	sunset, course := d.descent(sunsetSine)
	switch course {
	case staysAbove:
		return d.noon + 6*3600, "sun never sets: 6 hours after solar noon"
	case staysBelow:
		return d.noon, "sun never rises: solar noon"
	}
	return sunset, ""
}

// nightfall is when a day ends by the desk's rule, in Unix seconds; solar
// midnight where the rule names no instant. As the nights grow too light for the
// rule, nightfall itself approaches midnight, so that the ends do not jump.
func (e *evenings) nightfall(d solarDay) (at float64, fallback string) {
	sine, later := sunsetSine, 60*float64(e.rule.Nightfall.Minutes)
	if later == 0 {
		sine = sineBelow(e.rule.Nightfall.Degrees)
	}
	if at, course := d.descent(sine); course == falls {
		return at + later, ""
	}
	return d.midnight, "no nightfall: solar midnight"
}
