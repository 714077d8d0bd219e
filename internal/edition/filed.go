package edition

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

// What public articles are filed under: what they are about, where they are from, who wrote
// them, and the day of the house on which they were posted.

// Under is a kind of thing that articles are filed under.
type Under string

// The kinds of things.
const (
	ByTopic  Under = "topic"
	ByPlace  Under = "place"
	ByAuthor Under = "author"
	ByDay    Under = "day"
)

// mostFiled is how many things of a kind one article is filed under at most.
const mostFiled = 50

// TopicKey is what a topic's articles are found by: its code, if that can stand in an address
// as it is, else a slug of it.
func TopicKey(code string) string {
	plain := func(r rune) bool {
		return r < 128 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(":-_", r))
	}
	if code == "" || len(code) > 80 || strings.ContainsFunc(code, func(r rune) bool { return !plain(r) }) {
		return story.Slug(code)
	}
	return code
}

// PlaceKey is what the articles from a place are found by.
func PlaceKey(name string) string { return story.Slug(name) }

// AuthorKey is what an author's articles are found by: the person that the byline names, if
// that is one who can have a page, else a slug of the name.
func AuthorKey(b story.Byline) string {
	if story.ValidID(b.Person, story.ArticleIDLength) {
		return PersonKey(b.Person)
	}
	return story.Slug(b.Name)
}

// PersonKey is what the articles by a person are found by. It is no slug.
func PersonKey(id string) string { return "@" + id }

// dayKey is that of a day of the house's calendar: YYYY-MM-DD.
func dayKey(t time.Time, zone *time.Location) string { return clock.Date(t, zone) }

// A filing is one line of what an article is filed under.
type filing struct {
	under Under
	key   string
	lang  string
	dated int64 // when it was posted; of an imported article, when it was first published
	first int64
	label string // what the thing is called in the article's language
}

// filings lists what an article is filed under, in a house of a zone.
func filings(r row, c record.Article, zone *time.Location) (all []filing) {
	dated, day := datedIn(r, c, zone)
	seen, many := map[[2]string]bool{}, map[Under]int{}
	add := func(under Under, key, label string) {
		if id := [2]string{string(under), key}; key != "" && !seen[id] && many[under] < mostFiled {
			seen[id] = true
			many[under]++
			all = append(all, filing{under: under, key: key, lang: r.lang, dated: dated, first: r.first, label: label})
		}
	}
	add(ByDay, day, "")
	for _, t := range c.Topics {
		add(ByTopic, TopicKey(t.Code), TopicLabel(t, c.Lang))
	}
	for _, p := range append([]string{c.Dateline.Place}, c.Places...) {
		add(ByPlace, PlaceKey(p), strings.TrimSpace(p))
	}
	for _, b := range c.Bylines {
		add(ByAuthor, AuthorKey(b), strings.TrimSpace(b.Name))
	}
	return all
}

// datedIn is when an article is filed, and the day of the house that this is on. One that was
// imported is filed under its own first publication.
func datedIn(r row, c record.Article, zone *time.Location) (at int64, day string) {
	posted := instant(r.posted)
	if f := c.First; r.archived && f != nil {
		if !f.At.IsZero() && f.At.Before(posted) {
			return micros(f.At), dayKey(f.At, zone)
		}
		if d, err := time.Parse(time.DateOnly, f.Date); err == nil && d.Year() > 1 && d.Before(posted) {
			return micros(clock.DayStart(d.Year(), d.Month(), d.Day(), zone)), f.Date
		}
	}
	return r.posted, dayKey(posted, zone)
}

const filedOf = `SELECT what, key, lang, dated, first_n, label FROM filed WHERE article = $1 ORDER BY what, key`
const putFiled = `INSERT INTO filed (what, key, article, lang, dated, first_n, label) VALUES ($1, $2, $3, $4, $5, $6, $7)`
const dropFiled = `DELETE FROM filed WHERE what = $1 AND key = $2 AND article = $3`

