package feed_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/feed"
	"dateline/internal/record"
	"dateline/internal/story"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", file, got)
	}
}

// house is the house of a Friday, with what a feed must know how to write.
func house(t *testing.T, lang string) (h edition.House, articles []edition.Article) {
	t.Helper()
	r := editiontest.House(t)
	c := editiontest.Text("en", "city", `Fish & chips <at> "the" quay`, "Standfirst & more.", "First.")
	c.Bylines = []story.Byline{{Name: "Dana Sela"}, {Name: "Tom <Ashby>"}}
	c.Dateline = story.Dateline{Place: "Port Alry"}
	c.Sources = []story.Source{{Name: "Harbour minutes", Address: "https://harbour.example/minutes?a=1&b=2"}, {Name: "Nobody", Address: "javascript:alert(1)"}}
	p := r.Picture("feedpicture", "Boats & nets.", `Boats "in" a row`, story.Credit{Photographer: "Noa Harel", Agency: "Basin Pictures"})
	p.Rights = "All rights reserved"
	bare := r.Picture("barepicture", "Nobody's.", "", story.Credit{})
	second := r.Picture("nextpicture", "More boats.", "Boats", story.Credit{Line: "By somebody"})
	c.Pictures = []story.PictureUse{p, bare, second}
	c.Quotations = []story.Quotation{{ID: "quote001", Speaker: "Mara Vey", Capacity: "harbour master", ReportedBy: "The Basin Agency"}}
	c.Doc = story.Doc{
		{ID: "blk00001", Kind: story.Paragraph, Spans: []story.Span{{Text: "Plain, "}, {Text: "strong", Strong: true}, {Text: " & "}, {Text: "both", Strong: true, Em: true}, {Text: "."}}},
		{ID: "blk00002", Kind: story.Heading, Level: 3, Spans: []story.Span{{Text: "A heading"}}},
		{ID: "blk00003", Kind: story.QuotationBlock, Quotation: "quote001", Spans: []story.Span{{Text: "We shall dredge."}}},
		{ID: "blk00004", Kind: story.List, Items: [][]story.Span{{{Text: "one"}}, {{Text: "two", Link: "https://example.org/?x=1&y=2"}}}},
		{ID: "blk00005", Kind: story.Paragraph, Spans: []story.Span{{Text: "bad link", Link: "java\tscript:alert(1)"}, {Text: "</p><script>alert(1)</script>\x01"}}},
		{ID: "blk00006", Kind: story.PictureBlock, Picture: p.ID},
		{ID: "blk00007", Kind: story.PictureBlock, Picture: bare.ID},
		{ID: "blk00008", Kind: "film", Spans: []story.Span{{Text: "of a newer binary"}}},
		{ID: "blk00009", Kind: story.TableBlock, Table: &story.Table{Caption: "Depths & quays", Head: true, Rows: [][]string{{"Quay", "Metres"}, {"<North>", "14"}, {"South", ""}}}},
		{ID: "blk0000a", Kind: story.BoxBlock, Box: &story.Box{Title: "In short", Passages: []story.Passage{{Spans: []story.Span{{Text: "Bad link", Link: "javascript:alert(1)"}}}, {Items: [][]story.Span{{{Text: "a & b"}}}}}}},
		{ID: "blk0000b", Kind: story.EmbedBlock, Spans: []story.Span{{Text: "What is seen."}}, Embed: &story.Embed{Address: "https://film.example/1?a=1&b=2", Title: "A <film>"}},
		{ID: "blk0000c", Kind: story.EmbedBlock, Embed: &story.Embed{Address: "javascript:alert(1)", Title: "Not this"}},
		{ID: "blk0000d", Kind: story.GalleryBlock, Spans: []story.Span{{Text: "Boats"}}, Pictures: []string{bare.ID, second.ID, "nothing"}},
		{ID: "blk0000e", Kind: story.GalleryBlock, Spans: []story.Span{{Text: "No boats"}}, Pictures: []string{bare.ID}},
		{ID: "blk0000f", Kind: story.TableBlock}, {ID: "blk0000g", Kind: story.BoxBlock}, {ID: "blk0000h", Kind: story.EmbedBlock},
	}
	r.Post("art9000001", editiontest.Jerusalem, editiontest.Begin, c)
	r.Post("art9000002", editiontest.Jerusalem, editiontest.Begin, record.Article{Text: editiontest.Text("en", "city", "Old", "", "Archived.").Text, Change: record.Archived})
	e := editiontest.Open(t, r)
	if err := e.View(t.Context(), func(v *edition.View) (err error) {
		if h, _, err = v.House(); err != nil {
			return err
		}
		if articles, err = v.Newest(lang, 40); err != nil {
			return err
		}
		for _, id := range []story.ArticleID{editiontest.ArticleID(4), "art9000002"} { // withdrawn, archived
			a, _, err := v.Article(id)
			if err != nil {
				return err
			}
			if a.Lang == lang {
				articles = append(articles, a)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return h, articles
}

// front is the feed of a language's front page: the language is that of its articles, else
// the house's first.
func front(h edition.House, articles []edition.Article) feed.Feed {
	f := feed.Feed{House: h, Lang: h.First(), Self: "/feed", Home: "/", Articles: articles, Since: time.Unix(0, 0), Notice: "The London desk updates until 17:59 London time.",
		Killed: "This report was taken back.", Erased: "This report was erased."}
	if len(articles) > 0 && articles[0].Lang != "" {
		f.Lang = h.Lang(articles[0].Lang)
	}
	if f.Lang != h.First() {
		f.Self, f.Home = "/"+f.Lang+"/feed", "/"+f.Lang
	}
	f.Title = h.Names.In(f.Lang, h.Languages...)
	return f
}

func TestAtom(t *testing.T) {
	for _, lang := range []string{"en", "he"} {
		h, articles := house(t, lang)
		body, err := front(h, articles).Atom()
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, body)
		golden(t, "testdata/atom."+lang+".xml", body)
	}
}

func TestAtomOfSummaries(t *testing.T) {
	h, articles := house(t, "en")
	h.Feeds = "summary"
	body, err := front(h, articles[:1]).Atom()
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, body)
	golden(t, "testdata/summary.en.xml", body)
}

func wellFormed(t *testing.T, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
}

// TestSameID corrects, withdraws and reinstates an article and wants one id and one
// published time throughout, and an updated time that grows.
func TestSameID(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	const id story.ArticleID = "art0000001"
	at := func(m int) time.Time { return editiontest.Begin.Add(time.Duration(m) * time.Minute) }
	c := editiontest.Text("en", "city", "A headline", "", "Words.")
	c.Pictures = []story.PictureUse{{ID: "p", Credit: story.Credit{}}}
	fixed := c
	fixed.Change, fixed.Correction = record.Corrected, &record.Correction{Note: "It was <four>."}
	back := c
	back.Change, back.Material = record.Reinstated, true
	updated := ""
	for i, step := range []func(){
		func() { r.Post(id, editiontest.London, at(0), c) },
		func() { r.Post(id, editiontest.London, at(1), fixed) },
		func() { r.Withdraw(id, editiontest.London, at(2), "Not <so>.") },
		func() { r.Post(id, editiontest.London, at(3), back) },
	} {
		step()
		if err := e.CatchUp(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		f := parse(t, e, id)
		x := f.Entries[0]
		if x.ID != "tag:meridian.example,2024:art0000001" || x.Published != "2024-03-22T15:05:00Z" || x.Updated <= updated || f.Updated != x.Updated {
			t.Errorf("step %d: %+v, feed updated %s", i, x, f.Updated)
		}
		updated = x.Updated
		if note := strings.Contains(x.Content, "It was &lt;four&gt;."); note != (i == 1 || i == 3) {
			t.Errorf("step %d: the correction is told: %t", i, note)
		}
		if gone := strings.Contains(x.Content, "Not &lt;so&gt;.") && !strings.Contains(x.Content, "Words."); gone != (i == 2) {
			t.Errorf("step %d: only the note: %t", i, gone)
		}
	}
	r.Kill(id, editiontest.London, at(4), "")
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	f := parse(t, e, id)
	if len(f.Entries) != 1 || strings.Contains(f.Entries[0].Content, "Words.") || f.Entries[0].Updated != "2024-03-22T15:09:00Z" || len(f.Gone) != 1 || f.Gone[0].Ref != "tag:meridian.example,2024:art0000001" || f.Gone[0].When != "2024-03-22T15:09:00Z" {
		t.Errorf("killed: %+v", f)
	}
}

type parsed struct {
	Updated string `xml:"updated"`
	Gone    []struct {
		Ref  string `xml:"ref,attr"`
		When string `xml:"when,attr"`
	} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	Entries []struct {
		ID        string `xml:"id"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Content   string `xml:"content"`
	} `xml:"entry"`
}

func parse(t *testing.T, e *edition.Edition, id story.ArticleID) (f parsed) {
	t.Helper()
	var body []byte
	if err := e.View(t.Context(), func(v *edition.View) error {
		h, _, err := v.House()
		if err != nil {
			return err
		}
		a, _, err := v.Article(id)
		if err != nil {
			return err
		}
		body, err = front(h, []edition.Article{a}).Atom()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(body, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAddress(t *testing.T) {
	h := edition.House{House: editiontest.HouseEntry()}
	for want, c := range map[string]edition.Card{
		"/two-meteors-art0000001":           {ID: "art0000001", Lang: "en", Slug: "two-meteors"},
		"/he/%D7%A1%D7%A4%D7%A8-art0000002": {ID: "art0000002", Lang: "he", Slug: "ספר"},
		"/a%2Fb%3Fc%23d-art0000003":         {ID: "art0000003", Lang: "en", Slug: "a/b?c#d"},
	} {
		if got := feed.Address(h, c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
