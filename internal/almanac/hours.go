package almanac

import (
	"fmt"
	"math"
	"time"
)

// Rests that hang on civil dates and local hours: which hours is each observance's,
// when a zone's clocks show them is decided here, once for all of them.

// A reading is what a wall clock with a calendar shows: local minutes since the
// beginning of 1970. It is no instant: a zone may show it twice, or never.
type reading int

const dayLong = 24 * 60 // minutes

// midnight is the reading with which a date begins.
func (d date) midnight() reading { return reading(d) * dayLong }

// date is the date that a reading is of.
func (r reading) date() date { return date(math.Floor(float64(r) / dayLong)) }

// clockFace writes the hour of a reading: "08:00".
func (r reading) clockFace() string {
	r -= r.date().midnight()
	return fmt.Sprintf("%02d:%02d", r/60, r%60)
}

// A wall is the clock on a desk's wall. It remembers the stretch of one offset that it
// looked at last, so that a year of hours asks the zone a few times only. It is made
// for one question and not shared.
type wall struct {
	zone             *time.Location
	from, to, offset int64 // the stretch, in Unix seconds; offset east of Greenwich
}

// around is how far, in seconds, an instant may be from the same reading in UTC and have
// to do with a change of the clock: the widest offset and the widest jump, both a day.
const around = 2 * 86400

// look finds the stretch of one offset that holds an instant.
func (w *wall) look(unix int64) {
	t := time.Unix(unix, 0).In(w.zone)
	_, offset := t.Zone()
	from, to := t.ZoneBounds()
	w.from, w.to, w.offset = math.MinInt64, math.MaxInt64, int64(offset)
	if !from.IsZero() {
		w.from = from.Unix()
	}
	if !to.IsZero() {
		w.to = to.Unix()
	}
	if w.to <= unix { // so it is on the last day of a leap year: a rule's years have 365 days there
		w.to = time.Date(time.Unix(unix, 0).UTC().Year()+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	}
}

// shows returns the first and the last instant, in Unix seconds, at which the clock
// shows a reading. They differ where it is set back over it. Where it is set forward over
// it, a rest that would begin then begins with the jump, and one that would end then ends
// as late as if the clock had not been touched (RFC 5545, 3.3.5): first is the one, last
// the other, and a desk never closes late or opens early.
func (w *wall) shows(r reading) (first, last int64) {
	local := int64(r) * 60
	if w.from+around < local && local < w.to-around {
		return local - w.offset, local - w.offset
	}
	found, before := false, int64(0)
	for w.look(local - around); ; w.look(w.to) {
		at := local - w.offset
		switch {
		case at >= w.to: // this stretch ends before
		case at >= w.from:
			if last = at; !found {
				first = at
			}
			found = true
		case !found: // the stretch begins after: it was jumped over
			first, last, found = w.from, local-before, true
		}
		if w.to > local+around {
			return first, last
		}
		before = w.offset
	}
}

// between is the rest from one reading to another, rounded outward; false if the zone
// jumped over all of it, as over a date that never was.
func (w *wall) between(begin, end reading) (Window, bool) {
	first, _ := w.shows(begin)
	_, last := w.shows(end)
	return Window{Start: floorMinute(float64(first)), End: ceilMinute(float64(last))}, first < last
}

// date is a whole civil date.
func (w *wall) date(d date) (Window, bool) { return w.between(d.midnight(), (d + 1).midnight()) }

func floorMinute(unix float64) time.Time { return minute(math.Floor(unix / 60)) }
func ceilMinute(unix float64) time.Time  { return minute(math.Ceil(unix / 60)) }

// dated is the calendar of rests that each belong to a date.
type dated struct {
	zone  *time.Location
	reach date // how many dates before its own a rest may begin, or after it end
	on    func(d date, w *wall) (rest Window, kept bool)
}

// keepDates makes a calendar of what is kept on dates. Rests of up to a day, and any that
// the zone's oddities make longer, are seen from the dates beside them; longer is of
// those that reach further. The union is of one calendar, for rests of neighbouring dates that touch.
func keepDates(d Desk, longer date, on func(date, *wall) (Window, bool)) Calendar {
	return Union(dated{d.Place.Zone, longer + reach, on})
}

func (c dated) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	var windows []Window
	clock := wall{zone: c.zone}
	last := dateOf(to, c.zone) + c.reach
	for d := dateOf(from, c.zone) - c.reach; d <= last; d++ {
		w, kept := c.on(d, &clock)
		if kept && w.Start.Before(to) && w.End.After(from) {
			windows = append(windows, w)
		}
	}
	return windows, nil
}
