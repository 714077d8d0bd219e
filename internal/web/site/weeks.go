package site

import (
	"net/http"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/web/ui"
)

// The coverage page further ahead, and the same rests for calendar programs.

// coverSpans are how far coverage pages look, in days, by their address after /coverage.
var coverSpans = []struct {
	path string
	days int
}{{"", chartDays}, {"/week", 7}, {"/month", 35}}

// coverWords name the spans, and the calendar files.
var coverWords = map[string]struct {
	spans     [3]string
	look      string
	calendars string
	house     string
}{
	"en": {[3]string{"Three days", "A week", "Five weeks"}, "How far to look", "For calendar programs", "All desks"},
	"he": {[3]string{"שלושה ימים", "שבוע", "חמישה שבועות"}, "טווח", "לתוכנות יומן", "כל הדסקים"},
}

// coverMore is what stands under the chart: other spans, and calendar files.
type coverMore struct {
	Look, Calendars string
	Spans, Files    []ui.Link
}

func (f frame) coverMore(path string) (m coverMore) {
	words, ok := coverWords[f.lang]
	if !ok {
		words = coverWords["en"]
	}
	m.Look, m.Calendars = words.look, words.calendars
	for i, s := range coverSpans {
		m.Spans = append(m.Spans, ui.Link{Address: f.to("/coverage" + s.path), Words: words.spans[i], Current: s.path == path})
	}
	m.Files = append(m.Files, ui.Link{Address: f.to("/coverage/all.ics"), Words: words.house})
	for _, d := range f.moment.Desks {
		m.Files = append(m.Files, ui.Link{Address: f.to("/coverage/" + d.Desk.Slug + ".ics"), Words: f.in(d.Desk.Names)})
	}
	return m
}

// coverPart answers what is under /coverage: a longer span, or a calendar file.
func (s *site) coverPart(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	part := v.r.PathValue("part")
	for _, x := range coverSpans {
		if x.path == "/"+part {
			return coveragePage.Render(v.w, http.StatusOK, v.layCoverage(x.path, x.days))
		}
	}
	slug, ok := strings.CutSuffix(part, ".ics")
	if !ok {
		return errUnknown
	}
	return v.calendar(slug)
}

// calendar writes the rests of a desk, or of all desks, from now to the horizon.
func (v *visit) calendar(slug string) error {
	var all []feed.Rests
	var stamp time.Time
	name, found := v.in(v.house().Names), slug == "all"
	for _, d := range v.moment.Desks {
		if slug != "all" && d.Desk.Slug != slug {
			continue
		}
		found = true
		if slug != "all" {
			name += ": " + v.in(d.Desk.Names)
		}
		if d.Desk.From.After(stamp) {
			stamp = d.Desk.From
		}
		rests := feed.Rests{ID: calendarID(d.Desk.Slug, v.house().Address)}
		for _, w := range d.Desk.Hours.Windows {
			w.Name = v.restWords(w.Name, d.Desk, slug == "all")
			rests.Windows = append(rests.Windows, w)
		}
		all = append(all, rests)
	}
	if !found {
		return errUnknown
	}
	body, err := feed.ICalendarOf(name, all, stamp)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	v.w.Header().Set("Cache-Control", "no-cache")
	_, err = v.w.Write(body)
	return err
}

// restWords names a rest for readers: with its desk, where a file holds several.
func (f frame) restWords(name string, d edition.Desk, several bool) string {
	name = ui.RestName(name, f.lang)
	if several {
		name = f.in(d.Names) + ": " + name
	}
	return name
}

// calendarID tells a calendar from every other for good: a slug and the house's host, in
// the letters that an id may have.
func calendarID(slug, address string) string {
	_, host, _ := strings.Cut(address, "://")
	id := strings.Map(func(c rune) rune {
		if c > ' ' && c <= '~' && !strings.ContainsRune(`\,;"/`, c) {
			return c
		}
		return '-'
	}, slug+"@"+host)
	return id
}

// axisDays draws the days of a longer chart: a line and a name for each day of a week, for
// each Sunday of five.
func (f frame) axisDays(d *draws) {
	zone := f.house().Zone
	for day := d.days.from; day.Before(d.days.to); day = clock.Midnight(day, zone, 1) {
		if day.After(d.days.from) {
			d.line("c-midnight", day, 20, d.Height-4)
		}
		words := clock.ShortDay(day, zone, f.lang) + " " + day.In(zone).Format("2")
		class := "c-day"
		if d.days.to.Sub(d.days.from) > 8*24*time.Hour {
			if day.In(zone).Weekday() != time.Sunday {
				continue
			}
			words = clock.Day(day, zone, f.lang)
			_, words, _ = strings.Cut(words, " ")
			class = "c-day c-hr"
		}
		d.text(class, words, day, 14, 5, "start")
	}
	d.rect("c-box", d.days, chartAxis, 5)
}
