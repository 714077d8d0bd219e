package desk

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

type postedPage struct {
	frame
	Lines []postedLine
}

type postedLine struct {
	Address, Headline, Dir, Desk, Standing, When string
	at                                           time.Time
}

var postedTemplate = ui.NewPage[postedPage](files, "posted.tmpl", "frame.tmpl")

// posted lists what the member's desks posted, the newest first, each with the time that
// stands on it.
func (d *desk) posted(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := postedPage{frame: d.frame(r, who, h, own(who, h).ID, "Posted")}
	for _, x := range h.Desks {
		if !who.May("read", x.ID) || len(who.Roles[x.ID]) == 0 {
			continue
		}
		b, err := d.room.Board(r.Context(), who, x.ID, 0)
		if err != nil {
			return err
		}
		for _, s := range b.Stories {
			if !s.PostedAt.IsZero() {
				p.Lines = append(p.Lines, postedLineOf(s, x, h))
			}
		}
	}
	slices.SortFunc(p.Lines, func(a, b postedLine) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.Address, b.Address)) })
	return postedTemplate.Render(w, http.StatusOK, p)
}

func postedLineOf(s newsroom.StoryRow, x newsroom.DeskView, h newsroom.HouseView) postedLine {
	standing := string(s.Standing)
	if s.Standing == story.Public {
		standing = ""
	}
	return postedLine{"/stories/" + string(s.ID), s.Headline, story.Direction(s.Lang), x.Settings.Names.In("en"), standing, clock.Day(s.PostedAt, x.Zone, "en") + ", " + both(s.PostedAt, x, h), s.PostedAt}
}
