package site

import (
	"fmt"
	"net/http"
	"time"

	"dateline/internal/clock"
	"dateline/internal/web/ui"
)

type coveragePage struct {
	ui.Base
	Chart  chart
	Rows   []coverageRow
	InCity string
}

type coverageRow struct{ Desk, State, Said, Until, House, Rule string }

// A chart is 72 hours of every desk, x in per cent, y in pixels.
type chart struct {
	Label  string
	Height int
	Hours  []tick
	Rows   []chartRow
	Now    string
}

type tick struct {
	X, Words string
	Night    bool
}

type chartRow struct {
	Name  string
	Y     int
	Spans []chartSpan
}

type chartSpan struct {
	X, Width string
	On       bool
}

var coverageTemplate = ui.NewPage[coveragePage](files, "layout.tmpl", "coverage.tmpl")

// coverage tells when each desk updates and rests, in words and as a chart. It begins at
// a quarter of an hour, so that the page is the same for everybody until the next.
func (s *Site) coverage(w http.ResponseWriter, _ *http.Request, f *frame) error {
	now := s.now().Truncate(15 * time.Minute)
	f.shows(now)
	p := coveragePage{InCity: f.words.Say(f.words.InHouse, f.house.Seat.City.In(f.lang, "en"))}
	for _, d := range f.desks {
		st, _ := f.moment.State(d.ID)
		row := coverageRow{Desk: d.Names.In(f.lang, "en"), Rule: d.Observance.In(f.lang, "en")}
		row.State, row.Said = f.stateWords(d)
		if !st.Until.IsZero() {
			row.Until = clock.DateTime(st.Until, d.Zone, f.lang) + " " + d.Place.City.In(f.lang, "en")
			row.House = clock.DateTime(st.Until, f.house.Zone, f.lang) + " " + f.house.Seat.City.In(f.lang, "en")
		}
		p.Rows = append(p.Rows, row)
	}
	p.Chart = f.chart(now)
	p.Base = s.base(f, f.words.CoverageTitle, "/coverage")
	p.Strip = f.strip(f.words.AsOf, f.asOf, nil)
	p.Strip.Notice.Link = ""
	return coverageTemplate.Render(w, http.StatusOK, p)
}

const chartSpanHours = 72

func (f *frame) chart(now time.Time) chart {
	from := now.Add(-6 * time.Hour)
	rtl := f.words != nil && ui.DirOf(f.lang) == "rtl"
	x := func(t time.Time) float64 {
		part := float64(t.Sub(from)) / float64(chartSpanHours*time.Hour) * 100
		part = min(max(part, 0), 100)
		if rtl {
			return 100 - part
		}
		return part
	}
	c := chart{Label: f.words.Say(f.words.ChartLabel, clock.DateTime(from, f.house.Zone, f.lang), f.house.Seat.City.In(f.lang, "en")), Height: 34 + 44*len(f.desks), Now: percent(x(now))}
	for t := from.Truncate(time.Hour).Add(time.Hour); t.Before(from.Add(chartSpanHours * time.Hour)); t = t.Add(time.Hour) {
		if h := t.In(f.house.Zone).Hour(); h%12 == 0 {
			words := clock.HM(t, f.house.Zone)
			if h == 0 {
				words = clock.ShortDay(t, f.house.Zone, f.lang)
			}
			c.Hours = append(c.Hours, tick{percent(x(t)), words, h == 0})
		}
	}
	for i, d := range f.desks {
		row := chartRow{Name: d.Names.In(f.lang, "en"), Y: 34 + 44*i}
		at := from
		end := from.Add(chartSpanHours * time.Hour)
		span := func(to time.Time, on bool) {
			a, b := x(at), x(to)
			if b < a {
				a, b = b, a
			}
			if b > a {
				row.Spans = append(row.Spans, chartSpan{percent(a), percent(b - a), on})
			}
			at = to
		}
		for _, win := range d.Hours.Windows {
			if win.End.After(at) && win.Start.Before(end) {
				if win.Start.After(at) {
					span(win.Start, true)
				}
				span(win.End, false)
			}
		}
		if at.Before(end) {
			span(end, true)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

func percent(x float64) string { return fmt.Sprintf("%.2f%%", x) }
