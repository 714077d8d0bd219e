package desk

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// The writing API: what a program with a token may do, by the same verbs as the screens.
// Whoever asks sends Authorization: Bearer and the token; cookies open nothing here, so
// that no page of another site can. Every write carries an Idempotency-Key, of 16 to 64
// letters: the same key with the same request has one effect and one answer. openapi.json
// says the rest.

//go:embed openapi.json
var openAPI []byte

func (d *desk) apiRoutes() []way {
	program := func(pattern, name string, h memberHandler, verbs ...string) way {
		route := Route{pattern, name, "token", verbs}
		return way{route, d.bearer(route, h), nil}
	}
	return []way{
		{Route{"GET /api/v1/openapi.json", "what programs can ask", "anyone", nil}, d.apiDocument, nil},
		program("GET /api/v1/desks", "the desks of a token", d.apiDesks, "read"),
		program("GET /api/v1/stories", "the stories of a desk", d.apiStories, "read"),
		program("GET /api/v1/stories/{id}", "a story, with the versions of its parts", d.apiStory, "read"),
		program("POST /api/v1/stories", "start a story", d.apiStart, "start"),
		program("POST /api/v1/stories/{id}/save", "save parts of a story", d.apiSave, "save"),
		program("POST /api/v1/stories/{id}/ready", "mark a story as ready", d.apiReady, "ready"),
		program("POST /api/v1/stories/{id}/pictures", "add a picture", d.apiPicture, "picture"),
		program("POST /api/v1/stories/{id}/file", "publish, update, correct, withdraw", d.apiFile, "publish", "update", "correct", "withdraw"),
		program("POST /api/v1/acts/{id}/take-back", "take back what is filed", d.apiTakeBack, "take back"),
		program("POST /api/v1/acts/{id}/slot", "give what is filed another time", d.apiSlot, "slot"),
	}
}

// problem is the answer of a refusal, in the form of RFC 9457.
func problem(w http.ResponseWriter, _ *http.Request, status int, sentence string) error {
	if sentence == "" {
		sentence = "Something failed on our side. What was saved before is safe."
	}
	body, err := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": sentence})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked may have left
	return nil
}

// bearer asks for a token, and then the table of authority.
func (d *desk) bearer(route Route, h memberHandler) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		who, err := d.room.Bearer(r.Context(), secret)
		if refusal, refused := story.AsRefusal(err); refused || !ok {
			sentence := "Send a token: Authorization: Bearer …"
			if refused && ok {
				sentence = refusal.Sentence
			}
			w.Header().Set("WWW-Authenticate", `Bearer realm="newsroom"`)
			return problem(w, r, http.StatusUnauthorized, sentence)
		}
		if err != nil {
			return err
		}
		may := who.Somewhere
		if strings.HasPrefix(r.URL.Path, "/api/v1/stories/") {
			desk, found, err := d.deskOfStory(r)
			if err != nil {
				return err
			}
			if found {
				may = func(verb string) bool { return who.May(verb, desk) }
			}
		}
		for _, verb := range route.Verbs {
			if may(verb) {
				return h(w, r, who)
			}
		}
		return story.Refuse(story.Forbidden, "This token may not %s there.", strings.Join(route.Verbs, " or "))
	}
}

func (d *desk) apiDocument(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(openAPI) // who asked may have left
	return nil
}

// readJSON reads a bounded request of known fields.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return story.Refuse(story.TooLarge, "A request has at most %d MiB.", maxForm>>20)
	}
	if err != nil || dec.Decode(new(any)) != io.EOF {
		return story.Refuse(story.Invalid, "The request is no JSON of the form that openapi.json describes.")
	}
	return nil
}

func apiKey(r *http.Request) string { return r.Header.Get("Idempotency-Key") }

// created answers with 201.
func created(w http.ResponseWriter, value any, err error) error {
	if err != nil {
		return err
	}
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(body) // who asked may have left
	return nil
}

type apiDesk struct {
	Slug     string    `json:"slug"`
	Name     string    `json:"name"`
	Zone     string    `json:"zone"`
	Resting  bool      `json:"resting"`
	ClosedTo time.Time `json:"closedUntil,omitzero"`
}

func (d *desk) apiDesks(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	all := []apiDesk{}
	for _, x := range h.Desks {
		if !who.May("read", x.ID) {
			continue
		}
		one := apiDesk{Slug: x.Settings.Slug, Name: x.Settings.Names.In("en"), Zone: x.Settings.Place.Zone}
		if win, resting := x.Hours.Rests(h.Now); resting {
			one.Resting, one.ClosedTo = true, win.End
		}
		all = append(all, one)
	}
	return sendJSON(w, map[string]any{"desks": all}, nil)
}

type apiRow struct {
	ID       story.ArticleID `json:"id"`
	Headline string          `json:"headline"`
	Lang     string          `json:"lang"`
	Standing story.Standing  `json:"standing"`
	Ready    bool            `json:"ready"`
	Saved    time.Time       `json:"saved"`
}

