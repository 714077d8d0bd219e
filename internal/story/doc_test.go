package story_test

import (
	"testing"

	"dateline/internal/story"
)

func span(text string) []story.Span { return []story.Span{{Text: text}} }

func TestDoc(t *testing.T) {
	d := story.Doc{
		{ID: "aaaaaaaa", Kind: story.Paragraph, Spans: []story.Span{{Text: "The bridge ", Strong: true}, {Text: "is open."}}},
		{ID: "bbbbbbbb", Kind: story.List, Items: [][]story.Span{span("one two"), span("three")}, Spans: span("not shown")},
		{ID: "cccccccc", Kind: story.PictureBlock, Picture: "pic0000001"},
		{ID: "dddddddd", Kind: story.Heading, Level: 2, Spans: span(" \u00a0\t")},
	}
	for i, want := range []string{"The bridge is open.", "one two\nthree", "", " \u00a0\t"} {
		if got := d[i].Plain(); got != want {
			t.Errorf("block %d says %q, want %q", i, got, want)
		}
	}
	if got := d.Words(); got != 7 {
		t.Errorf("%d words, want 7", got)
	}
	for id, want := range map[string]int{"aaaaaaaa": 0, "dddddddd": 3, "eeeeeeee": -1, "": -1} {
		if got := d.Find(id); got != want {
			t.Errorf("%q is at %d, want %d", id, got, want)
		}
	}
	if story.Doc(nil).Words() != 0 || story.Doc(nil).Find("aaaaaaaa") != -1 {
		t.Error("of nothing")
	}
}

func TestEmptyBlocks(t *testing.T) {
	for _, c := range []struct {
		name string
		b    story.Block
		want bool
	}{
		{"nothing", story.Block{Kind: story.Paragraph}, true},
		{"spaces", story.Block{Kind: story.Paragraph, Spans: span(" \u00a0\n")}, true},
		{"marks that nobody sees", story.Block{Kind: story.Paragraph, Spans: span("\u200f\u200b\u2060")}, true},
		{"a letter", story.Block{Kind: story.Paragraph, Spans: span("\u200fא")}, false},
		{"a list of nothing", story.Block{Kind: story.List, Items: [][]story.Span{nil, span(" ")}}, true},
		{"a list of something", story.Block{Kind: story.List, Items: [][]story.Span{nil, span("x")}}, false},
		{"a picture", story.Block{Kind: story.PictureBlock, Picture: "pic0000001"}, false},
	} {
		if got := c.b.Empty(); got != c.want {
			t.Errorf("%s: empty %t", c.name, got)
		}
	}
}

func TestSafeLink(t *testing.T) {
	for _, good := range []string{
		"https://example.org", "http://example.org/a?b=c&d=%20#e", "HTTPS://EXAMPLE.ORG", "mailto:desk@example.org",
		"https://example.org/שלום", "https://[::1]:8080/", "https://user@example.org/'", "https://example.org/(a)",
	} {
		if got := story.SafeLink("  " + good + "\n"); got != good {
			t.Errorf("%q became %q", good, got)
		}
	}
	for _, bad := range hostileLinks {
		if got := story.SafeLink(bad); got != "" {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

var hostileLinks = []string{
	"", " ", "https://", "http://", "mailto:", "https:", "https:/x", "https:x", "//example.org", "/a", "a", "#a", "?a",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
	"javascript://https://x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x", "blob:https://x", "view-source:https://x",
	"https\t://x", "ht\ntps://x", "https://x\x00", "https://x\ty", "https://x y", "https://x\"onclick=", "https://x<b>", "https:\\\\x", "https://x\\y",
	"&#106;avascript:alert(1)", "%6aavascript:alert(1)", "\ufeffhttps://x", "https://x\xff", "https://\x7f",
	"https://x\u202egpj", "https://x\u2066y", "https://x\u0085y", "https://x\u2028y", "https://x\u00a0y", "https://x\u200by",
}
