package site_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

func TestGoldenStood(t *testing.T) {
	p := newKiosk(t).found().print().browse().game2()
	p.add("2024-03-22T19:39:10Z", record.KindWithdraw, "desk-l", ferry, record.Withdraw{Note: "It sails as before."})
	const thursday, late = "/as-of/2024-03-21T15:30Z", "/as-of/2024-03-22T19:39:30Z"
	for name, x := range map[string]struct {
		path   string
		status int
	}{
		"stood.front.html": {thursday, 200}, "stood.front.he.html": {"/he" + late, 200}, "stood.section.html": {thursday + "/s/trade", 200}, "stood.desk.html": {thursday + "/desk/new-york", 200},
		"stood.article.html": {thursday + "/engineers-shift-the-channel-" + engineers, 200}, "stood.withdrawn.html": {late + "/canal-closed-" + canal, 410}, "stood.since.html": {thursday + "/ferry-an-hour-later-" + ferry, 200},
		"stood.killed.html": {thursday + "/" + ghost, 410}, "stood.corrections.html": {late + "/corrections", 200}, "stood.live.html": {"/as-of/2024-03-22T19:36Z/game-eleven-" + liveEnglish, 200},
		"moment.html": {"/as-of", 200}, "moment.he.html": {"/he/as-of", 200}, "moment.early.html": {"/as-of/2024-01-01T00:00Z", 404}, "moment.late.html": {"/as-of/2024-03-22T19:41Z", 404}, "moment.twice.html": {"/as-of?date=2023-10-29&time=01:30", 200},
	} {
		w := p.get(x.path)
		if w.Code != x.status {
			t.Errorf("%s: %d %s", x.path, w.Code, w.Header().Get("Location"))
		}
		golden(t, name, hashed.ReplaceAll(w.Body.Bytes(), []byte(".HASH.")))
		safe(t, x.path, p.get(x.path))
	}
	if p.log.Len() > 0 {
		t.Errorf("logged: %s", p.log.String())
	}
}

