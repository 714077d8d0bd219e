package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"dateline/internal/look"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Bounds of an arranged front page.
const (
	MaxBriefs        = 6
	maxPlaces        = 40
	maxFrontHeadline = 300            // characters
	maxBreaking      = 160            // characters of the breaking line
	breakingFor      = 24 * time.Hour // that it stands at most
)

// A FrontWish is how somebody wants a front page.
type FrontWish struct {
	Key   string
	Desk  story.DeskID // in whose voice
	Base  int64        // n of the entry that the filer saw public; -1 for whatever is
	Front record.Front
}

// SetFront files the order of a front page in a desk's voice, over whatever is public.
func (r *Room) SetFront(ctx context.Context, who Who, key string, desk story.DeskID, front record.Front) (Filed, error) {
	return r.ArrangeFront(ctx, who, FrontWish{Key: key, Desk: desk, Base: -1, Front: front})
}

// ArrangeFront files a front page in a desk's voice.
func (r *Room) ArrangeFront(ctx context.Context, who Who, wish FrontWish) (Filed, error) {
	front := wish.Front
	return do(ctx, r, who, "front", wish.Key, wish, func(tx *store.Tx, who Who) (Filed, error) {
		if err := who.must("front", wish.Desk); err != nil {
			return Filed{}, err
		}
		h, err := newestHouse(&tx.Query)
		if err != nil {
			return Filed{}, err
		}
		now, err := r.now(tx)
		if err != nil {
			return Filed{}, err
		}
		base, err := tx.LatestOf(front.Lang, "")
		if err != nil {
			return Filed{}, err
		}
		if wish.Base >= 0 && wish.Base != base {
			return Filed{}, story.Refuse(story.Conflict, "Somebody filed another front page meanwhile. What you arranged is below; look at what readers see now, and file again.")
		}
		if err := checkFront(h, front, now); err != nil {
			return Filed{}, err
		}
		detail, err := json.Marshal(Detail{Front: &front})
		if err != nil {
			return Filed{}, fmt.Errorf("filing a front: %w", err)
		}
		return r.accept(tx, who, store.Act{By: who.Member, Detail: detail, LookAt: now, Act: story.Act{What: story.Front, Subject: front.Lang,
			Desk: wish.Desk, Base: base, Queued: now, Undo: now, Due: now, Road: story.ByPerson, State: story.Pending}})
	})
}

// checkFront refuses what no front page can be.
func checkFront(h record.House, f record.Front, now time.Time) error {
	if !slices.Contains(h.Languages, f.Lang) {
		return story.Refuse(story.Invalid, "The house has no pages in %.40q.", f.Lang)
	}
	count, seen := map[string]int{}, map[story.ArticleID]bool{}
	for _, p := range f.Places {
		if p.Article != "" && seen[p.Article] {
			return story.Refuse(story.Invalid, "The same story stands in two places of the front page. Leave one of them to the rule.")
		}
		if utf8.RuneCountInString(p.Headline) > maxFrontHeadline {
			return story.Refuse(story.TooLarge, "A headline has at most %d characters.", maxFrontHeadline)
		}
		seen[p.Article] = true
		count[p.Place]++
	}
	switch {
	case len(f.Places) > maxPlaces:
		return story.Refuse(story.TooLarge, "A front page has at most %d places.", maxPlaces)
	case count[record.LeadPlace] > 1:
		return story.Refuse(story.Invalid, "A front page has one lead.")
	case count[record.SecondPlace] > look.MaxColumns || count[record.BriefPlace] > MaxBriefs:
		return story.Refuse(story.Invalid, "A front page has at most %d stories under its lead and %d briefs.", look.MaxColumns, MaxBriefs)
	case count[""]+count[record.LeadPlace]+count[record.SecondPlace]+count[record.BriefPlace] != len(f.Places):
		return story.Refuse(story.Invalid, "A place of a front page is lead, second or brief.")
	case f.Breaking == nil:
		return nil
	case !story.Visible(f.Breaking.Words) || utf8.RuneCountInString(f.Breaking.Words) > maxBreaking:
		return story.Refuse(story.Invalid, "A breaking line has words, at most %d characters.", maxBreaking)
	case !f.Breaking.Until.After(now) || f.Breaking.Until.After(now.Add(breakingFor)):
		return story.Refuse(story.Invalid, "A breaking line ends by itself, within %d hours from now.", int(breakingFor/time.Hour))
	}
	return nil
}

// withoutKilled is a front page without what it tells of stories that were killed or erased:
// nobody is to file such words again unawares. What it is made of is shared and stays.
func withoutKilled(q *store.Query, f record.Front) (record.Front, error) {
	dead := func(id story.ArticleID) (bool, error) {
		a, found, err := q.Article(id)
		return found && (a.Standing == story.Killed || a.Standing == story.Erased), err
	}
	f.Places = slices.Clone(f.Places)
	for i, p := range f.Places {
		gone, err := dead(p.Article)
		if err != nil {
			return f, err
		}
		if gone {
			f.Places[i] = record.FrontPlace{Place: p.Place}
		}
	}
	if f.Breaking != nil {
		gone, err := dead(f.Breaking.Article)
		if err != nil {
			return f, err
		}
		if gone {
			f.Breaking = nil
		}
	}
	return f, nil
}

// A FrontView is a front page as the newsroom knows it.
type FrontView struct {
	Front   record.Front
	N       int64 // of its entry, 0 before there is one
	Waiting *ActView
}

// Front reads the front page of a language, with what waits to be it.
func (r *Room) Front(ctx context.Context, lang string) (v FrontView, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		front, _, err := store.NewestContent[record.Front](q, record.KindFront, lang)
		if err != nil {
			return err
		}
		if front != nil {
			if v.Front, err = withoutKilled(q, *front); err != nil {
				return err
			}
		}
		if v.N, err = q.LatestOf(lang, ""); err != nil {
			return err
		}
		open, err := r.openActs(q, lang, r.db.Now())
		if err != nil {
			return err
		}
		for _, a := range open {
			if a.What == story.Front {
				v.Waiting = &a
			}
		}
		return nil
	})
	v.Front.Lang = lang
	return v, err
}
