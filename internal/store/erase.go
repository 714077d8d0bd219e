package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// What an erasure destroys, and what else uses it. The statements here only name rows;
// newsroom/erase.go says which go.

const destroy = `UPDATE record SET gone_by = $2, salt = NULL, content = NULL WHERE n = $1`

// Destroy marks an entry as gone by a later erase, and destroys content and salt in the
// same statement: the record's trigger lets nothing else do it. The leaf stays.
func (tx *Tx) Destroy(n, by int64) error { return tx.must(destroy, n, by) }

const readableOfKind = `SELECT ` + entryColumns + ` FROM record WHERE kind = $1 AND content IS NOT NULL ORDER BY n`

// Readable lists the entries of a kind whose content is still there.
func (q *Query) Readable(kind record.Kind) ([]record.Entry, error) {
	return many(q, readableOfKind, args(string(kind)), scanEntry)
}

func scanOne[T any](row scanner) (x T, err error) {
	err = row.Scan(&x)
	return x, err
}

// An article is taken out of every table that holds its words. Who did what and when
// stays, without reasons.
var eraseArticle = []string{
	`DELETE FROM working WHERE article = $1`,
	`DELETE FROM clash WHERE article = $1`,
	`DELETE FROM revision WHERE article = $1`,
	`DELETE FROM lineage WHERE article = $1`,
	`DELETE FROM wire_doubt WHERE article = $1`,
	`UPDATE act SET detail = '{}', wish = '', why = '' WHERE subject = $1`,
	`UPDATE audit SET detail = '' WHERE subject = $1`,
	`UPDATE asking SET request = '{}' WHERE subject = $1 AND what <> 'erase'`,
	`UPDATE article SET standing = 'erased', headline = '', lang = '', words = 0, ready = 0, embargoed = 0, embargo = 0, cut_at = saved_at WHERE id = $1`,
}

// EraseArticle destroys all that the newsroom keeps of an article's words.
func (tx *Tx) EraseArticle(id story.ArticleID) error { return tx.each(eraseArticle, string(id)) }

func (tx *Tx) each(statements []string, args ...any) error {
	for _, s := range statements {
		if _, err := tx.exec(s, args...); err != nil {
			return fmt.Errorf("erasing: %w", err)
		}
	}
	return nil
}

const frontActs = `SELECT ` + actColumns + ` FROM act WHERE what = 'front' AND detail LIKE $1`
const clearAct = `UPDATE act SET detail = '{}' WHERE id = $1`

// FrontActs lists acts for front pages that name an article.
func (q *Query) FrontActs(id story.ArticleID) ([]Act, error) {
	return many(q, frontActs, args("%"+string(id)+"%"), scanAct)
}

// ClearAct destroys what an act told readers.
func (tx *Tx) ClearAct(id int64) error { return tx.must(clearAct, id) }

const bylinesOf = `SELECT body FROM working WHERE article = $1 AND part IN ('bylines', 'quotations') UNION ALL SELECT text FROM revision WHERE article = $1`
const namedElsewhere = `
	SELECT (SELECT count(*) FROM record WHERE subject = $1)
	     + (SELECT count(*) FROM working WHERE article <> $2 AND body LIKE $3)
	     + (SELECT count(*) FROM revision WHERE article <> $2 AND text LIKE $3)`
const dropPerson = `DELETE FROM person WHERE id = $1`

// NamesOf lists the JSON of all bylines, and of all revisions, of an article.
func (q *Query) NamesOf(id story.ArticleID) ([][]byte, error) {
	return many(q, bylinesOf, args(string(id)), scanOne[[]byte])
}

// NamedElsewhere reports whether a person has an entry, or is named by another article.
func (q *Query) NamedElsewhere(person string, but story.ArticleID) (bool, error) {
	var n int
	_, err := q.one(namedElsewhere, args(person, string(but), "%"+person+"%"), &n)
	return n > 0, err
}

// DropPerson forgets a name.
func (tx *Tx) DropPerson(id string) error {
	_, err := tx.exec(dropPerson, id)
	return err
}

const picturesOf = `
	SELECT DISTINCT part FROM working WHERE article = $1 AND part LIKE 'picture:%'
	 UNION SELECT DISTINCT part FROM clash WHERE article = $1 AND part LIKE 'picture:%' ORDER BY 1`
const pictureUsers = `SELECT DISTINCT article FROM working WHERE part = $1 AND part LIKE 'picture:%' AND article <> $2 ORDER BY article`

// PictureParts lists the parts of every picture that an article ever had.
func (q *Query) PictureParts(id story.ArticleID) ([]string, error) {
	return many(q, picturesOf, args(string(id)), scanOne[string])
}

// UsersOf lists the other articles that ever had a picture.
func (q *Query) UsersOf(picture string, but story.ArticleID) ([]story.ArticleID, error) {
	return many(q, pictureUsers, args(story.PicturePart(picture), string(but)), scanOne[story.ArticleID])
}

const itemsWithPicture = `SELECT ` + itemColumns + ` FROM wire_item WHERE picture = $1 AND picture <> '' ORDER BY id`
const namingPicture = `SELECT item FROM wire_link WHERE picture = $1 ORDER BY item`

// ItemsOf lists the wire items that brought a picture.
func (q *Query) ItemsOf(picture string) ([]WireItem, error) {
	return many(q, itemsWithPicture, args(picture), scanItem)
}

// NamedBy lists the text items that name a picture item.
func (q *Query) NamedBy(pictureItem int64) ([]int64, error) {
	return many(q, namingPicture, args(pictureItem), scanOne[int64])
}

