package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// Ids of these tests.
const (
	running = "abcdefgh20"
	series  = "abcdefgh21"
	marion  = "abcdefgh22"
	gerald  = "abcdefgh23"
	twin    = "abcdefgh24"
	about   = "abcdefgh25"
	aboutHe = "abcdefgh26"
	walked  = "abcdefgh27"
	radio   = "abcdefgh28"
)

// gather adds to the small week a running story and an ordered set, a person who walks a
// statement back, two pages, and an old address.
func (p *kiosk) gather() *kiosk {
	p.t.Helper()
	words := func(en, he string) record.Words { return record.Words{"en": en, "he": he} }
	person := func(id, slug string, c record.Person) {
		c.Slug = slug
		p.add("2024-03-22T19:15:00Z", record.KindPerson, "desk-n", id, c)
	}
	person(marion, "marion-tetlow", record.Person{Names: words("Marion Tetlow", "מריון טטלו"), Line: words("Marine engineer.", "מהנדסת ימית.")})
	person(gerald, "gerald-moss", record.Person{Names: words("Gerald Moss", "ג׳רלד מוס")})
	person(twin, "m-tetlow", record.Person{Names: words("M. Tetlow", ""), Merged: marion})
	said := text("en", "chair-tells-radio", "Chair tells radio that the market must move")
	said.Quotations = []story.Quotation{
		{ID: "q0000007", Person: twin, Speaker: "M. Tetlow", Words: []story.Words{{Text: "The market will have to move."}}, Form: "direct", Occasion: "the morning programme", Said: at("2024-03-19T13:40:00Z"), ReportedBy: "the Halyard Agency"},
		{ID: "q0000008", Person: gerald, Speaker: "Gerald Moss", Words: []story.Words{{Text: "The steps are simply in the way."}}, Form: "direct", Capacity: "works manager"},
	}
	said.Doc = append(said.Doc, story.Block{ID: "b0000007", Kind: story.QuotationBlock, Quotation: "q0000007"}, story.Block{ID: "b0000008", Kind: story.QuotationBlock, Quotation: "q0000008"})
	p.add("2024-03-22T19:16:00Z", record.KindArticle, "desk-n", radio, posted(said, record.Posted))
	now := lead()
	now.Quotations[0].Person, now.Quotations[0].Place = marion, "Town hall, Port Ellery"
	p.add("2024-03-22T19:20:00Z", record.KindArticle, "desk-n", harbour, posted(now, record.Updated))
	p.add("2024-03-22T19:21:00Z", record.KindRelation, "desk-n", walked, record.Relation{From: "q0000001", To: "q0000007", What: record.WalksBack, Words: "She told the hearing that she had spoken too soon.", Source: "https://halyard.example/item/9"})
	p.add("2024-03-22T19:22:00Z", record.KindRelation, "desk-n", "abcdefgh29", record.Relation{From: engineers, To: harbour, What: record.Related})
	members := []story.ArticleID{radio, engineers, harbour}
	p.add("2024-03-22T19:23:00Z", record.KindPackage, "desk-n", running, record.Package{Slug: "the-second-channel", Lang: "en", Title: "The second channel", Sort: "running", Members: members, Note: "A harbour argues over its depth."})
	p.add("2024-03-22T19:24:00Z", record.KindPackage, "desk-n", series, record.Package{Slug: "how-a-channel-is-dug", Lang: "en", Title: "How a channel is dug", Sort: "ordered", Members: []story.ArticleID{engineers, harbour, ferry, ghost}})
	doc := story.ParseDoc("The Meridian is edited in _three cities_.\n\n## How to reach us\n\n- [Write to us](mailto:desk@meridian.example)\n- Call at the house in Jerusalem")
	for i := range doc {
		doc[i].ID = fmt.Sprintf("ownblk%02d", i)
	}
	p.add("2024-03-22T19:25:00Z", record.KindPage, "desk-j", about, record.Page{Slug: "about", Lang: "en", Title: "About The Meridian", Doc: doc})
	p.add("2024-03-22T19:25:00Z", record.KindPage, "desk-j", aboutHe, record.Page{Slug: "about", Lang: "he", Title: "על המרידיאן", Doc: story.Doc{para("ownblk09", "המרידיאן נערך בשלוש ערים.")}})
	p.add("2024-03-22T19:26:00Z", record.KindMoved, "", "house", record.Moved{Paths: []record.MovedPath{{From: "/2019/harbour.html", To: "/" + harbour}, {From: "/evil", To: "//evil.example"}, {From: "/corrections", To: "/about"}}})
	return p
}

