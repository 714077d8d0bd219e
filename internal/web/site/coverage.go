package site

import (
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/web/ui"
)

var coveragePage = ui.NewPage[coveragePageData](own, "frame.tmpl", "coverage.tmpl")

// coveragePageData says who updates until when: a chart of 72 hours, and the same in words.
type coveragePageData struct {
	ui.Base
	Heading string
	Stand   string
	Chart   chart
	Keys    coverageKeys
	Next    []happening
	Rests   []restLine
	Head    coverageHead
	How     []string
	More    coverMore
}

type coverageKeys struct{ Updates, Rests, Nobody, Axis string }

type coverageHead struct{ Next, Rests, How, Desk, State, Observance, There, House string }

// happening is one line of what comes: a desk at work, or nobody.
type happening struct {
	Name, State  string
	There, House string
	ThereLabel   string
	ISO          string
	Now, Gap     bool
}

type restLine struct{ Name, Observance, There, House, City string }

// span is a stretch of time.
type span struct{ from, to time.Time }

// The chart's days, and how far the table of rests looks.
const (
	chartDays = 3
	restDays  = 8
)

func (s *site) coverage(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	v.within(v.quarter, v.quarter.Add(quarterHour))
	return coveragePage.Render(v.w, 200, v.layCoverage("", chartDays))
}

// coverageTime is what the coverage page is as of: the quarter of an hour, or the moment's
// start where that is later.
func (f frame) coverageTime() time.Time {
	if f.moment.Start.After(f.quarter) {
		return f.moment.Start
	}
	return f.quarter
}

func (f frame) layCoverage(path string, count int) coveragePageData {
	w, house := f.words, f.seat()
	at := f.coverageTime()
	after := func(days int) time.Time { return clock.Midnight(at, house.Zone, days) }
	days := span{after(0), after(count)}
	return coveragePageData{
		Heading: w.CoverageTitle, How: []string{w.HowRest, w.HowHand},
		Keys:  coverageKeys{w.KeyUpdates, w.KeyRests, w.KeyNobody, w.Say(w.Axis, w.Say(w.ClockOf, house.City))},
		Head:  coverageHead{w.Next, w.RestsAre, w.How, w.Desk, w.State, w.Observance, w.There, w.Say(w.InHouse, house.City)},
		Base:  f.base(page{title: w.CoverageTitle, timed: at, what: w.AsOf, path: "/coverage" + path, every: true, cover: true}),
		Stand: edition.Notice(f.moment, nil, f.lang).String(),
		Chart: f.chart(days, at),
		Next:  f.happenings(span{at, days.to}),
		Rests: f.rests(span{after(0), after(max(count, restDays))}),
		More:  f.coverMore(path),
	}
}

// duties are the stretches of a span in which a desk is known to be on duty.
func duties(d edition.Desk, s span) []span {
	edges := []time.Time{s.from, s.to, d.Hours.From, d.Hours.Horizon}
	for _, w := range d.Hours.Windows {
		edges = append(edges, w.Start, w.End)
	}
	return stretches(edges, s, d.Hours.OnDuty)
}

// stretches joins the parts of a span between edges for which ok holds.
func stretches(edges []time.Time, s span, ok func(time.Time) bool) (out []span) {
	edges = slices.DeleteFunc(edges, func(t time.Time) bool { return t.Before(s.from) || t.After(s.to) })
	slices.SortFunc(edges, time.Time.Compare)
	for i := 0; i+1 < len(edges); i++ {
		a, b := edges[i], edges[i+1]
		if !a.Before(b) || !ok(a) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].to.Equal(a) {
			out[n-1].to = b
			continue
		}
		out = append(out, span{a, b})
	}
	return out
}

// union is when at least one desk is on duty, or, not covered, when none is.
func (f frame) union(s span, covered bool) []span {
	edges := []time.Time{s.from, s.to}
	for _, d := range f.moment.Desks {
		for _, x := range duties(d.Desk, s) {
			edges = append(edges, x.from, x.to)
		}
	}
	return stretches(edges, s, func(t time.Time) bool {
		on := slices.ContainsFunc(f.moment.Desks, func(d edition.DeskState) bool { return d.Desk.Hours.OnDuty(t) })
		return on == covered
	})
}

