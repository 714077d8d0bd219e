package feed

import (
	"encoding/xml"
	"fmt"

	"dateline/internal/clock"
)

// Atom (RFC 4287), with tombstones (RFC 6721) and pictures by Media RSS 1.5.1. Beside its
// tombstone, what was killed has an entry of the same instant that says so: programs that
// know tombstones drop it, and the many that do not put it in place of what they kept.

type atomFeed struct {
	XMLName  xml.Name      `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string        `xml:"xml:lang,attr"`
	Media    string        `xml:"xmlns:media,attr"`
	At       string        `xml:"xmlns:at,attr"`
	ID       string        `xml:"id"`
	Title    string        `xml:"title"`
	Subtitle string        `xml:"subtitle,omitempty"`
	Updated  string        `xml:"updated"`
	Rights   string        `xml:"rights"`
	Links    []atomLink    `xml:"link"`
	Entries  []atomEntry   `xml:"entry"`
	Gone     []atomDeleted `xml:"at:deleted-entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Link       atomLink       `xml:"link"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Rights     string         `xml:"rights,omitempty"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
	Media      []media        `xml:"media:content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// atomDeleted says that an entry is no more, since when and why.
type atomDeleted struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment string `xml:"at:comment,omitempty"`
}

// media is a picture with its credit, in RSS and Atom alike.
type media struct {
	Address     string  `xml:"url,attr"`
	Type        string  `xml:"type,attr"`
	Medium      string  `xml:"medium,attr"`
	Width       int     `xml:"width,attr"`
	Height      int     `xml:"height,attr"`
	Size        int64   `xml:"fileSize,attr,omitempty"`
	Title       string  `xml:"media:title,omitempty"`
	Description string  `xml:"media:description,omitempty"`
	Credit      *credit `xml:"media:credit"`
	Rights      string  `xml:"media:copyright,omitempty"`
}

type credit struct {
	Role string `xml:"role,attr"`
	Name string `xml:",chardata"`
}

const (
	mediaSpace = "http://search.yahoo.com/mrss/"
	atSpace    = "http://purl.org/atompub/tombstones/1.0"
	atomSpace  = "http://www.w3.org/2005/Atom"
)

func mediaOf(figures []*figure) (all []media) {
	for _, f := range figures {
		all = append(all, media{f.Address, f.Type, "image", f.Width, f.Height, f.Bytes, f.Caption, f.Alt, &credit{"photographer", f.Credit}, f.Rights})
	}
	return all
}

// Atom writes the feed as Atom.
func (f Feed) Atom() ([]byte, error) {
	items, updated, err := f.items()
	if err != nil {
		return nil, err
	}
	h := f.House
	out := atomFeed{Lang: f.Lang, Media: mediaSpace, At: atSpace, ID: h.Address + f.Home, Title: f.Title, Subtitle: f.Notice, Updated: clock.ISO(updated), Rights: rights(h, f.Lang),
		Links: []atomLink{{"self", h.Address + f.Self + ".atom", "application/atom+xml"}, {"alternate", h.Address + f.Home, "text/html"}}}
	for _, x := range items {
		if x.gone {
			out.Gone = append(out.Gone, atomDeleted{x.id, clock.ISO(x.updated), x.note})
		}
		e := atomEntry{ID: x.id, Title: x.title, Published: clock.ISO(x.published), Updated: clock.ISO(x.updated), Link: atomLink{"alternate", x.address, "text/html"},
			Rights: x.rights, Summary: x.summary, Content: &atomContent{"html", x.html}, Media: mediaOf(x.figures)}
		if x.gone {
			e.Content = &atomContent{"text", x.note}
		}
		for _, name := range x.authors {
			e.Authors = append(e.Authors, atomPerson{name})
		}
		if x.section != "" {
			e.Categories = []atomCategory{{x.section, x.sectionName}}
		}
		out.Entries = append(out.Entries, e)
	}
	return asXML(out)
}

func asXML(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing a feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}
