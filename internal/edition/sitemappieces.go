package edition

import "database/sql"

// What the site's map tells of pieces: people, packages and the house's own pages.

// The keys of all people and of all pages; packagesKey is that of packages.
const (
	peopleKey   Key = "people"
	ownPagesKey Key = "own-pages"
)

// A MappedPiece is where a piece stands.
type MappedPiece struct{ ID, Lang, Slug string }

const peopleThere = ` FROM piece p JOIN entry e ON e.n = p.n
	 WHERE p.kind = 'person' AND p.standing = 'public' AND e.content IS NOT NULL AND NOT EXISTS (SELECT 1 FROM merged m WHERE m.id = p.id)`
const packagesThere = ` FROM piece p JOIN entry e ON e.n = p.n
	 WHERE p.kind = 'package' AND p.standing = 'public' AND e.content IS NOT NULL
	   AND EXISTS (SELECT 1 FROM member m JOIN article a ON a.id = m.article WHERE m.package = p.id AND a.standing = 'public')`
const ownThere = ` FROM page g JOIN piece p ON p.id = g.id WHERE p.standing = 'public'`
const mapPeople = `SELECT p.id, '', COALESCE(json_extract(CAST(e.content AS TEXT), '$.slug'), '')` + peopleThere + ` ORDER BY p.id LIMIT $1 OFFSET $2`
const mapPackages = `
	SELECT p.id, COALESCE(json_extract(CAST(e.content AS TEXT), '$.lang'), ''), COALESCE(json_extract(CAST(e.content AS TEXT), '$.slug'), '')` +
	packagesThere + ` ORDER BY p.id LIMIT $1 OFFSET $2`
const mapOwn = `SELECT g.id, g.lang, g.slug` + ownThere + ` ORDER BY g.lang, g.slug LIMIT $1 OFFSET $2`

func (v *View) mappedPieces(query string, limit, skip int) ([]MappedPiece, error) {
	return many(v, query, []any{limit, skip}, func(rows *sql.Rows) (p MappedPiece, err error) {
		return p, rows.Scan(&p.ID, &p.Lang, &p.Slug)
	})
}

func (v *View) count(query string) (n int, err error) {
	_, err = v.one(`SELECT count(*)`+query, nil, &n)
	return n, err
}

// MappedPeople counts the people who have a page.
func (v *View) MappedPeople() (int, error) {
	v.shows(peopleKey)
	return v.count(peopleThere)
}

// MapPeople lists the people who have a page, by their ids.
func (v *View) MapPeople(limit, skip int) ([]MappedPiece, error) {
	v.shows(peopleKey)
	return v.mappedPieces(mapPeople, limit, skip)
}

// MappedPackages counts the packages that have a report that readers see.
func (v *View) MappedPackages() (int, error) {
	v.shows(packagesKey, sitemapsKey)
	return v.count(packagesThere)
}

// MapPackages lists the packages that have a report that readers see, by their ids.
func (v *View) MapPackages(limit, skip int) ([]MappedPiece, error) {
	v.shows(packagesKey, sitemapsKey)
	return v.mappedPieces(mapPackages, limit, skip)
}

// MappedOwn counts the house's own pages.
func (v *View) MappedOwn() (int, error) {
	v.shows(ownPagesKey)
	return v.count(ownThere)
}

// MapOwn lists the house's own pages, by language and slug.
func (v *View) MapOwn(limit, skip int) ([]MappedPiece, error) {
	v.shows(ownPagesKey)
	return v.mappedPieces(mapOwn, limit, skip)
}
