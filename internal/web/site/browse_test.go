package site_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/clock"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// Ids of these tests.
const (
	abelard  = "abcdefgh40" // an author who has a page
	imported = "abcdefgh41"
	harbourH = "abcdefgh42" // in Hebrew, on the same topic
)

var harbours = story.Topic{Code: "medtop:20000638", Labels: map[string]string{"en": "Harbours", "he": "נמלים"}}

// browse adds to the small week what can be browsed: a topic in two languages, an author
// under two ids, and a report that was first published twelve years before.
func (p *kiosk) browse() *kiosk {
	p.t.Helper()
	p.add("2024-03-22T19:15:00Z", record.KindPerson, "desk-n", abelard, record.Person{Slug: "ruth-abelard", Names: record.Words{"en": "Ruth Abelard", "he": "רות אבלרד"}, Line: record.Words{"en": "Writes from Port Ellery."}})
	p.add("2024-03-22T19:15:30Z", record.KindPerson, "desk-n", twin, record.Person{Slug: "r-abelard", Names: record.Words{"en": "R. Abelard"}, Merged: abelard})
	x := lead()
	x.Topics, x.Places, x.Bylines = []story.Topic{harbours, {Code: "Fish & chips"}}, []string{"Kings Ferry"}, []story.Byline{{Person: abelard, Name: "Ruth Abelard"}, {Name: "Ida Kessler"}}
	p.add("2024-03-22T19:20:00Z", record.KindArticle, "desk-n", harbour, posted(x, record.Updated))
	old := posted(text("en", "the-first-quay", "The first quay"), record.Archived)
	old.Topics, old.Bylines, old.First = []story.Topic{harbours}, []story.Byline{{Person: twin, Name: "R. Abelard"}}, &record.First{Date: "2012-02-29", Address: "https://old.example/quay"}
	p.add("2024-03-22T19:25:00Z", record.KindArticle, "desk-n", imported, old)
	h := text("he", "נמל", "הנמל נפתח")
	h.Topics, h.Dateline.Place, h.Bylines = []story.Topic{harbours}, "פורט אלרי", []story.Byline{{Person: abelard, Name: "רות אבלרד"}}
	p.add("2024-03-22T19:26:00Z", record.KindArticle, "desk-j", harbourH, posted(h, record.Posted))
	return p
}

func TestGoldenBrowse(t *testing.T) {
	p := newKiosk(t).found().print().browse()
	for name, path := range map[string]string{
		"topic.html": "/topic/medtop:20000638", "topic.he.html": "/he/topic/medtop:20000638", "place.html": "/place/port-ellery-n-y", "author.html": "/author/ruth-abelard-" + abelard,
		"author.he.html": "/he/author/ruth-abelard-" + abelard, "author.name.html": "/author/ida-kessler", "topics.html": "/topics", "authors.he.html": "/he/authors", "places.html": "/places",
		"archive.html": "/archive", "archive.he.html": "/he/archive", "archive.year.html": "/archive/2024", "archive.month.html": "/archive/2024/03", "archive.month.he.html": "/he/archive/2024/03",
		"archive.day.html": "/archive/2024/03/22", "archive.day.he.html": "/he/archive/2024/03/22", "browsed.html": "/harbour-board-votes-" + harbour,
		"topic.atom": "/topic/medtop:20000638.atom", "author.rss": "/author/ruth-abelard-" + abelard + ".rss", "place.he.json": "/he/place/פורט-אלרי.json",
	} {
		w := p.get(path)
		if w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
		golden(t, name, hashed.ReplaceAll(w.Body.Bytes(), []byte(".HASH.")))
		if strings.HasSuffix(name, ".html") {
			safe(t, path, p.get(path))
		}
	}
	if p.log.Len() > 0 {
		t.Errorf("logged: %s", p.log.String())
	}
}

