package almanac

import "testing"

func TestWeekly(t *testing.T) {
	const zone, from, to = "Europe/London", "2024-06-28T00:00:00Z", "2024-07-05T00:00:00Z"
	for line, want := range map[string]Window{
		"weekly Fri 14:00 - Sun 08:00":        window(t, "2024-06-28T13:00:00Z", "2024-06-30T07:00:00Z", "Weekly rest", "weekly Fri 14:00 - Sun 08:00", ""),
		"weekly friday 14:00 – SUNDAY 8:00":   window(t, "2024-06-28T13:00:00Z", "2024-06-30T07:00:00Z", "Weekly rest", "weekly Fri 14:00 - Sun 08:00", ""),
		"weekly Sat":                          window(t, "2024-06-28T23:00:00Z", "2024-06-29T23:00:00Z", "Weekly rest", "weekly Sat 00:00 - Sun 00:00", ""),
		"weekly Sat-Sun":                      window(t, "2024-06-28T23:00:00Z", "2024-06-30T23:00:00Z", "Weekly rest", "weekly Sat 00:00 - Mon 00:00", ""),
		"weekly Sun 22:00 - Mon":              window(t, "2024-06-30T21:00:00Z", "2024-07-01T23:00:00Z", "Weekly rest", "weekly Sun 22:00 - Tue 00:00", ""),
		"weekly Wed 12:00 - 14:30":            window(t, "2024-07-03T11:00:00Z", "2024-07-03T13:30:00Z", "Weekly rest", "weekly Wed 12:00 - Wed 14:30", ""),
		"weekly Fri 24:00 - Sat 24:00":        window(t, "2024-06-28T23:00:00Z", "2024-06-29T23:00:00Z", "Weekly rest", "weekly Sat 00:00 - Sun 00:00", ""),
		"weekly   Wed 12:00-14:30  ":          window(t, "2024-07-03T11:00:00Z", "2024-07-03T13:30:00Z", "Weekly rest", "weekly Wed 12:00 - Wed 14:30", ""),
		"weekly Sun 08:00 - Fri 14:00":        window(t, "2024-06-30T07:00:00Z", "2024-07-05T13:00:00Z", "Weekly rest", "weekly Sun 08:00 - Fri 14:00", ""),
		"weekly Fri 23:59 - Fri 23:58":        window(t, "2024-06-28T22:59:00Z", "2024-07-05T22:58:00Z", "Weekly rest", "weekly Fri 23:59 - Fri 23:58", ""),
		"weekly Saturday 00:00 - Sunday 0:00": window(t, "2024-06-28T23:00:00Z", "2024-06-29T23:00:00Z", "Weekly rest", "weekly Sat 00:00 - Sun 00:00", ""),
	} {
		t.Run(line, func(t *testing.T) {
			got := rests(t, keepIn(t, london, zone, line), instant(t, from), instant(t, to))
			if n := len(got); n == 0 || got[n-1] != want {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestWeeklyRefuses(t *testing.T) {
	refuses(t, "weekly", "weekly Fry", "weekly Fri 14:00", "weekly 14:00 - 15:00", "weekly Fri 14:00 - ", "weekly Fri 14:00 -",
		"weekly Fri 25:00 - Sun 08:00", "weekly Fri 14:00 - Sun 24:01", "weekly Fri 14:00 - Fri 14:00", "weekly Fri 14:00 - 12:00",
		"weekly Sun - Sat", "weekly Fri 14:OO - Sun", "weekly Fri 14:00 - Sun 08:00 Weekend", "weekly Fri - Sat - Sun", "weekly Sat Weekend")
}
