package newsroom

import (
	"context"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// An exception lets one desk speak of one article while it rests, for at most an hour. It
// takes two people and a reason, which stays private; readers are told the wording. It
// never opens the desk: only what is filed under it goes.

// maxException is how long one lasts at most.
const maxException = time.Hour

// grantWithin is how long a request waits for its second person: what is so urgent that it
// breaks a rest is not asked for in advance.
const grantWithin = time.Hour

// A GrantWish asks for an exception.
type GrantWish struct {
	Key     string          `json:"-"`
	Article story.ArticleID `json:"article"`
	Minutes int             `json:"minutes"`
	Reason  string          `json:"reason"`  // private, kept with both names
	Wording string          `json:"wording"` // to readers
}

// AskGrant asks for an exception for the desk of a story, while that desk rests.
func (r *Room) AskGrant(ctx context.Context, who Who, g GrantWish) (int64, error) {
	return do(ctx, r, who, "ask for an exception", g.Key, g, func(tx *store.Tx, who Who) (int64, error) {
		a, found, err := tx.Article(g.Article)
		if err != nil || !found {
			return 0, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("ask for an exception", a.Desk); err != nil {
			return 0, err
		}
		if err := r.mayGrant(tx, a, g); err != nil {
			return 0, err
		}
		return r.askFor(tx, who, store.Asking{What: askGrant, Subject: string(a.ID), Desk: a.Desk}, grantWithin, g)
	})
}

func (r *Room) mayGrant(tx *store.Tx, a store.Article, g GrantWish) error {
	switch {
	case g.Minutes < 1 || g.Minutes > int(maxException/time.Minute):
		return story.Refuse(story.Invalid, "An exception lasts from 1 to %d minutes.", int(maxException/time.Minute))
	case !story.Visible(g.Reason) || !story.Visible(g.Wording) || len(g.Reason) > 2000 || len(g.Wording) > 1000:
		return story.Refuse(story.Invalid, "An exception needs a reason, which is kept with your name, and the words in which readers are told.")
	}
	people, err := tx.Members()
	if err != nil {
		return err
	}
	open := 0
	for _, m := range people {
		if !m.Disabled {
			open++
		}
	}
	if open < 2 {
		return story.Refuse(story.Forbidden, "A house with one account has no exceptions: they take two people.")
	}
	h, err := hours(&tx.Query, a.Desk)
	if err != nil {
		return err
	}
	m, err := r.instant(tx)
	if err != nil {
		return err
	}
	if _, resting := h.Rests(m.at.Add(story.LeadIn)); !resting {
		if _, resting = h.Rests(m.at); !resting {
			return story.Refuse(story.Conflict, "The desk is on duty. Publish it: nothing needs an exception.")
		}
	}
	return stands(&tx.Query, a.ID)
}

// ConfirmGrant grants an exception, as the second person. It counts from now.
func (r *Room) ConfirmGrant(ctx context.Context, who Who, key string, id int64) (entry int64, err error) {
	return do(ctx, r, who, "grant an exception", key, id, func(tx *store.Tx, who Who) (int64, error) {
		var g GrantWish
		asked, err := r.asked(tx, who, id, askGrant, &g)
		if err != nil {
			return 0, err
		}
		if err := who.must("grant an exception", asked.Desk); err != nil {
			return 0, err
		}
		a, found, err := tx.Article(g.Article)
		if err != nil || !found {
			return 0, joinUnknown(err, "There is no such story.")
		}
		if a.Desk != asked.Desk {
			return 0, story.Refuse(story.Conflict, "The story went to another desk meanwhile. Ask again.")
		}
		if err := r.mayGrant(tx, a, g); err != nil {
			return 0, err
		}
		e, err := r.except(tx, a, g)
		if err != nil {
			return 0, err
		}
		if _, err := tx.EndAsking(id, who.Member, e.N); err != nil {
			return 0, err
		}
		return e.N, tx.Note(store.Audit{Member: who.Member, Verb: "grant an exception", Desk: a.Desk, Subject: string(a.ID), Detail: g.Reason, Entry: e.N})
	})
}

// liveGrant is the newest exception for an article at an instant; nil if none is live.
func liveGrant(q *store.Query, desk story.DeskID, id story.ArticleID, t time.Time) (*story.Grant, error) {
	if _, granted, err := q.Newest(record.KindException, string(desk)); err != nil || !granted {
		return nil, err // the desk never had one
	}
	n, err := q.LatestOf(string(desk), string(id))
	if err != nil || n == 0 {
		return nil, err
	}
	g, err := grantOf(q, n)
	if err != nil || g == nil || t.Before(g.From) || !t.Before(g.Until) {
		return nil, err
	}
	return g, nil
}

// grantOf reads the exception entry n; nil if it is none.
func grantOf(q *store.Query, n int64) (*story.Grant, error) {
	e, found, err := q.Entry(n)
	if err != nil || !found || e.Kind != record.KindException || !e.Readable() {
		return nil, err
	}
	x, err := record.Decode[record.Exception](e)
	return &story.Grant{ID: n, Desk: x.Desk, Subject: string(x.Article), From: x.From, Until: x.Until}, err
}

// under is the exception that a person's filing goes under: one that is live for it. An
// act that was filed before the grant is not under it.
func (r *Room) under(tx *store.Tx, who Who, act store.Act) (int64, error) {
	if who.Program || act.What.Class() != story.Speaks || !act.What.OnArticle() {
		return 0, nil
	}
	m, err := r.instant(tx)
	if err != nil {
		return 0, err
	}
	g, err := liveGrant(&tx.Query, act.Desk, story.ArticleID(act.Subject), m.at)
	if err != nil || g == nil {
		return 0, err
	}
	return g.ID, nil
}
