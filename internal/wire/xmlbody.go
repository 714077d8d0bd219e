package wire

import (
	"encoding/xml"
	"strings"
)

// bodyRoots are the elements that begin a text. Others (results of a match, figures of a
// company, a list of events) are data for programs, and no report.
var bodyRoots = set("html body nitf body.content div section article main p")

// A nitfHead is what NITF says above its text.
type nitfHead struct{ headline, byline, dateline, summary string }

// xmlBody reads XHTML or NITF, whatever its prefixes; false for what is no text. The
// reading is lenient, for the whole was checked before.
func xmlBody(inner string) (out body, head nitfHead, ok bool, err error) {
	d := decoder([]byte(inner), false)
	var b builder
	started := false
	for !b.over {
		tok, err := d.Token()
		if err != nil {
			out, err := b.end()
			return out, head, started, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if !started && !bodyRoots[name] {
				return body{}, head, false, nil
			}
			started = true
			if name == "body.head" {
				head.read(d)
				continue
			}
			b.open(name, attributes(t))
		case xml.EndElement:
			b.close(strings.ToLower(t.Name.Local))
		case xml.CharData:
			b.text(t)
		}
	}
	return body{}, head, true, errLong
}

// attributes are those of an element, by their local names; nil where it has none.
func attributes(t xml.StartElement) map[string]string {
	if len(t.Attr) == 0 {
		return nil
	}
	attr := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		attr[strings.ToLower(a.Name.Local)] = a.Value
	}
	return attr
}

// read takes the words of a body.head, up to its end.
func (h *nitfHead) read(d *xml.Decoder) {
	var words struct {
		Headline []flat `xml:"hedline>hl1"`
		Byline   []flat `xml:"byline"`
		Dateline []flat `xml:"dateline"`
		Abstract []flat `xml:"abstract"`
	}
	if d.DecodeElement(&words, &xml.StartElement{Name: xml.Name{Local: "body.head"}}) != nil {
		return // it was checked already; a second head may still be odd, and is left
	}
	*h = nitfHead{first(words.Headline).Text, first(words.Byline).Text, first(words.Dateline).Text, first(words.Abstract).Text}
}

// A flat is an element's text, whatever is marked up in it, with language and role.
type flat struct {
	Text string
	Lang string
	Role string
}

// UnmarshalXML reads the text of an element and of all that is in it.
func (f *flat) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	attr := attributes(start)
	f.Lang, f.Role = attr["lang"], attr["role"]
	var b strings.Builder
	for depth := 1; depth > 0; {
		tok, err := d.Token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			if blocks[t.Name.Local] || t.Name.Local == "br" {
				b.WriteByte(' ')
			}
		case xml.EndElement:
			depth--
			if blocks[t.Name.Local] {
				b.WriteByte(' ')
			}
		case xml.CharData:
			b.Write(t)
		}
	}
	f.Text = strings.TrimSpace(b.String())
	return nil
}

// first is the first of some, or nothing.
func first[T any](all []T) (v T) {
	if len(all) > 0 {
		v = all[0]
	}
	return v
}

// inRole picks the text in a role, such as main or caption, however its scheme is
// prefixed; else the first in the language; else the first.
func inRole(all []flat, lang string, roles ...string) string {
	for _, role := range roles {
		for _, f := range all {
			if f.Role[strings.LastIndexAny(f.Role, ":/")+1:] == role {
				return f.Text
			}
		}
	}
	for _, f := range all {
		if f.Lang == lang && lang != "" {
			return f.Text
		}
	}
	return first(all).Text
}
