package feed

import (
	"encoding/xml"
	"time"

	"dateline/internal/clock"
)

// RSS 2.0 (RSS Advisory Board, 2.0.11) with the modules content, dc, media and atom.

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Copyright   string    `xml:"copyright"`
	Built       string    `xml:"lastBuildDate"`
	Self        atomLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	ID          rssID    `xml:"guid"`
	Published   string   `xml:"pubDate"`
	Updated     string   `xml:"atom:updated"`
	Authors     []string `xml:"dc:creator"`
	Category    string   `xml:"category,omitempty"`
	Description string   `xml:"description,omitempty"`
	Content     string   `xml:"content:encoded,omitempty"`
	Media       []media  `xml:"media:content"`
}

type rssID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// RSS writes the feed as RSS. It has no tombstones: an item under the same id says that
// the article is gone, so that programs which kept it put that in its place.
func (f Feed) RSS() ([]byte, error) {
	items, updated, err := f.items()
	if err != nil {
		return nil, err
	}
	h := f.House
	out := rssFeed{Version: "2.0", Atom: atomSpace, Content: "http://purl.org/rss/1.0/modules/content/", DC: "http://purl.org/dc/elements/1.1/", Media: mediaSpace}
	out.Channel = rssChannel{Title: f.Title, Link: h.Address + f.Home, Description: f.Notice, Language: f.Lang, Copyright: rights(h, f.Lang), Built: rssTime(updated),
		Self: atomLink{"self", h.Address + f.Self + ".rss", "application/rss+xml"}}
	if f.Notice == "" {
		out.Channel.Description = f.Title
	}
	for _, x := range items {
		i := rssItem{Title: x.title, Link: x.address, ID: rssID{false, x.id}, Published: rssTime(x.published), Updated: clock.ISO(x.updated),
			Authors: x.authors, Category: x.sectionName, Description: x.summary, Content: x.html, Media: mediaOf(x.figures)}
		if x.gone || x.withdrawn {
			i.Description = x.note
		}
		out.Channel.Items = append(out.Channel.Items, i)
	}
	return asXML(out)
}

// rssTime is an instant as RFC 822 writes it, with the year in four digits.
func rssTime(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
