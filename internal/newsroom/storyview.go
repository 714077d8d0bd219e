package newsroom

import (
	"context"
	"encoding/json"
	"slices"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// StoryView is a story, whole, as its own screen shows it.
type StoryView struct {
	HouseView
	Desk      DeskView
	Article   store.Article
	Text      story.Text
	Parts     map[string]store.Part
	Clashes   []ClashView
	Acts      []ActView
	Gate      []story.Objection // what stands between this text and readers now
	Sentences []story.Sentence  // one for each
	Doubts    []DoubtView
	Rests     []RestsOn
	Missing   []MissingPicture
	Rights    map[string]Rights // of its pictures, by id
	Revisions []RevisionView
	Public    []record.Entry // its entries, newest first
	Audit     []AuditView
	Base      int64      // n of what is public now
	Offered   *OfferView // to another desk, which has not answered
	Asked
}

// ClashView is a part with two texts.
type ClashView struct {
	store.Clash
	Name string // who saved the second
}

// DoubtView is a wire version that asks something of the story.
type DoubtView struct {
	store.WireDoubt
	Headline string
	Source   string
}

// RestsOn is a wire item that the story rests on.
type RestsOn struct {
	Item     store.WireItem
	Headline string
	Version  int // that the story took
	Parts    []string
}

// MissingPicture is a picture that the wire named and that the story lacks.
type MissingPicture struct {
	Item    store.WireItem
	Caption string
	Credit  string
	Here    bool // its bytes have come since: it can be brought over
}

// RevisionView is a line of the story's revisions.
type RevisionView struct {
	store.Revision
	Name     string
	Approver string
}

// AuditView is a line of the story's audit.
type AuditView struct {
	store.Audit
	Name string
}

// Story reads a story for a member.
func (r *Room) Story(ctx context.Context, who Who, id story.ArticleID) (v StoryView, err error) {
	if v.HouseView, err = r.House(ctx); err != nil {
		return v, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		a, found, err := q.Article(id)
		if err != nil || !found {
			return joinUnknown(err, "There is no such story.")
		}
		if err := who.must("read", a.Desk); err != nil {
			return err
		}
		v.Article = a
		v.Desk, _ = v.HouseView.Desk(string(a.Desk))
		if err := r.readStory(q, &v); err != nil {
			return err
		}
		return r.readAsked(q, who, &v)
	})
	return v, err
}

func (r *Room) readStory(q *store.Query, v *StoryView) (err error) {
	id := v.Article.ID
	if v.Parts, err = working(q, id); err != nil {
		return err
	}
	if v.Text, err = assemble(v.Parts); err != nil {
		return err
	}
	for _, read := range []func(*store.Query, *StoryView) error{r.readClashes, r.readRights, r.readGate, r.readWires, r.readHistory, r.readOffered} {
		if err := read(q, v); err != nil {
			return err
		}
	}
	if v.Acts, err = r.openActs(q, string(id), v.Now); err != nil {
		return err
	}
	for _, p := range v.Text.Pictures {
		acts, err := r.openActs(q, p.ID, v.Now)
		if err != nil {
			return err
		}
		v.Acts = append(v.Acts, acts...)
	}
	return nil
}

func (r *Room) readClashes(q *store.Query, v *StoryView) error {
	clashes, err := q.Clashes(v.Article.ID)
	for _, c := range clashes {
		name, err := r.memberName(q, c.By)
		if err != nil {
			return err
		}
		v.Clashes = append(v.Clashes, ClashView{c, name})
	}
	return err
}

