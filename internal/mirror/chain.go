package mirror

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A volume is what is known of one volume of a record, as far as a checkpoint goes that its
// key signed.
type volume struct {
	Log        string `json:"log"`
	Key        string `json:"key"` // that signs its checkpoints
	Number     int64  `json:"volume"`
	First      int64  `json:"first"` // the volume's own entry
	Checkpoint string `json:"checkpoint"`

	at     record.Checkpoint // Checkpoint, opened
	former *record.Former    // what its own entry knows of the volume before, nil for the first
}

// last is the number of the last entry that the checkpoint covers.
func (x volume) last() int64 { return x.First + x.at.Size - 1 }

// newest reads how the newest volume presents itself. key was kept elsewhere; where it is
// none of that log, or is empty, the record's own word is taken.
func (o *Origin) newest(ctx context.Context, key string) (x volume, tag string, err error) {
	a, err := o.get(ctx, "/checkpoint", "", maxCheckpoint)
	if err != nil {
		return x, "", err
	}
	if a.status != http.StatusOK {
		return x, "", fmt.Errorf("%s has no record: there is nothing at /checkpoint", o.address)
	}
	log, _, _ := strings.Cut(string(a.body), "\n")
	number, err := record.VolumeOf(log)
	if err != nil {
		return x, "", fmt.Errorf("the checkpoint of %s: %w", o.address, err)
	}
	if number > maxVolumes {
		return x, "", fmt.Errorf("the checkpoint of %s: no record has %d volumes", o.address, number)
	}
	if k, err := note.NewVerifier(key); err != nil || k.Name() != log {
		key = ""
	}
	x, err = o.volume(ctx, number, a.body, key)
	return x, a.tag, err
}

// maxVolumes is how many volumes a record may have. One begins after a restore that lost
// something, or with a new key.
const maxVolumes = 1000

// volume reads the entry that begins a volume, and proves that a checkpoint is signed with
// the key, by default the one which that entry names, and has the entry in its tree.
func (o *Origin) volume(ctx context.Context, number int64, note []byte, key string) (x volume, err error) {
	entries, err := o.page(ctx, number, 0)
	if err != nil {
		return x, err
	}
	if len(entries) == 0 {
		return x, fmt.Errorf("volume %d of the record of %s is empty", number, o.address)
	}
	begins, err := record.Decode[record.Volume](entries[0])
	if err != nil || entries[0].Kind != record.KindVolume {
		return x, fmt.Errorf("volume %d of the record of %s does not begin with a volume entry", number, o.address)
	}
	x = volume{Log: begins.Log, Key: begins.Key, Number: number, First: entries[0].N, Checkpoint: string(note), former: begins.Former}
	if key == "" {
		key = begins.Key
	}
	if x.at, err = o.read(note, key); err != nil {
		return x, err
	}
	if x.at.Log != x.Log || (number == 1) != (x.former == nil) || number == 1 && x.First != 1 {
		return x, fmt.Errorf("the entry that begins volume %d of %s is not of this record", number, o.address)
	}
	return x, o.inTree(ctx, x, entries[:1])
}

// before reads the volume before another, which says where it ends and what was signed of it.
func (o *Origin) before(ctx context.Context, next volume) (x volume, err error) {
	a, err := o.get(ctx, fmt.Sprintf("/record/%d/checkpoint", next.Number-1), "", maxCheckpoint)
	if err != nil {
		return x, err
	}
	if a.status != http.StatusOK {
		return x, fmt.Errorf("%s does not give the checkpoint of volume %d", o.address, next.Number-1)
	}
	if x, err = o.volume(ctx, next.Number-1, a.body, ""); err != nil {
		return x, err
	}
	known, err := o.read([]byte(next.former.Checkpoint), x.Key)
	if err != nil {
		return x, err
	}
	if x.last() != next.former.N || known.Size < x.at.Size || known.Size == x.at.Size && known.Root != x.at.Root {
		return x, fmt.Errorf("volume %d of %s is not the one that volume %d goes on from", x.Number, o.address, next.Number)
	}
	return x, nil
}

// chain reads the volumes that lead to the newest, from number on. Each is proved by the
// entry that begins the one after it.
func (o *Origin) chain(ctx context.Context, newest volume, from int64) ([]volume, error) {
	all := []volume{newest}
	for all[0].Number > from {
		x, err := o.before(ctx, all[0])
		if err != nil {
			return nil, err
		}
		all = append([]volume{x}, all...)
	}
	return all, nil
}

// read opens a checkpoint of the origin with a key.
func (o *Origin) read(note []byte, key string) (record.Checkpoint, error) {
	c, err := record.OpenCheckpoint(note, key)
	if err == nil && (c.Size < 1 || c.Size > maxSize) {
		err = fmt.Errorf("no record has %d entries", c.Size)
	}
	if err != nil {
		return c, fmt.Errorf("the checkpoint of %s: %w", o.address, err)
	}
	return c, nil
}

// tree reads hashes that are proved to be in the tree of a volume as it is signed.
func (o *Origin) tree(ctx context.Context, x volume) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: x.at.Size, Hash: x.at.Root}, tiles{ctx, o, x.Number})
}

// notInTree is the error of a tree that its tiles do not bear out.
func (o *Origin) notInTree(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("the tree of %s is not the one that it signed: %w", o.address, err)
}

// inTree proves that entries of a volume are the leaves of its signed tree at their places.
func (o *Origin) inTree(ctx context.Context, x volume, entries []record.Entry) error {
	indexes := make([]int64, len(entries))
	for i, e := range entries {
		if e.N < x.First || e.N > x.last() {
			return fmt.Errorf("entry %d of %s is not in the tree that it signed", e.N, o.address)
		}
		indexes[i] = tlog.StoredHashIndex(0, e.N-x.First)
	}
	hashes, err := o.tree(ctx, x).ReadHashes(indexes)
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

// goesOn proves that the tree of a checkpoint begins with the tree of one before it.
func (o *Origin) goesOn(ctx context.Context, before, now volume) error {
	switch {
	case now.at.Size < before.at.Size:
		return fmt.Errorf("the record of %s was shortened: it signs for %d entries, and signed for %d", o.address, now.at.Size, before.at.Size)
	case now.at.Size == before.at.Size && now.at.Root != before.at.Root:
		return fmt.Errorf("the record of %s was forked: it signed two trees of %d entries", o.address, now.at.Size)
	case now.at.Size == before.at.Size:
		return nil
	}
	root, err := tlog.TreeHash(before.at.Size, o.tree(ctx, now))
	if err != nil {
		return o.notInTree(ctx, err)
	}
	if root != before.at.Root {
		return fmt.Errorf("the record of %s was changed: what it signs for now does not begin with the %d entries that it signed for", o.address, before.at.Size)
	}
	return nil
}

// open reads the checkpoint of a volume that was held on to.
func (x *volume) open() (err error) {
	if x.at, err = record.OpenCheckpoint([]byte(x.Checkpoint), x.Key); err != nil {
		return err
	}
	if x.at.Log != x.Log || x.Number < 1 || x.First < 1 {
		return errors.New("it is of another log")
	}
	return nil
}
