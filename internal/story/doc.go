// Package story holds the newsroom's words and its one rule: what an article, a
// revision, a desk and an act are, and what stands between an act and its posting.
// Everything here is a value or a function of values. Instants are handed in; nothing
// reads a clock, a file or a network.
package story

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Doc is the body of a text: a flat, ordered list of typed blocks. HTML is never
// stored; pages are rendered from this tree by our own code.
type Doc []Block

// BlockKind says what a block is.
type BlockKind string

// The kinds of block that a Doc may hold.
const (
	Paragraph      BlockKind = "paragraph"
	Heading        BlockKind = "heading" // Level 2 or 3; level 1 is the headline
	List           BlockKind = "list"
	QuotationBlock BlockKind = "quotation"
	PictureBlock   BlockKind = "picture"
	GalleryBlock   BlockKind = "gallery"
	TableBlock     BlockKind = "table"
	BoxBlock       BlockKind = "box"
	EmbedBlock     BlockKind = "embed" // a card that links to what others would embed
)

// A Block is one unit of a Doc. Its ID, 8 random base-32 characters, is kept through
// edits and is new on a split or a paste, so that lineage, notes and corrections can
// point at it for ever.
type Block struct {
	ID        string    `json:"id"`
	Kind      BlockKind `json:"kind"`
	Level     int       `json:"level,omitempty"`     // of a heading
	Spans     []Span    `json:"spans,omitempty"`     // paragraph, heading, quotation; gallery, embed: the words above, inside
	Items     [][]Span  `json:"items,omitempty"`     // list
	Picture   string    `json:"picture,omitempty"`   // picture: an id among Text.Pictures
	Quotation string    `json:"quotation,omitempty"` // quotation: an id among Text.Quotations
	Pictures  []string  `json:"pictures,omitempty"`  // gallery: ids among Text.Pictures, in order
	Table     *Table    `json:"table,omitempty"`
	Box       *Box      `json:"box,omitempty"`
	Embed     *Embed    `json:"embed,omitempty"`
}

// A Span is a run of text in one style. Link, where set, is an http, https or mailto address.
type Span struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
	Em     bool   `json:"em,omitempty"`
	Link   string `json:"link,omitempty"`
}

// Plain is the text of spans without its styles.
func Plain(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Plain is the text of a block without its styles: list items, rows and passages on lines
// of their own, cells with a tab between.
func (b Block) Plain() string {
	switch {
	case b.Kind == List:
		return plainItems(b.Items)
	case b.Kind == TableBlock && b.Table != nil:
		return b.Table.plain()
	case b.Kind == BoxBlock && b.Box != nil:
		return b.Box.plain()
	case b.Kind == EmbedBlock && b.Embed != nil:
		return joinLines(b.Embed.Title, Plain(b.Spans))
	}
	return Plain(b.Spans)
}

func plainItems(items [][]Span) string {
	lines := make([]string, len(items))
	for i, it := range items {
		lines[i] = Plain(it)
	}
	return strings.Join(lines, "\n")
}

// Empty reports whether a reader would see nothing of b.
func (b Block) Empty() bool {
	switch b.Kind {
	case Paragraph, Heading:
		return !slices.ContainsFunc(b.Spans, func(s Span) bool { return Visible(s.Text) })
	case PictureBlock:
		return false
	case GalleryBlock:
		return len(b.Pictures) == 0
	case EmbedBlock:
		return (b.Embed == nil || b.Embed.Address == "") && !Visible(b.Plain())
	case BoxBlock:
		return b.Box == nil || !Visible(b.Box.inside())
	case TableBlock:
		return b.Table == nil || !Visible(b.Table.cells())
	}
	return !Visible(b.Plain())
}

// Words counts the words of a Doc, as an editor counts them: runs between spaces.
func (d Doc) Words() int {
	n := 0
	for _, b := range d {
		n += len(strings.Fields(b.Plain()))
	}
	return n
}

// Find returns the place of the block with that id, or -1.
func (d Doc) Find(id string) int {
	for i, b := range d {
		if b.ID == id {
			return i
		}
	}
	return -1
}

// maxLink is the longest address that may be linked to, in bytes.
const maxLink = 2048

// SafeLink returns an address that may stand in a link, or "" for anything that is not
// plainly http, https or mailto. Browsers ignore tabs and newlines inside a scheme, and
// people are deceived by characters that they do not see: an address with any of those is
// refused whole.
func SafeLink(address string) string {
	a := strings.TrimSpace(address)
	if len(a) > maxLink || !utf8.ValidString(a) || strings.ContainsFunc(a, func(r rune) bool {
		return !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune(`"<>\`, r)
	}) {
		return ""
	}
	low := strings.ToLower(a)
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(low, scheme) && len(a) > len(scheme) {
			return a
		}
	}
	return ""
}
