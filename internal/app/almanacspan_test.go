package app

import (
	"strings"
	"testing"
	"time"

	"dateline/internal/zone"
)

// TestAlmanacFromToday asks without dates: thirty days from today, which is the zone's.
func TestAlmanacFromToday(t *testing.T) {
	for args, want := range map[string]string{
		almanacThere:                       "--from 2024-03-22 --to 2024-04-21",
		almanacThere + "--from 2024-06-03": "--to 2024-07-03",
		almanacThere + "--to 2024-04-01":   "--from 2024-03-22",
	} {
		if got, want := almanacAnswers(t, args), almanacAnswers(t, args+" "+want); got != want || strings.Count(got, "Shabbat") < 2 {
			t.Errorf("%s:\n%s\nwant\n%s", args, got, want)
		}
	}
}

// TestAlmanacToday asks at an instant at which it is already tomorrow in Apia.
func TestAlmanacToday(t *testing.T) {
	for name, want := range map[string]string{"America/New_York": "2024-03-22T04:00:00Z", "Pacific/Apia": "2024-03-22T11:00:00Z"} {
		z, err := zone.Built().Load(name)
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := almanacFlags{}.span(z, almanacNow)
		if got := from.Format(time.RFC3339); err != nil || got != want || to.Sub(from) != 30*24*time.Hour {
			t.Errorf("%s: %s to %s, %v; want %s", name, got, to, err, want)
		}
	}
}

func TestAlmanacMidnight(t *testing.T) {
	for _, c := range []struct{ date, zone, want string }{
		{"2024-03-22", "America/New_York", "2024-03-22T04:00:00Z"},
		{"2024-03-22", "Pacific/Kiritimati", "2024-03-21T10:00:00Z"},
		{"2024-03-10", "America/New_York", "2024-03-10T05:00:00Z"}, // the clocks change two hours later
		{"2024-09-08", "America/Santiago", "2024-09-08T04:00:00Z"}, // begins at one o'clock
		{"2024-11-03", "America/Havana", "2024-11-03T04:00:00Z"},   // has two midnights
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"},     // never was
		{"2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z"},
	} {
		loc, err := zone.Built().Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, err := almanacDate("from", c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := almanacMidnight(date, loc).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins %s, want %s", c.date, c.zone, got, c.want)
		}
	}
}