func (d *desk) apiStories(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.apiDeskOf(r, who, r.URL.Query().Get("desk"))
	if err != nil {
		return err
	}
	b, err := d.room.Board(r.Context(), who, x.ID, atoi(r.URL.Query().Get("page")))
	if err != nil {
		return err
	}
	rows := []apiRow{}
	for _, s := range b.Stories {
		rows = append(rows, apiRow{s.ID, s.Headline, s.Lang, s.Standing, s.Ready, s.SavedAt})
	}
	return sendJSON(w, map[string]any{"stories": rows, "more": b.More}, nil)
}

// apiDeskOf is a desk of the token; any other is answered alike, whether it is there or not.
func (d *desk) apiDeskOf(r *http.Request, who newsroom.Who, slug string) (x newsroom.DeskView, err error) {
	h, err := d.room.House(r.Context())
	if err != nil {
		return x, err
	}
	x, ok := h.Desk(slug)
	if !ok || len(who.Roles[x.ID]) == 0 {
		return x, story.Refuse(story.Forbidden, "This token has no desk %.40q.", slug)
	}
	return x, nil
}

type apiPart struct {
	Version int             `json:"version"`
	Body    json.RawMessage `json:"body"`
}

type apiAct struct {
	ID      int64          `json:"id"`
	What    story.What     `json:"what"`
	State   story.ActState `json:"state"`
	Due     time.Time      `json:"due"`
	Opens   time.Time      `json:"opens,omitzero"`
	Waiting []string       `json:"waiting"` // a sentence for each objection
}

func (d *desk) apiStory(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return err
	}
	parts, acts := map[string]apiPart{}, []apiAct{}
	for name, p := range v.Parts {
		parts[name] = apiPart{p.Version, json.RawMessage(p.Body)}
	}
	for _, a := range v.Acts {
		acts = append(acts, apiAct{a.ID, a.What, a.State, a.Due, a.Opens, english(a.Sentences)})
	}
	return sendJSON(w, map[string]any{"id": id, "desk": v.Desk.Settings.Slug, "standing": v.Article.Standing, "base": v.Base, "parts": parts, "acts": acts, "gate": english(v.Sentences)}, nil)
}

func (d *desk) apiStart(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	var asked struct {
		Desk string `json:"desk"`
		Lang string `json:"lang"`
	}
	if err := readJSON(w, r, &asked); err != nil {
		return err
	}
	x, err := d.apiDeskOf(r, who, asked.Desk)
	if err != nil {
		return err
	}
	id, err := d.room.Start(r.Context(), who, newsroom.Beginning{Key: apiKey(r), Desk: x.ID, Lang: asked.Lang})
	return created(w, map[string]any{"id": id}, err)
}

func (d *desk) apiSave(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	var asked struct {
		Parts []newsroom.PartSave `json:"parts"`
	}
	if err := readJSON(w, r, &asked); err != nil {
		return err
	}
	saved, err := d.room.Save(r.Context(), who, newsroom.Saving{Key: apiKey(r), Article: id, Parts: asked.Parts})
	return sendJSON(w, saved, err)
}

func (d *desk) apiReady(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	return sendJSON(w, map[string]bool{"ready": true}, d.room.Ready(r.Context(), who, apiKey(r), id))
}

// apiPicture takes the bytes of a picture as the whole of the request.
func (d *desk) apiPicture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, picture.MaxBytes))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return story.Refuse(story.TooLarge, "A picture may have at most %d MB. Nothing was added.", picture.MaxBytes>>20)
	}
	if err != nil || len(raw) == 0 {
		return story.Refuse(story.Invalid, "The upload broke off, or was empty.")
	}
	added, err := d.room.AddPicture(r.Context(), who, apiKey(r), id, raw)
	return created(w, map[string]any{"picture": added}, err)
}

func (d *desk) apiFile(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	asked := struct {
		What   story.What      `json:"what"`
		Slot   string          `json:"slot"`
		Base   int64           `json:"base"`
		Detail newsroom.Detail `json:"detail"`
	}{Base: -1}
	if err := readJSON(w, r, &asked); err != nil {
		return err
	}
	switch asked.What {
	case story.Publish, story.Update, story.Correct, story.Withdraw:
	default:
		return story.Refuse(story.Invalid, "A program can publish, update, correct or withdraw, not %.20q.", asked.What)
	}
	detail := newsroom.Detail{Note: asked.Detail.Note, Correction: asked.Detail.Correction, Material: asked.Detail.Material}
	filed, err := d.room.File(r.Context(), who, newsroom.Filing{Key: apiKey(r), Article: id, What: asked.What, Slot: asked.Slot, NoUndo: true, Base: asked.Base, Detail: detail})
	return sendJSON(w, filed, err)
}

func (d *desk) apiTakeBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return sendJSON(w, map[string]bool{"takenBack": true}, d.room.TakeBack(r.Context(), who, apiKey(r), int64(atoi(r.PathValue("id")))))
}

func (d *desk) apiSlot(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	var asked struct {
		Slot string `json:"slot"` // "2024-03-24 09:00 Europe/London"
	}
	if err := readJSON(w, r, &asked); err != nil {
		return err
	}
	return sendJSON(w, map[string]bool{"moved": true}, d.room.MoveSlot(r.Context(), who, apiKey(r), int64(atoi(r.PathValue("id"))), asked.Slot))
}

// english are sentences as programs read them.
func english(all []story.Sentence) (out []string) {
	for _, s := range all {
		out = append(out, s.String())
	}
	return out
}
