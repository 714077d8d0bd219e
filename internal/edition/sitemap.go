package edition

import (
	"database/sql"
	"strconv"
	"time"

	"dateline/internal/story"
)

// What the site's map tells: every public article, in parts, and what is new.

// SitemapPart is how many addresses a part of the site's map has at most (sitemaps.org 0.9).
// A part tells of the articles that were posted by so many entries of the record: it stays
// what it is while later parts grow.
const SitemapPart = 50_000

func sitemapKey(part int64) Key { return Key("sitemap-" + strconv.FormatInt(part, 10)) }

const sitemapsKey Key = "sitemaps" // which parts there are

// touchesSitemap notes that the site's map changes where it tells of an article.
func (a *applying) touchesSitemap(first int64) {
	a.touches(sitemapsKey, sitemapKey(first/SitemapPart))
}

const newestPublic = `SELECT COALESCE(max(first_n), -1) FROM article WHERE standing = 'public'`
const publicIn = `SELECT EXISTS (SELECT 1 FROM article WHERE standing = 'public' AND first_n >= $1 AND first_n < $2)`

// SitemapParts lists the parts of the site's map that have something to tell.
func (v *View) SitemapParts() (parts []int64, err error) {
	v.shows(sitemapsKey)
	last := int64(-1)
	if _, err := v.one(newestPublic, nil, &last); err != nil || last < 0 {
		return nil, err
	}
	for part := int64(0); part <= last/SitemapPart; part++ {
		there := false
		if _, err := v.one(publicIn, []any{part * SitemapPart, (part + 1) * SitemapPart}, &there); err != nil {
			return nil, err
		}
		if there {
			parts = append(parts, part)
		}
	}
	return parts, nil
}

const listedSince = `SELECT ` + cardColumns + listed + ` AND a.first_n >= $4 AND a.posted >= $5 ORDER BY a.first_n DESC LIMIT $3`

// Since lists the cards of a language that were posted at an instant or later, the newest
// first.
func (v *View) Since(lang string, from time.Time, limit int) (cards []Card, err error) {
	v.shows(latestKey(lang), latestKey(lang)+below)
	first, err := v.firstSince(micros(from))
	if err != nil {
		return nil, err
	}
	all, err := v.cards(listedSince, lang, newest, limit, first, micros(from))
	for _, a := range all {
		cards = append(cards, a.Card)
	}
	return cards, err
}

// A Mapped article is where an article stands, and when it changed last.
type Mapped struct {
	ID      story.ArticleID
	Lang    string
	Slug    string
	Changed time.Time
}

const mapped = `
	SELECT a.id, a.lang, COALESCE(json_extract(CAST(a.card AS TEXT), '$.slug'), ''), max(a.updated, a.corrected) FROM article a
	 WHERE a.standing = 'public' AND a.first_n >= $1 AND a.first_n < $2 ORDER BY a.first_n`

// Sitemap lists the articles of a part of the site's map, in the order of their posting.
func (v *View) Sitemap(part int64) ([]Mapped, error) {
	v.shows(sitemapKey(part))
	return many(v, mapped, []any{part * SitemapPart, (part + 1) * SitemapPart}, func(rows *sql.Rows) (m Mapped, err error) {
		var changed int64
		err = rows.Scan(&m.ID, &m.Lang, &m.Slug, &changed)
		m.Changed = instant(changed)
		return m, err
	})
}
