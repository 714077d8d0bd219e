package almanac

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"dateline/internal/zone"
)

// usual is how most desks keep Shabbat.
var usual = Custom{Lighting: 18 * time.Minute, Nightfall: Nightfall{Degrees: 8.5}}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := zone.Built().Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func keepShabbat(t testing.TB, p Place, r Custom) Calendar {
	t.Helper()
	return keep(t, p, r, "shabbat")
}

func keep(t testing.TB, p Place, r Custom, lines ...string) Calendar {
	t.Helper()
	c, err := Keep(Desk{Place: p, Custom: r}, lines...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rests(t testing.TB, c Calendar, from, to time.Time) []Window {
	t.Helper()
	windows, err := c.Rests(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return windows
}

// instant reads RFC 3339.
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func span(t testing.TB, start, end string) Window {
	t.Helper()
	return Window{Start: instant(t, start), End: instant(t, end)}
}

func sameSpan(a, b Window) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }

// load reads a table of testdata.
func load[T any](t testing.TB, file string) []T {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no rows", file)
	}
	return rows
}