func TestWhereThingsAreFiled(t *testing.T) {
	p := newKiosk(t).found().print().browse()
	author := "/author/ruth-abelard-" + abelard
	for path, want := range map[string]int{
		"/topic/nothing": 404, "/topic/fish-chips": 200, "/topic/medtop:20000638?before=1": 200, "/topic/medtop:20000638?before=999999": 404, "/he/topic/fish-chips": 404, "/author/@" + abelard: 404, "/author/x-0000000000": 404,
		"/topics?page=2": 404, "/places?page=0": 404, "/he/topics": 200, "/place/kings-ferry": 200, "/place/ghost": 404,
		"/archive/2024": 200, "/archive/2023": 404, "/archive/24": 404, "/archive/2024/3": 404, "/archive/2024/13": 404, "/archive/2024/03/32": 404, "/archive/2024/03/20": 404, "/archive/2024/02/30": 404, "/archive/2012/02/29": 200,
		"/archive/0000": 404, "/archive/99999": 404, "/archive/2024/03/22/1": 404, "/archive/2024/03/22?before=999999": 404,
	} {
		if w := p.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	for from, to := range map[string]string{
		"/author/" + abelard: author, "/author/other-words-" + abelard: author, "/author/r-abelard-" + twin: author, "/author/" + twin + ".atom": author + ".atom", author + "?x=1": author,
		"/archive/2024?x": "/archive/2024", "/he/archive/2024/03/22?x=1": "/he/archive/2024/03/22", "/en/topics": "/topics",
	} {
		if w := p.get(from); w.Code != 301 || w.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", from, w.Code, w.Header().Get("Location"), to)
		}
	}
	body := p.get(author).Body.String()
	wants(t, body, "The first quay", "Harbour board votes", "2 reports", "Writes from Port Ellery.")
	wants(t, p.get("/authors").Body.String(), `href="`+author+`"><bdi>Ruth Abelard</bdi></a> <span>2</span>`)
	if strings.Count(p.get("/authors").Body.String(), abelard) != 1 {
		t.Error("somebody who was merged into another is listed by themselves")
	}
}

// TestAnAuthorWhoWroteUnderAnotherIDAlone stands in the list and the map as who they are.
func TestAnAuthorWhoWroteUnderAnotherIDAlone(t *testing.T) {
	p := newKiosk(t).found()
	p.add("2024-03-22T19:15:00Z", record.KindPerson, "desk-n", abelard, record.Person{Slug: "ruth-abelard", Names: record.Words{"en": "Ruth Abelard"}})
	p.add("2024-03-22T19:15:30Z", record.KindPerson, "desk-n", twin, record.Person{Slug: "r-abelard", Names: record.Words{"en": "R. Abelard"}, Merged: abelard})
	x := lead()
	x.Bylines = []story.Byline{{Person: twin, Name: "R. Abelard"}}
	p.add("2024-03-22T19:20:00Z", record.KindArticle, "desk-n", harbour, posted(x, record.Posted))
	const path = "/author/ruth-abelard-" + abelard
	for _, at := range []string{"/authors", "/sitemap-authors-1.xml", "/harbour-board-votes-" + harbour} {
		wants(t, p.get(at).Body.String(), path)
	}
	wants(t, p.get(path).Body.String(), "Harbour board votes", "One report")
}

