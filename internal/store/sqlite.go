package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dateline/internal/prepared"
)

// pragmas are pinned (PROMISES.md, Settings to pin) and read back at start-up. FULL makes
// an acknowledged write survive a power cut; secure_delete keeps no erased word in a free
// page; recursive_triggers closes INSERT OR REPLACE as a way around the record's triggers.
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
	{"temp_store", "MEMORY", "2"}, // what a savepoint would take back is not written to a file first
}

var sqliteDialect = dialect{
	migrations: "migrations/sqlite",
	begin:      "BEGIN IMMEDIATE",
	reading:    &sql.TxOptions{ReadOnly: true},
	classify:   sqliteFault,
	integrity:  `PRAGMA integrity_check(20)`,
	rewrite:    []string{`PRAGMA temp_store = FILE`, `VACUUM`, `PRAGMA temp_store = MEMORY`},
	cutLog:     sqliteCutLog,
	lift:       sqliteLift,
	ledger:     `CREATE TABLE IF NOT EXISTS migration (step INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`,
}

// OpenSQLite opens, or makes, the store in a file. The caller holds the data folder's lock.
func OpenSQLite(ctx context.Context, file string, o Options) (*DB, error) {
	made, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would let everybody read it
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	if err := made.Close(); err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	write, err := openPool(ctx, sql.Open, file, "rwc", 2) // the writer keeps its own statements prepared
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write, sqliteDialect); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := openPool(ctx, prepared.Open, file, "ro", 8)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &DB{dialect: sqliteDialect, write: write, read: read, now: o.Now, broken: o.Broken, stop: o.Fault, writer: writer{pool: write}, folder: filepath.Dir(file)}, nil
}

func sqliteToRead(ctx context.Context, file string) (*DB, error) {
	read, err := openPool(ctx, prepared.Open, file, "ro", 4)
	if err != nil {
		return nil, err
	}
	return &DB{dialect: sqliteDialect, read: read}, nil
}

func openPool(ctx context.Context, open func(driver, source string) (*sql.DB, error), file, mode string, conns int) (*sql.DB, error) {
	db, err := open("sqlite", dsn(file, mode))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", filepath.Base(file), err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := readBack(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", filepath.Base(file), err), db.Close())
	}
	return db, nil
}

// dsn puts every setting where each new connection of the pool meets it.
func dsn(file, mode string) string {
	v := url.Values{"mode": {mode}, "_txlock": {"immediate"}}
	if mode == "ro" {
		v.Set("_txlock", "deferred")
	}
	for _, p := range pragmas {
		if mode == "ro" && p.name == "journal_mode" {
			continue // a reader cannot set it; it reads back what the writer set
		}
		v.Add("_pragma", p.name+"("+p.set+")")
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: v.Encode()}).String()
}

func readBack(ctx context.Context, db *sql.DB) error {
	for _, p := range pragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("pragma %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("pragma %s is %s, not %s: is the folder on a local disk?", p.name, got, p.want)
		}
	}
	return nil
}

// sqliteCutLog reports false where a reader still looks at the state before.
func sqliteCutLog(ctx context.Context, conn *sql.Conn) (bool, error) {
	var busy, pages, done int
	err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &done)
	return busy == 0, err
}

func sqliteLift(ctx context.Context, tx *sql.Tx) (restore string, err error) {
	if err := tx.QueryRowContext(ctx, `SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'record_insert'`).Scan(&restore); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `DROP TRIGGER record_insert`)
	return restore, err
}

// sqliteFault reads the engine's code, never its text.
func sqliteFault(err error) faultKind {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return faultOther
	}
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
		return faultFull // the index of the write-ahead log cannot grow, for want of room
	}
	if e.Code() == sqlite3.SQLITE_IOERR_WRITE {
		return faultSealed
	}
	switch e.Code() & 0xff { // the primary code; the rest is detail
	case sqlite3.SQLITE_FULL:
		return faultFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return faultBusy
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return faultDisk
	}
	return faultOther
}
