package drawing

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"

	scaling "golang.org/x/image/draw"
)

// An Icon stands for the house in a tab, on a telephone's screen, in a list of programs.
type Icon struct {
	Name    string // of the house: its initial is drawn where no logo is
	Logo    []byte // PNG; nil for none
	Colours Colours
	// Safe leaves a margin all around, for systems that cut icons into a shape of their own.
	Safe bool
}

// squarish is how many times longer one side of a logo may be than the other to be read as
// an icon.
const squarish = 2

// UsesLogo reports whether the icon is made of a logo of that size.
func UsesLogo(width, height int) bool {
	return width > 0 && height > 0 && width <= squarish*height && height <= squarish*width
}

// PNG draws an icon of size by size pixels, without anything clear: some systems put black
// behind it.
func (c Icon) PNG(size int) ([]byte, error) {
	dst := image.NewRGBA(image.Rect(0, 0, size, size))
	room := float64(size)
	if c.Safe {
		room *= .72 // the circle of 80 % that every shape leaves, and a square inside it
	}
	logo, err := decode(c.Logo)
	if err == nil && UsesLogo(logo.Bounds().Dx(), logo.Bounds().Dy()) {
		fill(dst, dst.Bounds(), c.Colours.Paper)
		w, h := logo.Bounds().Dx(), logo.Bounds().Dy()
		scale := room * .94 / float64(max(w, h))
		w, h = max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))
		at := image.Rect(0, 0, w, h).Add(image.Pt((size-w)/2, (size-h)/2))
		scaling.CatmullRom.Scale(dst, at, logo, logo.Bounds(), draw.Over, nil)
	} else {
		c.drawInitial(dst, room)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, dst); err != nil {
		return nil, fmt.Errorf("encoding an icon: %w", err)
	}
	return out.Bytes(), nil
}

// drawInitial draws the name's first letter on ink; of a name that has none that can be
// drawn, the rule of hours.
func (c Icon) drawInitial(dst *image.RGBA, room float64) {
	size := dst.Bounds().Dx()
	fill(dst, dst.Bounds(), c.Colours.Ink)
	var b brush
	r := b.initial(c.Name)
	if r == 0 {
		inset := int((float64(size) - room*.7) / 2)
		rule(dst, image.Rect(inset, size*2/5, size-inset, size*3/5), Colours{Ink: c.Colours.Paper}, false)
		return
	}
	points := room * .86
	glyphs, width := b.set(headline, []rune{r}, points, 0)
	box := b.bounds(glyphs, points)
	x := (float64(size) - float64(width)/64) / 2
	y := float64(size)/2 - float64(box.Min.Y+box.Max.Y)/128
	b.draw(dst, glyphs, points, x, y, parse(c.Colours.Paper))
}
