package site

import (
	"strconv"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var runningPage = ui.NewPage[runningPageData](own, "frame.tmpl", "cards.tmpl", "timeline.tmpl", "running.tmpl")

// runningPageData is a running story, or an ordered set of reports.
type runningPageData struct {
	ui.Base
	Kicker, Heading, Note string
	Count, Since          string
	Members               []memberCard
	Others                []card // other running stories
	OthersWord            string
	Pager                 pager
}

type memberCard struct {
	card
	Place string // "2 of 5", where order counts
}

var runningStoriesPage = ui.NewPage[runningStoriesData](own, "frame.tmpl", "cards.tmpl", "timeline.tmpl", "runningstories.tmpl")

// runningStoriesData lists the running stories of the house in a language.
type runningStoriesData struct {
	ui.Base
	Heading, Empty string
	Stories        []runningOne
}

type runningOne struct {
	Kicker, Count, Note string
	Link                ui.Link
	Lines               []lineItem
}

// Limits of these pages.
const (
	membersPerPage = 50
	maxRunning     = 40
	newestLines    = 4
)

func (s *site) running(v *visit) error {
	id, err := idAtEnd(v.r.PathValue("package"))
	if err != nil {
		return err
	}
	p, ok, err := v.view.Package(id)
	if err != nil || !ok {
		return orUnknown(err)
	}
	if p.Standing != story.Public {
		return v.takenPiece(p.Piece)
	}
	if to := v.runningAddress(p); to != v.r.URL.Path {
		return v.moved(to)
	}
	n, done, err := v.pageNumber()
	if done || err != nil {
		return err
	}
	cards := asListed(p)
	from := (n - 1) * membersPerPage
	if len(cards) == 0 || from >= len(cards) {
		return errUnknown
	}
	others, err := v.view.Packages(maxRunning)
	if err != nil {
		return err
	}
	page := v.layRunning(p, cards, from)
	for _, o := range others {
		if o.ID != p.ID && o.Lang == v.lang && len(page.Others) < alsoLimit {
			newest := asListed(o)[0]
			c := v.card(newest, page.asOf, false, sizesColumn, false).plain()
			c.Address, c.Headline = v.runningAddress(o), o.Title
			page.Others = append(page.Others, c)
		}
	}
	return runningPage.Render(v.w, 200, page.runningPageData)
}

func orUnknown(err error) error {
	if err == nil {
		return errUnknown
	}
	return err
}

// pageNumber reads ?page=, from 1.
func (v *visit) pageNumber() (n int, done bool, err error) {
	if done, err := v.strict("page"); done || err != nil {
		return 0, done, err
	}
	text := v.r.URL.Query().Get("page")
	if text == "" {
		return 1, false, nil
	}
	at, err := number(text)
	if err != nil || at < 2 || at > 100_000 {
		return 0, true, errUnknown
	}
	return int(at), false, nil
}

// pages leads to the parts of a list before and after the one from an index on.
func (f frame) pages(path string, from, per int, more bool) pager {
	p := pager{Name: f.words.MoreNews}
	n := from/per + 1
	address := func(n int) string {
		if n == 1 {
			return f.to(path)
		}
		return f.to(path) + "?page=" + strconv.Itoa(n)
	}
	if n > 1 {
		p.Later = ui.Link{Address: address(n - 1), Words: f.words.Later}
	}
	if more {
		p.Earlier = ui.Link{Address: address(n + 1), Words: f.words.Earlier}
	}
	return p
}

func (f frame) layRunning(p edition.Package, cards []edition.Card, from int) (out laidRunning) {
	w := ui.PieceWordsIn(f.lang)
	out.asOf = f.asOf(cards)
	out.Kicker, out.Heading, out.Note, out.OthersWord = w.RunningStory, p.Title, p.Package.Note, w.OtherStories
	if p.Sort == "ordered" {
		out.Kicker = w.InOrder
	}
	first := cards[0]
	for _, c := range cards {
		if c.Posted.Before(first.Posted) {
			first = c
		}
	}
	out.Count = w.Reports(len(cards))
	out.Since = w.Since(clock.LongDay(first.Posted, f.deskSeat(first.Desk).Zone, f.lang))
	path := "/running/" + p.Slug + "-" + p.ID
	to := min(from+membersPerPage, len(cards))
	for i, c := range cards[from:to] {
		m := memberCard{card: f.card(c, out.asOf, false, sizesColumn, i == 0)}
		if p.Sort == "ordered" {
			m.Place = w.Of(from+i+1, len(cards))
		}
		out.Members = append(out.Members, m)
	}
	out.Pager = f.pages(path, from, membersPerPage, to < len(cards))
	out.Base = f.base(page{title: p.Title, about: p.Package.Note, timed: out.asOf, what: f.words.AsOf, path: path, feeds: path})
	out.Follow = f.follow(nil, max(p.N, newestOf(cards)), channel("house", f.lang), channel("running", p.ID))
	return out
}

type laidRunning struct {
	runningPageData
	asOf time.Time
}

func (s *site) runningStories(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	w := ui.PieceWordsIn(v.lang)
	all, err := v.view.Packages(maxRunning)
	if err != nil {
		return err
	}
	p := runningStoriesData{Heading: w.RunningStories}
	timed := v.asOf(nil)
	for _, x := range all {
		if x.Lang != v.lang {
			continue
		}
		cards := asListed(x)
		if at := v.asOf(cards); at.After(timed) {
			timed = at
		}
		one := runningOne{Kicker: w.RunningStory, Count: w.Reports(len(cards)), Note: x.Package.Note, Link: ui.Link{Address: v.runningAddress(x), Words: x.Title}}
		if x.Sort == "ordered" {
			one.Kicker = w.InOrder
		}
		for _, c := range cards[:min(newestLines, len(cards))] {
			one.Lines = append(one.Lines, v.lineOf(c, timed, ""))
		}
		p.Stories = append(p.Stories, one)
	}
	if len(p.Stories) == 0 {
		p.Empty = w.NoRunning
	}
	p.Base = v.base(page{title: p.Heading, timed: timed, what: v.words.AsOf, path: "/running", every: true})
	return runningStoriesPage.Render(v.w, 200, p)
}
