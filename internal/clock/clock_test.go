package clock_test

import (
	"testing"
	"time"

	"dateline/internal/clock"
)

var noon = time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)

func TestDoubt(t *testing.T) {
	a := clock.Anchor{Wall: noon, Boot: time.Hour, BootID: "a"}
	at := func(wall, boot time.Duration, id string, synced bool) clock.Reading {
		return clock.Reading{Wall: noon.Add(wall), Boot: time.Hour + boot, BootID: id, Synced: synced}
	}
	for _, c := range []struct {
		name  string
		r     clock.Reading
		last  time.Time
		due   bool
		doubt bool
	}{
		{"time passes", at(time.Minute, time.Minute, "a", false), noon, true, false},
		{"a suspend moves both", at(72*time.Hour, 72*time.Hour, "a", false), noon, true, false},
		{"two seconds apart", at(time.Minute+2*time.Second, time.Minute, "a", false), noon, true, false},
		{"three seconds ahead", at(time.Minute+3*time.Second, time.Minute, "a", false), noon, true, true},
		{"an hour ahead", at(time.Hour, time.Second, "a", false), noon, true, true},
		{"an hour back", at(-time.Hour, time.Second, "a", false), noon.Add(-2 * time.Hour), true, true},
		{"stepped by the kernel's own daemon", at(time.Hour, time.Second, "a", true), noon, true, false},
		{"behind the last entry", at(0, 0, "b", true), noon.Add(time.Minute), false, true},
		{"a new boot is trusted", at(time.Hour, -time.Hour, "b", false), noon, true, false},
		{"eight days off, something due", at(8*24*time.Hour, -time.Hour, "b", false), noon, true, true},
		{"eight days off, nothing due", at(8*24*time.Hour, -time.Hour, "b", false), noon, false, false},
	} {
		if why := a.Doubt(c.r, c.last, c.due); (why != "") != c.doubt {
			t.Errorf("%s: %q", c.name, why)
		}
	}
	if got := a.Expected(at(time.Hour, time.Minute, "a", false)); !got.Equal(noon.Add(time.Minute)) {
		t.Error(got)
	}
}

func TestFaces(t *testing.T) {
	jerusalem, newYork := time.FixedZone("", 2*3600), time.FixedZone("", -4*3600)
	at := time.Date(2024, 3, 22, 22, 52, 0, 0, time.UTC)
	for got, want := range map[string]string{
		clock.HM(at, newYork): "18:52", clock.DayTime(at, jerusalem, "en"): "Saturday 00:52", clock.DateTime(at, newYork, "en"): "Friday 22 March, 18:52",
		clock.Day(at, newYork, "he"): "יום שישי, 22 במרץ", clock.ShortDay(at, jerusalem, "en"): "Sat", clock.ISO(at): "2024-03-22T22:52:00Z",
		clock.Left(3*time.Hour + 7*time.Minute + 59*time.Second): "3 h 07 min", clock.Left(-time.Hour): "0 min",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if clock.SameDay(at, jerusalem, newYork) {
		t.Error("it is Saturday in Jerusalem already")
	}
}
