package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
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

// oriented puts an EXIF segment with an orientation into a JPEG, with a GPS-like secret.
func oriented(jpg []byte, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = binary.BigEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "SERIAL-NUMBER-4711"...)
	seg := []byte{0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(seg[2:], uint16(len(exif)+2))
	return append(append(append([]byte{}, jpg[:2]...), append(seg, exif...)...), append(jpg[2:], "TRAILING-BYTES"...)...)
}

func TestOrientation(t *testing.T) {
	// Which stored corner (0 to 3) stands at the top left once upright (EXIF 2.3, tag 274).
	for orientation, corner := range map[uint16]int{1: 0, 2: 1, 3: 3, 4: 2, 5: 0, 6: 2, 7: 3, 8: 1} {
		raw := oriented(jpegOf(t, quarters(80, 40)), orientation)
		info, err := picture.Inspect(raw)
		if err != nil {
			t.Fatal(err)
		}
		made, err := picture.Renditions(raw, picture.Words{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		r := made[0]
		wide := orientation < 5
		if (r.Width > r.Height) != wide || info.Width != r.Width || len(made) != 1 {
			t.Errorf("orientation %d: %dx%d, inspected %dx%d", orientation, r.Width, r.Height, info.Width, info.Height)
		}
		img, err := jpeg.Decode(bytes.NewReader(r.Data))
		if err != nil {
			t.Fatal(err)
		}
		red, green, blue, _ := img.At(8, 8).RGBA()
		got := map[[3]bool]int{{true, false, false}: 0, {false, true, false}: 1, {false, false, true}: 2, {true, true, false}: 3}[[3]bool{red > 0x8000, green > 0x8000, blue > 0x8000}]
		if got != corner {
			t.Errorf("orientation %d: corner %d at the top left, want %d", orientation, got, corner)
		}
		if bytes.Contains(r.Data, []byte("SERIAL")) || bytes.Contains(r.Data, []byte("TRAILING")) {
			t.Errorf("orientation %d: something of the original is left", orientation)
		}
	}
}

func TestRenditionsSayWhoseTheyAre(t *testing.T) {
	w := picture.Words{Caption: "The quay at Port Ellery, “at dusk” & later.", Alt: "Cranes", Credit: story.Credit{Line: "Ida Kessler / Halyard Agency", Photographer: "Ida Kessler"}}
	made, err := picture.Renditions(jpegOf(t, quarters(1200, 800)), w, 480, 960, 1600)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != 3 || made[0].Width != 480 || made[1].Height != 640 || made[2].Width != 1200 {
		t.Fatalf("%d renditions", len(made))
	}
	for _, r := range made {
		info, err := picture.Inspect(r.Data)
		if err != nil {
			t.Fatal(err)
		}
		m := info.Meta
		if m.Caption != w.Caption || m.Byline != "Ida Kessler" || m.Credit != "Ida Kessler / Halyard Agency" || m.Alt != "Cranes" || len(m.Conflicts) > 0 {
			t.Errorf("%+v", m)
		}
		if m.StoryCredit().String() != "Ida Kessler / Halyard Agency" {
			t.Error(m.StoryCredit())
		}
	}
	again, err := picture.Renditions(jpegOf(t, quarters(1200, 800)), w, 480)
	if err != nil || again[0].SHA256 != made[0].SHA256 {
		t.Error("the same input gave other bytes", err)
	}
}

func TestRefusals(t *testing.T) {
	var p bytes.Buffer
	if err := png.Encode(&p, quarters(10, 10)); err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(p.Bytes())
	binary.BigEndian.PutUint32(huge[16:], 65535)
	binary.BigEndian.PutUint32(huge[20:], 65535)
	for name, b := range map[string][]byte{
		"nothing": {}, "html": []byte("<html><script>alert(1)</script>"), "svg": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "pdf": []byte("%PDF-1.7"),
		"tiff": []byte("II*\x00\x08\x00\x00\x00"), "huge": huge, "too many bytes": make([]byte, picture.MaxBytes+1),
	} {
		if _, err := picture.Inspect(b); err == nil {
			t.Errorf("%s was not refused", name)
		} else if _, ok := story.AsRefusal(err); !ok || strings.Contains(err.Error(), "image:") {
			t.Errorf("%s: %v is no sentence for people", name, err)
		}
	}
	jpg := jpegOf(t, quarters(400, 400))
	if _, err := picture.Renditions(jpg[:len(jpg)/2], picture.Words{}, 100); err == nil {
		t.Error("half a picture was taken")
	}
}

func TestGIFTakesItsFirstFrame(t *testing.T) {
	var b bytes.Buffer
	if err := gif.Encode(&b, quarters(30, 20), nil); err != nil {
		t.Fatal(err)
	}
	if made, err := picture.Renditions(b.Bytes(), picture.Words{}, 480); err != nil || made[0].Type != "image/jpeg" || made[0].Width != 30 {
		t.Error(made, err)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add(oriented(jpegOf(f, quarters(20, 10)), 6))
	f.Fuzz(func(t *testing.T, b []byte) {
		if info, err := picture.Inspect(b); err == nil && info.Width*info.Height <= 1<<16 {
			_, _ = picture.Renditions(b, picture.Words{}, 16)
		}
	})
}
