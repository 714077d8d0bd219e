package almanac

import "errors"

// nightly are rests between two local hours, on every date or those of some weekdays.
var nightly = Observance{
	Name: "nights", Usage: "nights HH:MM - HH:MM [DAY | DAY-DAY]..., as in: nights 23:00 - 06:00; nights 23:00 - 06:00 Sun-Thu",
	About:  "Every night from one local hour to another, or the nights that begin on some weekdays.",
	Source: "the desk's own rule; local hours by the IANA time zone database",
	timed: func(d Desk, args string) (Calendar, error) {
		words := dashed(args)
		if len(words) < 3 || words[1] != "-" {
			return nil, errors.New("say from which hour to which, as in 23:00 - 06:00")
		}
		begin, err := hourOf(words[0])
		if err != nil {
			return nil, err
		}
		end, err := hourOf(words[2])
		if err != nil {
			return nil, err
		}
		length := (end - begin + 2*dayLong) % dayLong
		if length == 0 {
			return nil, errors.New("the night ends where it begins, which leaves no hour of the day to work or none to rest")
		}
		days, err := weekdays(words[3:])
		if err != nil {
			return nil, err
		}
		rule := "nights " + begin.clockFace() + " - " + end.clockFace()
		return keepDates(d, 1, func(on date, clock *wall) (Window, bool) {
			if !days[on.weekday()] {
				return Window{}, false
			}
			start := on.midnight() + begin
			w, kept := clock.between(start, start+length)
			w.Name, w.Rule = "Night", rule
			return w, kept
		}), nil
	},
}

// weekdays reads days and runs of days, "Sun - Thu"; none is all of them.
func weekdays(words []string) (days [7]bool, err error) {
	if len(words) == 0 {
		return [7]bool{true, true, true, true, true, true, true}, nil
	}
	for len(words) > 0 {
		day, err := weekdayOf(words[0])
		if err != nil {
			return days, err
		}
		last := day
		if words = words[1:]; len(words) > 1 && words[0] == "-" {
			if last, err = weekdayOf(words[1]); err != nil {
				return days, err
			}
			words = words[2:]
		}
		for days[last] = true; day != last; day = (day + 1) % 7 {
			days[day] = true
		}
	}
	return days, nil
}
