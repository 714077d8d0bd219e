package site_test

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/record"
	"dateline/internal/web/site"
)

// runLive runs what pages are told by until the test ends.
func runLive(t *testing.T, e *edition.Edition, now func() time.Time) *site.Live {
	t.Helper()
	l := site.NewLive(e, now, live.Options{})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- l.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		check(t, <-done)
	})
	for range 2000 {
		if _, err := l.Hub().Since(t.Context(), "1-1", []string{"all"}); err == nil {
			return l
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the streams do not open")
	return nil
}

// wire is a kiosk with open pages.
type wire struct {
	*kiosk
	web   *httptest.Server
	clock atomic.Int64
}

func (p *kiosk) wired() *wire {
	w := &wire{kiosk: p}
	w.at("2024-03-22T15:00:00Z")
	l := runLive(p.t, p.edition, func() time.Time { return time.UnixMicro(w.clock.Load()) })
	w.kiosk.web = site.New(p.edition, site.Options{Now: func() time.Time { return p.now }, Log: slog.New(slog.DiscardHandler), Live: l})
	w.web = httptest.NewServer(w.kiosk.web)
	p.t.Cleanup(w.web.Close)
	return w
}

func (w *wire) at(instant string) { w.clock.Store(at(instant).UnixMicro()) }

// page is an open page's stream.
type page struct {
	t  *testing.T
	in *bufio.Reader
}

func (w *wire) open(query string) *page {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "GET", w.web.URL+"/live?"+query, nil)
	check(w.t, err)
	answer, err := http.DefaultClient.Do(r)
	check(w.t, err)
	w.t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || answer.Header.Get("Set-Cookie") != "" || answer.Header.Get("Content-Security-Policy") == "" {
		w.t.Fatal(answer.StatusCode, answer.Header)
	}
	return &page{w.t, bufio.NewReader(answer.Body)}
}

// next returns the next event's name and what its data holds.
func (p *page) next() (name string, data map[string]any) {
	p.t.Helper()
	for {
		line, err := p.in.ReadString('\n')
		check(p.t, err)
		if after, ok := strings.CutPrefix(line, "event: "); ok {
			name = strings.TrimSpace(after)
		}
		if after, ok := strings.CutPrefix(line, "data: "); ok {
			check(p.t, json.Unmarshal([]byte(after), &data))
			return name, data
		}
	}
}

// want reads an event of a kind, and returns its data.
func (p *page) want(name, kind string) map[string]any {
	p.t.Helper()
	got, data := p.next()
	if got != name || kind != "" && data["kind"] != kind {
		p.t.Fatalf("%s %v, want %s %s", got, data, name, kind)
	}
	return data
}

// holds reports whether a field of an event holds words.
func holds(data map[string]any, field, words string) bool {
	s, _ := data[field].(string)
	return strings.Contains(s, words)
}

// TestOpenPagesAreTold follows an article through its life, as its own page and the front
// page of its language are told of it.
func TestOpenPagesAreTold(t *testing.T) {
	w := newKiosk(t).found().print().wired()
	front, own, other := w.open("ch=house.en"), w.open("ch=article.abcdefgh07,section.en.trade"), w.open("ch=house.he,desk.en.desk-l,article.abcdefgh99")
	x := text("en", "new-words", "New words")
	w.add("2024-03-22T20:00:00Z", record.KindArticle, "desk-n", "abcdefgh07", posted(x, record.Posted))
	data := front.want("article", "posted")
	if !holds(data, "card", ">New words</a>") || data["text"] != nil || data["url"] != "/new-words-abcdefgh07" || data["word"] != "Posted" {
		t.Errorf("%v", data)
	}
	if data = own.want("article", "posted"); !holds(data, "card", ">New words</a>") || !holds(data, "text", "fourteen feet") {
		t.Errorf("%v", data)
	}
	x.Section = "city"
	x.Doc[0] = para("b0000001", "The channel is fourteen metres deep.")
	fixed := posted(x, record.Corrected)
	fixed.Correction = &record.Correction{Severity: "correction", Note: "It is metres.", Blocks: []string{"b0000001"}, Was: "feet", Is: "metres"}
	w.add("2024-03-22T20:10:00Z", record.KindArticle, "desk-n", "abcdefgh07", fixed)
	if data = own.want("article", "corrected"); !holds(data, "text", "fourteen metres") || !holds(data, "text", "It is metres.") || !holds(data, "card", "Corrected") {
		t.Errorf("%v", data)
	}
	if data = front.want("article", "corrected"); data["section"] != "city" {
		t.Errorf("%v", data)
	}
	before := w.open("ch=section.en.trade,section.en.city&after=1-" + w.number(-2))
	w.add("2024-03-22T20:20:00Z", record.KindWithdraw, "desk-n", "abcdefgh07", record.Withdraw{Note: "It rested on a rumour."})
	if data = own.want("article", "withdrawn"); !holds(data, "text", "It rested on a rumour.") || holds(data, "text", "fourteen") || data["card"] != nil {
		t.Errorf("%v", data)
	}
	front.want("article", "withdrawn")
	for range 2 {
		before.want("article", "")
	}
	if data = before.want("article", "withdrawn"); data["id"] != "abcdefgh07" {
		t.Errorf("%v", data)
	}
	w.add("2024-03-22T20:30:00Z", record.KindFront, "desk-n", "he", record.Front{Lang: "he"})
	if data = other.want("front", ""); data["lang"] != "he" {
		t.Errorf("others are told of what is not theirs: %v", data)
	}
}

