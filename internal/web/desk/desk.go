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
	// Address is the newsroom's own, from the configuration: links and passkeys are bound
	// to it, never to what a request says.
	Address string
	// Preview draws the public page of a working text, by the site's own code.
	Preview func(w http.ResponseWriter, r *http.Request, v newsroom.StoryView) error
	// PreviewFile serves the site's static files, which a preview names.
	PreviewFile func(w http.ResponseWriter, address string) bool
	// Paper is what readers see of front pages; nil where nobody draws it.
	Paper Paper
	// Listening tells open pages what changes; nil where nobody does.
	Listening *Listening
	// Notice is what readers of a desk's pages would read at an instant, by the site's own code.
	Notice func(h newsroom.HouseView, desk story.DeskID, at time.Time, lang string) string
}

// A Route is one address of the newsroom and who may ask for it.
type Route struct {
	Pattern string // method and path
	Name    string // what one does there
	Who     string // "anyone", "member", or "token": a program with one
	// Verbs are rows of the newsroom's table of authority. Whoever may do none of them, at
	// the desk of the address or of its story, is refused at the door.
	Verbs []string
}

type desk struct {
	room    *newsroom.Room
	options Options
	files   *ui.Files
	sheet   string
	script  string
	door    ui.Door
	parties parties
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
	anyone := func(pattern, name string, h ui.Handler) way { return way{Route{pattern, name, "anyone", nil}, h, nil} }
	member := func(pattern, name string, h memberHandler, verbs ...string) way {
		return way{Route{pattern, name, "member", verbs}, nil, h}
	}
	return append(d.peopleRoutes(anyone, member), []way{
		anyone("GET /static/{file}", "style, script, fonts", d.static),
		anyone("GET /in/{secret}", "whose a sign-in link is", d.showLink),
		anyone("POST /in", "sign in", d.useLink),
		anyone("POST /sign-out", "sign out", d.signOut),
		member("GET /{$}", "the first desk's board", d.home, "see the house"),
		member("GET /desk/{desk}", "a desk's board", d.board, "read"),
		member("POST /desk/{desk}/start", "start a story", d.start, "start"),
		member("GET /desk/{desk}/settings", "a desk's settings", d.settings, "change settings"),
		member("POST /desk/{desk}/settings", "find a place, look at the next rests, save", d.setDesk, "change settings"),
		member("POST /desk/{desk}/calendar", "add a calendar file", d.addCalendar, "change settings"),
		member("POST /desk/{desk}/calendar/remove", "remove a calendar file", d.removeCalendar, "change settings"),
		member("POST /desk/{desk}/sunless", "take the warning about days without a sun away", d.toldSunless, "change settings"),
		member("GET /settings", "the house's settings", d.houseSettings, "house settings"),
		member("POST /settings", "find a place, look at the next rests, save", d.setHouse, "house settings"),
		member("GET /wires", "the wire tray", d.wires, "see the wires"),
		member("GET /wires/{id}", "a wire item", d.wire, "see the wires"),
		member("POST /wires/{id}/take", "take a wire item into a story", d.take, "take"),
		member("GET /stories/{id}", "a story", d.story, "read"),
		member("GET /stories/{id}/preview", "a story as readers would see it", d.preview, "read"),
		member("POST /stories/{id}/save", "save", d.save, "save"),
		member("POST /stories/{id}/ready", "save, and mark as ready", d.saveAnd("ready"), "ready"),
		member("POST /stories/{id}/approve", "save, and approve", d.saveAnd("approve"), "approve"),
		member("POST /stories/{id}/file", "publish, update, reinstate, correct, withdraw, kill", d.file, "publish", "update", "reinstate", "correct", "withdraw", "kill"),
		member("POST /stories/{id}/embargo", "set or lift the embargo", d.embargo, "embargo", "lift"),
		member("POST /stories/{id}/keep", "keep in spite of a wire", d.keep, "answer"),
		member("POST /stories/{id}/settle", "choose between two texts", d.settle, "save"),
		member("POST /stories/{id}/take-back", "take back what is filed", d.takeBack, "take back"),
		member("POST /stories/{id}/slot", "give what is filed another time", d.moveSlot, "slot"),
		member("POST /stories/{id}/exception", "ask for an exception", d.askGrant, "ask for an exception"),
		member("POST /stories/{id}/erase", "ask for an erasure", d.askErase, "ask for an erasure"),
		member("POST /stories/{id}/confirm", "confirm what somebody asked for", d.confirm, "grant an exception", "confirm an erasure"),
		member("POST /stories/{id}/drop", "drop what was asked for", d.drop, "ask for an exception", "ask for an erasure"),
		member("POST /stories/{id}/picture", "withdraw a published picture, or correct its words", d.changePicture, "withdraw a picture", "change a published picture"),
		member("POST /stories/{id}/pictures", "add a picture", d.addPicture, "picture"),
		member("POST /stories/{id}/bring", "bring a wire's picture over", d.bring, "picture"),
		member("GET /pictures/{id}", "an original", d.picture, "see the wires"),
		member("GET /picture/{file}", "a public form, for previews", d.rendition, "see the wires"),
		member("GET /stories/{id}/when", "what words about a time mean", d.when, "read"),
		member("GET /stories/{id}/here", "who else has a story open, and whether it was saved", d.here, "read"),
		member("GET /listen", "be told that something changed", d.listen, "see the house"),
		member("GET /coverage", "when the desks rest", d.coverage, "see the house"),
		member("GET /posted", "what the desks posted", d.posted, "see the house"),
		member("GET /front", "arrange a front page", d.front, "front"),
		member("POST /front", "look at a front page, file it", d.setFront, "front"),
		member("GET /front/preview", "a front page as readers would see it", d.previewFront, "front"),
		member("GET /settings/look", "how readers' pages look", d.look, "house settings"),
		member("POST /settings/look", "look at colours, faces, a logo; save them", d.setLook, "house settings"),
		member("GET /settings/look/preview", "a front page as it would look", d.previewLook, "house settings"),
		member("GET /look/{file}", "the style sheet of a look, for previews", d.lookSheet, "see the house"),
		member("POST /hour", "confirm the hour", d.hour, "confirm the hour"),
		member("GET /stories/{id}/live", "a live page and its entries", d.live, "read"),
		member("POST /stories/{id}/live/open", "open a live page", d.liveAct(story.OpenLive), "open a live page"),
		member("POST /stories/{id}/live/reopen", "reopen a live page", d.liveAct(story.ReopenLive), "reopen a live page"),
		member("POST /stories/{id}/live/close", "close a live page", d.liveAct(story.CloseLive), "close a live page"),
		member("POST /stories/{id}/live/add", "add a live entry", d.liveAct(story.AddLive), "add a live entry"),
		member("POST /stories/{id}/live/edit", "edit a live entry, pin it", d.liveAct(story.EditLive), "edit a live entry"),
		member("POST /stories/{id}/live/remove", "remove a live entry", d.liveAct(story.RemoveLive), "remove a live entry"),
		member("POST /stories/{id}/live/break", "break a live entry out into a story", d.liveBreak, "start"),
		member("POST /stories/{id}/live/back", "take back what waits of a live page", d.liveBack, "take back"),
		member("GET /paper", "running stories, pages, people", d.paper, "see the house"),
		member("GET /packages/{id}", "a running story", d.packageForm, "put a package"),
		member("POST /packages/{id}", "file a running story", d.putPackage, "put a package"),
		member("GET /pages/{id}", "a page", d.pageForm, "put a page"),
		member("POST /pages/{id}", "file a page", d.putPage, "put a page"),
		member("GET /people/{id}", "a person", d.personForm, "name a person"),
		member("POST /people/{id}", "file a person", d.putPerson, "name a person"),
		member("GET /relations/{id}", "how statements stand to each other", d.relationForm, "relate quotations"),
		member("POST /relations/{id}", "look for statements, file a relation", d.putRelation, "relate quotations"),
		member("POST /pieces/{id}/silence", "withdraw or kill a running story, a page, a person, a relation", d.silence, "withdraw a piece", "kill a piece"),
		member("POST /pieces/{id}/take-back", "take back what waits about it", d.takePieceBack, "take back"),
		member("POST /pieces/{id}/erase", "ask for an erasure of it", d.askErasePiece, "ask for an erasure"),
		member("POST /pieces/{id}/confirm", "confirm the erasure that somebody asked for", d.confirmPiece, "confirm an erasure"),
		member("POST /pieces/{id}/drop", "drop what was asked for", d.dropPiece, "ask for an erasure"),
		member("GET /stories/{id}/quotations", "who said what in a story", d.quotationsForm, "read"),
		member("POST /stories/{id}/quotations", "save who said what", d.saveQuotations, "save"),
		member("GET /menus", "menus and old addresses", d.menus, "set menus"),
		member("POST /menus", "save the menus", d.setMenus, "set menus"),
		member("POST /moved", "lead old addresses on", d.moveAddresses, "move addresses"),
		member("GET /desk/{desk}/notice", "how a desk words its rest", d.notice, "change settings"),
		member("POST /desk/{desk}/notice", "look at a wording at any instant, save", d.setNotice, "change settings"),
		member("GET /desk/{desk}/closing", "what the desk holds before its rest", d.closing, "read"),
		member("POST /desk/{desk}/closing", "end a line: send before, give, hold", d.endLine, "close a desk", "give"),
		member("POST /desk/{desk}/closing/rest", "end the rest of the lines by their defaults", d.endLines, "close a desk"),
		member("GET /desk/{desk}/away", "what happened during the desk's last rest", d.away, "read"),
		member("POST /desk/{desk}/offers/{offer}", "accept or decline what another desk gives", d.answerOffer, "accept", "give"),
		member("POST /settings/resting", "the standing order, and whether editors open at rest", d.setResting, "house settings"),
		member("POST /stories/{id}/give", "give a story to another desk", d.give, "give"),
		member("POST /told", "take away what one was told", d.seen, "see the house"),
		member("GET /dry-run", "what would leave the house in the next 72 hours", d.dryRun, "see the house"),
	}...)
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
	d.sheet = d.files.Sheet("desk.css", files, "desk.css", "live.css", "people.css", "closing.css", "paper.css", "bar.css")
	d.script = d.files.Add("desk.js", script("desk.js", "edit.js", "keys.js", "palette.js", "room.js", "preview.js"))
	d.files.Add("passkey.js", script("passkey.js"))
	d.door = ui.Door{Log: o.Log, Face: d.face, Words: d.refusalFor}
	mux := http.NewServeMux()
	for _, r := range d.routes() {
		h := r.open
		if h == nil {
			h = d.signedIn(d.allowed(r.Route, r.member))
		}
		door := d.door
		if strings.Contains(r.Pattern, "/api/") {
			door.Face, door.Words = problem, nil
		}
		mux.HandleFunc(r.Pattern, door.Page(bounded(h)))
	}
	mux.HandleFunc("/", d.nowhere(mux))
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(d.door.Page(func(http.ResponseWriter, *http.Request) error {
		return story.Refuse(story.Forbidden, "This form came from another site. Nothing was done.")
	}))
	return ui.Secure(private(speaks(cross.Handler(mux))))
}

// script is what browsers run of a page, from some files.
func script(names ...string) (all []byte) {
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			panic("desk: " + err.Error()) // a broken build
		}
		all = append(all, raw...)
	}
	return all
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
		if r.Method == http.MethodPost && !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
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
				d.draw(w, r, http.StatusMethodNotAllowed, d.reading(r).say("This address takes no %s.", strings.ToUpper(r.Method)))
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
			if r.Header.Get("Accept") == "text/event-stream" {
				return err // a script asks: there is no page to lead away
			}
			if r.Method == http.MethodGet {
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				return nil
			}
			return d.sendAgain(w, r)
		}
		if err != nil {
			return err
		}
		if who.Lang != "" {
			*r = *inLanguage(r, who.Lang) // also for the page of a refusal
		}
		err = h(w, r, who)
		if newsroom.NeedsProof(err) {
			return d.askAgain(w, r)
		}
		return err
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
