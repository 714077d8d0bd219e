package edition

import (
	"database/sql"
	"encoding/json"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/story"
)

// What lists read: cards, which hold everything of a text but its body.

const cardColumns = `a.id, a.standing, a.desk, a.lang, a.section, a.archived, a.first_n, a.latest_n, a.text_n, a.posted, a.updated, a.corrected,
	a.versions, a.note, a.taken, a.live, a.card`
const listed = ` FROM article a WHERE a.standing = 'public' AND a.archived = 0 AND a.lang = $1 AND a.first_n < $2`
const newestCards = `SELECT ` + cardColumns + listed + ` ORDER BY a.first_n DESC LIMIT $3`
const sectionCards = `SELECT ` + cardColumns + listed + ` AND a.section = $4 ORDER BY a.first_n DESC LIMIT $3`
const deskCards = `SELECT ` + cardColumns + listed + ` AND a.desk = $4 ORDER BY a.first_n DESC LIMIT $3`

// newest asks for a list from its beginning.
const newest = int64(1<<63 - 1)

func (p Page) before() int64 {
	if p.Before == 0 {
		return newest
	}
	return p.Before
}

// card is an article with the words of its card.
func (v *View) card(r row) (Article, error) {
	v.shows(articleKey(r.id))
	if r.card == nil {
		return r.article(), nil
	}
	c, err := v.decode(textKey{r.text, true}, r.card)
	if err != nil {
		return r.article(), err
	}
	return v.fill(r, c)
}

// fill puts words into an article: a card's or all of them, changed as picture entries say.
func (v *View) fill(r row, c record.Article) (a Article, err error) {
	a = r.article()
	a.Content = c
	if a.Content.Pictures, err = v.change(c.Pictures, r.text); err != nil {
		return a, err
	}
	fillCard(&a)
	return a, nil
}

// cards runs a query for rows of articles with their cards. Rows are read to the end
// before anything else is asked on the same connection.
func (v *View) cards(query string, args ...any) ([]Article, error) {
	rows, err := many(v, query, args, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(r.fields()...)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	all := make([]Article, len(rows))
	for i, r := range rows {
		if all[i], err = v.card(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Latest lists the newest cards of a language, newest posted first.
func (v *View) Latest(lang string, limit int) ([]Card, error) {
	v.shows(latestKey(lang))
	l, err := v.list(newestCards, Page{Limit: limit}, lang)
	return l.Cards, err
}

// Newest lists the articles of a language, newest posted first, whole.
func (v *View) Newest(lang string, limit int) ([]Article, error) {
	v.shows(latestKey(lang))
	all, err := v.cards(newestCards, lang, newest, limit)
	if err != nil {
		return nil, err
	}
	for i, a := range all {
		if all[i], _, err = v.Article(a.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Section lists part of a section.
func (v *View) Section(lang, section string, p Page) (List, error) {
	v.shows(p.of(sectionKey(lang, section)))
	return v.list(sectionCards, p, lang, section)
}

// DeskCards lists part of what a desk posted in a language.
func (v *View) DeskCards(lang string, desk story.DeskID, p Page) (List, error) {
	v.shows(p.of(deskKey(lang, string(desk))))
	return v.list(deskCards, p, lang, string(desk))
}

func (v *View) list(query string, p Page, lang string, more ...any) (l List, err error) {
	all, err := v.cards(query, append([]any{lang, p.before(), p.Limit + 1}, more...)...)
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

const correctionsOf = `SELECT c.n, e.at, e.content FROM correction c JOIN entry e ON e.n = c.n WHERE c.article = $1 AND c.withdrawn = 0 ORDER BY c.n DESC`

// Article returns an article by id, whatever its standing.
func (v *View) Article(id story.ArticleID) (a Article, ok bool, err error) {
	v.shows(articleKey(string(id)))
	var r row
	if ok, err = v.one(articleRow, []any{string(id)}, r.fields()...); err != nil || !ok {
		return a, false, err
	}
	if a, err = v.article(r); err != nil || r.corrected == 0 {
		return a, err == nil, err
	}
	a.Corrections, err = many(v, correctionsOf, []any{string(id)}, func(rows *sql.Rows) (c Correction, err error) {
		return scanCorrection(rows)
	})
	return a, err == nil, err
}

// article is an article with all its words.
func (v *View) article(r row) (Article, error) {
	c, ok, err := v.whole(r)
	if err != nil || !ok {
		return r.article(), err
	}
	return v.fill(r, c)
}

// scanCorrection reads n, at and content of an entry that corrects or withdraws, after
// what the caller reads first.
func scanCorrection(rows *sql.Rows, before ...any) (c Correction, err error) {
	var at int64
	var content []byte
	if err = rows.Scan(append(before, &c.N, &at, &content)...); err != nil {
		return c, err
	}
	var words struct {
		Correction *record.Correction `json:"correction"`
		record.Withdraw
	}
	if err := json.Unmarshal(content, &words); err != nil {
		return c, fmt.Errorf("entry %d: %w", c.N, err)
	}
	c.At, c.Correction = instant(at), record.Correction{Note: words.Note}
	if words.Correction != nil {
		c.Correction = *words.Correction
	}
	return c, nil
}

const versions = `SELECT v.number, v.n, e.at, e.content FROM version v JOIN entry e ON e.n = v.n WHERE v.article = $1 AND v.number BETWEEN $2 AND $3 ORDER BY v.number DESC`

// History lists every text of an article, newest first.
func (v *View) History(id story.ArticleID) ([]Version, error) { return v.versions(id, 1, newest) }

// Version returns one text of an article's history.
func (v *View) Version(id story.ArticleID, number int) (x Version, ok bool, err error) {
	all, err := v.versions(id, int64(number), int64(number))
	if err != nil || len(all) == 0 {
		return x, false, err
	}
	return all[0], true, nil
}

func (v *View) versions(id story.ArticleID, from, to int64) ([]Version, error) {
	v.shows(articleKey(string(id)))
	all, err := many(v, versions, []any{string(id), from, to}, func(rows *sql.Rows) (x Version, err error) {
		var at int64
		var content []byte
		if err = rows.Scan(&x.Number, &x.N, &at, &content); err != nil {
			return x, err
		}
		if err := json.Unmarshal(content, &x.Content); err != nil {
			return x, fmt.Errorf("entry %d: %w", x.N, err)
		}
		x.At, x.Change = instant(at), x.Content.Change
		return x, nil
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Content.Pictures, err = v.change(all[i].Content.Pictures, all[i].N); err != nil {
			return nil, err
		}
	}
	return all, nil
}

const corrections = `
	SELECT c.article, c.withdrawn, c.n, e.at, e.content FROM correction c JOIN entry e ON e.n = c.n
	 WHERE c.lang = $1 AND c.n < $2 ORDER BY c.n DESC LIMIT $3`
const anyCard = `SELECT ` + cardColumns + ` FROM article a WHERE a.id = $1`

// Corrections lists corrections and withdrawals of a language, newest first; next is
// where the next part begins, 0 at the end.
func (v *View) Corrections(lang string, p Page) (lines []Corrected, next int64, err error) {
	v.shows(p.of(fixesKey(lang)))
	lines, err = many(v, corrections, []any{lang, p.before(), p.Limit + 1}, func(rows *sql.Rows) (c Corrected, err error) {
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
		a, err := v.cards(anyCard, string(lines[i].ID))
		if err != nil {
			return nil, 0, err
		}
		if len(a) > 0 {
			lines[i].Card, lines[i].Standing = a[0].Card, a[0].Standing
		}
	}
	return lines, next, nil
}
