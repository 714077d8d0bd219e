package story

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the kinds of block that hold more than words. What is larger is data, not a
// part of a report, and would not be read on a telephone.
const (
	MaxColumns  = 40
	MaxRows     = 500
	MaxCell     = 1000 // characters
	MaxPassages = 60   // of a box
	MaxGallery  = 60   // pictures
)

// A Table is rows of cells, each row as long as the others. Head says that the first row
// names the columns; the first cell of every other row then names that row.
type Table struct {
	Caption string     `json:"caption,omitempty"`
	Head    bool       `json:"head,omitempty"`
	Rows    [][]string `json:"rows"`
}

func (t Table) plain() string { return joinLines(t.Caption, t.cells()) }

func (t Table) cells() string {
	lines := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		lines[i] = strings.Join(row, "\t")
	}
	return strings.Join(lines, "\n")
}

// A Box is an aside with a title. It holds passages and no blocks, so that a box in a box
// cannot be written; it is corrected and linked to as a whole.
type Box struct {
	Title    string    `json:"title,omitempty"`
	Passages []Passage `json:"passages"`
}

// A Passage is a paragraph inside a box or, where it has items, a list.
type Passage struct {
	Spans []Span   `json:"spans,omitempty"`
	Items [][]Span `json:"items,omitempty"`
}

func (x Box) plain() string { return joinLines(x.Title, x.inside()) }

func (x Box) inside() string {
	lines := make([]string, len(x.Passages))
	for i, p := range x.Passages {
		lines[i] = joinLines(Plain(p.Spans), plainItems(p.Items))
	}
	return strings.Join(lines, "\n")
}

// An Embed is where something stands that others would show inside a page: a post, a
// film, a map. Readers get a link to it, and nothing is fetched from there by their page.
type Embed struct {
	Address  string `json:"address"`            // https
	Provider string `json:"provider,omitempty"` // whose it is, in words
	Title    string `json:"title,omitempty"`
}

