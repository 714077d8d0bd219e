package wire

import (
	"bytes"
	"strings"

	"dateline/internal/story"
)

// A builder makes blocks from marked-up text, whoever reads the marks: HTML, XHTML or
// NITF. It knows elements by their names; those that it does not know give their text.
type builder struct {
	doc   story.Doc
	runs  []run // of the block that is being read
	spans int   // all that were made
	over  bool  // more than a report has

	level      int // of the heading that is being read, 0 in others
	strong, em int // how many are open
	link       string
	pre        int
	rests      int // line breaks since the last text

	lists int
	items [][]story.Span

	dropping string // the element that is dropped with all that is in it
	dropped  int    // how many of that name are open

	images []PictureRef
	groups []group
	tables *tableReading // the outermost table that is open
}

// A run is text in one style, before it is tidied. Text is appended in place: a report in
// many pieces costs no more than its length.
type run struct {
	text  []byte
	style story.Span
}

// headings are the levels of headings; 1 is the headline's alone.
var headings = map[string]int{"h1": 2, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3, "hl1": 2, "hl2": 3}

// rawText elements hold what is no markup: everything up to their end tag is theirs.
var rawText = set("script style iframe noembed noframes noscript plaintext title textarea xmp")

// droppedElements are gone with all that is in them.
var droppedElements = set("script style iframe noembed noframes noscript plaintext title textarea xmp head object applet template svg math " +
	"button select option audio video canvas map dialog body.head docdata tobject metadata")

// blocks end the paragraph before and after them.
var blocks = set("p div blockquote bq section article main aside header footer nav address center body html form fieldset details summary " +
	"table caption thead tbody tfoot tr hr pre dl dt dd figure figcaption media media-caption media-producer block body.content body.end nitf nitf-table tagline")

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

// end gives what was read.
func (b *builder) end() (body, error) {
	b.dropping = ""
	if b.lists > 0 {
		b.lists = 1
		b.close("ul")
	}
	b.flush()
	if b.tables != nil {
		b.endTable()
	}
	for len(b.groups) > 0 {
		b.leaveGroup()
	}
	if b.over {
		return body{}, errLong
	}
	return body{b.doc, b.images}, nil
}

// open reads a start tag. Names are in lower case.
func (b *builder) open(name string, attr map[string]string) {
	if b.dropping != "" {
		if name == b.dropping {
			b.dropped++
		}
		return
	}
	switch {
	case droppedElements[name]:
		b.dropping, b.dropped = name, 1
		return
	case headings[name] > 0 && b.lists == 0:
		b.openTable(name, nil)
		b.flush()
		b.level = headings[name]
		return
	case blocks[name]:
		b.breakBlock()
	}
	if name == "td" || name == "th" {
		b.cell() // before its words are its own
	}
	b.openTable(name, attr)
	switch name {
	case "b", "strong":
		b.strong++
	case "i", "em", "cite":
		b.em++
	case "a":
		b.link = story.SafeLink(attr["href"])
	case "pre":
		b.pre++
	case "br":
		b.lineBreak()
	case "ul", "ol", "menu":
		b.openList()
	case "li":
		b.item()
	case "img", "media-reference":
		b.image(name, attr)
	case "figure", "media":
		if len(b.groups) == maxDepth {
			return
		}
		b.groups = append(b.groups, group{always: name == "media", blocks: len(b.doc), images: len(b.images), caption: -1})
	case "figcaption", "media-caption":
		if n := len(b.groups); n > 0 {
			b.groups[n-1].caption = len(b.doc)
		}
	}
}

