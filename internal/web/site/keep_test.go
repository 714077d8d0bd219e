package site_test

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// press is a house whose record a test writes, behind readers' pages that are kept.
type press struct {
	t       *testing.T
	record  *editiontest.Record
	edition *edition.Edition
	web     http.Handler

	mu  sync.Mutex
	now time.Time // guarded by mu
}

func newPress(t *testing.T, r *editiontest.Record) *press {
	t.Helper()
	p := &press{t: t, record: r, edition: editiontest.Open(t, r), now: editiontest.Begin}
	p.web = site.New(p.edition, site.Options{Now: p.clock, Log: slog.New(slog.DiscardHandler)})
	return p
}

func (p *press) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *press) setClock(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = t
}

func (p *press) apply() { check(p.t, p.edition.CatchUp(p.t.Context(), p.record)) }

func (p *press) post(id story.ArticleID, desk story.DeskID, lang, section, headline string) {
	p.record.Post(id, desk, p.clock(), editiontest.Text(lang, section, headline, "", "A paragraph."))
	p.apply()
}

func get(h http.Handler, at string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
	return w
}

// follow gets an address, and where that leads.
func follow(h http.Handler, at string) (address string, w *httptest.ResponseRecorder) {
	w = get(h, at)
	for w.Code == http.StatusMovedPermanently {
		at = w.Header().Get("Location")
		w = get(h, at)
	}
	return at, w
}

// everywhere lists an address for every kind of page, and every article's.
func (p *press) everywhere(articles int) (all []string) {
	for _, lang := range []string{"", "/he"} {
		for _, path := range []string{"/feed.atom", "/feed.json", "/s/city.rss", "/manifest.webmanifest", "/desk/london.atom", "/coverage", "/corrections", "/corrections?before=18", "/desk/jerusalem", "/desk/new-york", "/desk/london?before=14",
			"/s/city", "/s/city?before=16", "/s/city?before=9", "/s/science", "/s/culture", "/s/culture?before=17"} {
			all = append(all, lang+path)
		}
	}
	for i := range articles {
		at, w := follow(p.web, "/"+string(editiontest.ArticleID(i+1)))
		all = append(all, at)
		if w.Code == http.StatusOK {
			all = append(all, at+"/history", at+"/history/1")
		}
	}
	for _, address := range pieceAddresses() {
		at, _ := follow(p.web, address)
		all = append(all, address, at)
	}
	return append(all, "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-news-1.xml", "/sitemap-0.xml", "/.well-known/security.txt", "/", "/he", "/robots.txt", "/no-such-page")
}

// TestReadyPagesAreFreshPages lets a house live through random entries and hours, and after
// each compares every page with one that is drawn for nobody before.
func TestReadyPagesAreFreshPages(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	rnd := rand.New(rand.NewPCG(5, 22))
	life := newLife(p, rnd)
	for step := range 110 {
		did := life.act()
		fresh := site.New(p.edition, site.Options{Now: p.clock, Log: slog.New(slog.DiscardHandler)})
		asked := p.everywhere(life.articles)
		for i, at := range p.browsed(life.articles) {
			if (i+step)%4 == 0 { // what is old stays so: it is found in one of the next steps
				asked = append(asked, at)
			}
		}
		for _, at := range asked {
			kept, want := get(p.web, at), get(fresh, at)
			if kept.Code != want.Code || kept.Body.String() != want.Body.String() || fmt.Sprint(kept.Header()) != fmt.Sprint(want.Header()) {
				t.Fatalf("step %d, %s: %s is old\n%d %v\n%d %v\n%s", step, did, at, kept.Code, kept.Header(), want.Code, want.Header(), firstDifference(kept.Body.Bytes(), want.Body.Bytes()))
			}
		}
	}
	kept, err := p.edition.Digest(t.Context())
	check(t, err)
	if anew, err := editiontest.Open(t, p.record).Digest(t.Context()); err != nil || anew != kept {
		t.Error("the edition is not what its record makes of it", err)
	}
}

