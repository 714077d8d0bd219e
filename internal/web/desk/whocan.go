package desk

import (
	"net/http"
	"slices"
	"strings"

	"dateline/internal/newsroom"
)

// Who may do what: the table by which the newsroom judges, and the ways that lead to each
// of its rows. What is not on it is refused.

type whoMayPage struct {
	frame
	Roles []string
	Rows  []whoMayRow
}

type whoMayRow struct {
	Verb   string
	Cells  []whoMayCell
	Notes  string
	Routes []Route // each under its name in the language of the page
}

type whoMayCell struct{ Head, Words string }

var whoMayTemplate = newPage[whoMayPage]("who.tmpl", "frame.tmpl")

func (d *desk) whoPage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := whoMayPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Who may do what"))}
	for _, role := range newsroom.AllRoles {
		p.Roles = append(p.Roles, h.Say(string(role)))
	}
	p.Roles = append(p.Roles, h.Say("administrator"), h.Say("token"))
	ways := Routes()
	for _, rule := range newsroom.Rules() {
		p.Rows = append(p.Rows, rowOf(h, rule, p.Roles, ways))
	}
	return whoMayTemplate.Render(w, http.StatusOK, p)
}

func rowOf(h newsroom.HouseView, rule newsroom.Rule, heads []string, ways []Route) whoMayRow {
	row := whoMayRow{Verb: h.Say(rule.Verb)}
	at := h.Say("own desk")
	if rule.AnyDesk {
		at = h.Say("any desk")
	}
	for _, role := range newsroom.AllRoles {
		words := ""
		if rule.Everyone || slices.Contains(rule.Roles, role) {
			words = at
		}
		row.Cells = append(row.Cells, whoMayCell{h.Say(string(role)), words})
	}
	admin, token := "", ""
	if rule.Admin || rule.Everyone {
		admin = h.Say("any desk")
	}
	if rule.Token {
		token = h.Say("its desks")
	}
	row.Cells = append(row.Cells, whoMayCell{heads[len(heads)-2], admin}, whoMayCell{heads[len(heads)-1], token})
	if rule.Everyone {
		for i := range row.Cells[:len(row.Cells)-1] {
			row.Cells[i].Words = h.Say("every member")
		}
	}
	if rule.Person {
		row.Notes = h.Say("Persons only.")
	}
	for _, way := range ways {
		if slices.Contains(way.Verbs, rule.Verb) {
			way.Pattern, way.Name = strings.ReplaceAll(way.Pattern, "{$}", ""), h.Say(way.Name)
			row.Routes = append(row.Routes, way)
		}
	}
	return row
}
