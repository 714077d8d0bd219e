package newsroom

import (
	"slices"

	"dateline/internal/store"
	"dateline/internal/story"
)

// A live page that is still open is a line of its desk's closing: it is closed before the
// rest, given to another of its desks, or stays open and silent.

// openLive lists the live pages of a desk that are open.
func openLive(q *store.Query, desk story.DeskID) (all []store.Article, err error) {
	pages, err := q.LivePagesOf(desk)
	if err != nil {
		return nil, err
	}
	for _, a := range pages {
		page, err := livePageOf(q, a.ID)
		if err != nil {
			return nil, err
		}
		if page.State == story.LiveOpen {
			all = append(all, a)
		}
	}
	return all, nil
}

// liveLinesOf adds the open live pages to what a desk holds.
func (r *Room) liveLinesOf(q *store.Query, h HouseView, d DeskView, lines []HeldLine) ([]HeldLine, error) {
	pages, err := openLive(q, d.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range pages {
		i := slices.IndexFunc(lines, func(l HeldLine) bool { return l.Subject == string(a.ID) })
		if i < 0 {
			l := HeldLine{Subject: string(a.ID), Unchanged: true}
			if l.StoryRow, err = r.storyRow(q, a, h); err != nil {
				return nil, err
			}
			if l.Acts, err = r.openActs(q, l.Subject, h.Now); err != nil {
				return nil, err
			}
			lines, i = append(lines, l), len(lines)
		}
		lines[i].Live = true
	}
	return lines, nil
}

// closeLivePage files that a live page ends before the rest, unless that is filed already.
func (r *Room) closeLivePage(tx *store.Tx, who Who, l HeldLine) error {
	if slices.ContainsFunc(l.Acts, func(a ActView) bool { return a.What == story.CloseLive }) {
		return nil
	}
	_, err := r.fileLive(tx, who, LiveWish{Page: l.ID, What: story.CloseLive, Desk: l.Desk, Base: -1})
	return err
}

// mayReceive refuses to give an open live page to a desk that is none of its own: that desk
// could not say a word on it.
func mayReceive(q *store.Query, subject string, to story.DeskID) error {
	if !story.ValidID(subject, story.ArticleIDLength) {
		return nil
	}
	page, err := livePageOf(q, story.ArticleID(subject))
	if err != nil || page.State != story.LiveOpen || slices.Contains(page.Desks, to) {
		return err
	}
	return story.Refuse(story.Conflict, "This page is live, and that desk is none of its desks. Close the page first, or give it to one of them.")
}
