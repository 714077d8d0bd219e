package desk

import (
	"net/http"
	"slices"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// topBar is the line at the top of every screen: few ways, few clocks, and a menu for the rest.
type topBar struct {
	Own, OwnName string // the desk that the page is about, or the member's first; "" for none
	OwnWords     string
	Initials     string // of the member
	Ways         []barLink
	Menu         []barLink
	Clocks       []deskClock
	MoreClocks   string
	HouseLang    string // of a story that is begun from here
	MayStart     bool
	Sheets       []keySheet
}

// barLink is a way in the bar, with the letter that takes it: after g, or alone.
type barLink struct {
	Address, Words string
	Go, Key        string
	Current        bool
}

// mostClocks is how many desks' clocks the bar shows; the others are on the coverage page.
const mostClocks = 4

func (b *topBar) setBar(r *http.Request, who newsroom.Who, h newsroom.HouseView, at story.DeskID) {
	own, ok := h.Desk(string(at))
	if ok && who.May("read", own.ID) {
		slug := own.Settings.Slug
		b.Own, b.OwnName, b.MayStart = slug, own.Name(), who.May("start", own.ID)
		b.OwnWords = h.Say("%s desk", b.OwnName)
		b.Ways = append(b.Ways, barLink{Address: "/desk/" + slug, Words: h.Say("Board"), Go: "KeyB"})
	}
	if len(h.House.Languages) > 0 {
		b.HouseLang = h.House.Languages[0]
	}
	b.Ways = append(b.Ways, barLink{Address: "/wires", Words: h.Say("Wires"), Go: "KeyW"}, barLink{Address: "/posted", Words: h.Say("Posted"), Go: "KeyP"}, barLink{Address: "/coverage", Words: h.Say("Coverage"), Go: "KeyC"})
	if b.Own != "" {
		b.Ways = append(b.Ways, barLink{Address: "/desk/" + b.Own + "/closing", Words: h.Say("Close the desk"), Key: "KeyX"})
		b.Menu = append(b.Menu, barLink{Address: "/desk/" + b.Own + "/away", Words: h.Say("While you were away"), Go: "KeyA"})
	}
	b.menu(who, h)
	b.clocks(who, h, at)
	for _, all := range [][]barLink{b.Ways, b.Menu} {
		for i := range all {
			all[i].Current = r.URL.Path == all[i].Address
		}
	}
	b.Sheets, b.Initials = keysIn(h), initials(who.Name)
}

// menu has the other boards, and what is needed less often.
func (b *topBar) menu(who newsroom.Who, h newsroom.HouseView) {
	for _, x := range h.Desks {
		if _, mine := who.Roles[x.ID]; mine && x.Settings.Slug != b.Own {
			b.Menu = append(b.Menu, barLink{Address: "/desk/" + x.Settings.Slug, Words: h.Say("Board of the %s desk", x.Name())})
		}
	}
	b.Menu = append(b.Menu, barLink{Address: "/paper", Words: h.Say("The paper: pages, people, running stories")}, barLink{Address: "/dry-run", Words: h.Say("Dry run of what leaves")})
	if who.Somewhere("see members") {
		b.Menu = append(b.Menu, barLink{Address: "/members", Words: h.Say("Members")})
	}
	if who.Somewhere("see the audit") {
		b.Menu = append(b.Menu, barLink{Address: "/audit", Words: h.Say("Who did what")})
	}
	if who.Admin {
		b.Menu = append(b.Menu, barLink{Address: "/settings", Words: h.Say("The house’s settings")})
	}
	b.Menu = append(b.Menu, barLink{Address: "/me", Words: h.Say("Your passkeys, sessions, tokens")})
}

// clocks are always in one order: the house's, other desks', and the own one last.
func (b *topBar) clocks(who newsroom.Who, h newsroom.HouseView, at story.DeskID) {
	face := func(x newsroom.DeskView, own bool) deskClock {
		c := clockOf(x, h.Now, own)
		if who.May("read", x.ID) {
			c.Address = "/desk/" + x.Settings.Slug
		}
		return c
	}
	for _, x := range h.Desks {
		if x.ID != at {
			b.Clocks = append(b.Clocks, face(x, false))
		}
	}
	if !slices.ContainsFunc(h.Desks, func(x newsroom.DeskView) bool { return x.Settings.Place.Zone == h.House.Seat.Zone }) {
		b.Clocks = slices.Insert(b.Clocks, 0, deskClock{City: h.City(), HM: clock.HM(h.Now, h.Zone), State: "house", Words: h.Say("the house")})
	}
	x, mine := h.Desk(string(at))
	if most := mostClocks - 1; len(b.Clocks) > most {
		b.MoreClocks = h.Say("%d more", len(b.Clocks)-most+1)
		b.Clocks = b.Clocks[:most-1]
	}
	if mine {
		b.Clocks = append(b.Clocks, face(x, true))
	}
}

// keySheet is a part of the sheet of keys.
type keySheet struct {
	Of    string // the kind of line that has them: the foot says them while one is chosen
	Title string
	Keys  []shortcut
}

// A shortcut is what is pressed, a space between two keys, and what that does.
type shortcut struct{ Pressed, Does string }

// Press are the keys one by one.
func (k shortcut) Press() []string { return strings.Fields(k.Pressed) }

var keySheets = []keySheet{
	{"", "Anywhere", []shortcut{{"Ctrl K", "find or do"}, {"?", "this sheet"}, {"g b", "board"}, {"g w", "wires"}, {"g p", "posted"}, {"g c", "coverage"}, {"g a", "while you were away"}, {"x", "close the desk"}, {"n", "new story"}, {"/", "filter this list"}, {"u", "undo the last thing"}, {"Esc", "leave a field, keep all"}}},
	{"", "Lists", []shortcut{{"j k", "down, up"}, {"h l", "column before, after"}, {"1 2", "wires, stories"}, {"Enter", "open it"}}},
	{"wire", "On a wire", []shortcut{{"t", "take: a new story"}}},
	{"story", "On a story", []shortcut{{"r", "ready, for a second pair of eyes"}, {"p", "to the publish strip"}, {"s", "say when"}, {"e", "edit"}, {"c", "correct"}, {"a", "add an update or an entry"}, {"v", "give to a desk"}}},
	{"", "In the text", []shortcut{{"\"", "selection is a quotation"}, {"Ctrl Enter", "publish, or ready where you may not"}, {"Ctrl S", "save"}, {"Alt S", "say when"}, {"Alt 1", "to what blocks; 2, 3 …"}, {"Alt P", "a picture"}, {"Alt C", "correct"}, {"Alt H", "revisions and history"}, {"Ctrl .", "the board"}, {"Alt M", "two texts: keep the first, or mine"}, {"Alt T", "keep the second, or theirs"}, {"Alt B", "keep both"}}},
	{"", "Correcting", []shortcut{{"Alt 1 2 3", "slip, correction, serious"}, {"Alt N", "the note"}, {"Ctrl Enter", "file the correction"}, {"Ctrl Shift Enter", "the same, as a material change"}}},
	{"closing", "Closing", []shortcut{{"s", "send before"}, {"v", "give"}, {"h", "hold"}, {"a", "accept all defaults"}}},
	{"", "Coverage", []shortcut{{"j k", "later, earlier"}, {"i", "calendar file"}}},
}

// keysIn is the sheet of keys in the language of a page.
func keysIn(h newsroom.HouseView) (all []keySheet) {
	for _, part := range keySheets {
		in := keySheet{Of: part.Of, Title: h.Say(part.Title)}
		for _, k := range part.Keys {
			in.Keys = append(in.Keys, shortcut{k.Pressed, h.Say(k.Does)})
		}
		all = append(all, in)
	}
	return all
}
