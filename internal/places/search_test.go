package places_test

import (
	"slices"
	"strings"
	"testing"

	"dateline/internal/places"
)

func TestSearchFirst(t *testing.T) {
	for query, want := range map[string]string{
		"jeru":               "Jerusalem",
		"JERUS":              "Jerusalem",
		"ירו":                "Yerevan",
		"ירוש":               "Jerusalem",
		"תל":                 "Tel Aviv",
		"תל־א":               "Tel Aviv",
		"tel":                "Tel Aviv",
		"lon":                "London",
		"new y":              "New York",
		"münc":               "Munich",
		"muenc":              "Munich",
		"st":                 "Stockholm",
		"st p":               "Saint Petersburg",
		"saint p":            "Saint Petersburg",
		"st.":                "Saint Petersburg",
		"st. lou":            "St Louis",
		"paris, tex":         "Paris, Texas, US",
		"paris tex":          "Paris, Texas, US",
		"london, can":        "London, Ontario, CA",
		"springfield, il":    "Springfield, Illinois, US",
		"springfield, us, m": "Springfield, Missouri, US",
		"san":                "San, Ségou, ML", // a whole name comes before larger cities
		"חיפ":                "Haifa",
		"ז'נב":               "Geneva",
		"ז׳נב":               "Geneva",
		"זנב":                "Geneva",
	} {
		got := places.Search(query, 5)
		if len(got) == 0 {
			t.Errorf("%s: nothing", query)
		} else if got[0].Name != want && got[0].String() != want {
			t.Errorf("%s: %v, want %s first", query, got, want)
		}
	}
}

// TestSearchAsOneTypes: no letter of a name that has begun well loses the city.
func TestSearchAsOneTypes(t *testing.T) {
	for _, name := range []string{
		"Jerusalem", "ירושלים", "Tel Aviv", "תל אביב", "Zikhron Ya'akov", "New York City", "St. Petersburg",
		"Saint-Denis", "São Paulo", "Los Angeles", "Johannesburg", "Buenos Aires", "Kiryat Shmona", "ניו יורק",
	} {
		letters := []rune(name)
		for n := 4; n <= len(letters); n++ {
			typed := string(letters[:n])
			found := slices.ContainsFunc(places.Search(typed, 10), func(c places.City) bool {
				return places.Fold(c.Name) == places.Fold(name) || strings.HasPrefix(places.Fold(name), places.Fold(c.Name)) || c.Hebrew == name
			})
			if !found {
				t.Errorf("%q of %s: %v", typed, name, places.Search(typed, 10))
			}
		}
	}
}

func TestSearchOrder(t *testing.T) {
	got := places.Search("springfield", 100)
	whole := true
	for i, c := range got {
		is := places.Fold(c.Name) == "springfield"
		if is && !whole {
			t.Errorf("%s comes after part of a name", c)
		}
		if is && i > 0 && c.Population > got[i-1].Population {
			t.Errorf("%s of %d comes after %d", c, c.Population, got[i-1].Population)
		}
		whole = whole && is
	}
	if len(got) < 8 {
		t.Errorf("only %v", got)
	}
}

func TestSearchBounds(t *testing.T) {
	for _, c := range []struct {
		query string
		limit int
		want  int
	}{
		{"a", 10, 10}, {"a", 1, 1}, {"a", 0, 0}, {"a", -5, 0}, {"a", 1 << 30, 100},
		{"", 10, 0}, {"  ", 10, 0}, {",", 10, 0}, {", France", 10, 0}, {"-", 10, 0},
		{"\xff", 10, 0}, {"jerusalem" + strings.Repeat(" ", 200), 10, 0}, {"zzzzqqq", 10, 0}, {"jerusalem, france", 10, 0},
	} {
		if got := places.Search(c.query, c.limit); len(got) != c.want {
			t.Errorf("%.20q, %d: %d cities, want %d", c.query, c.limit, len(got), c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for name, want := range map[string]string{
		"Tel-Aviv": "tel aviv", "תל־אביב": "תל אביב", "יְרוּשָׁלַיִם": "ירושלים", "צה״ל": "צהל", "ג׳נבה": "גנבה", "ג'נבה": "גנבה",
		"München": "munchen", "Łódź": "lodz", "Straße": "strasse", "Þórshöfn": "thorshofn", "Ağrı": "agri", "İstanbul": "istanbul",
		"St. Louis": "saint louis", "Saint Louis": "saint louis", "Ste-Foy": "sainte foy", "St": "st", "St.": "saint", "St. ": "saint", "Mt. Vernon": "mount vernon",
		"D.C.": "dc", "Ya‘aqov": "yaaqov", "  a  b ": "a b", "…": "", "קריית": "קרית", "תקווה": "תקוה", "Hawaiʻi": "hawaii",
	} {
		if got := places.Fold(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		} else if again := places.Fold(got); again != got {
			t.Errorf("%s: folded again %q", got, again)
		}
	}
}
