package almanac

import (
	"testing"
	"time"
)

func TestSunday(t *testing.T) {
	wantRests(t, keepIn(t, london, "Europe/London", "sunday"), "2024-06-29T00:00:00Z", "2024-07-03T00:00:00Z",
		window(t, "2024-06-29T23:00:00Z", "2024-06-30T23:00:00Z", "Sunday", "civil day", ""))
	// The days of London's changes are 23 and 25 hours long.
	wantRests(t, keepIn(t, london, "Europe/London", "sunday"), "2024-03-31T12:00:00Z", "2024-03-31T12:00:00Z",
		window(t, "2024-03-31T00:00:00Z", "2024-03-31T23:00:00Z", "Sunday", "civil day", ""))
	wantRests(t, keepIn(t, london, "Europe/London", "sunday"), "2024-10-27T12:00:00Z", "2024-10-27T12:00:00Z",
		window(t, "2024-10-26T23:00:00Z", "2024-10-28T00:00:00Z", "Sunday", "civil day", ""))
}

func TestSundayFromEve(t *testing.T) {
	const rule = "sunset / midnight"
	// The sun set in New York on Saturday 23 March 2024 at 19:11:53.
	wantRests(t, keepIn(t, Place{Lat: 40.7128, Lon: -74.006}, "America/New_York", "sunday from-eve"), "2024-03-24T12:00:00Z", "2024-03-24T12:00:00Z",
		window(t, "2024-03-23T23:11:00Z", "2024-03-25T04:00:00Z", "Sunday", rule, ""))
	// Reykjavik's sun sets after midnight in June.
	wantRests(t, keepIn(t, reykjavik, "Atlantic/Reykjavik", "sunday from-eve"), "2024-06-23T12:00:00Z", "2024-06-23T12:00:00Z",
		window(t, "2024-06-23T00:00:00Z", "2024-06-24T00:00:00Z", "Sunday", rule, "sunset after midnight: midnight"))
	// Tromso's does not set: solar noon on Saturday 22 June was at 12:46:18 there.
	wantRests(t, keepIn(t, tromso.place(t), "Europe/Oslo", "sunday from-eve"), "2024-06-23T12:00:00Z", "2024-06-23T12:00:00Z",
		window(t, "2024-06-22T16:46:00Z", "2024-06-23T22:00:00Z", "Sunday", rule, "sun never sets: 6 hours after solar noon"))
}

func TestSundayRefuses(t *testing.T) { refuses(t, "sunday from eve", "sunday evening") }

// TestSunsetsByTheDesksRule wants the hour that a desk has set for days without a sunset,
// and a refusal of one that cannot be.
func TestSunsetsByTheDesksRule(t *testing.T) {
	d := Desk{Place: tromso.place(t), Custom: usual}
	d.Custom.Sunless = fixedHours(18*time.Hour, 23*time.Hour)
	for line, at := range map[string]string{"sunday from-eve": "2024-06-23T12:00:00Z", "eid adha": "2024-06-16T12:00:00Z"} {
		cal, err := Keep(d, line)
		if err != nil {
			t.Fatal(err)
		}
		noon := instant(t, at)
		if got := rests(t, cal, noon, noon); len(got) != 1 || !got[0].Start.Equal(noon.Add(-20*time.Hour)) {
			t.Errorf("%s: %v, want it to begin at 18:00 in Tromso", line, got)
		}
	}
	d.Custom.Sunless = Sunless{Like: Reference{Name: "Nowhere"}}
	for _, line := range []string{"sunday from-eve", "eid", "eid nightfall"} {
		_, err := Keep(d, line)
		sentence(t, line, err)
	}
}
