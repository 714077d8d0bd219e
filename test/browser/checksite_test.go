package browser_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite"
)

// checkSite lets the checks run that need other people's programs: make check-site.
var checkSite = flag.Bool("checksite", false, "run the checkers of make check-site: Lighthouse, vnu, structured data, programs that read feeds")

// checked is a house to check; without the flag there is nothing to do.
func checked(t *testing.T) *house {
	t.Helper()
	if !*checkSite {
		t.Skip("make check-site runs it")
	}
	return friday(t)
}

// tool runs a program and returns what it printed, on both streams.
func tool(t *testing.T, name string, args ...string) (out string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "CHROME_PATH="+cmp.Or(os.Getenv("CHROMIUM"), "chromium"))
	raw, err := cmd.CombinedOutput()
	return string(raw), err
}

// TestCheckSiteMarkup has vnu, the checker of the Web's standards, read a page of every sort
// of readers', their errors, and every screen of the newsroom.
func TestCheckSiteMarkup(t *testing.T) {
	h := checked(t)
	dir := t.TempDir()
	keep := func(name string, body []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, strings.NewReplacer("/", "_", "?", "_").Replace(name)+".html"), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range h.sorts() {
		keep("readers"+p.path, p.body)
	}
	m := h.member()
	id := m.begins("A ferry", "It leaves.")
	m.posts()
	for _, path := range []string{"/search?q=harbour", "/he/search?q=zzzz", "/no-such-story-aaaaaaaaaa", "/" + id} {
		body, _ := h.fetches(path)
		keep("readers"+path, body)
	}
	m.opens(h.room("/stories/"+id), 200)
	m.unfold("#kill")
	m.types("#kill [name=confirm]", "KILL")
	m.submits("#kill button", 200)
	body, _ := h.fetches("/" + id)
	keep("readers-killed", body)
	for _, path := range []string{"/desk/new-york", "/stories/" + id, "/wires", "/coverage", "/posted", "/dry-run", "/paper", "/members", "/members/1", "/audit", "/who", "/me", "/prove", "/menus", "/packages/new", "/pages/new", "/people/new",
		"/relations/new?find=market", "/settings", "/desk/london/settings", "/desk/jerusalem/notice", "/desk/jerusalem/closing", "/desk/jerusalem/away"} {
		m.opens(h.room(path), 200)
		keep("newsroom"+path, []byte(run(m, chromedp.Evaluate[string](`fetch(location.href).then((a) => a.text())`, chromedp.EvalAwaitPromise))))
	}
	out, err := tool(t, "java", append([]string{"-jar", "node_modules/vnu-jar/build/dist/vnu.jar", "--errors-only", "--format", "gnu"}, files(t, dir, "*.html")...)...)
	t.Logf("%d pages: %d errors", len(files(t, dir, "*.html")), strings.Count(out, ": error:"))
	if err != nil || out != "" {
		t.Errorf("%v\n%s", err, strings.ReplaceAll(out, dir, ""))
	}
}

func files(t *testing.T, dir, pattern string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files: %v", len(all), err)
	}
	return all
}

// TestCheckSiteLighthouse has Lighthouse read a front page, an article and a live page as on
// a telephone, and prints what it gives them: each the best of three, for the machine may be busy.
func TestCheckSiteLighthouse(t *testing.T) {
	h := checked(t)
	b := newTab(t, h)
	b.opens(h.readers("/"), 200)
	path := func(selector string) string { return eval[string](b, "document.querySelector(%s).pathname", selector) }
	for what, page := range map[string]string{"front": "/", "article": path(".story--lead .hed a"), "live": path("[data-story]:has(.kick--live) .hed a"), "front, Hebrew": "/he"} {
		best := map[string]int{}
		var lost []string
		for range 3 {
			scores, short := lighthouse(t, h.readers(page))
			for name, n := range scores {
				best[name] = max(best[name], n)
			}
			lost = short
			if best["performance"] == 100 {
				break
			}
		}
		t.Logf("%s: %v; short of all: %v", what, best, lost)
		for _, name := range []string{"accessibility", "best-practices", "seo", "performance"} {
			if least := map[bool]int{true: 90, false: 100}[name == "performance"]; best[name] < least {
				t.Errorf("%s: %s is %d\n%s", what, name, best[name], strings.Join(lost, "\n"))
			}
		}
	}
}

