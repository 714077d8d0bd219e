package app

import (
	"encoding/json"
	"strings"
	"testing"

	"dateline/internal/almanac"
	"dateline/internal/places"
)

func TestAlmanacPlaces(t *testing.T) {
	for args, want := range map[string]string{ // the first city of the answer
		"Jeru":                "281184 Jerusalem, IL 31.769 35.2163 Asia/Jerusalem 40m one day, as in Israel ירושלים",
		"--limit 1 Jeru":      "281184",
		"Jeru --limit 1":      "281184",
		"ירושל":               "281184",
		"Paris, Tex":          "4717560 Paris, Texas, US",
		"-33.87,151.21":       "2147714 Sydney, New South Wales, AU",
		"-33.87 151.21":       "2147714",
		"--limit 3 -22.9,-43": "",
	} {
		got := almanacAnswers(t, "places "+args)
		lines := strings.Split(got, "\n")
		if first := strings.Join(strings.Fields(lines[1]), " "); !strings.HasPrefix(first, want) {
			t.Errorf("places %s: %q, want %q", args, first, want)
		}
		if !strings.HasSuffix(got, "\n\n"+places.Attribution+"\n") {
			t.Errorf("places %s does not say whose data it is:\n%s", args, got)
		}
		if strings.Contains(args, "--limit 1") && len(lines) != 5 {
			t.Errorf("places %s:\n%s", args, got)
		}
	}
	if got := almanacAnswers(t, "places Jeruslem"); !strings.Contains(got, "perhaps Jerusalem, IL is meant") {
		t.Errorf("places Jeruslem: %q", got)
	}
	if got := almanacAnswers(t, "places xyzzy"); !strings.Contains(got, `"xyzzy"`) {
		t.Error(got)
	}
}

// TestAlmanacPlacesJSON holds what a program is told to what --city then does.
func TestAlmanacPlacesJSON(t *testing.T) {
	var cities []almanacCity
	if err := json.Unmarshal([]byte(almanacAnswers(t, "places --json Haifa")), &cities); err != nil {
		t.Fatal(err)
	}
	c := cities[0]
	if c.Zone != "Asia/Jerusalem" || !c.Israel || c.Lighting != "30m" || c.Country != "IL" || c.Hebrew != "חיפה" {
		t.Errorf("%+v", c)
	}
	var answer almanacAnswer
	if err := json.Unmarshal([]byte(almanacAnswers(t, "--json --city "+c.ID)), &answer); err != nil {
		t.Fatal(err)
	}
	p := answer.Place
	if p.ID != c.ID || p.Lat != c.Lat || p.Lon != c.Lon || p.Zone != c.Zone || p.Israel != c.Israel || p.Lighting != c.Lighting {
		t.Errorf("%+v is asked of, and %+v answered", c, p)
	}
	if got := almanacAnswers(t, "places --json xyzzy"); got != "[]\n" {
		t.Error(got)
	}
}

func TestAlmanacObservances(t *testing.T) {
	got := almanacAnswers(t, "observances")
	for _, o := range almanac.Observances() {
		for _, part := range []string{o.Usage, o.About, o.Source} {
			if part == "" || !strings.Contains(got, part) {
				t.Errorf("nothing on %q of %s", part, o.Name)
			}
		}
	}
	if len(almanac.Observances()) < 2 || strings.Contains(got, "..\n") {
		t.Error(got)
	}
}
