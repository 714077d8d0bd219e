package almanac

import "testing"

func TestClosure(t *testing.T) {
	for line, want := range map[string]Window{
		"closure 2024-04-01 08:00 - 2024-04-02 08:00 Staff day": window(t, "2024-04-01T07:00:00Z", "2024-04-02T07:00:00Z", "Staff day", "closure 2024-04-01 08:00 - 2024-04-02 08:00", ""),
		"closure 2024-04-01 Staff day":                          window(t, "2024-03-31T23:00:00Z", "2024-04-01T23:00:00Z", "Staff day", "closure 2024-04-01 00:00 - 2024-04-02 00:00", ""),
		"closure 2024-04-01 - 2024-04-03 Moving house":          window(t, "2024-03-31T23:00:00Z", "2024-04-03T23:00:00Z", "Moving house", "closure 2024-04-01 00:00 - 2024-04-04 00:00", ""),
		"closure 2024-04-01 20:00 - 2024-04-03":                 window(t, "2024-04-01T19:00:00Z", "2024-04-03T23:00:00Z", "Closed", "closure 2024-04-01 20:00 - 2024-04-04 00:00", ""),
		"closure 2024-03-31 01:30 - 2024-04-02 24:00 Été":       window(t, "2024-03-31T01:00:00Z", "2024-04-02T23:00:00Z", "Été", "closure 2024-03-31 01:30 - 2024-04-03 00:00", ""),
	} {
		cal := keepIn(t, london, "Europe/London", line)
		wantRests(t, cal, "1990-01-01T00:00:00Z", "2040-01-01T00:00:00Z", want)
		if got := rests(t, cal, want.End, want.End.AddDate(1, 0, 0)); len(got) != 0 {
			t.Errorf("%s: %v after its end", line, got)
		}
		if got := rests(t, cal, want.Start.AddDate(-1, 0, 0), want.Start); len(got) != 0 {
			t.Errorf("%s: %v before its start", line, got)
		}
	}
}

func TestClosureRefuses(t *testing.T) {
	refuses(t, "closure", "closure Staff day", "closure 2024-02-30", "closure 2024-04-01 08:00", "closure 2024-04-01 08:00 Staff day",
		"closure 2024-04-01 -", "closure 2024-04-02 - 2024-04-01", "closure 2024-04-01 08:00 - 2024-04-01 08:00", "closure 2024-04-01 0800 Staff",
		"closure 2024-04-01 08:00 - 2024-04-02 0800 Staff", "closure 2024-04-01 25:00 - 2024-04-03", "closure 1700-01-01", "closure 2024-04-01 - 2026-04-01",
		"closure 2024-04-01 to\x00 2024-04-02", "closure 2024-04-01 -2024-04-02")
}
