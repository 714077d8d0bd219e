package site_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/record"
	"dateline/internal/story"
)

// kinds is an article with every kind of block that holds more than words.
func kinds(lang, slug string) story.Text {
	x := text(lang, slug, "What the channel costs")
	for i := range 4 {
		p := lead().Pictures[0]
		p.ID, p.Caption, p.Focal = fmt.Sprintf("pic000000%d", i+1), fmt.Sprintf("Quay %d.", i+1), nil
		x.Pictures = append(x.Pictures, p)
	}
	x.Pictures[2].Alt, x.Pictures[3].Rights = "", "© The harbour board"
	x.Doc = append(x.Doc,
		story.Block{ID: "table001", Kind: story.TableBlock, Table: &story.Table{Caption: "Who <pays>", Head: true,
			Rows: [][]string{{"From", "Share", "Million dollars"}, {"The state", "half", "48.0"}, {"A loan", "the rest", "−1,016.5"}, {"", "", "–"}}}},
		story.Block{ID: "table002", Kind: story.TableBlock, Table: &story.Table{Rows: [][]string{{"a", "1"}, {"b", "two"}}}},
		story.Block{ID: "box00001", Kind: story.BoxBlock, Box: &story.Box{Title: "In short", Passages: story.ParsePassages("One **word**, [a link](https://example.org).\n\n- two\n- three")}},
		story.Block{ID: "card0001", Kind: story.EmbedBlock, Spans: []story.Span{{Text: "24 minutes."}}, Embed: &story.Embed{Address: "https://www.radio.example.org/1", Provider: "Radio", Title: "The Morning Boat"}},
		story.Block{ID: "card0002", Kind: story.EmbedBlock, Embed: &story.Embed{Address: "https://film.example.org/<2>"}},
		story.Block{ID: "card0003", Kind: story.EmbedBlock, Embed: &story.Embed{Address: "https://film.example.org/3"}},
		story.Block{ID: "gallery1", Kind: story.GalleryBlock, Spans: []story.Span{{Text: "The quays"}}, Pictures: []string{"pic0000001", "pic0000002", "pic0000003", "pic0000004", "picture-x"}},
		story.Block{ID: "gallery2", Kind: story.GalleryBlock, Pictures: []string{"pic0000001"}},
		story.Block{ID: "unknown1", Kind: "film", Spans: []story.Span{{Text: "Of a newer binary."}}},
	)
	return x
}

func TestKindsOfBlock(t *testing.T) {
	p := newKiosk(t).found().print()
	p.add("2024-03-22T19:20:00Z", record.KindArticle, "desk-n", "abcdefgh10", posted(kinds("en", "what-it-costs"), record.Posted))
	he := kinds("he", "מה-זה-עולה")
	he.Doc = he.Doc[:4]
	p.add("2024-03-22T19:21:00Z", record.KindArticle, "desk-n", "abcdefgh11", posted(he, record.Posted))
	page := p.get("/what-it-costs-abcdefgh10").Body.Bytes()
	golden(t, "kinds.html", hashed.ReplaceAll(page, []byte(".HASH.")))
	golden(t, "kinds.he.html", hashed.ReplaceAll(p.get("/he/מה-זה-עולה-abcdefgh11").Body.Bytes(), []byte(".HASH.")))
	body := string(page)
	for _, no := range []string{"Of a newer binary", "film.example.org/<2>", "picture-x", "gallery2", "<pays>"} {
		if strings.Contains(body, no) {
			t.Errorf("the page shows %q", no)
		}
	}
	if n := strings.Count(body, "<figure"); n != 4 { // the lead above, three below it
		t.Errorf("%d figures", n)
	}
	doc, err := html.Parse(strings.NewReader(body))
	check(t, err)
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" && ids[id] {
			t.Errorf("two elements are named %q", id)
		} else {
			ids[id] = true
		}
		if by := attr(n, "aria-labelledby"); by != "" && !regexp.MustCompile(`id="`+by+`"`).MatchString(body) {
			t.Errorf("nothing is named %q, which labels <%s>", by, n.Data)
		}
		if n.Data == "th" && attr(n, "scope") == "" {
			t.Error("a head of a table without its scope")
		}
		if n.Data == "a" && strings.HasPrefix(attr(n, "href"), "https://film") && attr(n, "href") != "https://film.example.org/3" {
			t.Errorf("a card leads to %q", attr(n, "href"))
		}
	}
}

// What changed in a table, a box, a card and a gallery is told in the history.
func TestHistoryOfKinds(t *testing.T) {
	p := newKiosk(t).found().print()
	x := kinds("en", "what-it-costs")
	p.add("2024-03-22T19:20:00Z", record.KindArticle, "desk-n", "abcdefgh10", posted(x, record.Posted))
	x = kinds("en", "what-it-costs")
	x.Doc[2].Table.Rows[1][2] = "49.0"
	x.Doc[4].Box.Title = "In brief"
	x.Doc[5].Embed.Address = "https://www.radio.example.org/9"
	x.Doc[8].Pictures = x.Doc[8].Pictures[:3]
	p.add("2024-03-22T19:25:00Z", record.KindArticle, "desk-n", "abcdefgh10", posted(x, record.Updated))
	body := p.get("/what-it-costs-abcdefgh10/history/2").Body.String()
	for _, want := range []string{"<mark>49.0</mark>", "<mark>brief</mark>", "<mark>https://www.radio.example.org/9</mark>", "<mark>Quay 4. Ida Kessler / Halyard Agency</mark>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the history does not show %s", want)
		}
	}
}