// life lets random things happen to a house.
type life struct {
	*press
	rnd      *rand.Rand
	articles int
	words    map[story.ArticleID]record.Article
	desks    map[story.ArticleID]story.DeskID
}

func newLife(p *press, rnd *rand.Rand) *life {
	l := &life{press: p, rnd: rnd, articles: 12, words: map[story.ArticleID]record.Article{}, desks: map[story.ArticleID]story.DeskID{}}
	for _, e := range p.record.Entries() {
		if e.Kind == record.KindArticle {
			c, err := record.Decode[record.Article](e)
			check(p.t, err)
			l.words[story.ArticleID(e.Subject)], l.desks[story.ArticleID(e.Subject)] = c, e.Desk
		}
	}
	return l
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// act does one thing, and says what.
func (l *life) act() (did string) {
	desk := pick(l.rnd, editiontest.Jerusalem, editiontest.NewYork, editiontest.London)
	id := editiontest.ArticleID(l.rnd.IntN(l.articles) + 1)
	c, known := l.words[id]
	n := l.rnd.IntN(1000)
	change := func(to record.Change) {
		c.Change, c.Material, c.Correction = to, n%2 == 0, nil
		if to == record.Corrected {
			c.Correction = &record.Correction{Note: fmt.Sprint("It was ", n)}
		}
		if n%3 == 0 {
			c.Section = pick(l.rnd, "city", "science", "culture")
		}
		if number := 0; n%2 == 0 {
			_, _ = fmt.Sscanf(string(id), "art%d", &number)
			l.speaks(&c, number, n)
		}
		c.Headline = fmt.Sprint(c.Headline[:min(len(c.Headline), 20)], n)
		if n%5 == 0 {
			c.Slug = story.Slug(c.Headline)
		}
		l.words[id] = c
		l.record.Post(id, l.desks[id], l.now, c)
	}
	if l.rnd.IntN(3) == 0 {
		did = l.piece(desk)
		l.apply()
		return did
	}
	switch k := l.rnd.IntN(24); {
	case k < 4 || !known:
		l.articles++
		id = editiontest.ArticleID(l.articles)
		c = editiontest.Text(pick(l.rnd, "en", "he"), pick(l.rnd, "city", "science", "culture"), fmt.Sprint("News number ", n), "", "A paragraph.")
		if n%2 == 0 {
			c.Pictures = []story.PictureUse{l.record.Picture(fmt.Sprintf("picture%03d", n%12+1), "A caption.", "Words", story.Credit{Line: "By somebody"})}
		}
		l.speaks(&c, l.articles, n)
		l.words[id], l.desks[id] = c, desk
		l.record.Post(id, desk, l.now, c)
		did = fmt.Sprint("posts ", id)
	case k < 6:
		change(record.Updated)
		did = fmt.Sprint("updates ", id)
	case k < 8:
		change(record.Corrected)
		did = fmt.Sprint("corrects ", id)
	case k < 11:
		l.record.Withdraw(id, l.desks[id], l.now, fmt.Sprint("Note ", n))
		did = fmt.Sprint("withdraws ", id)
	case k < 13:
		change(record.Reinstated)
		did = fmt.Sprint("reinstates ", id)
	case k == 13:
		l.record.Kill(id, l.desks[id], l.now, fmt.Sprint("Note ", n))
		did = fmt.Sprint("kills ", id)
	case k == 14:
		l.record.Erase(id, l.desks[id], l.now, fmt.Sprint("Order ", n))
		did = fmt.Sprint("erases ", id)
	case k < 17:
		lang := pick(l.rnd, "en", "he")
		l.record.Append(record.KindFront, lang, desk, l.now, record.Front{Lang: lang, Rest: "newest", Places: []record.FrontPlace{{Article: id}, {Article: editiontest.ArticleID(n%l.articles + 1), Headline: fmt.Sprint("Front ", n)}}})
		did = "arranges the front"
	case k < 19:
		picture := fmt.Sprintf("picture%03d", n%12+1)
		l.record.Append(record.KindPicture, picture, desk, l.now, record.Picture{Withdrawn: n%4 == 0, Caption: fmt.Sprint("Caption ", n), Credit: &story.Credit{Line: fmt.Sprint("Credit ", n)}})
		did = "changes " + picture
	case k == 19:
		h := editiontest.HouseEntry()
		h.Masthead = record.Words{"en": fmt.Sprint("Masthead ", n)}
		l.record.Append(record.KindHouse, "house00001", "", l.now, h)
		did = "changes the house"
	case k == 20:
		d := editiontest.DeskEntry(desk)
		d.Observance = record.Words{"en": fmt.Sprint("Observance ", n)}
		l.record.Append(record.KindDesk, string(desk), desk, l.now, d)
		did = "changes a desk"
	default:
		l.setClock(l.now.Add(time.Duration(l.rnd.IntN(400)-60) * time.Minute))
		did = fmt.Sprint("moves the clock to ", l.now)
	}
	l.apply()
	return did
}

// TestInvalidationIsExact posts and changes, and looks which pages stay ready.
func TestInvalidationIsExact(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	p.post("art0000001", editiontest.London, "en", "city", "First of London")
	p.post("art0000002", editiontest.Jerusalem, "en", "science", "First of Jerusalem")
	p.post("art0000003", editiontest.Jerusalem, "he", "science", "ראשון")
	n := p.edition.Applied()
	older := fmt.Sprint("/s/city?before=", n)
	pages := []string{"/", "/he", "/s/city", older, "/s/science", "/he/s/science", "/desk/london", "/desk/jerusalem", "/corrections", "/coverage", "/feed.atom", "/he/feed.atom",
		"/first-of-london-art0000001", "/first-of-jerusalem-art0000002", "/first-of-london-art0000001/history", "/robots.txt"}
	for _, x := range []struct {
		what  string
		do    func()
		leave []string
	}{
		{"a story of London in English", func() { p.post("art0000004", editiontest.London, "en", "city", "Second of London") },
			[]string{"/", "/s/city", "/desk/london", "/feed.atom", "/first-of-london-art0000001"}},
		{"a story of Jerusalem in Hebrew", func() { p.post("art0000005", editiontest.Jerusalem, "he", "city", "שני") },
			[]string{"/he", "/he/feed.atom"}},
		{"a correction", func() {
			c := editiontest.Text("en", "city", "First of London", "", "Another paragraph.")
			c.Change, c.Correction = record.Corrected, &record.Correction{Note: "It was another."}
			p.record.Post("art0000001", editiontest.London, p.now, c)
			p.apply()
		}, []string{"/", "/s/city", older, "/desk/london", "/corrections", "/feed.atom", "/first-of-london-art0000001", "/first-of-london-art0000001/history"}},
		{"a front", func() {
			p.record.Append(record.KindFront, "en", editiontest.London, p.now, record.Front{Lang: "en", Rest: "newest", Places: []record.FrontPlace{{Article: "art0000002"}}})
			p.apply()
		}, []string{"/"}},
		{"a withdrawal", func() { p.record.Withdraw("art0000002", editiontest.Jerusalem, p.now, "It was not so."); p.apply() },
			[]string{"/", "/s/science", "/desk/jerusalem", "/corrections", "/feed.atom", "/first-of-jerusalem-art0000002"}},
		{"a desk that went to rest", func() {
			p.record.Append(record.KindDuty, string(editiontest.Jerusalem), editiontest.Jerusalem, p.now, record.Duty{Window: editiontest.JerusalemRests})
			p.apply()
		}, nil},
		{"a quarter of an hour", func() {
			p.setClock(editiontest.Begin.Add(editiontest.JerusalemRests.Start.Sub(editiontest.Begin) - time.Second))
		}, nil},
		{"the moment's end", func() { p.setClock(editiontest.JerusalemRests.Start) }, pages},
	} {
		for _, at := range pages {
			if w := get(p.web, at); w.Code != http.StatusOK && w.Code != http.StatusGone {
				t.Fatal(at, w.Code)
			}
		}
		x.do()
		var left []string
		for _, at := range pages {
			if !site.Has(p.web, at) {
				left = append(left, at)
			}
		}
		if !slices.Equal(left, x.leave) {
			t.Errorf("after %s these left:\n%v, not\n%v", x.what, left, x.leave)
		}
	}
	p.setClock(editiontest.JerusalemRests.Start.Add(3 * time.Minute)) // 15:15 UTC
	if site.Has(p.web, "/coverage") {
		t.Error("the coverage page stands for another quarter of an hour")
	}
}

// TestNeverOldOnceShown posts without end while many read: whoever asks after an entry shows
// gets it, on every page that it stands on.
func TestNeverOldOnceShown(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	headline := func(n int) string { return fmt.Sprintf("Headline %06d", n) }
	p.post("art0000001", editiontest.London, "en", "city", headline(0))
	at := "/" + story.Slug(headline(0)) + "-art0000001"
	pages := []string{"/", "/s/city", "/desk/london", "/feed.atom", at}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 6 {
		readers.Go(func() {
			for n := i; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				if w := get(p.web, pages[n%len(pages)]); w.Code != http.StatusOK {
					t.Error(pages[n%len(pages)], w.Code)
				}
			}
		})
	}
	for n := 1; n <= 60; n++ {
		c := editiontest.Text("en", "city", headline(n), "", "A paragraph.")
		c.Slug, c.Change, c.Material = story.Slug(headline(0)), record.Updated, true
		e := p.record.Post("art0000001", editiontest.London, p.clock(), c)
		var shown sync.WaitGroup
		shown.Go(func() { // the filing waits for this before it answers "shown"
			if err := p.edition.WaitFor(t.Context(), e.N); err != nil {
				t.Error(err)
			}
			for _, at := range pages {
				if body := get(p.web, at).Body.String(); !strings.Contains(body, headline(n)) {
					t.Errorf("%s does not show entry %d once it is shown", at, e.N)
				}
			}
		})
		p.apply()
		shown.Wait()
	}
	close(done)
	readers.Wait()
}

