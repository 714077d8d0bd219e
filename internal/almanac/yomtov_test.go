package almanac

import (
	"maps"
	"slices"
	"testing"
	"time"
)

// passover is the Gregorian date of 15 Nisan in a civil year by the formula of Gauss
// (Berechnung des jüdischen Osterfestes, 1802), which knows no new years, months or
// leap years. Its decimals are kept as whole numbers of 1/492480 of a day.
func passover(civilYear int) date {
	const unit = 492480
	year := civilYear + 3760
	a, b := (12*year+17)%19, year%4
	sum := 32*unit + 21715 + 765433*a + unit/4*b - 1565*year
	march, rest := sum/unit, sum%unit
	switch weekday := (march + 3*year + 5*b + 5) % 7; {
	case weekday == 2 || weekday == 4 || weekday == 6:
		march++
	case weekday == 1 && a > 6 && rest >= 311676:
		march += 2
	case weekday == 0 && a > 11 && rest >= 442111:
		march++
	}
	// Of March by the Julian calendar, which is this many days behind.
	behind := civilYear/100 - civilYear/400 - 2
	return dateOf(time.Date(civilYear, 3, march+behind, 0, 0, 0, 0, time.UTC), time.UTC)
}

// byGauss is every festival day of a civil year, each at its distance from 15 Nisan.
func byGauss(year int, israel bool) map[date]string {
	days := map[date]string{}
	for away, name := range map[date]string{
		0: "Pesach I", 6: "Pesach VII", 50: "Shavuot I",
		163: "Rosh Hashana I", 164: "Rosh Hashana II", 172: "Yom Kippur", 177: "Sukkot I", 184: "Shmini Atzeret",
	} {
		days[passover(year)+away] = name
	}
	if israel {
		return days
	}
	for away, name := range map[date]string{1: "Pesach II", 7: "Pesach VIII", 51: "Shavuot II", 178: "Sukkot II", 185: "Simchat Torah"} {
		days[passover(year)+away] = name
	}
	return days
}

