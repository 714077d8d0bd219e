package newsroom

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/wire"
)

// A Taking asks to take a wire item into a story of a desk.
type Taking struct {
	Key  string
	Item int64
	Desk story.DeskID
}

// Take begins a story from the newest version of a wire item: headline, blocks, sources
// and the linked pictures with caption and credit come along, and each keeps its lineage.
// The agency's note to editors stays behind.
func (r *Room) Take(ctx context.Context, who Who, t Taking) (story.ArticleID, error) {
	return do(ctx, r, who, "take", t.Key, t, func(tx *store.Tx, who Who) (story.ArticleID, error) {
		if err := who.must("take", t.Desk); err != nil {
			return "", err
		}
		item, found, err := tx.WireItem(t.Item)
		if err != nil || !found || item.Kind != string(wire.KindText) {
			return "", joinUnknown(err, "There is no such wire item.")
		}
		v, it, err := newestUsable(&tx.Query, item)
		if err != nil {
			return "", err
		}
		return r.take(tx, who, t.Desk, item, v, it)
	})
}

func (r *Room) take(tx *store.Tx, who Who, desk story.DeskID, item store.WireItem, v store.WireVersion, it wire.Item) (story.ArticleID, error) {
	text, lineage := r.fromWire(it)
	for i := range lineage {
		lineage[i].Item, lineage[i].Version = item.ID, v.Number
	}
	pictures, picLineage, err := r.wirePictures(&tx.Query, item)
	if err != nil {
		return "", err
	}
	text.Pictures, lineage = pictures, append(lineage, picLineage...)
	if text.Doc, err = galleriesOf(&tx.Query, item, text); err != nil {
		return "", err
	}
	id, err := r.start(tx, who, desk, text)
	if err != nil {
		return "", err
	}
	for _, l := range lineage {
		l.Article = id
		if err := tx.AddLineage(l); err != nil {
			return "", err
		}
	}
	if it.Embargo.Set {
		return id, tx.SetEmbargo(id, story.Embargo{Set: true, Until: it.Embargo.Until})
	}
	return id, nil
}

// fromWire makes the first text of a story from an item, with the lineage of its parts.
func (r *Room) fromWire(it wire.Item) (text story.Text, lineage []store.Lineage) {
	text = story.Text{Type: story.Report, Lang: cmp.Or(baseLang(it.Lang), "en"), Headline: story.Shorten(it.Headline, story.MaxHeadline), Slug: story.Slug(it.Headline),
		Standfirst: story.Shorten(it.Standfirst, story.MaxStandfirst), Topics: it.Topics, Places: it.Places, Dateline: story.Dateline{Place: it.Located}}
	lineage = append(lineage, store.Lineage{Part: "headline"})
	for _, b := range it.Doc {
		b.ID = r.newID(story.BlockIDLength)
		text.Doc = append(text.Doc, b)
		lineage = append(lineage, store.Lineage{Part: story.BlockPart(b.ID)})
	}
	for _, name := range append([]string{it.Provider}, it.InfoSources...) {
		if name != "" && !slices.ContainsFunc(text.Sources, func(s story.Source) bool { return s.Name == name }) {
			text.Sources = append(text.Sources, story.Source{Name: name})
		}
	}
	return text, append(lineage, store.Lineage{Part: "sources"})
}

func baseLang(tag string) string {
	for i, c := range tag {
		if c == '-' || c == '_' {
			return tag[:i]
		}
	}
	return tag
}

