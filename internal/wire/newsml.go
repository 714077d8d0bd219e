package wire

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"dateline/internal/story"
)

// NewsML-G2 (IPTC, versions 2.9 to 2.36 in the field): a newsMessage with any number of
// items, or one bare newsItem; with its namespace or, as some agencies send it, without.
// Packages, concepts and plans are left out.

func isNewsML(b []byte) bool {
	switch root(b) {
	case "newsMessage", "newsItem", "itemSet":
		return true
	}
	return false
}

func readNewsML(b []byte) ([]Item, error) {
	if err := checkXML(b); err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Entity = xml.HTMLEntity
	var items []Item
	var sender string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return linkPictures(items), nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "sender":
			if err := d.DecodeElement(&sender, &e); err != nil {
				return nil, err
			}
		case "newsItem":
			var n g2Item
			if err := d.DecodeElement(&n, &e); err != nil {
				return nil, fmt.Errorf("an item in it cannot be read: %w", err)
			}
			if it, ok := n.item(sender); ok {
				items = append(items, it)
			}
			if len(items) > MaxItems {
				return nil, fmt.Errorf("it holds more than %d items.", MaxItems)
			}
		}
	}
}

type g2Name struct {
	QCode   string   `xml:"qcode,attr"`
	Literal string   `xml:"literal,attr"`
	URI     string   `xml:"uri,attr"`
	Role    string   `xml:"role,attr"`
	Type    string   `xml:"type,attr"`
	Names   []string `xml:"name"`
	Text    string   `xml:",chardata"`
}

func (n g2Name) name() string {
	if len(n.Names) > 0 {
		return n.Names[0]
	}
	if t := strings.TrimSpace(n.Text); t != "" {
		return t
	}
	return n.Literal
}

// code is a qcode's local part, or the last part of a URI.
func (n g2Name) code() string {
	c := n.QCode
	if c == "" {
		c = n.URI
	}
	return c[strings.LastIndexAny(c, ":/#")+1:]
}

type g2Item struct {
	GUID    string `xml:"guid,attr"`
	Version string `xml:"version,attr"`
	Lang    string `xml:"lang,attr"`
	Rights  []struct {
		Holder g2Name `xml:"copyrightHolder"`
		Notice string `xml:"copyrightNotice"`
		Usage  string `xml:"usageTerms"`
	} `xml:"rightsInfo"`
	Meta struct {
		Class     g2Name   `xml:"itemClass"`
		Provider  g2Name   `xml:"provider"`
		Created   string   `xml:"versionCreated"`
		Embargoed *string  `xml:"embargoed"`
		Status    g2Name   `xml:"pubStatus"`
		Title     []string `xml:"title"`
		EdNotes   []string `xml:"edNote"`
	} `xml:"itemMeta"`
	Content struct {
		Urgency     string   `xml:"urgency"`
		Located     []g2Name `xml:"located"`
		InfoSources []g2Name `xml:"infoSource"`
		Creators    []g2Name `xml:"creator"`
		By          []string `xml:"by"`
		Dateline    []string `xml:"dateline"`
		Subjects    []g2Name `xml:"subject"`
		Slugline    []string `xml:"slugline"`
		Headlines   []g2Name `xml:"headline"`
		Credit      []string `xml:"creditline"`
		Desc        []g2Name `xml:"description"`
		Language    []struct {
			Tag string `xml:"tag,attr"`
		} `xml:"language"`
	} `xml:"contentMeta"`
	Set struct {
		Inline []struct {
			Type  string `xml:"contenttype,attr"`
			Inner string `xml:",innerxml"`
		} `xml:"inlineXML"`
		Data []struct {
			Type string `xml:"contenttype,attr"`
			Text string `xml:",chardata"`
		} `xml:"inlineData"`
		Remote []struct {
			Href      string `xml:"href,attr"`
			Type      string `xml:"contenttype,attr"`
			Rendition string `xml:"rendition,attr"`
			Width     int    `xml:"width,attr"`
			Height    int    `xml:"height,attr"`
		} `xml:"remoteContent"`
	} `xml:"contentSet"`
}

