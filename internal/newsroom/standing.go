package newsroom

import (
	"context"
	"fmt"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// What the house says of its desks' rests: a standing order for what was scheduled
// beforehand, which is an entry that readers can see, and whether editors open at all.

// A RestWish is what an administrator says of both.
type RestWish struct {
	// Arranged is a standing order: what was scheduled before a rest goes out during it.
	Arranged bool `json:"arranged"`
	// Editors open while their desk rests. Otherwise a calm page says until when.
	Editors bool `json:"editors"`
}

// Private settings of the house: the number of the house entry that gave the standing
// order, and whether editors open at rest.
const (
	orderSetting   = "standing order"
	editorsSetting = "editors at rest"
)

// SetResting keeps what the house says of its desks' rests. A standing order counts for the
// rests that begin after it, and only for what was scheduled before they began.
func (r *Room) SetResting(ctx context.Context, who Who, key string, wish RestWish) error {
	_, err := do(ctx, r, who, "rests of the house", key, wish, func(tx *store.Tx, who Who) (bool, error) {
		if !who.Admin || who.Program {
			return false, story.Refuse(story.Forbidden, "An administrator says what goes on while the desks rest.")
		}
		if err := r.order(tx, wish.Arranged); err != nil {
			return false, err
		}
		if err := tx.Set(editorsSetting, wish.Editors); err != nil {
			return false, err
		}
		detail := fmt.Sprintf("standing order %t, editors open %t", wish.Arranged, wish.Editors)
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "rests of the house", Subject: HouseID, Detail: detail})
	})
	return err
}

// order gives the house's standing order, or ends it. What waits is looked at anew.
func (r *Room) order(tx *store.Tx, arranged bool) error {
	h, err := newestHouse(&tx.Query)
	if err != nil || h.Arranged == arranged {
		return err
	}
	h.Arranged = arranged
	e, err := r.houses(tx, record.KindHouse, HouseID, h)
	if err != nil {
		return err
	}
	if !arranged {
		e.N = 0
	}
	if err := tx.Set(orderSetting, e.N); err != nil {
		return err
	}
	return tx.LookAgainAll()
}

// Resting is what the house says of its desks' rests now.
func (r *Room) Resting(ctx context.Context) (wish RestWish, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		h, err := newestHouse(q)
		if err != nil {
			return err
		}
		wish.Arranged = h.Arranged
		_, err = q.Setting(editorsSetting, &wish.Editors)
		return err
	})
	return wish, err
}

// standingOrder is the entry that gave the order that holds now, and when; 0 for none.
func standingOrder(q *store.Query) (n int64, since time.Time, err error) {
	h, err := newestHouse(q)
	if err != nil || !h.Arranged {
		return 0, since, err
	}
	if _, err := q.Setting(orderSetting, &n); err != nil || n == 0 {
		return 0, since, err
	}
	e, found, err := q.Entry(n)
	if err != nil || !found {
		return 0, since, err
	}
	return n, e.At, nil
}
