package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
	"dateline/internal/wire"
)

// wantClean fails t unless every word of an item is text that may go anywhere: valid
// UTF-8 in NFC, nothing that controls or turns, links that are plainly links, bounded.
func wantClean(t testing.TB, it wire.Item) {
	t.Helper()
	check := func(field, s string, most int) {
		t.Helper()
		bad := func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) && r != 0x200e && r != 0x200f && r != 0x61c
		}
		switch {
		case !utf8.ValidString(s), strings.ContainsFunc(s, bad):
			t.Errorf("%s of %q is not clean: %q", field, it.GUID, s)
		case !norm.NFC.IsNormalString(s):
			t.Errorf("%s of %q is not NFC: %q", field, it.GUID, s)
		case len(s) > most:
			t.Errorf("%s of %q has %d bytes", field, it.GUID, len(s))
		}
	}
	check("guid", it.GUID, 2<<10)
	for field, s := range map[string]string{"version": it.Version, "headline": it.Headline, "slugline": it.Slugline, "byline": it.Byline,
		"dateline": it.Dateline, "located": it.Located, "provider": it.Provider, "lang": it.Lang} {
		check(field, s, 1<<10)
	}
	for field, s := range map[string]string{"standfirst": it.Standfirst, "copyright": it.Copyright, "usage": it.Usage, "note": it.EdNote, "embargo": it.Embargo.Raw} {
		check(field, s, 8<<10)
	}
	for _, s := range slices.Concat(it.InfoSources, it.Places, it.People) {
		check("name", s, 1<<10)
	}
	for _, topic := range it.Topics {
		check("topic", topic.Code, 1<<10)
		for _, label := range topic.Labels {
			check("label", label, 1<<10)
		}
	}
	pictures := it.Pictures
	if it.Picture != nil {
		pictures = append(slices.Clone(pictures), *it.Picture)
	}
	for _, p := range pictures {
		wantCleanPicture(t, p, check)
	}
	wantCleanDoc(t, it.Doc, check)
	switch {
	case it.Status != wire.Usable && it.Status != wire.Canceled && it.Status != wire.Withheld:
		t.Errorf("status %q", it.Status)
	case it.Urgency < 0 || it.Urgency > 9:
		t.Errorf("urgency %d", it.Urgency)
	case !it.Embargo.Set && (!it.Embargo.Until.IsZero() || it.Embargo.Raw != ""):
		t.Errorf("an embargo that is not set: %+v", it.Embargo)
	case (it.Kind == wire.KindPicture) != (it.Picture != nil):
		t.Errorf("%s with picture %v", it.Kind, it.Picture)
	}
	if !wire.Same(it, it) && it.Words != [32]byte{} {
		t.Errorf("%q is not the same as itself", it.GUID)
	}
}

func wantCleanPicture(t testing.TB, p wire.PictureRef, check func(field, s string, most int)) {
	t.Helper()
	check("file", p.File, 200)
	check("caption", p.Caption, 8<<10)
	check("alt", p.Alt, 8<<10)
	check("credit", p.Credit.String(), 1<<10)
	if strings.ContainsAny(p.File, `/\:`) || strings.HasPrefix(p.File, ".") {
		t.Errorf("file name %q", p.File)
	}
	if p.Address != story.SafeLink(p.Address) {
		t.Errorf("address %q", p.Address)
	}
}

func wantCleanDoc(t testing.TB, doc story.Doc, check func(field, s string, most int)) {
	t.Helper()
	for _, b := range doc {
		kinds := []story.BlockKind{story.Paragraph, story.Heading, story.List, story.TableBlock, story.GalleryBlock}
		if b.ID != "" || b.Empty() || !slices.Contains(kinds, b.Kind) || (b.Kind == story.Heading) != (b.Level > 0) {
			t.Errorf("block %+v", b)
		}
		if b.Table != nil {
			wantCleanTable(t, *b.Table, check)
		}
		for _, file := range b.Pictures {
			check("file", file, 200)
		}
		for _, s := range slices.Concat(append(b.Items, b.Spans)...) {
			check("text", s.Text, wire.MaxBytes)
			if s.Text == "" || s.Link != story.SafeLink(s.Link) {
				t.Errorf("span %+v", s)
			}
		}
	}
}

func wantCleanTable(t testing.TB, x story.Table, check func(field, s string, most int)) {
	t.Helper()
	check("caption", x.Caption, 8<<10)
	if len(x.Rows) < 2 || len(x.Rows) > story.MaxRows || len(x.Rows[0]) > story.MaxColumns {
		t.Errorf("a table of %d rows", len(x.Rows))
	}
	for _, row := range x.Rows {
		if len(row) != len(x.Rows[0]) {
			t.Errorf("a ragged table: %q", x.Rows)
		}
		for _, cell := range row {
			check("cell", cell, 4*story.MaxCell)
		}
	}
}

