package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// Verify reads the whole record at an address, all volumes of it, and proves of it what
// record.Verify proves of one on the disk: entries, tiles and the newest checkpoints agree.
// What it holds is a page of entries, a tile of each level, and what record.Verify does.
func Verify(ctx context.Context, address string, o record.VerifyOptions) (r record.Report, err error) {
	origin, err := At(address)
	if err != nil {
		return r, err
	}
	newest, _, err := origin.newest(ctx, o.Verifier)
	if err != nil {
		return r, err
	}
	if o.Checkpoint != nil {
		if err := newest.since(o.Checkpoint); err != nil {
			return r, err
		}
	}
	all, err := origin.chain(ctx, newest, 1)
	if err != nil {
		return r, err
	}
	o.Public = true
	return record.Verify(ctx, &remote{origin: origin, volumes: all, signed: slices.Clone(all), tiles: map[int]read{}}, o)
}

// since says at once what would else be said after hours: that a checkpoint which was kept
// elsewhere is of another record of that name, or of a longer one.
func (x volume) since(note []byte) error {
	if log, _, _ := strings.Cut(string(note), "\n"); log != x.Log {
		return nil // of an older volume, or of none: to be seen
	}
	kept, err := record.OpenCheckpoint(note, x.Key)
	switch {
	case err != nil:
		return fmt.Errorf("the checkpoint that was kept elsewhere: %w", err)
	case kept.Size > x.at.Size:
		return fmt.Errorf("the record was shortened: the checkpoint that was kept elsewhere covers %d entries, and there are %d", kept.Size, x.at.Size)
	case kept.Size == x.at.Size && kept.Root != x.at.Root:
		return fmt.Errorf("there are two records: the checkpoint of %d entries that was kept elsewhere signs another tree", kept.Size)
	}
	return nil
}

// remote is a record.Log over HTTP, as far as its newest checkpoint goes.
type remote struct {
	origin  *Origin
	volumes []volume
	signed  []volume     // what is proved: the volumes, mostly each once
	taker   int64        // the highest number that an entry is said to be gone by
	of      int64        // the volume that tiles are of
	tiles   map[int]read // the last tile read of each level
}

type read struct {
	tile tlog.Tile
	data []byte
}

func (r *remote) newest() *volume { return &r.volumes[len(r.volumes)-1] }

// After implements record.Log.
func (r *remote) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if n >= r.newest().last() && r.taker > r.newest().last() {
		if err := r.goOn(ctx); err != nil {
			return nil, err
		}
	}
	for _, x := range r.volumes {
		if n >= x.last() {
			continue
		}
		all, err := r.origin.pageOf(ctx, x, n, limit)
		for _, e := range all {
			r.taker = max(r.taker, e.GoneBy)
		}
		return all, err
	}
	return nil, nil
}

// pageOf is a page as far as the checkpoint of its volume goes, which says that there is one.
func (o *Origin) pageOf(ctx context.Context, x volume, n int64, limit int) ([]record.Entry, error) {
	all, err := o.page(ctx, x.Number, n)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the record of %s was shortened: it signed for %d entries, and has none after entry %d", o.address, x.at.Size, n)
	}
	if all[0].N != max(n+1, x.First) {
		return nil, fmt.Errorf("%s gives entry %d of volume %d where another belongs, after entry %d", o.address, all[0].N, x.Number, n)
	}
	return all[:min(int64(len(all)), int64(limit), x.last()+1-all[0].N)], nil
}

// goOn takes the next checkpoint as well: something was killed while we read, and what
// killed it is to be seen.
func (r *remote) goOn(ctx context.Context) error {
	x, _, err := r.origin.newest(ctx, r.newest().Key)
	if err != nil {
		return err
	}
	if x.Number != r.newest().Number || x.last() < r.taker {
		return fmt.Errorf("an entry is said to be gone by entry %d, which is not in the record", r.taker)
	}
	r.signed = append(r.signed, x) // beside the one before
	*r.newest() = x
	return nil
}

// Checkpoints implements record.Log.
func (r *remote) Checkpoints(_ context.Context, volume, size int64, limit int) (all []record.SignedCheckpoint, err error) {
	for _, s := range r.signed {
		if s.Number == volume && s.at.Size > size && len(all) < limit {
			all = append(all, record.SignedCheckpoint{Size: s.at.Size, Note: []byte(s.Checkpoint)})
		}
	}
	return all, nil
}

// Hashes implements record.Log, with hashes as the tiles have them.
func (r *remote) Hashes(ctx context.Context, volume, from int64, limit int) (all []tlog.Hash, err error) {
	if volume < 1 || volume > int64(len(r.volumes)) {
		return nil, nil
	}
	x := r.volumes[volume-1]
	if r.of != volume {
		r.of = volume
		clear(r.tiles)
	}
	for i := from; i < tlog.StoredHashCount(x.at.Size) && len(all) < limit; i++ {
		t := x.tileOf(i)
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

// tileOf is the tile that holds a stored hash, as wide as the tree has it.
func (x volume) tileOf(index int64) tlog.Tile {
	t := tlog.TileForIndex(8, index)
	t.W = int(min(256, x.at.Size>>(8*t.L)-t.N<<8))
	return t
}
