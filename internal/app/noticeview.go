package app

import (
	"time"

	"dateline/internal/edition"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// noticeAt is what readers of a desk's pages would read at an instant, by the edition's own
// wording of the moment.
func noticeAt(h newsroom.HouseView, desk story.DeskID, at time.Time, lang string) string {
	var page *edition.Desk
	var desks []edition.Desk
	for _, d := range h.Desks {
		desks = append(desks, edition.Desk{ID: d.ID, N: d.N, Desk: d.Content, Zone: d.Zone, Hours: d.Hours})
		if d.ID == desk {
			page = &desks[len(desks)-1]
		}
	}
	m := edition.MomentAt(edition.House{House: h.House, N: h.N, Zone: h.Zone}, desks, at)
	return edition.Notice(m, page, lang).String()
}
