package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Everything that becomes public passes through this file: houses for the house's own
// entries, post for acts. Both ask story.Gate at the instant that will be printed, in the
// transaction that appends. A house rule keeps every other file away from Append.

// houses appends an entry of the house's own: never held, not even by a clock in doubt.
func (r *Room) houses(tx *store.Tx, kind record.Kind, subject string, content any) (record.Entry, error) {
	m, err := r.instant(tx)
	if err != nil {
		return record.Entry{}, err
	}
	d := store.Draft{At: m.at, Kind: kind, Class: story.Houses, Subject: subject, Content: content,
		Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}}
	if kind == record.KindDesk || kind == record.KindDuty {
		d.Desk = story.DeskID(subject)
	}
	return tx.Append(d)
}

// volume appends the entry that begins the next volume of the record, after the newest
// number that is known of the one before.
func (r *Room) volume(tx *store.Tx, content record.Volume, newest int64) (record.Entry, error) {
	m, err := r.instant(tx)
	if err != nil {
		return record.Entry{}, err
	}
	return tx.Append(store.Draft{At: m.at, Kind: record.KindVolume, Class: story.Houses, Subject: content.Log, Content: content, Beyond: newest,
		Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}})
}

// except appends the exception of a story, from now on.
func (r *Room) except(tx *store.Tx, a store.Article, g GrantWish) (record.Entry, error) {
	m, err := r.instant(tx)
	if err != nil {
		return record.Entry{}, err
	}
	x := record.Exception{Desk: a.Desk, Article: a.ID, From: m.at, Until: m.at.Add(time.Duration(g.Minutes) * time.Minute), Wording: g.Wording}
	return tx.Append(store.Draft{At: m.at, Kind: record.KindException, Class: story.Houses, Desk: a.Desk, Subject: string(a.Desk), Part: string(a.ID),
		Content: x, Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}})
}

// person appends an entry about somebody who is named to readers, in a desk's voice: at
// the first time, and when the name is spelled with other capitals than before.
func (r *Room) person(tx *store.Tx, act story.Act, w story.World, m moment, id, name, lang string) error {
	before, found, err := tx.Newest(record.KindPerson, id)
	if err != nil {
		return err
	}
	p := record.Person{Slug: story.Slug(name), Names: record.Words{lang: name}}
	if latest, err := tx.LatestOf(id, ""); err != nil || latest != before.N {
		return err // it was taken back: no story brings it back
	}
	if found {
		if p, err = respelled(before, lang, name); err != nil || p.Names == nil {
			return err
		}
	}
	if m, err = m.later(tx); err != nil {
		return err
	}
	act.What, act.Subject, act.Base = story.Name, id, before.N
	w = story.World{Hours: w.Hours, Doubt: m.doubt != "", Latest: before.N}
	if no := story.Gate(act, w, m.at); len(no) > 0 {
		return fmt.Errorf("newsroom: the gate shut between two entries of one act: %s", no[0].Code)
	}
	_, err = tx.Append(store.Draft{At: m.at, Kind: record.KindPerson, Class: story.Speaks, Desk: act.Desk, Acting: act.Acting, Subject: id,
		Decision: decision(act, w, m.at), Content: p})
	return err
}

// respelled is a person whose name in a language is now spelled with other capitals; none
// where nothing differs. The slug is an address and stays.
func respelled(before record.Entry, lang, name string) (p record.Person, err error) {
	if !before.Readable() {
		return p, nil
	}
	if p, err = record.Decode[record.Person](before); err != nil {
		return p, err
	}
	if p.Names[lang] == name || !strings.EqualFold(p.Names[lang], name) {
		return record.Person{}, nil
	}
	p.Names[lang] = name
	return p, nil
}

// decision is the public part of what the gate decided at t.
func decision(act story.Act, w story.World, t time.Time) record.Decision {
	d := record.Decision{Road: act.Road, Basis: record.NotJudged, DeskEntry: w.Hours.Entry, Almanac: w.Hours.Almanac, ZoneData: w.Hours.ZoneData}
	if act.What.Class() == story.Speaks {
		d.Basis = basis(act, w, t)
	}
	if win, ok := almanac.Next(w.Hours.Windows, t); ok {
		d.WindowStart, d.WindowEnd = win.Start, win.End
	}
	return d
}

