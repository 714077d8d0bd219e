package newsroom

import (
	"context"
	"slices"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A PieceView is a piece as the newsroom's screens show it: what is public, and what waits.
type PieceView[T any] struct {
	ID       string
	Desk     story.DeskID
	Standing story.Standing
	N        int64 // its newest entry, 0 for none: the base of the next act
	Content  T     // what is public, or was before it was taken back; else what waits
	Waiting  *ActView
}

// pieces lists the pieces of a kind that have an entry, in the order in which they were made.
func pieces[T any](q *store.Query, kind record.Kind) (all []PieceView[T], err error) {
	entries, err := q.Readable(kind)
	if err != nil {
		return nil, err
	}
	var order []string
	newest := map[string]record.Entry{}
	for _, e := range entries {
		if _, known := newest[e.Subject]; !known {
			order = append(order, e.Subject)
		}
		newest[e.Subject] = e
	}
	for _, id := range order {
		e := newest[id]
		v := PieceView[T]{ID: id, Desk: e.Desk, Standing: story.Public, N: e.N}
		if v.Content, err = record.Decode[T](e); err != nil {
			return nil, err
		}
		if v.N, err = q.LatestOf(id, ""); err != nil {
			return nil, err
		}
		if v.N != e.N {
			p, err := pieceOf(q, id)
			if err != nil {
				return nil, err
			}
			v.Standing = p.standing
		}
		all = append(all, v)
	}
	return all, nil
}

// pieceList lists the pieces of a kind with what waits at the gate; those that wait for
// their first posting come last.
func pieceList[T any](r *Room, q *store.Query, what story.What, content func(*Piece) *T) ([]PieceView[T], error) {
	all, err := pieces[T](q, pieceKinds[what])
	if err != nil {
		return nil, err
	}
	waiting, err := q.WaitingOf(what)
	if err != nil {
		return nil, err
	}
	for _, a := range waiting {
		v, err := r.actView(q, a, r.db.Now())
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(p PieceView[T]) bool { return p.ID == a.Subject })
		if i < 0 {
			p := PieceView[T]{ID: a.Subject, Desk: a.Desk, Standing: story.Never}
			if v.Detail.Piece != nil && content(v.Detail.Piece) != nil {
				p.Content = *content(v.Detail.Piece)
			}
			all, i = append(all, p), len(all)
		}
		all[i].Waiting = &v
	}
	return all, nil
}

// readPieces reads for anybody who works at a desk of the house.
func readPieces[T any](ctx context.Context, r *Room, who Who, what story.What, content func(*Piece) *T) (all []PieceView[T], err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return nil, story.Refuse(story.Forbidden, "To see this, you need a role at a desk.")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		all, err = pieceList(r, q, what, content)
		return err
	})
	return all, err
}

// Packages lists the packages of the house.
func (r *Room) Packages(ctx context.Context, who Who) ([]PieceView[record.Package], error) {
	return readPieces(ctx, r, who, story.PutPackage, func(p *Piece) *record.Package { return p.Package })
}

// Pages lists the pages of the house that are no articles.
func (r *Room) Pages(ctx context.Context, who Who) ([]PieceView[record.Page], error) {
	return readPieces(ctx, r, who, story.PutPage, func(p *Piece) *record.Page { return p.Page })
}

// Persons lists the people whom the house has named to readers.
func (r *Room) Persons(ctx context.Context, who Who) ([]PieceView[record.Person], error) {
	return readPieces(ctx, r, who, story.PutPerson, func(p *Piece) *record.Person { return p.Person })
}

// RelationsOf lists the relations of the house: all, or those of a story and its quotations.
func (r *Room) RelationsOf(ctx context.Context, who Who, id story.ArticleID) ([]PieceView[record.Relation], error) {
	all, err := readPieces(ctx, r, who, story.PutRelation, func(p *Piece) *record.Relation { return p.Relation })
	if err != nil || id == "" {
		return all, err
	}
	ids := map[string]bool{string(id): true}
	err = r.db.Read(ctx, func(q *store.Query) error {
		c, _, err := shownText(q, id)
		for _, x := range c.Quotations {
			ids[x.ID] = true
		}
		return err
	})
	return slices.DeleteFunc(all, func(v PieceView[record.Relation]) bool { return !ids[v.Content.From] && !ids[v.Content.To] }), err
}

// A Member is a story of a package, as its form shows it.
type Member struct {
	ID       story.ArticleID
	Headline string
	Standing story.Standing
}

// Members reads what the stories of a package are called and whether readers see them.
func (r *Room) Members(ctx context.Context, ids []story.ArticleID) (all []Member, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		for _, id := range ids {
			a, _, err := q.Article(id)
			if err != nil {
				return err
			}
			all = append(all, Member{id, a.Headline, a.Standing})
		}
		return nil
	})
	return all, err
}

// Moved lists the old paths of the house and where they lead now.
func (r *Room) Moved(ctx context.Context) (paths map[string]string, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		paths, err = movedPaths(q)
		return err
	})
	return paths, err
}

// PieceAskings lists what waits for a second person about a piece.
func (r *Room) PieceAskings(ctx context.Context, who Who, id string) (all []AskingView, err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return nil, story.Refuse(story.Forbidden, "To see this, you need a role at a desk.")
	}
	now := r.db.Now()
	err = r.db.Read(ctx, func(q *store.Query) error {
		open, err := q.Askings(id, now)
		for _, a := range open {
			line, err := r.askingView(q, a)
			if err != nil {
				return err
			}
			all = append(all, line)
		}
		return err
	})
	return all, err
}
