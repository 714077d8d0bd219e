package edition

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"dateline/internal/record"
)

const entryColumns = `n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry,
	window_start, window_end, almanac, zonedata, commitment, salt, content, gone_by`
const entriesAfter = `SELECT ` + entryColumns + ` FROM entry WHERE n > $1 ORDER BY n LIMIT $2`

// After implements record.Source, from the public copy.
func (e *Edition) After(ctx context.Context, n int64, limit int) (all []record.Entry, err error) {
	err = e.View(ctx, func(v *View) error {
		all, err = many(v, entriesAfter, []any{n, limit}, scanEntry)
		return err
	})
	return all, err
}

// Head implements record.Source.
func (e *Edition) Head(context.Context) (int64, error) { return e.Applied(), nil }

func scanEntry(rows *sql.Rows) (e record.Entry, err error) {
	var at, ws, we int64
	var commitment []byte
	d := &e.Decision
	err = rows.Scan(&e.N, &e.Volume, &at, &e.Kind, &e.Form, &e.Class, &e.Desk, &e.Acting, &e.Subject, &e.Part, &e.Revision, &e.Prior,
		&d.Road, &d.Basis, &d.DeskEntry, &ws, &we, &d.Almanac, &d.ZoneData, &commitment, &e.Salt, &e.Content, &e.GoneBy)
	e.At, d.WindowStart, d.WindowEnd = instant(at), instant(ws), instant(we)
	copy(e.Commit[:], commitment)
	return e, err
}

// digested are the tables that the digest covers, each in the order of its key.
var digested = []string{
	`SELECT * FROM entry ORDER BY n`, `SELECT * FROM volume ORDER BY volume`, `SELECT * FROM tree ORDER BY volume, level, n`,
	`SELECT * FROM house ORDER BY id`, `SELECT * FROM desk ORDER BY id`, `SELECT * FROM duty ORDER BY n`,
	`SELECT * FROM front ORDER BY lang`, `SELECT * FROM person ORDER BY id`, `SELECT * FROM picture ORDER BY n`, `SELECT * FROM article ORDER BY id`,
	`SELECT * FROM version ORDER BY article, number`, `SELECT * FROM correction ORDER BY n`, `SELECT * FROM rendition ORDER BY sha256, n, picture`,
	`SELECT * FROM live_page ORDER BY article`, `SELECT * FROM live ORDER BY article, id`,
	`SELECT * FROM piece ORDER BY id`, `SELECT * FROM member ORDER BY package, place`, `SELECT * FROM page ORDER BY id`,
	`SELECT * FROM relation ORDER BY id`, `SELECT * FROM merged ORDER BY id`, `SELECT * FROM quotation ORDER BY article, place`,
	`SELECT * FROM byline ORDER BY person, article`, `SELECT * FROM stood ORDER BY id, since`,
	`SELECT * FROM filed ORDER BY what, key, article`, `SELECT * FROM tally ORDER BY what, lang, key`, `SELECT * FROM moved ORDER BY path, n`, `SELECT * FROM search_text ORDER BY n`,
}

// Digest is the SHA-256 over the plain tables in key order: the same for every edition of
// the same record, however it was built.
func (e *Edition) Digest(ctx context.Context) (string, error) {
	h := sha256.New()
	err := e.View(ctx, func(v *View) error {
		for _, query := range digested {
			if err := v.digest(h, query); err != nil {
				return err
			}
		}
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func (v *View) digest(h hash.Hash, query string) (err error) {
	_, _ = fmt.Fprintln(h, query) // a hash takes everything
	rows, err := v.tx.QueryContext(v.ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for _, x := range values {
			_, _ = h.Write(digestOf(x)) // a hash takes everything
		}
	}
	return rows.Err()
}

// digestOf is a value in a form that no other value has.
func digestOf(x any) []byte {
	switch x := x.(type) {
	case int64:
		return fmt.Appendf(nil, "i%d\n", x)
	case string:
		return fmt.Appendf(nil, "t%d %s\n", len(x), x)
	case []byte:
		if x != nil {
			return fmt.Appendf(nil, "b%d %s\n", len(x), x)
		}
	}
	return []byte("-\n")
}
