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

const sqliteMigrations = "migrations/sqlite"

// migrate brings a file to the newest form, each step in a transaction of its own. Steps
// are SQL text, forward only, numbered by their order; a file from a newer binary is refused.
func migrate(ctx context.Context, db *sql.DB, dir string) error {
	steps, err := fs.Glob(migrationFiles, path.Join(dir, "*.sql"))
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration (step INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	var done int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM migration`).Scan(&done); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	if done > len(steps) {
		return fmt.Errorf("this store was written by a newer dateline (%d steps, this one knows %d)", done, len(steps))
	}
	for i := done; i < len(steps); i++ {
		if err := migrateStep(ctx, db, i+1, steps[i]); err != nil {
			return fmt.Errorf("migrating with %s: %w", path.Base(steps[i]), err)
		}
	}
	return nil
}

func migrateStep(ctx context.Context, db *sql.DB, step int, name string) error {
	text, err := migrationFiles.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migration (step, name) VALUES ($1, $2)`, step, path.Base(name)); err != nil {
		return err
	}
	return tx.Commit()
}
