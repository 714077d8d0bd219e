package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/zone"
)

// almanacNewYork is a whole question; a test adds what it changes, since the last flag wins.
const almanacNewYork = "--lat 40.7128 --lon -74.006 --zone America/New_York --from 2024-03-22 --to 2024-03-24 "

func almanacAnswers(t *testing.T, args string) string {
	t.Helper()
	var out strings.Builder
	if err := almanacCommand(strings.Fields(args), &out); err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	return out.String()
}

func TestAlmanacJSON(t *testing.T) {
	tail := `],"zonedata":"` + zone.Built().Version() + `","almanac":"2"}` + "\n"
	shabbat := func(start, end, rule, fallback string) string {
		return `{"start":"` + start + `","end":"` + end + `","name":"Shabbat","rule":"` + rule + `","fallback":"` + fallback + `"}`
	}
	for args, want := range map[string]string{
		almanacNewYork: shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		// half-open: Friday before its evening alone is touched, the whole window told
		almanacNewYork + "--to 2024-03-23":                   shabbat("2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "sunset-18m / 8.5°", ""),
		almanacNewYork + "--from 2024-03-24 --to 2024-03-25": "",
		almanacNewYork + "--israel":                          shabbat("2024-03-22T22:50:00Z", "2024-03-23T23:53:00Z", "sunset-20m / 8.5°", ""),
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

func TestAlmanacTable(t *testing.T) {
	for args, want := range map[string]string{
		almanacNewYork: "" +
			"begins                                  ends                                    what      rule\n" +
			"Fri 22 Mar 2024 18:52 EDT (UTC-04:00)   Sat 23 Mar 2024 19:53 EDT (UTC-04:00)   Shabbat   sunset-18m / 8.5°\n" +
			"\nTimes in America/New_York. Zone data " + zone.Built().Version() + ", almanac 2.\n",
		almanacNewYork + "--from 2024-03-24 --to 2024-03-25": "No rest touches these dates.\n" +
			"\nTimes in America/New_York. Zone data " + zone.Built().Version() + ", almanac 2.\n",
	} {
		if got := almanacAnswers(t, args); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", args, got, want)
		}
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

func TestAlmanacHelp(t *testing.T) {
	help := almanacAnswers(t, "--help")
	for _, f := range []string{"lat", "lon", "zone", "from", "to", "israel", "lighting", "nightfall", "json", "zonedata"} {
		if !strings.Contains(help, "--"+f) {
			t.Errorf("nothing on --%s", f)
		}
	}
}

func TestAlmanacRefuses(t *testing.T) {
	for _, c := range []struct{ args, names string }{
		{"", "--lat"},
		{"--lat 1", "--lon"},
		{"--lat 1 --lon 1", "--zone"},
		{"--lat 1 --lon 1 --zone UTC", "--from"},
		{"--lat 1 --lon 1 --zone UTC --from 2024-03-22", "--to"},
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
	} {
		var out strings.Builder
		err := almanacCommand(strings.Fields(c.args), &out)
		if err == nil {
			t.Errorf("%s: was not refused", c.args)
		} else if s := err.Error(); !strings.Contains(s, c.names) || strings.Contains(s, "\n") || len(s) > 200 {
			t.Errorf("%s: %q is not one sentence that names %s", c.args, s, c.names)
		}
		if out.Len() > 0 {
			t.Errorf("%s: refused, and yet answered %q", c.args, out.String())
		}
	}
}

// TestAlmanacLongest asks for the longest span that is allowed.
func TestAlmanacLongest(t *testing.T) {
	got := almanacAnswers(t, almanacNewYork+"--from 1900-01-01 --to 2300-01-01 --json")
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

func TestAlmanacMidnight(t *testing.T) {
	for _, c := range []struct{ date, zone, want string }{
		{"2024-03-22", "America/New_York", "2024-03-22T04:00:00Z"},
		{"2024-03-22", "Pacific/Kiritimati", "2024-03-21T10:00:00Z"},
		{"2024-03-10", "America/New_York", "2024-03-10T05:00:00Z"}, // the clocks change two hours later
		{"2024-09-08", "America/Santiago", "2024-09-08T04:00:00Z"}, // begins at one o'clock
		{"2024-11-03", "America/Havana", "2024-11-03T04:00:00Z"},   // has two midnights
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"},     // never was
		{"2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z"},
	} {
		loc, err := zone.Built().Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, err := almanacDate("from", c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := almanacMidnight(date, loc).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins %s, want %s", c.date, c.zone, got, c.want)
		}
	}
}

// almanacFullDisk is a disk that takes nothing.
type almanacFullDisk struct{}

func (almanacFullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAlmanacTellsThatItCouldNotWrite(t *testing.T) {
	for _, args := range []string{almanacNewYork, almanacNewYork + "--json", almanacNewYork + "--to 2024-03-23 --from 2024-03-20", "--help"} {
		if err := almanacCommand(strings.Fields(args), almanacFullDisk{}); err == nil {
			t.Errorf("%s: no error", args)
		}
	}
}
