package almanac

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode"
)

// An icalProperty is one line of an iCalendar file, unfolded: DTSTART;TZID=Asia/Jerusalem:20260403T190000.
type icalProperty struct {
	line   int // the first of the file that it stands on
	name   string
	params map[string]string // nil if none; of several values the first
	value  string            // as it stands, still escaped
}

// icalAt says on which line something is to be mended.
func icalAt(line int, err error) error { return fmt.Errorf("line %d: %w", line, err) }

// icalLines unfolds a file (RFC 5545, 3.1): a line that begins with a space or a tab goes
// on with the one before it. Lines may end in CRLF, as they must, or in LF, as many do. A
// fold may fall inside a letter of several bytes, so bytes are joined before anything reads
// them as text. Empty lines are passed over.
func icalLines(raw []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		var line []byte
		begun, n := 0, 0
		for physical := range bytes.SplitSeq(bytes.TrimPrefix(raw, []byte("\ufeff")), []byte("\n")) {
			n++
			physical = bytes.TrimSuffix(physical, []byte("\r"))
			if begun > 0 && len(physical) > 0 && (physical[0] == ' ' || physical[0] == '\t') {
				line = append(line, physical[1:]...)
				continue
			}
			if len(line) > 0 && !yield(begun, string(line)) {
				return
			}
			line, begun = append(line[:0], physical...), n
		}
		if len(line) > 0 {
			yield(begun, string(line))
		}
	}
}

// icalSplit takes a line apart.
func icalSplit(line int, text string) (p icalProperty, err error) {
	malformed := icalAt(line, fmt.Errorf("%.40q is not a property such as SUMMARY:Election day", text))
	end := strings.IndexAny(text, ";:")
	if end < 0 || !icalName(text[:end]) {
		return p, malformed
	}
	p = icalProperty{line: line, name: strings.ToUpper(text[:end])}
	rest := text[end:]
	for rest[0] == ';' {
		var key, value string
		var ok bool
		if key, rest, ok = strings.Cut(rest[1:], "="); !ok || !icalName(key) {
			return p, malformed
		}
		if value, rest, ok = icalParam(rest); !ok {
			return p, malformed
		}
		if p.params == nil {
			p.params = map[string]string{}
		}
		p.params[strings.ToUpper(key)] = value
	}
	p.value = strings.TrimSpace(rest[1:])
	return p, nil
}

// icalParam reads the values of a parameter and returns the first of them, and the rest
// of the line from the semicolon or colon that follows; false if neither does.
func icalParam(text string) (first, rest string, ok bool) {
	for n := 0; ; n++ {
		var value string
		if quoted, is := strings.CutPrefix(text, `"`); is {
			if value, text, ok = strings.Cut(quoted, `"`); !ok {
				return "", "", false
			}
		} else {
			end := strings.IndexAny(text, ";:,")
			if end < 0 {
				return "", "", false
			}
			value, text = text[:end], text[end:]
		}
		if n == 0 {
			first = value
		}
		switch {
		case text == "":
			return "", "", false
		case text[0] == ';' || text[0] == ':':
			return first, text, true
		case text[0] != ',':
			return "", "", false
		}
		text = text[1:]
	}
}

// icalName reports whether a text is letters, digits and hyphens, as names must be.
func icalName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return text != ""
}

// An icalComponent is what stands between a BEGIN and its END, without those inside it.
type icalComponent struct {
	line       int // of its BEGIN
	name       string
	properties []icalProperty
}

// icalDepth is one more than any component of RFC 5545 has around it.
const icalDepth = 4

// icalVEvents returns the VEVENT components of a file. The whole file must be in order,
// since a file that was cut off, or is a web page that says "please sign in", has no
// events and would otherwise be taken for a year of open days.
func icalVEvents(raw []byte) (events []icalComponent, err error) {
	var open []icalComponent
	calendars := 0
	for line, text := range icalLines(raw) {
		p, err := icalSplit(line, text)
		if err != nil && calendars > 0 {
			return nil, err
		}
		depth := len(open)
		switch {
		case depth == 0 && (p.name != "BEGIN" || !strings.EqualFold(p.value, "VCALENDAR")):
			return nil, icalAt(line, fmt.Errorf("%.40q stands where BEGIN:VCALENDAR must, so this is not an iCalendar file", text))
		case p.name == "BEGIN" && (depth == icalDepth || depth != 1 && strings.EqualFold(p.value, "VEVENT")):
			return nil, icalAt(line, fmt.Errorf("%.40q stands inside the %.40s of line %d, where none belongs", text, open[depth-1].name, open[depth-1].line))
		case p.name == "BEGIN":
			calendars++
			open = append(open, icalComponent{line: line, name: strings.ToUpper(p.value)})
		case p.name == "END":
			c := open[depth-1]
			if !strings.EqualFold(p.value, c.name) {
				return nil, icalAt(line, fmt.Errorf("%.40q does not end the %.40s that line %d begins", text, c.name, c.line))
			}
			if open = open[:depth-1]; c.name == "VEVENT" && depth == 2 {
				events = append(events, c)
			}
		case depth == 1:
			err = icalHead(p)
		default:
			open[depth-1].properties = append(open[depth-1].properties, p)
		}
		if err != nil {
			return nil, err
		}
		if len(events) > icalEvents {
			return nil, icalAt(line, fmt.Errorf("there are more than %d events: leave out those of years gone by", icalEvents))
		}
	}
	if n := len(open); n > 0 {
		return nil, icalAt(open[n-1].line, fmt.Errorf("the %.40s that begins here has no end: the file was cut off", open[n-1].name))
	}
	if calendars == 0 {
		return nil, errors.New("it is empty; an iCalendar file begins with BEGIN:VCALENDAR")
	}
	return events, nil
}

// icalHead checks what a calendar says of itself.
func icalHead(p icalProperty) error {
	switch {
	case p.name == "VERSION" && p.value != "2.0":
		return icalAt(p.line, fmt.Errorf("the version is %.20q, but only iCalendar 2.0 is understood; export the calendar as iCalendar", p.value))
	case p.name == "CALSCALE" && !strings.EqualFold(p.value, "GREGORIAN"):
		return icalAt(p.line, fmt.Errorf("the calendar scale is %.20q, but only GREGORIAN is understood", p.value))
	}
	return nil
}

// icalNameLength is how many letters of an event's name a window carries.
const icalNameLength = 80

// icalText is an event's name as windows carry it: unescaped (RFC 5545, 3.3.11), on one
// line, without what is not seen or turns the direction of the words around it, and short.
func icalText(value string) string {
	value = strings.NewReplacer(`\\`, `\`, `\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";").Replace(value)
	value = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsControl(c):
			return ' '
		case c >= '\u202a' && c <= '\u202e', c >= '\u2066' && c <= '\u2069', c == '\ufeff':
			return -1
		}
		return c
	}, strings.ToValidUTF8(value, "\ufffd"))
	letters := []rune(strings.Join(strings.Fields(value), " "))
	switch {
	case len(letters) == 0:
		return "Closed"
	case len(letters) > icalNameLength:
		return strings.TrimSpace(string(letters[:icalNameLength-1])) + "…"
	}
	return string(letters)
}
