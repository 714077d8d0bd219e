package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Backup copies the store at an address, of a house that runs or not, into a new file of
// SQLite, as one consistent state, and stops no writer. progress is called on the way with
// what is done and all, in bytes as the engine counts them.
// The caller makes the new file durable.
func Backup(ctx context.Context, from, to string, progress func(done, all int64)) error {
	if IsPostgres(from) {
		return backupPostgres(ctx, from, to, progress)
	}
	return BackupSQLite(ctx, from, to, progress)
}

// backupPostgres reads within one snapshot, which keeps nobody waiting, and holds the copy
// against the same snapshot once more.
func backupPostgres(ctx context.Context, from, to string, progress func(done, all int64)) (err error) {
	source, err := postgresToRead(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := OpenSQLite(ctx, to, Options{})
	if err != nil {
		return err
	}
	err = source.snapshot(ctx, func(in *sql.Tx) error { return copySnapshot(ctx, in, target, progress) })
	if err = errors.Join(err, target.Close()); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	return oneFile(ctx, to)
}

func copySnapshot(ctx context.Context, in *sql.Tx, target *DB, progress func(done, all int64)) error {
	sizes, all, err := tableSizes(ctx, in)
	if err != nil {
		return err
	}
	var c Copied
	var done int64
	tell := func(table string, _ int64) {
		if done += sizes[table]; progress != nil {
			progress(done, all)
		}
	}
	err = target.held(ctx, func(out *sql.Tx) error { return c.fill(ctx, in, out, target.dialect, tell) })
	if err != nil {
		return err
	}
	return target.held(ctx, func(out *sql.Tx) error { return sameRows(ctx, in, out) })
}

// snapshot runs fn on one read-only state, for as long as it takes.
func (db *DB) snapshot(ctx context.Context, fn func(*sql.Tx) error) (err error) {
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, s := range db.patience {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	tx, err := conn.BeginTx(ctx, db.reading)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo: it only read
	return fn(tx)
}

// tableSizes are what the tables take on the server's disk.
func tableSizes(ctx context.Context, tx *sql.Tx) (sizes map[string]int64, all int64, err error) {
	sizes = map[string]int64{}
	for _, t := range tables {
		var n int64
		if err := tx.QueryRowContext(ctx, `SELECT pg_table_size($1::regclass)`, t).Scan(&n); err != nil {
			return nil, 0, err
		}
		sizes[t], all = n, all+n
	}
	return sizes, all, nil
}

// sameRows holds every table of a copy against those of the state that it was made from.
func sameRows(ctx context.Context, a, b *sql.Tx) error {
	for _, t := range tables {
		there, err := sumTable(ctx, a, t)
		if err != nil {
			return fmt.Errorf("reading %s anew: %w", t, err)
		}
		here, err := sumTable(ctx, b, t)
		if err != nil {
			return fmt.Errorf("reading %s anew: %w", t, err)
		}
		if there != here {
			return differs(t, there, here)
		}
	}
	return nil
}