// TestFiledIsWhatReadersSee: what is withdrawn or killed leaves every list, count and calendar,
// and what is reinstated comes back.
func TestFiledIsWhatReadersSee(t *testing.T) {
	p := newKiosk(t).found().print().browse()
	lists := []string{"/topic/fish-chips", "/topics", "/place/kings-ferry", "/author/ida-kessler", "/topic/fish-chips.atom", "/sitemap-topics-1.xml", "/sitemap-places-1.xml", "/sitemap-authors-1.xml"}
	there := func(want bool) {
		t.Helper()
		for _, path := range lists {
			w := p.get(path)
			if is := w.Code == 200 && (strings.Contains(w.Body.String(), "fish-chips") || strings.Contains(w.Body.String(), "kings-ferry") || strings.Contains(w.Body.String(), "ida-kessler")); is != want {
				t.Errorf("%s: %d, there: %t", path, w.Code, is)
			}
		}
		if is := strings.Contains(p.get("/archive/2024/03/22").Body.String(), "Harbour board votes"); is != want {
			t.Errorf("its day: %t", is)
		}
	}
	there(true)
	p.add("2024-03-22T19:30:00Z", record.KindWithdraw, "desk-n", harbour, record.Withdraw{Note: "It was not so."})
	if w := p.get("/topic/fish-chips.atom"); w.Code != 404 {
		t.Error("a topic without a report has a feed", w.Code)
	}
	wants(t, p.get("/topic/medtop:20000638.atom").Body.String(), "Withdrawn: Harbour board votes", "It was not so.")
	there(false)
	x := lead()
	x.Topics, x.Places, x.Bylines = []story.Topic{harbours, {Code: "Fish & chips"}}, []string{"Kings Ferry"}, []story.Byline{{Name: "Ida Kessler"}}
	n := p.add("2024-03-22T19:31:00Z", record.KindArticle, "desk-n", harbour, posted(x, record.Reinstated))
	there(true)
	p.add("2024-03-22T19:32:00Z", record.KindKill, "desk-n", harbour, record.Kill{Withheld: []int64{n}})
	there(false)
	wants(t, p.get("/topic/medtop:20000638.atom").Body.String(), "at:deleted-entry")
}

// TestCorrectionsKeepTheirIDInFeedsOfATopic: what is corrected stays under the same id.
func TestCorrectionsKeepTheirIDInFeedsOfATopic(t *testing.T) {
	p := newKiosk(t).found().print().browse()
	x := posted(lead(), record.Corrected)
	x.Topics, x.Headline, x.Correction = []story.Topic{harbours}, "Harbour board votes not to dredge", &record.Correction{Note: "It was the other way round."}
	p.add("2024-03-22T19:30:00Z", record.KindArticle, "desk-n", harbour, x)
	for _, ending := range []string{".atom", ".rss", ".json"} {
		body := p.get("/topic/medtop:20000638" + ending).Body.String()
		if strings.Count(body, "tag:meridian.example,2024:"+harbour) != 1 {
			t.Errorf("%s has it %d times", ending, strings.Count(body, "tag:meridian.example,2024:"+harbour))
		}
		wants(t, body, "votes not to dredge", "It was the other way round.", "Ida Kessler / Halyard Agency", "The New York desk updates until")
	}
}

// TestTheHousesDayIsItsOwn: a report that is posted after midnight in the house's city is of
// the next day, wherever its desk is, and moves when the house does.
func TestTheHousesDayIsItsOwn(t *testing.T) {
	r := editiontest.Paper(t)
	p := newPress(t, r)
	p.setClock(at("2024-03-21T22:30:00Z")) // 00:30 on Friday in Jerusalem
	p.post("art0000001", editiontest.NewYork, "en", "city", "After midnight")
	wants(t, get(p.web, "/archive/2024/03/22").Body.String(), "After midnight", "00:30")
	if w := get(p.web, "/archive/2024/03/21"); w.Code != 404 {
		t.Error(w.Code)
	}
	h := editiontest.HouseEntry()
	h.Seat.Zone = "America/New_York"
	r.Append(record.KindHouse, "house00001", "", p.now, h)
	p.apply()
	wants(t, get(p.web, "/archive/2024/03/21").Body.String(), "After midnight", "18:30")
	if w := get(p.web, "/archive/2024/03/22"); w.Code != 404 {
		t.Error(w.Code)
	}
}

