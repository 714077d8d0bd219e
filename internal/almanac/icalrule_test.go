package almanac

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// recurring is a rule, the start of its event, and its first instances.
type recurring struct {
	Start string
	Rule  string
	First []string
}

const icalLayout = "20060102T150405"

// recur lists the instances of a rule from a day on, at most so many, until 2040.
func recur(t testing.TB, start, rule, from string, most int) (all []string) {
	t.Helper()
	r := icalReader{desk: Desk{Place: Place{Zone: time.UTC}}}
	begin, err := r.time(icalProperty{name: "DTSTART"}, start)
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.time(icalProperty{name: "DTSTART"}, from)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := r.rule(icalProperty{name: "RRULE", value: rule}, begin)
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	steps := icalSteps
	if err := parsed.walk(begin, first.day(), dateIn(2040, 1, 0), &steps, func(at icalTime) {
		all = append(all, time.Unix(at.local, 0).UTC().Format(icalLayout))
	}); err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	return all[:min(len(all), most)]
}

// TestRulesOfAnother wants the instances that python-dateutil 2.9.0 gives for 250 rules
// made by chance, of all parts, up to eight of each. Left out are the weeks at the ends of a
// year, in which it departs from ISO 8601, and BYSETPOS with WEEKLY, for which it counts the
// first week from the start of the event instead of whole.
func TestRulesOfAnother(t *testing.T) {
	for _, c := range load[recurring](t, "rrule.json") {
		if got := recur(t, c.Start, c.Rule, c.Start, 8); !slices.Equal(got, c.First) {
			t.Errorf("%s %s:\ngot  %v\nwant %v", c.Start, c.Rule, got, c.First)
		}
		if n := len(c.First); n > 1 { // at once to the last that is known, from the day after the one before
			from := dayAfter(t, c.First[n-2])
			if got := recur(t, c.Start, c.Rule, from, 1); !slices.Equal(got, c.First[n-1:]) {
				t.Errorf("%s %s: from %s it has %v, want %s", c.Start, c.Rule, from, got, c.First[n-1])
			}
		}
	}
}

func dayAfter(t testing.TB, local string) string {
	t.Helper()
	at, err := time.Parse(icalLayout, local)
	if err != nil {
		t.Fatal(err)
	}
	return at.AddDate(0, 0, 1).Format(icalLayout)
}

// TestWeeks compares the numbers of weeks, and those from the end of the year, with the
// standard library's ISO 8601.
func TestWeeks(t *testing.T) {
	r := icalRule{weekday: time.Monday}
	for d := dateIn(1890, 1, 1); d < dateIn(2110, 1, 1); d++ {
		year, week := d.utc().ISOWeek()
		_, last := dateIn(year, 12, 28).utc().ISOWeek()
		if n, of := r.week(d); n != week || of != last {
			t.Fatalf("%s is in week %d of %d, want %d of %d", d.utc(), n, of, week, last)
		}
	}
}

// TestRulesBeyondAnother has what TestRulesOfAnother leaves out.
func TestRulesBeyondAnother(t *testing.T) {
	for _, c := range []struct{ start, rule, want string }{
		{"20200101", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "20210101 20270101"},
		{"20210103", "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SA", "20220101 20221231"},
		{"20260511", "FREQ=YEARLY;BYWEEKNO=20", "20260511 20270517"},
		{"20260107", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "20260109 20260116"},
		{"20260107", "FREQ=DAILY;COUNT=2;BYHOUR=1,2", "20260107 20260108"}, // a date has no hours
		{"20260107", "freq=daily;count=2;", "20260107 20260108"},
		{"20260101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", ""},
		{"00010101", "FREQ=YEARLY;INTERVAL=2020", "00010101 20210101"},
	} {
		got := recur(t, c.start, c.rule, c.start, 2)
		for i := range got {
			got[i] = got[i][:8]
		}
		if want := strings.Fields(c.want); !slices.Equal(got, want) {
			t.Errorf("%s %s: got %v, want %v", c.start, c.rule, got, want)
		}
	}
}

// TestTheDistantPast wants a rule without COUNT to be followed from near the question, and
// one with it from its start, at the cost of the dates between.
func TestTheDistantPast(t *testing.T) {
	r := icalReader{desk: Desk{Place: Place{Zone: time.UTC}}}
	start := icalTime{local: int64(dateIn(1800, 1, 1)) * 86400, whole: true, zone: time.UTC}
	first := dateIn(2026, 5, 1)
	for rule, most := range map[string]int{
		"FREQ=DAILY":                                  50,
		"FREQ=DAILY;INTERVAL=3":                       50,
		"FREQ=WEEKLY;BYDAY=MO,TU":                     100,
		"FREQ=MONTHLY":                                200,
		"FREQ=YEARLY":                                 200,
		"FREQ=YEARLY;BYDAY=1MO":                       2000,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30":         200,
		"FREQ=DAILY;UNTIL=18010101":                   50,
		"FREQ=DAILY;COUNT=5":                          10 + 2,
		"FREQ=DAILY;COUNT=200000":                     200_000,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1": 40_000,
	} {
		parsed, err := r.rule(icalProperty{value: rule}, start)
		if err != nil {
			t.Fatal(err)
		}
		steps := icalSteps
		if err := parsed.walk(start, first, first+10, &steps, func(at icalTime) {
			if at.day() < first {
				t.Errorf("%s visits %s", rule, at.day().utc())
			}
		}); err != nil || icalSteps-steps > most {
			t.Errorf("%s takes %d steps, want up to %d; %v", rule, icalSteps-steps, most, err)
		}
	}
}
