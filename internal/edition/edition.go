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
	"time"

	_ "modernc.org/sqlite" // the engine

	"dateline/internal/record"
)

// schemaVersion is the form of the file. Another form is deleted and rebuilt from the
// record: nothing here is remembered only here.
const schemaVersion = "1"

//go:embed schema.sql
var schema string

// An Edition is the readers' memory, open. Its methods may be called at once.
type Edition struct {
	dir     string
	write   *sql.DB // one connection
	read    *sql.DB // read-only connections
	options Options

	mu      sync.Mutex
	cursor  int64           // guarded by mu; the newest entry that is applied
	applied chan struct{}   // guarded by mu; closed and renewed when cursor moves
	wakes   []chan struct{} // guarded by mu
}

// Options are what an Edition is given: it opens nothing but its own folder.
type Options struct {
	Zone       func(name string) (*time.Location, error)
	Renditions func(ctx context.Context, sha256 string) ([]byte, error) // bytes for an entry that names them
	Log        *slog.Logger
}

// Open opens the edition in a folder, or begins an empty one.
func Open(ctx context.Context, dir string, o Options) (*Edition, error) {
	e := &Edition{dir: dir, options: o, applied: make(chan struct{})}
	if err := os.MkdirAll(filepath.Join(dir, "pictures"), 0o700); err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	fresh, err := e.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	if fresh {
		return e, nil
	}
	return e, e.collectOrphans(ctx)
}

// open opens the file, once more from nothing if it is of another form.
func (e *Edition) open(ctx context.Context) (fresh bool, err error) {
	file := filepath.Join(e.dir, "edition.db")
	for range 2 {
		if e.write, err = openPool(ctx, file, "rwc", 1); err != nil {
			return false, err
		}
		version, cursor, err := e.state(ctx)
		if err == nil && version == schemaVersion {
			e.cursor = cursor
			e.read, err = openPool(ctx, file, "ro", 8)
			return cursor == 0, err
		}
		if err == nil && version == "" {
			if err := e.create(ctx); err != nil {
				return false, err
			}
			e.read, err = openPool(ctx, file, "ro", 8)
			return true, err
		}
		if err := e.wipe(file); err != nil {
			return false, err
		}
	}
	return false, errors.New("the file cannot be made")
}

// state reads version and cursor; "" for an empty file.
func (e *Edition) state(ctx context.Context) (version string, cursor int64, err error) {
	var tables int
	if err := e.write.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'meta'`).Scan(&tables); err != nil || tables == 0 {
		return "", 0, err
	}
	if err := e.write.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'schema'`).Scan(&version); err != nil {
		return "", 0, err
	}
	err = e.write.QueryRowContext(ctx, `SELECT COALESCE(max(n), 0) FROM entry`).Scan(&cursor)
	return version, cursor, err
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

// pragmas are pinned, as the store's are: no word that was taken back stays in a free page.
var pragmas = []struct{ name, set, want string }{
	{"journal_mode", "WAL", "wal"}, {"synchronous", "FULL", "2"}, {"busy_timeout", "5000", "5000"}, {"mmap_size", "0", "0"},
	{"trusted_schema", "0", "0"}, {"cell_size_check", "1", "1"}, {"secure_delete", "1", "1"},
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
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: v.Encode()}).String())
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
func (e *Edition) Close() error { return errors.Join(e.read.Close(), e.write.Close()) }

// Applied is the number of the newest entry that is applied.
func (e *Edition) Applied() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cursor
}

// WaitFor waits until entry n is applied.
func (e *Edition) WaitFor(ctx context.Context, n int64) error {
	for {
		e.mu.Lock()
		cursor, moved := e.cursor, e.applied
		e.mu.Unlock()
		if cursor >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		}
	}
}

// Wake implements record.Source: the edition is itself one, for mirrors.
func (e *Edition) Wake() <-chan struct{} {
	ch := make(chan struct{}, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wakes = append(e.wakes, ch)
	return ch
}

func (e *Edition) moved(to int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cursor = to
	close(e.applied)
	e.applied = make(chan struct{})
	for _, ch := range e.wakes {
		select {
		case ch <- struct{}{}:
		default: // it is awake already
		}
	}
}

// batch is how many entries are applied in one transaction.
const batch = 200

// CatchUp applies everything that the source has.
func (e *Edition) CatchUp(ctx context.Context, src record.Source) error {
	for {
		entries, err := src.After(ctx, e.Applied(), batch)
		if err != nil || len(entries) == 0 {
			return err
		}
		if err := e.Apply(ctx, entries); err != nil {
			return err
		}
	}
}

// Follow applies what the source has and will have until ctx ends. A failing entry is
// told once per cause and tried again: nothing is ever skipped.
func (e *Edition) Follow(ctx context.Context, src record.Source) error {
	wake := src.Wake()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	told := ""
	for {
		if err := e.CatchUp(ctx, src); err != nil && ctx.Err() == nil {
			if err.Error() != told {
				told = err.Error()
				e.options.Log.Error("the edition cannot apply an entry", "error", err)
			}
		} else {
			told = ""
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
		case <-ticker.C:
		}
	}
}
