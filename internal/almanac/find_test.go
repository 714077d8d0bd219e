package almanac

import (
	"testing"
	"time"
)

func TestAtAndNext(t *testing.T) {
	windows := []Window{hours(0, 25, "A", "", ""), hours(168, 193, "B", "", ""), hours(336, 361, "C", "", "")}
	us := time.Microsecond
	for _, c := range []struct {
		t    time.Time
		at   string // name of the window, "" if none
		next string
	}{
		{hour(0).Add(-us), "", "A"},
		{hour(0), "A", "A"},
		{hour(25).Add(-us), "A", "A"},
		{hour(25), "", "B"},
		{hour(25).Add(us), "", "B"},
		{hour(168).Add(-us), "", "B"},
		{hour(168), "B", "B"},
		{hour(193), "", "C"},
		{hour(361).Add(-us), "C", "C"},
		{hour(361), "", ""},
	} {
		at, resting := At(windows, c.t)
		next, more := Next(windows, c.t)
		if at.Name != c.at || resting != (c.at != "") {
			t.Errorf("at %s: %q, %t, want %q", c.t, at.Name, resting, c.at)
		}
		if next.Name != c.next || more != (c.next != "") {
			t.Errorf("next after %s: %q, %t, want %q", c.t, next.Name, more, c.next)
		}
	}
	if _, ok := At(nil, hour(0)); ok {
		t.Error("rests without windows")
	}
	if _, ok := Next(nil, hour(0)); ok {
		t.Error("a next of no windows")
	}
}

// TestRestsIsHalfOpen asks right up to the ends of a window, and of the span.
func TestRestsIsHalfOpen(t *testing.T) {
	newYork := keepShabbat(t, Place{40.7128, -74.006, zoneOf(t, "America/New_York"), false}, usual)
	w := span(t, "2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z")
	us := time.Microsecond
	for _, c := range []struct {
		from, to time.Time
		want     int
	}{
		{w.Start.Add(-time.Hour), w.Start, 0},
		{w.Start.Add(-time.Hour), w.Start.Add(us), 1},
		{w.End.Add(-us), w.End.Add(time.Hour), 1},
		{w.End, w.End.Add(time.Hour), 0},
		{w.Start, w.Start, 1},
		{w.End, w.End, 0},
	} {
		for _, cal := range []Calendar{newYork, Union(newYork)} {
			if got := rests(t, cal, c.from, c.to); len(got) != c.want || c.want == 1 && !sameSpan(got[0], w) {
				t.Errorf("from %s to %s: %v, want %d", c.from, c.to, got, c.want)
			}
		}
	}
}
