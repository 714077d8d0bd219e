package edition_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
)

var (
	searchArticles = flag.Int("search.articles", 100_000, "how many articles BenchmarkSearch searches")
	searchFolder   = flag.String("search.folder", "", "where BenchmarkSearch keeps its edition for the next time; empty: nowhere")
)

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
	src := editiontest.NewArchive(b, *searchArticles)
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
		return func(some *rand.Rand) string {
			return editiontest.InventedWord(from+some.Uint64N(to-from), editiontest.Latin)
		}
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
		{"Hebrew word", "he", func(r *rand.Rand) string { return editiontest.InventedWord(r.Uint64N(200), editiontest.Hebrew) }},
		{"by", "en", func(r *rand.Rand) string {
			return "by:" + editiontest.InventedWord(r.Uint64N(300), editiontest.Latin) + " " + common(r)
		}},
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
