package almanac

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// yearly is a feast or holiday of a fixed date.
var yearly = Observance{
	Name: "yearly", Usage: "yearly MM-DD NAME, as in: yearly 12-25 Christmas",
	About:  "A civil date of every year, from midnight to midnight.",
	Source: "the desk's own rule; dates by the Gregorian calendar",
	timed: func(d Desk, args string) (Calendar, error) {
		word, name, _ := strings.Cut(args, " ")
		t, err := time.Parse("2006-01-02", "2000-"+word) // a leap year, so that 29 February is a date
		if err != nil {
			return nil, fmt.Errorf("%.40q is not a month and a day such as 12-25", word)
		}
		if name = strings.TrimSpace(name); name == "" {
			return nil, errors.New("the day needs a name, as in 12-25 Christmas")
		}
		if err := checkName(name); err != nil {
			return nil, err
		}
		_, month, day := t.Date()
		return keepDates(d, 0, func(on date, clock *wall) (w Window, kept bool) {
			if _, m, n := on.civil(); m != month || n != day {
				return w, false
			}
			w, kept = clock.date(on)
			w.Name, w.Rule = name, "yearly "+word
			return w, kept
		}), nil
	},
}
