package newsroom

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Erasing is done by order of a court or an authority. It destroys every copy that this
// house keeps: contents and salts in the record, working text, revisions, wire bytes,
// pictures. One transaction destroys the rows; clearing.go does the files.

// An ErasureWish asks to erase a story, or the entries of a person.
type ErasureWish struct {
	Key     string          `json:"-"`
	Article story.ArticleID `json:"article"`          // the story, or one whose desk speaks for the person
	Person  string          `json:"person,omitempty"` // erase this person's entries, not the story
	Piece   string          `json:"piece,omitempty"`  // or those of a package, a page, a relation
	Wording string          `json:"wording"`          // to readers, in place of the text
	Ordered string          `json:"ordered"`          // the civil date of the order, YYYY-MM-DD
}

// piece is the id of what is erased, where that is no story.
func (w ErasureWish) piece() string { return cmp.Or(w.Person, w.Piece) }

func (w ErasureWish) subject() string { return cmp.Or(w.piece(), string(w.Article)) }

// eraseWithin is how long an erasure waits for its second person.
const eraseWithin = 7 * 24 * time.Hour

func (w ErasureWish) check(now time.Time) error {
	d, err := time.Parse(time.DateOnly, w.Ordered)
	if err != nil || d.Year() < 1900 || d.After(now.Add(24*time.Hour)) {
		return story.Refuse(story.Invalid, "The date of the order is a day that has come, such as 2024-03-22, not %q.", w.Ordered)
	}
	if w.Wording == "" || len(w.Wording) > 1000 {
		return story.Refuse(story.Invalid, "Readers are told in at most 1,000 letters that it was erased, and by whose order: write the wording.")
	}
	return nil
}

// AskErase asks for an erasure: an administrator's, and nothing is destroyed yet.
func (r *Room) AskErase(ctx context.Context, who Who, w ErasureWish) (int64, error) {
	return do(ctx, r, who, "ask to erase", w.Key, w, func(tx *store.Tx, who Who) (int64, error) {
		if !who.Admin {
			return 0, story.Refuse(story.Forbidden, "An administrator asks for an erasure.")
		}
		if err := w.check(tx.Now); err != nil {
			return 0, err
		}
		a, err := erasable(&tx.Query, w)
		if err != nil {
			return 0, err
		}
		return r.askFor(tx, who, store.Asking{What: askErase, Subject: w.subject(), Desk: a.Desk}, eraseWithin, w)
	})
}

// erasable refuses what nobody has seen and what is gone already.
func erasable(q *store.Query, w ErasureWish) (store.Article, error) {
	if w.piece() != "" {
		p, err := pieceOf(q, w.piece())
		if _, ok := p.standing.AfterPiece(story.ErasePiece); err == nil && !ok {
			err = story.Refuse(story.Unknown, "There is no entry of such a thing that could be erased.")
		}
		return store.Article{Desk: p.desk}, err
	}
	a, found, err := q.Article(w.Article)
	if err != nil || !found {
		return a, joinUnknown(err, "There is no such story.")
	}
	if _, ok := a.Standing.After(story.Erase); !ok {
		return a, story.Refuse(story.Conflict, "%s", standingWords(a.Standing))
	}
	return a, nil
}

// ConfirmErase erases, as the second person. When it answers, no row of the store holds a
// word of it; RunClearing clears the files.
func (r *Room) ConfirmErase(ctx context.Context, who Who, key string, id int64) (Filed, error) {
	filed, err := do(ctx, r, who, "confirm an erasure", key, id, func(tx *store.Tx, who Who) (Filed, error) {
		var w ErasureWish
		if !who.Admin && !who.May("confirm an erasure", "") {
			return Filed{}, story.Refuse(story.Forbidden, "A chief, a standards editor or an administrator confirms an erasure.")
		}
		a, err := r.asked(tx, who, id, askErase, &w)
		if err != nil {
			return Filed{}, err
		}
		if _, err := erasable(&tx.Query, w); err != nil {
			return Filed{}, err
		}
		filed, err := r.erase(tx, who, w, a.Desk)
		if err != nil {
			return filed, err
		}
		_, err = tx.EndAsking(id, who.Member, filed.Entry)
		return filed, err
	})
	if err == nil {
		filed.Shown = r.waitShown(ctx, filed.Entry)
	}
	return filed, err
}

// erase destroys the rows of a subject and appends the entry that says so.
func (r *Room) erase(tx *store.Tx, who Who, w ErasureWish, desk story.DeskID) (filed Filed, err error) {
	var plan ErasePlan
	act := store.Act{By: who.Member, LookAt: tx.Now, Act: story.Act{What: story.ErasePiece, Subject: w.subject(), Desk: desk,
		Queued: tx.Now, Undo: tx.Now, Due: tx.Now, Road: story.ByPerson, State: story.Pending}}
	if who.Member == 0 {
		act.Road = story.ByHouse
	}
	if err := r.endPieceActs(tx, w); err != nil {
		return filed, err
	}
	if w.piece() == "" {
		act.What = story.Erase
		if plan, err = r.planErase(&tx.Query, w.Article); err != nil {
			return filed, err
		}
		if err := r.endActs(tx, w.Article); err != nil {
			return filed, err
		}
	}
	detail := Detail{Note: w.Wording, Ordered: w.Ordered}
	if detail.Destroys, err = r.destroys(&tx.Query, w, plan); err != nil {
		return filed, err
	}
	if act.Detail, err = json.Marshal(detail); err != nil {
		return filed, fmt.Errorf("erasing: %w", err)
	}
	if act.Base, err = tx.LatestOf(act.Subject, ""); err != nil {
		return filed, err
	}
	if filed, err = r.accept(tx, who, act); err != nil {
		return filed, err
	}
	return filed, r.destroyPrivate(tx, w, plan, filed.Entry)
}

