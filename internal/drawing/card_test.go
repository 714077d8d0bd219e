package drawing

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"

	"dateline/internal/story"
)

var house = Colours{Paper: "#fdfcf8", Ink: "#15171a", Quiet: "#55575a", Rule: "#d6d2c8"}

// seen is a text as it is seen from left to right.
func seen(t *testing.T, text string, rtl bool) string {
	t.Helper()
	runes := []rune(plain(text))
	at, ok := levels(runes, rtl)
	if !ok {
		t.Fatalf("%q has no levels", text)
	}
	return string(visual(runes, at, rtl))
}

// TestWordsAreSeenInOrder: the expected lines were worked out by hand from the rules of
// Unicode Standard Annex 9.
func TestWordsAreSeenInOrder(t *testing.T) {
	for _, c := range []struct {
		text string
		rtl  bool
		want string
	}{
		{"Harbour board votes 7-4", false, "Harbour board votes 7-4"},
		{"אבג דה", true, "הד גבא"},
		{"אבג דה", false, "הד גבא"},
		{"אבג 18:52 דה", true, "הד 18:52 גבא"},
		{"Mayor אבג 123 דה said", false, "Mayor הד 123 גבא said"},
		{"אבג 123 said", false, "123 גבא said"},
		{"אבג 50% of it", false, "50% גבא of it"},
		{"אבג, 5 said", false, "5 ,גבא said"},
		{"אבג (New York) דה", true, "הד (New York) גבא"},
		{"אבג (דה) ו", true, "ו (הד) גבא"},
		{"In (אבג) it", false, "In (גבא) it"},
		{"”אבג”, אמר", true, "רמא ,”גבא”"},
		{"על־פי 3 דוחות", true, "תוחוד 3 יפ־לע"},
		{"Reuters: אבג", true, "גבא :Reuters"},
		{"\u202eabc\u202c", false, "abc"},
	} {
		if got := seen(t, c.text, c.rtl); got != c.want {
			t.Errorf("%q, rtl %t: %q, want %q", c.text, c.rtl, got, c.want)
		}
	}
}

// TestOnlyWhatIsDrawnRightIsDrawn: letters that join, points, and scripts that no face has.
func TestOnlyWhatIsDrawnRightIsDrawn(t *testing.T) {
	var b brush
	for text, want := range map[string]bool{
		"Harbour board votes — “yes”, 7–4": true, "Łódź, Kraków, Čapek": true, "cafe\u0301": true, "ועדת הנמל אישרה ב־18:52": true, "צה״ל ו״הארץ”": true,
		"الميناء": false, "שָׁלוֹם": false, "Гавань": false, "港湾": false, "x\u0301\u0302": false, "": false, " \u200f ": false, "🚢 ship": false,
	} {
		if _, ok := b.paragraph(headline, text, false); ok != want {
			t.Errorf("%q is drawn: %t", text, ok)
		}
	}
}