// basis is why what speaks may go at t: its desk is open, or it rests and an exception lets
// this act pass, or the house's standing order does.
func basis(act story.Act, w story.World, t time.Time) record.Basis {
	rests := func(w story.World) bool {
		return slices.ContainsFunc(story.Gate(act, w, t), func(o story.Objection) bool { return o.Code == story.ObjectRest })
	}
	bare, ordered := w, w
	bare.Grant, bare.Arranged, ordered.Grant = nil, false, nil
	switch {
	case w.Grant == nil && !w.Arranged, !rests(bare):
		return record.Open
	case w.Arranged && !rests(ordered):
		return record.UnderOrder(w.Order)
	}
	return record.UnderException(w.Grant.ID)
}

// ask reads the world and asks the gate about an act at the instants that its entries would
// get: the people whom it names come first.
func (r *Room) ask(tx *store.Tx, act store.Act) (no []story.Objection, w story.World, m moment, err error) {
	if m, err = r.instant(tx); err != nil {
		return nil, w, m, err
	}
	if m.at.Sub(tx.Now) > 5*time.Second && m.doubt == "" {
		m.doubt = "The record is ahead of the clock."
	}
	if w, err = r.world(&tx.Query, act, m); err != nil {
		return nil, w, m, err
	}
	if no = story.Gate(act.Act, w, m.at); len(no) == 0 {
		no = story.Gate(act.Act, w, m.last(w))
	}
	return no, w, m, nil
}

// world is all that the gate may know about an act, as it stands in this transaction.
func (r *Room) world(q *store.Query, act store.Act, m moment) (w story.World, err error) {
	w.Doubt = m.doubt != ""
	if w.Hours, err = hours(q, act.Desk); err != nil {
		return w, err
	}
	if w.Latest, err = q.LatestOf(act.Subject, act.Part); err != nil {
		return w, err
	}
	if act.What.OnPiece() {
		return w, r.pieceWorld(q, act, &w)
	}
	if !act.What.OnArticle() {
		return w, nil
	}
	err = r.articleWorld(q, act, &w)
	return w, err
}

func (r *Room) articleWorld(q *store.Query, act store.Act, w *story.World) error {
	id := story.ArticleID(act.Subject)
	a, found, err := q.Article(id)
	if err != nil || !found {
		return joinUnknown(err, "There is no such story.")
	}
	w.Embargo, w.Standing = a.Embargo, a.Standing
	if act.Under != 0 {
		if w.Grant, err = grantOf(q, act.Under); err != nil {
			return err
		}
		if w.Grant != nil {
			w.Grant.FiledUnder = true
		}
	}
	if act.What.OnLive() {
		return r.liveWorld(q, act, w)
	}
	if act.What.Class() != story.Speaks {
		return nil
	}
	if !act.Slot.IsZero() {
		if w.Order, w.Since, err = standingOrder(q); err != nil {
			return err
		}
		w.Arranged = w.Order != 0
	}
	doubts, err := q.OpenDoubts(id)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		w.Wires = append(w.Wires, wireDoubt(d))
	}
	rev, found, err := q.Revision(id, act.Revision)
	if err != nil || !found {
		return joinUnknown(err, "There is no such revision.")
	}
	return r.revisionWorld(q, act, a, rev, w)
}

func wireDoubt(d store.WireDoubt) story.WireDoubt {
	return story.WireDoubt{Item: fmt.Sprint(d.Item), Kind: d.Kind, Till: d.Till}
}

func (r *Room) revisionWorld(q *store.Query, act store.Act, a store.Article, rev store.Revision, w *story.World) error {
	text, err := textOf(q, rev)
	if err != nil {
		return err
	}
	if w.Missing, err = missing(q, text); err != nil {
		return err
	}
	w.Names = len(named(text))
	if err := rightsWorld(q, text.Pictures, w); err != nil {
		return err
	}
	approved := rev.ApprovedBy != 0 && rev.ApprovedBy != rev.By
	w.NewSinceKill = rev.Number > a.KilledRev && approved
	rows, err := q.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.ID == act.Desk {
			s, err := store.Decoded[DeskSettings](q, row.Settings)
			if err != nil {
				return fmt.Errorf("reading a desk's settings: %w", err)
			}
			w.Eyes = story.Eyes{Wanted: s.Eyes, Approved: approved}
			return nil
		}
	}
	return nil
}

// rightsWorld is what the gate asks of the pictures that an act would show.
func rightsWorld(q *store.Query, pictures []story.PictureUse, w *story.World) error {
	for _, p := range pictures {
		rights := story.PictureRights{ID: p.ID, Credited: p.Credit.String() != ""}
		original, found, err := q.Picture(p.ID)
		if err != nil {
			return err
		}
		if found {
			rights.From, rights.Until = original.From, original.Until
		}
		w.Pictures = append(w.Pictures, rights)
	}
	return nil
}