const rendered = `SELECT DISTINCT sha256 FROM rendition WHERE picture = $1 ORDER BY sha256`

var erasePicture = []string{
	`DELETE FROM rendition WHERE picture = $1`,
	`DELETE FROM picture WHERE id = $1`,
	`UPDATE act SET detail = '{}', why = '' WHERE subject = $1`,
	`UPDATE audit SET detail = '' WHERE subject = $1`,
}

// Rendered lists the files of all public forms that were ever made of a picture.
func (q *Query) Rendered(picture string) ([]string, error) {
	return many(q, rendered, args(picture), scanOne[string])
}

// ErasePicture destroys what is kept of a picture; its files go afterwards.
func (tx *Tx) ErasePicture(id string) error { return tx.each(erasePicture, id) }

var eraseItem = []string{
	`DELETE FROM wire_raw WHERE sha256 IN (SELECT sha256 FROM wire_arrival WHERE item = $1)`,
	`DELETE FROM wire_arrival WHERE item = $1`,
	`DELETE FROM wire_link WHERE item = $1 OR picture = $1`,
	`DELETE FROM wire_doubt WHERE item = $1`,
	`DELETE FROM lineage WHERE item = $1`,
	`DELETE FROM wire_version WHERE item = $1`,
	`DELETE FROM wire_item WHERE id = $1`,
}

// EraseItem destroys a wire item: every version, and the raw bytes of every message that
// brought one. Another item of such a message stays, without the message's bytes.
func (tx *Tx) EraseItem(id int64) error { return tx.each(eraseItem, id) }

// An Erasure is one that was committed, and how far the files have been cleared of it.
type Erasure struct {
	ID      int64
	Entry   int64
	At      time.Time
	Subject string
	Listed  []byte // JSON: what stands in the list outside the store
	Files   []byte // JSON: files to delete
	Stage   int
}

const erasureColumns = `id, entry, at, subject, listed, files, stage`

func scanErasure(row scanner) (e Erasure, err error) {
	var at int64
	err = row.Scan(&e.ID, &e.Entry, &at, &e.Subject, &e.Listed, &e.Files, &e.Stage)
	e.At = instant(at)
	return e, err
}

// ErasureDone is the stage of an erasure of which nothing is left to clear.
const ErasureDone = 4

const insertErasure = `INSERT INTO erasure (entry, at, subject, listed, files) VALUES ($1, $2, $3, $4, $5)`
const setStage = `UPDATE erasure SET stage = $2 WHERE id = $1`
const openErasures = `SELECT ` + erasureColumns + ` FROM erasure WHERE stage < 4 ORDER BY id`

// AddErasure keeps what is to be cleared once the erasure is committed.
func (tx *Tx) AddErasure(e Erasure) error {
	return tx.must(insertErasure, e.Entry, micros(tx.Now), e.Subject, string(e.Listed), string(e.Files))
}

// SetStage notes how far an erasure is cleared.
func (tx *Tx) SetStage(id int64, stage int) error { return tx.must(setStage, id, stage) }

// Unfinished lists the erasures of which something is still to be cleared.
func (q *Query) Unfinished() ([]Erasure, error) {
	return many(q, openErasures, nil, scanErasure)
}

// By the folder in which files lie.
var (
	pictureFile  = map[string]string{"originals": `SELECT count(*) FROM picture WHERE sha256 = $1`, "renditions": `SELECT count(*) FROM rendition WHERE sha256 = $1`}
	pictureFiles = map[string]string{"originals": `SELECT DISTINCT sha256 FROM picture`, "renditions": `SELECT DISTINCT sha256 FROM rendition`}
)

// KeepsPictureFile reports whether any picture has that original or that rendition.
func (q *Query) KeepsPictureFile(kind, sha string) (bool, error) {
	var n int
	_, err := q.one(pictureFile[kind], args(sha), &n)
	return n > 0, err
}

// PictureFiles are the SHA-256 of all originals, or of all renditions.
func (q *Query) PictureFiles(kind string) (map[string]bool, error) {
	all, err := many(q, pictureFiles[kind], nil, scanOne[string])
	named := make(map[string]bool, len(all))
	for _, sha := range all {
		named[sha] = true
	}
	return named, err
}

// Rewrite writes every table anew, so that nothing is in the files but what can be asked
// for. secure_delete clears what is deleted where it stands; when pages were divided before,
// copies of moved rows lie beside the rows that count, and only this clears them (TestRewriteLeavesNoWord
// counts such files). Nothing else is written meanwhile.
func (db *DB) Rewrite(ctx context.Context) error {
	return db.fault("rewriting the store", db.apart(ctx, func(conn *sql.Conn) error {
		for _, s := range db.rewrite {
			if _, err := conn.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}))
}

// CutLog empties the write-ahead log, which keeps pages as they were. It reports false
// where that could not be done yet: then it is to be tried again.
func (db *DB) CutLog(ctx context.Context) (done bool, err error) {
	err = db.apart(ctx, func(conn *sql.Conn) error {
		done, err = db.cutLog(ctx, conn)
		return err
	})
	return done, db.fault("cutting the store's log", err)
}

// apart runs fn on a connection of its own while this process writes nothing else.
func (db *DB) apart(ctx context.Context, fn func(*sql.Conn) error) error {
	if err := db.turn.take(ctx, Ahead{}); err != nil {
		return err
	}
	defer db.turn.leave()
	db.endGroup()
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(fn(conn), conn.Close())
}
