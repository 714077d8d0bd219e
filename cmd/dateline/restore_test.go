package main_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRestoreWithAMirror loses a house and brings it back from each of its backups: with
// the edition that is left, and with a house or mirror that is asked over HTTP. Nothing is
// lost, the volume goes on, and what was posted meanwhile is not posted again.
func TestRestoreWithAMirror(t *testing.T) {
	t.Parallel()
	s, early, late := aDay(t)
	overHTTP := map[string]string{}
	for name, from := range map[string]string{"early": early, "late": late} {
		overHTTP[name] = s.beside(name + "-http")
		s.must("restore", "--from", from, "--mirror", s.readers, "--data", overHTTP[name])
	}
	s.stop()
	want := digestOf(t, s.must("edition", "rebuild", "--data", s.data))
	for name, from := range map[string]string{"early": early, "late": late} {
		out := s.must("restore", "--from", from, "--mirror", s.data, "--data", s.beside(name))
		if got := digestOf(t, out); got != want || !strings.Contains(out, "Nothing is lost, and the volume goes on.") {
			t.Errorf("%s: the digest is not %s:\n%s", name, want, out)
		}
		for _, data := range []string{s.beside(name), overHTTP[name]} {
			back := s.in(data)
			back.sound()
			if got := digestOf(t, back.must("edition", "rebuild", "--data", data)); got != want {
				t.Errorf("%s: another edition", data)
			}
			if acts := query(t, data, `SELECT state FROM act WHERE what = 'publish' AND subject = '`+s.vars["story"]+`'`); name == "late" && !slices.Equal(acts, []string{"posted"}) {
				t.Errorf("%s: the act that was pending in the backup and posted since is %v", data, acts)
			}
			back.start()
			back.play(asItWas)
			back.play(goesOn)
			back.stop()
			back.sound()
			if n := entriesOf(t, back, s.vars["story"]); n != 3 {
				t.Errorf("%s: the report is in the record %d times, not three", data, n)
			}
			if out := back.must("record", "verify", "--data", data); strings.Contains(out, "volumes") {
				t.Errorf("%s: %s", data, out)
			}
		}
	}
}

// TestRestoreErasesAgain: what was erased after a backup was made does not come back with
// it, by the list that lies outside backups or by a mirror that has the erasure.
func TestRestoreErasesAgain(t *testing.T) {
	t.Parallel()
	s, early, late := aDay(t)
	s.stop()
	for _, data := range []string{early, late} {
		if !holds(t, data, "fares double") {
			t.Fatal("the words are not in the backup: the test tests nothing")
		}
	}
	list := filepath.Join(t.TempDir(), "erased.json")
	if err := os.WriteFile(list, fmt.Appendf(nil, `[{"at": "2024-03-22T20:00:00Z", "article": %q, "ordered": "2024-03-22"}]`, s.vars["gone"]), 0o600); err != nil {
		t.Fatal(err)
	}
	byList, byMirror := s.in(s.beside("by-list")), s.in(s.beside("by-mirror"))
	if out := byList.must("restore", "--from", late, "--mirror", s.data, "--erased", list, "--data", byList.data); !strings.Contains(out, "1 of 1 erasures were done again.") {
		t.Error(out)
	}
	if out := byMirror.must("restore", "--from", early, "--mirror", byList.data, "--data", byMirror.data); !strings.Contains(out, "Nothing is lost, and the volume goes on.") {
		t.Error(out)
	}
	for _, back := range []*script{byList, byMirror} {
		for _, words := range []string{"fares double", "Ferry fares"} {
			if holds(t, back.data, words) {
				t.Errorf("%q came back into %s", words, back.data)
			}
		}
		if b, err := os.ReadFile(filepath.Join(back.data, "erased.json")); err != nil || !strings.Contains(string(b), s.vars["gone"]) {
			t.Errorf("%s lost the list of what was erased: %s %v", back.data, b, err)
		}
		back.sound()
		back.start()
		back.play(`
			get /$gone
			status 451
			get /$story
			says "River ministers meet in midstream"`)
		back.stop()
		back.sound()
	}
}

// holds reports whether any file under a folder holds words.
func holds(t *testing.T, folder, words string) bool {
	t.Helper()
	for _, b := range tree(t, folder) {
		if strings.Contains(b, words) {
			return true
		}
	}
	return false
}

// entriesOf counts the entries of an article that speak.
func entriesOf(t *testing.T, s *script, id string) int {
	t.Helper()
	out := query(t, s.data, `SELECT n FROM record WHERE kind = 'article' AND subject = '`+id+`'`)
	return len(out)
}

