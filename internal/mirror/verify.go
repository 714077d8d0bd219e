package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

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
	x, err := origin.open(ctx, "")
	if err != nil {
		return r, err
	}
	past, err := origin.chain(ctx, x.own)
	if err != nil {
		return r, err
	}
	if o.Verifier != "" && !same(o.Verifier, x.named) && !slices.ContainsFunc(past, func(y span) bool { return same(o.Verifier, y.key) }) {
		return r, fmt.Errorf("the record of %s names another key than the one given: %s", origin.address, x.named)
	}
	if o.Checkpoint != nil {
		if err := x.since(o.Checkpoint, past); err != nil {
			return r, err
		}
	}
	o.Public = true
	return record.Verify(ctx, &remote{origin: origin, opening: x, past: past, tiles: map[int]read{},
		signed: []record.SignedCheckpoint{{Size: x.checkpoint.Size, Note: x.note}}}, o)
}

// since says at once what would else be said after hours: that a checkpoint which was kept
// elsewhere is of another record, or of a longer one.
func (x opening) since(note []byte, past []span) error {
	here, key := x.checkpoint, x.key
	for _, y := range past {
		if bytes.HasPrefix(note, []byte(y.at.Log+"\n")) {
			here, key = y.at, y.key
		}
	}
	kept, err := record.OpenCheckpoint(note, key)
	switch {
	case err != nil:
		return fmt.Errorf("the checkpoint that was kept elsewhere: %w", err)
	case kept.Size > here.Size:
		return fmt.Errorf("the record was shortened: the checkpoint that was kept elsewhere covers %d entries, and there are %d", kept.Size, here.Size)
	case kept.Size == here.Size && kept.Root != here.Root:
		return fmt.Errorf("there are two records: the checkpoint of %d entries that was kept elsewhere signs another tree", kept.Size)
	}
	return nil
}

// remote is a record.Log over HTTP, as far as its newest checkpoint goes.
type remote struct {
	origin *Origin
	opening
	past    []span                    // the volumes before, the oldest first
	signed  []record.SignedCheckpoint // what is proved: mostly one
	taker   int64                     // the highest number that an entry is said to be gone by
	tiles   map[int]read              // the last tile read of each level, in the volume of tilesOf
	tilesOf int64
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
	x := spanIn(r.past, span{volume: r.volume, first: r.first, at: r.checkpoint}, n)
	n = max(n, x.first-1)
	all, err := r.origin.page(ctx, x.volume, n)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the record was shortened: its checkpoint covers %d entries, and %s has none after entry %d", x.at.Size, r.origin.address, n)
	}
	all = all[:min(int64(len(all)), int64(limit), x.last()-n)]
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
	for _, x := range r.past {
		if x.volume == volume && x.at.Size > size && limit > 0 {
			all = append(all, record.SignedCheckpoint{Size: x.at.Size, Note: x.note})
		}
	}
	for _, s := range r.signed {
		if volume == r.volume && s.Size > size && len(all) < limit {
			all = append(all, s)
		}
	}
	return all, nil
}

// Hashes implements record.Log, with hashes as the tiles have them.
func (r *remote) Hashes(ctx context.Context, volume, from int64, limit int) (all []tlog.Hash, err error) {
	size := r.checkpoint.Size
	if i := slices.IndexFunc(r.past, func(x span) bool { return x.volume == volume }); i >= 0 {
		size = r.past[i].at.Size
	}
	if r.tilesOf != volume {
		r.tilesOf = volume
		clear(r.tiles)
	}
	for i := from; i < tlog.StoredHashCount(size) && len(all) < limit; i++ {
		t := tileOf(i, size)
		if r.tiles[t.L].tile != t {
			data, err := r.origin.tile(ctx, volume, t)
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

// tileOf is the tile that holds a stored hash, as wide as a tree of that size has it.
func tileOf(index, size int64) tlog.Tile {
	t := tlog.TileForIndex(8, index)
	t.W = int(min(256, size>>(8*t.L)-t.N<<8))
	return t
}