// seeds are the fixtures and what else has been met.
func seeds(f *testing.F, more ...string) {
	for _, file := range fixtures(f) {
		f.Add(read(f, file))
	}
	for _, s := range more {
		f.Add([]byte(s))
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, "", "{", "[]", "<", "\xff\xfe<\x00", `{"uri":"a","headline":"\ud800\u202e\u0000","body_text":"a\u0301"}`,
		`<!DOCTYPE rss [<!ENTITY a "b">]><rss/>`, `<feed><entry><id>a</id><title>b`)
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := wire.Parse("fuzz", b)
		if err != nil {
			wantRefusal(t, err)
			return
		}
		for _, it := range items {
			wantClean(t, it)
		}
	})
}

// The three parsers below are reached whatever the bytes are.
func FuzzFeedBody(f *testing.F) {
	for _, s := range hostileHTML {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		body = strings.ToValidUTF8(strings.ReplaceAll(body, "]]>", ""), "")
		feed := `<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><item><guid>1</guid><c:encoded><![CDATA[` + body + `]]></c:encoded></item></channel></rss>`
		items, err := wire.Parse("fuzz", []byte(feed))
		if err != nil {
			wantRefusal(t, err)
		}
		for _, it := range items {
			wantClean(t, it)
		}
	})
}

func FuzzNewsML(f *testing.F) {
	f.Add("2024-03-22T10:00:00Z", "stat:usable", "<html><body><p>a</p></body></html>")
	f.Add("", "stat:", `<nitf><body><body.head><hedline><hl1>a</hl1></hedline></body.head><body.content><media><media-caption>b</media-caption></media></body.content></body></nitf>`)
	f.Fuzz(func(t *testing.T, embargoed, status, body string) {
		item := fmt.Sprintf(`<newsItem guid="g"><itemMeta><embargoed>%s</embargoed><pubStatus qcode="%s"/></itemMeta><contentMeta><headline>h</headline></contentMeta><contentSet><inlineXML>%s</inlineXML></contentSet></newsItem>`, embargoed, status, body)
		items, err := wire.Parse("fuzz", []byte(item))
		if err != nil {
			wantRefusal(t, err)
		}
		for _, it := range items {
			wantClean(t, it)
		}
	})
}

func FuzzNinjs(f *testing.F) {
	f.Add("embargoed", `"2024-03-22T10:00:00Z"`)
	f.Add("associations", `[{"type":"picture","uri":"a","renditions":{"b":{"href":"../../c.jpg"}}}]`)
	f.Add("bodies", `[{"contentType":"text/html","value":"<svg><p>a"}]`)
	f.Fuzz(func(t *testing.T, field, value string) {
		items, err := wire.Parse("fuzz", fmt.Appendf(nil, `{"uri":"u","type":"text","headline":"h",%q:%s}`, field, value))
		if err != nil {
			wantRefusal(t, err)
		}
		for _, it := range items {
			wantClean(t, it)
			if strings.EqualFold(field, "embargoed") && strings.TrimSpace(value) != "null" && !it.Embargo.Set {
				t.Errorf("embargo %s was taken for none", value)
			}
		}
	})
}

// hostileHTML tries to get something past the allow-list.
var hostileHTML = []string{
	`<script>alert(1)</script>`, `<p>a<script/>b</p>`, `<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">a</a>`, `<a href="java&#10;script:alert(1)">a</a>`,
	`<a href=" &#1; javascript:alert(1)">a</a>`, `<a href='data:text/html,<script>alert(1)</script>'>a</a>`, `<a href="vbscript:a">a</a>`, `<a href="//evil.example">a</a>`,
	`<svg><style><img src=x onerror=alert(1)></style></svg>a`, `<math><mtext><table><mglyph><style><img src=x></style></mglyph></table></mtext></math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<template><script>1</script></template>a`, `<iframe srcdoc="<p>a">b</iframe>c`, `<plaintext>a`,
	`<textarea><p>a</textarea>b`, `<title><p>a</title>b`, `<xmp><p>a</xmp>b`, `<!--><p>a`, `<![CDATA[a]]`, `<p/><br/><b/>a`, `</p></b></a></ul></li></figure>a`, `<ul><li>a<ul><li>b<h2>c</h2></ul></ul>d`,
	`<b><i><a href="https://a.example">a</b>b</i>c`, `<h2><p>a</p></h2>b`, `<h2></h2>a`, `<figure><figcaption>a`, `<figure><figure><img src=a.jpg></figure>b<figcaption>c</figcaption></figure>d`,
	"a\u202eb\u2066c\u0000d\u200be\ufefff", "e\u0301", "<p>e</p>\u0301", "&#x202e;&#0;&zwj;&shy;", `<table><tr><td>a<table><tr><td>b</table><td>c</table>`, `<pre>a` + "\n\n" + `b</pre>`, strings.Repeat("<div>", 2000) + "a", strings.Repeat("<b>a", 300),
}

func TestHostileHTML(t *testing.T) {
	for _, s := range hostileHTML {
		raw, err := jsonString(s)
		if err != nil {
			t.Fatal(err)
		}
		items, err := wire.Parse("t", []byte(`{"uri":"u","type":"text","headline":"h","body_html":`+raw+`}`))
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			wantClean(t, it)
			for _, b := range it.Doc {
				if words := b.Plain(); strings.Contains(words, "<") || strings.Contains(words, "alert") || strings.Contains(words, "onerror") {
					t.Errorf("%q left %q", s, words)
				}
			}
		}
	}
}
