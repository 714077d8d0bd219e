package site_test

import (
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// BenchmarkUncachedPage draws pages that nobody asked for before: the article that the bench
// serves, of about 60 KB, and a front page. The promise is a millisecond. But for the first
// time their texts are decoded already, as when a page is made again because something else
// on it changed.
func BenchmarkUncachedPage(b *testing.B) {
	r := editiontest.House(b)
	c := editiontest.Text("en", "city", "What was said at the harbour", "A sentence that says what it means.", "")
	c.Doc = nil
	for i := range 90 {
		words := strings.Repeat(fmt.Sprintf("Sentence number %d has a few words, as sentences have. ", i), 10)
		c.Doc = append(c.Doc, story.Block{ID: fmt.Sprintf("block%03d", i), Kind: story.Paragraph, Spans: []story.Span{{Text: words}}})
	}
	r.Post("art0000088", editiontest.London, editiontest.Begin, c)
	e := editiontest.Open(b, r)
	h := site.New(e, site.Options{Now: func() time.Time { return editiontest.Begin }, Log: slog.New(slog.DiscardHandler)})
	for name, path := range map[string]string{"article": "/what-was-said-at-the-harbour-art0000088", "front": "/"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processor(b)
			for b.Loop() {
				n, err := site.Draw(b.Context(), h, path)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(n), "B/page")
			}
			b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processor is the processor time of this process in nanoseconds, which other work on the
// machine does not lengthen as it does the wall's.
func processor(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

var pastArticles = flag.Int("past.articles", 2_000, "how many articles BenchmarkThePast has")

// BenchmarkThePast draws the front page as it stood at moments that nobody asked for before,
// spread over the life of a house.
func BenchmarkThePast(b *testing.B) {
	r := editiontest.House(b)
	for i := range *pastArticles {
		x := editiontest.Text([]string{"en", "he"}[i%2], []string{"city", "science", "culture"}[i%3], fmt.Sprint("Report ", i), "A sentence.", strings.Repeat("Words of it. ", 100))
		r.Post(editiontest.ArticleID(100+i), []story.DeskID{editiontest.Jerusalem, editiontest.NewYork, editiontest.London}[i%3], editiontest.Begin.Add(time.Duration(i)*time.Minute), x)
	}
	e := editiontest.Open(b, r)
	end := editiontest.Begin.Add(time.Duration(*pastArticles) * time.Minute)
	h := site.New(e, site.Options{Now: func() time.Time { return end }, Log: slog.New(slog.DiscardHandler)})
	for name, from := range map[string]time.Time{"first": editiontest.Begin, "middle": editiontest.Begin.Add(end.Sub(editiontest.Begin) / 2), "last": end.Add(-4 * time.Hour)} {
		b.Run(name, func(b *testing.B) {
			before, i := processor(b), 0
			for b.Loop() {
				i++
				if _, err := site.Draw(b.Context(), h, "/as-of/"+spell(from.Add(time.Duration(i%7200)*time.Second))); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}
