package story_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("abcdefghi-", 8) // 80 characters, the last a hyphen
	for words, want := range map[string]string{
		"":                               "",
		"Budget passes":                  "budget-passes",
		"  Budget -- passes!  ":          "budget-passes",
		"The mayor’s & the “house’s” 3%": "the-mayors-the-houses-3",
		"don't":                          "dont",
		"Straße, ÉCOLE":                  "straße-école",
		"גשר ירושלים נפתח":               "גשר-ירושלים-נפתח",
		"צה״ל וארה\"ב":                   "צהל-וארהב",
		"שָׁלוֹם":                        norm.NFC.String("שָׁלוֹם"),
		"الجسر ١٢":                       "الجسر-١٢",
		"東京 2024":                        "東京-2024",
		"cafe\u0301":                     "café",
		"\u0301a":                        "a",
		"a \u0301b":                      "a-b",
		"e'\u0301":                       "é",
		"a/../b?c#d":                     "a-b-c-d",
		"<script>":                       "script",
		"a\u202eb\u200f c":               "a-b-c",
		"\xff":                           "",
		long + "jkl":                     strings.TrimSuffix(long, "-"),
		long[:79] + " next":              long[:79],
		"x" + long[:79] + " next":        "x" + long[:79],
		strings.Repeat("a", 81):          strings.Repeat("a", 80),
		strings.Repeat("א", 100):         strings.Repeat("א", 80),
		"a " + strings.Repeat("b", 100):  "a-" + strings.Repeat("b", 78),
	} {
		if got := story.Slug(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
		wantSlug(t, words)
	}
}

// wantSlug fails unless a slug is in NFC, short, made of letters, digits and single
// hyphens, and a slug of itself.
func wantSlug(t *testing.T, words string) {
	t.Helper()
	s := story.Slug(words)
	if story.Slug(s) != s || !norm.NFC.IsNormalString(s) || utf8.RuneCountInString(s) > 80 || strings.Contains(s, "--") ||
		strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") || strings.ContainsAny(s, " /?#%.\\'\"<>\n") || !utf8.ValidString(s) {
		t.Errorf("%q makes the slug %q, which makes %q", words, s, story.Slug(s))
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Budget passes", "שָׁלוֹם", "İstanbul", "e'\u0301", "ᾳ\u0345", strings.Repeat("a\u0323", 90)} {
		f.Add(s)
	}
	f.Fuzz(wantSlug)
}

func whole() story.Text {
	return story.Text{Slug: "bridge", Lang: "en", Section: "news", Headline: "Bridge opens",
		Doc: story.Doc{{ID: "aaaaaaaa", Kind: story.Paragraph, Spans: span("It is open.")}}}
}

func TestRequired(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(x *story.Text)
		want   []string
	}{
		{"whole", func(*story.Text) {}, nil},
		{"nothing", func(x *story.Text) { *x = story.Text{} }, []string{"headline", "slug", "language", "section", "text"}},
		{"no headline", func(x *story.Text) { x.Headline = " \n" }, []string{"headline"}},
		{"a headline that nobody sees", func(x *story.Text) { x.Headline = "\u200f\u200b" }, []string{"headline"}},
		{"a slug in capitals", func(x *story.Text) { x.Slug = "Bridge" }, []string{"slug"}},
		{"a slug with a slash", func(x *story.Text) { x.Slug = "a/b" }, []string{"slug"}},
		{"a slug in pieces", func(x *story.Text) { x.Slug = "cafe\u0301" }, []string{"slug"}},
		{"a slug of hyphens", func(x *story.Text) { x.Slug = "-" }, []string{"slug"}},
		{"a long slug", func(x *story.Text) { x.Slug = strings.Repeat("a", 81) }, []string{"slug"}},
		{"no language", func(x *story.Text) { x.Lang = "" }, []string{"language"}},
		{"no section", func(x *story.Text) { x.Section = "" }, []string{"section"}},
		{"a day that is none", func(x *story.Text) { x.Dateline.Date = "2024-99-99" }, []string{story.NoDay}},
		{"no block", func(x *story.Text) { x.Doc = nil }, []string{"text"}},
		{"empty blocks", func(x *story.Text) { x.Doc[0].Spans = span("\u00a0") }, []string{"text"}},
		{"a picture alone", func(x *story.Text) { x.Doc = story.Doc{{Kind: story.PictureBlock, Picture: "pic0000001"}} }, nil},
		{"a Hebrew slug", func(x *story.Text) { x.Slug = "גשר-נפתח" }, nil},
	} {
		x := whole()
		c.change(&x)
		if got := story.Required(x); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: lacks %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCredit(t *testing.T) {
	for _, c := range []struct {
		credit story.Credit
		want   string
	}{
		{story.Credit{}, ""},
		{story.Credit{Line: " \t", Photographer: "\u00a0", Agency: "\n"}, ""},
		{story.Credit{Line: "\u200f", Photographer: "\u200b", Agency: "\u2060"}, ""},
		{story.Credit{Line: " Dana Levi / Ledger "}, "Dana Levi / Ledger"},
		{story.Credit{Line: "As it is", Photographer: "Dana Levi", Agency: "Ledger"}, "As it is"},
		{story.Credit{Photographer: "Dana Levi", Agency: "Ledger"}, "Dana Levi / Ledger"},
		{story.Credit{Photographer: " Dana Levi "}, "Dana Levi"},
		{story.Credit{Line: "\u200b", Agency: "Ledger"}, "Ledger"},
	} {
		if got := c.credit.String(); got != c.want {
			t.Errorf("%+v is printed %q, want %q", c.credit, got, c.want)
		}
	}
}

func TestDirection(t *testing.T) {
	for lang, want := range map[string]string{"en": "ltr", "he": "rtl", "he-IL": "rtl", "ar": "rtl", "yi": "rtl", "HE": "rtl", "": "ltr", "hex": "ltr", "de-Hebr": "rtl", "en-1994": "ltr", "az-Arab": "rtl", "ks-Latn": "ltr", "ur-Latn": "ltr"} {
		if got := story.Direction(lang); got != want {
			t.Errorf("%q runs %s, want %s", lang, got, want)
		}
	}
}

func TestPictureOfAText(t *testing.T) {
	x := whole()
	x.Pictures = []story.PictureUse{{ID: "pic0000001"}, {ID: "pic0000002", Caption: "b"}}
	if p, ok := x.Picture("pic0000002"); !ok || p.Caption != "b" {
		t.Error(p, ok)
	}
	if _, ok := x.Picture("pic0000003"); ok {
		t.Error("a picture that is not there")
	}
}