// TestAKillLeavesNothingReady kills while pages are ready and while they are being drawn.
func TestAKillLeavesNothingReady(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	const canary = "Canary 5e0c6f"
	p.post("art0000099", editiontest.London, "en", "city", canary)
	all := append(append(p.everywhere(12), p.browsed(12)...), "/"+story.Slug(canary)+"-art0000099", "/"+story.Slug(canary)+"-art0000099/history/1", "/s/city?before=900")
	for _, at := range all {
		get(p.web, at)
	}
	if n, _ := site.Kept(p.web); n < 40 {
		t.Fatalf("only %d answers are ready", n)
	}
	p.record.Kill("art0000099", editiontest.London, p.clock(), "")
	p.apply()
	if n, bytes := site.Kept(p.web); n != 0 || bytes != 0 {
		t.Errorf("%d answers of %d bytes are ready after a kill", n, bytes)
	}
	for _, at := range all {
		if w := get(p.web, at); strings.Contains(w.Body.String(), canary) || strings.Contains(fmt.Sprint(w.Header()), "Canary") {
			t.Errorf("%s shows what is killed", at)
		}
	}
}

// TestAHitAsksNobody closes the edition: what is ready is served all the same.
func TestAHitAsksNobody(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	at, want := follow(p.web, "/"+string(editiontest.ArticleID(1)))
	check(t, p.edition.Close())
	got := get(p.web, at)
	if got.Code != http.StatusOK || got.Body.String() != want.Body.String() || got.Header().Get("Content-Security-Policy") == "" || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
		t.Errorf("%d %v, not %v", got.Code, got.Header(), want.Header())
	}
	if w := get(p.web, "/s/science"); w.Code != http.StatusInternalServerError {
		t.Errorf("the edition is not closed: %d", w.Code)
	}
}

