// Package store is the newsroom's memory: every line of its SQL. One writer at a time,
// many readers; what a write answers is on the disk. The queries are in the dialect that
// SQLite and PostgreSQL share; sqlite.go and postgres.go alone know which engine it is.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

// A DB is the newsroom's memory, open.
type DB struct {
	dialect
	write *sql.DB // the writer's connection, and one for what happens beside it
	read  *sql.DB // read-only connections
	now   clock.Source
	key   *record.Key // signs checkpoints; nil until there is a volume

	turn   turn
	writer writer // whoever has the turn has it
	open   *group // the same

	broken func(error)        // called once, at the first failed write to the disk
	stop   func(Moment) error // Options.Fault

	compareClock bool

	closing chan struct{} // closed by Close, made where something runs beside
	closed  sync.Once
	beside  sync.WaitGroup // what does

	folder string // of the file; "" where the store is a server's

	mu    sync.Mutex
	wakes []chan struct{}  // guarded by mu; each told after the record grew
	hear  []func([]Change) // guarded by mu; each told what a commit touched
	dead  error            // guarded by mu; set by the first failed fsync
	stuck string           // guarded by mu; why the last write was not kept, "" once one was
}

// Options are what a DB needs from the machine.
type Options struct {
	Now clock.Source
	// Broken is called once when the disk failed a write. The process must end: what the
	// engine says after a failed fsync cannot be believed (PROMISES.md, I-03).
	Broken func(error)
	// Fault, where a test sets it, is asked at each moment of a commit and may fail it there.
	Fault func(Moment) error
	// CompareClock says that Now is the machine's clock, to be held against the database's:
	// several machines that disagree on the hour must not date one record.
	CompareClock bool
}

// A dialect is in what the engines differ besides their types.
type dialect struct {
	migrations string // folder
	ledger     string // makes the table of the migrations that were done
	begin      string // begins a write
	lock       string // first thing in a write, keeps other processes' out
	reading    *sql.TxOptions
	grew       string // last thing in a write, tells other processes that the record grew
	tell       string // before it, tells all processes what was touched; "" where there is one process
	classify   func(error) faultKind
	integrity  string   // asks the engine for damage, a line each; "" where it has no such question
	rewrite    []string // writes every table anew
	cutLog     func(context.Context, *sql.Conn) (bool, error)
	patience   []string // gives a connection all the time that a copy takes
	// lift lets a copy insert entries that are gone, and returns what forbids it again.
	lift func(context.Context, *sql.Tx) (restore string, err error)
}

// Open opens the store at an address: that of a PostgreSQL database (postgres://…), or a
// file of SQLite, whose folder's lock the caller holds.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	if IsPostgres(address) {
		return OpenPostgres(ctx, address, o)
	}
	return OpenSQLite(ctx, address, o)
}

// OpenToRead opens the store of a house, running or not, for looking only.
func OpenToRead(ctx context.Context, address string) (*DB, error) {
	if IsPostgres(address) {
		return postgresToRead(address)
	}
	return sqliteToRead(ctx, address)
}

// A Query reads one consistent state.
type Query struct {
	ctx context.Context
	tx  runner
	// about are the subjects whose rows a statement touches; none where it may be any.
	about []string
}

// of is q for statements that touch only rows about those subjects: an article, a desk, a
// key. The writer then knows that rows about others stay as they are.
func (q *Query) of(subjects ...string) *Query { return &Query{q.ctx, q.tx, subjects} }

// A runner runs statements: a read-only transaction, or the writer.
type runner interface {
	exec(q *Query, sql string, args []any) (changed int64, err error)
	query(q *Query, sql string, args []any) (*sql.Rows, error)
}

// A reader is a read-only transaction: one state of the store, from beginning to end. It
// remembers what a list asks for with every line of it.
type reader struct {
	*sql.Tx
	newest  map[[2]string]*said // by kind and subject: what the newest entry says
	decoded map[string]any      // by the text: *T
	desks   *[]DeskRow
}

func (r reader) query(q *Query, sqlText string, args []any) (*sql.Rows, error) {
	return r.QueryContext(q.ctx, sqlText, args...)
}

func (r reader) exec(*Query, string, []any) (int64, error) {
	return 0, errors.New("store: nothing is changed by a question")
}

// A Tx writes: one operation, one reading of the clock, all or nothing.
type Tx struct {
	Query
	// Reading is the clock as it was when the operation began.
	Reading clock.Reading
	// Now is its wall time: UTC, whole microseconds. SQL never asks what time it is.
	Now time.Time
	// Apart is how far this machine's clock is ahead of the database's, for doubt only; 0
	// where they are not compared.
	Apart time.Duration

	db    *DB
	tip   tip
	after []func()

	touched []Change
}

