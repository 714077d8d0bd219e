package edition

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// The edition keeps the tree over the leaves of its entries (RFC 6962, as in
// golang.org/x/mod/sumdb/tlog), computed from the leaves themselves, and publishes the
// newest signed checkpoint that agrees with it.

const insertVolume = `INSERT INTO volume (volume, n) VALUES ($1, $2)`
const insertHash = `INSERT INTO tree (volume, level, n, hash) VALUES ($1, $2, $3, $4)`

// grow adds an entry to the tree of its volume; at is the cursor that stands on it.
func (a *applying) grow(e record.Entry, at cursor) error {
	if at.first == e.N {
		if err := a.exec(insertVolume, e.Volume, e.N); err != nil {
			return err
		}
	}
	leaf, err := e.SafeLeaf()
	if err != nil {
		return err
	}
	index := at.size() - 1
	stored, err := tlog.StoredHashes(index, leaf, hashesIn(a.ctx, a.tx, e.Volume))
	if err != nil {
		return err
	}
	from := tlog.StoredHashIndex(0, index)
	for i, h := range stored {
		level, n := tlog.SplitStoredHashIndex(from + int64(i))
		if err := a.exec(insertHash, e.Volume, level, n, h[:]); err != nil {
			return err
		}
	}
	return nil
}

const hashAt = `SELECT hash FROM tree WHERE volume = $1 AND level = $2 AND n = $3`

// hashesIn reads the tree of a volume.
func hashesIn(ctx context.Context, tx *sql.Tx, volume int64) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			var b []byte
			if err := tx.QueryRowContext(ctx, hashAt, volume, level, n).Scan(&b); err != nil {
				return nil, fmt.Errorf("hash %d of level %d of the record's tree: %w", n, level, err)
			}
			copy(out[i][:], b)
		}
		return out, nil
	})
}

const putCheckpoint = `
	INSERT INTO checkpoint (volume, size, note) VALUES ($1, $2, $3)
	    ON CONFLICT (volume) DO UPDATE SET size = excluded.size, note = excluded.note`

// checkpoint keeps, with the entries that are applied, the checkpoint that covers them where
// the source has it already: an edition that outlives its house can then give them back as
// they were signed. What is wrong with one is told by keepCheckpoint, which asks again.
func (a *applying) checkpoint(at *cursor) error {
	signed, ok := a.ahead.src.(record.Signed)
	if !ok {
		return nil
	}
	newest, err := newestUpTo(a.ctx, signed, at.volume, at.signed, at.size())
	if err != nil || newest.Size == 0 || (&View{ctx: a.ctx, edition: a.edition, tx: a.tx}).judge(newest, *at) != nil {
		return a.ctx.Err()
	}
	if err := a.exec(putCheckpoint, at.volume, newest.Size, newest.Note); err != nil {
		return fmt.Errorf("keeping a checkpoint: %w", err)
	}
	at.signed = newest.Size
	return nil
}

