package record

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Grow returns the hashes to store (from tlog.StoredHashIndex(0, size) on) when e becomes
// the leaf with index size, and the root of the tree that then has size+1 leaves.
func Grow(size int64, e Envelope, hashes tlog.HashReader) (stored []tlog.Hash, root tlog.Hash, err error) {
	if size < 0 {
		return nil, root, fmt.Errorf("record: a tree of %d leaves cannot grow", size)
	}
	leaf, err := e.SafeLeaf()
	if err != nil {
		return nil, root, err
	}
	if stored, err = tlog.StoredHashes(size, leaf, hashes); err != nil {
		return nil, root, err
	}
	root, err = tlog.TreeHash(size+1, overlay{tlog.StoredHashIndex(0, size), stored, hashes})
	return stored, root, err
}

// overlay reads new hashes from memory and the others from where they are kept.
type overlay struct {
	from  int64
	fresh []tlog.Hash
	below tlog.HashReader
}

func (o overlay) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var old, places []int64
	for i, x := range indexes {
		if x >= o.from && x-o.from < int64(len(o.fresh)) {
			out[i] = o.fresh[x-o.from]
			continue
		}
		old, places = append(old, x), append(places, int64(i))
	}
	if len(old) == 0 {
		return out, nil
	}
	got, err := o.below.ReadHashes(old)
	if err != nil {
		return nil, err
	}
	if len(got) != len(old) {
		return nil, fmt.Errorf("record: asked for %d hashes of the tree, got %d", len(old), len(got))
	}
	for i, p := range places {
		out[p] = got[i]
	}
	return out, nil
}
