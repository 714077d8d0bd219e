package store

import (
	"context"
	"errors"
)

// WriteEach runs operations one after another, each as Write would, with an instant of its
// own, and all in one commit. It stops at the first that fails: that one is taken back alone,
// and those before it are kept. When it returns, what it kept is on the disk.
func (db *DB) WriteEach(ctx context.Context, all []func(*Tx) error) error {
	if len(all) == 0 {
		return nil
	}
	err := db.joinEach(ctx, all)
	if !errors.Is(err, errSpoiled) {
		return err
	}
	for _, fn := range all { // nothing came of any: each by itself
		if err := db.Write(ctx, fn); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) joinEach(ctx context.Context, all []func(*Tx) error) error {
	if err := db.turn.take(ctx, Ahead{}); err != nil {
		return err
	}
	g, err := db.openGroup(false)
	if err != nil {
		db.turn.leave()
		return err
	}
	kept, failed := db.takeParts(ctx, g, all)
	if failed != nil {
		failed = db.fault("writing", failed)
	}
	if len(kept) == 0 || errors.Is(failed, errSpoiled) {
		return failed
	}
	<-g.done
	if g.err != nil {
		return g.err
	}
	for _, tx := range kept {
		for _, fn := range tx.after {
			fn()
		}
	}
	return failed
}

// takeParts runs operations in the group until one fails, and passes the turn on.
func (db *DB) takeParts(ctx context.Context, g *group, all []func(*Tx) error) (kept []*Tx, err error) {
	defer db.passOn(g)
	for _, fn := range all {
		tx, err := db.member(ctx, g, Ahead{}, fn)
		if err != nil {
			return kept, err
		}
		kept = append(kept, tx)
	}
	return kept, nil
}
