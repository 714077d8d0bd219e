package places

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unaccented are letters that Unicode does not take apart into a letter and a mark.
var unaccented = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th",
	'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n", 'ŧ': "t", 'ə': "e",
}

// long are the words that are often cut short at the start of names. The last word of
// all is taken for one only if it ends with a full stop: "st" may become Stockholm yet.
var long = map[string]string{"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}

// Fold writes a name as names are compared: small letters without accents or Hebrew
// vowel points; hyphens and maqafs as spaces; no full stops, apostrophes, geresh or
// gershayim, and a Hebrew vav or yod once where full spelling has it twice; and Saint,
// Sainte, Mount and Fort in full. The index is kept in this form.
func Fold(name string) string {
	var b strings.Builder
	var before rune
	for _, r := range norm.NFKD.String(name) {
		r = unicode.ToLower(r)
		again := r == before
		before = r
		switch {
		case again && (r == 'ו' || r == 'י'):
		case r == '־': // maqaf
			b.WriteByte(' ')
		case unicode.IsMark(r), unicode.Is(unicode.Lm, r), strings.ContainsRune(".'`´’‘׳״\"", r):
		case unaccented[r] != "":
			b.WriteString(unaccented[r])
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, word := range words {
		if full, ok := long[word]; ok && (i < len(words)-1 || strings.HasSuffix(strings.TrimSpace(name), ".")) {
			words[i] = full
		}
	}
	return strings.Join(words, " ")
}