// item reads what a newsItem says; false for kinds that are left out.
func (n g2Item) item(sender string) (it Item, ok bool) {
	m, c := n.Meta, n.Content
	it = Item{Format: "newsml-g2", GUID: n.GUID, Version: n.Version, Lang: n.Lang, Status: status(m.Status.QCode + m.Status.URI),
		Provider: m.Provider.name(), EdNote: strings.Join(m.EdNotes, " "), Slugline: first(c.Slugline), Dateline: first(c.Dateline),
		Byline: strings.Join(c.By, ", "), Kind: KindText}
	it.Sent, _ = instant(m.Created)
	if m.Embargoed != nil {
		// Empty means an embargo until a later version lifts it: no end.
		it.Embargo = embargo(*m.Embargoed)
		it.Embargo.Set = true
	}
	if it.Provider == "" {
		it.Provider = sender
	}
	if it.Lang == "" && len(c.Language) > 0 {
		it.Lang = c.Language[0].Tag
	}
	it.Urgency, _ = strconv.Atoi(strings.TrimSpace(c.Urgency))
	for _, r := range n.Rights {
		it.Copyright, it.Usage = r.Notice, strings.TrimSpace(r.Usage)
	}
	n.about(&it)
	switch m.Class.code() {
	case "text", "":
		n.text(&it)
	case "picture", "graphic":
		n.picture(&it)
	default:
		return it, false
	}
	return it, true
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// about reads headline, places, people and subjects.
func (n g2Item) about(it *Item) {
	c := n.Content
	for _, h := range c.Headlines {
		if it.Headline == "" || strings.HasSuffix(h.Role, ":main") {
			it.Headline = h.name()
		}
	}
	if it.Headline == "" {
		it.Headline = first(n.Meta.Title)
	}
	for _, l := range c.Located {
		it.Located = l.name()
		break
	}
	for _, s := range c.InfoSources {
		it.InfoSources = append(it.InfoSources, clean(s.name()))
	}
	for _, s := range c.Subjects {
		switch {
		case strings.HasSuffix(s.Type, ":person"):
			it.People = append(it.People, clean(s.name()))
		case strings.HasSuffix(s.Type, ":geoArea"), strings.HasSuffix(s.Type, ":poi"):
			it.Places = append(it.Places, clean(s.name()))
		case s.QCode != "":
			it.Topics = append(it.Topics, story.Topic{Code: clean(s.QCode), Labels: map[string]string{"en": clean(s.name())}})
		}
	}
}

func (n g2Item) text(it *Item) {
	for _, d := range n.Content.Desc {
		if strings.HasSuffix(d.Role, ":summary") {
			it.Standfirst = d.name()
		}
	}
	for _, x := range n.Set.Inline {
		it.Doc = append(it.Doc, bodyFromXML(x.Inner)...)
	}
	for _, x := range n.Set.Data {
		if strings.Contains(x.Type, "html") {
			it.Doc = append(it.Doc, bodyFromHTML(x.Text)...)
		} else {
			it.Doc = append(it.Doc, bodyFromText(x.Text)...)
		}
	}
}

// bodyFromXML reads XHTML or NITF inside an item. HTML parsing ignores prefixes only if
// they are gone; NITF's own names become those of HTML that mean the same.
func bodyFromXML(inner string) story.Doc {
	d := xml.NewDecoder(strings.NewReader(inner))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	for {
		tok, err := d.Token()
		if err != nil {
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch name := strings.ToLower(t.Name.Local); name {
			case "nitf", "body.content", "body", "html":
			case "title", "head", "headline", "hedline", "body.head", "tobject", "docdata":
				if err := d.Skip(); err != nil {
					return nil
				}
			default:
				writeTag(&b, name, t.Attr)
			}
		case xml.EndElement:
			switch name := strings.ToLower(t.Name.Local); name {
			case "nitf", "body.content", "body", "html":
			default:
				b.WriteString("</" + htmlName(name) + ">")
			}
		case xml.CharData:
			xmlEscape(&b, t)
		}
	}
	return bodyFromHTML(b.String())
}

// htmlName is the element of HTML that means what an element of NITF does.
func htmlName(name string) string {
	switch name {
	case "hl1", "hl2":
		return "h2"
	case "block", "body.end", "media", "caption":
		return "div"
	}
	return name
}

func writeTag(b *strings.Builder, name string, attrs []xml.Attr) {
	b.WriteString("<" + htmlName(name))
	for _, a := range attrs {
		if a.Name.Local == "href" {
			b.WriteString(` href="`)
			xmlEscape(b, []byte(a.Value))
			b.WriteString(`"`)
		}
	}
	b.WriteString(">")
}

func xmlEscape(b *strings.Builder, text []byte) {
	_ = xml.EscapeText(b, text) // a strings.Builder does not fail
}

func (n g2Item) picture(it *Item) {
	it.Kind = KindPicture
	p := &PictureRef{GUID: it.GUID, Version: it.Version, Status: it.Status}
	for _, d := range n.Content.Desc {
		if p.Caption == "" || strings.HasSuffix(d.Role, ":caption") {
			p.Caption = d.name()
		}
	}
	p.Credit = story.Credit{Line: first(n.Content.Credit), Photographer: strings.Join(n.Content.By, ", ")}
	for _, r := range n.Rights {
		p.Credit.Agency = r.Holder.name()
	}
	if len(n.Content.By) == 0 && len(n.Content.Creators) > 0 {
		p.Credit.Photographer = n.Content.Creators[0].name()
	}
	best := -1
	for i, r := range n.Set.Remote {
		if best < 0 || r.Width > n.Set.Remote[best].Width {
			best = i
		}
	}
	if best >= 0 {
		r := n.Set.Remote[best]
		p.File, p.Width, p.Height = fileOf(r.Href), r.Width, r.Height
	}
	it.Picture = p
}

// linkPictures has the texts of a message name its pictures: items of one message belong together.
func linkPictures(items []Item) []Item {
	var pictures []PictureRef
	texts := 0
	for _, it := range items {
		if it.Kind == KindPicture {
			pictures = append(pictures, *it.Picture)
		} else {
			texts++
		}
	}
	for i := range items {
		if items[i].Kind == KindText && texts == 1 {
			items[i].Pictures = append(items[i].Pictures, pictures...)
		}
	}
	return items
}
