package newsroom

import (
	"context"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/store"
	"dateline/internal/story"
)

// AtOpening is the wish to leave in the moment in which the desk opens again: at the end of
// the rest that it is in, or else of its next one. Like every wish it is resolved again when
// the rests change (DESIGN.md, "slot").
const AtOpening = "at opening"

// slotOf reads the wish for an instant of an act: wall-clock text with a zone, or "at
// opening", counted from when it was wished.
func (r *Room) slotOf(q *store.Query, desk story.DeskID, wish string, wished time.Time) (time.Time, error) {
	if wish != AtOpening {
		return r.readSlot(wish)
	}
	h, err := hours(q, desk)
	if err != nil {
		return time.Time{}, err
	}
	at := Reopens(h, wished)
	if at.IsZero() {
		return at, story.Refuse(story.Invalid, "No rest of this desk is known, so there is no opening to wait for. Say a day and an hour.")
	}
	return at, nil
}

// Reopens is when a desk opens after the rest that holds an instant, or after the next one;
// zero where none is known.
func Reopens(h story.Hours, after time.Time) time.Time {
	w, resting := h.Rests(after)
	if !resting {
		if w, resting = almanac.Next(h.Windows, after); !resting {
			return time.Time{}
		}
	}
	return w.End
}

// slotAnew resolves the wish of a waiting act again. An opening that has come stays the one
// that was meant, whatever rests follow.
func (r *Room) slotAnew(q *store.Query, a store.Act, now time.Time) (time.Time, bool) {
	if a.Wish == "" || a.Wish == AtOpening && !a.Slot.After(now) {
		return a.Slot, false
	}
	slot, err := r.slotOf(q, a.Desk, a.Wish, a.Queued)
	return slot, err == nil && !slot.Equal(a.Slot)
}

// ReadWish tells which instant a wish would mean at a desk now.
func (r *Room) ReadWish(ctx context.Context, desk story.DeskID, wish string) (at time.Time, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		at, err = r.slotOf(q, desk, wish, r.db.Now())
		return err
	})
	return at, err
}
