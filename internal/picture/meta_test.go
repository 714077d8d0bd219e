package picture_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/picture"
	"dateline/internal/story"
)

// xmp is a packet with properties.
func xmp(properties string) string {
	return "http://ns.adobe.com/xap/1.0/\x00<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>" +
		"<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' xmlns:xmpRights='http://ns.adobe.com/xap/1.0/rights/'" +
		" xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/' xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' " + properties + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
}

// extended marks a value of IIM's long kind, which holds no words.
const extended = -1

// iim is a Photoshop block of datasets, behind another resource as Photoshop writes it.
func iim(values ...any) string {
	var data []byte
	for i := 0; i < len(values); i += 2 {
		text := values[i+1].(string)
		if values[i] == extended {
			data = append(data, 0x1c, 2, 80, 0x80, 0x04)
		} else {
			data = binary.BigEndian.AppendUint16(append(data, 0x1c, 2, byte(values[i].(int))), uint16(len(text)))
		}
		data = append(data, text...)
	}
	size := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	return "Photoshop 3.0\x008BIM\x03\xed\x03abc\x00\x00\x00\x03xyz\x008BIM\x04\x04\x00\x00" + string(size) + string(data)
}

// TestMeta: what agencies write, where they write it, and what differs.
func TestMeta(t *testing.T) {
	jpg := jpegOf(t, quarters(8, 8))
	for _, c := range []struct {
		what string
		raw  []byte
		want picture.Meta
	}{
		{"nothing", jpg, picture.Meta{}},
		{"XMP", withSegment(jpg, 0xe1, xmp(`photoshop:Credit="Halyard" photoshop:City='Port&#160;Ellery' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture">
			<dc:description><rdf:Alt><rdf:li xml:lang="de">Am Kai</rdf:li><rdf:li xml:lang="x-default">On the &lt;quay&gt;</rdf:li></rdf:Alt></dc:description>
			<dc:creator><rdf:Seq><rdf:li>Ida Kessler<x:note>staff</x:note></rdf:li><rdf:li>Ott Varga</rdf:li></rdf:Seq></dc:creator><dc:rights><rdf:Alt><rdf:li xml:lang="en">© Halyard</rdf:li></rdf:Alt></dc:rights>
			<dc:source>not the agency</dc:source><photoshop:Source>Halyard Agency</photoshop:Source><xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">No sales</rdf:li></rdf:Alt></xmpRights:UsageTerms>
			<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Cranes</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility><photoshop:DateCreated>2024-03-22T09:15:00+01:00</photoshop:DateCreated>
			<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:PersonName><rdf:Alt><rdf:li xml:lang="x-default">not a caption</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName></rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImageWDetails>`)),
			picture.Meta{Caption: "On the <quay>", Alt: "Cranes", Byline: "Ida Kessler, Ott Varga", Credit: "Halyard", Source: "Halyard Agency", Copyright: "© Halyard", Usage: "No sales", City: "Port Ellery", Created: "2024-03-22T09:15:00+01:00", Made: "digitalCapture",
				Origins: from("xmp", "caption", "alt", "byline", "credit", "source", "copyright", "usage", "city", "created", "made")}},
		{"IIM in an old charset", withSegment(jpg, 0xed, iim(80, "Ida Kessler", 105, "The quay", 110, "Halyard", 115, "Halyard Agency", 116, "\xa9 2024", 120, "Gr\xfcne \x93Kr\xe4ne\x94", 40, "NO SALES", 55, "20240322", 60, "091500+0100", 5, "quay", 90, "-", 95, "North", 101, "Ellery")),
			picture.Meta{Headline: "The quay", Caption: "Grüne “Kräne”", Byline: "Ida Kessler", Credit: "Halyard", Source: "Halyard Agency", Copyright: "© 2024", Instructions: "NO SALES", Title: "quay", State: "North", Country: "Ellery", Created: "2024-03-22T09:15:00+01:00",
				Origins: from("iim", "headline", "caption", "byline", "credit", "source", "copyright", "instructions", "title", "state", "country", "created")}},
		{"IIM in UTF-8 without saying so", withSegment(jpg, 0xed, iim(120, "Grüne “Kräne”", 80, "A", 80, "B")), picture.Meta{Caption: "Grüne “Kräne”", Byline: "A, B", Origins: from("iim", "caption", "byline")}},
		{"IIM, an extended value", withSegment(jpg, 0xed, iim(120, "A", extended, strings.Repeat("a", 40_000))), picture.Meta{Caption: "A", Origins: from("iim", "caption")}},
		{"EXIF", withEXIF(jpg, map[uint16]any{0x10e: "On the quay", 0x13b: "Ida Kessler", 0x8298: "Halyard"}), picture.Meta{Caption: "On the quay", Byline: "Ida Kessler", Copyright: "Halyard", Origins: from("exif", "caption", "byline", "copyright")}},
		{"three that differ", withSegment(withSegment(withEXIF(jpg, map[uint16]any{0x13b: "Camera"}), 0xed, iim(80, "IDA KESSLER", 120, "Old caption", 110, "Halyard Pictures and all of its par")), 0xe1,
			xmp(`photoshop:Credit="Halyard Pictures and all of its partners"><dc:creator><rdf:Seq><rdf:li>Ida Kessler</rdf:li></rdf:Seq></dc:creator><dc:description>New caption</dc:description>`)),
			picture.Meta{Caption: "New caption", Byline: "Ida Kessler", Credit: "Halyard Pictures and all of its partners", Origins: from("xmp", "caption", "byline", "credit"),
				Conflicts: []picture.Conflict{{Field: "byline", Origin: "exif", Text: "Camera"}, {Field: "caption", Origin: "iim", Text: "Old caption"}}}},
		{"two packets, the second after the end", append(withSegment(jpg, 0xe1, xmp(`photoshop:Credit="First">`)), xmp(`photoshop:Credit="Second" photoshop:Source="Halyard">`)...),
			picture.Meta{Credit: "First", Source: "Halyard", Origins: from("xmp", "credit", "source")}},
		{"prefixes that nobody declared", withSegment(jpg, 0xe1, "http://ns.adobe.com/xap/1.0/\x00<rdf:RDF><rdf:Description photoshop:Credit='Halyard'/></rdf:RDF>"), picture.Meta{Credit: "Halyard", Origins: from("xmp", "credit")}},
		{"one time with its zone and one without", withSegment(withSegment(jpg, 0xed, iim(55, "20240322", 60, "091500+0100")), 0xe1, xmp(`photoshop:DateCreated="2024-03-22T09:15:00">`)), picture.Meta{Created: "2024-03-22T09:15:00+01:00", Origins: from("iim", "created")}},
		{"a broken packet", withSegment(jpg, 0xe1, xmp(`photoshop:Credit="Halyard"><dc:description></dc:wrong>`)), picture.Meta{Credit: "Halyard", Origins: from("xmp", "credit")}},
		{"what cannot be seen", withSegment(jpg, 0xe1, xmp("photoshop:Credit='Hal\u202eyard\u200b &#x9;\u0301'>")), picture.Meta{Credit: "Halyard \u0301", Origins: from("xmp", "credit")}},
	} {
		got := inspect(t, c.raw).Meta
		if len(got.Origins) == 0 {
			got.Origins = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

func from(origin string, fields ...string) map[string]string {
	m := map[string]string{}
	for _, f := range fields {
		m[f] = origin
	}
	return m
}

func TestStoryCredit(t *testing.T) {
	for _, c := range []struct {
		meta picture.Meta
		want string
	}{
		{picture.Meta{}, ""},
		{picture.Meta{Caption: "c", Copyright: "© 2024"}, ""}, // a notice is no credit: an editor decides
		{picture.Meta{Credit: "Ida Kessler / Halyard", Byline: "Ida Kessler", Source: "Halyard"}, "Ida Kessler / Halyard"},
		{picture.Meta{Credit: "AFP/Halyard", Byline: "IDA KESSLER", Source: "AFP"}, "IDA KESSLER / AFP/Halyard"},
		{picture.Meta{Credit: "ida kessler/halyard", Byline: "IDA KESSLER"}, "ida kessler/halyard"},
		{picture.Meta{Byline: "Ida Kessler"}, "Ida Kessler"},
		{picture.Meta{Byline: "Ida Kessler", Source: "Halyard"}, "Ida Kessler / Halyard"},
		{picture.Meta{Source: "Halyard"}, "Halyard"},
	} {
		if got := c.meta.StoryCredit().String(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.meta, got, c.want)
		}
	}
}

// What is written into a rendition is read from it again, by our readers and the library,
// and no two places differ.
func TestWordsRoundTrip(t *testing.T) {
	raw := jpegOf(t, quarters(1200, 800))
	for _, w := range []picture.Words{
		{},
		{Caption: "The quay at Port Ellery, “at dusk” & <later>.", Alt: "Cranes", Copyright: "© 2024 Halyard", Credit: story.Credit{Line: "Ida Kessler / Halyard Agency", Photographer: "Ida Kessler"}},
		{Caption: "odd", Credit: story.Credit{Photographer: "A", Agency: "B"}},
		{Caption: "הרציף בפורט אלרי, “עם ערב”", Alt: "منظر", Credit: story.Credit{Line: "עידה קסלר"}},
		{Caption: strings.Repeat("Über den Kai. ", 250), Credit: story.Credit{Line: strings.Repeat("Ä", 200)}},
		{Caption: "]]>\x00\x1b\u202e &amp; <?xpacket end='r'?></rdf:RDF>", Credit: story.Credit{Line: "a\nb"}},
	} {
		for _, r := range render(t, raw, w, 480, 960) {
			m := inspect(t, r.Data).Meta
			if !bytes.Contains(r.Data, []byte("\x1c\x01\x5a\x00\x03\x1b%G")) {
				t.Error("IIM does not say that it is UTF-8")
			}
			if len(m.Conflicts) > 0 {
				t.Errorf("%q conflicts: %+v", w.Caption, m.Conflicts)
			}
			for field, texts := range map[string][2]string{"caption": {w.Caption, m.Caption}, "alt": {w.Alt, m.Alt}, "credit": {w.Credit.String(), m.Credit}, "byline": {w.Credit.Photographer, m.Byline}, "copyright": {w.Copyright, m.Copyright}} {
				want := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
					if r == 0 || r == 0x1b || r == 0x202e {
						return -1
					}
					return r
				}, texts[0])), " ")
				if texts[1] != want && (len(want) < 2000 || !strings.HasPrefix(want, texts[1]) || len(texts[1]) < 1990) {
					t.Errorf("%s %q came back as %q", field, want, texts[1])
				}
			}
		}
	}
}

