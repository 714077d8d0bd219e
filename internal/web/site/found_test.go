package site_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

type urls struct {
	URLs []struct {
		Address string `xml:"loc"`
		Posted  string `xml:"news>publication_date"`
	} `xml:"url"`
	Maps []struct {
		Address string `xml:"loc"`
	} `xml:"sitemap"`
}

func readMap(t *testing.T, w *httptest.ResponseRecorder) (u urls) {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	check(t, xml.Unmarshal(w.Body.Bytes(), &u))
	return u
}

// TestSitemapLeadsToEveryPage follows the map from robots.txt: every file and every address
// that it names is there, and every public article is in it once.
func TestSitemapLeadsToEveryPage(t *testing.T) {
	p := newKiosk(t).found().print()
	const house = "https://meridian.example"
	robots := p.get("/robots.txt").Body.String()
	_, index, found := strings.Cut(strings.TrimSpace(robots), "Sitemap: "+house)
	if !found {
		t.Fatalf("no map in %q", robots)
	}
	seen := map[string]int{}
	for _, m := range readMap(t, p.get(index)).Maps {
		for _, u := range readMap(t, p.get(strings.TrimPrefix(m.Address, house))).URLs {
			if !strings.Contains(m.Address, "news") {
				seen[u.Address]++
			}
			if w := p.get(strings.TrimPrefix(u.Address, house)); w.Code != http.StatusOK {
				t.Errorf("%s names %s: %d", m.Address, u.Address, w.Code)
			}
		}
	}
	for _, want := range []string{"/", "/he", "/he/s/trade", "/desk/london", "/harbour-board-votes-" + harbour} {
		if seen[house+want] != 1 {
			t.Errorf("%s is in the map %d times", want, seen[house+want])
		}
	}
	for at := range seen {
		if strings.Contains(at, ghost) || strings.Contains(at, canal) {
			t.Errorf("the map names %s, which was taken back", at)
		}
	}
	for _, path := range []string{"/sitemap-7.xml", "/sitemap-00.xml", "/sitemap--1.xml", "/sitemap-news-0.xml", "/sitemap-news-2.xml", "/sitemap-news-99.xml", "/sitemap-.xml", "/sitemap-0", "/he/robots.txt", "/he/sitemap.xml"} {
		if w := p.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestNewsAreTwoDaysOld moves the clock over the edge of two days, and fills more than one file.
func TestNewsAreTwoDaysOld(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	begin := editiontest.Begin.Truncate(15 * time.Minute)
	p.setClock(begin)
	p.post("art0000001", editiontest.London, "en", "city", "Old")
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 200}, {47*time.Hour + 44*time.Minute, 200}, {48 * time.Hour, 404}, {48*time.Hour + time.Minute, 404}} {
		p.setClock(begin.Add(c.after))
		if w := get(p.web, "/sitemap-news-1.xml"); w.Code != c.want {
			t.Errorf("after %v: %d, want %d", c.after, w.Code, c.want)
		}
	}
	for i := range 1001 {
		p.record.Post(story.ArticleID(fmt.Sprintf("new%07d", i)), editiontest.London, p.clock(), editiontest.Text("en", "city", "News", "", "A paragraph."))
	}
	p.apply()
	if n, m := len(readMap(t, get(p.web, "/sitemap-news-1.xml")).URLs), len(readMap(t, get(p.web, "/sitemap-news-2.xml")).URLs); n != 1000 || m != 1 {
		t.Errorf("%d and %d in two files", n, m)
	}
	if maps := readMap(t, get(p.web, "/sitemap.xml")).Maps; len(maps) != 4 {
		t.Errorf("the index names %v", maps)
	}
}

// TestFeedsAfterACorrectionAWithdrawalAndAKill reads the three formats of four feeds at each
// step of an article's life: one item under one id throughout, and then none of its words.
func TestFeedsAfterACorrectionAWithdrawalAndAKill(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	const id story.ArticleID = "art0000001"
	words := editiontest.Text("en", "city", "A wordy headline", "", "Wordy words.")
	fixed := words
	fixed.Change, fixed.Correction = record.Corrected, &record.Correction{Note: "It was four."}
	at := func(m int) time.Time { return editiontest.Begin.Add(time.Duration(m) * time.Minute) }
	for _, step := range []struct {
		do         func()
		says, hush string
	}{
		{func() { p.record.Post(id, editiontest.London, at(0), words) }, "Wordy words.", "It was four."},
		{func() { p.record.Post(id, editiontest.London, at(1), fixed) }, "It was four.", "no such word"},
		{func() { p.record.Withdraw(id, editiontest.London, at(2), "A forged letter.") }, "A forged letter.", "Wordy words."},
		{func() { p.record.Kill(id, editiontest.London, at(3), "") }, "taken back", "ordy"},
	} {
		step.do()
		p.apply()
		for _, name := range []string{"/feed", "/s/city", "/desk/london"} {
			for _, ending := range []string{".atom", ".rss", ".json"} {
				w := get(p.web, name+ending)
				body := w.Body.String()
				times := 1
				if ending == ".atom" && step.says == "taken back" {
					times = 2 // the tombstone, and its entry
				}
				if strings.Count(body, ",2024:"+string(id)) != times || !strings.Contains(body, step.says) || strings.Contains(body, step.hush) {
					t.Errorf("%s%s (%d), %q: %s", name, ending, w.Code, step.says, body)
				}
				again := httptest.NewRequest(http.MethodGet, name+ending, nil)
				again.Header.Set("If-None-Match", w.Header().Get("ETag"))
				same := httptest.NewRecorder()
				p.web.ServeHTTP(same, again)
				if same.Code != http.StatusNotModified || same.Body.Len() != 0 {
					t.Errorf("%s%s asked again with its tag: %d", name, ending, same.Code)
				}
			}
		}
		fresh := site.New(p.edition, site.Options{Now: p.clock, Log: slog.New(slog.DiscardHandler)}) // which keeps nothing of the step before
		if w := get(fresh, "/he/feed.atom"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "ordy") {
			t.Errorf("another language's feed tells of it: %d %s", w.Code, w.Body)
		}
	}
}

func TestManifestAndSecurityText(t *testing.T) {
	p := newKiosk(t).found().print()
	for path, dir := range map[string]string{"/manifest.webmanifest": "ltr", "/he/manifest.webmanifest": "rtl"} {
		var m struct {
			Dir   string
			Icons []struct{ Src string }
		}
		check(t, json.Unmarshal(p.get(path).Body.Bytes(), &m))
		if m.Dir != dir || len(m.Icons) != 3 || p.get(m.Icons[0].Src).Code != 200 || p.get(m.Icons[2].Src).Header().Get("Content-Type") != "image/png" {
			t.Errorf("%s: %+v", path, m)
		}
	}
	const at = "/.well-known/security.txt"
	if w := p.get(at); w.Code != http.StatusNotFound {
		t.Errorf("a house without a contact page says how to reach it: %d %s", w.Code, w.Body)
	}
	p.add("2024-03-22T19:39:00Z", record.KindPage, "desk-j", "contact001", record.Page{Slug: "contact", Lang: "en", Title: "Contact", Doc: story.Doc{para("x", "Write.")}})
	w := p.get(at)
	want := "Contact: https://meridian.example/contact\nExpires: 2024-09-18T00:00:00Z\nPreferred-Languages: en, he\nCanonical: https://meridian.example/.well-known/security.txt\n"
	if w.Code != 200 || w.Body.String() != want || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}
