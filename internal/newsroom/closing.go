package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A desk that is about to rest settles what it holds. From three hours before, it sees all
// of it, and ends each line by sending it before, giving it to another desk, or holding it.
// At the boundary the desk closes by itself, and a receipt says what became of every line.

// ListBefore is how long before a rest the list opens by itself.
const ListBefore = 3 * time.Hour

// maxHeld bounds the lines of a list that are shown. A desk that holds more holds the rest of
// it, and the receipt counts all.
const maxHeld = 200

// everything bounds what a receipt counts, and what is told to owners when a desk changes.
const everything = 100_000

// Choices for a line of the list.
const (
	SendBefore = "send"
	GiveAway   = "give"
	HoldIt     = "hold"
)

// A LineEnd says how a line of a desk's list ends.
type LineEnd struct {
	Key     string       `json:"-"`
	Desk    story.DeskID `json:"desk"`
	Subject string       `json:"subject"`
	Choice  string       `json:"choice"`
	To      story.DeskID `json:"to,omitempty"` // of what is given
}

// EndLine ends a line: what is sent is filed where it is ready, or freed of a slot that
// falls into the rest; what is given waits for the other desk; what is held goes at opening.
func (r *Room) EndLine(ctx context.Context, who Who, s LineEnd) error {
	if s.Choice == SendBefore && story.ValidID(s.Subject, story.ArticleIDLength) {
		if err := r.prepareRenditions(ctx, story.ArticleID(s.Subject)); err != nil {
			return err
		}
	}
	_, err := do(ctx, r, who, "close a line", s.Key, s, func(tx *store.Tx, who Who) (bool, error) {
		list, err := r.listFor(tx, who, s.Desk)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(list.lines, func(l HeldLine) bool { return l.Subject == s.Subject })
		if i < 0 {
			return false, story.Refuse(story.Conflict, "The desk does not hold this any more. Load the list again.")
		}
		return true, r.endLine(tx, who, list, list.lines[i], s)
	})
	return err
}

