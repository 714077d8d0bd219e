package newsroom

import (
	"context"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// AuditPage is how many lines of the audit a page lists.
const AuditPage = 100

// An AuditWish is what somebody looks for in the audit. What is empty is not asked for.
type AuditWish struct {
	Member, Verb, Subject string
	From, To              time.Time
	Before                int64 // the number of a line; only lines before it
	Limit                 int   // at most 1,000; 0 is AuditPage
}

// A Log is lines of the audit, the newest first, and the verbs there are to look for.
type Log struct {
	Lines []AuditView
	Verbs []string
	More  bool
}

// AuditLog reads lines of the audit. An administrator sees all, others those about their
// desks.
func (r *Room) AuditLog(ctx context.Context, who Who, w AuditWish) (v Log, err error) {
	if !who.Somewhere("see the audit") {
		return v, who.must("see the audit", "")
	}
	if w.Limit <= 0 || w.Limit > 1000 {
		w.Limit = AuditPage
	}
	s := store.AuditSearch{Verb: cutText(w.Verb, 100), Subject: cutText(w.Subject, 200), From: w.From, To: w.To, Before: w.Before, Limit: w.Limit + 1}
	if !who.Admin {
		s.Desks = who.At("see the audit")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		if w.Member != "" {
			m, found, err := q.MemberNamed(w.Member)
			if err != nil || !found {
				return joinUnknown(err, "There is no member of that name.")
			}
			s.Member = m.ID
		}
		lines, err := q.SearchAudit(s)
		if err != nil {
			return err
		}
		if v.More = len(lines) > w.Limit; v.More {
			lines = lines[:w.Limit]
		}
		names := map[int64]string{}
		for _, a := range lines {
			if _, known := names[a.Member]; !known {
				if names[a.Member], err = r.memberName(q, a.Member); err != nil {
					return err
				}
			}
			v.Lines = append(v.Lines, AuditView{Audit: a, Name: names[a.Member]})
		}
		v.Verbs, err = q.AuditVerbs()
		return err
	})
	return v, err
}

// DeskOf is the desk of a story, for judging who may do what with it.
func (r *Room) DeskOf(ctx context.Context, id story.ArticleID) (desk story.DeskID, found bool, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		a, there, err := q.Article(id)
		desk, found = a.Desk, there
		return err
	})
	return desk, found, err
}
