package places_test

import (
	"errors"
	"strings"
	"testing"

	"dateline/internal/places"
)

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"Jerusalem":                "Jerusalem, IL",
		"ירושלים":                  "Jerusalem, IL",
		"יְרוּשָׁלַיִם":            "Jerusalem, IL",
		"ירושליים":                 "Jerusalem, IL",
		"Jerusalem, Israel":        "Jerusalem, IL",
		"281184":                   "Jerusalem, IL",
		"tel aviv":                 "Tel Aviv, IL",
		"Tel-Aviv":                 "Tel Aviv, IL",
		"  TEL   AVIV ":            "Tel Aviv, IL",
		"תל אביב":                  "Tel Aviv, IL",
		"תל־אביב":                  "Tel Aviv, IL",
		"תל אביב, ישראל":           "Tel Aviv, IL",
		"Haifa, IL":                "Haifa, IL",
		"Zikhron Yaakov":           "Zikhron Ya'akov, Haifa, IL",
		"Zichron Ya’akov":          "Zikhron Ya'akov, Haifa, IL",
		"זיכרון יעקב":              "Zikhron Ya'akov, Haifa, IL",
		"פתח תקווה":                "Petah Tikva, Central District, IL",
		"פתח תקוה":                 "Petah Tikva, Central District, IL",
		"קרית שמונה":               "Kiryat Shmona, Northern District, IL",
		"כפר חב\"ד":                "Kfar Habad, Central District, IL",
		"כפר חב״ד":                 "Kfar Habad, Central District, IL",
		"Tzfat":                    "Safed, Northern District, IL",
		"Be'er Sheva":              "Beersheba, Southern District, IL",
		"Efrat":                    "Efrat, West Bank, PS",
		"London":                   "London, England, GB",
		"לונדון":                   "London, England, GB",
		"London, ON":               "London, Ontario, CA",
		"London, UK":               "London, England, GB",
		"London, England, GB":      "London, England, GB",
		"Paris":                    "Paris, Île-de-France, FR",
		"Paris Texas":              "Paris, Texas, US",
		"New York":                 "New York, US",
		"New York City":            "New York, US",
		"NYC":                      "New York, US",
		"ניו יורק":                 "New York, US",
		"Boston":                   "Boston, Massachusetts, US",
		"Athens":                   "Athens, Attica, GR",
		"Washington, DC":           "Washington, District of Columbia, US",
		"Washington, D.C.":         "Washington, District of Columbia, US",
		"Springfield, Illinois":    "Springfield, Illinois, US",
		"Springfield, IL":          "Springfield, Illinois, US",
		"springfield illinois usa": "Springfield, Illinois, US",
		"Cordoba, AR":              "Córdoba, Cordoba, AR",
		"Córdoba, Argentina":       "Córdoba, Cordoba, AR",
		"Cordoba, Spain":           "Córdoba, Andalusia, ES",
		"Munich":                   "Munich, Bavaria, DE",
		"München":                  "Munich, Bavaria, DE",
		"Muenchen":                 "Munich, Bavaria, DE",
		"MUNCHEN":                  "Munich, Bavaria, DE",
		"Köln":                     "Cologne, North Rhine-Westphalia, DE",
		"Saint Louis, Missouri":    "St Louis, Missouri, US",
		"St. Louis, MO":            "St Louis, Missouri, US",
		"Saint Petersburg":         "Saint Petersburg, St.-Petersburg, RU",
		"Lodz":                     "Lodz, Łódź Voivodeship, PL",
		"Kiev":                     "Kyiv, Kyiv City, UA",
		"Bombay":                   "Mumbai, Maharashtra, IN",
		"New Delhi":                "New Delhi, Delhi, IN",
		"Casey Station":            "Casey Station, AQ",
	} {
		c, err := places.Find(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := c.String(); got != want && c.Name != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestFindUnderstandsString: what a person is shown, a person may type.
func TestFindUnderstandsString(t *testing.T) {
	ambiguous, all := 0, places.All()
	for i := 0; i < len(all); i += 7 {
		c := all[i]
		got, err := places.Find(c.String())
		var asks *places.AmbiguousError
		if errors.As(err, &asks) {
			ambiguous++ // two of one name in one region
		} else if err != nil {
			t.Fatalf("%s: %v", c, err)
		} else if got.String() != c.String() && places.Fold(got.String()) != places.Fold(c.String()) && got.Population < c.Population {
			t.Errorf("%s gave %s", c, got)
		}
	}
	if ambiguous > len(all)/7/50 {
		t.Errorf("%d of %d are ambiguous in full", ambiguous, len(all)/7)
	}
}

func TestFindAsks(t *testing.T) {
	for name, want := range map[string][]string{
		"Springfield":     {"Springfield, Missouri, US", "Springfield, Massachusetts, US", "Springfield, Illinois, US"},
		"springfield, us": {"Springfield, Missouri, US", "Springfield, Massachusetts, US", "Springfield, Illinois, US"},
		"Portland":        {"Portland, Oregon, US", "Portland, Maine, US"},
		"Valencia":        {"Valencia, Carabobo, VE", "Valencia, ES"},
		"Cordoba":         {"Córdoba, Cordoba, AR", "Córdoba, Andalusia, ES"},
		"San Jose":        {"San Jose, California, US", "San José, CR"},
		"Birmingham":      {"Birmingham, England, GB", "Birmingham, Alabama, US"},
		"Hyderabad":       {"Hyderabad, Telangana, IN", "Hyderabad, Sindh, PK"},
		"Cambridge":       {"Cambridge, England, GB", "Cambridge, Ontario, CA", "Cambridge, Massachusetts, US"},
		"ולנסיה":          {"Valencia, Carabobo, VE", "Valencia, ES"},
	} {
		c, err := places.Find(name)
		var asks *places.AmbiguousError
		if !errors.As(err, &asks) {
			t.Errorf("%s: %s, %v", name, c, err)
			continue
		}
		for i, w := range want {
			if i >= len(asks.Candidates) || asks.Candidates[i].String() != w {
				t.Errorf("%s: candidate %d of %v is not %s", name, i, asks.Candidates, w)
			} else if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v does not name %s", name, err, w)
			}
		}
	}
}

// TestAskingTellsApart: candidates that read the same are told apart by their IDs.
func TestAskingTellsApart(t *testing.T) {
	a := places.City{ID: "1", Name: "San Pedro", Region: "Cortes", Country: "HN"}
	b := places.City{ID: "2", Name: "San Pedro", Region: "Cortes", Country: "HN"}
	got := (&places.AmbiguousError{Name: "San Pedro", Candidates: []places.City{a, b}}).Error()
	if want := `"San Pedro" may be San Pedro, Cortes, HN (1) or San Pedro, Cortes, HN (2); say which, with its region or country, or by the number in brackets`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestFindRefuses(t *testing.T) {
	for name, part := range map[string]string{
		"Jeruslem":                     "perhaps Jerusalem, IL",
		"Tel Avv":                      "perhaps Tel Aviv, IL",
		"Springfeild, Illinois":        "perhaps Springfield, Illinois, US",
		"ירושלימ":                      "perhaps Jerusalem, IL",
		"Zzyzzxqy":                     "names are like",
		"Jerusalem, France":            "no place",
		"":                             "no name",
		" , ":                          "no name",
		"...":                          "no name",
		"\xff\xfe":                     "not the name of a place",
		strings.Repeat("Llanfair", 60): "not the name of a place",
	} {
		c, err := places.Find(name)
		var asks *places.AmbiguousError
		switch {
		case err == nil || errors.As(err, &asks):
			t.Errorf("%.20q: %s, %v", name, c, err)
		case !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300:
			t.Errorf("%.20q: %v, which should say %q", name, err, part)
		}
	}
}
