package site

import (
	"fmt"
	"time"

	"dateline/internal/clock"
	"dateline/internal/web/ui"
)

// chart is a drawing with x in per cent and y in pixels: its text keeps its size at any
// width, and it needs no inline style. From right to left, x is mirrored here; the drawing
// itself is never flipped.
type chart struct {
	Label  string
	Height int
	Rects  []chartRect
	Lines  []chartLine
	Texts  []chartText
	Dot    string // x of the red dot
}

type chartRect struct {
	Class, X, W string
	Y, H        int
}

type chartLine struct {
	Class, X string
	Y, Y2    int
}

type chartText struct {
	Class, X, Words, Anchor string
	Y, DX                   int
}

// Measures of the chart, in pixels.
const (
	chartAxis = 44 // the graduated rule
	chartTop  = 66 // the first row
	chartRow  = 46
	chartBar  = 14 // a desk at work
	chartBox  = 26 // a desk at rest
)

// draws puts instants on the axis.
type draws struct {
	chart
	days span
	rtl  bool
}

func (d *draws) share(t time.Time) float64 {
	x := 100 * t.Sub(d.days.from).Seconds() / d.days.to.Sub(d.days.from).Seconds()
	return min(max(x, 0), 100)
}

func percent(x float64) string { return fmt.Sprintf("%.3f%%", x) }

func (d *draws) x(t time.Time) string {
	if d.rtl {
		return percent(100 - d.share(t))
	}
	return percent(d.share(t))
}

func (d *draws) rect(class string, s span, y, h int) {
	a, b := d.share(s.from), d.share(s.to)
	at := a
	if d.rtl {
		at = 100 - b
	}
	d.Rects = append(d.Rects, chartRect{class, percent(at), percent(b - a), y, h})
}

func (d *draws) line(class string, t time.Time, y, y2 int) {
	d.Lines = append(d.Lines, chartLine{class, d.x(t), y, y2})
}

// text writes words at an instant; dx leads away from it in the direction of reading. In
// an SVG of a page from right to left, "start" is already the right-hand side.
func (d *draws) text(class, words string, t time.Time, y, dx int, anchor string) {
	if d.rtl {
		dx = -dx
	}
	d.Texts = append(d.Texts, chartText{class, d.x(t), words, anchor, y, dx})
}

// chart draws the days: the title as the union of its desks, then a row for each desk.
func (f frame) chart(days span, at time.Time) chart {
	w, house := f.words, f.seat()
	d := &draws{days: days, rtl: f.lang == "he" || ui.DirOf(f.lang) == "rtl"}
	rows := 1 + len(f.moment.Desks)
	d.Height = chartTop + rows*chartRow + 4
	d.Label = fmt.Sprintf(w.ChartLabel, clock.Day(days.from, house.Zone, f.lang), house.City)
	f.axis(d)
	y := chartTop
	bar := y + 20
	for _, x := range f.union(days, true) {
		d.rect("c-duty", x, bar, 18)
	}
	gaps := f.union(days, false)
	for _, x := range gaps {
		d.rect("c-hole", x, bar, d.Height-bar-4)
		d.rect("c-gap", x, bar, 18)
		for _, edge := range []time.Time{x.from, x.to} {
			if edge.After(days.from) && edge.Before(days.to) {
				d.line("c-gapline", edge, bar, d.Height-4)
			}
		}
	}
	for _, x := range gaps {
		f.ends(d, "c-gt", x, bar+13, house, w.NoDesk, days)
	}
	d.text("c-name", f.in(f.house().Names), days.from, y+14, 4, "start")
	for i, s := range f.moment.Desks {
		f.row(d, i+1, s.Desk.Names, duties(s.Desk, days), f.seatOf(s.Desk), restsIn(s.Desk, days, f.lang), days)
	}
	if !at.Before(days.from) && at.Before(days.to) {
		d.line("c-now", at, chartAxis+3, d.Height-4)
		d.Dot = d.x(at)
		anchor, dx := "start", 6
		if d.share(at) > 50 {
			anchor, dx = "end", -6
		}
		d.text("c-nt", w.AsOf+" "+clock.HM(at, house.Zone), at, chartAxis+18, dx, anchor)
	}
	return d.chart
}

// axis draws the house's days: the graduated rule, hours, midnights.
func (f frame) axis(d *draws) {
	zone := f.house().Zone
	if d.days.to.After(clock.Midnight(d.days.from, zone, chartDays)) {
		f.axisDays(d)
		return
	}
	for i := range chartDays {
		day := clock.Midnight(d.days.from, zone, i)
		dx := 0
		if i > 0 {
			dx = 5
			d.line("c-midnight", day, 20, d.Height-4)
		}
		d.text("c-day", clock.Day(day, zone, f.lang), day, 14, dx, "start")
		for h := 0; h < 24; h += 3 {
			local := day.In(zone)
			t := time.Date(local.Year(), local.Month(), local.Day(), h, 0, 0, 0, zone)
			if h == 0 {
				t = day // clocks may have skipped midnight
			}
			if h%6 == 0 {
				class := "c-hr"
				if h%12 != 0 {
					class = "c-hr c-fine"
				}
				d.text(class, clock.HM(t, zone)[:2], t, 34, 3, "start")
				if h > 0 {
					d.line("c-grid", t, chartAxis, d.Height-4)
				}
				d.rect("c-scale", span{t, t.Add(3 * time.Hour)}, chartAxis, 5)
			}
		}
	}
	d.rect("c-box", d.days, chartAxis, 5)
}

func (f frame) row(d *draws, i int, names map[string]string, on []span, there ui.Seat, rests []namedRest, days span) {
	y := chartTop + i*chartRow
	mid := y + 29
	for _, x := range on {
		d.rect("c-duty", x, mid-chartBar/2, chartBar)
	}
	for _, r := range rests {
		d.rect("c-rest", r.span, mid-chartBox/2, chartBox)
	}
	for _, r := range rests {
		f.ends(d, "c-rt", r.span, mid+4, there, r.name, days)
	}
	d.text("c-name", f.in(names), days.from, y+12, 4, "start")
}

// ends writes a stretch's beginning and end inside it, in the time of a place, and its
// name in the middle. What lies outside the chart has no time.
func (f frame) ends(d *draws, class string, s span, y int, at ui.Seat, name string, days span) {
	wide := d.share(s.to) - d.share(s.from)
	if s.from.After(days.from) && wide > 8 {
		d.text(class, clock.HM(s.from, at.Zone), s.from, y, 5, "start")
	}
	if s.to.Before(days.to) && wide > 16 {
		d.text(class, clock.HM(s.to, at.Zone), s.to, y, -5, "end")
	}
	if wide > 20 {
		from, to := s.from, s.to
		if from.Before(days.from) {
			from = days.from
		}
		if to.After(days.to) {
			to = days.to
		}
		d.text(class+" c-fine", name, from.Add(to.Sub(from)/2), y, 0, "middle")
	}
}
