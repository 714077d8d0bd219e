package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A Draft is an entry before the store has numbered, salted and chained it.
type Draft struct {
	At       time.Time
	Kind     record.Kind
	Class    story.Class
	Desk     story.DeskID
	Acting   story.DeskID
	Subject  string
	Part     string
	Revision int
	Decision record.Decision
	Content  any
	Beyond   int64 // of a volume entry: the newest number known of the former volume
}

const lastEntry = `SELECT n, volume, at FROM record ORDER BY n DESC LIMIT 1`

// Last returns number, volume and instant of the newest entry; zeroes for an empty record.
func (q *Query) Last() (n, volume int64, at time.Time, err error) {
	var us int64
	_, err = q.one(lastEntry, nil, &n, &volume, &us)
	return n, volume, instant(us), err
}

const latestOf = `SELECT COALESCE(max(n), 0) FROM record WHERE subject = $1 AND part = $2`

// LatestOf returns the number of the newest entry of (subject, part), 0 for none.
func (q *Query) LatestOf(subject, part string) (n int64, err error) {
	n, _, err = first(many(q.of(subject), latestOf, args(subject, part), scanOne[int64]))
	return n, err
}

const insertEntry = `
	INSERT INTO record (n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior,
	       road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, salt, content)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`

// Last is Query.Last, asked once for each commit: nobody else writes meanwhile.
func (tx *Tx) Last() (n, volume int64, at time.Time, err error) {
	if t := &tx.tip; !t.known {
		if t.n, t.volume, t.at, err = tx.Query.Last(); err != nil {
			return 0, 0, at, err
		}
		t.known = true
	}
	return tx.tip.n, tx.tip.volume, tx.tip.at, nil
}

// Append takes the next line of the record. There is one writer at a time, so number
// order is commit order. Only the gate's room calls this (a house rule holds it to that).
func (tx *Tx) Append(d Draft) (record.Entry, error) {
	n, volume, last, err := tx.Last()
	if err != nil {
		return record.Entry{}, err
	}
	if d.Kind == record.KindVolume {
		volume, n = volume+1, max(n, d.Beyond) // it alone may jump
	}
	if !d.At.After(last) {
		return record.Entry{}, fmt.Errorf("store: an entry at %s is not later than the last, %s", d.At, last)
	}
	prior, err := tx.LatestOf(d.Subject, d.Part)
	if err != nil {
		return record.Entry{}, err
	}
	content, err := record.Encode(d.Content)
	if err != nil {
		return record.Entry{}, err
	}
	salt := make([]byte, record.SaltLength)
	if _, err := rand.Read(salt); err != nil {
		return record.Entry{}, fmt.Errorf("salting an entry: %w", err)
	}
	e := record.Entry{
		Envelope: record.Envelope{Volume: volume, N: n + 1, At: d.At, Kind: d.Kind, Form: record.Form, Class: d.Class,
			Desk: d.Desk, Acting: d.Acting, Subject: d.Subject, Part: d.Part, Revision: d.Revision, Prior: prior,
			Decision: d.Decision, Commit: record.CommitTo(salt, content)},
		Salt: salt, Content: content,
	}
	return e, tx.insert(e)
}

func (tx *Tx) insert(e record.Entry) error {
	d := e.Decision
	if err := tx.of(e.Subject).must(insertEntry, e.N, e.Volume, micros(e.At), string(e.Kind), e.Form, string(e.Class),
		string(e.Desk), string(e.Acting), e.Subject, e.Part, e.Revision, e.Prior,
		string(d.Road), string(d.Basis), d.DeskEntry, micros(d.WindowStart), micros(d.WindowEnd), d.Almanac, d.ZoneData,
		e.Commit[:], e.Salt, e.Content); err != nil {
		return fmt.Errorf("appending to the record: %w", err)
	}
	tx.db.writer.memo.appended(e)
	tx.touch(DeskChanged, string(e.Desk))
	tx.touch(StoryChanged, e.Subject)
	return tx.growTree(e)
}

const entryColumns = `n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior,
	road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, salt, content, COALESCE(gone_by, 0)`

func scanEntry(row scanner) (e record.Entry, err error) {
	var at, ws, we int64
	var commitment []byte
	d := &e.Decision
	err = row.Scan(&e.N, &e.Volume, &at, &e.Kind, &e.Form, &e.Class, &e.Desk, &e.Acting, &e.Subject, &e.Part, &e.Revision, &e.Prior,
		&d.Road, &d.Basis, &d.DeskEntry, &ws, &we, &d.Almanac, &d.ZoneData, &commitment, &e.Salt, &e.Content, &e.GoneBy)
	e.At, d.WindowStart, d.WindowEnd = instant(at), instant(ws), instant(we)
	copy(e.Commit[:], commitment)
	return e, err
}

