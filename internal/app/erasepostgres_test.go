package app

import (
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/demo"
	"dateline/internal/store/storetest"
)

// TestEraseLeavesNoWordInADatabase erases a story whose every field holds canaries from a
// house on PostgreSQL, and looks for them in every byte of every file of the house and of
// the server: tables, their statistics, and the log, with the files of it that are kept for
// use again.
func TestEraseLeavesNoWordInADatabase(t *testing.T) {
	server := storetest.NewServer(t)
	h := openErasingOn(t, server.Schema(t), filepath.Join(t.TempDir(), "data"), demo.Begin.AddDate(0, 0, 3))
	h.setUp()
	h.live(false)
	server.Exec(t, "ANALYZE", "SELECT pg_switch_wal()", "CHECKPOINT") // as a server does by itself, sooner or later
	all := strings.Join(h.found(server.Folder()), "\n")
	for _, where := range []string{"base/", "pg_wal/"} {
		if !strings.Contains(all, where) {
			t.Errorf("the test looks in %s for words that were never there", where)
		}
	}
	people := h.named()
	h.erase("")
	for _, p := range people {
		h.erase(p.ID)
	}
	h.must(h.n.room.Clear(t.Context()))
	for _, dir := range []string{h.config.Data, server.Socket()} {
		if left := h.found(dir); len(left) > 0 {
			t.Errorf("erased, and yet in %s", strings.Join(left, "\n"))
		}
	}
	digest := h.sound()
	h.must(h.n.rebuildEdition(t.Context()))
	if again := h.sound(); again != digest {
		t.Errorf("rebuilt, the edition is %s, not %s", again, digest)
	}
	h.wantListed(people)
}
