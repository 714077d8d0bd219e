package picture

import (
	"encoding/binary"
	"encoding/xml"
	"hash/crc32"
	"strings"
)

// wordsIntoJPEG puts an XMP and an IPTC-IIM segment behind the start of a JPEG.
func wordsIntoJPEG(jpg []byte, w Words) []byte {
	out := append([]byte{}, jpg[:2]...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+xmpPacket(w))...)
	out = append(out, segment(0xed, photoshopMark+photoshopBlock(w))...)
	return append(out, jpg[2:]...)
}

// segment frames a JPEG segment. Bodies are shorter than 64 KiB, for words are cut.
func segment(marker byte, body string) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(head, body...)
}

// wordsIntoPNG puts an XMP chunk behind the header of a PNG.
func wordsIntoPNG(b []byte, w Words) []byte {
	const header = 8 + 25 // signature and IHDR
	body := "iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00" + xmpPacket(w)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(body)))
	return append(append(append([]byte{}, b[:header]...), chunk...), b[header:]...)
}

// maxEmbedded is the longest text that is written, in bytes: IIM's limit for captions.
const maxEmbedded = 2000

// xmpPacket writes caption, alternative text, creator, credit and rights (XMP with IPTC
// Core 1.5).
func xmpPacket(w Words) string {
	var b strings.Builder
	b.WriteString(`<?xpacket begin="` + "\uFEFF" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">`)
	property := func(name, before, text, after string) {
		if text = shorten(clean(text), maxEmbedded); text != "" {
			b.WriteString("<" + name + ">" + before)
			_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder does not fail
			b.WriteString(after + "</" + name + ">")
		}
	}
	const alt, endAlt = `<rdf:Alt><rdf:li xml:lang="x-default">`, `</rdf:li></rdf:Alt>`
	property("photoshop:Credit", "", w.Credit.String(), "")
	property("dc:creator", "<rdf:Seq><rdf:li>", w.Credit.Photographer, "</rdf:li></rdf:Seq>")
	property("dc:description", alt, w.Caption, endAlt)
	property("dc:rights", alt, w.Copyright, endAlt)
	property("Iptc4xmpCore:AltTextAccessibility", alt, w.Alt, endAlt)
	b.WriteString(`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
	return b.String()
}

// photoshopBlock writes the same as IIM, in UTF-8 as its envelope declares. IIM gives
// names 32 bytes; readers take more, and half a name is none.
func photoshopBlock(w Words) string {
	var iim strings.Builder
	put := func(record, dataset byte, text string, most int) {
		if text = shorten(text, most); text != "" {
			iim.Write([]byte{0x1c, record, dataset, byte(len(text) >> 8), byte(len(text))})
			iim.WriteString(text)
		}
	}
	put(1, 90, utf8Mark, 3)
	put(2, 0, "\x00\x04", 2) // version 4
	put(2, 80, clean(w.Credit.Photographer), 256)
	put(2, 110, clean(w.Credit.String()), 256)
	put(2, 116, clean(w.Copyright), 256)
	put(2, 120, clean(w.Caption), maxEmbedded)
	size := iim.Len()
	if size%2 == 1 {
		iim.WriteByte(0)
	}
	return "8BIM\x04\x04\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(size))) + iim.String()
}
