package newsroom

import (
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A LiveException is one that lasts now. Every screen of the newsroom says so, so that
// nobody of the desk learns of it later (PROMISES.md, I-26).
type LiveException struct {
	Desk           story.DeskID
	Article        story.ArticleID
	Headline       string
	Until          time.Time
	Asked, Granted string
}

// readExceptions reads the exceptions that last now.
func (r *Room) readExceptions(q *store.Query, h *HouseView) error {
	granted, err := q.ExceptionsSince(h.Now.Add(-maxException))
	if err != nil {
		return err
	}
	for _, e := range granted {
		x, err := record.Decode[record.Exception](e)
		if err != nil || !h.Now.Before(x.Until) {
			continue // over, or erased
		}
		a, _, err := q.Article(x.Article)
		if err != nil {
			return err
		}
		by, second, err := q.AskingOf(e.N, askGrant)
		if err != nil {
			return err
		}
		one := LiveException{Desk: x.Desk, Article: x.Article, Headline: a.Headline, Until: x.Until}
		if one.Asked, err = r.memberName(q, by); err != nil {
			return err
		}
		if one.Granted, err = r.memberName(q, second); err != nil {
			return err
		}
		h.Exceptions = append(h.Exceptions, one)
	}
	return nil
}
