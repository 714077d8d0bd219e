// Package site is what readers see. Its handler knows the edition and nothing else: it
// reads no cookie, holds no session, and has no way to the newsroom.
package site

import (
	"cmp"
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ready"
	"dateline/internal/web/ui"
)

//go:embed *.tmpl *.css
var own embed.FS

// files are the static files of readers' pages; sheet is their one style sheet.
var (
	files = ui.NewFiles()
	sheet = files.Sheet("site.css", own, "frame.css", "story.css", "front.css", "article.css", "history.css", "coverage.css", "live.css", "pieces.css", "search.css", "browse.css", "rtl.css", "print.css")
)

// Options are what the readers' pages are given.
type Options struct {
	Now    func() time.Time // the house's clock; a page prints no other now than its moment
	Log    *slog.Logger
	Memory int   // bytes of ready pages that are kept; 0: as many as is usual
	Places int   // for requests that read the edition at once; 0: as many as is usual
	Live   *Live // nil: pages are not told what changes
}

// site answers readers.
type site struct {
	edition *edition.Edition
	now     func() time.Time
	live    *Live
	crowd   crowd
	door    ui.Door
	ready   *ready.Cache
	make    http.Handler // for what is not ready
	dressed atomic.Pointer[dress]
	easel   easel
}

// A Route is one line of the site map.
type Route struct {
	Pattern string // after the prefix of a language, where Langs is set
	Name    string
	Langs   bool // the page is there in every language of the house
}

// The site map. A request takes the first line that fits.
var pages = []struct {
	Route
	draw func(*site, *visit) error
}{
	{Route{"/", "front", true}, (*site).front},
	{Route{"/s/{section}", "section", true}, (*site).section},
	{Route{"/desk/{desk}", "desk", true}, (*site).desk},
	{Route{"/corrections", "corrections", true}, (*site).corrections},
	{Route{"/coverage", "coverage", true}, (*site).coverage},
	{Route{"/coverage/{part}", "coverage further ahead, and for calendars", true}, (*site).coverPart},
	{Route{"/search", "search", true}, (*site).search},
	{Route{"/opensearch.xml", "search, for browsers", true}, (*site).openSearch},
	{Route{"/running", "running stories", true}, (*site).runningStories},
	{Route{"/running/{package}", "running story", true}, (*site).running},
	{Route{"/person/{person}", "person", true}, (*site).person},
	{Route{"/topics", "topics", true}, (*site).topics},
	{Route{"/topic/{subject}", "topic", true}, (*site).topic},
	{Route{"/places", "places", true}, (*site).places},
	{Route{"/place/{subject}", "place", true}, (*site).fromPlace},
	{Route{"/authors", "authors", true}, (*site).authors},
	{Route{"/author/{subject}", "author", true}, (*site).author},
	{Route{"/archive", "archive", true}, (*site).archive},
	{Route{"/archive/{year}", "archive of a year", true}, (*site).archiveYear},
	{Route{"/archive/{year}/{month}", "archive of a month", true}, (*site).archiveMonth},
	{Route{"/archive/{year}/{month}/{day}", "archive of a day", true}, (*site).archiveDay},
	{Route{"/as-of", "as it stood, asked", true}, (*site).askMoment},
	{Route{"/as-of/{when}", "front as it stood", true}, asOf((*site).frontThen)},
	{Route{"/as-of/{when}/s/{section}", "section as it stood", true}, asOf((*site).sectionThen)},
	{Route{"/as-of/{when}/desk/{desk}", "desk as it stood", true}, asOf((*site).deskThen)},
	{Route{"/as-of/{when}/corrections", "corrections as they stood", true}, asOf((*site).correctionsThen)},
	{Route{"/as-of/{when}/{article}", "article as it stood", true}, asOf((*site).articleThen)},
	{Route{"/manifest.webmanifest", "manifest", true}, (*site).manifest},
	{Route{"/robots.txt", "robots", false}, (*site).robots},
	{Route{"/.well-known/security.txt", "security", false}, (*site).security},
	{Route{"/sitemap.xml", "index of the site's map", false}, (*site).sitemapIndex},
	{Route{"/sitemap-{file}", "part of the site's map", false}, (*site).sitemap},
	{Route{"/{article}", "article", true}, (*site).article},
	{Route{"/{article}/history", "history", true}, (*site).history},
	{Route{"/{article}/history/{n}", "version", true}, (*site).version},
}

