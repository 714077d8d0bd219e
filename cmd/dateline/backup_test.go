package main_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A house is copied while it works, and comes back: from the copy alone as a record with a
// new volume, from the copy and a mirror with nothing lost.

// play runs lines of a script.
func (s *script) play(lines string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "lines.txt")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.run(file)
}

// say runs the program and returns what it prints, whatever its exit status.
func (s *script) say(args ...string) (out string, err error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	b, err := exec.CommandContext(ctx, s.bin, args...).CombinedOutput()
	return string(b), err
}

// must runs the program, which has to succeed.
func (s *script) must(args ...string) string {
	s.t.Helper()
	out, err := s.say(args...)
	if err != nil {
		s.t.Fatalf("dateline %v: %v\n%s", args, err, out)
	}
	return out
}

// in is the same member and readers at another folder.
func (s *script) in(data string) *script {
	return &script{t: s.t, bin: s.bin, data: data, vars: s.vars, line: data}
}

// beside is a new folder's name beside the house.
func (s *script) beside(name string) string { return s.data + "-" + name }

func digestOf(t *testing.T, out string) string {
	t.Helper()
	m := regexp.MustCompile(`(?:edition|after) +([0-9a-f]{64})`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no digest in %s", out)
	}
	return m[1]
}

// sound fails unless a house passes every check, and its edition is what its record makes.
func (s *script) sound() {
	s.t.Helper()
	s.must("record", "verify", "--data", s.data)
	if out := s.must("check", "--data", s.data); !strings.Contains(out, "no doubt") {
		s.t.Error(out)
	}
	out := s.must("edition", "rebuild", "--data", s.data)
	m := regexp.MustCompile(`before +([0-9a-f]{64})\nafter +([0-9a-f]{64})`).FindStringSubmatch(out)
	if m == nil || m[1] != m[2] {
		s.t.Errorf("the edition is not what its record makes:\n%s", out)
	}
}

// slow notes the longest time from a form to its answer.
type slow struct {
	mu      sync.Mutex
	longest time.Duration
	asked   int
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if took := time.Since(began); r.Method == http.MethodPost && err == nil {
		s.longest, s.asked = max(s.longest, took), s.asked+1
	}
	return resp, err
}

func (s *slow) reset() (longest time.Duration, asked int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	longest, asked = s.longest, s.asked
	s.longest, s.asked = 0, 0
	return longest, asked
}

// TestBackupUnderLoad copies a house three times while members work. What was acknowledged
// before a copy was begun is in the house that comes back from it. How long members waited
// is printed; that a copy never holds the writer is proved in internal/store.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	watch := &slow{}
	for _, w := range h.workers {
		w.client.Transport = watch
	}
	before := h.someRounds()
	watch.reset()
	target := h.beside("backup")
	var working sync.WaitGroup
	working.Go(func() { h.load(1000) })
	time.Sleep(time.Second)
	alone, n := watch.reset()
	t.Logf("without a backup the longest of %d answers took %s", n, alone)
	for range 3 {
		began := time.Now()
		h.must("backup", "--data", h.data, "--to", target, "--keep", "2")
		longest, n := watch.reset()
		t.Logf("a backup took %s; the longest of %d answers meanwhile took %s", time.Since(began), n, longest)
		if n == 0 {
			t.Error("nobody worked while the backup was made: the test tests nothing")
		}
	}
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
	working.Wait()
	if got := len(folders(t, target)); got != 2 {
		t.Errorf("%d backups were kept, not 2", got)
	}
	back := h.in(h.beside("restored"))
	back.must("restore", "--from", target, "--data", back.data)
	back.sound()
	back.start()
	t.Cleanup(back.stop)
	for i, w := range h.workers {
		w.client, w.room, w.told, w.pending = back.member, back.room, before[i], nil
		w.check(t, back.readers)
		if err := w.round(5001); err != nil {
			t.Errorf("the house does not go on: %v", err)
		}
		w.check(t, back.readers)
	}
	back.stop()
	back.sound()
	if out := back.must("record", "verify", "--data", back.data); !strings.HasPrefix(out, "2 volumes") {
		t.Error(out)
	}
}

