package almanac

import "testing"

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
	wantRests(t, keepIn(t, reykjavi, "Atlantic/Reykjavik", "sunday from-eve"), "2024-06-23T12:00:00Z", "2024-06-23T12:00:00Z",
		window(t, "2024-06-23T00:00:00Z", "2024-06-24T00:00:00Z", "Sunday", rule, "sunset after midnight: midnight"))
	// Tromso's does not set: solar noon on Saturday 22 June was at 12:46:18 there.
	wantRests(t, keepIn(t, tromsoe, "Europe/Oslo", "sunday from-eve"), "2024-06-23T12:00:00Z", "2024-06-23T12:00:00Z",
		window(t, "2024-06-22T16:46:00Z", "2024-06-23T22:00:00Z", "Sunday", rule, "sun never sets: 6 hours after solar noon"))
}

func TestSundayRefuses(t *testing.T) { refuses(t, "sunday from eve", "sunday evening") }