func photograph(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1066))
	for y := range 1066 {
		for x := range 1600 {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 7), 120, uint8(y / 5), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// drawn decodes a card, and says whether its picture's corner is there and whether there is
// ink where the words stand.
func drawn(t *testing.T, c Card) (pictured, worded bool) {
	t.Helper()
	raw, err := c.JPEG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Size() != image.Pt(Width, Height) {
		t.Fatal(err, img.Bounds())
	}
	dark := func(x, y int) bool { r, g, b, _ := img.At(x, y).RGBA(); return r+g+b < 3*0x6000 }
	far := Width - 8
	if c.RTL {
		far = 8
	}
	for y := 220; y < 560; y++ {
		for x := 80; x < 1120; x += 3 {
			inWords := x < 500
			if c.RTL {
				inWords = x > 700
			}
			worded = worded || inWords && dark(x, y)
		}
	}
	r, g, b, _ := img.At(far, 8).RGBA()
	return r+g+b < 3*0xe000, worded
}

func TestCards(t *testing.T) {
	photo := photograph(t)
	whole := Card{House: "The Meridian", Kicker: "Trade", Headline: "Harbour board votes to extend the northern quay by two berths", Picture: photo, Credit: "Photo: Ilan Varga / Northwind", Colours: house, Focal: &story.Focal{X: .2, Y: .9}}
	for name, c := range map[string]struct {
		change           func(*Card)
		pictured, worded bool
	}{
		"whole":                          {func(*Card) {}, true, true},
		"without a picture":              {func(c *Card) { c.Picture = nil }, false, true},
		"without a credit":               {func(c *Card) { c.Credit = "" }, false, true},
		"credit in a script not drawn":   {func(c *Card) { c.Credit = "تصوير: سامي" }, false, true},
		"credit too long to stand whole": {func(c *Card) { c.Credit = strings.Repeat("Northwind and others ", 12) }, false, true},
		"no picture at all":              {func(c *Card) { c.Picture = []byte("not a picture") }, false, true},
		"cut off":                        {func(c *Card) { c.Picture = photo[:len(photo)/2] }, false, true},
		"Arabic":                         {func(c *Card) { c.RTL, c.Headline, c.Kicker = true, "مجلس الميناء", "" }, true, false},
		"Hebrew": {func(c *Card) {
			c.RTL, c.House, c.Kicker, c.Headline, c.Credit = true, "המרידיאן", "סחר", "ועדת הנמל אישרה ב־18:52 את הרחבת הרציף הצפוני בשני מעגנים", "צילום: אילן ורגה / Northwind"
		}, true, true},
		"a focal point that is none": {func(c *Card) { c.Focal = &story.Focal{X: -4, Y: 1e9} }, true, true},
		"colours that are none":      {func(c *Card) { c.Colours = Colours{Paper: "#ffffff", Ink: "url(x)"} }, true, true},
		"one long word":              {func(c *Card) { c.Headline = strings.Repeat("harbour", 60) }, true, false},
	} {
		card := whole
		c.change(&card)
		if pictured, worded := drawn(t, card); pictured != c.pictured || worded != c.worded {
			t.Errorf("%s: pictured %t, worded %t", name, pictured, worded)
		}
		if dir := os.Getenv("DATELINE_SEE_CARDS"); dir != "" {
			raw, _ := card.JPEG()
			_ = os.WriteFile(dir+"/card-"+strings.ReplaceAll(name, " ", "-")+".jpg", raw, 0o600)
		}
	}
}

func TestIcons(t *testing.T) {
	logo := image.NewNRGBA(image.Rect(0, 0, 100, 90))
	for y := range 90 {
		for x := range 100 {
			logo.SetNRGBA(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, logo); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		icon Icon
		red  bool // in the middle
	}{
		"initial":    {Icon{Name: "The Meridian", Colours: house}, false},
		"Hebrew":     {Icon{Name: "המרידיאן", Colours: house}, false},
		"Arabic":     {Icon{Name: "الخط", Colours: house}, false},
		"logo":       {Icon{Name: "The Meridian", Logo: raw.Bytes(), Colours: house}, true},
		"safe":       {Icon{Name: "The Meridian", Logo: raw.Bytes(), Colours: house, Safe: true}, true},
		"wrong logo": {Icon{Name: "The Meridian", Logo: []byte("\x89PNG"), Colours: house}, false},
	} {
		for _, size := range []int{32, 180, 512} {
			b, err := c.icon.PNG(size)
			if err != nil {
				t.Fatal(name, err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil || img.Bounds().Dx() != size || img.Bounds().Dy() != size || !img.(interface{ Opaque() bool }).Opaque() {
				t.Fatal(name, size, err)
			}
			r, g, _, _ := img.At(size/2, size/2).RGBA()
			if red := r > 0xa000 && g < 0x2000; red != c.red {
				t.Errorf("%s at %d: red %t", name, size, red)
			}
			colours := map[color.Color]bool{}
			for y := range size {
				for x := range size {
					colours[img.At(x, y)] = true
				}
			}
			if len(colours) < 2 {
				t.Errorf("%s at %d is empty", name, size)
			}
			if dir := os.Getenv("DATELINE_SEE_CARDS"); dir != "" {
				_ = os.WriteFile(dir+"/icon-"+name+".png", b, 0o600)
			}
		}
	}
}

func BenchmarkCard(b *testing.B) {
	c := Card{House: "The Meridian", Kicker: "Trade", Headline: "Harbour board votes to extend the northern quay by two berths", Picture: photograph(b), Credit: "Photo: Ilan Varga / Northwind", Colours: house}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.JPEG(); err != nil {
			b.Fatal(err)
		}
	}
}
