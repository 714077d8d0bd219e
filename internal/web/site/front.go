package site

import (
	"slices"
	"time"
	"unicode/utf8"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var frontPage = ui.NewPage[frontPageData](own, "frame.tmpl", "cards.tmpl", "timeline.tmpl", "front.tmpl")

// frontPageData is the front page of a language.
type frontPageData struct {
	ui.Base
	Empty    string // said where nothing is posted yet
	Breaking *breakingLine
	Lead     *card
	Side     []card   // beside the lead's picture
	Columns  []column // the second tier
	Latest   []latestLine
	Running  *runningRail
	Clock    string // whose time the list is in
	Fixes    []latestLine
	FixesAll ui.Link
	NoneHere string
	Desks    []deskBox
	Parts    [][]column // what is left, by section, in columns of about the same height
	Labels   frontLabels
}

// breakingLine is a line of the editors' above all else.
type breakingLine struct{ Label, Words, Address string }

// runningRail is the running story that changed last, beside the news.
type runningRail struct {
	All, Link ui.Link
	Lines     []lineItem
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
	perDeskRead = 24 // so that most desks have something that stands nowhere above
	frontLook   = 4  // packages that are looked at for one of the page's language
	frontSteps  = 5  // of the running story
	briefs      = 2
	sidelinks   = 3
	manyBriefs  = 5 // under a section, on a day when so many stories are left:
	aFullDay    = 18
	longLead    = 80 // characters, from which on a lead is set smaller
)

func (s *site) front(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	front, err := v.view.Front(v.lang, frontCards)
	if err != nil {
		return err
	}
	p, err := v.drawFront(front, s.now())
	if err != nil {
		return err
	}
	return frontPage.Render(v.w, 200, p)
}

// drawFront reads what stands beside the stories of a front page, and lays all of it out.
func (v *visit) drawFront(front edition.FrontPage, now time.Time) (p frontPageData, err error) {
	fixes, err := v.standing(frontFixes)
	if err != nil {
		return p, err
	}
	running, err := v.runningNow()
	if err != nil {
		return p, err
	}
	newest, err := v.view.Latest(v.lang, linesOfNewest(front, fixes, running != nil))
	if err != nil {
		return p, err
	}
	desks := map[story.DeskID][]edition.Card{}
	for _, d := range v.moment.Desks {
		list, err := v.view.DeskCards(v.lang, d.Desk.ID, edition.Page{Limit: perDeskRead})
		if err != nil {
			return p, err
		}
		desks[d.Desk.ID] = list.Cards
	}
	p = v.layFront(front, newest, fixes, desks)
	p.Breaking = v.breaking(front.Breaking, now)
	p.Running = running
	shown := slices.Concat(newest, front.Cards())
	for _, list := range desks {
		shown = append(shown, list...)
	}
	if front.Lead != nil {
		v.shareCard(&p.Base, *front.Lead)
	}
	p.Follow = v.follow(nil, max(front.N, newestOf(shown)), channel("house", v.lang))
	return p, nil
}

// linesOfNewest is how long the list of the newest is: as long as what stands above, below and
// beside it lets it be.
func linesOfNewest(front edition.FrontPage, fixes []edition.Corrected, running bool) int {
	lines := frontLatest
	if len(fixes) == 0 {
		lines += 3
	}
	if !running {
		lines += 4
	}
	if front.Lead != nil && front.Lead.Picture == nil {
		lines -= 5
	}
	return lines
}

// runningNow is the running story that changed last in the page's language, nil for none.
func (v *visit) runningNow() (*runningRail, error) {
	all, err := v.view.Packages(frontLook)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		cards := asListed(x)
		if x.Lang != v.lang || x.Sort == "ordered" || len(cards) < 2 {
			continue
		}
		rail := &runningRail{All: ui.Link{Address: v.to("/running"), Words: ui.PieceWordsIn(v.lang).RunningStories}, Link: ui.Link{Address: v.runningAddress(x), Words: x.Title}}
		for i, c := range cards[:min(frontSteps, len(cards))] {
			l := v.lineOf(c, v.asOf(cards), "")
			l.Newest = i == 0
			rail.Lines = append(rail.Lines, l)
		}
		return rail, nil
	}
	return nil, nil
}

