package main_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"
	_ "modernc.org/sqlite"
)

// What a server acknowledged is there after it was killed, or its disk failed: every save,
// every upload, and every posting, once. Workers play members by the newsroom's real
// forms and note each answer that reached them; after each fault the house is started
// again and all that was noted is looked up.

// A worker is a member at work. What it was told is its own; nothing else is.
type worker struct {
	room    string
	client  *http.Client
	name    string
	told    map[string]*noted // by story
	pending func() error      // sends the form again that got no answer
	asks    func()            // called before each request, if set
}

// noted is what the newsroom acknowledged of a story.
type noted struct {
	headline  string
	attempted string // a headline that was sent and not answered
	pictures  int
	posted    bool
}

// page is an answer, with the forms in it.
type page struct {
	body string
	at   *url.URL
}

func (w *worker) get(path string) (page, error) {
	w.about()
	resp, err := w.client.Get(w.room + path)
	return answer(resp, err)
}

func (w *worker) about() {
	if w.asks != nil {
		w.asks()
	}
}

func answer(resp *http.Response, err error) (page, error) {
	if err != nil {
		return page{}, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return page{}, err
	}
	if resp.StatusCode >= 300 {
		return page{}, &refused{resp.StatusCode, string(body)}
	}
	return page{string(body), resp.Request.URL}, nil
}

// refused is an answer that is a refusal: the server lives and did nothing.
type refused struct {
	status int
	body   string
}

func (r *refused) Error() string { return fmt.Sprintf("status %d: %.300s", r.status, r.body) }

// send fills in a form as a browser would, and keeps it for sending again until an answer
// comes.
func (w *worker) send(p page, id string, set func(url.Values)) (page, error) {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return page{}, err
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" || attr(n, "id") != id {
			continue
		}
		form := (&script{}).fields(n)
		set(form)
		to, err := p.at.Parse(attr(n, "action"))
		if err != nil {
			return page{}, err
		}
		post := func() (page, error) { return answer(w.client.PostForm(to.String(), form)) }
		w.pending = func() error { _, err := post(); return err }
		w.about()
		q, err := post()
		if err == nil {
			w.pending = nil
		}
		return q, err
	}
	return page{}, fmt.Errorf("there is no form %q on %s: %.300s", id, p.at, p.body)
}

var storyPath = regexp.MustCompile(`^/stories/([0-9a-z]{10})`)

// round starts a story, writes it, uploads a picture, and posts it.
func (w *worker) round(number int) error {
	board, err := w.get("/desk/new-york")
	if err != nil {
		return err
	}
	p, err := w.send(board, "start", func(f url.Values) { f.Set("lang", "en") })
	if err != nil {
		return err
	}
	m := storyPath.FindStringSubmatch(p.at.Path)
	if m == nil {
		return fmt.Errorf("a new story leads to %s", p.at)
	}
	id := m[1]
	w.told[id] = &noted{}
	for save := range 3 {
		w.told[id].attempted = fmt.Sprintf("Tide %s %d, draft %d", w.name, number, save)
		if p, err = w.send(p, "save", func(f url.Values) {
			f.Set("f.headline", w.told[id].attempted)
			f.Set("f.section", "world")
			f.Set("do", "save")
		}); err != nil {
			return err
		}
		w.told[id].headline = w.told[id].attempted
	}
	if number%3 == 0 {
		if err := w.upload(id); err != nil {
			return err
		}
		w.told[id].pictures++
		return nil // without a credit it cannot be posted
	}
	if p, err = w.send(p, "save", func(f url.Values) { f.Set("do", "insert:") }); err != nil {
		return err
	}
	if p, err = w.send(p, "save", writeFirst); err != nil {
		return err
	}
	if _, err = w.send(p, "publish", func(f url.Values) { f.Set("noundo", "on") }); err != nil {
		return err
	}
	w.told[id].posted = true
	return nil
}

// writeFirst writes words into the first block of a text.
func writeFirst(f url.Values) {
	for name, values := range f {
		if strings.HasPrefix(name, "b.") && len(values) > 1 {
			values[1] = "The ferry waits for the tide."
		}
	}
	f.Set("do", "save")
}

