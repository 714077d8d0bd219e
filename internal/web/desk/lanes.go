package desk

import (
	"fmt"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// The sign-in shows every desk on one axis of time: what is past of this day's work, now,
// and the next day. Places are percents, so that the picture needs no style of its own.

// The axis begins before now and ends after it.
const (
	laneBefore = 4 * time.Hour
	laneAfter  = 28 * time.Hour
	mostLanes  = 8
)

type lane struct {
	City, HM, State, Words, At string
	Rests, Gaps                []bar
}

// bar is a stretch of the axis, in percents of it.
type bar struct {
	X, Width, From, To string
	Begins, Ends       edge // of its words
}

// edge is where words stand at an end of a bar.
type edge struct{ X, DX string }

var leftEdge, rightEdge = edge{"0%", "6"}, edge{"100%", "-6"}

func percent(d time.Duration) string {
	return fmt.Sprintf("%.2f%%", 100*float64(max(0, d))/float64(laneBefore+laneAfter))
}

// barOf cuts a stretch of time to the axis; false where it is not on it. Time goes as the
// language is read.
func barOf(lang string, from, to, start time.Time) (b bar, ok bool) {
	end := start.Add(laneBefore + laneAfter)
	if !to.After(start) || !from.Before(end) {
		return b, false
	}
	if from.Before(start) {
		from = start
	}
	if to.After(end) {
		to = end
	}
	b = bar{X: percent(from.Sub(start)), Width: percent(to.Sub(from)), Begins: leftEdge, Ends: rightEdge}
	if story.RightToLeft(lang) {
		b.X, b.Begins, b.Ends = percent(end.Sub(to)), rightEdge, leftEdge
	}
	return b, true
}

// lay puts the desks in, and where nobody is on duty.
func (p *signInPage) lay(h newsroom.HouseView) {
	start := h.Now.Add(-laneBefore)
	p.Day, p.NowX = clock.LongDay(h.Now, h.Zone, h.Lang), percent(laneBefore)
	if story.RightToLeft(h.Lang) {
		p.NowX = percent(laneAfter)
	}
	p.LaneHead = h.Say("The desks until %s", clock.Weekday(start.Add(laneBefore+laneAfter), h.Zone, h.Lang))
	p.onDuty(h)
	gaps := p.nobody(h, start)
	for i, x := range h.Desks {
		if i == mostLanes {
			return
		}
		c := clockOf(x, h.Now, false)
		l := lane{City: c.City, HM: c.HM, State: c.State, Words: c.Words, At: clock.ISO(h.Now), Gaps: gaps}
		for _, w := range x.Hours.Windows {
			b, ok := barOf(h.Lang, w.Start, w.End, start)
			if !ok {
				continue
			}
			if w.Start.After(start) {
				b.From = shortWhen(w.Start, x, h.Now)
			}
			if w.End.Before(start.Add(laneBefore + laneAfter)) {
				b.To = shortWhen(w.End, x, h.Now)
			}
			l.Rests = append(l.Rests, b)
		}
		p.Lanes = append(p.Lanes, l)
	}
}

// onDuty is who is on duty longest.
func (p *signInPage) onDuty(h newsroom.HouseView) {
	var last time.Time
	for _, x := range h.Desks {
		if _, resting := x.Hours.Rests(h.Now); resting || !x.Hours.Known(h.Now) {
			continue
		}
		if until := x.Hours.Until(h.Now); until.After(last) {
			last = until
			p.OnDuty = h.Say("%s is on duty for %s more.", x.Name(), left(h.Lang, until.Sub(h.Now)))
		}
	}
	if last.IsZero() && len(h.Desks) > 0 {
		p.OnDuty = h.Say("No desk is on duty now.")
	}
}

// nobody is where, from now on, every desk rests.
func (p *signInPage) nobody(h newsroom.HouseView, start time.Time) (gaps []bar) {
	var from time.Time
	closed := func(t time.Time) bool {
		for _, x := range h.Desks {
			if _, resting := x.Hours.Rests(t); !resting && x.Hours.Known(t) {
				return false
			}
		}
		return len(h.Desks) > 0
	}
	end := start.Add(laneBefore + laneAfter)
	for t := h.Now; !t.After(end); {
		is := closed(t)
		if is && from.IsZero() {
			from = t
		}
		if !is && !from.IsZero() || is && t.Equal(end) {
			if b, ok := barOf(h.Lang, from, t, start); ok {
				gaps = append(gaps, b)
			}
			if p.Gap == "" {
				p.Gap = h.Say("Hatched: no desk is on duty from %s to %s.", clock.DayTime(from, h.Zone, h.Lang), clock.DayTime(t, h.Zone, h.Lang)+" "+h.City())
			}
			from = time.Time{}
		}
		next := end
		for _, x := range h.Desks {
			for _, w := range x.Hours.Windows {
				for _, edge := range []time.Time{w.Start, w.End} {
					if edge.After(t) && edge.Before(next) {
						next = edge
					}
				}
			}
		}
		if !next.After(t) {
			break
		}
		t = next
	}
	return gaps
}
