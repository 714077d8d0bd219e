package edition

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// row is an article as its table holds it.
type row struct {
	id, desk, lang, section    string
	standing                   story.Standing
	archived                   bool
	first, latest, text        int64 // entries: its first, its newest, that of its newest text
	posted, updated, corrected int64
	versions                   int
	note                       string
	taken                      int64
	live                       story.LiveState
	card                       []byte
}

const rowColumns = `id, standing, desk, lang, section, archived, first_n, latest_n, text_n, posted, updated, corrected, versions, note, taken, live, card`
const articleRow = `SELECT ` + rowColumns + ` FROM article WHERE id = $1`
const putArticle = `
	INSERT INTO article (` + rowColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
	    ON CONFLICT (id) DO UPDATE SET standing = excluded.standing, desk = excluded.desk, lang = excluded.lang, section = excluded.section,
	       archived = excluded.archived, latest_n = excluded.latest_n, text_n = excluded.text_n, updated = excluded.updated,
	       corrected = excluded.corrected, versions = excluded.versions, note = excluded.note, taken = excluded.taken, live = excluded.live, card = excluded.card`

func (r *row) fields() []any {
	return []any{&r.id, &r.standing, &r.desk, &r.lang, &r.section, &r.archived, &r.first, &r.latest, &r.text, &r.posted, &r.updated, &r.corrected,
		&r.versions, &r.note, &r.taken, &r.live, &r.card}
}

func (a *applying) row(id string) (r row, found bool, err error) {
	err = a.tx.QueryRowContext(a.ctx, articleRow, id).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return row{id: id}, false, nil
	}
	return r, err == nil, err
}

func (a *applying) put(r row) error {
	a.touchesSitemap(r.first)
	return a.exec(putArticle, r.id, string(r.standing), r.desk, r.lang, r.section, r.archived, r.first, r.latest, r.text, r.posted, r.updated, r.corrected,
		r.versions, r.note, r.taken, string(r.live), r.card)
}

// posts is a row after an article entry: what lists and pages tell of it. The posted time
// is that of the first entry and never changes; updated is that of the newest material one.
func (r row) posts(e record.Entry, c record.Article) row {
	if r.first == 0 {
		r.first, r.posted, r.updated = e.N, micros(e.At), micros(e.At)
		r.archived = c.Change == record.Archived
	}
	if c.Material {
		r.updated = micros(e.At)
	}
	if c.Correction != nil {
		r.corrected = micros(e.At)
	}
	r.id, r.standing, r.desk, r.lang, r.section = e.Subject, story.Public, string(e.Desk), c.Lang, c.Section
	r.latest, r.text, r.note, r.taken = e.N, e.N, "", 0
	r.versions++
	return r
}

// wordless is a row of which no text is left: its address, its instants, who posted it.
func (r row) wordless(s story.Standing) row {
	return row{id: r.id, desk: r.desk, standing: s, first: r.first, latest: r.latest, posted: r.posted, updated: r.posted}
}

const insertVersion = `INSERT INTO version (article, number, n) VALUES ($1, $2, $3)`
const insertCorrection = `INSERT INTO correction (n, article, lang, withdrawn) VALUES ($1, $2, $3, $4)`

// article applies an article entry. One whose words are gone leaves only its instants.
func (a *applying) article(e record.Entry) error {
	before, _, err := a.row(e.Subject)
	if err != nil {
		return err
	}
	r := before
	if !e.Readable() {
		r = r.posts(e, record.Article{}).wordless(story.Killed)
		return errors.Join(a.dropWords(e.Subject), a.put(r), a.stands(r))
	}
	c, err := record.Decode[record.Article](e)
	if err != nil {
		return err
	}
	r = r.posts(e, c)
	if r.card, err = cardOf(c); err != nil {
		return err
	}
	if err := a.exec(insertVersion, e.Subject, r.versions, e.N); err != nil {
		return err
	}
	a.moves(before, r)
	if c.Correction != nil {
		a.touches(fixesKey(c.Lang))
		if err := a.exec(insertCorrection, e.N, e.Subject, c.Lang, false); err != nil {
			return err
		}
	}
	if err := a.useRenditions(e.N, e.Subject, "", c.Pictures); err != nil {
		return err
	}
	return errors.Join(a.names(r, e, c), a.findable(r, c), a.filesArticle(r, c), a.put(r), a.stands(r))
}

// cardOf is a content without what only an article's own page shows.
func cardOf(c record.Article) ([]byte, error) {
	c.Doc, c.Quotations, c.Topics, c.Places, c.Correction = nil, nil, nil, nil, nil
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encoding a card: %w", err)
	}
	return b, nil
}

const useRendition = `INSERT INTO rendition (sha256, n, picture, article, type) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`

// useRenditions brings the files of the pictures that entry n shows; part is that of a live entry.
func (a *applying) useRenditions(n int64, article, part string, pictures []story.PictureUse) error {
	for _, p := range pictures {
		for _, x := range p.Renditions {
			if err := a.fetch(x.SHA256, p.ID, n, part); err != nil {
				return err
			}
			if err := a.exec(useRendition, x.SHA256, n, p.ID, article, x.Type); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applying) withdraw(e record.Entry) error {
	r, found, err := a.row(e.Subject)
	if err != nil || !found || r.text == 0 {
		return err // of an article that has no words any more
	}
	before, w := r, record.Withdraw{}
	if e.Readable() {
		if w, err = record.Decode[record.Withdraw](e); err != nil {
			return err
		}
		a.touches(fixesKey(r.lang))
		if err := a.exec(insertCorrection, e.N, e.Subject, r.lang, true); err != nil {
			return err
		}
	}
	r.standing, r.latest, r.note, r.taken = story.Withdrawn, e.N, w.Note, micros(e.At)
	a.moves(before, r)
	return errors.Join(a.dropFound(r.id, ""), a.file(r.id, nil), a.put(r), a.stands(r))
}

// Project is how an article would look if a content were posted at an instant: for
// previews and old texts, by the code that makes the tables. There is no entry of it.
func Project(id story.ArticleID, desk story.DeskID, content record.Article, posted time.Time) Article {
	a := Article{}.project(record.Entry{Envelope: record.Envelope{N: 1, At: posted, Subject: string(id), Desk: desk}}, content)
	a.N, a.First = 0, 0
	return a
}

// After is how an article would look after one more article entry: for previews of an
// update or a correction.
func (a Article) After(e record.Entry) (Article, error) {
	c, err := record.Decode[record.Article](e)
	if err != nil {
		return Article{}, err
	}
	return a.project(e, c), nil
}

func (a Article) project(e record.Entry, c record.Article) Article {
	before := row{archived: a.Archived, first: a.First, posted: micros(a.Posted), updated: micros(a.Updated), corrected: micros(a.Corrected), versions: a.Versions}
	r := before.posts(e, c)
	next := r.article()
	next.Content, next.Corrections = c, a.Corrections
	if c.Correction != nil {
		next.Corrections = append([]Correction{{N: e.N, At: e.At, Correction: *c.Correction}}, a.Corrections...)
	}
	fillCard(&next)
	return next
}

// article is a row as pages know it, before its text is put in.
func (r row) article() Article {
	return Article{
		Card: Card{ID: story.ArticleID(r.id), Desk: story.DeskID(r.desk), N: r.latest, Lang: r.lang, Section: r.section,
			Posted: instant(r.posted), Updated: instant(r.updated), Corrected: instant(r.corrected), Live: r.live},
		Standing: r.standing, First: r.first, Note: r.note, TakenAt: instant(r.taken), Versions: r.versions, Archived: r.archived,
	}
}

// fillCard takes from the newest text what lists show. A picture leads only with its credit.
func fillCard(a *Article) {
	c := a.Content
	a.Type, a.Section, a.Slug, a.Headline, a.Short, a.Standfirst = c.Type, c.Section, c.Slug, c.Headline, c.Short, c.Standfirst
	a.Bylines, a.Sources, a.Picture = c.Bylines, c.Sources, nil
	for i := range c.Pictures {
		if len(c.Pictures[i].Renditions) > 0 && c.Pictures[i].Credit.String() != "" {
			a.Picture = &c.Pictures[i]
			break
		}
	}
}