func TestGoldenPieces(t *testing.T) {
	p := newKiosk(t).found().print().gather()
	for name, path := range map[string]string{
		"running.html": "/running/the-second-channel-" + running, "ordered.html": "/running/how-a-channel-is-dug-" + series, "running.list.html": "/running",
		"person.html": "/person/marion-tetlow-" + marion, "person.he.html": "/he/person/marion-tetlow-" + marion, "about.html": "/about", "about.he.html": "/he/about",
		"article.part.html": "/harbour-board-votes-" + harbour, "article.earlier.html": "/chair-tells-radio-" + radio,
	} {
		w := p.get(path)
		if w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
		golden(t, name, hashed.ReplaceAll(w.Body.Bytes(), []byte(".HASH.")))
		safe(t, path, p.get(path))
	}
	if p.log.Len() > 0 {
		t.Errorf("logged: %s", p.log.String())
	}
}

func TestWherePiecesAre(t *testing.T) {
	p := newKiosk(t).found().print().gather()
	channel := "/running/the-second-channel-" + running
	for path, want := range map[string]int{
		channel: 200, "/running/nothing": 404, "/running/x-0000000000": 404, channel + "?page=2": 404, channel + "?page=0": 404, "/person/nobody": 404, "/person/x-" + running: 404, "/person/marion-tetlow-" + marion + "?page=2": 404,
		"/he/person/gerald-moss-" + gerald: 200, "/he/running": 200, "/contact": 404, "/about/": 404, "/evil": 404, "/corrections": 200,
	} {
		if w := p.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	for from, to := range map[string]string{
		"/running/" + running: channel, "/he/running/x-" + running: channel, "/person/" + marion: "/person/marion-tetlow-" + marion, "/person/m-tetlow-" + twin: "/person/marion-tetlow-" + marion,
		"/2019/harbour.html": "/" + harbour, "/about?x": "/about", channel + "?x=1": channel,
	} {
		if w := p.get(from); w.Code != 301 || w.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", from, w.Code, w.Header().Get("Location"), to)
		}
	}
}

// TestWhatWasWalkedBackStandsInBothPlaces: both texts are on both articles and on the
// speaker's page, and each leads to the other.
func TestWhatWasWalkedBackStandsInBothPlaces(t *testing.T) {
	p := newKiosk(t).found().print().gather()
	for path, wants := range map[string][]string{
		"/harbour-board-votes-" + harbour:           {"Walks back <a href=\"/chair-tells-radio-" + radio + "#q-q0000007\">Tuesday 19 March</a>", "“The market will have to move.”", "/person/marion-tetlow-" + marion, "She told the hearing"},
		"/chair-tells-radio-" + radio:               {"Later walked back <a href=\"/harbour-board-votes-" + harbour + "#q-q0000001\">Friday 22 March</a>", "The market stays [on the quay]", "https://halyard.example/item/9"},
		"/person/marion-tetlow-" + marion:           {"2 statements", "1 later walked back", "The market will have to move", "The market stays [on the quay]", "Town hall, Port Ellery"},
		"/engineers-shift-the-channel-" + engineers: {"See also", "Harbour board votes to dredge", "1 of 3"},
	} {
		body := p.get(path).Body.String()
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s has no %q", path, want)
			}
		}
	}
	if body := p.get("/running/how-a-channel-is-dug-" + series).Body.String(); strings.Contains(body, "ghost") || strings.Contains(body, "Spectre") {
		t.Error("a killed member is listed")
	}
}

