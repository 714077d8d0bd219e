package app

import (
	"context"
	"net/http"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/web/desk"
	"dateline/internal/web/site"
)

// paper is the readers' side of front pages, for the newsroom's forms: this node's edition
// and the site's own page function.
type paper struct{ n *node }

var _ desk.Paper = paper{}

func (p paper) Newest(ctx context.Context, lang string, limit int) (all []desk.PaperStory, err error) {
	err = p.n.edition.View(ctx, func(v *edition.View) error {
		cards, err := v.Latest(lang, limit)
		for _, c := range cards {
			all = append(all, desk.PaperStory{ID: c.ID, Headline: c.Headline, Posted: c.Posted, Pictured: c.Picture != nil})
		}
		return err
	})
	return all, err
}

func (p paper) Front(w http.ResponseWriter, r *http.Request, wish desk.PaperWish) error {
	return site.PreviewFront(r.Context(), w, p.n.edition, p.n.db.Now(), site.FrontWish(wish))
}

func (p paper) Sheet(l *record.Look, address string) ([]byte, bool) {
	return site.LookSheet(l, address)
}
