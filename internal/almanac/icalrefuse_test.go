package almanac

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestICalendarRefuses wants one sentence for every file that cannot be trusted, with the
// line and what to mend.
func TestICalendarRefuses(t *testing.T) {
	event := func(properties string) string { return icalEventOf("DTSTART:20260704T120000Z " + properties) }
	rule := func(rule string) string { return event("RRULE:" + rule) }
	for _, c := range []struct{ what, text, says string }{
		{"an empty file", "", "it is empty"},
		{"blank lines alone", "\r\n\r\n", "it is empty"},
		{"a web page", "<!DOCTYPE html>\n<title>Sign in</title>", `line 1: "<!DOCTYPE html>" stands where BEGIN:VCALENDAR must`},
		{"no calendar around", "BEGIN:VEVENT\nEND:VEVENT\n", "line 1"},
		{"UTF-16", "\xff\xfeB\x00E\x00G\x00I\x00N\x00", "line 1"},
		{"more after the end", icalEventOf("DTSTART:20260704") + "\nX:1\n", "line 11: \"X:1\" stands where"},
		{"cut off in an event", strings.Split(event("X:1"), "X:1")[0], "line 4: the VEVENT that begins here has no end"},
		{"cut off after it", strings.Split(event("X:1"), "END:VCAL")[0], "line 1: the VCALENDAR that begins here has no end"},
		{"another end", icalWrap("BEGIN:VEVENT\nEND:VTODO\n"), `line 5: "END:VTODO" does not end the VEVENT that line 4 begins`},
		{"an event in an event", icalWrap("BEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VEVENT\n"), "line 5"},
		{"an event in a calendar in a calendar", icalWrap(event("X:1")), "stands inside the VCALENDAR"},
		{"deep", icalWrap(strings.Repeat("BEGIN:X\n", 9)), "line 7"},
		{"a beginning of nothing", icalWrap("BEGIN:A\rB\n"), `line 4: "BEGIN:A\rB" begins nothing`},
		{"a line without a colon", event("NOTE"), `line 8: "NOTE" is not a property`},
		{"a line without a name", event(":x"), "line 8"},
		{"a space in a name", icalWrap("BEGIN:VEVENT\nSUM MARY:X\nEND:VEVENT"), "line 5"},
		{"a parameter without a value", event("X;A:1"), "line 8"},
		{"a quote without an end", event(`X;A="b:1`), "line 8"},
		{"more after a quote", event(`X;A="b"c:1`), "line 8"},
		{"a line that ends in a parameter", event(`X;A="b"`), "line 8"},
		{"version 1", "BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR", "line 2: the version is \"1.0\""},
		{"another calendar", "BEGIN:VCALENDAR\nCALSCALE:HEBREW\nEND:VCALENDAR", "line 2"},
		{"no start", icalEventOf("X:1"), "line 4: the event does not say when it begins"},
		{"a second start", event("DTSTART:20260705"), "line 8: the event has a second DTSTART; its first is on line 7"},
		{"a date that is not", icalEventOf("DTSTART:20260230"), "line 7: DTSTART \"20260230\" is neither"},
		{"an hour that is not", icalEventOf("DTSTART:20260203T240000"), "line 7"},
		{"a fraction", icalEventOf("DTSTART:20260203T24000.5"), "line 7"},
		{"the year 0", icalEventOf("DTSTART:00000101"), "line 7"},
		{"an offset", icalEventOf("DTSTART:20260203T120000+0200"), "line 7"},
		{"a time as a date", icalEventOf("DTSTART;VALUE=DATE:20260203T120000"), "line 7"},
		{"a date as a time", icalEventOf("DTSTART;VALUE=DATE-TIME:20260203"), "line 7"},
		{"a date with a Z", icalEventOf("DTSTART:20260203Z"), "line 7"},
		{"an unknown zone", icalEventOf("DTSTART;TZID=Customized_Time_Zone:20260203T120000"), `line 7: the time zone "Customized_Time_Zone" is not known`},
		{"the machine's zone", icalEventOf("DTSTART;TZID=Local:20260203T120000"), "line 7"},
		{"a zone without a name", icalEventOf("DTSTART;TZID=:20260203T120000"), "line 7"},
		{"a path that ends like a zone", icalEventOf("DTSTART;TZID=/example.org/EST:20260203T120000"), "line 7"},
		{"a path upward", icalEventOf("DTSTART;TZID=../Asia/Tokyo:20260203T120000"), "line 7"},
		{"an end before the start", event("DTEND:20260704T115959Z"), "line 8: the event ends before it begins"},
		{"an end before the start, elsewhere", event("DTEND;TZID=Asia/Tokyo:20260704T205959"), "line 8"},
		{"an end by date", event("DTEND:20260705"), "line 8: DTEND \"20260705\" and DTSTART must both be dates"},
		{"two ends", event("DTEND:20260704T130000Z DURATION:PT1H"), "line 9"},
		{"a length below nothing", event("DURATION:-PT1H"), "line 8"},
		{"a length of nothing said", event("DURATION:P"), "line 8"},
		{"a length of no time said", event("DURATION:P1DT"), "line 8"},
		{"a length in months", event("DURATION:P1M"), "line 8"},
		{"401 days", event("DURATION:P401D"), "line 8: the event lasts over 400 days"},
		{"a wrong year", event("DTEND:20360704T120000Z"), "line 8"},
		{"a wrong year of a date", icalEventOf("DTSTART:20260704 DTEND:20360704"), "line 8"},
		{"hourly", rule("FREQ=HOURLY"), "line 8: RRULE repeats HOURLY"},
		{"secondly", rule("FREQ=SECONDLY;COUNT=1"), "line 8"},
		{"no frequency", rule("COUNT=1"), "line 8"},
		{"no rule", rule(""), "line 8"},
		{"another frequency", rule("FREQ=LUNAR"), "line 8"},
		{"an unknown part", rule("FREQ=YEARLY;BYEASTER=1"), `line 8: RRULE has "BYEASTER=1"`},
		{"another scale", rule("RSCALE=HEBREW;FREQ=YEARLY"), "line 8"},
		{"a part twice", rule("FREQ=YEARLY;FREQ=DAILY"), "line 8"},
		{"two ends of a rule", rule("FREQ=DAILY;COUNT=2;UNTIL=20260801"), "line 8"},
		{"an end that is not", rule("FREQ=DAILY;UNTIL=soon"), "line 8: UNTIL"},
		{"no interval", rule("FREQ=DAILY;INTERVAL=0"), "line 8"},
		{"a great interval", rule("FREQ=DAILY;INTERVAL=99999999999999999999"), "line 8"},
		{"no count", rule("FREQ=DAILY;COUNT=0"), "line 8"},
		{"day 0", rule("FREQ=MONTHLY;BYMONTHDAY=0"), "line 8"},
		{"day 32", rule("FREQ=MONTHLY;BYMONTHDAY=32"), "line 8"},
		{"month 13", rule("FREQ=YEARLY;BYMONTH=13"), "line 8"},
		{"a leap month", rule("FREQ=YEARLY;BYMONTH=5L"), "line 8"},
		{"no weekday", rule("FREQ=WEEKLY;BYDAY="), "line 8"},
		{"another weekday", rule("FREQ=WEEKLY;BYDAY=XX"), "line 8"},
		{"weekday 0", rule("FREQ=MONTHLY;BYDAY=0MO"), "line 8"},
		{"weekday 54", rule("FREQ=YEARLY;BYDAY=54MO"), "line 8"},
		{"a numbered weekday of a week", rule("FREQ=WEEKLY;BYDAY=1MO"), "line 8"},
		{"a numbered weekday of numbered weeks", rule("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO"), "line 8"},
		{"weeks of a month", rule("FREQ=MONTHLY;BYWEEKNO=1"), "line 8"},
		{"a day of the month in a week", rule("FREQ=WEEKLY;BYMONTHDAY=1"), "line 8"},
		{"many times a day", rule("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"), "line 8"},
		{"a long rule", rule("FREQ=DAILY;BYDAY=" + strings.Repeat("MO,", 999) + "MO"), "line 8"},
		{"an older rule of exceptions", event("EXRULE:FREQ=DAILY"), "line 8: EXRULE"},
		{"an exception by date", event("EXDATE:20260704"), "line 8"},
		{"an exception that is not", event("EXDATE:20260704T120000Z,"), "line 8"},
		{"a further date", event("RDATE:20260704"), "line 8"},
		{"a period that ends before it begins", event("RDATE;VALUE=PERIOD:20260704T120000Z/20260704T110000Z"), "line 8"},
		{"a period to a date", event("RDATE;VALUE=PERIOD:20260704T120000Z/20260705"), "line 8"},
		{"this and what follows", event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260704T120000Z"), `line 8: RANGE="THISANDFUTURE"`},
		{"an instance that recurs", event("RECURRENCE-ID:20260704T120000Z RRULE:FREQ=DAILY"), "line 4"},
		{"an instance of nothing", icalWrap("BEGIN:VEVENT\nDTSTART:20260704\nRECURRENCE-ID:20260704\nEND:VEVENT"), "line 6: RECURRENCE-ID needs the UID"},
		{"an instance by date", event("END:VEVENT BEGIN:VEVENT UID:1 STATUS:CANCELLED RECURRENCE-ID:20260704"), "line 12: RECURRENCE-ID and the DTSTART of the event on line 4"},
		{"too large", "BEGIN:VCALENDAR\n" + strings.Repeat("X:1\n", icalFileSize/4) + "END:VCALENDAR", "it has 1048605 bytes"},
		{"too many events", icalWrap(strings.Repeat("BEGIN:VEVENT\nDTSTART:20260704\nEND:VEVENT\n", icalEvents+1)), "more than 5000 events"},
		{"too much for one question", icalWrap(strings.Repeat("BEGIN:VEVENT\nDTSTART:20250704\nRRULE:FREQ=DAILY\nEND:VEVENT\n", 1700)), "recur too often"},
		{"too many steps", icalWrap(strings.Repeat("BEGIN:VEVENT\nDTSTART:18000704\nRRULE:FREQ=DAILY;COUNT=999999;BYDAY=MO\nEND:VEVENT\n", 400)), "recur too often"},
	} {
		cal := icalCalendar(t, "America/New_York", c.text)
		_, err := cal.Rests(instant(t, "2026-07-01T00:00:00Z"), instant(t, "2026-09-01T00:00:00Z"))
		sentence(t, c.what, err)
		if err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q does not say %q", c.what, err, c.says)
		}
	}
}

