package record

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
)

// A proof follows the tree of a log beside its entries. Each stored hash is held to the
// leaf, or to the two hashes, that it was made of, and each checkpoint to the stored
// hashes; so a fault shows where it is, and not in all that follows.
type proof struct {
	log      Log
	volume   int64
	size     int64       // leaves so far
	frontier []tlog.Hash // roots of the whole subtrees that make up the tree, the largest first
	lost     bool        // a gap without hashes: the tree cannot be followed any further
	short    bool        // fewer hashes are stored than there should be

	hashes page[tlog.Hash]
	signed page[SignedCheckpoint]
	read   int64 // stored hashes fetched
	seen   int64 // size of the last checkpoint fetched
}

// A page is what was fetched and not used yet. Once dry it is not fetched again until
// there is reason to believe that there is more.
type page[T any] struct {
	rows []T
	dry  bool
}

func (p *proof) refresh() { p.hashes.dry, p.signed.dry = false, false }

func (p *proof) nextHash(ctx context.Context) (h tlog.Hash, ok bool, err error) {
	if len(p.hashes.rows) == 0 && !p.hashes.dry {
		if p.hashes.rows, err = p.log.Hashes(ctx, p.volume, p.read, 2000); err != nil {
			return h, false, err
		}
		p.read += int64(len(p.hashes.rows))
		p.hashes.dry = len(p.hashes.rows) == 0
	}
	if len(p.hashes.rows) == 0 {
		return h, false, nil
	}
	h, p.hashes.rows = p.hashes.rows[0], p.hashes.rows[1:]
	return h, true, nil
}

// nextSigned returns the next checkpoint and leaves it in its place.
func (p *proof) nextSigned(ctx context.Context) (c SignedCheckpoint, ok bool, err error) {
	if len(p.signed.rows) == 0 && !p.signed.dry {
		if p.signed.rows, err = p.log.Checkpoints(ctx, p.volume, p.seen, 500); err != nil {
			return c, false, err
		}
		p.signed.dry = len(p.signed.rows) == 0
		if n := len(p.signed.rows); n > 0 {
			if last := p.signed.rows[n-1].Size; last > p.seen {
				p.seen = last
			} else {
				p.signed = page[SignedCheckpoint]{dry: true} // it would go round for ever
			}
		}
	}
	if len(p.signed.rows) == 0 {
		return c, false, nil
	}
	return p.signed.rows[0], true, nil
}

func (p *proof) root() tlog.Hash {
	if len(p.frontier) == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := p.frontier[len(p.frontier)-1]
	for i := len(p.frontier) - 2; i >= 0; i-- {
		h = tlog.NodeHash(p.frontier[i], h)
	}
	return h
}

// place holds an entry to its leaf in the tree. Leaves of entries that are missing before
// it in its volume are passed over, as far as their hashes are there.
func (v *verifier) place(ctx context.Context, e Entry, begins bool) error {
	if !begins {
		gap := e.N - v.n - 1
		for ; gap > 0 && !v.proof.short && !v.proof.lost; gap-- {
			if err := v.leaf(ctx, e.N-gap, nil); err != nil {
				return err
			}
		}
		if gap != 0 {
			v.proof.lost = true
		}
	}
	b, err := e.SafeLeaf()
	if err != nil {
		v.problem(e.N, "one of its fields would forge a line of the record")
		return v.leaf(ctx, e.N, nil)
	}
	h := tlog.RecordHash(b)
	return v.leaf(ctx, e.N, &h)
}

// leaf takes the stored hashes of the next leaf: its own and those of the subtrees that it
// completes. want is nil where the entry is missing.
func (v *verifier) leaf(ctx context.Context, n int64, want *tlog.Hash) error {
	p := &v.proof
	if p.lost {
		return nil
	}
	h, err := v.stored(ctx, n, want, "the tree holds another line than this one")
	if err != nil {
		return err
	}
	p.frontier = append(p.frontier, h)
	for i := p.size; i&1 == 1; i >>= 1 {
		k := len(p.frontier)
		node := tlog.NodeHash(p.frontier[k-2], p.frontier[k-1])
		if h, err = v.stored(ctx, n, &node, "a hash of the tree above it is wrong"); err != nil {
			return err
		}
		p.frontier = append(p.frontier[:k-2], h)
	}
	if p.size++; p.lost {
		return nil
	}
	v.compareKept()
	return v.checkpoints(ctx)
}

