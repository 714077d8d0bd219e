package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/newsroom"
	"dateline/internal/zone"
)

const houseText = `
[house]
name = {en = "The Courier"}
address = "https://courier.example"
languages = ["en"]
place = "Jerusalem"
lighting = "35m"
hebrew_date = true
`

func loaded(t *testing.T, text string) (newsroom.Setup, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dateline.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadConfig(file)
	if err != nil {
		return newsroom.Setup{}, err
	}
	return c.setup()
}

func TestAPlaceByItsName(t *testing.T) {
	s, err := loaded(t, houseText+`
[[desk]]
slug = "haifa"
name = {en = "Haifa"}
place = "Haifa"
[[desk]]
slug = "london"
name = {en = "London"}
city_id = "2643743"
israel = true
keeps = ["shabbat", "closure 2024-04-01 Office move"]
margin = "5m"
sunless = "hours 18:00 20:30"
whose = "both"
[[desk]]
slug = "station"
name = {en = "The station"}
city = {en = "Halley"}
lat = -75.58
lon = -26.54
zone = "UTC"
`)
	if err != nil {
		t.Fatal(err)
	}
	if at := s.House.Seat; at.City["he"] != "ירושלים" || at.Zone != "Asia/Jerusalem" || !at.Israel || s.Seat.Lighting != "35m" || !s.House.HebrewDate {
		t.Errorf("the seat is %+v, %+v", at, s.Seat)
	}
	haifa, london := s.Desks[0], s.Desks[1]
	if haifa.City != "294801" || haifa.Lighting != "" || newsroom.Customary(haifa.City, haifa.Place).Minutes() != 30 {
		t.Errorf("Haifa is %+v", haifa)
	}
	if london.Place.Zone != "Europe/London" || !london.Place.Israel || london.Whose != "both" || london.Margin != "5m" || london.Sunless == "" || len(london.Keeps) != 2 {
		t.Errorf("London is %+v", london)
	}
	zones := zone.Built()
	room := newsroom.New(nil, newsroom.Options{Zones: zones, Calendars: t.TempDir()})
	if troubles := room.CheckSetup(s, demoStart); len(troubles) > 0 {
		t.Error(troubles)
	}
}

func TestAPlaceThatIsNotClear(t *testing.T) {
	for want, text := range map[string]string{
		`"Springfield" may be Springfield, Missouri, US`: `place = "Springfield"`,
		`there is no place "Jeruslem"`:                   `place = "Jeruslem"`,
		`the gazetteer has no city_id "17"`:              `city_id = "17"`,
		`give one of them`:                               "place = \"London\"\ncity_id = \"2643743\"",
		`whose place is not known`:                       `city = {en = "Nowhere"}`,
		`needs a place, such as place = "London"`:        `zone = "UTC"`,
		`there is no setting "desk.lightning"`:           "place = \"London\"\nlightning = \"18m\"",
	} {
		_, err := loaded(t, houseText+"[[desk]]\nslug = \"d\"\nname = {en = \"D\"}\n"+text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\t%v\n\twant %s", text, err, want)
		}
	}
}

// TestTheFirstRunsFile says again what the form said: nothing changes at the next start.
func TestTheFirstRunsFile(t *testing.T) {
	for _, form := range []firstRunForm{
		{Name: "The Courier", Address: "http://localhost", Language: "en", City: "Haifa", Nightfall: "8.5deg", Admin: "Rina"},
		{Name: "The Courier", Address: "http://localhost", Language: "he", City: "ירושלים", Israel: true, Lighting: "40m", Nightfall: "42m", Admin: "Rina"},
		{Name: "The Courier", Address: "http://localhost", Language: "en", City: "Halley", Lat: "-75.58", Lon: "-26.54", Zone: "UTC", Nightfall: "8.5deg", Admin: "Rina"},
	} {
		c, err := form.config(Config{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.setup()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "dateline.toml")
		if err := writeConfig(file, c); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := loaded(t, string(text))
		if err != nil {
			t.Fatal(err, string(text))
		}
		if a, b := jsonOf(t, want), jsonOf(t, got); a != b {
			t.Errorf("%s\nis not\n%s", b, a)
		}
	}
}

func TestTheFirstRunAsksWhichCity(t *testing.T) {
	form := firstRunForm{Name: "The Courier", Language: "en", City: "Springfield", Admin: "Rina"}
	if _, err := form.config(Config{}); err == nil || !strings.Contains(err.Error(), "Springfield, Missouri, US") {
		t.Error(err)
	}
	form.City, form.Lat = "Springfield", "37.2"
	if _, err := form.config(Config{}); err == nil || !strings.Contains(err.Error(), "longitude is a number") {
		t.Error(err)
	}
	form.Lon = "-93.3"
	if _, err := form.config(Config{}); err == nil || !strings.Contains(err.Error(), "need a time zone") {
		t.Error(err)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
