package clock_test

import (
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/zone"
)

func TestDayStart(t *testing.T) {
	for _, c := range []struct{ date, zone, want string }{
		{"2024-03-22", "UTC", "2024-03-22T00:00:00Z"},
		{"2024-03-22", "America/New_York", "2024-03-22T04:00:00Z"},
		{"2024-03-22", "Pacific/Kiritimati", "2024-03-21T10:00:00Z"},
		{"2024-03-10", "America/New_York", "2024-03-10T05:00:00Z"}, // the clocks change two hours later
		{"2024-03-31", "Asia/Beirut", "2024-03-30T22:00:00Z"},      // begins at one o'clock
		{"2024-09-08", "America/Santiago", "2024-09-08T04:00:00Z"},
		{"2024-11-03", "America/Havana", "2024-11-03T04:00:00Z"}, // has two midnights
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"},   // never was
		{"2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z"},
	} {
		loc, err := zone.Built().Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, err := time.Parse(time.DateOnly, c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.DayStart(date.Year(), date.Month(), date.Day(), loc).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins %s, want %s", c.date, c.zone, got, c.want)
		}
	}
}

// From day to day there is always a next one, which begins after the one before.
func TestMidnightGoesOn(t *testing.T) {
	for _, name := range []string{"Asia/Beirut", "America/Havana", "America/Santiago", "Pacific/Apia", "Africa/Cairo", "Asia/Jerusalem", "America/Sao_Paulo"} {
		loc, err := zone.Built().Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := clock.DayStart(2000, 1, 1, loc); day.Year() < 2030; {
			next := clock.Midnight(day, loc, 1)
			if !next.After(day) || clock.Date(next.Add(-time.Second), loc) != clock.Date(day, loc) {
				t.Fatalf("%s: the day after %s begins %s", name, day.In(loc), next.In(loc))
			}
			day = next
		}
	}
}
