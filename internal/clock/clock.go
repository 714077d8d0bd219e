// Package clock is where time comes from, the doubt about it, and the only place that
// writes times for people.
package clock

import (
	"time"
)

// A Reading is one look at the machine's clocks. It is taken once per verb and rides on
// the transaction.
type Reading struct {
	Wall   time.Time     // UTC, whole microseconds
	Boot   time.Duration // CLOCK_BOOTTIME: time since boot, suspends included
	BootID string        // changes with each boot
	Synced bool          // the kernel says that the wall clock is synchronised
}

// A Source gives a Reading. It is made in app; the demo and tests give another.
type Source func() Reading

// Tolerance is how far Wall and Boot may move apart before the clock is in doubt.
const Tolerance = 2 * time.Second

// longPause is how long a machine may have been off before something due needs a person
// to confirm the hour.
const longPause = 7 * 24 * time.Hour

// An Anchor is a reading that was trusted. It is stored every minute and at each posting.
type Anchor struct {
	Wall   time.Time
	Boot   time.Duration
	BootID string
}

// AnchorOf makes an anchor of a trusted reading.
func AnchorOf(r Reading) Anchor { return Anchor{r.Wall, r.Boot, r.BootID} }

// Doubt says in a sentence why r cannot be trusted; "" if it can. last is the instant of
// the newest entry, due whether anything would leave now. A doubt releases nothing.
func (a Anchor) Doubt(r Reading, last time.Time, due bool) string {
	switch {
	case r.Wall.Add(5 * time.Second).Before(last):
		return "The clock is behind the last posted time."
	case a.Wall.IsZero():
		return ""
	case a.BootID == r.BootID:
		if apart := a.Apart(r); (apart > Tolerance || apart < -Tolerance) && !r.Synced {
			return "The clock was moved by " + apart.Round(time.Second).String() + "."
		}
		return ""
	case r.Wall.Sub(a.Wall) > longPause && due:
		return "The machine was off for more than a week and something is due."
	}
	return ""
}

// Apart is how far the wall clock moved ahead of the time that really passed since the
// anchor; negative if it fell behind. It means nothing across a boot.
func (a Anchor) Apart(r Reading) time.Duration {
	return r.Wall.Sub(a.Wall) - (r.Boot - a.Boot)
}

// Expected is the wall time that the anchor leads to at r: what silences and the house's
// own entries are dated with while the clock is in doubt. After a boot nobody knows how long
// the machine was off, so it is the earliest that it can be, and never ahead.
func (a Anchor) Expected(r Reading) time.Time {
	switch {
	case a.Wall.IsZero():
		return r.Wall
	case a.BootID != r.BootID:
		return a.Wall.Add(r.Boot)
	}
	return a.Wall.Add(r.Boot - a.Boot)
}

// Wall is this machine's wall time, as a reading of System has it, without the cost of the
// rest of a reading: for readers' pages, whose every request asks.
func Wall() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
