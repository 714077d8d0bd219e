package almanac

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// icalRuleLength is more than the longest rule that has a use.
const icalRuleLength = 2000

// rule reads an RRULE of an event that begins on start.
func (r *icalReader) rule(p icalProperty, start icalTime) (rule icalRule, err error) {
	if rule = (icalRule{interval: 1, weekday: time.Monday}); len(p.value) > icalRuleLength {
		return rule, fmt.Errorf("RRULE is over %d letters long; make the event several", icalRuleLength)
	}
	var hours, minutes, seconds []int
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSuffix(p.value, ";")), ";") {
		key, value, _ := strings.Cut(part, "=")
		if seen[key] {
			return rule, fmt.Errorf("RRULE has %.20s twice; take one of them out", key)
		}
		seen[key] = true
		switch key {
		case "FREQ":
			rule.every = value
		case "INTERVAL":
			rule.interval, err = icalNumber(key, value, 1, 9999)
		case "COUNT":
			rule.count, err = icalNumber(key, value, 1, 999_999)
		case "UNTIL":
			rule.until, err = r.end(p, value)
		case "WKST":
			rule.weekday, err = icalDay(value)
		case "BYMONTH":
			rule.months, err = icalNumbers(key, value, 1, 12)
		case "BYMONTHDAY":
			rule.monthDays, err = icalNumbers(key, value, -31, 31)
		case "BYYEARDAY":
			rule.yearDays, err = icalNumbers(key, value, -366, 366)
		case "BYWEEKNO":
			rule.weeks, err = icalNumbers(key, value, -53, 53)
		case "BYSETPOS":
			rule.positions, err = icalNumbers(key, value, -366, 366)
		case "BYDAY":
			rule.weekdays, err = icalWeekdays(value)
		case "BYHOUR":
			hours, err = icalNumbers(key, value, 0, 23)
		case "BYMINUTE":
			minutes, err = icalNumbers(key, value, 0, 59)
		case "BYSECOND":
			seconds, err = icalNumbers(key, value, 0, 59)
		default:
			err = fmt.Errorf("RRULE has %.40q, which is not understood", part)
		}
		if err != nil {
			return rule, err
		}
	}
	if err := rule.check(seen); err != nil {
		return rule, err
	}
	rule.complete(start)
	rule.times, err = icalTimes(start, hours, minutes, seconds)
	return rule, err
}

// check refuses what RFC 5545 forbids, in words of its own where it may happen.
func (r icalRule) check(seen map[string]bool) error {
	ordinal := slices.ContainsFunc(r.weekdays, func(w icalWeekday) bool { return w.nth != 0 })
	yearly := r.every == "YEARLY"
	switch {
	case r.every == "SECONDLY" || r.every == "MINUTELY" || r.every == "HOURLY":
		return fmt.Errorf("RRULE repeats %s, but nothing finer than DAILY is followed", r.every)
	case !yearly && r.every != "MONTHLY" && r.every != "WEEKLY" && r.every != "DAILY":
		return fmt.Errorf("RRULE has FREQ %.20q, but must have YEARLY, MONTHLY, WEEKLY or DAILY", r.every)
	case seen["COUNT"] && seen["UNTIL"]:
		return errors.New("RRULE has both COUNT and UNTIL; take one of them out")
	case (len(r.weeks) > 0 || len(r.yearDays) > 0) && !yearly:
		return errors.New("RRULE has BYWEEKNO or BYYEARDAY, which only FREQ=YEARLY may have")
	case len(r.monthDays) > 0 && r.every == "WEEKLY":
		return errors.New("RRULE has BYMONTHDAY, which FREQ=WEEKLY may not have")
	case ordinal && (!yearly && r.every != "MONTHLY" || len(r.weeks) > 0):
		return errors.New("RRULE has BYDAY with a number, which only FREQ=MONTHLY and YEARLY without BYWEEKNO may have")
	}
	return nil
}

// complete takes what a rule leaves out from the start of the event.
func (r *icalRule) complete(start icalTime) {
	t := start.day().utc()
	switch {
	case len(r.yearDays)+len(r.monthDays)+len(r.weekdays) > 0:
	case r.every == "WEEKLY" || len(r.weeks) > 0:
		r.weekdays = []icalWeekday{{day: t.Weekday()}}
	case r.every == "MONTHLY" || r.every == "YEARLY":
		r.monthDays = []int{t.Day()}
		if r.every == "YEARLY" && len(r.months) == 0 {
			r.months = []int{int(t.Month())}
		}
	}
}

// icalTimes are the times of day at which a rule has instances. A date has none but its
// beginning, whatever the rule says (RFC 5545, 3.3.10).
func icalTimes(start icalTime, hours, minutes, seconds []int) (times []int64, err error) {
	if start.whole {
		return []int64{0}, nil
	}
	t := time.Unix(start.local, 0).UTC()
	if len(hours) == 0 {
		hours = []int{t.Hour()}
	}
	if len(minutes) == 0 {
		minutes = []int{t.Minute()}
	}
	if len(seconds) == 0 {
		seconds = []int{t.Second()}
	}
	if len(hours)*len(minutes)*len(seconds) > 24 {
		return nil, errors.New("RRULE repeats more than 24 times a day, which is not followed")
	}
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				times = append(times, int64(h*3600+m*60+s))
			}
		}
	}
	slices.Sort(times)
	return times, nil
}

// end reads UNTIL. A date lasts to its end.
func (r *icalReader) end(p icalProperty, value string) (icalEnd, error) {
	at, err := r.time(icalProperty{line: p.line, name: "UNTIL"}, value)
	if err != nil {
		return icalEnd{}, fmt.Errorf("UNTIL %.40q is neither a date such as 20260403 nor a time such as 20260403T190000Z", value)
	}
	if at.whole {
		at.local += 86399
	}
	return icalEnd{set: true, local: at.local, utc: !at.whole && strings.HasSuffix(value, "Z")}, nil
}

func icalNumber(key, value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("RRULE has %s %.20q, which must be a number from %d to %d", key, value, least, most)
	}
	return n, nil
}

// icalNumbers reads a list; where it may count from the end, 0 is not among it.
func icalNumbers(key, value string, least, most int) (all []int, err error) {
	for text := range strings.SplitSeq(value, ",") {
		n, err := icalNumber(key, text, least, most)
		if err == nil && n == 0 && least < 0 {
			err = fmt.Errorf("RRULE has %s 0, but counts from 1, or from -1 at the end", key)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func icalWeekdays(value string) (all []icalWeekday, err error) {
	for text := range strings.SplitSeq(value, ",") {
		var w icalWeekday
		number := text[:max(0, len(text)-2)]
		if w.day, err = icalDay(text[len(number):]); err != nil {
			return nil, err
		}
		if number != "" {
			if w.nth, err = icalNumber("BYDAY", number, -53, 53); err == nil && w.nth == 0 {
				err = fmt.Errorf("RRULE has BYDAY %.20q, but counts from 1, or from -1 at the end", text)
			}
			if err != nil {
				return nil, err
			}
		}
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all, nil
}

func icalDay(text string) (time.Weekday, error) {
	i := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, text)
	if i < 0 {
		return 0, fmt.Errorf("RRULE has %.20q where a weekday such as MO must stand", text)
	}
	return time.Weekday(i), nil
}