// stored takes the next stored hash, and the one that it should be where there is none.
func (v *verifier) stored(ctx context.Context, n int64, want *tlog.Hash, wrong string) (tlog.Hash, error) {
	h, ok, err := v.proof.nextHash(ctx)
	switch {
	case err != nil:
		return h, err
	case !ok && !v.proof.short:
		v.proof.short = true
		v.problem(n, "the stored hashes of the tree end before it")
	case ok && want != nil && h != *want:
		v.problem(n, "%s", wrong)
	}
	if !ok && want != nil {
		h = *want
	}
	v.proof.lost = v.proof.lost || (!ok && want == nil)
	return h, nil
}

// checkpoints checks those that cover just what the tree now holds.
func (v *verifier) checkpoints(ctx context.Context) error {
	for {
		s, ok, err := v.proof.nextSigned(ctx)
		if err != nil || !ok || s.Size > v.proof.size {
			return err
		}
		v.proof.signed.rows = v.proof.signed.rows[1:]
		v.report.Checkpoints++
		v.checkpoint(s)
	}
}

func (v *verifier) checkpoint(s SignedCheckpoint) {
	n := v.first + s.Size - 1
	if s.Size < v.proof.size {
		v.problem(n, "the checkpoint of %d entries is out of its order", s.Size)
		return
	}
	if v.key == nil {
		return // listed once, where the record opens
	}
	c, exact, err := openCheckpoint(s.Note, v.key)
	switch {
	case err != nil:
		v.problem(n, "the checkpoint of %d entries: %s", s.Size, err)
	case !exact:
		v.problem(n, "the checkpoint of %d entries is not as it was signed", s.Size)
	case c.Size != s.Size:
		v.problem(n, "the checkpoint of %d entries says %d", s.Size, c.Size)
	case c.Root != v.proof.root():
		v.problem(n, "the checkpoint of %d entries signs another tree", s.Size)
	}
}

// compareKept compares with the checkpoint that was kept elsewhere, once its size is reached.
func (v *verifier) compareKept() {
	if v.kept == nil || v.kept.Size != v.proof.size {
		return
	}
	if v.kept.Root != v.proof.root() {
		v.problem(v.first+v.kept.Size-1, "the checkpoint of %d entries that was kept elsewhere signs another tree", v.kept.Size)
	}
	v.kept = nil
}

// end looks for what reaches beyond the last entry of a volume, and for what does not reach
// it. The newest volume may have grown meanwhile.
func (v *verifier) end(ctx context.Context, newest bool) error {
	p := &v.proof
	if v.kept != nil {
		v.problem(v.n, "the checkpoint that was kept elsewhere covers %d entries, and there are %d", v.kept.Size, p.size)
	}
	_, moreHashes, err := p.nextHash(ctx)
	if err != nil {
		return err
	}
	next, moreSigned, err := p.nextSigned(ctx)
	if err != nil {
		return err
	}
	if newest && (moreHashes || moreSigned) {
		// Something may have been appended meanwhile: then entries follow.
		entries, err := v.log.After(ctx, v.n, 1)
		if err != nil {
			return err
		}
		moreHashes = moreHashes && len(entries) == 0
		moreSigned = moreSigned && len(entries) == 0
	}
	if p.lost {
		return nil // listed where it was lost
	}
	if moreHashes {
		v.problem(v.n, "the tree goes on after the last entry")
	}
	if moreSigned {
		v.problem(v.n, "a checkpoint covers %d entries, and there are %d", next.Size, p.size)
	}
	if !moreSigned && p.seen < p.size {
		v.problem(v.n, "the last checkpoint covers %d entries of %d", p.seen, p.size)
	}
	return nil
}
