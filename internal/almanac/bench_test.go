package almanac

import (
	"testing"
	"time"
)

func benchCity(b *testing.B) Calendar {
	return keep(b, Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(b, "America/New_York")}, usual, "shabbat", "yomtov")
}

var benchFrom = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// BenchmarkYear computes a year of one city.
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
