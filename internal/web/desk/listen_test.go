package desk_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/web/desk"
)

// inBubble opens a newsroom whose pages are told what changes, where time passes at once.
func inBubble(t *testing.T, test func(t *testing.T, n *newsroomAt)) {
	synctest.Test(t, func(t *testing.T) {
		n := openAt(t, storetest.SQLite(t)) // a server's sockets would keep time from passing
		quiet := slog.New(slog.DiscardHandler)
		l := desk.NewListening(n.room, quiet)
		n.web = desk.New(n.room, desk.Options{Log: quiet, ReadersAddress: "http://localhost:8080", Listening: l})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Run(ctx) }()
		synctest.Wait()
		test(t, n)
		stop()
		check(t, <-done)
	})
}

// ear is the answer to a page that listens.
type ear struct {
	header http.Header
	closed context.CancelFunc
	done   chan struct{} // closed when the answer has ended

	mu     sync.Mutex
	status int
	got    bytes.Buffer
}

func (e *ear) Header() http.Header              { return e.header }
func (e *ear) Flush()                           {}
func (e *ear) SetReadDeadline(time.Time) error  { return nil }
func (e *ear) SetWriteDeadline(time.Time) error { return nil }

func (e *ear) WriteHeader(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

func (e *ear) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.got.Write(b)
}

// heard is what was told until all is quiet.
func (e *ear) heard() string {
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.got.String()
}

func (e *ear) ended() bool {
	synctest.Wait()
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// listens opens a stream of channels.
func (b *browser) listens(channels string) *ear {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	e := &ear{header: http.Header{}, closed: cancel, done: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/listen?ch="+channels, nil)
	r.Header.Set("Cookie", b.cookie)
	go func() {
		defer close(e.done)
		defer cancel()
		b.web.ServeHTTP(e, r)
	}()
	synctest.Wait()
	return e
}

// acting is somebody as a person who has just proved who they are.
func (n *newsroomAt) acting(name string) newsroom.Who {
	n.t.Helper()
	who, err := n.room.Acting(n.t.Context(), name)
	check(n.t, err)
	who.AuthAt = n.room.Now()
	return who
}

// passes has time pass by the house's clock, whoever looks at it meanwhile.
func (n *newsroomAt) passes(d time.Duration) { n.late.Add(int64(d)) }

// hire makes a member with a role at New York and one at London.
func (n *newsroomAt) hire(name string) *browser {
	n.t.Helper()
	_, err := n.room.AddMember(n.t.Context(), name, false, []string{"new-york:editor", "london:reporter"}, 0)
	check(n.t, err)
	return n.signIn(name)
}

func TestOpenPagesAreToldWhatChanged(t *testing.T) {
	inBubble(t, func(t *testing.T, n *newsroomAt) {
		b := n.hire("Noor Haddad")
		ny := string(n.desk("new-york").ID)
		board, tray, other := b.listens("board."+ny+",tray,house"), b.listens("tray,house"), b.listens("board."+string(n.desk("london").ID)+",house")
		b.begin("A headline that no stream carries")
		id, _, _ := strings.Cut(strings.TrimPrefix(b.path, "/stories/"), "?")
		time.Sleep(time.Second)
		if got := board.heard(); !strings.Contains(got, "event: desk\ndata: {\"id\":\""+ny+"\"}\n") || strings.Contains(got, "headline") {
			t.Errorf("the board is told %q", got)
		}
		editor := b.listens("story." + id + ",house")
		_, form := b.form("save")
		form["f.headline"] = []string{"Another headline that no stream carries"}
		b.post("/stories/"+id+"/save", form)
		time.Sleep(time.Second)
		if got := editor.heard(); !strings.Contains(got, "event: story\ndata: {\"id\":\""+id+"\"}\n") || strings.Contains(got, "headline") {
			t.Errorf("the editor is told %q", got)
		}
		check(t, n.db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.PutWireItem(store.WireItem{Source: "northwind", GUID: "new", Kind: "text", Newest: 1, CameAt: n.now})
			return err
		}))
		time.Sleep(time.Second)
		if got := tray.heard(); strings.Count(got, "event: tray") != 1 || strings.Contains(got, "event: desk") {
			t.Errorf("the tray is told %q", got)
		}
		if got := other.heard(); strings.Contains(got, "event: desk") || strings.Contains(got, "event: tray") {
			t.Errorf("the board of another desk is told %q", got)
		}
		for _, e := range []*ear{board, tray, other, editor} {
			e.closed()
		}
		synctest.Wait()
	})
}

