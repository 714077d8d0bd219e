package record

import (
	"time"

	"dateline/internal/story"
)

// A kind's classes, and whether its entries stay whatever happens: what others are judged
// by cannot be taken back.
type kindRule struct {
	classes []story.Class
	stays   bool
	decode  func(Entry) error
}

func reads[T any](e Entry) error {
	_, err := Decode[T](e)
	return err
}

var (
	houses   = []story.Class{story.Houses}
	speaks   = []story.Class{story.Speaks}
	silences = []story.Class{story.Silences}
	either   = []story.Class{story.Speaks, story.Silences}
)

var kindRules = map[Kind]kindRule{
	KindVolume:    {houses, true, reads[Volume]},
	KindHouse:     {houses, true, reads[House]},
	KindDesk:      {houses, true, reads[Desk]},
	KindDuty:      {houses, true, reads[Duty]},
	KindException: {houses, true, reads[Exception]},
	KindArticle:   {speaks, false, reads[Article]},
	KindLive:      {either, false, readsLive},
	KindFront:     {speaks, false, reads[Front]},
	KindPackage:   {speaks, false, readsPackage},
	KindPage:      {speaks, false, readsPage},
	KindPerson:    {speaks, false, reads[Person]},
	KindRelation:  {speaks, false, readsRelation},
	KindPicture:   {either, false, readsPicture},
	KindWithdraw:  {silences, false, reads[Withdraw]},
	KindKill:      {silences, true, reads[Kill]},
	KindErase:     {silences, true, reads[Erase]},
	KindMoved:     {houses, false, readsMoved},
}

// shape checks what an envelope says of itself.
func (v *verifier) shape(e Entry) {
	rule, known := kindRules[e.Kind]
	if !known {
		v.problem(e.N, "kind %q is not known here", e.Kind)
	}
	fits := false
	for _, c := range rule.classes {
		fits = fits || c == e.Class
	}
	if known && !fits {
		v.problem(e.N, "no %s is of class %q", e.Kind, e.Class)
	}
	if e.Form < 1 || e.Form > Form {
		v.problem(e.N, "form %d of a content is not known here", e.Form)
	}
	if e.Revision < 0 || (e.Kind == KindArticle && e.Revision == 0) {
		v.problem(e.N, "it names revision %d", e.Revision)
	}
	if e.Subject == "" {
		v.problem(e.N, "it has no subject")
	}
}

// content holds an entry's words to its commitment, and remembers what later entries are
// judged by.
func (v *verifier) content(e Entry) {
	rule := kindRules[e.Kind]
	switch {
	case e.GoneBy != 0 && (rule.stays && !erasedKill(e) || e.GoneBy <= e.N):
		v.problem(e.N, "it is marked as gone by %d, which cannot take it back", e.GoneBy)
	case e.GoneBy != 0:
		v.gone[e.N] = gone{e.GoneBy, e.Content == nil, e.Kind, e.Subject}
	case e.Content == nil:
		v.problem(e.N, "its content is missing, and nothing says that it was erased")
	}
	if e.Content == nil {
		if e.Salt != nil {
			v.problem(e.N, "its salt was kept without its content")
		}
		return
	}
	if len(e.Salt) != SaltLength || CommitTo(e.Salt, e.Content) != e.Commit {
		v.problem(e.N, "its content is not what was committed to")
		return
	}
	if rule.decode == nil || e.Form < 1 || e.Form > Form {
		return // listed by shape
	}
	if rule.decode(e) != nil || !v.remember(e) {
		v.problem(e.N, "its content cannot be read as that of its kind, %s", e.Kind)
	}
}

// erasedKill tells a kill whose note was destroyed: its own words may be what the order is
// about. The erase then names all that the kill withheld, or leftGone lists the rest.
func erasedKill(e Entry) bool { return e.Kind == KindKill && e.Content == nil }

