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
	x := &script{t: s.t, bin: s.bin, data: data, vars: s.vars, line: data}
	s.t.Cleanup(func() {
		if x.cmd != nil && x.cmd.ProcessState == nil {
			x.stop()
		}
	})
	return x
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