// TestAStreamEndsWithTheRightToIt: within five seconds of what takes it away; and what
// happens before it ends is not told any more (I-40).
func TestAStreamEndsWithTheRightToIt(t *testing.T) {
	for name, takes := range map[string]func(n *newsroomAt, b *browser, id int64) error{
		"nothing": nil,
		"signing out": func(_ *newsroomAt, b *browser, _ int64) error {
			cookie := b.cookie
			b.post("/sign-out", nil)
			b.cookie = cookie
			return nil
		},
		"the session's time": func(n *newsroomAt, _ *browser, _ int64) error { n.passes(12 * time.Hour); return nil },
		"an administrator who closes the account": func(n *newsroomAt, _ *browser, id int64) error {
			return n.room.CloseMember(n.t.Context(), n.acting("Tamar Shohat"), n.room.NewKey(), id, true)
		},
		"the operator who closes it": func(n *newsroomAt, _ *browser, _ int64) error {
			return n.room.DisableMember(n.t.Context(), "Noor Haddad")
		},
		"one role less": func(n *newsroomAt, _ *browser, id int64) error {
			return n.room.ChangeMember(n.t.Context(), n.acting("Tamar Shohat"), n.room.NewKey(), id, false, []store.Role{{Desk: n.desk("london").ID, Role: "reporter"}})
		},
	} {
		inBubble(t, func(t *testing.T, n *newsroomAt) {
			b := n.hire("Noor Haddad")
			channels := "board." + string(n.desk("new-york").ID) + ",tray,house"
			e, quiet := b.listens(channels), b.listens("house") // where nothing is told
			time.Sleep(time.Second)                             // no heart beats in the five seconds after it
			if e.ended() || e.status != http.StatusOK {
				t.Fatalf("%s: %d", name, e.status)
			}
			if takes != nil {
				check(t, takes(n, b, n.acting("Noor Haddad").Member))
			}
			before := e.heard()
			_, err := n.room.Start(t.Context(), n.acting("Leah Brandt"), newsroom.Beginning{Key: n.room.NewKey(), Desk: n.desk("new-york").ID, Lang: "en"})
			check(t, err)
			told := strings.Count(e.heard(), "event: desk") - strings.Count(before, "event: desk")
			time.Sleep(5 * time.Second)
			if takes == nil {
				if e.ended() || told == 0 {
					t.Errorf("with all its rights a stream ended, or was told %d", told)
				}
				e.closed()
				quiet.closed()
				return
			}
			if told != 0 || !e.ended() || !quiet.ended() {
				t.Errorf("%s: told %d, ended %v, a quiet one %v", name, told, e.ended(), quiet.ended())
			}
			e = b.listens(channels)
			if name == "one role less" {
				if e.ended() {
					t.Errorf("%s: it may not return: %d", name, e.status)
				}
				e.closed()
			} else if !e.ended() || e.status == http.StatusOK {
				t.Errorf("%s: it returned: %d", name, e.status)
			}
			synctest.Wait()
		})
	}
}

// TestWhoMayListen by the table of authority.
func TestWhoMayListen(t *testing.T) {
	inBubble(t, func(t *testing.T, n *newsroomAt) {
		id, err := n.room.Start(t.Context(), n.acting("Leah Brandt"), newsroom.Beginning{Key: n.room.NewKey(), Desk: n.desk("new-york").ID, Lang: "en"})
		check(t, err)
		_, err = n.room.AddMember(t.Context(), "Nobody Yet", false, nil, 0)
		check(t, err)
		editor, nobody := n.hire("Noor Haddad"), n.signIn("Nobody Yet")
		for _, x := range []struct {
			b        *browser
			channels string
			status   int
		}{
			{nobody, "house", 200},
			{nobody, "tray", 403}, {nobody, "house,tray", 403}, {nobody, "board." + string(n.desk("new-york").ID), 403}, {nobody, "story." + string(id), 403},
			{editor, "story." + string(id), 200}, {editor, "tray", 200},
			{editor, "story.0000000000", 403}, {editor, "board", 400}, {editor, "audit", 400}, {editor, "", 400}, {editor, "TRAY", 400},
		} {
			e := x.b.listens(x.channels)
			if e.status != x.status {
				t.Errorf("%q: %d, not %d", x.channels, e.status, x.status)
			}
			e.closed()
		}
		synctest.Wait()
	})
}

