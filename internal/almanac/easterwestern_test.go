package almanac

import (
	"testing"
	"time"
)

// easters are published Easter Sundays, in the civil calendar: those of the Gregorian and
// the Julian reckoning, among them the earliest and latest, the years in which both fell
// together, and the two exceptions of 1954 and 1981.
var easters = []struct{ western, orthodox string }{
	{"1818-03-22", "1818-04-26"}, {"1886-04-25", "1886-04-25"}, {"1900-04-15", "1900-04-22"}, {"1913-03-23", "1913-04-27"},
	{"1943-04-25", "1943-04-25"}, {"1954-04-18", "1954-04-25"}, {"1961-04-02", "1961-04-09"}, {"1981-04-19", "1981-04-26"},
	{"1983-04-03", "1983-05-08"}, {"2000-04-23", "2000-04-30"}, {"2001-04-15", "2001-04-15"}, {"2005-03-27", "2005-05-01"},
	{"2008-03-23", "2008-04-27"}, {"2010-04-04", "2010-04-04"}, {"2013-03-31", "2013-05-05"}, {"2016-03-27", "2016-05-01"},
	{"2019-04-21", "2019-04-28"}, {"2020-04-12", "2020-04-19"}, {"2021-04-04", "2021-05-02"}, {"2022-04-17", "2022-04-24"},
	{"2023-04-09", "2023-04-16"}, {"2024-03-31", "2024-05-05"}, {"2025-04-20", "2025-04-20"}, {"2026-04-05", "2026-04-12"},
	{"2027-03-28", "2027-05-02"}, {"2028-04-16", "2028-04-16"}, {"2029-04-01", "2029-04-08"}, {"2030-04-21", "2030-04-28"},
	{"2038-04-25", "2038-04-25"}, {"2049-04-18", "2049-04-25"}, {"2076-04-19", "2076-04-26"}, {"2100-03-28", "2100-05-02"},
}

func TestGregorianEaster(t *testing.T) {
	for _, e := range easters {
		want := civil(t, e.western)
		year, _, _ := want.civil()
		if got := gregorianEaster(year); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
	for year := firstYear - 1; year <= lastYear+1; year++ {
		d := gregorianEaster(year)
		if d.weekday() != time.Sunday || d < dateAt(year, time.March, 22) || d > dateAt(year, time.April, 25) {
			t.Errorf("%d: %s, a %s", year, d, d.weekday())
		}
	}
}

func TestEasterWestern(t *testing.T) {
	const from, to = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
	// London's clocks changed on Easter Sunday 2024.
	wantRests(t, keepIn(t, london, "Europe/London", "easter-western"), from, to,
		window(t, "2024-03-29T00:00:00Z", "2024-03-30T00:00:00Z", "Good Friday", "Western Easter-2d", ""),
		window(t, "2024-03-31T00:00:00Z", "2024-04-01T23:00:00Z", "Easter Sunday + Easter Monday", "Western Easter+0d + Western Easter+1d", ""))
	wantRests(t, keepIn(t, london, "Europe/London", "easter-western whit-monday ash-wednesday corpus-christi ascension"), from, to,
		window(t, "2024-02-14T00:00:00Z", "2024-02-15T00:00:00Z", "Ash Wednesday", "Western Easter-46d", ""),
		window(t, "2024-05-08T23:00:00Z", "2024-05-09T23:00:00Z", "Ascension Day", "Western Easter+39d", ""),
		window(t, "2024-05-19T23:00:00Z", "2024-05-20T23:00:00Z", "Whit Monday", "Western Easter+50d", ""),
		window(t, "2024-05-29T23:00:00Z", "2024-05-30T23:00:00Z", "Corpus Christi", "Western Easter+60d", ""))
}

func TestEasterWesternRefuses(t *testing.T) {
	refuses(t, "easter-western christmas", "easter-western Good Friday", "easter-western clean-monday")
}

func TestWeekdaysOfFeasts(t *testing.T) {
	for line, day := range map[string]time.Weekday{
		"easter-western ash-wednesday": time.Wednesday, "easter-western palm-sunday": time.Sunday, "easter-western holy-thursday": time.Thursday,
		"easter-western good-friday": time.Friday, "easter-western holy-saturday": time.Saturday, "easter-western easter": time.Sunday,
		"easter-western easter-monday": time.Monday, "easter-western ascension": time.Thursday, "easter-western pentecost": time.Sunday,
		"easter-western whit-monday": time.Monday, "easter-western corpus-christi": time.Thursday,
		"easter-orthodox clean-monday": time.Monday, "easter-orthodox palm-sunday": time.Sunday, "easter-orthodox holy-thursday": time.Thursday,
		"easter-orthodox good-friday": time.Friday, "easter-orthodox holy-saturday": time.Saturday, "easter-orthodox easter": time.Sunday,
		"easter-orthodox easter-monday": time.Monday, "easter-orthodox ascension": time.Thursday, "easter-orthodox pentecost": time.Sunday,
		"easter-orthodox whit-monday": time.Monday,
	} {
		got := rests(t, keepIn(t, london, "UTC", line), instant(t, "2025-01-01T00:00:00Z"), instant(t, "2026-01-01T00:00:00Z"))
		if len(got) != 1 || got[0].Start.Weekday() != day || got[0].End.Sub(got[0].Start) != 24*time.Hour {
			t.Errorf("%s: %v, want a %s", line, got, day)
		}
	}
}
