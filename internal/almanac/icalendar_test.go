package almanac

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/zone"
)

// icalWrap makes a file of what stands in a calendar, with the line ends of the standard.
func icalWrap(body string) string {
	lines := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//almanac//test//EN"}, strings.Split(strings.TrimSpace(body), "\n")...)
	return strings.Join(append(lines, "END:VCALENDAR"), "\r\n") + "\r\n"
}

// icalEventOf makes a file of one event, from properties separated by blanks.
func icalEventOf(properties string) string {
	return icalWrap("BEGIN:VEVENT\nUID:1\nSUMMARY:X\n" + strings.ReplaceAll(properties, " ", "\n") + "\nEND:VEVENT")
}

// icalCalendar is that of a desk in a zone with one file.
func icalCalendar(t testing.TB, zoneName, text string) Calendar {
	t.Helper()
	c, err := Keep(Desk{
		Place: Place{Zone: zoneOf(t, zoneName)}, Zone: zone.Built().Load,
		File: func(name string) ([]byte, error) {
			if name != "rests.ics" {
				t.Errorf("asked for %q", name)
			}
			return []byte(text), nil
		},
	}, "ics rests.ics")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// icalTold are the rests of a file, each as "start/end name" in UTC.
func icalTold(t testing.TB, zoneName, text, from, to string) (all []string) {
	t.Helper()
	for _, w := range rests(t, icalCalendar(t, zoneName, text), instant(t, from), instant(t, to)) {
		if w.Rule != "ics rests.ics" || w.Fallback != "" {
			t.Errorf("rule %q, fallback %q", w.Rule, w.Fallback)
		}
		all = append(all, w.Start.Format("2006-01-02T15:04")+"/"+w.End.Format("2006-01-02T15:04")+" "+w.Name)
	}
	return all
}

// TestExports reads files as Google, Outlook and Apple write them.
func TestExports(t *testing.T) {
	for _, c := range []struct {
		file, zone string
		want       []string
	}{
		{"google.ics", "Asia/Jerusalem", []string{ // TRANSPARENT counts, CANCELLED does not
			"2026-04-21T21:00/2026-04-22T21:00 Yom HaAtzmaut, Independence Day",
			"2026-10-26T22:00/2026-10-27T22:00 Election Day",
		}},
		{"outlook.ics", "Asia/Jerusalem", []string{ // 14:00 of Berlin before and after summer time; 3 April excepted, the 10th moved
			"2026-03-20T13:00/2026-03-20T17:00 Redaktion geschlossen – Betriebsversammlung",
			"2026-03-27T13:00/2026-03-27T17:00 Redaktion geschlossen – Betriebsversammlung",
			"2026-04-09T14:00/2026-04-09T18:00 Betriebsversammlung, verlegt",
			"2026-04-17T12:00/2026-04-17T16:00 Redaktion geschlossen – Betriebsversammlung",
		}},
		{"apple.ics", "America/New_York", []string{
			"2026-10-23T21:00/2026-10-23T23:00 Evening prayers",
			"2026-10-30T21:00/2026-10-30T23:00 Evening prayers",
			"2026-11-06T22:00/2026-11-07T00:00 Evening prayers", // after summer time
			"2026-11-13T22:00/2026-11-14T00:00 Evening prayers",
			"2026-11-26T05:00/2026-11-28T05:00 Thanksgiving",
		}},
		{"folded.ics", "Asia/Jerusalem", []string{"2026-04-21T21:00/2026-04-22T21:00 יום העצמאות"}},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", "ics", c.file))
		if err != nil {
			t.Fatal(err)
		}
		bare := bytes.ReplaceAll(bytes.TrimPrefix(raw, []byte("\ufeff")), []byte("\r"), nil)
		for what, text := range map[string]string{
			"as it is": string(raw), "LF": string(bare), "BOM": "\ufeff" + string(bare),
			"CRLF": strings.ReplaceAll(string(bare), "\n", "\r\n"), "blank lines": strings.ReplaceAll(string(bare), "\nBEGIN", "\n\n\nBEGIN") + "\n\n",
		} {
			if got := icalTold(t, c.zone, text, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"); !slices.Equal(got, c.want) {
				t.Errorf("%s, %s:\ngot  %q\nwant %q", c.file, what, got, c.want)
			}
		}
	}
}

// TestEvents reads one event each, for a desk in New York, and asks about 2026.
func TestEvents(t *testing.T) {
	for _, c := range []struct{ what, properties, want string }{
		{"a date is its day in the desk's zone", "DTSTART;VALUE=DATE:20260704", "2026-07-04T04:00/2026-07-05T04:00"},
		{"VALUE=DATE left out", "DTSTART:20260704", "2026-07-04T04:00/2026-07-05T04:00"},
		{"the end of dates is outside", "DTSTART;VALUE=DATE:20260704 DTEND;VALUE=DATE:20260706", "2026-07-04T04:00/2026-07-06T04:00"},
		{"an end on the day of the start", "DTSTART;VALUE=DATE:20260704 DTEND;VALUE=DATE:20260704", "2026-07-04T04:00/2026-07-05T04:00"},
		{"a date for a week", "DTSTART;VALUE=DATE:20260704 DURATION:P1W", "2026-07-04T04:00/2026-07-11T04:00"},
		{"a date for hours is whole days", "DTSTART;VALUE=DATE:20260704 DURATION:PT25H", "2026-07-04T04:00/2026-07-06T04:00"},
		{"the day that loses an hour", "DTSTART;VALUE=DATE:20260308", "2026-03-08T05:00/2026-03-09T04:00"},
		{"the day that gains one", "DTSTART;VALUE=DATE:20261101", "2026-11-01T04:00/2026-11-02T05:00"},
		{"UTC", "DTSTART:20260704T120000Z DTEND:20260704T130000Z", "2026-07-04T12:00/2026-07-04T13:00"},
		{"floating is the desk's", "DTSTART:20260704T120000 DTEND:20260704T130000", "2026-07-04T16:00/2026-07-04T17:00"},
		{"TZID", "DTSTART;TZID=Asia/Tokyo:20260704T120000 DTEND;TZID=Asia/Tokyo:20260704T130000", "2026-07-04T03:00/2026-07-04T04:00"},
		{"TZID with a path", "DTSTART;TZID=/example.org/20250523_1/Asia/Tokyo:20260704T120000 DURATION:PT1H", "2026-07-04T03:00/2026-07-04T04:00"},
		{"the end in another zone", "DTSTART;TZID=Asia/Tokyo:20260704T120000 DTEND:20260704T050000Z", "2026-07-04T03:00/2026-07-04T05:00"},
		{"lower case", "dtstart;tzid=Asia/Tokyo:20260704T120000 duration:pt1h30m", "2026-07-04T03:00/2026-07-04T04:30"},
		{"a length of days is by the calendar", "DTSTART:20260307T120000 DURATION:P1D", "2026-03-07T17:00/2026-03-08T16:00"},
		{"a length of hours is by a stop-watch", "DTSTART:20260307T120000 DURATION:PT24H", "2026-03-07T17:00/2026-03-08T17:00"},
		{"both", "DTSTART:20260307T120000 DURATION:P1DT1H", "2026-03-07T17:00/2026-03-08T17:00"},
		{"seconds are rounded outward", "DTSTART:20260704T120031Z DTEND:20260704T130001Z", "2026-07-04T12:00/2026-07-04T13:01"},
		{"no length is no time", "DTSTART:20260704T120030Z", ""},
		{"no length by DTEND", "DTSTART:20260704T120030Z DTEND:20260704T120030Z", ""},
		{"no length by DURATION", "DTSTART:20260704T120030Z DURATION:PT0S", ""},
		{"a repeated hour is closed from its first to its last", "DTSTART:20261101T011500 DTEND:20261101T014500", "2026-11-01T05:15/2026-11-01T06:45"},
		{"no length in a repeated hour", "DTSTART:20261101T011500 DTEND:20261101T011500", ""},
		{"a skipped start is the earlier", "DTSTART:20260308T023000 DTEND:20260308T120000", "2026-03-08T06:30/2026-03-08T16:00"},
		{"a skipped end is the later", "DTSTART:20260308T000000 DTEND:20260308T023000", "2026-03-08T05:00/2026-03-08T07:30"},
		{"cancelled", "DTSTART;VALUE=DATE:20260704 STATUS:CANCELLED", ""},
		{"cancelled without a time", "STATUS:Cancelled", ""},
		{"tentative", "DTSTART;VALUE=DATE:20260704 STATUS:TENTATIVE TRANSP:TRANSPARENT", "2026-07-04T04:00/2026-07-05T04:00"},
		{"other properties and odd parameters", `DTSTART;X-A="a:b;c",d;VALUE=DATE:20260704 X-B;Q="":y DTSTAMP:never`, "2026-07-04T04:00/2026-07-05T04:00"},
		{"days in a row are one", "DTSTART;VALUE=DATE:20260704 RRULE:FREQ=DAILY;COUNT=3", "2026-07-04T04:00/2026-07-07T04:00"},
		{"a week in May of every year since 1800", "DTSTART;VALUE=DATE:18000501 RRULE:FREQ=YEARLY", "2026-05-01T04:00/2026-05-02T04:00"},
		{"two months that began a year ago", "DTSTART;VALUE=DATE:20201125 DURATION:P60D RRULE:FREQ=YEARLY;UNTIL=20251231", "2025-11-25T05:00/2026-01-24T05:00"},
		{"29 February is not in 2026", "DTSTART;VALUE=DATE:20240229 RRULE:FREQ=YEARLY", ""},
		{"a start that the rule would not give", "DTSTART;VALUE=DATE:20260107 RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "2026-01-07T05:00/2026-01-08T05:00 2026-03-01T05:00/2026-03-02T05:00"},
		{"the end of a rule is inside", "DTSTART:20260704T120000 DURATION:PT1H RRULE:FREQ=WEEKLY;UNTIL=20260711T160000Z", "2026-07-04T16:00/2026-07-04T17:00 2026-07-11T16:00/2026-07-11T17:00"},
		{"a second before it", "DTSTART:20260704T120000 DURATION:PT1H RRULE:FREQ=WEEKLY;UNTIL=20260711T155959Z", "2026-07-04T16:00/2026-07-04T17:00"},
		{"an end by date holds its day", "DTSTART:20260704T230000 DURATION:PT1H RRULE:FREQ=WEEKLY;UNTIL=20260711", "2026-07-05T03:00/2026-07-05T04:00 2026-07-12T03:00/2026-07-12T04:00"},
		{"an end of dates in UTC", "DTSTART;VALUE=DATE:20260704 RRULE:FREQ=WEEKLY;UNTIL=20260711T000000Z", "2026-07-04T04:00/2026-07-05T04:00 2026-07-11T04:00/2026-07-12T04:00"},
		{"two rules", "DTSTART:20260704T120000Z DURATION:PT1H RRULE:FREQ=YEARLY RRULE:FREQ=WEEKLY;COUNT=2", "2026-07-04T12:00/2026-07-04T13:00 2026-07-11T12:00/2026-07-11T13:00"},
		{"times of the day", "DTSTART:20260704T120000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=3;BYHOUR=9,12,15", "2026-07-04T12:00/2026-07-04T13:00 2026-07-04T15:00/2026-07-04T16:00 2026-07-05T09:00/2026-07-05T10:00"},
		{"local time over a change of clocks", "DTSTART;TZID=America/New_York:20261031T190000 DTEND;TZID=America/New_York:20261031T200000 RRULE:FREQ=DAILY;COUNT=2", "2026-10-31T23:00/2026-11-01T00:00 2026-11-02T00:00/2026-11-02T01:00"},
		{"over the lost hour, the later of two ends", "DTSTART:20260228T220000 DTEND:20260301T060000 RRULE:FREQ=WEEKLY;COUNT=2", "2026-03-01T03:00/2026-03-01T11:00 2026-03-08T03:00/2026-03-08T11:00"},
		{"over the gained hour, the later of two ends", "DTSTART:20261024T220000 DTEND:20261025T060000 RRULE:FREQ=WEEKLY;COUNT=2", "2026-10-25T02:00/2026-10-25T10:00 2026-11-01T02:00/2026-11-01T11:00"},
		{"RDATE", "DTSTART;VALUE=DATE:20260704 RDATE;VALUE=DATE:20260801,20260901", "2026-07-04T04:00/2026-07-05T04:00 2026-08-01T04:00/2026-08-02T04:00 2026-09-01T04:00/2026-09-02T04:00"},
		{"RDATE of periods", "DTSTART:20260704T120000Z DURATION:PT1H RDATE;VALUE=PERIOD:20260801T120000Z/20260801T150000Z,20260901T120000Z/PT2H", "2026-07-04T12:00/2026-07-04T13:00 2026-08-01T12:00/2026-08-01T15:00 2026-09-01T12:00/2026-09-01T14:00"},
		{"EXDATE", "DTSTART;VALUE=DATE:20260704 RRULE:FREQ=WEEKLY;COUNT=4 EXDATE;VALUE=DATE:20260704,20260718 EXDATE:20260720", "2026-07-11T04:00/2026-07-12T04:00 2026-07-25T04:00/2026-07-26T04:00"},
		{"EXDATE in another zone", "DTSTART:20260704T120000 DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=2 EXDATE:20260711T160000Z", "2026-07-04T16:00/2026-07-04T17:00"},
		{"EXDATE of a skipped time, as UTC", "DTSTART:20260301T023000 DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=2 EXDATE:20260308T073000Z", "2026-03-01T07:30/2026-03-01T08:30"},
		{"EXDATE of an RDATE", "DTSTART;VALUE=DATE:20260704 RDATE:20260801 EXDATE:20260801", "2026-07-04T04:00/2026-07-05T04:00"},
	} {
		var want []string
		for _, w := range strings.Fields(c.want) {
			want = append(want, w+" X")
		}
		if got := icalTold(t, "America/New_York", icalEventOf(c.properties), "2026-01-01T12:00:00Z", "2027-01-01T00:00:00Z"); !slices.Equal(got, want) {
			t.Errorf("%s: %s\ngot  %q\nwant %q", c.what, c.properties, got, want)
		}
	}
}

// TestOverrides reads instances that have an event of their own, before and after that of
// which they are.
func TestOverrides(t *testing.T) {
	const event = "BEGIN:VEVENT\nUID:1\nSUMMARY:X\nDTSTART:20260704T120000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n"
	const first, second, third = "2026-07-04T12:00/2026-07-04T13:00 X", "2026-07-11T12:00/2026-07-11T13:00 X", "2026-07-18T12:00/2026-07-18T13:00 X"
	for _, c := range []struct {
		what, properties string
		want             []string
	}{
		{"moved", "UID:1 RECURRENCE-ID:20260711T120000Z DTSTART:20260712T080000Z DURATION:PT2H SUMMARY:Y", []string{first, "2026-07-12T08:00/2026-07-12T10:00 Y", third}},
		{"named in another zone", "UID:1 RECURRENCE-ID;TZID=Asia/Tokyo:20260711T210000 DTSTART:20260712T080000Z DURATION:PT2H SUMMARY:Y", []string{first, "2026-07-12T08:00/2026-07-12T10:00 Y", third}},
		{"made longer", "UID:1 RECURRENCE-ID:20260711T120000Z DTSTART:20260711T120000Z DURATION:PT2H SUMMARY:Y", []string{first, "2026-07-11T12:00/2026-07-11T14:00 Y", third}},
		{"cancelled", "UID:1 RECURRENCE-ID:20260711T120000Z STATUS:CANCELLED", []string{first, third}},
		{"of an instance that is not there", "UID:1 RECURRENCE-ID:20260712T120000Z DTSTART:20260712T080000Z DURATION:PT2H SUMMARY:Y", []string{first, second, "2026-07-12T08:00/2026-07-12T10:00 Y", third}},
		{"of another event", "UID:2 RECURRENCE-ID:20260711T120000Z STATUS:CANCELLED", []string{first, second, third}},
		{"of the first", "UID:1 RECURRENCE-ID:20260704T120000Z STATUS:CANCELLED", []string{second, third}},
	} {
		override := "BEGIN:VEVENT\n" + strings.ReplaceAll(c.properties, " ", "\n") + "\nEND:VEVENT\n"
		for _, body := range []string{event + override, override + event} {
			if got := icalTold(t, "America/New_York", icalWrap(body), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"); !slices.Equal(got, c.want) {
				t.Errorf("%s:\ngot  %q\nwant %q", c.what, got, c.want)
			}
		}
	}
}

// TestDaysWithoutMidnight wants whole days where the clocks change at midnight, and some
// rest for a date that a zone skipped.
func TestDaysWithoutMidnight(t *testing.T) {
	for _, c := range []struct{ zone, date, want string }{
		{"America/Santiago", "20240908", "2024-09-08T03:00/2024-09-09T03:00 X"}, // 00:00 is skipped: both readings
		{"America/Santiago", "20240907", "2024-09-07T04:00/2024-09-08T04:00 X"}, // ends at the skipped midnight
		{"America/Santiago", "20240406", "2024-04-06T03:00/2024-04-07T04:00 X"}, // 23:00 comes twice
		{"America/Havana", "20241103", "2024-11-03T04:00/2024-11-04T05:00 X"},   // 00:00 comes twice
		{"America/Havana", "20241102", "2024-11-02T04:00/2024-11-03T05:00 X"},   // ends at the second
		{"Pacific/Apia", "20111230", "2011-12-29T10:00/2011-12-30T10:00 X"},     // never was
		{"Pacific/Apia", "20111231", "2011-12-30T10:00/2011-12-31T10:00 X"},
	} {
		day, err := time.Parse("20060102", c.date)
		if err != nil {
			t.Fatal(err)
		}
		from, to := day.AddDate(0, 0, -4).Format(time.RFC3339), day.AddDate(0, 0, 4).Format(time.RFC3339)
		if got := icalTold(t, c.zone, icalEventOf("DTSTART;VALUE=DATE:"+c.date), from, to); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s %s: got %q, want %q", c.zone, c.date, got, c.want)
		}
	}
}

// TestLongEvents wants an instance that began long before the question, in another period.
func TestLongEvents(t *testing.T) {
	text := icalEventOf("DTSTART;VALUE=DATE:20001225 DURATION:P200D RRULE:FREQ=YEARLY;INTERVAL=2")
	want := []string{"2024-12-25T00:00/2025-07-13T00:00 X"}
	if got := icalTold(t, "UTC", text, "2025-07-12T23:59:59Z", "2025-07-12T23:59:59Z"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNames wants what a window is called to be short, on one line and harmless.
func TestNames(t *testing.T) {
	for summary, want := range map[string]string{
		"SUMMARY: A  b\t\\nc\\, d\\; e\\\\n ":             `A b c, d; e\n`,
		"SUMMARY;LANGUAGE=he:יום \u202eהעצמאות\u2066\x07": "יום העצמאות",
		"SUMMARY:\xff\xfe":                   "\ufffd",
		"SUMMARY:":                           "Closed",
		"X-NONE:":                            "Closed",
		"SUMMARY:" + strings.Repeat("é", 81): strings.Repeat("é", 79) + "…",
		"SUMMARY:" + strings.Repeat("é", 80): strings.Repeat("é", 80),
	} {
		text := icalWrap("BEGIN:VEVENT\nDTSTART:20260704\n" + summary + "\nEND:VEVENT")
		if got := icalTold(t, "UTC", text, "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"); len(got) != 1 || !strings.HasSuffix(got[0], "T00:00 "+want) {
			t.Errorf("%q: got %q, want %q", summary, got, want)
		}
	}
	var body strings.Builder
	for i := range 12 {
		fmt.Fprintf(&body, "BEGIN:VEVENT\nDTSTART:202607%02d\nDURATION:P1D\nSUMMARY:%c\nEND:VEVENT\n", i/2+1, 'A'+i)
	}
	want := []string{"2026-07-01T00:00/2026-07-07T00:00 A + B + C + D + E + F + G + H + …"}
	if got := icalTold(t, "UTC", icalWrap(body.String()), "2026-07-05T00:00:00Z", "2026-07-05T00:00:00Z"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestICalendarIsReadAgain changes the file under a calendar, breaks it, and takes it away.
func TestICalendarIsReadAgain(t *testing.T) {
	text, missing := []byte(icalEventOf("DTSTART:20260704")), error(nil)
	c, err := Keep(Desk{Place: Place{Zone: time.UTC}, File: func(string) ([]byte, error) { return text, missing }}, "ics a b.ics")
	if err != nil {
		t.Fatal(err)
	}
	on := func(day string) bool {
		at := instant(t, day+"T12:00:00Z")
		windows, err := c.Rests(at, at)
		return err != nil || len(windows) == 1
	}
	if !on("2026-07-04") || on("2026-07-05") {
		t.Error("the first file is not kept")
	}
	copy(text, icalEventOf("DTSTART:20260705")) // in place, as a reused buffer would
	if on("2026-07-04") || !on("2026-07-05") {
		t.Error("the changed file is not kept")
	}
	text = text[:len(text)-5]
	if !on("2026-07-04") || !on("2026-07-05") {
		t.Error("a file that was cut off is open")
	}
	text, missing = []byte(icalEventOf("DTSTART:20260704")), errors.New("there is no file a b.ics")
	if !on("2026-07-05") {
		t.Error("a missing file is open")
	}
	if missing = nil; !on("2026-07-04") || on("2026-07-05") {
		t.Error("the mended file is not kept")
	}
}
