package store

import (
	"time"

	"dateline/internal/story"
)

// An AuditSearch is which lines of the audit are wanted. What is empty is not asked for.
type AuditSearch struct {
	Member   int64
	Verb     string
	Subject  string
	From, To time.Time
	Desks    []story.DeskID // only lines about these
	Before   int64          // only lines before this one
	Limit    int
}

const auditLines = `SELECT id, at, member, verb, desk, subject, detail, entry FROM audit WHERE `
const auditWanted = ` AND (CAST($1 AS BIGINT) = 0 OR member = CAST($1 AS BIGINT))
	   AND ($2 = '' OR verb = $2) AND ($3 = '' OR subject = $3)
	   AND (CAST($4 AS BIGINT) = 0 OR at >= CAST($4 AS BIGINT)) AND (CAST($5 AS BIGINT) = 0 OR at < CAST($5 AS BIGINT))
	   AND ($6 = '' OR $6 LIKE '%,' || desk || ',%')
	   AND (CAST($7 AS BIGINT) = 0 OR id < CAST($7 AS BIGINT))
	 ORDER BY id DESC LIMIT $8`

// The same question by each of the ways to the lines that it is about: an engine sees no way
// through a condition that may be empty.
const (
	auditBySubject = auditLines + `subject = $3` + auditWanted
	auditByMember  = auditLines + `member = CAST($1 AS BIGINT)` + auditWanted
	auditByVerb    = auditLines + `verb = $2` + auditWanted
	auditByDesk    = auditLines + `desk = substr($6, 2, length($6) - 2)` + auditWanted
	auditSince     = auditLines + `at >= CAST($4 AS BIGINT)` + auditWanted
	auditAll       = auditLines + `1 = 1` + auditWanted
)

func (s AuditSearch) question() string {
	switch {
	case s.Subject != "":
		return auditBySubject
	case s.Member != 0:
		return auditByMember
	case len(s.Desks) == 1:
		return auditByDesk
	case s.Verb != "":
		return auditByVerb
	case !s.From.IsZero():
		return auditSince
	}
	return auditAll
}

// SearchAudit lists lines of the audit, the newest first.
func (q *Query) SearchAudit(s AuditSearch) ([]Audit, error) {
	return many(q, s.question(), args(s.Member, s.Verb, s.Subject, micros(s.From), micros(s.To), deskList(s.Desks), s.Before, s.Limit), scanAudit)
}

// auditVerbs goes from each verb to the next one instead of through all lines.
const auditVerbs = `
	WITH RECURSIVE known (verb) AS (
	     SELECT min(verb) FROM audit
	      UNION ALL SELECT (SELECT min(verb) FROM audit WHERE verb > known.verb) FROM known WHERE known.verb IS NOT NULL)
	SELECT verb FROM known WHERE verb IS NOT NULL ORDER BY verb`

// AuditVerbs lists the verbs that the audit knows.
func (q *Query) AuditVerbs() ([]string, error) {
	return many(q, auditVerbs, nil, func(row scanner) (v string, err error) { return v, row.Scan(&v) })
}
