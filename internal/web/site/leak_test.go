package site_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/web/ui"
	"dateline/internal/zone"
)

// paper is a whole house with its week posted, and its readers' site.
type paper struct {
	t       *testing.T
	now     time.Time
	db      *store.DB
	room    *newsroom.Room
	edition *edition.Edition
	folder  string
	web     http.Handler
	key     record.Key
	setup   newsroom.Setup
	log     bytes.Buffer // of the newsroom, the edition and the site, to the last detail
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func print(t *testing.T) *paper {
	t.Helper()
	p := &paper{t: t, now: demo.Begin, folder: t.TempDir()}
	log := slog.New(slog.NewTextHandler(&p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db, err := store.Open(t.Context(), storetest.Address(t), store.Options{Now: func() clock.Reading {
		return clock.Reading{Wall: p.now, Boot: p.now.Sub(demo.Begin) + time.Hour, BootID: "test"}
	}})
	check(t, err)
	p.db = db
	t.Cleanup(func() { check(t, db.Close()) })
	secret, err := record.NewKey(record.LogName("localhost:8080", 1, rand.Reader), rand.Reader)
	check(t, err)
	key, err := record.ParseKey(secret)
	check(t, err)
	db.SetKey(key)
	p.room = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: filepath.Join(t.TempDir(), "pictures"), Log: log})
	s, err := demo.Setup("http://localhost:8080")
	check(t, err)
	s.Log, s.Key = key.Log(), key.Verifier()
	p.key, p.setup = key, s
	check(t, p.room.SetUp(t.Context(), s))
	check(t, demo.AddPeople(t.Context(), p.room))
	p.edition, err = edition.Open(t.Context(), p.folder, edition.Options{Zone: zone.Built().Load, Renditions: p.room.Rendition, Log: log})
	check(t, err)
	t.Cleanup(func() { check(t, p.edition.Close()) })
	streams := runLive(t, p.edition, func() time.Time { return demo.Begin })
	p.web = site.New(p.edition, site.Options{Now: func() time.Time { return p.now }, Log: log, Live: streams})
	return p
}

func (p *paper) week() {
	p.t.Helper()
	check(p.t, demo.Week{Room: p.room, MoveTo: func(ctx context.Context, at time.Time) error {
		if at.After(p.now) {
			p.now = at
		}
		_, err := p.room.Step(ctx)
		return err
	}}.Post(p.t.Context()))
	check(p.t, p.edition.CatchUp(p.t.Context(), p.db))
}

func (p *paper) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// canary is a word that no page may ever show before its story is posted.
const canary = "zq7canary4x9"

// draft is a story whose every field holds the canary, filed while its desk rests.
func (p *paper) draft() story.ArticleID {
	p.t.Helper()
	ctx := p.t.Context()
	who, err := p.room.Acting(ctx, "Jonah Petrie")
	check(p.t, err)
	house, err := p.room.House(ctx)
	check(p.t, err)
	d, _ := house.Desk("new-york")
	c := func(s string) string { return s + " " + canary }
	text := story.Text{Type: story.Report, Lang: "en", Section: "city", Slug: canary, Headline: c("Headline"), Short: c("Short"), Standfirst: c("Stand"),
		Dateline: story.Dateline{Place: c("Place")}, Bylines: []story.Byline{{Name: c("Reporter")}}, Sources: []story.Source{{Name: c("Source")}},
		Topics: []story.Topic{{Code: canary}}, Places: []string{canary}, Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: c("Words")}}}}}
	id, err := p.room.Start(ctx, who, newsroom.Beginning{Key: "a-key-of-the-canary-1", Desk: d.ID, Text: &text})
	check(p.t, err)
	p.now = time.Date(2024, 3, 22, 23, 30, 0, 0, time.UTC)
	filed, err := p.room.File(ctx, who, newsroom.Filing{Key: "a-key-of-the-canary-2", Article: id, What: story.Publish, NoUndo: true, Base: -1})
	check(p.t, err)
	if filed.State != story.Pending {
		p.t.Fatalf("a story was posted while its desk rests: %+v", filed)
	}
	check(p.t, p.edition.CatchUp(ctx, p.db))
	return id
}

// head is the number of the newest entry that is public.
func (p *paper) head() string { return strconv.FormatInt(p.edition.Applied(), 10) }

// told is an answer with what a program would make of it: lines of the record with their
// contents decoded, all pages of them.
func (p *paper) told(path string) (*httptest.ResponseRecorder, string) {
	p.t.Helper()
	w := p.get(path)
	text := w.Body.String()
	if w.Header().Get("Content-Type") != "application/x-ndjson" {
		return w, text
	}
	for _, line := range strings.SplitAfter(w.Body.String(), "\n") {
		if line == "" {
			continue
		}
		e, err := record.ParseLine([]byte(line))
		check(p.t, err)
		text += string(e.Leaf()) + string(e.Content)
	}
	return w, text
}

