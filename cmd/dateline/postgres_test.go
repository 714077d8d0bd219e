package main_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/net/html"

	"dateline/internal/store/storetest"
)

// The built program on a real PostgreSQL: members file by the newsroom's forms while the
// database is stopped hard, replaced by its standby, or held by somebody else.

const serverHouse = `
addr = "localhost:%s"
newsroom = "localhost:%s"
data = "data"
[house]
name = {en = "The Courier"}
address = "http://localhost"
newsroom_address = "http://localhost:%s"
languages = ["en"]
place = "London"
keeps = ["nothing"]
[[house.section]]
id = "world"
name = {en = "World"}
[[desk]]
slug = "new-york"
name = {en = "New York"}
place = "New York City"
keeps = ["nothing"]
`

// A server is one process of a house on a database.
type server struct {
	t                *testing.T
	dir              string // of its configuration and data
	database, shared string
	readers, room    string
	cmd              *exec.Cmd
}

// newServer configures a process, with a store in its own folder where no database is
// named; it is not started.
func newServer(t *testing.T, database, shared string) *server {
	t.Helper()
	_, r, _ := net.SplitHostPort(freePort(t))
	_, n, _ := net.SplitHostPort(freePort(t))
	s := &server{t: t, dir: t.TempDir(), database: database, shared: shared, readers: "http://localhost:" + r, room: "http://localhost:" + n}
	text := fmt.Sprintf(serverHouse, r, n, n)
	if database != "" {
		text = fmt.Sprintf("database = %q\nshared = %q\n", database, shared) + text
	}
	if err := os.WriteFile(filepath.Join(s.dir, "dateline.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) config() string { return filepath.Join(s.dir, "dateline.toml") }

// start starts it and waits until its house is open.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(filepath.Join(built, "dateline"), "serve", "--config", s.config())
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.stop)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "sign in") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	s.t.Fatal("the house did not open")
}

func (s *server) stop() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
}

// must runs a command of the program on this configuration.
func (s *server) must(args ...string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(built, "dateline"), append(args, "--config", s.config())...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("dateline %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// worker makes a member of that name, who works by this process.
func (s *server) worker(name string) *worker {
	s.t.Helper()
	_, link, _ := strings.Cut(s.must("user", "add", name, "--role", "new-york:chief", "--role", "new-york:editor"), "sign in  ")
	w := &worker{room: s.room, client: &http.Client{Jar: newJar(s.t), Timeout: 30 * time.Second}, name: name, told: map[string]*noted{}}
	w.signsIn(s.t, link)
	return w
}

func newJar(t *testing.T) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return jar
}

// signsIn opens a sign-in link.
func (w *worker) signsIn(t *testing.T, link string) {
	t.Helper()
	p, err := w.get(strings.TrimPrefix(strings.Fields(link)[0], w.room))
	if err == nil {
		_, err = w.send(p, "sign-in", func(url.Values) {})
	}
	if err != nil {
		t.Fatal(err)
	}
	w.pending = nil
}

// perseveres has a member post stories until stop is closed. What is refused because the
// database is away, or got no answer, is sent again with the same key until it is taken.
func (w *worker) perseveres(t *testing.T, stop <-chan struct{}, posted *posts) {
	for number := 1; ; number++ {
		select {
		case <-stop:
			return
		default:
		}
		if number%3 == 0 {
			continue // such a round uploads a picture and posts nothing
		}
		if err := w.round(number); err != nil {
			if !w.mends(t, posted, err) {
				return
			}
			continue
		}
		posted.one()
	}
}

// mends sends again what failed until it is taken; false where it is refused for good.
func (w *worker) mends(t *testing.T, posted *posts, err error) bool {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var r *refused
		posted.refused(err)
		if errors.As(err, &r) && r.status != http.StatusServiceUnavailable {
			t.Errorf("%s was refused: %v", w.name, err)
			return false
		}
		if w.pending == nil {
			return true // a page that was asked for, and is asked for again in the next round
		}
		if err = w.pending(); err == nil {
			w.pending = nil
			return true
		}
	}
	t.Errorf("%s was never answered: %v", w.name, err)
	return false
}

