package edition

import (
	"cmp"
	"database/sql"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A Package is a running story, or an ordered set, with those of its members that readers
// can see, in its order.
type Package struct {
	Piece
	record.Package
	Cards []Card // of the members
	At    time.Time
}

const membersOf = `SELECT ` + cardColumns + ` FROM member m JOIN article a ON a.id = m.article WHERE m.package = $1 AND a.standing = 'public' ORDER BY m.place`
const packagesOf = `
	SELECT p.id FROM member m JOIN piece p ON p.id = m.package WHERE m.article = $1 AND p.standing = 'public' ORDER BY p.n DESC LIMIT $2`
const packagesIn = `SELECT p.id FROM piece p WHERE p.kind = 'package' AND p.standing = 'public' ORDER BY p.latest_n DESC LIMIT $1`

// Package returns a package, whatever its standing.
func (v *View) Package(id string) (p Package, ok bool, err error) {
	if p.Piece, p.Package, ok, err = pieceContent[record.Package](v, record.KindPackage, id); err != nil || !ok {
		return p, false, err
	}
	if p.Standing != story.Public {
		return p, true, nil
	}
	v.showsMembers(p.Members)
	all, err := v.cards(membersOf, id)
	for _, a := range all {
		p.Cards = append(p.Cards, a.Card)
	}
	if err != nil {
		return p, false, err
	}
	p.At, err = v.atOf(p.N)
	return p, err == nil, err
}

// perArticle is how many packages an article tells of.
const perArticle = 5

// PackagesOf lists the packages that an article is a member of, the newest first.
func (v *View) PackagesOf(id story.ArticleID) ([]Package, error) {
	v.shows(partOfKey(string(id)))
	return v.packages(packagesOf, string(id), perArticle)
}

// Packages lists the packages of the house, those that changed last first.
func (v *View) Packages(limit int) ([]Package, error) {
	v.shows(packagesKey)
	return v.packages(packagesIn, limit)
}

func (v *View) packages(query string, args ...any) (all []Package, err error) {
	ids, err := many(v, query, args, scanOne[string])
	for _, id := range ids {
		p, ok, err := v.Package(id)
		if err != nil {
			return nil, err
		}
		if ok && p.Standing == story.Public && len(p.Cards) > 0 {
			all = append(all, p)
		}
	}
	return all, err
}

const atOfEntry = `SELECT at FROM entry WHERE n = $1`

func (v *View) atOf(n int64) (time.Time, error) {
	var at int64
	_, err := v.one(atOfEntry, []any{n}, &at)
	return instant(at), err
}

// A Page that is no article, such as one about the house.
type OwnPage struct {
	Piece
	record.Page
	At time.Time
}

const pageBySlug = `
	SELECT g.id FROM page g JOIN piece p ON p.id = g.id WHERE g.lang = $1 AND g.slug = $2 ORDER BY p.standing = 'public' DESC, p.n DESC LIMIT 1`
const pageTongues = `SELECT g.lang FROM page g JOIN piece p ON p.id = g.id WHERE g.slug = $1 AND p.standing = 'public' ORDER BY g.lang`

// OwnPage returns the page that has a slug in a language, whatever its standing.
func (v *View) OwnPage(lang, slug string) (p OwnPage, ok bool, err error) {
	v.shows(ownPageKey(slug))
	var id string
	if ok, err = v.one(pageBySlug, []any{lang, slug}, &id); err != nil || !ok {
		return p, false, err
	}
	if p.Piece, p.Page, ok, err = pieceContent[record.Page](v, record.KindPage, id); err != nil || !ok {
		return p, false, err
	}
	p.At, err = v.atOf(p.Updated)
	return p, err == nil, err
}

// PageTongues lists the languages in which there is a page of a slug.
func (v *View) PageTongues(slug string) ([]string, error) {
	v.shows(ownPageKey(slug))
	return many(v, pageTongues, []any{slug}, scanOne[string])
}

const movedTo = `SELECT to_path FROM moved WHERE path = $1 ORDER BY n DESC LIMIT 1`

// Moved is where an old path leads now, "" for nowhere.
func (v *View) Moved(path string) (to string, err error) {
	v.shows(movedKey)
	_, err = v.one(movedTo, []any{path}, &to)
	return to, err
}

// A Statement is a quotation that readers see, with the article that it stands in.
type Statement struct {
	story.Quotation
	In Card
	At time.Time // when it was said or, where that is not told, posted
}

// An End is one end of a relation: a quotation, or else an article.
type End struct {
	Statement *Statement
	Article   Card
}

// At is when what stands at this end was said or, of an article, posted.
func (e End) At() time.Time {
	if e.Statement != nil {
		return e.Statement.At
	}
	return e.Article.Posted
}

// A Related tells how one quotation or article stands to another, both of which readers see.
type Related struct {
	ID string
	N  int64
	At time.Time
	record.Relation
	Start, End End
	SourceIn   *Card // where its own source is an article of the house
}

const relationsFrom = `SELECT r.id FROM relation r JOIN piece p ON p.id = r.id WHERE r.from_id = $1 ORDER BY p.n LIMIT 20`
const relationsTo = `SELECT r.id FROM relation r JOIN piece p ON p.id = r.id WHERE r.to_id = $1 ORDER BY p.n LIMIT 20`

// From lists the relations that start from a quotation or an article.
func (v *View) From(id string) ([]Related, error) { return v.related(relationsFrom, id) }

// To lists the relations that lead to a quotation or an article.
func (v *View) To(id string) ([]Related, error) { return v.related(relationsTo, id) }

func (v *View) related(query, id string) (all []Related, err error) {
	v.shows(relatedKey(id))
	ids, err := many(v, query, []any{id}, scanOne[string])
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, x, ok, err := pieceContent[record.Relation](v, record.KindRelation, id)
		if err != nil {
			return nil, err
		}
		if !ok || p.Standing != story.Public {
			continue
		}
		r := Related{ID: id, N: p.N, Relation: x}
		start, err := v.end(x.From, &r.Start)
		if err != nil {
			return nil, err
		}
		end, err := v.end(x.To, &r.End)
		if err != nil {
			return nil, err
		}
		if !start || !end {
			continue
		}
		if r.At, err = v.atOf(p.N); err != nil {
			return nil, err
		}
		var source End
		if there, err := v.end(x.Source, &source); err != nil {
			return nil, err
		} else if there {
			r.SourceIn = &source.Article
		}
		all = append(all, r)
	}
	return all, nil
}

