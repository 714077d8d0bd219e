package almanac_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"dateline/internal/almanac"
)

// A vector is one published rest; starts and ends were checked against IAU SOFA and three
// independent calculators.
type vector struct {
	ID, City, TZ         string
	Lat, Lon             float64
	Israel               bool
	Lighting, Minutes    int
	Degrees              float64
	Start, End           time.Time
	StartExact, EndExact time.Time
}

func (v vector) calendar(t testing.TB) almanac.Calendar {
	t.Helper()
	zone, err := time.LoadLocation(v.TZ)
	if err != nil {
		t.Fatal(err)
	}
	c, err := almanac.Shabbat(almanac.Place{Lat: v.Lat, Lon: v.Lon, Zone: zone, Israel: v.Israel},
		almanac.ShabbatRule{Lighting: time.Duration(v.Lighting) * time.Minute, Nightfall: almanac.Nightfall{Degrees: v.Degrees, Minutes: v.Minutes}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func load(t *testing.T, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestVectors(t *testing.T) {
	var all []vector
	load(t, "vectors.json", &all)
	for _, v := range all {
		got, err := v.calendar(t).Rests(v.Start, v.End)
		if err != nil || len(got) != 1 {
			t.Errorf("%s %s: %v, %v", v.ID, v.City, got, err)
			continue
		}
		if !got[0].Start.Equal(v.Start) || !got[0].End.Equal(v.End) {
			t.Errorf("%s %s: %s to %s, want %s to %s", v.ID, v.City, got[0].Start, got[0].End, v.Start.UTC(), v.End.UTC())
		}
	}
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestInstants(t *testing.T) {
	var all []struct {
		vector
		At      time.Time
		Resting bool
		Why     string
	}
	load(t, "instants.json", &all)
	for _, v := range all {
		got, err := v.calendar(t).Rests(v.At, v.At.Add(time.Microsecond))
		if err != nil {
			t.Fatal(err)
		}
		if _, resting := almanac.At(got, v.At); resting != v.Resting {
			t.Errorf("%s at %s: resting %t, want %t: %s", v.City, v.At, resting, v.Resting, v.Why)
		}
	}
}

func TestEdges(t *testing.T) {
	start := time.Date(2024, 3, 22, 22, 52, 0, 0, time.UTC)
	w := []almanac.Window{{Start: start, End: start.Add(25 * time.Hour)}, {Start: start.Add(7 * 24 * time.Hour), End: start.Add(8 * 24 * time.Hour)}}
	us := time.Microsecond
	for _, c := range []struct {
		at        time.Time
		rests, ok bool
		next      int
	}{
		{start.Add(-us), false, true, 0}, {start, true, true, 0}, {start.Add(us), true, true, 0},
		{w[0].End.Add(-us), true, true, 0}, {w[0].End, false, true, 1}, {w[0].End.Add(us), false, true, 1},
		{w[1].End.Add(-us), true, true, 1}, {w[1].End, false, false, 0},
	} {
		_, rests := almanac.At(w, c.at)
		next, ok := almanac.Next(w, c.at)
		if rests != c.rests || ok != c.ok || ok && next != w[c.next] {
			t.Errorf("%s: rests %t, next %v %t", c.at, rests, next, ok)
		}
	}
}

func TestSkippedDatesRestOverTheSolarDayAfterTheirEve(t *testing.T) {
	for _, c := range []struct {
		zone     string
		lat, lon float64
		inside   string // an instant that rests
	}{
		{"Pacific/Apia", -13.83, -171.77, "2011-12-31T00:00:00Z"},     // Friday 30 December never was
		{"Pacific/Kiritimati", 1.87, -157.43, "1994-12-31T20:00:00Z"}, // Saturday 31 December never was
		{"Pacific/Kwajalein", 8.72, 167.73, "1993-08-21T00:00:00Z"},   // Saturday 21 August never was
	} {
		cal, err := almanac.Shabbat(almanac.Place{Lat: c.lat, Lon: c.lon, Zone: zoneOf(t, c.zone)}, almanac.ShabbatRule{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}})
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse(time.RFC3339, c.inside)
		got, err := cal.Rests(at.Add(-36*time.Hour), at.Add(36*time.Hour))
		if err != nil || len(got) == 0 {
			t.Fatalf("%s: %v %v", c.zone, got, err)
		}
		for _, w := range got {
			if d := w.End.Sub(w.Start); d < 24*time.Hour || d > 50*time.Hour {
				t.Errorf("%s: a window of %s: %v", c.zone, d, w)
			}
		}
	}
}

// TestEverywhere holds what must be true of any place and year.
func TestEverywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 22))
	zones := []string{"UTC", "Asia/Jerusalem", "America/New_York", "Europe/Oslo", "Pacific/Auckland", "Pacific/Chatham", "Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe"}
	for range 1500 {
		zone := zoneOf(t, zones[r.IntN(len(zones))])
		p := almanac.Place{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180, Zone: zone}
		c, err := almanac.Shabbat(p, almanac.ShabbatRule{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}})
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(1900+r.IntN(338), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		mid, to := from.AddDate(0, 0, 45), from.AddDate(0, 0, 90)
		whole := rests(t, c, from, to)
		for i, w := range whole {
			if w.End.Sub(w.Start) < 24*time.Hour || i > 0 && !w.Start.After(whole[i-1].End) {
				t.Fatalf("%+v: %v", p, whole)
			}
		}
		if halves := almanac.Merge(append(rests(t, c, from, mid), rests(t, c, mid, to)...)); len(halves) != len(whole) {
			t.Fatalf("%+v: %d windows whole, %d in halves", p, len(whole), len(halves))
		}
	}
}

func rests(t *testing.T, c almanac.Calendar, from, to time.Time) []almanac.Window {
	t.Helper()
	w, err := c.Rests(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFallbacksAreNamed(t *testing.T) {
	oslo := zoneOf(t, "Europe/Oslo")
	tromso := almanac.Place{Lat: 69.6489, Lon: 18.9551, Zone: oslo}
	for _, c := range []struct {
		day  string
		want string
	}{
		{"2024-06-22", "sun never sets: 6 hours after solar noon; no nightfall: solar midnight"},
		{"2024-12-21", "sun never rises: solar noon"},
		{"2024-03-23", ""},
	} {
		cal, err := almanac.Shabbat(tromso, almanac.ShabbatRule{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}})
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse("2006-01-02 15:04", c.day+" 10:00")
		got := rests(t, cal, at, at.Add(time.Minute))
		if len(got) != 1 || got[0].Fallback != c.want {
			t.Errorf("%s: %+v, want %q", c.day, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	ok := almanac.ShabbatRule{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}}
	for _, c := range []struct {
		p almanac.Place
		r almanac.ShabbatRule
	}{
		{almanac.Place{}, ok},
		{almanac.Place{Lat: math.NaN(), Zone: time.UTC}, ok},
		{almanac.Place{Lat: 91, Zone: time.UTC}, ok},
		{almanac.Place{Lon: -181, Zone: time.UTC}, ok},
		{almanac.Place{Zone: time.UTC}, almanac.ShabbatRule{Lighting: -time.Minute, Nightfall: ok.Nightfall}},
		{almanac.Place{Zone: time.UTC}, almanac.ShabbatRule{}},
		{almanac.Place{Zone: time.UTC}, almanac.ShabbatRule{Nightfall: almanac.Nightfall{Degrees: 8.5, Minutes: 42}}},
	} {
		if _, err := almanac.Shabbat(c.p, c.r); err == nil {
			t.Errorf("%+v %+v was not refused", c.p, c.r)
		}
	}
}

func BenchmarkYear(b *testing.B) {
	v := vector{TZ: "America/New_York", Lat: 40.7128, Lon: -74.006, Lighting: 18, Degrees: 8.5}
	c := v.calendar(b)
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		if _, err := c.Rests(from, from.AddDate(1, 0, 0)); err != nil {
			b.Fatal(err)
		}
	}
}
