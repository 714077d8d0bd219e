package almanac

import (
	"iter"
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
	rule := e.rule.String()
	windows := make([]Window, 0, to.Sub(from)/(7*24*time.Hour)+2)
	for first, last := range e.runs(from, to) {
		w := e.window(first, last)
		if w.Start.Before(to) && w.End.After(from) {
			w.Name, w.Rule = e.named(first, last), rule
			windows = append(windows, w)
		}
	}
	return windows, nil
}

// runs are the first and last dates of the runs of kept dates that may touch a span.
func (e *evenings) runs(from, to time.Time) iter.Seq2[date, date] {
	return func(yield func(first, last date) bool) {
		d, until := dateOf(from, e.place.Zone)-margin, dateOf(to, e.place.Zone)+margin
		for e.name(d) != "" { // begin before a run, never inside it
			d--
		}
		for ; d <= until; d++ {
			if e.name(d) == "" {
				continue
			}
			first := d
			for e.name(d+1) != "" {
				d++
			}
			if !yield(first, d) {
				return
			}
		}
	}
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
	b := e.bounds(first, last)
	return Window{
		Start:    minute(math.Floor(b.begins / 60)).Add(-e.rule.Lighting),
		End:      minute(math.Ceil(b.ends / 60)),
		Fallback: join(b.why, b.whyNot, "; "),
	}
}

// bounds are the evening and the nightfall of a run of dates, in Unix seconds: what its
// window is rounded from. Where the sun gave no answer, why and whyNot say what was done.
type bounds struct {
	eve, last    solarDay
	begins, ends float64
	why, whyNot  string
}

func (e *evenings) bounds(first, last date) (b bounds) {
	eve, end := e.sky.daysOf(first, last, e.place.Zone)
	b.eve, b.last = e.sky.day(eve), e.sky.day(end)
	b.begins, b.why = evening(b.eve)
	b.ends, b.whyNot = e.nightfall(b.last)

	// Both judged from the evening, not from the lighting, so that how long before it
	// a desk lights never moves an end.
	noon, _ := last.noon(e.place.Zone)
	switch {
	case b.ends < b.begins+86400: // near the poles the evening may come hours earlier each day
		b.ends, b.whyNot = max(b.last.midnight, b.begins+86400), "nightfall within 24 hours: solar midnight"
	case b.ends <= float64(noon.Unix()): // as the polar night sets in, stars come out at noon
		b.ends, b.whyNot = b.last.midnight, "nightfall before noon: solar midnight"
	}
	return b
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
