package wire

import (
	"cmp"
	"encoding/base64"
	"strconv"
	"strings"

	"dateline/internal/story"
)

// item reads what a newsItem says; false for kinds that are left out.
func (n g2Item) item(sender string) (it Item, ok bool, err error) {
	m, c := n.Meta, n.Content
	it = Item{Format: "newsml-g2", GUID: n.GUID, Version: n.Version, Kind: KindText, Status: Usable, Embargo: n.embargo(),
		Lang: cmp.Or(n.Lang, language(firstTag(c.Language))), Slugline: first(c.Slugline).Text, Dateline: first(c.Dateline).Text}
	for _, s := range m.Status {
		it.Status = worse(it.Status, status(cmp.Or(s.ref(), s.name(""), "unsaid")))
	}
	it.Sent, _ = instant(m.Created)
	it.Urgency, _ = strconv.Atoi(strings.TrimSpace(c.Urgency)) // 0 where it is no number
	it.Provider = cmp.Or(m.Provider.name(n.Lang), m.Provider.code(), sender)
	for _, note := range m.EdNotes {
		it.EdNote = strings.TrimSpace(it.EdNote + " " + note.Text)
	}
	n.rights(&it)
	n.about(&it)
	switch class := m.Class.code(); {
	case class == "picture" || class == "graphic" || class == "" && len(n.Set.Inline)+len(n.Set.Data) == 0 && n.remote() != nil:
		n.picture(&it)
	case class == "text" || class == "":
		err = n.text(&it)
	default:
		return it, false, nil
	}
	return it, true, err
}

func firstTag(tags []struct {
	Tag string `xml:"tag,attr"`
}) string {
	if len(tags) == 0 {
		return ""
	}
	return tags[0].Tag
}

// status reads a publishing status, by code, address or word. What is said and not known
// is withheld.
func status(s string) Status {
	switch strings.ToLower(strings.TrimSpace(local(s))) {
	case "usable":
		return Usable
	case "canceled", "cancelled":
		return Canceled
	}
	return Withheld
}

// worse is the stricter of two statuses, for those who say two.
func worse(a, b Status) Status {
	for _, s := range []Status{Canceled, Withheld} {
		if a == s || b == s {
			return s
		}
	}
	return Usable
}

// embargo reads an embargo under its own name or one like it. An empty one lasts until a
// later version lifts it; of several the last to end holds.
func (n g2Item) embargo() Embargo {
	said := n.Meta.Embargoed
	for _, o := range append(n.Meta.Others, n.Content.Others...) {
		if strings.HasPrefix(strings.ToLower(o.XMLName.Local), "embargo") {
			said = append(said, o.Text)
		}
	}
	return embargoOf(said)
}

// embargoOf reads an embargo that is said in several places. One without an end wins, else
// the last to end.
func embargoOf(said []string) (e Embargo) {
	for _, s := range said {
		next := embargo(s)
		if !e.Set || next.Until.IsZero() || !e.Until.IsZero() && next.Until.After(e.Until) {
			e = next
		}
	}
	return e
}

func (n g2Item) rights(it *Item) {
	for _, r := range n.Rights {
		it.Copyright = cmp.Or(it.Copyright, inRole(r.Notice, n.Lang), r.Holder.name(n.Lang))
		for _, u := range r.Usage {
			if u.Lang == "" || u.Lang == n.Lang || it.Usage == "" {
				it.Usage = strings.TrimSpace(it.Usage + " " + u.Text)
			}
		}
	}
}

// about reads headline, byline, places, people and subjects.
func (n g2Item) about(it *Item) {
	c := n.Content
	it.Headline = cmp.Or(inRole(c.Headlines, n.Lang, "main"), inRole(n.Meta.Titles, n.Lang))
	it.Located = first(c.Located).name(n.Lang)
	for _, by := range c.By {
		it.Byline = join(it.Byline, by.Text)
	}
	for _, creator := range c.Creators {
		if len(c.By) == 0 {
			it.Byline = join(it.Byline, creator.name(n.Lang))
		}
	}
	for _, s := range c.InfoSources {
		it.InfoSources = append(it.InfoSources, cmp.Or(s.name(n.Lang), s.code()))
	}
	asserted := map[string][]flat{}
	for _, a := range n.Asserts {
		asserted[a.ref()] = a.Names
	}
	delete(asserted, "")
	for _, s := range c.Subjects {
		n.subject(it, s, asserted)
	}
}

