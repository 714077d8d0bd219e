package store

import "time"

// A Told is what somebody has to be told of an act of theirs: it leaves at another time.
type Told struct {
	ID     int64
	Member int64
	Act    int64
	Was    time.Time // zero if it was not known
	Opens  time.Time // zero if it is not known
	At     time.Time
}

const insertTold = `INSERT INTO told (member, act, was, opens, at) VALUES ($1, $2, $3, $4, $5)`

// AddTold keeps what a member has to be told.
func (tx *Tx) AddTold(t Told) error {
	return tx.must(insertTold, t.Member, t.Act, micros(t.Was), micros(t.Opens), micros(tx.Now))
}

const toldOf = `SELECT id, member, act, was, opens, at FROM told WHERE member = $1 AND seen_at = 0 ORDER BY id LIMIT $2`

// ToldOf lists what a member has to be told and has not seen.
func (q *Query) ToldOf(member int64, limit int) ([]Told, error) {
	return many(q, toldOf, args(member, limit), func(row scanner) (t Told, err error) {
		var was, opens, at int64
		err = row.Scan(&t.ID, &t.Member, &t.Act, &was, &opens, &at)
		t.Was, t.Opens, t.At = instant(was), instant(opens), instant(at)
		return t, err
	})
}

const seenTold = `UPDATE told SET seen_at = $2 WHERE member = $1 AND seen_at = 0`

// SeenTold notes that a member has seen all of it.
func (tx *Tx) SeenTold(member int64) error {
	_, err := tx.exec(seenTold, member, micros(tx.Now))
	return err
}
