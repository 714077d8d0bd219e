package edition_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

var (
	searchArticles = flag.Int("search.articles", 100_000, "how many articles BenchmarkSearch searches")
	searchFolder   = flag.String("search.folder", "", "where BenchmarkSearch keeps its edition for the next time; empty: nowhere")
)

// an archive is a record of many invented articles, each made when it is asked for: some 400
// words, as often as words are in a language (Zipf), every tenth in Hebrew, one in ten minutes.
type archive struct {
	*editiontest.Record
	first []record.Entry
	many  int64
}

func (a archive) Head(context.Context) (int64, error) { return int64(len(a.first)) + a.many, nil }

func (a archive) After(_ context.Context, n int64, limit int) (all []record.Entry, err error) {
	for i := n; len(all) < limit && i < int64(len(a.first))+a.many; i++ {
		if i < int64(len(a.first)) {
			all = append(all, a.first[i])
			continue
		}
		e, err := a.article(i + 1)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func (a archive) article(n int64) (e record.Entry, err error) {
	some := rand.New(rand.NewPCG(uint64(n), 1))
	zipf := rand.NewZipf(some, 1.07, 2, 60_000)
	lang, syllables := "en", latin
	if n%10 == 0 {
		lang, syllables = "he", hebrewOnes
	}
	line := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(inventedWord(zipf.Uint64(), syllables) + " ")
		}
		return strings.TrimSpace(b.String())
	}
	c := editiontest.Text(lang, []string{"city", "science", "culture"}[n%3], line(8), line(16), line(190))
	c.Doc = append(c.Doc, story.Block{ID: "block002", Kind: story.Paragraph, Spans: []story.Span{{Text: line(190)}}})
	c.Bylines = []story.Byline{{Name: inventedWord(some.Uint64()%300, syllables) + " Writer"}}
	c.Change, c.Material, c.Direction = record.Posted, true, story.Direction(lang)
	e.Volume, e.N, e.Kind, e.Form, e.Class = 1, n, record.KindArticle, record.Form, story.Speaks
	e.At, e.Subject, e.Desk = editiontest.Begin.Add(time.Duration(n)*10*time.Minute), fmt.Sprintf("a%09d", n), []story.DeskID{editiontest.London, editiontest.NewYork, editiontest.Jerusalem}[n%3]
	e.Acting, e.Revision, e.Salt = e.Desk, 1, make([]byte, record.SaltLength)
	e.Decision = record.Decision{Road: story.ByPerson, Basis: record.Open, Almanac: "test", ZoneData: "test"}
	e.Content, err = record.Encode(c)
	e.Commit = record.CommitTo(e.Salt, e.Content)
	return e, err
}

var latin = strings.Fields("ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu")
var hebrewOnes = strings.Fields("בא גד הו זח טי כל מנ סע פצ קר שת אב בג דה וז חט יכ לם נס עפ")

// inventedWord is the word that is nth in how often it occurs.
func inventedWord(n uint64, syllables []string) string {
	w := syllables[n%20] + syllables[n/20%20]
	for n /= 400; n > 0; n /= 20 {
		w += syllables[n%20]
	}
	return w
}

// processorTime is that of this process, which other work on the machine does not lengthen as
// it does the wall's.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSearch tells p50 and p99 of queries whose words change each time.
//
//	go test ./internal/edition -run xxx -bench Search -benchtime 500x -timeout 2h -search.articles 1000000 -search.folder FOLDER
func BenchmarkSearch(b *testing.B) {
	dir := *searchFolder
	if dir == "" {
		dir = b.TempDir()
	}
	paper := editiontest.Paper(b)
	src := archive{paper, paper.Entries(), int64(*searchArticles)}
	e, err := edition.Open(b.Context(), dir, edition.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close() })
	began := time.Now()
	if head, _ := src.Head(b.Context()); e.Applied() != head {
		if err := e.CatchUp(b.Context(), src); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d articles, applied in %s", *searchArticles, time.Since(began).Round(time.Second))
	word := func(from, to uint64) func(*rand.Rand) string {
		return func(some *rand.Rand) string { return inventedWord(from+some.Uint64N(to-from), latin) }
	}
	common, middling, rare := word(0, 20), word(200, 2000), word(20_000, 60_000)
	for _, x := range []struct {
		name, lang string
		query      func(*rand.Rand) string
	}{
		{"common word", "en", common},
		{"two common words", "en", func(r *rand.Rand) string { return common(r) + " " + common(r) }},
		{"middling word", "en", middling},
		{"rare word", "en", rare},
		{"common and rare", "en", func(r *rand.Rand) string { return common(r) + " " + rare(r) }},
		{"phrase of common words", "en", func(r *rand.Rand) string { return `"` + common(r) + " " + common(r) + `"` }},
		{"phrase of middling words", "en", func(r *rand.Rand) string { return `"` + middling(r) + " " + middling(r) + `"` }},
		{"prefix of four", "en", func(r *rand.Rand) string { return common(r) + "*" }},
		{"prefix of five", "en", func(r *rand.Rand) string { return common(r) + "b*" }},
		{"Hebrew word", "he", func(r *rand.Rand) string { return inventedWord(r.Uint64N(200), hebrewOnes) }},
		{"by", "en", func(r *rand.Rand) string { return "by:" + inventedWord(r.Uint64N(300), latin) + " " + common(r) }},
		{"desk and day", "en", func(r *rand.Rand) string { return "desk:london date:2024-04 " + common(r) }},
		{"not", "en", func(r *rand.Rand) string { return common(r) + " -" + common(r) }},
		{"Hebrew page, Latin word", "he", common},
	} {
		b.Run(x.name, func(b *testing.B) {
			some := rand.New(rand.NewPCG(7, 7))
			var took, processor []time.Duration
			found := 0
			for b.Loop() {
				s := edition.Search{Query: edition.ParseQuery(x.query(some)), Lang: x.lang, Limit: 20}
				began, used := time.Now(), processorTime(b)
				found += search(b, e, s).Total
				took, processor = append(took, time.Since(began)), append(processor, processorTime(b)-used)
			}
			slices.Sort(took)
			slices.Sort(processor)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
			b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
			b.ReportMetric(ms(processor[len(processor)/2]), "p50-cpu-ms")
			b.ReportMetric(ms(processor[len(processor)*99/100]), "p99-cpu-ms")
			b.ReportMetric(float64(found)/float64(len(took)), "found")
		})
	}
}
