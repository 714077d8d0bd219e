package almanac

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// hijriFeast is a line of testdata/hijri.txt: a Hijri year, and the civil dates of the
// first of Ramadan, the first of Shawwal and the tenth of Dhu al-Hijja in it, as the
// published Umm al-Qura calendars have them.
type hijriFeast struct{ year, ramadan, fitr, adha string }

func hijriFeasts(t testing.TB) (all []hijriFeast) {
	t.Helper()
	f, err := os.Open("testdata/hijri.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		w := strings.Fields(lines.Text())
		if len(w) != 4 {
			t.Fatal(lines.Text())
		}
		all = append(all, hijriFeast{w[0], w[1], w[2], w[3]})
	}
	if len(all) != lastHijri-firstHijri+1 {
		t.Fatal(len(all), "years")
	}
	return all
}

func TestHijriMonths(t *testing.T) {
	feasts := hijriFeasts(t)
	next, count := hijriStart, 0
	for m := range hijriMonths {
		if m.year != firstHijri+count/12 || m.month != count%12+1 || count > 0 && m.first-next != 0 {
			t.Fatalf("month %d: %+v, want it to begin on %s", count, m, next)
		}
		f := feasts[m.year-firstHijri]
		if want := map[int]string{9: f.ramadan, 10: f.fitr, 12: f.adha}[m.month]; want != "" {
			first := m.first
			if m.month == 12 {
				first += 9
			}
			if first.String() != want {
				t.Errorf("%d, month %d: %s, want %s", m.year, m.month, first, want)
			}
		}
		next, count = m.first+29+date(hijriYears[m.year-firstHijri]>>(12-m.month)&1), count+1
	}
	if count != 12*len(hijriYears) || next != hijriEnd {
		t.Errorf("%d months, to %s", count, next)
	}
}

// TestHijriMonthsFollowTheMoon wants every month to begin within three days after a new
// moon, by the mean one of 6 January 2000, 18:14 UT, and 29.530589 days, from which the
// true one is up to 14 hours off.
func TestHijriMonthsFollowTheMoon(t *testing.T) {
	for m := range hijriMonths {
		days := float64(m.first) - 10962.76
		age := days - 29.530589*float64(int(days/29.530589))
		if age < 0 {
			age += 29.530589
		}
		if age > 3 && age < 28.5 {
			t.Errorf("%d, month %d begins on %s, when the moon is %.1f days old", m.year, m.month, m.first, age)
		}
	}
}
