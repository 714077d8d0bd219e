// Package almanac says when a desk rests: it turns a place and the observances
// kept there into windows of instants.
//
// It is pure. It reads no clock, no file and no machine setting; the zone of a
// place is handed to it, so the same question has the same answer everywhere.
//
// Two promises shape every line: a window never begins late and never ends
// early. Starts are rounded down to the minute and ends up, always on the
// instant and never on a local time, which an hour that comes twice would move.
// Where the sun gives no answer the strict one is given, or the desk's own, and named.
//
// How a window comes about:
//
//	civil date ─► solar day ─► sunset, nightfall ─► Window ─► Union ─► At, Next
//	date.go       day.go       day.go, sun.go      evenings.go  union.go  find.go
//
// How a desk keeps the two ends of such days is custom.go, and where there is no sun to keep
// them by, sunless.go. What dates the Hebrew calendar's are is hebrew.go. Rests between hours
// of the local clock are hours.go, which alone knows what happens when a clock is changed. An
// observance is one file and one line of the registry in observances.go. How a window came
// about is told by explain.go.
package almanac

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Version names the rules and the astronomy. It changes whenever any window of
// any place may come out differently, and travels with every window that is kept.
const Version = "2"

// A Place is where a desk is, as far as its rest depends on it. Elevation is
// left out on purpose: sunset is that of the sea-level horizon.
type Place struct {
	Lat, Lon float64        // degrees, north and east positive
	Zone     *time.Location // of its civil dates; the windows themselves are instants
	Israel   bool           // festivals last one day, as in Israel; it is the desk's custom, not its coordinates
}

// A Window is one rest, from Start up to but not including End.
type Window struct {
	Start, End time.Time // UTC, whole minutes
	Name       string    // what is kept: "Shabbat"; joined by " + " where rests run into each other
	Rule       string    // what made the bounds: "sunset-18m / 8.5°"
	Fallback   string    // where the sun gave no answer, what was done: "no nightfall: solar midnight"; else ""
}

// A Calendar knows the rests of one desk.
type Calendar interface {
	// Rests returns every window that overlaps [from, to), sorted, disjoint and
	// whole: a window that reaches beyond the span is not cut. An empty span asks
	// about its one instant. An error means that nothing is known, and a caller
	// takes it as resting.
	Rests(from, to time.Time) ([]Window, error)
}

// The years that the almanac answers for. Within them the sun is known to the
// accuracy that sun.go states; beyond them nobody knows how fast the Earth turns.
const (
	firstYear = 1800
	lastYear  = 2499
)

// earliest and latest are the first and the last instant that a question may be about: a
// day on either side of the years, so that these can be asked for whole by any zone's clocks.
func earliest() time.Time { return time.Date(firstYear-1, 12, 31, 0, 0, 0, 0, time.UTC) }
func latest() time.Time   { return time.Date(lastYear+1, 1, 2, 0, 0, 0, 0, time.UTC) }

// check refuses a place that has no sun or no dates.
func (p Place) check() error {
	switch {
	case !(math.Abs(p.Lat) <= 90): // also true of NaN
		return fmt.Errorf("the latitude is %v, but must be from -90 (south) to 90 (north) degrees", p.Lat)
	case !(math.Abs(p.Lon) <= 180):
		return fmt.Errorf("the longitude is %v, but must be from -180 (west) to 180 (east) degrees", p.Lon)
	case p.Zone == nil:
		return errors.New("the place has no time zone, so its dates are not known")
	}
	return nil
}

// checkSpan refuses a span that would be answered with silence or with guesses, and
// returns its end, which lies after from even if the span is empty.
func checkSpan(from, to time.Time) (end time.Time, err error) {
	if to.Before(from) {
		return to, fmt.Errorf("the span from %s to %s ends before it begins", stamp(from), stamp(to))
	}
	for _, t := range []time.Time{from, to} {
		if t.Before(earliest()) || t.After(latest()) {
			return to, fmt.Errorf("the almanac answers for the years %d to %d, not for %s", firstYear, lastYear, stamp(t))
		}
	}
	if to.Equal(from) {
		to = from.Add(1)
	}
	return to, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
