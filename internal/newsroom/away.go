package newsroom

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// While you were away: what happened during a desk's last rest, what asks most of it first.

// Bounds of what is shown of one rest.
const (
	awayEntries = 500
	awayWires   = 40  // shown
	awayLook    = 400 // of which the most urgent are chosen
)

// AwayView is a desk's last rest, or the one that goes on, as its people find it.
type AwayView struct {
	HouseView
	Desk    DeskView
	Window  almanac.Window // zero if no rest of the last eight days is known
	Resting bool
	Taken   []AwayEntry // kills, withdrawals, erasures and corrections, by whichever desk
	Doubts  []DoubtView // what agencies ask of this desk's stories
	Stories map[story.ArticleID]string
	Parked  []ActView
	Offers  []OfferView
	Out     []AwayEntry // what was held, and went out when the desk opened
	Others  []AwayEntry // what other desks posted
	Own     []AwayEntry // what went out in this desk's own voice: by exception or standing order
	Closed  []ClosedReceipt
	Wires   []WireRow // by urgency, then the newest
	WireSum int
	Entries int // of articles and what takes them back
}

// AwayEntry is an entry of the record with the headline that it is about.
type AwayEntry struct {
	record.Entry
	Headline string
	What     string // posted, updated, corrected, withdrawn …
}

// Away reads what happened during the last rest of a desk.
func (r *Room) Away(ctx context.Context, who Who, desk story.DeskID) (v AwayView, err error) {
	if v.HouseView, err = r.House(ctx); err != nil {
		return v, err
	}
	d, found := v.HouseView.Desk(string(desk))
	if !found {
		return v, story.Refuse(story.Unknown, "There is no such desk.")
	}
	if err := who.must("read", d.ID); err != nil {
		return v, err
	}
	v.Desk, v.Stories = d, map[story.ArticleID]string{}
	if v.Window, v.Resting = d.Hours.Rests(v.Now); !v.Resting {
		v.Window, _ = lastEnded(d.Hours.Windows, v.Now)
	}
	if v.Window.Start.IsZero() {
		return v, nil
	}
	err = r.db.Read(ctx, func(q *store.Query) error { return r.readAway(q, &v) })
	return v, err
}

func (r *Room) readAway(q *store.Query, v *AwayView) (err error) {
	for _, read := range []func(*store.Query, *AwayView) error{r.awayEntries, r.awayOut, r.awayDoubts, r.awayParked, r.awayWires, r.awayClosed} {
		if err := read(q, v); err != nil {
			return err
		}
	}
	v.Offers, err = r.offersTo(q, v.Desk.ID, v.HouseView)
	return err
}

// until is the end of what is looked at: that of the rest, or now while it goes on.
func (v *AwayView) until() time.Time {
	if v.Resting {
		return v.Now
	}
	return v.Window.End
}

// awayEntries sorts what the record got during the rest.
func (r *Room) awayEntries(q *store.Query, v *AwayView) error {
	all, err := q.EntriesBetween(v.Window.Start, v.until(), awayEntries)
	if err != nil {
		return err
	}
	for _, e := range all {
		a, told, err := r.awayEntry(q, e)
		if err != nil {
			return err
		}
		if !told {
			continue
		}
		v.Entries++
		switch {
		case a.What != string(record.Posted) && a.What != string(record.Updated) && a.What != string(record.Reinstated):
			v.Taken = append(v.Taken, a)
		case e.Desk == v.Desk.ID:
			v.Own = append(v.Own, a)
		default:
			v.Others = append(v.Others, a)
		}
	}
	slices.SortStableFunc(v.Taken, func(a, b AwayEntry) int { return cmp.Compare(gravity(a.Kind), gravity(b.Kind)) })
	return nil
}

// gravity puts kills and erasures before withdrawals, and those before corrections.
func gravity(k record.Kind) int {
	return cmp.Or(slices.Index([]record.Kind{record.KindKill, record.KindErase, record.KindWithdraw}, k)+1, 9)
}

