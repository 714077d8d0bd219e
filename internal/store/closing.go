package store

import (
	"encoding/json"
	"fmt"
	"time"

	"dateline/internal/story"
)

// A Closing is a desk's way into one rest: what it held when its list opened, and the
// receipt of how each line of it ended.
type Closing struct {
	ID       int64
	Desk     story.DeskID
	Closes   time.Time // the rest's start
	Opens    time.Time // and its end
	ListedAt time.Time
	Listed   []string // subjects
	ClosedAt time.Time
	Receipt  []byte // JSON, once it closed
}

const closingColumns = `id, desk, closes, opens, listed_at, listed, closed_at, receipt`

func scanClosing(row scanner) (c Closing, err error) {
	var closes, opens, listed, closed int64
	var subjects []byte
	if err = row.Scan(&c.ID, &c.Desk, &closes, &opens, &listed, &subjects, &closed, &c.Receipt); err != nil {
		return c, err
	}
	c.Closes, c.Opens, c.ListedAt, c.ClosedAt = instant(closes), instant(opens), instant(listed), instant(closed)
	if err = json.Unmarshal(subjects, &c.Listed); err != nil {
		err = fmt.Errorf("closing %d: %w", c.ID, err)
	}
	return c, err
}

const openClosings = `SELECT ` + closingColumns + ` FROM closing WHERE closed_at = 0 ORDER BY id`
const openClosing = `SELECT ` + closingColumns + ` FROM closing WHERE desk = $1 AND closed_at = 0`
const closings = `SELECT ` + closingColumns + ` FROM closing WHERE desk = $1 AND closed_at > 0 ORDER BY closes DESC, id DESC LIMIT $2`
const closingsSince = `SELECT ` + closingColumns + ` FROM closing WHERE closed_at >= $1 AND closed_at < $2 ORDER BY closed_at, id`

// OpenClosings lists the desks that are on their way into a rest.
func (q *Query) OpenClosings() ([]Closing, error) { return many(q, openClosings, nil, scanClosing) }

// OpenClosing returns a desk's closing that has not closed yet.
func (q *Query) OpenClosing(desk story.DeskID) (Closing, bool, error) {
	return first(many(q, openClosing, args(string(desk)), scanClosing))
}

// Closings lists a desk's closings that closed, the newest first.
func (q *Query) Closings(desk story.DeskID, limit int) ([]Closing, error) {
	return many(q, closings, args(string(desk), limit), scanClosing)
}

// ClosingsBetween lists the closings of all desks that closed in [from, to).
func (q *Query) ClosingsBetween(from, to time.Time) ([]Closing, error) {
	return many(q, closingsSince, args(micros(from), micros(to)), scanClosing)
}

const insertClosing = `INSERT INTO closing (desk, closes, opens, listed_at, listed) VALUES ($1, $2, $3, $4, $5) RETURNING id`
const moveClosing = `UPDATE closing SET closes = $2, opens = $3 WHERE id = $1 AND closed_at = 0`
const endClosing = `UPDATE closing SET closes = $2, opens = $3, closed_at = $4, receipt = $5 WHERE id = $1 AND closed_at = 0`

// AddClosing opens the list of a desk and returns its number.
func (tx *Tx) AddClosing(c Closing) (id int64, err error) {
	listed, err := json.Marshal(c.Listed)
	if err != nil {
		return 0, fmt.Errorf("opening a list: %w", err)
	}
	_, err = tx.one(insertClosing, args(string(c.Desk), micros(c.Closes), micros(c.Opens), micros(tx.Now), string(listed)), &id)
	return id, err
}

// MoveClosing gives an open list another rest: the desk's windows changed.
func (tx *Tx) MoveClosing(id int64, closes, opens time.Time) error {
	return tx.must(moveClosing, id, micros(closes), micros(opens))
}

// EndClosing closes a list with its receipt.
func (tx *Tx) EndClosing(c Closing) error {
	return tx.must(endClosing, c.ID, micros(c.Closes), micros(c.Opens), micros(c.ClosedAt), string(c.Receipt))
}

// A ClosingLine is what somebody chose for a line of the list.
type ClosingLine struct {
	Subject string
	Choice  string // send, give, hold
	By      int64
	At      time.Time
}

const closingLines = `SELECT subject, choice, by, at FROM closing_line WHERE closing = $1 ORDER BY subject`
const putClosingLine = `
	INSERT INTO closing_line (closing, subject, choice, by, at) VALUES ($1, $2, $3, $4, $5)
	    ON CONFLICT (closing, subject) DO UPDATE SET choice = excluded.choice, by = excluded.by, at = excluded.at`

// ClosingLines lists what was chosen in a closing.
func (q *Query) ClosingLines(closing int64) ([]ClosingLine, error) {
	return many(q, closingLines, args(closing), func(row scanner) (l ClosingLine, err error) {
		var at int64
		err = row.Scan(&l.Subject, &l.Choice, &l.By, &at)
		l.At = instant(at)
		return l, err
	})
}

// PutClosingLine keeps what somebody chose for a line.
func (tx *Tx) PutClosingLine(closing int64, subject, choice string, by int64) error {
	return tx.must(putClosingLine, closing, subject, choice, by, micros(tx.Now))
}

