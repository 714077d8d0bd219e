package wire

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"

	"dateline/internal/story"
)

// RSS 0.9x to 2.0, RDF and Atom: read by a library, behind the same walk over the tokens
// as every XML here. The walk is lenient, since half the feeds of the world need it.
var feeds = format{"a feed", isFeed, readFeed}

func isFeed(b []byte) bool {
	switch strings.ToLower(root(b)) {
	case "rss", "feed", "rdf":
		return true
	}
	return false
}

func readFeed(b []byte) (items []Item, err error) {
	if err := walkXML(b, false); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			items, err = nil, errors.New("cannot be read")
		}
	}()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := p.Parse(bytes.NewReader(b))
	if err != nil {
		return nil, errors.New("cannot be read as one")
	}
	for _, i := range feed.Items {
		it, err := feedItem(feed, i)
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	addSources(feed, items)
	return append(items, tombstones(feed)...), nil
}

func feedItem(feed *gofeed.Feed, i *gofeed.Item) (it Item, err error) {
	it = Item{Format: "rss", GUID: feedGUID(i), Kind: KindText, Status: feedStatus(i), Embargo: feedEmbargo(i), Lang: feed.Language,
		Headline: plain(i.Title), Provider: feedName(feed.Title), Copyright: plain(feed.Copyright)}
	if feed.FeedType == "atom" {
		it.Format = "atom"
	}
	if t, ok := instant(cmp.Or(i.Updated, i.Published)); ok {
		it.Sent = t
	}
	for _, a := range i.Authors {
		it.Byline = join(it.Byline, cmp.Or(a.Name, a.Email))
	}
	if dc := i.DublinCoreExt; dc != nil {
		it.Byline = cmp.Or(it.Byline, strings.Join(dc.Creator, ", "))
		it.Copyright = cmp.Or(plain(first(dc.Rights)), it.Copyright)
		it.Lang = cmp.Or(language(first(dc.Language)), it.Lang)
	}
	for _, c := range i.Categories {
		it.Topics = append(it.Topics, story.Topic{Code: c, Labels: map[string]string{"": c}})
	}
	read, err := htmlBody(cmp.Or(i.Content, i.Description))
	if err != nil {
		return it, err
	}
	it.Doc = read.doc
	it.Pictures = feedPictures(i, read.images)
	if i.Content != "" {
		it.Standfirst = summary(plain(i.Description), read.doc)
	}
	return it, nil
}

// feedGUID is the identity of an item. One that has none is known by its title and time:
// otherwise every look would bring it again.
func feedGUID(i *gofeed.Item) string {
	if id := cmp.Or(strings.TrimSpace(i.GUID), strings.TrimSpace(i.Link)); id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(i.Title + "\n" + cmp.Or(i.Published, i.Description)))
	return "words:" + hex.EncodeToString(sum[:16])
}

// feedName is the agency in a feed's title: "Northwind Wire: world" is Northwind Wire.
func feedName(title string) string {
	name, _, _ := strings.Cut(plain(title), ": ")
	return strings.TrimSpace(name)
}

// summary is a description that is not the beginning of the body over again.
func summary(description string, doc story.Doc) string {
	var all strings.Builder
	for _, b := range doc {
		all.WriteString(b.Plain() + " ")
	}
	begin := strings.TrimRight(fold(description), ".[] ")
	if len(description) > maxTitle || strings.HasPrefix(fold(all.String()), begin) {
		return ""
	}
	return description
}

// feedStatus is what Media RSS says of the whole item; a feed says no more than that.
func feedStatus(i *gofeed.Item) Status {
	for _, s := range i.Extensions["media"]["status"] {
		switch strings.ToLower(s.Attrs["state"]) {
		case "blocked":
			return Withheld
		case "deleted":
			return Canceled
		}
	}
	return Usable
}

// feedEmbargo finds an embargo in any extension that calls itself so, as PRISM does.
func feedEmbargo(i *gofeed.Item) Embargo {
	var said []string
	for _, space := range sorted(i.Extensions) {
		for _, name := range sorted(i.Extensions[space]) {
			if strings.HasPrefix(strings.ToLower(name), "embargo") {
				for _, e := range i.Extensions[space][name] {
					said = append(said, e.Value)
				}
			}
		}
	}
	for _, name := range sorted(i.Custom) {
		if strings.HasPrefix(strings.ToLower(name), "embargo") {
			said = append(said, i.Custom[name])
		}
	}
	return embargoOf(said)
}

// addSources adds whom an RSS item came from, which the common form of feeds leaves out.
func addSources(feed *gofeed.Feed, items []Item) {
	original, ok := feed.OriginalFeed().(*rss.Feed)
	if !ok || len(original.Items) != len(items) {
		return
	}
	for i, o := range original.Items {
		if o.Source != nil && o.Source.Title != "" {
			items[i].InfoSources = append(items[i].InfoSources, o.Source.Title)
		}
	}
}

// tombstones are what an Atom feed says is gone (RFC 6721).
func tombstones(feed *gofeed.Feed) (out []Item) {
	for _, space := range sorted(feed.Extensions) {
		for _, e := range feed.Extensions[space]["deleted-entry"] {
			if e.Attrs["ref"] == "" {
				continue
			}
			it := Item{Format: "atom", GUID: e.Attrs["ref"], Kind: KindText, Status: Canceled, Provider: feedName(feed.Title)}
			it.Sent, _ = instant(e.Attrs["when"])
			if c := e.Children["comment"]; len(c) > 0 {
				it.EdNote = c[0].Value
			}
			out = append(out, it)
		}
	}
	return out
}
