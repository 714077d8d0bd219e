package feed

import (
	"cmp"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
)

// Linked data (JSON-LD 1.1, W3C 2020) in the words of schema.org, for programs that read
// pages. It says nothing that the page does not show. Times carry the offset of the desk's
// clock, as the page does.

const vocabulary = "https://schema.org"

// Linked turns what readers see into linked data.
type Linked struct {
	House  edition.House
	Lang   string
	Zones  func(story.DeskID) *time.Location // the clock of a desk
	Logo   string                            // full address of the house's sign, "" for none
	People map[string]string                 // full addresses of the persons who have a page, by id
}

// A Node is one thing that linked data tells of, in the order that it is written in. What
// is empty is left out.
type Node struct {
	Context string `json:"@context,omitempty"`
	Type    string `json:"@type"`
	ID      string `json:"@id,omitempty"`
	Address string `json:"url,omitempty"`
	Page    *Node  `json:"mainEntityOfPage,omitempty"`
	Name    string `json:"name,omitempty"`

	Headline    string  `json:"headline,omitempty"`
	Description string  `json:"description,omitempty"`
	Text        string  `json:"text,omitempty"`
	Body        string  `json:"articleBody,omitempty"`
	Language    string  `json:"inLanguage,omitempty"`
	Section     string  `json:"articleSection,omitempty"`
	Dateline    string  `json:"dateline,omitempty"`
	Created     string  `json:"dateCreated,omitempty"`
	Published   string  `json:"datePublished,omitempty"`
	Modified    string  `json:"dateModified,omitempty"`
	Starts      string  `json:"coverageStartTime,omitempty"`
	Ends        string  `json:"coverageEndTime,omitempty"`
	Author      []*Node `json:"author,omitempty"`
	Publisher   *Node   `json:"publisher,omitempty"`
	Logo        *Node   `json:"logo,omitempty"`
	Image       []*Node `json:"image,omitempty"`
	Correction  []*Node `json:"correction,omitempty"`
	Parts       []*Node `json:"hasPart,omitempty"`
	Updates     []*Node `json:"liveBlogUpdate,omitempty"`
	PartOf      *Node   `json:"isPartOf,omitempty"`
	Citation    []*Node `json:"citation,omitempty"`

	Speaker  *Node  `json:"spokenByCharacter,omitempty"`
	Creator  *Node  `json:"creator,omitempty"`
	JobTitle string `json:"jobTitle,omitempty"`
	Place    *Node  `json:"locationCreated,omitempty"`

	Content string `json:"contentUrl,omitempty"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"creditText,omitempty"`
	Rights  string `json:"copyrightNotice,omitempty"`

	Items    []*Node `json:"itemListElement,omitempty"`
	Position int     `json:"position,omitempty"`
	Item     string  `json:"item,omitempty"`
}

// A Crumb is a step from the front page to a page; Address is without the house's.
type Crumb struct{ Words, Address string }

// Breadcrumbs are the steps from the front page to a page.
func (l Linked) Breadcrumbs(crumbs ...Crumb) *Node {
	n := &Node{Context: vocabulary, Type: "BreadcrumbList"}
	for i, c := range crumbs {
		n.Items = append(n.Items, &Node{Type: "ListItem", Position: i + 1, Name: c.Words, Item: l.House.Address + c.Address})
	}
	return n
}

func (l Linked) at(t time.Time, desk story.DeskID) string {
	if t.IsZero() {
		return ""
	}
	zone := time.UTC
	if l.Zones != nil {
		if z := l.Zones(desk); z != nil {
			zone = z
		}
	}
	return t.In(zone).Format(time.RFC3339)
}

func (l Linked) publisher() *Node {
	n := &Node{Type: "NewsMediaOrganization", ID: l.House.Address + "/#house", Name: l.House.Names.In(l.Lang, l.House.Languages...), Address: l.House.Address + "/"}
	if l.Logo != "" {
		n.Logo = &Node{Type: "ImageObject", Address: l.Logo}
	}
	return n
}

// person is somebody by name, and by their page where they have one.
func (l Linked) person(id, name string) *Node {
	address := l.People[id]
	return &Node{Type: "Person", ID: address, Address: address, Name: name}
}

