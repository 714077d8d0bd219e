package app

import (
	"dateline/internal/clock"
	"fmt"
	"time"
)

// almanacMaxYears bounds the span of one question; almanacDays is its length unless given.
const (
	almanacMaxYears = 400
	almanacDays     = 30
)

// span reads the two civil dates as the instants on which they begin in the zone. Without
// them it is the days from today.
func (typed almanacFlags) span(zone *time.Location, now time.Time) (from, to time.Time, err error) {
	if typed.from == "" {
		typed.from = now.In(zone).Format(time.DateOnly)
	}
	first, err := almanacDate("from", typed.from)
	if err != nil {
		return from, to, err
	}
	if typed.to == "" {
		typed.to = first.AddDate(0, 0, almanacDays).Format(time.DateOnly)
	}
	after, err := almanacDate("to", typed.to)
	if err != nil {
		return from, to, err
	}
	if !after.After(first) {
		return from, to, fmt.Errorf("--to %s must be after --from %s, for it is the date after the last", typed.to, typed.from)
	}
	if after.After(first.AddDate(almanacMaxYears, 0, 0)) {
		return from, to, fmt.Errorf("--from %s to --to %s is over %d years, more than one question may span", typed.from, typed.to, almanacMaxYears)
	}
	return almanacMidnight(first, zone), almanacMidnight(after, zone), nil
}

func almanacDate(name, text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fmt.Errorf("--%s is %.40q, but must be a date such as 2024-03-22", name, text)
	}
	return t, nil
}

// almanacInstant reads --at.
func almanacInstant(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--at is %.40q, but must be an instant such as 2024-03-22T22:52:00Z, or now", text)
	}
	return t.UTC(), nil
}

// almanacMidnight is the first instant of a civil date, given as its midnight in UTC.
func almanacMidnight(date time.Time, zone *time.Location) time.Time {
	return clock.DayStart(date.Year(), date.Month(), date.Day(), zone)
}
