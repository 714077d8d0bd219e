package newsroom

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A HeldLine is one line of what a desk holds: a story, or what waits at the gate of a
// front page or a picture.
type HeldLine struct {
	StoryRow // without an id where the subject is no story
	Subject  string
	Live     bool // a live page that is open
	// Unchanged says that its text is as it was posted: only that the page is open is left.
	Unchanged bool
	Acts      []ActView
	Leaves    time.Time // when what waits leaves, zero if that is not known
	Choice    string    // what somebody chose, "" while the line is open
	Default   string
	Offer     *store.Offer // that waits for an answer
}

// leavesBefore reports whether a line leaves by itself before an instant.
func (l HeldLine) leavesBefore(closes time.Time) bool {
	return !l.Leaves.IsZero() && l.Leaves.Before(closes.Add(-story.LeadIn))
}

// A Receiver is a desk to which something may be given.
type Receiver struct {
	DeskView
	OnDuty bool      // now
	Until  time.Time // its next rest, where it is on duty
	Opens  time.Time // where it rests
	After  bool      // it is on duty when the giving desk closes
}

// ClosingView is a desk's way into its next rest, or what became of the last one.
type ClosingView struct {
	HouseView
	Desk      DeskView
	Window    almanac.Window // the next rest; zero if none is known
	Resting   bool           // the desk rests now, and Window is that rest
	Listed    bool           // the list is open by itself
	Lines     []HeldLine
	More      int // lines that are not shown, and are held
	Receivers []Receiver
	SoFar     Receipt
	Last      *ClosedReceipt // of the last rest
	Offers    []OfferView    // what other desks give to this one
	Headlines map[string]string
}

// ClosedReceipt is a receipt with when it was written.
type ClosedReceipt struct {
	store.Closing
	Receipt Receipt
}

// OfferView is an offer, as the desk that may accept it sees it.
type OfferView struct {
	store.Offer
	Headline string
	Name     string // who gives it
	Words    int
	Acts     []ActView
}

// Closing reads what a desk holds before its next rest, or, while it rests, its receipt.
func (r *Room) Closing(ctx context.Context, who Who, desk story.DeskID) (v ClosingView, err error) {
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
	v.Desk = d
	err = r.db.Read(ctx, func(q *store.Query) error { return r.readClosing(q, &v) })
	return v, err
}

func (r *Room) readClosing(q *store.Query, v *ClosingView) (err error) {
	if v.Window, v.Resting = v.Desk.Hours.Rests(v.Now); !v.Resting {
		v.Window, _ = almanac.Next(v.Desk.Hours.Windows, v.Now)
	}
	v.Headlines = map[string]string{}
	last, err := q.Closings(v.Desk.ID, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		v.Last = &ClosedReceipt{Closing: last[0]}
		if err := json.Unmarshal(last[0].Receipt, &v.Last.Receipt); err != nil {
			return fmt.Errorf("closing %d: %w", last[0].ID, err)
		}
		if err := r.nameLines(q, v, v.Last.Receipt); err != nil {
			return err
		}
	}
	if v.Offers, err = r.offersTo(q, v.Desk.ID, v.HouseView); err != nil || v.Resting {
		return err
	}
	v.Receivers = receivers(v.HouseView, v.Desk.ID, v.Window.Start)
	return r.readList(q, v)
}

// readList reads the lines, and the receipt so far.
func (r *Room) readList(q *store.Query, v *ClosingView) error {
	c, listed, err := q.OpenClosing(v.Desk.ID)
	if err != nil {
		return err
	}
	v.Listed = listed
	if !listed {
		c = store.Closing{Desk: v.Desk.ID, Closes: v.Window.Start, Opens: v.Window.End, ListedAt: v.Now}
	}
	if v.Lines, err = r.heldLines(q, v.HouseView, v.Desk, c); err != nil {
		return err
	}
	if v.SoFar, err = r.receipt(q, c, v.Now); err != nil {
		return err
	}
	v.More = max(0, len(v.SoFar.Held)-len(v.Lines))
	return r.nameLines(q, v, v.SoFar)
}