// Article is a public article; its quotations are parts of it, its corrections comments.
func (l Linked) Article(a edition.Article) *Node {
	address := l.House.Address + Address(l.House, a.Card)
	n := &Node{Context: vocabulary, Type: "NewsArticle", ID: address + "#article", Address: address, Page: &Node{Type: "WebPage", ID: address},
		Headline: a.Headline, Description: a.Standfirst, Language: a.Lang, Section: sectionName(l.House, a.Card), Dateline: a.Content.Dateline.Place,
		Published: l.at(a.Posted, a.Desk), Modified: l.at(lastChange(a), a.Desk), Publisher: l.publisher()}
	for _, b := range a.Bylines {
		n.Author = append(n.Author, l.person(b.Person, b.Name))
	}
	if len(n.Author) == 0 {
		n.Author = []*Node{n.Publisher}
	}
	for i := range a.Content.Pictures {
		if img := l.image(&a.Content.Pictures[i]); img != nil {
			n.Image = append(n.Image, img)
		}
	}
	for _, c := range a.Corrections {
		n.Correction = append(n.Correction, &Node{Type: "CorrectionComment", Text: c.Note, Published: l.at(c.At, a.Desk)})
	}
	for _, s := range a.Sources {
		n.Citation = append(n.Citation, &Node{Type: "CreativeWork", Name: s.Name, Address: story.SafeLink(s.Address)})
	}
	for _, q := range a.Content.Quotations {
		if part := l.quotation(q, a, q.Said); part != nil {
			n.Parts = append(n.Parts, part)
		}
	}
	return n
}

func sectionName(h edition.House, c edition.Card) string {
	for _, s := range h.Sections {
		if s.ID == c.Section {
			return s.Names.In(c.Lang, h.Languages...)
		}
	}
	return ""
}

// image is a picture with its credit; nil for one without.
func (l Linked) image(p *story.PictureUse) *Node {
	best, ok := Shared(p)
	if !ok {
		return nil
	}
	n := &Node{Type: "ImageObject", Content: l.House.Address + pictureAddress(best), Width: best.Width, Height: best.Height, Caption: p.Caption, Credit: p.Credit.String(), Rights: p.Rights}
	n.Address = n.Content
	if p.Credit.Photographer != "" {
		n.Creator = &Node{Type: "Person", Name: p.Credit.Photographer}
	}
	return n
}

// cardWidth is how wide a picture is wanted where a page is shared.
const cardWidth = 1200

// Shared is the rendition for where a page is shared or found: the smallest that is wide
// enough, else the widest. A picture without a credit has none.
func Shared(p *story.PictureUse) (best story.Rendition, ok bool) {
	if p == nil || len(p.Renditions) == 0 || p.Credit.String() == "" {
		return best, false
	}
	best = p.Renditions[0]
	for _, r := range p.Renditions {
		if r.Width > best.Width && best.Width < cardWidth || r.Width < best.Width && r.Width >= cardWidth {
			best = r
		}
	}
	return best, true
}

// quotation is somebody's words in a report; nil for speech that is told indirectly, whose
// words are the reporter's.
func (l Linked) quotation(q story.Quotation, a edition.Article, said time.Time) *Node {
	text := plainWords(q, a.Content.Doc)
	if q.Form == "indirect" || text == "" || q.Speaker == "" {
		return nil
	}
	who := l.person(q.Person, q.Speaker)
	who.JobTitle = q.Capacity
	address := l.House.Address + Address(l.House, a.Card) + "#q-" + q.ID
	n := &Node{Type: "Quotation", ID: address, Text: text, Language: a.Lang, Created: l.at(said, a.Desk), Speaker: who, Creator: who}
	if q.Place != "" {
		n.Place = &Node{Type: "Place", Name: q.Place}
	}
	if q.ReportedBy != "" {
		n.Citation = []*Node{{Type: "CreativeWork", Name: q.ReportedBy}}
	}
	return n
}

