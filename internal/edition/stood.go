package edition

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// The site as it stood: what readers were told at an instant of the past, by the entries that
// were there by then. What was killed, erased or taken down since is not told: it is gone
// from the tables. What was withdrawn since stands as it did, as it does in its history.

const endStood = `UPDATE stood SET until = $2 WHERE id = $1 AND until = 9223372036854775807`
const putStood = `
	INSERT OR REPLACE INTO stood (id, standing, desk, lang, section, archived, first_n, latest_n, text_n, posted, updated, corrected, versions, note, taken, live, since, until)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $8, 9223372036854775807)`

// stands keeps how an article stands from its newest entry on.
func (a *applying) stands(r row) error {
	if err := a.exec(endStood, r.id, r.latest); err != nil {
		return err
	}
	return a.exec(putStood, r.id, string(r.standing), r.desk, r.lang, r.section, r.archived, r.first, r.latest, r.text, r.posted, r.updated, r.corrected,
		r.versions, r.note, r.taken, string(r.live))
}

// Since is what became of an article after the instant that it is told of.
type Since struct{ Corrected, Updated, Withdrawn bool }

// A Then answers as the edition would have at an instant, with what was taken back since
// left out. It is of a View, and notes what changes its answers nevertheless.
type Then struct {
	v  *View
	n  int64     // the newest entry that was there
	at time.Time // its instant
}

const entryBy = `SELECT n, at FROM entry WHERE at <= $1 ORDER BY at DESC LIMIT 1`

// AsOf tells of an instant; ok is false before the first entry. While no entry is later, the
// next one may be what was there then.
func (v *View) AsOf(t time.Time) (x Then, ok bool, err error) {
	var at, last, n, volume int64
	if _, err := v.one(newestEntry, nil, &n, &volume, &last); err != nil {
		return x, false, err
	}
	if !instant(last).After(t) {
		v.shows(headKey)
	} else {
		v.shows(pastKey)
	}
	x.v = v
	ok, err = v.one(entryBy, []any{micros(t)}, &x.n, &at)
	x.at = instant(at)
	return x, ok, err
}

// pastKey is that of what is past, and changes only with everything.
const pastKey Key = "past"

// At is the newest entry that was there, and its instant.
func (x Then) At() (n int64, at time.Time) { return x.n, x.at }

const houseBy = `SELECT n, content FROM entry WHERE kind = 'house' AND n <= $1 AND content IS NOT NULL ORDER BY n DESC LIMIT 1`

// House is the house as it told itself.
func (x Then) House() (h House, ok bool, err error) {
	var content []byte
	if ok, err = x.v.one(houseBy, []any{x.n}, &h.N, &content); err != nil || !ok {
		return h, false, err
	}
	h, err = x.v.houseOf(h.N, content)
	return h, err == nil, err
}

const deskBy = `SELECT n FROM entry WHERE subject = $1 AND kind = 'desk' AND n <= $2 AND content IS NOT NULL ORDER BY n DESC LIMIT 1`
const deskIDs = `SELECT id FROM desk ORDER BY id`

// Desks are the desks that there were, in the house's order.
func (x Then) Desks(h House) (all []Desk, err error) {
	ids, err := many(x.v, deskIDs, nil, scanOne[string])
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		d := Desk{ID: story.DeskID(id)}
		ok, err := x.v.one(deskBy, []any{id, x.n}, &d.N)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if err := x.v.decodeDesk(&d); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return h.ordered(all), nil
}

const stoodRow = `s.id, s.standing, s.desk, s.lang, s.section, s.archived, s.first_n, s.latest_n, s.text_n, s.posted, s.updated, s.corrected,
	s.versions, s.note, s.taken, s.live`
const stoodSince = `, a.standing, a.updated, a.corrected FROM stood s CROSS JOIN article a ON a.id = s.id`
const stoodListed = stoodRow + `, CASE a.text_n WHEN s.text_n THEN a.card END` + stoodSince + `
	 WHERE s.standing = 'public' AND s.archived = 0 AND s.lang = $1 AND s.first_n < $2 AND s.since <= $3 AND s.until > $3`
const stoodLatest = `SELECT ` + stoodListed + ` ORDER BY s.first_n DESC LIMIT $4`
const stoodSection = `SELECT ` + stoodListed + ` AND s.section = $5 ORDER BY s.first_n DESC LIMIT $4`
const stoodDesk = `SELECT ` + stoodListed + ` AND s.desk = $5 ORDER BY s.first_n DESC LIMIT $4`
const stoodOne = `SELECT ` + stoodRow + `, NULL` + stoodSince + ` WHERE s.id = $1 AND s.since <= $2 AND s.until > $2`