func (w *worker) upload(id string) error {
	p, err := w.get("/stories/" + id)
	if err != nil {
		return err
	}
	key := regexp.MustCompile(`id="upload"[^>]*>.*?name="key" value="([^"]+)"`).FindStringSubmatch(p.body)
	if key == nil {
		return errors.New("the upload form has no key")
	}
	var picture, body bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		return err
	}
	form := multipart.NewWriter(&body)
	_ = form.WriteField("key", key[1]) // a bytes.Buffer does not fail
	file, err := form.CreateFormFile("picture", "tide.jpg")
	if err != nil {
		return err
	}
	_, _ = file.Write(picture.Bytes())
	_ = form.Close()
	w.about()
	_, err = answer(w.client.Post(w.room+"/stories/"+id+"/pictures", form.FormDataContentType(), bytes.NewReader(body.Bytes())))
	return err
}

// work goes on until the server is gone or refuses.
func (w *worker) work(from int) error {
	for number := from; ; number++ {
		if err := w.round(number); err != nil {
			return err
		}
	}
}

// check looks up all that the worker was told.
func (w *worker) check(t *testing.T, readers string) {
	t.Helper()
	for id, n := range w.told {
		p, err := w.get("/stories/" + id)
		if err != nil {
			t.Errorf("the story %s (%q) is gone: %v", id, n.headline, err)
			continue
		}
		if !strings.Contains(p.body, n.headline) && (n.attempted == "" || !strings.Contains(p.body, n.attempted)) {
			t.Errorf("%s lost its words %q", id, n.headline)
		}
		if got := strings.Count(p.body, `id="picture-`); got < n.pictures {
			t.Errorf("%s has %d pictures, %d were acknowledged", id, got, n.pictures)
		}
		if !n.posted {
			continue
		}
		if public, err := answer(http.Get(readers + "/" + id)); err != nil || !strings.Contains(public.body, n.headline) {
			t.Errorf("%s was posted and is not what readers see: %v", id, err)
		}
	}
}

// A house under faults: the demo in its folder, and members at work.
type house struct {
	*script
	workers []*worker
}

func newHouse(t *testing.T) *house {
	h := &house{script: newScript(t)}
	for i := range 3 {
		h.workers = append(h.workers, &worker{room: h.room, client: h.member, name: itoa(i + 1), told: map[string]*noted{}})
	}
	return h
}

// load has the members work until the server is gone, and returns the errors they met.
func (h *house) load(from int) []error {
	errs := make([]error, len(h.workers))
	var all sync.WaitGroup
	for i, w := range h.workers {
		all.Go(func() { errs[i] = w.work(from) })
	}
	all.Wait()
	return errs
}

// again starts the house anew and checks it.
func (h *house) again() {
	h.t.Helper()
	h.start()
	for _, w := range h.workers {
		w.client, w.asks = h.member, nil
	}
	h.check()
	h.dateline("record", "verify", "--data", h.data)
}

// check sends the forms again that got no answer, which must be taken now, and looks up
// all that was acknowledged.
func (h *house) check() {
	h.t.Helper()
	for _, w := range h.workers {
		if w.pending != nil {
			if err := w.pending(); err != nil {
				h.t.Errorf("sending again: %v", err)
			}
			w.pending = nil
		}
		w.check(h.t, h.readers)
	}
}

// worksOn has every member post one more story.
func (h *house) worksOn() {
	h.t.Helper()
	for _, w := range h.workers {
		if err := w.round(100_001); err != nil { // a number that posts
			h.t.Errorf("after all that: %v", err)
		}
	}
}

// postedOnce fails if the record names a new article twice: none was ever updated.
func (h *house) postedOnce() {
	h.t.Helper()
	h.stop()
	db := openStore(h.t, h.data)
	defer db.Close()
	entries := map[string]int{}
	rows, err := db.Query(`SELECT subject FROM record WHERE kind = 'article'`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			h.t.Fatal(err)
		}
		entries[id]++
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	posted := 0
	for _, w := range h.workers {
		for id, n := range w.told {
			if entries[id] > 1 || n.posted && entries[id] != 1 {
				h.t.Errorf("%s is in the record %d times", id, entries[id])
			}
			posted += entries[id]
		}
	}
	stories := 0
	for _, w := range h.workers {
		stories += len(slices.Collect(maps.Keys(w.told)))
	}
	h.t.Logf("%d stories, %d posted", stories, posted)
	if posted == 0 {
		h.t.Error("nothing was posted: the test tests nothing")
	}
}

