package places_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"dateline/internal/places"
	"dateline/internal/zone"
)

func TestCities(t *testing.T) {
	all := places.All()
	if len(all) < 5000 {
		t.Fatalf("%d cities", len(all))
	}
	ids, zones, countries := map[string]bool{}, map[string]bool{}, map[string]bool{}
	hebrew, elevated := 0, 0
	for _, c := range all {
		ids[c.ID], zones[c.Zone], countries[c.Country] = true, true, true
		if c.Hebrew != "" {
			hebrew++
		}
		if c.Elevation != places.ElevationUnknown {
			elevated++
		}
		check(t, c)
	}
	if len(ids) != len(all) {
		t.Errorf("%d IDs of %d cities", len(ids), len(all))
	}
	// zone.tab of 2026f has 418 zones in 247 countries.
	if len(zones) < 418 || len(countries) < 247 || hebrew < 3500 || elevated < len(all)*99/100 {
		t.Errorf("%d zones, %d countries, %d Hebrew names, %d elevations", len(zones), len(countries), hebrew, elevated)
	}
	for name := range zones {
		if _, err := zone.Built().Load(name); err != nil {
			t.Error(err)
		}
	}
}

func check(t *testing.T, c places.City) {
	t.Helper()
	upper := func(r rune) bool { return r < 'A' || r > 'Z' }
	switch {
	case c.Name == "" || strings.TrimSpace(c.Name) != c.Name || strings.ContainsFunc(c.Name+c.Hebrew+c.Region, unicode.IsControl):
		t.Errorf("%s: name %q, %q, %q", c.ID, c.Name, c.Hebrew, c.Region)
	case strings.ContainsFunc(c.Hebrew, func(r rune) bool { return unicode.IsMark(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Hebrew, r) }):
		t.Errorf("%s: Hebrew name %q", c, c.Hebrew)
	case len(c.Country) != 2 || strings.ContainsFunc(c.Country, upper):
		t.Errorf("%s: country %q", c, c.Country)
	case c.Lat < -90 || c.Lat > 90 || c.Lon < -180 || c.Lon > 180 || c.Lat == 0 && c.Lon == 0:
		t.Errorf("%s: at %v, %v", c, c.Lat, c.Lon)
	case c.Elevation != places.ElevationUnknown && (c.Elevation < -430 || c.Elevation > 5200):
		t.Errorf("%s: %d metres high", c, c.Elevation)
	case c.Population < 0 || c.Population > 40e6:
		t.Errorf("%s: %d people", c, c.Population)
	}
	if got, ok := places.ByID(c.ID); !ok || got != c {
		t.Errorf("%s by its ID: %v, %t", c, got, ok)
	}
}

