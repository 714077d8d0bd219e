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

// PutPerson files what readers are told of somebody: names per language, a line, and whom
// they turned out to be. The slug is an address and stays as it first was.
func (r *Room) PutPerson(ctx context.Context, who Who, w PieceWish, c record.Person) (FiledPiece, error) {
	return r.put(ctx, who, story.PutPerson, w, c, func(tx *store.Tx, id string) (Piece, string, error) {
		c.Names, c.Line = worded(c.Names), worded(c.Line)
		h, err := newestHouse(&tx.Query)
		if err != nil {
			return Piece{}, "", err
		}
		name := c.Names.In("", h.Languages...)
		if id == "" {
			if id, err = r.personID(tx, name); err != nil {
				return Piece{}, "", err
			}
		}
		p, err := pieceOf(&tx.Query, id)
		if err != nil {
			return Piece{}, "", err
		}
		if c.Slug = story.Slug(name); p.newest.Readable() {
			before, err := record.Decode[record.Person](p.newest)
			if err != nil {
				return Piece{}, "", err
			}
			c.Slug, c.Picture = before.Slug, before.Picture
		}
		return Piece{Person: &c}, id, nil
	})
}

// worded are words without those that say nothing.
func worded(w record.Words) record.Words {
	out := record.Words{}
	for lang, s := range w {
		if s = norm.NFC.String(strings.TrimSpace(s)); story.Visible(s) {
			out[lang] = s
		}
	}
	return out
}

// mergeDepth ends a walk from person to person.
const mergeDepth = 8

func personLacks(q *store.Query, id string, c record.Person) (missing []string, err error) {
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, what)
		}
	}
	need(len(c.Names) > 0, "name")
	need(c.Slug != "" && c.Slug == story.Slug(c.Slug), "name with letters, for its address")
	for _, w := range []record.Words{c.Names, c.Line} {
		for _, lang := range slices.Sorted(maps.Keys(w)) {
			need(len(w[lang]) <= 300 && len(lang) <= 35, "line of at most 300 letters")
		}
	}
	next := c.Merged
	for range mergeDepth {
		if next == "" {
			return missing, nil
		}
		if next == id {
			break
		}
		p, err := pieceOf(q, next)
		if err != nil {
			return nil, err
		}
		if p.kind != record.KindPerson || p.standing != story.Public || !p.newest.Readable() {
			break
		}
		x, err := record.Decode[record.Person](p.newest)
		if err != nil {
			return nil, err
		}
		next = x.Merged
	}
	return append(missing, "other public person to be merged into"), nil
}

// named are the people whom a text names, each once: those who wrote it, and those whose
// words it has.
func named(t story.Text) (all []story.Byline) {
	add := func(id, name string) {
		if id != "" && !slices.ContainsFunc(all, func(b story.Byline) bool { return b.Person == id }) {
			all = append(all, story.Byline{Person: id, Name: name})
		}
	}
	for _, b := range t.Bylines {
		add(b.Person, b.Name)
	}
	for _, q := range t.Quotations {
		add(q.Person, q.Speaker)
	}
	return all
}

// speakerIDs gives the speakers of a text's quotations the ids of their persons.
func (r *Room) speakerIDs(tx *store.Tx, t *story.Text) (err error) {
	t.Quotations = slices.Clone(t.Quotations)
	for i, q := range t.Quotations {
		if q.Person != "" || !story.Visible(q.Speaker) {
			continue
		}
		if t.Quotations[i].Person, err = r.personID(tx, strings.TrimSpace(q.Speaker)); err != nil {
			return err
		}
	}
	return nil
}
