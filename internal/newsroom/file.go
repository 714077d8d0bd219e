package newsroom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// undoFor is how long a person at a screen may take a filing back before it leaves.
const undoFor = 10 * time.Second

// Detail is what an act tells readers besides a revision.
type Detail struct {
	Note       string             `json:"note,omitempty"` // of a withdrawal, kill or erasure
	Correction *record.Correction `json:"correction,omitempty"`
	Material   bool               `json:"material,omitempty"`
	Outputs    record.Outputs     `json:"outputs"`
	Front      *record.Front      `json:"front,omitempty"`
	Picture    *record.Picture    `json:"picture,omitempty"`
	Live       *record.Live       `json:"live,omitempty"` // all that an act about a live page says
	Piece      *Piece             `json:"piece,omitempty"`
	Ordered    string             `json:"ordered,omitempty"`  // of an erasure: the civil date of the order
	Destroys   []int64            `json:"destroys,omitempty"` // and the entries that it destroys
}

func detailOf(act store.Act) (d Detail, err error) {
	if err = json.Unmarshal(act.Detail, &d); err != nil {
		err = fmt.Errorf("act %d: %w", act.ID, err)
	}
	return d, err
}

// A Filing asks to publish, update, correct, withdraw … an article.
type Filing struct {
	Key     string
	Article story.ArticleID
	What    story.What
	Slot    string // wall-clock time and zone, "2024-03-24 09:00 Europe/London", or ""
	NoUndo  bool   // from a program, or with the key that posts at once
	Base    int64  // n of the entry that the filer saw public; -1 for whatever is
	Detail  Detail

	rendered bool // its pictures have their public forms, as far as they can
}

// about is what the store asks for ahead of the filing's turn.
func (f Filing) about() story.ArticleID { return f.Article }

// Filed says what became of a filing.
type Filed struct {
	Act        int64             `json:"act"`
	State      story.ActState    `json:"state"`
	Due        time.Time         `json:"due,omitzero"`
	Opens      time.Time         `json:"opens,omitzero"` // when it leaves, as far as is known
	Objections []story.Objection `json:"objections,omitempty"`
	Entry      int64             `json:"entry,omitempty"`
	Shown      bool              `json:"shown"`
}

// File files an act. Filing is durable when it answers: pending with its objections, or
// posted. An objection that does not wait refuses the filing, and nothing is stored.
func (r *Room) File(ctx context.Context, who Who, f Filing) (Filed, error) {
	filed, err := r.fileOnce(ctx, who, f)
	if errors.Is(err, errUnrendered) {
		if err := r.prepareRenditions(ctx, f.Article); err != nil {
			return Filed{}, err
		}
		f.rendered = true
		filed, err = r.fileOnce(ctx, who, f)
	}
	if err != nil || filed.State != story.Posted {
		return filed, err
	}
	filed.Shown = r.waitShown(ctx, filed.Entry)
	return filed, nil
}

// errUnrendered is why a filing is taken back to be done again: its pictures have to be
// decoded before, which must not hold the one writer.
var errUnrendered = errors.New("newsroom: a credited picture has no public form yet")

func (r *Room) fileOnce(ctx context.Context, who Who, f Filing) (Filed, error) {
	return do(ctx, r, who, "file", f.Key, f, func(tx *store.Tx, who Who) (Filed, error) {
		return r.file(tx, who, f)
	})
}

// waitShown gives this node's edition two seconds: one that lags never makes a committed
// posting look failed.
func (r *Room) waitShown(ctx context.Context, n int64) bool {
	if r.shown == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return r.shown(ctx, n) == nil
}

func (r *Room) file(tx *store.Tx, who Who, f Filing) (Filed, error) {
	if !f.What.OnArticle() || f.What == story.Erase || f.What.OnLive() {
		return Filed{}, story.Refuse(story.Invalid, "There is nothing to file as %q.", story.Word(f.What))
	}
	a, found, err := tx.Article(f.Article)
	if err != nil || !found {
		return Filed{}, joinUnknown(err, "There is no such story.")
	}
	if err := who.must(string(f.What), a.Desk); err != nil {
		return Filed{}, err
	}
	if f.What == story.Reinstate && a.Standing == story.Killed {
		if err := who.mustBeFresh(tx.Now); err != nil {
			return Filed{}, err
		}
	}
	if err := f.tellsReaders(); err != nil {
		return Filed{}, err
	}
	act, err := r.draftAct(tx, who, a, f)
	if err != nil {
		return Filed{}, err
	}
	return r.accept(tx, who, act)
}

