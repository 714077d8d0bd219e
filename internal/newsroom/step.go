package newsroom

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// How often the loop looks, how long a text rests before it is cut, how often the anchor
// of the clock is written.
const (
	tick        = 250 * time.Millisecond
	restToCut   = 10 * time.Minute
	anchorEvery = time.Minute
)

// Run does all that falls due until ctx ends. It ticks by plain time and acts by the
// clock's source: due work is a query, so a lost tick costs a quarter of a second. A step
// that fails is told to failed and tried again at the next tick.
func (r *Room) Run(ctx context.Context, failed func(error)) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		if _, err := r.Step(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Step does all that is due at this reading of the clock: duty, releases in the order of
// (due, filed), each act in its own transaction, revisions of what came to rest, and
// housekeeping. It reports how many acts it posted.
func (r *Room) Step(ctx context.Context) (posted int, err error) {
	if err := r.keepHouse(ctx); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		var acts []store.Act
		now := r.db.Now()
		if err := r.db.Read(ctx, func(q *store.Query) error {
			doubt, err := r.doubtAt(q)
			if err != nil || doubt != "" {
				return err // all that waits speaks, and waits for the hour
			}
			acts, err = q.DueActs(now, 100)
			return err
		}); err != nil {
			return posted, err
		}
		done, err := r.release(ctx, acts)
		posted += done
		if err != nil || len(acts) == 0 {
			return posted, err
		}
	}
	return posted, ctx.Err()
}

// perCommit is how many acts share a commit: what comes meanwhile waits for all of them.
const perCommit = 32

// release steps each act in the order of the list: each with an instant of its own, so that
// one that fails takes nothing with it, and several to a commit.
func (r *Room) release(ctx context.Context, acts []store.Act) (posted int, err error) {
	for some := range slices.Chunk(acts, perCommit) {
		var steps []func(*store.Tx) error
		for _, a := range some {
			steps = append(steps, func(tx *store.Tx) error { return r.stepOnce(tx, a.ID, &posted) })
		}
		if err := r.db.WriteEach(ctx, steps); err != nil {
			return posted, err
		}
	}
	return posted, nil
}

// stepOnce steps an act that nobody has posted meanwhile, and counts it once it is posted.
func (r *Room) stepOnce(tx *store.Tx, id int64, posted *int) error {
	act, found, err := tx.Act(id)
	if err != nil {
		return fmt.Errorf("releasing act %d: %w", id, err)
	}
	if !found || act.State != story.Pending {
		return nil // somebody else was here first
	}
	done, err := r.step(tx, act)
	if err != nil {
		return fmt.Errorf("releasing act %d: %w", id, err)
	}
	if done {
		tx.AfterCommit(func() { *posted++ })
	}
	return nil
}

// keepHouse does what the house owes at this instant besides releases: duty entries,
// windows, the anchor, revisions of texts at rest. It writes only if there is something to.
func (r *Room) keepHouse(ctx context.Context) error {
	owes, err := r.owes(ctx)
	if err != nil || !owes {
		return err
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		m, err := r.instant(tx)
		if err != nil {
			return err
		}
		if m.doubt == "" {
			if err := r.duties(tx, m.at); err != nil {
				return err
			}
			if err := r.renewDesks(tx, m.at); err != nil {
				return err
			}
			if err := r.openLists(tx, m.at); err != nil {
				return err
			}
			if err := tx.ForgetAnswers(tx.Now.Add(-keep)); err != nil {
				return err
			}
		}
		if err := r.cutRested(tx); err != nil {
			return err
		}
		return r.trust(tx, m)
	})
}

// owes looks, without writing, whether keepHouse has anything to do.
func (r *Room) owes(ctx context.Context) (owes bool, err error) {
	now := r.db.Now()
	err = r.db.Read(ctx, func(q *store.Query) error {
		n, _, _, err := q.Last()
		if err != nil || n == 0 {
			return err
		}
		anchor, err := q.Anchor()
		if err != nil {
			return err
		}
		if since := now.Sub(anchor.Wall); since >= anchorEvery || since < 0 {
			owes = true
			return nil
		}
		owes, err = r.dutyDue(q, now)
		return err
	})
	return owes, err
}

