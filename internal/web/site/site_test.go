package site_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/web/ui"
)

var hashed = regexp.MustCompile(`\.[0-9a-f]{16}\.`)

func TestGoldenPages(t *testing.T) {
	p := newKiosk(t).found().print()
	for name, path := range map[string]string{
		"front.en.html": "/", "front.he.html": "/he", "section.html": "/s/trade", "desk.html": "/desk/jerusalem",
		"article.html": "/harbour-board-votes-" + harbour, "corrected.html": "/engineers-shift-the-channel-" + engineers,
		"withdrawn.html": "/canal-closed-" + canal, "killed.html": "/" + ghost, "hebrew.html": "/he/מועצת-הנמל-" + hebrew,
		"history.html": "/engineers-shift-the-channel-" + engineers + "/history", "version.html": "/engineers-shift-the-channel-" + engineers + "/history/2",
		"corrections.html": "/corrections", "coverage.html": "/coverage", "coverage-week.html": "/coverage/week", "coverage-month.he.html": "/he/coverage/month", "coverage.ics": "/coverage/all.ics", "london.ics": "/coverage/london.ics", "coverage.he.html": "/he/coverage", "unknown.html": "/nothing",
	} {
		w := p.get(path)
		if w.Code >= 500 || strings.HasPrefix(fmt.Sprint(w.Code), "3") {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
		golden(t, name, hashed.ReplaceAll(w.Body.Bytes(), []byte(".HASH.")))
	}
	if p.log.Len() > 0 {
		t.Errorf("logged: %s", p.log.String())
	}
}

func TestStatuses(t *testing.T) {
	p := newKiosk(t).found().print()
	for path, want := range map[string]int{
		"/": 200, "/he": 200, "/s/trade": 200, "/s/nothing": 404, "/desk/london": 200, "/desk/nothing": 404, "/corrections": 200, "/coverage": 200, "/coverage/month": 200, "/coverage/year": 404, "/coverage/nothing.ics": 404, "/he/coverage/london.ics": 200, "/feed.atom": 200, "/he/feed.atom": 200,
		"/canal-closed-" + canal: 410, "/canal-closed-" + canal + "/history": 200, "/canal-closed-" + canal + "/history/1": 200,
		"/" + ghost: 410, "/any-" + ghost + "/history": 410, "/any-" + ghost + "/history/1": 410,
		"/harbour-board-votes-" + harbour + "/history/1": 200, "/harbour-board-votes-" + harbour + "/history/2": 404, "/harbour-board-votes-" + harbour + "/history/01": 404,
		"/" + never: 404, "/picture/" + sha() + ".jpg": 200, "/picture/" + sha() + ".png": 404, "/picture/" + sha(): 404, "/picture/" + strings.Repeat("0", 64) + ".jpg": 404, "/picture/..%2f..%2fedition.db": 404,
		"/robots.txt": 200, "/favicon.ico": 302, "/static/nothing.css": 404, "/s/trade?before=0": 404, "/s/trade?before=x": 404, "/s/trade?before=1": 200, "//": 404, "/he//": 404, "/s/": 404, "/harbour-board-votes-" + harbour + "/": 404,
	} {
		w := p.get(path)
		if w.Code != want {
			t.Errorf("GET %s: %d, want %d", path, w.Code, want)
		}
		head := p.ask("HEAD", path)
		if head.Code != want || head.Header().Get("Content-Type") != w.Header().Get("Content-Type") {
			t.Errorf("HEAD %s differs: %d %v", path, head.Code, head.Header())
		}
	}
}

func TestEveryOtherSpellingLeadsToTheCanonicalAddress(t *testing.T) {
	p := newKiosk(t).found().print()
	article := "/harbour-board-votes-" + harbour
	for from, to := range map[string]string{
		"/" + harbour: article, "/wrong-words-" + harbour: article, "/he/" + harbour: article, "/en" + article: article, article + "?utm=x": article,
		"/" + hebrew: "/he/%D7%9E%D7%95%D7%A2%D7%A6%D7%AA-%D7%94%D7%A0%D7%9E%D7%9C-" + hebrew, "/en": "/", "/he/": "/he", "/?x=1": "/", "/he?x=1": "/he",
		"/s/trade?before=3&x=1": "/s/trade?before=3", "/he/s/trade?x": "/he/s/trade", "/wrong-" + harbour + "/history": article + "/history", "/coverage?now=1": "/coverage",
	} {
		w := p.get(from)
		if got := w.Header().Get("Location"); w.Code != 301 || got != to {
			t.Errorf("%s: %d to %q, want %q", from, w.Code, got, to)
		}
	}
}

// TestNothingToKnowLooksTheSame compares whole answers: what never existed, what is
// malformed and what is in another house cannot be told apart.
func TestNothingToKnowLooksTheSame(t *testing.T) {
	p := newKiosk(t).found().print()
	want := p.get("/no-such-page")
	for _, path := range []string{"/" + never, "/a-draft-" + never, "/" + never + "/history", "/x-" + never + "/history/3", "/s/none", "/desk/none", "/s/trade?before=-1", "/a/b/c/d", "/picture/x.jpg"} {
		got := p.get(path)
		if got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) || got.Code != 404 {
			t.Errorf("%s can be told from what never existed", path)
		}
	}
}

