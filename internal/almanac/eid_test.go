package almanac

import (
	"slices"
	"testing"
	"time"
)

func TestEid(t *testing.T) {
	const fitr24, adha24 = "1 Shawwal 1445 by Umm al-Qura, sunset / sunset", "10 Dhu al-Hijja 1445 by Umm al-Qura, sunset / sunset"
	// In Dubai the sun set on 9 April 2024 at 18:39:01, and on the 10th 27 seconds later; on 15 June at 19:10:31.
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "eid"), "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z",
		window(t, "2024-04-09T14:39:00Z", "2024-04-10T14:40:00Z", "Eid al-Fitr", fitr24, ""),
		window(t, "2024-06-15T15:10:00Z", "2024-06-16T15:11:00Z", "Eid al-Adha", adha24, ""))
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "eid civil"), "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z",
		window(t, "2025-03-29T20:00:00Z", "2025-03-30T20:00:00Z", "Eid al-Fitr", "1 Shawwal 1446 by Umm al-Qura, civil days", ""),
		window(t, "2025-06-05T20:00:00Z", "2025-06-06T20:00:00Z", "Eid al-Adha", "10 Dhu al-Hijja 1446 by Umm al-Qura, civil days", ""))
}

// TestEidDates wants the published date of every year, and what each correction makes of it.
func TestEidDates(t *testing.T) {
	for line, want := range map[string]func(f hijriFeast) []date{
		"eid civil":                           func(f hijriFeast) []date { return []date{civil(t, f.fitr), civil(t, f.adha)} },
		"eid civil +1":                        func(f hijriFeast) []date { return []date{civil(t, f.fitr) + 1, civil(t, f.adha) + 1} },
		"eid adha civil -2":                   func(f hijriFeast) []date { return []date{civil(t, f.adha) - 2} },
		"eid civil +1 1445=0 adha-1445=-1":    func(f hijriFeast) []date { return corrected(t, f, 1, 0, -1) },
		"eid adha-1445=+2 1445=-1 civil -2":   func(f hijriFeast) []date { return corrected(t, f, -2, -1, 2) },
		"eid fitr=1 adha=1 fitr-1445=0 civil": func(f hijriFeast) []date { return corrected(t, f, 0, 0, 0) },
	} {
		cal := keepIn(t, dubai, "UTC", line)
		var got, all []date
		for _, w := range rests(t, cal, instant(t, "1990-07-23T00:00:00Z"), instant(t, "2077-11-16T00:00:00Z")) {
			got = append(got, dateOf(w.Start, time.UTC))
		}
		for _, f := range hijriFeasts(t) {
			all = append(all, want(f)...)
		}
		if !slices.Equal(got, all) {
			t.Errorf("%s: %v, want %v", line, got, all)
		}
	}
}

// corrected are the feasts of a year, off by every, and in 1445 by fitr and adha.
func corrected(t *testing.T, f hijriFeast, every, fitr, adha date) []date {
	if f.year != "1445" {
		fitr, adha = every, every
	}
	return []date{civil(t, f.fitr) + fitr, civil(t, f.adha) + adha}
}

func TestEidDaysAndEnds(t *testing.T) {
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "eid fitr=3 +1"), "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z",
		window(t, "2024-04-10T14:39:00Z", "2024-04-13T14:41:00Z", "Eid al-Fitr", "1 Shawwal 1445 by Umm al-Qura+1d, sunset / sunset", ""))
	// Nightfall at 8.5 degrees was at 19:14:05 on 10 April.
	wantRests(t, keepIn(t, dubai, "Asia/Dubai", "eid fitr nightfall"), "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z",
		window(t, "2024-04-09T14:39:00Z", "2024-04-10T15:15:00Z", "Eid al-Fitr", "1 Shawwal 1445 by Umm al-Qura, sunset / 8.5°", ""))
}

// TestEidWithoutSunset wants the strict answers, named, under Tromso's midnight sun: 2024's
// Eid al-Adha was on 16 June.
func TestEidWithoutSunset(t *testing.T) {
	got := rests(t, keepIn(t, tromso.place(t), "Europe/Oslo", "eid adha"), instant(t, "2024-06-16T12:00:00Z"), instant(t, "2024-06-16T12:00:00Z"))
	if len(got) != 1 || got[0].Fallback != "sun never sets: 6 hours after solar noon; no sunset: solar midnight" ||
		got[0].End.Sub(got[0].Start) < 29*time.Hour || got[0].End.Sub(got[0].Start) > 31*time.Hour {
		t.Error(got)
	}
}

// TestEidBeyondItsTable is refused, which a caller takes as resting.
func TestEidBeyondItsTable(t *testing.T) {
	cal := keepIn(t, dubai, "UTC", "eid")
	for _, at := range []string{"1990-07-22T23:59:59Z", "2077-11-17T00:00:00Z", "1937-03-14T00:00:00Z"} {
		_, err := cal.Rests(instant(t, at), instant(t, at))
		sentence(t, at, err)
	}
	for _, at := range []string{"1990-07-23T00:00:00Z", "2077-11-16T23:59:59Z"} {
		rests(t, cal, instant(t, at), instant(t, at))
	}
}

func TestEidRefuses(t *testing.T) {
	refuses(t, "eid 1", "eid +3", "eid +x", "eid fitr=0", "eid fitr=8", "eid fitr=", "eid 1445", "eid 1410=+1", "eid 1501=+1", "eid 1445=", "eid =+1",
		"eid mawlid-1445=+1", "eid fitr-=+1", "eid fitr-adha-1445=+1", "eid +1 -1", "eid 1445=+1 1445=0", "eid civil nightfall", "eid nightfall", "eid Fitr",
		"eid +1445=+1", "eid 1445=+1=+1")
}

// TestEidAtALateSunset takes Reykjavik's of 15 and 16 June 2024, at 0:00:32 and 0:01:32
// of the next date.
func TestEidAtALateSunset(t *testing.T) {
	wantRests(t, keepIn(t, reykjavik, "Atlantic/Reykjavik", "eid adha"), "2024-06-16T12:00:00Z", "2024-06-16T12:00:00Z",
		window(t, "2024-06-16T00:00:00Z", "2024-06-17T00:02:00Z", "Eid al-Adha", "10 Dhu al-Hijja 1445 by Umm al-Qura, sunset / sunset", ""))
}