// TestArchiveOfDaysWithoutMidnight walks over days that begin at one o'clock.
func TestArchiveOfDaysWithoutMidnight(t *testing.T) {
	for zone, days := range map[string][]string{"Asia/Beirut": {"2024-03-30", "2024-03-31"}, "America/Santiago": {"2024-09-07", "2024-09-08"}} {
		r := editiontest.New(t)
		h := editiontest.HouseEntry()
		h.Seat.Zone = zone
		r.Append(record.KindHouse, "house00001", "", at("2024-03-20T20:00:00Z"), h)
		r.Append(record.KindDesk, string(editiontest.London), editiontest.London, at("2024-03-20T20:00:01Z"), editiontest.DeskEntry(editiontest.London))
		loc, err := time.LoadLocation(zone)
		check(t, err)
		for i, day := range days {
			d, err := time.Parse(time.DateOnly, day)
			check(t, err)
			r.Post(editiontest.ArticleID(i+1), editiontest.London, clock.DayStart(d.Year(), d.Month(), d.Day(), loc), editiontest.Text("en", "city", "On "+day, "", "Words."))
		}
		p := newPress(t, r)
		p.setClock(at("2025-01-01T00:00:00Z"))
		for i, day := range days {
			body := get(p.web, "/archive/"+strings.ReplaceAll(day, "-", "/")).Body.String()
			wants(t, body, "On "+day)
			if i == 0 {
				wants(t, body, `href="/archive/`+strings.ReplaceAll(days[1], "-", "/")+`" rel="prev"`)
			}
		}
	}
}

// TestListsOfManyThousands pages through a topic of ten thousand reports: each is there once,
// and the last page costs no more than the first.
func TestListsOfManyThousands(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand reports")
	}
	const all = 10_000
	r := editiontest.Paper(t)
	for i := range all {
		x := editiontest.Text("en", "city", fmt.Sprint("Report ", i), "", "Words.")
		x.Topics, x.Bylines, x.Dateline.Place = []story.Topic{harbours}, []story.Byline{{Name: "Ruth Abelard"}}, "Port Ellery"
		r.Post(editiontest.ArticleID(i+1), editiontest.London, editiontest.Begin.Add(time.Duration(i)*time.Minute), x)
	}
	p := newPress(t, r)
	for _, path := range []string{"/topic/medtop:20000638", "/author/ruth-abelard", "/place/port-ellery"} {
		first := get(p.web, path).Body.String()
		wants(t, first, "10\u202f000 reports", "Report 9999", "Report 9980")
		seen := walk(t, p.web, path, 3)
		if seen != 60 {
			t.Errorf("%s: %d reports on three pages", path, seen)
		}
		last := get(p.web, path+fmt.Sprint("?before=", 6+19)).Body.String() // the twentieth report's entry
		wants(t, last, "Report 0<", "Report 18<")
		if strings.Contains(last, `rel="next"`) {
			t.Error("there is more after the last")
		}
	}
}

// walk follows the links to earlier parts, and counts the stories.
func walk(t *testing.T, h http.Handler, path string, parts int) (stories int) {
	t.Helper()
	seen := map[string]bool{}
	for range parts {
		doc, err := html.Parse(get(h, path).Body)
		check(t, err)
		path = ""
		for n := range doc.Descendants() {
			if id := attr(n, "data-story"); id != "" && !seen[id] {
				seen[id] = true
			}
			if n.Data == "a" && attr(n, "rel") == "next" {
				path = attr(n, "href")
			}
		}
		if path == "" {
			break
		}
	}
	return len(seen)
}

