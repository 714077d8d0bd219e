package ui_test

import (
	"strings"
	"testing"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/web/ui"
)

// TestEveryRestHasAHebrewName asks the almanac for three years of everything that it names
// itself, in Israel and abroad.
func TestEveryRestHasAHebrewName(t *testing.T) {
	for _, israel := range []bool{true, false} {
		desk := almanac.Desk{
			Place:  almanac.Place{Lat: 31.78, Lon: 35.22, Zone: time.UTC, Israel: israel},
			Custom: almanac.Custom{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}},
		}
		for _, line := range []string{"shabbat", "yomtov", "hol-hamoed", "tisha-bav", "extra-day", "extra-day-before", "sunday", "nights 23:00 - 06:00", "eid", "friday-prayer 12:45 90m", "closure 2024-04-01", "easter-western good-friday easter easter-monday"} {
			calendar, err := almanac.Keep(desk, line)
			if err != nil {
				t.Fatal(err)
			}
			windows, err := calendar.Rests(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
			if err != nil || len(windows) == 0 {
				t.Fatal(line, len(windows), err)
			}
			for _, w := range windows {
				if he := ui.RestName(w.Name, "he"); strings.ContainsFunc(he, func(r rune) bool { return r >= 'A' && r <= 'z' }) {
					t.Errorf("%s: %q is %q in Hebrew", line, w.Name, he)
				}
			}
		}
	}
}
