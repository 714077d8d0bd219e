package site_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/web/site"
)

// TestACrowdWaitsForNoPlace fills the places of those who read the edition, with everything
// that reads it held up. Who comes then is sent away, in words that nobody keeps; what is
// ready is still given; a story is posted all the while, and no page of before is shown after
// it. PROMISES.md, I-52.
func TestACrowdWaitsForNoPlace(t *testing.T) {
	p := newKiosk(t).found().print()
	const places = 3
	p.web = site.New(p.edition, site.Options{Now: func() time.Time { return p.now }, Log: slog.New(slog.NewTextHandler(&p.log, nil)), Places: places})
	if p.get("/").Code != http.StatusOK || p.get("/coverage").Code != http.StatusOK {
		t.Fatal("before the crowd")
	}
	letGo := p.holdUp()
	var waiting sync.WaitGroup
	came := make(chan int, places)
	for _, path := range []string{"/s/trade", "/s/city", "/desk/london"} {
		waiting.Go(func() { came <- p.get(path).Code })
	}
	for deadline := time.Now().Add(time.Minute); site.Crowd(p.web) < places; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the crowd does not come")
		}
	}
	if w := p.get("/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Harbour board votes") {
		t.Errorf("what is ready: %d", w.Code)
	}
	turnedAway(t, p, "/corrections", "Many people are reading")
	turnedAway(t, p, "/he/corrections", "קוראים רבים")
	turnedAway(t, p, "/no-such-page", "Many people are reading")

	p.add("2024-03-22T19:30:00Z", record.KindArticle, "desk-n", never, posted(text("en", "posted-in-the-crowd", "Posted in the crowd"), record.Posted))
	if p.edition.Applied() != p.n {
		t.Error("the story is not there")
	}
	turnedAway(t, p, "/", "Many people are reading")
	if p.get("/coverage").Code != http.StatusOK {
		t.Error("a page without the story left")
	}
	letGo()
	waiting.Wait()
	for range places {
		if code := <-came; code != http.StatusOK {
			t.Errorf("who had a place got %d", code)
		}
	}
	if w := p.get("/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Posted in the crowd") {
		t.Errorf("after the crowd: %d", w.Code)
	}
	if n := site.Crowd(p.web); n != 0 {
		t.Errorf("%d places are still taken", n)
	}
	if p.log.Len() > 0 {
		t.Error(p.log.String())
	}
}

// holdUp takes every connection that reads the edition, until it is let go.
func (p *kiosk) holdUp() (letGo func()) {
	p.t.Helper()
	const readers = 8
	release, inside := make(chan struct{}), make(chan struct{}, readers)
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			check(p.t, p.edition.View(p.t.Context(), func(*edition.View) error { inside <- struct{}{}; <-release; return nil }))
		})
	}
	for range readers {
		<-inside
	}
	letGo = sync.OnceFunc(func() { close(release); all.Wait() })
	p.t.Cleanup(letGo)
	return letGo
}

// turnedAway asks for what needs a place, by a reader who has pages from before.
func turnedAway(t *testing.T, p *kiosk, path, words string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("If-None-Match", "*")
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, r)
	h := w.Header()
	if w.Code != http.StatusServiceUnavailable || h.Get("Retry-After") != "2" || h.Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), words) || strings.Contains(w.Body.String(), "Harbour") {
		t.Errorf("%s: %d %v\n%s", path, w.Code, h, w.Body)
	}
}
