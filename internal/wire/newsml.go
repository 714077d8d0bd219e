package wire

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// NewsML-G2 (IPTC; 2.9 to 2.36 in the field): a newsMessage with any number of items, or
// one bare newsItem; with its namespace or, as some agencies send it, without. Packages,
// concepts, plans and catalogues are left out.
var newsML = format{"NewsML-G2", isNewsML, readNewsML}

var newsMLRoots = []string{"newsMessage", "newsItem", "itemSet", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"}

func isNewsML(b []byte) bool { return slices.Contains(newsMLRoots, root(b)) }

func readNewsML(b []byte) ([]Item, error) {
	if err := walkXML(b, true); err != nil {
		return nil, err
	}
	d := decoder(b, true)
	var read []g2Item
	var sender flat
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return g2Items(read, sender.Text)
		}
		if err != nil {
			return nil, syntaxError(err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := e.Name.Local; {
		case name == "sender":
			err = d.DecodeElement(&sender, &e)
		case name == "newsItem":
			var n g2Item
			err = d.DecodeElement(&n, &e)
			read = append(read, n)
		case strings.HasSuffix(name, "Item"):
			err = d.Skip()
		}
		if err != nil {
			return nil, syntaxError(err)
		}
	}
}

// g2Items makes items of what was read, and has texts name their pictures.
func g2Items(read []g2Item, sender string) ([]Item, error) {
	var items []Item
	var links [][]g2Link
	for _, n := range read {
		if strings.TrimSpace(n.GUID) == "" {
			return nil, errors.New("holds an item without a guid")
		}
		it, ok, err := n.item(sender)
		if err != nil {
			return nil, err
		}
		if ok {
			items, links = append(items, it), append(links, n.Meta.Links)
		}
	}
	linkPictures(items, links)
	return items, nil
}

// linkPictures has each text name the pictures that it links to. Where the only text of a
// message links to none, all that came with it are its own.
func linkPictures(items []Item, links [][]g2Link) {
	texts := 0
	pictures := map[string]PictureRef{}
	var all []PictureRef
	for _, it := range items {
		if it.Kind == KindText {
			texts++
			continue
		}
		pictures[it.GUID] = *it.Picture
		all = append(all, *it.Picture)
	}
	for i := range items {
		it := &items[i]
		if it.Kind != KindText {
			continue
		}
		linked := false
		for _, l := range links[i] {
			if p, here := pictures[l.Residref]; here {
				it.Pictures, linked = append(it.Pictures, p), true
			} else if l.toPicture() {
				it.Pictures = append(it.Pictures, PictureRef{GUID: l.Residref, Version: l.Version, Caption: first(l.Titles).Text})
			}
		}
		if !linked && texts == 1 {
			it.Pictures = append(it.Pictures, all...)
		}
	}
}

// A g2Item is a newsItem as it is written.
type g2Item struct {
	GUID    string     `xml:"guid,attr"`
	Version string     `xml:"version,attr"`
	Lang    string     `xml:"lang,attr"`
	Rights  []g2Rights `xml:"rightsInfo"`
	Meta    struct {
		Class     g2Name    `xml:"itemClass"`
		Provider  g2Name    `xml:"provider"`
		Created   string    `xml:"versionCreated"`
		Embargoed []string  `xml:"embargoed"`
		Status    []g2Name  `xml:"pubStatus"`
		Titles    []flat    `xml:"title"`
		EdNotes   []flat    `xml:"edNote"`
		Links     []g2Link  `xml:"link"`
		Others    []g2Other `xml:",any"`
	} `xml:"itemMeta"`
	Content struct {
		Urgency     string   `xml:"urgency"`
		Located     []g2Name `xml:"located"`
		InfoSources []g2Name `xml:"infoSource"`
		Creators    []g2Name `xml:"creator"`
		By          []flat   `xml:"by"`
		Dateline    []flat   `xml:"dateline"`
		Subjects    []g2Name `xml:"subject"`
		Slugline    []flat   `xml:"slugline"`
		Headlines   []flat   `xml:"headline"`
		Credit      []flat   `xml:"creditline"`
		Desc        []flat   `xml:"description"`
		Language    []struct {
			Tag string `xml:"tag,attr"`
		} `xml:"language"`
		Others []g2Other `xml:",any"`
	} `xml:"contentMeta"`
	Asserts []g2Name `xml:"assert"`
	Set     struct {
		Inline []g2Inline `xml:"inlineXML"`
		Data   []g2Data   `xml:"inlineData"`
		Remote []g2Remote `xml:"remoteContent"`
	} `xml:"contentSet"`
}

// A g2Other is an element without a field here.
type g2Other struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

type g2Rights struct {
	Holder g2Name `xml:"copyrightHolder"`
	Notice []flat `xml:"copyrightNotice"`
	Usage  []flat `xml:"usageTerms"`
}

type g2Link struct {
	Rel      string `xml:"rel,attr"`
	Residref string `xml:"residref,attr"`
	Version  string `xml:"version,attr"`
	Class    g2Name `xml:"itemClass"`
	Titles   []flat `xml:"itemMeta>title"`
}

func (l g2Link) toPicture() bool { return l.Residref != "" && l.Class.code() == "picture" }

type g2Inline struct {
	Type  string `xml:"contenttype,attr"`
	Inner string `xml:",innerxml"`
}

type g2Data struct {
	Type     string `xml:"contenttype,attr"`
	Encoding string `xml:"encoding,attr"`
	Text     string `xml:",chardata"`
}

type g2Remote struct {
	Href      string `xml:"href,attr"`
	Type      string `xml:"contenttype,attr"`
	Rendition string `xml:"rendition,attr"`
	Width     string `xml:"width,attr"`
	Height    string `xml:"height,attr"`
}

// A g2Name points at something by code, address or plain words, and often names it.
type g2Name struct {
	QCode   string `xml:"qcode,attr"`
	Literal string `xml:"literal,attr"`
	URI     string `xml:"uri,attr"`
	Role    string `xml:"role,attr"`
	Type    string `xml:"type,attr"`
	Names   []flat `xml:"name"`
	Text    string `xml:",chardata"`
}

// name is what a reader would call it, in a language if there are several.
func (n g2Name) name(lang string) string {
	if len(n.Names) > 0 {
		return inRole(n.Names, lang)
	}
	if t := strings.TrimSpace(n.Text); t != "" {
		return t
	}
	return n.Literal
}

// ref is its code or address.
func (n g2Name) ref() string {
	if n.QCode != "" {
		return n.QCode
	}
	return n.URI
}

// code is the local part of its code or address: "text" of ninat:text.
func (n g2Name) code() string { return local(n.ref()) }

// kind is the local part of its type: "person" of cpnat:person.
func (n g2Name) kind() string { return local(n.Type) }

func local(s string) string { return s[strings.LastIndexAny(s, ":/#")+1:] }
