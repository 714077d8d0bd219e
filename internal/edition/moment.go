package edition

import (
	"slices"
	"time"

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

// A Moment is which desks are open, who follows, and until when all of that is true: a
// function of the newest house and desk entries and the instant. No page prints another now.
type Moment struct {
	House  House
	Desks  []DeskState // in the house's order
	Start  time.Time   // since when all of this is true
	End    time.Time   // the next instant at which any of it changes
	Nobody bool        // no desk is on duty
	Opens  time.Time   // with Nobody: the earliest opening, zero if none is known
	First  *Desk       // the desk that opens then
}

// MomentAt computes the moment of an instant.
func MomentAt(h House, desks []Desk, t time.Time) Moment {
	m := Moment{House: h, Nobody: true}
	for i, d := range desks {
		s := stateAt(d, t)
		m.Desks = append(m.Desks, s)
		m.edges(d, t)
		if s.OnDuty {
			m.Nobody = false
		}
		if opens := d.Hours.Opens(t); !s.OnDuty && !opens.IsZero() && (m.Opens.IsZero() || opens.Before(m.Opens)) {
			m.Opens, m.First = opens, &desks[i]
		}
	}
	if !m.Nobody {
		m.Opens, m.First = time.Time{}, nil
	}
	return m
}

func stateAt(d Desk, t time.Time) DeskState {
	s := DeskState{Desk: d, OnDuty: d.Hours.OnDuty(t), Known: d.Hours.Known(t)}
	if w, resting := d.Hours.Rests(t); resting {
		s.Until, s.Rest = w.End, w.Name
		return s
	}
	for _, w := range d.Hours.Windows {
		if w.Start.After(t) {
			s.Until, s.Rest = w.Start, w.Name
			s.Near = s.OnDuty && w.Start.Sub(t) <= near
			break
		}
	}
	return s
}

// edges narrows the moment to the instants at which a desk's state changes.
func (m *Moment) edges(d Desk, t time.Time) {
	edge := func(at time.Time) {
		if at.After(t) {
			if m.End.IsZero() || at.Before(m.End) {
				m.End = at
			}
		} else if at.After(m.Start) {
			m.Start = at
		}
	}
	for _, w := range d.Hours.Windows {
		edge(w.Start.Add(-near))
		edge(w.Start)
		edge(w.End)
	}
	edge(d.Hours.From)
	edge(d.Hours.Horizon)
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

// Follower is who follows a desk when it goes to rest at the instant end: the first of
// its followers that is on duty then, else the desk that opens first after it.
func (m Moment) Follower(s DeskState) (d Desk, opens time.Time, ok bool) {
	end := s.Until
	for _, id := range s.Desk.Followers {
		if f, found := m.State(id); found && f.Desk.Hours.OnDuty(end) {
			return f.Desk, end, true
		}
	}
	for _, f := range m.Desks {
		if f.Desk.ID == s.Desk.ID {
			continue
		}
		if at := f.Desk.Hours.Opens(end); !at.IsZero() && (!ok || at.Before(opens)) {
			d, opens, ok = f.Desk, at, true
		}
	}
	return d, opens, ok
}

// LastOnDuty is the desk whose rest comes last among those on duty.
func (m Moment) LastOnDuty() (last DeskState, ok bool) {
	for _, s := range m.OnDuty() {
		if !ok || s.Until.IsZero() || !last.Until.IsZero() && s.Until.After(last.Until) {
			last, ok = s, true
		}
	}
	return last, ok
}