// keepCheckpoint keeps the newest signed checkpoint that covers no more than is applied. One
// that signs another tree than this is not published, and told once: readers are served on.
func (e *Edition) keepCheckpoint(ctx context.Context, src record.Source) error {
	signed, ok := src.(record.Signed)
	at := e.at()
	if !ok || at.signed == at.size() {
		return nil
	}
	newest, err := newestUpTo(ctx, signed, at.volume, at.signed, at.size())
	if err != nil || newest.Size == 0 {
		return err
	}
	e.applying.Lock()
	defer e.applying.Unlock()
	var doubt error
	if err := e.View(ctx, func(v *View) error { doubt = v.judge(newest, at); return nil }); err != nil {
		return err
	}
	if doubt != nil {
		e.tellDoubt(fmt.Sprintf("the checkpoint of %d entries: %s", newest.Size, doubt))
		return nil
	}
	if _, err := e.write.ExecContext(ctx, putCheckpoint, at.volume, newest.Size, newest.Note); err != nil {
		return fmt.Errorf("keeping a checkpoint: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cursor.volume == at.volume {
		e.cursor.signed = newest.Size
	}
	return nil
}

// newestUpTo is the newest checkpoint of more than known entries and at most size.
func newestUpTo(ctx context.Context, src record.Signed, volume, known, size int64) (newest record.SignedCheckpoint, err error) {
	for {
		page, err := src.Checkpoints(ctx, volume, known, batch)
		if err != nil || len(page) == 0 {
			return newest, err
		}
		for _, c := range page {
			if c.Size <= known || c.Size > size {
				return newest, nil
			}
			newest, known = c, c.Size
		}
	}
}

func (e *Edition) tellDoubt(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.doubted != text {
		e.doubted = text
		e.options.Log.Error("a checkpoint of the record is not published", "error", text)
	}
}

// judge holds a checkpoint to the key that its volume names and to the tree as it is here.
func (v *View) judge(s record.SignedCheckpoint, at cursor) error {
	opening, err := many(v, leafOf, []any{at.first}, scanEntry)
	if err != nil || len(opening) == 0 || opening[0].Kind != record.KindVolume {
		return errors.Join(err, errors.New("its volume names no key"))
	}
	volume, err := record.Decode[record.Volume](opening[0])
	if err != nil {
		return err
	}
	c, err := record.OpenCheckpoint(s.Note, volume.Key)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(s.Size, hashesIn(v.ctx, v.tx, at.volume))
	if err == nil && (c.Size != s.Size || c.Root != root) {
		err = errors.New("it signs another tree")
	}
	return err
}

// A Volume is what a view has of one volume of the record.
type Volume struct {
	Number      int64
	First, Last int64 // its entries
	Checkpoint  record.SignedCheckpoint
}

// Size is how many entries the volume has here.
func (x Volume) Size() int64 { return x.Last - x.First + 1 }

const newestVolume = `SELECT COALESCE(max(volume), 0) FROM volume`
const volumeOf = `
	SELECT v.volume, v.n, COALESCE(c.size, 0), c.note,
	       (SELECT max(e.n) FROM entry e WHERE e.n < COALESCE((SELECT min(w.n) FROM volume w WHERE w.volume > v.volume), 9223372036854775807))
	  FROM volume v LEFT JOIN checkpoint c ON c.volume = v.volume
	 WHERE v.volume = $1`

// VolumeNumber is the number of the newest volume. A new one touches everything, so that it
// is no key of its own.
func (v *View) VolumeNumber() (number int64, err error) {
	_, err = v.one(newestVolume, nil, &number)
	return number, err
}

// Volume returns a volume by its number, 0 for the newest.
func (v *View) Volume(number int64) (x Volume, ok bool, err error) {
	v.shows(headKey)
	if number == 0 {
		if _, err := v.one(newestVolume, nil, &number); err != nil {
			return x, false, err
		}
	}
	ok, err = v.one(volumeOf, []any{number}, &x.Number, &x.First, &x.Checkpoint.Size, &x.Checkpoint.Note, &x.Last)
	return x, ok, err
}

const entriesFrom = `SELECT ` + entryColumns + ` FROM entry WHERE n > $1 AND n <= $2 ORDER BY n LIMIT $3`

// Entries hands the entries of a volume after n to fn, in order, at most limit of them and
// until fn says that it has enough.
func (v *View) Entries(x Volume, n int64, limit int, fn func(record.Entry) (more bool, err error)) error {
	return v.each(entriesFrom, []any{max(n, x.First-1), x.Last, limit}, fn)
}

func (v *View) each(query string, args []any, fn func(record.Entry) (bool, error)) (err error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return err
		}
		if more, err := fn(e); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

const tileOf = `SELECT hash FROM tree WHERE volume = $1 AND level = $2 AND n >= $3 ORDER BY n LIMIT $4`
const leavesFrom = `
	SELECT n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry,
	       window_start, window_end, almanac, zonedata, commitment, NULL, NULL, gone_by
	  FROM entry WHERE n > $1 AND n <= $2 ORDER BY n LIMIT $3`

// Tile returns a tile of a volume's tree as C2SP tlog-tiles lays it out: hashes, or for
// level -1 a bundle of leaves, each after its length in two bytes. ok is false for one that
// the tree does not reach.
func (v *View) Tile(x Volume, t tlog.Tile) (b []byte, ok bool, err error) {
	level := max(t.L, 0) * t.H
	if t.H > 8 || level > 62 || t.N > math.MaxInt64>>(t.H+1) || t.N<<t.H+int64(t.W) > x.Size()>>level {
		return nil, false, nil
	}
	from := t.N << t.H
	if t.L < 0 {
		return v.bundle(x, from, t.W)
	}
	hashes, err := many(v, tileOf, []any{x.Number, level, from, t.W}, scanOne[[]byte])
	for _, h := range hashes {
		b = append(b, h...)
	}
	return b, err == nil && len(b) == t.W*tlog.HashSize, err
}

func (v *View) bundle(x Volume, from int64, width int) (b []byte, ok bool, err error) {
	err = v.each(leavesFrom, []any{x.First + from - 1, x.Last, width}, func(e record.Entry) (bool, error) {
		leaf, err := e.SafeLeaf()
		if err == nil && len(leaf) > record.MaxLeaf {
			err = fmt.Errorf("the leaf of entry %d is too long for a bundle", e.N)
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(leaf))), leaf...)
		width--
		return true, err
	})
	return b, err == nil && width == 0, err
}
