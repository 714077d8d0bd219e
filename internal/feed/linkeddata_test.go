package feed_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/record"
	"dateline/internal/story"
)

func zoned(t *testing.T, name string) func(story.DeskID) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(story.DeskID) *time.Location { return zone }
}

func written(t *testing.T, nodes ...*feed.Node) []byte {
	t.Helper()
	b, err := json.MarshalIndent(nodes, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(b), "<>&") {
		t.Errorf("a sign of markup stands as itself: %s", b)
	}
	return append(b, '\n')
}

// quoted adds to an article what linked data tells of quotations and corrections.
func quoted(a edition.Article) edition.Article {
	said := time.Date(2024, 3, 22, 14, 31, 0, 0, time.UTC)
	a.Bylines = []story.Byline{{Person: "person0001", Name: "Dana Sela"}, {Name: "Tom <Ashby>"}}
	a.Content.Quotations = []story.Quotation{
		{ID: "quote001", Form: "direct", Words: []story.Words{{Text: "We shall "}, {Text: "soon", Inserted: true}, {Text: " dredge."}}, Person: "person0002", Speaker: "Mara Vey", Capacity: "harbour master", Place: "Port Alry", Said: said, ReportedBy: "The Basin Agency"},
		{ID: "quote002", Form: "indirect", Words: []story.Words{{Text: "that it was late"}}, Speaker: "Mara Vey"},
		{ID: "quote003", Form: "direct", Speaker: "Nobody who said a word"},
	}
	a.Corrections = []edition.Correction{{At: said.Add(time.Hour), Correction: record.Correction{Note: "It was </script> four."}}}
	return a
}

func TestLinkedArticle(t *testing.T) {
	h, articles := house(t, "en")
	l := feed.Linked{House: h, Lang: "en", Logo: h.Address + "/icon.svg", Zones: zoned(t, "Asia/Jerusalem"), People: map[string]string{"person0002": h.Address + "/person/mara-vey-person0002"}}
	a := quoted(articles[0])
	golden(t, "testdata/article.en.json", written(t, l.Article(a), l.Breadcrumbs(feed.Crumb{Words: "Front", Address: "/"}, feed.Crumb{Words: a.Headline, Address: feed.Address(h, a.Card)})))
}

func TestLinkedPerson(t *testing.T) {
	h, articles := house(t, "en")
	l := feed.Linked{House: h, Lang: "en", Zones: zoned(t, "America/New_York")}
	a := quoted(articles[0])
	p := edition.Person{Person: record.Person{Names: record.Words{"en": "Mara Vey", "he": "מרה"}, Line: record.Words{"en": "Harbour master."}}}
	var said []edition.Statement
	for _, q := range a.Content.Quotations {
		said = append(said, edition.Statement{Quotation: q, In: a.Card, At: a.Posted})
	}
	golden(t, "testdata/person.en.json", written(t, l.Person(p, "/person/mara-vey-person0002", said)...))
}

// TestLinkedLive wants entries in the clock of their own desk, none that was removed, and
// an end of the coverage only where one is known.
func TestLinkedLive(t *testing.T) {
	h, articles := house(t, "en")
	l := feed.Linked{House: h, Lang: "en", Zones: zoned(t, "Europe/London")}
	at := time.Date(2024, 3, 22, 9, 0, 0, 0, time.UTC)
	words := record.Live{Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Rook takes c6."}}}, {Kind: story.Paragraph, Spans: []story.Span{{Text: "Check."}}}}}
	updates := []feed.Update{
		{LiveEntry: edition.LiveEntry{ID: "one", Posted: at, Updated: at.Add(time.Minute), Content: words}, Address: "/live#e-one", Headline: "A rook falls", By: "London desk"},
		{LiveEntry: edition.LiveEntry{ID: "two", Posted: at, Removed: at.Add(time.Hour), Content: words}, Address: "/live#e-two", Headline: "Removed", By: "London desk"},
	}
	page := edition.LivePage{Opened: at.Add(-time.Hour)}
	golden(t, "testdata/live.en.json", written(t, l.LiveBlog(articles[0], page, at.Add(8*time.Hour), updates)))
	if n := l.LiveBlog(articles[0], page, time.Time{}, nil); n.Ends != "" {
		t.Errorf("coverage ends at %q, which nobody knows", n.Ends)
	}
}

func TestCoverageEnds(t *testing.T) {
	friday := time.Date(2024, 3, 22, 15, 0, 0, 0, time.UTC)
	rest := func(desk story.DeskID, start, end time.Duration) edition.Desk {
		d := edition.Desk{ID: desk, N: 1, Desk: record.Desk{From: friday.Add(-48 * time.Hour), Horizon: friday.Add(9000 * time.Hour), Windows: []record.Window{{Start: friday.Add(start), End: friday.Add(end), Name: "Shabbat"}}}}
		d.Hours = edition.HoursOf(1, d.Desk)
		return d
	}
	desks := []edition.Desk{rest("a", time.Hour, 26*time.Hour), rest("b", 3*time.Hour, 28*time.Hour), rest("c", 9*time.Hour, 30*time.Hour)}
	page := edition.LivePage{Desks: []story.DeskID{"a", "b"}}
	for after, want := range map[time.Duration]time.Duration{0: 3 * time.Hour, 2 * time.Hour: 3 * time.Hour, 5 * time.Hour: 3 * time.Hour} {
		if got := feed.CoverageEnds(edition.MomentAt(edition.House{}, desks, friday.Add(after)), page); !got.Equal(friday.Add(want)) {
			t.Errorf("after %v: %v, want %v", after, got, friday.Add(want))
		}
	}
	page.Closed = friday
	if got := feed.CoverageEnds(edition.MomentAt(edition.House{}, desks, friday.Add(time.Hour)), page); !got.Equal(friday) {
		t.Errorf("a closed page's coverage ends at %v", got)
	}
}

func TestShared(t *testing.T) {
	use := func(widths ...int) *story.PictureUse {
		p := &story.PictureUse{Credit: story.Credit{Line: "Somebody"}}
		for _, w := range widths {
			p.Renditions = append(p.Renditions, story.Rendition{Width: w})
		}
		return p
	}
	for want, p := range map[int]*story.PictureUse{1200: use(400, 2400, 1200, 1600), 800: use(800, 400), 2000: use(2000)} {
		if r, ok := feed.Shared(p); !ok || r.Width != want {
			t.Errorf("%d, %t, want %d", r.Width, ok, want)
		}
	}
	bare := use(1200)
	bare.Credit = story.Credit{}
	for _, p := range []*story.PictureUse{nil, use(), bare} {
		if _, ok := feed.Shared(p); ok {
			t.Errorf("%+v is shared without a credit", p)
		}
	}
}