// missing lists what a text lacks for readers to see it, in general and in this house.
func missing(q *store.Query, t story.Text) ([]string, error) {
	h, err := newestHouse(q)
	if err != nil {
		return nil, err
	}
	var sections []string
	for _, s := range h.Sections {
		sections = append(sections, s.ID)
	}
	return append(story.Required(t), story.Foreign(t, h.Languages, sections)...), nil
}

func joinUnknown(err error, sentence string) error {
	if err != nil {
		return err
	}
	return story.Refuse(story.Unknown, "%s", sentence)
}

// textOf is the text of a revision. It is shared: nothing in it may be changed.
func textOf(q *store.Query, rev store.Revision) (story.Text, error) {
	t, err := store.Decoded[story.Text](q, rev.Text)
	if err != nil {
		return story.Text{}, fmt.Errorf("revision %d of %s: %w", rev.Number, rev.Article, err)
	}
	return *t, nil
}

// step asks the gate about one pending act and does what it says: posted once, or left
// waiting until the objections end, or parked for a person.
func (r *Room) step(tx *store.Tx, act store.Act) (posted bool, err error) {
	no, w, m, err := r.ask(tx, act)
	if err != nil {
		return false, err
	}
	switch {
	case len(no) == 0:
		return true, r.post(tx, act, w, m)
	case w.Doubt && story.AllWait(no):
		return false, nil // a wrong clock must not say when to look again
	case story.AllWait(no):
		look := story.OpensAt(no)
		if !look.After(tx.Now) {
			look = tx.Now.Add(time.Second) // its end is not known: ask again soon
		}
		return false, tx.LookAgain(act.ID, look)
	}
	name, err := r.actNamer(&tx.Query, act)
	if err != nil {
		return false, err
	}
	why := Say(story.Lasting(no), name)
	if _, err := tx.EndAct(act.ID, story.Parked, 0, why); err != nil {
		return false, err
	}
	r.log.Warn("what was filed is parked, and waits for a person", "act", act.ID, "desk", act.Desk, "subject", act.Subject)
	return false, tx.Note(store.Audit{Verb: "park", Desk: act.Desk, Subject: act.Subject, Detail: why})
}

// post writes what the gate let pass: entry, standing, act and audit, all or nothing.
func (r *Room) post(tx *store.Tx, act store.Act, w story.World, m moment) error {
	e, err := r.publish(tx, act, w, m)
	if err != nil {
		return err
	}
	done, err := tx.EndAct(act.ID, story.Posted, e.N, "")
	if err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("newsroom: act %d was posted by somebody else", act.ID)
	}
	return r.posted(tx, act, e, m)
}

// publish appends the entry of an act and keeps what readers now know.
func (r *Room) publish(tx *store.Tx, act store.Act, w story.World, m moment) (e record.Entry, err error) {
	detail, err := detailOf(act)
	if err != nil {
		return e, err
	}
	if e, err = r.appendAct(tx, act, detail, w, m); err == nil && act.What.OnArticle() {
		err = r.stand(tx, act, e)
	}
	return e, err
}

// posted notes that it was.
func (r *Room) posted(tx *store.Tx, act store.Act, e record.Entry, m moment) error {
	if err := r.trust(tx, m); err != nil {
		return err
	}
	return tx.Note(store.Audit{Member: act.By, Verb: string(act.What) + " posted", Desk: act.Desk, Subject: act.Subject, Entry: e.N})
}

// stand keeps what readers now know of the article.
func (r *Room) stand(tx *store.Tx, act store.Act, e record.Entry) error {
	id := story.ArticleID(act.Subject)
	a, _, err := tx.Article(id)
	if err != nil {
		return err
	}
	next, ok := a.Standing.After(act.What)
	if !ok {
		return fmt.Errorf("newsroom: no standing after %s of an article that is %s", act.What, a.Standing)
	}
	killed := a.KilledRev
	if next == story.Killed {
		rev, _, err := tx.NewestRevision(id)
		if err != nil {
			return err
		}
		killed = rev.Number
	}
	return tx.SetStanding(id, next, e.At, killed)
}

