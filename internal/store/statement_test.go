package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestEveryReferenceIsKnown holds refersTo to the tables themselves.
func TestEveryReferenceIsKnown(t *testing.T) {
	db := openTest(t)
	for _, table := range tables {
		rows, err := db.read.QueryContext(t.Context(), `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`, table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var named string
			if err := rows.Scan(&named); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(refersTo[table], named) {
				t.Errorf("%s refers to %s", table, named)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRowsAreInsertedTogether, and never before what they need.
func TestRowsAreInsertedTogether(t *testing.T) {
	w := &writer{batch: sendBatch}
	const read = `UPDATE audit SET detail = '' WHERE subject = $1`
	var all queue
	for i, text := range []string{insertAudit, insertPart, insertAudit, insertArticle, insertPart, insertPart, insertAudit, read, insertAudit} {
		s := w.statement(text)
		args := make([]any, max(s.columns, 1))
		for j := range args {
			args[j] = i
		}
		all.add(pending{statement: s, args: args, rows: 1})
	}
	var got []string
	for _, p := range all.take(w) {
		got = append(got, fmt.Sprint(strings.Fields(p.text)[2], p.rows, p.args[0], p.args[len(p.args)-1]))
	}
	want := []string{"audit2 0 2", "audit1 6 6", "working1 1 1", "article1 3 3", "working2 4 5", "SET1 7 7", "audit1 8 8"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	if s := w.times(w.statement(insertHash), 2); s.text != `INSERT INTO record_hash (volume, position, hash) VALUES ($1, $2, $3), ($4, $5, $6)` || unnumbered(s.text) != `INSERT INTO record_hash (volume, position, hash) VALUES (?, ?, ?), (?, ?, ?)` {
		t.Error(s.text)
	}
}
