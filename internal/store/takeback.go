package store

import (
	"context"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/story"
)

// What a restore takes back from a mirror was signed before: it comes as it was, number,
// instant and all, and the key of the house has no part in it. Only the newsroom's restore
// calls TakeBack and Seal (a house rule holds them to that).

const insertTakenBack = `INSERT INTO taken_back (n, at) VALUES ($1, $2)`
const insertGone = `
	INSERT INTO record (n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior,
	       road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, gone_by)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`

// TakeBack appends the next entry of the record as it was once signed. One that was
// withheld or destroyed since has no words; the rest of the house knows it by its leaf.
func (tx *Tx) TakeBack(e record.Entry) error {
	if e.Readable() {
		if err := tx.insert(e); err != nil {
			return err
		}
		tx.sealed()
		return nil
	}
	if err := tx.must(insertTakenBack, e.N, micros(tx.Now)); err != nil {
		return fmt.Errorf("taking back entry %d: %w", e.N, err)
	}
	d := e.Decision
	if err := tx.of(e.Subject).must(insertGone, e.N, e.Volume, micros(e.At), string(e.Kind), e.Form, string(e.Class),
		string(e.Desk), string(e.Acting), e.Subject, e.Part, e.Revision, e.Prior,
		string(d.Road), string(d.Basis), d.DeskEntry, micros(d.WindowStart), micros(d.WindowEnd), d.Almanac, d.ZoneData,
		e.Commit[:], e.GoneBy); err != nil {
		return fmt.Errorf("taking back entry %d: %w", e.N, err)
	}
	if err := tx.growTree(e); err != nil {
		return err
	}
	tx.sealed()
	return nil
}

// sealed spares what was appended the signature of this house's key: it has one, or gets it.
func (tx *Tx) sealed() { tx.tip.grown = 0 }

// Seal keeps the checkpoint that was signed over what was taken back. It is refused unless
// it is by the volume's own key and signs the very tree that is here.
func (tx *Tx) Seal(note []byte) error {
	v, err := tx.Volume()
	if err != nil {
		return err
	}
	content, _, err := tx.VolumeContent()
	if err != nil {
		return err
	}
	c, err := record.OpenCheckpoint(note, content.Key)
	if err != nil {
		return story.Refuse(story.Invalid, "The checkpoint of what was taken back is not of this record: %s.", err)
	}
	n, _, at, err := tx.Last()
	if err != nil {
		return err
	}
	if size := n - v.First + 1; c.Size != size || c.Root != tx.tip.root {
		return story.Refuse(story.Invalid, "What was taken back is not what was signed, up to entry %d.", n)
	}
	return tx.must(insertCheckpoint, v.Number, c.Size, note, micros(at))
}

const takenBack = `SELECT n FROM taken_back ORDER BY n`

// TakenBack lists the entries that came back without their words.
func (db *DB) TakenBack(ctx context.Context) (all []int64, err error) {
	err = db.Read(ctx, func(q *Query) error {
		all, err = many(q, takenBack, nil, func(row scanner) (n int64, err error) {
			err = row.Scan(&n)
			return n, err
		})
		return err
	})
	return all, err
}

const endAllSessions = `DELETE FROM session`
const endAllLinks = `DELETE FROM link`

// EndSessions signs every member out and voids every sign-in link: those that were used or
// ended after a backup would come back to life with it.
func (tx *Tx) EndSessions() error {
	if _, err := tx.exec(endAllSessions); err != nil {
		return err
	}
	_, err := tx.exec(endAllLinks)
	return err
}

const putPerson = `INSERT INTO person (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`

// PutPerson keeps the name of somebody who is named to readers.
func (tx *Tx) PutPerson(id, name string) error { return tx.must(putPerson, id, name) }

// Context is that of the operation.
func (q *Query) Context() context.Context { return q.ctx }
