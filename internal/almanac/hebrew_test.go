package almanac

import (
	"slices"
	"testing"
	"time"
)

// TestHebrewOf takes days that both calendars name in books of history.
func TestHebrewOf(t *testing.T) {
	for text, want := range map[string]HebrewDate{
		"1492-08-11": {5252, av, 9},      // of the expulsion from Spain; 2 August by the calendar of the time
		"1917-11-02": {5678, 8, 17},      // the Balfour declaration
		"1947-11-29": {5708, 9, 16},      // the vote on Palestine
		"1948-05-14": {5708, 2, 5},       // Israel's independence
		"1967-06-07": {5727, 2, 28},      // Jerusalem Day
		"1969-07-20": {5729, av, 5},      // the landing on the Moon
		"1973-10-06": {5734, tishri, 10}, // the war of Yom Kippur
		"2000-01-01": {5760, 10, 23},
		"2001-09-11": {5761, 6, 23},
		"2005-10-04": {5766, tishri, 1},   // a new year that was put off by two days
		"2023-10-07": {5784, tishri, 22},  // Shmini Atzeret
		"2024-02-10": {5784, adar, 1},     // Adar I
		"2024-03-11": {5784, adar + 1, 1}, // Adar II
		"2025-03-01": {5785, adar, 1},     // Adar of a common year
		"2024-10-02": {5784, 6, 29},
	} {
		at := instant(t, text+"T00:00:00Z")
		if got := HebrewOf(at.Date()); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
	if got := HebrewOf(10000, 1, 1); got != (HebrewDate{}) {
		t.Error(got)
	}
	if got := HebrewOf(1<<60, 1, 1); got != (HebrewDate{}) {
		t.Error(got)
	}
}

// TestHebrewDatesFollow counts every day of the civil years 1 to 9999.
func TestHebrewDatesFollow(t *testing.T) {
	first := dateOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	last := dateOf(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC)
	was := hebrewOf(first - 1)
	for d := first; d <= last; d++ {
		h := hebrewOf(d)
		next := was
		next.Day++
		switch {
		case h == next && h.Day <= 30:
		case was.Day >= 29 && h.Day == 1 && h.Month == was.Month+1 && h.Month != tishri && h.Year == was.Year:
		case was.Day == 29 && h == HebrewDate{was.Year + 1, tishri, 1} && was.Month == tishri-1:
		case was.Day >= 29 && h == HebrewDate{was.Year, nisan, 1} && was.Month >= adar && (was.Month == adar+1) == leap(was.Year):
		default:
			t.Fatalf("%v after %v", h, was)
		}
		was = h
	}
}

// TestNewYears holds the reckoning to what is known of it.
func TestNewYears(t *testing.T) {
	var lengths []int
	kinds := map[[2]int]bool{} // weekday of the new year and length
	for year := 1; year < 20000; year++ {
		start := newYear(year)
		length := int(newYear(year+1) - start)
		if !slices.Contains(lengths, length) {
			lengths = append(lengths, length)
		}
		if leap(year) != (length > 380) {
			t.Fatalf("year %d has %d days", year, length)
		}
		if day := start.weekday(); day == time.Sunday || day == time.Wednesday || day == time.Friday {
			t.Fatalf("year %d begins on a %s", year, day)
		}
		kinds[[2]int{int(start.weekday()), length}] = true
	}
	slices.Sort(lengths)
	if want := []int{353, 354, 355, 383, 384, 385}; !slices.Equal(lengths, want) {
		t.Errorf("years of %v days, want %v", lengths, want)
	}
	if len(kinds) != 14 {
		t.Errorf("%d kinds of years, want the 14 of tradition", len(kinds))
	}
	// All of it comes again after 36,288 cycles of 19 years, which are 35,975,351 weeks.
	for year := 1; year < 100; year++ {
		if got := newYear(year+689472) - newYear(year); got != 35975351*7 {
			t.Fatalf("year %d comes again after %d days", year, got)
		}
	}
	// The molad of Tishri 5784 was on Friday 15 September 2023, early in the morning: no
	// postponement but that from Friday to Shabbat.
	if got := newYear(5784); got != civil(t, "2023-09-16") {
		t.Errorf("5784 begins on date %d", got)
	}
}

// TestHebrewDays wants them to begin at the sunset before, everywhere, in order and whole.
func TestHebrewDays(t *testing.T) {
	jerusalem := Place{Lat: 31.769, Lon: 35.2163, Zone: zoneOf(t, "Asia/Jerusalem")}
	days := hebrewDays(t, jerusalem, "2024-03-22T12:00:00Z", "2024-03-23T12:00:00Z")
	if len(days) != 2 || days[0].HebrewDate != (HebrewDate{5784, adar + 1, 12}) || days[1].HebrewDate != (HebrewDate{5784, adar + 1, 13}) {
		t.Fatal(days)
	}
	near(t, "the sunset in Jerusalem", float64(days[1].Sunset.Unix()), instant(t, "2024-03-22T15:52:00Z"), time.Minute)

	apia := Place{Lat: -13.8333, Lon: -171.7667, Zone: zoneOf(t, "Pacific/Apia")}
	days = hebrewDays(t, apia, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z")
	var got []HebrewDate
	for _, d := range days {
		got = append(got, d.HebrewDate)
	}
	// Friday 30 December never was, nor its 4 Tevet: Thursday's evening begins Shabbat's.
	if want := []HebrewDate{{5772, 10, 3}, {5772, 10, 5}, {5772, 10, 6}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}

	tromso := Place{Lat: 69.6489, Lon: 18.9551, Zone: zoneOf(t, "Europe/Oslo")}
	for i, d := range hebrewDays(t, tromso, "2024-06-01T00:00:00Z", "2024-06-30T00:00:00Z") {
		if d.Fallback != "sun never sets: 6 hours after solar noon" || d.Day != 24+i && d.Month == 2 {
			t.Errorf("%v", d)
		}
	}
	if _, err := HebrewDays(Place{}, time.Time{}, time.Time{}); err == nil {
		t.Error("a place without a zone was not refused")
	}
	if _, err := HebrewDays(tromso, time.Time{}, time.Time{}); err == nil {
		t.Error("the year 1 was not refused")
	}
}

func hebrewDays(t *testing.T, p Place, from, to string) []HebrewDay {
	t.Helper()
	a, b := instant(t, from), instant(t, to)
	days, err := HebrewDays(p, a, b)
	if err != nil || len(days) == 0 {
		t.Fatal(days, err)
	}
	if days[0].Sunset.After(a) || !days[len(days)-1].Sunset.Before(b) {
		t.Errorf("%v is not just %s to %s", days, from, to)
	}
	for i := 1; i < len(days); i++ {
		if gap := days[i].Sunset.Sub(days[i-1].Sunset); gap < 23*time.Hour || gap > 25*time.Hour {
			t.Errorf("%s from %v to %v", gap, days[i-1], days[i])
		}
	}
	return days
}
