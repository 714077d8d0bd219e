package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"dateline/internal/picture"
	"dateline/internal/story"
)

// quarters is a picture whose four corners have colours of their own.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	colours := []color.RGBA{{250, 0, 0, 255}, {0, 250, 0, 255}, {0, 0, 250, 255}, {250, 250, 0, 255}}
	for y := range h {
		for x := range w {
			i := 0
			if x >= w/2 {
				i = 1
			}
			if y >= h/2 {
				i += 2
			}
			img.SetRGBA(x, y, colours[i])
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// red is a WebP of 3 by 2 pixels, for the standard library writes none.
func red(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRjwAAABXRUJQVlA4IDAAAADQAQCdASoDAAIAAgA0JaACdLoB+AADsAD+8MQL/yC5YXXI1/8gP+QH/ID/+PIAAAA=")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withSegment puts a segment behind the start of a JPEG.
func withSegment(jpg []byte, marker byte, body string) []byte {
	seg := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return slices.Concat(jpg[:2], seg, []byte(body), jpg[2:])
}

// tiff is the EXIF of a few tags: short numbers and texts, in the order of their numbers.
func tiff(tags map[uint16]any) string {
	var numbers []uint16
	for n := range tags {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	dir := binary.BigEndian.AppendUint16([]byte("MM\x00*\x00\x00\x00\x08"), uint16(len(numbers)))
	var data []byte
	end := len(dir) + 12*len(numbers) + 4
	for _, n := range numbers {
		dir = binary.BigEndian.AppendUint16(dir, n)
		switch v := tags[n].(type) {
		case int:
			dir = append(dir, 0, 3, 0, 0, 0, 1, byte(v>>8), byte(v), 0, 0)
		case string:
			v += "\x00"
			dir = binary.BigEndian.AppendUint32(append(dir, 0, 2), uint32(len(v)))
			dir = binary.BigEndian.AppendUint32(dir, uint32(end+len(data)))
			data = append(data, v...)
		}
	}
	return string(append(append(dir, 0, 0, 0, 0), data...))
}

func withEXIF(jpg []byte, tags map[uint16]any) []byte {
	return withSegment(jpg, 0xe1, "Exif\x00\x00"+tiff(tags))
}

// inspect fails t if a picture is refused.
func inspect(t testing.TB, b []byte) picture.Info {
	t.Helper()
	info, err := picture.Inspect(b)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func render(t testing.TB, b []byte, w picture.Words, widths ...int) []picture.Rendition {
	t.Helper()
	made, err := picture.Renditions(b, w, widths...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestOrientation(t *testing.T) {
	// Which stored corner (0 to 3) stands at the top left once upright (EXIF 2.3, tag 274).
	for orientation, corner := range map[int]int{1: 0, 2: 1, 3: 3, 4: 2, 5: 0, 6: 2, 7: 3, 8: 1, 9: 0} {
		raw := withEXIF(jpegOf(t, quarters(80, 40)), map[uint16]any{0x112: orientation})
		info := inspect(t, raw)
		for _, width := range []int{1000, 20} {
			r := render(t, raw, picture.Words{}, width)[0]
			wide := orientation < 5 || orientation == 9
			if (r.Width > r.Height) != wide || (info.Width > info.Height) != wide {
				t.Errorf("orientation %d: %dx%d, inspected %dx%d", orientation, r.Width, r.Height, info.Width, info.Height)
			}
			img, err := jpeg.Decode(bytes.NewReader(r.Data))
			if err != nil {
				t.Fatal(err)
			}
			red, green, blue, _ := img.At(r.Width/5, r.Height/5).RGBA()
			got := map[[3]bool]int{{true, false, false}: 0, {false, true, false}: 1, {false, false, true}: 2, {true, true, false}: 3}[[3]bool{red > 0x8000, green > 0x8000, blue > 0x8000}]
			if got != corner {
				t.Errorf("orientation %d, %d wide: corner %d at the top left, want %d", orientation, width, got, corner)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		what   string
		w, h   int
		widths []int
		want   [][2]int
	}{
		{"below and above its own", 1200, 800, []int{480, 960, 1600}, [][2]int{{480, 320}, {960, 640}, {1200, 800}}},
		{"never larger", 100, 50, []int{480, 960}, [][2]int{{100, 50}}},
		{"any order, twice", 300, 300, []int{200, 100, 200}, [][2]int{{100, 100}, {200, 200}}},
		{"none asked", 30, 20, nil, [][2]int{{30, 20}}},
		{"nonsense asked", 30, 20, []int{0, -4}, [][2]int{{30, 20}}},
		{"a thin line", 1000, 1, []int{10}, [][2]int{{10, 1}}},
		{"a very tall one", 3, 30_000, []int{3}, [][2]int{{1, 10_000}}},
	} {
		var got [][2]int
		for _, r := range render(t, pngOf(t, quarters(c.w, c.h)), picture.Words{}, c.widths...) {
			got = append(got, [2]int{r.Width, r.Height})
			if config, err := jpeg.DecodeConfig(bytes.NewReader(r.Data)); err != nil || config.Width != r.Width || config.Height != r.Height || r.Bytes != int64(len(r.Data)) || len(r.SHA256) != 64 {
				t.Errorf("%s: %+v is %+v, %v", c.what, r.Rendition, config, err)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// A width above the copy that others are made from is made from the original itself.
func TestLargeWidthsStaySharp(t *testing.T) {
	stripes := image.NewGray(image.Rect(0, 0, 5000, 4))
	for i := range stripes.Pix {
		stripes.Pix[i] = uint8(i % 5000 / 8 % 2 * 255)
	}
	r := render(t, pngOf(t, stripes), picture.Words{}, 480, 5000)[1]
	img, err := jpeg.Decode(bytes.NewReader(r.Data))
	if err != nil || r.Width != 5000 {
		t.Fatal(r.Width, err)
	}
	dark, _, _, _ := img.At(7, 1).RGBA()
	light, _, _, _ := img.At(8, 1).RGBA()
	if dark > 0x3000 || light < 0xc000 {
		t.Errorf("the stripes are blurred: %x beside %x", dark, light)
	}
}

// The same picture, words and width give the same bytes, whatever else is asked for.
func TestSameBytes(t *testing.T) {
	raw, w := jpegOf(t, quarters(5000, 100)), picture.Words{Caption: "c", Credit: story.Credit{Line: "l"}}
	one, three := render(t, raw, w, 480), render(t, raw, w, 480, 960, 1600)
	if one[0].SHA256 != three[0].SHA256 || !bytes.Equal(one[0].Data, three[0].Data) {
		t.Error("the same width has other bytes beside others")
	}
	if again := render(t, raw, w, 480); again[0].SHA256 != one[0].SHA256 {
		t.Error("the same input gave other bytes")
	}
	if other := render(t, raw, picture.Words{Caption: "d"}, 480); other[0].SHA256 == one[0].SHA256 {
		t.Error("other words gave the same bytes")
	}
}

// A small drawing with transparency stays PNG; a photograph with some is put on white.
func TestTransparency(t *testing.T) {
	drawing := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	for i := range 40 {
		drawing.Set(i, i, color.Black)
	}
	r := render(t, pngOf(t, drawing), picture.Words{Caption: "A line", Credit: story.Credit{Line: "Halyard Graphics"}}, 480)[0]
	img, err := png.Decode(bytes.NewReader(r.Data))
	if err != nil || r.Type != "image/png" {
		t.Fatal(r.Type, err)
	}
	if _, _, _, a := img.At(50, 5).RGBA(); a != 0 {
		t.Error("a drawing lost its transparency")
	}
	if m := inspect(t, r.Data).Meta; m.Caption != "A line" || m.Credit != "Halyard Graphics" {
		t.Errorf("a drawing lost its words: %+v", m)
	}
	photograph := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 20 {
			photograph.Set(x, y, color.NRGBA{uint8(x * 4), uint8(y * 12), 80, 255})
		}
	}
	r = render(t, pngOf(t, photograph), picture.Words{}, 480)[0]
	img, err = jpeg.Decode(bytes.NewReader(r.Data))
	if err != nil || r.Type != "image/jpeg" {
		t.Fatal(r.Type, err)
	}
	if red, green, blue, _ := img.At(30, 35).RGBA(); min(red, green, blue) < 0xf000 {
		t.Error("transparency was not put on white")
	}
}

func TestFormats(t *testing.T) {
	var g bytes.Buffer
	frames := &gif.GIF{}
	for _, c := range []color.Color{color.White, color.Black} {
		frame := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.White, color.Black})
		for i := range frame.Pix {
			frame.Pix[i] = uint8(frame.Palette.Index(c))
		}
		frames.Image, frames.Delay = append(frames.Image, frame), append(frames.Delay, 10)
	}
	if err := gif.EncodeAll(&g, frames); err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray16(image.Rect(0, 0, 30, 20))
	for _, c := range []struct {
		raw       []byte
		mediaType string
		w         int
		light     bool
	}{
		{g.Bytes(), "image/gif", 30, true}, // the first frame
		{red(t), "image/webp", 3, false},
		{pngOf(t, grey), "image/png", 30, false},
		{jpegOf(t, image.NewGray(image.Rect(0, 0, 30, 20))), "image/jpeg", 30, false},
	} {
		if !picture.Is(c.raw) || !picture.Is(c.raw[:len(c.raw)/2]) {
			t.Errorf("%s is not known by its first bytes", c.mediaType)
		}
		if info := inspect(t, c.raw); info.Type != c.mediaType || info.Width != c.w {
			t.Errorf("%s: %+v", c.mediaType, info)
		}
		r := render(t, c.raw, picture.Words{}, 480)[0]
		img, err := jpeg.Decode(bytes.NewReader(r.Data))
		if err != nil {
			t.Fatal(err)
		}
		if _, green, _, _ := img.At(1, 1).RGBA(); (green > 0x8000) != c.light {
			t.Errorf("%s has the wrong colour", c.mediaType)
		}
	}
}

// The first frame of a GIF may be smaller than its screen: it is the picture.
func TestSmallFrame(t *testing.T) {
	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(10, 10, 30, 20), color.Palette{color.White, color.Black})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{ColorModel: frame.Palette, Width: 60, Height: 60}}); err != nil {
		t.Fatal(err)
	}
	r := render(t, b.Bytes(), picture.Words{}, 480)[0]
	if config, err := jpeg.DecodeConfig(bytes.NewReader(r.Data)); err != nil || r.Width != 20 || r.Height != 10 || config.Width != 20 {
		t.Errorf("%+v %v", r.Rendition, err)
	}
}

// Nothing of the original's bytes but its pixels is left in what readers get.
func TestNothingIsLeft(t *testing.T) {
	const secret = "SECRET-4711"
	jpg := jpegOf(t, quarters(80, 40))
	jpg = withEXIF(jpg, map[uint16]any{0x112: 1, 0x10f: secret + " camera", 0x110: secret, 0x13b: secret + " owner", 0x8298: secret})
	jpg = withSegment(jpg, 0xe1, "http://ns.adobe.com/xap/1.0/\x00<x><rdf:RDF><rdf:Description exif:GPSLatitude='"+secret+"'/></rdf:RDF></x>")
	jpg = withSegment(jpg, 0xe2, "ICC_PROFILE\x00\x01\x01"+secret)
	jpg = withSegment(jpg, 0xfe, secret)
	jpg = append(jpg, "PK\x03\x04"+secret...)
	var text bytes.Buffer
	chunk := "tEXtComment\x00" + secret
	_ = binary.Write(&text, binary.BigEndian, uint32(len(chunk)-4)) // a buffer does not fail
	text.WriteString(chunk)
	_ = binary.Write(&text, binary.BigEndian, crc32.ChecksumIEEE([]byte(chunk)))
	plain := pngOf(t, quarters(80, 40))
	withText := slices.Concat(plain[:33], text.Bytes(), plain[33:], []byte(secret))
	for what, raw := range map[string][]byte{"JPEG": jpg, "PNG": withText} {
		if !bytes.Contains(raw, []byte(secret)) {
			t.Fatal("the test hides nothing")
		}
		for _, r := range render(t, raw, picture.Words{Caption: "c"}, 40, 480) {
			if bytes.Contains(r.Data, []byte("4711")) {
				t.Errorf("%s: something of the original is left", what)
			}
		}
	}
}

// bad is a file that is refused, and what the refusal says.
type bad struct {
	what string
	b    []byte
	says string
}

func TestRefusals(t *testing.T) {
	jpg, p := jpegOf(t, quarters(400, 400)), pngOf(t, quarters(10, 10))
	size := func(w, h uint32) []byte {
		b := bytes.Clone(p)
		binary.BigEndian.PutUint32(b[16:], w)
		binary.BigEndian.PutUint32(b[20:], h)
		binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
		return b
	}
	frame := func(marker byte, w, h uint16) []byte {
		b := bytes.Clone(jpg)
		i := bytes.Index(b, []byte{0xff, 0xc0})
		b[i+1] = marker
		binary.BigEndian.PutUint16(b[i+5:], h)
		binary.BigEndian.PutUint16(b[i+7:], w)
		return b
	}
	animated := "RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x01\x00\x00"
	for _, c := range []bad{
		{"nothing", nil, "is empty"},
		{"too many bytes", append(bytes.Clone(jpg), make([]byte, picture.MaxBytes)...), "at most 25 MB; this one has 26"},
		{"65535 by 65535", size(65535, 65535), "at most 50 million pixels; this one says 65535 by 65535"},
		{"two thousand million", size(1<<31-1, 1<<31-1), ""},
		{"no width", size(0, 10), ""},
		{"a JPEG of 65535 by 65535", frame(0xc0, 65535, 65535), "at most 50 million pixels"},
		{"a progressive JPEG of 36 million", frame(0xc2, 6000, 6000), "progressive JPEG may have at most 25 million"},
		{"half a JPEG", jpg[:len(jpg)/2], "cut off before its end"},
		{"half a PNG", p[:len(p)-20], "cut off before its end"},
		{"half a WebP", red(t)[:40], "cut off before its end"},
		{"a JPEG of three bytes", jpg[:3], "damaged"},
		{"a PNG's name alone", p[:8], "damaged"},
		{"HTML", []byte("<!DOCTYPE html><html><script>alert(1)</script>"), "This is a web page"},
		{"HTML, late", []byte("\n\n  <HTML onload=alert(1)>"), "This is a web page"},
		{"SVG", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "This is an SVG"},
		{"PDF", []byte("%PDF-1.7\n"), "This is a PDF"},
		{"TIFF", []byte("II*\x00\x08\x00\x00\x00"), "This is a TIFF"},
		{"big-endian TIFF", []byte("MM\x00*\x00\x00\x00\x08"), "This is a TIFF"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "This is a HEIC"},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), "This is an AVIF"},
		{"BMP", []byte("BM\x36\x00\x00\x00"), "This is a BMP"},
		{"a film", []byte("\x00\x00\x00\x18ftypisom"), "This is a film"},
		{"a sound", []byte("RIFF\x00\x00\x00\x00WAVE"), "This is a sound"},
		{"an animated WebP", []byte(animated), "This is an animated WebP"},
		{"a ZIP", []byte("PK\x03\x04"), "This is a ZIP archive"},
		{"words", []byte("The quay at dusk"), "not a picture"},
		{"one byte", []byte{0xff}, "not a picture"},
	} {
		_, err := picture.Inspect(c.b)
		wantSentence(t, c.what, err, c.says)
		_, err = picture.Renditions(c.b, picture.Words{}, 10)
		wantSentence(t, c.what, err, c.says)
		if strings.Contains(c.says, "This is") && !strings.Contains(c.says, "animated") && picture.Is(c.b) {
			t.Errorf("%s is taken for a picture", c.what)
		}
	}
}

// A header that is whole may stand before pixels that are not.
func TestDamagedPixels(t *testing.T) {
	jpg, p := jpegOf(t, quarters(400, 400)), pngOf(t, quarters(10, 10))
	for what, b := range map[string][]byte{"pixels of a PNG": damaged(p), "pixels of a JPEG": slices.Concat(jpg[:len(jpg)-400], []byte{0xff, 0xd9})} {
		if _, err := picture.Inspect(b); err != nil {
			t.Errorf("%s: the header is whole: %v", what, err)
		}
		_, err := picture.Renditions(b, picture.Words{}, 10)
		wantSentence(t, what, err, "damaged")
	}
}

// damaged changes a byte of a PNG's pixels.
func damaged(b []byte) []byte {
	b = bytes.Clone(b)
	b[bytes.Index(b, []byte("IDAT"))+12] ^= 0x55
	return b
}

func wantSentence(t *testing.T, what string, err error, says string) {
	t.Helper()
	r, ok := story.AsRefusal(err)
	switch {
	case !ok:
		t.Errorf("%s: %v is no refusal", what, err)
	case !strings.HasSuffix(r.Sentence, ".") || strings.Contains(r.Sentence, "image:") || strings.Contains(r.Sentence, "\n"):
		t.Errorf("%s: %q is no sentence for people", what, r.Sentence)
	case !strings.Contains(r.Sentence, says):
		t.Errorf("%s: %q does not say %q", what, r.Sentence, says)
	}
}

func BenchmarkRenditions(b *testing.B) {
	raw := jpegOf(b, quarters(4000, 3000))
	for b.Loop() {
		if _, err := picture.Renditions(raw, picture.Words{}, 480, 960, 1600); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspect(b *testing.B) {
	raw := withEXIF(jpegOf(b, quarters(800, 600)), map[uint16]any{0x13b: "Ilo Marsh"})
	for b.Loop() {
		if _, err := picture.Inspect(raw); err != nil {
			b.Fatal(err)
		}
	}
}
