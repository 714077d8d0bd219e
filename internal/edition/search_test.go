package edition_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// find lists the ids of what a query finds, the best first.
func find(t testing.TB, e *edition.Edition, lang, query string) (ids []string) {
	t.Helper()
	for _, h := range search(t, e, edition.Search{Query: edition.ParseQuery(query), Lang: lang, Limit: 50}).Hits {
		id := strings.TrimLeft(strings.TrimPrefix(string(h.ID), "art"), "0")
		if h.Part != "" {
			id += "/" + h.Part
		}
		ids = append(ids, id)
	}
	return ids
}

func search(t testing.TB, e *edition.Edition, s edition.Search) (out edition.Results) {
	t.Helper()
	if err := e.View(t.Context(), func(v *edition.View) (err error) {
		out, err = v.Search(s)
		return err
	}); err != nil {
		t.Fatalf("%+v: %v", s, err)
	}
	return out
}

// marked writes runs with brackets around what was asked for.
func marked(runs []edition.Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Mark {
			b.WriteString("[" + r.Text + "]")
			continue
		}
		b.WriteString(r.Text)
	}
	return b.String()
}

// searchPaper is the house with one text that holds something in every field.
func searchPaper(t testing.TB) *editiontest.Record {
	r := editiontest.House(t)
	c := editiontest.Text("en", "science", "A comet over the Čapek ridge", "The harbour was dark.", "Nobody had seen it. The vote was put off. Its tail was seen by two.")
	c.Quotations = []story.Quotation{{ID: "q1", Words: []story.Words{{Text: "A marvellous sight"}}, Form: "direct", Speaker: "Marion Tetlow", Person: "person0001"}}
	c.Doc = append(c.Doc, story.Block{ID: "block002", Kind: story.QuotationBlock, Quotation: "q1"})
	c.Bylines = []story.Byline{{Name: "Ruth Abelard", Person: "person0002"}}
	c.Topics = []story.Topic{{Code: "medtop:20000735", Labels: map[string]string{"en": "astronomy", "he": "אסטרונומיה"}}}
	r.Post("art0000020", editiontest.London, at(1), c)
	r.Post("art0000021", editiontest.Jerusalem, at(60*24*20), editiontest.Text("he", "city", "צה״ל: שָׁלוֹם בַּנָּמֵל", "בית־ספר חדש.", "הרמטכ\"ל ביקר בנמל."))
	r.Post("art0000022", editiontest.Jerusalem, at(60*24*20+1), editiontest.Text("en", "city", "Quiet in April", "A sentence.", "الجامعة أُغلقت، قال أحمد."))
	return r
}

func TestSearch(t *testing.T) {
	r := searchPaper(t)
	e := editiontest.Open(t, r)
	for _, x := range []struct{ lang, query, want string }{
		{"en", "harbour", "7 20"}, // in a headline before a standfirst, though older
		{"en", "HARBOUR", "7 20"},
		{"en", "harbour vote", "7 20"},
		{"en", `"the vote was"`, "7 20"},
		{"en", `“the vote was seven”`, "7"},
		{"en", `"the vote was seven`, "7"},
		{"en", `"two its"`, ""},   // not across the order of words
		{"en", `"ridge the"`, ""}, // nor from one field into another
		{"en", "harbour -seven", "20"},
		{"en", "-seven -harbour -quiet by:sela", "8 12 1"},
		{"en", "harb*", "7 20"},
		{"en", "ha*", ""}, // too little to begin with
		{"en", "capek", "20"},
		{"en", "marvellous", "20"},
		{"en", "fish", "7"},
		{"en", "by:abelard", "20"},
		{"en", `by:"ruth abelard"`, "20"},
		{"en", "by:tetlow", ""},
		{"en", "person:tetlow", "20"},
		{"en", "person:person0001", "20"},
		{"en", "topic:astronomy", "20"},
		{"en", "desk:london", "20 2"},
		{"en", `desk:"New York" vote`, "7"},
		{"en", "desk:new-york vote", "7"},
		{"en", "desk:atlantis", ""},
		{"en", "vote* -desk:london", "7 1"},
		{"en", "section:science", "20 8"},
		{"en", "section:Science -comet", "8"},
		{"en", "date:2024-04", "22"},
		{"en", "date:2024-04-11", "22"},
		{"en", "from:2024-04-12", ""},
		{"en", "to:2024-03-22 harbour", "7 20"},
		{"en", "from:2024-03-23 to:2024 quiet", "22"},
		{"en", "date:someday", ""},
		{"en", "الجامعه", "22"},
		{"en", "الْجَامِعَة احمد", "22"},
		{"en", "meteors", ""}, // withdrawn
		{"he", "שלום", "21"},
		{"he", "צהל", "21"},
		{"he", `צה"ל`, "21"},
		{"he", `רמטכ"ל`, ""},
		{"he", `הרמטכ״ל`, "21"},
		{"he", `"בית ספר"`, "21"},
		{"he", "דסק:ירושלים שלום", "21"},
		{"he", "harbour", ""},
		{"en", "\ue000l656e", ""},
		{"en", "xyl", ""},
		{"en", "", ""},
		{"en", "!!! -", ""},
	} {
		if got := strings.Join(find(t, e, x.lang, x.query), " "); got != x.want {
			t.Errorf("%s %q finds %q, want %q", x.lang, x.query, got, x.want)
		}
	}
	sameWhenRebuilt(t, e, r)
}

