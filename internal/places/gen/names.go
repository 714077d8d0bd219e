package main

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/places"
)

// englishName chooses between GeoNames' own name of a place, which is often already the
// English one, and the one that it prefers in English, which is often an office's
// ("Borough of Queens"): the second, unless it only says more than the first.
func (s *sources) englishName(row []string) string {
	id, own, other := row[colID], row[colName], s.english[row[colID]]
	if row[colCountry] == "IL" || row[colCountry] == "PS" {
		own, other = asOnSigns(own), ""
	}
	if !latin(own) {
		own = row[colASCII]
	}
	if !latin(other) {
		other = ""
	}
	a, b := places.Fold(own), places.Fold(other)
	if b == "" || a != b && strings.Contains(b, a) || a == b && accents(other) > accents(own) {
		other = own
	}
	return cmp.Or(english[id], other)
}

// latin reports whether every letter is one that English readers can read.
func latin(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Lm) })
}

var apostrophes = strings.NewReplacer("‘", "'", "’", "'", "`", "'", "Qiryat", "Kiryat")

// asOnSigns writes a scholar's transliteration of Hebrew or Arabic in plain letters.
func asOnSigns(name string) string {
	return apostrophes.Replace(strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(name)))
}

// accents counts what is not plain ASCII.
func accents(s string) (n int) {
	for _, r := range s {
		if r > unicode.MaxASCII {
			n++
		}
	}
	return n
}

// hebrewName is GeoNames' preferred name in Hebrew, or the plainest of its others.
func (s *sources) hebrewName(row []string, name string, spellings []string) string {
	id := row[colID]
	best := s.hebrew[id]
	if !hebrewOnly(best) {
		best = plainest(spellings)
	}
	best = tidyHebrew(best)
	if row[colCountry] != "IL" {
		best = withGeresh(best, name)
	}
	return cmp.Or(hebrew[id], best)
}

// hebrewOnly reports whether a name is in Hebrew letters.
func hebrewOnly(name string) bool {
	found := false
	for _, r := range name {
		if unicode.Is(unicode.Hebrew, r) {
			found = true
		} else if unicode.IsLetter(r) {
			return false
		}
	}
	return found
}

// plainest chooses a Hebrew name: without vowel points, and with the fewest alefs,
// since a name in Yiddish, which GeoNames does not tell apart, has one for most vowels.
func plainest(names []string) (best string) {
	cost := func(name string) (n int) {
		for _, r := range name {
			switch {
			case r == 'א':
				n++
			case r < 'א' || r > 'ת':
				n += 10 // points, and the ligatures of Yiddish
			}
		}
		return n
	}
	for _, name := range names {
		if hebrewOnly(name) && (best == "" || cost(name) < cost(best)) {
			best = name
		}
	}
	return best
}

var hebrewMarks = strings.NewReplacer("''", "״", "’’", "״", `"`, "״", "'", "׳", "’", "׳", "`", "׳")

// tidyHebrew takes vowel points and invisible marks out, and writes geresh and gershayim
// as themselves.
func tidyHebrew(name string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsMark(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name))
	return strings.TrimSpace(hebrewMarks.Replace(kept))
}

// withGeresh gives a Hebrew name the geresh of its first sound, J or Ch, which GeoNames
// often lost.
func withGeresh(name, english string) string {
	for letter, sound := range map[string]string{"ג": "J", "צ": "Ch"} {
		if rest, ok := strings.CutPrefix(name, letter); ok && strings.HasPrefix(english, sound) && !strings.HasPrefix(rest, "׳") {
			return letter + "׳" + rest
		}
	}
	return name
}

// spelling reports whether another name is one that people type: in Latin letters, not
// a transliteration made by rule (GeoNames writes those small), and not a code.
func spelling(name string) bool {
	if len(name) < 3 || len(name) > 40 || !strings.ContainsFunc(name, unicode.IsLower) {
		return false
	}
	return unicode.IsUpper([]rune(name)[0]) && latin(name) &&
		!strings.HasPrefix(name, "Lungsod ng ") && !strings.ContainsFunc(name, unicode.IsDigit)
}
