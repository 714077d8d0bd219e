package edition

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// Live pages: an article of type live, with the entries that its desks add.

// LivePage is a live page besides its article.
type LivePage struct {
	N       int64 // the newest entry that opened or closed it
	State   story.LiveState
	Desks   []story.DeskID // that add to it, in its order
	Opened  time.Time      // at first, or again
	Closed  time.Time      // zero while it is open
	Summary string         // once it is closed
}

// LiveEntry is one entry of a live page.
type LiveEntry struct {
	ID      string
	First   int64 // n of the entry that added it: their order, and where a part of the list begins
	N       int64 // n of its newest words
	Desk    story.DeskID
	Posted  time.Time // never changes
	Updated time.Time // when its words last changed, zero if they did not
	Removed time.Time // zero if it was not; nothing else is told then
	Key     bool      // a key event
	Pinned  bool
	Content record.Live // empty once removed
}

// removes reports whether an entry takes the live entry down that has a part.
func removes(e record.Entry, part string) bool {
	return part != "" && e.Kind == record.KindLive && e.Part == part && e.Class == story.Silences
}

const putLivePage = `
	INSERT INTO live_page (article, n, state, opened, closed) VALUES ($1, $2, $3, $4, $5)
	    ON CONFLICT (article) DO UPDATE SET n = excluded.n, state = excluded.state, closed = excluded.closed,
	       opened = CASE excluded.opened WHEN 0 THEN opened ELSE excluded.opened END`

// live applies an entry about a live page. What is new on it is new in its article, too.
func (a *applying) live(e record.Entry) error {
	r, found, err := a.row(e.Subject)
	if err != nil || !found || r.text == 0 {
		return err // of an article that has no words, or none any more
	}
	c, err := record.Decode[record.Live](e)
	if err != nil {
		return err
	}
	was := r.live
	r.latest = e.N
	switch c.Does {
	case record.LiveOpens, record.LiveReopens:
		r.live = story.LiveOpen
		err = a.exec(putLivePage, e.Subject, e.N, string(r.live), micros(e.At), 0)
	case record.LiveCloses:
		r.live = story.LiveClosed
		err = a.exec(putLivePage, e.Subject, e.N, string(r.live), 0, micros(e.At))
	case record.LiveRemoves:
		err = a.removeLive(e)
	default:
		var news bool
		if news, err = a.liveEntry(e, c); news {
			r.updated = micros(e.At)
			err = errors.Join(err, a.findableLive(r, e.Part))
		}
	}
	if err != nil {
		return err
	}
	if r.live != was {
		err = a.stands(r) // what is added to it does not change how it stands
	}
	return errors.Join(err, a.put(r))
}

const liveContent = `SELECT CASE l.removed WHEN 0 THEN e.content END FROM live l JOIN entry e ON e.n = l.n WHERE l.article = $1 AND l.id = $2`
const addLive = `
	INSERT INTO live (article, id, first_n, n, desk, posted, updated, removed, is_key, pinned) VALUES ($1, $2, $3, $3, $4, $5, 0, 0, $6, $7)
	    ON CONFLICT DO NOTHING`
const editLive = `
	UPDATE live SET n = $3, updated = CASE $4 WHEN 0 THEN updated ELSE $4 END, is_key = $5, pinned = $6
	 WHERE article = $1 AND id = $2 AND removed = 0`

// liveEntry adds or edits an entry of a live page, and reports whether it says anything new:
// one that is only pinned, or called a key event, keeps its times.
func (a *applying) liveEntry(e record.Entry, c record.Live) (news bool, err error) {
	before, err := column[[]byte](a, liveContent, e.Subject, e.Part)
	if err != nil {
		return false, err
	}
	switch {
	case len(before) == 1 && before[0] == nil:
		return false, nil // it was removed, and stays so
	case len(before) == 0:
		if err := a.exec(addLive, e.Subject, e.Part, e.N, string(e.Desk), micros(e.At), c.Key, c.Pinned); err != nil {
			return false, err
		}
		return true, a.useRenditions(e.N, e.Subject, e.Part, c.Pictures)
	}
	var was record.Live
	if err := json.Unmarshal(before[0], &was); err != nil {
		return false, fmt.Errorf("live entry %s: %w", e.Part, err)
	}
	news = !sameWords(was, c)
	updated := int64(0)
	if news {
		updated = micros(e.At)
	}
	if err := a.exec(editLive, e.Subject, e.Part, e.N, updated, c.Key, c.Pinned); err != nil {
		return false, err
	}
	return news, a.useRenditions(e.N, e.Subject, e.Part, c.Pictures)
}

// sameWords compares what two forms of an entry tell readers.
func sameWords(a, b record.Live) bool {
	words := func(c record.Live) []byte {
		c.Does, c.Key, c.Pinned, c.Outputs, c.BrokenOut = "", false, false, record.Outputs{}, ""
		body, _ := json.Marshal(c) // it was read from JSON
		return body
	}
	return bytes.Equal(words(a), words(b))
}

const livePictures = `SELECT DISTINCT r.sha256 FROM rendition r JOIN entry e ON e.n = r.n WHERE r.article = $1 AND e.part = $2`
const dropLivePictures = `DELETE FROM rendition WHERE article = $1 AND n IN (SELECT n FROM entry WHERE subject = $1 AND part = $2)`
const removeLive = `UPDATE live SET n = $3, removed = $4, updated = 0, is_key = 0, pinned = 0 WHERE article = $1 AND id = $2 AND removed = 0`

