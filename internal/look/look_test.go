package look

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"dateline/internal/record"
)

// TestTheHouseStyleIsTheSheets: what nobody chose is what tokens.css says.
func TestTheHouseStyleIsTheSheets(t *testing.T) {
	raw, err := os.ReadFile("../web/ui/static/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(raw), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("the sheet has no dark part")
	}
	for part, c := range map[string]record.Colours{light: Light, dark: Dark} {
		for _, n := range Names {
			m := regexp.MustCompile(`--` + n.Key + `: (#[0-9a-f]{6});`).FindStringSubmatch(part)
			if m == nil || m[1] != *n.Of(&c) {
				t.Errorf("%s: the sheet says %v, we %s", n.Key, m, *n.Of(&c))
			}
		}
	}
}

// TestContrast: the pairs are those of the understanding documents of WCAG 2.2.
func TestContrast(t *testing.T) {
	for pair, want := range map[[2]string]float64{{"#000000", "#ffffff"}: 21, {"#ffffff", "#ffffff"}: 1, {"#767676", "#ffffff"}: 4.54, {"#777777", "#ffffff"}: 4.48, {"x", "#ffffff"}: 0} {
		if got := Contrast(pair[0], pair[1]); math.Abs(got-want) > 0.005 {
			t.Errorf("%v: %.3f, want %.2f", pair, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for want, l := range map[string]record.Look{
		"":                          {},
		" ":                         {Light: record.Colours{Paper: "#fff8ee", Ink: "#222222", Live: "#8a1010"}, Dark: record.Colours{Paper: "#000000"}, Faces: "gothic", Columns: 4},
		"has a contrast of":         {Light: record.Colours{Ink: "#8a8a8a"}},
		"contrast of 4.":            {Light: record.Colours{Paper: "#ffffff", Ink: "#777777"}},
		"On dark pages, Live":       {Dark: record.Colours{Live: "#802020"}},
		"lighter than the ink":      {Light: record.Colours{Paper: "#000000", Ink: "#ffffff", Live: "#ffffff", Duty: "#ffffff", Rest: "#ffffff"}},
		"darker than the ink":       {Dark: record.Colours{Paper: "#ffffff", Ink: "#000000"}},
		"is written like #15171a":   {Light: record.Colours{Duty: "red;} body{display:none"}},
		"no faces called":           {Faces: "comic"},
		"between 2 and 4 columns":   {Columns: 9},
		"for a desk that rests) ha": {Light: record.Colours{Rest: "#a9b4ea"}},
	} {
		err := Check(l)
		if strings.TrimSpace(want) == "" && err != nil || strings.TrimSpace(want) != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%+v: %v, want %q", l, err, want)
		}
	}
}

// TestWhatIsMixedCanBeRead walks many papers and inks: whatever Check lets through has
// quiet words of 4.5 : 1, and controls of 3 : 1, on every ground.
func TestWhatIsMixedCanBeRead(t *testing.T) {
	checked := 0
	for grey := 0; grey < 256; grey += 15 {
		for _, tint := range []int{0, 40} {
			for ink := 0; ink < 256; ink += 15 {
				c := record.Colours{Paper: fmt.Sprintf("#%02x%02x%02x", grey, grey, max(0, grey-tint)), Ink: fmt.Sprintf("#%02x%02x%02x", ink, ink, ink)}
				c.Live, c.Duty, c.Rest = c.Ink, c.Ink, c.Ink
				scheme := "light"
				if grey < ink {
					scheme = "dark"
				}
				if checkColours(scheme, c) != nil {
					continue
				}
				checked++
				m := mix(c)
				for _, ground := range []rgb{m.paper, m.paper2} {
					if contrast(m.ink2, ground) < ForText || contrast(m.rule2, ground) < ForControls {
						t.Errorf("%+v: quiet words have %.2f, controls %.2f", c, contrast(m.ink2, ground), contrast(m.rule2, ground))
					}
				}
				if contrast(m.focus, m.paper) < ForControls || contrast(m.ink, m.mark) < ForText {
					t.Errorf("%+v: focus has %.2f, marked words %.2f", c, contrast(m.focus, m.paper), contrast(m.ink, m.mark))
				}
			}
		}
	}
	if checked < 100 {
		t.Error("only", checked, "pairs were let through")
	}
}

func TestSheet(t *testing.T) {
	if Sheet(nil) != "" || Sheet(&record.Look{Columns: 4}) != "" {
		t.Error("a look that changes no style makes a sheet")
	}
	s := Sheet(&record.Look{Light: record.Colours{Paper: "#fff8ee"}, Logo: &record.Logo{}})
	for _, want := range []string{"--paper: #fff8ee;", "--paper: #131517;", "--ink-2: #", "--plate: #fff8ee;", "@media screen {"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in %s", want, s)
		}
	}
	if s := Sheet(&record.Look{Light: record.Colours{Paper: "#fff} *{display:none"}}); s != "" {
		t.Errorf("a colour became a rule: %s", s)
	}
}