// everything names all channels that could tell of an article.
func (p *paper) everything(id story.ArticleID) string {
	return "?ch=article." + string(id) + ",house.en,house.he,section.en.city,section.en.trade,desk.en.new-york,desk.en.jerusalem,notice.en,notice.en.new-york,all"
}

// back is as far back as a stream is caught up with.
func (p *paper) back() string {
	return "1-" + strconv.FormatInt(max(0, p.edition.Applied()-live.MaxBehind), 10)
}

// moment is the address of the site as it stands now.
func (p *paper) moment() string { return "/as-of/" + spell(p.now.Truncate(time.Second)) }

// manifest says how each public route is asked in the scan. A route that is not here fails.
func (p *paper) manifest(id story.ArticleID) map[string][]string {
	return map[string][]string{
		"/search":               {"/search", "/he/search", "/search?q=" + canary, "/he/search?q=" + canary, "/search?q=" + canary + "*", "/search?q=by:" + canary, "/search?q=topic:" + canary, "/search?q=date:2024", "/search?q=words&x=" + canary},
		"/opensearch.xml":       {"/opensearch.xml", "/he/opensearch.xml"},
		"/":                     {"/", "/he"},
		"/s/{section}":          {"/s/city", "/s/trade", "/s/nope", "/he/s/city"},
		"/desk/{desk}":          {"/desk/new-york", "/desk/jerusalem", "/desk/nope", "/desk/new-york?before=5"},
		"/corrections":          {"/corrections", "/he/corrections"},
		"/coverage":             {"/coverage", "/he/coverage"},
		"/coverage/{part}":      {"/coverage/week", "/he/coverage/month", "/coverage/all.ics", "/he/coverage/new-york.ics", "/coverage/" + canary + ".ics"},
		"/feed.atom":            {"/feed.atom", "/he/feed.atom"},
		"/feed.rss":             {"/feed.rss", "/he/feed.rss"},
		"/feed.json":            {"/feed.json", "/he/feed.json"},
		"/s/{section}.atom":     {"/s/city.atom", "/s/nope.atom"},
		"/s/{section}.rss":      {"/s/city.rss", "/he/s/city.rss"},
		"/s/{section}.json":     {"/s/city.json", "/s/" + canary + ".json"},
		"/desk/{desk}.atom":     {"/desk/new-york.atom", "/desk/jerusalem.atom"},
		"/desk/{desk}.rss":      {"/desk/new-york.rss"},
		"/desk/{desk}.json":     {"/desk/new-york.json", "/desk/nope.json"},
		"/person/{person}.atom": {"/person/" + canary + "-" + string(id) + ".atom", "/person/0000000000.atom"},
		"/person/{person}.rss":  {"/person/" + string(id) + ".rss"},
		"/person/{person}.json": {"/person/" + string(id) + ".json"},

		"/running/{package}.atom": {"/running/" + string(id) + ".atom", "/running/nope.atom"},
		"/running/{package}.rss":  {"/running/" + canary + "-" + string(id) + ".rss"},
		"/running/{package}.json": {"/running/" + string(id) + ".json"},

		"/running":               {"/running", "/he/running"},
		"/running/{package}":     {"/running/" + canary + "-" + string(id), "/running/" + string(id), "/running/nope", "/running/0000000000?page=2"},
		"/person/{person}":       {"/person/" + canary + "-" + string(id), "/person/" + string(id), "/person/nope", "/he/person/0000000000"},
		"/topics":                {"/topics", "/he/topics"},
		"/topic/{subject}":       {"/topic/" + canary, "/he/topic/" + canary},
		"/places":                {"/places", "/he/places"},
		"/place/{subject}":       {"/place/" + canary, "/place/place-" + canary},
		"/authors":               {"/authors", "/he/authors"},
		"/author/{subject}":      {"/author/reporter-" + canary, "/author/" + canary + "-" + string(id)},
		"/topic/{subject}.atom":  {"/topic/" + canary + ".atom"},
		"/topic/{subject}.rss":   {"/topic/" + canary + ".rss"},
		"/topic/{subject}.json":  {"/topic/" + canary + ".json"},
		"/place/{subject}.atom":  {"/place/" + canary + ".atom"},
		"/place/{subject}.rss":   {"/place/" + canary + ".rss"},
		"/place/{subject}.json":  {"/place/" + canary + ".json"},
		"/author/{subject}.atom": {"/author/reporter-" + canary + ".atom"},
		"/author/{subject}.rss":  {"/author/reporter-" + canary + ".rss"},
		"/author/{subject}.json": {"/author/reporter-" + canary + ".json"},

		"/archive":                      {"/archive", "/he/archive"},
		"/archive/{year}":               {"/archive/2024"},
		"/archive/{year}/{month}":       {"/archive/2024/03"},
		"/archive/{year}/{month}/{day}": {"/archive/2024/03/22", "/archive/2024/03/23", "/archive/2024/03/24"},
		"/as-of":                        {"/as-of", "/as-of?date=" + canary + "&time=" + canary},
		"/as-of/{when}":                 {p.moment(), "/he" + p.moment(), "/as-of/" + canary},
		"/as-of/{when}/s/{section}":     {p.moment() + "/s/city"},
		"/as-of/{when}/desk/{desk}":     {p.moment() + "/desk/new-york"},
		"/as-of/{when}/corrections":     {p.moment() + "/corrections"},
		"/as-of/{when}/{article}":       {p.moment() + "/" + string(id), p.moment() + "/" + canary + "-" + string(id)},

		"/{article}":             {"/about", "/he/about", "/" + string(id), "/" + canary + "-" + string(id), "/" + canary},
		"/{article}/history":     {"/" + string(id) + "/history", "/x-" + string(id) + "/history"},
		"/{article}/history/{n}": {"/" + string(id) + "/history/1", "/x-" + string(id) + "/history/1"},
		"/picture/{file}":        {"/picture/" + strings.Repeat("a", 64) + ".jpg"},
		"/static/{file}":         {"/static/none.css"},
		"/checkpoint":            {"/checkpoint"},
		"/tile/{tile...}":        {"/tile/0/000.p/1", "/tile/0/000", "/tile/entries/000.p/9", "/tile/entries/000"},
		"/record/{volume}":       {"/record/1", "/record/1?after=10", "/record/1?after=" + p.head(), "/record/2"},

		"/record/{volume}/checkpoint":     {"/record/1/checkpoint"},
		"/record/{volume}/tile/{tile...}": {"/record/1/tile/0/000.p/1", "/record/1/tile/entries/000.p/" + p.head()},
		"/live":                           {"/live", "/live?ch=" + strings.ToUpper(canary)},
		"/since/{id}":                     {"/since/1-" + p.head() + p.everything(id), "/since/1-1" + p.everything(id), "/since/" + p.back() + p.everything(id), "/since/2-1?ch=all"},
		"/robots.txt":                     {"/robots.txt"},
		"/manifest.webmanifest":           {"/manifest.webmanifest", "/he/manifest.webmanifest"},
		"/.well-known/security.txt":       {"/.well-known/security.txt"},
		"/sitemap.xml":                    {"/sitemap.xml"},
		"/sitemap-{file}":                 {"/sitemap-pages.xml", "/sitemap-news-1.xml", "/sitemap-0.xml", "/sitemap-1.xml", "/sitemap-" + canary + ".xml", "/sitemap-topics-1.xml", "/sitemap-places-1.xml", "/sitemap-authors-1.xml"},
		"/favicon.ico":                    {"/favicon.ico"},
		"/favicon.svg":                    {"/favicon.svg"},
		"/apple-touch-icon.png":           {"/apple-touch-icon.png"},
		"/look/{file}":                    {"/look/site.0123456789abcdef.css", "/look/" + canary},
		"/icon/{file}":                    {"/icon/32.0123456789abcdef.png", "/icon/" + canary},
		"/card/{file}":                    {"/card/" + string(id) + "-1.jpg", "/card/" + string(id) + "-" + p.head() + ".jpg", "/card/" + canary + ".jpg"},
	}
}

