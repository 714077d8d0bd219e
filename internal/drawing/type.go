package drawing

import (
	"embed"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// The faces are single weights of those that the pages are set in (fonts/OFL.txt), made with
// fontTools: Newsreader at weight 600 and optical size 72, Frank Ruhl Libre at 700, Public
// Sans and Heebo at 500; beside them the letters of other Latin alphabets, of the same faces.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// A typeface is fonts that go together; a letter is drawn in the first that has it.
type typeface []*sfnt.Font

var (
	headline = load("headline-latin", "headline-latin-ext", "headline-hebrew")
	label    = load("label-latin", "label-latin-ext", "label-hebrew")
)

func load(names ...string) (t typeface) {
	for _, n := range names {
		b, err := fontFiles.ReadFile("fonts/" + n + ".ttf")
		if err != nil {
			panic("drawing: " + err.Error()) // a broken build
		}
		f, err := sfnt.Parse(b)
		if err != nil {
			panic("drawing: " + n + ": " + err.Error())
		}
		t = append(t, f)
	}
	return t
}

// A brush draws words; it keeps what drawing needs, and is one goroutine's.
type brush struct{ buf sfnt.Buffer }

func (b *brush) glyph(t typeface, r rune) (f *sfnt.Font, i sfnt.GlyphIndex) {
	for _, f := range t {
		if i, err := f.GlyphIndex(&b.buf, r); err == nil && i != 0 {
			return f, i
		}
	}
	return nil, 0
}

// can reports whether a plain text is drawn right: every letter is in the face, and none
// takes another form by its neighbours or stands on another, as Arabic letters and the
// points of Hebrew do. Nothing is drawn nearly right.
func (b *brush) can(t typeface, text string) bool {
	for _, r := range text {
		if _, i := b.glyph(t, r); i == 0 || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Arabic, unicode.Syriac) {
			return false
		}
	}
	return true
}

// A placed glyph of a line: x is where it begins.
type placed struct {
	font  *sfnt.Font
	glyph sfnt.GlyphIndex
	x     fixed.Int26_6
}

// set sets runes in the order that they are seen, and returns how wide they are. tracking is
// what is added after each, in pixels.
func (b *brush) set(t typeface, line []rune, size, tracking float64) (out []placed, width fixed.Int26_6) {
	ppem := fixed.Int26_6(size * 64)
	for _, r := range line {
		f, i := b.glyph(t, r)
		if f == nil {
			continue
		}
		if n := len(out); n > 0 && out[n-1].font == f {
			if k, err := f.Kern(&b.buf, out[n-1].glyph, i, ppem, font.HintingNone); err == nil {
				width += k
			}
		}
		out = append(out, placed{f, i, width})
		if adv, err := f.GlyphAdvance(&b.buf, i, ppem, font.HintingNone); err == nil {
			width += adv
		}
		width += fixed.Int26_6(tracking * 64)
	}
	return out, width
}

// draw fills the glyphs of a line whose baseline begins at a point.
func (b *brush) draw(dst draw.Image, line []placed, size, x, y float64, c color.Color) {
	box := b.bounds(line, size)
	bounds := image.Rect(int(x)+box.Min.X.Floor()-1, int(y)+box.Min.Y.Floor()-1, int(x)+box.Max.X.Ceil()+2, int(y)+box.Max.Y.Ceil()+2).Intersect(dst.Bounds())
	r := vector.NewRasterizer(bounds.Dx(), bounds.Dy())
	x, y = x-float64(bounds.Min.X), y-float64(bounds.Min.Y)
	at := func(g placed, p fixed.Point26_6) (float32, float32) {
		return float32(x) + float32(g.x+p.X)/64, float32(y) + float32(p.Y)/64
	}
	for _, g := range line {
		segments, err := g.font.LoadGlyph(&b.buf, g.glyph, fixed.Int26_6(size*64), nil)
		if err != nil {
			continue // a face that the binary carries has all its outlines
		}
		for _, s := range segments {
			ax, ay := at(g, s.Args[0])
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				r.ClosePath()
				r.MoveTo(ax, ay)
			case sfnt.SegmentOpLineTo:
				r.LineTo(ax, ay)
			case sfnt.SegmentOpQuadTo:
				bx, by := at(g, s.Args[1])
				r.QuadTo(ax, ay, bx, by)
			case sfnt.SegmentOpCubeTo:
				bx, by := at(g, s.Args[1])
				cx, cy := at(g, s.Args[2])
				r.CubeTo(ax, ay, bx, by, cx, cy)
			}
		}
		r.ClosePath()
	}
	r.Draw(dst, bounds, image.NewUniform(c), image.Point{})
}