// posts counts what members posted and what was refused, for those who wait for it.
type posts struct {
	mu       sync.Mutex
	n, fails int
	last     string // what was said to the last who was refused
}

func (p *posts) one() { p.mu.Lock(); p.n++; p.mu.Unlock() }

func (p *posts) refused(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fails++
	if r, ok := errors.AsType[*refused](err); ok {
		p.last = html.UnescapeString(r.body)
	}
}

func (p *posts) counts() (n, fails int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n, p.fails
}

func (p *posts) sentence() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// await waits for what.
func (p *posts) await(t *testing.T, what string, enough func(n, fails int) bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !enough(p.counts()) && !t.Failed(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			n, fails := p.counts()
			t.Fatalf("%s never came: %d posted, %d refused, at last with %s", what, n, fails, p.sentence())
		}
	}
}

// reach waits until so many more were posted.
func (p *posts) reach(t *testing.T, more int) {
	t.Helper()
	from, _ := p.counts()
	p.await(t, fmt.Sprintf("%d more postings", more), func(n, _ int) bool { return n >= from+more })
}

// serves fails unless readers are served their front page.
func (s *server) serves(when string) {
	s.t.Helper()
	if _, err := answer(http.Get(s.readers + "/")); err != nil {
		s.t.Errorf("readers, %s: %v", when, err)
	}
}

// once holds the record to what members were told: each story that was posted is in it, and
// none twice. It verifies, and every process's edition is what the record makes.
func once(t *testing.T, database string, workers []*worker, servers ...*server) {
	t.Helper()
	for i, w := range workers {
		w.check(t, servers[i%len(servers)].readers)
	}
	var digests []string
	for _, s := range servers {
		s.stop()
		out := s.must("edition", "rebuild")
		before, after, _ := strings.Cut(out, "after")
		if digestOf(t, before+"edition "+strings.Fields(strings.SplitN(before, "before", 2)[1])[0]) != digestOf(t, "after"+after) {
			t.Errorf("the edition is not what its record makes:\n%s", out)
		}
		digests = append(digests, digestOf(t, "after"+after))
	}
	for _, d := range digests {
		if d != digests[0] {
			t.Errorf("two processes show different things: %s", digests)
		}
	}
	servers[0].must("record", "verify")
	if out := servers[0].must("check"); !strings.Contains(out, "no doubt") {
		t.Error(out)
	}
	entries := entriesIn(t, database)
	posted := 0
	for _, w := range workers {
		for id, n := range w.told {
			if entries[id] > 1 || n.posted && entries[id] != 1 {
				t.Errorf("%s is in the record %d times", id, entries[id])
			}
			posted += entries[id]
		}
	}
	if t.Logf("%d stories posted", posted); posted == 0 {
		t.Error("nothing was posted: the test tests nothing")
	}
}