func TestNothingUnreleasedLeaks(t *testing.T) {
	p := print(t)
	p.week()
	id := p.draft()
	asked := p.manifest(id)
	for _, r := range site.Routes() {
		paths, ok := asked[r.Pattern]
		if !ok {
			t.Errorf("%s is not in the scan's manifest", r.Pattern)
		}
		for _, path := range paths {
			w, answer := p.told(path)
			for k, v := range w.Header() {
				answer += k + strings.Join(v, " ")
			}
			if strings.Contains(path, canary) {
				answer = strings.ReplaceAll(answer, url.QueryEscape(path), "")
			}
			if strings.Contains(path, "/search?") {
				answer = unasked(answer)
			}
			for _, form := range []string{canary, strings.ToUpper(canary), base64.StdEncoding.EncodeToString([]byte(canary))[:14], string(id)} {
				if strings.Contains(answer, form) {
					t.Errorf("%s (%d) shows %q", path, w.Code, form)
				}
			}
		}
	}
	scanFiles(t, p.folder)
	// The scan can see: once the desk opens, the very same pages show it.
	p.now = time.Date(2024, 3, 23, 23, 53, 0, 0, time.UTC)
	if _, err := p.room.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(t, p.edition.CatchUp(t.Context(), p.db))
	p.now = p.now.Add(2 * time.Second) // what was posted within the second is past
	last := "/record/1?after=" + strconv.FormatInt(p.edition.Applied()-5, 10)
	for _, path := range []string{"/", "/s/city", "/desk/new-york", "/feed.atom", "/feed.rss", "/feed.json", "/s/city.atom", "/desk/new-york.rss", "/sitemap-news-1.xml", "/sitemap-0.xml", "/" + canary + "-" + string(id), last, "/topic/" + canary, "/topics", "/places", "/author/reporter-" + canary, "/topic/" + canary + ".rss", "/sitemap-topics-1.xml", p.moment(), p.moment() + "/s/city", p.moment() + "/" + canary + "-" + string(id), "/search?q=by:reporter", "/since/" + p.back() + p.everything(id)} {
		if w, answer := p.told(path); !strings.Contains(answer, canary) {
			t.Errorf("%s (%d) does not show a posted story", path, w.Code)
		}
	}
}

