package store

import (
	"encoding/json"
	"time"

	"dateline/internal/story"
)

// An Article is an article's private side.
type Article struct {
	ID        story.ArticleID
	Desk      story.DeskID
	Standing  story.Standing
	Embargo   story.Embargo
	PostedAt  time.Time
	KilledRev int
	MadeBy    int64
	MadeAt    time.Time
	SavedAt   time.Time
	CutAt     time.Time
	Ready     bool // its newest revision waits for a second pair of eyes, and nothing was saved since
	Line
}

// A Line is what a list tells of an article's working text.
type Line struct {
	Headline string
	Lang     string
	Words    int
	OfLive   bool  // it is of type live
	Editor   int64 // who saved its newest part
}

const articleColumns = `id, desk, standing, embargoed, embargo, posted_at, killed_rev, made_by, made_at, saved_at, cut_at, ready, headline, lang, words, live, editor`

func scanArticle(row scanner) (a Article, err error) {
	var embargo, posted, made, saved, cut int64
	err = row.Scan(&a.ID, &a.Desk, &a.Standing, &a.Embargo.Set, &embargo, &posted, &a.KilledRev, &a.MadeBy, &made, &saved, &cut, &a.Ready, &a.Headline, &a.Lang, &a.Words, &a.OfLive, &a.Editor)
	a.Embargo.Until, a.PostedAt, a.MadeAt, a.SavedAt, a.CutAt = instant(embargo), instant(posted), instant(made), instant(saved), instant(cut)
	return a, err
}

const articleByID = `SELECT ` + articleColumns + ` FROM article WHERE id = $1`

// Article returns the article with that id.
func (q *Query) Article(id story.ArticleID) (Article, bool, error) {
	return first(many(q.of(string(id)), articleByID, args(string(id)), scanArticle))
}

const articlesOfDesk = `SELECT ` + articleColumns + ` FROM article WHERE desk = $1 ORDER BY saved_at DESC, id LIMIT $2 OFFSET $3`

// ArticlesOf lists a desk's articles, newest touched first.
func (q *Query) ArticlesOf(desk story.DeskID, limit, offset int) ([]Article, error) {
	return many(q, articlesOfDesk, args(string(desk), limit, offset), scanArticle)
}

const editorsOfDesk = `SELECT id, name FROM member WHERE id IN (SELECT editor FROM article WHERE desk = $1 ORDER BY saved_at DESC, id LIMIT $2 OFFSET $3)`

// EditorsOf names who last edited the articles that ArticlesOf lists.
func (q *Query) EditorsOf(desk story.DeskID, limit, offset int) (map[int64]string, error) {
	names := map[int64]string{}
	_, err := scanAll(q, editorsOfDesk, args(string(desk), limit, offset), func(row scanner) (id int64, err error) {
		var name string
		err = row.Scan(&id, &name)
		names[id] = name
		return id, err
	})
	return names, err
}

// postedArticles goes from the newest back in an index that holds all that it asks: sorting
// all that many desks ever posted takes longer.
const postedArticles = `
	SELECT ` + articleColumns + ` FROM article WHERE id IN (
	       SELECT id FROM article WHERE posted_at > 0 AND desk || '' IN (SELECT desk FROM role WHERE member = $1)
	        ORDER BY posted_at DESC, id LIMIT $2 OFFSET $3)
	 ORDER BY posted_at DESC, id`

// PostedOf lists what a member's desks posted, the newest first.
func (q *Query) PostedOf(member int64, limit, offset int) ([]Article, error) {
	return many(q, postedArticles, args(member, limit, offset), scanArticle)
}

const uncutArticles = `SELECT ` + articleColumns + ` FROM article WHERE saved_at > cut_at AND saved_at <= $1 ORDER BY saved_at LIMIT $2`

// UncutSince lists articles whose working text has been at rest since before, without a revision.
func (q *Query) UncutSince(before time.Time, limit int) ([]Article, error) {
	return many(q, uncutArticles, args(micros(before), limit), scanArticle)
}

const insertArticle = `INSERT INTO article (id, desk, standing, made_by, made_at, saved_at) VALUES ($1, $2, $3, $4, $5, $5)`

// AddArticle makes an article that no reader has seen.
func (tx *Tx) AddArticle(id story.ArticleID, desk story.DeskID, by int64) error {
	tx.touch(StoryChanged, string(id))
	return tx.of(string(id)).must(insertArticle, string(id), string(desk), string(story.Never), by, micros(tx.Now))
}

