package store

import (
	"context"
	"fmt"
)

// Damage looks through the whole store for what no engine would have written, and returns
// a line for each find, up to twenty. Words that were changed inside a cell it cannot see;
// those of the record are record.Verify's.
// PostgreSQL looks after its own pages.
func (db *DB) Damage(ctx context.Context) (lines []string, err error) {
	if db.integrity == "" {
		return nil, nil
	}
	err = db.Read(ctx, func(q *Query) error {
		said, err := many(q, db.integrity, nil, scanText)
		if err != nil {
			return err
		}
		for _, line := range said {
			if line != "ok" {
				lines = append(lines, line)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking through the store: %w", err)
	}
	return lines, nil
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

const originalFiles = `SELECT DISTINCT sha256 FROM picture ORDER BY sha256`
const renditionFiles = `SELECT DISTINCT sha256 FROM rendition ORDER BY sha256`

// NamedFiles lists the files of pictures that the store names, by their SHA-256 in hex.
func (q *Query) NamedFiles() (originals, renditions []string, err error) {
	if originals, err = many(q, originalFiles, nil, scanText); err != nil {
		return nil, nil, err
	}
	renditions, err = many(q, renditionFiles, nil, scanText)
	return originals, renditions, err
}
