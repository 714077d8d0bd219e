package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
)

// A mirrored is a process that follows a house in another process.
type mirrored struct {
	t       *testing.T
	bin     string
	data    string
	readers string
	key     string
	cmd     *exec.Cmd

	mu  sync.Mutex
	log bytes.Buffer // guarded by mu
}

// Write keeps the log of the process.
func (m *mirrored) Write(b []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.log.Write(b)
}

func (m *mirrored) logged() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.log.String()
}

// start follows an address, and waits for the addresses that are printed.
func (m *mirrored) start(address string, more ...string) *mirrored {
	m.t.Helper()
	m.cmd = exec.Command(m.bin, append([]string{"edition", "follow", address, "--data", m.data, "--addr", "localhost:0"}, more...)...)
	m.cmd.Stderr = m
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(m.kill)
	m.readers = ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch words := strings.Fields(lines.Text()); words[0] {
		case "readers":
			m.readers = words[1]
		case "key":
			m.key = words[1]
			return m
		}
	}
	m.t.Fatalf("a mirror does not start: %s", m.logged())
	return m
}

func (m *mirrored) kill() {
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
}

// ready is what the mirror tells whoever watches it.
func (m *mirrored) ready() (doubt string, status int) {
	m.t.Helper()
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(m.data, "admin.sock"))
	}}}
	resp, err := client.Get("http://operator/readyz")
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	var state struct{ Doubt string }
	if err := json.NewDecoder(resp.Body).Decode(&state); err != nil {
		m.t.Fatal(err)
	}
	return state.Doubt, resp.StatusCode
}

