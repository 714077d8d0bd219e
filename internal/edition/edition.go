package edition

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the engine

	"dateline/internal/prepared"
)

// schemaVersion is the form of the file. Another form is deleted and rebuilt from the
// record: nothing here is remembered only here.
const schemaVersion = "8"

//go:embed schema.sql
var schema string

// An Edition is the readers' memory, open. Its methods may be called at once.
type Edition struct {
	dir     string
	write   *sql.DB // one connection
	read    *sql.DB // read-only connections
	options Options
	decoded sync.Map // n of a house or desk entry → House or Desk; nobody changes what is in it
	texts   texts    // of article entries

	decodedCount atomic.Int64  // about how many are in decoded
	window       int64         // of searches, where a test wants another than searchWindow
	patience     time.Duration // and than searchPatience

	applying sync.Mutex // held by the one Apply or scrub that runs

	mu      sync.Mutex
	cursor  cursor          // guarded by mu; the newest entry that is applied
	applied chan struct{}   // guarded by mu; closed and renewed when cursor moves
	wakes   []chan struct{} // guarded by mu
	changes []func([]Key)   // guarded by mu; told what each transaction changed, before cursor moves
	checked bool            // guarded by mu; the source was found to be this edition's record
	doubted string          // guarded by mu; what was last said of a checkpoint that is not kept
}

// A cursor is the newest entry that is applied.
type cursor struct {
	n, volume int64
	at        time.Time
	first     int64 // the first entry of its volume
	signed    int64 // entries of its volume that the newest checkpoint covers
}

// size is how many entries of the newest volume are applied.
func (c cursor) size() int64 {
	if c.n == 0 {
		return 0
	}
	return c.n - c.first + 1
}

// Options are what an Edition is given: it opens nothing but its own folder.
type Options struct {
	Zone       func(name string) (*time.Location, error)
	Renditions func(ctx context.Context, sha256 string) ([]byte, error) // bytes for an entry that names them
	Log        *slog.Logger

	wordsOnly bool // without the files of pictures, to compare and throw away
}

// Open opens the edition in a folder, or begins an empty one. The caller holds the lock
// of the folder: no two processes may apply.
func Open(ctx context.Context, dir string, o Options) (*Edition, error) {
	if o.Zone == nil {
		o.Zone = time.LoadLocation
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Edition{dir: dir, options: o, applied: make(chan struct{})}
	if err := os.MkdirAll(filepath.Join(dir, "pictures"), 0o700); err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	if err := e.open(ctx); err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	if err := errors.Join(e.scrub(ctx), e.collectOrphans(ctx), e.mendFiles(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the edition: %w", err), e.Close())
	}
	return e, nil
}

// open opens the file, once more from nothing if it is of another form.
func (e *Edition) open(ctx context.Context) error {
	file := filepath.Join(e.dir, "edition.db")
	for range 2 {
		write, err := openPool(ctx, file, "rwc", 1)
		if err != nil {
			return err
		}
		e.write = write
		version, err := e.form(ctx)
		if err != nil {
			return errors.Join(err, write.Close())
		}
		if version == schemaVersion {
			if e.cursor, err = readCursor(ctx, write); err == nil {
				e.read, err = openPool(ctx, file, "ro", readers)
			}
			if err != nil {
				return errors.Join(err, write.Close())
			}
			return nil
		}
		e.options.Log.Info("the edition is of another form and will be built again", "form", version)
		if err := e.wipe(file); err != nil {
			return err
		}
	}
	return errors.New("the file cannot be made")
}

// form reads the form of the file, and gives one to an empty file.
func (e *Edition) form(ctx context.Context) (version string, err error) {
	var tables int
	if err := e.write.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'meta'`).Scan(&tables); err != nil {
		return "", err
	}
	if tables == 0 {
		return schemaVersion, e.create(ctx)
	}
	err = e.write.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'schema'`).Scan(&version)
	return version, err
}

const newestEntry = `SELECT n, volume, at FROM entry ORDER BY n DESC LIMIT 1`
const firstAndSigned = `SELECT v.n, COALESCE(c.size, 0) FROM volume v LEFT JOIN checkpoint c ON c.volume = v.volume WHERE v.volume = $1`

func readCursor(ctx context.Context, db *sql.DB) (c cursor, err error) {
	var at int64
	err = db.QueryRowContext(ctx, newestEntry).Scan(&c.n, &c.volume, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return cursor{}, nil
	}
	if err != nil {
		return c, err
	}
	c.at = instant(at)
	return c, db.QueryRowContext(ctx, firstAndSigned, c.volume).Scan(&c.first, &c.signed)
}

func (e *Edition) create(ctx context.Context) error {
	tx, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('schema', $1)`, schemaVersion); err != nil {
		return err
	}
	return tx.Commit()
}

func (e *Edition) wipe(file string) error {
	err := e.write.Close()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if rm := os.Remove(file + suffix); rm != nil && !errors.Is(rm, os.ErrNotExist) {
			err = errors.Join(err, rm)
		}
	}
	return err
}

// readers is how many pages may be read at once.
const readers = 8

// pragmas are pinned, as the store's are: no word that was taken back stays in a free page.
var pragmas = []struct{ name, set, want string }{
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"busy_timeout", "5000", "5000"},
	{"mmap_size", "0", "0"},
	{"trusted_schema", "0", "0"},
	{"cell_size_check", "1", "1"},
	{"secure_delete", "1", "1"},
	{"recursive_triggers", "1", "1"},
}

func openPool(ctx context.Context, file, mode string, conns int) (*sql.DB, error) {
	v := url.Values{"mode": {mode}, "_txlock": {"immediate"}}
	if mode == "ro" {
		v.Set("_txlock", "deferred")
	}
	for _, p := range pragmas {
		if mode != "ro" || p.name != "journal_mode" {
			v.Add("_pragma", p.name+"("+p.set+")")
		}
	}
	db, err := prepared.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: v.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	for _, p := range pragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil || got != p.want {
			return nil, errors.Join(fmt.Errorf("pragma %s is %q, not %s", p.name, got, p.want), err, db.Close())
		}
	}
	return db, nil
}

// Close closes the edition.
func (e *Edition) Close() error {
	err := e.read.Close()
	if e.write != nil {
		err = errors.Join(err, e.write.Close())
	}
	return err
}
