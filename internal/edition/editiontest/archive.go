package editiontest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// An Archive is the record of a house that has posted for years: a paper, its authors, and
// many entries after them, one in ten minutes, each made when it is asked for. Articles are
// of some 400 words, as often as words are in a language (Zipf), every tenth in Hebrew. One
// entry in 200 corrects an article, one in 50,000 withdraws one, one in 20,000 makes a
// running story of a hundred.
type Archive struct {
	*Record
	first []record.Entry
	many  int64
}

// ArchiveAuthors is how many people write in an archive; each also says something now and then.
const ArchiveAuthors = 300

// NewArchive is an archive of many entries.
func NewArchive(t testing.TB, many int) Archive {
	paper := Paper(t)
	for i := range ArchiveAuthors {
		name := authorName(i)
		paper.Append(record.KindPerson, authorID(i), London, Begin.Add(-46*time.Hour), record.Person{Slug: story.Slug(name), Names: record.Words{"en": name, "he": name}})
	}
	return Archive{paper, paper.Entries(), int64(many)}
}

func authorName(i int) string { return InventedWord(uint64(i), Latin) + " Writer" }
func authorID(i int) string   { return fmt.Sprintf("p%09d", i) }

// Head is the number of the last entry.
func (a Archive) Head(context.Context) (int64, error) { return int64(len(a.first)) + a.many, nil }

// After lists entries after n.
func (a Archive) After(_ context.Context, n int64, limit int) (all []record.Entry, err error) {
	for i := n; len(all) < limit && i < int64(len(a.first))+a.many; i++ {
		if i < int64(len(a.first)) {
			all = append(all, a.first[i])
			continue
		}
		e, err := a.entry(i + 1)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// plain reports whether entry n posts an article that nothing later is about.
func (a Archive) plain(n int64) bool { return n > int64(len(a.first)) && n%200 >= 14 }

// entry is the entry of a number.
func (a Archive) entry(n int64) (e record.Entry, err error) {
	e.Volume, e.N, e.Kind, e.Form, e.Class = 1, n, record.KindArticle, record.Form, story.Speaks
	e.At, e.Subject, e.Desk = Begin.Add(time.Duration(n)*10*time.Minute), ArchivedID(n), deskOf(n)
	e.Revision, e.Salt = 1, make([]byte, record.SaltLength)
	e.Decision = record.Decision{Road: story.ByPerson, Basis: record.Open, Almanac: "test", ZoneData: "test"}
	var content any
	switch {
	case n%200 == 7 && a.plain(n-100):
		e.Subject, e.Desk, e.Prior, e.Revision = ArchivedID(n-100), deskOf(n-100), n-100, 2
		c := archived(n - 100)
		c.Change, c.Correction = record.Corrected, &record.Correction{Severity: "correction", Note: "A number was wrong.", Was: "three", Is: "four"}
		content = c
	case n%50_000 == 11 && a.plain(n-980):
		e.Kind, e.Class, e.Subject, e.Desk, e.Prior = record.KindWithdraw, story.Silences, ArchivedID(n-980), deskOf(n-980), n-980
		content = record.Withdraw{Note: "It rested on a document that was not genuine."}
	case n%20_000 == 13 && a.plain(n-980):
		e.Kind, e.Subject = record.KindPackage, fmt.Sprintf("k%09d", n)
		content = a.running(n)
	default:
		c := archived(n)
		c.Change, c.Material = record.Posted, true
		content = c
	}
	e.Acting = e.Desk
	e.Content, err = record.Encode(content)
	e.Commit = record.CommitTo(e.Salt, e.Content)
	return e, err
}

// ArchivedID is the id of the article that entry n posts.
func ArchivedID(n int64) string { return fmt.Sprintf("a%09d", n) }

func deskOf(n int64) story.DeskID { return []story.DeskID{London, NewYork, Jerusalem}[n%3] }

func (a Archive) running(n int64) record.Package {
	p := record.Package{Slug: "a-long-affair", Lang: "en", Title: "A long affair", Sort: "running"}
	for m := n - 13; len(p.Members) < 100; m-- {
		if m%10 != 0 && a.plain(m) {
			p.Members = append(p.Members, story.ArticleID(ArchivedID(m)))
		}
	}
	return p
}

// archived is the text of the article that entry n posts.
func archived(n int64) record.Article {
	some := rand.New(rand.NewPCG(uint64(n), 1))
	zipf := rand.NewZipf(some, 1.07, 2, 60_000)
	lang, syllables := "en", Latin
	if n%10 == 0 {
		lang, syllables = "he", Hebrew
	}
	line := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(InventedWord(zipf.Uint64(), syllables) + " ")
		}
		return strings.TrimSpace(b.String())
	}
	c := Text(lang, []string{"city", "science", "culture"}[n%3], line(8), line(16), line(190))
	c.Doc = append(c.Doc, story.Block{ID: "block002", Kind: story.Paragraph, Spans: []story.Span{{Text: line(190)}}})
	by := some.IntN(ArchiveAuthors)
	c.Bylines = []story.Byline{{Person: authorID(by), Name: authorName(by)}}
	c.Topics, c.Places = []story.Topic{{Code: fmt.Sprintf("topic-%d", n%50)}}, []string{InventedWord(uint64(n%100), Latin)}
	if n%10 == 3 {
		said := some.IntN(ArchiveAuthors)
		c.Quotations = []story.Quotation{{ID: fmt.Sprintf("q%09d", n), Words: []story.Words{{Text: line(20)}}, Form: "direct", Person: authorID(said), Speaker: authorName(said), Said: Begin.Add(time.Duration(n) * 10 * time.Minute)}}
	}
	c.Direction = story.Direction(lang)
	return c
}

// Syllables of invented words.
var (
	Latin  = strings.Fields("ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu")
	Hebrew = strings.Fields("בא גד הו זח טי כל מנ סע פצ קר שת אב בג דה וז חט יכ לם נס עפ")
)

// InventedWord is the word that is nth in how often it occurs.
func InventedWord(n uint64, syllables []string) string {
	w := syllables[n%20] + syllables[n/20%20]
	for n /= 400; n > 0; n /= 20 {
		w += syllables[n%20]
	}
	return w
}
