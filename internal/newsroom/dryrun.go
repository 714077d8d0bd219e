package newsroom

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A dry run lists everything that would leave the house if nobody touched anything, and
// what is in its way. It asks the gate itself, at the instants that would be printed.

// DryRunAhead is how far a dry run looks.
const DryRunAhead = 72 * time.Hour

// maxDepartures bounds what is listed.
const maxDepartures = 500

// A Collision is something in the way of what would leave.
type Collision string

// The collisions that are marked.
const (
	IntoRest     Collision = "falls into a rest"
	EmbargoLater Collision = "embargo later than its slot"
	NobodyOnDuty Collision = "nobody on duty"
	NoCredit     Collision = "credit missing"
	NeedsPerson  Collision = "needs a person"
)

// A Departure is an act that would leave.
type Departure struct {
	ActView
	Desk       DeskView
	Wished     time.Time // when it is due
	Leaves     time.Time // when the gate would let it go; zero where a person is needed first
	Collisions []Collision
}

// At is where a departure stands in the list.
func (d Departure) At() time.Time {
	if d.Leaves.IsZero() {
		return d.Wished
	}
	return d.Leaves
}

// DryRunView is a dry run.
type DryRunView struct {
	HouseView
	Until      time.Time
	Departures []Departure // by when they would leave
	More       bool        // there are more than are listed
	Turns      []Turn      // desks that go to rest and open meanwhile
}

// A Turn is a desk that goes to rest or opens: its notice changes on every page.
type Turn struct {
	At    time.Time
	Desk  DeskView
	Opens bool
	Rest  almanac.Window
}

// DryRun lists what would leave in the next 72 hours, for a member with a desk.
func (r *Room) DryRun(ctx context.Context, who Who) (v DryRunView, err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return v, story.Refuse(story.Forbidden, "You have no desk.")
	}
	return r.DryRunOfHouse(ctx)
}

// DryRunOfHouse is the same for whoever runs the machine.
func (r *Room) DryRunOfHouse(ctx context.Context) (v DryRunView, err error) {
	if v.HouseView, err = r.House(ctx); err != nil {
		return v, err
	}
	v.Until = v.Now.Add(DryRunAhead)
	v.Turns = turns(v.HouseView, v.Until)
	err = r.db.Read(ctx, func(q *store.Query) error { return r.departures(q, &v) })
	return v, err
}

func (r *Room) departures(q *store.Query, v *DryRunView) error {
	acts, err := q.ActsDueBy(v.Until, maxDepartures+1)
	if err != nil {
		return err
	}
	if v.More = len(acts) > maxDepartures; v.More {
		acts = acts[:maxDepartures]
	}
	m, err := r.momentAt(q, v.Now)
	if err != nil {
		return err
	}
	for _, a := range acts {
		d, err := r.departure(q, *v, a, m)
		if err != nil {
			return err
		}
		if d.Leaves.Before(v.Until) { // zero where a person is needed
			v.Departures = append(v.Departures, d)
		}
	}
	slices.SortStableFunc(v.Departures, func(a, b Departure) int {
		return cmp.Or(a.At().Compare(b.At()), a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

func (r *Room) departure(q *store.Query, v DryRunView, a store.Act, m moment) (d Departure, err error) {
	d.Desk, _ = v.HouseView.Desk(string(a.Desk))
	if d.ActView, err = r.actViewAt(q, a, m); err != nil {
		return d, err
	}
	d.Wished, d.Headline = a.Due, a.Subject
	article, found, err := q.Article(story.ArticleID(a.Subject))
	if err != nil {
		return d, err
	}
	if found {
		d.Headline = article.Headline
	}
	switch {
	case len(d.Objections) == 0:
		d.Leaves = v.Now
	case a.State == story.Pending:
		d.Leaves = d.Opens
	}
	d.collide(article, v)
	return d, nil
}

// collide marks what is in the way.
func (d *Departure) collide(article store.Article, v DryRunView) {
	mark := func(c Collision, yes bool) {
		if yes && !slices.Contains(d.Collisions, c) {
			d.Collisions = append(d.Collisions, c)
		}
	}
	for _, o := range d.Objections {
		mark(IntoRest, o.Code == story.ObjectRest)
		mark(NoCredit, o.Code == story.ObjectCredit)
		mark(NeedsPerson, !o.Waits && o.Code != story.ObjectCredit)
	}
	mark(NeedsPerson, d.State == story.Parked)
	e := article.Embargo
	mark(EmbargoLater, e.Set && !d.Slot.IsZero() && (e.Until.IsZero() || e.Until.After(d.Slot)))
	wished := d.Wished
	if wished.Before(v.Now) {
		wished = v.Now
	}
	mark(NobodyOnDuty, !slices.ContainsFunc(v.Desks, func(x DeskView) bool { return x.Hours.OnDuty(wished) }))
}

// turns are the rests that begin or end until an instant, in order.
func turns(h HouseView, until time.Time) (all []Turn) {
	ahead := func(t time.Time) bool { return t.After(h.Now) && t.Before(until) }
	for _, x := range h.Desks {
		for _, w := range x.Hours.Windows {
			if ahead(w.Start) {
				all = append(all, Turn{w.Start, x, false, w})
			}
			if ahead(w.End) {
				all = append(all, Turn{w.End, x, true, w})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Turn) int { return a.At.Compare(b.At) })
	return all
}
