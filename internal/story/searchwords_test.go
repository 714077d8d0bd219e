package story_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"dateline/internal/story"
)

func TestFoldForSearch(t *testing.T) {
	for _, x := range []struct{ what, text, want string }{
		{"case and punctuation", "The Harbour-board's vote, 7–2.", "the harbour board s vote 7 2"},
		{"accents, composed and not", "Čapek cafe\u0301 naïve", "capek cafe naive"},
		{"letters that do not decompose", "Straße Øresund Łódź Æsop", "strasse oresund lodz aesop"},
		{"final sigma", "Οδυσσεύς", "οδυσσευσ"},
		{"Cyrillic", "Ёлка й", "елка и"},
		{"ligatures and full width", "ﬁnal ＡＢＣ", "final abc"},
		{"niqqud", "שָׁלוֹם עוֹלָם", "שלומ עולמ"},
		{"presentation forms", "שׁלום", "שלומ"},
		{"final letters", "ירושלים ארץ דרך כף בן", "ירושלימ ארצ דרכ כפ בנ"},
		{"gershayim", `צה"ל צה״ל צה”ל`, "צהל צהל צהל"},
		{"geresh", "ג׳ירפה צ'ק רח׳", "גירפה צק רח"},
		{"quotes around Hebrew", `הוא אמר "שלום" והלך`, "הוא אמר שלומ והלכ"},
		{"maqaf", "בית־ספר", "בית ספר"},
		{"Arabic harakat and tatweel", "مُحَمَّد مـحـمـد", "محمد محمد"},
		{"alef, yeh, teh marbuta", "أحمد إلى آخر مدرسة ٱلله", "احمد الي اخر مدرسه الله"},
		{"alef with a hamza of its own", "ا\u0654حمد", "احمد"},
		{"Persian letters and a joiner", "کتاب می\u200cخواهم", "كتاب ميخواهم"},
		{"Arabic and Persian digits", "٢٠٢٤ ۱۴۰۳", "2024 1403"},
		{"directions marks", "\u200fעיר\u200e \u2067city\u2069", "עיר city"},
		{"Chinese", "東京都2024", "東 京 都 2024"},
		{"marks that make words stay", "हिन्दी", "हिन्दी"},
		{"nothing", "!?… — \u0301", ""},
		{"bytes that are no text", "a\xffb", "a b"},
	} {
		t.Run(x.what, func(t *testing.T) {
			got := story.FoldForSearch(x.text)
			if strings.TrimSpace(got) != x.want {
				t.Errorf("%q folds to %q, want %q", x.text, got, x.want)
			}
			if again := story.FoldForSearch(got); again != got {
				t.Errorf("%q folds again to %q", got, again)
			}
		})
	}
}

func TestSearchWordsKnowWhereTheyStand(t *testing.T) {
	text := `לצה"ל — שָׁלוֹם, Café!`
	var got []string
	for _, w := range story.SearchWords(text) {
		got = append(got, text[w.From:w.To])
	}
	if strings.Join(got, "|") != `לצה"ל|שָׁלוֹם|Café` {
		t.Errorf("%q", got)
	}
}

func TestAWordIsOfBoundedLength(t *testing.T) {
	words := story.SearchWords(strings.Repeat("ש", 5000))
	if len(words) != 1 || len(words[0].Folded) > 60 || words[0].To != 10_000 {
		t.Errorf("%d words, %+v", len(words), words[:1])
	}
}

func FuzzSearchWords(f *testing.F) {
	for _, s := range []string{"The harbour", `צה"ל`, "مُحَمَّد", "a\xff\u0301b", "東京", "㌭ｶﾞ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, w := range story.SearchWords(text) {
			if w.From < end || w.To <= w.From || w.To > len(text) || w.Folded == "" || len(w.Folded) > 60 || !utf8.ValidString(w.Folded) {
				t.Fatalf("%q: %+v", text, w)
			}
			if strings.ContainsAny(w.Folded, " \"*():^-+{}\x00") {
				t.Fatalf("%q folds to %q", text, w.Folded)
			}
			end = w.To
		}
		once := story.FoldForSearch(text)
		if again := story.FoldForSearch(once); again != once {
			t.Fatalf("%q folds to %q, and that to %q", text, once, again)
		}
	})
}
