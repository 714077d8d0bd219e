package newsroom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/almanac"
	"dateline/internal/record"
)

// What a desk keeps, in words for readers: "Shabbat and festivals, from 18 minutes before
// sunset to nightfall (8.5°); nights".

// keptWords are what readers call observances, in English and Hebrew. Those that run from
// evening to nightfall are told with how their ends are kept.
var keptWords = map[string]struct {
	evening bool
	en, he  string
}{
	"shabbat":          {true, "Shabbat", "שבת"},
	"yomtov":           {true, "festivals", "חגים"},
	"hol-hamoed":       {true, "Hol HaMoed", "חול המועד"},
	"tisha-bav":        {true, "Tisha B’Av", "תשעה באב"},
	"extra-day":        {true, "Sunday at the date line", "יום ראשון בקו התאריך"},
	"extra-day-before": {true, "Friday at the date line", "יום שישי בקו התאריך"},
	"weekly":           {false, "weekly hours", "שעות קבועות בשבוע"},
	"nights":           {false, "nights", "לילות"},
	"sunday":           {false, "Sundays", "ימי ראשון"},
	"easter-western":   {false, "feasts of Western Easter", "מועדי הפסחא המערבית"},
	"easter-orthodox":  {false, "feasts of Orthodox Easter", "מועדי הפסחא האורתודוקסית"},
	"yearly":           {false, "yearly feasts", "מועדים שנתיים"},
	"eid":              {false, "the two Eids", "עיד אל־פיטר ועיד אל־אדחא"},
	"friday-prayer":    {false, "Friday prayers", "תפילות יום שישי"},
	"closure":          {false, "single closures", "סגירות חד־פעמיות"},
	"ics":              {false, "the days of a calendar", "ימים שבלוח שנה"},
}

// speech is how one language says it.
type speech struct {
	and                              func(names []string) string
	sunset, before, degrees, minutes string
	margin, house, nothing           string
}

var speeches = map[string]speech{
	"en": {inEnglish, "from sunset", "from %d minutes before sunset", "to nightfall (%s°)", "to %d minutes after sunset",
		"with %d minutes more at both ends", "what the house keeps in %s: ", "nothing"},
	"he": {inHebrew, "מן השקיעה", "מ־%d דקות לפני השקיעה", "עד צאת הכוכבים (%s°)", "עד %d דקות אחרי השקיעה",
		"ובתוספת %d דקות בכל קצה", "מה שהבית שומר ב%s: ", "דבר"},
}

func inEnglish(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func inHebrew(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " ו" + names[n-1]
	}
	return strings.Join(names, "")
}

// observanceWords tell readers what closes a desk.
func (r *Room) observanceWords(seat Seat, s DeskSettings) record.Words {
	own, house := r.keepingWords(s.Keeping, s.City, s.Place), r.keepingWords(seat.Keeping, seat.City, seat.Place)
	words := record.Words{}
	for lang, say := range speeches {
		var parts []string
		if s.Whose != HouseRest {
			parts = append(parts, own[lang])
		}
		if s.Whose == HouseRest || s.Whose == BothRests {
			parts = append(parts, fmt.Sprintf(say.house, seat.Place.City.In(lang, "en"))+house[lang])
		}
		words[lang] = capital(strings.Join(parts, "; "))
	}
	return words
}

// keepingWords tell what is kept at a place. Settings that cannot be read tell nothing:
// no windows come of them either.
func (r *Room) keepingWords(k Keeping, city string, at record.Place) record.Words {
	custom, err := r.custom(k, city, at)
	if err != nil {
		return nil
	}
	words := record.Words{}
	for lang, say := range speeches {
		words[lang] = capital(say.keeping(k.Lines(), custom, lang))
	}
	return words
}

func (s speech) keeping(lines []string, custom almanac.Custom, lang string) string {
	var evenings, timed []string
	for _, line := range lines {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		w := keptWords[name]
		word := w.en
		if lang == "he" {
			word = w.he
		}
		if w.evening && !slices.Contains(evenings, word) {
			evenings = append(evenings, word)
		}
		if !w.evening && word != "" && !slices.Contains(timed, word) {
			timed = append(timed, word)
		}
	}
	var parts []string
	if len(evenings) > 0 {
		parts = append(parts, s.and(evenings)+", "+s.ends(custom))
	}
	if len(timed) > 0 {
		parts = append(parts, s.and(timed))
	}
	if len(parts) == 0 {
		return s.nothing
	}
	return strings.Join(parts, "; ")
}

// ends says how the two ends of a day from evening to nightfall are kept.
func (s speech) ends(c almanac.Custom) string {
	begins, ends := s.sunset, ""
	if c.Lighting > 0 {
		begins = fmt.Sprintf(s.before, c.Lighting/time.Minute)
	}
	if ends = fmt.Sprintf(s.minutes, c.Nightfall.Minutes); c.Nightfall.Minutes == 0 {
		ends = fmt.Sprintf(s.degrees, strconv.FormatFloat(c.Nightfall.Degrees, 'f', -1, 64))
	}
	text := begins + " " + ends
	if c.Margin > 0 {
		text += ", " + fmt.Sprintf(s.margin, c.Margin/time.Minute)
	}
	return text
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