// readGate asks the gate about the working text as if it were filed now.
func (r *Room) readGate(q *store.Query, v *StoryView) error {
	base, err := q.LatestOf(string(v.Article.ID), "")
	if err != nil {
		return err
	}
	v.Base = base
	body, err := json.Marshal(v.Text)
	if err != nil {
		return err
	}
	rev, _, err := q.NewestRevision(v.Article.ID)
	if err != nil {
		return err
	}
	if v.Article.SavedAt.After(rev.At) {
		rev.ApprovedBy = 0 // an approval binds to its revision
	}
	rev.Text = body
	act := store.Act{Act: story.Act{What: v.NextWish(), Subject: string(v.Article.ID), Desk: v.Article.Desk, Base: base}}
	w := story.World{Doubt: v.Doubt != "", Hours: v.Desk.Hours, Latest: base, Embargo: v.Article.Embargo, Standing: v.Article.Standing}
	doubts, err := q.OpenDoubts(v.Article.ID)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		w.Wires = append(w.Wires, wireDoubt(d))
	}
	if err := r.revisionWorld(q, act, v.Article, rev, &w); err != nil {
		return err
	}
	if w.Grant, err = liveGrant(q, v.Article.Desk, v.Article.ID, v.Now); err != nil {
		return err
	}
	if w.Grant != nil {
		w.Grant.FiledUnder = true // what is filed now would be
	}
	v.Gate = story.Gate(act.Act, w, v.Now)
	name := r.namer(q, v.Text)
	v.Sentences = sayAll(v.Gate, name)
	return nil
}

// NextWish is what publishing means for the story as it stands.
func (v StoryView) NextWish() story.What {
	switch v.Article.Standing {
	case story.Public:
		return story.Update
	case story.Withdrawn, story.Killed:
		return story.Reinstate
	}
	return story.Publish
}

func (r *Room) readWires(q *store.Query, v *StoryView) error {
	doubts, err := q.OpenDoubts(v.Article.ID)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		item, _, err := q.WireItem(d.Item)
		if err != nil {
			return err
		}
		v.Doubts = append(v.Doubts, DoubtView{d, r.itemHeadline(q, item), item.Source})
	}
	lines, err := q.LineageOf(v.Article.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := r.readRestsOn(q, v, l); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) readRestsOn(q *store.Query, v *StoryView, l store.Lineage) error {
	i := slices.IndexFunc(v.Rests, func(x RestsOn) bool { return x.Item.ID == l.Item })
	if i >= 0 {
		v.Rests[i].Parts = append(v.Rests[i].Parts, l.Part)
		return nil
	}
	item, found, err := q.WireItem(l.Item)
	if err != nil || !found {
		return err
	}
	v.Rests = append(v.Rests, RestsOn{item, r.itemHeadline(q, item), l.Version, []string{l.Part}})
	linked, err := q.LinkedPictures(item.ID)
	if err != nil {
		return err
	}
	for _, p := range linked {
		if _, used := v.Text.Picture(p.Picture); used && p.Picture != "" {
			continue
		}
		m := MissingPicture{Item: p, Here: p.Picture != ""}
		if ver, found, err := q.WireVersion(p.ID, p.Newest); err != nil {
			return err
		} else if found {
			it, err := itemOf(ver)
			if err != nil {
				return err
			}
			if it.Picture != nil {
				m.Caption, m.Credit = it.Picture.Caption, it.Picture.Credit.String()
			}
		}
		v.Missing = append(v.Missing, m)
	}
	return nil
}

func (r *Room) readHistory(q *store.Query, v *StoryView) error {
	revs, err := q.Revisions(v.Article.ID, 20)
	if err != nil {
		return err
	}
	for _, rev := range revs {
		line := RevisionView{Revision: rev}
		if line.Name, err = r.memberName(q, rev.By); err != nil {
			return err
		}
		if line.Approver, err = r.memberName(q, rev.ApprovedBy); err != nil {
			return err
		}
		v.Revisions = append(v.Revisions, line)
	}
	if v.Public, err = q.EntriesOf(string(v.Article.ID)); err != nil {
		return err
	}
	slices.Reverse(v.Public)
	lines, err := q.AuditOf(string(v.Article.ID), 30)
	for _, a := range lines {
		line := AuditView{Audit: a}
		if line.Name, err = r.memberName(q, a.Member); err != nil {
			return err
		}
		v.Audit = append(v.Audit, line)
	}
	return err
}
