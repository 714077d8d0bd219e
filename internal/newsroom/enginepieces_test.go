package newsroom_test

import (
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

// piece does one random verb about what is no article.
func (w *twins) piece(who func(*newsroom.Room) newsroom.Who, key string, id story.ArticleID) {
	ctx := w.t.Context()
	wish := func(r *newsroom.Room) newsroom.PieceWish {
		h, err := r.House(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		return newsroom.PieceWish{Key: key, Desk: h.Desks[0].ID, ID: w.known, Base: w.base}
	}
	if len(w.pieces) == 0 {
		w.pieces = []string{"", "0123456789"}
	}
	w.known, w.base = pick(w, append([]string{"", "", ""}, w.pieces...)...), pick[int64](w, -1, -1, -1, -1, 3)
	other, words, slug := pick(w, w.stories...), w.words(), pick(w, "about", "contact", "corrections", "")
	var answer any
	switch w.rng.IntN(6) {
	case 0:
		c := record.Package{Title: words, Lang: "en", Sort: pick(w, newsroom.Running, newsroom.Running, newsroom.Ordered, newsroom.Ordered, ""), Members: []story.ArticleID{id, other}[:1+w.rng.IntN(2)]}
		answer = w.do("package", func(r *newsroom.Room) (any, error) { return r.PutPackage(ctx, who(r), wish(r), c) })
	case 1:
		answer = w.do("page", func(r *newsroom.Room) (any, error) {
			return r.PutPage(ctx, who(r), wish(r), record.Page{Slug: slug, Lang: "en", Title: words, Doc: story.ParseDoc(words + "\n\n- " + words)})
		})
	case 2:
		c := newsroom.RelationWish{From: newsroom.End{Article: id}, To: newsroom.End{Article: other}, What: pick(w, newsroom.Relations()...), Words: words}
		answer = w.do("relation", func(r *newsroom.Room) (any, error) { return r.PutRelation(ctx, who(r), wish(r), c) })
	case 3:
		merged := pick(w, w.pieces...)
		answer = w.do("person", func(r *newsroom.Room) (any, error) {
			return r.PutPerson(ctx, who(r), wish(r), record.Person{Names: record.Words{"en": words}, Merged: merged})
		})
	case 4:
		s := newsroom.Silencing{Key: key, ID: w.known, Note: words, Kill: w.rng.IntN(3) == 0}
		w.do("silence", func(r *newsroom.Room) (any, error) { return r.SilencePiece(ctx, who(r), s) })
	default:
		paths := []record.MovedPath{{From: "/" + slug + "/old", To: "/x-" + string(id)}}
		w.do("move", func(r *newsroom.Room) (any, error) { return r.MoveAddresses(ctx, who(r), key, paths) })
	}
	if filed, ok := answer.(newsroom.FiledPiece); ok && filed.ID != "" {
		w.pieces = append(w.pieces, filed.ID)
		w.acts = max(w.acts, filed.Act)
	}
}
