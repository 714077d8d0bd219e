package almanac

import (
	"slices"
	"time"
)

// An icalRule is a recurrence (RFC 5545, 3.3.10). Its periods are years, months, weeks or
// days; within a period every date is asked whether all parts of the rule hold for it,
// which gives the RFC's table of expanding and limiting parts, since nothing here is finer
// than a date but the times of the day.
type icalRule struct {
	every    string // FREQ: YEARLY, MONTHLY, WEEKLY or DAILY
	interval int
	count    int // 0: without end
	until    icalEnd
	weekday  time.Weekday // WKST, with which weeks begin

	months, monthDays, yearDays, weeks, positions []int
	weekdays                                      []icalWeekday
	times                                         []int64 // of the day, in seconds, sorted
}

// An icalWeekday is a value of BYDAY: 2MO is the second Monday of its month or year, -1MO
// the last, MO any.
type icalWeekday struct {
	nth int
	day time.Weekday
}

// An icalEnd is UNTIL.
type icalEnd struct {
	set   bool
	local int64 // the last second that is inside
	utc   bool
}

// past reports whether an instance lies beyond the end. A date is beyond an end in UTC only
// if it is so by both readings: as the day that is written, and as an instant.
func (u icalEnd) past(at icalTime) bool {
	if !u.set || at.local <= u.local && (!u.utc || at.whole) {
		return false
	}
	if !u.utc {
		return true
	}
	first, _, _ := icalReadings(at.local, at.zone)
	return first.Unix() > u.local
}

// walk visits the instances of a rule of an event that begins on start, those from the first
// date to the last, and perhaps some after it. Without COUNT it sets out near first, however
// long ago the start was. What it costs is taken off the steps.
//
// A start that the rule itself would not give is an instance, but is not one of COUNT: RFC
// 5545 leaves undefined what such a rule means, and this includes every reading of it.
func (r icalRule) walk(start icalTime, first, last date, steps *int, visit func(icalTime)) error {
	period := r.period(start.day())
	if skip := r.period(first) - period; skip > 0 && r.count == 0 {
		period += skip / r.interval * r.interval
	}
	left := r.count
	for {
		from, to := r.dates(period)
		if from > last {
			return nil
		}
		for _, local := range r.instances(from, to, steps) {
			at := start
			if at.local = local; local < start.local {
				continue
			}
			if r.until.past(at) {
				return nil
			}
			if at.day() >= first {
				visit(at)
			}
			if left--; left == 0 {
				return nil
			}
		}
		if *steps < 0 {
			return errIcalTooMuch
		}
		period += r.interval
	}
}

// period is the number of the period that holds a date.
func (r icalRule) period(d date) int {
	switch r.every {
	case "YEARLY":
		return d.utc().Year()
	case "MONTHLY":
		t := d.utc()
		return t.Year()*12 + int(t.Month()) - 1
	case "WEEKLY":
		return int(r.weekOf(d)-r.firstWeek()) / 7
	}
	return int(d)
}

// dates are the first and the last date of a period.
func (r icalRule) dates(period int) (first, last date) {
	switch r.every {
	case "YEARLY":
		return dateIn(period, 1, 1), dateIn(period+1, 1, 0)
	case "MONTHLY":
		return dateIn(period/12, period%12+1, 1), dateIn(period/12, period%12+2, 0)
	case "WEEKLY":
		first = r.firstWeek() + date(7*period)
		return first, first + 6
	}
	return date(period), date(period)
}

// weekOf is the first date of the week that holds d.
func (r icalRule) weekOf(d date) date { return d - date((d.weekday()-r.weekday+7)%7) }

// firstWeek begins one week of the many, from which the others are counted.
func (r icalRule) firstWeek() date { return r.weekOf(date(0)) }

// instances are those of one period, in local seconds, sorted.
func (r icalRule) instances(from, to date, steps *int) (all []int64) {
	cost := 1 + len(r.months) + len(r.monthDays) + len(r.yearDays) + len(r.weeks) + len(r.weekdays) + len(r.times)
	for d := from; d <= to; d++ {
		*steps -= cost
		t := d.utc()
		if len(r.months) > 0 && !slices.Contains(r.months, int(t.Month())) {
			d = dateIn(t.Year(), int(t.Month())+1, 0) // on with the next month
			continue
		}
		if r.holds(d, t) {
			for _, second := range r.times {
				all = append(all, int64(d)*86400+second)
			}
		}
	}
	if len(r.positions) == 0 {
		return all
	}
	*steps -= len(r.positions)
	var picked []int64
	for _, n := range r.positions {
		if n < 0 {
			n += len(all) + 1
		}
		if n >= 1 && n <= len(all) {
			picked = append(picked, all[n-1])
		}
	}
	slices.Sort(picked)
	return slices.Compact(picked)
}

// holds reports whether every part of the rule holds for a date, but for its month.
func (r icalRule) holds(d date, t time.Time) bool {
	year, month, day := t.Date()
	if len(r.monthDays) > 0 && !icalCounted(r.monthDays, day, dateIn(year, int(month)+1, 0).utc().Day()) {
		return false
	}
	if len(r.yearDays) > 0 && !icalCounted(r.yearDays, t.YearDay(), dateIn(year+1, 1, 0).utc().YearDay()) {
		return false
	}
	if len(r.weeks) > 0 {
		if week, of := r.week(d); !icalCounted(r.weeks, week, of) {
			return false
		}
	}
	return len(r.weekdays) == 0 || r.onWeekday(d, t)
}

// icalCounted reports whether n, of so many, is among numbers that may count from the end.
func icalCounted(numbers []int, n, of int) bool {
	return slices.Contains(numbers, n) || slices.Contains(numbers, n-of-1)
}

// week is the number of a date's week and how many its year has: as in ISO 8601, but for
// the weekday with which weeks begin.
func (r icalRule) week(d date) (n, of int) {
	middle := (r.weekOf(d) + 3).utc() // whose year is the week's
	december := (r.weekOf(dateIn(middle.Year(), 12, 28)) + 3).utc()
	return (middle.YearDay()-1)/7 + 1, (december.YearDay()-1)/7 + 1
}

// onWeekday reports whether BYDAY holds. Its numbers count within the month, or within
// the year if that is the period and no months are named.
func (r icalRule) onWeekday(d date, t time.Time) bool {
	n, of := t.YearDay(), 0
	if r.every == "MONTHLY" || len(r.months) > 0 {
		n, of = t.Day(), dateIn(t.Year(), int(t.Month())+1, 0).utc().Day()
	} else {
		of = dateIn(t.Year()+1, 1, 0).utc().YearDay()
	}
	forth, back := (n-1)/7+1, -((of-n)/7 + 1)
	return slices.ContainsFunc(r.weekdays, func(w icalWeekday) bool {
		return w.day == d.weekday() && (w.nth == 0 || w.nth == forth || w.nth == back)
	})
}

// utc is the date's midnight in UTC, to read year, month and day from.
func (d date) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// dateIn is a date of the calendar; day 0 is the last of the month before.
func dateIn(year, month, day int) date {
	return date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