// removeLive takes an entry down: that something was removed is all that is left of it.
func (a *applying) removeLive(e record.Entry) error {
	shas, err := a.strings(livePictures, e.Subject, e.Part)
	if err != nil {
		return err
	}
	a.dropped = append(a.dropped, shas...)
	return errors.Join(a.dropFound(e.Subject, e.Part), a.exec(dropLivePictures, e.Subject, e.Part), a.exec(removeLive, e.Subject, e.Part, e.N, micros(e.At)))
}

const livePageOf = `SELECT l.n, l.state, l.opened, l.closed, e.content FROM live_page l JOIN entry e ON e.n = l.n WHERE l.article = $1`

// LivePage returns what is told of a live page; ok is false of one that was never opened.
func (v *View) LivePage(id story.ArticleID) (p LivePage, ok bool, err error) {
	v.shows(articleKey(string(id)))
	var opened, closed int64
	var content []byte
	if ok, err = v.one(livePageOf, []any{string(id)}, &p.N, &p.State, &opened, &closed, &content); err != nil || !ok {
		return p, false, err
	}
	var c record.Live
	if err := json.Unmarshal(content, &c); err != nil {
		return p, false, fmt.Errorf("entry %d: %w", p.N, err)
	}
	p.Opened, p.Closed, p.Desks, p.Summary = instant(opened), instant(closed), c.Desks, c.Summary
	return p, true, nil
}

const liveColumns = `l.id, l.first_n, l.n, l.desk, l.posted, l.updated, l.removed, l.is_key, l.pinned, e.content FROM live l JOIN entry e ON e.n = l.n WHERE l.article = $1`
const liveList = `SELECT ` + liveColumns + ` AND l.pinned = 0 AND l.first_n < $2 ORDER BY l.first_n DESC LIMIT $3`
const livePinned = `SELECT ` + liveColumns + ` AND l.pinned = 1 ORDER BY l.first_n DESC LIMIT $2`
const liveKeys = `SELECT ` + liveColumns + ` AND l.is_key = 1 ORDER BY l.first_n DESC LIMIT $2`
const liveOne = `SELECT ` + liveColumns + ` AND l.id = $2`

// Live lists part of a live page, the newest first, without what is pinned; next is where
// the next part begins, 0 at the end.
func (v *View) Live(id story.ArticleID, p Page) (entries []LiveEntry, next int64, err error) {
	v.shows(articleKey(string(id)))
	entries, err = v.live(liveList, string(id), p.before(), p.Limit+1)
	if err == nil && len(entries) > p.Limit {
		entries = entries[:p.Limit]
		if p.Limit > 0 {
			next = entries[p.Limit-1].First
		}
	}
	return entries, next, err
}

// LivePinned lists the pinned entries of a live page, the newest first.
func (v *View) LivePinned(id story.ArticleID, limit int) ([]LiveEntry, error) {
	v.shows(articleKey(string(id)))
	return v.live(livePinned, string(id), limit)
}

// LiveKeys lists its key events, the newest first.
func (v *View) LiveKeys(id story.ArticleID, limit int) ([]LiveEntry, error) {
	v.shows(articleKey(string(id)))
	return v.live(liveKeys, string(id), limit)
}

// LiveEntry returns one entry of a live page by its id.
func (v *View) LiveEntry(id story.ArticleID, entry string) (x LiveEntry, ok bool, err error) {
	v.shows(articleKey(string(id)))
	all, err := v.live(liveOne, string(id), entry)
	if err != nil || len(all) == 0 {
		return x, false, err
	}
	return all[0], true, nil
}

func (v *View) live(query string, args ...any) ([]LiveEntry, error) {
	all, err := many(v, query, args, func(rows *sql.Rows) (x LiveEntry, err error) {
		var posted, updated, removed int64
		var content []byte
		if err = rows.Scan(&x.ID, &x.First, &x.N, &x.Desk, &posted, &updated, &removed, &x.Key, &x.Pinned, &content); err != nil {
			return x, err
		}
		if err := json.Unmarshal(content, &x.Content); err != nil {
			return x, fmt.Errorf("entry %d: %w", x.N, err)
		}
		x.Posted, x.Updated, x.Removed = instant(posted), instant(updated), instant(removed)
		return x, nil
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Content.Pictures, err = v.change(all[i].Content.Pictures, all[i].N); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Of is the moment of some desks alone: which of them are on duty, and which opens first
// when none is. It is true as long as the house's is.
func (m Moment) Of(desks []story.DeskID) Moment {
	all := m.Desks
	m.Desks, m.Nobody, m.Opens, m.First = nil, true, time.Time{}, nil
	for i := range all {
		s := &all[i]
		if !slices.Contains(desks, s.Desk.ID) {
			continue
		}
		m.Desks = append(m.Desks, *s)
		m.Nobody = m.Nobody && !s.OnDuty
		if s.Resting() && (m.First == nil || s.Until.Before(m.Opens)) {
			m.Opens, m.First = s.Until, &s.Desk
		}
	}
	if !m.Nobody {
		m.Opens, m.First = time.Time{}, nil
	}
	return m
}

// LiveNotice words which desks of an open live page are on duty and until when, or that none
// is until one opens: a live page is never paused.
func LiveNotice(m Moment, page LivePage, lang string) NoticeText {
	w := wordingOf(m.Of(page.Desks), lang)
	w.until, w.one, w.several, w.number = w.live.until, w.live.one, w.live.several, w.live.number
	w.nobodyAt, w.nobody = w.live.nobodyAt, w.live.nobody
	return w.of(nil).text()
}