// appendAct appends the entry, or entries, of an act.
func (r *Room) appendAct(tx *store.Tx, act store.Act, detail Detail, w story.World, m moment) (record.Entry, error) {
	d := store.Draft{At: m.at, Class: act.What.Class(), Desk: act.Desk, Acting: act.Acting, Subject: act.Subject, Part: act.Part,
		Revision: act.Revision, Decision: decision(act.Act, w, m.at)}
	switch act.What {
	case story.Withdraw, story.WithdrawPiece:
		d.Kind, d.Content = record.KindWithdraw, record.Withdraw{Note: detail.Note}
		return tx.Append(d)
	case story.PutPackage, story.PutPage, story.PutRelation, story.PutPerson:
		d.Kind, d.Content = detail.Piece.entry()
		return tx.Append(d)
	case story.Kill, story.KillPiece:
		return r.appendKill(tx, d, detail)
	case story.Erase, story.ErasePiece:
		return r.appendErase(tx, d, detail)
	case story.Front:
		front, err := withoutKilled(&tx.Query, *detail.Front) // also what was killed while this waited
		if err != nil {
			return record.Entry{}, err
		}
		d.Kind, d.Content = record.KindFront, front
		return tx.Append(d)
	case story.CorrectPicture, story.WithdrawPicture:
		d.Kind, d.Content = record.KindPicture, detail.Picture
		return tx.Append(d)
	}
	people, lang, err := r.wordsOf(tx, act, detail, &d)
	if err != nil {
		return record.Entry{}, err
	}
	for _, b := range people {
		if d.Decision.Basis == record.Open { // an exception names one article, and nobody else
			if err := r.person(tx, act.Act, w, m, b.Person, b.Name, lang); err != nil {
				return record.Entry{}, err
			}
		}
	}
	if m, err = m.later(tx); err != nil { // than the people it names
		return record.Entry{}, err
	}
	if no := story.Gate(act.Act, w, m.at); len(no) > 0 {
		return record.Entry{}, fmt.Errorf("newsroom: the gate shut between two entries of one act: %s", no[0].Code)
	}
	d.At, d.Decision = m.at, decision(act.Act, w, m.at)
	return tx.Append(d)
}

// wordsOf puts what an act says of an article, or of its live page, into a draft, and
// returns the people whom that names.
func (r *Room) wordsOf(tx *store.Tx, act store.Act, detail Detail, d *store.Draft) (people []story.Byline, lang string, err error) {
	if act.What.OnLive() {
		c, people, err := r.liveContent(tx, act, detail, d.Decision.Basis == record.Open)
		d.Kind, d.Content = record.KindLive, c
		return people, c.Lang, err
	}
	c, err := r.articleContent(tx, act, detail)
	d.Kind, d.Content = record.KindArticle, c
	return named(c.Text), c.Lang, err
}

// appendKill appends the kill and withholds every text that it takes back.
func (r *Room) appendKill(tx *store.Tx, d store.Draft, detail Detail) (record.Entry, error) {
	gone, err := withheldBy(&tx.Query, d.Subject)
	if err != nil {
		return record.Entry{}, err
	}
	beside, err := movedBeside(&tx.Query, d.Subject, gone)
	if err != nil {
		return record.Entry{}, err
	}
	kill := record.Kill{Note: detail.Note, Withheld: gone}
	d.Kind, d.Content = record.KindKill, kill
	e, err := tx.Append(d)
	if err != nil {
		return e, err
	}
	for _, n := range kill.Withheld {
		if err := tx.Withhold(n, e.N); err != nil {
			return e, err
		}
	}
	return e, r.moveAgain(tx, beside)
}

// appendErase appends the erase and destroys content and salt of all that it names. What
// is destroyed stays a leaf: the record verifies as before.
func (r *Room) appendErase(tx *store.Tx, d store.Draft, detail Detail) (record.Entry, error) {
	beside, err := movedBeside(&tx.Query, d.Subject, detail.Destroys)
	if err != nil {
		return record.Entry{}, err
	}
	d.Kind = record.KindErase
	d.Content = record.Erase{Destroyed: detail.Destroys, Wording: detail.Note, Ordered: detail.Ordered}
	e, err := tx.Append(d)
	if err != nil {
		return e, err
	}
	for _, n := range detail.Destroys {
		if err := tx.Destroy(n, e.N); err != nil {
			return e, err
		}
	}
	return e, r.moveAgain(tx, beside)
}

// articleContent is what an article entry says, from the revision that the act names.
func (r *Room) articleContent(tx *store.Tx, act store.Act, detail Detail) (c record.Article, err error) {
	rev, _, err := tx.Revision(story.ArticleID(act.Subject), act.Revision)
	if err != nil {
		return c, err
	}
	if c.Text, err = textOf(&tx.Query, rev); err != nil {
		return c, err
	}
	c.Direction = story.Direction(c.Lang)
	c.Outputs = detail.Outputs
	c.Correction = detail.Correction
	c.Change, c.Material = changes[act.What], act.What != story.Correct || detail.Material
	return c, nil
}

var changes = map[story.What]record.Change{
	story.Publish: record.Posted, story.Update: record.Updated, story.Correct: record.Corrected, story.Reinstate: record.Reinstated,
}
