package store

import "context"

// WriteEach runs operations one after another, each as Write would, with an instant of its
// own, and all in one commit. It stops at the first that fails: that one is taken back alone,
// and those before it are kept. When it returns, what it kept is on the disk.
func (db *DB) WriteEach(ctx context.Context, all []func(*Tx) error) error {
	if len(all) == 0 {
		return nil
	}
	if err := db.turn.take(ctx); err != nil {
		return err
	}
	g, err := db.openGroup()
	if err != nil {
		db.turn.leave()
		return err
	}
	kept, failed := db.takeParts(ctx, g, all)
	failed = db.fault("writing", failed)
	if len(kept) == 0 {
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
		tx, err := db.member(ctx, g, fn)
		if err != nil {
			return kept, err
		}
		kept = append(kept, tx)
	}
	return kept, nil
}