const touchArticle = `UPDATE article SET saved_at = $2, headline = $3, lang = $4, words = $5, live = $6, editor = $7, ready = 0 WHERE id = $1`
const cutArticle = `UPDATE article SET cut_at = $2 WHERE id = $1`
const cutAnew = `UPDATE article SET cut_at = $2, ready = 0 WHERE id = $1`
const readyArticle = `UPDATE article SET ready = 1 WHERE id = $1`
const setStanding = `UPDATE article SET standing = $2, posted_at = CASE posted_at WHEN 0 THEN $3 ELSE posted_at END, killed_rev = $4 WHERE id = $1`
const setEmbargo = `UPDATE article SET embargoed = $2, embargo = $3 WHERE id = $1`

// Touch notes that the working text was saved.
func (tx *Tx) Touch(id story.ArticleID, l Line) error {
	tx.touch(StoryChanged, string(id))
	return tx.of(string(id)).must(touchArticle, string(id), micros(tx.Now), l.Headline, l.Lang, l.Words, l.OfLive, l.Editor)
}

// SetStanding keeps what readers know of an article. The posted time is kept once and for ever.
func (tx *Tx) SetStanding(id story.ArticleID, s story.Standing, posted time.Time, killedRev int) error {
	return tx.of(string(id)).must(setStanding, string(id), string(s), micros(posted), killedRev)
}

// SetEmbargo keeps an article's embargo.
func (tx *Tx) SetEmbargo(id story.ArticleID, e story.Embargo) error {
	return tx.of(string(id)).must(setEmbargo, string(id), e.Set, micros(e.Until))
}

// A Part is one part of a working text: a field, a block, or the order of the blocks.
type Part struct {
	Name    string
	Version int
	Body    json.RawMessage
	By      int64
	At      time.Time
}

func scanPart(row scanner) (p Part, err error) {
	var at int64
	var body []byte
	err = row.Scan(&p.Name, &p.Version, &body, &p.By, &at)
	p.At, p.Body = instant(at), body
	return p, err
}

const workingParts = `
	SELECT w.part, w.version, w.body, w.by, w.at
	  FROM (SELECT part, max(version) AS version FROM working WHERE article = $1 GROUP BY part) n
	  JOIN working w ON w.article = $1 AND w.part = n.part AND w.version = n.version
	 ORDER BY w.part`

// Working returns the newest version of every part of a working text.
func (q *Query) Working(id story.ArticleID) ([]Part, error) {
	return many(q.of(string(id)), workingParts, args(string(id)), scanPart)
}

const partVersion = `SELECT part, version, body, by, at FROM working WHERE article = $1 AND part = $2 AND version = $3`

// PartAt returns one version of one part.
func (q *Query) PartAt(id story.ArticleID, part string, version int) (Part, bool, error) {
	return first(many(q.of(string(id)), partVersion, args(string(id), part, version), scanPart))
}

const insertPart = `INSERT INTO working (article, part, version, body, by, at) VALUES ($1, $2, $3, $4, $5, $6)`

// SavePart adds a version of a part.
func (tx *Tx) SavePart(id story.ArticleID, p Part, by int64) error {
	return tx.of(string(id)).must(insertPart, string(id), p.Name, p.Version, string(p.Body), by, micros(tx.Now))
}

// A Clash is a text that was saved over another without having seen it.
type Clash struct {
	ID      int64
	Article story.ArticleID
	Part    string
	Base    int
	Body    json.RawMessage
	By      int64
	At      time.Time
}

const clashColumns = `id, article, part, base, body, by, at`
const openClashes = `SELECT ` + clashColumns + ` FROM clash WHERE article = $1 AND settled = 0 ORDER BY id`

// Clashes lists the parts of an article that have two texts.
func (q *Query) Clashes(id story.ArticleID) ([]Clash, error) {
	return many(q.of(string(id)), openClashes, args(string(id)), scanClash)
}

func scanClash(row scanner) (c Clash, err error) {
	var at int64
	var body []byte
	err = row.Scan(&c.ID, &c.Article, &c.Part, &c.Base, &body, &c.By, &at)
	c.At, c.Body = instant(at), body
	return c, err
}

const insertClash = `INSERT INTO clash (article, part, base, body, by, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`

