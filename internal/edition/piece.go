package edition

import (
	"encoding/json"
	"errors"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/story"
)

// Packages, pages, relations and persons, and what articles say about people. Each piece is
// made from all of its entries as they are now, every time that one of them comes or loses
// its words: so a rebuild makes the same.

const pieceLife = `
	SELECT ` + entryColumns + ` FROM entry
	 WHERE subject = $1 AND kind IN ('package', 'page', 'relation', 'person', 'withdraw', 'kill', 'erase') ORDER BY n`

// pieceRow is a piece as its table holds it.
type pieceRow struct {
	kind      record.Kind
	standing  story.Standing
	n, latest int64
	note      string
	words     record.Entry // of n
}

// piece applies an entry of a piece, or one that takes a piece back. Of other subjects it
// changes nothing.
func (a *applying) piece(e record.Entry) error {
	switch e.Kind {
	case record.KindPackage, record.KindPage, record.KindRelation, record.KindPerson, record.KindWithdraw, record.KindKill, record.KindErase:
		return a.remake(e.Subject)
	case record.KindMoved:
		return a.moved(e)
	}
	return nil
}

// pieceAgain makes a piece once more when an entry of it lost its words.
func (a *applying) pieceAgain(was record.Entry) error {
	switch was.Kind {
	case record.KindPackage, record.KindPage, record.KindRelation, record.KindPerson:
		return a.remake(was.Subject)
	}
	return nil
}

func (a *applying) remake(id string) error {
	life, err := a.entries(pieceLife, id)
	if err != nil {
		return err
	}
	row, err := pieceOf(life)
	if err != nil || row.kind == "" {
		return err // an article's
	}
	if err := a.touchesPiece(id, row.kind); err != nil {
		return err
	}
	for _, drop := range dropPiece {
		if err := a.exec(drop, id); err != nil {
			return err
		}
	}
	if err := a.exec(putPiece, id, string(row.kind), string(row.standing), row.n, row.latest, row.note); err != nil {
		return err
	}
	if !row.words.Readable() || row.standing != story.Public && row.kind != record.KindPage {
		return nil
	}
	if err := a.pieceWords(id, row.words); err != nil {
		return err
	}
	return a.touchesPiece(id, row.kind)
}

var dropPiece = []string{
	`DELETE FROM piece WHERE id = $1`, `DELETE FROM member WHERE package = $1`, `DELETE FROM page WHERE id = $1`,
	`DELETE FROM relation WHERE id = $1`, `DELETE FROM merged WHERE id = $1`,
}

const putPiece = `INSERT INTO piece (id, kind, standing, n, latest_n, note) VALUES ($1, $2, $3, $4, $5, $6)`

// pieceOf tells what has become of a piece.
func pieceOf(life []record.Entry) (row pieceRow, err error) {
	for _, e := range life {
		row.latest = e.N
		switch e.Kind {
		case record.KindWithdraw:
			row.standing = story.Withdrawn
		case record.KindKill:
			row.standing = story.Killed
		case record.KindErase:
			row.standing = story.Erased
		default:
			row.kind, row.standing, row.n, row.words = e.Kind, story.Public, e.N, e
			row.note = ""
			continue
		}
		if row.note = ""; !e.Readable() {
			continue
		}
		t, err := record.Decode[taking](e) // of a withdrawal, its note alone
		if err != nil {
			return row, err
		}
		row.note = t.Note + t.Wording
	}
	return row, nil
}

const putMember = `INSERT INTO member (package, place, article) VALUES ($1, $2, $3)`
const putPage = `INSERT INTO page (id, lang, slug) VALUES ($1, $2, $3)`
const putRelation = `INSERT INTO relation (id, from_id, to_id, what) VALUES ($1, $2, $3, $4)`
const putMerged = `INSERT INTO merged (id, into_id) VALUES ($1, $2)`

// pieceWords fills the tables that lead to the words of a piece.
func (a *applying) pieceWords(id string, e record.Entry) error {
	switch e.Kind {
	case record.KindPackage:
		p, err := record.Decode[record.Package](e)
		for i, m := range p.Members {
			err = errors.Join(err, a.exec(putMember, id, i, string(m)))
		}
		return err
	case record.KindPage:
		p, err := record.Decode[record.Page](e)
		return errors.Join(err, a.exec(putPage, id, p.Lang, p.Slug))
	case record.KindRelation:
		x, err := record.Decode[record.Relation](e)
		if err != nil || x.TakenBack {
			return err
		}
		return a.exec(putRelation, id, x.From, x.To, string(x.What))
	case record.KindPerson:
		p, err := record.Decode[record.Person](e)
		if err != nil || p.Merged == "" {
			return err
		}
		return a.exec(putMerged, id, p.Merged)
	}
	return nil
}

const putMovedPath = `INSERT INTO moved (path, n, to_path) VALUES ($1, $2, $3) ON CONFLICT (path, n) DO UPDATE SET to_path = excluded.to_path`

// moved applies old addresses. The newest entry of a path counts.
func (a *applying) moved(e record.Entry) error {
	if !e.Readable() {
		return nil
	}
	c, err := record.Decode[record.Moved](e)
	for _, p := range c.Paths {
		err = errors.Join(err, a.exec(putMovedPath, p.From, e.N, p.To))
	}
	return err
}

const putQuotation = `INSERT INTO quotation (article, place, id, person, said) VALUES ($1, $2, $3, $4, $5)`
const putByline = `INSERT INTO byline (person, article, first_n) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

// names keeps whose words the newest text of an article has, and who wrote it. Words whose
// hour is not told were said by when the article was posted.
func (a *applying) names(r row, e record.Entry, c record.Article) error {
	err := errors.Join(a.touchesNames(e.Subject), a.dropNames(e.Subject))
	for i, q := range c.Quotations {
		said := micros(q.Said)
		if said == 0 {
			said = r.posted
		}
		err = errors.Join(err, a.exec(putQuotation, e.Subject, i, q.ID, q.Person, said))
	}
	for _, b := range c.Bylines {
		if b.Person != "" {
			err = errors.Join(err, a.exec(putByline, b.Person, e.Subject, r.first))
		}
	}
	return errors.Join(err, a.touchesNames(e.Subject))
}

func (a *applying) dropNames(id string) error {
	return errors.Join(a.exec(`DELETE FROM quotation WHERE article = $1`, id), a.exec(`DELETE FROM byline WHERE article = $1`, id))
}

// A Piece is what every package, page and person has beside its content.
type Piece struct {
	ID       string
	N        int64 // its newest words
	Desk     story.DeskID
	Standing story.Standing
	Note     string // of a withdrawal, kill or erasure
	Updated  int64  // n of its newest entry
}

const pieceByID = `
	SELECT p.id, p.n, e.desk, p.standing, p.note, p.latest_n, e.content FROM piece p JOIN entry e ON e.n = p.n WHERE p.id = $1 AND p.kind = $2`

// pieceContent reads a piece of a kind; of one that is not public, no words.
func pieceContent[T any](v *View, kind record.Kind, id string) (p Piece, c T, ok bool, err error) {
	v.shows(pieceKey(id))
	var content []byte
	if ok, err = v.one(pieceByID, []any{id, string(kind)}, &p.ID, &p.N, &p.Desk, &p.Standing, &p.Note, &p.Updated, &content); err != nil || !ok {
		return p, c, false, err
	}
	if p.Standing != story.Public || content == nil {
		if p.Standing == story.Public {
			p.Standing = story.Killed // it went with what it was about
		}
		return p, c, true, nil
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return p, c, false, fmt.Errorf("%s %s: %w", kind, id, err)
	}
	return p, c, true, nil
}
