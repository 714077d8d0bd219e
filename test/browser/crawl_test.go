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

// walks follows every link of the readers' pages as far as it takes to have come upon
// enough of each line of the site map, and returns one page of each sort, in both languages.
func (h *house) walks() (all []found) {
	h.t.Helper()
	const enough = 12
	seen, sorts, many := map[string]bool{}, map[sort]bool{}, map[sort]int{}
	for queue := []string{"/", "/he"}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		line := sort{lang: langOf(path), pattern: patternOf(path)}
		if seen[path] || line.pattern == "" || many[line] >= enough {
			continue
		}
		seen[path] = true
		many[line]++
		body, html := h.fetches(path)
		if !html {
			continue
		}
		for _, m := range aLink.FindAllSubmatch(body, -1) {
			queue = append(queue, strings.ReplaceAll(string(m[1]), "&amp;", "&"))
		}
		if m := inner.FindSubmatch(body); m != nil {
			line.layout = string(m[1])
		}
		if !sorts[line] {
			sorts[line] = true
			all = append(all, found{line, path, body})
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
