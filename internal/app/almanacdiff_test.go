package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/almanac"
)

// release writes a zip of zone data in which some zones have the rules of others.
func release(t *testing.T, version string, zones map[string]string) string {
	t.Helper()
	from, err := zip.OpenReader(filepath.Join("..", "zone", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	put := func(name string, r io.Reader) {
		w, err := to.Create(name)
		if err == nil {
			_, err = io.Copy(w, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("VERSION", strings.NewReader(version+"\n"))
	for name, rules := range zones {
		f, err := from.Open(rules)
		if err != nil {
			t.Fatal(err)
		}
		put(name, f)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), version+".zip")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// crossing are two releases between which Fakaofo goes to the other side of the date
// line, and Nuku'alofa stays where it is.
func crossing(t *testing.T) (before, after string) {
	return release(t, "2031a", map[string]string{"Pacific/Fakaofo": "Pacific/Pago_Pago", "Pacific/Tongatapu": "Pacific/Tongatapu"}),
		release(t, "2031b", map[string]string{"Pacific/Fakaofo": "Pacific/Fakaofo", "Pacific/Tongatapu": "Pacific/Tongatapu"})
}

const almanacFakaofo = "--lat -9.38 --lon -171.25 --zone Pacific/Fakaofo --keep shabbat --from 2031-03-03 --to 2031-03-17"

// almanacMoved runs diff, which fails if it finds anything.
func almanacMoved(t *testing.T, wantMoved bool, args ...string) string {
	t.Helper()
	var out strings.Builder
	err := almanacCommandAt(append([]string{"diff"}, args...), &out, almanacNow)
	if errors.Is(err, errMoved) != wantMoved || err != nil && !wantMoved {
		t.Fatalf("%s: %v\n%s", args, err, out.String())
	}
	return out.String()
}

func TestAlmanacDiff(t *testing.T) {
	before, after := crossing(t)
	golden(t, "diff-fakaofo.txt", almanacMoved(t, true, append([]string{before, after}, strings.Fields(almanacFakaofo)...)...))

	same := almanacMoved(t, false, before, before, "--lat", "-9.38", "--lon", "-171.25", "--zone", "Pacific/Fakaofo")
	if !strings.HasPrefix(same, "No window moves between zone data 2031a and 2031a, at 1 desk, from 2024-03-22 to 2026-03-22;") {
		t.Error(same)
	}
}

func TestAlmanacDiffJSON(t *testing.T) {
	before, after := crossing(t)
	args := append(strings.Fields(almanacFakaofo), "--json", after, before) // the other way round, flags first
	var moves almanacMoves
	if err := json.Unmarshal([]byte(almanacMoved(t, true, args...)), &moves); err != nil {
		t.Fatal(err)
	}
	if len(moves.Moved) != 2 || moves.Old != "2031b" || moves.New != "2031a" || moves.Desks != 1 {
		t.Fatalf("%+v", moves)
	}
	for _, m := range moves.Moved {
		if hours := m.New.Start.Sub(m.Old.Start).Hours(); hours < 23.9 || hours > 24.1 {
			t.Errorf("%v moved by %v hours, want the day between the sides of the line", m, hours)
		}
	}
}

// TestAlmanacDiffAtTheEdge asks for a day that only the older release's window touches: it
// moved, and is not gone.
func TestAlmanacDiffAtTheEdge(t *testing.T) {
	before, after := crossing(t)
	args := append(strings.Fields(almanacFakaofo), "--from", "2031-03-09", "--to", "2031-03-10", "--json", before, after)
	var moves almanacMoves
	if err := json.Unmarshal([]byte(almanacMoved(t, true, args...)), &moves); err != nil {
		t.Fatal(err)
	}
	if len(moves.Moved) != 1 || moves.Moved[0].Old == nil || moves.Moved[0].New == nil {
		t.Errorf("%+v", moves.Moved)
	}
}

// TestMovedPairs has windows that moved, stayed, and are of one release alone; each is told
// by the day on which it begins.
func TestMovedPairs(t *testing.T) {
	windows := func(days ...int) (all []almanac.Window) {
		for _, d := range days {
			start := almanacNow.AddDate(0, 0, d)
			all = append(all, almanac.Window{Start: start, End: start.Add(time.Hour)})
		}
		return all
	}
	for _, c := range []struct {
		before, after []int
		want          string
	}{
		{[]int{1, 8, 15}, []int{1, 8, 15}, ""},
		{[]int{1, 8, 15}, []int{1, 9, 15}, "8>9 "},
		{[]int{1, 8, 15}, []int{1, 15}, "8>- "},
		{[]int{1, 15}, []int{1, 8, 15}, "->8 "},
		{[]int{1, 8}, []int{2, 22}, "1>2 8>- ->22 "},
		{nil, []int{1}, "->1 "},
		{[]int{1}, nil, "1>- "},
	} {
		got := ""
		day := func(w *almanac.Window) string {
			if w == nil {
				return "-"
			}
			return strconv.Itoa(int(w.Start.Sub(almanacNow) / (24 * time.Hour)))
		}
		for _, pair := range movedPairs(windows(c.before...), windows(c.after...)) {
			got += day(pair[0]) + ">" + day(pair[1]) + " "
		}
		if got != c.want {
			t.Errorf("%v and %v: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

// TestAlmanacDiffOfClocks has two releases between which Lebanon changes its clocks on the
// Friday before the Sunday on which it did: what is kept by the clock moves on that Friday
// alone, by an hour, and Shabbat not at all.
func TestAlmanacDiffOfClocks(t *testing.T) {
	before := release(t, "2031a", map[string]string{"Asia/Beirut": "Asia/Beirut"})
	after := release(t, "2031b", map[string]string{"Asia/Beirut": "Asia/Jerusalem"})
	beirut := []string{before, after, "--city", "Beirut", "--from", "2031-01-01", "--years", "1", "--keep"}
	if got := almanacMoved(t, false, append(beirut, "shabbat")...); !strings.Contains(got, "No window moves") {
		t.Error(got)
	}
	golden(t, "diff-beirut.txt", almanacMoved(t, true, append(beirut, "friday-prayer 12:45 90m")...))
}

// TestAlmanacDiffOfDesks compares the desks of a configuration.
func TestAlmanacDiffOfDesks(t *testing.T) {
	before, after := crossing(t)
	config := filepath.Join(t.TempDir(), "dateline.toml")
	if err := os.WriteFile(config, []byte(almanacHouse), 0o600); err != nil {
		t.Fatal(err)
	}
	got := almanacMoved(t, true, before, after, "--config", config, "--from", "2031-03-03", "--years", "1")
	if n := strings.Count(got, "fakaofo\n"); n != 55 || strings.Contains(got, "tonga\n") || !strings.Contains(got, "55 moved windows between zone data 2031a and 2031b, at 2 desks, from 2031-03-03 to 2032-03-03;") {
		t.Errorf("%d windows of Fakaofo moved, want those of a year, Shabbat and festivals, and none of Tonga: %s", n, got)
	}
	if got := almanacMoved(t, false, after, after, "--config", config); !strings.HasPrefix(got, "No window moves") {
		t.Error(got)
	}

	without := release(t, "2031c", map[string]string{"Pacific/Fakaofo": "Pacific/Fakaofo"})
	err := almanacCommandAt([]string{"diff", before, without, "--config", config}, io.Discard, almanacNow)
	if err == nil || !strings.Contains(err.Error(), "Pacific/Tongatapu") || !strings.Contains(err.Error(), "2031c") {
		t.Errorf("a zone that the new release lacks: %v", err)
	}
}

const almanacHouse = `
[house]
name = { en = "The Lagoon" }
address = "https://lagoon.example"
languages = ["en"]
city = { en = "Fakaofo" }
lat = -9.38
lon = -171.25
zone = "Pacific/Fakaofo"

[[desk]]
slug = "fakaofo"
name = { en = "Fakaofo" }
city = { en = "Fakaofo" }
lat = -9.38
lon = -171.25
zone = "Pacific/Fakaofo"

[[desk]]
slug = "tonga"
name = { en = "Tonga" }
city = { en = "Nuku'alofa" }
lat = -21.13
lon = -175.2
zone = "Pacific/Tongatapu"
`