// TestKeepRefusesFiles wants the settings' line refused where no file can be meant.
func TestKeepRefusesFiles(t *testing.T) {
	file := func(string) ([]byte, error) { return nil, nil }
	for what, c := range map[string]struct {
		line string
		desk Desk
	}{
		"no name":             {"ics", Desk{File: file}},
		"a name of two lines": {"ics a\nb", Desk{File: file}},
		"a very long name":    {"ics " + strings.Repeat("x", 201), Desk{File: file}},
		"no files":            {"ics a.ics", Desk{}},
	} {
		c.desk.Place.Zone = time.UTC
		_, err := Keep(c.desk, c.line)
		sentence(t, what, err)
	}
}

// TestTheMachinesZone wants no zone of the machine's, even from a source that has it.
func TestTheMachinesZone(t *testing.T) {
	for _, name := range []string{"Local", ""} {
		if zone, err := icalZone(Desk{Place: Place{Zone: zoneOf(t, "Asia/Tokyo")}, Zone: time.LoadLocation}, name); err == nil {
			t.Errorf("%q is %s", name, zone)
		}
	}
	if zone, err := icalZone(Desk{Place: Place{Zone: zoneOf(t, "Asia/Tokyo")}}, "Asia/Tokyo"); err != nil || zone.String() != "Asia/Tokyo" {
		t.Errorf("the desk's own zone, without others: %v, %v", zone, err)
	}
}

