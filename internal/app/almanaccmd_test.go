package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

// almanacNewYork is a whole question; a test adds what it changes, since the last flag wins.
const (
	almanacThere   = "--lat 40.7128 --lon -74.006 --zone America/New_York "
	almanacNewYork = almanacThere + "--from 2024-03-22 --to 2024-03-24 "
)

// almanacNow is what time it is when a question does not say.
var almanacNow = time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)

func almanacAnswers(t *testing.T, args string) string {
	t.Helper()
	return almanacAnswersTo(t, strings.Fields(args)...)
}

func almanacAnswersTo(t *testing.T, args ...string) string {
	t.Helper()
	var out strings.Builder
	if err := almanacCommandAt(args, &out, almanacNow); err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	return out.String()
}

func TestAlmanacJSON(t *testing.T) {
	tail := `],"zonedata":"` + zone.Built().Version() + `","almanac":"` + almanac.Version + `"}` + "\n"
	shabbat := func(start, end, rule, fallback string) string {
		return `{"start":"` + start + `","end":"` + end + `","name":"Shabbat","rule":"` + rule + `","fallback":"` + fallback + `"}`
	}
	for args, want := range map[string]string{
		almanacNewYork: shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		// half-open: Friday before its evening alone is touched, the whole window told
		almanacNewYork + "--to 2024-03-23":                   shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		almanacNewYork + "--from 2024-03-24 --to 2024-03-25": "",
		almanacNewYork + "--israel":                          shabbat("2024-03-22T22:50:00Z", "2024-03-23T23:53:00Z", "sunset-20m / 8.5°", ""),
		almanacNewYork + "--israel --israel=false":           shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		almanacNewYork + "--israel --lighting 18m":           shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		almanacNewYork + "--lighting=40m --nightfall=72m":    shabbat("2024-03-22T22:30:00Z", "2024-03-24T00:24:00Z", "sunset-40m / sunset+72m", ""),
		"--lat 60.1695 --lon 24.9354 --zone Europe/Helsinki --from 2024-06-22 --to 2024-06-23": shabbat(
			"2024-06-21T19:32:00Z", "2024-06-22T22:23:00Z", "sunset-18m / 8.5°", "no nightfall: solar midnight"),
	} {
		if got := almanacAnswers(t, args+" --json"); got != `{"windows":[`+want+tail {
			t.Errorf("%s:\ngot  %swant %s", args, got, want+tail)
		}
	}
}

// TestAlmanacHelp wants every flag that a command takes in its help, and no other.
func TestAlmanacHelp(t *testing.T) {
	for _, verb := range almanacVerbs {
		for _, ask := range []string{"--help", "-h"} {
			help := almanacAnswersTo(t, append(strings.Fields(verb.name), ask)...)
			for _, m := range regexp.MustCompile(`(?m)^  --([a-z]+)`).FindAllStringSubmatch(help, -1) {
				err := almanacCommandAt(append(strings.Fields(verb.name), "--"+m[1]+"=\x00"), io.Discard, almanacNow)
				if err == nil || strings.Contains(err.Error(), "not defined") {
					t.Errorf("%q tells of --%s, which it does not take: %v", verb.name, m[1], err)
				}
			}
			if !strings.HasPrefix(help, "dateline almanac") || strings.Contains(help, "\t") {
				t.Errorf("%q: %s", verb.name, help)
			}
		}
	}
	for _, flags := range []string{"city", "lat", "lon", "margin", "sunless", "zone", "from", "to", "at", "in", "keep", "israel", "lighting", "nightfall", "json", "ical", "zonedata"} {
		if !strings.Contains(almanacAnswersTo(t, "--help"), "--"+flags) {
			t.Errorf("nothing on --%s", flags)
		}
	}
	if almanacAnswersTo(t, "help") != almanacAnswersTo(t, "--help") {
		t.Error("help and --help differ")
	}
}