// AfterCommit runs fn once the write is durable: a hint to others, never the work itself.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Read runs fn on one consistent, read-only state.
func (db *DB) Read(ctx context.Context, fn func(*Query) error) error {
	tx, err := db.read.BeginTx(ctx, db.reading)
	if err != nil && db.classify(err) == faultAway {
		// A server that was away and is back leaves connections that nobody knew were dead.
		for range db.read.Stats().Idle + 1 {
			if tx, err = db.read.BeginTx(ctx, db.reading); err == nil {
				break
			}
		}
	}
	if err != nil {
		return db.fault("reading", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo: it only read
	return db.fault("reading", fn(&Query{ctx: ctx, tx: reader{tx, map[[2]string]*said{}, map[string]any{}, new([]DeskRow)}}))
}

type faultKind int

const (
	faultOther  faultKind = iota
	faultFull             // no room
	faultBusy             // somebody else writes
	faultAway             // the server cannot be reached
	faultSealed           // a write failed; perhaps only because nothing may be written any more
	faultDisk             // the disk failed: nothing after this can be believed
)

// fault turns an engine's error into a refusal where people can act on it, and stops the
// process where the disk itself failed. Refusals pass through.
func (db *DB) fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := story.AsRefusal(err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch kind := db.classify(err); kind {
	case faultFull:
		return db.cannotWrite("The disk is full. Nothing of this was kept, and nothing else was lost; make room and try again.")
	case faultBusy:
		return story.Refuse(story.Unavailable, "The store is busy. Try again in a moment.")
	case faultAway:
		return story.Refuse(story.Unavailable, "The database is away. Nothing of this was kept; try again in a moment.")
	case faultDisk, faultSealed:
		if kind == faultSealed && db.isSealed() {
			return db.cannotWrite("The disk cannot be written to any more. Nothing of this was kept, and nothing else was lost; try again when it can.")
		}
		return db.die(fmt.Errorf("%s: %w", doing, err))
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isSealed reports whether the file's system became one for reading only, as a kernel makes
// it that found damage. What was not written then is not there; of a failed fsync nobody
// could tell. It asks for the folder to be given the mode that it has.
func (db *DB) isSealed() bool {
	info, err := os.Stat(db.folder)
	return err == nil && errors.Is(os.Chmod(db.folder, info.Mode()), syscall.EROFS)
}

// cannotWrite is the refusal of a write for which there is no room, and is remembered.
func (db *DB) cannotWrite(sentence string) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.stuck = sentence
	return story.Refuse(story.Unavailable, "%s", sentence)
}

// Stuck says why the last write could not be kept, "" if one was since.
func (db *DB) Stuck() string {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.stuck
}

func (db *DB) unstuck() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.stuck = ""
}

func (db *DB) die(err error) error {
	db.mu.Lock()
	first := db.dead == nil
	if first {
		db.dead = err
	}
	db.mu.Unlock()
	if first && db.broken != nil {
		db.broken(err)
	}
	return err
}

func (db *DB) isDead() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.dead
}

// Now is the wall time of a fresh reading, for questions that change nothing.
func (db *DB) Now() time.Time { return db.now().Wall.UTC().Truncate(time.Microsecond) }

// Reading is a fresh look at the clocks.
func (db *DB) Reading() clock.Reading { return db.now() }

// Close waits for what runs and closes. Closing again does nothing.
func (db *DB) Close() (err error) {
	db.closed.Do(func() { err = db.close() })
	return err
}

func (db *DB) close() error {
	if db.closing != nil {
		close(db.closing)
	}
	db.beside.Wait()
	err := db.read.Close()
	if db.write != nil {
		_ = db.turn.take(context.Background(), Ahead{}) // it cannot end
		db.endGroup()
		db.writer.drop()
		err = errors.Join(err, db.write.Close())
		db.turn.leave()
	}
	return err
}

// SetKey gives the key that signs checkpoints. It is set once, before the first append.
func (db *DB) SetKey(k record.Key) { db.key = &k }

// Wake returns a channel that receives after the record grew (record.Source).
func (db *DB) Wake() <-chan struct{} {
	ch := make(chan struct{}, 1)
	db.mu.Lock()
	defer db.mu.Unlock()
	db.wakes = append(db.wakes, ch)
	return ch
}

func (db *DB) wakeAll() {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, ch := range db.wakes {
		select {
		case ch <- struct{}{}:
		default: // it is awake already
		}
	}
}

// micros is how an instant is stored: 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// exec runs a statement and reports how many rows it changed.
func (q *Query) exec(sql string, args ...any) (int64, error) {
	return q.tx.exec(q, sql, numbers(args))
}

// must runs a statement that has to change exactly one row. The writer has it wait for
// those that follow: where it fails, the next question does, or the write.
func (q *Query) must(sql string, args ...any) error {
	if w, writing := q.tx.(*writer); writing {
		return w.later(q, sql, numbers(args))
	}
	_, err := q.exec(sql, args...)
	return err
}

func notSoMany(changed int64, rows int) error {
	return fmt.Errorf("store: %d rows changed where %d had to", changed, rows)
}

// one reads one row into dest and reports whether there was one.
func (q *Query) one(sqlText string, args []any, dest ...any) (found bool, err error) {
	rows, err := q.tx.query(q, sqlText, numbers(args))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(dest...)
}

// many reads rows, one value each. The writer remembers them.
func many[T any](q *Query, sqlText string, args []any, scan func(row scanner) (T, error)) ([]T, error) {
	if all, known := recall[T](q, sqlText, args); known {
		return slices.Clone(all), q.ctx.Err()
	}
	all, err := scanAll(q, sqlText, args, scan)
	if err == nil && len(all) <= memoRows {
		remember(q, sqlText, args, slices.Clone(all))
	}
	return all, err
}

func scanAll[T any](q *Query, sqlText string, args []any, scan func(row scanner) (T, error)) (all []T, err error) {
	rows, err := q.tx.query(q, sqlText, numbers(args))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

type scanner interface{ Scan(dest ...any) error }

// numbers turns truths into the numbers that both engines keep them as.
func numbers(args []any) []any {
	for i, a := range args {
		if yes, ok := a.(bool); ok {
			args[i] = 0
			if yes {
				args[i] = 1
			}
		}
	}
	return args
}

// args spares the callers of one and many the []any.
func args(a ...any) []any { return a }
