package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/store/storetest"
)

// TestBackupOfADatabase copies a house whose store is in PostgreSQL while members work. It
// comes back as a house in a folder, and from there into another database: both pass every
// check, and what was acknowledged before the copy was begun is in both. How long members
// waited is printed; that a copy never holds the writer is proved in internal/store. I-11.
func TestBackupOfADatabase(t *testing.T) {
	t.Parallel()
	s := newServer(t, storetest.Postgres(t), t.TempDir())
	s.start()
	h := &house{script: &script{t: t}, workers: []*worker{s.worker("Ana"), s.worker("Ben")}}
	watch := &slow{}
	for _, w := range h.workers {
		w.client.Transport = watch
	}
	before := h.someRounds()
	p, end := atWork(t, h.workers)
	defer end()
	watch.reset()
	p.reach(t, 4)
	longest, n := watch.reset()
	t.Logf("without a backup the longest of %d answers took %s", n, longest)
	target := filepath.Join(t.TempDir(), "backup")
	for range 2 {
		began := time.Now()
		s.must("backup", "--to", target, "--with-key")
		longest, n := watch.reset()
		t.Logf("a backup took %s; the longest of %d answers meanwhile took %s", time.Since(began), n, longest)
		if n == 0 {
			t.Error("nobody worked while the backup was made: the test tests nothing")
		}
	}
	end()
	s.stop()
	back := &script{t: t, bin: filepath.Join(built, "dateline"), data: filepath.Join(t.TempDir(), "restored")}
	back.must("restore", "--from", target, "--data", back.data)
	back.sound()
	again := newServer(t, storetest.Postgres(t), t.TempDir())
	again.adopts(back)
	again.start()
	for i, w := range h.workers {
		_, link, _ := strings.Cut(again.must("user", "link", w.name), "sign in  ")
		w.client.Jar = newJar(t)
		w.room, w.told, w.pending = again.room, before[i], nil
		w.signsIn(t, link)
		w.check(t, again.readers)
		if err := w.round(5001); err != nil {
			t.Errorf("the house does not go on: %v", err)
		}
	}
	again.stop()
	again.must("record", "verify")
	if out := again.must("check"); !strings.Contains(out, "no doubt") {
		t.Error(out)
	}
}

// adopts moves a house from a folder into the database of this process, as
// docs/operating.md says.
func (s *server) adopts(from *script) {
	s.t.Helper()
	from.must("store", "copy", "--from", filepath.Join(from.data, "newsroom.db"), "--to", s.database)
	data := filepath.Join(s.dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		s.t.Fatal(err)
	}
	for file, to := range map[string]string{"record.key": data, "pictures": s.shared} {
		if err := os.Rename(filepath.Join(from.data, file), filepath.Join(to, file)); err != nil {
			s.t.Fatal(fmt.Errorf("moving %s: %w", file, err))
		}
	}
}
