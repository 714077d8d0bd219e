package story

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A SearchWord is a word of a text in the form in which a search compares it, and where it
// stands in the text.
type SearchWord struct {
	Folded   string // letters, digits and the marks that make letters; never empty
	From, To int    // bytes of the text
}

// longestWord is how many bytes of a folded word are compared.
const longestWord = 60

// SearchWords parts a text into words and folds them, so that spellings which readers hold
// for the same compare equal: lower case, compatibility forms resolved (Unicode NFKD), Latin,
// Greek and Cyrillic letters and kana without their marks, Hebrew without points and cantillation
// and with ordinary letters for final ones, Arabic without harakat and tatweel, and digits
// of Arabic and Persian as 0 to 9. Alef with hamza or madda is alef, alef maqsura is yeh, teh
// marbuta is heh, as in the ArabicNormalizer of Apache Lucene; keheh and Farsi yeh, which
// Persian keyboards write, are kaf and yeh.
//
// A geresh, a gershayim or a quote between two Hebrew letters belongs to the word and is left
// out of its folded form; a maqaf, as a hyphen, parts two words. Chinese and Japanese are
// written without spaces: each of their characters is a word.
func SearchWords(text string) []SearchWord {
	f := folder{text: text}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		f.take(r, i, i+size)
		i += size
	}
	f.end()
	return f.words
}

// FoldForSearch is the folded words of a text with a space before and after each.
func FoldForSearch(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	for _, w := range SearchWords(text) {
		b.WriteByte(' ')
		b.WriteString(w.Folded)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String()
}

// folder is a text while it is parted.
type folder struct {
	text  string
	words []SearchWord
	word  []byte // of the word that is begun
	from  int
	to    int
	last  rune // of the text, that the word took
}

// take reads the rune at text[from:to].
func (f *folder) take(r rune, from, to int) {
	switch {
	case r < utf8.RuneSelf && !asciiWord(r) || r == utf8.RuneError:
		if !f.joins(r, to) {
			f.end()
		}
	case r < utf8.RuneSelf:
		f.add(unicode.ToLower(r), from, to)
		f.last = r
	case silent(r):
		if len(f.word) > 0 && unicode.Is(unicode.Mn, r) {
			f.to = to // the points of a letter are marked with it
		}
	case f.joins(r, to):
	case unicode.IsLetter(r) && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		f.end()
		f.letters(r, from, to)
		f.end()
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && len(f.word) > 0:
		f.letters(r, from, to)
		f.last = r
	default:
		f.end()
	}
}

func asciiWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// letters adds what a letter is made of.
func (f *folder) letters(r rune, from, to int) {
	var room [16]byte
	parts := norm.NFKD.AppendString(room[:0], string(r))
	for len(parts) > 0 {
		x, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if silent(x) || !unicode.In(x, unicode.L, unicode.N, unicode.M) {
			continue
		}
		if s, ok := spelled[x]; ok {
			for _, y := range s {
				f.add(y, from, to)
			}
			continue
		}
		f.add(unicode.ToLower(x), from, to)
	}
}

func (f *folder) add(r rune, from, to int) {
	if len(f.word) == 0 {
		f.from = from
	}
	f.to = to
	if len(f.word)+utf8.RuneLen(r) <= longestWord {
		f.word = utf8.AppendRune(f.word, r)
	}
}

func (f *folder) end() {
	if len(f.word) > 0 {
		f.words = append(f.words, SearchWord{string(f.word), f.from, f.to})
		f.word = f.word[:0]
	}
	f.last = 0
}

// joins reports whether a rune that ends at to stands inside a Hebrew word, as in צה"ל.
func (f *folder) joins(r rune, to int) bool {
	if !unicode.Is(unicode.Hebrew, f.last) || !slices.Contains(hebrewQuotes, r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(f.text[to:])
	return unicode.Is(unicode.Hebrew, next) && unicode.IsLetter(next)
}

// hebrewQuotes are geresh and gershayim, and what keyboards write in their place.
var hebrewQuotes = []rune{'׳', '״', '\'', '"', '’', '‘', '”', '“', '„'}

// silent reports whether a rune is left out wherever it stands: marks on letters of scripts
// that are read without them, tatweel, and what nobody sees.
func silent(r rune) bool {
	if r == 'ـ' || unicode.Is(unicode.Cf, r) {
		return true
	}
	return unicode.Is(unicode.Mn, r) && unicode.Is(unreadMarks, r)
}

// unreadMarks are the combining marks that readers leave out, by Unicode's blocks; those of Indic
// and other scripts make words and stay.
var unreadMarks = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036f, Stride: 1}, // combining diacritical marks
	{Lo: 0x0483, Hi: 0x0487, Stride: 1}, // Cyrillic
	{Lo: 0x0591, Hi: 0x05c7, Stride: 1}, // Hebrew points and cantillation
	{Lo: 0x0610, Hi: 0x061a, Stride: 1}, // Arabic
	{Lo: 0x064b, Hi: 0x065f, Stride: 1},
	{Lo: 0x0670, Hi: 0x0670, Stride: 1},
	{Lo: 0x06d6, Hi: 0x06ed, Stride: 1},
	{Lo: 0x08ca, Hi: 0x08ff, Stride: 1},
	{Lo: 0x1ab0, Hi: 0x1aff, Stride: 1},
	{Lo: 0x1dc0, Hi: 0x1dff, Stride: 1},
	{Lo: 0x20d0, Hi: 0x20ff, Stride: 1},
	{Lo: 0x3099, Hi: 0x309a, Stride: 1}, // marks of kana
	{Lo: 0xfb1e, Hi: 0xfb1e, Stride: 1}, // Hebrew varika
	{Lo: 0xfe20, Hi: 0xfe2f, Stride: 1},
}}

// spelled are letters that decompose into nothing, with what stands for them.
var spelled = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d",
	'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'ς': "σ",
	'ך': "כ", 'ם': "מ", 'ן': "נ", 'ף': "פ", 'ץ': "צ", 'װ': "וו", 'ױ': "וי", 'ײ': "יי",
	'ى': "ي", 'ة': "ه", 'ٱ': "ا", 'ک': "ك", 'ی': "ي", 'ہ': "ه", 'ە': "ه",
	'٠': "0", '١': "1", '٢': "2", '٣': "3", '٤': "4", '٥': "5", '٦': "6", '٧': "7", '٨': "8", '٩': "9",
	'۰': "0", '۱': "1", '۲': "2", '۳': "3", '۴': "4", '۵': "5", '۶': "6", '۷': "7", '۸': "8", '۹': "9",
}