// plainWords are the words of a quotation, those that an editor put in between brackets.
// Where it carries none, they are those of its blocks.
func plainWords(q story.Quotation, doc story.Doc) string {
	var b strings.Builder
	for _, w := range q.Words {
		if w.Inserted {
			b.WriteString("[" + strings.Trim(w.Text, "[]") + "]")
			continue
		}
		b.WriteString(w.Text)
	}
	if text := strings.TrimSpace(b.String()); text != "" {
		return text
	}
	var parts []string
	for _, x := range doc {
		if x.Quotation == q.ID {
			parts = append(parts, x.Plain())
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// Person is somebody named to readers, at an address without the house's, and what they
// said in articles: each quotation is cited from its report.
func (l Linked) Person(p edition.Person, address string, said []edition.Statement) (nodes []*Node) {
	name := p.Names.In(l.Lang, l.House.Languages...)
	who := &Node{Context: vocabulary, Type: "Person", ID: l.House.Address + address, Address: l.House.Address + address, Name: name, Description: p.Line.In(l.Lang)}
	nodes = append(nodes, who)
	for _, s := range said {
		q := l.quotation(s.Quotation, edition.Article{Card: s.In}, s.At)
		if q == nil {
			continue
		}
		q.Context, q.Speaker, q.Creator = vocabulary, &Node{Type: "Person", ID: who.ID, Name: s.Speaker, JobTitle: s.Capacity}, nil
		q.Creator = q.Speaker
		report := l.House.Address + Address(l.House, s.In)
		q.PartOf = &Node{Type: "NewsArticle", ID: report + "#article", Address: report, Headline: s.In.Headline, Published: l.at(s.In.Posted, s.In.Desk)}
		nodes = append(nodes, q)
	}
	return nodes
}

// An Update is an entry of a live page; Address is without the house's.
type Update struct {
	edition.LiveEntry
	Address, Headline, By string
}

// LiveBlog is a live page: with when its coverage began and, as far as it is known, ends.
func (l Linked) LiveBlog(a edition.Article, page edition.LivePage, ends time.Time, updates []Update) *Node {
	n := l.Article(a)
	n.Type, n.Starts, n.Ends = "LiveBlogPosting", l.at(page.Opened, a.Desk), l.at(ends, a.Desk)
	for _, u := range updates {
		if !u.Removed.IsZero() {
			continue
		}
		post := &Node{Type: "BlogPosting", ID: l.House.Address + u.Address, Address: l.House.Address + u.Address, Headline: u.Headline, Body: bodyOf(u.Content.Doc),
			Published: l.at(u.Posted, u.Desk), Modified: l.at(u.Updated, u.Desk), Author: []*Node{{Type: "Organization", Name: u.By}}}
		if u.Content.By != nil {
			post.Author = []*Node{l.person(u.Content.By.Person, u.Content.By.Name)}
		}
		for i := range u.Content.Pictures {
			if img := l.image(&u.Content.Pictures[i]); img != nil {
				post.Image = append(post.Image, img)
			}
		}
		n.Updates = append(n.Updates, post)
	}
	return n
}

func bodyOf(doc story.Doc) string {
	var parts []string
	for _, b := range doc {
		if text := strings.TrimSpace(b.Plain()); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n")
}

// CoverageEnds is when the coverage of a live page ends: when it was closed, else when the
// last of its desks rests, or went to rest; zero where that is not known. It is a moment's.
func CoverageEnds(m edition.Moment, page edition.LivePage) (ends time.Time) {
	if !page.Closed.IsZero() {
		return page.Closed
	}
	of := m.Of(page.Desks)
	if last, ok := of.LastOnDuty(); ok {
		return last.Until
	}
	for _, s := range of.Desks {
		for _, w := range s.Desk.Hours.Windows {
			if w.End.Equal(s.Until) && w.Start.After(ends) {
				ends = w.Start
			}
		}
	}
	return ends
}

// AltWithCredit is what stands for a picture where its credit has no other place.
func AltWithCredit(p story.PictureUse, credit string) string {
	return withCredit(p.Alt, p.Caption, credit)
}

func withCredit(alt, caption, credit string) string {
	if alt = strings.TrimSpace(cmp.Or(alt, caption)); alt == "" {
		return credit
	}
	if !strings.HasSuffix(alt, ".") {
		alt += "."
	}
	return alt + " " + credit
}