// TestHostileFilings brings hostile words where things are filed.
func TestHostileFilings(t *testing.T) {
	p := newKiosk(t).found()
	x := lead()
	x.Topics = []story.Topic{{Code: hostile, Labels: map[string]string{"en": hostile}}, {Code: "../../etc"}, {Code: "x.atom"}, {Code: strings.Repeat("a", 500)}, {}}
	x.Places, x.Bylines = []string{hostile, "", " ", "\u202e"}, []story.Byline{{Name: hostile}, {Name: ""}, {Person: "no/id", Name: "x"}}
	for i := range 200 {
		x.Topics = append(x.Topics, story.Topic{Code: fmt.Sprint("many", i)})
	}
	a := posted(x, record.Archived)
	a.First = &record.First{Date: "-0001-99-99", At: at("0001-01-01T00:00:00Z")}
	p.add("2024-03-22T19:00:00Z", record.KindArticle, "desk-n", harbour, a)
	paths := []string{"/", "/topics", "/places", "/authors", "/archive", "/archive/2024", "/archive/2024/03", "/archive/2024/03/22", "/as-of/2024-03-22T19:30Z", "/as-of/2024-03-22T19:30Z/harbour-board-votes-" + harbour, "/as-of?date=" + "%3Cscript%3E&time=%22%3E"}
	doc, err := html.Parse(p.get("/harbour-board-votes-" + harbour).Body)
	check(t, err)
	for n := range doc.Descendants() {
		if to := attr(n, "href"); strings.HasPrefix(to, "/topic/") || strings.HasPrefix(to, "/place/") || strings.HasPrefix(to, "/author/") {
			paths = append(paths, to)
		}
	}
	for i, path := range paths {
		w := p.get(path)
		if w.Code != 200 && !strings.Contains(path, "/many") {
			t.Errorf("%s: %d", path, w.Code)
		}
		if i < 40 {
			safe(t, path, w)
		}
	}
	if len(paths) < 20 {
		t.Error("the article leads nowhere", paths)
	}
}

func TestNothingIsFiledYet(t *testing.T) {
	p := newKiosk(t).found()
	for path, words := range map[string]string{"/topics": "No report has a topic yet.", "/places": "No report names a place yet.", "/authors": "No report names its author yet.", "/archive": "Nothing has been posted yet.", "/he/archive": "עדיין לא פורסם דבר."} {
		w := p.get(path)
		if w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
		wants(t, w.Body.String(), words)
	}
	if w := p.get("/archive/2024"); w.Code != 404 {
		t.Error(w.Code)
	}
}

// TestArchiveLeavesWhatStays: a first report of a day changes the day before it and the
// calendars that they are in; a second one changes the calendars alone.
func TestArchiveLeavesWhatStays(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	p.post("art0000001", editiontest.London, "en", "city", "On Friday")
	p.post("art0000003", editiontest.London, "en", "city", "Also on Friday")
	p.setClock(at("2024-03-25T10:00:00Z"))
	p.post("art0000002", editiontest.London, "he", "city", "ביום שני")
	pages := []string{"/archive/2024/03/22", "/archive/2024/03", "/archive/2024", "/archive", "/he/archive/2024/03/25", "/he/archive/2024"}
	for i, left := range [][]string{pages[:4], {"/archive/2024/03", "/archive/2024", "/archive"}} {
		for _, at := range pages {
			if w := get(p.web, at); w.Code != 200 {
				t.Fatal(at, w.Code)
			}
		}
		p.post(editiontest.ArticleID(10+i), editiontest.London, "en", "city", fmt.Sprint("On Monday ", i))
		for _, at := range pages {
			if gone := !site.Has(p.web, at); gone != slices.Contains(left, at) {
				t.Errorf("post %d: %s left: %t", i, at, gone)
			}
		}
		wants(t, get(p.web, "/archive/2024/03/22").Body.String(), `href="/archive/2024/03/25" rel="prev"`)
		wants(t, get(p.web, "/archive/2024/03").Body.String(), fmt.Sprint("Monday 25 March: ", []string{"One report", "2 reports"}[i]))
	}
	for _, at := range pages {
		get(p.web, at)
	}
	p.record.Withdraw("art0000003", editiontest.London, p.now, "It was not so.")
	p.apply()
	for i, at := range pages {
		if site.Has(p.web, at) != (i > 3) {
			t.Errorf("after a withdrawal, %s is ready: %t", at, i <= 3)
		}
	}
	wants(t, get(p.web, "/archive/2024/03").Body.String(), "Friday 22 March: One report")
}