// game2 is a live page of which an entry was edited, and another removed.
func (p *kiosk) game2() *kiosk {
	p.t.Helper()
	x := text("en", "game-eleven", "Vos against Lindqvist, game eleven")
	x.Type, x.Doc, x.Dateline = story.Live, nil, story.Dateline{}
	p.add("2024-03-22T19:30:00Z", record.KindArticle, "desk-n", liveEnglish, posted(x, record.Posted))
	p.live("2024-03-22T19:31:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveOpens, Desks: []story.DeskID{"desk-n"}})
	p.live("2024-03-22T19:32:00Z", "desk-n", liveEnglish, said("entry001", "en", "Knight takes."))
	p.live("2024-03-22T19:33:00Z", "desk-n", liveEnglish, said("entry002", "en", "A slander."))
	edit := said("entry001", "en", "Bishop takes.")
	edit.Does = record.LiveEdits
	p.live("2024-03-22T19:37:00Z", "desk-n", liveEnglish, edit)
	p.live("2024-03-22T19:38:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveRemoves, Entry: "entry002"})
	p.live("2024-03-22T19:39:00Z", "desk-n", liveEnglish, record.Live{Does: record.LiveCloses, Summary: "A draw."})
	return p
}

// TestTheSiteAsItStoodIsTheSiteThatWas keeps every page of a small week as it was drawn at each
// of its entries, and looks later whether the past shows the same stories in the same order.
func TestTheSiteAsItStoodIsTheSiteThatWas(t *testing.T) {
	r := editiontest.House(t)
	all := r.Entries()
	p := newPress(t, editiontest.House(t))
	p.setClock(editiontest.Begin.Add(time.Hour))
	paths := []string{"", "/s/city", "/s/science", "/desk/london", "/desk/jerusalem", "/desk/new-york"}
	compared := 0
	for n := range all {
		if n < 5 {
			continue // no desk yet
		}
		then := newPress(t, editiontest.Up(t, all[:n+1], r))
		if n+1 < len(all) && !all[n+1].At.Truncate(time.Second).After(all[n].At) {
			continue // the two have no second between them
		}
		moment := all[n].At.Truncate(time.Second)
		if moment.Before(all[n].At) {
			moment = moment.Add(time.Second)
		}
		then.setClock(moment)
		for _, lang := range []string{"", "/he"} {
			for _, path := range paths {
				was := get(then.web, or(lang+path, "/"))
				is := get(p.web, lang+"/as-of/"+spell(moment)+path)
				if was.Code != 200 || is.Code != 200 {
					t.Fatalf("entry %d, %s: %d and %d", n+1, lang+path, was.Code, is.Code)
				}
				compared++
				if a, b := headlines(t, was.Body.String()), headlines(t, is.Body.String()); strings.Join(a, "\n") != strings.Join(b, "\n") {
					t.Errorf("entry %d, %s as it stood:\n%v\nas it was:\n%v", n+1, lang+path, b, a)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d pages were compared", compared)
	}
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// spell writes a moment as addresses do.
func spell(t time.Time) string {
	if t.Second() == 0 {
		return t.UTC().Format("2006-01-02T15:04Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// headlines are the stories of a page in their order, with the words that lead to them.
func headlines(t *testing.T, body string) (all []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	check(t, err)
	for n := range doc.Descendants() {
		if n.Data == "a" && n.FirstChild != nil && n.Parent != nil && (attr(n.Parent, "class") == "hed" || attr(n.Parent, "class") == "bare") {
			all = append(all, n.FirstChild.Data)
		}
	}
	return all
}

// TestTodaysTakingsApplyToThePast: what is killed, erased or removed after a moment is on no
// page as it stood then, nor is a word of it in what is kept ready.
func TestTodaysTakingsApplyToThePast(t *testing.T) {
	for _, how := range []string{"kill", "erase"} {
		r := editiontest.House(t)
		p := newPress(t, r)
		const secret = "Canary 5e0c6f"
		before := spell(editiontest.Begin.Add(2 * time.Minute))
		p.setClock(editiontest.Begin.Add(time.Minute))
		p.post("art0000099", editiontest.London, "en", "city", secret)
		r.Append(record.KindFront, "en", editiontest.London, p.now, record.Front{Lang: "en", Rest: "newest", Places: []record.FrontPlace{{Article: "art0000099", Headline: "Front " + secret}}})
		c := editiontest.Text("en", "city", secret+" again", "", "A paragraph.")
		c.Slug, c.Change, c.Correction = story.Slug(secret), record.Corrected, &record.Correction{Note: "Note " + secret}
		p.setClock(editiontest.Begin.Add(90 * time.Second))
		r.Post("art0000099", editiontest.London, p.now, c)
		p.apply()
		p.setClock(editiontest.Begin.Add(10 * time.Minute))
		base := "/as-of/" + before
		paths := []string{base, base + "/s/city", base + "/desk/london", base + "/corrections", base + "/" + story.Slug(secret) + "-art0000099", base + "/art0000099", "/topics", "/archive/2024/03/22"}
		shown := 0
		for _, at := range paths {
			if _, w := follow(p.web, at); strings.Contains(w.Body.String(), secret) {
				shown++
			}
		}
		if shown < 5 {
			t.Fatalf("only %d pages show the story before it is taken", shown)
		}
		if how == "kill" {
			r.Kill("art0000099", editiontest.London, p.now, "It was not so.")
		} else {
			r.Erase("art0000099", editiontest.London, p.now, "By order.")
		}
		p.apply()
		for _, at := range paths {
			_, w := follow(p.web, at)
			if strings.Contains(w.Body.String(), secret) || strings.Contains(fmt.Sprint(w.Header()), "Canary") {
				t.Errorf("%s: %s shows it", how, at)
			}
		}
		want := map[string]int{"kill": 410, "erase": 451}[how]
		if w := get(p.web, base+"/art0000099"); w.Code != want {
			t.Errorf("%s: %d", how, w.Code)
		}
	}
}

// TestWhatWasWithdrawnSinceStandsAndSaysSo: earlier texts stay readable, as in the history.
func TestWhatWasWithdrawnSinceStandsAndSaysSo(t *testing.T) {
	p := newKiosk(t).found().print()
	const then = "/as-of/2024-03-21T20:00Z"
	path := then + "/canal-closed-" + canal
	w := p.get(path)
	wants(t, w.Body.String(), "Work begins in the autumn.", "This report was withdrawn after this moment.", `href="/canal-closed-`+canal+`"`)
	wants(t, p.get(then).Body.String(), "Withdrawn since", "Canal closed")
	wants(t, p.get("/as-of/2024-03-21T15:30Z").Body.String(), "Corrected since")
	later := p.get("/as-of/2024-03-22T10:00Z/canal-closed-" + canal)
	if later.Code != 410 || strings.Contains(later.Body.String(), "Work begins") {
		t.Error(later.Code)
	}
	wants(t, later.Body.String(), "It rested on a forged letter.")
	old := p.get("/as-of/2024-03-21T15:30Z/engineers-shift-the-channel-" + engineers).Body.String()
	wants(t, old, "fourteen feet deep", "This report was corrected after this moment.")
	if strings.Contains(old, "metres") {
		t.Error("a later text is in an earlier moment")
	}
	now := p.get("/as-of/2024-03-21T17:00Z/engineers-shift-the-channel-" + engineers).Body.String()
	wants(t, now, "fourteen metres deep", "An earlier version gave the depth in feet.")
}

// TestLinksStayInTheMoment: every link of a page as it stood leads to the same moment, but the
// few that say where they lead.
func TestLinksStayInTheMoment(t *testing.T) {
	p := newKiosk(t).found().print().browse().game2()
	for _, lang := range []string{"", "/he"} {
		then := lang + "/as-of/2024-03-22T19:39:30Z"
		paths := []string{then, then + "/s/trade", then + "/desk/new-york", then + "/corrections"}
		if lang == "" {
			paths = append(paths, then+"/harbour-board-votes-"+harbour, then+"/game-eleven-"+liveEnglish, then+"/canal-closed-"+canal, then+"/"+ghost)
		}
		for _, path := range paths {
			w := p.get(path)
			doc, err := html.Parse(w.Body)
			check(t, err)
			links := 0
			for n := range doc.Descendants() {
				to := attr(n, "href")
				switch {
				case n.Data != "a" || !strings.HasPrefix(to, "/"):
				case attr(n, "rel") == "nofollow" || attr(n, "class") == "stood__now" || n.FirstChild != nil && (n.FirstChild.Data == "The report as it is now" || n.FirstChild.Data == "The site as it is now" || n.FirstChild.Data == "האתר כפי שהוא עכשיו"):
				case strings.Contains(to, "/as-of/2024-03-22T19:39:30Z"):
					if links++; p.get(strings.Split(to, "#")[0]).Code >= 500 {
						t.Errorf("%s leads to %s, which fails", path, to)
					}
				default:
					t.Errorf("%s leads out of its moment to %s", path, to)
				}
			}
			if links < 5 {
				t.Errorf("%s has %d links", path, links)
			}
			if robots := p.get(path).Body.String(); !strings.Contains(robots, `<meta name="robots" content="noindex">`) || strings.Contains(robots, `rel="canonical"`) {
				t.Errorf("%s asks to be found", path)
			}
		}
	}
}

func TestMoments(t *testing.T) {
	p := newKiosk(t).found().print()
	for path, want := range map[string]int{
		"/as-of/2024-03-22T15:30Z": 200, "/as-of/now": 404, "/as-of/2024-03-22": 404, "/as-of/": 404, "/as-of/2024-03-22T25:30Z": 404, "/as-of/2024-03-17T05:59Z": 404, "/as-of/0001-01-01T00:00Z": 404, "/as-of/9999-12-31T23:59Z": 404,
		"/as-of/2024-03-22T15:30Z/s/none": 404, "/as-of/2024-03-22T15:30Z/desk/none": 404, "/as-of/2024-03-22T15:30Z/" + never: 404, "/as-of/2024-03-21T11:59Z/" + ferry: 404, "/as-of/2024-03-22T15:30Z/" + ghost: 410, "/as-of/2024-03-22T15:30Z/coverage": 404,
		"/as-of": 200, "/as-of?": 200, "/as-of?date=2024-03-22": 200, "/as-of?date=2024-02-30&time=10:00": 200,
	} {
		if w := p.get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	for from, to := range map[string]string{
		"/as-of/2024-03-22T15:30:00Z": "/as-of/2024-03-22T15:30Z", "/as-of/2024-03-22T17:30:00+02:00/s/trade": "/as-of/2024-03-22T15:30Z/s/trade", "/he/as-of/2024-03-22T15:30:00.5Z": "/he/as-of/2024-03-22T15:30Z",
		"/as-of/2024-03-22T15:30Z?x=1": "/as-of/2024-03-22T15:30Z", "/as-of/2024-03-22T15:30Z/s/trade?x=1": "/as-of/2024-03-22T15:30Z/s/trade", "/as-of/2024-03-22T15:30Z/" + ferry: "/as-of/2024-03-22T15:30Z/ferry-an-hour-later-" + ferry,
		"/as-of/2024-03-22T15:30Z/" + hebrew: "/he/as-of/2024-03-22T15:30Z/%D7%9E%D7%95%D7%A2%D7%A6%D7%AA-%D7%94%D7%A0%D7%9E%D7%9C-" + hebrew,
	} {
		if w := p.get(from); w.Code != 301 || w.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", from, w.Code, w.Header().Get("Location"), to)
		}
	}
	for asked, to := range map[string]string{"date=2024-03-22&time=17:30": "2024-03-22T15:30Z", "date=2024-07-01&time=17:30": "2024-07-01T14:30Z"} {
		if w := p.get("/as-of?" + asked); w.Code != 302 || w.Header().Get("Location") != "/as-of/"+to {
			t.Errorf("%s: %d to %q", asked, w.Code, w.Header().Get("Location"))
		}
	}
	wants(t, p.get("/as-of?date=2024-03-29&time=02:30").Body.String(), "it was never 02:30 in Jerusalem", "/as-of/2024-03-29T00:30Z", "03:30")
	wants(t, p.get("/as-of?date=2023-10-29&time=01:30").Body.String(), "twice in Jerusalem", "/as-of/2023-10-28T22:30Z", "/as-of/2023-10-28T23:30Z")
	wants(t, p.get("/as-of/2024-01-01T00:00Z").Body.String(), "There was no site yet", "Sunday 17 March 2024, 08:00 in Jerusalem")
	body := p.get("/as-of/2024-03-22T16:00Z").Body.String() // Jerusalem rests
	wants(t, body, "The site as it stood on Friday 22 March 2024", "18:00</time> Jerusalem", "12:00</time> New York", "16:00</time> UTC", "As it stood", "The New York desk updates until")
	if p.log.Len() > 0 {
		t.Errorf("logged: %s", p.log.String())
	}
}

// TestThePastIsKeptReady: a page of the past stays ready while the house goes on, and one of a
// moment after the newest entry does not outlive the next.
func TestThePastIsKeptReady(t *testing.T) {
	r := editiontest.House(t)
	p := newPress(t, r)
	p.setClock(editiontest.Begin.Add(time.Hour))
	past, newest := "/as-of/"+spell(editiontest.Begin.Add(-time.Hour)), "/as-of/"+spell(editiontest.Begin.Add(59*time.Minute))
	pages := []string{past, past + "/s/city", past + "/desk/london", newest}
	for _, at := range pages {
		if w := get(p.web, at); w.Code != 200 || !site.Has(p.web, at) {
			t.Fatal(at, w.Code)
		}
	}
	p.record.Post("art0000098", editiontest.London, editiontest.Begin.Add(58*time.Minute), editiontest.Text("en", "city", "Late news", "", "Words."))
	p.apply()
	for i, at := range pages {
		if site.Has(p.web, at) != (i < 3) {
			t.Errorf("%s is ready: %t", at, i >= 3)
		}
	}
	wants(t, get(p.web, newest).Body.String(), "Late news")
	p.setClock(editiontest.Begin.Add(22 * time.Hour)) // another moment of now
	if !site.Has(p.web, past) {
		t.Error("the past passed")
	}
	later := spell(editiontest.Begin.Add(23 * time.Hour))
	if strings.Contains(get(p.web, past).Body.String(), later) {
		t.Error("a step leads to what has not come")
	}
	p.setClock(editiontest.Begin.Add(23 * time.Hour))
	wants(t, get(p.web, past).Body.String(), later)
	fresh := site.New(p.edition, site.Options{Now: p.clock, Log: slog.New(slog.DiscardHandler), Memory: 1 << 20})
	get(fresh, "/s/city")
	for i := range 200 {
		get(fresh, "/as-of/"+spell(editiontest.Begin.Add(-time.Duration(i)*time.Second))+"/s/city")
	}
	if !site.Has(fresh, "/s/city") {
		t.Error("moments of the past push the present out of memory")
	}
}
