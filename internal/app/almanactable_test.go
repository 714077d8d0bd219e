package app

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares an answer with a file, or writes it with -update. What is computed with
// changes more often than the answers, so the file does not name it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.NewReplacer(zone.Built().Version(), "ZONEDATA", "almanac "+almanac.Version+".", "almanac VERSION.", "Almanac "+almanac.Version+"//", "Almanac VERSION//").Replace(got)
	file := filepath.Join("testdata", "almanac", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("other than %s, -update rewrites it (-want +got):\n%s", file, diff)
	}
}

func TestAlmanacTable(t *testing.T) {
	for name, args := range map[string]string{
		"table-newyork.txt": almanacNewYork + "--keep shabbat",
		"table-nothing.txt": almanacNewYork + "--keep shabbat --from 2024-03-24 --to 2024-03-25",
		"table-zones.txt":   almanacNewYork + "--keep shabbat --in Asia/Jerusalem --in Asia/Kathmandu --in UTC",
		"table-given.txt":   almanacNewYork + "--keep shabbat --israel --lighting 40m --nightfall 72m",
		"table-tromso.txt":  "--lat 69.6492 --lon 18.9553 --zone Europe/Oslo --keep shabbat --from 2024-06-14 --to 2024-07-12",
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, almanacAnswers(t, args)) })
	}
	city := func(more ...string) []string {
		return append([]string{"--city", "Jerusalem", "--from", "2024-04-19", "--to", "2024-05-01"}, more...)
	}
	for name, args := range map[string][]string{
		"table-jerusalem.txt": city(),
		"table-abroad.txt":    city("--israel=false", "--lighting", "20m", "--zone", "UTC"), // each over the city's
		"table-own.txt":       city("--keep", "shabbat", "--keep", "ics testdata/almanac/staffday.ics", "--from", "2024-03-22", "--to", "2024-03-29", "--margin", "5m"),
		"table-sunless.txt":   {"--city", "Tromsø", "--keep", "shabbat", "--sunless", "city Oslo", "--from", "2024-06-22", "--to", "2024-06-23"},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, almanacAnswersTo(t, args...)) })
	}
	for args, part := range map[string]string{
		"--lat 69.65 --lon 18.96 --zone Europe/Oslo --from 2024-06-22 --to 2024-06-23":     "(sun never sets: 6 hours after solar noon; no nightfall: solar midnight)",
		"--lat -13.83 --lon -171.77 --zone Pacific/Apia --from 2011-12-31 --to 2012-01-01": "Thu 29 Dec 2011 19:39 (UTC-10:00)   Sat 31 Dec 2011 20:33 (UTC+14:00)",
		"--lat 51.5 --lon 0 --zone UTC --from 2024-06-22 --to 2024-06-23":                  "2024 20:03 (UTC+00:00)",
		"--lat 27.7 --lon 85.32 --zone Asia/Kathmandu --from 2024-03-22 --to 2024-03-23":   "17:58 (UTC+05:45)",
	} {
		if got := almanacAnswers(t, args); !strings.Contains(got, part) {
			t.Errorf("%s: no %q in\n%s", args, part, got)
		}
	}
}
