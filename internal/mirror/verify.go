package mirror

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// Verify reads the whole record at an address and proves of it what record.Verify proves of
// one on the disk: entries, tiles and the newest checkpoint agree. What it holds is a page
// of entries, a tile of each level, and what record.Verify does.
func Verify(ctx context.Context, address string, o record.VerifyOptions) (r record.Report, err error) {
	origin, err := At(address)
	if err != nil {
		return r, err
	}
	x, err := origin.open(ctx, o.Verifier)
	if err != nil {
		return r, err
	}
	if o.Checkpoint != nil {
		if err := x.since(o.Checkpoint); err != nil {
			return r, err
		}
	}
	o.Public = true
	return record.Verify(ctx, &remote{origin: origin, opening: x, tiles: map[int]read{},
		signed: []record.SignedCheckpoint{{Size: x.checkpoint.Size, Note: x.note}}}, o)
}

// since says at once what would else be said after hours: that a checkpoint which was kept
// elsewhere is of another record, or of a longer one.
func (x opening) since(note []byte) error {
	kept, err := record.OpenCheckpoint(note, x.key)
	switch {
	case err != nil:
		return fmt.Errorf("the checkpoint that was kept elsewhere: %w", err)
	case kept.Size > x.checkpoint.Size:
		return fmt.Errorf("the record was shortened: the checkpoint that was kept elsewhere covers %d entries, and there are %d", kept.Size, x.checkpoint.Size)
	case kept.Size == x.checkpoint.Size && kept.Root != x.checkpoint.Root:
		return fmt.Errorf("there are two records: the checkpoint of %d entries that was kept elsewhere signs another tree", kept.Size)
	}
	return nil
}

// remote is a record.Log over HTTP, as far as its newest checkpoint goes.
type remote struct {
	origin *Origin
	opening
	signed []record.SignedCheckpoint // what is proved: mostly one
	taker  int64                     // the highest number that an entry is said to be gone by
	tiles  map[int]read              // the last tile read of each level
}

type read struct {
	tile tlog.Tile
	data []byte
}

func (r *remote) head() int64 { return r.first + r.checkpoint.Size - 1 }

// After implements record.Log.
func (r *remote) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if n >= r.head() && r.taker > r.head() {
		if err := r.goOn(ctx); err != nil {
			return nil, err
		}
	}
	if n >= r.head() {
		return nil, nil
	}
	all, err := r.origin.page(ctx, r.volume, n)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the record was shortened: its checkpoint covers %d entries, and %s has none after entry %d", r.checkpoint.Size, r.origin.address, n)
	}
	all = all[:min(int64(len(all)), int64(limit), r.head()-n)]
	for _, e := range all {
		r.taker = max(r.taker, e.GoneBy)
	}
	return all, nil
}

// goOn takes the next checkpoint as well: something was killed while we read, and what
// killed it is to be seen.
func (r *remote) goOn(ctx context.Context) error {
	x, err := r.origin.open(ctx, r.key)
	if err != nil {
		return err
	}
	if x.volume != r.volume || x.first+x.checkpoint.Size <= r.taker {
		return fmt.Errorf("an entry is said to be gone by entry %d, which is not in the record", r.taker)
	}
	r.opening = x
	r.signed = append(r.signed, record.SignedCheckpoint{Size: x.checkpoint.Size, Note: x.note})
	return nil
}

// Checkpoints implements record.Log.
func (r *remote) Checkpoints(_ context.Context, volume, size int64, limit int) (all []record.SignedCheckpoint, err error) {
	for _, s := range r.signed {
		if volume == r.volume && s.Size > size && len(all) < limit {
			all = append(all, s)
		}
	}
	return all, nil
}

// Hashes implements record.Log, with hashes as the tiles have them.
func (r *remote) Hashes(ctx context.Context, volume, from int64, limit int) (all []tlog.Hash, err error) {
	if volume != r.volume {
		return nil, nil
	}
	for i := from; i < tlog.StoredHashCount(r.checkpoint.Size) && len(all) < limit; i++ {
		t := r.tileOf(i)
		if r.tiles[t.L].tile != t {
			data, err := r.origin.tile(ctx, r.volume, t)
			if err != nil {
				return nil, err
			}
			r.tiles[t.L] = read{t, data}
		}
		h, err := tlog.HashFromTile(t, r.tiles[t.L].data, i)
		if err != nil {
			return nil, errors.Join(errors.New("reading the tree"), err)
		}
		all = append(all, h)
	}
	return all, nil
}

// tileOf is the tile that holds a stored hash, as wide as the tree has it.
func (r *remote) tileOf(index int64) tlog.Tile {
	t := tlog.TileForIndex(8, index)
	t.W = int(min(256, r.checkpoint.Size>>(8*t.L)-t.N<<8))
	return t
}
