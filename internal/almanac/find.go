package almanac

import (
	"sort"
	"time"
)

// At returns the window that holds t, of windows that are sorted and disjoint.
// Its first instant is inside, its End is not.
func At(windows []Window, t time.Time) (Window, bool) {
	w, ok := Next(windows, t)
	if !ok || t.Before(w.Start) {
		return Window{}, false
	}
	return w, true
}

// Next returns the window that holds t, else the next one after t, of windows
// that are sorted and disjoint. False means only that they reach no further.
func Next(windows []Window, t time.Time) (Window, bool) {
	i := sort.Search(len(windows), func(i int) bool { return windows[i].End.After(t) })
	if i == len(windows) {
		return Window{}, false
	}
	return windows[i], true
}
