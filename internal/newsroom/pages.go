package newsroom

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// maxBlocks bounds a page.
const maxBlocks = 500

// PutPage files a page that is no article: about the house, how to reach it, its code of
// conduct. A block that says what it said before keeps its id.
func (r *Room) PutPage(ctx context.Context, who Who, w PieceWish, c record.Page) (FiledPiece, error) {
	return r.put(ctx, who, story.PutPage, w, c, func(tx *store.Tx, id string) (Piece, string, error) {
		if id == "" {
			id = r.newID(story.ArticleIDLength)
		}
		if len(c.Doc) > maxBlocks {
			return Piece{}, "", story.Refuse(story.TooLarge, "A page has at most %d paragraphs.", maxBlocks)
		}
		c.Slug, c.Title = norm.NFC.String(c.Slug), norm.NFC.String(c.Title)
		doc, err := r.blockIDs(&tx.Query, id, c.Doc)
		c.Doc = doc
		return Piece{Page: &c}, id, err
	})
}

// blockIDs gives the blocks of a page their ids.
func (r *Room) blockIDs(q *store.Query, id string, doc story.Doc) (story.Doc, error) {
	p, err := pieceOf(q, id)
	if err != nil {
		return nil, err
	}
	known := map[string][]string{} // what a block says → its ids
	if p.newest.Readable() {
		before, err := record.Decode[record.Page](p.newest)
		if err != nil {
			return nil, err
		}
		for _, b := range before.Doc {
			said := string(b.Kind) + b.Plain()
			known[said] = append(known[said], b.ID)
		}
	}
	out := slices.Clone(doc)
	for i, b := range out {
		said := string(b.Kind) + b.Plain()
		if ids := known[said]; len(ids) > 0 {
			out[i].ID, known[said] = ids[0], ids[1:]
		} else {
			out[i].ID = r.newID(story.BlockIDLength)
		}
	}
	return out, nil
}

func pageLacks(q *store.Query, id string, c record.Page, h record.House) (missing []string, err error) {
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, what)
		}
	}
	need(story.Visible(c.Title) && len(c.Title) <= 300, "title of at most 300 letters")
	need(c.Slug != "" && c.Slug == story.Slug(c.Slug), "address of letters, digits and hyphens, such as about")
	need(!story.Reserved(c.Slug, h.Languages), fmt.Sprintf("address that is free: /%s leads elsewhere", c.Slug))
	need(slices.Contains(h.Languages, c.Lang), story.NoLanguage)
	need(slices.ContainsFunc(c.Doc, func(b story.Block) bool { return !b.Empty() }), "text")
	for _, b := range c.Doc {
		if err := story.CheckBlock(b); err != nil {
			return nil, err
		}
	}
	pages, err := pieces[record.Page](q, record.KindPage)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		taken := p.ID != id && p.Standing == story.Public && p.Content.Slug == c.Slug && p.Content.Lang == c.Lang
		need(!taken, fmt.Sprintf("address of its own: another page is at /%s", c.Slug))
	}
	return missing, nil
}
