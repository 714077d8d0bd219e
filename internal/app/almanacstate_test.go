package app

import (
	"strings"
	"testing"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

func TestAlmanacAt(t *testing.T) {
	const (
		resting = "resting until Sat 23 Mar 2024 19:53 EDT (UTC-04:00) because of Shabbat, which began Fri 22 Mar 2024 18:52 EDT (UTC-04:00): sunset-18m / 8.5°\n"
		open    = "open until Fri 22 Mar 2024 18:52 EDT (UTC-04:00), when Shabbat begins: sunset-18m / 8.5°\n"
		after   = "open until Fri 29 Mar 2024 19:00 EDT (UTC-04:00), when Shabbat begins: sunset-18m / 8.5°\n"
	)
	for args, want := range map[string]string{
		"--at 2024-03-22T22:51:59Z":                     open,
		"--at 2024-03-22T22:52:00Z":                     resting, // its first instant is inside
		"--at 2024-03-23T19:52:59-04:00":                resting,
		"--at 2024-03-23T23:53:00Z":                     after, // its end is not
		"--at now":                                      open,
		"--at 2024-03-23T00:00:00Z --in Asia/Jerusalem": resting + "resting until Sun 24 Mar 2024 01:53 IST (UTC+02:00) because of Shabbat, which began Sat 23 Mar 2024 00:52 IST (UTC+02:00): sunset-18m / 8.5°\n",
	} {
		foot := "\nTimes in America/New_York. Zone data " + zone.Built().Version() + ", almanac " + almanac.Version + ".\n"
		got := almanacAnswers(t, almanacThere+"--keep shabbat "+args)
		if !strings.HasPrefix(got, want+"\nplace ") || !strings.HasSuffix(got, foot) {
			t.Errorf("%s:\n%s\nwant\n%s", args, got, want)
		}
	}
	// A desk that keeps a calendar of one past event has no rest in sight.
	past := almanacAnswersTo(t, append(strings.Fields(almanacThere), "--at", "2025-01-01T00:00:00Z", "--keep", "ics testdata/almanac/staffday.ics", "--in", "UTC")...)
	if !strings.HasPrefix(past, "open, and nothing that is kept begins within 400 days\n\nplace") {
		t.Error(past)
	}
	polar := almanacAnswers(t, "--lat 69.6492 --lon 18.9553 --zone Europe/Oslo --keep shabbat --at 2024-06-22T12:00:00Z")
	if !strings.Contains(polar, "(sun never sets: 6 hours after solar noon; no nightfall: solar midnight)") {
		t.Errorf("the fallback is not told: %s", polar)
	}
}

func TestAlmanacAtJSON(t *testing.T) {
	tail := `"zonedata":"` + zone.Built().Version() + `","almanac":"` + almanac.Version + `"}` + "\n"
	const window = `"window":{"start":"2024-03-22T22:52:00Z","end":"2024-03-23T23:53:00Z","name":"Shabbat","rule":"sunset-18m / 8.5°","fallback":""},`
	for at, want := range map[string]string{
		"2024-03-23T02:00:00+02:00": `{"at":"2024-03-23T00:00:00Z","resting":true,"until":"2024-03-23T23:53:00Z",` + window,
		"now":                       `{"at":"2024-03-22T12:00:00Z","resting":false,"until":"2024-03-22T22:52:00Z",` + window,
	} {
		if got := almanacAnswers(t, almanacThere+"--keep shabbat --json --at "+at); got != want+tail {
			t.Errorf("%s:\n%s\nwant\n%s", at, got, want+tail)
		}
	}
	past := almanacAnswersTo(t, append(strings.Fields(almanacThere), "--json", "--at", "2025-01-01T00:00:00Z", "--keep", "ics testdata/almanac/staffday.ics")...)
	if want := `{"at":"2025-01-01T00:00:00Z","resting":false,"until":null,"window":null,` + tail; past != want {
		t.Errorf("%s\nwant\n%s", past, want)
	}
}
