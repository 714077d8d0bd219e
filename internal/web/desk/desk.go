// Package desk is the newsroom's web: where members work. Every page is a form that works
// without a script, every answer is private, and every write carries an idempotency key.
package desk

import (
	"embed"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

//go:embed *.tmpl *.css *.js
var files embed.FS

// Options are what the newsroom's web is told besides its room.
type Options struct {
	Log            *slog.Logger
	Secure         bool   // reached over https: the cookie is bound to it
	ReadersAddress string // of the public site
	// Preview draws the public page of a working text, by the site's own code.
	Preview func(w http.ResponseWriter, r *http.Request, v newsroom.StoryView) error
	// PreviewFile serves the site's static files, which a preview names.
	PreviewFile func(w http.ResponseWriter, address string) bool
	// Notice is what readers of a desk's pages would read at an instant, by the site's own code.
	Notice func(h newsroom.HouseView, desk story.DeskID, at time.Time, lang string) string
}

// A Route is one address of the newsroom and who may ask for it.
type Route struct {
	Pattern string // method and path
	Name    string // what one does there
	Who     string // "anyone" or "member"; the verbs check roles themselves
}

type desk struct {
	room    *newsroom.Room
	options Options
	files   *ui.Files
	sheet   string
	script  string
	door    ui.Door
}

type memberHandler func(w http.ResponseWriter, r *http.Request, who newsroom.Who) error

// A way is a route with what answers it.
type way struct {
	Route
	open   ui.Handler
	member memberHandler
}

// routes is the map of the newsroom; tests read it too.
func (d *desk) routes() []way {
	anyone := func(pattern, name string, h ui.Handler) way { return way{Route{pattern, name, "anyone"}, h, nil} }
	member := func(pattern, name string, h memberHandler) way { return way{Route{pattern, name, "member"}, nil, h} }
	return []way{
		anyone("GET /static/{file}", "style, script, fonts", d.static),
		anyone("GET /in/{secret}", "whose a sign-in link is", d.showLink),
		anyone("POST /in", "sign in", d.useLink),
		anyone("GET /sign-in", "how to sign in", d.signIn),
		anyone("POST /sign-out", "sign out", d.signOut),
		member("GET /{$}", "the first desk's board", d.home),
		member("GET /desk/{desk}", "a desk's board", d.board),
		member("POST /desk/{desk}/start", "start a story", d.start),
		member("GET /desk/{desk}/settings", "a desk's settings", d.settings),
		member("POST /desk/{desk}/settings", "find a place, look at the next rests, save", d.setDesk),
		member("POST /desk/{desk}/calendar", "add a calendar file", d.addCalendar),
		member("POST /desk/{desk}/calendar/remove", "remove a calendar file", d.removeCalendar),
		member("POST /desk/{desk}/sunless", "take the warning about days without a sun away", d.toldSunless),
		member("GET /desk/{desk}/notice", "how a desk words its rest", d.notice),
		member("POST /desk/{desk}/notice", "look at a wording at any instant, save", d.setNotice),
		member("GET /desk/{desk}/closing", "what the desk holds before its rest", d.closing),
		member("POST /desk/{desk}/closing", "end a line: send before, give, hold", d.endLine),
		member("POST /desk/{desk}/closing/rest", "end the rest of the lines by their defaults", d.endLines),
		member("GET /desk/{desk}/away", "what happened during the desk's last rest", d.away),
		member("POST /desk/{desk}/offers/{offer}", "accept or decline what another desk gives", d.answerOffer),
		member("GET /settings", "the house's settings", d.houseSettings),
		member("POST /settings", "find a place, look at the next rests, save", d.setHouse),
		member("POST /settings/resting", "the standing order, and whether editors open at rest", d.setResting),
		member("GET /wires", "the wire tray", d.wires),
		member("GET /wires/{id}", "a wire item", d.wire),
		member("POST /wires/{id}/take", "take a wire item into a story", d.take),
		member("GET /stories/{id}", "a story", d.story),
		member("GET /stories/{id}/preview", "a story as readers would see it", d.preview),
		member("POST /stories/{id}/save", "save", d.save),
		member("POST /stories/{id}/ready", "save, and mark as ready", d.saveAnd("ready")),
		member("POST /stories/{id}/approve", "save, and approve", d.saveAnd("approve")),
		member("POST /stories/{id}/file", "publish, update, reinstate, correct, withdraw, kill", d.file),
		member("POST /stories/{id}/embargo", "set or lift the embargo", d.embargo),
		member("POST /stories/{id}/keep", "keep in spite of a wire", d.keep),
		member("POST /stories/{id}/settle", "choose between two texts", d.settle),
		member("POST /stories/{id}/take-back", "take back what is filed", d.takeBack),
		member("POST /stories/{id}/slot", "give what is filed another time", d.moveSlot),
		member("POST /stories/{id}/exception", "ask for an exception", d.askGrant),
		member("POST /stories/{id}/erase", "ask for an erasure", d.askErase),
		member("POST /stories/{id}/confirm", "confirm what somebody asked for", d.confirm),
		member("POST /stories/{id}/drop", "drop what was asked for", d.drop),
		member("POST /stories/{id}/picture", "withdraw a published picture, or correct its words", d.changePicture),
		member("POST /stories/{id}/pictures", "add a picture", d.addPicture),
		member("POST /stories/{id}/bring", "bring a wire's picture over", d.bring),
		member("GET /pictures/{id}", "an original", d.picture),
		member("GET /picture/{file}", "a public form, for previews", d.rendition),
		member("POST /told", "take away what one was told", d.seen),
		member("GET /dry-run", "what would leave the house in the next 72 hours", d.dryRun),
		member("GET /coverage", "when the desks rest", d.coverage),
		member("GET /posted", "what the desks posted", d.posted),
		member("POST /front", "file a front page", d.front),
		member("POST /hour", "confirm the hour", d.hour),
	}
}

// Routes lists every address, for tests that ask each as nobody.
func Routes() (all []Route) {
	for _, r := range (&desk{}).routes() {
		all = append(all, r.Route)
	}
	return all
}

// New is the handler of the newsroom.
func New(room *newsroom.Room, o Options) http.Handler {
	d := &desk{room: room, options: o, files: ui.NewFiles()}
	d.sheet = d.files.Sheet("desk.css", files, "desk.css", "closing.css")
	script, err := files.ReadFile("desk.js")
	if err != nil {
		panic("desk: " + err.Error()) // a broken build
	}
	keys, err := files.ReadFile("keys.js")
	if err != nil {
		panic("desk: " + err.Error()) // a broken build
	}
	d.script = d.files.Add("desk.js", append(script, keys...))
	d.door = ui.Door{Log: o.Log, Face: d.face}
	mux := http.NewServeMux()
	for _, r := range d.routes() {
		h := r.open
		if h == nil {
			h = d.signedIn(r.member)
		}
		mux.HandleFunc(r.Pattern, d.door.Page(bounded(h)))
	}
	mux.HandleFunc("/", d.nowhere(mux))
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(d.door.Page(func(http.ResponseWriter, *http.Request) error {
		return story.Refuse(story.Forbidden, "This form came from another site. Nothing was done.")
	}))
	return ui.Secure(private(cross.Handler(mux)))
}

// private marks every answer as nobody's but the member's.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// bounded reads a form before anything looks at it, unless it carries a file.
func bounded(h ui.Handler) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			if err := readForm(w, r); err != nil {
				return err
			}
		}
		return h(w, r)
	}
}

