package edition

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dateline/internal/record"
)

// Apply applies entries in one transaction. They follow each other and what is there
// already; entries that were applied before are passed over.
func (e *Edition) Apply(ctx context.Context, entries []record.Entry) error {
	return e.apply(ctx, entries, nil)
}

// apply is Apply. src, if there is one, can be asked what comes later.
func (e *Edition) apply(ctx context.Context, entries []record.Entry, src record.Source) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	at := e.at()
	entries, err := e.passOver(ctx, entries, at.n)
	if err != nil || len(entries) == 0 {
		return err
	}
	a := &applying{ctx: ctx, edition: e, ahead: ahead{src, entries}, touched: map[Key]struct{}{}}
	if err := a.run(entries, &at); err != nil {
		return errors.Join(err, e.removeFiles(context.WithoutCancel(ctx), a.fetched))
	}
	if a.words || a.erases {
		e.texts.forget()
	}
	e.changed(a.touched) // no page may show what was before once it is said that this shows
	e.moved(at)
	after := context.WithoutCancel(ctx) // what was taken back goes, whoever stopped waiting
	err = e.removeFiles(after, a.dropped)
	if a.words || a.erases {
		err = errors.Join(err, e.scrubNow(after))
	}
	return err
}

const leafOf = `SELECT ` + entryColumns + ` FROM entry WHERE n = $1`

