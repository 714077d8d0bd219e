package wire

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/internal/story"
)

// A tableReading follows a table beside the paragraphs that its rows are read as. Where it
// turns out to be plain (a grid of short cells, none of which spans others) they give way
// to a table of its own; a table that only lays a page out stays paragraphs.
type tableReading struct {
	block   int // len(doc) at its start
	odd     bool
	inside  int // tables that are open inside it
	caption string
	rows    [][]string
	head    bool // the first row names the columns

	row     []string
	named   int // cells of the row that are th
	cell    []byte
	reading bool // a cell is open
	ended   bool // its paragraph has ended: more words are a second one
}

// openTable begins to follow a table, or notes what no plain table holds.
func (b *builder) openTable(name string, attr map[string]string) {
	t := b.tables
	switch {
	case t == nil:
		if name == "table" && b.lists == 0 {
			b.tables = &tableReading{block: len(b.doc)}
		}
	case name == "table":
		t.odd, t.inside = true, t.inside+1
	case t.inside > 0:
	case name == "tr":
		t.endRow()
	case name == "td" || name == "th":
		t.endCell()
		t.reading = true
		t.odd = t.odd || spansOthers(attr["colspan"]) || spansOthers(attr["rowspan"])
		if name == "th" {
			t.named++
		}
	case notInTables[name] || headings[name] > 0:
		t.odd = true
	}
}

// notInTables are the elements that are more than the words of a cell.
var notInTables = set("ul ol menu li figure media img media-reference pre hr blockquote")

func spansOthers(n string) bool { return n != "" && strings.TrimSpace(n) != "1" }

// closeTable reads an end tag of a table or of what is in it.
func (b *builder) closeTable(name string) {
	t := b.tables
	switch {
	case t == nil:
	case t.inside > 0:
		if name == "table" {
			t.inside--
		}
	case name == "caption" && len(t.rows)+len(t.row) == 0:
		t.caption = wordsFrom(b.doc, min(t.block, len(b.doc)), len(b.doc))
	case name == "td" || name == "th":
		t.endCell()
	case name == "tr":
		t.endRow()
	case name == "table":
		b.endTable()
	}
}

// endTable puts the table in the place of its paragraphs, if it is plain.
func (b *builder) endTable() {
	t := b.tables
	b.tables = nil
	t.endRow()
	rows := story.SquareRows(t.rows)
	if t.odd || len(rows) < 2 || len(rows[0]) < 2 || len(rows[0]) > story.MaxColumns || b.over || t.block > len(b.doc) {
		return
	}
	b.doc = b.doc[:t.block]
	b.put(story.Block{Kind: story.TableBlock, Table: &story.Table{Caption: cut(t.caption, maxNote), Head: t.head, Rows: rows}})
}

// words keeps what a cell says.
func (t *tableReading) words(words []byte) {
	if t == nil || !t.reading || t.odd {
		return
	}
	if t.ended && len(bytes.TrimSpace(words)) > 0 {
		t.odd = true // a second paragraph
		return
	}
	t.cell = append(t.cell, words...)
}

// breakBlock ends the paragraph of a cell.
func (t *tableReading) breakBlock() {
	if t != nil && t.reading && len(bytes.TrimSpace(t.cell)) > 0 {
		t.ended = true
	}
}

func (t *tableReading) endCell() {
	if !t.reading {
		return
	}
	text := story.Plain(tidySpans([]run{{text: t.cell}}))
	t.odd = t.odd || utf8.RuneCountInString(text) > story.MaxCell || len(t.row) > story.MaxColumns
	if !t.odd {
		t.row = append(t.row, text)
	}
	t.cell, t.reading, t.ended = t.cell[:0], false, false
}

func (t *tableReading) endRow() {
	t.endCell()
	if slices.ContainsFunc(t.row, func(c string) bool { return c != "" }) {
		if len(t.rows) == 0 {
			t.head = t.named == len(t.row)
		}
		t.odd = t.odd || len(t.rows) == story.MaxRows
		if !t.odd {
			t.rows = append(t.rows, t.row)
		}
	}
	t.row, t.named = nil, 0
}
