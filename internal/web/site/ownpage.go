package site

import (
	"fmt"
	"slices"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var ownPageTemplate = ui.NewPage[ownPageData](own, "frame.tmpl", "ownpage.tmpl")

// ownPageData is a page that is no article: about the house, how to reach it.
type ownPageData struct {
	ui.Base
	Heading string
	Body    []ui.Block
	Changed string
}

// ownPage draws the page that has a slug, if there is one: done says so.
func (v *visit) ownPage(slug string) (done bool, err error) {
	p, ok, err := v.view.OwnPage(v.lang, slug)
	if err != nil || !ok {
		return false, err
	}
	if done, err := v.strict(); done || err != nil {
		return true, err
	}
	if p.Standing != story.Public {
		return true, v.takenPiece(p.Piece)
	}
	tongues, err := v.view.PageTongues(slug)
	if err != nil {
		return true, err
	}
	return true, ownPageTemplate.Render(v.w, 200, v.layOwn(p, tongues))
}

func (f frame) layOwn(p edition.OwnPage, tongues []string) ownPageData {
	w, seat := ui.PieceWordsIn(f.lang), f.seat()
	timed := f.asOf(nil)
	if p.At.After(timed) {
		timed = p.At
	}
	everywhere := !slices.ContainsFunc(f.house().Languages, func(l string) bool { return !slices.Contains(tongues, l) })
	return ownPageData{
		Heading: p.Title, Body: ui.Doc(story.Text{Lang: p.Lang, Doc: p.Doc}, ui.DocView{Lang: f.lang, House: seat}),
		Changed: fmt.Sprintf(w.LastChanged, clock.LongDay(p.At, seat.Zone, f.lang), clock.HM(p.At, seat.Zone)+" "+seat.City),
		Base:    f.base(page{title: p.Title, timed: timed, what: f.words.AsOf, path: "/" + p.Slug, every: everywhere}),
	}
}
