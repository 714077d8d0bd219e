package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"strings"

	"golang.org/x/image/draw"

	"dateline/internal/story"
)

// Words are what a rendition says of itself, in its own bytes.
type Words struct {
	Caption string
	Alt     string
	Credit  story.Credit
}

// A Rendition is one public form of a picture, with its bytes.
type Rendition struct {
	story.Rendition
	Data []byte
}

const quality = 82

// Renditions makes the public forms of a picture: upright, at most as wide as the widths
// asked for and never wider than the original, encoded anew so that nothing of its
// metadata, thumbnail or trailing bytes is left, with caption and credit written in.
// The same input gives the same bytes.
func Renditions(b []byte, w Words, widths ...int) ([]Rendition, error) {
	info, err := Inspect(b)
	if err != nil {
		return nil, err
	}
	decoded, _, err := safely(func() (image.Image, string, error) { return image.Decode(bytes.NewReader(b)) })
	if err != nil {
		return nil, story.Refuse(story.Invalid, "The picture is damaged: it cannot be decoded to its end.")
	}
	full := upright(decoded, info.Orientation)
	var out []Rendition
	for _, width := range sizes(full.Bounds().Dx(), widths) {
		r, err := encode(scale(full, width), w)
		if err != nil {
			return nil, fmt.Errorf("encoding a rendition: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// sizes are the widths that are made: those below the original's own, and that one if it
// is below the widest.
func sizes(own int, widths []int) (out []int) {
	for _, w := range widths {
		out = append(out, min(w, own))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func scale(src *image.RGBA, width int) *image.RGBA {
	b := src.Bounds()
	if width == b.Dx() {
		return src
	}
	height := max(1, (b.Dy()*width+b.Dx()/2)/b.Dx())
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, b, draw.Src, nil)
	return dst
}

// upright applies the EXIF orientation and puts transparency on white.
func upright(src image.Image, orientation int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), src, b.Min, draw.Over)
	if orientation < 2 || orientation > 8 {
		return flat
	}
	if orientation >= 5 {
		w, h = h, w
	}
	turned := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := source(orientation, x, y, w, h)
			copy(turned.Pix[turned.PixOffset(x, y):][:4], flat.Pix[flat.PixOffset(sx, sy):][:4])
		}
	}
	return turned
}

// source is the stored pixel that stands at (x, y) of the upright picture of w by h
// (EXIF 2.3, tag 274).
func source(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

func encode(img *image.RGBA, w Words) (r Rendition, err error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return r, err
	}
	r.Data = withWords(b.Bytes(), w)
	sum := sha256.Sum256(r.Data)
	r.Rendition = story.Rendition{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(r.Data)), Type: "image/jpeg", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	return r, nil
}

// withWords puts an XMP and an IPTC-IIM segment behind the start of a JPEG.
func withWords(jpg []byte, w Words) []byte {
	out := append([]byte{}, jpg[:2]...)
	out = append(out, segment(0xe1, append([]byte("http://ns.adobe.com/xap/1.0/\x00"), xmpPacket(w)...))...)
	out = append(out, segment(0xed, append([]byte("Photoshop 3.0\x00"), iimResource(w)...))...)
	return append(out, jpg[2:]...)
}

func segment(marker byte, body []byte) []byte {
	head := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2)) // words are cut to far less than 64 KiB
	return append(head, body...)
}

// xmpPacket writes caption, alternative text, creator and credit (XMP; IPTC Core 1.5).
func xmpPacket(w Words) []byte {
	esc := func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(shorten(s, 2000))) // a strings.Builder does not fail
		return b.String()
	}
	alt := func(name, text string) string {
		if text == "" {
			return ""
		}
		return "<" + name + `><rdf:Alt><rdf:li xml:lang="x-default">` + esc(text) + "</rdf:li></rdf:Alt></" + name + ">"
	}
	creator := ""
	if p := w.Credit.Photographer; p != "" {
		creator = "<dc:creator><rdf:Seq><rdf:li>" + esc(p) + "</rdf:li></rdf:Seq></dc:creator>"
	}
	return []byte(`<?xpacket begin="` + "\uFEFF" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">` +
		"<photoshop:Credit>" + esc(w.Credit.String()) + "</photoshop:Credit>" + creator + alt("dc:description", w.Caption) + alt("Iptc4xmpCore:AltTextAccessibility", w.Alt) +
		`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
}

// iimResource writes the same as IPTC-IIM 4.2 records in a Photoshop resource block, in
// UTF-8 as record 1:90 declares.
func iimResource(w Words) []byte {
	var iim []byte
	put := func(record, dataset byte, text string, most int) {
		text = shorten(text, most)
		if text == "" {
			return
		}
		iim = append(iim, 0x1c, record, dataset, byte(len(text)>>8), byte(len(text)))
		iim = append(iim, text...)
	}
	put(1, 90, "\x1b%G", 3)
	put(2, 80, w.Credit.Photographer, 256)
	put(2, 110, w.Credit.String(), 256)
	put(2, 120, w.Caption, 2000)
	block := []byte("8BIM\x04\x04\x00\x00")
	block = binary.BigEndian.AppendUint32(block, uint32(len(iim)))
	block = append(block, iim...)
	if len(iim)%2 == 1 {
		block = append(block, 0)
	}
	return block
}

// shorten cuts text to at most n bytes, at a character.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
