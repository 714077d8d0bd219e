package edition

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dateline/internal/record"
	"dateline/internal/story"
)

// searchKey is the key of all that search may find in a language.
func searchKey(lang string) Key { return Key("search-" + lang) }

// found is a row of what search finds, before its words are folded.
type found struct {
	n                           int64
	article, part               string
	posted                      int64
	lang, section, desk         string
	headline, standfirst        []string
	body, author, person, topic []string
}

// Search tags begin with a character of the private use area: no text folds to one, so that
// no reader can ask for a tag by its letters.
const (
	langTag    = "\ue000l"
	sectionTag = "\ue000s"
	deskTag    = "\ue000d"
)

// tag is a word that stands for an exact value.
func tag(what, value string) string { return what + hex.EncodeToString([]byte(value)) }

const putSearchText = `
	INSERT INTO search_text (n, article, part, posted, lang, headline, standfirst, body, author, person, topic, tags)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
const putSearch = `
	INSERT INTO search (rowid, headline, standfirst, body, author, person, topic, tags)
	SELECT n, headline, standfirst, body, author, person, topic, tags FROM search_text WHERE n = $1`
const searchRows = `SELECT n FROM search_text WHERE article = $1 AND (part = $2 OR $2 = '')`
const searchLangs = `SELECT DISTINCT lang FROM search_text WHERE article = $1`
const dropSearchText = `DELETE FROM search_text WHERE n = $1`
const dropSearch = `DELETE FROM search WHERE rowid = $1`

func (a *applying) putFound(x found) error {
	a.touches(searchKey(x.lang))
	tags := strings.Join([]string{tag(langTag, x.lang), tag(sectionTag, x.section), tag(deskTag, x.desk)}, " ")
	err := a.exec(putSearchText, x.n, x.article, x.part, x.posted, x.lang, folded(x.headline), folded(x.standfirst), folded(x.body),
		folded(x.author), folded(x.person), folded(x.topic), tags)
	return errors.Join(err, a.exec(putSearch, x.n))
}

// folded are texts as search compares them, with nothing between two that a phrase might cross.
func folded(all []string) string {
	var parts []string
	for _, s := range all {
		if f := strings.TrimSpace(story.FoldForSearch(s)); f != "" {
			parts = append(parts, f)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + strings.Join(parts, " "+partEnd+" ") + " "
}

// partEnd parts two texts of a column: no phrase of a reader's has it.
const partEnd = "\ue001"

// dropFound takes rows out of search: those of an article, or of one entry of its live page.
// The index reads from the row which words it is to forget, so that it comes first.
func (a *applying) dropFound(article, part string) error {
	rows, err := column[int64](a, searchRows, article, part)
	if err != nil || len(rows) == 0 {
		return err
	}
	langs, err := a.strings(searchLangs, article)
	for _, lang := range langs {
		a.touches(searchKey(lang))
	}
	for _, n := range rows {
		err = errors.Join(err, a.exec(dropSearch, n), a.exec(dropSearchText, n))
	}
	return err
}

const livePartsOf = `SELECT id FROM live WHERE article = $1 AND removed = 0 ORDER BY first_n`

// findable lets search find the newest text of an article, and the entries of its live page.
func (a *applying) findable(r row, c record.Article) error {
	x, err := foundIn(r, c), a.dropFound(r.id, "")
	captions, errCaptions := a.captions(r.text, c.Pictures)
	x.body = append(x.body, captions...)
	if err := errors.Join(err, errCaptions, a.putFound(x)); err != nil {
		return err
	}
	parts, err := a.strings(livePartsOf, r.id)
	for _, part := range parts {
		err = errors.Join(err, a.findableLive(r, part))
	}
	return err
}

// foundIn are the words of an article by which it is found, but for those under its pictures.
func foundIn(r row, c record.Article) found {
	x := found{n: r.first, article: r.id, posted: r.posted, lang: r.lang, section: r.section, desk: r.desk,
		headline: []string{c.Headline, c.Short}, standfirst: []string{c.Standfirst}}
	if c.Short == c.Headline {
		x.headline = x.headline[:1]
	}
	x.body = append(BodyLines(c.Text), c.Dateline.Place)
	x.body = append(x.body, c.Places...)
	for _, b := range c.Bylines {
		x.author = append(x.author, b.Name, b.Person)
	}
	for _, s := range c.Sources {
		x.author = append(x.author, s.Name)
	}
	x.person = speakers(c.Quotations)
	for _, t := range c.Topics {
		x.topic = append(x.topic, t.Code)
		for _, label := range t.Labels {
			x.topic = append(x.topic, label)
		}
		slices.Sort(x.topic) // labels come in no order
	}
	return x
}

// BodyLines are the plain lines of a text's body, in order; quotations stand where they do.
func BodyLines(t story.Text) []string { return lines(t.Doc, t.Quotations) }

func lines(doc story.Doc, quotations []story.Quotation) (all []string) {
	for _, b := range doc {
		if b.Kind != story.QuotationBlock {
			all = append(all, b.Plain())
			continue
		}
		for _, q := range quotations {
			if q.ID == b.Quotation {
				all = append(all, saidIn(q))
			}
		}
	}
	return all
}

func saidIn(q story.Quotation) string {
	var b strings.Builder
	for _, w := range q.Words {
		b.WriteString(w.Text)
	}
	return b.String()
}

func speakers(quotations []story.Quotation) (all []string) {
	for _, q := range quotations {
		if name := q.Speaker; !slices.Contains(all, name) {
			all = append(all, name, q.Person)
		}
	}
	return all
}

const liveForSearch = `SELECT l.first_n, l.posted, l.desk, l.n FROM live l WHERE l.article = $1 AND l.id = $2 AND l.removed = 0`
const liveWords = `SELECT e.content FROM live l JOIN entry e ON e.n = l.n WHERE l.article = $1 AND l.id = $2 AND e.content IS NOT NULL`

// findableLive lets search find the newest words of an entry of a live page.
func (a *applying) findableLive(r row, part string) error {
	if err := a.dropFound(r.id, part); err != nil || r.standing != story.Public {
		return err
	}
	contents, err := column[[]byte](a, liveWords, r.id, part)
	if err != nil || len(contents) == 0 {
		return err
	}
	x := found{article: r.id, part: part, lang: r.lang, section: r.section}
	var n int64
	if err := a.tx.QueryRowContext(a.ctx, liveForSearch, r.id, part).Scan(&x.n, &x.posted, &x.desk, &n); err != nil {
		return fmt.Errorf("live entry %s: %w", part, err)
	}
	var c record.Live
	if err := json.Unmarshal(contents[0], &c); err != nil {
		return fmt.Errorf("live entry %s: %w", part, err)
	}
	x.headline, x.body, x.person = []string{c.Headline}, lines(c.Doc, c.Quotations), speakers(c.Quotations)
	captions, err := a.captions(n, c.Pictures)
	if err != nil {
		return err
	}
	x.body = append(x.body, captions...)
	if c.By != nil {
		x.author = []string{c.By.Name, c.By.Person}
	}
	return a.putFound(x)
}
