package edition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrases are the words of a notice in one language.
type phrases struct {
	lang      string
	in        func(city string) []NoticeSpan // in a city
	and       func(desk string) []NoticeSpan // the last of several
	until     string                         // {desk} {when}: it updates until
	follows   string                         // {desk}: on duty at that end
	followsAt string                         // {desk} {when}{city}: opens later
	back      string                         // {when} {city}: the same desk opens first
	rests     string                         // {desk} {when}
	nobodyAt  string                         // {when} {in}
	opens     string                         // {desk}: at the instant just named
	nobody    string
	closed    string // {desk}
	one       string // {desk}
	several   string // {desks} {desk}
	number    string // {n}

	live livePhrases
}

// livePhrases say the same of the desks of one live page.
type livePhrases struct{ until, one, several, number, nobodyAt, nobody string }

func phrasesOf(lang string) phrases {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return hebrewNotice
	}
	return englishNotice
}

var englishNotice = phrases{
	lang:      "en",
	in:        func(city string) []NoticeSpan { return text("in " + city) },
	and:       text,
	until:     "The {desk} desk updates until {when}.",
	follows:   "{desk} follows.",
	followsAt: "{desk} follows, {when}{city}.",
	back:      "It is back {when} {city}.",
	rests:     "The {desk} desk rests until {when}.",
	nobodyAt:  "No desk is on duty until {when} {in}",
	opens:     "when the {desk} desk opens.",
	nobody:    "No desk is on duty.",
	closed:    "The {desk} desk is closed.",
	one:       "The {desk} desk updates.",
	several:   "The {desks} and {desk} desks update.",
	number:    "{n} desks update.",

	live: livePhrases{
		until:    "The {desk} desk adds to this page until {when}.",
		one:      "The {desk} desk adds to this page.",
		several:  "The {desks} and {desk} desks add to this page.",
		number:   "{n} desks add to this page.",
		nobodyAt: "No desk of this page is on duty until {when} {in}",
		nobody:   "No desk of this page is on duty.",
	},
}

var hebrewNotice = phrases{
	lang:      "he",
	in:        func(city string) []NoticeSpan { return text(prefixed("ב", city)) },
	and:       func(desk string) []NoticeSpan { return text(prefixed("ו", desk)) },
	until:     "דסק {desk} מעדכן עד {when}.",
	follows:   "אחריו {desk}.",
	followsAt: "אחריו {desk}, {when}{city}.",
	back:      "הוא חוזר {when} {city}.",
	rests:     "דסק {desk} שובת עד {when}.",
	nobodyAt:  "אין דסק תורן עד {when} {in}",
	opens:     "אז נפתח דסק {desk}.",
	nobody:    "אין דסק תורן.",
	closed:    "דסק {desk} סגור.",
	one:       "דסק {desk} מעדכן.",
	several:   "דסקי {desks} {desk} מעדכנים.",
	number:    "{n} דסקים מעדכנים.",

	live: livePhrases{
		until:    "דסק {desk} מוסיף לעמוד הזה עד {when}.",
		one:      "דסק {desk} מוסיף לעמוד הזה.",
		several:  "דסקי {desks} {desk} מוסיפים לעמוד הזה.",
		number:   "{n} דסקים מוסיפים לעמוד הזה.",
		nobodyAt: "אין דסק תורן לעמוד הזה עד {when} {in}",
		nobody:   "אין דסק תורן לעמוד הזה.",
	},
}

func text(s string) []NoticeSpan { return []NoticeSpan{{Text: s}} }

// prefixed puts a Hebrew prefix before a name: with a maqaf where the name is in another
// script, without where it is Hebrew.
func prefixed(prefix, name string) string {
	if r, _ := utf8.DecodeRuneInString(name); unicode.Is(unicode.Hebrew, r) {
		return prefix + name
	}
	return prefix + "\u05be" + name
}
