package edition

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/story"
)

// Apply applies entries in one transaction. They follow each other and what is there
// already; entries that were applied before are passed over.
func (e *Edition) Apply(ctx context.Context, entries []record.Entry) error {
	cursor := e.Applied()
	for len(entries) > 0 && entries[0].N <= cursor {
		entries = entries[1:]
	}
	if len(entries) == 0 {
		return nil
	}
	if err := e.fetchRenditions(ctx, entries); err != nil {
		return err
	}
	sqlTx, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("applying entry %d: %w", entries[0].N, err)
	}
	defer func() { _ = sqlTx.Rollback() }() // does nothing after a commit
	a := &applying{ctx: ctx, tx: sqlTx}
	for _, entry := range entries {
		if entry.N != cursor+1 && entry.Kind != record.KindVolume {
			return fmt.Errorf("entry %d does not follow %d", entry.N, cursor)
		}
		if err := a.apply(entry); err != nil {
			return fmt.Errorf("applying entry %d: %w", entry.N, err)
		}
		cursor = entry.N
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("applying entry %d: %w", cursor, err)
	}
	e.moved(cursor)
	return e.removeFiles(ctx, a.dropped)
}

// applying is one transaction over the plain tables.
type applying struct {
	ctx     context.Context
	tx      *sql.Tx
	dropped []string // renditions that may have lost their last use
}

func (a *applying) exec(sql string, args ...any) error {
	_, err := a.tx.ExecContext(a.ctx, sql, args...)
	return err
}