// until waits for something that comes by itself.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// digest is that of the edition in a folder, of a process that runs.
func digest(t *testing.T, data string) string {
	t.Helper()
	e, err := edition.OpenToRead(t.Context(), filepath.Join(data, "edition"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Digest(t.Context())
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// catchesUp waits until the mirror is its origin. A checkpoint follows its entries at once,
// and not with them.
func (m *mirrored) catchesUp(s *script) {
	m.t.Helper()
	until(m.t, "the mirror is its origin", func() bool { return digest(m.t, m.data) == digest(m.t, s.data) })
	until(m.t, "the mirror's checkpoint is its origin's", func() bool {
		resp, err := http.Get(m.readers + "/checkpoint")
		if err != nil {
			m.t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK && string(b) == fetched(m.t, s.readers+"/checkpoint", http.StatusOK)
	})
}

// fetched is a page of a process that has to answer.
func fetched(t *testing.T, address string, status int) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode != status {
		t.Fatalf("%s: %d %v", address, resp.StatusCode, err)
	}
	return string(b)
}

// TestAMirrorServesReaders: a mirror in a process of its own is its origin to the byte, is
// killed and comes back, outlives its origin, and takes back what its origin erases.
func TestAMirrorServesReaders(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	m := (&mirrored{t: t, bin: s.bin, data: s.beside("mirror")}).start(s.readers)
	m.catchesUp(s)
	checkpoint := filepath.Join(t.TempDir(), "checkpoint")
	if err := os.WriteFile(checkpoint, []byte(fetched(t, m.readers+"/checkpoint", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	const picture = `/picture/([0-9a-f]{64}\.jpg)`
	s.play(`
		drop wire/sellane-river.jpg wire/river-report.newsmlg2.xml
		clock 2024-03-22T15:12:00Z
		open /wires
		follow "River ministers"
		submit take desk=new-york
		keep story /stories/([0-9a-z]{10})/save
		submit save f.section=world do=save
		credit "Ana Sorrel / Northwind Wire"
		submit publish noundo=on
		says "Posted."
		get /$story
		keep picture ` + picture)
	m.catchesUp(s)
	story, image := "/"+s.vars["story"], "/picture/"+s.vars["picture"]
	if page := fetched(t, m.readers+story, 200); !strings.Contains(page, "River ministers meet in midstream") || !strings.Contains(page, "Ana Sorrel / Northwind Wire") {
		t.Error("a story is not on the mirror")
	}
	if fetched(t, m.readers+image, 200) != fetched(t, s.readers+image, 200) || !strings.Contains(fetched(t, m.readers+"/feed.atom", 200), s.vars["story"]) {
		t.Error("a picture is another on the mirror, or its feed lacks the story") // its notice is that of its own hour
	}
	// What was kept elsewhere proves the origin and the mirror alike.
	for _, address := range []string{s.readers, m.readers} {
		here := s.must("record", "verify", "--data", s.data, "--checkpoint", checkpoint)
		there := s.must("record", "verify", address, "--key", m.key, "--checkpoint", checkpoint)
		_, proved, _ := strings.Cut(here, "nothing changed since")
		if !strings.HasSuffix(there, "nothing changed since"+proved) {
			t.Errorf("on the disk %sfrom elsewhere %s", here, there)
		}
	}

	// The mirror is killed, and its origin; it comes back without it, and readers see the same.
	m.kill()
	s.stop()
	m.start(s.readers)
	fetched(t, m.readers+story, 200)
	fetched(t, m.readers+image, 200)
	until(t, "the mirror is in doubt", func() bool {
		doubt, status := m.ready()
		return strings.Contains(doubt, "cannot be reached") && status == 503
	})
	s.start()
	s.play(`
		open /stories/$story
		submit kill confirm=KILL
		get /$story
		status 410`)
	m.catchesUp(s)
	if page := fetched(t, m.readers+story, http.StatusGone); strings.Contains(page, "Sellane") {
		t.Error("a mirror shows what was killed")
	}
	fetched(t, m.readers+image, 404)
	until(t, "the mirror is sure", func() bool { doubt, status := m.ready(); return doubt == "" && status == 200 })
	for _, path := range []string{"/record/1", "/record/1?after=60", "/tile/entries/000.p/60"} {
		if strings.Contains(fetched(t, m.readers+path, 200), "Sellane") {
			t.Errorf("%s of a mirror tells what was killed", path)
		}
	}
	until(t, "no file of the mirror holds what was killed", func() bool { return grep(t, m.data, "Sellane gates") == "" }) // the log is cut once no page is read
	s.must("record", "verify", "--data", s.data)
}

// TestAMirrorErases: what two people erase in the house leaves every file of a mirror that
// had it.
func TestAMirrorErases(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	m := (&mirrored{t: t, bin: s.bin, data: s.beside("mirror")}).start(s.readers)
	const words = "Sellane gates"
	script, err := os.ReadFile("testdata/script/erase.txt")
	if err != nil {
		t.Fatal(err)
	}
	posted, erased, parted := strings.Cut(string(script), "\n# Nobody erases alone")
	if !parted {
		t.Fatal("the script of an erasure is another")
	}
	s.play(posted)
	until(t, "the mirror has the words", func() bool { return grep(t, m.data, words) != "" })
	s.play("# " + erased)
	m.catchesUp(s)
	until(t, "no file of the mirror holds a word", func() bool { return grep(t, m.data, words) == "" })
	fetched(t, m.readers+"/"+s.vars["story"], http.StatusUnavailableForLegalReasons)
}

// grep names a file of a folder that holds words.
func grep(t *testing.T, folder, words string) (found string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil // it went while we looked, as files of a running process do
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(words)) {
			found = path
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// TestAMirrorIsNotDeceived: another house at its origin's address is refused in the log and
// to whoever watches, and readers see what they saw. A new key is its operator's to give.
func TestAMirrorIsNotDeceived(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	m := (&mirrored{t: t, bin: s.bin, data: s.beside("mirror")}).start(s.readers)
	m.catchesUp(s)
	seen := fetched(t, m.readers+"/feed.atom", 200)
	s.stop()
	secret, err := record.NewKey(strings.Split(m.key, "+")[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	note, err := key.Sign(record.Checkpoint{Log: key.Log(), Size: 500})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", strings.TrimPrefix(s.readers, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	forger := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(note) })}
	go func() { _ = forger.Serve(l) }()
	const refused = "its signature is not by the record's key"
	until(t, "a forger is refused", func() bool { doubt, status := m.ready(); return strings.Contains(doubt, refused) && status == 503 })
	until(t, "it is in the log", func() bool { return strings.Contains(m.logged(), refused) })
	if fetched(t, m.readers+"/feed.atom", 200) != seen {
		t.Error("readers see another page")
	}
	if out, err := s.say("record", "verify", s.readers, "--key", m.key); err == nil || !strings.Contains(out, "dateline: ") || strings.Count(out, "\n") != 1 {
		t.Errorf("a forger is verified: %s", out)
	}
	if err := forger.Close(); err != nil {
		t.Fatal(err)
	}

	out := s.must("record", "newkey", "--data", s.data)
	_, newKey, _ := strings.Cut(out, "key       ")
	newKey = strings.Fields(newKey)[0]
	s.start()
	until(t, "a new volume is not believed", func() bool { doubt, _ := m.ready(); return strings.Contains(doubt, "began volume 2 of its record") })
	m.kill()
	if out, err := s.say("edition", "follow", s.readers, "--data", m.data, "--key", key.Verifier()); err == nil {
		t.Errorf("with another key: %s", out)
	}
	m.start(s.readers, "--key", newKey)
	m.catchesUp(s)
	if m.key != newKey {
		t.Error("the mirror follows", m.key)
	}
	if out := s.must("record", "verify", m.readers, "--key", newKey); !strings.HasPrefix(out, "2 volumes") {
		t.Error(out)
	}
	for _, args := range [][]string{{"edition", "follow"}, {"edition", "follow", "paper.example"}, {"edition", "follow", s.readers, "--data", s.data},
		{"edition", "follow", fmt.Sprint(s.readers, "/nowhere"), "--data", t.TempDir()}, {"edition", "follow", s.readers, "--data", m.data}} {
		if out, err := s.say(args...); err == nil || strings.Count(out, "\n") != 1 {
			t.Errorf("dateline %v: %s", args, out)
		}
	}
}
