package site

import (
	"strconv"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var listPage = ui.NewPage[listPageData](own, "frame.tmpl", "cards.tmpl", "list.tmpl")

// listPageData is the page of a section or of a desk.
type listPageData struct {
	ui.Base
	Heading string
	Dial    *ui.Dial // of a desk
	Mark    string
	State   string
	Note    string // a desk's observance in words
	Lead    *card
	Cards   []card
	Empty   string
	Pager   pager
}

// pager leads to the parts of a list before and after this one.
type pager struct {
	Name           string // for screen readers: a page has several navigations
	Later, Earlier ui.Link
}

const listLimit = 20

func (s *site) section(v *visit) error {
	id := v.r.PathValue("section")
	name, ok := v.sectionName(id)
	if !ok {
		return errUnknown
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	list, err := v.view.Section(v.lang, id, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	p, timed := v.layList(list, before, "/s/"+id, false)
	p.Heading = name
	p.Base = v.base(page{title: name, timed: timed, what: v.words.AsOf, path: "/s/" + id, every: true, feed: true, feeds: "/s/" + id})
	p.Follow = v.follow(nil, newestOf(list.Cards), channel("section", v.lang, id))
	return listPage.Render(v.w, 200, p)
}

func (s *site) desk(v *visit) error {
	state, ok := v.deskBySlug(v.r.PathValue("desk"))
	if !ok {
		return errUnknown
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	d := state.Desk
	list, err := v.view.DeskCards(v.lang, d.ID, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	p := v.layDesk(state, list, before)
	p.Follow = v.follow(&d, newestOf(list.Cards), channel("desk", v.lang, string(d.ID)))
	return listPage.Render(v.w, 200, p)
}

// layDesk lays out part of what a desk posted.
func (f frame) layDesk(state edition.DeskState, list edition.List, before int64) listPageData {
	d := state.Desk
	path := "/desk/" + d.Slug
	p, timed := f.layList(list, before, path, true)
	p.Heading = f.words.Say(f.words.DeskOf, f.in(d.Names))
	dial := ui.DialAt(timed, d.Zone)
	p.Dial, p.Note = &dial, f.in(d.Observance)
	p.Mark, p.State = f.state(state)
	p.Base = f.base(page{title: p.Heading, timed: timed, what: f.words.AsOf, desk: &d, path: path, every: true, feed: true, feeds: path})
	return p
}

func (f frame) deskBySlug(slug string) (edition.DeskState, bool) {
	for _, s := range f.moment.Desks {
		if s.Desk.Slug == slug {
			return s, true
		}
	}
	return edition.DeskState{}, false
}

// layList lays a part of a list out; the first story of the first part is larger.
func (f frame) layList(list edition.List, before int64, path string, kickers bool) (p listPageData, timed time.Time) {
	timed = f.asOf(list.Cards)
	for i, c := range list.Cards {
		if i == 0 && before == 0 {
			lead := f.card(c, timed, kickers, sizesLead, true)
			p.Lead = &lead
			continue
		}
		p.Cards = append(p.Cards, f.card(c, timed, kickers, sizesColumn, false))
	}
	if len(list.Cards) == 0 {
		p.Empty = f.words.NothingHere
	}
	p.Pager = f.pager(path, before, list.Next)
	return p, timed
}

func (f frame) pager(path string, before, next int64) pager {
	p := pager{Name: f.words.MoreNews}
	if before != 0 {
		p.Later = ui.Link{Address: f.to(path), Words: f.words.Newest}
	}
	if next != 0 {
		p.Earlier = ui.Link{Address: f.to(path) + "?before=" + strconv.FormatInt(next, 10), Words: f.words.Earlier}
	}
	return p
}

// deskBoxes are the desks of the front page, each with its newest stories that stand
// nowhere else on it, or else its newest.
func (f frame) deskBoxes(desks map[story.DeskID][]edition.Card, shown map[story.ArticleID]bool, draw func(edition.Card, bool) card, asOf time.Time) (out []deskBox) {
	for _, s := range f.moment.Desks {
		if s.Desk.Closed {
			continue
		}
		box := deskBox{
			ID: s.Desk.Slug, Name: f.words.Say(f.words.DeskOf, f.in(s.Desk.Names)),
			Address: f.to("/desk/" + s.Desk.Slug), Dial: ui.DialAt(asOf, s.Desk.Zone),
		}
		box.Mark, box.State = f.state(s)
		add := func(unseen bool) {
			for _, c := range desks[s.Desk.ID] {
				if len(box.Cards) < perDesk && shown[c.ID] != unseen {
					shown[c.ID] = true
					box.Cards = append(box.Cards, draw(c, false).plain())
				}
			}
		}
		add(true)
		if len(box.Cards) == 0 {
			add(false)
		}
		out = append(out, box)
	}
	return out
}