const entriesAfter = `SELECT ` + entryColumns + ` FROM record WHERE n > $1 ORDER BY n LIMIT $2`

// EntriesAfter lists entries in order. Numbers are gapless: a reader that has seen n has
// seen everything before it.
func (q *Query) EntriesAfter(n int64, limit int) ([]record.Entry, error) {
	return many(q, entriesAfter, args(n, limit), scanEntry)
}

// After implements record.Source.
func (db *DB) After(ctx context.Context, n int64, limit int) (all []record.Entry, err error) {
	err = db.Read(ctx, func(q *Query) error {
		all, err = q.EntriesAfter(n, limit)
		return err
	})
	return all, err
}

// Head implements record.Source.
func (db *DB) Head(ctx context.Context) (n int64, err error) {
	err = db.Read(ctx, func(q *Query) error {
		n, _, _, err = q.Last()
		return err
	})
	return n, err
}

const newestOfKind = `SELECT ` + entryColumns + ` FROM record WHERE kind = $1 AND subject = $2 ORDER BY n DESC LIMIT 1`

// Newest returns the newest entry of a kind about a subject.
func (q *Query) Newest(kind record.Kind, subject string) (e record.Entry, found bool, err error) {
	all, err := many(q.of(subject), newestOfKind, args(string(kind), subject), scanEntry)
	if err != nil || len(all) == 0 {
		return e, false, err
	}
	return all[0], true, nil
}

const newestOfHouse = `SELECT COALESCE(max(n), 0) FROM record WHERE kind IN ('house', 'desk')`

// NewestOfHouse returns the number of the newest entry about the house or any of its desks,
// 0 for none.
func (q *Query) NewestOfHouse() (n int64, err error) {
	_, err = q.one(newestOfHouse, nil, &n)
	return n, err
}

// said is what an entry says, as the writer remembers it.
type said struct {
	content any // *T
	n       int64
	derived any // what Derived made of it
}

// NewestContent returns what the newest entry of a kind about a subject says, and its
// number; nil if there is none. It is shared: nothing in it may be changed.
func NewestContent[T any](q *Query, kind record.Kind, subject string) (content *T, n int64, err error) {
	s, err := newestSaid[T](q, kind, subject)
	if err != nil || s == nil {
		return nil, 0, err
	}
	return s.content.(*T), s.n, nil
}

// Derived is what derive makes of the newest entry of a kind about a subject, made once for
// what the writer remembers; the zero value if there is no such entry. It is shared as well.
func Derived[T, D any](q *Query, kind record.Kind, subject string, derive func(n int64, content *T) D) (d D, err error) {
	s, err := newestSaid[T](q, kind, subject)
	if err != nil || s == nil {
		return d, err
	}
	if s.derived == nil {
		s.derived = derive(s.n, s.content.(*T))
	}
	return s.derived.(D), nil
}

func newestSaid[T any](q *Query, kind record.Kind, subject string) (*said, error) {
	key := [2]string{string(kind), subject}
	var known map[[2]string]*said
	switch tx := q.tx.(type) {
	case *writer:
		known = tx.memo.newest
	case reader:
		known = tx.newest
	}
	if s, there := known[key]; there {
		return s, q.ctx.Err()
	}
	e, found, err := q.Newest(kind, subject)
	if err != nil || !found {
		return nil, err
	}
	c, err := record.Decode[T](e)
	if err != nil {
		return nil, err
	}
	s := &said{content: &c, n: e.N}
	if known != nil {
		known[key] = s
	}
	return s, nil
}

const entryByNumber = `SELECT ` + entryColumns + ` FROM record WHERE n = $1`

// Entry returns an entry by its number.
func (q *Query) Entry(n int64) (record.Entry, bool, error) {
	return first(many(q, entryByNumber, args(n), scanEntry))
}

const entriesOf = `SELECT ` + entryColumns + ` FROM record WHERE subject = $1 ORDER BY n`

// EntriesOf lists every entry about a subject, in order.
func (q *Query) EntriesOf(subject string) ([]record.Entry, error) {
	return many(q.of(subject), entriesOf, args(subject), scanEntry)
}

const withhold = `UPDATE record SET gone_by = $2 WHERE n = $1`

// Withhold marks an entry as gone by a later kill. Its content stays in the house.
func (tx *Tx) Withhold(n, by int64) error { return tx.must(withhold, n, by) }
