package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"dateline/internal/picture"
	"dateline/internal/story"
)

// TestLogo: what is clear stays clear, nothing is larger than a page needs or than it was,
// it stands upright, and nothing that the file says of itself is left.
func TestLogo(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 3000, 400))
	for x := range 3000 {
		for y := range 200 {
			clear.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 40, uint8(x * y)})
		}
	}
	for name, c := range map[string]struct {
		raw           []byte
		width, height int
	}{
		"wide":        {pngOf(t, clear), 1200, 160},
		"small":       {pngOf(t, quarters(64, 48)), 64, 48},
		"tall":        {pngOf(t, quarters(100, 640)), 50, 320},
		"on its side": {withEXIF(jpegOf(t, quarters(80, 60)), map[uint16]any{0x112: 6, 0x13b: "Ida Kessler"}), 60, 80},
	} {
		made, err := picture.Logo(c.raw)
		if err != nil || made.Width != c.width || made.Height != c.height || made.Type != "image/png" || strings.Contains(string(made.Data), "Kessler") {
			t.Errorf("%s: %+v, %v", name, made.Rendition, err)
			continue
		}
		img, err := png.Decode(bytes.NewReader(made.Data))
		if err != nil || img.Bounds().Size() != image.Pt(c.width, c.height) {
			t.Errorf("%s: %v, %v", name, img.Bounds(), err)
		}
		if _, _, _, a := img.At(c.width/2, c.height-1).RGBA(); name == "wide" && a != 0 {
			t.Error("what was clear is not any more")
		}
		again, _ := picture.Logo(c.raw)
		if !bytes.Equal(again.Data, made.Data) {
			t.Errorf("%s: the same logo has other bytes", name)
		}
	}
	for name, raw := range map[string][]byte{"nothing": nil, "words": []byte("<svg/>"), "tiny": pngOf(t, quarters(20, 400)), "cut off": pngOf(t, clear)[:5000]} {
		if _, err := picture.Logo(raw); err == nil {
			t.Errorf("%s is a logo", name)
		} else if _, ok := story.AsRefusal(err); !ok {
			t.Errorf("%s: %v is no refusal", name, err)
		}
	}
}
