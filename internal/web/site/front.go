package site

import (
	"slices"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var frontPage = ui.NewPage[frontPageData](own, "frame.tmpl", "cards.tmpl", "front.tmpl")

// frontPageData is the front page of a language.
type frontPageData struct {
	ui.Base
	Empty    string // said where nothing is posted yet
	Lead     *card
	Side     []card   // beside the lead's picture
	Columns  []column // the second tier
	Latest   []latestLine
	Clock    string // whose time the list is in
	Fixes    []latestLine
	FixesAll ui.Link
	NoneHere string
	Desks    []deskBox
	Parts    [][]column // what is left, by section, in columns of about the same height
	Labels   frontLabels
}

type frontLabels struct{ Latest, More, Desks string }

// column is one story with its picture, or a story and briefs: neighbours end level.
type column struct {
	Label ui.Link
	First card
	Rest  []card
}

// deskBox is a desk on the front page: its clock, what it does until when, and its newest.
type deskBox struct {
	ID, Name, Address string
	Dial              ui.Dial
	Mark, State       string
	Cards             []card
}

// Sizes of the front page.
const (
	frontCards  = 40
	frontLatest = 8
	frontFixes  = 3
	perDesk     = 3
	briefs      = 2
)

func (s *site) front(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	cards, err := v.view.Front(v.lang, frontCards)
	if err != nil {
		return err
	}
	newest, err := v.view.Latest(v.lang, frontLatest)
	if err != nil {
		return err
	}
	fixes, err := v.standing(frontFixes)
	if err != nil {
		return err
	}
	desks := map[story.DeskID][]edition.Card{}
	for _, d := range v.moment.Desks {
		list, err := v.view.DeskCards(v.lang, d.Desk.ID, edition.Page{Limit: frontLatest})
		if err != nil {
			return err
		}
		desks[d.Desk.ID] = list.Cards
	}
	p := v.layFront(cards, newest, fixes, desks)
	shown := slices.Concat(newest, cards)
	for _, list := range desks {
		shown = append(shown, list...)
	}
	if len(cards) > 0 {
		v.sharePicture(&p.Base, cards[0].Picture)
	}
	arranged, err := v.view.FrontEntry(v.lang)
	if err != nil {
		return err
	}
	p.Follow = v.follow(nil, max(arranged, newestOf(shown)), channel("house", v.lang))
	return frontPage.Render(v.w, 200, p)
}

// layFront gives every story its place: the lead, three columns, the desks, the sections.
func (f frame) layFront(cards []edition.Card, newest []edition.Card, fixes []edition.Corrected, desks map[story.DeskID][]edition.Card) frontPageData {
	w := f.words
	all := slices.Concat(newest, cards)
	for _, list := range desks {
		all = append(all, list...)
	}
	asOf := f.asOf(all)
	p := frontPageData{
		Latest: f.lines(newest), Clock: w.Say(w.ClockOf, f.seat().City), Fixes: f.fixLines(fixes),
		FixesAll: ui.Link{Address: f.to("/corrections"), Words: w.Corrections}, NoneHere: w.NothingHere,
		Labels: frontLabels{Latest: w.Latest, More: w.MoreNews, Desks: w.FromTheDesks},
		Base:   f.base(page{title: w.FrontPage, timed: asOf, what: w.FrontAsOf, path: "/", every: true, front: true, feed: true}),
	}
	draw := func(c edition.Card, kicker bool) card { return f.card(c, asOf, kicker, sizesColumn, false) }
	shown := map[story.ArticleID]bool{}
	take := func() (c edition.Card) {
		c, cards = cards[0], cards[1:]
		shown[c.ID] = true
		return c
	}
	if len(cards) == 0 {
		p.Empty = w.Nothing
	} else {
		lead := f.card(take(), asOf, true, sizesLead, true)
		p.Lead = &lead
	}
	for len(p.Columns) < 3 && len(cards) > 0 {
		col := column{First: draw(take(), true)}
		for col.First.Picture == nil && len(col.Rest) < briefs && len(cards) > 2 {
			col.Rest = append(col.Rest, draw(take(), false))
		}
		p.Columns = append(p.Columns, col)
	}
	if p.Lead != nil && p.Lead.Picture != nil && len(cards) > len(f.moment.Desks)*2 {
		for range 3 {
			p.Side = append(p.Side, draw(take(), true))
		}
	}
	if len(newest) > 0 {
		p.Desks = f.deskBoxes(desks, shown, draw, asOf)
	}
	p.Parts = level(f.sectionColumns(cards, shown, draw))
	return p
}

// sectionColumns puts what is left under its sections, in the house's order.
func (f frame) sectionColumns(cards []edition.Card, shown map[story.ArticleID]bool, draw func(edition.Card, bool) card) (out []column) {
	for _, s := range f.house().Sections {
		var col *column
		for _, c := range cards {
			switch {
			case c.Section != s.ID || shown[c.ID]:
			case col == nil:
				col = &column{Label: ui.Link{Address: f.to("/s/" + s.ID), Words: f.in(s.Names)}, First: draw(c, false)}
			case len(col.Rest) < briefs:
				col.Rest = append(col.Rest, draw(c, false))
			}
		}
		if col != nil {
			out = append(out, *col)
		}
	}
	return out
}

// height is about how tall a column stands, in lines of text.
func (c column) height() int {
	h := 7 + 4*len(c.Rest)
	if c.First.Picture != nil {
		h += 9
	}
	return h
}

// level deals sections out to three columns, the tallest first and each to the shortest
// so far, so that neighbours end about level. Within a column the house's order stays.
func level(sections []column) [][]column {
	n := min(3, len(sections))
	order := make([]int, len(sections))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sections[b].height() - sections[a].height() })
	places, heights := make([][]int, n), make([]int, n)
	for _, i := range order {
		short := slices.Index(heights, slices.Min(heights))
		places[short] = append(places[short], i)
		heights[short] += sections[i].height()
	}
	out := make([][]column, n)
	for c, place := range places {
		slices.Sort(place)
		for _, i := range place {
			out[c] = append(out[c], sections[i])
		}
	}
	return out
}