func TestKilledWordsAreNowhere(t *testing.T) {
	p := newKiosk(t).found().print()
	for _, path := range []string{"/", "/he", "/s/trade", "/desk/jerusalem", "/corrections", "/feed.atom", "/" + ghost, "/" + ghost + "/history", "/coverage"} {
		if body := p.get(path).Body.String(); strings.Contains(body, "Spectre") {
			t.Errorf("%s shows words of a killed article", path)
		}
	}
	if body := p.get("/canal-closed-" + canal).Body.String(); strings.Contains(body, "Work begins") || !strings.Contains(body, "forged letter") || !strings.Contains(body, "Canal closed") {
		t.Error("a withdrawn article keeps headline and note, and nothing else")
	}
	if body := p.get("/").Body.String(); strings.Contains(body, "Canal closed") {
		t.Error("the front shows a withdrawn article")
	}
}

func TestOnlyReading(t *testing.T) {
	p := newKiosk(t).found().print()
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
		w := p.ask(method, "/")
		if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" || !strings.Contains(w.Body.String(), "This page can only be read") {
			t.Errorf("%s: %d %v", method, w.Code, w.Header())
		}
	}
}

// asked is what a page tells caches while its moment lasts.
const asked = "public, max-age=0, must-revalidate, s-maxage=2"

