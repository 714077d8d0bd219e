package drawing

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// marks begin a paragraph so that its direction is the one asked for, not that of its
// first letter.
const (
	leftToRight = '\u200e'
	rightToLeft = '\u200f'
)

// plain is a text as it is drawn: composed, on one line, without what only steers others'
// programs.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// levels are the embedding levels of a plain text (Unicode Standard Annex 9), 0 to 2: there
// is nothing in it that embeds. ok is false where the answer cannot be relied on.
func levels(text []rune, rtl bool) (out []int, ok bool) {
	first := leftToRight
	if rtl {
		first = rightToLeft
	}
	var p bidi.Paragraph
	whole := append([]rune{first}, text...)
	if n, err := p.SetString(string(whole)); err != nil || n != len(string(whole)) {
		return nil, false
	}
	order, err := p.Order()
	if err != nil {
		return nil, false
	}
	for i := range order.NumRuns() {
		run := order.Run(i)
		runes := []rune(run.String())
		switch {
		case run.Direction() == bidi.RightToLeft:
			out = append(out, slices.Repeat([]int{1}, len(runes))...)
		case rtl:
			out = append(out, slices.Repeat([]int{2}, len(runes))...)
		default:
			n := 0
			if i > 0 {
				n = figures(runes)
			}
			out = append(append(out, slices.Repeat([]int{2}, n)...), slices.Repeat([]int{0}, len(runes)-n)...)
		}
	}
	if len(out) != len(whole) {
		return nil, false
	}
	return out[1:], true
}

// figures is how many runes at the start of a left-to-right run belong to what reads from
// right to left before it: numbers, with what goes with them (rules W4 to W7, I1 and I2).
// The library tells odd levels from even ones, and not 2 from 0.
func figures(run []rune) (n int) {
	for i, r := range run {
		prop, _ := bidi.LookupRune(r)
		switch prop.Class() {
		case bidi.EN, bidi.AN:
			n = i + 1
		case bidi.ET:
			if n == i {
				n = i + 1
			}
		case bidi.CS, bidi.ES:
		default:
			return n
		}
	}
	return n
}

// visual puts a line in the order that it is seen from left to right (rules L1, L2 and
// L4), with brackets turned where they are read from the right.
func visual(line []rune, at []int, rtl bool) []rune {
	line, at = slices.Clone(line), slices.Clone(at)
	for i := len(line) - 1; i >= 0 && unicode.IsSpace(line[i]); i-- {
		at[i] = 0
		if rtl {
			at[i] = 1
		}
	}
	for i, r := range line {
		if prop, _ := bidi.LookupRune(r); at[i]%2 == 1 && prop.IsBracket() {
			line[i] = []rune(bidi.ReverseString(string(r)))[0]
		}
		if at[i]%2 == 1 {
			line[i] = mirrored(line[i])
		}
	}
	for level := 2; level > 0; level-- {
		for i := 0; i < len(line); i++ {
			end := i
			for end < len(line) && at[end] >= level {
				end++
			}
			if end > i {
				slices.Reverse(line[i:end])
				i = end
			}
		}
	}
	return line
}

// mirrored turns what has a mirror image and is no bracket.
func mirrored(r rune) rune {
	switch r {
	case '<':
		return '>'
	case '>':
		return '<'
	case '«':
		return '»'
	case '»':
		return '«'
	case '‹':
		return '›'
	case '›':
		return '‹'
	}
	return r
}
