package mirror_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/zone"
)

var quiet = slog.New(slog.DiscardHandler)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A house is an origin: a newsroom with its week posted, its edition, and its readers'
// site on a real socket.
type house struct {
	t       testing.TB
	now     time.Time
	key     record.Key
	db      *store.DB
	room    *newsroom.Room
	edition *edition.Edition
	setup   newsroom.Setup
	web     http.Handler
	server  *httptest.Server
	volume  int64 // volumes begun after the first
}

func newHouse(t testing.TB) *house {
	t.Helper()
	secret, err := record.NewKey(record.LogName("localhost:8080", 1, rand.Reader), rand.Reader)
	check(t, err)
	key, err := record.ParseKey(secret)
	check(t, err)
	return newHouseOf(t, key)
}

// newHouseOf is a house whose record is signed with a key.
func newHouseOf(t testing.TB, key record.Key) *house {
	t.Helper()
	h := &house{t: t, now: demo.Begin, key: key}
	db, err := store.Open(t.Context(), storetest.Address(t), store.Options{Now: func() clock.Reading {
		return clock.Reading{Wall: h.now, Boot: h.now.Sub(demo.Begin) + time.Hour, BootID: "test"}
	}})
	check(t, err)
	h.db = db
	t.Cleanup(func() { check(t, db.Close()) })
	db.SetKey(h.key)
	h.room = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: filepath.Join(t.TempDir(), "pictures"), Log: quiet})
	h.setup, err = demo.Setup("http://localhost:8080")
	check(t, err)
	h.setup.Log, h.setup.Key = h.key.Log(), h.key.Verifier()
	check(t, h.room.SetUp(t.Context(), h.setup))
	check(t, demo.AddPeople(t.Context(), h.room))
	h.edition, err = edition.Open(t.Context(), t.TempDir(), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition, Log: quiet})
	check(t, err)
	t.Cleanup(func() { check(t, h.edition.Close()) })
	h.catchUp()
	h.web = site.New(h.edition, site.Options{Now: func() time.Time { return demo.Begin }, Log: quiet})
	h.server = httptest.NewServer(h.web)
	t.Cleanup(h.server.Close)
	return h
}

func (h *house) catchUp() { h.t.Helper(); check(h.t, h.edition.CatchUp(h.t.Context(), h.db)) }

// week posts the stories of a week.
func (h *house) week() *house {
	h.t.Helper()
	check(h.t, demo.Week{Room: h.room, MoveTo: func(ctx context.Context, at time.Time) error {
		if at.After(h.now) {
			h.now = at
		}
		_, err := h.room.Step(ctx)
		return err
	}}.Post(h.t.Context()))
	h.catchUp()
	return h
}

// more appends so many entries.
func (h *house) more(entries int) *house {
	h.t.Helper()
	for range entries {
		h.now = h.now.Add(time.Millisecond)
		h.setup.House.Masthead = record.Words{"en": h.now.String()}
		check(h.t, h.room.Reconcile(h.t.Context(), h.setup))
	}
	h.catchUp()
	return h
}

// turn begins a volume under a new key. known is the newest checkpoint that is known of the
// one before, nil for the house's own.
func (h *house) turn(known []byte) *house {
	h.t.Helper()
	h.volume++
	secret, err := record.NewKey(record.LogName("localhost:8080", h.volume+1, rand.Reader), rand.Reader)
	check(h.t, err)
	h.key, err = record.ParseKey(secret)
	check(h.t, err)
	h.now = h.now.Add(time.Second)
	cause := record.KeyChange
	if known != nil {
		cause = record.Restored
	}
	h.db.SetKey(h.key)
	check(h.t, h.room.BeginVolume(h.t.Context(), h.key, cause, known, 0))
	h.catchUp()
	return h
}

// kill kills the newest story that can be read.
func (h *house) kill() (id story.ArticleID) {
	h.t.Helper()
	all, err := h.edition.After(h.t.Context(), 0, 10000)
	check(h.t, err)
	for _, e := range all {
		if e.Kind == record.KindArticle && e.Readable() {
			id = story.ArticleID(e.Subject)
		}
	}
	who, err := h.room.Acting(h.t.Context(), "Leah Brandt")
	check(h.t, err)
	h.now = h.now.Add(time.Second)
	_, err = h.room.File(h.t.Context(), who, newsroom.Filing{Key: fmt.Sprintf("a-key-of-a-kill-%d", len(all)), Article: id, What: story.Kill, Base: -1})
	check(h.t, err)
	h.catchUp()
	return id
}

// A reply is what a proxy got from the origin, and may change before it passes it on.
type reply struct {
	path   string // with its query
	status int
	header http.Header
	body   []byte
	length int // what the proxy says that the body's length is; -1: what it is
}

