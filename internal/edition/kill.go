package edition

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dateline/internal/record"
	"dateline/internal/story"
)

// taking is what a kill or an erasure tells, whichever it is.
type taking struct {
	Withheld  []int64 `json:"withheld"`
	Destroyed []int64 `json:"destroyed"`
	Note      string  `json:"note"`
	Wording   string  `json:"wording"`
}

// takingOf reads a kill or an erasure; one whose own words are gone still takes its subject.
func takingOf(e record.Entry) (t taking, err error) {
	if !e.Readable() {
		return t, nil
	}
	return record.Decode[taking](e)
}

// takeBack applies a kill or an erasure: the words of all that it names, and of all that
// repeats them, leave every table. What is left is gone through again, so that the tables
// are what they would be had those words never been there.
func (a *applying) takeBack(e record.Entry) error {
	t, err := takingOf(e)
	if err != nil {
		return err
	}
	gone, err := a.goneWith(e, append(t.Withheld, t.Destroyed...))
	if err != nil {
		return err
	}
	articles := map[string]bool{e.Subject: true}
	for _, n := range gone {
		if err := a.withhold(n, e, articles); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(articles)) {
		if err := a.again(id); err != nil {
			return err
		}
	}
	return a.withholdCaptions(e)
}

const entriesOfSubject = `SELECT n FROM entry WHERE subject = $1 AND n < $2 AND kind IN ('article', 'withdraw', 'live', 'package', 'page', 'relation', 'person')`
const frontsNaming = `SELECT ` + entryColumns + ` FROM entry WHERE kind = 'front' AND n < $2 AND content IS NOT NULL AND instr(content, CAST($1 AS BLOB)) > 0`

// goneWith lists what goes: the entries named, every text and note of the subject, and
// fronts that gave it a headline of their own.
func (a *applying) goneWith(e record.Entry, named []int64) ([]int64, error) {
	gone := map[int64]bool{}
	ofSubject, err := column[int64](a, entriesOfSubject, e.Subject, e.N)
	if err != nil {
		return nil, err
	}
	for _, n := range append(ofSubject, named...) {
		if n < e.N {
			gone[n] = true
		}
	}
	fronts, err := a.entries(frontsNaming, e.Subject, e.N)
	if err != nil {
		return nil, err
	}
	for _, f := range fronts {
		front, err := record.Decode[record.Front](f)
		if err != nil {
			return nil, err
		}
		if front.Tells(story.ArticleID(e.Subject)) {
			gone[f.N] = true
		}
	}
	return slices.Sorted(maps.Keys(gone)), nil
}

const idleCaptions = `
	SELECT e.n FROM entry e
	 WHERE e.kind = 'picture' AND e.n < $1
	   AND (e.content IS NULL OR EXISTS (SELECT 1 FROM picture p WHERE p.n = e.n AND p.withdrawn = 0))
	   AND NOT EXISTS (SELECT 1 FROM rendition r WHERE r.picture = e.subject AND r.n < e.n)`

