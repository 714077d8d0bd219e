// Package feed writes what programs read: pure bytes from the edition's values.
package feed

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
)

// Atom (RFC 4287). Times are the posted time, which never changes, and the newest update
// or correction. A correction stays under the entry's id.

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Link      atomLink     `xml:"link"`
	Authors   []atomPerson `xml:"author"`
	Summary   string       `xml:"summary,omitempty"`
	Content   atomContent  `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// Address is an article's public address, without the house's.
func Address(h edition.House, c edition.Card) string {
	prefix := ""
	if c.Lang != h.First() {
		prefix = "/" + c.Lang
	}
	return prefix + "/" + url.PathEscape(c.Slug) + "-" + string(c.ID)
}

// Atom writes a feed of articles; self and home are addresses without the house's. An
// empty feed is dated with the house's own entry.
func Atom(h edition.House, lang, title, self, home string, articles []edition.Article, since time.Time) ([]byte, error) {
	f := atomFeed{Lang: lang, ID: h.Address + home, Title: title, Updated: clock.ISO(since),
		Links: []atomLink{{"self", h.Address + self, "application/atom+xml"}, {"alternate", h.Address + home, "text/html"}}}
	newest := since
	for _, a := range articles {
		e := entry(h, a)
		if at := lastChange(a); at.After(newest) {
			newest = at
		}
		f.Entries = append(f.Entries, e)
	}
	f.Updated = clock.ISO(newest)
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing a feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

func lastChange(a edition.Article) time.Time {
	if a.Corrected.After(a.Updated) {
		return a.Corrected
	}
	return a.Updated
}

func entry(h edition.House, a edition.Article) atomEntry {
	e := atomEntry{ID: fmt.Sprintf("tag:%s,2024:%s", hostOf(h.Address), a.ID), Title: a.Headline, Published: clock.ISO(a.Posted), Updated: clock.ISO(lastChange(a)),
		Link: atomLink{"alternate", h.Address + Address(h, a.Card), "text/html"}, Summary: a.Standfirst, Content: atomContent{"html", body(h, a)}}
	for _, b := range a.Bylines {
		e.Authors = append(e.Authors, atomPerson{b.Name})
	}
	if len(e.Authors) == 0 {
		e.Authors = []atomPerson{{h.Names.In(a.Lang, h.Languages...)}}
	}
	return e
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "house"
	}
	return u.Hostname()
}

// body is a report as HTML: corrections first, then the text; every word escaped.
func body(h edition.House, a edition.Article) string {
	var b strings.Builder
	esc := html.EscapeString
	for _, c := range a.Corrections {
		fmt.Fprintf(&b, "<p><strong>%s</strong></p>\n", esc(c.Note))
	}
	if p := a.Picture; p != nil {
		r := p.Renditions[len(p.Renditions)/2]
		fmt.Fprintf(&b, "<figure><img src=\"%s/picture/%s.jpg\" alt=\"%s\" width=\"%d\" height=\"%d\"><figcaption>%s %s</figcaption></figure>\n",
			esc(h.Address), r.SHA256, esc(p.Alt), r.Width, r.Height, esc(p.Caption), esc(p.Credit.String()))
	}
	for _, block := range a.Content.Doc {
		switch block.Kind {
		case story.Paragraph:
			fmt.Fprintf(&b, "<p>%s</p>\n", spans(block.Spans))
		case story.Heading:
			fmt.Fprintf(&b, "<h2>%s</h2>\n", spans(block.Spans))
		case story.QuotationBlock:
			fmt.Fprintf(&b, "<blockquote><p>%s</p></blockquote>\n", spans(block.Spans))
		case story.List:
			b.WriteString("<ul>\n")
			for _, it := range block.Items {
				fmt.Fprintf(&b, "<li>%s</li>\n", spans(it))
			}
			b.WriteString("</ul>\n")
		}
	}
	return b.String()
}

func spans(all []story.Span) string {
	var b strings.Builder
	for _, s := range all {
		text := html.EscapeString(s.Text)
		if s.Em {
			text = "<em>" + text + "</em>"
		}
		if s.Strong {
			text = "<strong>" + text + "</strong>"
		}
		if link := story.SafeLink(s.Link); link != "" {
			text = `<a href="` + html.EscapeString(link) + `">` + text + "</a>"
		}
		b.WriteString(text)
	}
	return b.String()
}
