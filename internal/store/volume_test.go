package store

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// nextKey makes the key of a test's next volume and gives it to the store.
func nextKey(t *testing.T, db *DB, volume int64) record.Key {
	t.Helper()
	secret, err := record.NewKey(record.LogName("localhost", volume, rand.Reader), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	db.SetKey(key)
	return key
}

// put appends an entry of the house's own, a second after the last.
func put(t *testing.T, db *DB, d Draft) (e record.Entry, err error) {
	t.Helper()
	err = db.Write(t.Context(), func(tx *Tx) error {
		_, _, last, err := tx.Last()
		if err != nil {
			return err
		}
		d.At, d.Class, d.Decision = last.Add(time.Second), story.Houses, record.Decision{Road: story.ByHouse, Basis: record.NotJudged}
		if d.Kind == "" {
			d.Kind, d.Subject, d.Content = record.KindHouse, "house", record.House{}
		}
		e, err = tx.Append(d)
		return err
	})
	return e, err
}

// beginVolume appends a volume entry that knows the store's own newest checkpoint.
func beginVolume(t *testing.T, db *DB, key record.Key, former *record.Former, beyond int64) (record.Entry, error) {
	t.Helper()
	return put(t, db, Draft{Kind: record.KindVolume, Subject: key.Log(), Beyond: beyond,
		Content: record.Volume{Log: key.Log(), Key: key.Verifier(), Cause: record.KeyChange, Former: former}})
}

func newestNote(t *testing.T, db *DB, volume int64) string {
	t.Helper()
	var c record.SignedCheckpoint
	if err := db.Read(t.Context(), func(q *Query) (err error) {
		c, _, err = q.NewestCheckpoint(volume)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return string(c.Note)
}

func verified(t *testing.T, db *DB) record.Report {
	t.Helper()
	r, err := record.Verify(t.Context(), db, record.VerifyOptions{})
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	return r
}

func TestVolumesHaveTreesOfTheirOwn(t *testing.T) {
	db := openTest(t)
	for volume := int64(2); volume <= 4; volume++ {
		former := &record.Former{Checkpoint: newestNote(t, db, volume-1)}
		if err := db.Read(t.Context(), func(q *Query) (err error) { former.N, _, _, err = q.Last(); return err }); err != nil {
			t.Fatal(err)
		}
		e, err := beginVolume(t, db, nextKey(t, db, volume), former, 0)
		if err != nil || e.Volume != volume || e.N != former.N+1 {
			t.Fatal(e.Volume, e.N, err)
		}
		for range 5 {
			if _, err := put(t, db, Draft{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r := verified(t, db); r.Volumes != 4 || r.Entries != 21 || r.Checkpoints != 21 {
		t.Errorf("%+v", r)
	}
	if e, err := beginVolume(t, db, nextKey(t, db, 5), nil, 100); err != nil || e.N != 101 {
		t.Errorf("a volume after a number that is known: %d %v", e.N, err)
	}
	if e, err := put(t, db, Draft{Beyond: 500}); err != nil || e.N != 102 {
		t.Errorf("another entry jumped to %d: %v", e.N, err)
	}
}

// The key of another volume signs nothing.
func TestAFormerKeySignsNothing(t *testing.T) {
	db := openTest(t)
	former := *db.key
	if _, err := beginVolume(t, db, nextKey(t, db, 2), &record.Former{N: 3, Checkpoint: newestNote(t, db, 1)}, 0); err != nil {
		t.Fatal(err)
	}
	db.SetKey(former)
	if e, err := put(t, db, Draft{}); err == nil {
		t.Errorf("entry %d of volume 2 was signed with the key of volume 1", e.N)
	}
	if r := verified(t, db); r.Entries != 4 {
		t.Errorf("%+v", r)
	}
}

// TestVolumesOnlyGoOn tries what the code above the triggers would never do.
func TestVolumesOnlyGoOn(t *testing.T) { each(t, volumesOnlyGoOn) }

func volumesOnlyGoOn(t *testing.T, db *DB) {
	columns := `volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry, window_start, window_end, almanac, zonedata, commitment, salt, content`
	insert := func(n, volume, kind, rest string) string {
		c := strings.Replace(strings.Replace(strings.Replace(columns, "volume", volume, 1), "at,", "at + 9,", 1), "kind", "'"+kind+"'", 1)
		return `INSERT INTO record (n, ` + columns + `) SELECT ` + n + `, ` + c + ` FROM record WHERE n = 3` + rest
	}
	for _, sql := range []string{
		insert("4", "2", "house", ""),
		insert("4", "1", "volume", ""),
		insert("4", "3", "volume", ""),
		insert("3", "2", "volume", ""),
		insert("9", "1", "house", ""),
		`INSERT INTO taken_back (n, at) VALUES (2, 0)`,
		`INSERT INTO record (n, ` + strings.Replace(columns, ", salt, content", ", gone_by", 1) + `)
		 SELECT 4, ` + strings.Replace(strings.Replace(columns, "at,", "at + 9,", 1), ", salt, content", ", 5", 1) + ` FROM record WHERE n = 3`,
		`DELETE FROM record_hash WHERE volume = 1`,
		`UPDATE checkpoint SET volume = 2`,
	} {
		if _, err := db.write.ExecContext(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "record: ") {
			t.Errorf("%s was not refused: %v", sql, err)
		}
	}
	if _, err := db.write.ExecContext(t.Context(), insert("7", "2", "volume", "")); err != nil {
		t.Errorf("the entry of the next volume may jump: %v", err)
	}
}

// TestAWriterWritesWhileItIsCopied writes in the midst of a copy, from where the copy waits
// for it: a copy that held the writer would never end. It holds one state, the first.
func TestAWriterWritesWhileItIsCopied(t *testing.T) {
	db := openTest(t)
	if _, err := db.write.ExecContext(t.Context(), `CREATE TABLE ballast (b BLOB); INSERT INTO ballast SELECT randomblob(1000000) FROM (VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10),(11),(12),(13),(14),(15),(16))`); err != nil {
		t.Fatal(err)
	}
	written, steps := 0, 0
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := BackupSQLite(t.Context(), databaseFile(t, db), to, func(done, all int64) {
		steps++
		if done < all && written < 200 {
			if _, err := put(t, db, Draft{}); err != nil {
				t.Errorf("a writer was held by a copy: %v", err)
			}
			written++
		}
	}); err != nil {
		t.Fatal(err)
	}
	if written < 3 || written == 200 {
		t.Errorf("%d writes in %d steps: the copy began anew, or was none", written, steps)
	}
	copied, err := OpenCopy(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if r := verified(t, copied); r.Entries != 3 {
		t.Errorf("the copy has %d entries, not the 3 of when it was begun", r.Entries)
	}
	if lines, err := copied.Damage(t.Context()); err != nil || len(lines) > 0 {
		t.Error(lines, err)
	}
	if r := verified(t, db); r.Entries != int64(3+written) {
		t.Errorf("%d entries", r.Entries)
	}
}

func databaseFile(t *testing.T, db *DB) (file string) {
	t.Helper()
	if err := db.write.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestACopyStopsWhenAsked(t *testing.T) {
	db := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := BackupSQLite(ctx, databaseFile(t, db), filepath.Join(t.TempDir(), "copy.db"), nil); err == nil {
		t.Error("nobody wanted that copy")
	}
}
