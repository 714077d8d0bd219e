package store

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/clock"
	"dateline/internal/story"
)

// groupLimit is how many writes may share one commit: the first of them waits for the last.
const groupLimit = 64

// A group is one commit that the writes share which were waiting for their turn. Whoever
// has the turn has the group. Each member runs in a savepoint of its own, so that it fails
// alone; all of them are answered after the one commit.
type group struct {
	on      *writer
	members int
	inside  bool // a savepoint is open
	tip     tip
	apart   time.Duration
	done    chan struct{} // closed when it is committed, or failed
	err     error         // why it failed; not read before done
}

// A tip is the end of the record as a transaction sees it.
type tip struct {
	known     bool // n, volume and at were read
	n, volume int64
	at        time.Time
	grown     int64     // the size of the record's tree after what the group appended; 0 if nothing
	root      tlog.Hash // of that tree

	anchor   clock.Anchor
	anchored bool // anchor was read or set
	anew     bool // it was set, and is written with the commit
}

// Write runs fn as one operation, with one reading of the clock. When it returns nil,
// everything that fn did is on the disk, checkpoint included; otherwise nothing is. Writes
// that wait for each other share a commit. ctx is heeded while waiting and between
// statements, never in the middle of one.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := db.turn.take(ctx); err != nil {
		return err
	}
	g, err := db.openGroup()
	if err != nil {
		db.turn.leave()
		return err
	}
	tx, err := db.takePart(ctx, g, fn)
	if err != nil {
		return db.fault("writing", err)
	}
	<-g.done
	if g.err != nil {
		return g.err
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

// openGroup returns the group that came with the turn, or begins one.
func (db *DB) openGroup() (*group, error) {
	if db.open != nil {
		return db.open, nil
	}
	if err := db.isDead(); err != nil {
		return nil, err
	}
	if err := db.writer.begin(db.begin); err != nil {
		return nil, db.fault("beginning a write", err)
	}
	g := &group{on: &db.writer, done: make(chan struct{})}
	if db.compareClock {
		var theirs int64
		if _, err := (&Query{context.Background(), g.on}).one(databaseClock, nil, &theirs); err != nil {
			g.on.rollback()
			return nil, db.fault("beginning a write", err)
		}
		g.apart = db.Now().Sub(instant(theirs))
	}
	db.open = g
	return g, nil
}

// takePart runs fn in the group and passes the turn on, whatever becomes of fn.
func (db *DB) takePart(ctx context.Context, g *group, fn func(*Tx) error) (tx *Tx, err error) {
	defer db.passOn(g)
	return db.member(ctx, g, fn)
}

// member runs fn in the group, and takes back what it did where it fails.
func (db *DB) member(ctx context.Context, g *group, fn func(*Tx) error) (tx *Tx, err error) {
	reading := db.now()
	tx = &Tx{Query: Query{ctx, g.on}, Reading: reading, Now: reading.Wall.UTC().Truncate(time.Microsecond), Apart: g.apart, db: db, tip: g.tip}
	kept := false
	defer func() { // also where fn panics
		if !kept {
			g.undo(err)
		}
	}()
	if err = g.enter(ctx); err != nil {
		return tx, err
	}
	if err = fn(tx); err != nil {
		return tx, err
	}
	if err = g.keep(tx); err != nil {
		return tx, err
	}
	kept = true
	return tx, nil
}

// enter begins a member. The first needs no savepoint: where it fails, there is nothing
// else to keep.
func (g *group) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil || g.members == 0 {
		return err
	}
	err := g.on.command("SAVEPOINT member")
	g.inside = err == nil
	return err
}

func (g *group) keep(tx *Tx) error {
	if _, err := g.on.flush(); err != nil { // what fails is this member's
		return err
	}
	if g.inside {
		if err := g.on.command("RELEASE SAVEPOINT member"); err != nil {
			return err
		}
	}
	g.inside = false
	g.members++
	g.tip = tx.tip
	return nil
}

// undo takes back what a member did. Where that cannot be done the group has failed, for
// what made the member fail.
func (g *group) undo(cause error) {
	g.on.forget()
	if !g.inside {
		return
	}
	g.inside = false
	err := g.on.command("ROLLBACK TO SAVEPOINT member")
	if err == nil {
		err = g.on.command("RELEASE SAVEPOINT member")
	}
	if err != nil {
		g.err = errors.Join(cause, err)
	}
}

// passOn gives the group to the next in the line, or ends it where nobody waits, it is
// full, or it cannot go on.
func (db *DB) passOn(g *group) {
	if g.err == nil && g.members > 0 && g.members < groupLimit && db.turn.pass() {
		return
	}
	db.endGroup()
	db.turn.leave()
}

// endGroup ends the group that came with the turn, if one did.
func (db *DB) endGroup() {
	if db.open == nil {
		return
	}
	db.finish(db.open)
	close(db.open.done)
	db.open = nil
}

// finish commits the group, or rolls it back where it failed or nothing is left of it.
func (db *DB) finish(g *group) {
	if g.err == nil && g.members > 0 {
		g.err = db.commit(g)
	}
	if g.err != nil || g.members == 0 {
		g.on.rollback()
		g.err = db.fault("committing", g.err)
		return
	}
	if g.tip.grown > 0 {
		db.wakeAll()
	}
}

// commit signs one checkpoint over all that the group appended: no answer leaves without it.
func (db *DB) commit(g *group) error {
	tx := Tx{Query: Query{context.Background(), g.on}, db: db, tip: g.tip}
	if g.tip.anew {
		if err := tx.writeAnchor(); err != nil {
			return err
		}
	}
	if g.tip.grown > 0 {
		if err := tx.signCheckpoint(); err != nil {
			return err
		}
	}
	if db.grew != "" && g.tip.grown > 0 {
		if err := g.on.command(db.grew); err != nil {
			return err
		}
	}
	if _, err := g.on.flush(); err != nil { // before the commit, not with it
		return err
	}
	if err := db.at(BeforeCommit); err != nil {
		return err
	}
	if err := g.on.command("COMMIT"); err != nil {
		if db.classify(err) == faultAway {
			// The server did not say that it refused: it may have kept it before it went.
			return story.Refuse(story.Unavailable, "The database went away while it kept this. It may be kept or not: send the same form again, and it is done once.")
		}
		return err
	}
	return db.at(AfterCommit)
}
