package ui

import (
	"strings"
	"unicode"

	"dateline/internal/story"
)

// A Table is a table as a page draws it. Where it has a head, the first cell of each row
// names the row.
type Table struct {
	Caption string
	Head    []Cell
	Rows    [][]Cell
}

// A Cell is one cell of a table.
type Cell struct {
	Text   string
	Names  bool // it names its row
	Figure bool // its column holds figures, which stand under each other
}

// A Card is a link to what others would embed.
type Card struct{ Address, Name, Title, Host string }

// fill lays out a block that is more than words; false if readers would see nothing of it,
// or if this binary does not know its kind.
func (out *Block) fill(t story.Text, b story.Block, v DocView) bool {
	switch {
	case b.Kind == story.GalleryBlock:
		for _, id := range b.Pictures {
			if p, ok := t.Picture(id); ok && id != v.Lead {
				if drawn := PictureOf(p, v.Lang, "(min-width: 700px) 19rem, 100vw", false, v.Pictures); drawn != nil {
					out.Gallery = append(out.Gallery, drawn)
				}
			}
		}
		if n := len(out.Gallery); n%2 == 1 && out.Gallery[0].Sizes != "" {
			out.Gallery[0].Sizes = sizesInText // of an odd number the first has a row to itself
		}
		return len(out.Gallery) > 0
	case b.Kind == story.TableBlock && !b.Empty():
		out.Table, out.Label = TableOf(*b.Table), WordsIn(v.Lang).Table
	case b.Kind == story.BoxBlock && !b.Empty():
		out.Box = &story.Box{Title: b.Box.Title}
		for _, p := range b.Box.Passages {
			safely := story.Passage{Spans: safe(p.Spans)}
			for _, it := range p.Items {
				safely.Items = append(safely.Items, safe(it))
			}
			out.Box.Passages = append(out.Box.Passages, safely)
		}
	case b.Kind == story.EmbedBlock && b.Embed != nil:
		if address := story.SecureLink(b.Embed.Address); address != "" {
			out.Card = &Card{address, b.Embed.Name(), b.Embed.Title, b.Embed.Host()}
		}
		return out.Card != nil
	default:
		return false
	}
	return true
}

// TableOf lays a table out.
func TableOf(t story.Table) *Table {
	out, rows := &Table{Caption: t.Caption}, t.Rows
	if t.Head && len(rows) > 1 {
		rows = rows[1:]
	}
	figures := figureColumns(rows)
	cells := func(row []string, names bool) (all []Cell) {
		for i, text := range row {
			first := names && i == 0 && len(row) > 1 && text != ""
			all = append(all, Cell{text, first, i < len(figures) && figures[i] && !first})
		}
		return all
	}
	if len(rows) < len(t.Rows) {
		out.Head = cells(t.Rows[0], false)
	}
	for _, row := range rows {
		out.Rows = append(out.Rows, cells(row, out.Head != nil))
	}
	if out.Head != nil && len(out.Head) > 1 {
		out.Head[0].Figure = false
	}
	return out
}

// figureColumns tells which columns hold figures and nothing else.
func figureColumns(rows [][]string) []bool {
	var figures []bool
	for i := range rows[0] {
		some, all := false, true
		for _, row := range rows {
			if i < len(row) && row[i] != "" {
				some, all = true, all && isFigure(row[i])
			}
		}
		figures = append(figures, some && all)
	}
	return figures
}

// isFigure reports whether a cell is a number as tables print it: with its sign, currency,
// unit of per cent, or a dash for none.
func isFigure(s string) bool {
	other := strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Sc, r) && !strings.ContainsRune("+-−–—.,:%‰'’\u200e\u200f", r)
	})
	return !other && (strings.ContainsFunc(s, unicode.IsDigit) || strings.Trim(s, "-−–—") == "")
}
