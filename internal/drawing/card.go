// Package drawing draws pictures for places that show a page by one: the card of a shared
// article, and the icons of the house. Words are drawn only if they are drawn right: what
// is written in a script that the faces here lack, or whose letters change by their
// neighbours, is left out, and a picture whose credit cannot be drawn with it; pure.
package drawing

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	scaling "golang.org/x/image/draw"

	"dateline/internal/story"
)

// Size of a card, as Open Graph's readers ask for it.
const (
	Width  = 1200
	Height = 630
)

// maxPixels bounds a picture that is drawn in; a rendition of ours has far fewer.
const maxPixels = 20_000_000

// Colours are written #rrggbb.
type Colours struct{ Paper, Ink, Quiet, Rule string }

// A Card is what stands on one.
type Card struct {
	RTL      bool
	House    string
	Logo     []byte // PNG that stands for the house's name; nil for none
	Kicker   string
	Headline string
	Picture  []byte // JPEG or PNG; nil for none
	Focal    *story.Focal
	Credit   string // without it no picture is drawn
	Colours  Colours
}

const (
	margin       = 56
	pictureWidth = 620
	creditBand   = 46
	quality      = 90
)

// JPEG draws a card.
func (c Card) JPEG() ([]byte, error) {
	dst := image.NewRGBA(image.Rect(0, 0, Width, Height))
	fill(dst, dst.Bounds(), c.Colours.Paper)
	var b brush
	text := image.Rect(margin, margin, Width-margin, Height-margin)
	if at, ok := c.drawPicture(dst, &b); ok && c.RTL {
		text.Min.X = at.Max.X + margin*3/4
	} else if ok {
		text.Max.X = at.Min.X - margin*3/4
	}
	c.drawWords(dst, &b, text)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, dst, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding a card: %w", err)
	}
	return out.Bytes(), nil
}

// drawPicture draws the picture at the end of the line, with its credit under it, and
// reports where; not at all if it cannot be read or its credit cannot stand there whole.
func (c Card) drawPicture(dst *image.RGBA, b *brush) (at image.Rectangle, ok bool) {
	if len(c.Picture) == 0 {
		return at, false
	}
	credit, ok := b.paragraph(label, c.Credit, c.RTL)
	if !ok {
		return at, false
	}
	size, ends, ok := b.fit(credit, []float64{20, 18, 16, 14}, 1.2, pictureWidth-24, creditBand, 1)
	if !ok {
		return at, false
	}
	img, err := decode(c.Picture)
	if err != nil {
		return at, false
	}
	at = image.Rect(Width-pictureWidth, 0, Width, Height-creditBand)
	if c.RTL {
		at = at.Sub(image.Pt(Width-pictureWidth, 0))
	}
	scaling.ApproxBiLinear.Scale(dst, at, img, crop(img.Bounds(), at.Size(), c.Focal), draw.Src, nil)
	b.write(dst, credit, ends, size, 1.2, float64(at.Min.X)+12, Height-creditBand/2+size*.36, pictureWidth-24, parse(c.Colours.Quiet))
	return at, true
}

// drawWords draws the house's name, the rule of hours and the headline.
func (c Card) drawWords(dst *image.RGBA, b *brush, in image.Rectangle) {
	x, y, width := float64(in.Min.X), float64(in.Min.Y), float64(in.Dx())
	top := c.drawName(dst, b, in)
	rule(dst, image.Rect(in.Min.X, top, in.Max.X, top+9), c.Colours, c.RTL)
	y = float64(top + 9)
	if p, ok := b.paragraph(label, c.Kicker, c.RTL); ok {
		if size, ends, ok := b.fit(p, []float64{26, 22, 18}, 1.2, width, 40, 1); ok {
			b.write(dst, p, ends, size, 1.2, x, y+48, width, parse(c.Colours.Quiet))
			y += 40
		}
	}
	p, ok := b.paragraph(headline, c.Headline, c.RTL)
	if !ok {
		return
	}
	if !c.RTL {
		p.tracking = -.012
	}
	const lead = 1.08
	height := float64(in.Max.Y) - y - 28
	if size, ends, ok := b.fit(p, []float64{88, 80, 72, 66, 60, 54, 48, 44, 40, 36, 32, 28, 24, 20}, lead, width, height, 9); ok {
		b.write(dst, p, ends, size, lead, x, y+28+size*.82, width, parse(c.Colours.Ink))
	}
}