// tellsReaders refuses a filing that has to tell readers something and does not.
func (f Filing) tellsReaders() error {
	c := f.Detail.Correction
	switch {
	case f.What == story.Correct && (c == nil || !story.Visible(c.Note) && !(story.Visible(c.Was) && story.Visible(c.Is))):
		return story.Refuse(story.Invalid, "A correction tells readers what was wrong and what is right: write the note, or what it said and what it says.")
	case f.What == story.Withdraw && !story.Visible(f.Detail.Note):
		return story.Refuse(story.Invalid, "A withdrawal tells readers why: write the note.")
	}
	return nil
}

// draftAct makes the act that a filing wishes for, with its revision cut.
func (r *Room) draftAct(tx *store.Tx, who Who, a store.Article, f Filing) (act store.Act, err error) {
	now, err := r.now(tx)
	if err != nil {
		return act, err
	}
	act = store.Act{By: who.Member, Wish: f.Slot, Act: story.Act{What: f.What, Subject: string(a.ID), Desk: a.Desk,
		Queued: now, Undo: now, Road: story.ByPerson, State: story.Pending}}
	if who.Program {
		act.Road = story.ByProgram
	}
	if act.Base, err = tx.LatestOf(act.Subject, ""); err != nil {
		return act, err
	}
	if f.Base >= 0 && f.Base != act.Base && f.What.Class() == story.Speaks {
		return act, story.Refuse(story.Conflict, "Somebody posted this story meanwhile. Look at what is public now, and file again.")
	}
	if act.Detail, err = json.Marshal(f.Detail); err != nil {
		return act, fmt.Errorf("filing: %w", err)
	}
	if f.What.Class() != story.Speaks {
		act.Due, act.LookAt = act.Queued, act.Queued
		return act, nil
	}
	if act.Slot, err = r.slotOf(&tx.Query, a.Desk, f.Slot, now); err != nil {
		return act, err
	}
	if !act.Slot.IsZero() {
		act.Road = story.BySchedule
	}
	rev, err := r.cut(tx, a.ID, "filed", who.Member)
	if err != nil {
		return act, err
	}
	if !f.rendered {
		if err := allRendered(&tx.Query, rev); err != nil {
			return act, err
		}
	}
	act.Revision = rev.Number
	if act.Under, err = r.under(tx, who, act); err != nil {
		return act, err
	}
	if err := r.allowUndo(&tx.Query, &act, f, who); err != nil {
		return act, err
	}
	act.Due = story.DueAt(act.Act, a.Embargo)
	act.LookAt = act.Due
	return act, nil
}

// allRendered asks for the public forms of a revision's credited pictures.
func allRendered(q *store.Query, rev store.Revision) error {
	text, err := textOf(q, rev)
	for _, p := range text.Pictures {
		if len(p.Renditions) == 0 && p.Credit.String() != "" {
			return errUnrendered
		}
	}
	return err
}

// allowUndo gives a person ten seconds, unless less than that and the gate's lead-in is
// left before the desk rests: then the key posts at once.
func (r *Room) allowUndo(q *store.Query, act *store.Act, f Filing, who Who) error {
	if f.NoUndo || who.Program {
		return nil
	}
	h, err := hours(q, act.Desk)
	if err != nil {
		return err
	}
	undo := act.Queued.Add(undoFor)
	if w, ok := almanac.Next(h.Windows, act.Queued); ok && w.Start.Sub(undo) < story.LeadIn && !act.Queued.After(w.Start.Add(-story.LeadIn)) {
		return nil
	}
	act.Undo = undo
	return nil
}

// readSlot reads a wish for an instant: wall-clock text and a zone. A local hour that is
// missing or doubled that day asks.
func (r *Room) readSlot(wish string) (time.Time, error) {
	if wish == "" {
		return time.Time{}, nil
	}
	var day, hour, zoneName string
	if n, _ := fmt.Sscanf(wish, "%s %s %s", &day, &hour, &zoneName); n != 3 {
		return time.Time{}, story.Refuse(story.Invalid, "A time is a date, an hour and a zone, such as 2024-03-24 09:00 Europe/London.")
	}
	zone, err := r.zones.Load(zoneName)
	if err != nil {
		return time.Time{}, story.Refuse(story.Invalid, "%s", err)
	}
	const wall = "2006-01-02 15:04"
	at, err := time.ParseInLocation(wall, day+" "+hour, zone)
	if err != nil || at.Year() < 1970 || at.Year() > 9998 {
		return time.Time{}, story.Refuse(story.Invalid, "%q is not a date and an hour such as 2024-03-24 09:00.", day+" "+hour)
	}
	if at.Format(wall) != day+" "+hour {
		return time.Time{}, story.Refuse(story.Invalid, "%s does not exist in %s on %s: the clocks go forward. Choose another hour.", hour, zoneName, day)
	}
	for _, by := range []time.Duration{-time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour} {
		if at.Add(by).Format(wall) == day+" "+hour {
			return time.Time{}, story.Refuse(story.Invalid, "%s comes twice in %s on %s: the clocks go back. Choose another hour.", hour, zoneName, day)
		}
	}
	return at.UTC(), nil
}

