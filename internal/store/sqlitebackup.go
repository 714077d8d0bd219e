package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"modernc.org/sqlite"
)

// backupPages are copied at once: 1 MiB of them.
const backupPages = 256

// BackupSQLite copies the store in a file, of a house that runs or not, into a new file. It
// is one consistent state, that of the instant at which it begins: readers of a WAL never
// stop its writer. progress is called after each mebibyte, with the bytes that are done and
// all; it may rest, so that the disk is the house's first.
// The caller makes the new file durable.
func BackupSQLite(ctx context.Context, from, to string, progress func(done, all int64)) (err error) {
	db, err := openPool(ctx, sql.Open, from, "ro", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("copying %s: %w", filepath.Base(from), err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := copyPages(ctx, conn, to, progress); err != nil {
		return fmt.Errorf("copying %s: %w", filepath.Base(from), err)
	}
	return oneFile(ctx, to)
}

// copyPages copies within one read transaction: without it, a writer's commit between two
// steps would begin the copy anew, and under load it would never end.
func copyPages(ctx context.Context, conn *sql.Conn, to string, progress func(done, all int64)) (err error) {
	var size int64
	if err := conn.QueryRowContext(ctx, `PRAGMA page_size`).Scan(&size); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return err
	}
	defer func() {
		_, end := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		err = errors.Join(err, end)
	}()
	var tables int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil { // the state is held from here on
		return err
	}
	return conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(uri string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("this engine cannot be copied")
		}
		b, err := source.NewBackup(dsn(to, "rwc"))
		if err != nil {
			return err
		}
		more := true
		for more && err == nil {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(backupPages)
			}
			if progress != nil && err == nil {
				progress(int64(b.PageCount()-b.Remaining())*size, int64(b.PageCount())*size)
			}
		}
		return errors.Join(err, b.Finish())
	})
}

// oneFile folds a copy into a single file that can be read from where nothing can be written.
func oneFile(ctx context.Context, file string) (err error) {
	db, err := sql.Open("sqlite", dsn(file, "rw"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode); err != nil {
		return fmt.Errorf("closing the copy: %w", err)
	}
	if mode != "delete" {
		return fmt.Errorf("closing the copy: its journal stays %s", mode)
	}
	return nil
}

// IsFull reports whether an error says that a disk has no room left.
func IsFull(err error) bool { return sqliteFault(err) == faultFull }

// OpenCopy opens a copy that BackupSQLite made, for looking only.
func OpenCopy(ctx context.Context, file string) (*DB, error) {
	read, err := sql.Open("sqlite", dsn(file, "ro"))
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	if err := read.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the copy: %w", err), read.Close())
	}
	return &DB{dialect: sqliteDialect, read: read}, nil
}
