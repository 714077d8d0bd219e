package story

import (
	"slices"
	"time"
)

// LeadIn closes a desk this long before its window: what is filed in the last seconds
// would otherwise be printed inside the rest that it raced against.
const LeadIn = 5 * time.Second

// Code names an objection.
type Code string

// The objections of the gate, in the order in which they are listed (STATES.md).
const (
	ObjectUndo     Code = "undo"
	ObjectSlot     Code = "slot"
	ObjectEmbargo  Code = "embargo"
	ObjectRest     Code = "rest"
	ObjectHorizon  Code = "horizon"
	ObjectClock    Code = "clock"
	ObjectCredit   Code = "credit"
	ObjectRights   Code = "rights"
	ObjectEyes     Code = "eyes"
	ObjectRequired Code = "required"
	ObjectBase     Code = "base"
	ObjectStanding Code = "standing"
	ObjectWire     Code = "wire"
)

// An Objection is one thing that stands between an act and its posting. One that Waits
// ends by itself, or by the house; any other needs a person.
type Objection struct {
	Code  Code
	Waits bool
	Until time.Time // when it ends; zero if that is not known
	What  string    // which picture, field, window or wire item
}

// World is what the gate may know besides the act: read in the transaction that posts.
type World struct {
	Hours    Hours // of the act's desk
	Doubt    bool  // the clock is in doubt
	Embargo  Embargo
	Standing Standing
	Latest   int64 // n of the last entry of the act's (subject, part)
	Missing  []string
	Names    int // people whom the revision names: each may take an entry, and an instant, before it
	Pictures []PictureRights
	Eyes     Eyes
	Wires    []WireDoubt
	Grant    *Grant
	Live     LivePage // of an act about one
	// Arranged: a standing order of the house lets acts that were scheduled beforehand go
	// while their desk rests, in windows that began after it.
	Arranged bool
	Order    int64     // the house entry that gave it
	Since    time.Time // when
	// NewSinceKill: the revision is newer than the kill and approved by a second person.
	NewSinceKill bool
}

// PictureRights is what the gate asks of each picture of a revision.
type PictureRights struct {
	ID       string
	Credited bool
	From     time.Time // zero: always
	Until    time.Time // zero: for ever
}

// Eyes is a desk's wish for a second pair of eyes, and whether the revision had it.
type Eyes struct {
	Wanted   bool
	Approved bool // by somebody other than its last editor
}

// A WireDoubt is a wire version that asks something of a story and has no answer yet.
type WireDoubt struct {
	Item string    // headline or guid, for the sentence
	Kind string    // canceled, withheld, embargo
	Till time.Time // of an embargo
}

// A Grant opens the gate for one desk and one article, for at most an hour.
type Grant struct {
	ID          int64
	Desk        DeskID
	Subject     string
	From, Until time.Time
	FiledUnder  bool // the act was filed under it
}

// Gate lists everything that stands between act and its posting at t, the instant that
// will be printed. None means go. It is the only judge: whatever appends to the record asks it.
func Gate(act Act, w World, t time.Time) (no []Objection) {
	switch act.What.Class() {
	case Speaks:
		no = append(waits(act, w, t), needs(w, t)...)
		no = append(no, standing(act, w)...)
		return append(no, wires(w, t)...)
	case Silences:
		return standing(act, w)
	}
	return nil
}

// waits lists the objections that time alone ends.
func waits(act Act, w World, t time.Time) (no []Objection) {
	if t.Before(act.Undo) {
		no = append(no, Objection{ObjectUndo, true, act.Undo, ""})
	}
	if t.Before(act.Slot) {
		no = append(no, Objection{ObjectSlot, true, act.Slot, ""})
	}
	if e := w.Embargo; e.Set && (e.Until.IsZero() || t.Before(e.Until)) {
		no = append(no, Objection{ObjectEmbargo, !e.Until.IsZero(), e.Until, ""})
	}
	no = append(no, rest(act, w, t)...)
	if !w.Hours.Known(t) {
		no = append(no, Objection{ObjectHorizon, true, time.Time{}, ""})
	}
	if w.Doubt {
		no = append(no, Objection{ObjectClock, true, time.Time{}, ""})
	}
	return no
}

