// Package site is what readers see: pages drawn from the edition and nothing else. Its
// handler reads no cookie and holds no session.
package site

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

//go:embed *.tmpl *.css
var files embed.FS

// Options are what the site is told besides its edition.
type Options struct {
	Now func() time.Time // this house's clock; a page prints no other now than its moment
	Log *slog.Logger
}

// A Site draws readers' pages.
type Site struct {
	edition *edition.Edition
	now     func() time.Time
	files   *ui.Files
	look    ui.Look
	door    ui.Door
}

// A Route is one public address; the leak scan walks them all.
type Route struct{ Pattern string }

// Routes lists every public address.
func Routes() (all []Route) {
	for _, r := range (&Site{}).routes() {
		all = append(all, Route{r.pattern})
	}
	return all
}

type route struct {
	pattern string
	h       ui.Handler
}

// routes is the site map. {page...} finds articles and everything under a language.
func (s *Site) routes() []route {
	return []route{
		{"GET /{$}", s.page(s.front)},
		{"GET /s/{section}", s.page(s.section)},
		{"GET /desk/{desk}", s.page(s.desk)},
		{"GET /corrections", s.page(s.corrections)},
		{"GET /coverage", s.page(s.coverage)},
		{"GET /feed.atom", s.page(s.atom)},
		{"GET /{article}", s.page(s.article)},
		{"GET /{article}/{rest...}", s.page(s.underArticle)},
		{"GET /picture/{file}", s.picture},
		{"GET /static/{file}", s.static},
		{"GET /robots.txt", s.robots},
	}
}

// underArticle is an article's history and its earlier texts.
func (s *Site) underArticle(w http.ResponseWriter, r *http.Request, f *frame) error {
	kind, n, numbered := strings.Cut(r.PathValue("rest"), "/")
	switch {
	case kind == "history" && !numbered:
		return s.history(w, r, f)
	case kind == "history":
		r.SetPathValue("n", n)
		return s.text(w, r, f)
	}
	return unknown()
}

// New is the readers' handler.
func New(e *edition.Edition, o Options) http.Handler {
	s := &Site{edition: e, now: o.Now, files: ui.NewFiles()}
	s.look = ui.Look{Sheet: s.files.Sheet("site.css", files, "base.css"), Script: s.files.Path("clock.js"), Icon: s.files.Path("icon.svg")}
	s.door = ui.Door{Log: o.Log, Face: s.face}
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.HandleFunc(r.pattern, s.door.Page(r.h))
	}
	mux.HandleFunc("/", s.door.Page(func(_ http.ResponseWriter, r *http.Request) error {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return story.Refuse(story.Invalid, "Readers’ pages take nothing in.")
		}
		return unknown()
	}))
	return ui.Secure(s.languages(mux))
}

type langKey struct{}

// languages takes the language off an address: /he/s/city is the page /s/city in Hebrew.
func (s *Site) languages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		var langs []string
		_ = s.edition.View(r.Context(), func(v *edition.View) error { // an error shows on the page itself
			if h, ok, err := v.House(); err == nil && ok {
				langs = h.Languages
			}
			return nil
		})
		if len(langs) > 1 && slices.Contains(langs[1:], first) {
			r2 := r.Clone(context.WithValue(r.Context(), langKey{}, first))
			r2.URL.Path, r2.URL.RawPath = "/"+rest, ""
			next.ServeHTTP(w, r2)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func unknown() error { return story.Refuse(story.Unknown, "") }

// A frame is what every page needs to know: one view of the edition, house, moment.
type frame struct {
	view   *edition.View
	house  edition.House
	desks  []edition.Desk
	moment edition.Moment
	lang   string
	prefix string // "" or "/he"
	words  *ui.Words
	asOf   time.Time
}

type pageHandler func(w http.ResponseWriter, r *http.Request, f *frame) error

// page runs a handler on one consistent view of the edition.
func (s *Site) page(h pageHandler) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return s.edition.View(r.Context(), func(v *edition.View) error {
			f, err := s.frameOf(r, v)
			if err != nil {
				return err
			}
			return h(w, r, f)
		})
	}
}

func (s *Site) frameOf(r *http.Request, v *edition.View) (*frame, error) {
	house, ok, err := v.House()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, story.Refuse(story.Unavailable, "This paper is being set up.")
	}
	desks, err := v.Desks(house)
	if err != nil {
		return nil, err
	}
	lang, _ := r.Context().Value(langKey{}).(string)
	return newFrame(v, house, desks, lang, s.now()), nil
}

func newFrame(v *edition.View, house edition.House, desks []edition.Desk, lang string, now time.Time) *frame {
	f := &frame{view: v, house: house, desks: desks, lang: house.First()}
	if lang != "" && lang != house.First() {
		f.lang, f.prefix = lang, "/"+lang
	}
	f.words = ui.WordsIn(f.lang)
	f.moment = edition.MomentAt(house, desks, now)
	f.asOf = f.moment.Start
	return f
}

// shows moves the page's "as of" to the newest entry that it shows.
func (f *frame) shows(at time.Time) {
	if at.After(f.asOf) {
		f.asOf = at
	}
}

func (f *frame) name() string { return f.house.Names.In(f.lang, f.house.Languages...) }

func (f *frame) seat() ui.Seat {
	return ui.Seat{City: f.house.Seat.City.In(f.lang, "en"), Zone: f.house.Zone, ID: f.house.Seat.Zone}
}

