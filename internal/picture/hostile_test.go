package picture_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"dateline/internal/picture"
	"dateline/internal/story"
)

// wantCleanMeta fails t unless every word is text that may go anywhere.
func wantCleanMeta(t *testing.T, m picture.Meta) {
	t.Helper()
	all := []string{m.Headline, m.Caption, m.Alt, m.Byline, m.Credit, m.Source, m.Copyright, m.Usage, m.Instructions, m.Title, m.Created, m.City, m.State, m.Country, m.Made}
	for _, c := range m.Conflicts {
		all = append(all, c.Text)
	}
	for _, s := range all {
		if !utf8.ValidString(s) || len(s) > 4000 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e }) {
			t.Errorf("not clean: %q", s)
		}
	}
}

func FuzzInspect(f *testing.F) {
	jpg := jpegOf(f, quarters(20, 10))
	f.Add(withEXIF(jpg, map[uint16]any{0x112: 6, 0x13b: "Ida Kessler"}))
	f.Add(withSegment(withSegment(jpg, 0xed, iim(80, "Ida Kessler")), 0xe1, xmp(`photoshop:Credit="Halyard">`)))
	f.Add(pngOf(f, quarters(20, 10)))
	f.Add(red(f))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := picture.Inspect(b)
		if err != nil {
			if _, ok := story.AsRefusal(err); !ok {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		wantCleanMeta(t, info.Meta)
		if info.Width*info.Height > 1<<16 {
			return
		}
		made, err := picture.Renditions(b, picture.Words{Caption: info.Meta.Caption, Credit: info.Meta.StoryCredit()}, 16)
		if err != nil {
			if _, ok := story.AsRefusal(err); !ok {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		if _, err := picture.Logo(b); err != nil {
			if _, ok := story.AsRefusal(err); !ok {
				t.Errorf("%v is no refusal", err)
			}
		}
		for _, r := range made {
			again, err := picture.Inspect(r.Data)
			if err != nil || again.Width != r.Width || again.Height != r.Height || again.Meta.Caption != info.Meta.Caption && len(info.Meta.Caption) < 2000 {
				t.Errorf("a rendition is read otherwise than it was made: %+v, %v", again, err)
			}
		}
	})
}

// The words' readers are reached whatever the pixels are.
func FuzzWords(f *testing.F) {
	jpg := jpegOf(f, quarters(8, 8))
	f.Add(xmp(`photoshop:Credit="Halyard"><dc:creator><rdf:Seq><rdf:li>a</rdf:li></rdf:Seq></dc:creator>`), iim(80, "a", 120, "\xe4"))
	f.Fuzz(func(t *testing.T, packet, block string) {
		if len(packet) > 60_000 || len(block) > 60_000 {
			return
		}
		info, err := picture.Inspect(withSegment(withSegment(jpg, 0xe1, packet), 0xed, block))
		if err != nil {
			t.Fatal(err)
		}
		wantCleanMeta(t, info.Meta)
	})
}
