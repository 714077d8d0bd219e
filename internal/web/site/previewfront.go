package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/web/ui"
)

// A FrontWish is a front page that is not there yet, for whoever is to look at it first.
type FrontWish struct {
	Lang     string
	Dressed  bool // look and masthead are those below, and not the house's
	Look     *record.Look
	Masthead record.Words
	Front    *record.Front               // nil: as readers see it now
	Sheet    func(address string) string // where the listener that asks has a style sheet
}

// PreviewFront draws a front page with the site's own page function, from the edition.
func PreviewFront(ctx context.Context, w http.ResponseWriter, e *edition.Edition, now time.Time, wish FrontWish) error {
	answer := hold()
	err := e.View(ctx, func(view *edition.View) error {
		house, ok, err := view.House()
		if err != nil || !ok {
			return joinUnknown(err)
		}
		if wish.Dressed {
			house.Look, house.Masthead = wish.Look, wish.Masthead
		}
		desks, err := view.Desks(house)
		if err != nil {
			return err
		}
		lang := house.Lang(wish.Lang)
		v := &visit{w: answer, view: view, path: "/", frame: frame{moment: edition.MomentAt(house, desks, now), quarter: now.Truncate(quarterHour), lang: lang, words: ui.WordsIn(lang), pictures: ui.PictureAddress}}
		front, err := v.wished(wish.Front)
		if err != nil {
			return err
		}
		p, err := v.drawFront(front, now)
		if err != nil {
			return err
		}
		p.unpublish()
		if strings.HasPrefix(p.Look.Sheet, "/look/") {
			p.Look.Sheet = wish.Sheet(p.Look.Sheet)
		}
		return frontPage.Render(answer, http.StatusOK, p)
	})
	if err != nil {
		return err
	}
	return answer.send(w)
}

func (v *visit) wished(f *record.Front) (edition.FrontPage, error) {
	if f == nil {
		return v.view.Front(v.lang, frontCards)
	}
	return v.view.FrontOf(v.lang, *f, frontCards)
}

// unpublish takes from a page what leads to it, and what follows it.
func (p *frontPageData) unpublish() {
	p.NoIndex, p.Canonical, p.Manifest, p.Feeds, p.Share, p.Follow = true, "", "", nil, nil, nil
	p.Look.Script = ""
	p.Look.Icon, p.Look.Touch = files.Path("icon.svg"), ""
}

// LookSheet is the style sheet of a look, if it is the one at that address.
func LookSheet(l *record.Look, address string) ([]byte, bool) {
	d := dressOf(edition.House{House: record.House{Look: l}})
	return d.body, d.body != nil && d.sheet == address
}
