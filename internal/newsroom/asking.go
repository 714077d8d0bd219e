package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// Some verbs take two people: one asks, a second one confirms. Two people are two accounts,
// each of whom proved who they are within five minutes of their part, and neither of whom
// made the other within a day.

// What is asked.
const (
	askErase = "erase"
	askGrant = "exception"
)

const madeWithin = 24 * time.Hour

// askFor keeps what somebody asks of a subject; the same thing is asked once.
func (r *Room) askFor(tx *store.Tx, who Who, a store.Asking, lapses time.Duration, request any) (int64, error) {
	if err := who.mustBeFresh(tx.Now); err != nil {
		return 0, err
	}
	open, err := tx.Askings(a.Subject, tx.Now)
	if err != nil {
		return 0, err
	}
	for _, o := range open {
		if o.What == a.What {
			return 0, story.Refuse(story.Conflict, "That is asked already, and waits for a second person.")
		}
	}
	if a.Request, err = json.Marshal(request); err != nil {
		return 0, fmt.Errorf("asking: %w", err)
	}
	a.By, a.Lapses = who.Member, tx.Now.Add(lapses)
	id, err := tx.AddAsking(a)
	if err != nil {
		return 0, err
	}
	return id, tx.Note(store.Audit{Member: who.Member, Verb: "ask to " + a.What, Desk: a.Desk, Subject: a.Subject})
}

func (w Who) mustBeFresh(now time.Time) error {
	if w.Program {
		return story.Refuse(story.Forbidden, "Only a person can do this.")
	}
	if !w.Fresh(now) {
		return errProve
	}
	return nil
}

// asked finds what waits for who to confirm it, as the second of two people.
func (r *Room) asked(tx *store.Tx, who Who, id int64, what string, request any) (a store.Asking, err error) {
	a, found, err := tx.Asking(id)
	if err != nil || !found || a.What != what {
		return a, joinUnknown(err, "Nothing like that was asked.")
	}
	if !a.EndedAt.IsZero() || !tx.Now.Before(a.Lapses) {
		return a, story.Refuse(story.Conflict, "This was settled before, or nobody confirmed it in time. Ask again.")
	}
	if err := who.mustBeFresh(tx.Now); err != nil {
		return a, err
	}
	if who.Member == a.By {
		return a, story.Refuse(story.Forbidden, "You asked for it. A second person confirms it.")
	}
	if err := r.otherPerson(tx, who, a.By); err != nil {
		return a, err
	}
	if err := json.Unmarshal(a.Request, request); err != nil {
		return a, fmt.Errorf("asking %d: %w", id, err)
	}
	return a, nil
}

// otherPerson refuses a second person who may be the first: whose account is closed, or one
// of whom made the other's account, or gave it new keys, within a day.
func (r *Room) otherPerson(tx *store.Tx, who Who, by int64) error {
	first, _, err := tx.Member(by)
	if err != nil {
		return err
	}
	second, _, err := tx.Member(who.Member)
	if err != nil {
		return err
	}
	if first.Disabled {
		return story.Refuse(story.Forbidden, "The account of %s, who was the first of the two, is closed.", first.Name)
	}
	for _, pair := range [][2]store.Member{{first, second}, {second, first}} {
		made, err := madeBy(tx, pair[0], pair[1])
		if err != nil {
			return err
		}
		if made {
			return story.Refuse(story.Forbidden, "One of you made the other's account within a day, or gave it new keys. Let somebody else confirm it.")
		}
	}
	return nil
}

// madeBy reports whether y made the account of x within a day, or let it begin anew with
// other keys, which may be in the hands of y.
func madeBy(tx *store.Tx, x, y store.Member) (bool, error) {
	by, at, err := tx.Keyed(x.ID)
	return x.MadeBy == y.ID && tx.Now.Sub(x.MadeAt) < madeWithin || by == y.ID && tx.Now.Sub(at) < madeWithin, err
}

// Drop takes back what was asked: whoever asked for it, or an administrator.
func (r *Room) Drop(ctx context.Context, who Who, key string, id int64) error {
	_, err := do(ctx, r, who, "drop", key, id, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Asking(id)
		if err != nil || !found {
			return false, joinUnknown(err, "Nothing like that was asked.")
		}
		if a.By != who.Member && !who.Admin {
			return false, story.Refuse(story.Forbidden, "Whoever asked for it can drop it, or an administrator.")
		}
		done, err := tx.EndAsking(id, 0, 0)
		if err != nil {
			return false, err
		}
		if !done {
			return false, story.Refuse(story.Conflict, "It was settled before.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "drop " + a.What, Desk: a.Desk, Subject: a.Subject})
	})
	return err
}
