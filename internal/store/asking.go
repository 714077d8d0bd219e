package store

import (
	"time"

	"dateline/internal/story"
)

// An Asking is what one person asks and a second one confirms.
type Asking struct {
	ID      int64
	What    string
	Subject string
	Desk    story.DeskID
	Request []byte // JSON
	By      int64
	At      time.Time
	Lapses  time.Time
	EndedAt time.Time
	Second  int64
	Entry   int64
}

const askingColumns = `id, what, subject, desk, request, by, at, lapses, ended_at, second, entry`

func scanAsking(row scanner) (a Asking, err error) {
	var at, lapses, ended int64
	err = row.Scan(&a.ID, &a.What, &a.Subject, &a.Desk, &a.Request, &a.By, &at, &lapses, &ended, &a.Second, &a.Entry)
	a.At, a.Lapses, a.EndedAt = instant(at), instant(lapses), instant(ended)
	return a, err
}

const askingByID = `SELECT ` + askingColumns + ` FROM asking WHERE id = $1`
const openAskings = `SELECT ` + askingColumns + ` FROM asking WHERE subject = $1 AND ended_at = 0 AND lapses > $2 ORDER BY id`

// Asking returns what was asked, by number.
func (q *Query) Asking(id int64) (Asking, bool, error) {
	return first(many(q, askingByID, args(id), scanAsking))
}

// Askings lists what waits for a second person about a subject.
func (q *Query) Askings(subject string, now time.Time) ([]Asking, error) {
	return many(q, openAskings, args(subject, micros(now)), scanAsking)
}

const insertAsking = `INSERT INTO asking (what, subject, desk, request, by, at, lapses) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

// AddAsking keeps what is asked and returns its number.
func (tx *Tx) AddAsking(a Asking) (id int64, err error) {
	_, err = tx.one(insertAsking, args(a.What, a.Subject, string(a.Desk), string(a.Request), a.By, micros(tx.Now), micros(a.Lapses)), &id)
	return id, err
}

const endAsking = `UPDATE asking SET ended_at = $2, second = $3, entry = $4 WHERE id = $1 AND ended_at = 0`

// EndAsking ends what was asked, once: with the entry that came of it, or 0 where it was
// dropped. False means that somebody else did.
func (tx *Tx) EndAsking(id, second, entry int64) (bool, error) {
	n, err := tx.exec(endAsking, id, micros(tx.Now), second, entry)
	return n == 1, err
}