// wirePictures are the linked pictures whose bytes are here and whose agency lets them be used.
func (r *Room) wirePictures(q *store.Query, item store.WireItem) (uses []story.PictureUse, lineage []store.Lineage, err error) {
	linked, err := q.LinkedPictures(item.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range linked {
		if p.Picture == "" {
			continue
		}
		v, it, err := newestUsable(q, p)
		if _, refused := story.AsRefusal(err); refused {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		uses = append(uses, story.PictureUse{ID: p.Picture, Caption: it.Picture.Caption, Alt: it.Picture.Alt, Credit: it.Picture.Credit})
		lineage = append(lineage, store.Lineage{Part: story.PicturePart(p.Picture), Item: p.ID, Version: v.Number})
	}
	return uses, lineage, nil
}

// galleriesOf gives the galleries of a taken text the ids of their pictures, which the wire
// names by their files. A picture that is not here has no place, nor a gallery without any.
func galleriesOf(q *store.Query, item store.WireItem, text story.Text) (doc story.Doc, err error) {
	linked, err := q.LinkedPictures(item.ID)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, p := range linked {
		if _, here := text.Picture(p.Picture); here && p.Picture != "" {
			ids[p.File] = p.Picture
		}
	}
	for _, b := range text.Doc {
		if b.Kind == story.GalleryBlock {
			files := b.Pictures
			b.Pictures = nil
			for _, file := range files {
				if id := ids[file]; id != "" && !slices.Contains(b.Pictures, id) {
					b.Pictures = append(b.Pictures, id)
				}
			}
			if len(b.Pictures) == 0 {
				continue
			}
		}
		doc = append(doc, b)
	}
	return doc, nil
}

// An Answer answers the wire versions that ask something of a story, by keeping it with a
// reason; a kill or a withdrawal answers by itself.
type Answer struct {
	Key     string
	Article story.ArticleID
	Reason  string
}

// Keep answers the open wire doubts of a story: it is kept, and the reason is.
func (r *Room) Keep(ctx context.Context, who Who, a Answer) error {
	_, err := do(ctx, r, who, "answer", a.Key, a, func(tx *store.Tx, who Who) (bool, error) {
		art, found, err := tx.Article(a.Article)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("answer", art.Desk); err != nil {
			return false, err
		}
		if !story.Visible(a.Reason) {
			return false, story.Refuse(story.Invalid, "Say why the story is kept: the reason is kept with your name.")
		}
		n, err := tx.AnswerDoubts(a.Article, "keep", a.Reason, who.Member)
		if err != nil {
			return false, err
		}
		if n == 0 {
			return false, story.Refuse(story.Conflict, "Nothing waits for an answer here.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "keep", Desk: art.Desk, Subject: string(a.Article), Detail: a.Reason})
	})
	return err
}

// BringPicture adds a linked wire picture, arrived later, to a story that rests on its text.
func (r *Room) BringPicture(ctx context.Context, who Who, key string, id story.ArticleID, pictureItem int64) error {
	request := map[string]any{"article": id, "item": pictureItem}
	_, err := do(ctx, r, who, "picture", key, request, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(id)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("picture", a.Desk); err != nil {
			return false, err
		}
		p, found, err := tx.WireItem(pictureItem)
		if err != nil || !found || p.Picture == "" {
			return false, joinUnknown(err, "This picture has not arrived.")
		}
		v, it, err := newestUsable(&tx.Query, p)
		if err != nil {
			return false, err
		}
		use := story.PictureUse{ID: p.Picture, Caption: it.Picture.Caption, Alt: it.Picture.Alt, Credit: it.Picture.Credit}
		if err := r.addUse(tx, who, id, use); err != nil {
			return false, err
		}
		return true, tx.AddLineage(store.Lineage{Article: id, Part: story.PicturePart(use.ID), Item: p.ID, Version: v.Number})
	})
	return err
}

// addUse adds a picture to a working text, last.
func (r *Room) addUse(tx *store.Tx, who Who, id story.ArticleID, use story.PictureUse) error {
	parts, err := working(&tx.Query, id)
	if err != nil {
		return err
	}
	var order []string
	if p, there := parts[story.PartPictures]; there {
		if err := json.Unmarshal(p.Body, &order); err != nil {
			return err
		}
	}
	if slices.Contains(order, use.ID) {
		return story.Refuse(story.Conflict, "The story has this picture already.")
	}
	newOrder, err := json.Marshal(append(order, use.ID))
	if err != nil {
		return err
	}
	body, err := json.Marshal(use)
	if err != nil {
		return err
	}
	_, err = r.save(tx, who, id, []PartSave{
		{Part: story.PicturePart(use.ID), Base: parts[story.PicturePart(use.ID)].Version, Body: body},
		{Part: story.PartPictures, Base: parts[story.PartPictures].Version, Body: newOrder},
	})
	return err
}