// TestPiecesTakenBack kills one end of a relation, and withdraws, kills and erases pieces.
func TestPiecesTakenBack(t *testing.T) {
	p := newKiosk(t).found().print().gather()
	relation := p.last[walked]
	p.add("2024-03-22T19:30:00Z", record.KindKill, "desk-n", radio, record.Kill{Withheld: []int64{p.last[radio], relation}})
	for _, path := range []string{"/harbour-board-votes-" + harbour, "/person/marion-tetlow-" + marion, "/running/the-second-channel-" + running, "/running"} {
		if body := p.get(path).Body.String(); strings.Contains(body, "will have to move") || strings.Contains(body, "spoken too soon") || strings.Contains(body, "Chair tells radio") {
			t.Errorf("%s shows words of a killed report", path)
		}
	}
	p.add("2024-03-22T19:31:00Z", record.KindWithdraw, "desk-j", about, record.Withdraw{Note: "It was out of date."})
	p.add("2024-03-22T19:32:00Z", record.KindKill, "desk-n", running, record.Kill{Withheld: []int64{p.last[running]}})
	p.add("2024-03-22T19:33:00Z", record.KindErase, "desk-n", marion, record.Erase{Destroyed: []int64{p.last[marion]}, Wording: "By order of a court."})
	for path, want := range map[string]struct {
		code  int
		words string
	}{
		"/about": {410, "It was out of date."}, "/running/" + running: {410, "taken back"}, "/person/marion-tetlow-" + marion: {http.StatusUnavailableForLegalReasons, "By order of a court."},
	} {
		w := p.get(path)
		if w.Code != want.code || !strings.Contains(w.Body.String(), want.words) {
			t.Errorf("%s: %d", path, w.Code)
		}
		for _, word := range []string{"three cities", "second channel", "Marine engineer"} {
			if strings.Contains(w.Body.String(), word) {
				t.Errorf("%s shows %q", path, word)
			}
		}
	}
	if body := p.get("/harbour-board-votes-" + harbour).Body.String(); strings.Contains(body, "/person/") || strings.Contains(body, "second channel") {
		t.Error("an article leads to what was taken back")
	}
}

func TestHostilePieces(t *testing.T) {
	p := newKiosk(t).found().print().gather()
	p.add("2024-03-22T19:40:00Z", record.KindPackage, "desk-n", running, record.Package{Slug: hostile, Lang: "en", Title: hostile, Sort: "running", Members: []story.ArticleID{radio, harbour}, Note: hostile})
	p.add("2024-03-22T19:41:00Z", record.KindPerson, "desk-n", marion, record.Person{Slug: hostile, Names: record.Words{"en": hostile}, Line: record.Words{"en": hostile}})
	p.add("2024-03-22T19:42:00Z", record.KindRelation, "desk-n", walked, record.Relation{From: "q0000001", To: "q0000007", What: hostile, Words: hostile, Source: "javascript:alert(1)"})
	p.add("2024-03-22T19:43:00Z", record.KindPage, "desk-j", about, record.Page{Slug: "about", Lang: "en", Title: hostile, Doc: story.Doc{para("x", hostile), {Kind: story.Paragraph, Spans: []story.Span{{Text: "x", Link: "javascript:alert(1)"}}}}})
	h := editiontest.HouseEntry()
	h.Menus = map[string][]record.Menu{"en": {{Label: hostile, Address: "javascript:alert(1)"}, {Label: hostile, Address: "//evil.example"}, {Label: "Running stories", Address: "/running"}}}
	p.add("2024-03-22T19:44:00Z", record.KindHouse, "", "house", h)
	for _, path := range []string{"/running", "/about", "/harbour-board-votes-" + harbour, "/chair-tells-radio-" + radio} {
		safe(t, path, p.get(path))
	}
	for _, path := range []string{"/running/" + running, "/person/" + marion} {
		w := p.get(path) // to the address with its strange slug
		if to := w.Header().Get("Location"); w.Code != 301 || strings.ContainsAny(to, "\"<> ") {
			t.Errorf("%s: %d to %q", path, w.Code, to)
		}
	}
	if body := p.get("/").Body.String(); !strings.Contains(body, `<a href="/running">Running stories</a>`) || strings.Contains(body, "evil.example") {
		t.Error("the menu is not as it should be")
	}
}
