package app

import (
	"net/http"

	"dateline/internal/edition"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// preview draws the public page of a working text with the site's own page function, from
// the edition's own projection: what an editor sees is what readers would.
func (n *node) preview(w http.ResponseWriter, r *http.Request, v newsroom.StoryView) error {
	house := edition.House{House: v.House, N: v.N, Zone: v.Zone}
	var desks []edition.Desk
	for _, d := range v.Desks {
		desks = append(desks, edition.Desk{ID: d.ID, N: d.N, Desk: d.Content, Zone: d.Zone, Hours: d.Hours})
	}
	text, err := n.room.Finished(r.Context(), v)
	if err != nil {
		return err
	}
	a := edition.Project(v.Article.ID, v.Article.Desk, record.Article{Text: text, Direction: story.Direction(text.Lang), Change: record.Posted, Material: true}, v.Now)
	return site.Preview(w, house, desks, a, v.Now)
}
