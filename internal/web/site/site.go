// Package site is what readers see. Its handler knows the edition and nothing else: it
// reads no cookie, holds no session, and has no way to the newsroom.
package site

import (
	"embed"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

//go:embed *.tmpl *.css
var own embed.FS

// files are the static files of readers' pages; sheet is their one style sheet.
var (
	files = ui.NewFiles()
	sheet = files.Sheet("site.css", own, "frame.css", "story.css", "front.css", "article.css", "history.css", "coverage.css", "print.css")
)

// Options are what the readers' pages are given.
type Options struct {
	Now func() time.Time
	Log *slog.Logger
}

// Site answers readers.
type site struct {
	edition *edition.Edition
	now     func() time.Time
	door    ui.Door
}

// A Route is one line of the site map.
type Route struct {
	Pattern string // after the prefix of a language, where Langs is set
	Name    string
	Langs   bool // the page is there in every language of the house
}

// line is a route and its page.
type line struct {
	Route
	page func(*site, *visit) error
}

// The site map. A request takes the first line that fits.
var lines = []line{
	{Route{"/", "front", true}, (*site).front},
	{Route{"/s/{section}", "section", true}, (*site).section},
	{Route{"/desk/{desk}", "desk", true}, (*site).desk},
	{Route{"/corrections", "corrections", true}, (*site).corrections},
	{Route{"/coverage", "coverage", true}, (*site).coverage},
	{Route{"/feed.atom", "feed", true}, (*site).feed},
	{Route{"/{article}", "article", true}, (*site).article},
	{Route{"/{article}/history", "history", true}, (*site).history},
	{Route{"/{article}/history/{n}", "version", true}, (*site).version},
}

// plain are the addresses that have no language and no page.
var plain = []struct {
	Route
	serve func(*site, http.ResponseWriter, *http.Request) error
}{
	{Route{"/static/{file}", "static", false}, (*site).static},
	{Route{"/picture/{picture}", "picture", false}, (*site).picture},
	{Route{"/robots.txt", "robots", false}, (*site).robots},
	{Route{"/favicon.ico", "favicon", false}, (*site).favicon},
	{Route{"/favicon.svg", "icon", false}, (*site).favicon},
}

// Routes lists every address that readers can ask for, with GET or HEAD.
func Routes() (all []Route) {
	for _, l := range plain {
		all = append(all, l.Route)
	}
	for _, l := range lines {
		all = append(all, l.Route)
	}
	return all
}

// New makes the readers' handler.
func New(e *edition.Edition, o Options) http.Handler {
	s := &site{edition: e, now: o.Now}
	s.door = ui.Door{Log: o.Log, Face: s.face}
	return ui.Secure(s.door.Page(s.serve))
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return errMethod
	}
	for _, l := range plain {
		if values, ok := match(l.Pattern, r.URL.Path); ok {
			set(r, values)
			return l.serve(s, w, r)
		}
	}
	return s.visit(w, r, func(v *visit) error {
		if to := v.redirect; to != "" {
			return v.moved(to)
		}
		for _, l := range lines {
			if values, ok := match(l.Pattern, v.path); ok {
				set(r, values)
				return l.page(s, v)
			}
		}
		return errUnknown
	})
}

// match fits a path to a pattern, segment by segment. A path with an empty segment fits none.
func match(pattern, path string) (values [][2]string, ok bool) {
	if pattern == path {
		return nil, true
	}
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	for i := range want {
		switch {
		case strings.HasPrefix(want[i], "{") && have[i] != "":
			values = append(values, [2]string{strings.Trim(want[i], "{}"), have[i]})
		case want[i] != have[i]:
			return nil, false
		}
	}
	return values, true
}

func set(r *http.Request, values [][2]string) {
	for _, v := range values {
		r.SetPathValue(v[0], v[1])
	}
}

// visit is one reader's request: the edition as it is, the moment, and the language.
type visit struct {
	frame
	w        http.ResponseWriter
	r        *http.Request
	view     *edition.View
	path     string // without the language's prefix
	redirect string // where an address with a needless prefix or slash belongs
}

// visit reads the house once, on one consistent state, and hands it to the page.
func (s *site) visit(w http.ResponseWriter, r *http.Request, page func(*visit) error) error {
	return s.edition.View(r.Context(), func(view *edition.View) error {
		house, ok, err := view.House()
		if err != nil {
			return err
		}
		if !ok {
			return story.Refuse(story.Unavailable, "%s", ui.WordsIn("en").NotSetUp)
		}
		desks, err := view.Desks(house)
		if err != nil {
			return err
		}
		v := &visit{w: w, r: r, view: view, frame: frame{moment: edition.MomentAt(house, desks, s.now()), now: s.now(), pictures: ui.PictureAddress}}
		v.lang, v.path, v.redirect = language(house, r.URL.Path)
		v.words = ui.WordsIn(v.lang)
		return page(v)
	})
}

// language parts a path into its language and the rest. The first language has no prefix:
// an address that carries it, or ends in a slash after one, belongs elsewhere.
func language(h edition.House, path string) (lang, rest, redirect string) {
	first, after, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !slices.Contains(h.Languages, first) {
		return h.First(), path, ""
	}
	rest = "/" + after
	switch {
	case strings.HasPrefix(after, "/"):
		return first, "//", "" // no such page
	case first == h.First():
		return first, rest, rest
	case more && after == "":
		return first, rest, "/" + first
	}
	return first, rest, ""
}

// moved sends a reader to where the page is.
func (v *visit) moved(to string) error {
	v.w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(v.w, v.r, to, http.StatusMovedPermanently)
	return nil
}

// strict lets only the named query parameters through: any other is an address that
// nobody gave out, and belongs to the page without it. done means that it was answered.
func (v *visit) strict(names ...string) (done bool, err error) {
	query := v.r.URL.Query()
	keep := make([]string, 0, len(names))
	for _, n := range names {
		if values := query[n]; len(values) == 1 {
			keep = append(keep, n+"="+values[0])
		}
	}
	if v.r.URL.RawQuery == strings.Join(keep, "&") {
		return false, nil
	}
	for _, k := range keep {
		if strings.ContainsFunc(k, func(r rune) bool { return r != '=' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
			return true, errUnknown
		}
	}
	to := v.prefix() + v.path
	if v.path == "/" && v.prefix() != "" {
		to = v.prefix()
	}
	if len(keep) > 0 {
		to += "?" + strings.Join(keep, "&")
	}
	return true, v.moved(to)
}

// before reads ?before=, the only parameter that lists take.
func (v *visit) before() (n int64, done bool, err error) {
	if done, err := v.strict("before"); done || err != nil {
		return 0, done, err
	}
	text := v.r.URL.Query().Get("before")
	if text == "" {
		return 0, false, nil
	}
	n, err = strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, true, errUnknown
	}
	return n, false, nil
}

func (s *site) static(w http.ResponseWriter, r *http.Request) error {
	if !files.Serve(w, r.URL.Path) {
		return errUnknown
	}
	return nil
}

// Static answers a static file of readers' pages, for previews on another listener.
func Static(w http.ResponseWriter, address string) bool { return files.Serve(w, address) }

func (s *site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write([]byte("User-agent: *\nAllow: /\n"))
	return err
}

// favicon is for programs that ask at the old address; pages name the icon themselves.
func (s *site) favicon(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, files.Path("icon.svg"), http.StatusFound)
	return nil
}
