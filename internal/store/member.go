package store

import (
	"time"

	"dateline/internal/story"
)

// A Member is an account of the newsroom.
type Member struct {
	ID       int64
	Name     string
	Admin    bool
	Disabled bool
	MadeBy   int64
	MadeAt   time.Time
	Lang     string // in which the newsroom speaks to them; "" as their browser asks
}

const memberColumns = `id, name, admin, disabled, made_by, made_at, lang`

func scanMember(row scanner) (m Member, err error) {
	var at int64
	err = row.Scan(&m.ID, &m.Name, &m.Admin, &m.Disabled, &m.MadeBy, &at, &m.Lang)
	m.MadeAt = instant(at)
	return m, err
}

const members = `SELECT ` + memberColumns + ` FROM member ORDER BY name`

// Members lists every account.
func (q *Query) Members() ([]Member, error) { return many(q, members, nil, scanMember) }

const memberByID = `SELECT ` + memberColumns + ` FROM member WHERE id = $1`
const memberByName = `SELECT ` + memberColumns + ` FROM member WHERE name = $1`

// Member returns the account with that id.
func (q *Query) Member(id int64) (Member, bool, error) {
	return first(many(q, memberByID, args(id), scanMember))
}

// MemberNamed returns the account with that name.
func (q *Query) MemberNamed(name string) (Member, bool, error) {
	return first(many(q, memberByName, args(name), scanMember))
}

func first[T any](all []T, err error) (v T, found bool, _ error) {
	if err != nil || len(all) == 0 {
		return v, false, err
	}
	return all[0], true, nil
}

const insertMember = `INSERT INTO member (name, admin, made_by, made_at) VALUES ($1, $2, $3, $4) RETURNING id`

// AddMember makes an account and returns its id.
func (tx *Tx) AddMember(name string, admin bool, by int64) (id int64, err error) {
	_, err = tx.one(insertMember, args(name, admin, by, micros(tx.Now)), &id)
	return id, err
}

const setLanguage = `UPDATE member SET lang = $2 WHERE id = $1`

// SetLanguage keeps the language that a member chose; "" is none.
func (tx *Tx) SetLanguage(id int64, lang string) error { return tx.must(setLanguage, id, lang) }

const disableMember = `UPDATE member SET disabled = 1 WHERE id = $1`
const endSessions = `DELETE FROM session WHERE member = $1`
const endLinks = `DELETE FROM link WHERE member = $1`

// DisableMember closes an account, with its sessions and links.
func (tx *Tx) DisableMember(id int64) error {
	if err := tx.must(disableMember, id); err != nil {
		return err
	}
	if _, err := tx.exec(endSessions, id); err != nil {
		return err
	}
	_, err := tx.exec(endLinks, id)
	return err
}

// A Role is a role that a member has at a desk.
type Role struct {
	Desk story.DeskID
	Role string
}

const roles = `SELECT desk, role FROM role WHERE member = $1 ORDER BY desk, role`

// Roles lists a member's roles.
func (q *Query) Roles(member int64) ([]Role, error) {
	return many(q, roles, args(member), func(row scanner) (r Role, err error) {
		err = row.Scan(&r.Desk, &r.Role)
		return r, err
	})
}

