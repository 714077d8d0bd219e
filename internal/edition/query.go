package edition

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/story"
)

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// A View is one consistent state of the edition: a page reads one.
type View struct {
	edition *Edition
	ctx     context.Context
	tx      *sql.Tx
}

// View runs fn on one consistent state.
func (e *Edition) View(ctx context.Context, fn func(*View) error) error {
	tx, err := e.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("reading the edition: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo: it only read
	return fn(&View{e, ctx, tx})
}

func (v *View) one(query string, args []any, dest ...any) (bool, error) {
	err := v.tx.QueryRowContext(v.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func many[T any](v *View, query string, args []any, scan func(*sql.Rows) (T, error)) (all []T, err error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

const house = `SELECT n, content FROM house WHERE id = 1`

// House returns the house; ok is false before there is one.
func (v *View) House() (h House, ok bool, err error) {
	var content []byte
	if ok, err = v.one(house, nil, &h.N, &content); err != nil || !ok {
		return h, false, err
	}
	if err := json.Unmarshal(content, &h.House); err != nil {
		return h, false, fmt.Errorf("the house entry: %w", err)
	}
	h.Zone, err = v.edition.options.Zone(h.Seat.Zone)
	return h, err == nil, err
}

const deskRows = `SELECT id, n, content FROM desk ORDER BY n`

// Desks returns the desks in the house's order; those it does not name come last.
func (v *View) Desks(h House) ([]Desk, error) {
	all, err := many(v, deskRows, nil, func(rows *sql.Rows) (d Desk, err error) {
		var content []byte
		if err = rows.Scan(&d.ID, &d.N, &content); err != nil {
			return d, err
		}
		return d, v.edition.decodeDesk(&d, content)
	})
	if err != nil {
		return nil, err
	}
	var ordered []Desk
	for _, id := range h.Desks {
		for _, d := range all {
			if d.ID == id {
				ordered = append(ordered, d)
			}
		}
	}
	for _, d := range all {
		known := false
		for _, id := range h.Desks {
			known = known || d.ID == id
		}
		if !known {
			ordered = append(ordered, d)
		}
	}
	return ordered, nil
}

func (e *Edition) decodeDesk(d *Desk, content []byte) (err error) {
	if err := json.Unmarshal(content, &d.Desk); err != nil {
		return fmt.Errorf("the entry of desk %s: %w", d.ID, err)
	}
	if d.Zone, err = e.options.Zone(d.Place.Zone); err != nil {
		return err
	}
	d.Hours = HoursOf(d.N, d.Desk)
	return nil
}

// HoursOf is when a desk rests, by its entry and nothing else.
func HoursOf(n int64, d record.Desk) story.Hours {
	h := story.Hours{Entry: n, From: d.From, Horizon: d.Horizon, Almanac: d.Almanac, ZoneData: d.ZoneData, Closed: d.Closed}
	for _, w := range d.Windows {
		h.Windows = append(h.Windows, almanac.Window(w))
	}
	return h
}

const cardColumns = `a.id, a.standing, a.desk, a.lang, a.first_n, a.latest_n, a.posted, a.updated, a.corrected, a.note, a.taken, a.version, v.content`
const cardFrom = ` FROM article a JOIN version v ON v.article = a.id AND v.number = a.version`

func (v *View) scanArticle(rows *sql.Rows) (a Article, err error) {
	var posted, updated, corrected, taken int64
	var content []byte
	if err = rows.Scan(&a.ID, &a.Standing, &a.Desk, &a.Lang, &a.First, &a.N, &posted, &updated, &corrected, &a.Note, &taken, &a.Versions, &content); err != nil {
		return a, err
	}
	a.Posted, a.Updated, a.Corrected, a.TakenAt = instant(posted), instant(updated), instant(corrected), instant(taken)
	if content == nil {
		return a, nil
	}
	if err = json.Unmarshal(content, &a.Content); err != nil {
		return a, fmt.Errorf("article %s: %w", a.ID, err)
	}
	return a, v.fillCard(&a)
}

// fillCard takes what lists show from the newest text, and what picture entries changed.
func (v *View) fillCard(a *Article) error {
	kept := a.Content.Pictures[:0:0]
	for _, p := range a.Content.Pictures {
		state, found, err := v.picture(p.ID)
		if err != nil {
			return err
		}
		if found && state.Withdrawn {
			continue
		}
		if found && state.Credit != nil {
			p.Credit = *state.Credit
		}
		if found && state.Caption != "" {
			p.Caption = state.Caption
		}
		kept = append(kept, p)
	}
	a.Content.Pictures = kept
	fillCard(a)
	return nil
}

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

const pictureState = `SELECT content FROM picture WHERE id = $1`

func (v *View) picture(id string) (p record.Picture, found bool, err error) {
	var content []byte
	if found, err = v.one(pictureState, []any{id}, &content); err != nil || !found {
		return p, false, err
	}
	return p, true, json.Unmarshal(content, &p)
}

const newestCards = `SELECT ` + cardColumns + cardFrom + `
	 WHERE a.lang = $1 AND a.standing = 'public' AND ($2 = 0 OR a.first_n < $2) ORDER BY a.first_n DESC LIMIT $3`
const sectionCards = `SELECT ` + cardColumns + cardFrom + `
	 WHERE a.lang = $1 AND a.section = $4 AND a.standing = 'public' AND ($2 = 0 OR a.first_n < $2) ORDER BY a.first_n DESC LIMIT $3`
const deskCards = `SELECT ` + cardColumns + cardFrom + `
	 WHERE a.lang = $1 AND a.desk = $4 AND a.standing = 'public' AND ($2 = 0 OR a.first_n < $2) ORDER BY a.first_n DESC LIMIT $3`

// Newest lists the articles of a language, newest posted first, whole.
func (v *View) Newest(lang string, limit int) ([]Article, error) {
	return many(v, newestCards, []any{lang, 0, limit}, v.scanArticle)
}

// Section lists part of a section.
func (v *View) Section(lang, section string, p Page) (List, error) {
	return v.list(sectionCards, p, lang, p.Before, p.Limit+1, section)
}

// DeskCards lists part of what a desk posted in a language.
func (v *View) DeskCards(lang string, desk story.DeskID, p Page) (List, error) {
	return v.list(deskCards, p, lang, p.Before, p.Limit+1, string(desk))
}

func (v *View) list(query string, p Page, args ...any) (l List, err error) {
	all, err := many(v, query, args, v.scanArticle)
	if err != nil {
		return l, err
	}
	if len(all) > p.Limit {
		all = all[:p.Limit]
		l.Next = all[len(all)-1].First
	}
	for _, a := range all {
		l.Cards = append(l.Cards, a.Card)
	}
	return l, nil
}

const frontOf = `SELECT content FROM front WHERE lang = $1`

// Front lists the cards of a front page: the places that editors filled, then the newest.
func (v *View) Front(lang string, limit int) ([]Card, error) {
	newest, err := v.Newest(lang, limit)
	if err != nil {
		return nil, err
	}
	var content []byte
	found, err := v.one(frontOf, []any{lang}, &content)
	if err != nil {
		return nil, err
	}
	var front record.Front
	if found {
		if err := json.Unmarshal(content, &front); err != nil {
			return nil, fmt.Errorf("the front of %s: %w", lang, err)
		}
	}
	var cards []Card
	placed := map[story.ArticleID]bool{}
	for _, p := range front.Places {
		a, ok, err := v.Article(p.Article)
		if err != nil {
			return nil, err
		}
		if !ok || a.Standing != story.Public || placed[a.ID] {
			continue
		}
		if p.Headline != "" {
			a.Headline = p.Headline
		}
		placed[a.ID] = true
		cards = append(cards, a.Card)
	}
	for _, a := range newest {
		if !placed[a.ID] {
			cards = append(cards, a.Card)
		}
	}
	return cards, nil
}

const articleByID = `SELECT a.id, a.standing, a.desk, a.lang, a.first_n, a.latest_n, a.posted, a.updated, a.corrected, a.note, a.taken, a.version, v.content
	  FROM article a LEFT JOIN version v ON v.article = a.id AND v.number = a.version WHERE a.id = $1`
const correctionsOf = `SELECT n, at, content FROM correction WHERE article = $1 AND withdrawn = 0 ORDER BY n DESC`

// Article returns an article by id, whatever its standing.
func (v *View) Article(id story.ArticleID) (a Article, ok bool, err error) {
	all, err := many(v, articleByID, []any{string(id)}, v.scanArticle)
	if err != nil || len(all) == 0 {
		return a, false, err
	}
	a = all[0]
	a.Corrections, err = many(v, correctionsOf, []any{string(id)}, scanCorrection)
	return a, err == nil, err
}

func scanCorrection(rows *sql.Rows) (c Correction, err error) {
	var at int64
	var content []byte
	if err = rows.Scan(&c.N, &at, &content); err != nil {
		return c, err
	}
	c.At = instant(at)
	return c, json.Unmarshal(content, &c.Correction)
}

const history = `SELECT number, n, at, change, content FROM version WHERE article = $1 ORDER BY number DESC`

// History lists every text of an article, newest first.
func (v *View) History(id story.ArticleID) ([]Version, error) {
	return many(v, history, []any{string(id)}, func(rows *sql.Rows) (x Version, err error) {
		var at int64
		var content []byte
		if err = rows.Scan(&x.Number, &x.N, &at, &x.Change, &content); err != nil {
			return x, err
		}
		x.At = instant(at)
		return x, json.Unmarshal(content, &x.Content)
	})
}

const corrections = `SELECT n, article, at, withdrawn, content FROM correction WHERE lang = $1 AND ($2 = 0 OR n < $2) ORDER BY n DESC LIMIT $3`

// Corrections lists corrections and withdrawals of a language, newest first; next is
// where the next part begins, 0 at the end.
func (v *View) Corrections(lang string, p Page) (lines []Corrected, next int64, err error) {
	type line struct {
		Corrected
		article string
	}
	all, err := many(v, corrections, []any{lang, p.Before, p.Limit + 1}, func(rows *sql.Rows) (c line, err error) {
		var at int64
		var content []byte
		if err = rows.Scan(&c.Correction.N, &c.article, &at, &c.Withdrawn, &content); err != nil {
			return c, err
		}
		c.Correction.At = instant(at)
		return c, json.Unmarshal(content, &c.Correction.Correction)
	})
	if err != nil {
		return nil, 0, err
	}
	if len(all) > p.Limit {
		all = all[:p.Limit]
		next = all[len(all)-1].Correction.N
	}
	for _, c := range all {
		a, ok, err := v.Article(story.ArticleID(c.article))
		if err != nil {
			return nil, 0, err
		}
		if ok {
			c.Card = a.Card
			lines = append(lines, c.Corrected)
		}
	}
	return lines, next, nil
}

const entryColumns = `n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry,
	window_start, window_end, almanac, zonedata, commitment, salt, content, gone_by`
const entriesAfter = `SELECT ` + entryColumns + ` FROM entry WHERE n > $1 ORDER BY n LIMIT $2`

// After implements record.Source, from the public copy.
func (e *Edition) After(ctx context.Context, n int64, limit int) (all []record.Entry, err error) {
	err = e.View(ctx, func(v *View) error {
		all, err = many(v, entriesAfter, []any{n, limit}, scanEntry)
		return err
	})
	return all, err
}

// Head implements record.Source.
func (e *Edition) Head(context.Context) (int64, error) { return e.Applied(), nil }

func scanEntry(rows *sql.Rows) (e record.Entry, err error) {
	var at, ws, we int64
	var commitment []byte
	d := &e.Decision
	err = rows.Scan(&e.N, &e.Volume, &at, &e.Kind, &e.Form, &e.Class, &e.Desk, &e.Acting, &e.Subject, &e.Part, &e.Revision, &e.Prior,
		&d.Road, &d.Basis, &d.DeskEntry, &ws, &we, &d.Almanac, &d.ZoneData, &commitment, &e.Salt, &e.Content, &e.GoneBy)
	e.At, d.WindowStart, d.WindowEnd = instant(at), instant(ws), instant(we)
	copy(e.Commit[:], commitment)
	return e, err
}

// plain are the tables that the digest covers, each in the order of its key.
var plain = []string{
	`SELECT * FROM entry ORDER BY n`, `SELECT * FROM house ORDER BY id`, `SELECT * FROM desk ORDER BY id`, `SELECT * FROM duty ORDER BY n`,
	`SELECT * FROM front ORDER BY lang`, `SELECT * FROM person ORDER BY id`, `SELECT * FROM picture ORDER BY id`, `SELECT * FROM article ORDER BY id`,
	`SELECT * FROM version ORDER BY article, number`, `SELECT * FROM correction ORDER BY n`, `SELECT * FROM rendition ORDER BY sha256, n`,
}

// Digest is the SHA-256 over the plain tables in key order: the same for every edition of
// the same record, however it was built.
func (e *Edition) Digest(ctx context.Context) (string, error) {
	h := sha256.New()
	err := e.View(ctx, func(v *View) error {
		for _, query := range plain {
			fmt.Fprintln(h, query)
			rows, err := v.tx.QueryContext(ctx, query)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return errors.Join(err, rows.Close())
			}
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			for rows.Next() {
				if err := rows.Scan(into...); err != nil {
					return errors.Join(err, rows.Close())
				}
				fmt.Fprintf(h, "%q\n", values)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// Project is how an article would look if a content were posted now: for previews, by the
// same code that fills pages.
func Project(id story.ArticleID, desk story.DeskID, content record.Article, posted time.Time) Article {
	a := Article{Card: Card{ID: id, Desk: desk, Lang: content.Lang, Posted: posted, Updated: posted}, Standing: story.Public, Content: content, Versions: 1}
	fillCard(&a)
	return a
}
