package newsroom

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// OnChange has fn hear what each committed verb touched, whoever did it: on PostgreSQL also
// in another process. fn is not to wait for anything.
func (r *Room) OnChange(fn func([]store.Change)) { r.db.OnChange(fn) }

// Now is the house's time, for what is counted beside the store.
func (r *Room) Now() time.Time { return r.db.Now() }

// Stamp is another one after each save: by it an open page tells whether it shows the
// newest text. It does not count by the clock, which may be set back.
func (v StoryView) Stamp() string { return stampOf(v.Parts, len(v.Clashes)) }

func stampOf(parts map[string]store.Part, clashes int) string {
	saves := 0
	for _, p := range parts {
		saves += p.Version
	}
	return fmt.Sprintf("%d.%d", saves, clashes)
}

// A LastSave is the newest save of a story's text.
type LastSave struct {
	Desk  story.DeskID // of the story
	Stamp string       // StoryView.Stamp
	By    int64
	Name  string
	At    time.Time
}

// LastSaveOf tells of the newest save of a text: also one that found a newer text there, and
// left both.
func (r *Room) LastSaveOf(ctx context.Context, who Who, id story.ArticleID) (s LastSave, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		a, found, err := q.Article(id)
		if err != nil || !found {
			return joinUnknown(err, "There is no such story.")
		}
		if err := who.must("read", a.Desk); err != nil {
			return err
		}
		parts, err := working(q, id)
		if err != nil {
			return err
		}
		clashes, err := q.Clashes(id)
		if err != nil {
			return err
		}
		s = LastSave{Desk: a.Desk, Stamp: stampOf(parts, len(clashes)), By: a.MadeBy, At: a.MadeAt}
		if len(parts) > 0 {
			p := slices.MaxFunc(slices.Collect(maps.Values(parts)), bySave)
			s.By, s.At = p.By, p.At
		}
		for _, c := range clashes {
			if !c.At.Before(s.At) {
				s.By, s.At = c.By, c.At
			}
		}
		s.Name, err = r.memberName(q, s.By)
		return err
	})
	return s, err
}
