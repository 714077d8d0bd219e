package almanac

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dateline/internal/zone"
)

// checkWindows fails unless windows are sound and at least a day long.
func checkWindows(t testing.TB, windows []Window, from, to time.Time) {
	t.Helper()
	checkSound(t, windows, from, to)
	for _, w := range windows {
		if w.End.Sub(w.Start) < 24*time.Hour {
			t.Fatalf("under a day: %v", w)
		}
	}
}

// checkSound fails unless windows are whole minutes of UTC, sorted, disjoint, named, and
// all overlap the span.
func checkSound(t testing.TB, windows []Window, from, to time.Time) {
	t.Helper()
	for i, w := range windows {
		switch {
		case w.Start.Location() != time.UTC || w.End.Location() != time.UTC:
			t.Fatalf("not in UTC: %v", w)
		case !w.Start.Truncate(time.Minute).Equal(w.Start) || !w.End.Truncate(time.Minute).Equal(w.End):
			t.Fatalf("not whole minutes: %v", w)
		case w.Name == "" || w.Rule == "":
			t.Fatalf("without a name or a rule: %v", w)
		case !w.Start.Before(w.End):
			t.Fatalf("without length: %v", w)
		case i > 0 && !w.Start.After(windows[i-1].End):
			t.Fatalf("touches or overlaps the one before: %v, %v", windows[i-1], w)
		case !w.Start.Before(to) || !w.End.After(from):
			t.Fatalf("outside %s to %s: %v", from, to, w)
		}
	}
}

// cities are the places of the tables: real ones, with the zones that they use.
func cities(t testing.TB) []city {
	all := load[vector](t, "vectors.json")
	var found []city
	for _, v := range all {
		if !slices.ContainsFunc(found, func(c city) bool { return c.City == v.City }) {
			found = append(found, v.city)
		}
	}
	for _, v := range load[polarDay](t, "polar.json") {
		if !slices.ContainsFunc(found, func(c city) bool { return c.City == v.City }) {
			v.Lighting, v.Degrees = 18, 8.5
			found = append(found, v.city)
		}
	}
	return found
}

// TestEverySaturdayNoon wants each local Saturday noon, and that of each festival, inside
// exactly one window, and no other noon in any but on their eves, in every city and, by
// turns, in every year.
func TestEverySaturdayNoon(t *testing.T) {
	for i, c := range cities(t) {
		loc, cal := zoneOf(t, c.Zone), keep(t, c.place(t), c.rule(), "shabbat", "yomtov")
		kept := cal.(*evenings).rests
		for year := 1900 + i%5; year < 2240; year += 5 {
			from := time.Date(year, 1, 1, 0, 0, 0, 0, loc)
			to := from.AddDate(1, 0, 0)
			windows := rests(t, cal, from, to)
			checkWindows(t, windows, from, to)
			for d := dateOf(from, loc) + 1; d < dateOf(to, loc); d++ {
				noon, ok := d.noon(loc)
				_, holds := At(windows, noon)
				if eve := !kept(d) && kept(d+1); ok && !eve && holds != kept(d) && !besideSkipped(d, loc) {
					t.Errorf("%s: %s is inside a window: %t, want %t", c.City, noon, holds, kept(d))
				}
				if d.weekday() == time.Saturday && !kept(d) {
					t.Errorf("%s: %s is not kept", c.City, noon)
				}
			}
		}
	}
}

// besideSkipped reports whether the zone left out the date before d.
func besideSkipped(d date, loc *time.Location) bool {
	_, ok := (d - 1).noon(loc)
	return !ok
}

// TestSpansAddUp wants Rests(a, c) to be Rests(a, b) and Rests(b, c) together.
func TestSpansAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 1))
	all := cities(t)
	for range 3000 {
		c := all[r.IntN(len(all))]
		cal := keep(t, c.place(t), c.rule(), anyLines(r)...)
		a := anyInstant(r)
		b := a.Add(time.Duration(r.Int64N(int64(20 * 24 * time.Hour))))
		end := b.Add(time.Duration(r.Int64N(int64(20 * 24 * time.Hour))))
		whole := rests(t, cal, a, end)
		parts := rests(t, cal, a, b)
		for _, w := range rests(t, cal, b, end) {
			if !slices.Contains(parts, w) {
				parts = append(parts, w)
			}
		}
		if !slices.Equal(whole, parts) {
			t.Fatalf("%s from %s by %s to %s:\nwhole %v\nparts %v", c.City, a, b, end, whole, parts)
		}
	}
}