// articles runs a query for rows as they stood. Those whose text is still the newest come with
// the words of their cards alone.
func (x Then) articles(query string, args ...any) (all []Article, err error) {
	type line struct {
		row
		since Since
	}
	lines, err := many(x.v, query, args, func(rows *sql.Rows) (l line, err error) {
		var now story.Standing
		var updated, corrected int64
		err = rows.Scan(append(l.fields(), &now, &updated, &corrected)...)
		if l.standing == story.Public {
			l.since = Since{Corrected: corrected > l.corrected, Updated: updated > l.updated && l.live == "", Withdrawn: now == story.Withdrawn}
		}
		return l, err
	})
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		x.v.shows(articleKey(l.id))
		words := x.v.article
		if l.card != nil {
			words = x.v.card
		}
		a, err := words(l.row)
		if err != nil {
			return nil, err
		}
		a.Since = l.since
		all = append(all, a)
	}
	return all, nil
}

// before is where a part of a list begins: nothing that came later is looked through.
func (x Then) before(p Page) int64 { return min(p.before(), x.n+1) }

func (x Then) list(query string, p Page, lang string, more ...any) (l List, err error) {
	all, err := x.articles(query, append([]any{lang, x.before(p), x.n, p.Limit + 1}, more...)...)
	if err != nil {
		return l, err
	}
	if len(all) > p.Limit {
		all = all[:p.Limit]
		if p.Limit > 0 {
			l.Next = all[p.Limit-1].First
		}
	}
	for _, a := range all {
		l.Cards = append(l.Cards, a.Card)
	}
	return l, nil
}

// Latest lists the cards of a language that were the newest.
func (x Then) Latest(lang string, limit int) ([]Card, error) {
	l, err := x.list(stoodLatest, Page{Limit: limit}, lang)
	return l.Cards, err
}

// Section lists part of a section.
func (x Then) Section(lang, section string, p Page) (List, error) {
	return x.list(stoodSection, p, lang, section)
}

// DeskCards lists part of what a desk had posted in a language.
func (x Then) DeskCards(lang string, desk story.DeskID, p Page) (List, error) {
	return x.list(stoodDesk, p, lang, string(desk))
}

const frontBy = `SELECT content FROM entry WHERE subject = $1 AND kind = 'front' AND n <= $2 AND content IS NOT NULL ORDER BY n DESC LIMIT 1`

// Front returns a front page as editors had arranged it.
func (x Then) Front(lang string, limit int) (p FrontPage, err error) {
	var content []byte
	if _, err := x.v.one(frontBy, []any{lang, x.n}, &content); err != nil {
		return p, err
	}
	front, err := frontIn(lang, content)
	if err != nil {
		return p, err
	}
	rest, err := x.Latest(lang, limit)
	if err != nil {
		return p, err
	}
	return arrange(front, rest, func(id story.ArticleID) (*Card, error) {
		a, ok, err := x.Article(id)
		if err != nil || !ok || a.Standing != story.Public || a.Lang != lang {
			return nil, err
		}
		return &a.Card, nil
	})
}

// Article returns an article as it stood. Of one that was killed or erased since, it tells
// that alone, and no word.
func (x Then) Article(id story.ArticleID) (a Article, ok bool, err error) {
	x.v.shows(articleKey(string(id)))
	all, err := x.articles(stoodOne, string(id), x.n)
	if err != nil {
		return a, false, err
	}
	if len(all) == 0 {
		return x.taken(id)
	}
	a = all[0]
	a.Corrections, err = many(x.v, correctionsOf, []any{string(id)}, func(rows *sql.Rows) (Correction, error) { return scanCorrection(rows) })
	a.Corrections = slices.DeleteFunc(a.Corrections, func(c Correction) bool { return c.N > x.n })
	return a, err == nil, err
}

// taken tells of an article that was there, and of which no text from then is public now.
func (x Then) taken(id story.ArticleID) (a Article, ok bool, err error) {
	var r row
	if ok, err = x.v.one(articleRow, []any{string(id)}, r.fields()...); err != nil || !ok || r.first > x.n {
		return a, false, err
	}
	a = r.wordless(story.Killed).article()
	if r.standing == story.Killed || r.standing == story.Erased {
		a.Standing, a.Note, a.TakenAt = r.standing, r.note, instant(r.taken)
	}
	return a, true, nil // else it came back after
}

const correctionsBy = `
	SELECT c.article, c.withdrawn, c.n, e.at, e.content FROM correction c JOIN entry e ON e.n = c.n
	 WHERE c.lang = $1 AND c.n < $2 ORDER BY c.n DESC LIMIT $3`

