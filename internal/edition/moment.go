package edition

import (
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

// near is how long before its rest a desk's end is told.
const near = 24 * time.Hour

// A DeskState is a desk at an instant.
type DeskState struct {
	Desk   Desk
	OnDuty bool
	Known  bool      // its rests are known; a desk that is not is closed
	Until  time.Time // on duty: when it rests; at rest: when it opens; zero if not known
	Near   bool      // it rests within 24 hours
	Rest   string    // the name of the rest that it is in, or that comes
}

// Resting reports whether the desk is in a rest whose end is known.
func (s DeskState) Resting() bool { return s.Known && !s.OnDuty && !s.Until.IsZero() }

// A Moment is which desks are open, who follows, the date, and until when all of that is
// true: a function of the newest house and desk entries and the instant. Every instant
// from Start to before End has the same moment. No page prints another now.
type Moment struct {
	House  House
	Desks  []DeskState       // in the house's order
	Start  time.Time         // since when all of this is true; zero if since ever
	End    time.Time         // the next instant at which any of it changes; zero for never
	Date   string            // the civil date at the house, YYYY-MM-DD
	Hebrew *record.HebrewDay // the Hebrew day at the house, where its entry tells one
	Nobody bool              // no desk is on duty
	Opens  time.Time         // with Nobody: the earliest opening, zero if none is known
	First  *Desk             // the desk that opens then, the first of several in the house's order
}

// MomentAt computes the moment of an instant.
func MomentAt(h House, desks []Desk, t time.Time) Moment {
	m := Moment{House: h, Nobody: true}
	m.dates(t)
	for i, d := range desks {
		s := stateAt(d, t)
		m.Desks = append(m.Desks, s)
		m.edges(d, t)
		if s.OnDuty {
			m.Nobody = false
		}
		if s.Resting() && (m.First == nil || s.Until.Before(m.Opens)) {
			m.Opens, m.First = s.Until, &desks[i]
		}
	}
	if !m.Nobody {
		m.Opens, m.First = time.Time{}, nil
	}
	return m
}

func stateAt(d Desk, t time.Time) DeskState {
	h := d.Hours
	s := DeskState{Desk: d, OnDuty: h.OnDuty(t), Known: h.Known(t)}
	if !s.Known {
		return s
	}
	if w, resting := h.Rests(t); resting {
		s.Until, s.Rest = h.Opens(t), w.Name
		return s
	}
	if until := h.Until(t); !until.IsZero() {
		w, _ := h.Rests(until)
		s.Until, s.Rest, s.Near = until, w.Name, until.Sub(t) <= near
	}
	return s
}

// edge narrows the moment that holds t to one side of an instant at which it changes.
func (m *Moment) edge(at, t time.Time) {
	if at.After(t) {
		if m.End.IsZero() || at.Before(m.End) {
			m.End = at
		}
	} else if at.After(m.Start) {
		m.Start = at
	}
}

// edges narrows the moment to the instants at which a desk's state changes.
func (m *Moment) edges(d Desk, t time.Time) {
	if d.Hours.Closed || d.Hours.Entry == 0 {
		return
	}
	for _, w := range d.Hours.Windows {
		m.edge(w.Start.Add(-near), t)
		m.edge(w.Start, t)
		m.edge(w.End, t)
	}
	m.edge(d.Hours.From, t)
	m.edge(d.Hours.Horizon, t)
}

// dates puts in what day it is at the house, and narrows the moment to it.
func (m *Moment) dates(t time.Time) {
	if zone := m.House.Zone; zone != nil {
		m.Date = clock.Date(t, zone)
		m.edge(clock.Midnight(t, zone, 0), t)
		m.edge(clock.Midnight(t, zone, 1), t)
	}
	for i, d := range m.House.HebrewDays {
		m.edge(d.Sunset, t)
		if !d.Sunset.After(t) {
			m.Hebrew = &m.House.HebrewDays[i]
		}
	}
}

// State returns a desk's state.
func (m Moment) State(id story.DeskID) (DeskState, bool) {
	i := slices.IndexFunc(m.Desks, func(s DeskState) bool { return s.Desk.ID == id })
	if i < 0 {
		return DeskState{}, false
	}
	return m.Desks[i], true
}

// OnDuty lists the desks on duty, in the house's order.
func (m Moment) OnDuty() (on []DeskState) {
	for _, s := range m.Desks {
		if s.OnDuty {
			on = append(on, s)
		}
	}
	return on
}

// Follower is who follows a desk when it goes to rest at its Until: the first of its
// followers that is on duty then, else the desk that opens first after it, which may be
// the desk itself.
func (m Moment) Follower(s DeskState) (d Desk, opens time.Time, ok bool) {
	end := s.Until
	if end.IsZero() {
		return d, end, false
	}
	for _, id := range s.Desk.Followers {
		if f, found := m.State(id); found && id != s.Desk.ID && f.Desk.Hours.OnDuty(end) {
			return f.Desk, end, true
		}
	}
	for _, f := range m.Desks {
		if at := f.Desk.Hours.Opens(end); !at.IsZero() && (!ok || at.Before(opens)) {
			d, opens, ok = f.Desk, at, true
		}
	}
	return d, opens, ok
}

// Updating lists who updates while a desk rests: its followers that are on duty first, in
// its order, then the others in the house's.
func (m Moment) Updating(s DeskState) (on []DeskState) {
	for _, id := range s.Desk.Followers {
		if f, found := m.State(id); found && f.OnDuty {
			on = append(on, f)
		}
	}
	for _, f := range m.OnDuty() {
		if !slices.Contains(s.Desk.Followers, f.Desk.ID) && f.Desk.ID != s.Desk.ID {
			on = append(on, f)
		}
	}
	return on
}

// LastOnDuty is the desk whose rest comes last among those on duty.
func (m Moment) LastOnDuty() (last DeskState, ok bool) {
	for _, s := range m.OnDuty() {
		later := s.Until.After(last.Until) && !last.Until.IsZero() || s.Until.IsZero() && !last.Until.IsZero()
		if !ok || later {
			last, ok = s, true
		}
	}
	return last, ok
}

// HoursOf is when a desk rests, by its entry and nothing else. Rests that touch or overlap
// are one.
func HoursOf(n int64, d record.Desk) story.Hours {
	h := story.Hours{Entry: n, From: d.From, Horizon: d.Horizon, Almanac: d.Almanac, ZoneData: d.ZoneData, Closed: d.Closed}
	windows := slices.Clone(d.Windows)
	slices.SortStableFunc(windows, func(a, b record.Window) int { return a.Start.Compare(b.Start) })
	h.Windows = slices.Grow(h.Windows, len(windows))
	for _, w := range windows {
		if last := len(h.Windows) - 1; last >= 0 && !w.Start.After(h.Windows[last].End) {
			if w.End.After(h.Windows[last].End) {
				h.Windows[last].End = w.End
			}
			if w.Name != h.Windows[last].Name {
				h.Windows[last].Name += " + " + w.Name
			}
			continue
		}
		h.Windows = h.Windows[:len(h.Windows)+1]
		x := &h.Windows[len(h.Windows)-1]
		x.Start, x.End, x.Name, x.Rule, x.Fallback = w.Start, w.End, w.Name, w.Rule, w.Fallback
	}
	return h
}
