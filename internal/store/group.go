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
// has the turn has the group. What a member writes waits for the others' and is sent with
// it; where a part had to be sent before, that is in a savepoint of its own. So each fails
// alone; all of them are answered after the one commit.
type group struct {
	on      *writer
	members int
	alone   bool // there is to be one member
	tip     tip
	apart   time.Duration
	touched []Change      // by those of its members that did not fail
	done    chan struct{} // closed when it is committed, or failed
	err     error         // why it failed; not read before done
}

// errSpoiled is why a group fails that could not write what one of its members left to be
// sent. Nobody knows who else was told of it: each is done over, alone.
var errSpoiled = errors.New("store: what shared this commit could not be written")

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

	acts, lines int64 // the highest numbers of acts and of the audit's lines; 0 until they are asked
}

// Write runs fn as one operation, with one reading of the clock. When it returns nil,
// everything that fn did is on the disk, checkpoint included; otherwise nothing is. Writes
// that wait for each other share a commit. ctx is heeded while waiting and between
// statements, never in the middle of one. fn may be run again where nothing came of it.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return db.WriteAhead(ctx, Ahead{}, fn)
}

// WriteAhead is Write of what says before its turn comes what it will ask.
func (db *DB) WriteAhead(ctx context.Context, ahead Ahead, fn func(*Tx) error) error {
	err := db.join(ctx, ahead, fn, false)
	if errors.Is(err, errSpoiled) {
		err = db.join(ctx, ahead, fn, true)
	}
	return err
}

func (db *DB) join(ctx context.Context, ahead Ahead, fn func(*Tx) error, alone bool) error {
	if err := db.turn.take(ctx, ahead); err != nil {
		return err
	}
	g, err := db.openGroup(alone)
	if err != nil {
		db.turn.leave()
		return err
	}
	tx, err := db.takePart(ctx, g, ahead, fn)
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
func (db *DB) openGroup(alone bool) (*group, error) {
	if alone {
		db.endGroup()
	}
	if db.open != nil {
		return db.open, nil
	}
	if err := db.isDead(); err != nil {
		return nil, err
	}
	if err := db.writer.begin(db.begin); err != nil {
		return nil, db.fault("beginning a write", err)
	}
	g := &group{on: &db.writer, alone: alone, done: make(chan struct{})}
	if db.compareClock {
		var theirs int64
		if _, err := (&Query{ctx: context.Background(), tx: g.on}).one(databaseClock, nil, &theirs); err != nil {
			g.on.rollback()
			return nil, db.fault("beginning a write", err)
		}
		g.apart = db.Now().Sub(instant(theirs))
	}
	db.open = g
	return g, nil
}

// takePart runs fn in the group and passes the turn on, whatever becomes of fn.
func (db *DB) takePart(ctx context.Context, g *group, ahead Ahead, fn func(*Tx) error) (tx *Tx, err error) {
	defer db.passOn(g)
	return db.member(ctx, g, ahead, fn)
}

// member runs fn in the group, and takes back what it did where it fails.
func (db *DB) member(ctx context.Context, g *group, ahead Ahead, fn func(*Tx) error) (tx *Tx, err error) {
	reading := db.now()
	tx = &Tx{Query: Query{ctx: ctx, tx: g.on}, Reading: reading, Now: reading.Wall.UTC().Truncate(time.Microsecond), Apart: g.apart, db: db, tip: g.tip}
	kept := false
	defer func() { // also where fn panics
		if !kept {
			err = db.undo(g, err)
		}
	}()
	if err = tx.askAhead(ahead); err != nil {
		return tx, err
	}
	if err = fn(tx); err != nil {
		return tx, err
	}
	if err = g.on.keep(g.alone); err != nil {
		return tx, err
	}
	kept = true
	g.members++
	g.tip = tx.tip
	g.touched = addChange(g.touched, tx.touched...)
	return tx, nil
}

// undo takes back what a member did that failed for err. Where that cannot be done, or what
// others left could not be sent, the group has failed.
func (db *DB) undo(g *group, err error) error {
	if g.on.spoiled == nil && g.on.aborted() && isFault(err) {
		g.on.spoiled = err
	}
	if g.on.spoiled != nil {
		g.err = db.spoiled()
		return g.err
	}
	if back := g.on.undo(); back != nil {
		g.err = errors.Join(err, back)
	}
	return err
}

// isFault reports whether an error may be the engine's.
func isFault(err error) bool {
	_, refused := story.AsRefusal(err)
	return err != nil && !refused && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// spoiled is why a group fails that could not write what its members left: no fault of all
// of them, unless the engine itself is in trouble.
func (db *DB) spoiled() error {
	err := db.writer.spoiled
	if kind := db.classify(err); kind == faultOther || kind == faultBusy {
		err = errors.Join(errSpoiled, err)
	}
	return err
}

// passOn gives the group to the next in the line, or ends it where nobody waits, it is
// full, or it cannot go on.
func (db *DB) passOn(g *group) {
	if g.err == nil && g.members > 0 && g.members < groupLimit && !g.alone && db.turn.pass() {
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
	db.unstuck()
	if g.tip.grown > 0 {
		db.wakeAll()
	}
	if db.tell == "" {
		db.tellChanges(g.touched)
	}
}

// commit signs one checkpoint over all that the group appended: no answer leaves without it.
func (db *DB) commit(g *group) error {
	if err := db.seal(g); err != nil {
		if g.on.spoiled != nil {
			return db.spoiled()
		}
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

// seal sends all that waits, and what the group itself adds: before the commit, not with it.
func (db *DB) seal(g *group) error {
	tx := Tx{Query: Query{ctx: context.Background(), tx: g.on}, db: db, tip: g.tip}
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
	if err := g.on.keep(false); err != nil {
		return err
	}
	var last []pending
	if db.tell != "" && len(g.touched) > 0 {
		last = append(last, pending{statement: g.on.statement(db.tell), args: args(changeWords(g.touched)), anyRow: true})
	}
	if db.grew != "" && g.tip.grown > 0 {
		last = append(last, g.on.plain(db.grew))
	}
	_, err := g.on.flush(false, last...)
	return err
}
