package almanac_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hebcal/hdate"

	"dateline/internal/almanac"
)

// TestHebrewDatesAgainstHdate compares every day from 1900 to 2239.
func TestHebrewDatesAgainstHdate(t *testing.T) {
	days := 0
	for day := newYear(1900); day.Before(newYear(2240)); day = day.AddDate(0, 0, 1) {
		h := hdate.FromTime(day)
		want := almanac.HebrewDate{Year: h.Year(), Month: int(h.Month()), Day: h.Day()}
		if got := almanac.HebrewOf(day.Date()); got != want {
			t.Fatalf("%s is %v, but %v by hdate", day.Format(time.DateOnly), got, want)
		}
		days++
	}
	t.Logf("%d days", days)
}

func newYear(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// festivals are Leviticus 23 and the second days of those who live abroad. They are said
// here once more, so that a slip in the almanac's own list has something to differ from.
var festivals = []struct {
	month  hdate.HMonth
	day    int
	name   string
	abroad bool // and not in Israel
}{
	{hdate.Nisan, 15, "Pesach I", false},
	{hdate.Nisan, 16, "Pesach II", true},
	{hdate.Nisan, 21, "Pesach VII", false},
	{hdate.Nisan, 22, "Pesach VIII", true},
	{hdate.Sivan, 6, "Shavuot I", false},
	{hdate.Sivan, 7, "Shavuot II", true},
	{hdate.Tishrei, 1, "Rosh Hashana I", false},
	{hdate.Tishrei, 2, "Rosh Hashana II", false},
	{hdate.Tishrei, 10, "Yom Kippur", false},
	{hdate.Tishrei, 15, "Sukkot I", false},
	{hdate.Tishrei, 16, "Sukkot II", true},
	{hdate.Tishrei, 22, "Shmini Atzeret", false},
	{hdate.Tishrei, 23, "Simchat Torah", true},
}

// A run is days without work one after another, in local dates.
type run struct{ eve, last, names string }

// TestFestivalsAgainstHdate compares each festival from 1950 to 2149 by hdate's dates with
// the windows of desks in Jerusalem and New York that keep either schedule, with Shabbat
// and without it.
func TestFestivalsAgainstHdate(t *testing.T) {
	for _, c := range cities {
		if c.name != "Jerusalem" && c.name != "New York" {
			continue
		}
		for _, israel := range []bool{true, false} {
			for _, lines := range [][]string{{"yomtov"}, {"shabbat", "yomtov"}} {
				cal := c.keep(t, israel, lines...)
				want := runs(israel, len(lines) == 2)
				got := localRuns(rests(t, cal, newYear(1950), newYear(2150)), c.location(t))
				if i := firstDifference(got, want); i >= 0 {
					t.Errorf("%s, Israel %t, %v: rest %d of %d and %d:\ngot  %v\nwant %v", c.name, israel, lines, i, len(got), len(want), got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
				}
			}
		}
	}
}

// runs are the rests of 200 years by hdate; the first begin and the last end on working days.
func runs(israel, shabbat bool) (all []run) {
	var names []string
	for day := newYear(1950); day.Before(newYear(2150)); day = day.AddDate(0, 0, 1) {
		today := kept(day, israel, shabbat)
		if len(today) > 0 {
			names = append(names, today...)
			continue
		}
		if len(names) > 0 {
			all[len(all)-1].names = strings.Join(names, " + ")
			all[len(all)-1].last = day.AddDate(0, 0, -1).Format(time.DateOnly)
		}
		names = nil
		if len(kept(day.AddDate(0, 0, 1), israel, shabbat)) > 0 {
			all = append(all, run{eve: day.Format(time.DateOnly)})
		}
	}
	return all
}

// kept is what is kept on a day: a Shabbat that is a festival goes by the festival's name.
func kept(day time.Time, israel, shabbat bool) []string {
	h := hdate.FromTime(day)
	for _, f := range festivals {
		if f.month == h.Month() && f.day == h.Day() && !(f.abroad && israel) {
			return []string{f.name}
		}
	}
	if shabbat && day.Weekday() == time.Saturday {
		return []string{"Shabbat"}
	}
	return nil
}

// localRuns are windows by the dates in their zone on which they begin and end.
func localRuns(windows []almanac.Window, loc *time.Location) (all []run) {
	for _, w := range windows {
		all = append(all, run{w.Start.In(loc).Format(time.DateOnly), w.End.In(loc).Format(time.DateOnly), w.Name})
	}
	return all
}

func firstDifference(a, b []run) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}
