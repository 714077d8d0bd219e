package almanac

import (
	"testing"
	"time"
)

func TestFridayPrayerByTheClock(t *testing.T) {
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "friday-prayer 12:45 90m"), "2026-01-01T00:00:00Z", "2026-01-10T00:00:00Z",
		window(t, "2026-01-02T08:45:00Z", "2026-01-02T10:15:00Z", "Friday prayer", "Fri 12:45 for 90m", ""),
		window(t, "2026-01-09T08:45:00Z", "2026-01-09T10:15:00Z", "Friday prayer", "Fri 12:45 for 90m", ""))
}

// TestFridayPrayerBySolarNoon takes the true noons of polar.json, computed elsewhere.
func TestFridayPrayerBySolarNoon(t *testing.T) {
	var fridays int
	for _, v := range load[polarDay](t, "polar.json") {
		if civil(t, v.Date).weekday() != time.Friday {
			continue
		}
		fridays++
		got := rests(t, keepIn(t, v.place(t), v.Zone, "friday-prayer noon+10m 1h"), v.Noon.Add(30*time.Minute), v.Noon.Add(30*time.Minute))
		start, end := v.Noon.Add(10*time.Minute), v.Noon.Add(70*time.Minute)
		if len(got) != 1 || got[0].Name != "Friday prayer" || got[0].Rule != "Fri noon+10m for 60m" ||
			got[0].Start.Sub(start).Abs() > 63*time.Second || got[0].Start.After(start.Add(3*time.Second)) ||
			got[0].End.Sub(end).Abs() > 63*time.Second || got[0].End.Before(end.Add(-3*time.Second)) {
			t.Errorf("%s %s: %v, want %s to %s", v.City, v.Date, got, start, end)
		}
	}
	if fridays < 5 {
		t.Errorf("only %d Fridays", fridays)
	}
	// Dubai's noon on 5 January 2024 was at 12:24:01.
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "friday-prayer noon-15m 90m"), "2024-01-05T00:00:00Z", "2024-01-06T00:00:00Z",
		window(t, "2024-01-05T08:09:00Z", "2024-01-05T09:40:00Z", "Friday prayer", "Fri noon-15m for 90m", ""))
}

func TestFridayPrayerRefuses(t *testing.T) {
	refuses(t, "friday-prayer", "friday-prayer 12:45", "friday-prayer noon", "friday-prayer 12.45 90m", "friday-prayer 12:45 90", "friday-prayer 12:45 0m",
		"friday-prayer 12:45 90s", "friday-prayer 12:45 7h", "friday-prayer noon+4h 1h", "friday-prayer noon+x 1h", "friday-prayer sunset 1h",
		"friday-prayer noon + 10m 60m")
}