// endActs takes back what is at the gate: an act that waits carries words.
func (r *Room) endActs(tx *store.Tx, id story.ArticleID) error {
	open, err := tx.OpenActs(string(id))
	if err != nil {
		return err
	}
	fronts, err := tx.FrontActs(id)
	if err != nil {
		return err
	}
	for _, a := range fronts {
		d, err := detailOf(a)
		if err != nil || d.Front == nil || !d.Front.Tells(id) {
			continue // it cannot be read, or names the story by its id alone
		}
		if err := tx.ClearAct(a.ID); err != nil {
			return err
		}
		open = append(open, a)
	}
	for _, a := range open {
		if _, err := tx.EndAct(a.ID, story.TakenBack, 0, ""); err != nil {
			return err
		}
	}
	return nil
}

// destroys lists the entries whose contents go: every text and note of the subject, the
// notes of its kills, and what repeats its words elsewhere.
func (r *Room) destroys(q *store.Query, w ErasureWish, plan ErasePlan) (gone []int64, err error) {
	own, err := q.EntriesOf(w.subject())
	if err != nil {
		return nil, err
	}
	for _, e := range own {
		if e.Content != nil && e.Kind != record.KindErase {
			gone = append(gone, e.N)
		}
	}
	if w.piece() != "" {
		return gone, nil
	}
	telling, err := tellingOf(q, w.Article, idsIn(own))
	if err != nil {
		return nil, err
	}
	for _, e := range telling {
		gone = append(gone, e.N)
	}
	for _, look := range []struct {
		kind  record.Kind
		names func(record.Entry) (bool, error)
	}{
		{record.KindFront, func(e record.Entry) (bool, error) {
			f, err := record.Decode[record.Front](e)
			return f.Tells(w.Article), err
		}},
		{record.KindPicture, func(e record.Entry) (bool, error) {
			x, err := record.Decode[record.Picture](e)
			return !x.Withdrawn && plan.goes(e.Subject), err
		}},
	} {
		all, err := q.Readable(look.kind)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			if yes, err := look.names(e); err != nil {
				return nil, err
			} else if yes {
				gone = append(gone, e.N)
			}
		}
	}
	slices.Sort(gone)
	return gone, nil
}

// erasedFiles are the files that an erasure deletes unless another use of them is left.
type erasedFiles struct {
	Originals  []string `json:"originals,omitempty"`  // by SHA-256, as the renditions
	Renditions []string `json:"renditions,omitempty"` //
	Wires      []string `json:"wires,omitempty"`      // SHA-256 of raw bytes, which may lie in a wire's folder
}

// destroyPrivate destroys the rows of what was never public, and notes which files are left.
func (r *Room) destroyPrivate(tx *store.Tx, w ErasureWish, plan ErasePlan, entry int64) error {
	files, err := r.destroyUses(tx, plan)
	if err != nil {
		return err
	}
	if w.piece() != "" {
		err = errors.Join(tx.ErasePiece(w.piece()), tx.DropPerson(w.piece()))
	} else if err = tx.EraseArticle(w.Article); err == nil {
		for _, p := range plan.people {
			if err := tx.DropPerson(p); err != nil {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	_, volume, at, err := tx.Last()
	if err != nil {
		return err
	}
	if entry == 0 {
		volume, at = 0, tx.Now
	}
	listed, err := json.Marshal(Erased{Volume: volume, Entry: entry, At: at, Article: w.Article, Person: w.Person, Piece: w.Piece, Ordered: w.Ordered})
	if err != nil {
		return fmt.Errorf("erasing: %w", err)
	}
	left, err := json.Marshal(files)
	if err != nil {
		return fmt.Errorf("erasing: %w", err)
	}
	return tx.AddErasure(store.Erasure{Entry: entry, Subject: w.subject(), Listed: listed, Files: left})
}

// destroyUses destroys pictures and wire items that only the story used.
func (r *Room) destroyUses(tx *store.Tx, plan ErasePlan) (files erasedFiles, err error) {
	for _, u := range plan.Pictures {
		if u.Kept != "" {
			continue
		}
		if err := r.destroyPicture(tx, u.picture, &files); err != nil {
			return files, err
		}
	}
	for _, u := range plan.Wires {
		if u.Kept != "" {
			continue
		}
		roads, err := tx.Arrivals(u.item)
		if err != nil {
			return files, err
		}
		for _, a := range roads {
			files.Wires = append(files.Wires, hex.EncodeToString(a.SHA256))
		}
		if err := tx.EraseItem(u.item); err != nil {
			return files, err
		}
	}
	return files, nil
}

func (r *Room) destroyPicture(tx *store.Tx, id string, files *erasedFiles) error {
	p, found, err := tx.Picture(id)
	if err != nil || !found {
		return err
	}
	made, err := tx.Rendered(id)
	if err != nil {
		return err
	}
	waiting, err := tx.OpenActs(id)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if _, err := tx.EndAct(a.ID, story.TakenBack, 0, ""); err != nil {
			return err
		}
	}
	files.Originals, files.Renditions = append(files.Originals, p.SHA256), append(files.Renditions, made...)
	return tx.ErasePicture(id)
}
