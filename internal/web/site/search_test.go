package site_test

import (
	"net/http"
	"strings"
	"testing"

	"dateline/internal/web/site"
)

func TestSearchPage(t *testing.T) {
	p := newKiosk(t).found().print()
	for _, x := range []struct {
		path  string
		says  []string
		never []string
	}{
		{"/search", []string{"Type what you are looking for.", `<details class="find__help" open>`, `action="/search"`}, []string{`data-story=`}},
		{"/search?q=harbour", []string{"Harbour</mark> board votes to dredge", "One result", `value="harbour"`, `content="noindex"`, `hreflang="he"`, `/he/search?q=harbour`}, []string{"Ferry runs", `rel="canonical"`, ` open>`}},
		{"/search?q=DEPTH+metres", []string{"Nothing was found for “DEPTH metres”."}, nil},
		{"/search?q=fourteen+metres", []string{"<mark>fourteen</mark> <mark>metres</mark>"}, nil},
		{"/search?q=feet", []string{"2 results", "Ferry", "Harbour"}, []string{"Engineers", "Canal", "Spectre"}}, // the corrected, the withdrawn and the killed
		{"/search?q=spectre", []string{"Nothing was found"}, []string{"Spectre words"}},
		{"/search?q=desk:new-york+channel", []string{"Engineers shift", "Harbour board"}, []string{"Ferry runs"}},
		{"/search?q=%D7%94%D7%A0%D7%9E%D7%9C", []string{"Nothing was found", `<a href="/he/search?q=%D7%94%D7%A0%D7%9E%D7%9C" hreflang="he">`}, nil},
		{"/he/search?q=%D7%94%D7%A0%D7%9E%D7%9C", []string{`<html lang="he" dir="rtl">`, "<mark>הנמל</mark>", "תוצאה אחת"}, nil},
		{"/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", []string{"Nothing was found"}, []string{"<script>alert"}},
		{"/search?q=%ff%00+AND+NEAR(", []string{"Nothing was found"}, nil},
		{"/opensearch.xml", []string{`template="https://meridian.example/search?q={searchTerms}"`, "<ShortName>The Meridian</ShortName>"}, nil},
	} {
		w := p.get(x.path)
		body := w.Body.String()
		if w.Code != http.StatusOK {
			t.Errorf("%s answers %d", x.path, w.Code)
		}
		for _, s := range x.says {
			if !strings.Contains(body, s) {
				t.Errorf("%s does not say %q", x.path, s)
			}
		}
		for _, s := range x.never {
			if strings.Contains(body, s) {
				t.Errorf("%s says %q", x.path, s)
			}
		}
	}
}

func TestSearchAddresses(t *testing.T) {
	p := newKiosk(t).found().print()
	for path, code := range map[string]int{
		"/search?q=feet&page=2": 404, "/search?q=feet&page=1": 404, "/search?q=feet&page=99": 404, "/search?q=feet&before=x": 404,
		"/search?q=feet&before=3": 200, "/search?q=feet&utm_source=x": 301, "/search?q=feet&q=ferry": 301, "/search?q=" + strings.Repeat("a+", 900): 200,
	} {
		if w := p.get(path); w.Code != code {
			t.Errorf("%s answers %d, want %d", path, w.Code, code)
		}
	}
	if to := p.get("/search?q=a%26b+c&utm_source=x").Header().Get("Location"); to != "/search?q=a%26b+c" {
		t.Errorf("leads to %q", to)
	}
}

// TestSearchIsKeptUntilItFindsOther keeps an answer, on the shelf of addresses with a query,
// until something is posted that it might find.
func TestSearchIsKeptUntilItFindsOther(t *testing.T) {
	p := newKiosk(t).found().print()
	const path = "/search?q=ferry"
	before := p.get(path).Body.String()
	if !site.Has(p.web, path) {
		t.Fatal("the answer is not kept")
	}
	p.add("2024-03-22T19:20:00Z", "article", "desk-l", "abcdefgh10", posted(text("en", "second-ferry", "A second ferry"), "posted"))
	if site.Has(p.web, path) {
		t.Error("the answer is still kept")
	}
	if after := p.get(path).Body.String(); strings.Contains(before, "A second <mark>ferry") || !strings.Contains(after, "A second <mark>ferry") {
		t.Error("the new story is not found")
	}
}
