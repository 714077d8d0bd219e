// Package almanac tells when a desk rests. It is pure: places, rules and instants go in,
// windows come out; it reads no clock, no file and no network.
package almanac

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Version names the rules and the astronomy. It changes when any window may change.
const Version = "1"

// A Place is where a desk is. Elevation plays no part: candles are lit by the sea-level
// sunset, which is the strict side.
type Place struct {
	Lat, Lon float64        // degrees, north and east positive
	Zone     *time.Location // picks the civil dates
	Israel   bool           // one day of each festival instead of two
}

// A Window is one rest, half-open: [Start, End). Both are whole minutes, UTC: the start
// rounded down, the end rounded up, so that a desk is never late to close or early to open.
type Window struct {
	Start, End time.Time
	Name       string // "Shabbat"
	Rule       string // "sunset-18m / 8.5°"
	Fallback   string // the named strict rule that stood in where the sun gave no answer
}

// A Calendar yields the windows of one observance at one place.
type Calendar interface {
	// Rests returns every window that overlaps [from, to): sorted, disjoint and whole.
	Rests(from, to time.Time) ([]Window, error)
}

// Union rests whenever one of the calendars does.
func Union(calendars ...Calendar) Calendar { return union(calendars) }

type union []Calendar

// Rests asks every calendar with a margin, so that windows which touch across the edge of
// the span still come out merged and whole.
func (u union) Rests(from, to time.Time) ([]Window, error) {
	const margin = 10 * 24 * time.Hour
	var all []Window
	for _, c := range u {
		w, err := c.Rests(from.Add(-margin), to.Add(margin))
		if err != nil {
			return nil, err
		}
		all = append(all, w...)
	}
	return slices.DeleteFunc(Merge(all), func(w Window) bool { return !w.Start.Before(to) || !w.End.After(from) }), nil
}

// Merge sorts windows and joins those that touch or overlap; names, rules and fallbacks
// are joined in order, each once.
func Merge(windows []Window) []Window {
	sorted := slices.SortedStableFunc(slices.Values(windows), func(a, b Window) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End))
	})
	var out []Window
	for _, w := range sorted {
		last := len(out) - 1
		if last < 0 || w.Start.After(out[last].End) {
			out = append(out, w)
			continue
		}
		o := &out[last]
		if w.End.After(o.End) {
			o.End = w.End
		}
		o.Name, o.Rule, o.Fallback = join(o.Name, w.Name, " + "), join(o.Rule, w.Rule, "; "), join(o.Fallback, w.Fallback, "; ")
	}
	return out
}

func join(a, b, by string) string {
	switch {
	case b == "" || slices.Contains(strings.Split(a, by), b):
		return a
	case a == "":
		return b
	}
	return a + by + b
}

// At returns the window that holds t.
func At(windows []Window, t time.Time) (Window, bool) {
	w, ok := Next(windows, t)
	return w, ok && !t.Before(w.Start)
}

// Next returns the window that holds t, else the first one after it. Windows are sorted
// and disjoint.
func Next(windows []Window, t time.Time) (Window, bool) {
	i, _ := slices.BinarySearchFunc(windows, t, func(w Window, t time.Time) int {
		if w.End.After(t) {
			return 1
		}
		return -1
	})
	if i == len(windows) {
		return Window{}, false
	}
	return windows[i], true
}