// drawName draws the logo or the name of the house, and returns where it ends.
func (c Card) drawName(dst *image.RGBA, b *brush, in image.Rectangle) int {
	const tall = 64
	if logo, err := decode(c.Logo); err == nil {
		w, h := logo.Bounds().Dx()*tall/logo.Bounds().Dy(), tall
		if w > in.Dx() {
			w, h = in.Dx(), max(1, logo.Bounds().Dy()*in.Dx()/logo.Bounds().Dx())
		}
		at := image.Rect(in.Min.X, in.Min.Y, in.Min.X+w, in.Min.Y+h)
		if c.RTL {
			at = at.Add(image.Pt(in.Dx()-w, 0))
		}
		scaling.CatmullRom.Scale(dst, at, logo, logo.Bounds(), draw.Over, nil)
		return at.Max.Y + 18
	}
	p, ok := b.paragraph(headline, c.House, c.RTL)
	if !ok {
		return in.Min.Y
	}
	size, ends, ok := b.fit(p, []float64{46, 40, 34, 28, 22}, 1, float64(in.Dx()), 60, 1)
	if !ok {
		return in.Min.Y
	}
	b.write(dst, p, ends, size, 1, float64(in.Min.X), float64(in.Min.Y)+size*.78, float64(in.Dx()), parse(c.Colours.Ink))
	return in.Min.Y + int(size) + 14
}

// rule is the house's graduated rule: 24 hours between two hairlines, beginning with ink.
func rule(dst *image.RGBA, at image.Rectangle, c Colours, rtl bool) {
	fill(dst, image.Rect(at.Min.X, at.Min.Y, at.Max.X, at.Min.Y+1), c.Ink)
	fill(dst, image.Rect(at.Min.X, at.Max.Y-1, at.Max.X, at.Max.Y), c.Ink)
	for i := 0; i < 24; i += 2 {
		from, to := at.Min.X+at.Dx()*i/24, at.Min.X+at.Dx()*(i+1)/24
		if rtl {
			from, to = at.Max.X-at.Dx()*(i+1)/24, at.Max.X-at.Dx()*i/24
		}
		fill(dst, image.Rect(from, at.Min.Y+2, to, at.Max.Y-2), c.Ink)
	}
}

// crop is the part of a picture that has the shape of a place, about its focal point.
func crop(b image.Rectangle, place image.Point, f *story.Focal) image.Rectangle {
	w, h := b.Dx(), b.Dx()*place.Y/place.X
	if h > b.Dy() {
		w, h = b.Dy()*place.X/place.Y, b.Dy()
	}
	x, y := .5, .5
	if f != nil {
		x, y = f.X, f.Y
	}
	from := func(whole, part int, at float64) int {
		if !(at >= 0 && at <= 1) {
			at = .5
		}
		return min(max(0, int(at*float64(whole))-part/2), whole-part)
	}
	corner := b.Min.Add(image.Pt(from(b.Dx(), w, x), from(b.Dy(), h, y)))
	return image.Rectangle{corner, corner.Add(image.Pt(max(1, w), max(1, h)))}
}

var errPicture = errors.New("no picture that is drawn on a card")

// decode reads a rendition: no larger than ours are, and of their two kinds.
func decode(raw []byte) (image.Image, error) {
	for _, k := range []struct {
		config func(*bytes.Reader) (image.Config, error)
		decode func(*bytes.Reader) (image.Image, error)
	}{
		{func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }},
		{func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }},
	} {
		config, err := k.config(bytes.NewReader(raw))
		if err != nil {
			continue
		}
		if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
			return nil, errPicture
		}
		return k.decode(bytes.NewReader(raw))
	}
	return nil, errPicture
}

func fill(dst *image.RGBA, at image.Rectangle, colour string) {
	draw.Draw(dst, at, image.NewUniform(parse(colour)), image.Point{}, draw.Src)
}

// parse reads #rrggbb; what is none is black, for the record's reader may be newer than us.
func parse(s string) color.Color {
	var r, g, b uint8
	if _, err := fmt.Sscanf(s, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return color.Black
	}
	return color.RGBA{r, g, b, 255}
}
