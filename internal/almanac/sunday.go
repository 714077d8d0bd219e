package almanac

import (
	"fmt"
	"time"
)

// sunday is the Lord's day: by the civil date, or from the evening before it. Both ways
// are those of the Church's own norms; which one a desk keeps is custom.
var sunday = Observance{
	Name: "sunday", Usage: "sunday [from-eve]",
	About: "Every Sunday, from midnight to midnight; from-eve begins it at Saturday's sunset.",
	Source: "Code of Canon Law 1247; from midnight, and in celebration from the evening before: " +
		"General Norms for the Liturgical Year and the Calendar, 3",
	timed: func(d Desk, args string) (Calendar, error) {
		if args != "" && args != "from-eve" {
			return nil, fmt.Errorf("from-eve may follow, not %.40q", args)
		}
		rule := "civil day"
		if args != "" {
			rule = "sunset / midnight"
		}
		if err := d.Custom.Sunless.check(); err != nil {
			return nil, err
		}
		e := evenings{place: d.Place, sky: skyOver(d.Place), rule: d.Custom}
		return keepDates(d, 1, func(on date, clock *wall) (w Window, kept bool) {
			if on.weekday() != time.Sunday {
				return w, false
			}
			if w, kept = clock.date(on); kept && args != "" {
				w.Start, w.Fallback = e.fromEve(on, w.Start)
			}
			w.Name, w.Rule = "Sunday", rule
			return w, kept
		}), nil
	},
}

// fromEve is sunset on the eve of a date, but never later than the date's own midnight,
// as sunset is in Reykjavik's June.
func (e *evenings) fromEve(on date, midnight time.Time) (start time.Time, fallback string) {
	eve, _ := e.sky.daysOf(on, on, e.place.Zone)
	sunset, why := e.begin(eve, on-1)
	if start = floorMinute(sunset); start.After(midnight) {
		return midnight, "sunset after midnight: midnight"
	}
	return start, why
}
