package desk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var menusTemplate = newPage[menusPage]("menus.tmpl", "frame.tmpl")

// menusPage is the house's menus and its old addresses, for an administrator.
type menusPage struct {
	frame
	Menus []menuText
	Paths string // typed
	Moved []movedLine
}

type menuText struct{ Lang, Tongue, Dir, Lines string }

type movedLine struct{ From, To string }

func (d *desk) menus(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawMenus(w, r, who, nil)
}

func (d *desk) drawMenus(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	if !who.Admin {
		return story.Refuse(story.Forbidden, "Menus and old addresses are an administrator’s.")
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	moved, err := d.room.Moved(r.Context())
	if err != nil {
		return err
	}
	p := menusPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Menus and old addresses")), Paths: r.PostFormValue("paths")}
	for _, lang := range h.House.Languages {
		var lines []string
		for _, m := range h.House.Menus[lang] {
			lines = append(lines, m.Label+" | "+m.Address)
		}
		p.Menus = append(p.Menus, menuText{lang, ui.TongueName(lang), story.Direction(lang), typedOr(r.PostForm, "menu."+lang, strings.Join(lines, "\n"))})
	}
	for _, from := range slices.Sorted(maps.Keys(moved)) {
		p.Moved = append(p.Moved, movedLine{from, moved[from]})
	}
	status := p.answer(refusal)
	return menusTemplate.Render(w, status, p)
}

// setMenus keeps the lines of each menu: words, a bar, an address.
func (d *desk) setMenus(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	menus := newsroom.Menus{}
	for name := range r.PostForm {
		lang, ok := strings.CutPrefix(name, "menu.")
		if !ok {
			continue
		}
		for _, line := range lines(r.PostForm.Get(name)) {
			label, address, _ := strings.Cut(line, "|")
			menus[lang] = append(menus[lang], record.Menu{Label: strings.TrimSpace(label), Address: strings.TrimSpace(address)})
		}
	}
	return d.menusDone(w, r, who, "menus", d.room.SetMenus(r.Context(), who, r.PostFormValue("key"), menus))
}

// moveAddresses keeps lines of an old path and where it leads now.
func (d *desk) moveAddresses(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	var paths []record.MovedPath
	for _, line := range lines(r.PostFormValue("paths")) {
		from, to, ok := strings.Cut(line, " ")
		if !ok {
			return d.drawMenus(w, r, who, story.Refuse(story.Invalid, "A line is an old path, a space, and where it leads now; %.80q is not.", line))
		}
		paths = append(paths, record.MovedPath{From: from, To: strings.TrimSpace(to)})
	}
	_, err := d.room.MoveAddresses(r.Context(), who, r.PostFormValue("key"), paths)
	return d.menusDone(w, r, who, "addresses", err)
}

func (d *desk) menusDone(w http.ResponseWriter, r *http.Request, who newsroom.Who, what string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		return d.drawMenus(w, r, who, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/menus?said=%s", what), http.StatusSeeOther)
	return nil
}