// TestWhoHasAStoryOpen is told to those who may read it, while their pages are there.
func TestWhoHasAStoryOpen(t *testing.T) {
	inBubble(t, func(t *testing.T, n *newsroomAt) {
		noor, leah := n.hire("Noor Haddad"), n.signIn("Leah Brandt")
		leah.begin("Two at one story")
		id, _, _ := strings.Cut(strings.TrimPrefix(leah.path, "/stories/"), "?")
		here := func(b *browser) string { b.get("/stories/" + id + "/here?seen=" + attrOf(t, leah, id)); return b.body }
		ch := "story." + id + ",house"
		l := leah.listens(ch)
		r := noor.listens(ch)
		if got := l.heard(); strings.Count(got, "event: here") == 0 || strings.Contains(got, "Noor") {
			t.Errorf("told %q", got)
		}
		const words = "Noor Haddad</bdi> has this open, since 10:00."
		if got := here(leah); !strings.Contains(got, words) || strings.Contains(got, "Leah") {
			t.Errorf("Leah sees %q", got)
		}
		r.closed() // the page is loaded anew
		n.passes(10 * time.Minute)
		time.Sleep(5 * time.Second)
		r = noor.listens(ch)
		time.Sleep(30 * time.Second)
		if got := here(leah); !strings.Contains(got, words) {
			t.Errorf("after it was loaded anew Leah sees %q", got)
		}
		told := strings.Count(l.heard(), "event: here")
		r.closed()
		time.Sleep(16 * time.Second)
		if got := here(leah); strings.Contains(got, "Noor") || strings.Count(l.heard(), "event: here") != told+1 {
			t.Errorf("after she left Leah sees %q", got)
		}
		l.closed()
		time.Sleep(16 * time.Second)
	})
}

// attrOf is the stamp of the text as a page draws it now.
func attrOf(t *testing.T, b *browser, id string) string {
	t.Helper()
	b.get("/stories/" + id)
	stamp := between(b.body, `data-seen="`, `"`)
	if stamp == "" {
		t.Fatal("the page has no stamp")
	}
	return stamp
}

// TestAStreamLastsAMinute: a page that is gone without a word does not stay.
func TestAStreamLastsAMinute(t *testing.T) {
	inBubble(t, func(t *testing.T, n *newsroomAt) {
		b := n.hire("Noor Haddad")
		e := b.listens("tray")
		time.Sleep(59 * time.Second)
		if e.ended() {
			t.Error("it ended early")
		}
		if time.Sleep(2 * time.Second); !e.ended() {
			t.Error("it goes on")
		}
	})
}

// TestAnEditorIsToldOfANewerText, by whoever saved it, also where both texts are kept.
func TestAnEditorIsToldOfANewerText(t *testing.T) {
	n := open(t)
	n.web = desk.New(n.room, desk.Options{Log: slog.New(slog.DiscardHandler), ReadersAddress: "http://localhost:8080", Listening: desk.NewListening(n.room, slog.New(slog.DiscardHandler))})
	noor, leah := n.hire("Noor Haddad"), n.signIn("Leah Brandt")
	leah.begin("The ferry leaves")
	id, _, _ := strings.Cut(strings.TrimPrefix(leah.path, "/stories/"), "?")
	stamp := attrOf(t, leah, id)
	asks := func() string { leah.get("/stories/" + id + "/here?seen=" + stamp); return leah.body }
	if got := asks(); strings.Contains(got, "saved") {
		t.Errorf("before anybody saved: %q", got)
	}
	save := func(who string, base int, words string) {
		n.now = n.now.Add(time.Minute)
		_, err := n.room.Save(t.Context(), n.acting(who), newsroom.Saving{Key: n.room.NewKey(), Article: story.ArticleID(id), Parts: []newsroom.PartSave{{Part: "headline", Base: base, Body: []byte(`"` + words + `"`)}}})
		check(t, err)
	}
	v, err := n.room.Story(t.Context(), n.acting("Noor Haddad"), story.ArticleID(id))
	check(t, err)
	base := v.Parts["headline"].Version
	save("Noor Haddad", base, "The ferry is late")
	if got := asks(); !strings.Contains(got, "Noor Haddad saved another text at 10:01.") {
		t.Errorf("after Noor saved: %q", got)
	}
	stamp = attrOf(t, leah, id)
	if got := asks(); strings.Contains(got, "saved") {
		t.Errorf("with the newest text: %q", got)
	}
	save("Leah Brandt", base, "The ferry is early") // in another tab, which saw only the first
	if got := asks(); !strings.Contains(got, "You saved another text at 10:02.") {
		t.Errorf("after a second text: %q", got)
	}
	noor.get("/stories/" + id + "/here")
	if noor.status != http.StatusOK || strings.Contains(noor.body, "saved") {
		t.Errorf("without a stamp: %d %q", noor.status, noor.body)
	}
}
