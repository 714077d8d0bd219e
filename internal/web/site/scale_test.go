package site_test

import (
	"flag"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

var (
	siteArticles = flag.Int("site.articles", 2000, "how many entries the archive of BenchmarkRoutes has after its first")
	siteFolder   = flag.String("site.folder", "", "where BenchmarkRoutes keeps its edition for the next time (that of BenchmarkSearch is the same); empty: nowhere")
)

// BenchmarkRoutes draws a page of every kind as if nobody had asked for it before, each time
// another one where there are many. The promise is that none takes twice as long with
// 1,000,000 articles as with 1,000, which two runs tell:
//
//	go test ./internal/web/site -run xxx -bench Routes -benchtime 200x -timeout 9h -site.articles 1000000 -site.folder FOLDER
//
// The processor's time is of this process, and other work on the machine does not lengthen it.
func BenchmarkRoutes(b *testing.B) {
	src := editiontest.NewArchive(b, *siteArticles)
	dir := *siteFolder
	if dir == "" {
		dir = b.TempDir()
	}
	e, err := edition.Open(b.Context(), dir, edition.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close() })
	head, _ := src.Head(b.Context())
	if e.Applied() != head {
		if err := e.CatchUp(b.Context(), src); err != nil {
			b.Fatal(err)
		}
	}
	now := editiontest.Begin.Add(time.Duration(head+1) * 10 * time.Minute)
	h := site.New(e, site.Options{Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.Logf("%d entries; in use %.1f MB, from the system %.1f MB", head, float64(m.HeapInuse)/1e6, float64(m.Sys)/1e6)
	for _, r := range scaleRoutes(b, e, head) {
		b.Run(r.name, func(b *testing.B) {
			var took, used []int64
			size := 0
			for n := 0; b.Loop(); n++ {
				began, before := time.Now(), processor(b)
				size, err = site.Draw(b.Context(), h, r.path(n))
				took, used = append(took, time.Since(began).Nanoseconds()), append(used, processor(b)-before)
				if err != nil {
					b.Fatal(r.path(n), err)
				}
			}
			slices.Sort(took)
			slices.Sort(used)
			for _, p := range []int{50, 99} {
				b.ReportMetric(float64(took[len(took)*p/100])/1e6, fmt.Sprintf("p%d-ms", p))
				b.ReportMetric(float64(used[len(used)*p/100])/1e6, fmt.Sprintf("p%d-cpu-ms", p))
			}
			b.ReportMetric(float64(size)/1024, "KB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type scaleRoute struct {
	name string
	path func(n int) string
}

func scaleRoutes(b *testing.B, e *edition.Edition, head int64) (all []scaleRoute) {
	fixed := func(name, path string) { all = append(all, scaleRoute{name, func(int) string { return path }}) }
	addresses := scaleAddresses(b, e, head)
	article := func(name, more string) {
		all = append(all, scaleRoute{name, func(n int) string { return addresses[n%len(addresses)] + more }})
	}
	fixed("front", "/")
	fixed("front in Hebrew", "/he")
	fixed("section", "/s/city")
	fixed("desk", "/desk/london")
	fixed("corrections", "/corrections")
	fixed("coverage", "/coverage")
	fixed("calendar", "/coverage/all.ics")
	fixed("running stories", "/running")
	fixed("index of the map", "/sitemap.xml")
	fixed("part of the map", "/sitemap-0.xml")
	fixed("map of news", "/sitemap-news-1.xml")
	fixed("robots", "/robots.txt")
	for _, ending := range []string{".atom", ".rss", ".json"} {
		fixed("feed"+ending, "/feed"+ending)
	}
	fixed("feed of a section", "/s/city.atom")
	fixed("feed of a desk", "/desk/london.atom")
	article("article", "")
	article("history", "/history")
	article("version", "/history/1")
	all = append(all, scaleRoute{"person", func(n int) string { return personAt(n) }},
		scaleRoute{"feed of a person", func(n int) string { return personAt(n) + ".atom" }},
		scaleRoute{"deep section", func(n int) string { return fmt.Sprint("/s/city?before=", 1000+int64(n)*7919%(head-1000)) }},
		scaleRoute{"deep corrections", func(n int) string { return fmt.Sprint("/corrections?before=", 1000+int64(n)*7919%(head-1000)) }})
	return all
}

func personAt(n int) string {
	name := editiontest.InventedWord(uint64(n%editiontest.ArchiveAuthors), editiontest.Latin) + " Writer"
	return fmt.Sprintf("/person/%s-p%09d", story.Slug(name), n%editiontest.ArchiveAuthors)
}

// scaleAddresses are those of articles from all over the archive.
func scaleAddresses(b *testing.B, e *edition.Edition, head int64) (all []string) {
	err := e.View(b.Context(), func(v *edition.View) error {
		for i := range int64(500) {
			a, ok, err := v.Article(story.ArticleID(editiontest.ArchivedID(1 + (i*7919+13)%head)))
			if err != nil {
				return err
			}
			if ok && a.Standing == story.Public && a.Lang == "en" && a.Corrected.IsZero() {
				all = append(all, "/"+strings.Join([]string{a.Slug, string(a.ID)}, "-"))
			}
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		b.Fatal("no articles", err)
	}
	return all
}