// bounds are those of set glyphs about their baseline.
func (b *brush) bounds(line []placed, size float64) (box fixed.Rectangle26_6) {
	for _, g := range line {
		if r, _, err := g.font.GlyphBounds(&b.buf, g.glyph, fixed.Int26_6(size*64), font.HintingNone); err == nil {
			box = box.Union(r.Add(fixed.Point26_6{X: g.x}))
		}
	}
	return box
}

// A paragraph is a text that is broken into lines.
type paragraph struct {
	face     typeface
	rtl      bool
	text     []rune
	at       []int // embedding levels
	tracking float64
}

// paragraph readies a text; ok is false where it cannot be drawn right.
func (b *brush) paragraph(t typeface, text string, rtl bool) (p paragraph, ok bool) {
	text = plain(text)
	if text == "" || !b.can(t, text) {
		return p, false
	}
	p = paragraph{face: t, rtl: rtl, text: []rune(text)}
	p.at, ok = levels(p.text, rtl)
	return p, ok
}

func (b *brush) width(p paragraph, from, to int, size float64) float64 {
	_, w := b.set(p.face, p.text[from:to], size, p.tracking*size)
	return float64(w) / 64
}

// breaks are where lines end, of at most a width; ok is false where a word is wider.
func (b *brush) breaks(p paragraph, size, width float64) (ends []int, ok bool) {
	start, last := 0, 0 // of the line; the last place where it may end
	for i := 0; i <= len(p.text); i++ {
		if i < len(p.text) && p.text[i] != ' ' {
			continue
		}
		if b.width(p, start, i, size) > width {
			if last <= start {
				return nil, false
			}
			ends = append(ends, last)
			start = last + 1
			if b.width(p, start, i, size) > width {
				return nil, false
			}
		}
		last = i
	}
	return append(ends, len(p.text)), true
}

// balanced are breaks of the same number of lines, about equally long.
func (b *brush) balanced(p paragraph, size, width float64) ([]int, bool) {
	best, ok := b.breaks(p, size, width)
	if !ok {
		return nil, false
	}
	for low, high := 0.0, width; high-low > size/4; {
		middle := (low + high) / 2
		if ends, fits := b.breaks(p, size, middle); fits && len(ends) <= len(best) {
			best, high = ends, middle
		} else {
			low = middle
		}
	}
	return best, true
}

// fit is the largest of the sizes at which a paragraph has at most some lines and height.
func (b *brush) fit(p paragraph, sizes []float64, lead, width, height float64, lines int) (size float64, ends []int, ok bool) {
	for _, size := range sizes {
		if ends, ok := b.balanced(p, size, width); ok && len(ends) <= lines && float64(len(ends))*size*lead <= height {
			return size, ends, true
		}
	}
	return 0, nil, false
}

// write draws a paragraph's lines in a box that is as wide as width, from a first baseline.
func (b *brush) write(dst draw.Image, p paragraph, ends []int, size, lead, x, y, width float64, c color.Color) {
	start := 0
	for _, end := range ends {
		seen := visual(p.text[start:end], p.at[start:end], p.rtl)
		glyphs, w := b.set(p.face, seen, size, p.tracking*size)
		left := x
		if p.rtl {
			left = x + width - float64(w)/64
		}
		b.draw(dst, glyphs, size, left, y, c)
		y += size * lead
		start = min(end+1, len(p.text))
	}
}

// initial is the first letter of a name that can be drawn; 0 for none.
func (b *brush) initial(name string) rune {
	runes := []rune(plain(name))
	for _, skip := range []string{"The ", "the "} { // of an English title the article names nothing
		if len(runes) > len(skip) && string(runes[:len(skip)]) == skip {
			runes = runes[len(skip):]
		}
	}
	i := slices.IndexFunc(runes, func(r rune) bool { return unicode.IsLetter(r) && b.can(headline, string(r)) })
	if i < 0 {
		return 0
	}
	return unicode.ToUpper(runes[i])
}