// The addresses that are the same in every language. What is still never changes while the
// program runs, and is kept ready.
var plain = []struct {
	Route
	still bool
	serve func(*site, http.ResponseWriter, *http.Request) error
}{
	{Route{"/static/{file}", "static", false}, true, (*site).static},
	{Route{"/picture/{file}", "picture", false}, false, (*site).picture},
	{Route{"/checkpoint", "checkpoint", false}, false, (*site).checkpoint},
	{Route{"/tile/{tile...}", "tile", false}, false, (*site).tile},
	{Route{"/record/{volume}", "record", false}, false, (*site).record},
	{Route{"/record/{volume}/checkpoint", "checkpoint of a volume", false}, false, (*site).checkpoint},
	{Route{"/record/{volume}/tile/{tile...}", "tile of a volume", false}, false, (*site).tile},
	{Route{"/live", "live", false}, false, (*site).stream},
	{Route{"/since/{id}", "since", false}, false, (*site).since},
	{Route{"/favicon.ico", "favicon", false}, false, (*site).favicon},
	{Route{"/favicon.svg", "icon", false}, false, (*site).favicon},
	{Route{"/apple-touch-icon.png", "icon for telephones", false}, false, (*site).favicon},
	{Route{"/look/{file}", "style sheet of the house", false}, false, ofHouse(drawSheet)},
	{Route{"/icon/{file}", "icon of the house", false}, false, ofHouse(drawIcon)},
	{Route{"/card/{file}", "card of an article", false}, false, (*site).card},
}

// Routes lists every address that readers can ask for, with GET or HEAD.
func Routes() (all []Route) {
	for _, l := range plain {
		all = append(all, l.Route)
	}
	for _, l := range pages {
		all = append(all, l.Route)
	}
	for _, l := range feeds {
		for _, format := range feedFormats {
			all = append(all, Route{l.Pattern + format.ending, l.Name, l.Langs})
		}
	}
	return all
}

// New makes the readers' handler.
func New(e *edition.Edition, o Options) http.Handler {
	s := &site{edition: e, now: o.Now, live: o.Live, crowd: make(crowd, cmp.Or(o.Places, waiting)), easel: newEasel()}
	s.door = ui.Door{Log: o.Log, Face: s.face}
	s.make = ui.Secure(s.door.Page(s.serve))
	s.ready = ready.New(cmp.Or(o.Memory, memory), o.Now, string(edition.Everything))
	e.OnChange(invalidate(s.ready))
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		h, err := s.visit(r.Context(), r, func(v *visit) error { return v.face(http.StatusMethodNotAllowed) })
		if err != nil {
			return err
		}
		return h.send(w)
	}
	for _, l := range plain {
		switch {
		case !fits(r, l.Pattern, r.URL.Path):
		case l.still && address(r.URL).Query == "":
			return s.drawn(w, r, s.still(l.serve))
		default:
			return l.serve(s, w, r)
		}
	}
	return s.drawn(w, r, s.page)
}

// route draws the page that a visit is for.
func (s *site) route(v *visit) error {
	if v.elsewhere != "" {
		return v.moved(v.elsewhere)
	}
	if done, err := s.feed(v); done || err != nil {
		return v.orMoved(err)
	}
	for _, l := range pages {
		if !l.Langs && v.prefix() != "" {
			continue
		}
		if fits(v.r, l.Pattern, v.path) {
			return v.orMoved(l.draw(s, v))
		}
	}
	return v.orMoved(errUnknown)
}

// fits reports whether a path has the segments of a pattern, and keeps the named ones on
// the request. No name stands for nothing; one with dots stands for all that is left.
func fits(r *http.Request, pattern, path string) bool {
	want := strings.Split(pattern, "/")
	have := strings.SplitN(path, "/", len(want))
	if !strings.HasSuffix(pattern, "...}") {
		have = strings.Split(path, "/")
	}
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		begins, _, name := strings.Cut(want[i], "{")
		if name && (have[i] == begins || !strings.HasPrefix(have[i], begins)) || !name && want[i] != have[i] {
			return false
		}
	}
	for i := range want {
		if begins, name, ok := strings.Cut(want[i], "{"); ok {
			r.SetPathValue(strings.Trim(name, ".}"), have[i][len(begins):])
		}
	}
	return true
}