// Host is the machine that an address names, without www; "" for none.
func (e Embed) Host() string {
	u, err := url.Parse(e.Address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Name is whose the thing is: the provider, or else the machine that it is on.
func (e Embed) Name() string { return cmp.Or(e.Provider, e.Host()) }

// SecureLink returns an address that is plainly https and names a machine, or "".
func SecureLink(address string) string {
	a := SafeLink(address)
	if !strings.HasPrefix(strings.ToLower(a), "https://") || (Embed{Address: a}).Host() == "" {
		return ""
	}
	return a
}

// unaddressed reports whether b is a link card that leads nowhere.
func (b Block) unaddressed() bool {
	return b.Kind == EmbedBlock && !b.Empty() && (b.Embed == nil || SecureLink(b.Embed.Address) == "")
}

func joinLines(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// runs are all the runs of text in a block.
func (b Block) runs() [][]Span {
	all := append(slices.Clone(b.Items), b.Spans)
	if b.Box != nil {
		for _, p := range b.Box.Passages {
			all = append(append(all, p.Items...), p.Spans)
		}
	}
	return all
}

// checkKind holds a block to the bounds of its kind, and drops what belongs to another.
func (b *Block) checkKind() error {
	if b.Kind != GalleryBlock {
		b.Pictures = nil
	}
	if b.Kind != TableBlock {
		b.Table = nil
	}
	if b.Kind != BoxBlock {
		b.Box = nil
	}
	if b.Kind != EmbedBlock {
		b.Embed = nil
	}
	switch {
	case len(b.Pictures) > MaxGallery:
		return Refuse(Invalid, "A gallery may have at most %d pictures; this one has %d.", MaxGallery, len(b.Pictures))
	case b.Table != nil:
		return b.Table.check()
	case b.Box != nil && len(b.Box.Passages) > MaxPassages:
		return Refuse(Invalid, "A box may have at most %d paragraphs; this one has %d. Make it a text of its own.", MaxPassages, len(b.Box.Passages))
	case b.Embed != nil && b.Embed.Address != "" && SecureLink(b.Embed.Address) == "":
		return Refuse(Invalid, "A link card cannot lead to %q: its address begins with https://.", b.Embed.Address)
	}
	return nil
}

func (t Table) check() error {
	if len(t.Rows) > MaxRows {
		return Refuse(Invalid, "A table may have at most %d rows; this one has %d.", MaxRows, len(t.Rows))
	}
	for i, row := range t.Rows {
		if len(row) > MaxColumns {
			return Refuse(Invalid, "A table may have at most %d columns; this one has %d.", MaxColumns, len(row))
		}
		if len(row) != len(t.Rows[0]) {
			return Refuse(Invalid, "Row %d of a table has %d cells, the first row has %d.", i+1, len(row), len(t.Rows[0]))
		}
		for _, cell := range row {
			if n := utf8.RuneCountInString(cell); n > MaxCell {
				return Refuse(Invalid, "A cell may have at most %d characters; one in row %d has %d.", MaxCell, i+1, n)
			}
		}
	}
	return nil
}

// ParseRows reads a table as it is typed or pasted: a row on each line, cells parted by
// tabs, as spreadsheets give them, or else by upright bars; a backslash takes the next bar
// literally. Short rows are filled up. Lines of nothing, and columns of nothing at either
// edge, are left out. FormatRows and ParseRows are each other's inverse on what this returns.
func ParseRows(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		rows = append(rows, cellsOf(strings.Trim(line, "\r\n")))
	}
	return SquareRows(rows)
}

// SquareRows makes every row as long as the longest, and leaves out rows of nothing and
// columns of nothing at either edge.
func SquareRows(all [][]string) [][]string {
	var rows [][]string
	from, to := math.MaxInt, 0 // the columns that hold something
	for _, row := range all {
		first := slices.IndexFunc(row, Visible)
		if first < 0 {
			continue
		}
		rows = append(rows, row)
		from = min(from, first)
		for i := range row {
			if Visible(row[i]) {
				to = max(to, i+1)
			}
		}
	}
	for i, row := range rows {
		whole := make([]string, to-from)
		copy(whole, row[min(from, len(row)):])
		rows[i] = whole
	}
	return rows
}

func cellsOf(line string) []string {
	var cells []string
	if strings.Contains(line, "\t") {
		cells = strings.Split(line, "\t")
	} else {
		for from := 0; from >= 0; {
			end := unescaped(line[from:], "|")
			if end < 0 {
				cells, from = append(cells, line[from:]), -1
				continue
			}
			cells, from = append(cells, line[from:from+end]), from+end+1
		}
		for i, c := range cells {
			cells[i] = unescapeBars.Replace(c)
		}
	}
	for i, c := range cells {
		cells[i] = strings.Join(strings.Fields(c), " ")
	}
	return cells
}

var (
	unescapeBars = strings.NewReplacer(`\\`, `\`, `\|`, `|`)
	escapeBars   = strings.NewReplacer(`\`, `\\`, `|`, `\|`)
)

// FormatRows writes a table as ParseRows reads it, with bars.
func FormatRows(rows [][]string) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, c := range row {
			cells[j] = escapeBars.Replace(c)
		}
		lines[i] = strings.Join(cells, " | ")
	}
	return strings.Join(lines, "\n")
}

// ParsePassages reads the inside of a box: an empty line ends a paragraph, and lines that
// begin with a hyphen or a bullet are items of a list.
func ParsePassages(text string) []Passage {
	all := []Passage{}
	var words []string
	flush := func() {
		whole := strings.Join(words, " ")
		if item, yes := cutBullet(whole); yes { // a hyphen alone on the line before its words
			all = append(all, Passage{Items: [][]Span{ParseSpans(item)}})
		} else if Visible(whole) {
			all = append(all, Passage{Spans: ParseSpans(whole)})
		}
		words = nil
	}
	listed := false // the last line was an item
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		item, yes := cutBullet(line)
		switch {
		case line == "":
			flush()
		case yes:
			flush()
			if !listed {
				all = append(all, Passage{})
			}
			last := &all[len(all)-1]
			last.Items = append(last.Items, ParseSpans(item))
		default:
			words = append(words, line)
		}
		listed = yes
	}
	flush()
	return all
}

func cutBullet(line string) (string, bool) {
	for _, mark := range []string{"- ", "• ", "* "} {
		if item, ok := strings.CutPrefix(line, mark); ok && Visible(item) {
			return item, true
		}
	}
	return line, false
}

// FormatPassages writes the inside of a box as ParsePassages reads it.
func FormatPassages(all []Passage) string {
	var parts []string
	for _, p := range all {
		var lines []string
		if len(p.Spans) > 0 {
			lines = append(lines, FormatSpans(p.Spans))
		}
		for _, it := range p.Items {
			lines = append(lines, "- "+FormatSpans(it))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}
