package wire

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline/internal/story"
)

// bodyFromHTML reads the HTML of a report into blocks by an allow-list: paragraphs,
// headings, lists, bold, italics and safe links. Everything else gives its text or, where
// it never was text, nothing.
func bodyFromHTML(source string) story.Doc {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return bodyFromText(source)
	}
	var b bodyReader
	b.walk(root, story.Span{}, 0)
	b.flush()
	return b.doc
}

// bodyFromText reads plain text: a blank line, or else every line end, begins a paragraph.
func bodyFromText(source string) (doc story.Doc) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	by := "\n\n"
	if !strings.Contains(strings.TrimSpace(source), by) {
		by = "\n"
	}
	for _, p := range strings.Split(source, by) {
		if text := clean(p); text != "" {
			doc = append(doc, story.Block{Kind: story.Paragraph, Spans: []story.Span{{Text: text}}})
		}
	}
	return doc
}

type bodyReader struct {
	doc   story.Doc
	spans []story.Span // of the block that is being read
	kind  story.BlockKind
	level int
	items [][]story.Span // of the list that is being read
	lists int            // how deep in lists
}

// dropped elements are gone with all that is in them.
var dropped = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Noscript: true,
	atom.Template: true, atom.Svg: true, atom.Math: true, atom.Head: true, atom.Form: true, atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Audio: true, atom.Video: true}

// breaks end the block before and after them.
var breaks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Blockquote: true, atom.Section: true, atom.Article: true, atom.Tr: true, atom.Table: true,
	atom.Figure: true, atom.Figcaption: true, atom.Hr: true, atom.Pre: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Body: true, atom.Header: true, atom.Footer: true, atom.Aside: true}

var headings = map[atom.Atom]int{atom.H1: 2, atom.H2: 2, atom.H3: 3, atom.H4: 3, atom.H5: 3, atom.H6: 3}

func (b *bodyReader) walk(n *html.Node, style story.Span, depth int) {
	if depth > 2*maxDepth {
		return
	}
	if n.Type == html.TextNode {
		b.text(n.Data, style)
		return
	}
	if n.Type == html.ElementNode && dropped[n.DataAtom] {
		return
	}
	if n.Type == html.ElementNode {
		style = b.enter(n, style)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.walk(c, style, depth+1)
	}
	if n.Type == html.ElementNode {
		b.leave(n)
	}
}

func (b *bodyReader) enter(n *html.Node, style story.Span) story.Span {
	switch n.DataAtom {
	case atom.B, atom.Strong:
		style.Strong = true
	case atom.I, atom.Em, atom.Cite:
		style.Em = true
	case atom.A:
		for _, a := range n.Attr {
			if a.Key == "href" && a.Namespace == "" {
				style.Link = story.SafeLink(a.Val)
			}
		}
	case atom.Br:
		b.text(" ", style)
	case atom.Td, atom.Th:
		b.text(" ", style)
	case atom.Ul, atom.Ol:
		if b.lists == 0 {
			b.flush()
		}
		b.lists++
	case atom.Li:
		b.item()
	}
	if level := headings[n.DataAtom]; level > 0 && b.lists == 0 {
		b.flush()
		b.kind, b.level = story.Heading, level
	} else if breaks[n.DataAtom] && b.lists == 0 {
		b.flush()
	}
	return style
}

func (b *bodyReader) leave(n *html.Node) {
	switch n.DataAtom {
	case atom.Li:
		b.item()
	case atom.Ul, atom.Ol:
		b.item()
		if b.lists--; b.lists == 0 && len(b.items) > 0 {
			b.doc = append(b.doc, story.Block{Kind: story.List, Items: b.items})
			b.items = nil
		}
	}
	if (headings[n.DataAtom] > 0 || breaks[n.DataAtom]) && b.lists == 0 {
		b.flush()
	}
}

// text adds words in a style; runs of space become one.
func (b *bodyReader) text(data string, style story.Span) {
	words := clean(data)
	lead := data != "" && strings.ContainsAny(data[:1], " \n\t\r")
	tail := data != "" && strings.ContainsAny(data[len(data)-1:], " \n\t\r")
	if words == "" {
		if (lead || tail) && len(b.spans) > 0 {
			b.pad()
		}
		return
	}
	if lead {
		b.pad()
	}
	if tail {
		words += " "
	}
	if n := len(b.spans); n > 0 && b.spans[n-1].Strong == style.Strong && b.spans[n-1].Em == style.Em && b.spans[n-1].Link == style.Link {
		b.spans[n-1].Text += words
		return
	}
	style.Text = words
	b.spans = append(b.spans, style)
}

// pad ends the last span with one space.
func (b *bodyReader) pad() {
	if n := len(b.spans); n > 0 && !strings.HasSuffix(b.spans[n-1].Text, " ") {
		b.spans[n-1].Text += " "
	}
}

func (b *bodyReader) take() []story.Span {
	spans := b.spans
	b.spans = nil
	if n := len(spans); n > 0 {
		spans[n-1].Text = strings.TrimRight(spans[n-1].Text, " ")
		if spans[n-1].Text == "" {
			spans = spans[:n-1]
		}
	}
	return spans
}

func (b *bodyReader) item() {
	if spans := b.take(); len(spans) > 0 {
		b.items = append(b.items, spans)
	}
}

func (b *bodyReader) flush() {
	spans := b.take()
	kind, level := b.kind, b.level
	b.kind, b.level = "", 0
	if strings.TrimSpace(story.Plain(spans)) == "" {
		return
	}
	if kind == "" {
		kind = story.Paragraph
	}
	b.doc = append(b.doc, story.Block{Kind: kind, Level: level, Spans: spans})
}
