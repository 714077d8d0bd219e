package almanac

import (
	"testing"
	"time"
)

func TestJulianEaster(t *testing.T) {
	for _, e := range easters {
		want := civil(t, e.orthodox)
		year, _, _ := want.civil()
		if got := julianEaster(year); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
	for year := firstYear - 1; year <= lastYear+1; year++ {
		if d := julianEaster(year); d.weekday() != time.Sunday || d < gregorianEaster(year) {
			t.Errorf("%d: %s, a %s", year, d, d.weekday())
		}
	}
}

func TestEasterOrthodox(t *testing.T) {
	const from, to = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
	wantRests(t, keepIn(t, athens, "Europe/Athens", "easter-orthodox"), from, to,
		window(t, "2024-05-02T21:00:00Z", "2024-05-03T21:00:00Z", "Orthodox Good Friday", "Orthodox Easter-2d", ""),
		window(t, "2024-05-04T21:00:00Z", "2024-05-06T21:00:00Z", "Orthodox Easter Sunday + Orthodox Easter Monday", "Orthodox Easter+0d + Orthodox Easter+1d", ""))
	wantRests(t, keepIn(t, athens, "Europe/Athens", "easter-orthodox clean-monday whit-monday"), from, to,
		window(t, "2024-03-17T22:00:00Z", "2024-03-18T22:00:00Z", "Clean Monday", "Orthodox Easter-48d", ""),
		window(t, "2024-06-23T21:00:00Z", "2024-06-24T21:00:00Z", "Orthodox Whit Monday", "Orthodox Easter+50d", ""))
}

func TestEasterOrthodoxRefuses(t *testing.T) {
	refuses(t, "easter-orthodox corpus-christi", "easter-orthodox ash-wednesday")
}
