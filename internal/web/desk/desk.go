// Package desk is the newsroom's web: where members work. Every page is a form that works
// without a script, every answer is private, and every write carries an idempotency key.
package desk

import (
	"embed"
	"log/slog"
	"net/http"

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
}

// A Route is one address of the newsroom and who may ask for it.
type Route struct {
	Pattern string
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

// routes is the map of the newsroom; tests read it too.
func (d *desk) routes() []struct {
	Route
	open   ui.Handler
	member memberHandler
} {
	type row = struct {
		Route
		open   ui.Handler
		member memberHandler
	}
	anyone := func(pattern string, h ui.Handler) row { return row{Route{pattern, "anyone"}, h, nil} }
	member := func(pattern string, h memberHandler) row { return row{Route{pattern, "member"}, nil, h} }
	return []row{
		anyone("GET /static/{file}", d.static),
		anyone("GET /in/{secret}", d.showLink),
		anyone("POST /in", d.useLink),
		anyone("GET /sign-in", d.signIn),
		anyone("POST /sign-out", d.signOut),
		member("GET /{$}", d.home),
		member("GET /desk/{desk}", d.board),
		member("POST /desk/{desk}/start", d.start),
		member("GET /wires", d.wires),
		member("GET /wires/{id}", d.wire),
		member("POST /wires/{id}/take", d.take),
		member("GET /stories/{id}", d.story),
		member("GET /stories/{id}/preview", d.preview),
		member("POST /stories/{id}/save", d.save),
		member("POST /stories/{id}/file", d.file),
		member("POST /stories/{id}/embargo", d.embargo),
		member("POST /stories/{id}/keep", d.keep),
		member("POST /stories/{id}/settle", d.settle),
		member("POST /stories/{id}/take-back", d.takeBack),
		member("POST /stories/{id}/slot", d.moveSlot),
		member("POST /stories/{id}/pictures", d.addPicture),
		member("POST /stories/{id}/bring", d.bring),
		member("GET /pictures/{id}", d.picture),
		member("GET /picture/{file}", d.rendition),
		member("GET /coverage", d.coverage),
		member("POST /front", d.front),
		member("POST /hour", d.hour),
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
	d.sheet = d.files.Sheet("desk.css", files, "desk.css")
	script, err := files.ReadFile("desk.js")
	if err != nil {
		panic("desk: " + err.Error()) // a broken build
	}
	d.script = d.files.Add("desk.js", script)
	d.door = ui.Door{Log: o.Log, Face: d.face}
	mux := http.NewServeMux()
	for _, r := range d.routes() {
		h := r.open
		if h == nil {
			h = d.signedIn(r.member)
		}
		mux.HandleFunc(r.Pattern, d.door.Page(h))
	}
	mux.HandleFunc("/", d.door.Page(func(http.ResponseWriter, *http.Request) error {
		return story.Refuse(story.Unknown, "There is no such page in the newsroom.")
	}))
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
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func (d *desk) static(w http.ResponseWriter, r *http.Request) error {
	address := "/static/" + r.PathValue("file")
	if d.files.Serve(w, address) || d.options.PreviewFile != nil && d.options.PreviewFile(w, address) {
		return nil
	}
	return story.Refuse(story.Unknown, "There is no such file.")
}

// signedIn asks for a session first. A page leads to the sign-in, a form is refused.
func (d *desk) signedIn(h memberHandler) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := d.who(r)
		if refusal, ok := story.AsRefusal(err); ok && refusal.Kind == story.Forbidden && r.Method == http.MethodGet {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return nil
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
