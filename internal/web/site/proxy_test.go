package site_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// A proxy is a shared cache between readers and us that does the worst of what RFC 9111 lets
// it: it keeps all that it may, answers without asking for as long as it may, guesses a
// lifetime where it is told none, and goes on with what is stale where nothing forbids it.
type proxy struct {
	origin http.Handler
	now    func() time.Time
	kept   map[string]*stored
}

// stored is an answer in the proxy.
type stored struct {
	*httptest.ResponseRecorder
	at     time.Time
	accept string // the Accept-Encoding that it answered
}

// heuristically are the statuses that a cache may guess a lifetime for (RFC 9110, 15.1).
var heuristically = map[int]bool{200: true, 203: true, 204: true, 300: true, 301: true, 308: true, 404: true, 405: true, 410: true, 414: true, 501: true}

func directives(h http.Header) map[string]string {
	all := map[string]string{}
	for _, d := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		all[strings.ToLower(name)] = value
	}
	return all
}

// lifetime is how long an answer may be used without asking (RFC 9111, 4.2.1 and 4.2.2).
func (s *stored) lifetime() time.Duration {
	d := directives(s.Header())
	if _, ask := d["no-cache"]; ask {
		return 0
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		if seconds, err := strconv.Atoi(d[name]); err == nil {
			return time.Duration(seconds) * time.Second
		}
	}
	if heuristically[s.Code] {
		return 365 * 24 * time.Hour // no upper limit is set
	}
	return 0
}

// lingers reports whether it may be used stale, as when we cannot be reached: a hostile one
// always finds that we cannot (RFC 9111, 4.2.4).
func (s *stored) lingers() bool {
	d := directives(s.Header())
	for _, forbids := range []string{"no-cache", "must-revalidate", "proxy-revalidate", "s-maxage"} {
		if _, is := d[forbids]; is {
			return false
		}
	}
	return true
}

func (p *proxy) get(path, accept string) *httptest.ResponseRecorder {
	key := path
	if s := p.kept[key]; s != nil && (s.Header().Get("Vary") == "" || s.accept == accept) {
		if p.now().Sub(s.at) < s.lifetime() || s.lingers() {
			return s.ResponseRecorder
		}
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	old := p.kept[key]
	if old != nil {
		r.Header.Set("If-None-Match", old.Header().Get("ETag"))
	}
	w := httptest.NewRecorder()
	at := p.now()
	p.origin.ServeHTTP(w, r)
	if w.Code == http.StatusNotModified {
		for name, value := range w.Header() {
			old.Header()[name] = value
		}
		old.at = at
		return old.ResponseRecorder
	}
	d := directives(w.Header())
	_, noStore := d["no-store"]
	_, private := d["private"]
	if delete(p.kept, key); !noStore && !private {
		p.kept[key] = &stored{w, at, accept}
	}
	return w
}

// TestAHostileProxyServesNothingThatItShouldNot reads the house through one, over the edges
// of moments, a correction, a withdrawal and a kill.
func TestAHostileProxyServesNothingThatItShouldNot(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	const canary = "Canary 7b21d9"
	c := editiontest.Text("en", "city", canary, "", canary)
	c.Pictures = []story.PictureUse{p.record.Picture("picture077", canary, canary, story.Credit{Line: "By somebody"})}
	p.record.Post("art0000077", editiontest.London, p.clock(), c)
	p.apply()
	killed := "/" + story.Slug(canary) + "-art0000077"
	picture := "/picture/" + c.Pictures[0].Renditions[0].SHA256 + ".jpg"
	front := &proxy{origin: p.web, now: p.clock, kept: map[string]*stored{}}
	all := append(p.everywhere(12), killed, killed+"/history", killed+"/history/1", "/art0000077", picture, "/he/", "/?x", "/search?q=canary", "/he/search?q=words", "/favicon.ico", "/static/none.css", "/checkpoint", "/record/1")
	look := func(what string) {
		for _, at := range all {
			none := &proxy{origin: p.web, now: p.clock, kept: map[string]*stored{}}
			got, want := front.get(at, "br"), none.get(at, "br")
			if got.Code != want.Code || got.Header().Get("ETag") != want.Header().Get("ETag") || got.Body.String() != want.Body.String() {
				t.Errorf("%s: the proxy serves %s with %d %s, and we %d %s", what, at, got.Code, got.Header().Get("ETag"), want.Code, want.Header().Get("ETag"))
			}
		}
	}
	wait := func(d time.Duration) { p.setClock(p.clock().Add(d)) }
	look("at first")
	for _, edge := range []time.Time{editiontest.JerusalemRests.Start, editiontest.LondonRests.Start, editiontest.NewYorkRests.Start, editiontest.JerusalemRests.End} {
		for _, before := range []time.Duration{3 * time.Second, 2 * time.Second, 1500 * time.Millisecond, time.Second, time.Millisecond, time.Microsecond, 0} {
			p.setClock(edge.Add(-before))
			look(fmt.Sprint(before, " before ", edge))
		}
	}
	fix := editiontest.Text("en", "city", "Corrected", "", "Words.")
	fix.Change, fix.Correction = record.Corrected, &record.Correction{Note: "It was so."}
	for _, change := range []func(){
		func() { p.record.Post(editiontest.ArticleID(1), editiontest.Jerusalem, p.clock(), fix) },
		func() {
			p.record.Withdraw(editiontest.ArticleID(8), editiontest.Jerusalem, p.clock(), "It was not so.")
		},
		func() { p.record.Kill("art0000077", editiontest.London, p.clock(), "") },
	} {
		look("before a change")
		change()
		p.apply()
		wait(2 * time.Second) // what a shared cache is given
		look("two seconds after a change")
	}
	for _, at := range all {
		if w := front.get(at, "identity"); strings.Contains(w.Body.String(), canary) {
			t.Errorf("the proxy serves what was killed at %s", at)
		}
	}
	if w := front.get(picture, "br"); w.Code == http.StatusOK {
		t.Error("the proxy serves a picture that was killed")
	}
}
