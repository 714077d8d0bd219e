package newsroom

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

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

// onePiece reads one piece with what waits about it.
func onePiece[T any](ctx context.Context, r *Room, who Who, what story.What, id string, content func(*Piece) *T) (v PieceView[T], err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return v, story.Refuse(story.Forbidden, "To see this, you need a role at a desk.")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		p, err := pieceOf(q, id)
		if err != nil {
			return err
		}
		if p.kind == pieceKinds[what] && p.newest.Content != nil {
			v = PieceView[T]{ID: id, Desk: p.desk, Standing: p.standing, N: p.latest}
			if v.Content, err = record.Decode[T](p.newest); err != nil {
				return err
			}
		}
		waiting, err := q.OpenActs(id)
		for _, a := range waiting {
			if a.What != what {
				continue
			}
			act, err := r.actView(q, a, r.db.Now())
			if err != nil {
				return err
			}
			if v.ID == "" {
				v.ID, v.Desk, v.Standing = id, a.Desk, story.Never
			}
			v.Waiting = &act
			if v.Standing == story.Never && act.Detail.Piece != nil && content(act.Detail.Piece) != nil {
				v.Content = *content(act.Detail.Piece)
			}
		}
		if err == nil && v.ID == "" {
			err = story.Refuse(story.Unknown, "There is no such %s.", story.Word(pieceKinds[what]))
		}
		return err
	})
	return v, err
}

// Package reads a package.
func (r *Room) Package(ctx context.Context, who Who, id string) (PieceView[record.Package], error) {
	return onePiece(ctx, r, who, story.PutPackage, id, func(p *Piece) *record.Package { return p.Package })
}

// Page reads a page that is no article.
func (r *Room) Page(ctx context.Context, who Who, id string) (PieceView[record.Page], error) {
	return onePiece(ctx, r, who, story.PutPage, id, func(p *Piece) *record.Page { return p.Page })
}

// Person reads a person.
func (r *Room) Person(ctx context.Context, who Who, id string) (PieceView[record.Person], error) {
	return onePiece(ctx, r, who, story.PutPerson, id, func(p *Piece) *record.Person { return p.Person })
}

// Relation reads a relation.
func (r *Room) Relation(ctx context.Context, who Who, id string) (PieceView[record.Relation], error) {
	return onePiece(ctx, r, who, story.PutRelation, id, func(p *Piece) *record.Relation { return p.Relation })
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

// lookedThrough is how many of the newest entries a search for people looks through.
const lookedThrough = 5000

// PersonsNamed finds people by a part of any of their names, those of whom something was
// told last first.
func (r *Room) PersonsNamed(ctx context.Context, who Who, find string, limit int) (all []PieceView[record.Person], err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return nil, story.Refuse(story.Forbidden, "To see this, you need a role at a desk.")
	}
	find = strings.ToLower(norm.NFC.String(strings.TrimSpace(find)))
	err = r.db.Read(ctx, func(q *store.Query) error {
		entries, err := q.NewestOfKind(record.KindPerson, lookedThrough)
		seen := map[string]bool{}
		for _, e := range entries {
			if seen[e.Subject] || len(all) >= limit {
				continue
			}
			seen[e.Subject] = true
			v := PieceView[record.Person]{ID: e.Subject, Desk: e.Desk, Standing: story.Public, N: e.N}
			if v.Content, err = record.Decode[record.Person](e); err != nil {
				return err
			}
			if strings.Contains(strings.ToLower(strings.Join(slices.Collect(maps.Values(v.Content.Names)), " ")), find) {
				all = append(all, v)
			}
		}
		for i, v := range all {
			p, err := pieceOf(q, v.ID)
			if err != nil {
				return err
			}
			all[i].Standing, all[i].N = p.standing, p.latest
		}
		return err
	})
	return all, err
}

// Persons lists the people whom the house has named to readers, all of them.
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
