package story

import "time"

// Class decides how the gate judges an act, and nothing else about it.
type Class string

// The three classes (DESIGN.md, Time, 6).
const (
	Speaks   Class = "speaks"   // in a desk's voice: closed while the desk rests
	Silences Class = "silences" // takes words back: never held, whoever rests
	Houses   Class = "house"    // the house's own: never held
)

// What an act wishes to do.
type What string

// The wishes that a member can file.
const (
	Publish   What = "publish"   // a first posting
	Update    What = "update"    // new text under the same posted time
	Correct   What = "correct"   // the same, with a note that says what was wrong
	Reinstate What = "reinstate" // after a withdrawal or a kill
	Withdraw  What = "withdraw"
	Kill      What = "kill"
	Erase     What = "erase" // destroys, by order of a court or an authority
	Front     What = "front" // the order of a front page
	Name      What = "name"  // a person entry for somebody whom an article names

	CorrectPicture  What = "correct a picture" // another caption or credit, wherever it ran
	WithdrawPicture What = "withdraw a picture"
)

// Class returns the class of a wish.
func (w What) Class() Class {
	switch w {
	case Withdraw, Kill, Erase, WithdrawPicture, RemoveLive, WithdrawPiece, KillPiece, ErasePiece:
		return Silences
	case Publish, Update, Correct, Reinstate, Front, Name, CorrectPicture, OpenLive, ReopenLive, CloseLive, AddLive, EditLive, PutPackage, PutPage, PutRelation, PutPerson:
		return Speaks
	}
	return Houses
}

// OnArticle reports whether a wish is about an article, and so bound by its standing.
func (w What) OnArticle() bool {
	switch w {
	case Front, Name, CorrectPicture, WithdrawPicture:
		return false
	}
	return !w.OnPiece()
}

// ActState is where an act stands. Whether it is held, why and until when is computed.
type ActState string

// The states that are stored (STATES.md).
const (
	Pending    ActState = "pending"
	Posted     ActState = "posted"
	TakenBack  ActState = "taken back"
	Superseded ActState = "superseded"
	Parked     ActState = "parked"
)

// Road is how an act came to the gate.
type Road string

// The roads of a decision (RECORD.md).
const (
	ByPerson   Road = "person"
	BySchedule Road = "schedule"
	ByProgram  Road = "program"
	ByHouse    Road = "house"
)

// An Act is the wish to publish, update, correct or withdraw a subject, filed against
// the entry that was public then.
type Act struct {
	ID       int64
	What     What
	Subject  string // article id; language for a front; id of a piece or picture
	Part     string // id of a live entry
	Desk     DeskID // in whose voice
	Acting   DeskID // who does it, where another desk does
	Revision int    // of an article; 0 where none is posted
	Base     int64  // n of the last public entry of (subject, part) when filed
	Slot     time.Time
	Queued   time.Time
	Undo     time.Time // nothing leaves before it
	Due      time.Time // max of queued, undo, slot and embargo
	Road     Road
	State    ActState
}

// DueAt is when an act may leave at the earliest: a maximum, never a minimum.
func DueAt(a Act, e Embargo) time.Time {
	due := a.Queued
	for _, t := range []time.Time{a.Undo, a.Slot} {
		if t.After(due) {
			due = t
		}
	}
	if e.Set && e.Until.After(due) {
		due = e.Until
	}
	return due
}

// Standing is what readers know of an article.
type Standing string

// The public standings of an article (STATES.md).
const (
	Never     Standing = "never"
	Public    Standing = "public"
	Withdrawn Standing = "withdrawn"
	Killed    Standing = "killed"
	Erased    Standing = "erased"
)

// After returns the standing once a wish is posted, and whether the wish is possible at all.
func (s Standing) After(w What) (Standing, bool) {
	next, ok := transitions[transition{s, w}]
	return next, ok
}

type transition struct {
	from Standing
	wish What
}

var transitions = map[transition]Standing{
	{Never, Publish}:       Public,
	{Public, Update}:       Public,
	{Public, Correct}:      Public,
	{Public, Withdraw}:     Withdrawn,
	{Withdrawn, Reinstate}: Public,
	{Public, Kill}:         Killed,
	{Withdrawn, Kill}:      Killed,
	{Killed, Reinstate}:    Public,
	{Public, Erase}:        Erased,
	{Withdrawn, Erase}:     Erased,
	{Killed, Erase}:        Erased,

	{Public, OpenLive}:      Public,
	{Public, ReopenLive}:    Public,
	{Public, CloseLive}:     Public,
	{Public, AddLive}:       Public,
	{Public, EditLive}:      Public,
	{Public, RemoveLive}:    Public,
	{Withdrawn, RemoveLive}: Withdrawn,
}
