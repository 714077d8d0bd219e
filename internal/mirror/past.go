package mirror

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A record may have volumes behind it, each with a key of its own. They are believed for
// what the one after each says: its own entry, which its tree proves, names the last entry
// of the former and holds a checkpoint by the former's key. So whoever holds on to the
// newest key is led back to the first entry.

// A span is one volume as far as a proved checkpoint covers it.
type span struct {
	own    record.Entry // that begins it; not needed of the newest
	volume int64
	first  int64
	key    string // the one that it names; not needed of the newest
	at     record.Checkpoint
	note   []byte // at, as it was signed
}

func (x span) last() int64 { return x.first + x.at.Size - 1 }

// maxVolumes is how many volumes an origin may have behind it: a restore or a lost key
// makes one, and each is asked for.
const maxVolumes = 1000

// chain proves the volumes before the one that an entry begins, the oldest first.
func (o *Origin) chain(ctx context.Context, own record.Entry) (all []span, err error) {
	for own.Volume > 1 {
		if len(all) == maxVolumes {
			return nil, fmt.Errorf("%s has more than %d volumes", o.address, maxVolumes)
		}
		x, err := o.former(ctx, own)
		if err != nil {
			return nil, err
		}
		all, own = append([]span{x}, all...), x.own
	}
	return all, nil
}

// former proves the volume before the one that an entry begins.
func (o *Origin) former(ctx context.Context, next record.Entry) (x span, err error) {
	content, err := record.Decode[record.Volume](next)
	if err != nil || content.Former == nil {
		return x, fmt.Errorf("volume %d of %s does not say what it knows of the one before", next.Volume, o.address)
	}
	x.volume = next.Volume - 1
	entries, err := o.page(ctx, x.volume, 0)
	if err != nil {
		return x, err
	}
	if len(entries) == 0 || entries[0].Kind != record.KindVolume {
		return x, fmt.Errorf("volume %d of %s does not begin with a volume entry", x.volume, o.address)
	}
	x.own, x.first = entries[0], entries[0].N
	begins, err := record.Decode[record.Volume](x.own)
	if err != nil {
		return x, err
	}
	x.key = begins.Key
	known, err := o.read([]byte(content.Former.Checkpoint), begins.Key)
	if err != nil {
		return x, err
	}
	a, err := o.get(ctx, fmt.Sprintf("/record/%d/checkpoint", x.volume), "", maxCheckpoint)
	if err != nil {
		return x, err
	}
	if a.status != http.StatusOK {
		return x, fmt.Errorf("%s has no checkpoint of its volume %d", o.address, x.volume)
	}
	if x.at, err = o.read(a.body, begins.Key); err != nil {
		return x, err
	}
	x.note = a.body
	switch {
	case x.last() != content.Former.N || known.Size < x.at.Size || known.Size == x.at.Size && known.Root != x.at.Root:
		return x, fmt.Errorf("volume %d of %s is not the one that volume %d goes on from", x.volume, o.address, next.Volume)
	case next.N < x.first+known.Size:
		return x, fmt.Errorf("volume %d of %s begins with entry %d, and %d is the newest known of the one before", next.Volume, o.address, next.N, x.first+known.Size-1)
	}
	return x, o.inTree(ctx, x, entries[:1])
}

// tree reads hashes that are proved to be in the tree of a checkpoint of a volume.
func (o *Origin) tree(ctx context.Context, volume int64, c record.Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tiles{ctx, o, volume})
}

// notInTree is the error of a tree that its tiles do not bear out.
func (o *Origin) notInTree(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("the tree of %s is not the one that it signed: %w", o.address, err)
}

// inTree proves that entries are the leaves of the signed tree at their places.
func (o *Origin) inTree(ctx context.Context, x span, entries []record.Entry) error {
	indexes := make([]int64, len(entries))
	for i, e := range entries {
		if e.N < x.first || e.N > x.last() {
			return fmt.Errorf("%s gives entry %d as one of volume %d, which has those from %d to %d", o.address, e.N, x.volume, x.first, x.last())
		}
		indexes[i] = tlog.StoredHashIndex(0, e.N-x.first)
	}
	hashes, err := o.tree(ctx, x.volume, x.at).ReadHashes(indexes)
	if err != nil {
		return o.notInTree(ctx, err)
	}
	for i, e := range entries {
		if leaf, err := e.SafeLeaf(); err != nil || tlog.RecordHash(leaf) != hashes[i] {
			return fmt.Errorf("entry %d of %s is not the one that it signed for", e.N, o.address)
		}
	}
	return nil
}

// spanAfter is the volume that has the entry which follows n.
func (s *Source) spanAfter(ctx context.Context, n int64) (span, error) {
	newest := span{volume: s.held.Volume, first: s.held.First, at: s.at, note: []byte(s.held.Checkpoint)}
	if n >= newest.first-1 {
		return newest, nil
	}
	if s.past == nil {
		own, err := s.origin.page(ctx, newest.volume, newest.first-1)
		if err == nil && len(own) == 0 {
			err = errors.New("its newest volume has no entry")
		}
		if err == nil {
			err = s.origin.inTree(ctx, newest, own[:1])
		}
		if err == nil {
			s.past, err = s.origin.chain(ctx, own[0])
		}
		if err != nil {
			return newest, fmt.Errorf("the volumes before %d of %s: %w", newest.volume, s.origin.address, err)
		}
	}
	return spanIn(s.past, newest, n), nil
}

// spanIn is the first volume that goes on after n.
func spanIn(past []span, newest span, n int64) span {
	for _, x := range past {
		if x.last() > n {
			return x
		}
	}
	return newest
}