// visit is one reader's request: the edition as it is, the moment, and the language.
type visit struct {
	frame
	w         http.ResponseWriter
	r         *http.Request
	view      *edition.View
	path      string    // without the language's prefix
	elsewhere string    // where an address with a needless prefix or slash belongs
	begins    time.Time // the page stands from here,
	ends      time.Time // and to before here: with its moment, or a part of it; zero for ever
}

// quarterHour is the narrowest now that a page may print.
const quarterHour = 15 * time.Minute

// visit reads the house once, on one consistent state, and hands it to the page. The
// answer may leave when nothing is read any more.
func (s *site) visit(ctx context.Context, r *http.Request, draw func(*visit) error) (*held, error) {
	answer := hold()
	err := s.read(ctx, func(view *edition.View) error {
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
		now := s.now()
		v := &visit{w: answer, r: r, view: view, frame: frame{moment: edition.MomentAt(house, desks, now), quarter: now.Truncate(quarterHour), pictures: ui.PictureAddress, dress: s.dress(house)}}
		if s.live != nil {
			if v.volume, err = view.VolumeNumber(); err != nil {
				return err
			}
		}
		v.begins, v.ends = v.moment.Start, v.moment.End
		v.lang, v.path, v.elsewhere = language(house, r.URL.Path)
		v.words = ui.WordsIn(v.lang)
		return draw(v)
	})
	return answer, err
}

// language parts a path into its language and the rest. The first language has no prefix:
// an address that carries it, or ends in a slash after one, belongs elsewhere.
func language(h edition.House, path string) (lang, rest, elsewhere string) {
	first, after, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !slices.Contains(h.Languages, first) {
		return h.First(), path, ""
	}
	rest = "/" + after
	switch {
	case strings.HasPrefix(after, "/"):
		return first, "//", "" // no such page, and no way to another site
	case first == h.First():
		return first, rest, rest
	case more && after == "":
		return first, rest, "/" + first
	}
	return first, rest, ""
}

// moved sends a reader to where the page is.
func (v *visit) moved(to string) error {
	v.w.Header().Set("Cache-Control", ui.AskAlways)
	path, query, _ := strings.Cut(to, "?")
	http.Redirect(v.w, v.r, (&url.URL{Path: path, RawQuery: query}).String(), http.StatusMovedPermanently)
	return nil
}

// strict lets only the named query parameters through: an address with any other is one
// that nobody gave out, and belongs to the page without it.
func (v *visit) strict(names ...string) (done bool, err error) {
	query := v.r.URL.Query()
	var keep []string
	for _, n := range names {
		if len(query[n]) == 1 {
			if _, err := number(query.Get(n)); err != nil {
				return true, errUnknown
			}
			keep = append(keep, n+"="+query.Get(n))
		}
	}
	if v.r.URL.RawQuery == strings.Join(keep, "&") && !v.r.URL.ForceQuery {
		return false, nil
	}
	to := v.to(v.path)
	if v.path == "/" {
		to = v.home()
	}
	if len(keep) > 0 {
		return true, v.moved(to + "?" + strings.Join(keep, "&"))
	}
	return true, v.moved(to)
}

// before reads ?before=, the only parameter that lists take.
func (v *visit) before() (n int64, done bool, err error) {
	if done, err := v.strict("before"); done || err != nil {
		return 0, done, err
	}
	if text := v.r.URL.Query().Get("before"); text != "" {
		n, err = number(text)
	}
	return n, err != nil, err
}

// number reads a number written in the one way that we write it.
func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, errUnknown
	}
	return n, nil
}

func (s *site) static(w http.ResponseWriter, r *http.Request) error {
	if !files.Serve(w, r.URL.Path) {
		return errUnknown
	}
	return nil
}

// PreviewFile serves the static files that a preview names, on another listener.
func PreviewFile(w http.ResponseWriter, address string) bool { return files.Serve(w, address) }
