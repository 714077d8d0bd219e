package newsroom

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// An End is one end of a relation: a story, or a quotation in it.
type End struct {
	Article   story.ArticleID `json:"article"`
	Quotation string          `json:"quotation,omitempty"`
}

func (e End) id() string {
	if e.Quotation != "" {
		return e.Quotation
	}
	return string(e.Article)
}

// A RelationWish says how one quotation or story stands to another: From walks back To.
type RelationWish struct {
	From, To End
	What     record.RelationWhat
	Source   string // its own: an address, or the id of a story of this house
	Words    string
}

// Relations lists how quotations and stories may stand to each other.
func Relations() []record.RelationWhat {
	return []record.RelationWhat{record.WalksBack, record.Clarifies, record.Repeats, record.Disputes, record.Corrects, record.Related}
}

// PutRelation files a relation.
func (r *Room) PutRelation(ctx context.Context, who Who, w PieceWish, c RelationWish) (FiledPiece, error) {
	return r.put(ctx, who, story.PutRelation, w, c, func(_ *store.Tx, id string) (Piece, string, error) {
		if id == "" {
			id = r.newID(story.ArticleIDLength)
		}
		x := record.Relation{From: c.From.id(), To: c.To.id(), What: c.What, Source: strings.TrimSpace(c.Source), Words: norm.NFC.String(strings.TrimSpace(c.Words))}
		return Piece{Relation: &x, From: c.From, To: c.To}, id, nil
	})
}

func relationLacks(q *store.Query, p Piece) (missing []string, err error) {
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, what)
		}
	}
	x := p.Relation
	for _, end := range []struct {
		End
		is, what string
	}{{p.From, x.From, "public quotation or story that it starts from"}, {p.To, x.To, "public quotation or story that it leads to"}} {
		there, err := isPublic(q, end.End)
		if err != nil {
			return nil, err
		}
		need(there && end.id() == end.is, end.what)
	}
	need(x.From != x.To, "other end than itself")
	need(slices.Contains(Relations(), x.What), "word for what it is")
	need(len(x.Words) <= 1000, "sentence of at most 1,000 letters")
	source := x.Source == "" || story.SafeLink(x.Source) != ""
	if story.ValidID(x.Source, story.ArticleIDLength) {
		a, _, err := q.Article(story.ArticleID(x.Source))
		if err != nil {
			return nil, err
		}
		source = a.Standing == story.Public
	}
	need(source, "source that readers can reach: an address, or a public story of ours")
	return missing, nil
}

// isPublic reports whether readers see an end of a relation now.
func isPublic(q *store.Query, e End) (bool, error) {
	a, found, err := q.Article(e.Article)
	if err != nil || !found || a.Standing != story.Public || e.Quotation == "" {
		return found && a.Standing == story.Public, err
	}
	c, _, err := shownText(q, e.Article)
	return slices.ContainsFunc(c.Quotations, func(x story.Quotation) bool { return x.ID == e.Quotation }), err
}

// shownText is the newest text of an article that readers see, and its entry.
func shownText(q *store.Query, id story.ArticleID) (c record.Article, n int64, err error) {
	e, found, err := q.Newest(record.KindArticle, string(id))
	if err != nil || !found || !e.Readable() {
		return c, 0, err
	}
	c, err = record.Decode[record.Article](e)
	return c, e.N, err
}

// A QuotationView is a public quotation, with the story that it stands in.
type QuotationView struct {
	story.Quotation
	End      End
	Headline string
	Lang     string
	Desk     story.DeskID
	N        int64
}

// searched is how many of the newest entries a search for quotations looks through.
const searched = 500

// Quotations finds public quotations: of one story by its id or address, of any age, or by
// words among the newest stories; "" lists the newest.
func (r *Room) Quotations(ctx context.Context, who Who, search string, limit int) (found []QuotationView, err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return nil, story.Refuse(story.Forbidden, "To look for quotations, you need a role at a desk.")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		var entries []record.Entry
		if id := ArticleIn(search); id != "" {
			e, there, err := q.Newest(record.KindArticle, string(id))
			if err != nil || !there {
				return err
			}
			entries, search = []record.Entry{e}, ""
		} else if entries, err = q.NewestOfKind(record.KindArticle, searched); err != nil {
			return err
		}
		found, err = quotationsIn(q, entries, strings.Fields(strings.ToLower(norm.NFC.String(search))), limit)
		return err
	})
	return found, err
}

// ArticleIn is the id at the end of an article's address; "" where there is none.
func ArticleIn(address string) story.ArticleID {
	address = strings.TrimSpace(address)
	id := address[strings.LastIndexAny(address, "-/")+1:]
	if !story.ValidID(id, story.ArticleIDLength) {
		return ""
	}
	return story.ArticleID(id)
}

// quotationsIn lists the quotations of the newest text of each story among entries, the
// newest first, that have all the words.
func quotationsIn(q *store.Query, entries []record.Entry, words []string, limit int) (found []QuotationView, err error) {
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.Subject] || !e.Readable() || len(found) >= limit {
			continue
		}
		seen[e.Subject] = true
		a, _, err := q.Article(story.ArticleID(e.Subject))
		if err != nil || a.Standing != story.Public {
			if err != nil {
				return nil, err
			}
			continue
		}
		c, err := record.Decode[record.Article](e)
		if err != nil {
			return nil, err
		}
		for _, x := range c.Quotations {
			hay := strings.ToLower(norm.NFC.String(x.Speaker + " " + x.Capacity + " " + story.Said(x) + " " + c.Headline))
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }) {
				found = append(found, QuotationView{x, End{a.ID, x.ID}, c.Headline, c.Lang, a.Desk, e.N})
			}
		}
	}
	return found[:min(len(found), limit)], nil
}

// tellingOf lists the entries that could give words of a story away though they are not
// its own: relations of its quotations, and old addresses that lead to it.
func tellingOf(q *store.Query, id story.ArticleID, ids map[string]bool) (all []record.Entry, err error) {
	relations, err := q.Readable(record.KindRelation)
	if err != nil {
		return nil, err
	}
	for _, e := range relations {
		x, err := record.Decode[record.Relation](e)
		if err != nil {
			return nil, err
		}
		if ids[x.From] || ids[x.To] || ids[x.Source] {
			all = append(all, e)
		}
	}
	moved, err := q.Readable(record.KindMoved)
	if err != nil {
		return nil, err
	}
	for _, e := range moved {
		x, err := record.Decode[record.Moved](e)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(x.Paths, leadsTo(id)) {
			all = append(all, e)
		}
	}
	return all, nil
}
