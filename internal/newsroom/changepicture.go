package newsroom

import (
	"context"
	"encoding/json"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A PictureWish withdraws a picture of a story, or corrects its caption or credit, in every
// place where it ran.
type PictureWish struct {
	Key      string
	Article  story.ArticleID // a story that has it: its desk speaks
	Picture  string
	Withdraw bool
	Caption  string // "" leaves it as it is
	Credit   story.Credit
}

// ChangePicture files an act about a published picture. A withdrawal goes out at once,
// whoever rests; another caption or credit speaks, and may wait.
func (r *Room) ChangePicture(ctx context.Context, who Who, w PictureWish) (Filed, error) {
	filed, err := do(ctx, r, who, "picture entry", w.Key, w, func(tx *store.Tx, who Who) (Filed, error) {
		a, found, err := tx.Article(w.Article)
		if err != nil || !found {
			return Filed{}, joinUnknown(err, "There is no such story.")
		}
		verb, what := "change a published picture", story.CorrectPicture
		if w.Withdraw {
			verb, what = "withdraw a picture", story.WithdrawPicture
		}
		if err := who.must(verb, a.Desk); err != nil {
			return Filed{}, err
		}
		content, err := r.pictureContent(&tx.Query, a, w)
		if err != nil {
			return Filed{}, err
		}
		return r.filePicture(tx, who, a, w, what, content)
	})
	if err == nil && filed.State == story.Posted {
		filed.Shown = r.waitShown(ctx, filed.Entry)
	}
	return filed, err
}

// pictureContent is what the entry will say, of a picture that the story made public.
func (r *Room) pictureContent(q *store.Query, a store.Article, w PictureWish) (c record.Picture, err error) {
	ran, err := ranIn(q, a.ID, w.Picture)
	if err != nil {
		return c, err
	}
	if !ran {
		return c, story.Refuse(story.Conflict, "No reader has seen this picture in this story. Change it in the text.")
	}
	before, found, err := q.Newest(record.KindPicture, w.Picture)
	if err != nil {
		return c, err
	}
	if found && before.Readable() {
		if c, err = record.Decode[record.Picture](before); err != nil {
			return c, err
		}
	}
	switch {
	case c.Withdrawn:
		return c, story.Refuse(story.Conflict, "This picture was withdrawn. Add it to the story anew to show it again.")
	case w.Withdraw:
		return record.Picture{Withdrawn: true}, nil
	case w.Caption == "" && w.Credit == story.Credit{}:
		return c, story.Refuse(story.Invalid, "Say what is right: another caption, or another credit.")
	}
	if w.Caption != "" {
		c.Caption = w.Caption
	}
	if w.Credit != (story.Credit{}) {
		if w.Credit.String() == "" {
			return c, story.Refuse(story.Invalid, "A picture is never public without a credit.")
		}
		c.Credit = &w.Credit
	}
	return c, nil
}

// ranIn reports whether an entry of an article shows a picture to readers.
func ranIn(q *store.Query, id story.ArticleID, picture string) (bool, error) {
	all, err := q.EntriesOf(string(id))
	if err != nil {
		return false, err
	}
	for _, e := range all {
		uses, err := usesOf(e)
		if err != nil {
			return false, err
		}
		if _, there := (story.Text{Pictures: uses}).Picture(picture); there {
			return true, nil
		}
	}
	return false, nil
}

func (r *Room) filePicture(tx *store.Tx, who Who, a store.Article, w PictureWish, what story.What, c record.Picture) (filed Filed, err error) {
	act := store.Act{By: who.Member, LookAt: tx.Now, Act: story.Act{What: what, Subject: w.Picture, Desk: a.Desk,
		Queued: tx.Now, Undo: tx.Now, Due: tx.Now, Road: story.ByPerson, State: story.Pending}}
	if who.Program {
		act.Road = story.ByProgram
	}
	if act.Base, err = tx.LatestOf(act.Subject, ""); err != nil {
		return filed, err
	}
	if act.Detail, err = json.Marshal(Detail{Picture: &c}); err != nil {
		return filed, fmt.Errorf("filing a picture: %w", err)
	}
	if filed, err = r.accept(tx, who, act); err != nil {
		return filed, err
	}
	if !c.Withdrawn {
		return filed, nil
	}
	p, found, err := tx.Picture(w.Picture)
	if err == nil && found { // no later text can bring it back
		err = tx.SetRights(p.ID, p.From, tx.Now)
	}
	if err != nil {
		return filed, err
	}
	return filed, tx.Note(store.Audit{Member: who.Member, Verb: "withdraw a picture", Desk: a.Desk, Subject: string(a.ID), Detail: w.Picture, Entry: filed.Entry})
}
