package edition

import (
	"errors"
	"net/url"
	"slices"

	"dateline/internal/record"
	"dateline/internal/story"
)

// The keys of packages, pages, relations and persons, and of what articles say about people.
const (
	packagesKey  Key = "packages"  // any of them
	relationsKey Key = "relations" // the same
	mergedKey    Key = "merged"    // who is the same as whom
	movedKey     Key = "moved"     // old addresses
)

func pieceKey(id string) Key     { return Key("piece-" + id) }
func partOfKey(id string) Key    { return Key("part-of-" + id) }                // the packages that an article is in
func ownPageKey(slug string) Key { return Key("page-" + url.PathEscape(slug)) } // in any language
func relatedKey(id string) Key   { return Key("related-" + id) }                // the relations of a quotation or an article
func quoteKey(id string) Key     { return Key("quotation-" + id) }              // where a quotation stands
func saidKey(person string) Key  { return Key("said-" + person) }               // what a person said and wrote

const quotedIn = `SELECT id FROM quotation WHERE article = $1`
const namedIn = `SELECT person FROM quotation WHERE article = $1 UNION SELECT person FROM byline WHERE article = $1`

// touchesNames notes that what an article says of people comes, goes, or changes.
func (a *applying) touchesNames(article string) error {
	quotes, err := a.strings(quotedIn, article)
	people, errPeople := a.strings(namedIn, article)
	for _, id := range quotes {
		a.touches(quoteKey(id))
	}
	for _, id := range people {
		a.touches(saidKey(id))
	}
	return errors.Join(err, errPeople)
}

const pieceLeads = `
	SELECT 'part-of', article FROM member WHERE package = $1 UNION SELECT 'page', slug FROM page WHERE id = $1 UNION
	SELECT 'related', from_id FROM relation WHERE id = $1 UNION SELECT 'related', to_id FROM relation WHERE id = $1 UNION SELECT 'merged', into_id FROM merged WHERE id = $1`

// touchesPiece notes what leads to a piece as its tables stand: it is asked before they are
// made anew, and after.
func (a *applying) touchesPiece(id string, kind record.Kind) (err error) {
	a.touches(pieceKey(id))
	switch kind {
	case record.KindPackage:
		a.touches(packagesKey)
	case record.KindRelation:
		a.touches(relationsKey)
	case record.KindPerson:
		a.touches(peopleKey)
	case record.KindPage:
		a.touches(ownPagesKey)
	}
	rows, err := a.tx.QueryContext(a.ctx, pieceLeads, id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var what, to string
		if err := rows.Scan(&what, &to); err != nil {
			return err
		}
		switch what {
		case "part-of":
			a.touches(partOfKey(to))
		case "page":
			a.touches(ownPageKey(to))
		case "related":
			a.touches(relatedKey(to))
		case "merged":
			a.touches(mergedKey)
		}
	}
	return rows.Err()
}

const same = sameAs + `SELECT id FROM same`

// showsSaid notes that an answer shows what a person said, under whichever id, and returns
// those ids.
func (v *View) showsSaid(person string) (ids []string, err error) {
	v.shows(mergedKey, saidKey(person))
	ids, err = many(v, same, []any{person}, scanOne[string])
	for _, id := range ids {
		v.shows(saidKey(id))
	}
	return ids, err
}

// showsMembers notes the articles of a package, also those that readers do not see: they may
// yet come back.
func (v *View) showsMembers(members []story.ArticleID) {
	for _, id := range slices.Compact(slices.Clone(members)) {
		v.shows(articleKey(string(id)))
	}
}
