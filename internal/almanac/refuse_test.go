package almanac

import (
	"math"
	"strings"
	"testing"
	"time"
)

// sentence fails unless err is one that can be shown to people.
func sentence(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s was not refused", what)
	} else if s := err.Error(); len(s) < 20 || len(s) > 160 || strings.Contains(s, "\n") || strings.HasSuffix(s, ".") {
		t.Errorf("%s: %q is not one clear sentence", what, s)
	}
}

func TestShabbatRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := Place{Lat: 40.7128, Lon: -74.006, Zone: time.UTC}
	for what, p := range map[string]Place{
		"no zone":                {},
		"latitude NaN":           {Lat: nan, Zone: time.UTC},
		"latitude 90.001":        {Lat: 90.001, Zone: time.UTC},
		"latitude minus infinit": {Lat: -inf, Zone: time.UTC},
		"longitude NaN":          {Lon: nan, Zone: time.UTC},
		"longitude -180.001":     {Lon: -180.001, Zone: time.UTC},
		"longitude infinite":     {Lon: inf, Zone: time.UTC},
	} {
		_, err := Keep(Desk{Place: p, Custom: usual}, "shabbat")
		sentence(t, what, err)
	}
	for what, r := range map[string]Custom{
		"no nightfall":        {Lighting: time.Minute},
		"two nightfalls":      {Nightfall: Nightfall{8.5, 42}},
		"lighting negative":   {Lighting: -time.Minute, Nightfall: usual.Nightfall},
		"lighting three hour": {Lighting: 3 * time.Hour, Nightfall: usual.Nightfall},
		"lighting in seconds": {Lighting: 90 * time.Second, Nightfall: usual.Nightfall},
		"degrees negative":    {Nightfall: Nightfall{Degrees: -8.5}},
		"degrees NaN":         {Nightfall: Nightfall{Degrees: nan}},
		"degrees infinite":    {Nightfall: Nightfall{Degrees: inf}},
		"degrees above":       {Nightfall: Nightfall{Degrees: 0.5}},
		"minutes negative":    {Nightfall: Nightfall{Minutes: -42}},
		"minutes 600":         {Nightfall: Nightfall{Minutes: 600}},
	} {
		_, err := Keep(Desk{Place: good, Custom: r}, "shabbat")
		sentence(t, what, err)
	}
	_, err := Keep(Desk{Place: good, Custom: usual}, "sabbath")
	if err == nil || !strings.Contains(err.Error(), "no observance \"sabbath\"; the almanac knows shabbat, ") {
		t.Errorf("an unknown observance: %v", err)
	}
}

func TestRestsRefuses(t *testing.T) {
	c := keepShabbat(t, Place{Zone: time.UTC}, usual)
	now := time.Date(2024, 3, 22, 0, 0, 0, 0, time.UTC)
	for what, s := range map[string][2]time.Time{
		"a span backwards":       {now, now.Add(-1)},
		"the zero time":          {{}, now},
		"before the first year":  {now.AddDate(-225, 0, 0), now},
		"beyond the last year":   {now, now.AddDate(476, 0, 0)},
		"a year of five figures": {now, time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := c.Rests(s[0], s[1])
		sentence(t, what, err)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]time.Duration{"18m": 18 * time.Minute, "1h": time.Hour, "0": 0} {
		if got, err := ParseLighting(text); err != nil || got != want {
			t.Errorf("lighting %q: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]Nightfall{
		"8.5deg": {Degrees: 8.5}, "7.083°": {Degrees: 7.083}, "42m": {Minutes: 42}, "1h12m": {Minutes: 72},
	} {
		if got, err := ParseNightfall(text); err != nil || got != want {
			t.Errorf("nightfall %q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "18", "m", "-1m", "90s", "3h", "eighteen"} {
		_, err := ParseLighting(text)
		sentence(t, "lighting "+text, err)
	}
	for _, text := range []string{"", "8.5", "deg", "8.5degrees", "NaNdeg", "Infdeg", "90deg", "-8deg", "42m30s", "0m", "5h", "42"} {
		_, err := ParseNightfall(text)
		sentence(t, "nightfall "+text, err)
	}
}

func TestRuleInWords(t *testing.T) {
	for want, r := range map[string]Custom{
		"sunset-18m / 8.5°":             usual,
		"sunset / 7.083°":               {Nightfall: Nightfall{Degrees: 7.083}},
		"sunset-40m / sunset+72m":       {Lighting: 40 * time.Minute, Nightfall: Nightfall{Minutes: 72}},
		"sunset-18m / 8.5° / margin 5m": {Lighting: 18 * time.Minute, Nightfall: Nightfall{Degrees: 8.5}, Margin: 5 * time.Minute},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