// remember keeps what later entries are judged by.
func (v *verifier) remember(e Entry) bool {
	switch e.Kind {
	case KindHouse:
		h, err := Decode[House](e)
		if !h.Arranged {
			clear(v.orders)
		} else {
			v.orders[e.N] = e.At
		}
		return err == nil
	case KindDesk:
		d, err := Decode[Desk](e)
		v.desks[e.Subject] = deskAt{e.N, d}
		return err == nil && inOrder(d.Windows)
	case KindException:
		x, err := Decode[Exception](e)
		v.exceptions[e.N] = x
		return err == nil && e.Subject == string(x.Desk) && e.Part == string(x.Article) && x.Until.Sub(x.From) <= time.Hour
	case KindKill:
		k, err := Decode[Kill](e)
		v.takes(e, k.Withheld)
		return err == nil
	case KindErase:
		x, err := Decode[Erase](e)
		v.takes(e, x.Destroyed)
		return err == nil
	}
	return true
}

func inOrder(windows []Window) bool {
	for i, w := range windows {
		if !w.End.After(w.Start) || (i > 0 && w.Start.Before(windows[i-1].End)) {
			return false
		}
	}
	return true
}

type deskAt struct {
	n int64
	d Desk
}

// leadIn is the gate's, in microseconds, said here once more on purpose.
const leadIn = 5_000_000

// window returns the window that holds t, else the next, whatever the order of the windows;
// rests tells whether t lies in any, or in the seconds before one.
func (d Desk) window(t int64) (start, end int64, rests bool) {
	for _, w := range d.Windows {
		s, e := w.Start.UnixMicro(), w.End.UnixMicro()
		if t >= e {
			continue
		}
		if end == 0 || e < end {
			start, end = s, e
		}
		rests = rests || t >= s-leadIn
	}
	return start, end, rests
}

// decision judges an entry a second time: what speaks stands outside every window of its
// desk, and five seconds before one, by the newest desk entry before it.
func (v *verifier) decision(e Entry) {
	d := e.Decision
	switch d.Road {
	case story.ByPerson, story.BySchedule, story.ByProgram, story.ByHouse:
	default:
		v.problem(e.N, "there is no road %q to the record", d.Road)
	}
	if e.Class != story.Speaks && d.Basis != NotJudged {
		v.problem(e.N, "what is of class %q is not judged, but its basis is %q", e.Class, d.Basis)
	}
	desk, known := v.desks[string(e.Desk)]
	if e.Class == story.Houses {
		desk = deskAt{} // the house's own is not judged by a desk's hours
	}
	start, end, rests := desk.d.window(e.At.UnixMicro())
	switch {
	case d.DeskEntry != desk.n || d.Almanac != desk.d.Almanac || d.ZoneData != desk.d.ZoneData:
		v.problem(e.N, "it was not judged by entry %d, the newest of its desk", desk.n)
	case !is(d.WindowStart, start) || !is(d.WindowEnd, end):
		v.problem(e.N, "it does not name the window that it was judged by")
	}
	if e.Class == story.Speaks {
		v.speaking(e, desk.d, known, rests)
	}
}

// is compares an instant of a decision with one in microseconds, 0 for none.
func is(t time.Time, us int64) bool {
	if us == 0 || t.IsZero() {
		return us == 0 && t.IsZero()
	}
	return t.UnixMicro() == us
}

func (v *verifier) speaking(e Entry, desk Desk, known, rests bool) {
	if !known {
		v.problem(e.N, "it speaks for desk %q, which is not known yet", e.Desk)
		return
	}
	if desk.Closed || e.At.Before(desk.From) || !e.At.Before(desk.Horizon) {
		v.problem(e.N, "its desk's rests are not known for its instant")
	}
	if e.Decision.Basis == Open {
		if rests {
			v.problem(e.N, "it speaks while its desk rests")
		}
	} else if !v.allowed(e) {
		v.problem(e.N, "its basis %q does not let it pass", e.Decision.Basis)
	}
}

// allowed reports whether the exception or the standing order that an entry names lets it
// speak while its desk rests.
func (v *verifier) allowed(e Entry) bool {
	if n, ok := e.Decision.Basis.after(underException); ok {
		x, found := v.exceptions[n]
		return found && x.Desk == e.Desk && string(x.Article) == e.Subject &&
			!e.At.Before(x.From) && e.At.Before(x.Until) && x.Until.Sub(x.From) <= time.Hour
	}
	if n, ok := e.Decision.Basis.after(underOrder); ok {
		since, found := v.orders[n]
		return found && e.Decision.Road == story.BySchedule && since.Before(e.Decision.WindowStart)
	}
	return false
}
