package store

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A Volume is where the newest volume of the record begins.
type Volume struct {
	Number int64
	First  int64  // n of its own entry
	Log    string // the name that its key signs for
}

const newestVolume = `SELECT volume, n, subject FROM record WHERE kind = 'volume' ORDER BY n DESC LIMIT 1`

// Volume returns the newest volume; zeroes for an empty record.
func (q *Query) Volume() (v Volume, err error) {
	w, writing := q.tx.(*writer)
	if writing {
		if s, there := w.memo.newest[newestVolumeKey]; there {
			return s.content.(Volume), nil
		}
	}
	_, err = q.one(newestVolume, nil, &v.Number, &v.First, &v.Log)
	if writing && err == nil {
		w.memo.newest[newestVolumeKey] = &said{content: v}
	}
	return v, err
}

const volumeEntry = `SELECT ` + entryColumns + ` FROM record WHERE kind = 'volume' ORDER BY n DESC LIMIT 1`

// VolumeContent returns what the newest volume says of itself.
func (q *Query) VolumeContent() (content record.Volume, found bool, err error) {
	e, found, err := first(many(q, volumeEntry, nil, scanEntry))
	if err != nil || !found {
		return content, false, err
	}
	content, err = record.Decode[record.Volume](e)
	return content, true, err
}

const insertHash = `INSERT INTO record_hash (volume, position, hash) VALUES ($1, $2, $3)`

// growTree adds an entry to the tree of its volume, in which the volume's own entry is the
// first leaf.
func (tx *Tx) growTree(e record.Entry) error {
	v, err := tx.Volume()
	if err != nil {
		return err
	}
	size := e.N - v.First
	stored, root, err := record.Grow(size, e.Envelope, tx.Tree(e.Volume))
	if err != nil {
		return fmt.Errorf("growing the record's tree: %w", err)
	}
	at := tlog.StoredHashIndex(0, size)
	for i, h := range stored {
		if err := tx.must(insertHash, e.Volume, at+int64(i), h[:]); err != nil {
			return fmt.Errorf("keeping the record's tree: %w", err)
		}
		tx.db.writer.memo.hashes[[2]int64{e.Volume, at + int64(i)}] = h
	}
	t := &tx.tip
	t.n, t.volume, t.at, t.known, t.grown, t.root = e.N, e.Volume, e.At, true, size+1, root
	return nil
}

// Tree reads the hashes of a volume's tree.
func (q *Query) Tree(volume int64) tlog.HashReader { return tree{q, volume} }

type tree struct {
	q      *Query
	volume int64
}

const hashAt = `SELECT hash FROM record_hash WHERE volume = $1 AND position = $2`

// ReadHashes implements tlog.HashReader.
func (t tree) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(positions))
	w, writing := t.q.tx.(*writer)
	for i, p := range positions {
		if writing {
			if h, there := w.memo.hashes[[2]int64{t.volume, p}]; there {
				hashes[i] = h
				continue
			}
		}
		var b []byte
		found, err := t.q.one(hashAt, args(t.volume, p), &b)
		if err != nil {
			return nil, err
		}
		if !found || len(b) != tlog.HashSize {
			return nil, fmt.Errorf("store: hash %d of the tree of volume %d is missing", p, t.volume)
		}
		copy(hashes[i][:], b)
		if writing {
			w.memo.hashes[[2]int64{t.volume, p}] = hashes[i]
		}
	}
	return hashes, nil
}

const insertCheckpoint = `INSERT INTO checkpoint (volume, size, note, at) VALUES ($1, $2, $3, $4)`

// signCheckpoint covers everything that was appended since the checkpoint before it.
func (tx *Tx) signCheckpoint() error {
	if tx.db.key == nil {
		return fmt.Errorf("store: the record has no key")
	}
	v, err := tx.Volume()
	if err != nil {
		return err
	}
	msg, err := tx.db.key.Sign(record.Checkpoint{Log: v.Log, Size: tx.tip.grown, Root: tx.tip.root})
	if err != nil {
		return fmt.Errorf("signing a checkpoint: %w", err)
	}
	return tx.must(insertCheckpoint, v.Number, tx.tip.grown, msg, micros(tx.tip.at))
}

const checkpointsAfter = `SELECT size, note FROM checkpoint WHERE volume = $1 AND size > $2 ORDER BY size LIMIT $3`
const newestCheckpoint = `SELECT size, note FROM checkpoint WHERE volume = $1 ORDER BY size DESC LIMIT 1`

func scanCheckpoint(row scanner) (c record.SignedCheckpoint, err error) {
	err = row.Scan(&c.Size, &c.Note)
	return c, err
}

// CheckpointsAfter lists a volume's signed checkpoints in order of size.
func (q *Query) CheckpointsAfter(volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	return many(q, checkpointsAfter, args(volume, size, limit), scanCheckpoint)
}

// NewestCheckpoint returns a volume's newest signed checkpoint.
func (q *Query) NewestCheckpoint(volume int64) (record.SignedCheckpoint, bool, error) {
	return first(many(q, newestCheckpoint, args(volume), scanCheckpoint))
}

const hashesFrom = `SELECT hash FROM record_hash WHERE volume = $1 AND position >= $2 ORDER BY position LIMIT $3`

// Hashes implements record.Log.
func (db *DB) Hashes(ctx context.Context, volume, from int64, limit int) (all []tlog.Hash, err error) {
	err = db.Read(ctx, func(q *Query) error {
		all, err = many(q, hashesFrom, args(volume, from, limit), func(row scanner) (h tlog.Hash, err error) {
			var b []byte
			err = row.Scan(&b)
			copy(h[:], b)
			return h, err
		})
		return err
	})
	return all, err
}

// Checkpoints implements record.Log.
func (db *DB) Checkpoints(ctx context.Context, volume, size int64, limit int) (all []record.SignedCheckpoint, err error) {
	err = db.Read(ctx, func(q *Query) error {
		all, err = q.CheckpointsAfter(volume, size, limit)
		return err
	})
	return all, err
}