// TestEveryFestival asks for every date from 1800 to 2499 in both schedules.
func TestEveryFestival(t *testing.T) {
	for _, israel := range []bool{false, true} {
		for year := 1800; year < 2500; year++ {
			want := byGauss(year, israel)
			got := map[date]string{}
			first := dateOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
			next := dateOf(time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
			for d := first; d < next; d++ {
				if name := yomtov.named(d, israel); name != "" {
					got[d] = name
				}
			}
			if !maps.Equal(got, want) {
				t.Fatalf("%d, Israel %t:\ngot  %v\nwant %v", year, israel, got, want)
			}
		}
	}
}

// TestFestivalsAsPrinted takes the first days that calendars print for some years.
func TestFestivalsAsPrinted(t *testing.T) {
	for text, want := range map[string]string{
		"1949-09-24": "Rosh Hashana I", "1950-04-02": "Pesach I", "1950-09-21": "Yom Kippur",
		"1973-10-06": "Yom Kippur", "2000-09-30": "Rosh Hashana I", "2013-09-05": "Rosh Hashana I",
		"2023-10-07": "Shmini Atzeret", "2023-10-08": "Simchat Torah", "2024-10-12": "Yom Kippur",
		"2025-04-13": "Pesach I", "2025-06-02": "Shavuot I", "2026-09-12": "Rosh Hashana I",
		"2027-10-02": "Rosh Hashana I", "2029-09-10": "Rosh Hashana I", "2030-09-28": "Rosh Hashana I",
		"2043-10-05": "Rosh Hashana I", "2049-09-27": "Rosh Hashana I",
	} {
		if got := yomtov.named(civil(t, text), false); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestOptionalDays counts the days of a few years that a desk may add.
func TestOptionalDays(t *testing.T) {
	for _, c := range []struct {
		o           Observance
		israel      bool
		first, last string
		want        []string
	}{
		{holHaMoed, false, "2024-01-01", "2024-12-31", []string{"2024-04-25", "2024-04-26", "2024-04-27", "2024-04-28",
			"2024-10-19", "2024-10-20", "2024-10-21", "2024-10-22", "2024-10-23"}},
		{holHaMoed, true, "2024-01-01", "2024-12-31", []string{"2024-04-24", "2024-04-25", "2024-04-26", "2024-04-27", "2024-04-28",
			"2024-10-18", "2024-10-19", "2024-10-20", "2024-10-21", "2024-10-22", "2024-10-23"}},
		// In 2022 and 2025 9 Av was a Shabbat.
		{tishaBAv, false, "2022-01-01", "2026-12-31", []string{"2022-08-07", "2023-07-27", "2024-08-13", "2025-08-03", "2026-07-23"}},
		{extraDay, false, "2024-03-18", "2024-04-01", []string{"2024-03-24", "2024-03-31"}},
		{extraDayBefore, false, "2024-03-18", "2024-04-01", []string{"2024-03-22", "2024-03-29"}},
	} {
		var got []string
		for d := civil(t, c.first); d <= civil(t, c.last); d++ {
			if c.o.named(d, c.israel) != "" {
				noon, _ := d.noon(time.UTC)
				got = append(got, noon.Format(time.DateOnly))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, Israel %t:\ngot  %v\nwant %v", c.o.Name, c.israel, got, c.want)
		}
	}
}

// TestKeptTogether wants one rest of what touches, each name once, in the order of the days.
func TestKeptTogether(t *testing.T) {
	newYork := Place{Lat: 40.7128, Lon: -74.006, Zone: zoneOf(t, "America/New_York")}
	for _, c := range []struct {
		lines      []string
		at         string
		start, end string
		name       string
	}{
		{[]string{"shabbat", "yomtov", "hol-hamoed"}, "2025-04-15T12:00:00Z", "2025-04-11T23:13:00Z", "2025-04-21T00:25:00Z",
			"Shabbat + Pesach I + Pesach II + Hol HaMoed Pesach + Pesach VII + Pesach VIII"},
		{[]string{"tisha-bav", "shabbat"}, "2025-08-03T12:00:00Z", "2025-08-01T23:53:00Z", "2025-08-04T00:55:00Z", "Shabbat + Tisha B'Av"},
		{[]string{"yomtov", "shabbat"}, "2024-10-12T12:00:00Z", "2024-10-11T22:03:00Z", "2024-10-12T23:01:00Z", "Yom Kippur"},
		{[]string{"shabbat", "shabbat"}, "2024-03-23T12:00:00Z", "2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "Shabbat"},
		{[]string{"extra-day-before", "shabbat", "extra-day"}, "2024-03-23T12:00:00Z", "2024-03-21T22:51:00Z", "2024-03-24T23:54:00Z",
			"Friday (date line) + Shabbat + Sunday (date line)"},
	} {
		at := instant(t, c.at)
		got := rests(t, keep(t, newYork, usual, c.lines...), at, at)
		want := span(t, c.start, c.end)
		if len(got) != 1 || !sameSpan(got[0], want) || got[0].Name != c.name {
			t.Errorf("%v:\ngot  %v\nwant %v %s", c.lines, got, want, c.name)
		}
	}
}

// TestIsraelWithinDiaspora wants each of Israel's rests inside one of those abroad.
func TestIsraelWithinDiaspora(t *testing.T) {
	for i, c := range cities(t) {
		from := time.Date(1900+i*4, 1, 1, 0, 0, 0, 0, time.UTC)
		p := c.place(t)
		p.Israel = false
		abroad := rests(t, keep(t, p, c.rule(), "shabbat", "yomtov"), from, from.AddDate(20, 0, 0))
		p.Israel = true
		israel := rests(t, keep(t, p, c.rule(), "shabbat", "yomtov"), from, from.AddDate(20, 0, 0))
		if len(israel) == 0 || slices.Equal(israel, abroad) {
			t.Fatalf("%s: the schedules are the same", c.City)
		}
		for _, w := range israel {
			if v, ok := At(abroad, w.Start); !ok || v.End.Before(w.End) {
				t.Errorf("%s: %v is not within %v", c.City, w, v)
			}
		}
	}
}
