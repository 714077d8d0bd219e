package store

import (
	"dateline/internal/record"
	"dateline/internal/story"
)

// What the newsroom asks about packages, pages, relations and persons. The record holds
// them; only what waits at the gate stands elsewhere.

const waitingOf = `SELECT ` + actColumns + ` FROM act WHERE what = $1 AND state IN ('pending', 'parked') ORDER BY due, id`

// WaitingOf lists the pending and parked acts of a wish, for every desk.
func (q *Query) WaitingOf(what story.What) ([]Act, error) {
	return many(q, waitingOf, args(string(what)), scanAct)
}

const actsNaming = `SELECT ` + actColumns + ` FROM act WHERE what = $1 AND detail LIKE $2 ORDER BY id`

// ActsNaming lists the acts of a wish, posted ones too, whose details name an id.
func (q *Query) ActsNaming(what story.What, id string) ([]Act, error) {
	return many(q, actsNaming, args(string(what), "%"+id+"%"), scanAct)
}

const newestEntriesOfKind = `SELECT ` + entryColumns + ` FROM record WHERE kind = $1 AND content IS NOT NULL AND gone_by IS NULL ORDER BY n DESC LIMIT $2`

// NewestOfKind lists the newest entries of a kind that readers can read, the newest first.
func (q *Query) NewestOfKind(kind record.Kind, limit int) ([]record.Entry, error) {
	return many(q, newestEntriesOfKind, args(string(kind), limit), scanEntry)
}

var erasePiece = []string{
	`UPDATE act SET detail = '{}', wish = '', why = '' WHERE subject = $1`,
	`UPDATE audit SET detail = '' WHERE subject = $1`,
	`UPDATE asking SET request = '{}' WHERE subject = $1 AND what <> 'erase'`,
}

// ErasePiece destroys the words of every act about a piece.
func (tx *Tx) ErasePiece(id string) error { return tx.each(erasePiece, id) }