// accept asks the gate, stores the act, and posts it at once where nothing objects.
func (r *Room) accept(tx *store.Tx, who Who, act store.Act) (Filed, error) {
	if err := story.RefuseTurns("What is filed", string(act.Detail)); err != nil {
		return Filed{}, err
	}
	no, w, m, err := r.ask(tx, act)
	if err != nil {
		return Filed{}, err
	}
	if !story.AllWait(no) {
		name, err := r.actNamer(&tx.Query, act)
		if err != nil {
			return Filed{}, err
		}
		return Filed{}, &story.Refusal{Kind: story.Conflict, Sentence: Say(story.Lasting(no), name), Said: sayAll(story.Lasting(no), name), Objections: no}
	}
	if err := r.supersede(tx, act); err != nil {
		return Filed{}, err
	}
	if look := story.OpensAt(no); look.After(act.LookAt) {
		act.LookAt = look
	}
	if err := tx.Note(store.Audit{Member: who.Member, Verb: "file " + string(act.What), Desk: act.Desk, Subject: act.Subject}); err != nil {
		return Filed{}, err
	}
	if act.What == story.Kill || act.What == story.Withdraw {
		if _, err := tx.AnswerDoubts(story.ArticleID(act.Subject), string(act.What), "", who.Member); err != nil {
			return Filed{}, err
		}
	}
	if len(no) == 0 {
		return r.postAtOnce(tx, act, w, m)
	}
	if act.ID, err = tx.AddAct(act); err != nil {
		return Filed{}, err
	}
	no, opens := story.Ahead(act.Act, w, m.at)
	if len(no) == 0 { // only its last entry meets anything
		no, opens = story.Ahead(act.Act, w, m.last(w))
	}
	return Filed{Act: act.ID, State: story.Pending, Due: act.Due, Opens: opens, Objections: no}, nil
}

// postAtOnce posts an act to which the gate does not object. It never waits: it is kept as
// posted.
func (r *Room) postAtOnce(tx *store.Tx, act store.Act, w story.World, m moment) (Filed, error) {
	e, err := r.publish(tx, act, w, m)
	if err != nil {
		return Filed{}, err
	}
	act.State, act.Entry, act.EndedAt = story.Posted, e.N, tx.Now
	if act.ID, err = tx.AddAct(act); err != nil {
		return Filed{}, err
	}
	return Filed{Act: act.ID, State: story.Posted, Due: act.Due, Entry: e.N}, r.posted(tx, act, e, m)
}

// supersede ends the pending and parked acts of the same subject, part and class: what
// speaks never supersedes what silences.
func (r *Room) supersede(tx *store.Tx, act store.Act) error {
	open, err := tx.OpenActs(act.Subject)
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.Part != act.Part || o.What.Class() != act.What.Class() {
			continue
		}
		if o.What.OnLive() != act.What.OnLive() { // the page's text and its being open are one part
			return story.Refuse(story.Conflict, "Something else waits at the gate for this page: to %s. Take it back first, or wait until it is posted.", story.Word(o.What))
		}
		if _, err := tx.EndAct(o.ID, story.Superseded, 0, ""); err != nil {
			return err
		}
	}
	return nil
}

// TakeBack takes back an act that is not posted yet, or drops a parked one.
func (r *Room) TakeBack(ctx context.Context, who Who, key string, id int64) error {
	_, err := do(ctx, r, who, "take back", key, id, func(tx *store.Tx, who Who) (bool, error) {
		act, found, err := tx.Act(id)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such act.")
		}
		if act.By != who.Member || who.scope != nil {
			if err := who.must("take back", act.Desk); err != nil {
				return false, err
			}
		}
		done, err := tx.EndAct(id, story.TakenBack, 0, "")
		if err != nil {
			return false, err
		}
		if !done {
			return false, story.Refuse(story.Conflict, "It is %s already. Correct it or withdraw it instead.", story.Word(act.State))
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "take back", Desk: act.Desk, Subject: act.Subject})
	})
	return err
}

