package newsroom

import (
	"context"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// LiveView is a live page as its own screen shows it.
type LiveView struct {
	StoryView
	Live    story.LivePage
	Summary string     // once it is closed
	Entries []LiveLine // newest first, a part of them
	More    bool       // there are older ones
}

// LiveLine is one public entry of a live page.
type LiveLine struct {
	ID      string
	Desk    story.DeskID // that added it
	N       int64        // its newest entry of the record
	Posted  time.Time
	Changed time.Time // by its newest edit, zero for none
	Removed time.Time
	Content record.Live     // its newest words, none once removed
	Story   story.ArticleID // that was broken out of it, "" for none
	Known   bool            // readers know that story
}

// LivePage reads a live page for a member; part counts from 0, size entries each.
func (r *Room) LivePage(ctx context.Context, who Who, id story.ArticleID, part, size int) (v LiveView, err error) {
	if v.StoryView, err = r.Story(ctx, who, id); err != nil {
		return v, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		if v.Live, err = livePageOf(q, id); err != nil {
			return err
		}
		all, err := q.LiveOf(id)
		if err != nil {
			return err
		}
		if v.Summary, v.Entries, err = liveLines(all); err != nil {
			return err
		}
		v.Entries = v.Entries[min(part*size, len(v.Entries)):]
		if v.More = len(v.Entries) > size; v.More {
			v.Entries = v.Entries[:size]
		}
		return readBreakOuts(q, id, v.Entries)
	})
	return v, err
}

// liveLines are the entries of a page as the record tells them, the newest first.
func liveLines(all []record.Entry) (summary string, lines []LiveLine, err error) {
	for _, e := range all {
		if !e.Readable() {
			continue
		}
		c, err := record.Decode[record.Live](e)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(lines, func(l LiveLine) bool { return l.ID == e.Part })
		switch {
		case e.Part == "":
			summary = c.Summary
		case i < 0:
			lines = append(lines, LiveLine{ID: e.Part, Desk: e.Desk, N: e.N, Posted: e.At, Content: c})
		case c.Does == record.LiveRemoves:
			lines[i].N, lines[i].Removed, lines[i].Content = e.N, e.At, record.Live{}
		default:
			lines[i].N, lines[i].Changed, lines[i].Content = e.N, e.At, c
		}
	}
	slices.Reverse(lines)
	return summary, lines, nil
}

func readBreakOuts(q *store.Query, page story.ArticleID, lines []LiveLine) (err error) {
	for i := range lines {
		l := &lines[i]
		if l.Story, err = breakOutOf(q, page, l.ID); err != nil || l.Story == "" {
			continue
		}
		known, err := publicBreakOut(q, page, l.ID)
		if err != nil {
			return err
		}
		l.Known = known != ""
	}
	return err
}

// LiveWordsOf is what a live entry says to readers now.
func (r *Room) LiveWordsOf(ctx context.Context, who Who, page story.ArticleID, entry string) (c record.Live, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		a, found, err := q.Article(page)
		if err != nil || !found {
			return joinUnknown(err, "There is no such story.")
		}
		if err := who.must("read", a.Desk); err != nil {
			return err
		}
		e, found, err := q.NewestLive(page, entry)
		if err != nil || !found || entry == "" || !e.Readable() {
			return joinUnknown(err, "There is no such live entry.")
		}
		c, err = record.Decode[record.Live](e)
		return err
	})
	return c, err
}
