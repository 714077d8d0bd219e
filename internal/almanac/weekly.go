package almanac

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// weekly is a rest that comes every week, between two local hours of the desk's zone.
var weekly = Observance{
	Name: "weekly", Usage: "weekly DAY [HH:MM] [- DAY [HH:MM]], as in: weekly Fri 14:00 - Sun 08:00; weekly Sat",
	About:  "Every week from one local hour to another; without hours, whole days.",
	Source: "the desk's own rule; local hours by the IANA time zone database",
	timed: func(d Desk, args string) (Calendar, error) {
		begin, length, err := weeklySpan(args)
		if err != nil {
			return nil, err
		}
		first := time.Weekday(begin / dayLong)
		rule := "weekly " + inWeek(begin) + " - " + inWeek(begin+length)
		return keepDates(d, date(length/dayLong)+1, func(on date, clock *wall) (Window, bool) {
			if on.weekday() != first {
				return Window{}, false
			}
			start := on.midnight() + begin%dayLong
			w, kept := clock.between(start, start+length)
			w.Name, w.Rule = "Weekly rest", rule
			return w, kept
		}), nil
	},
}

const weekLong = 7 * dayLong // minutes

// inWeek writes minutes after the beginning of a Sunday: "Fri 14:00".
func inWeek(r reading) string {
	return time.Weekday(r / dayLong % 7).String()[:3] + " " + r.clockFace()
}

// weeklySpan reads when a weekly rest begins, in minutes after the beginning of Sunday,
// and how long it is by the clock.
func weeklySpan(text string) (begin, length reading, err error) {
	from, to, ranged := strings.Cut(strings.Join(dashed(text), " "), " - ")
	day, hour, timed, err := weekHour(from, 0)
	if err != nil {
		return 0, 0, err
	}
	if timed && !ranged {
		return 0, 0, fmt.Errorf("%.40q does not say when the rest ends, as Fri 14:00 - Sun 08:00 does", text)
	}
	lastDay, lastHour := day, reading(dayLong)
	if ranged {
		if h, err := hourOf(to); err == nil { // later on the same day
			if lastHour = h; h <= hour {
				return 0, 0, fmt.Errorf("%.40q ends before it begins; if that is on another day, name the day", text)
			}
		} else if lastDay, lastHour, _, err = weekHour(to, dayLong); err != nil {
			return 0, 0, err
		}
	}
	begin = reading(day)*dayLong + hour
	length = (reading(lastDay)*dayLong + lastHour - begin + 2*weekLong) % weekLong
	if length == 0 {
		return 0, 0, errors.New("the rest ends where it begins, which leaves no hour of the week to work or none to rest")
	}
	return begin % weekLong, length, nil
}

// weekHour reads "Fri 14:00", or "Fri" with the hour that is then meant.
func weekHour(text string, meant reading) (day time.Weekday, hour reading, timed bool, err error) {
	word, clock, timed := strings.Cut(text, " ")
	if day, err = weekdayOf(word); err != nil || !timed {
		return day, meant, false, err
	}
	hour, err = hourOf(clock)
	return day, hour, true, err
}
