package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of XML and JSON before anything is built from them. Two thousand items of a real
// feed have half of these elements.
const (
	maxDepth      = 256
	maxAttributes = 64
	maxElements   = 100_000
)

var errAttributes = fmt.Errorf("has an element with more than %d attributes", maxAttributes)

// errCut says that a file ends too early.
var errCut = errors.New("is cut off before its end")

// walkXML reads the tokens of a file once, keeping none: whole, well-formed if strict,
// not too deep nor too many, without entities of its own.
func walkXML(b []byte, strict bool) error {
	if crowded(b) {
		return errAttributes
	}
	d := decoder(b, strict)
	depth, elements, items := 0, 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return syntaxError(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth, elements = depth+1, elements+1
			if t.Name.Local == "item" || t.Name.Local == "entry" || t.Name.Local == "newsItem" {
				items++
			}
			switch {
			case depth > maxDepth:
				return fmt.Errorf("nests elements deeper than %d", maxDepth)
			case len(t.Attr) > maxAttributes:
				return errAttributes
			case elements > maxElements:
				return fmt.Errorf("has more than %d elements", maxElements)
			case items > MaxItems:
				return fmt.Errorf("holds more than %d items", MaxItems)
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return errors.New("defines entities of its own, as a bomb does")
			}
		}
	}
}

// crowded finds a tag with so many attributes that even to count them as tokens would
// cost hundreds of megabytes. It looks at bytes alone; what is less is counted exactly.
func crowded(b []byte) bool {
	const most = 100 * maxAttributes
	signs, quote, inTag := 0, byte(0), false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case !inTag && c == '<':
			if bytes.HasPrefix(b[i:], []byte("<![CDATA[")) {
				end := bytes.Index(b[i:], []byte("]]>"))
				if end < 0 {
					return false // cut off, as the walk will say
				}
				i += end
				continue
			}
			inTag, signs = true, 0
		case inTag && c == '>':
			inTag = false
		case inTag && (c == '"' || c == '\''):
			quote = c
		case inTag && c == '=':
			if signs++; signs > most {
				return true
			}
		}
	}
	return false
}

// decoder reads XML that is UTF-8 by now, with the entities that HTML names.
func decoder(b []byte, strict bool) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict, d.Entity = strict, xml.HTMLEntity
	return d
}

func syntaxError(err error) error {
	var s *xml.SyntaxError
	switch {
	case errors.As(err, &s) && strings.Contains(s.Msg, "EOF"):
		return errCut
	case errors.As(err, &s):
		return fmt.Errorf("is not well-formed XML: line %d, %s", s.Line, strings.TrimRight(cut(clean(s.Msg), 120), "."))
	}
	return errors.New("is not well-formed XML")
}

// root is the local name of the first element of a file, "" if it is not XML.
func root(b []byte) string {
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
		return ""
	}
	d := decoder(b, false)
	for range 100 {
		tok, err := d.RawToken()
		if err != nil {
			return ""
		}
		if e, ok := tok.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
	return ""
}

// walkJSON reads a JSON text once, keeping nothing: not too deep, not too many values.
// Whether it is well-formed is for the decoder to say.
func walkJSON(b []byte) error {
	depth, values := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			values++
		}
		switch {
		case depth > maxDepth:
			return fmt.Errorf("nests deeper than %d", maxDepth)
		case values > maxElements:
			return fmt.Errorf("has more than %d values", maxElements)
		}
	}
	return nil
}