// awayEntry tells of an entry about an article; others are not told.
func (r *Room) awayEntry(q *store.Query, e record.Entry) (a AwayEntry, told bool, err error) {
	a.Entry = e
	switch e.Kind {
	case record.KindArticle:
		a.What = "posted"
		if e.Readable() {
			c, err := record.Decode[record.Article](e)
			if err != nil {
				return a, false, err
			}
			a.What, a.Headline = string(c.Change), c.Headline
			return a, true, nil
		}
	case record.KindKill:
		a.What = "killed"
	case record.KindWithdraw:
		a.What = "withdrawn"
	case record.KindErase:
		a.What = "erased"
	default:
		return a, false, nil
	}
	row, _, err := q.Article(story.ArticleID(e.Subject))
	a.Headline = row.Headline
	return a, true, err
}

// awayOut lists what was filed before the desk opened and went out after.
func (r *Room) awayOut(q *store.Query, v *AwayView) error {
	if v.Resting {
		return nil
	}
	acts, err := q.PostedBetween(v.Desk.ID, v.Window.End, v.Now)
	if err != nil {
		return err
	}
	for _, act := range acts {
		if !act.Queued.Before(v.Window.End) || act.What.Class() != story.Speaks {
			continue
		}
		e, found, err := q.Entry(act.Entry)
		if err != nil {
			return err
		}
		if a, told, err := r.awayEntry(q, e); err != nil {
			return err
		} else if found && told {
			v.Out = append(v.Out, a)
		}
	}
	return nil
}

func (r *Room) awayDoubts(q *store.Query, v *AwayView) error {
	doubts, err := q.DoubtsOf(v.Desk.ID, awayWires)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		item, _, err := q.WireItem(d.Item)
		if err != nil {
			return err
		}
		a, _, err := q.Article(d.Article)
		if err != nil {
			return err
		}
		v.Stories[d.Article] = a.Headline
		v.Doubts = append(v.Doubts, DoubtView{d, r.itemHeadline(q, item), item.Source})
	}
	return nil
}

func (r *Room) awayParked(q *store.Query, v *AwayView) error {
	acts, err := q.Parked(v.Desk.ID, awayWires)
	if err != nil {
		return err
	}
	for _, act := range acts {
		a, _, err := q.Article(story.ArticleID(act.Subject))
		if err != nil {
			return err
		}
		v.Parked = append(v.Parked, ActView{Act: act, Headline: cmp.Or(a.Headline, act.Subject)})
	}
	return nil
}

// awayWires chooses the most urgent of what agencies sent.
func (r *Room) awayWires(q *store.Query, v *AwayView) (err error) {
	items, total, err := q.WiresBetween(v.Window.Start, v.until(), awayLook)
	if err != nil {
		return err
	}
	v.WireSum = total
	urgency := map[int64]int{}
	for _, i := range items {
		ver, found, err := q.WireVersion(i.ID, i.Newest)
		if err != nil {
			return err
		}
		if urgency[i.ID] = 10; !found {
			continue
		}
		it, err := itemOf(ver)
		if err != nil {
			return err
		}
		if it.Urgency > 0 {
			urgency[i.ID] = it.Urgency
		}
		if ver.Status != "" && ver.Status != "usable" {
			urgency[i.ID] = 0 // a kill comes before everything
		}
	}
	slices.SortStableFunc(items, func(a, b store.WireItem) int { return cmp.Compare(urgency[a.ID], urgency[b.ID]) })
	for _, i := range items[:min(len(items), awayWires)] {
		row, err := r.wireRow(q, i)
		if err != nil {
			return err
		}
		v.Wires = append(v.Wires, row)
	}
	return nil
}

// awayClosed lists the desks that closed during the rest, this one with them.
func (r *Room) awayClosed(q *store.Query, v *AwayView) error {
	all, err := q.ClosingsBetween(v.Window.Start, v.until())
	if err != nil {
		return err
	}
	for _, c := range all {
		x := ClosedReceipt{Closing: c}
		if err := json.Unmarshal(c.Receipt, &x.Receipt); err != nil {
			return fmt.Errorf("closing %d: %w", c.ID, err)
		}
		v.Closed = append(v.Closed, x)
	}
	return nil
}
