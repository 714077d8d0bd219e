package clock

import "time"

// DayStart is the first instant of a civil date in a zone, in UTC; months and days past their
// ends run over, as in time.Date. It is the earlier of two midnights, and where clocks skip
// midnight (Beirut, Santiago) or the whole date (Samoa, 30 December 2011) the instant at
// which they do: time.Date and Time.AddDate may answer with the day before.
func DayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	_, before := date.AddDate(0, 0, -2).In(zone).Zone()
	_, after := date.AddDate(0, 0, 2).In(zone).Zone()
	early := date.Add(-time.Duration(before) * time.Second) // midnight by the clock of the days before
	if _, offset := early.In(zone).Zone(); offset == before {
		return early
	}
	late := date.Add(-time.Duration(after) * time.Second)
	if _, offset := late.In(zone).Zone(); offset == after {
		return late
	}
	skip, _ := early.In(zone).ZoneBounds()
	return skip.UTC()
}

// Midnight is the first instant of the day so many days after the one that t is on.
func Midnight(t time.Time, zone *time.Location, days int) time.Time {
	year, month, day := t.In(zone).Date()
	return DayStart(year, month, day+days, zone)
}