func TestSearchFollowsWhatIsPublic(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	step := func(what, query, want string) {
		t.Helper()
		catchUp(t, e, r)
		if got := strings.Join(find(t, e, "en", query), " "); got != want {
			t.Errorf("%s: %q finds %q, want %q", what, query, got, want)
		}
	}
	r.Post(one, editiontest.London, at(0), text("First", "gladiolus"))
	step("posted", "gladiolus", "1")
	r.Post(one, editiontest.London, at(1), changed(text("First", "hyacinth"), record.Corrected, false))
	step("corrected", "gladiolus", "")
	step("corrected", "hyacinth", "1")
	r.Withdraw(one, editiontest.London, at(2), "A note.")
	step("withdrawn", "hyacinth", "")
	r.Post(one, editiontest.London, at(3), changed(text("First", "hyacinth"), record.Reinstated, true))
	step("reinstated", "hyacinth", "1")
	archived := text("Old", "crocus")
	archived.Change = record.Archived
	r.Post(two, editiontest.London, at(4), archived)
	step("archived", "crocus", "2")
	r.Kill(one, editiontest.London, at(5), "A note.")
	step("killed", "hyacinth", "")
	sameWhenRebuilt(t, e, r)
}

// TestSearchFindsCaptionsAsTheyAre withdraws a picture, and corrects the words under it.
func TestSearchFindsCaptionsAsTheyAre(t *testing.T) {
	r := livePaper(t)
	e := editiontest.Open(t, r)
	step := func(what, query, want string) {
		t.Helper()
		catchUp(t, e, r)
		if got := strings.Join(find(t, e, "en", query), " "); got != want {
			t.Errorf("%s: %q finds %q, want %q", what, query, got, want)
		}
	}
	p := r.Picture("pic0000001", "A gladiolus.", "A flower.", story.Credit{Line: "By one"})
	c := text("Second", "A paragraph.")
	c.Pictures = []story.PictureUse{p}
	r.Post(two, editiontest.London, at(1), c)
	said := editiontest.Said("e00000001", "Words.")
	said.Pictures = c.Pictures
	r.Live(one, editiontest.London, at(2), said)
	step("posted", "gladiolus", "1/e00000001 2")
	r.Append(record.KindPicture, p.ID, editiontest.London, at(3), record.Picture{Caption: "A hyacinth."})
	step("corrected", "gladiolus", "")
	step("corrected", "hyacinth", "1/e00000001 2")
	r.Append(record.KindPicture, p.ID, editiontest.London, at(4), record.Picture{Withdrawn: true})
	step("withdrawn", "hyacinth", "")
	sameWhenRebuilt(t, e, r)
}