// AddClash keeps the text of a stale save.
func (tx *Tx) AddClash(c Clash) (id int64, err error) {
	tx.touch(StoryChanged, string(c.Article))
	_, err = tx.one(insertClash, args(string(c.Article), c.Part, c.Base, string(c.Body), c.By, micros(tx.Now)), &id)
	return id, err
}

const settleClash = `UPDATE clash SET settled = $2, choice = $3 WHERE id = $1 AND settled = 0`

// SettleClash closes a clash with the choice that was made.
func (tx *Tx) SettleClash(c Clash, choice string) error {
	tx.touch(StoryChanged, string(c.Article))
	return tx.must(settleClash, c.ID, micros(tx.Now), choice)
}

// A Revision is an immutable cut of the working text.
type Revision struct {
	Article    story.ArticleID
	Number     int
	Text       json.RawMessage
	Hash       []byte
	Cause      string
	By         int64 // its last editor
	At         time.Time
	ReadyAt    time.Time
	ApprovedBy int64
	ApprovedAt time.Time
}

const revisionColumns = `article, number, text, hash, cause, by, at, ready_at, approved_by, approved_at`

func scanRevision(row scanner) (r Revision, err error) {
	var at, ready, approved int64
	var text []byte
	err = row.Scan(&r.Article, &r.Number, &text, &r.Hash, &r.Cause, &r.By, &at, &ready, &r.ApprovedBy, &approved)
	r.Text, r.At, r.ReadyAt, r.ApprovedAt = text, instant(at), instant(ready), instant(approved)
	return r, err
}

const revisionByNumber = `SELECT ` + revisionColumns + ` FROM revision WHERE article = $1 AND number = $2`
const newestRevision = `SELECT ` + revisionColumns + ` FROM revision WHERE article = $1 ORDER BY number DESC LIMIT 1`
const revisions = `SELECT ` + revisionColumns + ` FROM revision WHERE article = $1 ORDER BY number DESC LIMIT $2`

// Revision returns a revision by number.
func (q *Query) Revision(id story.ArticleID, number int) (Revision, bool, error) {
	return first(many(q.of(string(id)), revisionByNumber, args(string(id), number), scanRevision))
}

// NewestRevision returns the newest revision of an article.
func (q *Query) NewestRevision(id story.ArticleID) (Revision, bool, error) {
	return first(many(q.of(string(id)), newestRevision, args(string(id)), scanRevision))
}

// Revisions lists an article's revisions, newest first.
func (q *Query) Revisions(id story.ArticleID, limit int) ([]Revision, error) {
	return many(q, revisions, args(string(id), limit), scanRevision)
}

const insertRevision = `INSERT INTO revision (article, number, text, hash, cause, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// AddRevision keeps a revision and notes when its article was cut.
func (tx *Tx) AddRevision(r Revision) error {
	q := tx.of(string(r.Article))
	if err := q.must(insertRevision, string(r.Article), r.Number, string(r.Text), r.Hash, r.Cause, r.By, micros(tx.Now)); err != nil {
		return err
	}
	r.At = tx.Now
	remember(q, revisionByNumber, args(string(r.Article), r.Number), []Revision{r})
	return tx.cut(r.Article, cutAnew, false)
}

// Cut notes that the newest revision holds the whole working text.
func (tx *Tx) Cut(id story.ArticleID) error { return tx.cut(id, cutArticle, true) }

func (tx *Tx) cut(id story.ArticleID, how string, same bool) error {
	q := tx.of(string(id))
	cut := func() error { return q.must(how, string(id), micros(tx.Now)) }
	return alter(q, articleByID, args(string(id)), cut, func(a *Article) { a.CutAt, a.Ready = tx.Now, a.Ready && same })
}

const readyRevision = `UPDATE revision SET ready_at = $3 WHERE article = $1 AND number = $2`
const approveRevision = `UPDATE revision SET approved_by = $3, approved_at = $4 WHERE article = $1 AND number = $2`

// Ready marks the newest revision as ready for a second pair of eyes.
func (tx *Tx) Ready(id story.ArticleID, number int) error {
	q := tx.of(string(id))
	if err := q.must(readyRevision, string(id), number, micros(tx.Now)); err != nil {
		return err
	}
	return q.must(readyArticle, string(id))
}

// Approve binds an approval to a revision.
func (tx *Tx) Approve(id story.ArticleID, number int, by int64) error {
	return tx.of(string(id)).must(approveRevision, string(id), number, by, micros(tx.Now))
}
