package wire

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// A mark at the head of a file, and the encoding that it means: a byte order mark, which
// is no part of the text, or the first character of XML or JSON in that encoding. Marks
// that begin like another stand before it.
var marks = []struct {
	mark string
	skip int
	code encoding.Encoding
}{
	{"\x00\x00\xfe\xff", 4, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xff\xfe\x00\x00", 4, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\x00<", 0, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"<\x00\x00\x00", 0, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\xfe\xff", 2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"\xff\xfe", 2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00<", 0, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"<\x00", 0, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00{", 0, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"{\x00", 0, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
}

var declaration = regexp.MustCompile(`^\s*<\?xml\b[^>]*\?>`)
var declared = regexp.MustCompile(`\sencoding\s*=\s*["']([^"']{0,100})["']`)

// decode returns the file as UTF-8 without byte order mark and XML declaration: by its
// mark, else by its declaration, else as UTF-8. What is in another charset than it says,
// or in one that is not known, is refused: a guess would change words.
func decode(b []byte) ([]byte, error) {
	for _, m := range marks {
		if bytes.HasPrefix(b, []byte(m.mark)) {
			return transcode(b[m.skip:], m.code, "the wide form of Unicode that its first bytes promise")
		}
	}
	if rest, ok := bytes.CutPrefix(b, []byte("\xef\xbb\xbf")); ok {
		return keepUTF8(rest, "its first bytes say")
	}
	m := declared.FindSubmatch(declaration.Find(b))
	if m == nil {
		return keepUTF8(b, "wires are that name no other charset")
	}
	name := clean(string(m[1]))
	code, canonical := charset.Lookup(name)
	switch {
	case canonical == "utf-8":
		return keepUTF8(b, "it says")
	case code == nil || canonical == "replacement":
		return nil, fmt.Errorf("names a charset that is not known here (%q)", name)
	case strings.HasPrefix(canonical, "utf-16"):
		return nil, fmt.Errorf("says that it is written in %q, and is not", name)
	case singleByte(canonical) && utf8.Valid(b) && bytes.ContainsFunc(b, func(r rune) bool { return r > 0x7f }):
		return keepUTF8(b, "its bytes are") // an old declaration left on a file that was made UTF-8 since
	}
	return transcode(b, code, name+", as it says")
}

// singleByte reports whether a charset has 256 characters: text in one that uses more than
// ASCII is never UTF-8 by chance.
func singleByte(canonical string) bool {
	return strings.HasPrefix(canonical, "windows-") || strings.HasPrefix(canonical, "iso-8859-")
}

func transcode(b []byte, code encoding.Encoding, what string) ([]byte, error) {
	out, err := code.NewDecoder().Bytes(b)
	if err != nil || bytes.IndexByte(out, 0) >= 0 || bytes.Count(out, []byte("\uFFFD")) > len(out)/100 {
		return nil, fmt.Errorf("is not written in %s", what)
	}
	return undeclared(out), nil
}

func keepUTF8(b []byte, because string) ([]byte, error) {
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, errors.New("holds zero bytes, which no text does")
	}
	if !utf8.Valid(b) {
		return nil, fmt.Errorf("is not written in UTF-8, as %s", because)
	}
	return undeclared(b), nil
}

// undeclared takes the XML declaration away: it is true of the bytes that came, not of
// those that are read from here on.
func undeclared(b []byte) []byte { return b[len(declaration.Find(b)):] }