// Hostile metadata costs little and says nothing it should not.
func TestHostileMeta(t *testing.T) {
	jpg := jpegOf(t, quarters(8, 8))
	for what, raw := range map[string][]byte{
		"nested":           withSegment(jpg, 0xe1, xmp(">"+strings.Repeat("<rdf:li>", 5000))),
		"many names":       withSegment(jpg, 0xe1, xmp("><dc:creator><rdf:Seq>"+strings.Repeat("<rdf:li>a</rdf:li>", 2000)+"</rdf:Seq></dc:creator>")),
		"entities":         withSegment(jpg, 0xe1, "<!DOCTYPE a [<!ENTITY b 'c'>]><rdf:RDF><rdf:Description photoshop:Credit='&b;'/></rdf:RDF>"),
		"a huge packet":    append(slices.Clone(jpg), xmp(">"+strings.Repeat("<dc:title>a</dc:title>", 100_000))...),
		"IIM without end":  withSegment(jpg, 0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\xff\xff\xff\xff\x1c\x02\x50\xff\xff"),
		"IIM, long value":  withSegment(jpg, 0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x09\x1c\x02\x50\x80\x04\x7f\xff\xff\xff"),
		"IIM, long name":   withSegment(jpg, 0xed, "Photoshop 3.0\x008BIM\x04\x04\xff"),
		"EXIF in a circle": withSegment(jpg, 0xe1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08"),
		"EXIF, many":       withSegment(jpg, 0xe1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"+strings.Repeat("\x01\x3b\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00", 5000)),
	} {
		info := inspect(t, raw)
		if text := fmt.Sprintf("%+v", info.Meta); len(text) > 20_000 {
			t.Errorf("%s: %d bytes of words", what, len(text))
		}
	}
}