// dutyDue reports whether a desk went to rest or came back since its newest duty entry, or
// has to see what it holds before its next rest.
func (r *Room) dutyDue(q *store.Query, now time.Time) (bool, error) {
	rows, err := q.Desks()
	if err != nil {
		return false, err
	}
	open, err := q.OpenClosings()
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		h, err := hours(q, row.ID)
		if err != nil {
			return false, err
		}
		if _, resting := h.Rests(now); resting != row.Resting {
			return true, nil
		}
		if _, due := listDue(row.ID, h, open, now); due {
			return true, nil
		}
	}
	return false, nil
}

// cutRested cuts revisions of texts that nobody has touched for ten minutes. A text with
// a clash stays as it is: both texts are kept already.
func (r *Room) cutRested(tx *store.Tx) error {
	rested, err := tx.UncutSince(tx.Now.Add(-restToCut), 50)
	if err != nil {
		return err
	}
	for _, a := range rested {
		_, err := r.cut(tx, a.ID, "rest", a.MadeBy)
		if _, refused := story.AsRefusal(err); refused {
			err = tx.Cut(a.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Doubt says why the clock is in doubt, "" if it is not.
func (r *Room) Doubt(ctx context.Context) (why string, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		why, err = r.doubtAt(q)
		return err
	})
	return why, err
}

func (r *Room) doubtAt(q *store.Query) (string, error) {
	_, _, last, err := q.Last()
	if err != nil {
		return "", err
	}
	anchor, err := q.Anchor()
	if err != nil {
		return "", err
	}
	next, err := q.NextLook()
	if err != nil {
		return "", err
	}
	reading := r.db.Reading()
	return anchor.Doubt(reading, last, !next.IsZero() && !next.After(reading.Wall)), nil
}

// ConfirmHour ends a doubt: an administrator says that the clock is right now.
func (r *Room) ConfirmHour(ctx context.Context, who Who, key string) error {
	_, err := do(ctx, r, who, "confirm the hour", key, "now", func(tx *store.Tx, who Who) (bool, error) {
		if !who.Admin || who.Program {
			return false, story.Refuse(story.Forbidden, "An administrator confirms the hour.")
		}
		_, _, last, err := tx.Last()
		if err != nil {
			return false, err
		}
		if tx.Now.Before(last) {
			return false, story.Refuse(story.Conflict, "The clock is behind the last posted time. Set the clock first.")
		}
		if err := r.believe(tx); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "confirm the hour"})
	})
	return err
}

// Next is the next instant at which anything falls due by itself: an act to look at, or a
// desk that goes to rest or comes back. Zero if nothing does.
func (r *Room) Next(ctx context.Context) (next time.Time, err error) {
	now := r.db.Now()
	sooner := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		look, err := q.NextLook()
		if err != nil {
			return err
		}
		sooner(look)
		rows, err := q.Desks()
		if err != nil {
			return err
		}
		for _, row := range rows {
			h, err := hours(q, row.ID)
			if err != nil {
				return err
			}
			for _, w := range h.Windows {
				sooner(w.Start)
				sooner(w.End)
			}
		}
		return nil
	})
	return next, err
}

// Late is how long the oldest act that could have left is overdue.
func (r *Room) Late(ctx context.Context) (late time.Duration, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		look, err := q.NextLook()
		if err == nil && !look.IsZero() {
			late = max(0, r.db.Now().Sub(look))
		}
		return err
	})
	return late, err
}

// Mark reports whether something that is done once for a house was done.
func (r *Room) Mark(ctx context.Context, name string) (done bool, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		_, err := q.Setting("mark "+name, &done)
		return err
	})
	return done, err
}

// SetMark notes that it was.
func (r *Room) SetMark(ctx context.Context, name string) error {
	return r.db.Write(ctx, func(tx *store.Tx) error { return tx.Set("mark "+name, true) })
}