func TestSearchFindsLiveEntries(t *testing.T) {
	r := livePaper(t)
	r.Live(one, editiontest.London, at(1), editiontest.Said("e00000001", "A tulip was seen."))
	r.Live(one, editiontest.London, at(2), editiontest.Said("e00000002", "A crocus was seen, and a tulip bulb."))
	e := editiontest.Open(t, r)
	want := func(query, want string) {
		t.Helper()
		if got := strings.Join(find(t, e, "en", query), " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	want("tulip", "1/e00000001") // one of each page: the shorter
	want("crocus", "1/e00000002")
	edit := editiontest.Said("e00000001", "A daffodil was seen.")
	edit.Does = record.LiveEdits
	r.Live(one, editiontest.London, at(3), edit)
	r.Live(one, editiontest.London, at(4), record.Live{Does: record.LiveRemoves, Entry: "e00000002"})
	catchUp(t, e, r)
	want("daffodil", "1/e00000001")
	want("tulip", "")
	want("crocus", "")
	r.Withdraw(one, editiontest.London, at(5), "A note.")
	catchUp(t, e, r)
	want("daffodil", "")
	sameWhenRebuilt(t, e, r)
}

func TestSearchMarksWhatWasAskedFor(t *testing.T) {
	e := editiontest.Open(t, searchPaper(t))
	for _, x := range []struct{ lang, query, headline, snippet string }{
		{"en", "capek seen", "A comet over the [Čapek] ridge", "Nobody had [seen] it. The vote was put off. Its tail was [seen] by two."},
		{"en", `"put off" comet`, "A [comet] over the Čapek ridge", "Nobody had seen it. The vote was [put off]. Its tail was seen by two."},
		{"en", "marvel*", "A comet over the Čapek ridge", "A [marvellous] sight"},
		{"he", `צהל הרמטכל`, "[צה״ל]: שָׁלוֹם בַּנָּמֵל", "[הרמטכ\"ל] ביקר בנמל."},
		{"he", "שלום", "צה״ל: [שָׁלוֹם] בַּנָּמֵל", "בית־ספר חדש."},
	} {
		hits := search(t, e, edition.Search{Query: edition.ParseQuery(x.query), Lang: x.lang, Limit: 1}).Hits
		if len(hits) != 1 || marked(hits[0].Headline) != x.headline || marked(hits[0].Snippet) != x.snippet {
			t.Errorf("%q: %+v", x.query, hits)
		}
	}
}

func TestASnippetIsCutBetweenWords(t *testing.T) {
	words := strings.Repeat("ברוש אורן אלון ", 60)
	q := edition.ParseQuery("needle")
	for _, text := range []string{words + "needle " + words, "needle " + words, words + "needle", words} {
		got := marked(q.Snippet([]string{"", text}))
		if strings.Contains(text, "needle") != strings.Contains(got, "[needle]") || len(got) > 500 {
			t.Errorf("%q", got)
		}
		for _, w := range strings.Fields(got) {
			if !slices.Contains([]string{"ברוש", "אורן", "אלון", "[needle]", "…"}, w) {
				t.Errorf("%q is cut within a word: %q", got, w)
			}
		}
	}
}

func TestSearchPagesStayWhileMoreIsPosted(t *testing.T) {
	r := editiontest.Paper(t)
	post := func(from, to int) {
		for i := from; i < to; i++ {
			r.Post(editiontest.ArticleID(i), editiontest.London, at(i), text(fmt.Sprintf("Tulip %d", i), "words"))
		}
	}
	post(0, edition.Candidates+30)
	e := editiontest.Open(t, r)
	s := edition.Search{Query: edition.ParseQuery("tulip"), Lang: "en", Limit: 20}
	first := search(t, e, s)
	s.Before, s.Skip = first.Before, 20
	want := search(t, e, s)
	post(edition.Candidates+30, edition.Candidates+60)
	catchUp(t, e, r)
	if got := search(t, e, s); fmt.Sprint(got) != fmt.Sprint(want) || first.Total != edition.Candidates || len(got.Hits) != 20 {
		t.Errorf("the second page changed: %d of %d", len(got.Hits), got.Total)
	}
	s.Before, s.Skip = first.Older, 0
	if older := search(t, e, s); older.Total != 30 || older.Older != 0 || older.Hits[0].Headline[1].Text != " 29" {
		t.Errorf("%d older ones, then from %d", older.Total, older.Older)
	}
}

// FuzzSearch: every string is a query, and none is an error.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{`"`, `""`, `NEAR(a b, 2)`, `a AND OR NOT`, `headline : x`, `{a b} : c`, `^a`, `a*b*`, `-`, `--"x`, `by:`, `by:"`, `-by:-x`, "\x00", "\xff", "date:2024-02-30",
		"from:9999 to:0000", `desk:"`, "a' OR 1=1; --", `צה"ל "צה"ל"`, "tags:\ue000", strings.Repeat(`"a" `, 300), strings.Repeat("🙂", 300), "date:0001-01-01", "to:9999-12-31", "section:*"} {
		f.Add(s)
	}
	e := editiontest.Open(f, searchPaper(f))
	f.Fuzz(func(t *testing.T, query string) {
		q := edition.ParseQuery(query)
		if err := e.View(context.Background(), func(v *edition.View) error {
			_, err := v.Search(edition.Search{Query: q, Lang: "en", Limit: 5})
			return err
		}); err != nil {
			t.Errorf("%q: %v", query, err)
		}
		if again := edition.ParseQuery(edition.Typed(query)); fmt.Sprint(again) != fmt.Sprint(q) {
			t.Errorf("%q is read as %v, and then as %v", query, q, again)
		}
		var b strings.Builder
		for _, r := range q.Mark(query) {
			b.WriteString(r.Text)
		}
		if b.String() != query {
			t.Errorf("%q is marked as %q", query, b.String())
		}
	})
}