const insertEntry = `
	INSERT INTO entry (n, volume, at, kind, form, class, desk, acting, subject, part, revision, prior, road, basis, desk_entry,
	       window_start, window_end, almanac, zonedata, commitment, salt, content, gone_by)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

func (a *applying) apply(e record.Entry) error {
	salt, content := e.Salt, e.Content
	if !e.Readable() {
		salt, content = nil, nil
	}
	d := e.Decision
	if err := a.exec(insertEntry, e.N, e.Volume, micros(e.At), string(e.Kind), e.Form, string(e.Class), string(e.Desk), string(e.Acting),
		e.Subject, e.Part, e.Revision, e.Prior, string(d.Road), string(d.Basis), d.DeskEntry, micros(d.WindowStart), micros(d.WindowEnd),
		d.Almanac, d.ZoneData, e.Commit[:], salt, content, e.GoneBy); err != nil {
		return err
	}
	switch e.Kind {
	case record.KindArticle:
		return a.article(e)
	case record.KindWithdraw:
		return a.withdraw(e)
	case record.KindKill:
		return a.kill(e)
	}
	if !e.Readable() {
		return nil
	}
	return a.state(e)
}

// states are the kinds of which only the newest counts.
var states = map[record.Kind]string{
	record.KindHouse:   `INSERT INTO house (id, n, content) VALUES (1, $2, $3) ON CONFLICT (id) DO UPDATE SET n = excluded.n, content = excluded.content WHERE $1 <> ''`,
	record.KindFront:   `INSERT INTO front (lang, n, content) VALUES ($1, $2, $3) ON CONFLICT (lang) DO UPDATE SET n = excluded.n, content = excluded.content`,
	record.KindPerson:  `INSERT INTO person (id, n, content) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET n = excluded.n, content = excluded.content`,
	record.KindPicture: `INSERT INTO picture (id, n, content) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET n = excluded.n, content = excluded.content`,
}

const putDesk = `
	INSERT INTO desk (id, n, slug, content) VALUES ($1, $2, $3, $4)
	    ON CONFLICT (id) DO UPDATE SET n = excluded.n, slug = excluded.slug, content = excluded.content`
const putDuty = `INSERT INTO duty (n, desk, at, content) VALUES ($1, $2, $3, $4)`

func (a *applying) state(e record.Entry) error {
	if sql, ok := states[e.Kind]; ok {
		return a.exec(sql, e.Subject, e.N, e.Content)
	}
	switch e.Kind {
	case record.KindDesk:
		d, err := record.Decode[record.Desk](e)
		if err != nil {
			return err
		}
		return a.exec(putDesk, e.Subject, e.N, d.Slug, e.Content)
	case record.KindDuty:
		return a.exec(putDuty, e.N, e.Subject, micros(e.At), e.Content)
	}
	return nil // a volume, or a kind of a newer binary: kept, not shown
}

// row is an article as its table holds it.
type row struct {
	id, standing, desk, lang, section string
	first, latest                     int64
	posted, updated, corrected        int64
	version                           int
	note                              string
	taken                             int64
}

const articleRow = `SELECT id, standing, desk, lang, section, first_n, latest_n, posted, updated, corrected, version, note, taken FROM article WHERE id = $1`
const putArticle = `
	INSERT INTO article (id, standing, desk, lang, section, first_n, latest_n, posted, updated, corrected, version, note, taken)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
	    ON CONFLICT (id) DO UPDATE SET standing = excluded.standing, desk = excluded.desk, lang = excluded.lang, section = excluded.section,
	       latest_n = excluded.latest_n, updated = excluded.updated, corrected = excluded.corrected,
	       version = excluded.version, note = excluded.note, taken = excluded.taken`

func (a *applying) row(id string) (r row, found bool, err error) {
	err = a.tx.QueryRowContext(a.ctx, articleRow, id).Scan(&r.id, &r.standing, &r.desk, &r.lang, &r.section, &r.first, &r.latest, &r.posted, &r.updated, &r.corrected, &r.version, &r.note, &r.taken)
	if err == sql.ErrNoRows {
		return row{id: id}, false, nil
	}
	return r, err == nil, err
}

func (a *applying) put(r row) error {
	return a.exec(putArticle, r.id, r.standing, r.desk, r.lang, r.section, r.first, r.latest, r.posted, r.updated, r.corrected, r.version, r.note, r.taken)
}

const insertVersion = `INSERT INTO version (article, number, n, at, change, content) VALUES ($1, $2, $3, $4, $5, $6)`
const nextVersion = `SELECT COALESCE(max(number), 0) + 1 FROM version WHERE article = $1`
const insertCorrection = `INSERT INTO correction (n, article, lang, at, withdrawn, content) VALUES ($1, $2, $3, $4, $5, $6)`

// article applies an article entry. One that is gone already leaves only its instants:
// the posted time is kept through everything.
func (a *applying) article(e record.Entry) error {
	r, found, err := a.row(e.Subject)
	if err != nil {
		return err
	}
	if !found {
		r.first, r.posted, r.updated = e.N, micros(e.At), micros(e.At)
	}
	r.standing, r.desk, r.latest, r.note, r.taken = string(story.Public), string(e.Desk), e.N, "", 0
	if !e.Readable() {
		r.standing = string(story.Killed)
		return a.put(r)
	}
	c, err := record.Decode[record.Article](e)
	if err != nil {
		return err
	}
	r.lang, r.section = c.Lang, c.Section
	if c.Material && found {
		r.updated = micros(e.At)
	}
	if err := a.tx.QueryRowContext(a.ctx, nextVersion, e.Subject).Scan(&r.version); err != nil {
		return err
	}
	if err := a.exec(insertVersion, e.Subject, r.version, e.N, micros(e.At), string(c.Change), e.Content); err != nil {
		return err
	}
	if c.Correction != nil {
		r.corrected = micros(e.At)
		body, err := json.Marshal(c.Correction)
		if err != nil {
			return err
		}
		if err := a.exec(insertCorrection, e.N, e.Subject, c.Lang, micros(e.At), 0, body); err != nil {
			return err
		}
	}
	if err := a.useRenditions(e.N, e.Subject, c.Pictures); err != nil {
		return err
	}
	return a.put(r)
}

const useRendition = `INSERT INTO rendition (sha256, n, article, picture, type) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`

func (a *applying) useRenditions(n int64, article string, pictures []story.PictureUse) error {
	for _, p := range pictures {
		for _, x := range p.Renditions {
			if err := a.exec(useRendition, x.SHA256, n, article, p.ID, x.Type); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applying) withdraw(e record.Entry) error {
	r, found, err := a.row(e.Subject)
	if err != nil || !found {
		return err
	}
	w := record.Withdraw{}
	if e.Readable() {
		if w, err = record.Decode[record.Withdraw](e); err != nil {
			return err
		}
	}
	r.standing, r.latest, r.note, r.taken = string(story.Withdrawn), e.N, w.Note, micros(e.At)
	body, err := json.Marshal(record.Correction{Note: w.Note})
	if err != nil {
		return err
	}
	if err := a.exec(insertCorrection, e.N, e.Subject, r.lang, micros(e.At), 1, body); err != nil {
		return err
	}
	return a.put(r)
}

const dropVersions = `DELETE FROM version WHERE article = $1`
const dropCorrections = `DELETE FROM correction WHERE article = $1`
const dropRenditions = `DELETE FROM rendition WHERE article = $1`
const renditionsOf = `SELECT DISTINCT sha256 FROM rendition WHERE article = $1`
const dropContent = `UPDATE entry SET salt = NULL, content = NULL, gone_by = $2 WHERE n = $1`

// kill takes every text of an article out of every table and out of the public copy.
func (a *applying) kill(e record.Entry) error {
	k, err := record.Decode[record.Kill](e)
	if err != nil {
		return err
	}
	shas, err := a.strings(renditionsOf, e.Subject)
	if err != nil {
		return err
	}
	a.dropped = append(a.dropped, shas...)
	for _, n := range k.Withheld {
		if err := a.exec(dropContent, n, e.N); err != nil {
			return err
		}
	}
	for _, sql := range []string{dropVersions, dropCorrections, dropRenditions} {
		if err := a.exec(sql, e.Subject); err != nil {
			return err
		}
	}
	r, found, err := a.row(e.Subject)
	if err != nil || !found {
		return err
	}
	r.standing, r.latest, r.note, r.taken, r.version, r.section = string(story.Killed), e.N, k.Note, micros(e.At), 0, ""
	return a.put(r)
}

func (a *applying) strings(sql string, args ...any) (all []string, err error) {
	rows, err := a.tx.QueryContext(a.ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // read to its end, or an error is returned already
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
