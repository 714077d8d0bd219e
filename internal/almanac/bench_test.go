package almanac

import (
	"testing"
	"time"
)

func benchCity(b *testing.B) Calendar {
	return keep(b, Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(b, "America/New_York")}, usual, "shabbat", "yomtov")
}

var benchFrom = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// TestAllocations wants a year of one city in at most 25, and a question of it in none.
func TestAllocations(t *testing.T) {
	c := keep(t, Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(t, "America/New_York")}, usual, "shabbat", "yomtov")
	to := benchFrom.AddDate(1, 0, 0)
	if n := testing.AllocsPerRun(20, func() { rests(t, c, benchFrom, to) }); n > 25 {
		t.Errorf("%v allocations for a year", n)
	}
	windows := rests(t, c, benchFrom, to)
	if n := testing.AllocsPerRun(20, func() { At(windows, to) }); n > 0 {
		t.Errorf("%v allocations for an instant", n)
	}
}

// BenchmarkYear computes a year of one city, Shabbat and festivals together.
func BenchmarkYear(b *testing.B) {
	c := benchCity(b)
	b.ReportAllocs()
	for b.Loop() {
		rests(b, c, benchFrom, benchFrom.AddDate(1, 0, 0))
	}
}

// BenchmarkNextWeek computes the window of one week.
func BenchmarkNextWeek(b *testing.B) {
	c := benchCity(b)
	b.ReportAllocs()
	for b.Loop() {
		rests(b, c, benchFrom, benchFrom.AddDate(0, 0, 7))
	}
}

// BenchmarkAt asks whether a desk rests, of 400 days of prepared windows.
func BenchmarkAt(b *testing.B) {
	windows := rests(b, benchCity(b), benchFrom, benchFrom.AddDate(0, 0, 400))
	t := benchFrom.AddDate(0, 0, 123)
	b.ReportAllocs()
	for b.Loop() {
		At(windows, t)
	}
}
