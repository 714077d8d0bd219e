package desk

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

// The forms of what is no article: running stories, pages, people, relations; and the
// house's menus and old addresses. All are plain forms; what was typed comes back with a
// refusal.

// pieceForm is what the form of every piece has.
type pieceForm struct {
	frame
	Heading, Action string
	ID              string // "" of a new one
	Base            int64
	Standing        string // where it is not public
	Waits           *waiting
	Voices          []choice
	Readers         string // its public address
	MaySilence      bool
	MayKill         bool
	MayErase        bool
	Kind            string // the first segment of its address
	Today           string
	Confirms        []confirmForm
}

// waiting is an act at the gate.
type waiting struct {
	Act     int64
	Words   []string
	When    string
	Blocked bool
}

// newPiece is the last segment of the address at which a new piece is made.
const newPiece = "new"

// pieceFrame begins the form of a piece; kind is the first segment of its address.
func pieceFrame[T any](d *desk, r *http.Request, who newsroom.Who, kind, name string, v newsroom.PieceView[T]) (f pieceForm, h newsroom.HouseView, err error) {
	if h, err = d.room.House(r.Context()); err != nil {
		return f, h, err
	}
	f.frame = d.frame(r, who, h, own(who, h).ID, h.Say(name))
	name = h.Say(name)
	f.Heading, f.ID, f.Base, f.Action = name, v.ID, v.N, "/"+kind+"/"+cmp.Or(v.ID, newPiece)
	if v.ID == "" {
		f.Base = -1
	}
	if v.Standing != story.Public && v.Standing != story.Never && v.ID != "" {
		f.Standing = h.Say(string(v.Standing))
	}
	speaks := v.Desk
	if _, mine := who.Roles[v.Desk]; !mine {
		speaks = own(who, h).ID
	}
	for _, x := range h.Desks {
		if _, mine := who.Roles[x.ID]; mine || who.Admin {
			f.Voices = append(f.Voices, choice{string(x.ID), x.Name(), x.ID == speaks})
		}
	}
	f.MaySilence = v.Standing == story.Public && who.May("withdraw a piece", v.Desk)
	f.MayKill = (v.Standing == story.Public || v.Standing == story.Withdrawn) && who.May("kill a piece", v.Desk)
	if v.Waiting != nil {
		f.Waits = waitingOf(*v.Waiting, h)
	}
	if v.ID == "" {
		return f, h, nil
	}
	_, possible := v.Standing.AfterPiece(story.ErasePiece)
	f.Kind, f.MayErase, f.Today = kind, possible && who.Admin, clock.Date(h.Now, h.Zone)
	f.Confirms, err = d.pieceConfirms(r, who, h, v.ID)
	return f, h, err
}

func waitingOf(v newsroom.ActView, h newsroom.HouseView) *waiting {
	w := &waiting{Act: v.ID, Blocked: v.State == story.Parked}
	for _, s := range v.Sentences {
		w.Words = append(w.Words, h.Tell(s))
	}
	if w.Blocked {
		w.Words = []string{tongue.Again(h.Lang, v.Why)}
	}
	if x, ok := h.Desk(string(v.Desk)); ok && !v.Opens.IsZero() {
		w.When = newsroom.Opening(v.Opens, x)
	}
	return w
}

// pieceAt reads the piece of an address; "new" is an empty one.
func pieceAt[T any](r *http.Request, who newsroom.Who, read func(context.Context, newsroom.Who, string) (newsroom.PieceView[T], error)) (v newsroom.PieceView[T], err error) {
	if id := r.PathValue("id"); id != newPiece {
		return read(r.Context(), who, id)
	}
	return v, nil
}

// pieceWish reads what every form of a piece carries.
func pieceWish(r *http.Request) newsroom.PieceWish {
	w := newsroom.PieceWish{Key: r.PostFormValue("key"), Desk: story.DeskID(r.PostFormValue("desk")), ID: r.PathValue("id"), Base: -1}
	if w.ID == newPiece {
		w.ID = ""
	}
	if base, err := strconv.ParseInt(r.PostFormValue("base"), 10, 64); err == nil {
		w.Base = base
	}
	return w
}

