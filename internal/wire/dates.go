package wire

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Agencies write instants in many shapes. One that names no zone is no instant: it is left
// out rather than guessed, and an embargo of that kind has no end.

// instant reads the time of a version: an instant, or a date, which is its first one, UTC.
func instant(s string) (time.Time, bool) {
	t, _, ok := readDate(s)
	if !ok {
		return time.Time{}, false
	}
	return t, true
}

// embargo reads an embargo that is there: one that cannot be read exactly is set, without
// an end.
func embargo(s string) Embargo {
	e := Embargo{Set: true, Raw: s}
	if t, exact, ok := readDate(s); ok && exact {
		e.Until = t
	}
	return e
}

// Words that announce an embargo in a note to editors, and before a headline or slugline,
// where a report about the embargo of some country must not be meant; and words that say
// that there is none any more.
var (
	noted = regexp.MustCompile(`(?i)^\s*embargoed\b|\bembargo(ed)?\s*(:|until|till|for|to\s+\d)|\b(under|strict|strictly)\s+(an?\s+)?embargo` +
		`|\bnot\s+(for|to\s+be)\s+(release|publication|publish|broadcast|use)[a-z]*\s+(before|until|till)\b|\bhold\s+for\s+release\b`)
	prefixed = regexp.MustCompile(`(?i)^\W*embargo(ed\b|\s*:)`)
	lifted   = regexp.MustCompile(`(?i)\b(no|not|lifts?|lifted|removes?|removed|end of|ends)\s+(the\s+)?embargo|\bembargo\W+(is\s+|has\s+been\s+)?(lifted|removed|expired|over|ended)`)
)

// saysEmbargo reports whether an embargo is announced in words.
func saysEmbargo(note string, heads ...string) bool {
	return noted.MatchString(note) && !lifted.MatchString(note) || slices.ContainsFunc(heads, prefixed.MatchString)
}

// readDate reads a date, with its time if it has one. It is exact where time and zone are
// both written.
func readDate(s string) (t time.Time, exact, ok bool) {
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = strings.TrimSpace(s[:i])
	}
	if len(s) > 60 {
		return t, false, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && (len(s) == 10 || len(s) == 13) {
		if len(s) == 10 {
			n *= 1000
		}
		t = time.UnixMilli(n).UTC()
		return t, true, sane(t)
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return civil{m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]}.instant()
	}
	return wordyDate(s)
}

var isoDate = regexp.MustCompile(`^(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*([Zz]|[+-]\d\d:?(?:\d\d)?)?)?$`)

// civil is a date as it was written, part by part; empty where it has none.
type civil struct{ year, month, day, hour, minute, second, fraction, zone string }

func (c civil) instant() (t time.Time, exact, ok bool) {
	n := func(s string) int { v, _ := strconv.Atoi(s); return v } // the patterns let digits through only
	date := time.Date(n(c.year), time.Month(n(c.month)), n(c.day), 0, 0, 0, 0, time.UTC)
	hour, minute, second := n(c.hour), n(c.minute), n(c.second)
	if date.Day() != n(c.day) || int(date.Month()) != n(c.month) || hour > 24 || minute > 59 || second > 60 || hour == 24 && minute+second > 0 {
		return t, false, false
	}
	offset, known := zoneOffset(c.zone)
	fraction := n((c.fraction + "000000")[:6])
	t = date.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second +
		time.Duration(fraction)*time.Microsecond - offset)
	return t, c.hour != "" && known, sane(t) && (c.hour == "" || known)
}

// sane keeps out what is no news: the beginning and the end of calendars.
func sane(t time.Time) bool { return t.Year() > 1970 && t.Year() < 9998 }

// zones are the abbreviations that RFC 822 fixes, and those that only one place uses.
// IST and BST are not among them: they are several.
var zones = map[string]int{"z": 0, "gmt": 0, "ut": 0, "utc": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
	"wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9}

// zoneOffset reads Z, an abbreviation, or an offset such as +0100, +01:00 or +01.
func zoneOffset(s string) (time.Duration, bool) {
	if h, ok := zones[strings.ToLower(s)]; ok {
		return time.Duration(h) * time.Hour, true
	}
	digits := strings.Replace(strings.TrimLeft(s, "+-"), ":", "", 1)
	if len(digits) == 2 {
		digits += "00"
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 4 || n > 1500 || n%100 > 59 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	d := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// months are the beginnings of the names of months in the languages that feeds write.
var months = [12][]string{{"jan", "ene", "gen"}, {"feb", "fév", "fev"}, {"mar", "mär", "mrz", "mrt", "maa"}, {"apr", "avr", "abr"}, {"may", "mai", "mei", "maj", "mag"},
	{"jun", "juin", "giu"}, {"jul", "juil", "lug"}, {"aug", "aoû", "aou", "ago"}, {"sep", "set"}, {"oct", "okt", "ott", "out"}, {"nov"}, {"dec", "déc", "dez", "dic", "des"}}

func monthOf(word string) string {
	word = strings.ToLower(word)
	for i, names := range months {
		for _, n := range names {
			if strings.HasPrefix(word, n) {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}

var clockTime = regexp.MustCompile(`^(\d{1,2}):(\d\d)(?::(\d\d))?$`)

// wordyDate reads the shapes of RFC 822 and its relatives: "Tue, 24 Nov 2026 12:15 EST",
// "24-Nov-26 12:15:00 GMT", "mar., 24 nov. 2026 12:15:00 +0100".
func wordyDate(s string) (time.Time, bool, bool) {
	var c civil
	words := strings.FieldsFunc(loosen(s), func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
	for i, w := range words {
		m := clockTime.FindStringSubmatch(w)
		number := strings.Trim(w, "0123456789") == ""
		switch {
		case m != nil:
			c.hour, c.minute, c.second = m[1], m[2], m[3]
		case c.hour != "" && c.zone == "" && !number:
			c.zone = w
		case number && c.day == "" && len(w) <= 2:
			c.day = w
			if i > 0 {
				c.month = monthOf(words[i-1])
			}
			if i+1 < len(words) && monthOf(words[i+1]) != "" {
				c.month = monthOf(words[i+1])
			}
		case number && c.day != "" && c.year == "" && (len(w) == 2 || len(w) == 4):
			c.year = w
		}
	}
	if len(c.year) == 2 && c.year < "70" {
		c.year = "20" + c.year
	} else if len(c.year) == 2 {
		c.year = "19" + c.year
	}
	return c.instant()
}

// loosen parts digits from letters that a hyphen joins, as in 24-Nov-26.
func loosen(s string) string {
	r := []rune(s)
	for i := 1; i+1 < len(r); i++ {
		if r[i] == '-' && (unicode.IsDigit(r[i-1]) && unicode.IsLetter(r[i+1]) || unicode.IsLetter(r[i-1]) && unicode.IsDigit(r[i+1])) {
			r[i] = ' '
		}
	}
	return string(r)
}