// TestKnown holds what a desk takes from here to what is known otherwise.
func TestKnown(t *testing.T) {
	for _, c := range []struct {
		name, zone, country string
		lat, lon            float64
		low, high           int // elevation
	}{
		{"Jerusalem", "Asia/Jerusalem", "IL", 31.78, 35.22, 700, 800},
		{"Haifa", "Asia/Jerusalem", "IL", 32.82, 34.99, 0, 300},
		{"Tiberias", "Asia/Jerusalem", "IL", 32.79, 35.53, -220, 0},
		{"Efrat", "Asia/Jerusalem", "PS", 31.66, 35.15, 850, 1000},
		{"Ramallah", "Asia/Hebron", "PS", 31.9, 35.2, 800, 950},
		{"Gaza", "Asia/Gaza", "PS", 31.5, 34.47, 0, 100},
		{"New York", "America/New_York", "US", 40.71, -74.01, 0, 100},
		{"London", "Europe/London", "GB", 51.51, -0.13, 0, 60},
		{"Denver", "America/Denver", "US", 39.74, -104.98, 1580, 1640},
		{"Kyiv", "Europe/Kyiv", "UA", 50.45, 30.52, 90, 200},
		{"Ceuta", "Africa/Ceuta", "ES", 35.89, -5.32, 0, 250},
		{"Coyhaique", "America/Coyhaique", "CL", -45.57, -72.07, 200, 400},
		{"Yellowknife", "America/Edmonton", "CA", 62.45, -114.37, 150, 300},
		{"Lord Howe Island", "Australia/Lord_Howe", "AU", -31.55, 159.08, places.ElevationUnknown, places.ElevationUnknown},
	} {
		got, err := places.Find(c.name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got.Zone != c.zone || got.Country != c.country || got.Elevation < c.low || got.Elevation > c.high ||
			got.Lat < c.lat-0.05 || got.Lat > c.lat+0.05 || got.Lon < c.lon-0.05 || got.Lon > c.lon+0.05 {
			t.Errorf("%+v", got)
		}
	}
}

// TestHebrew: cities of zones by the names that CLDR gives them.
func TestHebrew(t *testing.T) {
	for name, want := range map[string]string{
		"ירושלים": "Asia/Jerusalem", "ניו יורק": "America/New_York", "לוס אנג׳לס": "America/Los_Angeles", "שיקגו": "America/Chicago",
		"דנוור": "America/Denver", "פיניקס": "America/Phoenix", "טורונטו": "America/Toronto", "ונקובר": "America/Vancouver",
		"מקסיקו סיטי": "America/Mexico_City", "בואנוס איירס": "America/Argentina/Buenos_Aires", "סאו פאולו": "America/Sao_Paulo",
		"לונדון": "Europe/London", "פריז": "Europe/Paris", "ברלין": "Europe/Berlin", "מדריד": "Europe/Madrid", "רומא": "Europe/Rome",
		"בריסל": "Europe/Brussels", "אמסטרדם": "Europe/Amsterdam", "ציריך": "Europe/Zurich", "וינה": "Europe/Vienna", "בודפשט": "Europe/Budapest",
		"קייב": "Europe/Kyiv", "מוסקבה": "Europe/Moscow", "איסטנבול": "Europe/Istanbul", "אתונה": "Europe/Athens", "קהיר": "Africa/Cairo",
		"יוהנסבורג": "Africa/Johannesburg", "קזבלנקה": "Africa/Casablanca", "דובאי": "Asia/Dubai", "טהראן": "Asia/Tehran", "קולקטה": "Asia/Kolkata",
		"בנגקוק": "Asia/Bangkok", "סינגפור": "Asia/Singapore", "הונג קונג": "Asia/Hong_Kong", "שנחאי": "Asia/Shanghai", "טוקיו": "Asia/Tokyo",
		"סידני": "Australia/Sydney", "מלבורן": "Australia/Melbourne", "אוקלנד": "Pacific/Auckland", "הונולולו": "Pacific/Honolulu",
		"אי הפסחא": "Pacific/Easter", "פורטלזה": "America/Fortaleza", "טשקנט": "Asia/Tashkent", "וילנה": "Europe/Vilnius", "קייסי": "Antarctica/Casey",
	} {
		found := places.Search(name, 10)
		if !slices.ContainsFunc(found, func(c places.City) bool { return c.Zone == want }) {
			t.Errorf("%s: %v, none in %s", name, found, want)
		}
	}
}

func TestCustoms(t *testing.T) {
	for name, want := range map[string]struct {
		israel  bool
		minutes time.Duration
	}{
		"Jerusalem": {true, 40}, "Haifa": {true, 30}, "זכרון יעקב": {true, 30}, "Tel Aviv": {true, 20}, "Eilat": {true, 20},
		"Petah Tikva": {true, 20}, "Efrat": {true, 20}, "Hebron": {true, 20}, "Katzrin": {true, 20},
		"New York": {false, 18}, "London": {false, 18}, "Amman": {false, 18}, "Beirut": {false, 18},
	} {
		c, err := places.Find(name)
		if err != nil {
			t.Error(err)
		} else if c.Israel() != want.israel || c.Lighting() != want.minutes*time.Minute {
			t.Errorf("%s: %t, %s", c, c.Israel(), c.Lighting())
		}
	}
}

func TestString(t *testing.T) {
	for want, c := range map[string]places.City{
		"Springfield, Illinois, US": {Name: "Springfield", Region: "Illinois", Country: "US"},
		"Haifa, IL":                 {Name: "Haifa", Region: "Haifa", Country: "IL"},
		"Vostok Station, AQ":        {Name: "Vostok Station", Country: "AQ"},
	} {
		if got := c.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestByIDUnknown(t *testing.T) {
	for _, id := range []string{"", "0", "-1", "281184 ", "tz-", "Jerusalem"} {
		if c, ok := places.ByID(id); ok {
			t.Errorf("%q: %s", id, c)
		}
	}
}

// TestNotice: whoever shows the gazetteer can say whose it is.
func TestNotice(t *testing.T) {
	for _, part := range []string{"GeoNames", "CC BY 4.0", "Unicode"} {
		if !strings.Contains(places.Attribution, part) {
			t.Errorf("the attribution does not say %s", part)
		}
	}
	for _, part := range []string{"creativecommons.org/licenses/by/4.0", "UNICODE LICENSE V3", "Changed:"} {
		if !strings.Contains(places.Notice(), part) {
			t.Errorf("the notice does not say %s", part)
		}
	}
}
