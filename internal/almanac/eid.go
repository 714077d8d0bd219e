package almanac

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// eid is the two feasts of Islam, by the Umm al-Qura table of hijri.go with the desk's
// corrections, and from sunset to sunset as Hijri days run.
var eid = Observance{
	Name: "eid",
	Usage: "eid [fitr[=DAYS]] [adha[=DAYS]] [+1 | 1445=+1 | fitr-1445=+1]... [nightfall | civil], as in: eid; eid fitr=3 adha=4 -1. " +
		"Without feasts both, a day each; a correction is for every year, a Hijri year, or one feast of it, and the closest holds; " +
		"from sunset to sunset, or to the desk's nightfall, or on civil days",
	About: "Eid al-Fitr and Eid al-Adha by the Umm al-Qura table, with a correction in days.",
	Source: "1 Shawwal and 10 Dhu al-Hijja by the Umm al-Qura calendar of Saudi Arabia, 1411 to 1500 AH; " +
		"days begin at sunset, and by the sighting of the moon may be others",
	timed: func(d Desk, args string) (Calendar, error) {
		e := eids{zone: d.Place.Zone, off: map[string]date{}}
		words := strings.Fields(args)
		if err := e.bound(d, &words); err != nil {
			return nil, err
		}
		for _, word := range words {
			if err := e.read(word); err != nil {
				return nil, err
			}
		}
		if len(e.feasts) == 0 {
			e.feasts = []eidFeast{fitr, adha}
		}
		return Union(e), nil
	},
}

// eids is the calendar of the feasts.
type eids struct {
	zone   *time.Location
	feasts []eidFeast
	off    map[string]date // corrections in days, by "fitr-1445", "1445" or ""
	span   func(first, last date) Window
	bounds string // of the days, for the rule
}

// An eidFeast is a feast of every Hijri year.
type eidFeast struct {
	word, name, date string // in settings; for people; its first day
	month, day       int
	days             date
}

var (
	fitr = eidFeast{"fitr", "Eid al-Fitr", "1 Shawwal", 10, 1, 1}
	adha = eidFeast{"adha", "Eid al-Adha", "10 Dhu al-Hijja", 12, 10, 1}
)

func (e eids) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	first, last := dateOf(from, e.zone), dateOf(to, e.zone)
	if err := checkHijri(first, last); err != nil {
		return nil, err
	}
	var windows []Window
	for m := range hijriMonths {
		for _, f := range e.feasts {
			day := m.first + date(f.day-1) + e.correction(f.word, m.year)
			if m.month != f.month || day > last+reach || day+f.days < first-reach {
				continue
			}
			if w := e.span(day, day+f.days-1); w.Start.Before(to) && w.End.After(from) {
				w.Name, w.Rule = f.name, e.rule(f, m.year)
				windows = append(windows, w)
			}
		}
	}
	return windows, nil
}

// correction is how many days later than the table a desk keeps a feast: by what it says
// of the feast that year, else of the year, else of every year.
func (e eids) correction(feast string, year int) date {
	y := strconv.Itoa(year)
	for _, key := range []string{feast + "-" + y, y} {
		if off, ok := e.off[key]; ok {
			return off
		}
	}
	return e.off[""]
}

func (e eids) rule(f eidFeast, year int) string {
	table := "Umm al-Qura"
	if off := e.correction(f.word, year); off != 0 {
		table += fmt.Sprintf("%+dd", off)
	}
	return fmt.Sprintf("%s %d by %s, %s", f.date, year, table, e.bounds)
}

// bound takes the word that says when the days begin and end out of words.
func (e *eids) bound(d Desk, words *[]string) error {
	civil, dark := slices.Contains(*words, "civil"), slices.Contains(*words, "nightfall")
	*words = slices.DeleteFunc(*words, func(w string) bool { return w == "civil" || w == "nightfall" })
	switch {
	case civil && dark:
		return errors.New("the days are civil or end at nightfall, not both")
	case civil:
		e.bounds = "civil days"
		e.span = func(first, last date) Window {
			w, _ := (&wall{zone: d.Place.Zone}).between(first.midnight(), (last + 1).midnight())
			return w
		}
	case dark:
		rule := d.Custom
		rule.Lighting, rule.Margin = 0, 0
		evening := evenings{place: d.Place, sky: skyOver(d.Place), rule: rule}
		e.bounds, e.span = rule.String(), evening.window
		return rule.check()
	default:
		e.bounds, e.span = "sunset / sunset", sunsets(d)
	}
	return d.Custom.Sunless.check()
}

// sunsets spans dates from the sunset on the eve of the first to that of the last. Where
// the sun does not set on the last it ends at solar midnight, the strict side.
func sunsets(d Desk) func(first, last date) Window {
	e := evenings{place: d.Place, sky: skyOver(d.Place), rule: d.Custom}
	return func(first, last date) Window {
		eve, end := e.sky.daysOf(first, last, d.Place.Zone)
		begins, why := e.begin(eve, first-1)
		lastDay, whyNot := e.sky.day(end), ""
		ends, course := lastDay.descent(sunsetSine)
		if course != falls {
			ends, whyNot = lastDay.midnight, "no sunset: solar midnight"
		}
		return Window{Start: floorMinute(begins), End: ceilMinute(ends), Fallback: join(why, whyNot, "; ")}
	}
}

// What may be asked of a feast: the longest public holidays are a week, and no two places
// are further apart than two days.
const (
	maxEidDays    = 7
	maxCorrection = 2
)

// read takes in a feast ("fitr", "adha=4") or a correction ("+1", "1445=0", "fitr-1445=-1").
func (e *eids) read(word string) error {
	key, value, keyed := strings.Cut(word, "=")
	for _, f := range []eidFeast{fitr, adha} {
		if key != f.word {
			continue
		}
		if keyed {
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > maxEidDays {
				return fmt.Errorf("%.40q must say 1 to %d days, as in %s=3", word, maxEidDays, f.word)
			}
			f.days = date(n)
		}
		e.feasts = append(e.feasts, f)
		return nil
	}
	switch signed := strings.HasPrefix(word, "+") || strings.HasPrefix(word, "-"); {
	case signed && !keyed:
		return e.correct("", word)
	case signed || !keyed || key == "":
		return fmt.Errorf("%.40q is none of fitr, adha, nightfall, civil, and a correction such as +1 or 1445=+1", word)
	}
	return e.correct(key, value)
}

func (e *eids) correct(key, value string) error {
	off, err := strconv.Atoi(value)
	if err != nil || off < -maxCorrection || off > maxCorrection {
		return fmt.Errorf("the correction %.40q is not a number of days from %d to +%d", value, -maxCorrection, maxCorrection)
	}
	feast, year, ofFeast := strings.Cut(key, "-")
	if !ofFeast {
		year = key
	} else if feast != fitr.word && feast != adha.word {
		return fmt.Errorf("the correction for %.40q must name fitr or adha, as in fitr-1445=+1", key)
	}
	if n, err := strconv.Atoi(year); key != "" && (err != nil || n < firstHijri || n > lastHijri || len(year) != 4) {
		return fmt.Errorf("the correction for %.40q is of no Hijri year from %d to %d", key, firstHijri, lastHijri)
	}
	if _, twice := e.off[key]; twice {
		return fmt.Errorf("the correction %.40q is given twice", strings.TrimPrefix(key+"="+value, "="))
	}
	e.off[key] = date(off)
	return nil
}