// donePiece leads back to the form of a piece, or draws it again with a refusal.
func (d *desk) donePiece(w http.ResponseWriter, r *http.Request, kind string, f newsroom.FiledPiece, err error, again func(error) error) error {
	if _, refused := story.AsRefusal(err); refused {
		return again(err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/"+kind+"/"+f.ID+"?said="+saidOf(f.Filed), http.StatusSeeOther)
	return nil
}

func saidOf(f newsroom.Filed) string {
	switch {
	case f.State != story.Posted:
		return "waiting"
	case !f.Shown:
		return "lagging"
	}
	return "posted"
}

// answer draws a form with a refusal, or as it is.
func (f *frame) answer(refusal error) (status int) {
	if refusal == nil {
		return http.StatusOK
	}
	status, f.Error = fails(f.Tongue, refusal)
	return status
}

// silence withdraws or kills a piece.
func (d *desk) silence(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	s := newsroom.Silencing{Key: r.PostFormValue("key"), ID: r.PathValue("id"), Note: strings.TrimSpace(r.PostFormValue("note")), Kill: r.PostFormValue("do") == "kill"}
	if s.Kill && r.PostFormValue("confirm") != "KILL" {
		return story.Refuse(story.Invalid, "Type KILL to kill it: no text of it will be public anywhere.")
	}
	if _, err := d.room.SilencePiece(r.Context(), who, s); err != nil {
		return err
	}
	return toPaper(w, r, "silenced")
}

// takePieceBack takes back what waits about a piece.
func (d *desk) takePieceBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := d.room.TakeBack(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("act")))); err != nil {
		return err
	}
	return toPaper(w, r, "back")
}

// langChoices are the languages of the house.
func langChoices(h newsroom.HouseView, now string) (all []choice) {
	for _, l := range h.House.Languages {
		all = append(all, choice{l, ui.TongueName(l), l == now})
	}
	return all
}

// publicAddress is where readers find a piece, in a language.
func (d *desk) publicAddress(h newsroom.HouseView, lang, path string) string {
	if len(h.House.Languages) > 0 && lang != h.House.Languages[0] && lang != "" {
		path = "/" + lang + path
	}
	return d.options.ReadersAddress + path
}

var paperTemplate = newPage[paperPage]("paper.tmpl", "frame.tmpl")

// paperPage lists what the house has beside its stories.
type paperPage struct {
	frame
	Packages, Pages, People []paperLine
	Find                    string
	More                    bool // people beyond those listed
	MayPackage, MayPage     bool
	MayPerson, MayFront     bool
}

type paperLine struct {
	Address, Words, Facts string
	Waits                 bool
}

// peopleListed bounds the list of people; the rest are found by name.
const peopleListed = 100

func (d *desk) paper(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	mine := own(who, h).ID
	p := paperPage{frame: d.frame(r, who, h, mine, h.Say("The paper")), Find: strings.TrimSpace(r.URL.Query().Get("find")),
		MayPackage: who.May("put a package", mine), MayPage: who.May("put a page", mine), MayPerson: who.May("name a person", mine), MayFront: who.Somewhere("front")}
	packages, err := d.room.Packages(r.Context(), who)
	if err != nil {
		return err
	}
	for _, v := range packages {
		p.Packages = append(p.Packages, lineOfPiece(h.Lang, "/packages/", v.ID, v.Content.Title, h.Say(v.Content.Sort)+", "+tongue.Count(h.Lang, len(v.Content.Members), "report")+", "+v.Content.Lang, v.Standing, v.Waiting))
	}
	pages, err := d.room.Pages(r.Context(), who)
	if err != nil {
		return err
	}
	for _, v := range pages {
		p.Pages = append(p.Pages, lineOfPiece(h.Lang, "/pages/", v.ID, v.Content.Title, "/"+v.Content.Slug+", "+v.Content.Lang, v.Standing, v.Waiting))
	}
	people, err := d.room.PersonsNamed(r.Context(), who, p.Find, peopleListed+1)
	if err != nil {
		return err
	}
	p.More = len(people) > peopleListed
	p.People = peopleLines(h, people[:min(len(people), peopleListed)])
	return paperTemplate.Render(w, http.StatusOK, p)
}

func peopleLines(h newsroom.HouseView, people []newsroom.PieceView[record.Person]) (lines []paperLine) {
	for _, v := range people {
		facts := h.Pick(v.Content.Line)
		if v.Content.Merged != "" {
			facts = h.Say("merged into another")
		}
		lines = append(lines, lineOfPiece(h.Lang, "/people/", v.ID, namesOf(v.Content), facts, v.Standing, v.Waiting))
	}
	return lines
}

func namesOf(p record.Person) string {
	var names []string
	for _, lang := range slices.Sorted(maps.Keys(p.Names)) {
		names = append(names, p.Names[lang])
	}
	return strings.Join(names, " · ")
}

func lineOfPiece(lang, kind, id, words, facts string, s story.Standing, act *newsroom.ActView) paperLine {
	if s != story.Public && s != story.Never {
		facts = tongue.Say(lang, string(s)) + "; " + facts
	}
	return paperLine{kind + id, cmp.Or(words, tongue.Say(lang, "Without a name")), facts, act != nil}
}

// typedOr is what was typed into a field, else what is kept.
func typedOr(form url.Values, name, kept string) string {
	if form.Has(name) {
		return form.Get(name)
	}
	return kept
}
