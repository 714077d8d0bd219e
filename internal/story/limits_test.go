package story_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dateline/internal/story"
)

func TestWordsThatReadersCannotBeShown(t *testing.T) {
	for _, c := range []struct{ part, words, want string }{
		{"headline", "The quay \u202eyauq", "The headline has a hidden character that turns the direction of writing (U+202E)."},
		{"block:abcdefgh", "Isolated \u2066here\u2069", "A paragraph has a hidden character that turns the direction of writing (U+2066)."},
		{"picture:abcdefghij", "\u202b", "A picture’s caption or credit has a hidden character"},
		{"headline", strings.Repeat("א", 301), "The headline has 301 characters, and may have at most 300. Say it shorter."},
		{"short", strings.Repeat("a", 151), "The short headline has 151 characters"},
		{"standfirst", strings.Repeat("a", 1001), "The standfirst has 1001 characters"},
		{"headline", strings.Repeat("א", 300), ""},
		{"headline", "רציף 5\u200e, הנמל\u200f", ""},
		{"block:abcdefgh", strings.Repeat("a", 5000), ""},
	} {
		body, err := json.Marshal(c.words)
		if err != nil {
			t.Fatal(err)
		}
		err = story.CheckWords(c.part, body)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s %.20q: %v", c.part, c.words, err)
		}
	}
}

func TestShorten(t *testing.T) {
	for line, want := range map[string]string{"short": "short", "one two three four": "one two…", "onetwothreefour": "onetwothr…", "one, two, three": "one, two…"} {
		if got := story.Shorten(line, 10); got != want {
			t.Errorf("%q became %q", line, got)
		}
	}
}

func TestACreditNamesSomebody(t *testing.T) {
	for line, want := range map[string]string{"-": "", "–": "", "…": "", "©": "", "📷": "", "N/A": "N/A", "ב": "ב", "7": "7"} {
		if got := (story.Credit{Line: line}).String(); got != want {
			t.Errorf("%q is printed as %q", line, got)
		}
	}
	if got := (story.Credit{Line: "-", Photographer: "Margit Aldous", Agency: "."}).String(); got != "Margit Aldous" {
		t.Error(got)
	}
}
