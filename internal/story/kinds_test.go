package story_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dateline/internal/story"
)

func TestParseRows(t *testing.T) {
	for _, c := range []struct {
		text string
		want [][]string
	}{
		{"", nil}, {"\n \n|\n\t\t\n", nil},
		{"a | b\n1|2", [][]string{{"a", "b"}, {"1", "2"}}},
		{"a\tb\r\n1\t2\r\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"a|b\tc", [][]string{{"a|b", "c"}}},
		{`a\|b | c\\ | d\e`, [][]string{{"a|b", `c\`, `d\e`}}},
		{"| a | b |\n| 1 | 2 |", [][]string{{"a", "b"}, {"1", "2"}}},
		{" | b\n1 | ", [][]string{{"", "b"}, {"1", ""}}},
		{"a\n1 | 2 | 3", [][]string{{"a", "", ""}, {"1", "2", "3"}}},
		{"a   b |  c\u00a0d ", [][]string{{"a b", "c d"}}},
		{"\u200f | a", [][]string{{"a"}}},
	} {
		if got := story.ParseRows(c.text); len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		rowsInverse(t, c.text)
	}
}

// rowsInverse holds that rows are written and read again as themselves, all as long.
func rowsInverse(t *testing.T, text string) {
	t.Helper()
	rows := story.ParseRows(text)
	again := story.ParseRows(story.FormatRows(rows))
	if len(rows)+len(again) > 0 && !reflect.DeepEqual(rows, again) {
		t.Errorf("%q:\nread    %q\nwritten %q\nread    %q", text, rows, story.FormatRows(rows), again)
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("%q has rows of %d and %d cells", text, len(rows[0]), len(row))
		}
	}
}

func FuzzRows(f *testing.F) {
	for _, s := range []string{"a | b\n1|2", "a\tb|", `\|\\|`, "|\u200b|x|", "\xff|\t"} {
		f.Add(s)
	}
	f.Fuzz(rowsInverse)
}

func TestParsePassages(t *testing.T) {
	p := func(text string) story.Passage { return story.Passage{Spans: story.ParseSpans(text)} }
	l := func(items ...string) (out story.Passage) {
		for _, it := range items {
			out.Items = append(out.Items, story.ParseSpans(it))
		}
		return out
	}
	for text, want := range map[string][]story.Passage{
		"":                             {},
		"a\nb\n\n\n**c**":              {p("a b"), p("**c**")},
		"a\n- b\n- _c_\nd":             {p("a"), l("b", "_c_"), p("d")},
		"- a\n\n* b\n• c":              {l("a"), l("b", "c")},
		"-a\n-\n- ":                    {p("-a - -")},
		"-\na":                         {l("a")},
		"[a](https://x.example) b\r\n": {p("[a](https://x.example) b")},
	} {
		if got := story.ParsePassages(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
		passagesInverse(t, text)
	}
}

func passagesInverse(t *testing.T, text string) {
	t.Helper()
	all := story.ParsePassages(text)
	if again := story.ParsePassages(story.FormatPassages(all)); !reflect.DeepEqual(all, again) {
		t.Errorf("%q:\nread    %+v\nwritten %q\nread    %+v", text, all, story.FormatPassages(all), again)
	}
}

func FuzzPassages(f *testing.F) {
	for _, s := range []string{"a\n- b\n\n* c", "-\n- -", "\\- a", "\\* a", "* **", "- - a"} {
		f.Add(s)
	}
	f.Fuzz(passagesInverse)
}

func TestSecureLink(t *testing.T) {
	for _, good := range []string{"https://example.org", "HTTPS://www.example.org/a", "https://[::1]/x"} {
		if story.SecureLink(" "+good) != good {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range append([]string{"http://example.org", "mailto:a@example.org", "https:///a", "https://?a", "https://:80", "https://%zz/"}, hostileLinks...) {
		if got := story.SecureLink(bad); got != "" {
			t.Errorf("%q became %q", bad, got)
		}
	}
	e := story.Embed{Address: "https://WWW.Example.org:8443/a"}
	if e.Host() != "example.org" || e.Name() != "example.org" {
		t.Error(e.Host(), e.Name())
	}
	if e.Provider = "The Example"; e.Name() != "The Example" {
		t.Error(e.Name())
	}
}

// What the kinds of block beyond words say, weigh, and lack.
func TestKindsOfBlock(t *testing.T) {
	table := story.Block{Kind: story.TableBlock, Table: &story.Table{Caption: "Depths", Rows: [][]string{{"Quay", "Metres"}, {"North", "14"}}}}
	box := story.Block{Kind: story.BoxBlock, Box: &story.Box{Title: "In short", Passages: story.ParsePassages("One **word**.\n- two\n- three")}}
	card := story.Block{Kind: story.EmbedBlock, Spans: span("What it says."), Embed: &story.Embed{Address: "https://example.org/1", Title: "A film"}}
	for _, c := range []struct {
		b     story.Block
		plain string
		empty bool
	}{
		{table, "Depths\nQuay\tMetres\nNorth\t14", false},
		{box, "In short\nOne word.\ntwo\nthree", false},
		{card, "A film\nWhat it says.", false},
		{story.Block{Kind: story.GalleryBlock, Spans: span("Words"), Pictures: []string{"pic0000001"}}, "Words", false},
		{story.Block{Kind: story.GalleryBlock, Spans: span("Words")}, "Words", true},
		{story.Block{Kind: story.TableBlock}, "", true},
		{story.Block{Kind: story.TableBlock, Table: &story.Table{Caption: "Depths", Rows: [][]string{{"", " "}}}}, "Depths\n\t ", true},
		{story.Block{Kind: story.BoxBlock, Box: &story.Box{Title: "In short"}}, "In short", true},
		{story.Block{Kind: story.BoxBlock}, "", true},
		{story.Block{Kind: story.EmbedBlock}, "", true},
		{story.Block{Kind: story.EmbedBlock, Embed: &story.Embed{Address: "https://example.org"}}, "", false},
	} {
		if got := c.b.Plain(); got != c.plain {
			t.Errorf("%s says %q, want %q", c.b.Kind, got, c.plain)
		}
		if got := c.b.Empty(); got != c.empty {
			t.Errorf("%s %q: empty %t", c.b.Kind, c.plain, got)
		}
	}
	x := whole()
	x.Doc = story.Doc{card}
	if got := story.Required(x); got != nil {
		t.Error("a card with its address lacks", got)
	}
	x.Doc = append(story.Doc{{Kind: story.EmbedBlock, Embed: &story.Embed{Title: "A film"}}}, whole().Doc...)
	if got := story.Required(x); !reflect.DeepEqual(got, []string{story.NoAddress}) {
		t.Error("a card without an address lacks", got)
	}
}

func TestCheckKinds(t *testing.T) {
	row := func(n int) []string { return make([]string, n) }
	rows := func(n int) (all [][]string) {
		for range n {
			all = append(all, row(2))
		}
		return all
	}
	for _, c := range []struct {
		name string
		b    story.Block
		want string // a part of the refusal, or ""
	}{
		{"a table", story.Block{Kind: story.TableBlock, Table: &story.Table{Rows: rows(story.MaxRows)}}, ""},
		{"too long a table", story.Block{Kind: story.TableBlock, Table: &story.Table{Rows: rows(story.MaxRows + 1)}}, "at most 500 rows; this one has 501"},
		{"too wide a table", story.Block{Kind: story.TableBlock, Table: &story.Table{Rows: [][]string{row(41)}}}, "at most 40 columns; this one has 41"},
		{"a ragged table", story.Block{Kind: story.TableBlock, Table: &story.Table{Rows: [][]string{row(2), row(3)}}}, "Row 2 of a table has 3 cells, the first row has 2"},
		{"too long a cell", story.Block{Kind: story.TableBlock, Table: &story.Table{Rows: [][]string{{strings.Repeat("א", 1001)}}}}, "at most 1000 characters; one in row 1 has 1001"},
		{"a card", story.Block{Kind: story.EmbedBlock, Embed: &story.Embed{Address: "https://example.org"}}, ""},
		{"a card to come", story.Block{Kind: story.EmbedBlock, Embed: &story.Embed{}}, ""},
		{"a card of script", story.Block{Kind: story.EmbedBlock, Embed: &story.Embed{Address: "javascript:alert(1)"}}, "begins with https://"},
		{"a card in the clear", story.Block{Kind: story.EmbedBlock, Embed: &story.Embed{Address: "http://example.org"}}, "begins with https://"},
		{"too much in a box", story.Block{Kind: story.BoxBlock, Box: &story.Box{Passages: make([]story.Passage, 61)}}, "at most 60 paragraphs; this one has 61"},
		{"a script in a box", story.Block{Kind: story.BoxBlock, Box: &story.Box{Passages: []story.Passage{{Items: [][]story.Span{{{Text: "a", Link: "javascript:x"}}}}}}}, "cannot be linked to"},
		{"too many pictures", story.Block{Kind: story.GalleryBlock, Pictures: make([]string, 61)}, "at most 60 pictures; this one has 61"},
	} {
		c.b.ID = "aaaaaaaa"
		body, err := json.Marshal(c.b)
		if err != nil {
			t.Fatal(err)
		}
		_, err = story.CheckPart("block:aaaaaaaa", body)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	body, err := story.CheckPart("block:aaaaaaaa", json.RawMessage(`{"id":"aaaaaaaa","kind":"paragraph","table":{"rows":[["x"]]},"box":{"passages":[]},"embed":{"address":"javascript:x"},"pictures":["x"]}`))
	if err != nil || string(body) != `{"id":"aaaaaaaa","kind":"paragraph"}` {
		t.Errorf("a paragraph keeps what belongs to others: %s %v", body, err)
	}
}

// A box holds passages and not blocks: there is no way to write a box into a box.
func TestNoBoxInABox(t *testing.T) {
	inner := `{"id":"bbbbbbbb","kind":"box","box":{"passages":[]}}`
	for _, passage := range []string{inner, `{"box":{"passages":[]}}`, `{"items":[` + inner + `]}`} {
		body := fmt.Sprintf(`{"id":"aaaaaaaa","kind":"box","box":{"passages":[%s]}}`, passage)
		if _, err := story.CheckPart("block:aaaaaaaa", json.RawMessage(body)); err == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

// What was written before there were these kinds reads and is written as it was, to the
// byte: hashes and the edition's digest rest on it.
func TestOldBlocksKeepTheirBytes(t *testing.T) {
	for _, old := range []string{
		`{"id":"aaaaaaaa","kind":"paragraph","spans":[{"text":"a","strong":true}]}`,
		`{"id":"aaaaaaaa","kind":"heading","level":2,"spans":[{"text":"a"}]}`,
		`{"id":"aaaaaaaa","kind":"list","items":[[{"text":"a"}]]}`,
		`{"id":"aaaaaaaa","kind":"picture","picture":"pic0000001"}`,
		`{"id":"aaaaaaaa","kind":"quotation","spans":[{"text":"a"}],"quotation":"aaaaaaaa"}`,
	} {
		var b story.Block
		if err := json.Unmarshal([]byte(old), &b); err != nil {
			t.Fatal(err)
		}
		if now, err := json.Marshal(b); err != nil || string(now) != old {
			t.Errorf("%s is written %s (%v)", old, now, err)
		}
	}
}
