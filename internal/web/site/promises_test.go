package site_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// TestNothingTellsThatSomethingIsThere asks for a story that waits, and for one that never
// was, at every route that takes an id: the answers differ in nothing but the id. I-30.
func TestNothingTellsThatSomethingIsThere(t *testing.T) {
	const never = "9999999999"
	p := print(t)
	id := string(p.draft())
	asked := 0
	for _, paths := range p.manifest(story.ArticleID(id)) {
		for _, path := range paths {
			if !strings.Contains(path, id) {
				continue
			}
			asked++
			there, not := p.get(path), p.get(strings.ReplaceAll(path, id, never))
			plain := func(s string) string { return strings.ReplaceAll(s, never, id) }
			if there.Code != not.Code || plain(fmt.Sprint(there.Header())) != plain(fmt.Sprint(not.Header())) || plain(there.Body.String()) != plain(not.Body.String()) {
				t.Errorf("%s: %d %v, and for what never was %d %v", path, there.Code, there.Header(), not.Code, not.Header())
			}
		}
	}
	if asked < 15 {
		t.Errorf("%d addresses take an id", asked)
	}
}

// TestTheLogsSayNothing has all that is public asked for while a story waits: its words are in
// no line of any log. I-33.
func TestTheLogsSayNothing(t *testing.T) {
	p := print(t)
	id := p.draft()
	for _, paths := range p.manifest(id) {
		for _, path := range paths {
			p.get(path)
		}
	}
	p.get("/" + string(id) + "/history/999999999999999999999")
	if log := p.log.String(); strings.Contains(log, canary) {
		t.Errorf("the logs of a story that waits: %.1000s", log)
	}
}

// TestTheRecordPromisesNothing: a story that is written, filed and waits changes nothing of
// what is committed to in public, not even a hash. I-38.
func TestTheRecordPromisesNothing(t *testing.T) {
	p := print(t)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	p.now = time.Date(2024, 3, 22, 23, 30, 0, 0, time.UTC) // when it is filed
	public := func() (all string) {
		for _, path := range []string{"/checkpoint", "/record/1", "/tile/0/000.p/" + p.head(), "/tile/entries/000.p/" + p.head(), "/feed.atom", "/sitemap.xml", "/sitemap-pages.xml", "/search?q=words"} {
			w := p.get(path)
			if path == "/checkpoint" && w.Code != http.StatusOK {
				t.Errorf("there is no checkpoint: %d", w.Code)
			}
			all += fmt.Sprintln(path, w.Code, w.Header().Get("ETag"), w.Header().Get("Last-Modified"), w.Body)
		}
		return all
	}
	head, before := p.head(), public()
	id := p.draft()
	who, err := p.room.Acting(t.Context(), "Jonah Petrie")
	check(t, err)
	if err := p.room.Embargo(t.Context(), who, newsroom.EmbargoWish{Key: p.room.NewKey(), Article: id, Until: "2024-04-01 09:00 America/New_York"}); err != nil {
		t.Fatal(err)
	}
	check(t, p.edition.CatchUp(t.Context(), p.db))
	if after := public(); p.head() != head || after != before {
		t.Errorf("entry %s became %s\n%s", head, p.head(), firstDifference([]byte(after), []byte(before)))
	}
}

// TestListsAreWhatIsPublic: the map of the site and search have exactly the stories that are
// public, and feeds nothing else. I-36.
func TestListsAreWhatIsPublic(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	p.record.Withdraw(editiontest.ArticleID(8), editiontest.Jerusalem, p.clock(), "It was not so.")
	p.record.Kill(editiontest.ArticleID(2), editiontest.London, p.clock(), "")
	p.apply()
	var public, hidden []string
	for i := range 12 {
		at, w := follow(p.web, "/"+string(editiontest.ArticleID(i+1)))
		if w.Code == http.StatusOK {
			public = append(public, at)
		} else {
			hidden = append(hidden, string(editiontest.ArticleID(i+1)))
		}
	}
	if len(public) < 5 || len(hidden) < 2 {
		t.Fatalf("%d public, %d not", len(public), len(hidden))
	}
	var mapped []string
	for _, m := range regexp.MustCompile(`<loc>https?://[^/]*(/[^<]*-art\d+)</loc>`).FindAllStringSubmatch(get(p.web, "/sitemap-0.xml").Body.String(), -1) {
		mapped = append(mapped, m[1])
	}
	slices.Sort(public)
	slices.Sort(mapped)
	if !slices.Equal(mapped, public) {
		t.Errorf("public are %v\nmapped are %v", public, mapped)
	}
	for _, list := range []string{"/search?q=paragraph", "/he/search?q=paragraph", "/sitemap-news-1.xml"} {
		body := get(p.web, list).Body.String()
		for _, id := range hidden {
			if strings.Contains(body, id) {
				t.Errorf("%s has %s, which is not public", list, id)
			}
		}
	}
}