// nowhere answers what no route does: an address that exists by another method is told so.
func (d *desk) nowhere(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, other := range []string{http.MethodGet, http.MethodPost} {
			ask := *r
			ask.Method = other
			if _, pattern := mux.Handler(&ask); other != r.Method && strings.HasPrefix(pattern, other) {
				w.Header().Set("Allow", other)
				d.draw(w, r, http.StatusMethodNotAllowed, "This address takes no "+strings.ToUpper(r.Method)+".")
				return
			}
		}
		d.door.Fail(w, r, story.Refuse(story.Unknown, "There is no such page in the newsroom."))
	}
}

func (d *desk) static(w http.ResponseWriter, r *http.Request) error {
	address := "/static/" + r.PathValue("file")
	if d.files.Serve(w, address) || d.options.PreviewFile != nil && d.options.PreviewFile(w, address) {
		return nil
	}
	return story.Refuse(story.Unknown, "There is no such file.")
}

// signedIn asks for a session first. A page leads to the sign-in; a form is refused, and
// what it carried is shown again so that it can be sent once somebody has signed in.
func (d *desk) signedIn(h memberHandler) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := d.who(r)
		if refusal, ok := story.AsRefusal(err); ok && refusal.Kind == story.Forbidden {
			if r.Method == http.MethodGet {
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				return nil
			}
			return d.sendAgain(w, r)
		}
		if err != nil {
			return err
		}
		return h(w, r, who)
	}
}

func (d *desk) cookieName() string {
	if d.options.Secure {
		return "__Host-dateline"
	}
	return "dateline"
}

func (d *desk) who(r *http.Request) (newsroom.Who, error) {
	c, err := r.Cookie(d.cookieName())
	if err != nil || len(c.Value) != story.SecretLength {
		return newsroom.Who{}, story.Refuse(story.Forbidden, "You are not signed in.")
	}
	return d.room.Session(r.Context(), c.Value)
}
