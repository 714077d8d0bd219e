package newsroom

import (
	"slices"
	"time"
)

// A Span is a stretch of time, from one instant to before another.
type Span struct{ From, To time.Time }

// Long is how long it lasts.
func (s Span) Long() time.Duration { return s.To.Sub(s.From) }

// OnDuty are the stretches of a span in which a desk is known to be on duty.
func (d DeskView) OnDuty(s Span) []Span {
	edges := []time.Time{d.Hours.From, d.Hours.Horizon}
	for _, w := range d.Hours.Windows {
		edges = append(edges, w.Start, w.End)
	}
	return stretches(edges, s, d.Hours.OnDuty)
}

// Gaps are the stretches of a span in which no desk of the house is known to be on duty.
func (h HouseView) Gaps(s Span) []Span {
	var edges []time.Time
	for _, d := range h.Desks {
		edges = append(edges, d.Hours.From, d.Hours.Horizon)
		for _, w := range d.Hours.Windows {
			edges = append(edges, w.Start, w.End)
		}
	}
	return stretches(edges, s, func(t time.Time) bool {
		return !slices.ContainsFunc(h.Desks, func(d DeskView) bool { return d.Hours.OnDuty(t) })
	})
}

// stretches joins the parts of a span between edges for which ok holds.
func stretches(edges []time.Time, s Span, ok func(time.Time) bool) (out []Span) {
	edges = slices.DeleteFunc(edges, func(t time.Time) bool { return !t.After(s.From) || !t.Before(s.To) })
	edges = append(edges, s.From, s.To)
	slices.SortFunc(edges, time.Time.Compare)
	for i := 0; i+1 < len(edges); i++ {
		a, b := edges[i], edges[i+1]
		if !a.Before(b) || !ok(a) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].To.Equal(a) {
			out[n-1].To = b
			continue
		}
		out = append(out, Span{a, b})
	}
	return out
}