// TestICalendarSpansAddUp wants Rests(a, c) to be Rests(a, b) and Rests(b, c) together, also
// of days in a row that no single look sees whole.
func TestICalendarSpansAddUp(t *testing.T) {
	texts := []string{icalEventOf("DTSTART:20250101 RRULE:FREQ=DAILY;COUNT=300 RRULE:FREQ=MONTHLY;BYDAY=2MO RRULE:FREQ=YEARLY;BYMONTH=3")}
	for _, file := range icalFiles(t) {
		texts = append(texts, string(file))
	}
	r := rand.New(rand.NewPCG(5545, 1))
	for range 600 {
		cal := icalCalendar(t, "America/New_York", texts[r.IntN(len(texts))])
		a := instant(t, "2024-10-01T00:00:00Z").Add(time.Duration(r.Int64N(int64(800 * 24 * time.Hour))))
		b := a.Add(time.Duration(r.Int64N(int64(200 * 24 * time.Hour))))
		end := b.Add(time.Duration(r.Int64N(int64(200 * 24 * time.Hour))))
		whole, parts := rests(t, cal, a, end), rests(t, cal, a, b)
		for _, w := range rests(t, cal, b, end) {
			if !slices.Contains(parts, w) {
				parts = append(parts, w)
			}
		}
		if !slices.Equal(whole, parts) {
			t.Fatalf("from %s by %s to %s:\nwhole %v\nparts %v", a, b, end, whole, parts)
		}
	}
}

