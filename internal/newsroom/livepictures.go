package newsroom

import (
	"context"
	"encoding/json"
	"fmt"

	"dateline/internal/store"
	"dateline/internal/story"
)

// Pictures of live entries lie with those of the page's own text, outside their order.

// AddLivePicture adds an uploaded picture to a live page, for its entries: it lies with the
// pictures of the page's own text, outside their order, and is erased with them.
func (r *Room) AddLivePicture(ctx context.Context, who Who, key string, page story.ArticleID, raw []byte) (use story.PictureUse, err error) {
	p, info, err := r.keepOriginal(ctx, raw, who.Member)
	if err != nil {
		return use, err
	}
	request := map[string]any{"live page": page, "sha256": p.SHA256}
	return do(ctx, r, who, "picture", key, request, func(tx *store.Tx, who Who) (use story.PictureUse, err error) {
		if err := r.mayPicture(tx, who, page); err != nil {
			return use, err
		}
		if err := tx.AddPicture(p); err != nil {
			return use, err
		}
		use = story.PictureUse{ID: p.ID, Caption: info.Meta.Caption, Alt: info.Meta.Alt, Credit: info.Meta.StoryCredit()}
		body, err := json.Marshal(use)
		if err != nil {
			return use, fmt.Errorf("adding a picture: %w", err)
		}
		return use, tx.SavePart(page, store.Part{Name: story.PicturePart(p.ID), Version: 1, Body: body}, who.Member)
	})
}

// mayPicture: members of the page's own desk, and of the desks that it was opened with.
func (r *Room) mayPicture(tx *store.Tx, who Who, id story.ArticleID) error {
	a, found, err := tx.Article(id)
	if err != nil || !found {
		return joinUnknown(err, "There is no such story.")
	}
	if err := stands(&tx.Query, id); err != nil {
		return err
	}
	page, err := livePageOf(&tx.Query, id)
	if err != nil {
		return err
	}
	for _, desk := range page.Desks {
		if who.May("picture", desk) {
			return nil
		}
	}
	return who.must("picture", a.Desk)
}

// prepareUses makes the public forms of credited pictures before the transaction that
// names them.
func (r *Room) prepareUses(ctx context.Context, uses []story.PictureUse) error {
	for _, p := range uses {
		var made []story.Rendition
		err := r.db.Read(ctx, func(q *store.Query) (err error) {
			made, err = q.Renditions(p.ID, renditionWords(p))
			return err
		})
		if err == nil && len(made) == 0 && p.Credit.String() != "" {
			err = r.makeRenditions(ctx, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// livePictures gives the pictures of an entry their public forms. Each was added to this page.
func livePictures(tx *store.Tx, a store.Article, uses []story.PictureUse) (out []story.PictureUse, err error) {
	parts, err := working(&tx.Query, a.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range uses {
		if _, ofPage := parts[story.PicturePart(p.ID)]; !ofPage {
			return nil, story.Refuse(story.Unknown, "The picture %q is none of this page's.", p.ID)
		}
		if p.Renditions, err = tx.Renditions(p.ID, renditionWords(p)); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
