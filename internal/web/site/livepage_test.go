package site_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

const (
	liveEnglish = "abcdefgh20"
	liveHebrew  = "abcdefgh21"
)

// live appends an entry about a live page.
func (p *kiosk) live(when string, desk story.DeskID, page string, c record.Live) {
	p.t.Helper()
	body, err := record.Encode(c)
	check(p.t, err)
	p.n++
	e := record.Entry{Content: body, Salt: make([]byte, record.SaltLength)}
	e.Volume, e.N, e.At, e.Kind, e.Form, e.Desk, e.Subject, e.Part = 1, p.n, at(when), record.KindLive, record.Form, desk, page, c.Entry
	if e.Class = story.Speaks; c.Does == record.LiveRemoves {
		e.Class = story.Silences
	}
	check(p.t, p.edition.Apply(p.t.Context(), []record.Entry{e}))
}

func said(id, lang, words string) record.Live {
	return record.Live{Does: record.LiveAdds, Entry: id, Lang: lang, Doc: story.Doc{para("b"+id[1:], words)}, By: &story.Byline{Name: "Milo Trent"}}
}

// game is a live page with an entry of each sort.
func (p *kiosk) game() *kiosk {
	p.t.Helper()
	p.add("2024-03-22T12:00:00Z", record.KindArticle, "desk-n", harbour, posted(lead(), record.Posted))
	x := text("en", "game-eleven", "Vos against Lindqvist, game eleven")
	x.Type, x.Doc, x.Dateline = story.Live, nil, story.Dateline{}
	p.add("2024-03-22T13:00:00Z", record.KindArticle, "desk-n", liveEnglish, posted(x, record.Posted))
	desks := []story.DeskID{"desk-n", "desk-j"}
	p.live("2024-03-22T13:01:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveOpens, Desks: desks})
	for i := range 21 { // two parts
		p.live(fmt.Sprintf("2024-03-22T13:%02d:00Z", 2+i), "desk-j", liveEnglish, said(fmt.Sprintf("early%03d", i), "en", fmt.Sprintf("Move %d.", i+1)))
	}
	full := said("entry001", "en", "Rook takes <on> c6.")
	full.Headline, full.Key = "Vos gives up a rook", true
	full.Pictures = lead().Pictures
	full.Quotations = lead().Quotations
	p.live("2024-03-22T18:40:00Z", "desk-n", liveEnglish, full)
	full.Does, full.Headline = record.LiveEdits, "Vos gives up a rook for the long diagonal"
	p.live("2024-03-22T18:50:00Z", "desk-n", liveEnglish, full)
	pin := said("entry002", "en", "How to follow this page.")
	pin.Pinned = true
	p.live("2024-03-22T19:00:00Z", "desk-n", liveEnglish, pin)
	p.live("2024-03-22T19:10:00Z", "desk-n", liveEnglish, said("entry003", "en", "Goneword."))
	p.live("2024-03-22T19:12:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveRemoves, Entry: "entry003", Lang: "en"})
	out := said("entry004", "en", "A story of its own.")
	out.BrokenOut = harbour
	p.live("2024-03-22T19:20:00Z", "desk-n", liveEnglish, out)

	h := text("he", "משחק-אחת-עשרה", "ווס נגד לינדקוויסט, משחק אחת־עשרה")
	h.Type, h.Standfirst, h.Bylines, h.Doc, h.Dateline = story.Live, "נותרו שני משחקים.", nil, nil, story.Dateline{}
	p.add("2024-03-22T19:21:00Z", record.KindArticle, "desk-j", liveHebrew, posted(h, record.Posted))
	p.live("2024-03-22T19:22:00Z", "desk-j", liveHebrew, record.Live{Does: record.LiveOpens, Desks: []story.DeskID{"desk-j", "desk-l"}})
	he := said("heentry1", "he", "המשחק נפתח בשקט.")
	he.Key, he.By = true, &story.Byline{Name: "יעל צרפתי"}
	p.live("2024-03-22T19:23:00Z", "desk-l", liveHebrew, he)
	return p
}

const (
	livePath   = "/game-eleven-" + liveEnglish
	hebrewPath = "/he/משחק-אחת-עשרה-" + liveHebrew
)

func TestLivePage(t *testing.T) {
	p := newKiosk(t).found().game()
	page := p.get(livePath).Body.Bytes()
	golden(t, "live.html", hashed.ReplaceAll(page, []byte(".HASH.")))
	golden(t, "live.he.html", hashed.ReplaceAll(p.get(hebrewPath).Body.Bytes(), []byte(".HASH.")))
	body := html.UnescapeString(string(page))
	for _, want := range []string{"The New York desk adds to this page until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem.", "Vos gives up a rook for the long diagonal",
		"An entry was removed", `href="/harbour-board-votes-` + harbour + `">Read the whole story`, "Ida Kessler / Halyard Agency", "?before=", "Milo Trent, New York desk"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(body, "Goneword") || strings.Contains(string(page), "<on>") {
		t.Error("the page says what it must not")
	}
	if i, j := strings.Index(body, "How to follow"), strings.Index(body, "A story of its own"); i < 0 || j < i {
		t.Error("what is pinned is not first")
	}
	if he := p.get(hebrewPath).Body.String(); !strings.Contains(he, "אין דסק תורן לעמוד הזה עד שבת 18:29") || !strings.Contains(he, `dir="rtl"`) {
		t.Error("the Hebrew page does not say that no desk of it is on duty")
	}
	front := p.get("/").Body.String()
	if !strings.Contains(front, "kick--live") {
		t.Error("the front page does not say that the page is live")
	}
}

// TestLiveParts walks from the newest entries to the oldest, without a script.
func TestLiveParts(t *testing.T) {
	p := newKiosk(t).found().game()
	seen, path := map[string]int{}, livePath
	for range 9 {
		w := p.get(path)
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		doc, err := html.Parse(w.Body)
		check(t, err)
		next := ""
		for n := range doc.Descendants() {
			if n.Data == "li" && strings.HasPrefix(attr(n, "class"), "entry") {
				seen[attr(n, "id")]++
			}
			if n.Data == "a" && attr(n, "rel") == "next" {
				next = attr(n, "href")
			}
		}
		if path = next; path == "" {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d entries were seen", len(seen))
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was seen %d times", id, times)
		}
	}
	for _, bad := range []string{"?before=0", "?before=x", "?before=01"} {
		if w := p.get(livePath + bad); w.Code != 404 {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	if w := p.get(livePath + "?after=3"); w.Code != 301 || w.Header().Get("Location") != livePath {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

// TestLivePermalinks: the address on an entry's time leads to a page that begins with it, or,
// for what is pinned, to the top.
func TestLivePermalinks(t *testing.T) {
	p := newKiosk(t).found().game()
	doc, err := html.Parse(p.get(livePath).Body)
	check(t, err)
	n := 0
	for li := range doc.Descendants() {
		if li.Data != "li" || !strings.HasPrefix(attr(li, "class"), "entry") {
			continue
		}
		for a := range li.Descendants() {
			if a.Data == "a" && strings.Contains(attr(a, "href"), "#e-") {
				address, id, _ := strings.Cut(attr(a, "href"), "#")
				body := p.get(address).Body.String()
				if first := strings.Index(body, `<ol id="entries"><li `); id != attr(li, "id") || !strings.Contains(body, `id="`+id+`"`) || first < 0 {
					t.Errorf("%s does not lead to %s", attr(a, "href"), attr(li, "id"))
				}
				n++
			}
		}
	}
	if n < 20 {
		t.Errorf("%d permalinks", n)
	}
}

// TestLiveEnds: a closed page says so and how it ended; a withdrawn and a killed one say nothing else.
func TestLiveEnds(t *testing.T) {
	p := newKiosk(t).found().game()
	p.live("2024-03-22T19:30:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveCloses, Desks: []story.DeskID{"desk-n"}, Summary: "A draw, after sixty moves."})
	body := p.get(livePath).Body.String()
	for _, want := range []string{"This page is closed.", "A draw, after sixty moves.", "15:30"} {
		if !strings.Contains(body, want) {
			t.Errorf("the closed page does not say %s", want)
		}
	}
	if strings.Contains(body, "pulse--live") || strings.Contains(p.get("/").Body.String(), "kick--live") {
		t.Error("it is still said to be live")
	}
	p.add("2024-03-22T19:31:00Z", record.KindWithdraw, "desk-n", liveEnglish, record.Withdraw{Note: "It was another game."})
	if w := p.get(livePath); w.Code != 410 || strings.Contains(w.Body.String(), "Move 21") || strings.Contains(w.Body.String(), "A draw") {
		t.Errorf("withdrawn: %d", w.Code)
	}
	p.add("2024-03-22T19:32:00Z", record.KindKill, "desk-n", liveEnglish, record.Kill{})
	if w := p.get(livePath); w.Code != 410 || strings.Contains(w.Body.String(), "Move 21") || strings.Contains(w.Body.String(), "eleven") {
		t.Errorf("killed: %d", w.Code)
	}
}

// block draws an entry as open pages are sent it.
func (p *kiosk) block(page story.ArticleID, id string) (block []byte) {
	p.t.Helper()
	check(p.t, p.edition.View(p.t.Context(), func(v *edition.View) error {
		h, _, err := v.House()
		check(p.t, err)
		desks, err := v.Desks(h)
		check(p.t, err)
		a, _, err := v.Article(page)
		check(p.t, err)
		e, ok, err := v.LiveEntry(page, id)
		if !ok || err != nil {
			p.t.Fatal(id, ok, err)
		}
		var out *edition.Article
		if e.Content.BrokenOut != "" {
			x, _, err := v.Article(e.Content.BrokenOut)
			check(p.t, err)
			out = &x
		}
		block, err = site.LiveBlock(h, desks, a, e, out)
		return err
	}))
	return block
}

// TestLiveBlock: what open pages are sent is what the page shows, to the byte, and bounded.
func TestLiveBlock(t *testing.T) {
	p := newKiosk(t).found().game()
	page := p.get(livePath).Body.Bytes()
	for _, id := range []string{"entry001", "entry002", "entry003", "entry004", "early020"} {
		if block := bytes.TrimSpace(p.block(liveEnglish, id)); !bytes.Contains(page, block) || !bytes.HasPrefix(block, []byte(`<li class="entry`)) {
			t.Errorf("the page does not show the block of %s: %s", id, block)
		}
	}
	if block := bytes.TrimSpace(p.block(liveHebrew, "heentry1")); !bytes.Contains(p.get(hebrewPath).Body.Bytes(), block) {
		t.Error("the Hebrew page does not show its block")
	}
	p.live("2024-03-22T19:30:00Z", "desk-n", liveEnglish, said("hugeone1", "en", strings.Repeat("'&'", 5000)))
	block := p.block(liveEnglish, "hugeone1")
	if len(block) > site.MaxLiveBlock || !strings.Contains(string(block), "Read the whole entry") {
		t.Errorf("a block of %d bytes", len(block))
	}
}

// TestLiveInTheFeed: a live page is under one id, and changed when its newest entry came.
func TestLiveInTheFeed(t *testing.T) {
	p := newKiosk(t).found().game()
	_, entry, found := strings.Cut(p.get("/feed.atom").Body.String(), ":"+liveEnglish+"</id>")
	entry, _, _ = strings.Cut(entry, "</entry>")
	if !found || !strings.Contains(entry, "<published>2024-03-22T13:00:00Z</published>") || !strings.Contains(entry, "<updated>2024-03-22T19:20:00Z</updated>") {
		t.Errorf("the feed has %s", entry)
	}
}
