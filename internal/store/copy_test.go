package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

var anyOptions = Options{Now: func() clock.Reading { return clock.Reading{Wall: time.Unix(1710946800, 0)} }}

// full fills a store with rows of every kind of value, and an entry that was erased.
func full(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *Tx) error {
		id, err := tx.AddMember("Ünal — שם", true, 0)
		if err != nil {
			return err
		}
		if err := tx.AddLink([]byte{0, 1, 2, 255}, id, tx.Now.Add(time.Hour)); err != nil {
			return err
		}
		if err := tx.Set("odd", map[string]any{"text": "a \" ' $1 ? \\ \u0000"}); err != nil {
			return err
		}
		_, _, last, err := tx.Last()
		if err != nil {
			return err
		}
		silence := Draft{At: last.Add(time.Second), Kind: record.KindWithdraw, Class: story.Silences, Subject: "aaaaaaaaaa", Content: record.Withdraw{Note: "Because."}, Decision: record.Decision{Road: story.ByPerson, Basis: record.NotJudged}}
		e, err := tx.Append(silence)
		if err != nil {
			return err
		}
		silence.At, silence.Kind, silence.Content = silence.At.Add(time.Second), record.KindErase, record.Erase{Destroyed: []int64{e.N}}
		gone, err := tx.Append(silence)
		if err != nil {
			return err
		}
		return tx.Destroy(e.N, gone.N)
	}); err != nil {
		t.Fatal(err)
	}
}

// TestACopyIsTheSameHouse copies from each engine to each, and back.
func TestACopyIsTheSameHouse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, from string) {
		storetest.Each(t, func(t *testing.T, to string) {
			if strings.HasPrefix(from, "/") {
				from = storetest.SQLite(t)
			} else {
				from = storetest.Postgres(t)
			}
			db := openAt(t, from)
			full(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			var told []string
			c, err := Copy(t.Context(), from, to, anyOptions, func(table string, _ int64) { told = append(told, table) })
			if err != nil {
				t.Fatal(err)
			}
			if c.Record.Entries != 5 || c.Rows != 20 || !slices.Equal(told, tables) {
				t.Errorf("%+v", c)
			}
			if _, err := Copy(t.Context(), from, to, anyOptions, func(string, int64) {}); err == nil || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("copied into what was not empty: %v", err)
			}
			copied, err := Open(t.Context(), to, anyOptions)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = copied.Close() }()
			if _, err := copied.write.ExecContext(t.Context(), `UPDATE record SET at = at + 1 WHERE n = 1`); err == nil {
				t.Error("the copy lets its record be changed")
			}
			_, err = copied.write.ExecContext(t.Context(), `INSERT INTO record SELECT * FROM record WHERE n = 1`)
			if err == nil || !strings.Contains(err.Error(), "record: ") {
				t.Errorf("the copy lets an entry be inserted: %v", err)
			}
		})
	})
}

// TestACopyThatIsCutOffLeavesNothing, so that it can be begun anew.
func TestACopyThatIsCutOffLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, to string) {
		from := storetest.SQLite(t)
		db := openAt(t, from)
		full(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		if _, err := Copy(ctx, from, to, anyOptions, func(table string, _ int64) {
			if table == "record" {
				stop()
			}
		}); err == nil {
			t.Fatal("it went on")
		}
		if _, err := Copy(t.Context(), from, to, anyOptions, func(string, int64) {}); err != nil {
			t.Errorf("the place it was cut off in is not empty: %v", err)
		}
	})
}

// TestACopyKnowsEveryTable that there is.
func TestACopyKnowsEveryTable(t *testing.T) {
	db := openTest(t)
	var there []string
	if err := db.Read(t.Context(), func(q *Query) (err error) {
		there, err = many(q, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration' ORDER BY name`, nil, scanText)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if known := slices.Sorted(slices.Values(tables)); !slices.Equal(there, known) {
		t.Errorf("there are %s, and a copy knows %s", there, known)
	}
}

// TestADifferenceIsSeen changes one value, one column's name to value, and one row.
func TestADifferenceIsSeen(t *testing.T) {
	var a, b, c, d sum
	a.add([]string{"x", "y"}, []any{int64(1), "2"})
	b.add([]string{"y", "x"}, []any{[]byte("2"), int64(1)})
	c.add([]string{"x", "y"}, []any{"2", int64(1)})
	d.add([]string{"x", "y"}, []any{int64(1), nil})
	if a != b {
		t.Error("columns in another order, and bytes for text, are the same")
	}
	if a == c || a == d || a == (sum{}) {
		t.Error("other values are the same")
	}
}
