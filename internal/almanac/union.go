package almanac

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// Union is the calendar of a desk that keeps several. It rests when any of them
// does; windows that touch or overlap become one, with the names, rules and
// fallbacks of all, each said once, in the order of their starts.
func Union(calendars ...Calendar) Calendar { return union(slices.Clone(calendars)) }

type union []Calendar

// endless is how far beyond the span asked for a single rest may reach.
const endless = 400 * 24 * time.Hour

// Rests widens its question until no window of the answer has a neighbour that
// it has not seen: one calendar's window may begin where another's ends, outside
// the span that was asked for. What no calendar answers for is not asked.
func (u union) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	lo, hi := from, to
	for {
		all, err := u.all(lo, hi)
		if err != nil {
			return nil, err
		}
		windows := overlapping(merge(all), from, to)
		if len(windows) == 0 {
			return nil, nil
		}
		// One nanosecond further sees what touches.
		before := windows[0].Start.Add(-1)
		after := windows[len(windows)-1].End.Add(1)
		if before.Before(earliest()) {
			before = earliest()
		}
		if after.After(latest()) {
			after = latest()
		}
		if !before.Before(lo) && !after.After(hi) {
			return windows, nil
		}
		if before.Before(lo) {
			lo = before
		}
		if after.After(hi) {
			hi = after
		}
		if from.Sub(lo) > endless || hi.Sub(to) > endless {
			return nil, errors.New("these calendars together rest for over a year without a break")
		}
	}
}

// all is every window of every calendar, unmerged.
func (u union) all(from, to time.Time) ([]Window, error) {
	var all []Window
	for _, c := range u {
		if c == nil {
			return nil, errors.New("one of the calendars is missing")
		}
		windows, err := c.Rests(from, to)
		if err != nil {
			return nil, err
		}
		all = append(all, windows...)
	}
	return all, nil
}

// Merge returns windows of any order as a calendar would: sorted, and with those that
// touch or overlap made one, as Union does. It leaves its argument alone.
func Merge(windows []Window) []Window { return merge(slices.Clone(windows)) }

// merge sorts windows and makes one of those that touch or overlap. It works in place.
func merge(windows []Window) []Window {
	slices.SortStableFunc(windows, func(a, b Window) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.Name, b.Name))
	})
	merged := windows[:0]
	for _, w := range windows {
		if n := len(merged); n > 0 && !w.Start.After(merged[n-1].End) {
			merged[n-1] = both(merged[n-1], w)
		} else {
			merged = append(merged, w)
		}
	}
	return merged
}

// both is the window that holds a and b, which begins no earlier than a.
func both(a, b Window) Window {
	if b.End.After(a.End) {
		a.End = b.End
	}
	a.Name = join(a.Name, b.Name, " + ")
	a.Rule = join(a.Rule, b.Rule, " + ")
	a.Fallback = join(a.Fallback, b.Fallback, "; ")
	return a
}

// join adds the parts of b to those of a that a does not have yet.
func join(a, b, sep string) string {
	if a == "" || a == b {
		return b
	}
	if b == "" {
		return a
	}
	parts := strings.Split(a, sep)
	for part := range strings.SplitSeq(b, sep) {
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, sep)
}

// overlapping is the part of sorted, disjoint windows that overlaps [from, to).
func overlapping(windows []Window, from, to time.Time) []Window {
	return slices.DeleteFunc(windows, func(w Window) bool {
		return !w.Start.Before(to) || !w.End.After(from)
	})
}