const quotationByID = `
	SELECT q.article, q.place, q.said FROM quotation q CROSS JOIN article a ON a.id = q.article WHERE q.id = $1 AND a.standing = 'public' ORDER BY a.first_n LIMIT 1`

// end finds what an id names, if readers see it.
func (v *View) end(id string, into *End) (bool, error) {
	if id == "" {
		return false, nil
	}
	v.shows(quoteKey(id))
	var w whereSaid
	ok, err := v.one(quotationByID, []any{id}, &w.article, &w.place, &w.said)
	if err != nil {
		return false, err
	}
	if ok {
		s, ok, err := v.statement(w)
		if ok {
			into.Statement, into.Article = &s, s.In
		}
		return ok, err
	}
	a, ok, err := v.Article(story.ArticleID(id))
	if err != nil || !ok || a.Standing != story.Public {
		return false, err
	}
	into.Article = a.Card
	return true, nil
}

type whereSaid struct {
	article string
	place   int
	said    int64
}

// statement reads the words of a quotation from its article.
func (v *View) statement(w whereSaid) (s Statement, ok bool, err error) {
	a, known := v.read[w.article]
	if !known {
		if a, ok, err = v.Article(story.ArticleID(w.article)); err != nil || !ok {
			return s, false, err
		}
		if v.read == nil {
			v.read = map[string]Article{}
		}
		v.read[w.article] = a
	}
	if w.place >= len(a.Content.Quotations) || a.Standing != story.Public {
		return s, false, nil
	}
	return Statement{a.Content.Quotations[w.place], a.Card, instant(w.said)}, true, nil
}

// A Person is somebody named to readers.
type Person struct {
	Piece
	record.Person
}

// PersonOf returns a person, whatever their standing.
func (v *View) PersonOf(id string) (p Person, ok bool, err error) {
	p.Piece, p.Person, ok, err = pieceContent[record.Person](v, record.KindPerson, id)
	return p, ok, err
}

