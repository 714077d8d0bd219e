package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var declared = regexp.MustCompile(`(?i)^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["'][^>]*\?>`)

// decode returns the file as UTF-8 without a byte order mark: by its mark, else by its
// XML declaration, else as UTF-8. What is in no charset that is known is refused.
func decode(b []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		out, err := io.ReadAll(io.LimitReader(transform.NewReader(bytes.NewReader(b), unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder()), 2*MaxBytes))
		if err != nil {
			return nil, errors.New("it is marked as UTF-16 but is not")
		}
		return declared.ReplaceAll(out, nil), nil
	}
	head := b[:min(len(b), 300)]
	if m := declared.FindSubmatch(head); m != nil {
		name := strings.ToLower(string(m[1]))
		rest := b[len(m[0]):]
		if name == "utf-8" || name == "us-ascii" || name == "utf8" {
			return needUTF8(rest)
		}
		enc, _ := charset.Lookup(name)
		if enc == nil || strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-7") {
			return nil, fmt.Errorf("it says that it is written in %q, which it is not, or which is not known here.", clean(string(m[1])))
		}
		out, err := enc.NewDecoder().Bytes(rest)
		if err != nil {
			return nil, fmt.Errorf("it is not written in %s, as it says.", clean(string(m[1])))
		}
		return out, nil
	}
	return needUTF8(b)
}

func needUTF8(b []byte) ([]byte, error) {
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return nil, errors.New("it is not text in UTF-8, nor in a charset that it names.")
	}
	return b, nil
}

// Limits of XML before it is believed.
const (
	maxDepth      = 256
	maxAttributes = 64
)

// checkXML walks the tokens of a file once: whole, not too deep, no entities of its own.
func checkXML(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Entity = xml.HTMLEntity
	depth := 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			if depth == 0 {
				return nil
			}
			return errors.New("it is cut off before its end.")
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) && strings.Contains(syntax.Msg, "EOF") {
				return errors.New("it is cut off before its end.")
			}
			return fmt.Errorf("it is not well-formed XML: %s.", clean(strings.TrimPrefix(err.Error(), "XML syntax error ")))
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			if depth > maxDepth {
				return fmt.Errorf("its elements are nested deeper than %d.", maxDepth)
			}
			if len(t.Attr) > maxAttributes {
				return fmt.Errorf("an element has more than %d attributes.", maxAttributes)
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return errors.New("it defines entities of its own, as a bomb does.")
			}
		}
	}
}

// root is the local name of the first element of a file, "" if it is not XML.
func root(b []byte) string {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	for range 50 {
		tok, err := d.Token()
		if err != nil {
			return ""
		}
		if e, ok := tok.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
	return ""
}