const filedThere = `SELECT n FROM tally WHERE what = $1 AND lang = $2 AND key = $3`

// file files an article anew, under nothing if it is not public any more, and notes which
// lists it enters, leaves or changes.
func (a *applying) file(id string, now []filing) error {
	was, err := a.filed(id)
	if err != nil {
		return err
	}
	change := func(from, to []filing, lone int64, sql string, args func(filing) []any) {
		for _, f := range from {
			if slices.Contains(to, f) {
				continue
			}
			a.touchesFiled(f)
			err = errors.Join(err, a.exec(sql, args(f)...))
			n, errThere := column[int64](a, filedThere, string(f.under), f.lang, f.key)
			if err = errors.Join(err, errThere); f.under == ByDay && (len(n) == 0 || n[0] == lone) {
				a.touches(daysKey(f.lang)) // a day begins to have something, or ends to
			}
		}
	}
	change(was, now, 0, dropFiled, func(f filing) []any { return []any{string(f.under), f.key, id} })
	change(now, was, 1, putFiled, func(f filing) []any {
		return []any{string(f.under), f.key, id, f.lang, f.dated, f.first, f.label}
	})
	return err
}

func (a *applying) filed(id string) (all []filing, err error) {
	rows, err := a.tx.QueryContext(a.ctx, filedOf, id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var f filing
		if err := rows.Scan(&f.under, &f.key, &f.lang, &f.dated, &f.first, &f.label); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

const houseZone = `SELECT zone FROM house WHERE id = 1`

// zone is that of the house's seat, UTC before there is a house.
func (a *applying) zone() (*time.Location, error) {
	names, err := a.strings(houseZone)
	if err != nil || len(names) == 0 {
		return time.UTC, err
	}
	return a.edition.options.Zone(names[0])
}

// filesArticle files a public article under what its newest text says.
func (a *applying) filesArticle(r row, c record.Article) error {
	zone, err := a.zone()
	if err != nil {
		return err
	}
	return a.file(r.id, filings(r, c, zone))
}

// house puts the newest house entry in its place.
func (a *applying) house(n int64, zone string) error {
	before, err := a.strings(houseZone)
	if err = errors.Join(err, a.exec(putHouse, n, zone)); err != nil || slices.Equal(before, []string{zone}) {
		return err
	}
	return a.refile()
}

const publicArticles = `SELECT ` + rowColumns + ` FROM article WHERE standing = 'public' AND id > $1 ORDER BY id LIMIT 1`
const entryText = `SELECT ` + entryColumns + ` FROM entry WHERE n = $1`

// refile files every article anew when the house is in another zone: what it calls a day is
// another. That is hardly ever, and takes as long as reading all texts.
func (a *applying) refile() error {
	for id := ""; ; {
		var r row
		err := a.tx.QueryRowContext(a.ctx, publicArticles, id).Scan(r.fields()...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		id = r.id
		texts, err := a.entries(entryText, r.text)
		if err != nil || len(texts) == 0 {
			return errors.Join(err, fmt.Errorf("the text of article %s cannot be filed anew", id))
		}
		c, err := record.Decode[record.Article](texts[0])
		if err != nil {
			return err
		}
		if err := a.filesArticle(r, c); err != nil {
			return err
		}
	}
}

// The keys of what articles are filed under.

func filedKey(u Under, lang, key string) Key {
	return Key(string(u) + "-" + lang + "-" + url.PathEscape(key))
}

// subjectsKey is that of all things of a kind in a language.
func subjectsKey(u Under, lang string) Key { return Key("all-" + string(u) + "-" + lang) }

// periodKey is that of how much there is on the days of a year, of a month, or "" of all.
func periodKey(lang, period string) Key { return Key("days-" + lang + "-" + period) }

// daysKey is that of which days have anything at all.
func daysKey(lang string) Key { return Key("which-days-" + lang) }

// touchesFiled notes that a list changes.
func (a *applying) touchesFiled(f filing) {
	a.touches(filedKey(f.under, f.lang, f.key), subjectsKey(f.under, f.lang))
	if f.under == ByDay {
		a.touches(periodKey(f.lang, ""), periodKey(f.lang, f.key[:4]), periodKey(f.lang, f.key[:7]))
	}
}

// A Subject is a thing that public articles of a language are filed under.
type Subject struct {
	Under Under
	Key   string
	Name  string // in the newest of them
	Count int    // how many there are
}

const subject = `
	SELECT t.n, (SELECT f.label FROM filed f WHERE f.what = t.what AND f.key = t.key AND f.lang = t.lang ORDER BY f.dated DESC, f.first_n DESC LIMIT 1)
	  FROM tally t WHERE t.what = $1 AND t.lang = $2 AND t.key = $3`

// Subject returns a thing that articles of a language are filed under; ok is false of what
// there is nothing of.
func (v *View) Subject(u Under, lang, key string) (s Subject, ok bool, err error) {
	v.shows(filedKey(u, lang, key))
	s = Subject{Under: u, Key: key}
	ok, err = v.one(subject, []any{string(u), lang, key}, &s.Count, &s.Name)
	return s, ok, err
}

const subjects = `
	SELECT t.key, t.n, (SELECT f.label FROM filed f WHERE f.what = t.what AND f.key = t.key AND f.lang = t.lang ORDER BY f.dated DESC, f.first_n DESC LIMIT 1)
	  FROM tally t WHERE t.what = $1 AND t.lang = $2 ORDER BY t.key LIMIT $3 OFFSET $4`

// Subjects lists the things of a kind in a language, by their keys.
func (v *View) Subjects(u Under, lang string, limit, skip int) ([]Subject, error) {
	v.shows(subjectsKey(u, lang))
	return many(v, subjects, []any{string(u), lang, limit, skip}, func(rows *sql.Rows) (s Subject, err error) {
		s.Under = u
		return s, rows.Scan(&s.Key, &s.Count, &s.Name)
	})
}

const subjectsCount = `SELECT count(*) FROM tally WHERE what = $1 AND lang = $2`

// SubjectsCount counts the things of a kind in a language.
func (v *View) SubjectsCount(u Under, lang string) (n int, err error) {
	v.shows(subjectsKey(u, lang))
	_, err = v.one(subjectsCount, []any{string(u), lang}, &n)
	return n, err
}

const filedCards = `
	SELECT ` + cardColumns + `, f.dated FROM filed f CROSS JOIN article a ON a.id = f.article
	 WHERE f.what = $1 AND f.key = $2 AND f.lang = $3 AND (f.dated, f.first_n) < ($4, $5) ORDER BY f.dated DESC, f.first_n DESC LIMIT $6`
const filedWhen = `SELECT dated FROM filed WHERE article = (SELECT subject FROM entry WHERE n = $1) LIMIT 1`

// Filed lists part of what is filed under any of some keys, the newest first; ok is false
// where the part would begin after an entry that is not there.
func (v *View) Filed(u Under, lang string, keys []string, p Page) (l List, ok bool, err error) {
	v.shows(filedKey(u, lang, "")) // also of no keys at all
	for _, k := range keys {
		v.shows(filedKey(u, lang, k))
	}
	dated, first := newest, newest
	if p.Before != 0 {
		first = p.Before
		if dated, ok, err = v.datedBy(first); err != nil || !ok {
			return l, false, err
		}
	}
	type line struct {
		row
		dated int64
	}
	var all []line
	for _, k := range keys {
		some, err := many(v, filedCards, []any{string(u), k, lang, dated, first, p.Limit + 1}, func(rows *sql.Rows) (x line, err error) {
			err = rows.Scan(append(x.fields(), &x.dated)...)
			return x, err
		})
		if err != nil {
			return l, false, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b line) int { return cmp.Or(cmp.Compare(b.dated, a.dated), cmp.Compare(b.first, a.first)) })
	all = slices.CompactFunc(all, func(a, b line) bool { return a.id == b.id })
	if len(all) > p.Limit {
		all = all[:p.Limit]
		if p.Limit > 0 {
			l.Next = all[p.Limit-1].first
		}
	}
	for _, x := range all {
		a, err := v.card(x.row)
		if err != nil {
			return l, false, err
		}
		l.Cards = append(l.Cards, a.Card)
	}
	return l, true, nil
}

// datedBy is when the article is filed that entry n posted.
func (v *View) datedBy(n int64) (dated int64, ok bool, err error) {
	if ok, err = v.one(filedWhen, []any{n}, &dated); err != nil || ok {
		return dated, ok, err
	}
	ok, err = v.one(atOfEntry, []any{n}, &dated) // it is not public any more
	return dated, ok, err
}

const subjectTongues = `SELECT lang FROM tally WHERE what = $1 AND key = $2 ORDER BY lang`

// SubjectTongues lists the languages in which something is filed under a key.
func (v *View) SubjectTongues(u Under, languages []string, key string) (langs []string, err error) {
	v.shows(filedKey(u, "", key)) // also of no languages at all
	for _, lang := range languages {
		v.shows(filedKey(u, lang, key))
	}
	return many(v, subjectTongues, []any{string(u), key}, scanOne[string])
}

// AuthorKeys are the keys of all that a person wrote: under their own id, and under those of
// whoever turned out to be the same.
func (v *View) AuthorKeys(person string) (keys []string, err error) {
	v.shows(mergedKey)
	ids, err := many(v, same, []any{person}, scanOne[string])
	for _, id := range ids {
		keys = append(keys, PersonKey(id))
	}
	return keys, err
}

// A Period is a year, a month or a day of the house's calendar in which something was posted.
type Period struct {
	Key   string // YYYY, YYYY-MM or YYYY-MM-DD
	Count int    // how many articles of it are public
}

// How many characters the key of a period has.
const (
	YearKey  = len("2006")
	MonthKey = len("2006-01")
	DayKey   = len("2006-01-02")
)

const periods = `
	SELECT substr(key, 1, $4), sum(n) FROM tally WHERE what = 'day' AND lang = $1 AND key >= $2 AND key < $3 GROUP BY 1 ORDER BY 1`

// Periods lists the periods within another that have anything, each of so many characters.
func (v *View) Periods(lang, within string, length int) ([]Period, error) {
	v.shows(periodKey(lang, within))
	return many(v, periods, []any{lang, within, within + "~", length}, func(rows *sql.Rows) (p Period, err error) {
		return p, rows.Scan(&p.Key, &p.Count)
	})
}

const periodBefore = `SELECT max(substr(key, 1, $3)) FROM tally WHERE what = 'day' AND lang = $1 AND key < $2`
const periodAfter = `SELECT min(substr(key, 1, $3)) FROM tally WHERE what = 'day' AND lang = $1 AND key >= $2`

// Beside are the periods of a key's length before and after it that have anything, "" for none.
func (v *View) Beside(lang, key string) (before, after string, err error) {
	v.shows(daysKey(lang))
	var b, c sql.NullString
	_, err = v.one(periodBefore, []any{lang, key, len(key)}, &b)
	if err == nil {
		_, err = v.one(periodAfter, []any{lang, key + "~", len(key)}, &c)
	}
	return b.String, c.String, err
}

// TopicLabel is what a topic is called in a language.
func TopicLabel(t story.Topic, lang string) string {
	return cmp.Or(record.Words(t.Labels).In(lang), t.Code)
}

// KeysOf are the keys of a kind that a text is filed under.
func KeysOf(u Under, c record.Article) (keys []string) {
	for _, f := range filings(row{lang: c.Lang}, c, time.UTC) {
		if f.under == u {
			keys = append(keys, f.key)
		}
	}
	return keys
}
