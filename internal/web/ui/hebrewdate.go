package ui

import (
	"fmt"
	"strings"

	"dateline/internal/tongue"
)

// HebrewDate writes a Hebrew date, "12 Adar II 5784" or "י״ב באדר ב׳ תשפ״ד"; "" for none.
// Months are counted from Nisan; 12 and 13 of a leap year are the two Adars.
func HebrewDate(year, month, day int, lang string) string {
	if month < 1 || month > 13 || day < 1 {
		return ""
	}
	leap := (7*year+1)%19 < 7
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return fmt.Sprintf("%s ב%s %s", numeral(day), hebrewMonth(month, leap), numeral(year%1000))
	}
	return fmt.Sprintf("%d %s %d", day, englishMonth(month, leap), year)
}

var englishMonths = [...]string{"Nisan", "Iyar", "Sivan", "Tammuz", "Av", "Elul", "Tishri", "Marheshvan", "Kislev", "Tevet", "Shevat", "Adar", "Adar II"}
var hebrewMonths = [...]string{"ניסן", "אייר", "סיוון", "תמוז", "אב", "אלול", "תשרי", "מרחשוון", "כסלו", "טבת", "שבט", "אדר", "אדר ב׳"}

func englishMonth(m int, leap bool) string {
	if m == 12 && leap {
		return "Adar I"
	}
	return englishMonths[m-1]
}

func hebrewMonth(m int, leap bool) string {
	if m == 12 && leap {
		return "אדר א׳"
	}
	return hebrewMonths[m-1]
}

// numeral writes a number below a thousand in Hebrew letters, with geresh or gershayim.
func numeral(n int) string {
	var letters []rune
	for _, step := range []struct {
		worth  int
		letter rune
	}{
		{400, 'ת'}, {300, 'ש'}, {200, 'ר'}, {100, 'ק'}, {90, 'צ'}, {80, 'פ'}, {70, 'ע'}, {60, 'ס'}, {50, 'נ'}, {40, 'מ'}, {30, 'ל'}, {20, 'כ'}, {10, 'י'},
		{9, 'ט'}, {8, 'ח'}, {7, 'ז'}, {6, 'ו'}, {5, 'ה'}, {4, 'ד'}, {3, 'ג'}, {2, 'ב'}, {1, 'א'},
	} {
		for n >= step.worth {
			if n == 15 || n == 16 { // never the letters of the Name
				letters = append(letters, 'ט')
				n -= 9
				continue
			}
			letters = append(letters, step.letter)
			n -= step.worth
		}
	}
	switch len(letters) {
	case 0:
		return ""
	case 1:
		return string(letters) + "׳"
	}
	last := len(letters) - 1
	return string(letters[:last]) + "״" + string(letters[last:])
}

// RestName is the name of a rest in a language. The record keeps names in English; those
// that have another name in the language take it, the rest stay as they are.
func RestName(name, lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	return tongue.Word(base, name)
}