// TestRestingForGood wants a closure without end to be an error, not an endless search.
func TestRestingForGood(t *testing.T) {
	at := instant(t, "2026-07-04T12:00:00Z")
	_, err := icalCalendar(t, "UTC", icalEventOf("DTSTART:20000101 RRULE:FREQ=DAILY")).Rests(at, at)
	sentence(t, "every day", err)
}

// TestReadings compares with every hour of a year in zones of every kind of change.
func TestReadings(t *testing.T) {
	for _, name := range []string{"America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu", "UTC"} {
		loc := zoneOf(t, name)
		shown := map[int64][]int64{} // local second to instants
		begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		for at := begin; at < begin+366*86400; at += 900 {
			local := at + icalOffset(time.Unix(at, 0).In(loc))
			shown[local] = append(shown[local], at)
		}
		for local := begin + 86400; local < begin+365*86400; local += 900 {
			first, last, skipped := icalReadings(local, loc)
			want := shown[local]
			switch {
			case len(want) == 0 && !(skipped && first.Before(last)):
				t.Fatalf("%s %s is skipped; read as %s, %s, %t", name, time.Unix(local, 0).UTC(), first, last, skipped)
			case len(want) > 0 && (skipped || first.Unix() != want[0] || last.Unix() != want[len(want)-1]):
				t.Fatalf("%s %s is %v; read as %s, %s, %t", name, time.Unix(local, 0).UTC(), want, first, last, skipped)
			}
		}
	}
}

// TestWindowsZones wants every name of the table to be a zone.
func TestWindowsZones(t *testing.T) {
	for windows, iana := range windowsZones {
		c := icalTold(t, "UTC", icalWrap(fmt.Sprintf("BEGIN:VEVENT\nDTSTART;TZID=%q:20260704T120000\nDURATION:PT1H\nEND:VEVENT", windows)), "2026-07-01T00:00:00Z", "2026-07-10T00:00:00Z")
		want := time.Date(2026, 7, 4, 12, 0, 0, 0, zoneOf(t, iana)).UTC().Format("2006-01-02T15:04/")
		if len(c) != 1 || !strings.HasPrefix(c[0], want) {
			t.Errorf("%s: %q, want %s", windows, c, want)
		}
	}
	// One of each end of the world, and those that name an offset.
	for _, windows := range []string{"Dateline Standard Time", "Line Islands Standard Time", "Easter Island Standard Time", "Ekaterinburg Standard Time", "Chatham Islands Standard Time", "UTC", "UTC-11"} {
		if windowsZones[windows] == "" {
			t.Errorf("%s is not known", windows)
		}
	}
}

func icalFiles(t testing.TB) (all [][]byte) {
	t.Helper()
	names, err := filepath.Glob("testdata/ics/*.ics")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

// FuzzICalendar wants an answer that keeps the promises, or one sentence, and never a panic
// or a long search.
func FuzzICalendar(f *testing.F) {
	for _, raw := range icalFiles(f) {
		f.Add(raw, int64(1782000000), int64(40*86400))
	}
	f.Add([]byte(icalEventOf("DTSTART;TZID=Asia/Tokyo:18000101T023000 DURATION:P3DT5M RRULE:FREQ=YEARLY;INTERVAL=3;BYWEEKNO=-1,53;BYDAY=MO,-1SU;BYSETPOS=-2;WKST=TH")), int64(0), int64(0))
	f.Add([]byte(icalEventOf("DTSTART:20260704T120000 RDATE;VALUE=PERIOD:20260801T120000/PT5H,20270801T120000/P1W EXDATE:20260704T120000Z RRULE:FREQ=DAILY;COUNT=99999;BYHOUR=1,2")), int64(1782000000), int64(86400))
	f.Fuzz(func(t *testing.T, raw []byte, unix, seconds int64) {
		if seconds < 0 || seconds > 400*86400 {
			return
		}
		from, to := time.Unix(unix, 0), time.Unix(unix+seconds, 0)
		windows, err := icalCalendar(t, "America/New_York", string(raw)).Rests(from, to)
		if err != nil {
			if s := err.Error(); len(s) > 300 || strings.ContainsAny(s, "\r\n") {
				t.Fatalf("%q is not one sentence", s)
			}
			return
		}
		if from.Equal(to) {
			to = to.Add(1)
		}
		for i, w := range windows {
			if w.Name == "" || w.Rule == "" || !w.End.After(w.Start) || w.Start.Second() != 0 || w.End.Second() != 0 || w.Start.Location() != time.UTC ||
				i > 0 && !w.Start.After(windows[i-1].End) || !w.Start.Before(to) || !w.End.After(from) {
				t.Fatalf("window %d of %v", i, windows)
			}
		}
	})
}
