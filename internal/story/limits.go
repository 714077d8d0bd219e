package story

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What readers are shown of a text has bounds, and no character that turns the direction of
// what follows it: such a one can make a line read as what it does not say (CVE-2021-42574),
// and reaches past the text into the page. A page sets directions itself. The marks that
// scripts need, U+200E and U+200F, are no such characters.

// Bounds of the parts that have one line, in characters.
const (
	MaxHeadline   = 300
	MaxShort      = 150
	MaxStandfirst = 1000
)

// Turns returns the first character of s that embeds, overrides or isolates a direction
// (UAX #9, explicit formatting characters); false where there is none.
func Turns(s string) (rune, bool) {
	i := strings.IndexFunc(s, func(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 })
	if i < 0 {
		return 0, false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r, true
}

// RefuseTurns refuses what has such a character, by the name of what has it.
func RefuseTurns(what Word, s string) error {
	r, turns := Turns(s)
	if !turns {
		return nil
	}
	return Refuse(Invalid, "%s has a hidden character that turns the direction of writing (U+%04X). Type these words anew instead of pasting them; the page sets directions by the language.", what, r)
}

// CheckWords refuses a part of a text, as CheckPart returned it, that readers could not be
// shown well.
func CheckWords(name string, body json.RawMessage) error {
	if err := RefuseTurns(partOf(name), string(body)); err != nil {
		return err
	}
	most, bounded := map[string]int{"headline": MaxHeadline, "short": MaxShort, "standfirst": MaxStandfirst}[name]
	var line string
	if !bounded || json.Unmarshal(body, &line) != nil {
		return nil
	}
	if n := utf8.RuneCountInString(line); n > most {
		return Refuse(Invalid, "%s has %d characters, and may have at most %d. Say it shorter.", partOf(name), n, most)
	}
	return nil
}

// partOf names a part at the beginning of a sentence.
func partOf(name string) Word {
	kind, _, named := strings.Cut(name, ":")
	switch {
	case named && kind == "block":
		return "A paragraph"
	case named:
		return "A picture’s caption or credit"
	case partHeads[name] != "":
		return partHeads[name]
	}
	return "The text"
}

var partHeads = map[string]Word{
	"headline": "The headline", "standfirst": "The standfirst", "short": "The short headline", "slug": "The slug",
	"section": "The section", "dateline": "The dateline", "bylines": "The list of bylines", "sources": "The list of sources",
	"topics": "The list of topics", "places": "The list of places", "quotations": "The list of quotations",
}

// Shorten cuts a line that came from elsewhere to a bound, at a word where it can.
func Shorten(line string, most int) string {
	if utf8.RuneCountInString(line) <= most {
		return line
	}
	cut := string([]rune(line)[:most-1])
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// Names reports whether s can name somebody: a letter or a digit is in it. Dashes and dots
// alone name nobody.
func Names(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