// lighthouse is what Lighthouse gives a page, and which of its audits took something away.
func lighthouse(t *testing.T, address string) (scores map[string]int, lost []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	out, err := tool(t, "node_modules/.bin/lighthouse", address, "--quiet", "--output=json", "--output-path="+file,
		"--chrome-flags=--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(file)
	var report struct {
		Categories map[string]struct {
			Score     float64
			AuditRefs []struct {
				ID     string
				Weight float64
			}
		}
		Audits map[string]struct {
			Title, DisplayValue string
			Score               *float64
		}
	}
	if err == nil {
		err = json.Unmarshal(raw, &report)
	}
	if err != nil || len(report.Categories) != 4 {
		t.Fatalf("%d categories: %v", len(report.Categories), err)
	}
	scores = map[string]int{}
	for name, c := range report.Categories {
		scores[name] = int(c.Score*100 + .5)
		for _, ref := range c.AuditRefs {
			if a := report.Audits[ref.ID]; ref.Weight > 0 && a.Score != nil && *a.Score < 1 {
				lost = append(lost, fmt.Sprintf("%s, %.2f: %s %s", name, *a.Score, a.Title, a.DisplayValue))
			}
		}
	}
	return scores, lost
}

// TestCheckSiteStructuredData has a checker of structured data read pages as a search engine
// and a social network would.
func TestCheckSiteStructuredData(t *testing.T) {
	h := checked(t)
	for _, p := range h.sorts() {
		if !slices.Contains([]string{"/", "/{article}", "/person/{person}", "/running/{package}"}, p.pattern) || p.layout == "own" {
			continue
		}
		file := filepath.Join(t.TempDir(), "page.html")
		if err := os.WriteFile(file, p.body, 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"--file", file, "--presets", "Google,Facebook"}
		if strings.Contains(p.layout, "bare") {
			args[3] = "Facebook" // the other wants a picture of every article, and this one has none
		}
		switch {
		case p.layout == "live":
			args = append(args, "--schemas", "jsonld:LiveBlogPosting")
		case p.pattern == "/{article}":
			args = append(args, "--schemas", "jsonld:NewsArticle")
		case p.pattern == "/person/{person}":
			args = append(args, "--schemas", "jsonld:Person")
		}
		out, err := tool(t, "node_modules/.bin/sdtt", args...)
		_, sums, _ := strings.Cut(out, "Results\n")
		t.Logf("%s %s (%s): %.120s", p.lang, p.pattern, p.layout, strings.Join(strings.Fields(sums), " "))
		if err == nil && !strings.Contains(sums, "Warnings: 0") {
			err = errors.New("it warns")
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", p.path, err, out)
		}
	}
}

// parsed is what Debian's feedparser makes of a feed: whether it is well formed, and its items.
const parsed = `import feedparser, json, sys
f = feedparser.parse(sys.argv[1])
print(json.dumps({"bozo": str(f.get("bozo_exception", "")), "items": [{"id": e.id, "title": e.title, "text": " ".join(c.value for c in e.get("content", [])) + e.get("summary", "")} for e in f.entries]}))`

// An item is one item of a feed, as a reader's program has it.
type item struct{ ID, Title, Text string }

// feedparser reads a feed as it is now.
func (h *house) feedparser(path string) []item {
	h.t.Helper()
	out, err := tool(h.t, "/usr/bin/python3", "-c", parsed, h.readers(path))
	var feed struct {
		Bozo  string
		Items []item
	}
	if err == nil {
		err = json.Unmarshal([]byte(out), &feed)
	}
	if err != nil || feed.Bozo != "" || len(feed.Items) == 0 {
		h.t.Fatalf("%s: %v %s, %d items\n%.500s", path, err, feed.Bozo, len(feed.Items), out)
	}
	return feed.Items
}

// newsboat looks again at feeds that it follows in a folder of its own, and returns what it
// now keeps of one.
func (h *house) newsboat(dir, path string) (kept []item) {
	h.t.Helper()
	cache := filepath.Join(dir, "cache.db")
	err := os.WriteFile(filepath.Join(dir, "urls"), []byte(h.readers(path)+"\n"), 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "config"), nil, 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	if out, err := tool(h.t, "newsboat", "-u", filepath.Join(dir, "urls"), "-c", cache, "-C", filepath.Join(dir, "config"), "-x", "reload"); err != nil {
		h.t.Fatalf("%v\n%s", err, out)
	}
	db, err := sql.Open("sqlite", "file:"+cache+"?mode=ro")
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(h.t.Context(), `SELECT guid, title, content FROM rss_item`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var i item
		if err := rows.Scan(&i.ID, &i.Title, &i.Text); err != nil {
			h.t.Fatal(err)
		}
		kept = append(kept, i)
	}
	if err := rows.Err(); err != nil || len(kept) == 0 {
		h.t.Fatalf("newsboat keeps %d items of %s: %v", len(kept), path, err)
	}
	return kept
}

// TestCheckSiteFeeds has two programs follow feeds while a story is posted, corrected, and
// withdrawn: it stays one item under one id, says the correction, and in the end its note alone.
func TestCheckSiteFeeds(t *testing.T) {
	h := checked(t)
	m := h.member()
	id := m.begins("The ferry to the island", "The ferry leaves at nine.")
	m.posts()
	feeds := []string{"/feed.atom", "/feed.rss", "/s/city.rss", "/desk/new-york.atom"}
	boats, before := map[string]string{}, map[string]string{}
	look := func(what string, want []string, not ...string) {
		t.Helper()
		for _, path := range feeds {
			if boats[path] == "" {
				boats[path] = t.TempDir()
			}
			for program, items := range map[string][]item{"feedparser": h.feedparser(path), "newsboat": h.newsboat(boats[path], path)} {
				ours := slices.DeleteFunc(slices.Clone(items), func(i item) bool { return !strings.Contains(i.Title, "The ferry to the island") })
				if len(ours) != 1 {
					t.Fatalf("%s: %s has %d items of it in %s", what, program, len(ours), path)
				}
				text := ours[0].Title + " " + ours[0].Text
				for _, words := range want {
					if !strings.Contains(text, words) {
						t.Errorf("%s: %s does not read %q in %s: %.400s", what, program, words, path, text)
					}
				}
				for _, words := range not {
					if strings.Contains(text, words) {
						t.Errorf("%s: %s still has %q of %s: %.400s", what, program, words, path, text)
					}
				}
				if was := before[program+path]; was != "" && was != ours[0].ID {
					t.Errorf("%s: in %s its id was %s and is %s", what, path, was, ours[0].ID)
				}
				before[program+path] = ours[0].ID
				t.Logf("%s: %s has %d items of %s", what, program, len(items), path)
			}
		}
	}
	look("posted", []string{"leaves at nine"})
	h.clock("2024-03-22T15:20:00Z")
	m.opens(h.room("/stories/"+id), 200)
	m.types(".block textarea", "The ferry leaves at ten.")
	m.unfold("#correct")
	m.types("#correct [name=note]", "An earlier version had the wrong hour.")
	m.atOnce()
	m.submits("#correct button", 200)
	look("corrected", []string{"leaves at ten", "wrong hour"}, "leaves at nine")
	h.clock("2024-03-22T15:25:00Z")
	m.opens(h.room("/stories/"+id), 200)
	m.unfold("#withdraw")
	m.types("#withdraw [name=note]", "The ferry company asked for time.")
	m.submits("#withdraw button", 200)
	look("withdrawn", []string{"Withdrawn", "asked for time"}, "leaves at ten", "wrong hour")
}