func TestAlmanacRefuses(t *testing.T) {
	for _, c := range []struct{ args, names string }{
		{"", "--lat"},
		{"--lat 1", "--lon"},
		{"--lat 1 --lon 1", "--zone"},
		{"--lat 1 --lon 1 --zone UTC --to 2024-03-22", "--to"},
		{almanacNewYork + "--lat north", "--lat"},
		{almanacNewYork + "--lat 90.01", "--lat"},
		{almanacNewYork + "--lat NaN", "--lat"},
		{almanacNewYork + "--lon -180.01", "--lon"},
		{almanacNewYork + "--lon Inf", "--lon"},
		{almanacNewYork + "--zone Local", "--zone"},
		{almanacNewYork + "--zone Mars/Phobos", "--zone"},
		{almanacNewYork + "--zone ../UTC", "--zone"},
		{almanacNewYork + "--from 22.3.2024", "--from"},
		{almanacNewYork + "--from 2024-02-30", "--from"},
		{almanacNewYork + "--to tomorrow", "--to"},
		{almanacNewYork + "--to 2024-03-22", "--to"},
		{almanacNewYork + "--to 2024-03-21", "--to"},
		{almanacNewYork + "--from 1900-01-01 --to 2300-01-02", "400 years"},
		{almanacNewYork + "--from 1500-01-01 --to 1500-01-08", "--from"},
		{almanacNewYork + "--from 9999-01-01 --to 9999-01-08", "--from"},
		{almanacNewYork + "--at 2024-03-23T00:00:00Z", "--from"},
		{almanacThere + "--at noon", "--at"},
		{almanacThere + "--at 2024-03-23", "--at"},
		{almanacThere + "--at 9999-01-01T00:00:00Z", "--at"},
		{almanacNewYork + "--in Mars/Phobos", "--in"},
		{almanacNewYork + "--in Local", "--in"},
		{almanacNewYork + "--keep carnival", "--keep"},
		{almanacNewYork + "--margin 3h", "--margin"},
		{almanacNewYork + "--sunless dark", "--sunless"},
		{almanacNewYork + "--city Jerusalem", "--lat"},
		{"--city Jerusalm", "--city"},
		{"--city Portland", "--city"},
		{"--city Jerusalem --zone Mars/Phobos", "--zone"},
		{"places", "name"},
		{"places --limit 0 Jeru", "--limit"},
		{"places --limit many Jeru", "limit"},
		{"places --frobnicate Jeru", "frobnicate"},
		{"places 91,0", "latitude"},
		{"places -91,0", "latitude"},
		{"places 0,181", "longitude"},
		{"places 1.2.3,0", "latitude"},
		{almanacNewYork + "--keep shabbat=no", "--keep"},
		{almanacNewYork + "--israel=perhaps", "--israel"},
		{almanacNewYork + "--lighting 18", "--lighting"},
		{almanacNewYork + "--lighting -18m", "--lighting"},
		{almanacNewYork + "--lighting 24h", "--lighting"},
		{almanacNewYork + "--nightfall 8.5", "--nightfall"},
		{almanacNewYork + "--nightfall 42m30s", "--nightfall"},
		{almanacNewYork + "--nightfall NaNdeg", "--nightfall"},
		{almanacNewYork + "--zonedata /nowhere/zones.zip", "--zonedata"},
		{almanacNewYork + "--zonedata almanaccmd.go", "--zonedata"},
		{almanacNewYork + "--json=perhaps", "json"},
		{almanacNewYork + "--candles 18m", "candles"},
		{almanacNewYork + "Jerusalem", "Jerusalem"},
		{"--lat", "lat"},
		{"frobnicate", "frobnicate"},
		{"explain " + almanacThere + "--date tomorrow", "--date"},
		{"explain " + almanacThere + "--date 1500-01-01", "--date"},
		{"explain " + almanacThere + "--at tomorrow", "--at"},
		{"explain " + almanacThere + "--at now --date 2024-03-22", "--date"},
		{"explain " + almanacNewYork, "from"},
		{"explain", "--lat"},
		{"observances all", "all"},
		{"diff", "OLD.zip"},
		{"diff ../zone/zoneinfo.zip", "OLD.zip"},
		{"diff a.zip b.zip c.zip", "OLD.zip"},
		{"diff nowhere.zip ../zone/zoneinfo.zip " + almanacThere, "nowhere.zip"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip", "--config"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --config almanaccmd.go", "almanaccmd.go"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --lat 1", "--lon"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --years -1 " + almanacThere, "--years"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --years 401 " + almanacThere, "--years"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --years 1 --to 2030-01-01 " + almanacThere, "--to"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --config dateline.toml " + almanacThere, "--config"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --keep shabbat", "--city"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --israel", "--city"},
		{almanacNewYork + "--in UTC --json", "--in"},
		{almanacNewYork + "--in UTC --ical", "--in"},
		{almanacNewYork + "--json --ical", "--ical"},
		{almanacThere + "--at now --ical", "--ical"},
		{almanacNewYork + "--ical --from 2024-03-24 --to 2024-03-25", "--ical"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --from 2024-13-01 " + almanacThere, "--from"},
		{"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip --to 2024-13-01 " + almanacThere, "--to"},
	} {
		var out strings.Builder
		err := almanacCommandAt(strings.Fields(c.args), &out, almanacNow)
		if err == nil {
			t.Errorf("%s: was not refused", c.args)
		} else if s := err.Error(); !strings.Contains(s, c.names) || strings.Contains(s, "\n") || len(s) > 300 {
			t.Errorf("%s: %q is not one sentence that names %s", c.args, s, c.names)
		}
		if out.Len() > 0 {
			t.Errorf("%s: refused, and yet answered %q", c.args, out.String())
		}
	}
}

// TestAlmanacLongest asks for the longest span that is allowed.
func TestAlmanacLongest(t *testing.T) {
	got := almanacAnswers(t, almanacNewYork+"--keep shabbat --from 1900-01-01 --to 2300-01-01 --json")
	if n := strings.Count(got, `"Shabbat"`); n != 20871 {
		t.Errorf("%d Sabbaths in 146,097 days that begin on a Monday, want 20,871", n)
	}
}

func TestAlmanacZoneData(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "zone", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "zones.zip")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := almanacAnswers(t, almanacNewYork+"--zonedata "+file), almanacAnswers(t, almanacNewYork); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// almanacFullDisk is a disk that takes nothing.
type almanacFullDisk struct{}

func (almanacFullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAlmanacTellsThatItCouldNotWrite(t *testing.T) {
	for _, args := range []string{almanacNewYork, almanacNewYork + "--json", almanacNewYork + "--to 2024-03-21 --from 2024-03-20", "--help",
		almanacNewYork + "--ical", "observances", "places Jeru", "places --json Jeru", "places xyzzy", almanacThere + "--at now", almanacThere + "--at now --json", "explain " + almanacThere, "explain --json " + almanacThere,
		"diff ../zone/zoneinfo.zip ../zone/zoneinfo.zip " + almanacThere, "diff --json ../zone/zoneinfo.zip ../zone/zoneinfo.zip " + almanacThere} {
		if err := almanacCommandAt(strings.Fields(args), almanacFullDisk{}, almanacNow); err == nil {
			t.Errorf("%s: no error", args)
		}
	}
}

// TestAlmanacNamesTheLineAtFault passes what has spaces in it.
func TestAlmanacNamesTheLineAtFault(t *testing.T) {
	for _, c := range []struct {
		flag, value string
		names       []string
	}{
		{"--keep", "ics testdata/almanac/nowhere.ics", []string{"--keep", "nowhere.ics"}},
		{"--keep", "ics table-newyork.txt", []string{"--keep", "table-newyork.txt"}},
		{"--keep", "shabbat in Lent", []string{"--keep", "shabbat", "in Lent"}},
		{"--sunless", "city Portland", []string{"--sunless", "Portland, Oregon"}},
		{"--sunless", "city Oslo 59.9 10.7 Europe/Nowhere", []string{"--sunless", "Europe/Nowhere"}},
		{"--sunless", "hours 18:00 25:00", []string{"--sunless", "25:00"}},
	} {
		err := almanacCommandAt(append(strings.Fields(almanacNewYork), c.flag, c.value), io.Discard, almanacNow)
		for _, name := range c.names {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %q: %v does not name %s", c.flag, c.value, err, name)
			}
		}
	}
}
