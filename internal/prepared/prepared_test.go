package prepared_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the engine

	"dateline/internal/prepared"
)

// open makes a table of three numbers on one connection.
func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := prepared.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, text := range []string{`CREATE TABLE a (x INTEGER PRIMARY KEY)`, `INSERT INTO a (x) VALUES (1), (2), (3)`} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestOneTextInsideItself asks the question whose rows are being read once more, on the same
// connection, and leaves rows unread.
func TestOneTextInsideItself(t *testing.T) {
	tx, err := open(t).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	var seen string
	for range 2 {
		rows, err := tx.Query(`SELECT x FROM a WHERE x >= $1 ORDER BY x`, 2)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var x, first int
			if err := rows.Scan(&x); err != nil {
				t.Fatal(err)
			}
			if err := tx.QueryRow(`SELECT x FROM a WHERE x >= $1 ORDER BY x`, 1).Scan(&first); err != nil {
				t.Fatal(err)
			}
			seen += fmt.Sprint(x, first, " ")
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	if seen != "2 1 3 1 2 1 3 1 " {
		t.Error(seen)
	}
}

// TestTablesMayChange changes what a kept question reads: another column, and no table.
func TestTablesMayChange(t *testing.T) {
	db := open(t)
	ask := func() (columns int, err error) {
		rows, err := db.Query(`SELECT * FROM a`)
		if err != nil {
			return 0, err
		}
		names, err := rows.Columns()
		_ = rows.Close()
		return len(names), err
	}
	if n, err := ask(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := db.Exec(`ALTER TABLE a ADD COLUMN y TEXT; DELETE FROM a`); err != nil {
		t.Fatal(err)
	}
	if n, err := ask(); n != 2 || err != nil {
		t.Error(n, err)
	}
	if _, err := db.Exec(`DROP TABLE a`); err != nil {
		t.Fatal("a kept question holds its table:", err)
	}
	if _, err := ask(); err == nil {
		t.Error("there is no table any more")
	}
}

// TestManyTexts asks more texts than are kept, and one that fails after it was prepared.
func TestManyTexts(t *testing.T) {
	db := open(t)
	for i := range 600 {
		var n int
		if err := db.QueryRow(fmt.Sprintf(`SELECT count(*) + %d FROM a`, i)).Scan(&n); err != nil || n != 3+i {
			t.Fatal(n, err)
		}
	}
	for range 2 {
		if _, err := db.Exec(`INSERT INTO a (x) VALUES ($1)`, 3); err == nil {
			t.Fatal("3 is there already")
		}
	}
	if _, err := db.Exec(`INSERT INTO a (x) VALUES ($1)`, 4); err != nil {
		t.Error("after a failure:", err)
	}
}

// BenchmarkQuestion asks a short question.
func BenchmarkQuestion(b *testing.B) {
	for name, open := range map[string]func(driver, source string) (*sql.DB, error){"plain": sql.Open, "prepared": prepared.Open} {
		b.Run(name, func(b *testing.B) {
			db, err := open("sqlite", "file:"+filepath.Join(b.TempDir(), "a.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if _, err := db.Exec(`CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT); INSERT INTO a VALUES (1, 'one')`); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				var y string
				if err := db.QueryRow(`SELECT y FROM a WHERE x = $1`, 1).Scan(&y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