// passOver drops what was applied before, having looked that it is the same.
func (e *Edition) passOver(ctx context.Context, entries []record.Entry, cursor int64) ([]record.Entry, error) {
	for len(entries) > 0 && entries[0].N <= cursor {
		var ours []record.Entry
		err := e.View(ctx, func(v *View) (err error) {
			ours, err = many(v, leafOf, []any{entries[0].N}, scanEntry)
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(ours) == 0 || !sameLeaf(ours[0], entries[0]) {
			return nil, fmt.Errorf("entry %d: %w", entries[0].N, ErrOtherRecord)
		}
		entries = entries[1:]
	}
	return entries, nil
}

// applying is one transaction over the plain tables.
type applying struct {
	ctx     context.Context
	edition *Edition
	tx      *sql.Tx
	ahead   ahead
	fetched []string // renditions whose files this transaction wrote
	dropped []string // renditions that may have lost their last use
	words   bool     // words were taken out, and may linger in the file
	erases  bool     // by an erasure
	touched map[Key]struct{}
}

// noteScrub remembers what is to be done to the file once this transaction is committed.
func (a *applying) noteScrub() error {
	if a.words {
		if err := errors.Join(a.exec(putScrub), a.exec(putMoved)); err != nil {
			return err
		}
	}
	if a.erases {
		return a.exec(putRewrite)
	}
	return nil
}

func (a *applying) run(entries []record.Entry, at *cursor) (err error) {
	if a.tx, err = a.edition.write.BeginTx(a.ctx, nil); err != nil {
		return fmt.Errorf("applying entry %d: %w", entries[0].N, err)
	}
	defer func() { _ = a.tx.Rollback() }() // does nothing after a commit
	for _, entry := range entries {
		next, err := at.next(entry)
		if err != nil {
			return err
		}
		if err := errors.Join(a.apply(entry), a.grow(entry, next)); err != nil {
			return fmt.Errorf("applying entry %d: %w", entry.N, err)
		}
		*at = next
	}
	if err := errors.Join(a.checkpoint(at), a.noteScrub()); err != nil {
		return err
	}
	if err := a.tx.Commit(); err != nil {
		return fmt.Errorf("applying entry %d: %w", at.n, err)
	}
	return nil
}

// next moves the cursor to an entry that follows it: without a gap within a volume, never
// earlier, and with the words that it commits to. Only the entry that begins a volume may
// jump. No record commits to nothing: an entry without a commitment is one that a test made.
func (c cursor) next(e record.Entry) (cursor, error) {
	var none [32]byte
	begins := e.Kind == record.KindVolume && e.Volume > c.volume
	switch {
	case e.N <= c.n || !begins && e.N != c.n+1:
		return c, fmt.Errorf("entry %d does not follow entry %d", e.N, c.n)
	case !begins && c.n > 0 && e.Volume != c.volume:
		return c, fmt.Errorf("entry %d is of volume %d, and entry %d of volume %d", e.N, e.Volume, c.n, c.volume)
	case e.At.Before(c.at):
		return c, fmt.Errorf("entry %d is earlier than entry %d", e.N, c.n)
	case e.Readable() && e.Commit != none && record.CommitTo(e.Salt, e.Content) != e.Commit:
		return c, fmt.Errorf("entry %d holds other words than were committed to", e.N)
	}
	if begins || c.n == 0 {
		return cursor{n: e.N, volume: e.Volume, at: e.At, first: e.N}, nil
	}
	c.n, c.at = e.N, e.At
	return c, nil
}

func (a *applying) exec(sql string, args ...any) error {
	_, err := a.tx.ExecContext(a.ctx, sql, args...)
	return err
}

const insertEntry = `
	INSERT INTO entry (` + entryColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

func (a *applying) apply(e record.Entry) error {
	a.touchedBy(e)
	if !e.Readable() {
		e.Salt, e.Content = nil, nil
	}
	d := e.Decision
	if err := a.exec(insertEntry, e.N, e.Volume, micros(e.At), string(e.Kind), e.Form, string(e.Class), string(e.Desk), string(e.Acting),
		e.Subject, e.Part, e.Revision, e.Prior, string(d.Road), string(d.Basis), d.DeskEntry, micros(d.WindowStart), micros(d.WindowEnd),
		d.Almanac, d.ZoneData, e.Commit[:], e.Salt, e.Content, e.GoneBy); err != nil {
		return err
	}
	if e.Kind == record.KindKill || e.Kind == record.KindErase {
		a.erases = a.erases || e.Kind == record.KindErase
		return a.takeBack(e)
	}
	return a.project(e)
}

// project lets one entry change the tables that are made of it. It is the same for an
// entry that comes and for one that is gone through again.
func (a *applying) project(e record.Entry) error {
	if err := a.piece(e); err != nil {
		return err
	}
	switch e.Kind {
	case record.KindArticle:
		return a.article(e)
	case record.KindWithdraw:
		return errors.Join(a.touchesNames(e.Subject), a.withdraw(e))
	case record.KindKill, record.KindErase:
		return a.taken(e)
	}
	if !e.Readable() {
		return nil
	}
	switch e.Kind {
	case record.KindDesk:
		d, err := record.Decode[record.Desk](e)
		if err != nil {
			return err
		}
		if _, err := a.edition.options.Zone(d.Place.Zone); err != nil {
			return err
		}
		return a.exec(putDesk, e.Subject, e.N, d.Slug)
	case record.KindHouse:
		h, err := record.Decode[record.House](e)
		if err != nil {
			return err
		}
		if _, err := a.edition.options.Zone(h.Seat.Zone); err != nil {
			return err
		}
		return errors.Join(a.logo(e, h), a.house(e.N, h.Seat.Zone))
	case record.KindDuty:
		return a.exec(putDuty, e.N, e.Subject, micros(e.At))
	case record.KindFront:
		return a.exec(putFront, e.Subject, e.N)
	case record.KindPerson:
		return a.exec(putPerson, e.Subject, e.N)
	case record.KindPicture:
		return a.picture(e)
	case record.KindLive:
		return a.live(e)
	}
	return nil // a volume, or a kind of a newer binary: kept, not shown
}

const putHouse = `INSERT INTO house (id, n, zone) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n, zone = excluded.zone`
const putDesk = `INSERT INTO desk (id, n, slug) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET n = excluded.n, slug = excluded.slug`
const putDuty = `INSERT INTO duty (n, desk, at) VALUES ($1, $2, $3)`
const putFront = `INSERT INTO front (lang, n) VALUES ($1, $2) ON CONFLICT (lang) DO UPDATE SET n = excluded.n`
const putPerson = `INSERT INTO person (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n`
const putPicture = `INSERT INTO picture (n, id, withdrawn) VALUES ($1, $2, $3)`
const filesOfPicture = `SELECT DISTINCT sha256 FROM rendition WHERE picture = $1`

// picture applies a picture entry, which holds for every place where the picture ran.
func (a *applying) picture(e record.Entry) error {
	p, err := record.Decode[record.Picture](e)
	if err != nil {
		return err
	}
	shas, err := a.strings(filesOfPicture, e.Subject)
	if err != nil {
		return err
	}
	if err := a.exec(putPicture, e.N, e.Subject, p.Withdrawn); err != nil {
		return err
	}
	if err := a.refind(e.Subject); err != nil {
		return err
	}
	if p.Withdrawn {
		a.dropped = append(a.dropped, shas...)
		return nil
	}
	for _, sha := range shas {
		if err := a.fetch(sha, e.Subject, e.N, ""); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) strings(sql string, args ...any) (all []string, err error) {
	return column[string](a, sql, args...)
}

func column[T any](a *applying, sql string, args ...any) (all []T, err error) {
	rows, err := a.tx.QueryContext(a.ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var x T
		if err := rows.Scan(&x); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}