// breaking is the line above a front page, which stands until its end and not a moment longer.
func (v *visit) breaking(b *edition.Breaking, now time.Time) *breakingLine {
	switch {
	case b == nil:
		return nil
	case !now.Before(b.Until):
		v.within(b.Until, v.ends)
		return nil
	}
	v.within(v.begins, b.Until)
	return v.breakingLine(*b)
}

func (f frame) breakingLine(b edition.Breaking) *breakingLine {
	line := &breakingLine{Label: f.words.Breaking, Words: b.Words}
	if b.Card != nil {
		line.Address = f.addressOf(*b.Card)
	}
	return line
}

// layFront gives every story its place: the lead, three columns, the desks, the sections.
func (f frame) layFront(front edition.FrontPage, newest []edition.Card, fixes []edition.Corrected, desks map[story.DeskID][]edition.Card) frontPageData {
	w := f.words
	all := slices.Concat(newest, front.Cards())
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
	t := taking{rest: front.Rest, shown: map[story.ArticleID]bool{}}
	if front.Lead == nil {
		p.Empty = w.Nothing
	} else {
		t.shown[front.Lead.ID] = true
		lead := f.card(*front.Lead, asOf, true, sizesLead, true)
		lead.Long = utf8.RuneCountInString(lead.Headline) > longLead
		p.Lead = &lead
	}
	p.place(front, &t, draw, f.columns(), len(f.moment.Desks)*2)
	p.Desks = f.deskBoxes(desks, t.shown, draw, asOf)
	p.Parts = level(f.sectionColumns(t.rest, t.shown, draw))
	return p
}

// taking hands out stories that have no place yet, each once.
type taking struct {
	rest  []edition.Card
	shown map[story.ArticleID]bool
}

// from takes the next of those that editors placed, else the next of the rest.
func (t *taking) from(placed *[]edition.Card) (c edition.Card, ok bool) {
	list := placed
	if len(*list) == 0 {
		list = &t.rest
	}
	if len(*list) == 0 {
		return c, false
	}
	c, *list = (*list)[0], (*list)[1:]
	t.shown[c.ID] = true
	return c, true
}

// place fills the columns under the lead and the list beside it: by hand where editors said
// so, else by the rule. Desks keep spare stories for their own boxes.
func (p *frontPageData) place(front edition.FrontPage, t *taking, draw func(edition.Card, bool) card, columns, spare int) {
	second, hand := front.Second, front.Briefs
	for len(p.Columns) < columns {
		c, ok := t.from(&second)
		if !ok {
			break
		}
		col := column{First: draw(c, true)}
		for col.First.Picture == nil && len(col.Rest) < briefs && (len(t.rest) > 2 || len(hand) > 0) {
			c, _ := t.from(&hand)
			col.Rest = append(col.Rest, draw(c, false))
		}
		p.Columns = append(p.Columns, col)
	}
	t.rest = append(second, t.rest...) // where there are fewer columns now than when it was arranged
	if p.Lead == nil {
		return
	}
	for len(hand) > 0 || len(p.Side) < sidelinks && p.Lead.Picture != nil && len(t.rest)+len(p.Side) > spare {
		c, ok := t.from(&hand)
		if !ok {
			return
		}
		p.Side = append(p.Side, draw(c, true))
	}
}

// sectionColumns puts what is left under its sections, in the house's order.
func (f frame) sectionColumns(cards []edition.Card, shown map[story.ArticleID]bool, draw func(edition.Card, bool) card) (out []column) {
	left := 0
	for _, c := range cards {
		if !shown[c.ID] {
			left++
		}
	}
	for _, s := range f.house().Sections {
		var col *column
		for _, c := range cards {
			switch {
			case c.Section != s.ID || shown[c.ID]:
			case col == nil:
				col = &column{Label: ui.Link{Address: f.to("/s/" + s.ID), Words: f.in(s.Names)}, First: draw(c, false)}
			case len(col.Rest) < briefs || len(col.Rest) < manyBriefs && left > aFullDay:
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
		h += 12
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