// someRounds has each worker do a little, and returns copies of what they were told.
func (h *house) someRounds() (told []map[string]*noted) {
	h.t.Helper()
	for _, w := range h.workers {
		for number := range 3 {
			if err := w.round(number); err != nil {
				h.t.Fatal(err)
			}
		}
		copied := map[string]*noted{}
		for id, n := range w.told {
			x := *n
			copied[id] = &x
		}
		told = append(told, copied)
	}
	return told
}

// folders lists the backups in a folder, the oldest first.
func folders(t *testing.T, target string) (all []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(target, "*Z"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// aDay is a house with a backup of before a report came in (early), one with the report
// filed and waiting (late), and then what neither knows: the report posted and corrected,
// another withdrawn, a third killed, a fourth posted and killed.
func aDay(t *testing.T) (s *script, early, late string) {
	s = newScript(t)
	target := s.beside("backup")
	s.play(`
		clock 2024-03-22T19:30:00Z
		open /desk/new-york
		submit start
		keep gone /stories/([0-9a-z]{10})/save
		submit save "f.headline=Ferry fares to double" f.section=city do=save
		submit save do=insert:
		keep block name=.b\.([0-9a-z]{8})"
		block $block "The fares double."
		submit publish noundo=on
		says "Posted."
		open /desk/new-york
		submit start
		keep out /stories/([0-9a-z]{10})/save
		submit save "f.headline=A bridge to nowhere" f.section=city do=save
		submit save do=insert:
		keep block name=.b\.([0-9a-z]{8})"
		block $block "Nobody knows where."
		submit publish noundo=on
		says "Posted."`)
	s.must("backup", "--data", s.data, "--to", target, "--with-key", "--keep", "9")
	s.play(`
		drop wire/sellane-river.jpg wire/river-report.ninjs.json
		clock 2024-03-22T19:41:00Z
		open /wires
		follow "River ministers"
		submit take desk=new-york
		keep story /stories/([0-9a-z]{10})/save
		submit save f.section=world do=save
		credit "Ana Sorrel / Northwind Wire"
		submit publish
		says "It can still be taken back."`)
	s.must("backup", "--data", s.data, "--to", target, "--with-key", "--keep", "9")
	s.play(`
		clock 2024-03-22T19:41:10Z
		get /$story
		says "River ministers meet in midstream"
		open /stories/$story
		submit save "f.standfirst=The gates will open twice a year." do=save
		submit correct "note=An earlier version left out how often the gates open." noundo=on
		says "Posted."
		open /stories/$out
		submit withdraw "note=It leads somewhere after all."
		says "Withdrawn"
		open /stories/$gone
		submit kill confirm=KILL
		says "Killed"
		open /desk/new-york
		submit start
		keep brief /stories/([0-9a-z]{10})/save
		submit save "f.headline=A name by mistake" f.section=city do=save
		submit save do=insert:
		keep block name=.b\.([0-9a-z]{8})"
		block $block "It is Jonas Verlaine."
		submit publish noundo=on
		says "Posted."
		submit kill confirm=KILL
		says "Killed"
		clock 2024-03-22T19:45:00Z`)
	all := folders(t, target)
	if len(all) != 2 {
		t.Fatal(all)
	}
	return s, all[0], all[1]
}

const asItWas = `
	get /$story
	says "River ministers meet in midstream" "Jerusalem house 21:41" "The gates will open twice a year." "An earlier version left out"
	get /$story/history
	says "Text 2" "Text 1"
	get /$out
	status 410
	says "It leads somewhere after all."
	get /$gone
	status 410
	lacks Ferry
	get /$brief
	status 410
	lacks mistake
	get /feed.atom
	says "River ministers meet in midstream"
	open /stories/$story
	says "River ministers meet in midstream" "Ana Sorrel"`

// goesOn corrects the report once more, and posts another.
const goesOn = `
	clock 2024-03-22T19:50:00Z
	open /stories/$story
	submit save "f.standfirst=The gates open twice a year, in spring." do=save
	submit correct "note=And when." noundo=on
	says "Posted."
	get /$story
	says "in spring" "Jerusalem house 21:41" "Ana Sorrel / Northwind Wire"
	open /desk/new-york
	submit start
	keep next /stories/([0-9a-z]{10})/save
	submit save "f.headline=After the fire" f.section=city do=save
	submit save do=insert:
	keep block name=.b\.([0-9a-z]{8})"
	block $block "The paper goes on."
	submit publish noundo=on
	says "Posted."
	get /$next
	says "After the fire"`

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

// TestATornBackupIsRefused cuts and flips each file of a backup.
func TestATornBackupIsRefused(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	target := s.beside("backup")
	s.must("backup", "--data", s.data, "--to", target, "--with-key")
	s.stop()
	var files []string
	pictures := 0
	if err := filepath.WalkDir(target, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "lock" {
			return err
		}
		if strings.Contains(path, "pictures/") {
			if pictures++; pictures > 2 {
				return nil
			}
		}
		files = append(files, path)
		return nil
	}); err != nil || len(files) != 8 {
		t.Fatal(files, err)
	}
	refuse := func(what string) {
		t.Helper()
		to := s.beside("torn")
		out, err := s.say("restore", "--from", target, "--data", to)
		if err == nil || !strings.Contains(out, "backup") || strings.Contains(out, "panic") {
			t.Errorf("%s: %v %s", what, err, out)
		}
		if left, _ := filepath.Glob(to + "*"); len(left) > 0 {
			t.Errorf("%s: a refused restore left %v", what, left)
		}
	}
	for _, file := range files {
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, bad := range map[string][]byte{
			"cut":     good[:len(good)-1],
			"flipped": flipped(good, len(good)/2),
			"longer":  append(slices.Clone(good), 0),
			"empty":   {},
		} {
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			refuse(filepath.Base(file) + " " + what)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		refuse(filepath.Base(file) + " missing")
		if err := os.WriteFile(file, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.must("restore", "--from", target, "--data", s.beside("whole"))
	if out, err := s.say("restore", "--from", target, "--data", s.beside("whole")); err == nil || !strings.Contains(out, "empty") {
		t.Errorf("into a folder that is not empty: %s", out)
	}
	if out, err := s.say("backup", "--data", s.data, "--to", filepath.Join(s.data, "backup")); err == nil || !strings.Contains(out, "cannot lie in") {
		t.Errorf("into the house itself: %s", out)
	}
}

func flipped(b []byte, i int) []byte {
	b = slices.Clone(b)
	b[i] ^= 1 << (i % 8)
	return b
}

// TestABackupOnAFullDisk says so, and leaves the backup before it as it was.
func TestABackupOnAFullDisk(t *testing.T) {
	needStrace(t)
	t.Parallel()
	s := newScript(t)
	target := s.beside("backup")
	s.must("backup", "--data", s.data, "--to", target)
	before := tree(t, target)
	for _, call := range []string{"pwrite64:error=ENOSPC:when=3+", "write:error=ENOSPC:when=40+"} {
		if strings.HasPrefix(call, "write") { // pictures are there already: a new folder has them written
			target = s.beside("new")
			before = nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		out, err := exec.CommandContext(ctx, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+strings.SplitN(call, ":", 2)[0], "-e", "inject="+call,
			s.bin, "backup", "--data", s.data, "--to", target).CombinedOutput()
		cancel()
		if err == nil {
			t.Errorf("%s: a backup on a full disk succeeded: %s", call, out)
		}
		if before != nil && (!strings.Contains(string(out), "is full") || !maps.Equal(before, tree(t, target))) {
			t.Errorf("%s: %s", call, out)
		}
		if got := folders(t, target); before == nil && len(got) > 0 {
			t.Errorf("%s: %v", call, got)
		}
	}
	s.must("backup", "--data", s.data, "--to", target)
	s.must("restore", "--from", target, "--data", s.beside("restored"))
}

// tree is every file under a folder with its bytes.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	if err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func copyOver(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// query asks a store and returns the first column of each row.
func query(t *testing.T, data, sql string) (all []string) {
	t.Helper()
	db := openStore(t, data)
	defer db.Close()
	rows, err := db.Query(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var x any
		if err := rows.Scan(&x); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(x))
	}
	return all
}
