package wire

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"

	"dateline/internal/story"
)

// RSS 0.9x to 2.0, RDF and Atom: read by a library, behind the same walk over the tokens
// as every XML here.

func isFeed(b []byte) bool {
	switch strings.ToLower(root(b)) {
	case "rss", "feed", "rdf":
		return true
	}
	return false
}

func readFeed(b []byte) ([]Item, error) {
	if err := checkXML(b); err != nil {
		return nil, err
	}
	if n := bytes.Count(b, []byte("<item")) + bytes.Count(b, []byte("<entry")); n > MaxItems {
		return nil, fmt.Errorf("it holds more than %d items.", MaxItems)
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(b))
	if err != nil {
		return nil, errors.New("it cannot be read as a feed.")
	}
	var items []Item
	for _, i := range feed.Items {
		if it, ok := feedItem(feed, i); ok {
			items = append(items, it)
		}
	}
	return items, nil
}

func feedItem(feed *gofeed.Feed, i *gofeed.Item) (it Item, ok bool) {
	it = Item{Format: "rss", GUID: cmp.Or(i.GUID, i.Link), Kind: KindText, Status: Usable, Lang: feed.Language, Headline: i.Title, Provider: feedName(feed.Title)}
	if feed.FeedType == "atom" {
		it.Format = "atom"
	}
	if it.GUID == "" {
		return it, false // without an identity, every look would bring it again
	}
	sent := i.PublishedParsed
	if i.UpdatedParsed != nil {
		sent = i.UpdatedParsed
	}
	if sent != nil && sent.Year() > 1970 && sent.Year() < 9999 {
		it.Sent = sent.UTC()
	}
	for _, a := range i.Authors {
		it.Byline = cmp.Or(it.Byline, a.Name)
	}
	if i.DublinCoreExt != nil && it.Byline == "" {
		it.Byline = first(i.DublinCoreExt.Creator)
	}
	for _, c := range i.Categories {
		it.Topics = append(it.Topics, story.Topic{Code: clean(c), Labels: map[string]string{"en": clean(c)}})
	}
	it.Doc = bodyFromHTML(cmp.Or(i.Content, i.Description))
	it.Pictures = feedPictures(i)
	return it, true
}

// feedName is the agency in a feed's title: "Northwind Wire: world" is Northwind Wire.
func feedName(title string) string {
	name, _, _ := strings.Cut(title, ":")
	return strings.TrimSpace(name)
}

// feedPictures are media:content and enclosures that are pictures. Media RSS allows them
// in groups and writes credit and description inside or beside.
func feedPictures(i *gofeed.Item) (out []PictureRef) {
	media := i.Extensions["media"]
	for _, group := range media["group"] {
		for _, c := range group.Children["content"] {
			out = appendMedia(out, c, group.Children)
		}
	}
	for _, c := range media["content"] {
		out = appendMedia(out, c, media)
	}
	for _, e := range i.Enclosures {
		if strings.HasPrefix(e.Type, "image/") && fileOf(e.URL) != "" && len(out) == 0 {
			out = append(out, PictureRef{File: fileOf(e.URL)})
		}
	}
	return out
}

func appendMedia(out []PictureRef, c ext.Extension, around map[string][]ext.Extension) []PictureRef {
	if c.Attrs["medium"] != "image" && !strings.HasPrefix(c.Attrs["type"], "image/") {
		return out
	}
	p := PictureRef{File: fileOf(c.Attrs["url"])}
	say := func(name string) string {
		for _, x := range append(c.Children[name], around[name]...) {
			if s := strings.TrimSpace(x.Value); s != "" {
				return s
			}
		}
		return ""
	}
	p.Caption, p.Credit.Line = cmp.Or(say("description"), say("title")), say("credit")
	if p.File == "" {
		return out
	}
	return append(out, p)
}
