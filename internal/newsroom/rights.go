package newsroom

import (
	"context"
	"fmt"
	"time"

	"dateline/internal/clock"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Rights are from when and until when a picture may be published: instants, and the civil
// days at a desk that they stand for. A zero instant, an empty day, has no bound.
type Rights struct {
	From, Until time.Time
	First, Last string // YYYY-MM-DD: the first and the last day
}

func rightsAt(p store.Picture, zone *time.Location) Rights {
	r := Rights{From: p.From, Until: p.Until}
	if !p.From.IsZero() {
		r.First = clock.Date(p.From, zone)
	}
	if !p.Until.IsZero() {
		r.Last = clock.Date(p.Until.Add(-time.Microsecond), zone)
	}
	return r
}

// A RightsWish bounds the rights of a picture of a story by days at the story's desk.
type RightsWish struct {
	Key         string
	Article     story.ArticleID
	Picture     string
	First, Last string       // YYYY-MM-DD, both included; "" has no bound
	Seen        [2]time.Time // the bounds that the wish changes
}

// SetRights says from when and until when a picture may be published. The gate asks it at
// the instant of each posting; what is public already stays until it is taken back.
func (r *Room) SetRights(ctx context.Context, who Who, w RightsWish) error {
	_, err := do(ctx, r, who, "rights", w.Key, w, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(w.Article)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("rights", a.Desk); err != nil {
			return false, err
		}
		parts, err := working(&tx.Query, a.ID)
		if err != nil {
			return false, err
		}
		p, found, err := tx.Picture(w.Picture)
		if _, ofStory := parts[story.PicturePart(w.Picture)]; err != nil || !found || !ofStory {
			return false, joinUnknown(err, "There is no such picture in this story.")
		}
		return true, r.setRights(tx, who, a, p, w)
	})
	return err
}

func (r *Room) setRights(tx *store.Tx, who Who, a store.Article, p store.Picture, w RightsWish) error {
	zone, err := r.deskZone(&tx.Query, a.Desk)
	if err != nil {
		return err
	}
	from, until, err := boundsOf(w, rightsAt(p, zone), zone)
	switch {
	case err != nil:
		return err
	case from.Equal(p.From) && until.Equal(p.Until):
		return nil
	case !w.Seen[0].Equal(p.From) || !w.Seen[1].Equal(p.Until):
		return story.Refuse(story.Conflict, "Somebody changed the rights of this picture meanwhile. Load the page again.")
	}
	if err := tx.SetRights(p.ID, from, until); err != nil {
		return err
	}
	return tx.Note(store.Audit{Member: who.Member, Verb: "rights", Desk: a.Desk, Subject: string(a.ID),
		Detail: fmt.Sprintf("picture %s from %s to %s", p.ID, dayOr(w.First, "any day"), dayOr(w.Last, "any day"))})
}

func dayOr(day, none string) string {
	if day == "" {
		return none
	}
	return day
}

// boundsOf are the instants that a wish means. A day that is not changed keeps its instant,
// which may have been set by a desk in another zone.
func boundsOf(w RightsWish, now Rights, zone *time.Location) (from, until time.Time, err error) {
	if from, until = now.From, now.Until; w.First != now.First {
		if from, err = dayBegins(w.First, 0, zone); err != nil {
			return from, until, err
		}
	}
	if w.Last != now.Last {
		if until, err = dayBegins(w.Last, 1, zone); err != nil {
			return from, until, err
		}
	}
	if !from.IsZero() && !until.IsZero() && !from.Before(until) {
		return from, until, story.Refuse(story.Invalid, "The rights of a picture cannot be over on %s before they begin on %s.", w.Last, w.First)
	}
	return from, until, nil
}

// dayBegins is the first instant of a civil day, or of the one so many days later; zero for
// "". Where clocks change at midnight a day may begin at 01:00, or its first hour be doubled.
func dayBegins(day string, later int, zone *time.Location) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, day)
	if err != nil || d.Year() < 1970 || d.Year() > 9998 {
		return time.Time{}, story.Refuse(story.Invalid, "%q is not a day such as 2024-03-22.", day)
	}
	return clock.DayStart(d.Year(), d.Month(), d.Day()+later, zone), nil
}

func (r *Room) deskZone(q *store.Query, desk story.DeskID) (*time.Location, error) {
	d, n, err := deskEntry(q, desk)
	if err != nil || n == 0 {
		return nil, joinUnknown(err, "There is no such desk.")
	}
	return r.zones.Load(d.Place.Zone)
}

// readRights reads the rights of a story's pictures.
func (r *Room) readRights(q *store.Query, v *StoryView) error {
	v.Rights = map[string]Rights{}
	for _, u := range v.Text.Pictures {
		p, found, err := q.Picture(u.ID)
		if err != nil {
			return err
		}
		if found {
			v.Rights[u.ID] = rightsAt(p, v.Desk.Zone)
		}
	}
	return nil
}
