package picture

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// Limits of the XMP that is looked at.
const (
	maxPackets   = 4
	maxPacket    = 1 << 20
	maxXMPTokens = 50_000
	maxNames     = 20 // of one property, such as several creators
)

// The namespaces of XMP that hold words, by the prefixes that IPTC uses. Some programs
// declare none, and write the prefixes alone.
var xmpSpaces = map[string]string{"http://purl.org/dc/elements/1.1/": "dc", "http://ns.adobe.com/photoshop/1.0/": "photoshop", "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
	"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt"}

// xmpFields are the properties that are read, in lower case, and the fields they fill.
var xmpFields = map[string]string{"dc:description": "caption", "dc:creator": "byline", "dc:rights": "copyright", "dc:title": "title",
	"photoshop:headline": "headline", "photoshop:credit": "credit", "photoshop:source": "source", "photoshop:instructions": "instructions",
	"photoshop:datecreated": "created", "photoshop:city": "city", "photoshop:state": "state", "photoshop:country": "country",
	"xmprights:usageterms": "usage", "iptc4xmpcore:alttextaccessibility": "alt", "iptc4xmpext:digitalsourcetype": "made"}

// xmpField is the field that a property fills, "" if none. The library spells the first
// letters as it likes.
func xmpField(space, name string) string {
	if prefix, ok := xmpSpaces[space]; ok {
		space = prefix
	}
	return xmpFields[strings.ToLower(space+":"+name)]
}

// readXMP finds the packets of a file by their own marks, wherever they lie, since some
// agencies put them where no standard does. Of two packets the first is believed.
func readXMP(b []byte, r reading) {
	for range maxPackets {
		i := bytes.Index(b, []byte("<rdf:RDF"))
		if i < 0 {
			return
		}
		b = b[i:]
		end := bytes.Index(b[:min(len(b), maxPacket)], []byte("</rdf:RDF>"))
		if end < 0 {
			return
		}
		end += len("</rdf:RDF>")
		_, _ = safely(b[:end], func(packet []byte) (struct{}, error) { // what it cannot read is left out
			readPacket(packet, r)
			return struct{}{}, nil
		})
		b = b[end:]
	}
}

// readPacket reads the properties of one packet: attributes and children of its
// descriptions, plain or as lists.
func readPacket(packet []byte, r reading) {
	d := xml.NewDecoder(bytes.NewReader(packet))
	d.Strict = false
	for range maxXMPTokens {
		tok, err := d.Token()
		if err != nil {
			return
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local == "RDF" {
			continue
		}
		if e.Name.Local == "Description" {
			for _, a := range e.Attr {
				addXMP(r, a.Name, a.Value)
			}
			continue
		}
		text, err := propertyText(d)
		if err != nil {
			return
		}
		for _, a := range e.Attr {
			if a.Name.Local == "resource" && text == "" {
				text = a.Value
			}
		}
		addXMP(r, e.Name, text)
	}
}

func addXMP(r reading, name xml.Name, text string) {
	field := xmpField(name.Space, name.Local)
	if field == "made" {
		text = text[strings.LastIndexByte(text, '/')+1:] // the last part of an address of IPTC's
	}
	r.add(field, fromXMP, text)
}

// A property is the text of an XMP property while it is read.
type property struct {
	own, item    strings.Builder
	items        []string
	alternatives bool
	chosen       string // the alternative in the default language
	inItem       int    // the depth of the list item that is open, 0 if none
	isDefault    bool   // it is that one
}

// propertyText reads a property to its end.
func propertyText(d *xml.Decoder) (string, error) {
	var p property
	for depth := 1; depth > 0; {
		tok, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			p.open(t, depth)
		case xml.EndElement:
			if depth == p.inItem {
				p.endItem()
			}
			depth--
		case xml.CharData:
			if p.inItem == depth {
				p.item.Write(t)
			} else if depth == 1 {
				p.own.Write(t)
			}
		}
	}
	return p.text(), nil
}

func (p *property) open(t xml.StartElement, depth int) {
	switch t.Name.Local {
	case "Alt":
		p.alternatives = true
	case "li":
		p.inItem, p.isDefault = depth, false
		p.item.Reset()
		for _, a := range t.Attr {
			p.isDefault = p.isDefault || a.Name.Local == "lang" && a.Value == "x-default"
		}
	}
}

func (p *property) endItem() {
	p.inItem = 0
	text := clean(p.item.String())
	if text != "" && len(p.items) < maxNames {
		p.items = append(p.items, text)
	}
	if p.isDefault {
		p.chosen = text
	}
}

// text is its own; of alternatives in several languages the default, else the first; of a
// list all. Structures inside are passed over.
func (p *property) text() string {
	switch {
	case len(p.items) == 0:
		return p.own.String()
	case p.alternatives && p.chosen != "":
		return p.chosen
	case p.alternatives:
		return p.items[0]
	}
	return strings.Join(p.items, ", ")
}