// entriesIn counts the entries of each article.
func entriesIn(t *testing.T, database string) map[string]int {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT subject, count(*) FROM record WHERE kind = 'article' GROUP BY subject`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			t.Fatal(err)
		}
		all[id] = n
	}
	return all
}

// atWork has members post until the returned function is called.
func atWork(t *testing.T, workers []*worker) (p *posts, end func()) {
	p = &posts{}
	stop := make(chan struct{})
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { w.perseveres(t, stop, p) })
	}
	return p, sync.OnceFunc(func() { close(stop); all.Wait() })
}

// TestDatabaseStoppedHard stops PostgreSQL without letting it finish anything, three times,
// while members post by its forms, and starts it again. Readers are served meanwhile.
// I-01, I-05, I-06.
func TestDatabaseStoppedHard(t *testing.T) {
	t.Parallel()
	pg := storetest.NewServer(t)
	database := pg.Schema(t)
	s := newServer(t, database, t.TempDir())
	s.start()
	workers := []*worker{s.worker("Ana"), s.worker("Ben"), s.worker("Cleo")}
	p, end := atWork(t, workers)
	defer end()
	for range 3 {
		p.reach(t, 6)
		pg.Crash(t)
		s.serves("while the database is away")
		pg.Start(t)
	}
	p.reach(t, 6)
	end()
	if _, fails := p.counts(); fails == 0 {
		t.Error("nobody noticed that the database was away: the test tests nothing")
	}
	once(t, database, workers, s)
}

// TestFailover has a synchronous standby take the place of a primary that dies while members
// post. Whatever was acknowledged is there, and what got no answer is done once. I-01, I-18.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary := storetest.NewServer(t)
	schema := primary.Schema(t)
	standby := primary.Standby(t)
	database := strings.Replace(schema, escaped(primary), escaped(primary)+","+escaped(standby), 1) + "&target_session_attrs=read-write"
	if !strings.Contains(database, ",") {
		t.Fatal(database)
	}
	s := newServer(t, database, t.TempDir())
	s.start()
	workers := []*worker{s.worker("Ana"), s.worker("Ben")}
	p, end := atWork(t, workers)
	defer end()
	p.reach(t, 8)
	primary.Crash(t)
	s.serves("while the database is away")
	standby.Promote(t)
	p.reach(t, 8)
	end()
	once(t, strings.Replace(schema, escaped(primary), escaped(standby), 1), workers, s)
}

// escaped is a server's host as its address writes it.
func escaped(s *storetest.Server) string { return strings.ReplaceAll(s.Socket(), "/", "%2F") }

// TestTwoProcessesOnOneDatabase has members work at two processes of the program at once, of
// which one is killed and comes back. Every act is posted once, and both show the same.
// I-05, I-09.
func TestTwoProcessesOnOneDatabase(t *testing.T) {
	t.Parallel()
	database, shared := storetest.Postgres(t), t.TempDir()
	a, b := newServer(t, database, shared), newServer(t, database, shared)
	a.start()
	if err := os.Mkdir(filepath.Join(b.dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := copyOver(filepath.Join(a.dir, "data", "record.key"), filepath.Join(b.dir, "data", "record.key")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(b.dir, "data", "record.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start()
	workers := []*worker{a.worker("Ana"), b.worker("Ben"), a.worker("Cleo"), b.worker("Dan")}
	p, end := atWork(t, workers)
	defer end()
	p.reach(t, 12)
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
	p.reach(t, 6)
	b.start()
	p.reach(t, 12)
	end()
	once(t, database, workers, a, b)
}

// TestLockHeldBySomebodyElse holds the writer's lock for longer than anybody waits. Members
// get a sentence that tells them to try again, readers are served, and nothing is lost.
func TestLockHeldBySomebodyElse(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	s := newServer(t, database, t.TempDir())
	s.start()
	workers := []*worker{s.worker("Ana"), s.worker("Ben")}
	p, end := atWork(t, workers)
	defer end()
	p.reach(t, 4)
	lock := `(hashtext('dateline'), hashtext('` + regexp.MustCompile(`search_path=(\w+)`).FindStringSubmatch(database)[1] + `'))`
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `SELECT pg_advisory_lock`+lock); err != nil {
		t.Fatal(err)
	}
	p.await(t, "six refusals", func(_, fails int) bool { return fails >= 6 })
	s.serves("while somebody else has the lock")
	for _, w := range workers {
		if _, err := w.get("/desk/new-york"); err != nil {
			t.Errorf("the board, while somebody else has the lock: %v", err)
		}
	}
	if _, err := db.ExecContext(t.Context(), `SELECT pg_advisory_unlock`+lock); err != nil {
		t.Fatal(err)
	}
	p.reach(t, 6)
	end()
	if said := p.sentence(); !strings.Contains(said, "The store is busy. Try again in a moment.") {
		t.Errorf("members were told: %s", said)
	}
	once(t, database, workers, s)
}