// TestHostileAddressesFillNothing asks for what nobody gave out.
func TestHostileAddressesFillNothing(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	at, _ := follow(p.web, "/"+string(editiontest.ArticleID(1)))
	get(p.web, "/")
	get(p.web, "/robots.txt")
	before, _ := site.Kept(p.web)
	for i := range 50 {
		for _, path := range []string{"/", at, "/s/city", "/coverage", "/feed.atom", "/robots.txt", "/static/site.css", "/he", "/no-such-page"} {
			for _, query := range []string{"?x=%d", "?%d", "?before=%d&x", "?before=0%d", "?&%d", "?utm_source=%d"} {
				get(p.web, path+fmt.Sprintf(query, i))
			}
		}
		for _, path := range []string{"/none-%d", "/%d-art0000001", "/en/s/%d", "//%d", "/desk/%d", "/picture/%d.jpg", "/tile/0/%d", at + "/history/9%d", "/art0000001/%d"} {
			get(p.web, fmt.Sprintf(path, i))
		}
	}
	get(p.web, at+"?")
	if after, _ := site.Kept(p.web); after != before {
		t.Errorf("%d answers became %d", before, after)
	}
}

// TestOnlyTheAddressCounts: nothing else that a request brings is in what others get.
func TestOnlyTheAddressCounts(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	fresh := site.New(p.edition, site.Options{Now: p.clock, Log: slog.New(slog.DiscardHandler)})
	const evil = "evil.example"
	for _, at := range p.everywhere(12) {
		r := httptest.NewRequest(http.MethodGet, "http://"+evil+at, nil)
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-Url", "X-Rewrite-Url", "Forwarded", "Cookie", "Authorization", "Accept-Language", "Range", "X-Http-Method-Override", "Referer"} {
			r.Header.Set(name, evil)
		}
		poisoned := httptest.NewRecorder()
		p.web.ServeHTTP(poisoned, r)
		next, want := get(p.web, at), get(fresh, at)
		if strings.Contains(next.Body.String(), evil) || next.Body.String() != want.Body.String() || fmt.Sprint(next.Header()) != fmt.Sprint(want.Header()) {
			t.Errorf("%s was poisoned: %v", at, next.Header())
		}
	}
}