func TestHeaders(t *testing.T) {
	p := newKiosk(t).found().print()
	front := p.get("/").Body.String()
	css := regexp.MustCompile(`/static/site\.[0-9a-f]{16}\.css`).FindString(front)
	for path, cache := range map[string]string{"/": asked, css: "public, max-age=31536000, immutable", "/picture/" + sha() + ".jpg": "public, max-age=86400, must-revalidate, s-maxage=2", "/nothing": "no-cache", "/feed.atom": asked, "/" + harbour: "no-cache"} {
		h := p.get(path).Header()
		if h.Get("Cache-Control") != cache || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("Set-Cookie") != "" || strings.Contains(h.Get("Vary"), "Cookie") {
			t.Errorf("%s: %v", path, h)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	sheet := p.get(css).Body.String()
	for _, address := range regexp.MustCompile(`url\(([^)#][^)]*)\)`).FindAllStringSubmatch(sheet, -1) {
		if p.get(address[1]).Code != 200 {
			t.Errorf("the sheet names %s, which is not there", address[1])
		}
	}
	if found := regexp.MustCompile(`[^-](left|right|top|bottom|width|height):`).FindString(regexp.MustCompile(`(?s)@font-face[^}]*\}|min-width|@media[^{]*`).ReplaceAllString(sheet, "")); found != "" {
		t.Errorf("the sheet has a physical property: %q", found)
	}
}

func TestRoutes(t *testing.T) {
	var all []string
	for _, r := range site.Routes() {
		all = append(all, r.Pattern+" "+r.Name+" "+fmt.Sprint(r.Langs))
	}
	golden(t, "routes.txt", []byte(strings.Join(all, "\n")+"\n"))
}

// hostile is what a forged feed or a careless hand might bring.
const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;{{.}}` + "\u202e"

func TestHostileWordsStayWords(t *testing.T) {
	p := newKiosk(t).found()
	x := lead()
	for _, s := range []*string{&x.Headline, &x.Short, &x.Standfirst, &x.Dateline.Place, &x.Bylines[0].Name, &x.Bylines[0].Role, &x.Sources[0].Name, &x.Pictures[0].Caption, &x.Pictures[0].Alt, &x.Pictures[0].Credit.Line, &x.Pictures[0].Credit.Photographer, &x.Quotations[0].Speaker, &x.Quotations[0].Capacity, &x.Quotations[0].Place, &x.Quotations[0].Occasion, &x.Quotations[0].ReportedBy, &x.Quotations[0].Words[0].Text} {
		*s = hostile
	}
	x.Sources[0].Address = "javascript:alert(1)"
	x.Doc = append(x.Doc, para("b0000006", hostile), story.Block{ID: "b0000007", Kind: story.Paragraph, Spans: []story.Span{{Text: hostile, Link: "javascript:alert(1)"}, {Text: "x", Link: "java\tscript:alert(1)", Em: true}}},
		story.Block{ID: `"><b>`, Kind: "unknown"}, story.Block{ID: "b0000008", Kind: story.Heading, Level: 9, Spans: []story.Span{{Text: hostile}}})
	a := posted(x, record.Posted)
	p.add("2024-03-22T19:00:00Z", record.KindArticle, "desk-n", harbour, a)
	x.Doc = append(x.Doc, para("b0000010", hostile))
	b := posted(x, record.Corrected)
	b.Correction = &record.Correction{Note: hostile, Was: hostile, Is: hostile, Blocks: []string{"b0000001"}}
	b.First = &record.First{Date: hostile, Address: "javascript:alert(1)"}
	p.add("2024-03-22T19:10:00Z", record.KindArticle, "desk-n", harbour, b)
	address := "/" + x.Slug + "-" + harbour
	for _, path := range []string{"/", "/s/trade", "/desk/new-york", address, address + "/history", address + "/history/1", address + "/history/2", "/corrections", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E"} {
		safe(t, path, p.get(path))
	}
	p.add("2024-03-22T19:20:00Z", record.KindWithdraw, "desk-n", harbour, record.Withdraw{Note: hostile})
	safe(t, "withdrawn", p.get(address))
	safe(t, "corrections", p.get("/corrections"))
}

// safe parses a page as a browser does and looks for what may not be there.
func safe(t *testing.T, name string, w *httptest.ResponseRecorder) {
	t.Helper()
	doc, err := html.Parse(w.Body)
	check(t, err)
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style":
				t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
			case (a.Key == "href" || a.Key == "src") && strings.Contains(strings.ToLower(a.Val), "script:"):
				t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s: the id %q is there twice", name, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
		if n.Data == "script" && attr(n, "type") == "application/ld+json" {
			if text := n.FirstChild.Data; !json.Valid([]byte(text)) || strings.ContainsAny(text, "<>&") {
				t.Errorf("%s: linked data %s", name, text)
			}
			continue
		}
		if n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/static/")) || n.Data == "style" || n.Data == "iframe" || n.Data == "b" && n.Parent != nil && n.Parent.Data == "body" {
			t.Errorf("%s: <%s>", name, n.Data)
		}
		if n.Data == "img" && (attr(n, "width") == "" || !strings.HasPrefix(attr(n, "src"), "/picture/")) {
			t.Errorf("%s: an image from nowhere: %v", name, n.Attr)
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestEveryPictureHasItsCredit looks at each figure of each page.
func TestEveryPictureHasItsCredit(t *testing.T) {
	p := newKiosk(t).found().print()
	bare := lead()
	bare.Slug, bare.Pictures[0].Credit = "no-credit", story.Credit{}
	bare.Pictures = append(bare.Pictures, story.PictureUse{ID: "pic0000002", Alt: "In the text", Renditions: bare.Pictures[0].Renditions})
	bare.Pictures = append(bare.Pictures, story.PictureUse{ID: "pic0000003", Credit: story.Credit{Line: "By somebody"}, Renditions: bare.Pictures[0].Renditions},
		story.PictureUse{ID: "pic0000004", Credit: story.Credit{Line: "By somebody"}, Renditions: bare.Pictures[0].Renditions})
	bare.Doc = append(bare.Doc, story.Block{ID: "b0000011", Kind: story.PictureBlock, Picture: "pic0000002"},
		story.Block{ID: "b0000012", Kind: story.GalleryBlock, Pictures: []string{"pic0000001", "pic0000002", "pic0000003", "pic0000004"}})
	p.add("2024-03-22T19:30:00Z", record.KindArticle, "desk-n", "abcdefgh07", posted(bare, record.Posted))
	seen := 0
	for _, path := range []string{"/", "/s/trade", "/desk/new-york", "/harbour-board-votes-" + harbour, "/no-credit-abcdefgh07"} {
		doc, err := html.Parse(p.get(path).Body)
		check(t, err)
		for n := range doc.Descendants() {
			if n.Data != "img" {
				continue
			}
			seen++
			credited := false
			figure := n.Parent
			for figure.Data != "figure" && figure.Parent != nil {
				figure = figure.Parent
			}
			for c := range figure.Descendants() {
				credited = credited || attr(c, "class") == "credit" && c.FirstChild != nil && strings.TrimSpace(c.FirstChild.Data) != ""
			}
			if !credited {
				t.Errorf("%s: a picture without its credit", path)
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d pictures were looked at", seen)
	}
}

// TestFrontsOfAnySize draws fronts of none to forty stories, of long and short headlines.
func TestFrontsOfAnySize(t *testing.T) {
	p := newKiosk(t).found()
	long := strings.Repeat("Eleven words that do not end ", 5)[:120]
	for i := range 41 {
		if i == 0 || i == 1 || i == 2 || i == 3 || i == 7 || i == 12 || i > 29 {
			for _, path := range []string{"/", "/he", "/s/trade"} {
				w := p.get(path)
				safe(t, fmt.Sprint(path, " of ", i), w)
				if w.Code != 200 {
					t.Fatal(w.Code)
				}
			}
			wantOnce(t, p, i)
		}
		x := text("en", fmt.Sprintf("story-%d", i), []string{long, "Bees wanted", "Something ordinary happened"}[i%3])
		if i%4 == 0 {
			x.Pictures = lead().Pictures
		}
		p.add(at(week).AddDate(0, 0, 1).Add(time.Duration(i)*time.Hour).Format("2006-01-02T15:04:05Z"), record.KindArticle, []story.DeskID{"desk-j", "desk-n", "desk-l"}[i%3], fmt.Sprintf("zzzzzzzz%02d", i), posted(x, record.Posted))
	}
}

// wantOnce wants each story at most once in the main column, the desks and the sections.
func wantOnce(t *testing.T, p *kiosk, n int) {
	t.Helper()
	doc, err := html.Parse(p.get("/").Body)
	check(t, err)
	seen := map[string]int{}
	for e := range doc.Descendants() {
		if e.Data == "a" && e.Parent != nil && attr(e.Parent, "class") == "hed" {
			seen[attr(e, "href")]++
		}
	}
	if n > 0 && len(seen) == 0 {
		t.Errorf("the front of %d stories shows none", n)
	}
	for address, times := range seen {
		if times > 1 && n > 12 {
			t.Errorf("the front of %d stories shows %s %d times", n, address, times)
		}
	}
}

func TestPages(t *testing.T) {
	pages := 0
	for _, page := range ui.Pages() {
		pages++
		out, err := page.Try(hostile)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range out {
			if strings.Contains(string(body), "<script>alert") || strings.Contains(string(body), "<img src=x") {
				t.Errorf("%s lets markup through", page.Name())
			}
		}
	}
	if pages != 24 {
		t.Errorf("%d pages were tried", pages)
	}
}

// TestClocks looks at the strip where the days differ, where the desk is in the house's
// city, and when nobody is on duty.
func TestClocks(t *testing.T) {
	p := newKiosk(t).found().print()
	p.now = at("2024-03-22T22:40:00Z")
	p.add("2024-03-22T22:30:00Z", record.KindArticle, "desk-n", "abcdefgh08", posted(text("en", "late", "Late words"), record.Posted))
	wants(t, p.get("/late-abcdefgh08").Body.String(), "00:30</time> <small>Sat</small>", "18:30</time> <small>Fri</small>", "New York<span>this desk</span>")
	wants(t, p.get("/desk/jerusalem").Body.String(), "Jerusalem<span>house and this desk</span>", "The Jerusalem desk rests until Saturday 18:29")
	p.now = at("2024-03-22T23:00:00Z")
	wants(t, p.get("/").Body.String(), "state--nobody", "No desk is on duty until Saturday 18:29 in Jerusalem", "Saturday 23 March 2024", "13 Adar II 5784")
	wants(t, p.get("/he").Body.String(), "י״ג באדר ב׳ תשפ״ד")
}

func wants(t *testing.T, body string, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
}

// TestNoPagePrintsAnotherNow: between two changes of the moment, pages do not change.
func TestNoPagePrintsAnotherNow(t *testing.T) {
	p := newKiosk(t).found().print()
	paths := []string{"/", "/he", "/s/trade", "/desk/london", "/harbour-board-votes-" + harbour, "/corrections", "/nothing", "/" + ghost}
	before := map[string]string{}
	for _, path := range paths {
		before[path] = p.get(path).Body.String()
	}
	p.now = friday.Add(2 * time.Hour)
	for _, path := range paths {
		if p.get(path).Body.String() != before[path] {
			t.Errorf("%s changed though nothing happened", path)
		}
	}
}

func TestPaging(t *testing.T) {
	p := newKiosk(t).found()
	for i := range 45 {
		p.add(at(week).Add(time.Duration(i+1)*time.Minute).Format("2006-01-02T15:04:05Z"), record.KindArticle, "desk-j", fmt.Sprintf("zzzzzzzz%02d", i), posted(text("en", fmt.Sprintf("story-%d", i), "Words"), record.Posted))
	}
	seen, path := map[string]bool{}, "/s/trade"
	link := regexp.MustCompile(`href="(/story-[^"]*)"`)
	next := regexp.MustCompile(`href="(/s/trade\?before=\d+)" rel="next"`)
	parts := 0
	for path != "" && parts < 9 {
		body := p.get(path).Body.String()
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			seen[m[1]] = true
		}
		path = ""
		if m := next.FindStringSubmatch(body); m != nil {
			path = m[1]
		}
		parts++
	}
	if len(seen) != 45 || parts != 3 {
		t.Errorf("%d stories in %d parts", len(seen), parts)
	}
}

func TestTheHouseIsNotOpenYet(t *testing.T) {
	p := newKiosk(t)
	if w := p.get("/"); w.Code != 503 || !strings.Contains(w.Body.String(), "has not opened yet") {
		t.Errorf("%d %s", w.Code, w.Body.String())
	}
	p.found()
	wants(t, p.get("/").Body.String(), "Nothing has been posted yet.")
	wants(t, p.get("/s/city").Body.String(), "Nothing has been posted here yet.")
	wants(t, p.get("/corrections").Body.String(), "Nothing has been corrected or withdrawn.")
}

func TestAFaultHasABlankFace(t *testing.T) {
	p := newKiosk(t).found().print()
	p.add("2024-03-22T19:20:00Z", record.KindFront, "desk-n", "en", "this is no front")
	w := p.get("/")
	if w.Code != 500 || !strings.Contains(w.Body.String(), "Something failed on our side") || strings.Contains(w.Body.String(), "json") {
		t.Errorf("%d %s", w.Code, w.Body.String())
	}
	if !strings.Contains(p.log.String(), "a page failed") {
		t.Error("a fault was not logged")
	}
}

func TestPreview(t *testing.T) {
	p := newKiosk(t).found()
	var house edition.House
	var desks []edition.Desk
	check(t, p.edition.View(t.Context(), func(v *edition.View) (err error) {
		if house, _, err = v.House(); err == nil {
			desks, err = v.Desks(house)
		}
		return err
	}))
	w := httptest.NewRecorder()
	check(t, site.Preview(w, house, desks, edition.Project(harbour, "desk-n", posted(lead(), record.Posted), friday), friday))
	wants(t, w.Body.String(), `<meta name="robots" content="noindex">`, "Harbour board votes to dredge", "Ida Kessler / Halyard Agency", "15:40")
	if strings.Contains(w.Body.String(), "canonical") || strings.Contains(w.Body.String(), "In the record") {
		t.Error("a preview claims to be public")
	}
	css := regexp.MustCompile(`/static/site\.[0-9a-f]{16}\.css`).FindString(w.Body.String())
	if !site.PreviewFile(httptest.NewRecorder(), css) || site.PreviewFile(httptest.NewRecorder(), "/static/nothing") {
		t.Error("a preview's own files are not there")
	}
}

func TestNoSessionAndNoClock(t *testing.T) {
	for _, name := range []string{"site.go", "frame.go"} {
		body, err := os.ReadFile(name)
		check(t, err)
		for _, word := range []string{"Cookie", "time.Now", "internal/store", "internal/newsroom"} {
			if strings.Contains(string(body), word) {
				t.Errorf("%s names %s", name, word)
			}
		}
	}
}
