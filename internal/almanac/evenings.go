package almanac

import (
	"iter"
	"math"
	"slices"
	"strings"
	"time"
)

// evenings is the calendar of observances whose days begin on the evening before
// and end at nightfall. What is kept on which date is the observance's; when
// evening and nightfall are is decided here, once for all of them.
type evenings struct {
	place Place
	sky   sky
	rule  Custom
	words string // the rule in words
	kept  []names
}

func newEvenings(d Desk, kept ...names) (Calendar, error) {
	if err := d.Custom.check(); err != nil {
		return nil, err
	}
	return &evenings{d.Place, skyOver(d.Place), d.Custom, d.Custom.String(), kept}, nil
}

// reach is how many dates beyond a span may belong to a window within it, or to one that
// touches such a window.
const reach = 5

func (e *evenings) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	windows := make([]Window, 0, to.Sub(from)/(6*24*time.Hour)+2)
	for first, last := range e.runs(from, to) {
		w := e.window(first, last)
		w.Name, w.Rule = e.named(first, last), e.words
		windows = append(windows, w)
	}
	// Where a zone left out the working day between two runs, they are one.
	return overlapping(merge(windows), from, to), nil
}

// runs are the first and last dates of the runs of kept dates that may touch a span.
func (e *evenings) runs(from, to time.Time) iter.Seq2[date, date] {
	return func(yield func(first, last date) bool) {
		d, until := dateOf(from, e.place.Zone)-reach, dateOf(to, e.place.Zone)+reach
		for e.rests(d) { // begin before a run, never inside it
			d--
		}
		for ; d <= until; d++ {
			if !e.rests(d) {
				continue
			}
			first := d
			for e.rests(d + 1) {
				d++
			}
			if !yield(first, d) {
				return
			}
		}
	}
}

// rests reports whether anything is kept on a date.
func (e *evenings) rests(d date) bool {
	for _, kept := range e.kept {
		if kept(d, e.place.Israel) != "" {
			return true
		}
	}
	return false
}

// named joins the names of a run of dates, each said once.
func (e *evenings) named(first, last date) string {
	var room [8]string // enough for most, so that only the joining allocates
	parts := room[:0]
	for d := first; d <= last; d++ {
		for _, kept := range e.kept {
			if name := kept(d, e.place.Israel); name != "" && !slices.Contains(parts, name) {
				parts = append(parts, name)
			}
		}
	}
	return strings.Join(parts, " + ")
}

// window is the rest over a run of dates, first to last.
func (e *evenings) window(first, last date) Window {
	b := e.bounds(first, last)
	return Window{
		Start:    minute(math.Floor(b.begins / 60)).Add(-e.rule.Lighting - e.rule.Margin),
		End:      minute(math.Ceil(b.ends / 60)).Add(e.rule.Margin),
		Fallback: join(b.why, b.whyNot, "; "),
	}
}

// bounds are the evening and the nightfall of a run of dates, in Unix seconds: what its
// window is rounded from. Where the sun gave no answer, why and whyNot say what was done.
type bounds struct {
	eve, last    int // numbers of solar days
	begins, ends float64
	why, whyNot  string
}

func (e *evenings) bounds(first, last date) (b bounds) {
	b.eve, b.last = e.sky.daysOf(first, last, e.place.Zone)
	b.begins, b.why = e.begin(b.eve, first-1)
	b.ends, b.whyNot = e.end(b.last, last, b.begins)
	return b
}

// begin is the evening of solar day n, which is date d, in Unix seconds: the sun's, else
// the desk's own, else the strict one.
func (e *evenings) begin(n int, d date) (at float64, fallback string) {
	if at, ok := e.sky.sinks(n, sunsetSine); ok {
		return at, ""
	}
	strict, fallback := evening(e.sky.day(n))
	if fallback == "" {
		return strict, ""
	}
	cause, answer, _ := strings.Cut(fallback, ": ")
	own, how, ok := e.own(n, d, e.rule.Sunless.Sunset, evening, false)
	if ok {
		return own, cause + ": " + how
	}
	return strict, cause + how + ": " + answer
}

// end is the nightfall of solar day n, which is date d, of a rest that began in the evening
// at begins: the sun's, else the desk's own, else the strict one. It is judged from the
// evening, not from the lighting, so that how long before it a desk lights never moves an
// end, and is no answer where it would leave less than a day.
func (e *evenings) end(n int, d date, begins float64) (at float64, fallback string) {
	noon, _ := d.noon(e.place.Zone)
	whole, midday := begins+86400, float64(noon.Unix())
	at, fallback = e.nightfallOn(n)
	cause, _, _ := strings.Cut(fallback, ": ")
	switch {
	case cause != "":
	case at < whole: // near the poles the evening may come hours earlier each day
		cause = "nightfall within 24 hours"
	case at <= midday: // as the polar night sets in, stars come out at noon
		cause = "nightfall before noon"
	default:
		return at, ""
	}
	own, how, ok := e.own(n, d, e.rule.Sunless.Nightfall, e.nightfall, true)
	switch {
	case ok && own >= max(whole, midday):
		return own, cause + ": " + how
	case ok:
		how = ", " + how + " too early"
	}
	if midnight := e.sky.day(n).midnight; midnight >= whole {
		return midnight, cause + how + ": solar midnight"
	}
	return whole, cause + how + ": 24 hours after the evening"
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

// nightfallOn is the nightfall of solar day n.
func (e *evenings) nightfallOn(n int) (at float64, fallback string) {
	sine, later := e.rule.Nightfall.sine()
	if at, ok := e.sky.sinks(n, sine); ok {
		return at + later, ""
	}
	return e.nightfall(e.sky.day(n))
}

// nightfall is when a day ends by the desk's rule, in Unix seconds; solar
// midnight where the rule names no instant. As the nights grow too light for the
// rule, nightfall itself approaches midnight, so that the ends do not jump.
func (e *evenings) nightfall(d solarDay) (at float64, fallback string) {
	sine, later := e.rule.Nightfall.sine()
	if at, course := d.descent(sine); course == falls {
		return at + later, ""
	}
	return d.midnight, "no nightfall: solar midnight"
}

// sine is of the height of the sun that a nightfall is reckoned from, and how many seconds
// after it that is.
func (n Nightfall) sine() (sine, later float64) {
	if n.Minutes != 0 {
		return sunsetSine, 60 * float64(n.Minutes)
	}
	return sineBelow(n.Degrees), 0
}
