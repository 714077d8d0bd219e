package story

import (
	"time"

	"dateline/internal/almanac"
)

// DeskID names a desk for ever. It is random; its slug may change, its id never does.
type DeskID string

// Hours is what the gate knows of a desk: its latest desk entry, and nothing else.
type Hours struct {
	Entry    int64            // n of the desk entry, 0 if there is none
	Windows  []almanac.Window // sorted, disjoint
	From     time.Time        // windows are known from here …
	Horizon  time.Time        // … to here; outside is closed
	Almanac  string           // version of the rules that made the windows
	ZoneData string           // version of the zone data that made them
	Closed   bool             // for good
}

// Known reports whether t lies in the span that the windows cover.
func (h Hours) Known(t time.Time) bool {
	return h.Entry != 0 && !h.Closed && !t.Before(h.From) && t.Before(h.Horizon)
}

// Rests returns the window that holds t.
func (h Hours) Rests(t time.Time) (almanac.Window, bool) { return almanac.At(h.Windows, t) }

// OnDuty reports whether the desk is known to be open at t.
func (h Hours) OnDuty(t time.Time) bool {
	_, resting := h.Rests(t)
	return h.Known(t) && !resting
}

// Opens returns when the desk is next on duty, t itself if it is now; zero if unknown.
func (h Hours) Opens(t time.Time) time.Time {
	if !h.Known(t) {
		return time.Time{}
	}
	if w, resting := h.Rests(t); resting {
		t = w.End
	}
	if !h.Known(t) {
		return time.Time{}
	}
	return t
}

// Until returns when a desk that is on duty at t rests next; zero if that is not known.
func (h Hours) Until(t time.Time) time.Time {
	if w, ok := almanac.Next(h.Windows, t); ok {
		return w.Start
	}
	return time.Time{}
}

// Embargo is an instant before which no byte of an article may be public.
type Embargo struct {
	Set   bool
	Until time.Time // zero: open-ended, until somebody lifts it
}
