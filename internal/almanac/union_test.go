package almanac

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// fixed is a calendar of given windows.
type fixed []Window

func (f fixed) Rests(from, to time.Time) ([]Window, error) {
	return overlapping(slices.Clone(f), from, to), nil
}

// hours is a window of hours after 1970 began.
func hours(start, end int, name, rule, fallback string) Window {
	return Window{hour(start), hour(end), name, rule, fallback}
}

func hour(n int) time.Time { return time.Unix(int64(n)*3600, 0).UTC() }

func TestUnion(t *testing.T) {
	a := fixed{hours(0, 25, "A", "a", ""), hours(100, 125, "A", "a", "x"), hours(200, 225, "A", "a", "")}
	b := fixed{hours(25, 30, "B", "b", "y"), hours(90, 130, "B", "a", ""), hours(150, 160, "B", "b", "")}
	for _, c := range []struct {
		what     string
		all      []Calendar
		from, to int
		want     []Window
	}{
		{"touching", []Calendar{a, b}, 0, 30, []Window{hours(0, 30, "A + B", "a + b", "y")}},
		{"in any order", []Calendar{b, a}, 0, 30, []Window{hours(0, 30, "A + B", "a + b", "y")}},
		{"the neighbour beyond the span", []Calendar{a, b}, 3, 4, []Window{hours(0, 30, "A + B", "a + b", "y")}},
		{"the neighbour before the span", []Calendar{a, b}, 26, 27, []Window{hours(0, 30, "A + B", "a + b", "y")}},
		{"within another", []Calendar{a, b}, 95, 96, []Window{hours(90, 130, "B + A", "a", "x")}},
		{"one instant", []Calendar{a, b}, 150, 150, []Window{hours(150, 160, "B", "b", "")}},
		{"its end", []Calendar{a, b}, 160, 160, nil},
		{"apart", []Calendar{a, b}, 131, 300, []Window{hours(150, 160, "B", "b", ""), hours(200, 225, "A", "a", "")}},
		{"the same twice", []Calendar{a, a}, 190, 300, []Window{hours(200, 225, "A", "a", "")}},
		{"of none", nil, 0, 300, nil},
		{"names that come again", []Calendar{fixed{hours(0, 9, "A", "a", "x")}, fixed{hours(9, 12, "B", "b", "y")}, fixed{hours(12, 20, "A", "a", "x")}},
			0, 1, []Window{hours(0, 20, "A + B", "a + b", "x; y")}},
		{"of a union", []Calendar{Union(b), a}, 0, 30, []Window{hours(0, 30, "A + B", "a + b", "y")}},
	} {
		got := rests(t, Union(c.all...), hour(c.from), hour(c.to))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %v\nwant %v", c.what, got, c.want)
		}
	}
}

type broken struct{}

func (broken) Rests(_, _ time.Time) ([]Window, error) { return nil, errors.New("no ephemeris") }

// nights never open: each window touches the next.
type nights struct{}

func (nights) Rests(from, to time.Time) (all []Window, err error) {
	for n := int(from.Unix()/3600)/24*24 - 24; hour(n).Before(to); n += 24 {
		all = append(all, hours(n, n+24, "night", "always", ""))
	}
	return overlapping(all, from, to), nil
}

func TestUnionRefuses(t *testing.T) {
	for what, c := range map[string]Calendar{
		"a broken calendar":      Union(fixed{}, broken{}),
		"a missing calendar":     Union(fixed{}, nil),
		"a rest that never ends": Union(nights{}),
	} {
		if got, err := c.Rests(hour(0), hour(1)); err == nil {
			t.Errorf("%s: %v", what, got)
		}
	}
	if got, err := Union(fixed{}).Rests(hour(1), hour(0)); err == nil {
		t.Errorf("a span that ends before it begins: %v", got)
	}
}

// TestUnionAtTheBounds asks on the first and the last day of all years, by the clocks of both
// ends of the day, for rests that reach beyond them.
func TestUnionAtTheBounds(t *testing.T) {
	for _, name := range []string{"Asia/Tokyo", "Pacific/Kiritimati", "Europe/London", "America/New_York", "Pacific/Pago_Pago"} {
		zone := zoneOf(t, name)
		c, err := Keep(Desk{Place: Place{Lat: 20, Lon: 140, Zone: zone}, Custom: usual}, "nights 22:00 - 06:00", "shabbat")
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{firstYear, lastYear} {
			from, to := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
			all := rests(t, c, from, to)
			if first, last := all[0], all[len(all)-1]; first.Start.After(from) || last.End.Before(to) {
				t.Errorf("%s %d: the first is %v and the last %v", name, year, first, last)
			}
		}
	}
}

// TestUnionOfCities is a desk that rests when its own city or the house's does.
func TestUnionOfCities(t *testing.T) {
	jerusalem := keepShabbat(t, Place{31.769, 35.2163, zoneOf(t, "Asia/Jerusalem"), true}, Custom{Lighting: 40 * time.Minute, Nightfall: Nightfall{Degrees: 8.5}})
	newYork := keepShabbat(t, Place{40.7128, -74.006, zoneOf(t, "America/New_York"), false}, usual)
	at := instant(t, "2024-03-23T12:00:00Z")
	got := rests(t, Union(newYork, jerusalem), at, at)
	want := span(t, "2024-03-22T15:12:00Z", "2024-03-23T23:53:00Z")
	want.Name, want.Rule = "Shabbat", "sunset-40m / 8.5° + sunset-18m / 8.5°"
	if len(got) != 1 || got[0] != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestMergeLeavesItsArgumentAlone(t *testing.T) {
	windows := []Window{hours(10, 20, "B", "b", ""), hours(0, 10, "A", "a", "")}
	before := slices.Clone(windows)
	if got := Merge(windows); len(got) != 1 || got[0] != hours(0, 20, "A + B", "a + b", "") {
		t.Error(got)
	}
	if !slices.Equal(windows, before) {
		t.Error("the argument was changed")
	}
}
