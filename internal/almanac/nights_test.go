package almanac

import (
	"testing"
	"time"
)

func TestNights(t *testing.T) {
	const rule = "nights 23:00 - 06:00"
	wantRests(t, keepIn(t, london, "Europe/London", "nights 23:00 - 06:00"), "2024-06-28T05:00:00Z", "2024-06-29T05:00:00Z",
		window(t, "2024-06-28T22:00:00Z", "2024-06-29T05:00:00Z", "Night", rule, ""))
	// The nights that begin on Sunday to Thursday; that of Thursday ends on Friday.
	for _, days := range []string{"Sun-Thu", "Sun Mon Tue Wed Thu", "thursday sun - wed"} {
		wantRests(t, keepIn(t, london, "Europe/London", "nights 23:00 - 06:00 "+days), "2024-06-28T04:00:00Z", "2024-07-01T00:00:00Z",
			window(t, "2024-06-27T22:00:00Z", "2024-06-28T05:00:00Z", "Night", rule, ""),
			window(t, "2024-06-30T22:00:00Z", "2024-07-01T05:00:00Z", "Night", rule, ""))
	}
	// Hours after midnight are of the date that they are on.
	wantRests(t, keepIn(t, london, "Europe/London", "nights 00:30 - 06:00 Fri - Sat"), "2024-06-27T00:00:00Z", "2024-07-03T00:00:00Z",
		window(t, "2024-06-27T23:30:00Z", "2024-06-28T05:00:00Z", "Night", "nights 00:30 - 06:00", ""),
		window(t, "2024-06-28T23:30:00Z", "2024-06-29T05:00:00Z", "Night", "nights 00:30 - 06:00", ""))
	wantRests(t, keepIn(t, london, "Europe/London", "nights 18:00-24:00 Fri"), "2024-06-27T00:00:00Z", "2024-07-03T00:00:00Z",
		window(t, "2024-06-28T17:00:00Z", "2024-06-28T23:00:00Z", "Night", "nights 18:00 - 00:00", ""))
}

func TestNightsRefuses(t *testing.T) {
	refuses(t, "nights", "nights 23:00", "nights 23:00 06:00", "nights 23:00 -", "nights 23 - 6", "nights 23:00 - 23:00", "nights 00:00 - 24:00",
		"nights 23:00 - 06:00 Fry", "nights 23:00 - 06:00 Sun-", "nights 23:00 - 06:00 -Sun", "nights 23:00 - 06:00 Sun - Fry", "nights 23:60 - 06:00")
}

// BenchmarkNights computes a year of nights.
func BenchmarkNights(b *testing.B) {
	c := keepIn(b, london, "Europe/London", "nights 23:00 - 06:00")
	b.ReportAllocs()
	for b.Loop() {
		rests(b, c, benchFrom, benchFrom.AddDate(1, 0, 0))
	}
}

// BenchmarkNightsFarAhead computes a year whose changes of the clock are of a rule.
func BenchmarkNightsFarAhead(b *testing.B) {
	c := keepIn(b, london, "Europe/London", "nights 23:00 - 06:00")
	from := time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		rests(b, c, from, from.AddDate(1, 0, 0))
	}
}
