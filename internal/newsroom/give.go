package newsroom

import (
	"context"

	"dateline/internal/store"
	"dateline/internal/story"
)

// What one desk holds it may give to another: the working text, and what waits at the gate
// with the due instant that it had. Nothing moves before the other desk accepts it.

// offer gives a subject to another desk, where it waits to be accepted.
func (r *Room) offer(tx *store.Tx, who Who, subject string, from, to story.DeskID) error {
	if err := who.must("give", from); err != nil {
		return err
	}
	if from == to {
		return story.Refuse(story.Invalid, "It is this desk's already. Give it to another.")
	}
	if d, n, err := deskEntry(&tx.Query, to); err != nil || n == 0 || d.Closed {
		return joinUnknown(err, "There is no such desk.")
	}
	if err := stands(&tx.Query, story.ArticleID(subject)); err != nil {
		return err
	}
	if err := mayReceive(&tx.Query, subject, to); err != nil {
		return err
	}
	if _, open, err := tx.OpenOffer(subject); err != nil || open {
		return joinRefusal(err, "It is offered to a desk already. Take that back first.")
	}
	_, err := tx.AddOffer(store.Offer{Subject: subject, From: from, To: to, By: who.Member})
	return err
}

// Give offers a story of one desk to another.
func (r *Room) Give(ctx context.Context, who Who, key string, id story.ArticleID, to story.DeskID) error {
	request := map[string]any{"article": id, "to": to}
	_, err := do(ctx, r, who, "give", key, request, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(id)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := r.offer(tx, who, string(id), a.Desk, to); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "give", Desk: a.Desk, Subject: string(id), Detail: "to " + string(to)})
	})
	return err
}

// Accept takes what another desk gives, with the authority of the desk that receives it.
// From here on the text and its acts are that desk's, with the due instants that they had:
// they are judged by its rests, and an exception of the other desk does not reach them.
func (r *Room) Accept(ctx context.Context, who Who, key string, offer int64) error {
	return r.answerOffer(ctx, who, "accept", key, offer, func(tx *store.Tx, who Who, o store.Offer) (string, error) {
		if err := who.must("accept", o.To); err != nil {
			return "", err
		}
		a, article, err := tx.Article(story.ArticleID(o.Subject))
		if err != nil {
			return "", err
		}
		if article && (a.Desk != o.From || a.Standing == story.Erased) {
			return "", story.Refuse(story.Conflict, "That desk does not hold it any more.")
		}
		if err := tx.Give(o.Subject, article, o.From, o.To); err != nil {
			return "", err
		}
		// The desk that gave it sees in its own audit that it went.
		return store.Accepted, tx.Note(store.Audit{Member: who.Member, Verb: "accepted", Desk: o.From, Subject: o.Subject, Detail: "by " + string(o.To)})
	})
}

// Decline leaves what another desk gives where it is.
func (r *Room) Decline(ctx context.Context, who Who, key string, offer int64) error {
	return r.answerOffer(ctx, who, "decline", key, offer, func(_ *store.Tx, who Who, o store.Offer) (string, error) {
		return store.Declined, who.must("accept", o.To)
	})
}

// Recall takes back what a desk gives and nobody has accepted.
func (r *Room) Recall(ctx context.Context, who Who, key string, offer int64) error {
	return r.answerOffer(ctx, who, "recall", key, offer, func(_ *store.Tx, who Who, o store.Offer) (string, error) {
		return store.Recalled, who.must("give", o.From)
	})
}

func (r *Room) answerOffer(ctx context.Context, who Who, verb, key string, id int64, answer func(*store.Tx, Who, store.Offer) (string, error)) error {
	_, err := do(ctx, r, who, verb, key, id, func(tx *store.Tx, who Who) (bool, error) {
		o, found, err := tx.Offer(id)
		if err != nil || !found {
			return false, joinUnknown(err, "Nothing like that is offered.")
		}
		said, err := answer(tx, who, o)
		if err != nil {
			return false, err
		}
		done, err := tx.EndOffer(o, said, who.Member)
		if err != nil || !done {
			return false, joinRefusal(err, "Somebody has answered it already, or it was taken back.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: verb, Desk: o.To, Subject: o.Subject, Detail: "from " + string(o.From)})
	})
	return err
}

// readOffered reads to which desk a story is offered.
func (r *Room) readOffered(q *store.Query, v *StoryView) error {
	o, open, err := q.OpenOffer(string(v.Article.ID))
	if err != nil || !open {
		return err
	}
	v.Offered = &OfferView{Offer: o}
	v.Offered.Name, err = r.memberName(q, o.By)
	return err
}

// Receivers are the desks to which a story may be given, those on duty now first.
func (v StoryView) Receivers() []Receiver { return receivers(v.HouseView, v.Desk.ID, v.Now) }
