package newsroom

import (
	"context"
	"fmt"
	"slices"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// maxMembers bounds a package; a story that runs longer is parted.
const maxMembers = 500

// Sorts of packages.
const (
	Running = "running" // it grows, the newest first
	Ordered = "ordered" // it keeps the order that it was given
)

// PutPackage files a package: its title, its members in order, its note. A change is filed
// whole, so that nobody adds to what somebody else has just reordered.
func (r *Room) PutPackage(ctx context.Context, who Who, w PieceWish, c record.Package) (FiledPiece, error) {
	return r.put(ctx, who, story.PutPackage, w, c, func(_ *store.Tx, id string) (Piece, string, error) {
		if id == "" {
			id = r.newID(story.ArticleIDLength)
		}
		if c.Slug == "" {
			c.Slug = story.Slug(c.Title)
		}
		if len(c.Members) > maxMembers {
			return Piece{}, "", story.Refuse(story.TooLarge, "A running story has at most %d members.", maxMembers)
		}
		return Piece{Package: &c}, id, nil
	})
}

func packageLacks(q *store.Query, c record.Package, h record.House) (missing []string, err error) {
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, what)
		}
	}
	need(story.Visible(c.Title) && len(c.Title) <= 300, "title of at most 300 letters")
	need(c.Slug != "" && c.Slug == story.Slug(c.Slug), "slug")
	need(slices.Contains(h.Languages, c.Lang), story.NoLanguage)
	need(c.Sort == Running || c.Sort == Ordered, "kind, running or ordered")
	need(len(c.Note) <= 2000, "note of at most 2,000 letters")
	need(len(c.Members) > 0, "member")
	seen := map[story.ArticleID]bool{}
	for _, id := range c.Members {
		a, _, err := q.Article(id)
		if err != nil {
			return nil, err
		}
		// An id of what nobody may know of yet must not be in the record.
		need(a.Standing == story.Public, fmt.Sprintf("public story %.20q “%s”", id, a.Headline))
		need(!seen[id], fmt.Sprintf("place for %s a second time", id))
		seen[id] = true
	}
	return missing, nil
}