func (f *frame) seatOf(d edition.Desk) ui.Seat {
	return ui.Seat{City: d.Place.City.In(f.lang, "en"), Zone: d.Zone, ID: d.Place.Zone}
}

func (f *frame) deskBy(id story.DeskID) (edition.Desk, bool) {
	i := slices.IndexFunc(f.desks, func(d edition.Desk) bool { return d.ID == id })
	if i < 0 {
		return edition.Desk{}, false
	}
	return f.desks[i], true
}

// strip draws the clocks of an instant and the notice of a page. Without a desk of its
// own, a page's second clock is that of the desk on duty.
func (f *frame) strip(what string, t time.Time, page *edition.Desk) *ui.Strip {
	w := f.words
	house := f.seat()
	second, role := page, w.ThisDesk
	if second == nil {
		role = w.OnDuty
		if last, ok := f.moment.LastOnDuty(); ok {
			second = &last.Desk
		} else if f.moment.First != nil {
			second, role = f.moment.First, w.ADesk
		}
	}
	houseRole := w.House
	var seat *ui.Seat
	if second != nil {
		x := f.seatOf(*second)
		if x.ID != house.ID {
			seat = &x
		} else if page != nil {
			houseRole = w.HouseAndDesk
		}
	}
	strip := ui.StripAt(what, t, f.lang, house, houseRole, seat, role)
	n := edition.Notice(f.moment, page, f.lang)
	strip.Notice = ui.Notice{State: string(n.State), Bold: n.Bold, Rest: n.Text, Link: f.prefix + "/coverage", More: w.Coverage}
	return strip
}

// base fills what every page has; here is the page's address without the language.
func (s *Site) base(f *frame, title, here string) ui.Base {
	w, h := f.words, f.house
	b := ui.Base{Lang: f.lang, Dir: ui.DirOf(f.lang), Words: w, House: f.name(), Title: f.name(), Home: f.prefix + "/", Canonical: h.Address + f.prefix + here,
		Feed: f.prefix + "/feed.atom", Look: s.look, Masthead: h.Masthead.In(f.lang, h.Languages...), Day: clock.LongDay(f.asOf, h.Zone, f.lang)}
	b.Look.Preload = s.files.Preload(f.lang)
	if f.prefix != "" {
		b.Home = f.prefix
	}
	if title != "" {
		b.Title = w.Say(w.SectionOf, title, f.name())
	}
	b.Nav = append(b.Nav, ui.Link{Address: b.Home, Words: w.FrontPage, Current: here == "/"})
	for _, x := range h.Sections {
		at := "/s/" + x.ID
		b.Nav = append(b.Nav, ui.Link{Address: f.prefix + at, Words: x.Names.In(f.lang, h.Languages...), Current: here == at})
	}
	b.Coverage = ui.Link{Address: f.prefix + "/coverage", Words: w.Coverage, Current: here == "/coverage"}
	for _, l := range h.Languages {
		at := "/"
		if l != h.First() {
			at = "/" + l
		}
		b.Tongues = append(b.Tongues, ui.Tongue{Lang: l, Dir: ui.DirOf(l), Name: ui.TongueName(l), Address: at, Current: l == f.lang})
	}
	b.Foot = s.foot(f)
	return b
}

func (s *Site) foot(f *frame) ui.Foot {
	w := f.words
	foot := ui.Foot{Posted: w.TimeIsTaken, Edited: f.house.Masthead.In(f.lang, f.house.Languages...)}
	for _, d := range f.desks {
		foot.Desks = append(foot.Desks, ui.Link{Address: f.prefix + "/desk/" + d.Slug, Words: d.Names.In(f.lang, "en")})
	}
	foot.Desks = append(foot.Desks, ui.Link{Address: f.prefix + "/coverage", Words: w.CoverageTitle})
	foot.Follow = []ui.Link{{Address: f.prefix + "/feed.atom", Words: w.Atom}}
	foot.Paper = []ui.Link{{Address: f.prefix + "/corrections", Words: w.Corrections}, {Address: f.prefix + "/coverage", Words: w.Coverage}}
	return foot
}

func (s *Site) static(w http.ResponseWriter, r *http.Request) error {
	if s.files.Serve(w, "/static/"+r.PathValue("file")) {
		return nil
	}
	return unknown()
}

func (s *Site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("User-agent: *\nAllow: /\n"))
	return err
}

// picture serves a rendition that some public text uses now.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) error {
	sha, _, _ := strings.Cut(r.PathValue("file"), ".")
	return s.edition.View(r.Context(), func(v *edition.View) error {
		path, mediaType, ok, err := v.PicturePath(sha)
		if err != nil {
			return err
		}
		if !ok {
			return unknown()
		}
		h := w.Header()
		h.Set("Content-Type", mediaType)
		h.Set("Cache-Control", "public, max-age=3600")
		http.ServeFile(w, r, path)
		return nil
	})
}

// atom is the feed of a language's front.
func (s *Site) atom(w http.ResponseWriter, _ *http.Request, f *frame) error {
	articles, err := f.view.Newest(f.lang, 40)
	if err != nil {
		return err
	}
	for i, a := range articles {
		if articles[i], _, err = f.view.Article(a.ID); err != nil {
			return err
		}
	}
	home := "/"
	if f.prefix != "" {
		home = f.prefix
	}
	body, err := feed.Atom(f.house, f.lang, f.name(), f.prefix+"/feed.atom", home, articles, time.Unix(0, 0))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(body)
	return err
}
