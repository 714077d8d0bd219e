package desk

import (
	"fmt"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

// A coverStrip is one stretch of days, drawn: a line for each desk, and one for the gaps.
// Across is in per cent and down in pixels, so that its text keeps its size at any width,
// and it needs no inline style. It is said in words too.
type coverStrip struct {
	Title, Label string
	Height       int
	Rects        []coverRect
	Lines        []coverRule
	Texts        []coverText
	Gaps         []coverGap
}

type coverRect struct {
	Class, X, W string
	Y, H        int
}

type coverRule struct {
	Class, X string
	Y        int
}

type coverText struct {
	Class, X, Words, Anchor string
	Y, DX                   int
}

type coverGap struct{ Long, When string }

// Measures of a strip, in pixels.
const (
	stripHead = 20
	stripRow  = 18
	stripBox  = 14
)

// draw is a strip while it is drawn: its days, and the zone by which they are placed.
type draw struct {
	coverStrip
	span newsroom.Span
	face clockFace
	lang string
}

func (d *draw) share(t time.Time) float64 {
	return min(max(100*t.Sub(d.span.From).Seconds()/d.span.Long().Seconds(), 0), 100)
}

func share(x float64) string { return fmt.Sprintf("%.3f%%", x) }

// across is where an instant stands across the strip. Time goes as the language is read:
// from the right in Hebrew.
func (d *draw) across(t time.Time) string {
	if story.RightToLeft(d.lang) {
		return share(100 - d.share(t))
	}
	return share(d.share(t))
}

func (d *draw) rect(class string, s newsroom.Span, y, h int) {
	begins := d.across(s.From)
	if story.RightToLeft(d.lang) {
		begins = d.across(s.To)
	}
	d.Rects = append(d.Rects, coverRect{class, begins, share(d.share(s.To) - d.share(s.From)), y, h})
}

func (d *draw) text(class, words string, t time.Time, y, dx int, anchor string) {
	if story.RightToLeft(d.lang) {
		dx = -dx // anchors follow the direction by themselves
	}
	d.Texts = append(d.Texts, coverText{class, d.across(t), words, anchor, y, dx})
}

// stripOfDays draws a span of days by a clock.
func stripOfDays(h newsroom.HouseView, span newsroom.Span, face clockFace) coverStrip {
	d := &draw{span: span, face: face, lang: h.Lang}
	d.Title = spanTitle(h.Lang, span, face.zone)
	d.Height = stripHead + (len(h.Desks)+1)*stripRow + 4
	d.days()
	var said []string
	for i, x := range h.Desks {
		y := stripHead + i*stripRow + stripRow/2
		for _, s := range x.OnDuty(span) {
			d.rect("v-duty", s, y-2, 4)
		}
		for _, w := range x.Hours.Windows {
			if w.End.After(span.From) && w.Start.Before(span.To) {
				said = append(said, d.rest(x, newsroom.Span{From: w.Start, To: w.End}, ui.RestName(w.Name, h.Lang), y))
			}
		}
	}
	for _, g := range h.Gaps(span) {
		d.gap(h, g)
		said = append(said, h.Say("nobody is on duty for %s from %s", left(h.Lang, g.Long()), clock.DayTime(g.From, face.zone, h.Lang)))
	}
	if !h.Now.Before(span.From) && h.Now.Before(span.To) {
		d.Lines = append(d.Lines, coverRule{"v-now", d.across(h.Now), 0})
		dx, anchor := 4, "start"
		if d.share(h.Now) > 80 {
			dx, anchor = -4, "end"
		}
		d.text("v-nowt", h.Say("now %s", clock.HM(h.Now, face.zone)), h.Now, 13, dx, anchor)
	}
	d.Label = d.Title + ": " + strings.Join(said, "; ") + "."
	return d.coverStrip
}

// days rules the days, or the hours of one.
func (d *draw) days() {
	zone := d.face.zone
	if d.span.Long() <= 26*time.Hour {
		for t := d.span.From; t.Before(d.span.To); t = t.Add(3 * time.Hour) {
			d.Lines = append(d.Lines, coverRule{"v-day", d.across(t), 0})
			d.text("v-dayt", clock.HM(t, zone), t, 13, 4, "start")
		}
		return
	}
	for t := d.span.From; t.Before(d.span.To); t = clock.Midnight(t, zone, 1) {
		d.Lines = append(d.Lines, coverRule{"v-day", d.across(t), 0})
		d.text("v-dayt", clock.ShortDay(t, zone, d.lang)+" "+t.In(zone).Format("2"), t, 13, 4, "start")
	}
}

// rest draws a rest with its times, which are its own desk's, and says it in words.
func (d *draw) rest(x newsroom.DeskView, s newsroom.Span, name string, y int) string {
	d.rect("v-rest", s, y-stripBox/2, stripBox)
	wide := d.share(s.To) - d.share(s.From)
	if s.From.After(d.span.From) && wide > 5 {
		d.text("v-restt", clock.HM(s.From, x.Zone), s.From, y+4, 4, "start")
	}
	if s.To.Before(d.span.To) && wide > 11 {
		d.text("v-restt", clock.HM(s.To, x.Zone), s.To, y+4, -4, "end")
	}
	if wide > 12+float64(len([]rune(name))) { // both times and the name have room
		middle := d.span.From.Add(time.Duration((d.share(s.From) + wide/2) / 100 * float64(d.span.Long())))
		d.text("v-restt", name, middle, y+4, 0, "middle")
	}
	return x.Say("%s rests (%s) from %s to %s there", x.Name(), name, clock.DayTime(s.From, x.Zone, x.Lang), clock.DayTime(s.To, x.Zone, x.Lang))
}

func (d *draw) gap(h newsroom.HouseView, g newsroom.Span) {
	y := stripHead + len(h.Desks)*stripRow + stripRow/2
	d.rect("v-gap", g, y-stripBox/2, stripBox)
	at := func(t time.Time) string {
		return clock.ShortDay(t, d.face.zone, d.lang) + " " + clock.HM(t, d.face.zone)
	}
	d.Gaps = append(d.Gaps, coverGap{h.Say("Nobody %s", left(d.lang, g.Long())), h.Say("%s to %s", at(g.From), at(g.To)) + " " + d.face.city})
}

func spanTitle(lang string, s newsroom.Span, zone *time.Location) string {
	last := s.To.Add(-time.Second)
	if clock.Date(s.From, zone) == clock.Date(last, zone) {
		return clock.Day(s.From, zone, lang)
	}
	from, to := clock.ShortDate(s.From, zone, lang), clock.ShortDate(last, zone, lang)
	if s.From.In(zone).Month() == last.In(zone).Month() {
		from = s.From.In(zone).Format("2")
	}
	return tongue.Say(lang, "%s to %s", from, to)
}
