package newsroom

import (
	"context"
	"crypto/sha256"
	"unicode/utf8"

	"dateline/internal/look"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// How readers' pages look is the house's, and so never held: an administrator's.

// maxMasthead bounds the words of the house about itself, in characters.
const maxMasthead = 200

// A LookWish is what an administrator says of the look of readers' pages. The rendition of
// its logo is looked up by the logo's picture.
type LookWish struct {
	Look     record.Look
	Masthead record.Words
}

// SetLook keeps the look of readers' pages, and appends the house's entry.
func (r *Room) SetLook(ctx context.Context, who Who, key string, wish LookWish) error {
	_, err := do(ctx, r, who, "look", key, wish, func(tx *store.Tx, who Who) (bool, error) {
		if !who.May("house settings", "") {
			return false, story.Refuse(story.Forbidden, "An administrator says how the paper looks.")
		}
		h, err := newestHouse(&tx.Query)
		if err != nil {
			return false, err
		}
		if err := look.Check(wish.Look); err != nil {
			return false, err
		}
		if h.Masthead, err = wish.masthead(h); err != nil {
			return false, err
		}
		kept := wish.Look
		if kept.Logo, err = logoOf(&tx.Query, kept.Logo); err != nil {
			return false, err
		}
		if h.Look = &kept; kept == (record.Look{}) {
			h.Look = nil
		}
		if _, err := r.houses(tx, record.KindHouse, HouseID, h); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "look", Subject: HouseID})
	})
	return err
}

func (w LookWish) masthead(h record.House) (record.Words, error) {
	words := record.Words{}
	for _, lang := range h.Languages {
		s := w.Masthead[lang]
		if utf8.RuneCountInString(s) > maxMasthead {
			return nil, story.Refuse(story.TooLarge, "The masthead’s words have at most %d characters in each language.", maxMasthead)
		}
		if story.Visible(s) {
			words[lang] = s
		}
	}
	return words, nil
}

// logoWords stand for the words inside a logo's rendition: it has none.
func logoWords() []byte {
	sum := sha256.Sum256([]byte("logo"))
	return sum[:]
}

// logoOf finds the public form of a logo: what a form says of it is not believed.
func logoOf(q *store.Query, l *record.Logo) (*record.Logo, error) {
	if l == nil {
		return nil, nil
	}
	made, err := q.Renditions(l.Picture, logoWords())
	if err != nil || len(made) == 0 {
		return nil, joinUnknown(err, "The logo is not here. Upload it again.")
	}
	return &record.Logo{Picture: l.Picture, Rendition: made[0]}, nil
}

// LogoOf is a logo that was uploaded, by its picture.
func (r *Room) LogoOf(ctx context.Context, picture string) (l *record.Logo, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		l, err = logoOf(q, &record.Logo{Picture: picture})
		return err
	})
	return l, err
}

// AddLogo takes an uploaded logo in and makes its public form. No reader sees it before
// SetLook names it.
func (r *Room) AddLogo(ctx context.Context, who Who, key string, raw []byte) (picture string, err error) {
	if !who.May("house settings", "") {
		return "", story.Refuse(story.Forbidden, "An administrator says how the paper looks.")
	}
	p, _, err := r.keepOriginal(ctx, raw, who.Member)
	if err != nil {
		return "", err
	}
	made, err := r.reader.Logo(ctx, raw)
	if err != nil {
		return "", err
	}
	if err := r.keepBytes("renditions", made.SHA256, made.Data); err != nil {
		return "", err
	}
	return do(ctx, r, who, "logo", key, map[string]string{"sha256": p.SHA256}, func(tx *store.Tx, who Who) (string, error) {
		if !who.May("house settings", "") {
			return "", story.Refuse(story.Forbidden, "An administrator says how the paper looks.")
		}
		if err := tx.AddPicture(p); err != nil {
			return "", err
		}
		if err := tx.AddRendition(p.ID, logoWords(), made.Rendition); err != nil {
			return "", err
		}
		return p.ID, tx.Note(store.Audit{Member: who.Member, Verb: "logo", Subject: HouseID})
	})
}
