package newsroom

import (
	"context"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A desk's rests change: its city, its observance, newer data. What waits there may leave
// at another time than its owner was told, and the owner is told so.

// resolveAnew reads the slots of what waits at a desk again, and tells the owners of what
// leaves at another time than under the entry before.
func (r *Room) resolveAnew(tx *store.Tx, desk story.DeskID, before *record.Desk, n int64, now time.Time) error {
	if before == nil {
		return nil
	}
	acts, err := tx.WaitingActs(desk, everything)
	if err != nil {
		return err
	}
	for _, a := range acts {
		if a.State != story.Pending || a.What.Class() != story.Speaks {
			continue
		}
		if err := r.resolveOne(tx, a, HoursOf(n, *before), now); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) resolveOne(tx *store.Tx, a store.Act, was story.Hours, now time.Time) error {
	w, err := r.world(&tx.Query, a, moment{at: now})
	if err != nil {
		return err
	}
	old := w
	old.Hours = was
	_, left := story.Ahead(a.Act, old, now)
	if slot, moved := r.slotAnew(&tx.Query, a, now); moved { // newer zone data, or another opening
		a.Slot = slot
		a.Due = story.DueAt(a.Act, w.Embargo)
		if err := tx.MoveAct(a.ID, a.Wish, a.Slot, a.Due); err != nil {
			return err
		}
	}
	_, leaves := story.Ahead(a.Act, w, now)
	if leaves.Equal(left) {
		return nil
	}
	if err := tx.AddTold(store.Told{Member: a.By, Act: a.ID, Was: left, Opens: leaves}); err != nil {
		return err
	}
	return tx.Note(store.Audit{Verb: "leaves at another time", Desk: a.Desk, Subject: a.Subject, Detail: micro(left) + " to " + micro(leaves)})
}

// micro writes an instant for the audit.
func micro(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// A ToldView is an act of a member that leaves at another time than before.
type ToldView struct {
	store.Told
	Act      store.Act
	Headline string
}

// Told lists what a member has to be told and has not seen.
func (r *Room) Told(ctx context.Context, who Who) (all []ToldView, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		told, err := q.ToldOf(who.Member, awayWires)
		if err != nil {
			return err
		}
		for _, t := range told {
			act, _, err := q.Act(t.Act)
			if err != nil {
				return err
			}
			a, _, err := q.Article(story.ArticleID(act.Subject))
			if err != nil {
				return err
			}
			all = append(all, ToldView{t, act, a.Headline})
		}
		return nil
	})
	return all, err
}

// Seen takes away what a member was told.
func (r *Room) Seen(ctx context.Context, who Who, key string) error {
	_, err := do(ctx, r, who, "seen", key, "told", func(tx *store.Tx, who Who) (bool, error) {
		return true, tx.SeenTold(who.Member)
	})
	return err
}