// The ids of a person: their own, and of all that turned out to be the same.
const sameAs = `WITH RECURSIVE same(id) AS (SELECT $1 UNION SELECT m.id FROM merged m JOIN same ON m.into_id = same.id) `
const saidBy = ` FROM quotation q JOIN article a ON a.id = q.article WHERE a.standing = 'public' AND a.lang = $2 AND q.person IN (SELECT id FROM same)`
const statementsOf = `SELECT q.article, q.place, q.said FROM quotation q CROSS JOIN article a ON a.id = q.article
	 WHERE a.standing = 'public' AND a.lang = $2 AND q.person = $1 ORDER BY q.said DESC, q.article, q.place LIMIT $3`
const statementsCount = sameAs + `SELECT count(*), COALESCE(min(q.said), 0)` + saidBy
const writtenBy = `SELECT ` + cardColumns + ` FROM byline b CROSS JOIN article a ON a.id = b.article
	 WHERE a.standing = 'public' AND a.lang = $2 AND b.person = $1 ORDER BY b.first_n DESC LIMIT $3`

// Statements lists what a person said in articles of a language, the newest first.
func (v *View) Statements(id, lang string, limit, skip int) (all []Statement, err error) {
	ids, err := v.showsSaid(id)
	if err != nil {
		return nil, err
	}
	var places []whereSaid
	for _, id := range ids { // by one id at a time the newest are found without the others
		said, err := many(v, statementsOf, []any{id, lang, skip + limit}, func(rows *sql.Rows) (w whereSaid, err error) {
			err = rows.Scan(&w.article, &w.place, &w.said)
			return w, err
		})
		if err != nil {
			return nil, err
		}
		places = append(places, said...)
	}
	slices.SortFunc(places, func(a, b whereSaid) int {
		return cmp.Or(cmp.Compare(b.said, a.said), cmp.Compare(a.article, b.article), cmp.Compare(a.place, b.place))
	})
	for _, w := range places[min(skip, len(places)):min(skip+limit, len(places))] {
		s, ok, err := v.statement(w)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, s)
		}
	}
	return all, err
}

// StatementsOf counts the statements of a person, and tells when the first was made.
func (v *View) StatementsOf(id, lang string) (n int, first time.Time, err error) {
	if _, err := v.showsSaid(id); err != nil {
		return 0, first, err
	}
	var at int64
	_, err = v.one(statementsCount, []any{id, lang}, &n, &at)
	return n, instant(at), err
}

const toldOf = sameAs + `SELECT r.what, count(DISTINCT q.id)` + ` FROM quotation q JOIN article a ON a.id = q.article JOIN relation r ON r.to_id = q.id
	 WHERE a.standing = 'public' AND a.lang = $2 AND q.person IN (SELECT id FROM same)
	   AND EXISTS (SELECT 1 FROM quotation f JOIN article b ON b.id = f.article WHERE f.id = r.from_id AND b.standing = 'public')
	 GROUP BY r.what ORDER BY r.what`

// ToldOf counts a person's statements that later ones walk back, clarify …
func (v *View) ToldOf(id, lang string) (map[record.RelationWhat]int, error) {
	v.shows(relationsKey)
	if _, err := v.showsSaid(id); err != nil {
		return nil, err
	}
	told := map[record.RelationWhat]int{}
	_, err := many(v, toldOf, []any{id, lang}, func(rows *sql.Rows) (what record.RelationWhat, err error) {
		var n int
		err = rows.Scan(&what, &n)
		told[what] = n
		return what, err
	})
	return told, err
}

// Written lists what a person wrote in a language, the newest first.
func (v *View) Written(id, lang string, limit int) (cards []Card, err error) {
	ids, err := v.showsSaid(id)
	if err != nil {
		return nil, err
	}
	var all []Article
	for _, id := range ids {
		wrote, err := v.cards(writtenBy, id, lang, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, wrote...)
	}
	slices.SortFunc(all, func(a, b Article) int { return cmp.Or(cmp.Compare(b.First, a.First), cmp.Compare(a.ID, b.ID)) })
	all = slices.CompactFunc(all, func(a, b Article) bool { return a.ID == b.ID })
	for _, a := range all[:min(limit, len(all))] {
		cards = append(cards, a.Card)
	}
	return cards, nil
}
