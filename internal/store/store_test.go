package store

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// openTest opens a store in a file, with a record of three entries.
func openTest(t *testing.T) *DB {
	t.Helper()
	return openAt(t, storetest.SQLite(t))
}

// openAt does the same in an empty store of either engine.
func openAt(t *testing.T, address string) *DB {
	t.Helper()
	now := time.Date(2024, 3, 22, 15, 0, 0, 0, time.UTC)
	db, err := Open(t.Context(), address, Options{Now: func() clock.Reading { return clock.Reading{Wall: now, BootID: "test"} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	secret, err := record.NewKey(record.LogName("localhost", 1, rand.Reader), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	db.SetKey(key)
	for i := range 3 {
		err := db.Write(t.Context(), func(tx *Tx) error {
			d := Draft{At: now.Add(time.Duration(i) * time.Microsecond), Kind: record.KindHouse, Class: story.Houses, Subject: "house",
				Content: record.House{}, Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}}
			if i == 0 {
				d.Kind, d.Subject, d.Content = record.KindVolume, key.Log(), record.Volume{Log: key.Log(), Key: key.Verifier(), Cause: record.FirstVolume}
			}
			_, err := tx.Append(d)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// each runs f on a store of each engine.
func each(t *testing.T, f func(t *testing.T, db *DB)) {
	storetest.Each(t, func(t *testing.T, address string) { f(t, openAt(t, address)) })
}

// TestTheRecordIsAppendOnly tries every way around the code that SQL knows.
func TestTheRecordIsAppendOnly(t *testing.T) { each(t, theRecordIsAppendOnly) }

func theRecordIsAppendOnly(t *testing.T, db *DB) {
	columns := `volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, salt, content`
	tries := []string{
		`DELETE FROM record WHERE n = 2`,
		`DELETE FROM record`,
		`UPDATE record SET at = at + 1 WHERE n = 2`,
		`UPDATE record SET content = CAST('{}' AS BLOB) WHERE n = 2`,
		`UPDATE record SET n = 9 WHERE n = 3`,
		`UPDATE record SET gone_by = 1 WHERE n = 2`,
		`UPDATE record SET gone_by = 3 WHERE n = 2`,
		`INSERT INTO record (n, ` + columns + `) SELECT 2, ` + columns + ` FROM record WHERE n = 2 ON CONFLICT (n) DO UPDATE SET at = excluded.at + 1`,
		`INSERT INTO record (n, ` + columns + `) SELECT 9, ` + strings.Replace(strings.Replace(columns, "at,", "at + 9,", 1), "kind", "'article'", 1) + ` FROM record WHERE n = 3`,
		`INSERT INTO record (n, ` + columns + `) SELECT 4, ` + columns + ` FROM record WHERE n = 3`,
		`UPDATE record_hash SET hash = CAST('0' AS BLOB) WHERE position = 0`,
		`DELETE FROM record_hash`,
		`DELETE FROM checkpoint`,
	}
	if db.lock != "" {
		tries = append(tries, `TRUNCATE record`, `TRUNCATE record_hash`, `TRUNCATE checkpoint`)
	} else {
		tries = append(tries, `UPDATE record SET rowid = 9 WHERE n = 3`, `INSERT OR REPLACE INTO record (n, `+columns+`) SELECT 2, `+columns+` FROM record WHERE n = 2`)
	}
	for _, sql := range tries {
		if db.lock != "" {
			sql = strings.ReplaceAll(sql, "BLOB", "BYTEA")
		}
		if _, err := db.write.ExecContext(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "record: ") {
			t.Errorf("%s was not refused: %v", sql, err)
		}
	}
	report, err := record.Verify(t.Context(), db, record.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Entries != 3 || report.Checkpoints != 3 {
		t.Errorf("%+v", report)
	}
}

func TestALinkIsUsedOnceAndOnlyAsAHash(t *testing.T) { each(t, aLinkIsUsedOnce) }

func aLinkIsUsedOnce(t *testing.T, db *DB) {
	hash := []byte("01234567890123456789012345678901")
	for i, want := range []bool{true, false} {
		if err := db.Write(t.Context(), func(tx *Tx) error {
			if i == 0 {
				id, err := tx.AddMember("Rina", true, 0)
				if err != nil {
					return err
				}
				if err := tx.AddLink(hash, id, tx.Now.Add(time.Hour)); err != nil {
					return err
				}
			}
			_, ok, err := tx.UseLink(hash)
			if ok != want {
				t.Errorf("use %d: %t", i+1, ok)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARefusedWriteKeepsNothing(t *testing.T) { each(t, aRefusedWriteKeepsNothing) }

func aRefusedWriteKeepsNothing(t *testing.T, db *DB) {
	err := db.Write(t.Context(), func(tx *Tx) error {
		if _, err := tx.AddMember("Nobody", false, 0); err != nil {
			return err
		}
		return story.Refuse(story.Conflict, "No.")
	})
	if _, ok := story.AsRefusal(err); !ok {
		t.Fatal(err)
	}
	if err := db.Read(t.Context(), func(q *Query) error {
		_, found, err := q.MemberNamed("Nobody")
		if found {
			t.Error("a refused write was kept")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestNobodyElseReadsTheStore looks at the modes of its files.
func TestNobodyElseReadsTheStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "newsroom.db")
	db, err := Open(t.Context(), file, Options{Now: func() clock.Reading { return clock.Reading{} }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	}
}

func TestANewerStoreIsRefused(t *testing.T) { storetest.Each(t, aNewerStoreIsRefused) }

func aNewerStoreIsRefused(t *testing.T, file string) {
	now := func() clock.Reading { return clock.Reading{} }
	db, err := Open(t.Context(), file, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.ExecContext(t.Context(), `INSERT INTO migration (step, name) VALUES (99, 'later')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), file, Options{Now: now}); err == nil || !strings.Contains(err.Error(), "newer dateline") {
		t.Error(err)
	}
}

// TestBothEnginesHaveTheSameTables, columns and indexes, whatever steps made them.
func TestBothEnginesHaveTheSameTables(t *testing.T) {
	questions := map[bool]string{
		false: `SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || CASE WHEN c."notnull" OR c.pk THEN 'needed' ELSE 'optional' END
		          FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'
		        UNION ALL SELECT 'index ' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`,
		true: `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || CASE is_nullable WHEN 'NO' THEN 'needed' ELSE 'optional' END
		          FROM information_schema.columns WHERE table_schema = current_schema()
		       UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname !~ '_(pkey|key)$'`,
	}
	types := strings.NewReplacer("bigint", "INTEGER", "bytea", "BLOB", "text", "TEXT")
	var found [][]string
	each(t, func(t *testing.T, db *DB) {
		var all []string
		if err := db.Read(t.Context(), func(q *Query) (err error) {
			all, err = many(q, questions[db.lock != ""], nil, func(row scanner) (line string, err error) {
				err = row.Scan(&line)
				name, rest, column := strings.Cut(line, " ")
				if column && name != "index" {
					line = name + " " + types.Replace(rest)
				}
				return line, err
			})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		found = append(found, all)
	})
	if len(found) == 2 {
		if diff := cmp.Diff(found[0], found[1]); diff != "" || len(found[0]) < 150 {
			t.Error(len(found[0]), diff)
		}
	}
}
