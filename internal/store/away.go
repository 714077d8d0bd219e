package store

import (
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

const entriesBetween = `SELECT ` + entryColumns + ` FROM record WHERE at >= $1 AND at < $2 ORDER BY n LIMIT $3`

// EntriesBetween lists the entries from one instant to before another.
func (q *Query) EntriesBetween(from, to time.Time, limit int) ([]record.Entry, error) {
	return many(q, entriesBetween, args(micros(from), micros(to), limit), scanEntry)
}

const wiresBetween = `SELECT ` + itemColumns + ` FROM wire_item WHERE aside = 0 AND came_at >= $1 AND came_at < $2 ORDER BY came_at DESC, id DESC LIMIT $3`
const wiresBetweenCount = `SELECT count(*) FROM wire_item WHERE aside = 0 AND came_at >= $1 AND came_at < $2`

// WiresBetween lists the wire items that came from one instant to before another, the
// newest first, and how many there are.
func (q *Query) WiresBetween(from, to time.Time, limit int) (items []WireItem, total int, err error) {
	if _, err = q.one(wiresBetweenCount, args(micros(from), micros(to)), &total); err != nil {
		return nil, 0, err
	}
	items, err = many(q, wiresBetween, args(micros(from), micros(to), limit), scanItem)
	return items, total, err
}

const doubtsOfDesk = `
	SELECT d.id, d.article, d.item, d.version, d.kind, d.till, d.at FROM wire_doubt d JOIN article a ON a.id = d.article
	 WHERE a.desk = $1 AND d.ended_at = 0 ORDER BY d.id LIMIT $2`

// DoubtsOf lists what agencies ask of the stories of a desk, and nobody has answered.
func (q *Query) DoubtsOf(desk story.DeskID, limit int) ([]WireDoubt, error) {
	return many(q, doubtsOfDesk, args(string(desk), limit), scanDoubt)
}

const parkedActs = `SELECT ` + actColumns + ` FROM act WHERE desk = $1 AND state = 'parked' ORDER BY due, id LIMIT $2`

// Parked lists the acts of a desk that wait for a person.
func (q *Query) Parked(desk story.DeskID, limit int) ([]Act, error) {
	return many(q, parkedActs, args(string(desk), limit), scanAct)
}

const actsDueBy = `SELECT ` + actColumns + ` FROM act WHERE state IN ('pending', 'parked') AND due < $1 ORDER BY due, id LIMIT $2`

// ActsDueBy lists what waits at any desk and is due before an instant, in order of (due, filed).
func (q *Query) ActsDueBy(t time.Time, limit int) ([]Act, error) {
	return many(q, actsDueBy, args(micros(t), limit), scanAct)
}
