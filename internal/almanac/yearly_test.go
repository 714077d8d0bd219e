package almanac

import "testing"

func TestYearly(t *testing.T) {
	wantRests(t, keepIn(t, london, "Europe/London", "yearly 12-25 Christmas", "yearly 12-26 Boxing Day"), "2024-01-01T00:00:00Z", "2025-12-25T00:00:00Z",
		window(t, "2024-12-25T00:00:00Z", "2024-12-27T00:00:00Z", "Christmas + Boxing Day", "yearly 12-25 + yearly 12-26", ""))
	wantRests(t, keepIn(t, london, "UTC", "yearly 02-29 Leap day"), "2021-01-01T00:00:00Z", "2028-02-29T00:00:00Z",
		window(t, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "Leap day", "yearly 02-29", ""))
}

func TestYearlyRefuses(t *testing.T) {
	refuses(t, "yearly", "yearly Christmas", "yearly 12-25", "yearly 12-32 Christmas", "yearly 02-30 Never", "yearly 12-25 7th day",
		"yearly 12-25 \x1b[31mRed", "yearly 12-25 turned \u202e round", "yearly 12-25 \xff\xfe")
}
