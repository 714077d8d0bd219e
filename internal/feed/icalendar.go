package feed

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/almanac"
)

// ICalendar writes rests as an iCalendar file (RFC 5545, named by RFC 7986) for calendar
// programs. The id tells this calendar from every other, as in jerusalem@news.example, and
// must stay the same for good: with a rest's start it makes the UID by which programs know
// an event again. The stamp is when the rests were computed. Windows are sorted and
// disjoint, as a calendar of the almanac gives them; their instants are written in UTC, so
// that no program needs a time zone to read them.
func ICalendar(name, id string, windows []almanac.Window, stamp time.Time) ([]byte, error) {
	return ICalendarOf(name, []Rests{{id, windows}}, stamp)
}

// Rests are those of one desk, with the id that tells its calendar from every other.
type Rests struct {
	ID      string
	Windows []almanac.Window
}

// ICalendarOf writes the rests of several desks into one file, as ICalendar does those of
// one: an event has the same UID in both.
func ICalendarOf(name string, all []Rests, stamp time.Time) ([]byte, error) {
	var f icalFile
	f.line("BEGIN", "VCALENDAR")
	f.line("VERSION", "2.0")
	f.line("PRODID", "-//Dateline//Almanac "+almanac.Version+"//EN")
	f.line("CALSCALE", "GREGORIAN")
	f.line("METHOD", "PUBLISH")
	f.line("NAME", icalText(name))
	f.line("X-WR-CALNAME", icalText(name)) // what programs older than RFC 7986 read
	for _, x := range all {
		if err := f.rests(x, stamp); err != nil {
			return nil, err
		}
	}
	f.line("END", "VCALENDAR")
	return []byte(f.String()), nil
}

// An icalFile is built of lines.
type icalFile struct{ strings.Builder }

func (f *icalFile) rests(x Rests, stamp time.Time) error {
	if x.ID == "" || strings.ContainsFunc(x.ID, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`\,;"`, c) }) {
		return fmt.Errorf("the id of a calendar is like jerusalem@news.example, not %.40q", x.ID)
	}
	for _, w := range x.Windows {
		if !w.End.After(w.Start) || icalTime(w.Start) == icalTime(w.End) {
			return errors.New("a rest ends before it begins")
		}
		f.event(w, x.ID, stamp)
	}
	return nil
}

func (f *icalFile) event(w almanac.Window, id string, stamp time.Time) {
	f.line("BEGIN", "VEVENT")
	f.line("UID", icalTime(w.Start)+"-"+id)
	f.line("DTSTAMP", icalTime(stamp))
	f.line("DTSTART", icalTime(w.Start))
	f.line("DTEND", icalTime(w.End))
	f.line("SUMMARY", icalText(w.Name))
	about := w.Rule
	if w.Fallback != "" {
		about += "\n" + w.Fallback
	}
	f.line("DESCRIPTION", icalText(about))
	f.line("TRANSP", "OPAQUE")
	f.line("END", "VEVENT")
}

// icalOctets is how long a line may be, without its end (RFC 5545, 3.1).
const icalOctets = 75

// line writes a property, folded between letters, never inside one.
func (f *icalFile) line(name, value string) {
	length := 0
	for _, c := range name + ":" + value {
		if size := utf8.RuneLen(c); length+size > icalOctets {
			f.WriteString("\r\n ")
			length = 1 + size
		} else {
			length += size
		}
		f.WriteRune(c)
	}
	f.WriteString("\r\n")
}

// icalTime is an instant, to the second.
func icalTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// icalText escapes a text (RFC 5545, 3.3.11). Control characters, which none may have,
// become blanks.
func icalText(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}
