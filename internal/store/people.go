package store

import (
	"strings"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// An Invitation lets somebody become a member.
type Invitation struct {
	ID      int64
	Name    string
	Admin   bool
	Roles   []byte // JSON
	By      int64
	At      time.Time
	EndsAt  time.Time
	EndedAt time.Time
	Member  int64 // who came of it
}

const insertInvitation = `INSERT INTO invitation (hash, name, admin, roles, by, at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

// AddInvitation keeps an invitation by the hash of its link.
func (tx *Tx) AddInvitation(hash []byte, i Invitation) (id int64, err error) {
	_, err = tx.one(insertInvitation, args(hash, i.Name, i.Admin, string(i.Roles), i.By, micros(tx.Now), micros(i.EndsAt)), &id)
	return id, err
}

const invitationColumns = `id, name, admin, roles, by, at, ends_at, ended_at, member`
const invitationOf = `SELECT ` + invitationColumns + ` FROM invitation WHERE hash = $1`
const invitation = `SELECT ` + invitationColumns + ` FROM invitation WHERE id = $1`
const openInvitations = `SELECT ` + invitationColumns + ` FROM invitation WHERE ended_at = 0 AND ends_at > $1 ORDER BY id DESC LIMIT 200`

func scanInvitation(row scanner) (i Invitation, err error) {
	var at, ends, ended int64
	var roles string
	err = row.Scan(&i.ID, &i.Name, &i.Admin, &roles, &i.By, &at, &ends, &ended, &i.Member)
	i.Roles, i.At, i.EndsAt, i.EndedAt = []byte(roles), instant(at), instant(ends), instant(ended)
	return i, err
}

// InvitationOf returns the invitation of a link.
func (q *Query) InvitationOf(hash []byte) (Invitation, bool, error) {
	return first(many(q, invitationOf, args(hash), scanInvitation))
}

// Invitation returns the invitation of that id.
func (q *Query) Invitation(id int64) (Invitation, bool, error) {
	return first(many(q, invitation, args(id), scanInvitation))
}

// OpenInvitations lists those that nobody answered yet, the newest first.
func (q *Query) OpenInvitations(now time.Time) ([]Invitation, error) {
	return many(q, openInvitations, args(micros(now)), scanInvitation)
}

const endInvitation = `UPDATE invitation SET ended_at = $2, member = $3 WHERE id = $1 AND ended_at = 0 AND ends_at > $2`

// EndInvitation takes an invitation, once: by the member who came of it, or 0.
func (tx *Tx) EndInvitation(id, member int64) (bool, error) {
	n, err := tx.exec(endInvitation, id, micros(tx.Now), member)
	return n == 1, err
}

const setMember = `UPDATE member SET admin = $2, disabled = $3 WHERE id = $1`

// SetMember changes what a member is in the house.
func (tx *Tx) SetMember(id int64, admin, disabled bool) error {
	return tx.must(setMember, id, admin, disabled)
}

const setKeyed = `UPDATE member SET keyed_by = $2, keyed_at = $3 WHERE id = $1`

// SetKeyed notes who let a member begin anew with other keys.
func (tx *Tx) SetKeyed(id, by int64) error { return tx.must(setKeyed, id, by, micros(tx.Now)) }

const keyed = `SELECT keyed_by, keyed_at FROM member WHERE id = $1`

// Keyed tells who let a member begin anew, and when.
func (q *Query) Keyed(id int64) (by int64, at time.Time, err error) {
	var us int64
	_, err = q.one(keyed, args(id), &by, &us)
	return by, instant(us), err
}

const removeRoles = `DELETE FROM role WHERE member = $1`

// SetRoles gives a member these roles and no others.
func (tx *Tx) SetRoles(member int64, all []Role) error {
	if _, err := tx.exec(removeRoles, member); err != nil {
		return err
	}
	for _, r := range all {
		if err := tx.AddRole(member, r); err != nil {
			return err
		}
	}
	return nil
}

// What a list of members asks for. Desks, where it has any, leaves out who has no role at
// one of them.
type MemberSearch struct {
	Name          string // part of the name, in either case
	Desks         []story.DeskID
	Limit, Offset int
}

const memberMatch = ` FROM member m
	 WHERE lower(m.name) LIKE lower($1) ESCAPE '\'
	   AND ($2 = '' OR EXISTS (SELECT 1 FROM role r WHERE r.member = m.id AND $2 LIKE '%,' || r.desk || ',%'))`
const searchMembers = `SELECT ` + memberColumns + memberMatch + ` ORDER BY m.name LIMIT $3 OFFSET $4`
const countMembers = `SELECT count(*)` + memberMatch

// SearchMembers lists members by name, and tells how many there are in all.
func (q *Query) SearchMembers(s MemberSearch) (page []Member, total int, err error) {
	like, desks := "%"+likeEscape.Replace(s.Name)+"%", deskList(s.Desks)
	if _, err := q.one(countMembers, args(like, desks), &total); err != nil {
		return nil, 0, err
	}
	page, err = many(q, searchMembers, args(like, desks, s.Limit, s.Offset), scanMember)
	return page, total, err
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// deskList is ",a,b,", or nothing for all.
func deskList(ids []story.DeskID) string {
	if len(ids) == 0 {
		return ""
	}
	out := ","
	for _, id := range ids {
		out += string(id) + ","
	}
	return out
}

// A Token is the key of a program.
type Token struct {
	ID           int64
	Member       int64
	Name         string
	Verbs, Desks []byte // JSON
	MadeAt       time.Time
	EndsAt       time.Time
	EndedAt      time.Time
}

const insertToken = `INSERT INTO token (hash, member, name, verbs, desks, made_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

// AddToken keeps a token by the hash of its secret.
func (tx *Tx) AddToken(hash []byte, t Token) (id int64, err error) {
	_, err = tx.one(insertToken, args(hash, t.Member, t.Name, string(t.Verbs), string(t.Desks), micros(tx.Now), micros(t.EndsAt)), &id)
	return id, err
}

const tokenColumns = `id, member, name, verbs, desks, made_at, ends_at, ended_at`
const tokenOf = `SELECT ` + tokenColumns + ` FROM token WHERE hash = $1`
const tokenByID = `SELECT ` + tokenColumns + ` FROM token WHERE id = $1`
const tokensOf = `SELECT ` + tokenColumns + ` FROM token WHERE member = $1 AND ended_at = 0 AND ends_at > $2 ORDER BY id DESC`
const openTokens = `SELECT ` + tokenColumns + ` FROM token WHERE ended_at = 0 AND ends_at > $1 ORDER BY id DESC LIMIT 500`

func scanToken(row scanner) (t Token, err error) {
	var made, ends, ended int64
	var verbs, desks string
	err = row.Scan(&t.ID, &t.Member, &t.Name, &verbs, &desks, &made, &ends, &ended)
	t.Verbs, t.Desks, t.MadeAt, t.EndsAt, t.EndedAt = []byte(verbs), []byte(desks), instant(made), instant(ends), instant(ended)
	return t, err
}

// TokenOf returns the token of a secret's hash.
func (q *Query) TokenOf(hash []byte) (Token, bool, error) {
	return first(many(q, tokenOf, args(hash), scanToken))
}

// Token returns the token of that id.
func (q *Query) Token(id int64) (Token, bool, error) {
	return first(many(q, tokenByID, args(id), scanToken))
}

// TokensOf lists a member's tokens that work, the newest first; of all members where it is 0.
func (q *Query) TokensOf(member int64, now time.Time) ([]Token, error) {
	if member == 0 {
		return many(q, openTokens, args(micros(now)), scanToken)
	}
	return many(q, tokensOf, args(member, micros(now)), scanToken)
}

const endToken = `UPDATE token SET ended_at = $2 WHERE id = $1 AND ended_at = 0`
const endTokens = `UPDATE token SET ended_at = $2 WHERE member = $1 AND ended_at = 0`

// EndToken revokes a token, and reports whether it worked until now.
func (tx *Tx) EndToken(id int64) (bool, error) {
	n, err := tx.exec(endToken, id, micros(tx.Now))
	return n == 1, err
}

// EndTokens revokes all of a member.
func (tx *Tx) EndTokens(member int64) error {
	_, err := tx.exec(endTokens, member, micros(tx.Now))
	return err
}

const exceptionsSince = `SELECT ` + entryColumns + ` FROM record WHERE kind = 'exception' AND at >= $1 ORDER BY n DESC LIMIT 50`

// ExceptionsSince lists the exceptions that were granted since a time, the newest first.
func (q *Query) ExceptionsSince(t time.Time) ([]record.Entry, error) {
	return many(q, exceptionsSince, args(micros(t)), scanEntry)
}

const askingOf = `SELECT by, second FROM asking WHERE entry = $1 AND what = $2`

// AskingOf tells who asked for what became an entry, and who confirmed it.
func (q *Query) AskingOf(entry int64, what string) (by, second int64, err error) {
	_, err = q.one(askingOf, args(entry, what), &by, &second)
	return by, second, err
}
