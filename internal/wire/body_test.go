package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dateline/internal/story"
	"dateline/internal/wire"
)

func jsonString(s string) (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// sketch writes a body on one line: ¶ paragraph, #2 heading, • list item, *strong*,
// _em_, [text](link), {caption: a, b; 1, 2} table with ! before a head, <a.jpg> gallery.
func sketch(doc story.Doc) string {
	var b strings.Builder
	spans := func(all []story.Span) {
		for _, s := range all {
			text := s.Text
			if s.Em {
				text = "_" + text + "_"
			}
			if s.Strong {
				text = "*" + text + "*"
			}
			if s.Link != "" {
				text = "[" + text + "](" + s.Link + ")"
			}
			b.WriteString(text)
		}
	}
	for _, block := range doc {
		switch block.Kind {
		case story.Paragraph:
			b.WriteString("¶")
		case story.Heading:
			b.WriteString("#" + string(rune('0'+block.Level)) + " ")
		case story.TableBlock:
			rows := make([]string, len(block.Table.Rows))
			for i, row := range block.Table.Rows {
				rows[i] = strings.Join(row, ", ")
			}
			head := map[bool]string{true: "!"}[block.Table.Head]
			b.WriteString("{" + block.Table.Caption + ":" + head + strings.Join(rows, "; ") + "}")
		case story.GalleryBlock:
			b.WriteString("<" + strings.Join(block.Pictures, " ") + ">")
		case story.List:
			for _, it := range block.Items {
				b.WriteString("•")
				spans(it)
			}
		}
		spans(block.Spans)
	}
	return b.String()
}

func TestBody(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{"<p>one</p><p>two</p>", "¶one¶two"},
		{"one\ntwo\n\nthree &amp; four", "¶one two¶three & four"},
		{"<p>a <b>b</b> <i>c</i> <strong><em>d</em></strong>.</p>", "¶a *b* _c_ *_d_*."},
		{`<p>see <a href="https://a.example/?x=1&amp;y=2">this</a>, <a href="javascript:a">not this</a></p>`, "¶see [this](https://a.example/?x=1&y=2), not this"},
		{"<h1>a</h1><h2>b</h2><h3>c</h3><h4><b>d</b></h4><p>e</p>", "#2 a#2 b#3 c#3 d¶e"},
		{"<h2><p>a</p></h2><p>b</p>", "#2 a¶b"},
		{"<h2></h2><p>b</p>", "¶b"},
		{"<h2>a<p>b", "#2 a¶b"},
		{"<ul><li>a</li><li><p>b</p><p>c</p></li><li></li></ul><ol><li>d</ol>e", "•a•b c•d¶e"},
		{"<ul><li>a<ul><li>b</li></ul>c</li></ul>", "•a•b•c"},
		{"<blockquote><p>a</p><p>b</p></blockquote>c", "¶a¶b¶c"},
		{"a<br>b<br><br>c<br/> <br/>d", "¶a b¶c¶d"},
		{"<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td></td></tr><tr><td></td></tr></table>", "{:!A, B; 1, }"},
		{"a<table><caption>C <b>d</b></caption><tbody><tr><td>1<td>2<tr><td><p>3</p><td><a href=https://x.example>4</a> | 5</table>b", "¶a{C d:1, 2; 3, 4 | 5}¶b"},
		{"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr><tr><th>x</th><th>y</th></tr></table>", "{:1, 2; 3, ; x, y}"},
		{"<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "¶a¶b"},
		{"<table><tr><td>a</td><td>b</td></tr></table>", "¶a | b"},
		{"<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>", "¶a¶b¶c¶d | e"},
		{"<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>", "¶a¶b | c"},
		{"<table><tr><td rowspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "¶a | b¶c"},
		{"<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td><td>e</td></tr><tr><td>f</td><td>g</td></tr></table>h", "¶a | b¶c | d¶e¶f | g¶h"},
		{"<table><tr><td><ul><li>a</ul></td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "•a¶b¶c | d"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d", "{:a, b; c, d}"},
		{"<table><tr><td>" + strings.Repeat("x", 1001) + "</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "¶" + strings.Repeat("x", 1001) + " | b¶c | d"},
		{"a<figure><figure><img src=x/1.jpg><figcaption>one</figcaption></figure><figure><img src=2.jpg></figure><figcaption>Both</figcaption></figure>b", "¶a<1.jpg 2.jpg>Both¶b"},
		{"a<figure><img src=1.jpg><img src=2.jpg><figcaption>Both</figcaption></figure>b", "¶a<1.jpg 2.jpg>¶b"},
		{"a<figure><figure><img src=1.jpg></figure><figcaption>One</figcaption></figure>b", "¶a¶b"},
		{"<pre>a\nb</pre>c", "¶a¶b¶c"},
		{"<div>a<div>b</div>c</div>", "¶a¶b¶c"},
		{"a<style>p{}</style>b<script>c</script>d<iframe>e</iframe>f<svg><text>g</text></svg>h<object>i</object>j", "¶abdfhj"},
		{"<script/>a</script>b", "¶b"},
		{"a<figure><img src='x/p.jpg'><figcaption>b</figcaption></figure>c", "¶a¶c"},
		{"a<figure><table><tr><td>b</td><td>1</td></tr><tr><td>c</td><td>2</td></tr></table><figcaption>d</figcaption></figure>e", "¶a{:b, 1; c, 2}¶d¶e"},
		{"a<figure><table><tr><td>b</td></tr></table><figcaption>c</figcaption></figure>d", "¶a¶b¶c¶d"},
		{"a \u00a0 b\u00adc\u200bd", "¶a bcd"},
		{"e\u0301", "¶é"},
		{"<p>\u180e</p><p>\u200e</p><ul><li>\u200f</ul><p>a", "¶a"},
		{"e<b>\u00ad</b>\u0301<i> </i>a", "¶é_ _a"},
		{"1 < 2 & 3 > 2", "¶1 < 2 & 3 > 2"},
		{"<unknown>a</unknown><P CLASS=x>b", "¶a¶b"},
	} {
		raw, err := jsonString(c.html)
		if err != nil {
			t.Fatal(err)
		}
		items, err := wire.Parse("t", []byte(`{"uri":"u","type":"text","headline":"h","body_html":`+raw+`}`))
		if err != nil || len(items) != 1 {
			t.Fatal(c.html, err)
		}
		if got := sketch(items[0].Doc); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.html, got, c.want)
		}
	}
}

func TestPlainTextBody(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`a\nb\nc`, "¶a¶b¶c"},
		{`a\nb\n\nc`, "¶a b¶c"},
		{`a\r\n\r\nb <c> & d`, "¶a¶b <c> & d"},
	} {
		items, err := wire.Parse("t", []byte(`{"uri":"u","type":"text","headline":"h","body_text":"`+c.text+`"}`))
		if err != nil || len(items) != 1 {
			t.Fatal(c.text, err)
		}
		if got := sketch(items[0].Doc); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// What stands in an item for programs (results, figures, events) is no text of a report.
func TestDataIsNoBody(t *testing.T) {
	const data = `<sports-content><sports-event><team>Gannets<score>3</score></team></sports-event></sports-content>`
	items, err := wire.Parse("t", []byte(`<newsItem guid="g"><contentMeta><headline>h</headline></contentMeta><contentSet><inlineXML>`+data+`</inlineXML><inlineXML><html><body><p>a</p></body></html></inlineXML></contentSet></newsItem>`))
	if err != nil || len(items) != 1 || sketch(items[0].Doc) != "¶a" {
		t.Errorf("%+v %v", items, err)
	}
}

// Credits of Media RSS by their roles: one that names two at once is the line.
func TestMediaCredits(t *testing.T) {
	for credits, want := range map[string]story.Credit{
		`<m:credit role="photographer">Ilo Marsh</m:credit><m:credit role="copyright holder">Tern</m:credit>`: {Photographer: "Ilo Marsh", Agency: "Tern"},
		`<m:credit role="photographer">Tern/Ilo Marsh</m:credit>`:                                             {Line: "Tern/Ilo Marsh"},
		`<m:credit role="photographer">Ilo Marsh via Tern</m:credit>`:                                         {Line: "Ilo Marsh via Tern"},
		`<m:credit>Tern</m:credit>`:         {Line: "Tern"},
		`<m:copyright>© Tern</m:copyright>`: {Line: "© Tern"},
	} {
		items, err := wire.Parse("t", []byte(`<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"><channel><item><guid>g</guid><title>h</title><m:content url="https://x.example/a.jpg">`+credits+`</m:content></item></channel></rss>`))
		if err != nil || len(items) != 1 || len(items[0].Pictures) != 1 || items[0].Pictures[0].Credit != want {
			t.Errorf("%s: %+v %v", credits, items, err)
		}
	}
}

// The pictures of a figure of figures keep their own captions; the words around are the gallery's.
func TestCaptionsInAGallery(t *testing.T) {
	const page = `<figure><figure><img src="1.jpg"><figcaption>one</figcaption></figure><figure><img src="2.jpg"><div>Ilo Marsh</div></figure><figcaption>Both</figcaption></figure>`
	items, err := wire.Parse("t", []byte(`<rss version="2.0"><channel><item><guid>1</guid><title>t</title><description><![CDATA[`+page+`]]></description></item></channel></rss>`))
	if err != nil {
		t.Fatal(err)
	}
	p := items[0].Pictures
	if len(p) != 2 || p[0].Caption != "one" || p[0].Credit.Line != "" || p[1].Caption != "" || p[1].Credit.Line != "Ilo Marsh" {
		t.Errorf("%+v", p)
	}
}

// Pictures in the text of a feed are the item's, with caption and credit; counters are not.
func TestPicturesInBody(t *testing.T) {
	const page = `<p>a</p><figure><img src="https://x.example/p/lamp.jpg?w=9" alt="Lamp" width="640"><div>Ilo Marsh</div><figcaption>The lamp</figcaption></figure><img src="https://x.example/dot.gif" width="1" height="1"><img src="https://x.example/line.gif" width="0"><img src="x.svg">`
	items, err := wire.Parse("t", []byte(`<rss version="2.0"><channel><item><guid>1</guid><title>t</title><description><![CDATA[`+page+`]]></description></item></channel></rss>`))
	if err != nil {
		t.Fatal(err)
	}
	want := wire.PictureRef{File: "lamp.jpg", Address: "https://x.example/p/lamp.jpg?w=9", Caption: "The lamp", Alt: "Lamp", Credit: story.Credit{Line: "Ilo Marsh"}, Width: 640}
	if got := items[0].Pictures; len(got) != 1 || got[0] != want || sketch(items[0].Doc) != "¶a" {
		t.Errorf("%+v, %s", got, sketch(items[0].Doc))
	}
}