// MoveSlot gives a pending act another slot.
func (r *Room) MoveSlot(ctx context.Context, who Who, key string, id int64, wish string) error {
	request := map[string]any{"act": id, "wish": wish}
	_, err := do(ctx, r, who, "slot", key, request, func(tx *store.Tx, who Who) (bool, error) {
		act, found, err := tx.Act(id)
		if err != nil || !found || act.State != story.Pending {
			return false, joinUnknown(err, "There is no such act waiting.")
		}
		if err := who.must("slot", act.Desk); err != nil {
			return false, err
		}
		if act.Slot, err = r.slotOf(&tx.Query, act.Desk, wish, tx.Now); err != nil {
			return false, err
		}
		a, _, err := tx.Article(story.ArticleID(act.Subject))
		if err != nil {
			return false, err
		}
		if err := tx.MoveAct(id, wish, act.Slot, story.DueAt(act.Act, a.Embargo)); err != nil {
			return false, err
		}
		if err := r.moveRoad(tx, act); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "slot", Desk: act.Desk, Subject: act.Subject, Detail: wish})
	})
	return err
}

// moveRoad says how an act comes to the gate now: by schedule, unless it has no slot any
// more, or was given one while its desk rests, which no standing order covers.
func (r *Room) moveRoad(tx *store.Tx, act store.Act) error {
	if act.Road == story.ByProgram {
		return nil
	}
	h, err := hours(&tx.Query, act.Desk)
	if err != nil {
		return err
	}
	road := story.BySchedule
	if _, resting := h.Rests(tx.Now); resting || act.Slot.IsZero() {
		road = story.ByPerson
	}
	return tx.SetRoad(act.ID, road)
}

// An EmbargoWish sets an embargo, or lifts it: then Reason says why.
type EmbargoWish struct {
	Key     string
	Article story.ArticleID
	Until   string // as a slot; "open" has no end; "" lifts
	Reason  string
}

// Embargo sets or lifts the embargo of an article. It outlives slots and is never cleared
// with one; lifting takes a chief, by name, with a reason.
func (r *Room) Embargo(ctx context.Context, who Who, e EmbargoWish) error {
	_, err := do(ctx, r, who, "embargo", e.Key, e, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(e.Article)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := stands(&tx.Query, a.ID); err != nil {
			return false, err
		}
		now := story.Embargo{Set: e.Until != ""}
		if now.Set && e.Until != "open" {
			if now.Until, err = r.readSlot(e.Until); err != nil {
				return false, err
			}
		}
		if err := mayEmbargo(who, a, now, e.Reason); err != nil {
			return false, err
		}
		if err := tx.SetEmbargo(a.ID, now); err != nil {
			return false, err
		}
		return true, r.dueAnew(tx, who, a, now, e)
	})
	return err
}

// mayEmbargo: making an embargo longer is an editor's; lifting or shortening it a chief's.
func mayEmbargo(who Who, a store.Article, now story.Embargo, reason string) error {
	shorter := a.Embargo.Set && (!now.Set || a.Embargo.Until.IsZero() && !now.Until.IsZero() || !now.Until.IsZero() && now.Until.Before(a.Embargo.Until))
	if !shorter {
		return who.must("embargo", a.Desk)
	}
	if err := who.must("lift", a.Desk); err != nil {
		return err
	}
	if !story.Visible(reason) {
		return story.Refuse(story.Invalid, "Say why the embargo is lifted: the reason is kept with your name.")
	}
	return nil
}

func (r *Room) dueAnew(tx *store.Tx, who Who, a store.Article, now story.Embargo, e EmbargoWish) error {
	open, err := tx.OpenActs(string(a.ID))
	if err != nil {
		return err
	}
	for _, act := range open {
		if act.State == story.Pending && act.What.Class() == story.Speaks {
			if err := tx.MoveAct(act.ID, act.Wish, act.Slot, story.DueAt(act.Act, now)); err != nil {
				return err
			}
		}
	}
	return tx.Note(store.Audit{Member: who.Member, Verb: "embargo", Desk: a.Desk, Subject: string(a.ID), Detail: e.Until + " " + e.Reason})
}