// openStore opens the store of a house that is stopped.
func openStore(t *testing.T, data string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "newsroom.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// killAfter kills the server while it works on one of the next requests, whichever.
func (h *house) killAfter(requests int) {
	process := h.cmd.Process
	var left atomic.Int64
	left.Store(int64(requests))
	for _, w := range h.workers {
		w.asks = func() {
			if left.Add(-1) == 0 {
				time.AfterFunc(time.Duration(rand.IntN(8000))*time.Microsecond, func() { _ = process.Kill() })
			}
		}
	}
}

// TestKilledAtWork kills the server at random while members work.
func TestKilledAtWork(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for cycle := range 8 {
		h.killAfter(1 + rand.IntN(60))
		for _, err := range h.load(cycle * 1000) {
			var r *refused
			if errors.As(err, &r) {
				t.Errorf("refused before the kill: %v", err)
			}
		}
		_ = h.cmd.Wait()
		h.again()
	}
	h.postedOnce()
}

// strace runs the server with faults injected into its system calls from here on.
func (h *house) strace(inject ...string) *exec.Cmd {
	h.t.Helper()
	args := []string{"-f", "-qq", "-o", "/dev/null", "-p", fmt.Sprint(h.cmd.Process.Pid)}
	var calls []string
	for _, fault := range inject {
		calls = append(calls, strings.SplitN(fault, ":", 2)[0])
		args = append(args, "-e", "inject="+fault)
	}
	tracer := exec.Command("strace", append(args, "-e", "trace="+strings.Join(calls, ","))...)
	tracer.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	tracer.Stderr = os.Stderr
	if err := tracer.Start(); err != nil {
		h.t.Fatal(err)
	}
	return tracer
}

func needStrace(t *testing.T) {
	if _, err := exec.LookPath("strace"); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("strace is not here; make deps installs it")
	}
	t.Skip("not run for want of strace; make deps installs it")
}

// TestDiskFails has fsync fail once: the process ends at once, for nothing that the disk
// says after that can be believed, and what it had acknowledged is there.
func TestDiskFails(t *testing.T) {
	needStrace(t)
	t.Parallel()
	h := newHouse(t)
	for cycle, when := range []int{1, 2, 4, 9, 20} {
		tracer := h.strace(fmt.Sprintf("fsync,fdatasync:error=EIO:when=%d", when))
		h.load(cycle * 1000)
		hung := time.AfterFunc(20*time.Second, func() { _ = h.cmd.Process.Kill() })
		_ = h.cmd.Wait() // its exit status is the state
		hung.Stop()
		if h.cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("after a failed fsync the process ends with %v", h.cmd.ProcessState)
		}
		_ = tracer.Wait()
		h.again()
	}
	h.postedOnce()
}

// TestDiskFull has writes fail for want of room: they are refused, readers are served on,
// and with room again the house goes on, in the same process or the next.
func TestDiskFull(t *testing.T) {
	needStrace(t)
	t.Parallel()
	h := newHouse(t)
	for cycle, when := range []int{1, 5, 25} {
		tracer := h.strace(fmt.Sprintf("pwrite64:error=ENOSPC:when=%d+", when))
		for _, err := range h.load(cycle * 1000) {
			var r *refused
			if !errors.As(err, &r) || r.status != http.StatusServiceUnavailable && r.status != http.StatusInsufficientStorage {
				t.Errorf("on a full disk: %v", err)
			}
		}
		if _, err := answer(http.Get(h.readers + "/")); err != nil {
			t.Errorf("readers of a house with a full disk: %v", err)
		}
		_ = tracer.Process.Signal(os.Interrupt) // strace lets go of the server
		_ = tracer.Wait()
		h.check()
		h.worksOn()
		_ = h.cmd.Process.Kill()
		_ = h.cmd.Wait()
		h.again()
	}
	h.postedOnce()
}