func join(names, name string) string {
	if names == "" || name == "" {
		return names + name
	}
	return names + ", " + name
}

// subject reads what it is about. Its names may stand in an assert instead.
func (n g2Item) subject(it *Item, s g2Name, asserted map[string][]flat) {
	if len(s.Names) == 0 {
		s.Names = asserted[s.ref()]
	}
	switch s.kind() {
	case "person":
		it.People = append(it.People, s.name(n.Lang))
	case "geoArea", "poi":
		it.Places = append(it.Places, s.name(n.Lang))
	case "abstract", "":
		topic := story.Topic{Code: s.ref(), Labels: map[string]string{}}
		for _, name := range s.Names {
			topic.Labels[name.Lang] = name.Text
		}
		it.Topics = append(it.Topics, topic)
	}
}

// text reads the body. The parts of a contentSet are the same content in several forms:
// the first that is a text is taken. Pictures beside it are its own.
func (n g2Item) text(it *Item) error {
	it.Standfirst = inRoleOnly(n.Content.Desc, "summary", "intro", "standfirst")
	read, head, err := n.body()
	if err != nil {
		return err
	}
	it.Doc, it.Pictures = read.doc, read.images
	it.Headline, it.Byline = cmp.Or(it.Headline, head.headline), cmp.Or(it.Byline, head.byline)
	it.Dateline, it.Standfirst = cmp.Or(it.Dateline, head.dateline), cmp.Or(it.Standfirst, head.summary)
	if r := n.remote(); r != nil {
		it.Pictures = append(it.Pictures, r.ref())
	}
	return nil
}

// inRoleOnly is the text in one of the roles, or nothing.
func inRoleOnly(all []flat, roles ...string) string {
	for _, f := range all {
		for _, role := range roles {
			if local(f.Role) == role {
				return f.Text
			}
		}
	}
	return ""
}

func (n g2Item) body() (read body, head nitfHead, err error) {
	for _, x := range n.Set.Inline {
		read, head, ok, err := xmlBody(x.Inner)
		if ok || err != nil {
			return read, head, err
		}
	}
	for _, x := range n.Set.Data {
		text := x.Text
		if strings.Contains(strings.ToLower(x.Encoding), "base64") {
			raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
			if err != nil {
				continue
			}
			text = string(raw)
		}
		if strings.Contains(x.Type, "html") {
			read, err = htmlBody(text)
		} else {
			read, err = textBody(text)
		}
		if len(read.doc) > 0 || err != nil {
			return read, head, err
		}
	}
	return body{}, head, nil
}

func (n g2Item) picture(it *Item) {
	c := n.Content
	it.Kind = KindPicture
	p := PictureRef{GUID: n.GUID, Version: n.Version, Status: it.Status, Caption: cmp.Or(inRole(c.Desc, n.Lang, "caption"), it.Headline),
		Alt: inRoleOnly(c.Desc, "alt", "altText", "accessibility")}
	p.Credit = story.Credit{Line: first(c.Credit).Text, Photographer: it.Byline}
	for _, r := range n.Rights {
		p.Credit.Agency = cmp.Or(p.Credit.Agency, r.Holder.name(n.Lang))
	}
	if r := n.remote(); r != nil {
		at := r.ref()
		p.File, p.Address, p.Width, p.Height = at.File, at.Address, at.Width, at.Height
	}
	it.Picture = &p
}

// remote is the largest picture among the remote contents; where sizes are not said, the
// one that calls itself so.
func (n g2Item) remote() *g2Remote {
	var best *g2Remote
	for i, r := range n.Set.Remote {
		if isImage(r.Type, r.Href) && fileOf(r.Href) != "" && (best == nil || r.size() > best.size()) {
			best = &n.Set.Remote[i]
		}
	}
	return best
}

func (r g2Remote) size() int {
	width, _ := strconv.Atoi(r.Width) // 0 where it is no number
	switch rank := strings.ToLower(local(r.Rendition)); {
	case width > 0:
		return width
	case strings.Contains(rank, "high"), strings.Contains(rank, "base"), strings.Contains(rank, "main"):
		return 3
	case strings.Contains(rank, "thumb"):
		return 1
	}
	return 2
}

func (r g2Remote) ref() PictureRef {
	width, _ := strconv.Atoi(r.Width) // 0 where it is no number
	height, _ := strconv.Atoi(r.Height)
	return PictureRef{Width: width, Height: height}.at(r.Href)
}
