package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/story"
)

const setting = `SELECT value FROM setting WHERE name = $1`

// Setting reads a private setting of the house into value and reports whether it is set.
func (q *Query) Setting(name string, value any) (bool, error) {
	var text string
	found, err := q.one(setting, args(name), &text)
	if err != nil || !found {
		return false, err
	}
	return true, json.Unmarshal([]byte(text), value)
}

const setSetting = `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`

// Set keeps a private setting of the house.
func (tx *Tx) Set(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("keeping setting %s: %w", name, err)
	}
	return tx.must(setSetting, name, string(text))
}

const anchor = `SELECT wall, boot, boot_id FROM anchor WHERE id = 1`

// Anchor returns the last reading of the clock that was trusted, zero for none.
func (q *Query) Anchor() (a clock.Anchor, err error) {
	var wall, boot int64
	_, err = q.one(anchor, nil, &wall, &boot, &a.BootID)
	a.Wall, a.Boot = instant(wall), time.Duration(boot)
	return a, err
}

const setAnchor = `
	INSERT INTO anchor (id, wall, boot, boot_id) VALUES (1, $1, $2, $3)
	    ON CONFLICT (id) DO UPDATE SET wall = excluded.wall, boot = excluded.boot, boot_id = excluded.boot_id`

// Anchor is Query.Anchor, asked once for each commit.
func (tx *Tx) Anchor() (a clock.Anchor, err error) {
	if !tx.tip.anchored {
		if tx.tip.anchor, err = tx.Query.Anchor(); err != nil {
			return a, err
		}
		tx.tip.anchored = true
	}
	return tx.tip.anchor, nil
}

// SetAnchor keeps a trusted reading: the last of a commit is written with it.
func (tx *Tx) SetAnchor(a clock.Anchor) error {
	tx.tip.anchor, tx.tip.anchored, tx.tip.anew = a, true, true
	return nil
}

func (tx *Tx) writeAnchor() error {
	a := tx.tip.anchor
	return tx.must(setAnchor, micros(a.Wall), int64(a.Boot), a.BootID)
}

// A DeskRow is a desk's private side.
type DeskRow struct {
	ID       story.DeskID
	Position int
	Settings []byte // JSON, the newsroom's own
	Resting  bool
	ToldAt   time.Time
}

const desks = `SELECT id, position, settings, resting, told_at FROM desk ORDER BY position`

// Desks lists the desks in the house's order.
func (q *Query) Desks() (all []DeskRow, err error) {
	r, reading := q.tx.(reader)
	if reading && len(*r.desks) > 0 {
		return slices.Clone(*r.desks), q.ctx.Err()
	}
	if all, err = q.readDesks(); reading && err == nil {
		*r.desks = slices.Clone(all)
	}
	return all, err
}

func (q *Query) readDesks() ([]DeskRow, error) {
	return many(q, desks, nil, func(row scanner) (d DeskRow, err error) {
		var told int64
		err = row.Scan(&d.ID, &d.Position, &d.Settings, &d.Resting, &told)
		d.ToldAt = instant(told)
		return d, err
	})
}

const putDesk = `
	INSERT INTO desk (id, position, settings, resting, told_at) VALUES ($1, $2, $3, $4, $5)
	    ON CONFLICT (id) DO UPDATE SET position = excluded.position, settings = excluded.settings,
	       resting = excluded.resting, told_at = excluded.told_at`

// PutDesk keeps a desk's private side.
func (tx *Tx) PutDesk(d DeskRow) error {
	return tx.must(putDesk, string(d.ID), d.Position, string(d.Settings), d.Resting, micros(d.ToldAt))
}

const insertAudit = `
	INSERT INTO audit (id, at, member, verb, desk, subject, detail, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
const newestLine = `SELECT COALESCE(max(id), 0) FROM audit`

// An Audit is a line of who did what. It is private, and never purged silently.
type Audit struct {
	ID      int64
	At      time.Time
	Member  int64
	Verb    string
	Desk    story.DeskID
	Subject string
	Detail  string
	Entry   int64
}

// Note adds a line to the audit.
func (tx *Tx) Note(a Audit) error {
	tx.touch(DeskChanged, string(a.Desk))
	tx.touch(StoryChanged, a.Subject)
	id, err := tx.number(&tx.tip.lines, newestLine)
	if err != nil {
		return err
	}
	return tx.must(insertAudit, id, micros(tx.Now), a.Member, a.Verb, string(a.Desk), a.Subject, a.Detail, a.Entry)
}

const auditOf = `SELECT id, at, member, verb, desk, subject, detail, entry FROM audit WHERE subject = $1 ORDER BY id DESC LIMIT $2`

// AuditOf lists the newest lines about a subject.
func (q *Query) AuditOf(subject string, limit int) ([]Audit, error) {
	return many(q, auditOf, args(subject, limit), scanAudit)
}

func scanAudit(row scanner) (a Audit, err error) {
	var at int64
	err = row.Scan(&a.ID, &at, &a.Member, &a.Verb, &a.Desk, &a.Subject, &a.Detail, &a.Entry)
	a.At = instant(at)
	return a, err
}

const answer = `SELECT verb, request, body FROM answer WHERE member = $1 AND key = $2`

// An Answer is what a verb answered to a key.
type Answer struct {
	Verb          string
	Request, Body []byte
}

func scanAnswer(row scanner) (a Answer, err error) {
	err = row.Scan(&a.Verb, &a.Request, &a.Body)
	return a, err
}

// Answer returns what a verb answered to a key before.
func (q *Query) Answer(member int64, key string) (Answer, bool, error) {
	return first(many(q.of(key), answer, args(member, key), scanAnswer))
}

const insertAnswer = `INSERT INTO answer (member, key, verb, request, status, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// SetAnswer keeps what a verb answers, in the transaction that does it.
func (tx *Tx) SetAnswer(member int64, key string, a Answer) error {
	return tx.of(key).must(insertAnswer, member, key, a.Verb, a.Request, "done", string(a.Body), micros(tx.Now))
}

const forgetAnswers = `DELETE FROM answer WHERE at < $1`

// ForgetAnswers drops answers older than before.
func (tx *Tx) ForgetAnswers(before time.Time) error {
	_, err := tx.exec(forgetAnswers, micros(before))
	return err
}