func (w *wire) number(back int64) string {
	b, _ := json.Marshal(w.n + back)
	return string(b)
}

// TestCatchingUpTellsNothingThatWasTakenBack: an article that was killed after a page was
// loaded reaches it as killed, and in no other way.
func TestCatchingUpTellsNothingThatWasTakenBack(t *testing.T) {
	w := newKiosk(t).found().print().wired()
	n := w.add("2024-03-22T20:00:00Z", record.KindArticle, "desk-n", "abcdefgh07", posted(text("en", "dark", "Dark words"), record.Posted))
	live := w.open("ch=house.en&after=1-" + w.number(-1))
	live.want("article", "posted")
	w.add("2024-03-22T20:10:00Z", record.KindKill, "desk-n", "abcdefgh07", record.Kill{Withheld: []int64{n}})
	w.add("2024-03-22T20:20:00Z", record.KindArticle, "desk-n", "abcdefgh08", posted(text("en", "light", "Light words"), record.Posted))
	live.want("article", "killed")
	p := w.open("ch=house.en,article.abcdefgh07&after=1-" + w.number(-3))
	if data := p.want("article", "killed"); data["headline"] != nil && data["headline"] != "" || data["card"] != nil || data["text"] != nil {
		t.Errorf("%v", data)
	}
	p.want("article", "posted")
	if body := w.get("/since/1-" + w.number(-3) + "?ch=house.en,article.abcdefgh07").Body.String(); strings.Contains(body, "Dark") || strings.Contains(body, "fourteen feet") && !strings.Contains(body, "Light words") || !strings.Contains(body, `"killed"`) {
		t.Error(body)
	}
}

// TestNoticesChangeOnOpenPages: at the boundary the new notice is there, by both roads.
func TestNoticesChangeOnOpenPages(t *testing.T) {
	w := newKiosk(t).found().print().wired()
	p := w.open("ch=notice.en.desk-j,notice.he")
	if data := p.want("notice", ""); !holds(data, "html", "until") || data["end"] != "2024-03-22T15:12:00Z" {
		t.Errorf("%v", data)
	}
	p.want("notice", "")
	w.at("2024-03-22T15:12:00Z")
	if data := p.want("notice", ""); !holds(data, "html", "state--rest") || !holds(data, "html", "rests until") {
		t.Errorf("%v", data)
	}
	since := w.get("/since/1-" + w.number(0) + "?ch=notice.en.desk-j")
	for range 1000 { // it may be kept once all of the moment's words were told
		if since.Header().Get("Cache-Control") != "no-cache" {
			break
		}
		time.Sleep(time.Millisecond)
		since = w.get("/since/1-" + w.number(0) + "?ch=notice.en.desk-j")
	}
	if since.Code != 200 || !strings.Contains(since.Body.String(), "rests until") || since.Header().Get("Cache-Control") != "public, max-age=2" || since.Header().Get("ETag") == "" {
		t.Error(since.Code, since.Header(), since.Body)
	}
	if code := w.get("/since/nonsense?ch=house.en"); code.Code != 200 || !strings.Contains(code.Body.String(), `"reset":true`) {
		t.Error(code.Code, code.Body)
	}
	if w.get("/since/1-1").Code != 400 || w.get("/live?ch=NO").Code != 400 {
		t.Error("no channels are asked for, and it answers")
	}
}

// TestWithoutStreams: where pages are told nothing, there are no such addresses.
func TestWithoutStreams(t *testing.T) {
	p := newKiosk(t).found()
	if p.get("/live?ch=house.en").Code != 404 || p.get("/since/1-1?ch=house.en").Code != 404 {
		t.Error("it answers without streams")
	}
}

// TestQuietPagesAreNotTooOld: an article's page that nothing changed is told so after any
// number of entries about others; one that something changed begins anew.
func TestQuietPagesAreNotTooOld(t *testing.T) {
	w := newKiosk(t).found().print().wired()
	place := w.number(0)
	for range live.MaxBehind + 20 {
		w.add("2024-03-22T20:00:00Z", record.KindFront, "desk-n", "he", record.Front{Lang: "he"})
	}
	quiet, list := "ch=all,notice.en,article."+harbour, "ch=house.en,article."+harbour
	w.open(quiet+"&after=1-"+place).want("notice", "")
	w.open(list+"&after=1-"+place).want("reset", "")
	w.open(quiet+"&after=1-9").want("reset", "") // before it was posted
	if body := w.get("/since/1-" + place + "?" + quiet).Body.String(); strings.Contains(body, "reset") || !strings.Contains(body, `"events":[]`) {
		t.Error(body)
	}
	p := w.open(quiet + "&after=1-" + place)
	p.want("notice", "")
	w.add("2024-03-22T20:10:00Z", record.KindArticle, "desk-n", harbour, posted(lead(), record.Updated))
	p.want("article", "updated")
	w.add("2024-03-22T20:20:00Z", record.KindPicture, "desk-n", "pic0000001", record.Picture{Withdrawn: true})
	if data := p.want("picture", ""); data["id"] != "pic0000001" {
		t.Errorf("%v", data)
	}
	w.open(quiet+"&after=1-"+place).want("reset", "")
}