// TestHitsOverTheWire asks a real server, keeps the connection, and revalidates.
func TestHitsOverTheWire(t *testing.T) {
	p := newPress(t, editiontest.House(t))
	srv := httptest.NewServer(p.web)
	defer srv.Close()
	tag := ""
	for _, coding := range []string{"br", "gzip", "identity", "br"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/", nil)
		check(t, err)
		r.Header.Set("Accept-Encoding", coding)
		r.Header.Set("If-None-Match", tag)
		w, err := srv.Client().Do(r)
		check(t, err)
		body, err := io.ReadAll(w.Body)
		check(t, err)
		check(t, w.Body.Close())
		if w.StatusCode != http.StatusOK || int64(len(body)) != w.ContentLength || strings.Replace(w.Header.Get("Content-Encoding"), "identity", "", 1) != strings.TrimPrefix(coding, "identity") {
			t.Errorf("%s: %d, %d bytes of %d, %v", coding, w.StatusCode, len(body), w.ContentLength, w.Header)
		}
		tag = w.Header.Get("ETag")
		r.Header.Set("If-None-Match", `"x", W/`+tag)
		same, err := srv.Client().Do(r)
		check(t, err)
		check(t, same.Body.Close())
		if same.StatusCode != http.StatusNotModified || same.Header.Get("ETag") != tag {
			t.Errorf("%s again: %d", coding, same.StatusCode)
		}
	}
}
