package almanac

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// closure is a rest that comes once.
var closure = Observance{
	Name: "closure",
	Usage: "closure YYYY-MM-DD [HH:MM] [- YYYY-MM-DD [HH:MM]] [NAME], " +
		"as in: closure 2024-04-01 08:00 - 2024-04-02 08:00 Staff day; closure 2024-04-01 Staff day",
	About:  "Once, from one local hour to another; without hours, whole days.",
	Source: "the desk's own rule; local hours by the IANA time zone database",
	timed: func(d Desk, args string) (Calendar, error) {
		begin, end, name, err := closureSpan(args)
		if err != nil {
			return nil, err
		}
		w, kept := (&wall{zone: d.Place.Zone}).between(begin, end)
		w.Name = name
		w.Rule = fmt.Sprintf("closure %s %s - %s %s", begin.date(), begin.clockFace(), end.date(), end.clockFace())
		return once{w, kept}, nil
	},
}

// once is the calendar of one window, if the zone did not jump over it.
type once struct {
	window Window
	kept   bool
}

func (o once) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil || !o.kept || !o.window.Start.Before(to) || !o.window.End.After(from) {
		return nil, err
	}
	return []Window{o.window}, nil
}

// longest is how many days one closure may last; a longer one would be a desk that has gone.
const longest = 366

// closureSpan reads from when to when, and the name.
func closureSpan(text string) (begin, end reading, name string, err error) {
	words := strings.Fields(text)
	begin, words, timed, err := dateHour(words, 0)
	if err != nil {
		return 0, 0, "", err
	}
	switch {
	case len(words) > 0 && (words[0] == "-" || words[0] == "–"):
		if end, words, _, err = dateHour(words[1:], dayLong); err != nil {
			return 0, 0, "", err
		}
	case timed:
		return 0, 0, "", fmt.Errorf("%.40q does not say when it ends, as 2024-04-01 08:00 - 2024-04-02 08:00 does", text)
	default:
		end = begin + dayLong
	}
	switch {
	case end <= begin:
		return 0, 0, "", fmt.Errorf("%.60q ends before it begins", text)
	case end-begin > longest*dayLong:
		return 0, 0, "", fmt.Errorf("%.60q lasts over a year, but a closure may last %d days", text, longest)
	case len(words) == 0:
		return begin, end, "Closed", nil
	}
	name = strings.Join(words, " ")
	return begin, end, name, checkName(name)
}

// dateHour takes a date, and the hour that may follow it, off words.
func dateHour(words []string, meant reading) (at reading, rest []string, timed bool, err error) {
	if len(words) == 0 {
		return 0, nil, false, errors.New("a date is missing, such as 2024-04-01")
	}
	day, err := civilDate(words[0])
	if err != nil {
		return 0, nil, false, err
	}
	words = words[1:]
	if len(words) > 0 && strings.Contains(words[0], ":") {
		hour, err := hourOf(words[0])
		return day.midnight() + hour, words[1:], true, err
	}
	return day.midnight() + meant, words, false, nil
}
