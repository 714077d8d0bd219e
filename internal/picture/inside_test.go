package picture

import (
	"image"
	"image/color"
	"testing"
)

func TestSafely(t *testing.T) {
	_, err := safely(nil, func([]byte) (int, error) { panic("index out of range") })
	if err == nil {
		t.Error("a panic is no error")
	}
	if v, err := safely([]byte{7}, func(b []byte) (byte, error) { return b[0], nil }); v != 7 || err != nil {
		t.Error(v, err)
	}
}

// Averages are exact, at the edges too, where less than a block is left.
func TestAverage(t *testing.T) {
	img := image.NewRGBA(image.Rect(3, 5, 3+5, 5+3)) // 5 by 3, and not at the origin
	for y := 5; y < 8; y++ {
		for x := 3; x < 8; x++ {
			img.Set(x, y, color.Gray{uint8(10 * (x - 3))})
		}
	}
	out := average(img, 2)
	if out.Rect.Dx() != 3 || out.Rect.Dy() != 2 {
		t.Fatal(out.Rect)
	}
	for y := range 2 {
		for x, want := range []uint8{5, 25, 40} {
			if got := out.RGBAAt(x, y); got.R != want || got.A != 255 {
				t.Errorf("%d,%d: %v, want %d", x, y, got, want)
			}
		}
	}
}

// Resources of Photoshop are padded to even lengths, which other readers insist on.
func TestResourcesAreEven(t *testing.T) {
	for _, caption := range []string{"", "a", "ab", "abc"} {
		if n := len(photoshopBlock(Words{Caption: caption})); n%2 == 1 {
			t.Errorf("%q gives %d bytes", caption, n)
		}
	}
}

func TestInstantText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "yesterday": "", "0000:00:00 00:00:00": "", "2024-03-22T09:15:00+01:00": "2024-03-22T09:15:00+01:00", "2024-03-22T09:15Z": "2024-03-22T09:15:00Z",
		"2024:03:22 09:15:00": "2024-03-22T09:15:00", "2024:03:22 09:15:00+01:00": "2024-03-22T09:15:00+01:00", "2024:03:22": "2024-03-22", "20240322 091500+0100": "2024-03-22T09:15:00+01:00", "20240322": "2024-03-22",
	} {
		if got := instantText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
