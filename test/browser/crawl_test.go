package browser_test

import (
	"cmp"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"dateline/internal/web/site"
)

var (
	aLink = regexp.MustCompile(`href="(/[^"#]*)"`)
	inner = regexp.MustCompile(`(?s)<main[^>]*>\s*<\w+[^>]*?class="([\w -]+)`)
	asked = http.Client{Timeout: patience}
)

// A sort is a kind of page that readers have: a line of the site map, and what its page is
// laid out as. An article and a live page are two.
type sort struct{ lang, pattern, layout string }

// A found page is the first of its sort that a reader comes upon.
type found struct {
	sort
	path string
	body []byte
}

// sorts is one page of each sort, in both languages.
func (h *house) sorts() []found {
	h.t.Helper()
	had := map[sort]bool{}
	return h.walks(func(p found) bool {
		again := had[p.sort]
		had[p.sort] = true
		return !again
	})
}

// walks follows the links of readers' pages, to some dozens of each line of the site map, and
// returns the pages that are wanted.
func (h *house) walks(wanted func(found) bool) (all []found) {
	h.t.Helper()
	const enough = 24
	seen, many := map[string]bool{}, map[sort]int{}
	for queue := []string{"/", "/he"}; len(queue) > 0; queue = queue[1:] {
		p := found{path: queue[0], sort: sort{lang: langOf(queue[0]), pattern: patternOf(queue[0])}}
		if seen[p.path] || p.pattern == "" || many[p.sort] >= enough {
			continue
		}
		seen[p.path] = true
		many[p.sort]++
		var html bool
		if p.body, html = h.fetches(p.path); !html {
			continue
		}
		for _, m := range aLink.FindAllSubmatch(p.body, -1) {
			queue = append(queue, strings.ReplaceAll(string(m[1]), "&amp;", "&"))
		}
		if m := inner.FindSubmatch(p.body); m != nil {
			p.layout = string(m[1])
		}
		if wanted(p) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.lang, b.lang) })
	return all
}

// fetches gets a page of the readers', and reports whether it is one for people.
func (h *house) fetches(path string) (body []byte, html bool) {
	h.t.Helper()
	res, err := asked.Get(h.readers(path))
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		h.t.Fatal(err)
	}
	return body, strings.HasPrefix(res.Header.Get("Content-Type"), "text/html")
}

func langOf(path string) string {
	if path == "/he" || strings.HasPrefix(path, "/he/") {
		return "he"
	}
	return "en"
}

// patternOf is the line of the site map that an address is of; "" for none.
func patternOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	if rest, ok := strings.CutPrefix(path, "/he"); ok && (rest == "" || rest[0] == '/') {
		path = cmp.Or(rest, "/")
	}
	for _, r := range site.Routes() {
		if of(path, r.Pattern) {
			return r.Pattern
		}
	}
	return ""
}

// of reports whether a path has the segments of a pattern.
func of(path, pattern string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if strings.HasSuffix(pattern, "...}") && len(have) > len(want) {
		have = have[:len(want)]
	}
	if len(want) != len(have) {
		return false
	}
	for i, w := range want {
		begins, _, name := strings.Cut(w, "{")
		if have[i] != w && (!name || have[i] == begins || !strings.HasPrefix(have[i], begins)) {
			return false
		}
	}
	return true
}