// dated is a line of a table with the instant that it is sorted by.
type dated[T any] struct {
	at   time.Time
	line T
}

func inOrder[T any](all []dated[T]) (out []T) {
	slices.SortStableFunc(all, func(a, b dated[T]) int { return a.at.Compare(b.at) })
	for _, x := range all {
		out = append(out, x.line)
	}
	return out
}

// happenings are the stretches at work and the holes between, in order of their beginning.
func (f frame) happenings(s span) []happening {
	var all []dated[happening]
	for _, d := range f.moment.Desks {
		for _, x := range duties(d.Desk, s) {
			all = append(all, dated[happening]{x.from, f.atWork(d, x, x.from.Equal(s.from))})
		}
	}
	for _, x := range f.union(s, false) {
		all = append(all, dated[happening]{x.from, f.nobody(x, x.from.Equal(s.from), x.to.Equal(s.to))})
	}
	return inOrder(all)
}

func (f frame) atWork(d edition.DeskState, x span, now bool) happening {
	w, house, there := f.words, f.seat(), f.seatOf(d.Desk)
	h := happening{Name: f.in(d.Desk.Names), State: w.Resumes, ThereLabel: there.City, ISO: clock.ISO(x.from), Now: now}
	h.There, h.House = f.dayTime(x.from, there), f.dayTime(x.from, house)
	if now {
		h.State, h.There, h.House = w.Updates, "", ""
		if !d.Until.IsZero() {
			h.There, h.House, h.ISO = w.Say(w.Until, f.dayTime(d.Until, there)), w.Say(w.Until, f.dayTime(d.Until, house)), clock.ISO(d.Until)
		}
	}
	if there.ID == house.ID && h.There != "" {
		h.There = w.SameTime
	}
	return h
}

func (f frame) nobody(x span, now, open bool) happening {
	w, house := f.words, f.seat()
	h := happening{Name: w.NoDesk, State: w.EveryRests, Gap: true, Now: now, ThereLabel: w.Lasts, ISO: clock.ISO(x.from)}
	switch {
	case open:
		h.House = f.dayTime(x.from, house)
	case now:
		h.House, h.ISO = w.Say(w.Until, f.dayTime(x.to, house)), clock.ISO(x.to)
	default:
		h.There = w.Span(int(x.to.Sub(x.from).Minutes()))
		h.House = w.Say(w.To, f.dayTime(x.from, house), f.dayTime(x.to, house))
	}
	return h
}

func (f frame) dayTime(t time.Time, at ui.Seat) string {
	return clock.ShortDay(t, at.Zone, f.lang) + " " + clock.HM(t, at.Zone)
}

// rests are the rests that touch a span, each in its desk's own time and the house's.
func (f frame) rests(s span) []restLine {
	w, house := f.words, f.seat()
	var all []dated[restLine]
	for _, d := range f.moment.Desks {
		there := f.seatOf(d.Desk)
		for _, x := range restsIn(d.Desk, s, f.lang) {
			all = append(all, dated[restLine]{x.from, restLine{
				Name: f.in(d.Desk.Names), Observance: x.name, City: there.City,
				There: w.Say(w.To, f.dayTime(x.from, there), f.dayTime(x.to, there)),
				House: w.Say(w.To, f.dayTime(x.from, house), f.dayTime(x.to, house)),
			}})
		}
	}
	return inOrder(all)
}

// namedRest is a rest with its name in the page's language.
type namedRest struct {
	span
	name string
}

// restsIn are the rests of a desk that touch a span.
func restsIn(d edition.Desk, s span, lang string) (out []namedRest) {
	for _, x := range d.Hours.Windows {
		if x.End.After(s.from) && x.Start.Before(s.to) {
			out = append(out, namedRest{span{x.Start, x.End}, ui.RestName(x.Name, lang)})
		}
	}
	return out
}
