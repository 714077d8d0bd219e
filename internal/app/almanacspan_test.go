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
