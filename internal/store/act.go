package store

import (
	"time"

	"dateline/internal/story"
)

// An Act is an act with what the newsroom keeps beside it.
type Act struct {
	story.Act
	Wish    string // the slot as it was asked for
	LookAt  time.Time
	Detail  []byte // JSON: notes for readers
	By      int64
	Entry   int64
	EndedAt time.Time
	Why     string // of a parked act
	Under   int64  // the exception entry under which it was filed, 0 for none
}

const actColumns = `id, what, subject, part, desk, acting, revision, base, wish, slot, queued, undo, due, look_at, road, state, detail, by, entry, ended_at, why, under`

func scanAct(row scanner) (a Act, err error) {
	var slot, queued, undo, due, look, ended int64
	err = row.Scan(&a.ID, &a.What, &a.Subject, &a.Part, &a.Desk, &a.Acting, &a.Revision, &a.Base, &a.Wish, &slot, &queued, &undo, &due, &look,
		&a.Road, &a.State, &a.Detail, &a.By, &a.Entry, &ended, &a.Why, &a.Under)
	a.Slot, a.Queued, a.Undo, a.Due = instant(slot), instant(queued), instant(undo), instant(due)
	a.LookAt, a.EndedAt = instant(look), instant(ended)
	return a, err
}

const insertAct = `
	INSERT INTO act (id, what, class, subject, part, desk, acting, revision, base, wish, slot, queued, undo, due, look_at, road, state, detail, by, under, entry, ended_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`
const newestAct = `SELECT COALESCE(max(id), 0) FROM act`

// AddAct keeps a filed act, pending or posted at once, and returns its number.
func (tx *Tx) AddAct(a Act) (id int64, err error) {
	if id, err = tx.number(&tx.tip.acts, newestAct); err != nil {
		return 0, err
	}
	return id, tx.of(a.Subject).must(insertAct, id, string(a.What), string(a.What.Class()), a.Subject, a.Part, string(a.Desk), string(a.Acting), a.Revision, a.Base,
		a.Wish, micros(a.Slot), micros(a.Queued), micros(a.Undo), micros(a.Due), micros(a.LookAt), string(a.Road), string(a.State), string(a.Detail), a.By, a.Under, a.Entry, micros(a.EndedAt))
}

// number is the next of a table's, all of which this commit gives: highest is what it knows
// of them.
func (tx *Tx) number(highest *int64, newest string) (n int64, err error) {
	if *highest == 0 {
		if _, err := tx.one(newest, nil, highest); err != nil {
			return 0, err
		}
	}
	*highest++
	return *highest, nil
}

const actByID = `SELECT ` + actColumns + ` FROM act WHERE id = $1`

// Act returns an act by number.
func (q *Query) Act(id int64) (Act, bool, error) { return first(many(q, actByID, args(id), scanAct)) }

const dueActs = `SELECT ` + actColumns + ` FROM act WHERE state = 'pending' AND look_at <= $1 ORDER BY due, id LIMIT $2`

// DueActs lists pending acts whose gate is to be asked, in order of (due, filed).
func (q *Query) DueActs(t time.Time, limit int) ([]Act, error) {
	return many(q, dueActs, args(micros(t), limit), scanAct)
}

const nextLook = `SELECT COALESCE(min(look_at), 0) FROM act WHERE state = 'pending'`

// NextLook is when a pending act is next to be looked at, zero for never.
func (q *Query) NextLook() (time.Time, error) {
	var us int64
	_, err := q.one(nextLook, nil, &us)
	return instant(us), err
}

const openActs = `SELECT ` + actColumns + ` FROM act WHERE subject = $1 AND state IN ('pending', 'parked') ORDER BY id`

// OpenActs lists the pending and parked acts of a subject.
func (q *Query) OpenActs(subject string) ([]Act, error) {
	return many(q.of(subject), openActs, args(subject), scanAct)
}

const waitingActs = `SELECT ` + actColumns + ` FROM act WHERE desk = $1 AND state IN ('pending', 'parked') ORDER BY due, id LIMIT $2`

// WaitingActs lists what a desk has at the gate.
func (q *Query) WaitingActs(desk story.DeskID, limit int) ([]Act, error) {
	return many(q, waitingActs, args(string(desk), limit), scanAct)
}

const postedActs = `SELECT ` + actColumns + ` FROM act WHERE desk = $1 AND state = 'posted' ORDER BY ended_at DESC, id DESC LIMIT $2`

// PostedActs lists a desk's newest posted acts.
func (q *Query) PostedActs(desk story.DeskID, limit int) ([]Act, error) {
	return many(q, postedActs, args(string(desk), limit), scanAct)
}

const endAct = `UPDATE act SET state = $2, entry = $3, why = $4, ended_at = $5 WHERE id = $1 AND state IN ('pending', 'parked')`

// EndAct moves an act out of pending, once: false means that somebody else did.
func (tx *Tx) EndAct(id int64, state story.ActState, entry int64, why string) (bool, error) {
	n, err := tx.exec(endAct, id, string(state), entry, why, micros(tx.Now))
	return n == 1, err
}

const moveAct = `UPDATE act SET wish = $2, slot = $3, due = $4, look_at = $4 WHERE id = $1 AND state = 'pending'`

// MoveAct gives a pending act another slot and due instant.
func (tx *Tx) MoveAct(id int64, wish string, slot, due time.Time) error {
	return tx.must(moveAct, id, wish, micros(slot), micros(due))
}

const setRoad = `UPDATE act SET road = $2 WHERE id = $1 AND state = 'pending'`

// SetRoad says how a pending act comes to the gate.
func (tx *Tx) SetRoad(id int64, road story.Road) error {
	return tx.must(setRoad, id, string(road))
}

const lookAgain = `UPDATE act SET look_at = $2 WHERE id = $1 AND state = 'pending'`

// LookAgain says when the gate is to be asked again about an act.
func (tx *Tx) LookAgain(id int64, at time.Time) error {
	_, err := tx.exec(lookAgain, id, micros(at))
	return err
}

const lookAgainDesk = `UPDATE act SET look_at = due WHERE desk = $1 AND state = 'pending'`

// LookAgainDesk has every pending act of a desk looked at anew: its windows changed.
func (tx *Tx) LookAgainDesk(desk story.DeskID) error {
	_, err := tx.exec(lookAgainDesk, string(desk))
	return err
}

const lookAgainAll = `UPDATE act SET look_at = due WHERE state = 'pending'`

// LookAgainAll has every pending act looked at anew: the clock was set back, and what was
// put off may have been put off by an hour that had not come.
func (tx *Tx) LookAgainAll() error {
	_, err := tx.exec(lookAgainAll)
	return err
}
