package story_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"dateline/internal/story"
)

func TestParseSpans(t *testing.T) {
	type s = story.Span
	const x = "https://x.example"
	for _, c := range []struct {
		markup string
		want   []s
	}{
		{"", nil},
		{"plain", []s{{Text: "plain"}}},
		{"a **b** c", []s{{Text: "a "}, {Text: "b", Strong: true}, {Text: " c"}}},
		{"_a_ b", []s{{Text: "a", Em: true}, {Text: " b"}}},
		{"**a _b_ c**", []s{{Text: "a ", Strong: true}, {Text: "b", Strong: true, Em: true}, {Text: " c", Strong: true}}},
		{"_a **b**_", []s{{Text: "a ", Em: true}, {Text: "b", Strong: true, Em: true}}},
		{"[a](https://x.example)", []s{{Text: "a", Link: x}}},
		{"**[_a_ b](https://x.example)**", []s{{Text: "a", Strong: true, Em: true, Link: x}, {Text: " b", Strong: true, Link: x}}},
		{"_[a](https://x.example)b_", []s{{Text: "a", Em: true, Link: x}, {Text: "b", Em: true}}},
		{"[a](https://x.example)_b_", []s{{Text: "a", Link: x}, {Text: "b", Em: true}}},
		{"[a\\]b](https://x.example)", []s{{Text: "a]b", Link: x}}},
		{"snake_case_name", []s{{Text: "snake_case_name"}}},
		{"(_a_)", []s{{Text: "("}, {Text: "a", Em: true}, {Text: ")"}}},
		{"f(x)_y_", []s{{Text: "f(x)_y_"}}},
		{"2 * 3 ** 4", []s{{Text: "2 * 3 ** 4"}}},
		{"**", []s{{Text: "**"}}}, {"****", []s{{Text: "****"}}}, {"__", []s{{Text: "__"}}}, {"_", []s{{Text: "_"}}},
		{"**a", []s{{Text: "**a"}}}, {"_a", []s{{Text: "_a"}}}, {"[a", []s{{Text: "[a"}}}, {"[a](", []s{{Text: "[a]("}}},
		{"[](https://x.example)", []s{{Text: "[](https://x.example)"}}},
		{"[a] (https://x.example)", []s{{Text: "[a] (https://x.example)"}}},
		{"\\**a\\**", []s{{Text: "**a**"}}}, {"\\_a\\_", []s{{Text: "_a_"}}}, {"\\\\", []s{{Text: "\\"}}}, {"\\a", []s{{Text: "\\a"}}}, {"\\", []s{{Text: "\\"}}},
		{"**a\\****", []s{{Text: "a*", Strong: true}, {Text: "*"}}},
		{"<b>&amp;", []s{{Text: "<b>&amp;"}}},
		{"א _ב_ **ג**", []s{{Text: "א "}, {Text: "ב", Em: true}, {Text: " "}, {Text: "ג", Strong: true}}},
	} {
		if got := story.ParseSpans(c.markup); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %+v, want %+v", c.markup, got, c.want)
		}
		inverse(t, c.markup)
	}
}

// inverse holds that what ParseSpans returns is written and read again as itself, and
// that no link of it is unsafe.
func inverse(t *testing.T, markup string) {
	t.Helper()
	spans := story.ParseSpans(markup)
	again := story.FormatSpans(spans)
	if got := story.ParseSpans(again); !reflect.DeepEqual(got, spans) {
		t.Errorf("%q:\nread as %+v\nwritten %q\nread as %+v", markup, spans, again, got)
	}
	for i, s := range spans {
		if s.Text == "" || (s.Link != "" && story.SafeLink(s.Link) != s.Link) {
			t.Errorf("%q has the span %+v", markup, s)
		}
		if i > 0 && s.Strong == spans[i-1].Strong && s.Em == spans[i-1].Em && s.Link == spans[i-1].Link {
			t.Errorf("%q has two spans of one style: %+v", markup, spans)
		}
	}
}

// Every sequence of a few pieces is read and written as itself.
func TestMarkupIsItsOwnInverse(t *testing.T) {
	pieces := []string{"a", "_", "**", "[", "](https://x.example)", "\\", " ", "(", "é", "*"}
	var walk func(s string, n int)
	walk = func(s string, n int) {
		if !t.Failed() {
			inverse(t, s)
		}
		if n > 0 {
			for _, p := range pieces {
				walk(s+p, n-1)
			}
		}
	}
	walk("", 5)
	for _, s := range []string{"_[a](https://x.example)b_", "**[a](https://x.example)_b_**", "_a [b](https://x.example/a_b)_ c"} {
		inverse(t, s)
	}
}

// An address from elsewhere may hold what ends a link in markup.
func TestFormatSpansOfAnyLink(t *testing.T) {
	got := story.FormatSpans([]story.Span{{Text: "a"}, {Text: "b]", Link: "https://x.example/(c)_d"}, {Text: "_", Strong: true}})
	if want := "a[b\\]](https://x.example/(c%29_d)**\\_**"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	inverse(t, got)
}

func TestMarkupRefusesHostileLinks(t *testing.T) {
	for _, link := range hostileLinks {
		markup := fmt.Sprintf("[press here](%s)", link)
		for _, s := range story.ParseSpans(markup) {
			if s.Link != "" {
				t.Errorf("%q links to %q", markup, s.Link)
			}
		}
	}
}

// Whoever types a great deal of nonsense does not stop the newsroom.
func TestMarkupTakesItsTimeInLine(t *testing.T) {
	const n = 200_000
	start := time.Now()
	for _, s := range []string{"[", "**", " _", "_ ", "[a](", "[a]", "\\", "**a", "[**_"} {
		story.ParseSpans(strings.Repeat(s, n))
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %s", d)
	}
}

func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"**a _b_ [c](https://x.example)**", "_[a](https://x.example)b_", "\\", "[a](javascript:x)", "\xff_\xff_"} {
		f.Add(s)
	}
	f.Fuzz(inverse)
}
