package desk

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

// Every page of the newsroom is drawn in the language of the member who asks for it: the one
// they chose, else the first that their browser asks for, else the house's. Templates are
// written in English and exist once for each language.

// spoken is a page that knows in which language it is drawn.
type spoken interface{ language() string }

// page is a template in every language of the newsroom.
type page[T spoken] map[string]*ui.Page[T]

func newPage[T spoken](names ...string) page[T] {
	p := page[T]{}
	for _, lang := range tongue.All() {
		p[lang] = ui.NewPage[T](tongue.In(lang, files), names...)
	}
	return p
}

// Render draws the page in its language.
func (p page[T]) Render(w http.ResponseWriter, status int, value T) error {
	in, known := p[value.language()]
	if !known {
		in = p[tongue.English]
	}
	return in.Render(w, status, value)
}

// reading is the language of a page that has no frame.
type reading struct{ Tongue string }

func (l reading) language() string { return l.Tongue }

func (l reading) say(english string, a ...any) string { return tongue.Say(l.Tongue, english, a...) }

// speaks has requests be answered in the language that the browser asks for.
func speaks(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := tongue.English // to programs
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			lang = preferred(r.Header.Get("Accept-Language"))
		}
		next.ServeHTTP(w, inLanguage(r, lang))
	})
}

func inLanguage(r *http.Request, lang string) *http.Request {
	return r.WithContext(newsroom.InLanguage(r.Context(), lang))
}

// reading is the language of a request: what it asks for, else the house's.
func (d *desk) reading(r *http.Request) reading {
	lang := newsroom.Language(r.Context())
	if lang == "" {
		if h, err := d.room.House(r.Context()); err == nil { // else the page says it in English
			lang = h.Lang
		}
	}
	return reading{lang}
}

// preferred is the language of the newsroom that an Accept-Language header likes most
// (RFC 9110, 12.5.4); "" if it names none of them.
func preferred(header string) (lang string) {
	best := 0.0
	for part := range strings.SplitSeq(header[:min(len(header), 1000)], ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "-")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(weight), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64) // what is no number is not liked
		}
		if base == "iw" { // what Hebrew was called before 1989
			base = tongue.Hebrew
		}
		if tongue.Known(base) && q > best {
			lang, best = base, q
		}
	}
	return lang
}

// fails is what a page shows of an error: its status, and a refusal in the page's language.
func fails(lang string, err error) (status int, words string) {
	status, words = ui.Status(err)
	return status, cmp.Or(refusalIn(lang, err), words)
}

// refusalFor is a refusal's sentence in the language of a request.
func (d *desk) refusalFor(r *http.Request, err error) string {
	return refusalIn(d.reading(r).Tongue, err)
}

// refusalIn is a refusal's sentence in a language; "" for a fault of ours.
func refusalIn(lang string, err error) string {
	refusal, ok := story.AsRefusal(err)
	if !ok {
		return ""
	}
	if len(refusal.Said) == 0 {
		return tongue.Again(lang, refusal.Sentence)
	}
	var all []string
	for _, s := range refusal.Said {
		all = append(all, tongue.Tell(lang, s))
	}
	return strings.Join(all, " ")
}

// left is a span of time: "3 h 07 min"; where it is long, in days, for nobody plans by the
// minute of next week.
func left(lang string, d time.Duration) string {
	h, m := int(max(d, 0).Hours()), int(max(d, 0).Minutes())%60
	if h == 0 {
		return tongue.Say(lang, "%d min", m)
	}
	return tongue.Say(lang, "%d h %02d min", h, m)
}

// setLanguage keeps the language that a member chose for the newsroom.
func (d *desk) setLanguage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	lang := r.PostFormValue("lang")
	err := d.room.SetLanguage(r.Context(), who, r.PostFormValue("key"), lang)
	return d.onOwn(w, r, who, "language", err)
}

// tongueChoices are the languages that a member can choose, each by its own name.
func tongueChoices(who newsroom.Who, asBrowser string) (all []choice) {
	all = []choice{{"", asBrowser, who.Lang == ""}}
	for _, lang := range tongue.All() {
		all = append(all, choice{lang, ui.TongueName(lang), lang == who.Lang})
	}
	return all
}
