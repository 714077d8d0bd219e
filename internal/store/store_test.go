package store

import (
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

func openTest(t *testing.T) *DB {
	t.Helper()
	now := time.Date(2024, 3, 22, 15, 0, 0, 0, time.UTC)
	db, err := OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "s.db"), Options{Now: func() clock.Reading { return clock.Reading{Wall: now, BootID: "test"} }})
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

// TestTheRecordIsAppendOnly tries every way around the code that SQL knows.
func TestTheRecordIsAppendOnly(t *testing.T) {
	db := openTest(t)
	columns := `volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, salt, content`
	for _, sql := range []string{
		`DELETE FROM record WHERE n = 2`,
		`DELETE FROM record`,
		`UPDATE record SET at = at + 1 WHERE n = 2`,
		`UPDATE record SET content = x'7b7d' WHERE n = 2`,
		`UPDATE record SET rowid = 9 WHERE n = 3`,
		`UPDATE record SET gone_by = 1 WHERE n = 2`,
		`UPDATE record SET gone_by = 3 WHERE n = 2`,
		`INSERT OR REPLACE INTO record (n, ` + columns + `) SELECT 2, ` + columns + ` FROM record WHERE n = 2`,
		`INSERT INTO record (n, ` + columns + `) SELECT 9, ` + strings.Replace(strings.Replace(columns, "at,", "at + 9,", 1), "kind", "'article'", 1) + ` FROM record WHERE n = 3`,
		`INSERT INTO record (n, ` + columns + `) SELECT 4, ` + columns + ` FROM record WHERE n = 3`,
		`UPDATE record_hash SET hash = x'00' WHERE position = 0`,
		`DELETE FROM checkpoint`,
	} {
		if _, err := db.write.ExecContext(t.Context(), sql); err == nil {
			t.Errorf("%s was let through", sql)
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

func TestALinkIsUsedOnceAndOnlyAsAHash(t *testing.T) {
	db := openTest(t)
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

func TestARefusedWriteKeepsNothing(t *testing.T) {
	db := openTest(t)
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

func TestANewerStoreIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	now := func() clock.Reading { return clock.Reading{} }
	db, err := OpenSQLite(t.Context(), file, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.ExecContext(t.Context(), `INSERT INTO migration (step, name) VALUES (99, 'later')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), file, Options{Now: now}); err == nil || !strings.Contains(err.Error(), "newer dateline") {
		t.Error(err)
	}
}
