package almanac

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// fridayPrayer is the hour of the Friday prayer, which is said when the sun has passed
// its noon; many countries set it by the clock.
var fridayPrayer = Observance{
	Name: "friday-prayer", Usage: "friday-prayer HH:MM | noon[+MINUTES | -MINUTES] LENGTH, as in: friday-prayer 12:45 90m; friday-prayer noon+10m 60m",
	About: "Every Friday from an hour of the clock, or from true solar noon, for some minutes.",
	Source: "Quran 62:9-10; its time begins when the sun declines from noon (Sahih al-Bukhari 904); " +
		"the hours of the clock are each country's, such as 12:45 in the United Arab Emirates since January 2026",
	timed: func(d Desk, args string) (Calendar, error) {
		words := strings.Fields(args)
		if len(words) != 2 {
			return nil, errors.New("say from when and how long, as in 12:45 90m or noon+10m 60m")
		}
		length, err := minutesOf(words[1], time.Minute, 6*time.Hour)
		if err != nil {
			return nil, err
		}
		begins, err := prayerTime(d.Place, words[0])
		if err != nil {
			return nil, err
		}
		rule := fmt.Sprintf("Fri %s for %dm", words[0], length/time.Minute)
		return keepDates(d, 0, func(on date, clock *wall) (w Window, kept bool) {
			if _, was := on.noon(d.Place.Zone); !was || on.weekday() != time.Friday {
				return w, false
			}
			first, last := begins(on, clock)
			return Window{Start: floorMinute(first), End: ceilMinute(last).Add(length), Name: "Friday prayer", Rule: rule}, true
		}), nil
	},
}

// prayerTime reads when the hour begins: the function returns the first and the last
// instant, in Unix seconds, that this may be on a date.
func prayerTime(p Place, word string) (func(on date, clock *wall) (first, last float64), error) {
	after, solar := strings.CutPrefix(word, "noon")
	if !solar {
		hour, err := hourOf(word)
		return func(on date, clock *wall) (float64, float64) {
			first, last := clock.shows(on.midnight() + hour)
			return float64(first), float64(last)
		}, err
	}
	var offset time.Duration
	if after != "" {
		var err error
		if offset, err = minutesOf(after, -3*time.Hour, 3*time.Hour); err != nil {
			return nil, err
		}
	}
	above := skyOver(p)
	return func(on date, _ *wall) (float64, float64) {
		noon := above.day(above.dayOf(on, p.Zone)).noon + offset.Seconds()
		return noon, noon
	}, nil
}