// Corrections lists the corrections and withdrawals that there were, the newest first.
func (x Then) Corrections(lang string, p Page) (lines []Corrected, next int64, err error) {
	lines, err = many(x.v, correctionsBy, []any{lang, x.before(p), p.Limit + 1}, func(rows *sql.Rows) (c Corrected, err error) {
		c.Correction, err = scanCorrection(rows, &c.ID, &c.Withdrawn)
		return c, err
	})
	if err != nil {
		return nil, 0, err
	}
	if len(lines) > p.Limit {
		lines = lines[:p.Limit]
		if p.Limit > 0 {
			next = lines[p.Limit-1].Correction.N
		}
	}
	for i := range lines {
		a, ok, err := x.Article(lines[i].ID)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			lines[i].Card, lines[i].Standing = a.Card, a.Standing
		}
	}
	return lines, next, nil
}

const livePageBy = `
	SELECT n, at, content FROM entry WHERE subject = $1 AND kind = 'live' AND part = '' AND n <= $2 AND content IS NOT NULL ORDER BY n DESC LIMIT 1`

// LivePage returns what was told of a live page.
func (x Then) LivePage(id story.ArticleID) (p LivePage, ok bool, err error) {
	var at int64
	var content []byte
	if ok, err = x.v.one(livePageBy, []any{string(id), x.n}, &p.N, &at, &content); err != nil || !ok {
		return p, false, err
	}
	var c record.Live
	if err := json.Unmarshal(content, &c); err != nil {
		return p, false, fmt.Errorf("entry %d: %w", p.N, err)
	}
	p.State, p.Desks, p.Summary = story.LiveOpen, c.Desks, c.Summary
	if c.Does == record.LiveCloses {
		p.State, p.Closed = story.LiveClosed, instant(at)
	} else {
		p.Opened = instant(at)
	}
	return p, true, nil
}

const liveBy = `
	SELECT l.id, l.first_n, l.desk, l.posted, l.removed FROM live l WHERE l.article = $1 AND l.first_n < $2 ORDER BY l.first_n DESC LIMIT $3`
const liveWordsBy = `
	SELECT n, at, content FROM entry WHERE subject = $1 AND kind = 'live' AND part = $2 AND n <= $3 AND class <> 'silences' AND content IS NOT NULL ORDER BY n`

// Live lists part of a live page, the newest first. Of an entry that was removed since, no
// word is told.
func (x Then) Live(id story.ArticleID, p Page) (entries []LiveEntry, next int64, err error) {
	x.v.shows(articleKey(string(id)))
	entries, err = many(x.v, liveBy, []any{string(id), x.before(p), p.Limit + 1}, func(rows *sql.Rows) (e LiveEntry, err error) {
		var posted, removed int64
		err = rows.Scan(&e.ID, &e.First, &e.Desk, &posted, &removed)
		e.N, e.Posted, e.Removed = e.First, instant(posted), instant(removed)
		return e, err
	})
	if err == nil && len(entries) > p.Limit {
		entries = entries[:p.Limit]
		if p.Limit > 0 {
			next = entries[p.Limit-1].First
		}
	}
	for i := range entries {
		if e := &entries[i]; err == nil && e.Removed.IsZero() {
			err = x.liveWords(string(id), e)
		}
	}
	return entries, next, err
}

// liveWords puts the words of a live entry into it, and when they had last changed.
func (x Then) liveWords(page string, e *LiveEntry) error {
	before := true
	_, err := many(x.v, liveWordsBy, []any{page, e.ID, x.n}, func(rows *sql.Rows) (c record.Live, err error) {
		var at int64
		var content []byte
		if err = rows.Scan(&e.N, &at, &content); err != nil {
			return c, err
		}
		if err := json.Unmarshal(content, &c); err != nil {
			return c, fmt.Errorf("entry %d: %w", e.N, err)
		}
		if !before && !sameWords(e.Content, c) {
			e.Updated = instant(at)
		}
		e.Content, e.Key, e.Pinned, before = c, c.Key, c.Pinned, false
		return c, nil
	})
	if err != nil {
		return err
	}
	e.Content.Pictures, err = x.v.change(e.Content.Pictures, e.N)
	return err
}

const firstAt = `SELECT at FROM entry ORDER BY n LIMIT 1`

// Begins is the instant of the first entry, zero for an empty edition. It never changes.
func (v *View) Begins() (time.Time, error) {
	v.shows(pastKey)
	var at int64
	_, err := v.one(firstAt, nil, &at)
	return instant(at), err
}