// close reads an end tag, or the end of an element that has none.
func (b *builder) close(name string) {
	if b.dropping != "" {
		if name == b.dropping {
			if b.dropped--; b.dropped == 0 {
				b.dropping = ""
			}
		}
		return
	}
	switch name {
	case "b", "strong":
		b.strong = max(b.strong-1, 0)
	case "i", "em", "cite":
		b.em = max(b.em-1, 0)
	case "a":
		b.link = ""
	case "li":
		b.item()
	case "ul", "ol", "menu":
		b.closeList()
	case "pre":
		b.breakBlock()
		b.pre = max(b.pre-1, 0)
	}
	if blocks[name] || headings[name] > 0 {
		b.breakBlock()
	}
	if headings[name] > 0 {
		b.level = 0
	}
	b.closeTable(name)
	switch name {
	case "figure", "media":
		if len(b.groups) > 0 {
			b.leaveGroup()
		}
	case "figcaption", "media-caption":
		b.endCaption()
	}
}

// text reads words.
func (b *builder) text(words []byte) {
	if b.dropping != "" || b.over {
		return
	}
	if b.pre > 0 && b.lists == 0 {
		for {
			line, rest, more := bytes.Cut(words, []byte("\n"))
			if !more {
				break
			}
			b.add(line)
			b.flush()
			words = rest
		}
	}
	b.add(words)
}

func (b *builder) add(words []byte) {
	b.tables.words(words)
	if len(bytes.TrimSpace(words)) > 0 {
		b.rests = 0
	} else if len(words) == 0 || len(b.runs) == 0 {
		return
	}
	style := story.Span{Strong: b.strong > 0 && b.level == 0, Em: b.em > 0, Link: b.link}
	if n := len(b.runs); n > 0 && b.runs[n-1].style == style {
		b.runs[n-1].text = append(b.runs[n-1].text, words...)
		return
	}
	if b.spans++; b.spans > maxSpans {
		b.over = true
		return
	}
	b.runs = append(b.runs, run{append([]byte(nil), words...), style})
}

// lineBreak is a space; a second one in a row ends the paragraph, as writers mean it.
func (b *builder) lineBreak() {
	if b.rests++; b.rests > 1 && b.lists == 0 {
		level := b.level
		b.flush()
		b.level = level
	}
	b.add([]byte(" "))
}

// cell parts the cells of a row, which is one paragraph.
func (b *builder) cell() {
	if b.tables != nil && b.tables.inside == 0 {
		b.tables.endCell()
	}
	if len(b.runs) > 0 {
		b.add([]byte(" | "))
	}
}

// breakBlock ends a paragraph; inside a list it only parts words.
func (b *builder) breakBlock() {
	b.tables.breakBlock()
	if b.lists > 0 {
		b.add([]byte(" "))
		return
	}
	b.flush()
}

// flush ends the block that is being read.
func (b *builder) flush() {
	spans, level := tidySpans(b.runs), b.level
	b.runs, b.rests = b.runs[:0], 0
	if strings.Trim(story.Plain(spans), " |") == "" {
		return
	}
	b.level = 0
	kind := story.Paragraph
	if level > 0 {
		kind = story.Heading
	}
	b.put(story.Block{Kind: kind, Level: level, Spans: spans})
}

// put adds a block of which a reader would see something.
func (b *builder) put(block story.Block) {
	switch {
	case block.Empty():
	case len(b.doc) == maxBlocks:
		b.over = true
	default:
		b.doc = append(b.doc, block)
	}
}

// openList begins a list. One inside another gives its items to it.
func (b *builder) openList() {
	if b.lists == 0 {
		b.flush()
	} else {
		b.item()
	}
	b.lists++
}

func (b *builder) closeList() {
	if b.lists == 0 {
		return
	}
	b.item()
	if b.lists--; b.lists == 0 && len(b.items) > 0 {
		b.put(story.Block{Kind: story.List, Items: b.items})
		b.items = nil
	}
}

// item ends the list item that is being read; outside a list it is a paragraph.
func (b *builder) item() {
	if b.lists == 0 {
		b.flush()
		return
	}
	spans := tidySpans(b.runs)
	b.runs = b.runs[:0]
	if len(spans) > 0 {
		b.items = append(b.items, spans)
	}
}