// An Offer is what one desk gives to another, which must accept it.
type Offer struct {
	ID       int64
	Subject  string
	From, To story.DeskID
	By       int64
	At       time.Time
	Answer   string // Accepted, Declined, Recalled; "" while it waits
	Answered int64  // by whom
	EndedAt  time.Time
}

// How an offer ends.
const (
	Accepted = "accepted"
	Declined = "declined"
	Recalled = "taken back"
)

const offerColumns = `id, subject, from_desk, to_desk, by, at, answer, answered, ended_at`

func scanOffer(row scanner) (o Offer, err error) {
	var at, ended int64
	err = row.Scan(&o.ID, &o.Subject, &o.From, &o.To, &o.By, &at, &o.Answer, &o.Answered, &ended)
	o.At, o.EndedAt = instant(at), instant(ended)
	return o, err
}

const offerByID = `SELECT ` + offerColumns + ` FROM offer WHERE id = $1`
const openOfferOf = `SELECT ` + offerColumns + ` FROM offer WHERE subject = $1 AND ended_at = 0`
const openOffersTo = `SELECT ` + offerColumns + ` FROM offer WHERE to_desk = $1 AND ended_at = 0 ORDER BY id`
const offersFrom = `SELECT ` + offerColumns + ` FROM offer WHERE from_desk = $1 AND (ended_at = 0 OR ended_at >= $2) ORDER BY id`

// Offer returns an offer by number.
func (q *Query) Offer(id int64) (Offer, bool, error) {
	return first(many(q, offerByID, args(id), scanOffer))
}

// OpenOffer returns the offer of a subject that waits for an answer.
func (q *Query) OpenOffer(subject string) (Offer, bool, error) {
	return first(many(q, openOfferOf, args(subject), scanOffer))
}

// OffersTo lists what waits for a desk to accept.
func (q *Query) OffersTo(desk story.DeskID) ([]Offer, error) {
	return many(q, openOffersTo, args(string(desk)), scanOffer)
}

// OffersFrom lists what a desk gives: what waits, and what was answered since.
func (q *Query) OffersFrom(desk story.DeskID, since time.Time) ([]Offer, error) {
	return many(q, offersFrom, args(string(desk), micros(since)), scanOffer)
}

const insertOffer = `INSERT INTO offer (subject, from_desk, to_desk, by, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`
const endOffer = `UPDATE offer SET answer = $2, answered = $3, ended_at = $4 WHERE id = $1 AND ended_at = 0`

// AddOffer keeps an offer and returns its number.
func (tx *Tx) AddOffer(o Offer) (id int64, err error) {
	tx.touchOffer(o)
	_, err = tx.one(insertOffer, args(o.Subject, string(o.From), string(o.To), o.By, micros(tx.Now)), &id)
	return id, err
}

// EndOffer answers an offer, once: false means that somebody else did.
func (tx *Tx) EndOffer(o Offer, answer string, by int64) (bool, error) {
	tx.touchOffer(o)
	n, err := tx.exec(endOffer, o.ID, answer, by, micros(tx.Now))
	return n == 1, err
}

// touchOffer notes what shows an offer: both desks, and the story.
func (tx *Tx) touchOffer(o Offer) {
	tx.touch(StoryChanged, o.Subject)
	tx.touch(DeskChanged, string(o.From))
	tx.touch(DeskChanged, string(o.To))
}

const giveArticle = `UPDATE article SET desk = $2 WHERE id = $1`
const giveActs = `UPDATE act SET desk = $2, look_at = due WHERE subject = $1 AND desk = $3 AND state IN ('pending', 'parked')`

// Give moves what waits of a subject from one desk to another, each act with the due
// instant that it had; and the article itself, where the subject is one.
func (tx *Tx) Give(subject string, article bool, from, to story.DeskID) error {
	tx.touch(DeskChanged, string(from))
	tx.touch(DeskChanged, string(to))
	if article {
		if err := tx.must(giveArticle, subject, string(to)); err != nil {
			return err
		}
	}
	_, err := tx.exec(giveActs, subject, string(to), string(from))
	return err
}

// heldArticles are those with words that no reader has, with an act that waits, or with an
// agency's wish that nobody has answered.
const heldArticles = `
	SELECT ` + articleColumns + ` FROM article
	 WHERE desk = $1 AND (
	       standing IN ('never', 'public', 'withdrawn')
	       AND saved_at > COALESCE((SELECT max(queued) FROM act WHERE subject = article.id AND state = 'posted' AND class = 'speaks'), 0)
	    OR EXISTS (SELECT 1 FROM act WHERE subject = article.id AND part = '' AND state IN ('pending', 'parked'))
	    OR EXISTS (SELECT 1 FROM wire_doubt d WHERE d.article = article.id AND d.ended_at = 0))
	 ORDER BY saved_at DESC, id LIMIT $2`

// Held lists the articles of a desk of which something is still to be done.
func (q *Query) Held(desk story.DeskID, limit int) ([]Article, error) {
	return many(q, heldArticles, args(string(desk), limit), scanArticle)
}

const postedBetween = `SELECT ` + actColumns + ` FROM act WHERE desk = $1 AND state = 'posted' AND ended_at >= $2 AND ended_at <= $3 ORDER BY ended_at, id`

// PostedBetween lists the acts of a desk that were posted from one instant to another.
func (q *Query) PostedBetween(desk story.DeskID, from, to time.Time) ([]Act, error) {
	return many(q, postedBetween, args(string(desk), micros(from), micros(to)), scanAct)
}
