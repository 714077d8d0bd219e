package desk

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// The audit: every act, the newest first. It is read and taken out; nothing removes a line.

type auditPage struct {
	frame
	Find      auditFind
	Verbs     []string
	Lines     []auditLine
	Older     string
	CSV, JSON string
	All       bool // of the whole house
}

// auditFind is what is looked for.
type auditFind struct{ Member, Verb, Subject, From, To string }

type auditLine struct {
	When, UTC, Who, Verb, Desk, Subject, Address, Detail string
	Entry                                                int64
}

var auditTemplate = newPage[auditPage]("audit.tmpl", "frame.tmpl", "lines.tmpl")

// auditWish reads what is looked for. Days are the house's, both included.
func auditWish(q url.Values, zone *time.Location) (w newsroom.AuditWish, err error) {
	w = newsroom.AuditWish{Member: strings.TrimSpace(q.Get("member")), Verb: strings.TrimSpace(q.Get("verb")), Subject: strings.TrimSpace(q.Get("subject")), Before: int64(atoi(q.Get("before")))}
	day := func(name string, add int) (t time.Time, err error) {
		if q.Get(name) == "" {
			return t, nil
		}
		if t, err = time.Parse(time.DateOnly, q.Get(name)); err != nil {
			return t, story.Refuse(story.Invalid, "A day is written 2024-03-22; %.20q is none.", q.Get(name))
		}
		return clock.DayStart(t.Year(), t.Month(), t.Day()+add, zone), nil
	}
	if w.From, err = day("from", 0); err != nil {
		return w, err
	}
	w.To, err = day("to", 1)
	return w, err
}

func (d *desk) audit(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := auditPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Audit")), All: who.Admin,
		Find: auditFind{q.Get("member"), q.Get("verb"), q.Get("subject"), q.Get("from"), q.Get("to")}}
	wish, err := auditWish(q, h.Zone)
	var log newsroom.Log
	if err == nil {
		log, err = d.room.AuditLog(r.Context(), who, wish)
	}
	status := http.StatusOK
	if _, refused := story.AsRefusal(err); refused {
		status, p.Error = fails(p.Tongue, err)
	} else if err != nil {
		return err
	}
	p.Lines, p.Verbs = auditLines(log.Lines, h, d.whenAt(who, h)), log.Verbs
	at := func(path, name, value string) string {
		next := url.Values{}
		for _, k := range []string{"member", "verb", "subject", "from", "to"} {
			if v := q.Get(k); v != "" {
				next.Set(k, v)
			}
		}
		next.Set(name, value)
		return path + "?" + next.Encode()
	}
	p.CSV, p.JSON = at("/audit/export", "format", "csv"), at("/audit/export", "format", "jsonl")
	if log.More {
		p.Older = at("/audit", "before", fmt.Sprint(log.Lines[len(log.Lines)-1].ID))
	}
	return auditTemplate.Render(w, status, p)
}

func auditLines(lines []newsroom.AuditView, h newsroom.HouseView, when func(time.Time) string) (all []auditLine) {
	for _, a := range lines {
		l := auditLine{When: when(a.At), UTC: clock.ISO(a.At), Who: h.Say(whoDid(a)), Verb: verbWords(h, a.Verb), Subject: a.Subject, Detail: withSlugs(detailWords(h, a), h), Entry: a.Entry}
		if x, ok := h.Desk(string(a.Desk)); ok && a.Desk != "" {
			l.Desk = x.Name()
			if a.Subject == string(a.Desk) {
				l.Subject = ""
			} else if story.ValidID(a.Subject, story.ArticleIDLength) {
				l.Address = "/stories/" + a.Subject
			}
		}
		all = append(all, l)
	}
	return all
}

// withSlugs names desks as people do, where a line holds roles at them.
func withSlugs(detail string, h newsroom.HouseView) string {
	for _, x := range h.Desks {
		detail = strings.ReplaceAll(detail, string(x.ID)+":", x.Settings.Slug+":")
	}
	return detail
}

// verbWords says a verb of the audit: some are followed by what was done, as in "file publish".
func verbWords(h newsroom.HouseView, verb string) string {
	for begins, words := range map[string]string{"file ": "file %s", "ask to ": "ask to %s", "drop ": "drop %s"} {
		if rest, ok := strings.CutPrefix(verb, begins); ok {
			return h.Say(words, story.Word(rest))
		}
	}
	if done, ok := strings.CutSuffix(verb, " posted"); ok {
		return h.Say("%s posted", story.Word(done))
	}
	return h.Say(verb)
}

// detailWords is what a line of the audit tells beside its verb: it is kept as it was
// written, but for what the gate said.
func detailWords(h newsroom.HouseView, a newsroom.AuditView) string {
	if a.Verb == "park" {
		return tongue.Again(h.Lang, a.Detail)
	}
	return a.Detail
}

func whoDid(a newsroom.AuditView) string {
	if a.Member == 0 {
		return "the house"
	}
	return a.Name
}

// exported is a line of the audit in a file: one form for both kinds of file.
type exported struct {
	ID      int64  `json:"id"`
	At      string `json:"at"`
	Member  string `json:"member"`
	Verb    string `json:"verb"`
	Desk    string `json:"desk"`
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
	Entry   int64  `json:"entry"`
}

// exportAudit writes the lines that are looked for, all of them, as they are read.
func (d *desk) exportAudit(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	wish, err := auditWish(r.URL.Query(), h.Zone)
	if err != nil {
		return err
	}
	wish.Limit = 1000
	log, err := d.room.AuditLog(r.Context(), who, wish)
	if err != nil {
		return err
	}
	put, end := exporter(w, r.URL.Query().Get("format"))
	for {
		for _, a := range log.Lines {
			e := exported{a.ID, a.At.UTC().Format("2006-01-02T15:04:05.000000Z"), whoDid(a), a.Verb, "", a.Subject, withSlugs(a.Detail, h), a.Entry}
			if x, ok := h.Desk(string(a.Desk)); ok {
				e.Desk = x.Settings.Slug
			}
			if err := put(e); err != nil {
				return nil // who asked left
			}
		}
		if !log.More {
			return end()
		}
		wish.Before = log.Lines[len(log.Lines)-1].ID
		if log, err = d.room.AuditLog(r.Context(), who, wish); err != nil {
			panic(http.ErrAbortHandler) // half a file must not look whole
		}
	}
}

// exporter writes lines as CSV, or as JSON, a line each.
func exporter(w http.ResponseWriter, format string) (put func(exported) error, end func() error) {
	if format != "csv" {
		w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="audit.jsonl"`)
		e := json.NewEncoder(w)
		return func(x exported) error { return e.Encode(x) }, func() error { return nil }
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	c := csv.NewWriter(w)
	_ = c.Write([]string{"id", "at", "member", "verb", "desk", "subject", "detail", "entry"}) // Flush tells of a failure
	put = func(x exported) error {
		return c.Write([]string{fmt.Sprint(x.ID), x.At, cell(x.Member), cell(x.Verb), cell(x.Desk), cell(x.Subject), cell(x.Detail), fmt.Sprint(x.Entry)})
	}
	return put, func() error { c.Flush(); return nil }
}

// cell keeps a text from being a formula where the file is opened in a spreadsheet.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