// heldLines reads what a desk holds: its stories, then what waits of anything else.
func (r *Room) heldLines(q *store.Query, h HouseView, d DeskView, c store.Closing) (lines []HeldLine, err error) {
	articles, err := q.Held(d.ID, maxHeld)
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		l := HeldLine{Subject: string(a.ID)}
		if l.StoryRow, err = r.storyRow(q, a, h); err != nil {
			return nil, err
		}
		if l.Acts, err = r.openActs(q, l.Subject, h.Now); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	if lines, err = r.liveLinesOf(q, h, d, lines); err != nil {
		return nil, err
	}
	acts, err := q.WaitingActs(d.ID, everything)
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		if a.What.OnArticle() || len(lines) >= 2*maxHeld {
			continue // a line of its story
		}
		view, err := r.actView(q, a, h.Now)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(lines, func(l HeldLine) bool { return l.Subject == a.Subject })
		if i < 0 {
			lines = append(lines, HeldLine{Subject: a.Subject, StoryRow: StoryRow{Article: store.Article{Line: store.Line{Headline: string(a.What) + " " + a.Subject}}, By: view.By}})
			i = len(lines) - 1
		}
		lines[i].Acts = append(lines[i].Acts, view)
	}
	return lines, r.choices(q, c, lines)
}

// choices says of each line what was chosen, what its default is, and when it leaves.
func (r *Room) choices(q *store.Query, c store.Closing, lines []HeldLine) error {
	chosen, err := q.ClosingLines(c.ID)
	if err != nil {
		return err
	}
	offers, err := q.OffersFrom(c.Desk, c.ListedAt)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		for _, a := range l.Acts {
			entry := l.Live && a.Part != "" // which leaves, and the page stays open
			if a.State == story.Pending && a.What.Class() == story.Speaks && !entry {
				l.Leaves = a.Opens
				if len(a.Objections) == 0 {
					l.Leaves = a.Due
				}
			}
		}
		if l.Default = HoldIt; l.leavesBefore(c.Closes) {
			l.Default = SendBefore
		}
		for _, x := range chosen {
			if x.Subject == l.Subject {
				l.Choice = x.Choice
			}
		}
		for _, o := range offers {
			if o.Subject != l.Subject {
				continue
			}
			if o.Answer == "" {
				l.Offer = &o
			}
			if o.Answer == store.Declined && l.Choice == GiveAway {
				l.Choice = "" // whoever gave it has to say again
			}
		}
		if l.Offer != nil {
			l.Choice = GiveAway
		}
	}
	return nil
}

// receivers are the other desks, those that are on duty when a desk closes first.
func receivers(h HouseView, giver story.DeskID, closes time.Time) (all []Receiver) {
	for _, d := range h.Desks {
		if d.ID == giver || d.Content.Closed {
			continue
		}
		x := Receiver{DeskView: d, OnDuty: d.Hours.OnDuty(h.Now), After: d.Hours.OnDuty(closes)}
		if x.OnDuty {
			x.Until = d.Hours.Until(h.Now)
		} else {
			x.Opens = d.Hours.Opens(h.Now)
		}
		all = append(all, x)
	}
	rank := func(x Receiver) int {
		switch {
		case x.After && x.OnDuty:
			return 0
		case x.After:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b Receiver) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// nameLines finds the headlines of a receipt's lines as they are today.
func (r *Room) nameLines(q *store.Query, v *ClosingView, receipt Receipt) error {
	for _, part := range [][]ReceiptLine{receipt.Sent, receipt.Given, receipt.Held, receipt.Settled, receipt.Unaccounted} {
		for _, l := range part {
			if _, known := v.Headlines[l.Subject]; known {
				continue
			}
			a, found, err := q.Article(story.ArticleID(l.Subject))
			if err != nil {
				return err
			}
			if v.Headlines[l.Subject] = a.Headline; !found {
				v.Headlines[l.Subject] = l.Subject
			}
		}
	}
	return nil
}

// offersTo lists what other desks give to a desk.
func (r *Room) offersTo(q *store.Query, desk story.DeskID, h HouseView) (all []OfferView, err error) {
	offers, err := q.OffersTo(desk)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		x := OfferView{Offer: o, Headline: o.Subject}
		if x.Name, err = r.memberName(q, o.By); err != nil {
			return nil, err
		}
		a, found, err := q.Article(story.ArticleID(o.Subject))
		if err != nil {
			return nil, err
		}
		if found {
			row, err := r.storyRow(q, a, h)
			if err != nil {
				return nil, err
			}
			x.Headline, x.Words = a.Headline, row.Words
		}
		if x.Acts, err = r.openActs(q, o.Subject, h.Now); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}
