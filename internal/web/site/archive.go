package site

import (
	"fmt"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var archivePage = ui.NewPage[archivePageData](own, "frame.tmpl", "cards.tmpl", "archive.tmpl")
var archiveDayPage = ui.NewPage[archiveDayData](own, "frame.tmpl", "cards.tmpl", "archiveday.tmpl")

// archivePageData is the archive of all years, of one, or of a month.
type archivePageData struct {
	ui.Base
	Up             ui.Link // to what it is a part of
	Heading, Count string
	Empty          string
	Years          []archiveYear
	Calendars      []calendar
	Large          bool // there is one calendar, which tells how much there is on each day
	Pager          pager
	Also           []ui.Link
}

// archiveYear is a year, with its months.
type archiveYear struct {
	Link   ui.Link
	Count  string
	Months []counted
}

// counted is a month, or a day, and how much there is of it; without an address there is nothing.
type counted struct {
	Link           ui.Link
	Count, Reports string // the number alone, and in words
	Label          string // as it is read out
}

// calendar is a month by its weeks. A day of another month is empty.
type calendar struct {
	ID, Name string
	Link     ui.Link
	Weekdays []weekday
	Weeks    [][7]counted
}

type weekday struct{ Short, Long string }

// archiveDayData is what was posted on a day of the house's calendar, the newest first.
type archiveDayData struct {
	ui.Base
	Up             ui.Link
	Heading, Count string
	Lines          []dayLine
	Empty          string
	Days           pager // to the days before and after that have anything
	Pager          pager
	Clock          string  // whose time the list is in
	AtEnd          ui.Link // to the site as it stood
}

type dayLine struct {
	latestLine
	About string // its section and its desk
	Note  string // "Corrected", in a word
}

const linesPerDay = 100

func (s *site) archive(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	years, err := v.view.Periods(v.lang, "", edition.YearKey)
	if err != nil {
		return err
	}
	months, err := v.view.Periods(v.lang, "", edition.MonthKey)
	if err != nil {
		return err
	}
	w := ui.BrowseWordsIn(v.lang)
	p := archivePageData{Heading: w.Archive}
	count := countsOf(months)
	for i := len(years) - 1; i >= 0; i-- {
		y := archiveYear{Link: ui.Link{Address: v.to("/archive/" + years[i].Key), Words: years[i].Key}, Count: w.Reports(years[i].Count)}
		for m := time.January; m <= time.December; m++ {
			y.Months = append(y.Months, v.counted(fmt.Sprintf("%s-%02d", years[i].Key, m), clock.MonthName(m, v.lang), clock.MonthName(m, v.lang)+" "+years[i].Key, count))
		}
		p.Years = append(p.Years, y)
	}
	if len(years) == 0 {
		p.Empty = w.NoArchive
	}
	p.Also = []ui.Link{{Address: v.to("/topics"), Words: w.Topics}, {Address: v.to("/places"), Words: w.Places}, {Address: v.to("/authors"), Words: w.Authors},
		{Address: v.to("/as-of"), Words: w.StoodTitle}}
	newest, err := v.view.Latest(v.lang, 1)
	if err != nil {
		return err
	}
	p.Base = v.base(page{title: w.Archive, timed: v.asOf(newest), what: v.words.AsOf, path: "/archive", every: true})
	return archivePage.Render(v.w, 200, p)
}

func countsOf(periods []edition.Period) map[string]int {
	counts := map[string]int{}
	for _, p := range periods {
		counts[p.Key] = p.Count
	}
	return counts
}

// counted is a month or a day by its key, and leads there if there is anything.
func (f frame) counted(key, words, label string, counts map[string]int) counted {
	n := counts[key]
	c := counted{Link: ui.Link{Words: words}}
	if n > 0 {
		c.Link.Address = f.to("/archive/" + strings.ReplaceAll(key, "-", "/"))
		c.Count, c.Reports = ui.Count(int64(n)), ui.BrowseWordsIn(f.lang).Reports(n)
		c.Label = label + ": " + c.Reports
	}
	return c
}

// period reads the parts of a date in an address, each written in the one way that we write it.
func (v *visit) period() (key string, first time.Time, err error) {
	key = v.r.PathValue("year")
	layout := "2006"
	for _, part := range []struct{ name, layout string }{{"month", "-01"}, {"day", "-02"}} {
		if x := v.r.PathValue(part.name); x != "" {
			key, layout = key+"-"+x, layout+part.layout
		}
	}
	first, err = time.Parse(layout, key)
	if err != nil || first.Format(layout) != key {
		return "", first, errUnknown
	}
	return key, first, nil
}

func (s *site) archiveYear(v *visit) error  { return v.calendars(edition.YearKey) }
func (s *site) archiveMonth(v *visit) error { return v.calendars(edition.MonthKey) }

// calendars draws a year as the calendars of its months, or a month as its own.
func (v *visit) calendars(length int) error {
	key, first, err := v.period()
	if err != nil {
		return err
	}
	if done, err := v.strict(); done || err != nil {
		return err
	}
	days, err := v.view.Periods(v.lang, key, edition.DayKey)
	if err != nil || len(days) == 0 {
		return orUnknown(err)
	}
	w, total := ui.BrowseWordsIn(v.lang), 0
	for _, d := range days {
		total += d.Count
	}
	p := archivePageData{Heading: key, Count: w.Reports(total), Large: length == edition.MonthKey, Up: ui.Link{Address: v.to("/archive"), Words: w.Archive}}
	months := []time.Month{first.Month()}
	if p.Large {
		p.Heading = v.monthOf(first)
		p.Up = ui.Link{Address: v.to("/archive/" + key[:edition.YearKey]), Words: key[:edition.YearKey]}
	} else {
		for m := time.February; m <= time.December; m++ {
			months = append(months, m)
		}
	}
	counts := countsOf(days)
	for _, m := range months {
		p.Calendars = append(p.Calendars, v.monthly(first.Year(), m, counts, p.Large))
	}
	if p.Pager, err = v.besidePeriod(key); err != nil {
		return err
	}
	newest, _, err := v.view.Filed(edition.ByDay, v.lang, []string{days[len(days)-1].Key}, edition.Page{Limit: 1})
	if err != nil {
		return err
	}
	p.Base = v.base(page{title: p.Heading + " | " + w.Archive, timed: v.asOf(newest.Cards), what: v.words.AsOf, path: "/archive/" + strings.ReplaceAll(key, "-", "/")})
	return archivePage.Render(v.w, 200, p)
}

func (f frame) monthOf(t time.Time) string {
	return clock.MonthName(t.Month(), f.lang) + " " + t.Format("2006")
}

// besidePeriod leads to the periods before and after that have anything.
func (v *visit) besidePeriod(key string) (p pager, err error) {
	before, after, err := v.view.Beside(v.lang, key)
	link := func(key string) ui.Link {
		switch len(key) {
		case edition.YearKey:
			return ui.Link{Address: v.to("/archive/" + key), Words: key}
		case edition.MonthKey:
			t, _ := time.Parse("2006-01", key) // it is one of the edition's own
			return ui.Link{Address: v.to("/archive/" + strings.ReplaceAll(key, "-", "/")), Words: v.monthOf(t)}
		case edition.DayKey:
			return ui.Link{Address: v.to("/archive/" + strings.ReplaceAll(key, "-", "/")), Words: clock.CivilDay(key, v.lang)}
		}
		return ui.Link{}
	}
	return pager{Name: ui.BrowseWordsIn(v.lang).Archive, Later: link(after), Earlier: link(before)}, err
}

// monthly lays a month out by weeks. They begin on Sunday in Israel and in Hebrew, and else
// on Monday (ISO 8601).
func (f frame) monthly(year int, month time.Month, counts map[string]int, large bool) (c calendar) {
	begins := time.Monday
	if f.house().Seat.Israel || ui.WordsIn(f.lang) == ui.WordsIn("he") {
		begins = time.Sunday
	}
	c.ID, c.Name = fmt.Sprintf("m-%02d", month), clock.MonthName(month, f.lang)
	sunday := time.Date(2024, 3, 17, 12, 0, 0, 0, time.UTC) // any
	for i := range 7 {
		t := sunday.AddDate(0, 0, int(begins)+i)
		c.Weekdays = append(c.Weekdays, weekday{clock.ShortDay(t, time.UTC, f.lang), clock.Weekday(t, time.UTC, f.lang)})
	}
	some := false
	for t := time.Date(year, month, 1, 12, 0, 0, 0, time.UTC); t.Month() == month; t = t.AddDate(0, 0, 1) {
		column := (int(t.Weekday()) - int(begins) + 7) % 7
		if column == 0 || len(c.Weeks) == 0 {
			c.Weeks = append(c.Weeks, [7]counted{})
		}
		day := f.counted(t.Format(time.DateOnly), fmt.Sprint(t.Day()), clock.Day(t, time.UTC, f.lang), counts)
		some = some || day.Link.Address != ""
		c.Weeks[len(c.Weeks)-1][column] = day
	}
	if some && !large {
		c.Link = ui.Link{Address: f.to(fmt.Sprintf("/archive/%04d/%02d", year, month)), Words: c.Name}
	}
	return c
}

func (s *site) archiveDay(v *visit) error {
	key, first, err := v.period()
	if err != nil {
		return err
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	day, there, err := v.view.Subject(edition.ByDay, v.lang, key)
	if err != nil || !there {
		return orUnknown(err)
	}
	list, ok, err := v.view.Filed(edition.ByDay, v.lang, []string{key}, edition.Page{Before: before, Limit: linesPerDay})
	if err != nil || !ok {
		return orUnknown(err)
	}
	w, seat := ui.BrowseWordsIn(v.lang), v.seat()
	noon := time.Date(first.Year(), first.Month(), first.Day(), 12, 0, 0, 0, time.UTC)
	p := archiveDayData{Heading: clock.LongDay(noon, time.UTC, v.lang), Count: w.Reports(day.Count), Lines: v.dayLines(list.Cards), Clock: v.words.Say(v.words.ClockOf, seat.City),
		Up: ui.Link{Address: v.to("/archive/" + first.Format("2006/01")), Words: v.monthOf(first)}}
	if len(p.Lines) == 0 {
		p.Empty = w.NothingThen
	}
	if p.Days, err = v.besidePeriod(key); err != nil {
		return err
	}
	path := "/archive/" + first.Format("2006/01/02")
	if p.Pager = v.pager(path, before, list.Next); key < v.moment.Date {
		end := clock.DayStart(first.Year(), first.Month(), first.Day()+1, seat.Zone)
		p.AtEnd = ui.Link{Address: v.to(momentPath(end)), Words: w.AtDaysEnd}
	}
	p.Base = v.base(page{title: p.Heading + " | " + w.Archive, timed: v.asOf(list.Cards), what: v.words.AsOf, path: path})
	p.Follow = v.follow(nil, newestOf(list.Cards), channel("house", v.lang))
	return archiveDayPage.Render(v.w, 200, p)
}

// dayLines are the articles of a day in the house's time.
func (f frame) dayLines(cards []edition.Card) (out []dayLine) {
	zone := f.house().Zone
	for _, c := range cards {
		l := dayLine{latestLine: latestLine{ID: c.ID, ISO: clock.ISO(c.Posted), When: clock.HM(c.Posted, zone), Address: f.addressOf(c), Words: c.Headline}}
		var about []string
		if name, ok := f.sectionName(c.Section); ok {
			about = append(about, name)
		}
		if d := f.deskOf(c.Desk); d != nil {
			about = append(about, f.words.Say(f.words.DeskOf, f.in(d.Names)))
		}
		l.About = strings.Join(about, " · ")
		if !c.Corrected.IsZero() {
			l.Note = f.words.Corrected
		}
		if c.Live == story.LiveOpen {
			l.Note = ui.LiveWordsIn(f.lang).Live
		}
		out = append(out, l)
	}
	return out
}