// EndLines ends every line that nobody has ended by its default: what leaves by itself
// before the rest is sent, everything else is held. It reports how many there were.
func (r *Room) EndLines(ctx context.Context, who Who, key string, desk story.DeskID) (int, error) {
	return do(ctx, r, who, "close the rest", key, desk, func(tx *store.Tx, who Who) (int, error) {
		list, err := r.listFor(tx, who, desk)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, l := range list.lines {
			if l.Choice != "" {
				continue
			}
			if err := r.endLine(tx, who, list, l, LineEnd{Desk: desk, Subject: l.Subject, Choice: l.Default}); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// A closingList is what a transaction knows of a desk on its way into a rest.
type closingList struct {
	store.Closing
	lines []HeldLine
}

// listFor reads the list of a desk, and opens it where it is not open yet.
func (r *Room) listFor(tx *store.Tx, who Who, desk story.DeskID) (list closingList, err error) {
	if err := who.must("close a desk", desk); err != nil {
		return list, err
	}
	h := HouseView{Now: tx.Now}
	if err := r.readHouse(&tx.Query, &h, false); err != nil {
		return list, err
	}
	d, found := h.Desk(string(desk))
	if !found {
		return list, story.Refuse(story.Unknown, "There is no such desk.")
	}
	w, err := nextRest(d.Hours, tx.Now)
	if err != nil {
		return list, err
	}
	if list.Closing, err = r.openList(tx, desk, w); err != nil {
		return list, err
	}
	list.lines, err = r.heldLines(&tx.Query, h, d, list.Closing)
	return list, err
}

// nextRest is the rest that a desk on duty closes for.
func nextRest(h story.Hours, now time.Time) (almanac.Window, error) {
	if w, resting := h.Rests(now); resting {
		return w, story.Refuse(story.Conflict, "The desk rests already. Its receipt says what became of each line.")
	}
	w, ok := almanac.Next(h.Windows, now)
	if !ok {
		return w, story.Refuse(story.Conflict, "No rest of this desk is known, so there is nothing to close for.")
	}
	return w, nil
}

// openList returns the open list of a desk, opened now where there is none, for the rest
// that comes next: that may have moved since.
func (r *Room) openList(tx *store.Tx, desk story.DeskID, w almanac.Window) (store.Closing, error) {
	c, found, err := tx.OpenClosing(desk)
	if err != nil {
		return c, err
	}
	if found {
		if !c.Closes.Equal(w.Start) || !c.Opens.Equal(w.End) {
			c.Closes, c.Opens = w.Start, w.End
			err = tx.MoveClosing(c.ID, w.Start, w.End)
		}
		return c, err
	}
	c = store.Closing{Desk: desk, Closes: w.Start, Opens: w.End, ListedAt: tx.Now, Listed: []string{}}
	if c.Listed, err = r.heldSubjects(&tx.Query, desk); err != nil {
		return c, err
	}
	c.ID, err = tx.AddClosing(c)
	return c, err
}

// heldSubjects lists what a desk holds, by subject.
func (r *Room) heldSubjects(q *store.Query, desk story.DeskID) ([]string, error) {
	subjects := []string{}
	articles, err := q.Held(desk, everything)
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		subjects = append(subjects, string(a.ID))
	}
	pages, err := openLive(q, desk)
	if err != nil {
		return nil, err
	}
	for _, a := range pages {
		subjects = append(subjects, string(a.ID))
	}
	acts, err := q.WaitingActs(desk, everything)
	for _, a := range acts {
		subjects = append(subjects, a.Subject)
	}
	slices.Sort(subjects)
	return slices.Compact(subjects), err
}

func (r *Room) endLine(tx *store.Tx, who Who, list closingList, l HeldLine, s LineEnd) (err error) {
	if l.Offer != nil {
		if _, err := tx.EndOffer(*l.Offer, store.Recalled, who.Member); err != nil {
			return err
		}
	}
	switch s.Choice {
	case SendBefore:
		err = r.sendLine(tx, who, list, l)
	case GiveAway:
		err = r.offer(tx, who, l.Subject, list.Desk, s.To)
	case HoldIt:
		if l.leavesBefore(list.Closes) {
			err = story.Refuse(story.Conflict, "It leaves by itself before the rest. Take it back, or give it another time.")
		}
	default:
		err = story.Refuse(story.Invalid, "A line is sent before, given or held; %.20q is none of them.", s.Choice)
	}
	if err != nil {
		return err
	}
	if err := tx.PutClosingLine(list.ID, l.Subject, s.Choice, who.Member); err != nil {
		return err
	}
	detail := s.Choice
	if s.Choice == GiveAway {
		detail += " to " + string(s.To)
	}
	return tx.Note(store.Audit{Member: who.Member, Verb: "close a line", Desk: list.Desk, Subject: l.Subject, Detail: detail})
}

// sendLine frees what waits of a slot that falls into the rest, or files a text that was
// marked as ready; a live page is closed. A text that is not ready yet is only marked: nobody files it unawares.
func (r *Room) sendLine(tx *store.Tx, who Who, list closingList, l HeldLine) error {
	if l.Live && !l.Ready {
		return r.closeLivePage(tx, who, l)
	}
	waits := false
	for _, a := range l.Acts {
		if a.State != story.Pending || a.What.Class() != story.Speaks {
			continue
		}
		waits = true
		if a.Slot.IsZero() || a.Slot.Before(list.Closes.Add(-story.LeadIn)) {
			continue
		}
		if err := who.must("slot", list.Desk); err != nil {
			return err
		}
		a.Slot = time.Time{}
		if err := tx.MoveAct(a.ID, "", a.Slot, story.DueAt(a.Act.Act, l.Embargo)); err != nil {
			return err
		}
		if err := r.moveRoad(tx, a.Act); err != nil {
			return err
		}
	}
	if waits || !l.Ready || l.ID == "" {
		return nil
	}
	_, err := r.file(tx, who, Filing{Article: l.ID, What: nextWish(l.Standing), Base: -1})
	return err
}

func nextWish(s story.Standing) story.What {
	return StoryView{Article: store.Article{Standing: s}}.NextWish()
}

// openLists opens the lists of the desks that rest within three hours. It runs with duty:
// nobody has to look for the list to be there.
func (r *Room) openLists(tx *store.Tx, now time.Time) error {
	due, err := r.listsDue(&tx.Query, now)
	if err != nil {
		return err
	}
	for id, w := range due {
		if _, err := r.openList(tx, id, w); err != nil {
			return err
		}
	}
	return nil
}

// listsDue are the desks that rest within three hours and have no list for that rest.
func (r *Room) listsDue(q *store.Query, now time.Time) (map[story.DeskID]almanac.Window, error) {
	rows, err := q.Desks()
	if err != nil {
		return nil, err
	}
	open, err := q.OpenClosings()
	if err != nil {
		return nil, err
	}
	due := map[story.DeskID]almanac.Window{}
	for _, row := range rows {
		h, err := hours(q, row.ID)
		if err != nil {
			return nil, err
		}
		if w, ok := listDue(row.ID, h, open, now); ok {
			due[row.ID] = w
		}
	}
	return due, nil
}

// listDue is the rest for which a desk's list is to be opened now.
func listDue(desk story.DeskID, h story.Hours, open []store.Closing, now time.Time) (almanac.Window, bool) {
	w, ok := almanac.Next(h.Windows, now)
	if !ok || !now.Before(w.Start) || w.Start.Sub(now) > ListBefore {
		return w, false
	}
	same := func(c store.Closing) bool { return c.Desk == desk && c.Closes.Equal(w.Start) && c.Opens.Equal(w.End) }
	return w, !slices.ContainsFunc(open, same)
}

// A Receipt says what became of every line that a desk held on its way into a rest. It
// names subjects and no words, so that what is erased later leaves none in it.
type Receipt struct {
	Sent        []ReceiptLine `json:"sent"`
	Given       []ReceiptLine `json:"given"`
	Held        []ReceiptLine `json:"held"`
	Settled     []ReceiptLine `json:"settled"` // otherwise: an agency answered, a filing taken back
	Unaccounted []ReceiptLine `json:"unaccounted"`
}

// A ReceiptLine is one line of it.
type ReceiptLine struct {
	Subject string       `json:"subject"`
	To      story.DeskID `json:"to,omitempty"` // who has it, or to whom it is offered
	At      time.Time    `json:"at,omitzero"`  // when it was sent, or given
	Choice  string       `json:"choice,omitempty"`
}

// Lines is how many there are.
func (r Receipt) Lines() int {
	return len(r.Sent) + len(r.Given) + len(r.Held) + len(r.Settled) + len(r.Unaccounted)
}

// receipt accounts for every line: of those that the list began with, of those that came
// since, and of those that left.
func (r *Room) receipt(q *store.Query, c store.Closing, at time.Time) (out Receipt, err error) {
	t := tally{sent: map[string]time.Time{}, given: map[string]store.Offer{}, offered: map[string]store.Offer{}, chosen: map[string]string{}}
	if t.held, err = r.heldSubjects(q, c.Desk); err != nil {
		return out, err
	}
	posted, err := q.PostedBetween(c.Desk, c.ListedAt, at)
	if err != nil {
		return out, err
	}
	for _, a := range posted {
		t.sent[a.Subject] = a.EndedAt
	}
	offers, err := q.OffersFrom(c.Desk, c.ListedAt)
	if err != nil {
		return out, err
	}
	for _, o := range offers {
		switch o.Answer {
		case store.Accepted:
			t.given[o.Subject] = o
		case "":
			t.offered[o.Subject] = o
		}
	}
	lines, err := q.ClosingLines(c.ID)
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		t.chosen[l.Subject] = l.Choice
	}
	return t.count(c, func(subject string) (bool, error) { return r.stillOf(q, subject, c.Desk) })
}

// A tally is what a receipt is counted from.
type tally struct {
	held           []string // sorted
	sent           map[string]time.Time
	given, offered map[string]store.Offer
	chosen         map[string]string
}

func (t tally) count(c store.Closing, stillOf func(subject string) (bool, error)) (out Receipt, err error) {
	for _, subject := range t.subjects(c.Listed) {
		l := ReceiptLine{Subject: subject, Choice: t.chosen[subject]}
		given, isGiven := t.given[subject]
		sent, isSent := t.sent[subject]
		_, isHeld := slices.BinarySearch(t.held, subject)
		switch {
		case isHeld:
			l.To = t.offered[subject].To
			out.Held = append(out.Held, l)
		case isGiven:
			l.To, l.At = given.To, given.EndedAt
			out.Given = append(out.Given, l)
		case isSent:
			l.At = sent
			out.Sent = append(out.Sent, l)
		default:
			still, err := stillOf(subject)
			if err != nil {
				return out, err
			}
			if still {
				out.Settled = append(out.Settled, l)
			} else {
				out.Unaccounted = append(out.Unaccounted, l)
			}
		}
	}
	return out, nil
}

// subjects are all that the receipt must account for, each once, in a steady order.
func (t tally) subjects(listed []string) (all []string) {
	all = append(slices.Clone(listed), t.held...)
	for _, of := range []map[string]store.Offer{t.given, t.offered} {
		for s := range of {
			all = append(all, s)
		}
	}
	for s := range t.sent {
		all = append(all, s)
	}
	for s := range t.chosen {
		all = append(all, s)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// stillOf reports whether a subject that no line holds is still the desk's: then nothing of
// it is left to do. An article that went elsewhere without anybody's word is not.
func (r *Room) stillOf(q *store.Query, subject string, desk story.DeskID) (bool, error) {
	a, found, err := q.Article(story.ArticleID(subject))
	return !found || a.Desk == desk, err
}

// closeDue closes a desk for the rest that has begun, and for one that an outage swallowed.
func (r *Room) closeDue(tx *store.Tx, desk story.DeskID, w almanac.Window, resting bool, now time.Time) error {
	c, found, err := tx.OpenClosing(desk)
	if err != nil {
		return err
	}
	if found && !c.Closes.After(now) && !(resting && c.Closes.Equal(w.Start)) {
		if err := r.closeDesk(tx, desk, almanac.Window{Start: c.Closes, End: c.Opens}); err != nil {
			return err
		}
	}
	if !resting {
		return nil
	}
	return r.closeDesk(tx, desk, w)
}

// closeDesk closes the list of a desk, with its receipt. After an outage the list is opened
// and closed at once.
func (r *Room) closeDesk(tx *store.Tx, desk story.DeskID, w almanac.Window) error {
	c, err := r.openList(tx, desk, w)
	if err != nil {
		return err
	}
	receipt, err := r.receipt(&tx.Query, c, tx.Now)
	if err != nil {
		return err
	}
	if c.Receipt, err = json.Marshal(receipt); err != nil {
		return fmt.Errorf("closing desk %s: %w", desk, err)
	}
	c.ClosedAt = tx.Now
	if err := tx.EndClosing(c); err != nil {
		return err
	}
	detail := fmt.Sprintf("%d sent, %d given, %d held, %d settled, %d unaccounted", len(receipt.Sent), len(receipt.Given), len(receipt.Held), len(receipt.Settled), len(receipt.Unaccounted))
	if n := len(receipt.Unaccounted); n > 0 {
		r.log.Error("a desk closed with lines that nobody can account for", "desk", desk, "lines", n)
	}
	return tx.Note(store.Audit{Verb: "closed", Desk: desk, Subject: string(desk), Detail: detail})
}