// withholdCaptions takes out changed captions and credits of pictures that ran only in
// what is gone: such words told of it.
func (a *applying) withholdCaptions(by record.Entry) error {
	idle, err := column[int64](a, idleCaptions, by.N)
	if err != nil {
		return err
	}
	for _, n := range idle {
		if err := a.withhold(n, by, nil); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) entries(query string, args ...any) (all []record.Entry, err error) {
	rows, err := a.tx.QueryContext(a.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

const dropContent = `UPDATE entry SET salt = NULL, content = NULL, gone_by = $2 WHERE n = $1`
const newestReadable = `SELECT ` + entryColumns + ` FROM entry WHERE subject = $1 AND kind = $2 AND content IS NOT NULL ORDER BY n DESC LIMIT 1`

// newestOf are the kinds of which the newest readable entry counts, and how one leaves.
var newestOf = map[record.Kind]string{
	record.KindHouse:  `DELETE FROM house WHERE n = $1`,
	record.KindDesk:   `DELETE FROM desk WHERE n = $1`,
	record.KindFront:  `DELETE FROM front WHERE n = $1`,
	record.KindPerson: `DELETE FROM person WHERE n = $1`,
}

// withhold takes the words of entry n out, and notes the article that is to be gone
// through again.
func (a *applying) withhold(n int64, by record.Entry, articles map[string]bool) error {
	found, err := a.entries(leafOf, n)
	if err != nil || len(found) == 0 {
		return err
	}
	was := found[0]
	a.words = a.words || was.Content != nil
	if err := a.exec(dropContent, n, by.N); err != nil {
		return err
	}
	switch was.Kind {
	case record.KindArticle, record.KindWithdraw, record.KindLive:
		articles[was.Subject] = true
	case record.KindDuty:
		return a.exec(`DELETE FROM duty WHERE n = $1`, n)
	case record.KindMoved:
		return a.exec(`DELETE FROM moved WHERE n = $1`, n)
	case record.KindPicture:
		return errors.Join(a.exec(`DELETE FROM picture WHERE n = $1`, n), a.refind(was.Subject))
	}
	drop, ok := newestOf[was.Kind]
	if !ok {
		return a.pieceAgain(was)
	}
	result, err := a.tx.ExecContext(a.ctx, drop, n)
	if err != nil {
		return err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	older, err := a.entries(newestReadable, was.Subject, string(was.Kind))
	if err != nil || len(older) == 0 {
		if was.Kind == record.KindHouse {
			err = errors.Join(err, a.refile())
		}
		return errors.Join(err, a.pieceAgain(was))
	}
	return errors.Join(a.project(older[0]), a.pieceAgain(was))
}

const filesOfArticle = `SELECT DISTINCT sha256 FROM rendition WHERE article = $1`
const lifeOf = `SELECT ` + entryColumns + ` FROM entry WHERE subject = $1 AND kind IN ('article', 'withdraw', 'live', 'kill', 'erase') ORDER BY n`

// again makes an article's rows once more from its entries as they are now.
func (a *applying) again(id string) error {
	life, err := a.entries(lifeOf, id)
	if err != nil {
		return err
	}
	if err := errors.Join(a.dropWords(id), a.exec(`DELETE FROM article WHERE id = $1`, id)); err != nil {
		return err
	}
	for _, e := range life {
		if err := a.project(e); err != nil {
			return fmt.Errorf("entry %d again: %w", e.N, err)
		}
	}
	return nil
}

// dropWords drops all rows that lead to words of an article, and notes the files that may
// have lost their last use with them.
func (a *applying) dropWords(id string) error {
	shas, err := a.strings(filesOfArticle, id)
	if err != nil {
		return err
	}
	a.dropped = append(a.dropped, shas...)
	return errors.Join(a.exec(`DELETE FROM version WHERE article = $1`, id), a.exec(`DELETE FROM correction WHERE article = $1`, id),
		a.exec(`DELETE FROM rendition WHERE article = $1`, id), a.exec(`DELETE FROM live WHERE article = $1`, id),
		a.exec(`DELETE FROM live_page WHERE article = $1`, id), a.dropNames(id), a.dropFound(id, ""),
		a.file(id, nil), a.exec(`DELETE FROM stood WHERE id = $1`, id))
}

// taken lets a kill or an erasure change the row of its article. Its own words may be gone.
func (a *applying) taken(e record.Entry) error {
	r, found, err := a.row(e.Subject)
	if err != nil || !found {
		return err // not an article, or none that was ever here
	}
	t, err := takingOf(e)
	if err != nil {
		return err
	}
	standing := story.Killed
	if e.Kind == record.KindErase {
		standing = story.Erased
	}
	r = r.wordless(standing)
	r.latest, r.note, r.taken = e.N, t.Note+t.Wording, micros(e.At)
	return errors.Join(a.dropWords(e.Subject), a.put(r), a.stands(r))
}

// What was taken back leaves the files as well: secure_delete clears its place in the
// edition, and the log, which keeps pages as they were, is cut to nothing. That this is
// still to be done is remembered in the file.
//
// An erasure does more: the file is written anew. Where pages were divided before, copies of
// rows lie in them beside the rows that count, and secure_delete does not reach those.
// 'moved' remembers that such copies may be there since words were taken out.
const (
	putScrub    = `INSERT INTO meta (name, value) VALUES ('scrub', '1') ON CONFLICT DO NOTHING`
	putMoved    = `INSERT INTO meta (name, value) VALUES ('moved', '1') ON CONFLICT DO NOTHING`
	putRewrite  = `INSERT INTO meta (name, value) SELECT 'rewrite', '1' FROM meta WHERE name = 'moved' ON CONFLICT DO NOTHING`
	scrubsLeft  = `SELECT count(*), COALESCE(sum(name = 'rewrite'), 0) FROM meta WHERE name IN ('scrub', 'rewrite')`
	dropRewrite = `DELETE FROM meta WHERE name IN ('rewrite', 'moved')`
	dropScrub   = `DELETE FROM meta WHERE name = 'scrub'`
)

// Cleared reports whether nothing that entry n took back is left in this edition's files.
func (e *Edition) Cleared(ctx context.Context, n int64) (bool, error) {
	if e.Applied() < n {
		return false, nil
	}
	var left, rewrites int
	err := e.read.QueryRowContext(ctx, scrubsLeft).Scan(&left, &rewrites)
	return left == 0, err
}

// scrub cuts the log if words were taken out since it was cut; mostly none were.
func (e *Edition) scrub(ctx context.Context) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	return e.scrubNow(ctx)
}

func (e *Edition) scrubNow(ctx context.Context) error {
	var left, rewrites, busy, pages, done int
	if err := e.read.QueryRowContext(ctx, scrubsLeft).Scan(&left, &rewrites); err != nil || left == 0 {
		return err
	}
	if rewrites > 0 {
		for _, sql := range []string{putScrub, `VACUUM`, dropRewrite} { // the log keeps pages as they were
			if _, err := e.write.ExecContext(ctx, sql); err != nil {
				return fmt.Errorf("writing the edition's file anew: %w", err)
			}
		}
	}
	if err := e.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &done); err != nil {
		return fmt.Errorf("cutting the edition's log: %w", err)
	}
	if busy != 0 {
		return nil // a page is being read; Follow tries again
	}
	_, err := e.write.ExecContext(ctx, dropScrub)
	return err
}