// TestLightingMovesOnlyTheStart wants it moved by exactly the difference.
func TestLightingMovesOnlyTheStart(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 2))
	for range 5000 {
		p, from, rule, lines := anyPlace(t, r), anyInstant(r), anyCustom(t, r), anyLines(r)
		rule.Lighting = 0
		late := rests(t, keep(t, p, rule, lines...), from, from.AddDate(0, 0, 3))
		for _, w := range late {
			rule.Lighting = time.Duration(1+r.IntN(120)) * time.Minute
			early := rests(t, keep(t, p, rule, lines...), w.End.Add(-1), w.End)
			want := w
			want.Start, want.Rule = w.Start.Add(-rule.Lighting), rule.String()
			if len(early) != 1 || early[0] != want {
				t.Fatalf("%+v, %s, %v:\ngot  %v\nwant %v", p, rule, lines, early, want)
			}
		}
	}
}

// TestMarginMovesBothEnds wants them moved outward by exactly the margin.
func TestMarginMovesBothEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 5))
	for range 2000 {
		p, from, rule, lines := anyPlace(t, r), anyInstant(r), anyCustom(t, r), anyLines(r)
		rule.Margin = 0
		for _, w := range rests(t, keep(t, p, rule, lines...), from, from.AddDate(0, 0, 3)) {
			rule.Margin = time.Duration(1+r.IntN(120)) * time.Minute
			want := w
			want.Start, want.End, want.Rule = w.Start.Add(-rule.Margin), w.End.Add(rule.Margin), rule.String()
			if got := rests(t, keep(t, p, rule, lines...), w.Start, w.Start); len(got) != 1 || got[0] != want {
				t.Fatalf("%+v, %s, %v:\ngot  %v\nwant %v", p, rule, lines, got, want)
			}
		}
	}
}

// TestAnywhere asks for places that no one lives in, with zones that are not theirs.
func TestAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 3))
	for range 10000 {
		p, from, lines := anyPlace(t, r), anyInstant(r), anyLines(r)
		to := from.AddDate(0, 0, r.IntN(60))
		windows := rests(t, keep(t, p, anyCustom(t, r), lines...), from, to)
		checkWindows(t, windows, from, to.Add(1))
		if want := int(to.Sub(from)/(7*24*time.Hour)) - 1; len(windows) < want && len(lines) < 3 {
			t.Fatalf("%+v from %s to %s: %d windows", p, from, to, len(windows))
		}
	}
}

// examples has lines of the observances that are more than their name.
var examples = map[string][]string{
	"weekly":          {"weekly Fri 14:00 - Sun 08:00", "weekly Sat", "weekly Sun 03:00 - Sun 02:30"},
	"nights":          {"nights 23:00 - 06:00", "nights 00:30 - 02:30 Sun-Thu", "nights 02:30 - 02:00"},
	"sunday":          {"sunday", "sunday from-eve"},
	"easter-western":  {"easter-western", "easter-western ash-wednesday ascension corpus-christi"},
	"easter-orthodox": {"easter-orthodox", "easter-orthodox clean-monday pentecost whit-monday"},
	"yearly":          {"yearly 12-25 Christmas", "yearly 02-29 Leap day"},
	"eid":             {"eid", "eid fitr=3 adha=4 -1 fitr-1445=+1 nightfall", "eid civil +1"},
	"friday-prayer":   {"friday-prayer 12:45 90m", "friday-prayer noon+3h 6h", "friday-prayer 23:00 6h"},
	"closure":         {"closure 2024-04-01 08:00 - 2024-04-02 08:00 Staff day", "closure 2011-12-30 - 2012-05-01"},
}

