package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dateline/internal/record"
)

// tables are all that a store holds, each after those that it refers to.
var tables = []string{
	"setting", "anchor", "member", "role", "link", "session", "answer", "audit", "desk", "article", "working", "clash", "revision", "act",
	"wire_item", "wire_version", "wire_arrival", "wire_raw", "wire_link", "lineage", "wire_doubt", "picture", "rendition", "person",
	"taken_back", "record", "record_hash", "checkpoint", "asking", "erasure", "closing", "closing_line", "offer", "told",
	"passkey", "password", "recovery", "ceremony", "attempt", "invitation", "token",
}

// Tables lists them, each after those that it refers to.
func Tables() []string { return slices.Clone(tables) }

// A Copied is what a copy came to.
type Copied struct {
	Tables int
	Rows   int64
	Record record.Report
}

// Copy copies a whole store into an empty one, of either engine, in one transaction, and
// then reads both anew: every table must hold the same rows, and the record must verify.
// Nothing may be written to the first meanwhile; on PostgreSQL a lock sees to that, and a
// file's folder is locked by the caller. progress is told each table that is done.
func Copy(ctx context.Context, from, to string, o Options, progress func(table string, rows int64)) (c Copied, err error) {
	source, err := Open(ctx, from, o)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := Open(ctx, to, o)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	err = source.held(ctx, func(in *sql.Tx) error {
		return target.held(ctx, func(out *sql.Tx) error { return c.fill(ctx, in, out, target.dialect, progress) })
	})
	if err != nil {
		return c, err
	}
	if err := c.compare(ctx, source, target); err != nil {
		return c, err
	}
	back, err := target.TakenBack(ctx)
	if err != nil {
		return c, err
	}
	c.Record, err = record.Verify(ctx, target, record.VerifyOptions{TakenBack: back})
	if err == nil && len(c.Record.Problems) > 0 {
		p := c.Record.Problems[0]
		err = fmt.Errorf("the record of the copy does not verify: entry %d: %s", p.N, p.What)
	}
	return c, err
}

// held runs fn in a transaction that keeps every other writer out, for as long as it takes.
func (db *DB) held(ctx context.Context, fn func(*sql.Tx) error) error {
	return db.apart(ctx, func(conn *sql.Conn) error {
		for _, s := range db.patience {
			if _, err := conn.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after a commit
		if db.lock != "" {
			if _, err := tx.ExecContext(ctx, db.lock); err != nil {
				return err
			}
		}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// fill copies every table. The rule that no entry is born gone is lifted in this
// transaction alone: what was erased comes as it is.
func (c *Copied) fill(ctx context.Context, in, out *sql.Tx, d dialect, progress func(string, int64)) error {
	for _, t := range tables {
		n, err := count(ctx, out, t)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the store to copy into is not empty: there are %d rows in %s", n, t)
		}
	}
	restore, err := d.lift(ctx, out)
	if err != nil {
		return err
	}
	for _, t := range tables {
		rows, err := copyTable(ctx, in, out, t)
		if err != nil {
			return fmt.Errorf("copying %s: %w", t, err)
		}
		c.Tables, c.Rows = c.Tables+1, c.Rows+rows
		progress(t, rows)
	}
	_, err = out.ExecContext(ctx, restore)
	return err
}

func count(ctx context.Context, tx *sql.Tx, table string) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n)
	return n, err
}

// everyRow is a question for all columns of a table; entries come in order.
func everyRow(table string) string {
	if table == "record" {
		return "SELECT * FROM record ORDER BY n"
	}
	return "SELECT * FROM " + table
}

func copyTable(ctx context.Context, in, out *sql.Tx, table string) (n int64, err error) {
	rows, err := in.QueryContext(ctx, everyRow(table))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	places := make([]string, len(names))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	insert, err := out.PrepareContext(ctx, "INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(places, ", ")+")")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for rows.Next() {
		values, err := scanRow(rows, len(names))
		if err != nil {
			return n, err
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

func scanRow(rows *sql.Rows, columns int) ([]any, error) {
	values, into := make([]any, columns), make([]any, columns)
	for i := range values {
		into[i] = &values[i]
	}
	return values, rows.Scan(into...)
}

// compare reads every table of both stores and holds one against the other.
func (c *Copied) compare(ctx context.Context, a, b *DB) error {
	for _, t := range tables {
		var sums [2]sum
		for i, db := range []*DB{a, b} {
			if err := db.held(ctx, func(tx *sql.Tx) (err error) {
				sums[i], err = sumTable(ctx, tx, t)
				return err
			}); err != nil {
				return fmt.Errorf("reading %s anew: %w", t, err)
			}
		}
		if sums[0] != sums[1] {
			return differs(t, sums[0], sums[1])
		}
	}
	return nil
}

func differs(table string, there, here sum) error {
	return fmt.Errorf("the copy differs in %s: %d rows there, %d here", table, there.rows, here.rows)
}

// A sum is that of the SHA-256 of all rows of a table, in whatever order they come.
type sum struct {
	rows  int64
	words [4]uint64
}

func sumTable(ctx context.Context, tx *sql.Tx, table string) (s sum, err error) {
	rows, err := tx.QueryContext(ctx, everyRow(table))
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return s, err
	}
	for rows.Next() {
		values, err := scanRow(rows, len(names))
		if err != nil {
			return s, err
		}
		s.add(names, values)
	}
	return s, rows.Err()
}

func (s *sum) add(names []string, values []any) {
	s.rows++
	var columns [4]uint64 // added up as well: the engines order them differently
	for i, v := range values {
		if text, ok := v.([]byte); ok {
			v = string(text)
		}
		addHash(&columns, fmt.Appendf(nil, "%q %T %q", names[i], v, fmt.Sprint(v)))
	}
	addHash(&s.words, fmt.Append(nil, columns))
}

func addHash(to *[4]uint64, what []byte) {
	h := sha256.Sum256(what)
	for i := range to {
		to[i] += binary.BigEndian.Uint64(h[8*i:])
	}
}