// unasked is an answer of search without what it says again of what was asked: its title, its
// field and addresses that ask the same.
func unasked(answer string) string {
	for _, said := range []string{canary + "*", "by:" + canary, "topic:" + canary, canary} {
		for _, form := range []string{`value="` + said + `"`, "<title>" + said, "“" + said + "”", "„" + said + "”", "?q=" + url.QueryEscape(said)} {
			answer = strings.ReplaceAll(answer, form, "")
		}
	}
	return answer
}

// scanFiles looks for the canary in every byte of the edition's folder.
func scanFiles(t *testing.T, folder string) {
	t.Helper()
	check(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(raw), canary) {
			t.Errorf("%s holds the canary", path)
		}
		return err
	}))
}

// kill kills a story, and lets the edition know.
func (p *paper) kill(id story.ArticleID) {
	p.t.Helper()
	who, err := p.room.Acting(p.t.Context(), "Leah Brandt")
	check(p.t, err)
	_, err = p.room.File(p.t.Context(), who, newsroom.Filing{Key: "a-key-of-the-kill-01", Article: id, What: story.Kill, Base: -1})
	check(p.t, err)
	check(p.t, p.edition.CatchUp(p.t.Context(), p.db))
}

func TestAKillLeavesNoWord(t *testing.T) {
	p := print(t)
	p.week()
	id := p.draft()
	p.now = time.Date(2024, 3, 23, 23, 53, 0, 0, time.UTC)
	_, err := p.room.Step(t.Context())
	check(t, err)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	p.kill(id)
	for _, paths := range p.manifest(id) {
		for _, path := range paths {
			if w, answer := p.told(path); strings.Contains(answer, "Words "+canary) || strings.Contains(answer, "Headline "+canary) {
				t.Errorf("%s (%d) still shows a killed story", path, w.Code)
			}
		}
	}
	if w := p.get("/" + string(id)); w.Code != http.StatusGone {
		t.Error("a killed story answers", w.Code)
	}
}

func TestUnknownPagesAreAlikeToTheByte(t *testing.T) {
	p := print(t)
	id := p.draft()
	never, unreleased := p.get("/0000000000"), p.get("/"+string(id))
	if never.Code != 404 || unreleased.Code != 404 || never.Body.String() != unreleased.Body.String() {
		t.Errorf("%d and %d, alike: %t", never.Code, unreleased.Code, never.Body.String() == unreleased.Body.String())
	}
}

func TestReadersCannotWrite(t *testing.T) {
	p := print(t)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x=1")))
	if w.Code != http.StatusMethodNotAllowed {
		t.Error(w.Code)
	}
	head := httptest.NewRecorder()
	p.web.ServeHTTP(head, httptest.NewRequest(http.MethodHead, "/coverage", nil))
	if head.Code != http.StatusOK || head.Header().Get("Set-Cookie") != "" || !strings.Contains(head.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error(head.Code, head.Header())
	}
}

func TestAnEmptyHouseHasAFrontPage(t *testing.T) {
	p := print(t)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	for path, words := range map[string]string{"/": "Nothing has been posted yet.", "/he": "עדיין לא פורסם דבר.", "/desk/london": "Nothing has been posted here yet."} {
		if w := p.get(path); w.Code != 200 || !strings.Contains(w.Body.String(), words) {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestEveryPageDrawsEmptyAndHostileValues(t *testing.T) {
	const hostile = `"><script>alert(1)</script>`
	for _, page := range ui.Pages() {
		out, err := page.Try(hostile)
		if err != nil {
			t.Errorf("%s: %v", page.Name(), err)
		}
		for _, body := range out {
			if strings.Contains(string(body), "<script>alert") {
				t.Errorf("%s lets markup through", page.Name())
			}
		}
	}
}