// TestObservancesAnywhere holds what is registered to what every observance promises: sound
// windows, a day long where they run from evening to nightfall, Rests(a, c) the same as
// Rests(a, b) and Rests(b, c) together, and every window found whole from its ends.
func TestObservancesAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 4))
	for _, o := range observances {
		if o.Name == "ics" {
			continue // a file has no example that says something in any year
		}
		lines := examples[o.Name]
		if lines == nil {
			lines = []string{o.Name}
		}
		for i := range 300 {
			cal, err := Keep(Desk{Place: anyPlace(t, r), Custom: usual}, lines[i%len(lines)])
			if err != nil {
				t.Fatal(o.Name, err)
			}
			from := anyInstant(r)
			if o.Name == "eid" { // answers within its table only
				from = instant(t, "1990-08-01T00:00:00Z").Add(time.Duration(r.Int64N(int64(86 * 365 * 24 * time.Hour))))
			}
			mid, to := from.Add(time.Duration(r.Int64N(int64(400*24*time.Hour)))), from.AddDate(0, 0, 400)
			whole := rests(t, cal, from, to)
			checkSound(t, whole, from, to)
			if o.timed == nil {
				checkWindows(t, whole, from, to)
			}
			for _, w := range whole[:min(len(whole), 12)] {
				start, end := rests(t, cal, w.Start, w.Start), rests(t, cal, w.End.Add(-1), w.End)
				if !slices.Equal(start, []Window{w}) || !slices.Equal(end, start) {
					t.Fatalf("%s: %v from its start, %v from its end, want %v", o.Name, start, end, w)
				}
			}
			parts := rests(t, cal, from, mid)
			for _, w := range rests(t, cal, mid, to) {
				if !slices.Contains(parts, w) {
					parts = append(parts, w)
				}
			}
			if !slices.Equal(whole, parts) {
				t.Fatalf("%s from %s by %s to %s:\nwhole %v\nparts %v", o.Name, from, mid, to, whole, parts)
			}
		}
	}
}

func anyPlace(t testing.TB, r *rand.Rand) Place {
	names := zone.Built().Names()
	p := Place{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180, Zone: zoneOf(t, names[r.IntN(len(names))])}
	if r.IntN(20) == 0 { // the poles, the equator and the edges of the map
		p.Lat, p.Lon = []float64{-90, 0, 90}[r.IntN(3)], []float64{-180, 0, 180}[r.IntN(3)]
	}
	return p
}

// anyLines are Shabbat and some of the days that may be kept with it.
func anyLines(r *rand.Rand) []string {
	all := []string{"shabbat", "yomtov", "hol-hamoed", "tisha-bav", "extra-day", "extra-day-before"}
	return all[:1+r.IntN(len(all))]
}

func anyCustom(t testing.TB, r *rand.Rand) Custom {
	c := Custom{Lighting: time.Duration(r.IntN(121)) * time.Minute, Nightfall: anyNightfall(r), Margin: time.Duration(r.IntN(121)) * time.Minute}
	switch r.IntN(3) {
	case 0:
		c.Sunless.Sunset = noonHour + time.Duration(r.IntN(15*60))*time.Minute
		c.Sunless.Nightfall = c.Sunless.Sunset + time.Duration(r.Int64N(int64((nightHour-c.Sunless.Sunset)/time.Minute)+1))*time.Minute
	case 1:
		c.Sunless.Like = Reference{"Elsewhere", anyPlace(t, r)}
	}
	return c
}

func anyInstant(r *rand.Rand) time.Time {
	first, last := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2239, 1, 1, 0, 0, 0, 0, time.UTC)
	return time.Unix(first.Unix()+r.Int64N(last.Unix()-first.Unix()), r.Int64N(1e9)).UTC()
}

func anyNightfall(r *rand.Rand) Nightfall {
	if r.IntN(2) == 0 {
		return Nightfall{Minutes: minMinutes + r.IntN(maxMinutes-minMinutes+1)}
	}
	return Nightfall{Degrees: minDegrees + r.Float64()*(maxDegrees-minDegrees)}
}

// FuzzRests wants an answer that keeps the promises, or a refusal, and never a panic.
func FuzzRests(f *testing.F) {
	f.Add(40.7128, -74.006, "America/New_York", int64(1711065600), int64(172800), int64(18), 8.5, 0)
	f.Add(-90.0, 180.0, "Pacific/Apia", int64(1325203200), int64(864000), int64(0), 0.0, 72)
	f.Add(math.NaN(), math.Inf(1), "UTC", int64(-1<<40), int64(1<<50), int64(-1), math.NaN(), -1)
	f.Fuzz(func(t *testing.T, lat, lon float64, name string, unix, seconds, lighting int64, degrees float64, minutes int) {
		loc, err := zone.Built().Load(name)
		if err != nil || seconds > 400*86400 {
			return
		}
		cal, err := Keep(Desk{Place: Place{Lat: lat, Lon: lon, Zone: loc}, Custom: Custom{Lighting: time.Duration(lighting) * time.Minute, Nightfall: Nightfall{degrees, minutes}}}, "shabbat")
		if err != nil {
			return
		}
		from, to := time.Unix(unix, 0), time.Unix(unix+seconds, 0)
		windows, err := cal.Rests(from, to)
		if err != nil {
			return
		}
		if from.Equal(to) {
			to = to.Add(1)
		}
		checkWindows(t, windows, from, to)
		if len(windows) == 0 && seconds > 8*86400 {
			t.Fatal("over a week without a Shabbat")
		}
	})
}