const addRole = `INSERT INTO role (member, desk, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

// AddRole gives a member a role at a desk.
func (tx *Tx) AddRole(member int64, r Role) error {
	_, err := tx.exec(addRole, member, string(r.Desk), r.Role)
	return err
}

const insertLink = `INSERT INTO link (hash, member, made_at, ends_at, kind, by) VALUES ($1, $2, $3, $4, $5, $6)`

// A Link is a one-time link as it is kept.
type Link struct {
	Member int64
	Kind   string // LinkIn or LinkAnew
	By     int64  // who made it; 0 for the operator
}

// The kinds of link.
const (
	LinkIn   = "in"   // signs in
	LinkAnew = "anew" // signs in, and every key before it is void
)

// AddLink keeps the hash of a one-time sign-in link.
func (tx *Tx) AddLink(hash []byte, member int64, ends time.Time) error {
	return tx.PutLink(hash, Link{member, LinkIn, 0}, ends)
}

// PutLink keeps the hash of a one-time link of a kind.
func (tx *Tx) PutLink(hash []byte, l Link, ends time.Time) error {
	return tx.must(insertLink, hash, l.Member, micros(tx.Now), micros(ends), l.Kind, l.By)
}

const useLink = `UPDATE link SET used_at = $2 WHERE hash = $1 AND used_at = 0 AND ends_at > $2 RETURNING member, kind, by`

// UseLink takes a link, once, and returns whose it is.
func (tx *Tx) UseLink(hash []byte) (l Link, ok bool, err error) {
	ok, err = tx.one(useLink, args(hash, micros(tx.Now)), &l.Member, &l.Kind, &l.By)
	return l, ok, err
}

const linkOf = `SELECT member FROM link WHERE hash = $1 AND used_at = 0 AND ends_at > $2`

// LinkOf tells whose link that is, without taking it.
func (q *Query) LinkOf(hash []byte, now time.Time) (member int64, ok bool, err error) {
	ok, err = q.one(linkOf, args(hash, micros(now)), &member)
	return member, ok, err
}

// A Session is one sign-in.
type Session struct {
	Hash           []byte
	Member         int64
	MadeAt         time.Time
	AuthAt         time.Time // when the person last proved who they are
	EndsAt         time.Time
	Place, Browser string // where from, as it was said
}

const insertSession = `INSERT INTO session (hash, member, made_at, auth_at, ends_at, place, browser) VALUES ($1, $2, $3, $3, $4, $5, $6)`

// AddSession keeps a new session by the hash of its secret.
func (tx *Tx) AddSession(s Session) error {
	return tx.must(insertSession, s.Hash, s.Member, micros(tx.Now), micros(s.EndsAt), s.Place, s.Browser)
}

const sessionColumns = `hash, member, made_at, auth_at, ends_at, place, browser`
const session = `SELECT ` + sessionColumns + ` FROM session WHERE hash = $1`
const sessionsOf = `SELECT ` + sessionColumns + ` FROM session WHERE member = $1 AND ends_at > $2 ORDER BY made_at DESC, hash`

func scanSession(row scanner) (s Session, err error) {
	var made, auth, ends int64
	err = row.Scan(&s.Hash, &s.Member, &made, &auth, &ends, &s.Place, &s.Browser)
	s.MadeAt, s.AuthAt, s.EndsAt = instant(made), instant(auth), instant(ends)
	return s, err
}

// Session returns a session by the hash of its secret.
func (q *Query) Session(hash []byte) (Session, bool, error) {
	return first(many(q, session, args(hash), scanSession))
}

// SessionsOf lists a member's sessions, the newest first.
func (q *Query) SessionsOf(member int64, now time.Time) ([]Session, error) {
	return many(q, sessionsOf, args(member, micros(now)), scanSession)
}

const proveSession = `UPDATE session SET auth_at = $2 WHERE hash = $1`

// ProveSession notes that the person proved anew who they are.
func (tx *Tx) ProveSession(hash []byte) error { return tx.must(proveSession, hash, micros(tx.Now)) }

const endSession = `DELETE FROM session WHERE hash = $1`
const endSessionOf = `DELETE FROM session WHERE hash = $1 AND member = $2`
const endOtherSessions = `DELETE FROM session WHERE member = $1 AND hash <> $2`
const forgetSessions = `DELETE FROM session WHERE ends_at <= $1`

// EndSession signs one session out.
func (tx *Tx) EndSession(hash []byte) error {
	_, err := tx.exec(endSession, hash)
	return err
}

// EndSessionOf ends one of a member's sessions, and reports whether it was there.
func (tx *Tx) EndSessionOf(hash []byte, member int64) (bool, error) {
	n, err := tx.exec(endSessionOf, hash, member)
	return n == 1, err
}

// EndOtherSessions ends all of a member's sessions but one.
func (tx *Tx) EndOtherSessions(member int64, but []byte) error {
	_, err := tx.exec(endOtherSessions, member, but)
	return err
}

// ForgetSessions drops those that are over.
func (tx *Tx) ForgetSessions() error {
	_, err := tx.exec(forgetSessions, micros(tx.Now))
	return err
}