// TestRestoreAlone brings a house back without a mirror: a new volume says so. Then readers
// of the former volume's checkpoint, and whoever has an older file, are not deceived.
func TestRestoreAlone(t *testing.T) {
	t.Parallel()
	s, _, late := aDay(t)
	checkpoint := filepath.Join(t.TempDir(), "checkpoint")
	s.play("get /checkpoint")
	if err := os.WriteFile(checkpoint, []byte(s.body), 0o600); err != nil {
		t.Fatal(err)
	}
	s.stop()
	back := s.in(s.beside("alone"))
	out := back.must("restore", "--from", late, "--data", back.data)
	if !strings.Contains(out, "a new volume begins") || !strings.Contains(out, "/record/2-") {
		t.Error(out)
	}
	back.sound()
	known := s.in(s.beside("known"))
	known.must("restore", "--from", late, "--data", known.data, "--checkpoint", checkpoint)
	known.sound()
	newest := query(t, s.data, `SELECT max(n) FROM record`)[0]
	if first := query(t, known.data, `SELECT n - 1 FROM record WHERE volume = 2 AND kind = 'volume'`); first[0] != newest {
		t.Errorf("the new volume goes on after %s, and %s is known to be signed", first[0], newest)
	}
	known.start()
	known.play(`
		get /$story
		status 404
		open /stories/$story
		says "River ministers meet in midstream"
		clock 2024-03-22T19:50:00Z
		get /$story
		says "River ministers meet in midstream"
		get /$gone
		says "Ferry fares to double"`)
	known.stop()
	known.sound()
	if out, err := known.say("record", "verify", "--data", known.data, "--checkpoint", checkpoint); err == nil {
		t.Errorf("with a checkpoint of what was lost: %s", out)
	}
	// A mirror that holds more than is signed for: that is not taken back, and its numbers
	// are not used again.
	behind := s.in(s.beside("behind"))
	if err := os.CopyFS(behind.data, os.DirFS(s.data)); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(behind.data, "edition", "edition.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`ATTACH ? AS house; UPDATE checkpoint SET (size, note) = (SELECT size, note FROM house.checkpoint ORDER BY size DESC LIMIT 1 OFFSET 3)`,
		filepath.Join(behind.data, "newsroom.db")); err != nil {
		t.Fatal(err)
	}
	lagging := s.in(s.beside("lagging"))
	if out := lagging.must("restore", "--from", late, "--mirror", behind.data, "--data", lagging.data); !strings.Contains(out, "a new volume begins") {
		t.Error(out)
	}
	lagging.sound()
	if first := query(t, lagging.data, `SELECT n - 1 FROM record WHERE volume = 2 AND kind = 'volume'`); first[0] != newest {
		t.Errorf("the new volume goes on after %s, and a mirror knows %s", first[0], newest)
	}
	// An older file in the place of the newest: the edition knows better.
	old := s.in(s.beside("older"))
	if err := os.CopyFS(old.data, os.DirFS(s.data)); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		_ = os.Remove(filepath.Join(old.data, "newsroom.db"+suffix))
	}
	if err := copyOver(filepath.Join(late, "newsroom.db"), filepath.Join(old.data, "newsroom.db")); err != nil {
		t.Fatal(err)
	}
	if out, err := old.say("user", "link", "Mira Adan", "--data", old.data); err == nil || !strings.Contains(out, "is not continued below") {
		t.Errorf("the old volume is continued below what was signed: %s", out)
	}
}

// TestALostKey begins a volume under a new key, in a house and in one that comes back.
func TestALostKey(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	target := s.beside("backup")
	s.must("backup", "--data", s.data, "--to", target)
	s.stop()
	back := s.in(s.beside("keyless"))
	if out := back.must("restore", "--from", target, "--data", back.data, "--mirror", s.data); !strings.Contains(out, "Nothing is lost; a new volume begins, for the record's key is not here.") {
		t.Error(out)
	}
	back.sound()
	stranger := s.in(s.beside("stranger"))
	if out, err := stranger.say("restore", "--from", target, "--data", stranger.data, "--mirror", s.data, "--key", filepath.Join(back.data, "record.key")); err == nil || !strings.Contains(out, "is not that of the record's newest volume") {
		t.Errorf("another volume's key: %s", out)
	}
	given := s.in(s.beside("given"))
	if out := given.must("restore", "--from", target, "--data", given.data, "--mirror", s.data, "--key", filepath.Join(s.data, "record.key")); !strings.Contains(out, "the volume goes on") {
		t.Error(out)
	}
	given.sound()
	if err := copyOver(filepath.Join(back.data, "record.key"), filepath.Join(s.data, "record.key")); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"check"}, {"user", "link", "Mira Adan"}} {
		if out, err := s.say(append(command, "--data", s.data)...); err == nil || !strings.Contains(out, "is not that of the record's newest volume") {
			t.Errorf("%v with the key of another volume: %s", command, out)
		}
	}
	if err := os.Remove(filepath.Join(s.data, "record.key")); err != nil {
		t.Fatal(err)
	}
	if out, err := s.say("user", "link", "Mira Adan", "--data", s.data); err == nil || !strings.Contains(out, "record newkey") {
		t.Errorf("without its key: %s", out)
	}
	s.must("record", "newkey", "--data", s.data)
	s.must("record", "newkey", "--data", s.data)
	s.sound()
	if out := s.must("record", "verify", "--data", s.data); !strings.HasPrefix(out, "3 volumes") {
		t.Error(out)
	}
	if info, err := os.Stat(filepath.Join(s.data, "record.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	// A change of keys that was cut off after its entry was committed is finished.
	if err := os.Rename(filepath.Join(s.data, "record.key"), filepath.Join(s.data, "record.key.next")); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.play(`get /
		status 200`)
	s.stop()
	s.sound()
}
