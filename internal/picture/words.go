package picture

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxWords is the longest text of a field, in bytes.
const maxWords = 4000

// clean makes text NFC and one line, without control characters, those that turn the
// direction of what follows, and those without width. Bytes that are no UTF-8 are taken as
// Windows-1252, as old programs write them.
func clean(s string) string {
	if !utf8.ValidString(s) {
		if latin, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
			s = latin
		}
	}
	s = norm.NFC.String(strings.Join(strings.Fields(strings.Map(visible, s)), " "))
	if len(s) > maxWords {
		s = shorten(s, maxWords-len("…")) + "…"
	}
	return s
}

func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r),
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x206f, // overrides, isolates, deprecated
		r == 0x00ad, r == 0x200b, r == 0x2060, r == 0xfeff, // soft hyphen, zero widths
		r&0xfffe == 0xfffe: // no characters at all
		return -1
	}
	return r
}

// shorten cuts text to at most n bytes, at a character.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