// A proxy stands between an origin and whoever reads it, and changes what it likes.
type proxy struct {
	to     string
	server *httptest.Server

	mu     sync.Mutex
	change func(*reply)
	asked  []string
}

func newProxy(t testing.TB, to string) *proxy {
	p := &proxy{to: to}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p
}

// set has the proxy change answers from now on; nil: pass them on.
func (p *proxy) set(change func(*reply)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change, p.asked = change, nil
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.RequestURI()
	p.mu.Lock()
	change := p.change
	p.asked = append(p.asked, path)
	p.mu.Unlock()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, p.to+path, nil)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if change == nil {
		req.Header = r.Header.Clone()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(http.ErrAbortHandler) // the reader sees a connection that ends
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil {
		panic(http.ErrAbortHandler)
	}
	a := &reply{path, resp.StatusCode, resp.Header, body, -1}
	if change != nil {
		a.header.Del("ETag")
		change(a)
	}
	a.header.Del("Content-Length")
	if a.length >= 0 {
		a.header.Set("Content-Length", fmt.Sprint(a.length))
	}
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the reader may have left
}

func (r *reply) is(prefix string) bool { return strings.HasPrefix(r.path, prefix) }

// lines are the lines of a page of entries.
func (r *reply) lines() [][]byte { return bytes.SplitAfter(r.body, []byte("\n")) }

// A follower is a mirror in this process: a source and the edition that follows it.
type follower struct {
	t       testing.TB
	folder  string
	source  *mirror.Source
	edition *edition.Edition
}

func follow(t testing.TB, address, folder, key string) (*follower, error) {
	t.Helper()
	origin, err := mirror.At(address)
	check(t, err)
	mirror.SetPatience(origin, 2*time.Second)
	f := &follower{t: t, folder: folder}
	if f.source, err = mirror.Follow(t.Context(), origin, filepath.Join(folder, "origin.json"), key); err != nil {
		return nil, err
	}
	f.edition, err = edition.Open(t.Context(), filepath.Join(folder, "edition"), edition.Options{Zone: zone.Built().Load, Renditions: origin.Rendition, Log: quiet})
	check(t, err)
	t.Cleanup(func() { _ = f.edition.Close() }) // a test may have closed it
	return f, nil
}

// catchUp looks once, now.
func (f *follower) catchUp() error {
	mirror.Impatient(f.source)
	return f.edition.CatchUp(f.t.Context(), f.source)
}

// same fails unless the mirror is the origin's edition to the byte, pages and all.
func (f *follower) same(h *house) {
	f.t.Helper()
	want, err := h.edition.Digest(f.t.Context())
	check(f.t, err)
	got, err := f.edition.Digest(f.t.Context())
	check(f.t, err)
	if got != want || f.edition.Applied() != h.edition.Applied() {
		f.t.Fatalf("the mirror has %d entries and digest %s, its origin %d and %s", f.edition.Applied(), got, h.edition.Applied(), want)
	}
	web := site.New(f.edition, site.Options{Now: func() time.Time { return demo.Begin }, Log: quiet})
	for _, path := range []string{"/", "/he", "/feed.atom", "/coverage", "/checkpoint", "/record/1/checkpoint", "/record/1/tile/0/000", "/record/1?after=40"} {
		ask := func(h http.Handler) string {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			return fmt.Sprint(w.Code, w.Body)
		}
		if ask(web) != ask(h.web) {
			f.t.Errorf("%s is another page on the mirror", path)
		}
	}
}

// honest fails if the mirror shows anything that its origin does not.
func (f *follower) honest(h *house) {
	f.t.Helper()
	theirs, err := f.edition.After(f.t.Context(), 0, 100000)
	check(f.t, err)
	h.has(theirs)
}

// has fails unless entries are the first ones of the house's record.
func (h *house) has(theirs []record.Entry) {
	h.t.Helper()
	ours, err := h.edition.After(h.t.Context(), 0, len(theirs))
	check(h.t, err)
	for i, e := range theirs {
		if i >= len(ours) || !bytes.Equal(e.Leaf(), ours[i].Leaf()) || !bytes.Equal(e.Content, ours[i].Content) || e.GoneBy != ours[i].GoneBy {
			h.t.Fatalf("there is an entry %d that the house does not have", e.N)
		}
	}
}

// walk begins a source of its own on an address, and reads all that leaves it.
func walk(t testing.TB, address string) (all []record.Entry, err error) {
	t.Helper()
	origin, err := mirror.At(address)
	check(t, err)
	mirror.SetPatience(origin, 2*time.Second)
	s, err := mirror.Follow(t.Context(), origin, filepath.Join(t.TempDir(), "origin.json"), "")
	if err != nil {
		return nil, err
	}
	for n := int64(0); ; n = all[len(all)-1].N {
		page, err := s.After(t.Context(), n, 200)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all = append(all, page...)
	}
}
