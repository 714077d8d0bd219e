package almanac

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// What lies just inside a bound, or just past where a search might stop looking.

// TestWindowsAreFoundFromWithin asks about the first and the last instant of windows that
// a wide question has found, anywhere and with zones that do not fit the place.
func TestWindowsAreFoundFromWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(5784, 5))
	for range 3000 {
		p, from := anyPlace(t, r), anyInstant(r)
		cal := keepShabbat(t, p, Custom{Lighting: maxLighting, Nightfall: anyNightfall(r)})
		for _, w := range rests(t, cal, from, from.AddDate(0, 0, 10)) {
			for _, at := range []time.Time{w.Start, w.End.Add(-1)} {
				if got := rests(t, cal, at, at); len(got) != 1 || got[0] != w {
					t.Fatalf("%+v at %s: %v, want %v", p, at, got, w)
				}
			}
		}
	}
}

// TestCulminationIsExact wants the sun in the meridian at noon, and opposite at midnight,
// to a hundredth of a second.
func TestCulminationIsExact(t *testing.T) {
	for n := -25000; n < 98000; n += 777 {
		s := skyOver(Place{Lon: float64(n % 180)})
		d := s.day(n)
		for at, hour := range map[float64]float64{d.noon: 0, d.midnight: 180} {
			if off := math.Remainder(sunAt(at).hour+s.lon-hour, 360) * 240; math.Abs(off) > 0.01 {
				t.Errorf("day %d: hour angle %.0f missed by %.3f s", n, hour, off)
			}
		}
	}
}

// TestNothingIsLowerThanTheLowest looks at every ten seconds within half an hour of
// midnight, about an equinox and up to where the lowest point leaves that half hour.
func TestNothingIsLowerThanTheLowest(t *testing.T) {
	farthest := 0.0
	for lat := 60.0; lat < 89.5; lat += 0.3 {
		for _, n := range []int{19803, 19988} { // March and September 2024
			d := skyOver(Place{Lat: lat}).day(n)
			low := d.lowest()
			bottom, _ := d.height(low)
			for off := -1800.0; off <= 1800; off += 10 {
				if at, _ := d.height(d.midnight + off); at < bottom {
					t.Errorf("latitude %.1f, day %d: lower %.0f s from midnight than %.0f s from it", lat, n, off, low-d.midnight)
				}
			}
			farthest = max(farthest, math.Abs(low-d.midnight))
		}
	}
	if farthest < 1000 {
		t.Errorf("the farthest was only %.0f s from midnight", farthest)
	}
}

// TestNightfallWithinADay wants what the fallback says, solar midnight, where the evening
// of the next day comes hours earlier than the last, and minutes after it are nightfall.
func TestNightfallWithinADay(t *testing.T) {
	found := 0
	for lat := 66.0; lat < 90; lat += 0.1 {
		e := keepShabbat(t, Place{Lat: lat, Zone: time.UTC}, Custom{Nightfall: Nightfall{Minutes: minMinutes}}).(*evenings)
		for d := civil(t, "2024-01-06"); d < civil(t, "2025-01-01"); d += 7 {
			w := e.window(d, d)
			if w.Fallback != "nightfall within 24 hours: solar midnight" {
				continue
			}
			found++
			_, end := e.sky.daysOf(d, d, time.UTC)
			if want := minute(math.Ceil(e.sky.day(end).midnight / 60)); !w.End.Equal(want) {
				t.Errorf("latitude %.1f: ends %s, want %s", lat, w.End, want)
			}
		}
	}
	if found == 0 {
		t.Error("there was no such day")
	}
}

// TestSunsetAfterMidnightStillRestsADay takes the Friday on which the sun first sets again,
// after its midnight: the next midnight is less than a day away.
func TestSunsetAfterMidnightStillRestsADay(t *testing.T) {
	friday := civil(t, "2024-08-02")
	low, high := 66.0, 80.0 // the latitude where the midnight sun stands on the line lies between
	for range 60 {
		mid := (low + high) / 2
		d := skyOver(Place{Lat: mid}).day(int(friday))
		if at, _ := d.height(d.midnight); at < sunsetSine {
			low = mid
		} else {
			high = mid
		}
	}
	e := keepShabbat(t, Place{Lat: high + 2e-5, Zone: time.UTC}, Custom{Nightfall: usual.Nightfall}).(*evenings)
	w := e.window(friday+1, friday+1)
	if midnight := e.sky.day(int(friday)).midnight; float64(w.Start.Unix()) < midnight-60 {
		t.Fatalf("the sun set before its midnight: %v", w)
	}
	if w.End.Sub(w.Start) < 24*time.Hour {
		t.Errorf("under a day: %v", w)
	}
}

// TestHebrewDaysBeginNoLaterThanTheSunset asks on both sides of 1970, from which seconds
// are counted in two directions.
func TestHebrewDaysBeginNoLaterThanTheSunset(t *testing.T) {
	p := Place{Lat: 31.769, Lon: 35.2163, Zone: zoneOf(t, "Asia/Jerusalem")}
	days, err := HebrewDays(p, instant(t, "1969-12-01T00:00:00Z"), instant(t, "1970-02-01T00:00:00Z"))
	if err != nil || len(days) < 60 {
		t.Fatal(len(days), err)
	}
	s := skyOver(p)
	for _, d := range days {
		exact, _ := evening(s.day(s.nearest(float64(d.Sunset.Unix()) - 6*3600)))
		if late := float64(d.Sunset.Unix()) - exact; late > 0 || late <= -1.1 {
			t.Errorf("%s is %.3f s after the sunset", d.Sunset, late)
		}
	}
}

// TestBoundsAreAllowed takes each setting at both of its ends.
func TestBoundsAreAllowed(t *testing.T) {
	for _, r := range []Custom{
		{Lighting: maxLighting, Nightfall: Nightfall{Degrees: minDegrees}},
		{Margin: maxMargin, Nightfall: Nightfall{Degrees: maxDegrees}},
		{Nightfall: Nightfall{Minutes: minMinutes}},
		{Nightfall: Nightfall{Minutes: maxMinutes}},
	} {
		keepShabbat(t, Place{Lat: 90, Lon: -180, Zone: time.UTC}, r)
	}
}

// TestNothingFollowsShabbat refuses what an observance would not read.
func TestNothingFollowsShabbat(t *testing.T) {
	_, err := Keep(Desk{Place: Place{Zone: time.UTC}, Custom: usual}, "shabbat 18m")
	sentence(t, "an argument of shabbat", err)
}

// nightsBefore never opened until its end: each window touches the one before.
type nightsBefore time.Time

func (end nightsBefore) Rests(from, to time.Time) (all []Window, err error) {
	windows, err := nights{}.Rests(from, to)
	for _, w := range windows {
		if !w.End.After(time.Time(end)) {
			all = append(all, w)
		}
	}
	return all, err
}

func TestUnionRefusesARestThatNeverBegan(t *testing.T) {
	if got, err := Union(nightsBefore(hour(48))).Rests(hour(47), hour(47)); err == nil {
		t.Error(got)
	}
}
