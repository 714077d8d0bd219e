package desk

import (
	"net/http"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// allowed asks the table of authority before a route does anything. The desk is that of the
// address, or of its story; where there is neither, the verb itself says which desk it is
// about, and here any will do. A route that names no verb is nobody's.
func (d *desk) allowed(route Route, h memberHandler) memberHandler {
	_, path, _ := strings.Cut(route.Pattern, " ")
	return func(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
		may := who.Somewhere
		switch {
		case strings.HasPrefix(path, "/desk/{desk}"):
			if x, err := d.deskOf(r); err == nil { // else the handler says that there is none
				may = func(verb string) bool { return who.May(verb, x.ID) }
			}
		case strings.HasPrefix(path, "/stories/{id}"):
			desk, found, err := d.deskOfStory(r)
			if err != nil {
				return err
			}
			if found {
				may = func(verb string) bool { return who.May(verb, desk) }
			}
		}
		if slices.ContainsFunc(route.Verbs, may) {
			return h(w, r, who)
		}
		return d.refuse(w, r, route)
	}
}

func (d *desk) deskOfStory(r *http.Request) (desk story.DeskID, found bool, err error) {
	id, err := articleID(r)
	if err != nil {
		return "", false, nil // the handler says so
	}
	return d.room.DeskOf(r.Context(), id)
}

// refuse says who may; what a form about a story carried stays on the page, to be read.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, route Route) error {
	in := d.reading(r)
	title := in.say(headings[http.StatusForbidden])
	p := doorPage{Title: title, Heading: title, Text: in.say("This is for %s. The page “Who may do what” lists it all.", in.whoMay(route.Verbs))}
	if a := againOf(r); a != nil {
		p.Typed = a.Typed
	}
	return d.drawDoor(w, r, http.StatusForbidden, p)
}

// whoMay are the roles that may do one of some verbs, as words.
func (l reading) whoMay(verbs []string) string {
	var all []string
	for _, verb := range verbs {
		rule, _ := newsroom.RuleOf(verb)
		for _, role := range rule.Roles {
			all = append(all, l.say(rolesWords[role]))
		}
		if rule.Admin {
			all = append(all, l.say("administrators"))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		return l.say("no member")
	}
	return strings.Join(all, ", ")
}

var rolesWords = map[newsroom.Role]string{newsroom.Reporter: "reporters", newsroom.Editor: "editors", newsroom.Chief: "chiefs", newsroom.Standards: "standards editors"}
