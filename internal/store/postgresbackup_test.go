package store

import (
	"path/filepath"
	"testing"

	"dateline/internal/store/storetest"
)

// TestADatabaseIsCopiedWhileItIsWritten writes in the midst of a copy of a database, from
// where the copy waits for it: a copy that held the writer would never end. It holds one
// state, the first, and every row of it. I-11.
func TestADatabaseIsCopiedWhileItIsWritten(t *testing.T) {
	address := storetest.Postgres(t)
	db := openAt(t, address)
	full(t, db)
	written, told := 0, int64(0)
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(t.Context(), address, to, func(done, all int64) {
		if written++; done < told || done > all {
			t.Errorf("%d of %d bytes are done, after %d", done, all, told)
		}
		told = done
		if _, err := put(t, db, Draft{}); err != nil {
			t.Errorf("a writer was held by a copy: %v", err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if written != len(tables) {
		t.Errorf("%d writes while %d tables were copied", written, len(tables))
	}
	copied, err := OpenCopy(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if r := verified(t, copied); r.Entries != 5 {
		t.Errorf("the copy has %d entries, not the 5 of when it was begun", r.Entries)
	}
	if lines, err := copied.Damage(t.Context()); err != nil || len(lines) > 0 {
		t.Error(lines, err)
	}
	if r := verified(t, db); r.Entries != int64(5+written) {
		t.Errorf("%d entries", r.Entries)
	}
	if err := Backup(t.Context(), address, to, nil); err == nil {
		t.Error("copied over a file that was there")
	}
}
