package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
)

//go:embed migrations
var migrationFiles embed.FS

// migrate brings a file to the newest form, each step in a transaction of its own. Steps
// are SQL text, forward only, numbered by their order; a file from a newer binary is refused.
// Of several processes that start at once, one does each step and the others find it done.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	steps, err := fs.Glob(migrationFiles, path.Join(d.migrations, "*.sql"))
	if err != nil {
		return err
	}
	if err := alone(ctx, db, d, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, d.ledger)
		return err
	}); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	for done := -1; done < len(steps); {
		if err := alone(ctx, db, d, func(tx *sql.Tx) (err error) {
			done, err = migrateStep(ctx, tx, steps)
			return err
		}); err != nil {
			return fmt.Errorf("migrating: %w", err)
		}
	}
	return nil
}

// migrateStep does the first step that was not done, and returns how many are done now.
func migrateStep(ctx context.Context, tx *sql.Tx, steps []string) (done int, err error) {
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM migration`).Scan(&done); err != nil {
		return 0, err
	}
	if done > len(steps) {
		return 0, fmt.Errorf("this store was written by a newer dateline (%d steps, this one knows %d)", done, len(steps))
	}
	if done == len(steps) {
		return done, nil
	}
	name := path.Base(steps[done])
	text, err := migrationFiles.ReadFile(steps[done])
	if err != nil {
		return 0, err
	}
	done++
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO migration (step, name) VALUES ($1, $2)`, done, name)
	return done, err
}

// alone runs fn in a transaction while no other process migrates.
func alone(ctx context.Context, db *sql.DB, d dialect, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if d.lock != "" {
		if _, err := tx.ExecContext(ctx, d.lock); err != nil {
			return err
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}
