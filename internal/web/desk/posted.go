package desk

import (
	"fmt"
	"net/http"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

type postedPage struct {
	frame
	Lines          []postedLine
	Earlier, Later string
}

type postedLine struct{ Address, Headline, Desk, Standing, When string }

var postedTemplate = newPage[postedPage]("posted.tmpl", "frame.tmpl")

// posted lists what the member's desks posted, the newest first, each with the time that
// stands on it.
func (d *desk) posted(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	page := max(0, atoi(r.URL.Query().Get("page")))
	rows, more, err := d.room.Posted(r.Context(), who, page)
	if err != nil {
		return err
	}
	p := postedPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Posted"))}
	for _, a := range rows {
		if x, ok := h.Desk(string(a.Desk)); ok {
			p.Lines = append(p.Lines, postedLineOf(a, x, h))
		}
	}
	if more {
		p.Earlier = fmt.Sprintf("/posted?page=%d", page+1)
	}
	if page > 0 {
		p.Later = fmt.Sprintf("/posted?page=%d", page-1)
	}
	return postedTemplate.Render(w, http.StatusOK, p)
}

func postedLineOf(a store.Article, x newsroom.DeskView, h newsroom.HouseView) postedLine {
	standing := h.Say(string(a.Standing))
	if a.Standing == story.Public {
		standing = ""
	}
	return postedLine{"/stories/" + string(a.ID), a.Headline, x.Name(), standing, clock.Day(a.PostedAt, x.Zone, x.Lang) + ", " + both(a.PostedAt, x, h)}
}
