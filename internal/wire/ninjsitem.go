package wire

import (
	"cmp"
	"slices"
	"strings"

	"dateline/internal/story"
)

// item reads what an item says; false for kinds that are left out.
func (o object) item() (it Item, ok bool, err error) {
	it = Item{Format: "ninjs", GUID: o.text("uri"), Version: o.text("version"), Kind: KindText, Status: Usable, Embargo: o.embargo(),
		Urgency: o.number("urgency"), Lang: o.text("language"), Slugline: o.text("slugline"), EdNote: plain(o.text("ednote")),
		Headline: cmp.Or(o.inRole("headlines", []string{"main", "headline"}), o.firstValue("headlines"), plain(o.text("headline", "title"))),
		Byline:   o.byline(), Located: o.text("located", "dateline"), Provider: o.text("copyrightholder", "provider", "source"),
		Copyright: plain(o.text("copyrightnotice")), Usage: plain(o.text("usageterms")), InfoSources: o.names("infosources", "infosource"),
		Topics: o.topics(), Places: o.names("places", "place"), People: o.names("people", "person")}
	if raw, said := o["pubstatus"]; said {
		it.Status = status(cmp.Or(scalar(raw), "unsaid"))
	}
	it.Sent, _ = instant(o.text("versioncreated"))
	body, err := o.body()
	if err != nil {
		return it, false, err
	}
	switch o.text("type") {
	case "text":
	case "picture", "graphic":
		it.Kind = KindPicture
		p := o.picture()
		it.Picture = &p
		return it, true, nil
	case "composite", "":
		if len(body.doc) == 0 && (it.Headline == "" || o.text("type") != "") {
			return it, false, nil // it only holds others together
		}
	default:
		return it, false, nil
	}
	it.Doc = body.doc
	it.Standfirst = o.inRole("descriptions", []string{"summary", "standfirst", "abstract"})
	it.Pictures = o.pictures(body.images)
	return it, true, nil
}

// firstValue is the first value of a list, for agencies that name no role.
func (o object) firstValue(list string) string {
	return plain(first(o.list(list)).text("value"))
}

// byline is whoever wrote it or took it.
func (o object) byline() (names string) {
	for _, b := range o.list("bylines") {
		names = join(names, b.text("value", "name"))
	}
	return cmp.Or(names, plain(o.text("by", "byline")))
}

// body is the text. Of several forms of it the marked-up ones keep more.
func (o object) body() (body, error) {
	var html, text string
	for _, b := range o.list("bodies") {
		value, kind := b.text("value"), strings.ToLower(b.text("contenttype")+" "+b.text("role"))
		switch {
		case strings.Contains(kind, "html"):
			html = cmp.Or(html, value)
		case strings.Contains(kind, "xml"), strings.Contains(kind, "json"):
		default:
			text = cmp.Or(text, value)
		}
	}
	html = cmp.Or(html, o.text("body_xhtml", "body_html", "body_html5"))
	text = cmp.Or(text, o.text("body_text"))
	if html == "" && strings.HasPrefix(strings.TrimSpace(text), "<") {
		html = text // said to be plain, and is not
	}
	if html != "" {
		return htmlBody(html)
	}
	return textBody(text)
}

// pictures are the associated ones, and those in the body that are none of them.
func (o object) pictures(inBody []PictureRef) (out []PictureRef) {
	for _, a := range o.list("associations") {
		if kind := a.text("type"); kind == "picture" || kind == "graphic" {
			out = append(out, a.picture())
		}
	}
	if len(out) > 0 {
		return out // the body shows the same in the size of a stamp
	}
	return append(out, inBody...)
}

// picture reads a picture, an item of its own or one associated with a text.
func (o object) picture() PictureRef {
	p := PictureRef{GUID: o.text("uri"), Version: o.text("version"), Credit: o.credit(),
		Alt:     o.inRole("descriptions", []string{"alt", "alttext", "accessibility"}, "description_alt"),
		Caption: o.inRole("descriptions", []string{"caption", "text", "description", ""}, "description_caption", "description_text", "body_text")}
	p.Caption = cmp.Or(p.Caption, o.inRole("headlines", []string{"main"}, "headline"))
	if raw, said := o["pubstatus"]; said {
		p.Status = status(cmp.Or(scalar(raw), "unsaid"))
	}
	return o.rendition(p)
}

// credit is the line that the agency writes; its parts stand in other fields. A notice of
// copyright is taken for one only if it names the photographer and is nothing more.
func (o object) credit() story.Credit {
	c := story.Credit{Line: o.inRole("descriptions", []string{"creditline", "credit"}, "creditline", "credit"), Photographer: o.byline(),
		Agency: cmp.Or(o.text("copyrightholder"), first(o.names("infosources", "infosource")))}
	notice := plain(o.text("copyrightnotice"))
	if c.Line == "" && c.Photographer != "" && strings.Contains(notice, c.Photographer) && !strings.ContainsAny(notice, "©0123456789") {
		c.Line = notice
	}
	if c.Line == "" && c.Photographer+c.Agency == "" {
		c.Line = notice
	}
	if c.Line == "" && c.Agency != "" && strings.Contains(c.Photographer, c.Agency) {
		c.Line = c.Photographer // "Ida Kessler/Halyard" is both
	}
	return c
}

// rendition points p at its largest form.
func (o object) rendition(p PictureRef) PictureRef {
	forms := o.list("renditions")
	slices.SortStableFunc(forms, func(a, b object) int { return b.number("width") - a.number("width") })
	for _, r := range forms {
		href := r.text("href")
		if fileOf(href) == "" || !isImage(r.text("contenttype", "mimetype"), href) {
			continue
		}
		p = p.at(href)
		p.Width, p.Height = r.number("width"), r.number("height")
		break
	}
	return p
}