// rest objects from LeadIn before a window of the desk to its end, to the microsecond,
// unless a live grant or the house's standing order lets this very act go.
func rest(act Act, w World, t time.Time) []Objection {
	for _, win := range w.Hours.Windows {
		if t.Before(win.Start.Add(-LeadIn)) {
			break
		}
		if !t.Before(win.End) {
			continue
		}
		if granted(act, w.Grant, t) || arranged(act, w, win.Start) {
			return nil
		}
		return []Objection{{ObjectRest, true, win.End, win.Name}}
	}
	return nil
}

// arranged reports whether the standing order lets an act go in a window: the order, and the
// act's own filing and slot, are older than it. A slot that was given during the rest is not
// by schedule (Road).
func arranged(act Act, w World, start time.Time) bool {
	return w.Arranged && w.Since.Before(start) && !act.Slot.IsZero() && act.Road == BySchedule && act.Queued.Before(start)
}

func granted(act Act, g *Grant, t time.Time) bool {
	return g != nil && g.FiledUnder && g.Desk == act.Desk && g.Subject == act.Subject &&
		!t.Before(g.From) && t.Before(g.Until) && g.Until.Sub(g.From) <= time.Hour
}

// needs lists the objections that only a person ends.
func needs(w World, t time.Time) (no []Objection) {
	for _, p := range w.Pictures {
		if !p.Credited {
			no = append(no, Objection{ObjectCredit, false, time.Time{}, p.ID})
		}
		if t.Before(p.From) {
			no = append(no, Objection{ObjectRights, false, p.From, p.ID})
		} else if !p.Until.IsZero() && !t.Before(p.Until) {
			no = append(no, Objection{ObjectRights, false, time.Time{}, p.ID})
		}
	}
	if w.Eyes.Wanted && !w.Eyes.Approved {
		no = append(no, Objection{ObjectEyes, false, time.Time{}, ""})
	}
	for _, m := range w.Missing {
		no = append(no, Objection{ObjectRequired, false, time.Time{}, m})
	}
	return no
}

// wires lists what agencies ask and nobody has answered.
func wires(w World, t time.Time) (no []Objection) {
	for _, d := range w.Wires {
		if d.Kind == "embargo" && !d.Till.IsZero() && !t.Before(d.Till) {
			continue // the agency's own embargo has run out
		}
		no = append(no, Objection{ObjectWire, false, d.Till, d.Item})
	}
	return no
}

// standing objects to a wish that the subject's public standing does not allow, and to
// an act filed against an entry that is no longer the newest.
func standing(act Act, w World) (no []Objection) {
	if act.What.Class() == Speaks && act.Base != w.Latest {
		no = append(no, Objection{ObjectBase, false, time.Time{}, ""})
	}
	if act.What.OnArticle() {
		_, ok := w.Standing.After(act.What)
		if !ok || (w.Standing == Killed && act.What == Reinstate && !w.NewSinceKill) {
			no = append(no, Objection{ObjectStanding, false, time.Time{}, string(w.Standing)})
		} else {
			no = append(no, livePage(act, w)...)
		}
	}
	return append(no, ofPiece(act, w)...)
}

// AllWait reports whether every objection ends without the filer.
func AllWait(no []Objection) bool { return len(Lasting(no)) == 0 }

// Lasting lists the objections that do not end by themselves: those that need a person.
func Lasting(no []Objection) (hard []Objection) {
	for _, o := range no {
		if !o.Waits {
			hard = append(hard, o)
		}
	}
	return hard
}

// OpensAt is when the last of the waiting objections ends; zero if one has no known end,
// or needs a person.
func OpensAt(no []Objection) (at time.Time) {
	for _, o := range no {
		if o.Until.IsZero() || !o.Waits {
			return time.Time{}
		}
		if o.Until.After(at) {
			at = o.Until
		}
	}
	return at
}

// Ahead lists all that act meets from t on if the world stays as it is, what it meets only
// later too (a slot inside a rest), and when it leaves: zero if that is not known, or needs
// a person, or is now. It asks the gate again at each instant at which something ends.
func Ahead(act Act, w World, t time.Time) (all []Objection, leaves time.Time) {
	for {
		no := Gate(act, w, t)
		if len(no) == 0 {
			return all, leaves
		}
		for _, o := range no {
			if !slices.Contains(all, o) {
				all = append(all, o)
			}
		}
		if leaves = OpensAt(no); !leaves.After(t) {
			return all, time.Time{}
		}
		t = leaves
	}
}
