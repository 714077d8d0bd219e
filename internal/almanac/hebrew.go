package almanac

import (
	"math"
	"time"
)

// A HebrewDate is a date of the Hebrew calendar. It begins at the sunset before the civil
// date that it is given for, and lasts until that date's own.
type HebrewDate struct {
	Year  int // from the creation of the world; it begins with Tishri
	Month int // counted from Nisan, 1; Tishri is 7; Adar, and Adar I of a leap year, is 12, and Adar II 13
	Day   int // 1 to 29 or 30
}

// The months that observances name.
const (
	nisan  = 1
	sivan  = 3
	av     = 5
	tishri = 7
	adar   = 12
)

// HebrewOf is the Hebrew date whose daylight is that of a civil (Gregorian) date, of the
// years 1 to 9999; the zero date beyond them.
func HebrewOf(year int, month time.Month, day int) HebrewDate {
	if year < 1 || year > 9999 {
		return HebrewDate{}
	}
	return hebrewOf(date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400))
}

// A HebrewDay is a Hebrew date at a place.
type HebrewDay struct {
	Sunset   time.Time // when it begins: UTC, to the second
	Fallback string    // where the sun did not set, what was done, as in a Window; else ""
	HebrewDate
}

// HebrewDays lists the Hebrew days of a place that overlap [from, to), in order. Each
// begins at the sunset before its civil date, without any custom's lighting; a civil date
// that the zone skipped has none. It is an error to ask without a place or for a span that
// no calendar answers for.
func HebrewDays(p Place, from, to time.Time) ([]HebrewDay, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	s := skyOver(p)
	var days []HebrewDay
	for d, last := dateOf(from, p.Zone)-reach, dateOf(to, p.Zone)+reach; d <= last; d++ {
		if _, ok := d.noon(p.Zone); !ok {
			continue
		}
		unix, why := evening(s.day(s.dayOf(d, p.Zone) - 1))
		sunset := time.Unix(int64(math.Floor(unix)), 0).UTC()
		switch {
		case !sunset.Before(to):
			return days, nil
		case !sunset.After(from):
			days = days[:0] // what was before is over by now
		}
		days = append(days, HebrewDay{sunset, why, hebrewOf(d)})
	}
	return days, nil
}

// The reckoning, by Maimonides, Mishneh Torah, Sanctification of the New Month, 6 to 8.
// Days are counted from the Monday on which the first year began, and begin in the evening,
// at six; an hour has 1080 parts.
const (
	partsHour  = 1080
	partsDay   = 24 * partsHour
	partsMonth = 29*partsDay + 12*partsHour + 793 // from one mean new moon, the molad, to the next

	firstMolad   = 5*partsHour + 204 // of the first year, on its first day (6:8)
	firstNewYear = date(-2092590)    // that Monday, 7 October 3761 BCE by the Julian calendar
)

// leap reports whether a year has thirteen months, as seven of every nineteen have (6:11).
func leap(year int) bool { return (7*year+1)%19 < 7 }

// newYear is the civil date of 1 Tishri: the day of its molad, or up to two days later
// where one or two of the four postponements hold (7:1-6).
func newYear(year int) date {
	molad := firstMolad + (235*year-234)/19*partsMonth
	days, parts := molad/partsDay, molad%partsDay
	switch weekday := (days + 1) % 7; { // counted from Sunday, 0; day 0 is a Monday
	case parts >= 18*partsHour: // at noon or later
		days++
	case weekday == 2 && parts >= 9*partsHour+204 && !leap(year): // else the year would have 356 days
		days++ // to a Wednesday, and so on to Thursday
	case weekday == 1 && parts >= 15*partsHour+589 && leap(year-1): // else the one before would have 382
		days++
	}
	if weekday := (days + 1) % 7; weekday == 0 || weekday == 3 || weekday == 5 { // never Sunday, Wednesday or Friday
		days++
	}
	return firstNewYear + date(days)
}

func hebrewOf(d date) HebrewDate {
	// By the mean length of a year, 35975351/98496 days; at most one year off.
	year := int(d-firstNewYear)*98496/35975351 + 1
	start, next := newYear(year), newYear(year+1)
	switch {
	case d < start:
		year, start, next = year-1, newYear(year-1), start
	case d >= next:
		year, start, next = year+1, next, newYear(year+2)
	}
	h := HebrewDate{Year: year, Month: tishri, Day: int(d-start) + 1}
	for length := int(next - start); ; {
		days := monthDays(h.Month, length)
		if h.Day <= days {
			return h
		}
		h.Day -= days
		h.Month = monthAfter(h.Month, length)
	}
}

// monthAfter is the month after one, in a year of a length in days.
func monthAfter(month, length int) int {
	switch {
	case month == adar && length < 380, month == adar+1:
		return nisan
	}
	return month + 1
}

// monthDays is how long a month is in a year of a length in days: 353 to 355, or 383 to
// 385 with a leap month. Marcheshvan and Kislev give and take the days by which the new
// year was moved (8:5-6).
func monthDays(month, length int) int {
	long := false
	switch month {
	case nisan, sivan, av, tishri, 11:
		long = true
	case 8: // Marcheshvan
		long = length%10 == 5
	case 9: // Kislev
		long = length%10 != 3
	case adar: // in a leap year the first
		long = length > 380
	}
	if long {
		return 30
	}
	return 29
}
