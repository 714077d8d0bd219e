package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dateline/internal/story"
)

// ninjs (IPTC) 1.x to 3.x: one item, or a list of them, in JSON. The names of fields
// changed between 1 and 2; both are read.

func isNinjs(b []byte) bool {
	t := bytes.TrimSpace(b)
	return len(t) > 0 && (t[0] == '{' || t[0] == '[')
}

type ninjsValue struct {
	Role        string `json:"role"`
	Value       string `json:"value"`
	Name        string `json:"name"`
	ContentType string `json:"contenttype"`
	Code        string `json:"code"`
	URI         string `json:"uri"`
	Literal     string `json:"literal"`
}

// ninjsText is a string in some versions and an object or a list in others.
type ninjsText []ninjsValue

func (t *ninjsText) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = ninjsText{{Value: s, Name: s}}
		return nil
	}
	var list []ninjsValue
	if json.Unmarshal(b, &list) == nil {
		*t = list
		return nil
	}
	var one ninjsValue
	if err := json.Unmarshal(b, &one); err != nil {
		return nil // another shape: not ours to refuse
	}
	*t = ninjsText{one}
	return nil
}

func (t ninjsText) role(role string) string {
	for _, v := range t {
		if v.Role == role {
			return cmp.Or(v.Value, v.Name)
		}
	}
	if len(t) > 0 {
		return cmp.Or(t[0].Value, t[0].Name)
	}
	return ""
}

func (t ninjsText) names() (out []string) {
	for _, v := range t {
		if s := clean(cmp.Or(v.Name, v.Value, v.Literal)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

type ninjsItem struct {
	URI             string                     `json:"uri"`
	Type            string                     `json:"type"`
	Version         json.RawMessage            `json:"version"`
	VersionCreated  string                     `json:"versioncreated"`
	Embargoed       *string                    `json:"embargoed"`
	PubStatus       string                     `json:"pubstatus"`
	Urgency         json.RawMessage            `json:"urgency"`
	Language        string                     `json:"language"`
	Slugline        string                     `json:"slugline"`
	Headline        string                     `json:"headline"`
	Headlines       ninjsText                  `json:"headlines"`
	Title           string                     `json:"title"`
	Byline          string                     `json:"byline"`
	Bylines         ninjsText                  `json:"bylines"`
	By              string                     `json:"by"`
	Located         ninjsText                  `json:"located"`
	CopyrightHolder string                     `json:"copyrightholder"`
	CopyrightNotice string                     `json:"copyrightnotice"`
	UsageTerms      string                     `json:"usageterms"`
	EdNote          string                     `json:"ednote"`
	Subject         ninjsText                  `json:"subject"`
	Subjects        ninjsText                  `json:"subjects"`
	Place           ninjsText                  `json:"place"`
	Places          ninjsText                  `json:"places"`
	Person          ninjsText                  `json:"person"`
	People          ninjsText                  `json:"people"`
	InfoSource      ninjsText                  `json:"infosource"`
	InfoSources     ninjsText                  `json:"infosources"`
	BodyText        string                     `json:"body_text"`
	BodyHTML        string                     `json:"body_html"`
	BodyXHTML       string                     `json:"body_xhtml"`
	Bodies          ninjsText                  `json:"bodies"`
	DescText        string                     `json:"description_text"`
	Descriptions    ninjsText                  `json:"descriptions"`
	Associations    json.RawMessage            `json:"associations"`
	Renditions      json.RawMessage            `json:"renditions"`
	Standard        map[string]json.RawMessage `json:"standard"`
}

func readNinjs(b []byte) ([]Item, error) {
	if err := checkJSON(b); err != nil {
		return nil, err
	}
	var list []ninjsItem
	if t := bytes.TrimSpace(b); t[0] == '[' {
		if err := json.Unmarshal(b, &list); err != nil {
			return nil, errors.New("it is not a list of items.")
		}
	} else {
		var one ninjsItem
		if err := json.Unmarshal(b, &one); err != nil {
			return nil, fmt.Errorf("a field of it holds what it cannot: %s.", clean(err.Error()))
		}
		list = []ninjsItem{one}
	}
	var items []Item
	for _, n := range list {
		if n.URI == "" {
			return nil, errors.New("it has no uri, which every item needs.")
		}
		if it, ok := n.item(); ok {
			items = append(items, it)
		}
	}
	return items, nil
}

// checkJSON walks the tokens once: whole, and not too deep.
func checkJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	depth := 0
	for {
		tok, err := d.Token()
		if err != nil {
			if depth == 0 && d.InputOffset() > 0 && err.Error() == "EOF" {
				return nil
			}
			if strings.Contains(err.Error(), "EOF") {
				return errors.New("it is cut off before its end.")
			}
			return errors.New("it is not well-formed JSON.")
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return fmt.Errorf("it is nested deeper than %d.", maxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// scalar reads a number or a string as text.
func scalar(raw json.RawMessage) string {
	return strings.Trim(string(raw), `" `)
}

func (n ninjsItem) item() (it Item, ok bool) {
	it = Item{Format: "ninjs", GUID: n.URI, Version: scalar(n.Version), Lang: n.Language, Slugline: n.Slugline, Status: status(n.PubStatus),
		Headline: cmp.Or(n.Headlines.role("main"), n.Headline, n.Title), Byline: cmp.Or(strings.Join(n.Bylines.names(), ", "), n.Byline, n.By),
		Located: n.Located.role("main"), Provider: n.CopyrightHolder, Copyright: n.CopyrightNotice, Usage: n.UsageTerms, EdNote: n.EdNote,
		InfoSources: longer(n.InfoSource.names(), n.InfoSources.names()), Places: longer(n.Place.names(), n.Places.names()),
		People: longer(n.Person.names(), n.People.names()), Kind: KindText}
	if it.Version == "null" {
		it.Version = ""
	}
	it.Sent, _ = instant(n.VersionCreated)
	if n.Embargoed != nil {
		it.Embargo = embargo(*n.Embargoed)
		it.Embargo.Set = true
	}
	_, _ = fmt.Sscan(scalar(n.Urgency), &it.Urgency)
	for _, s := range append(n.Subject, n.Subjects...) {
		code := cmp.Or(s.Code, s.URI)
		if i := strings.LastIndex(code, "mediatopic/"); i >= 0 {
			code = "medtop:" + code[i+len("mediatopic/"):]
		}
		it.Topics = append(it.Topics, story.Topic{Code: clean(code), Labels: map[string]string{"en": clean(s.Name)}})
	}
	switch n.Type {
	case "text", "":
		it.Doc = n.body()
		it.Standfirst = n.Descriptions.role("summary")
		it.Pictures = n.pictures()
	case "picture", "graphic":
		it.Kind = KindPicture
		p := n.pictureRef()
		it.Picture = &p
	default:
		return it, false
	}
	return it, true
}

func (n ninjsItem) body() story.Doc {
	for _, b := range n.Bodies {
		if b.Role == "main" || len(n.Bodies) == 1 || b.Role == "" {
			if strings.Contains(b.ContentType, "html") || strings.HasPrefix(strings.TrimSpace(b.Value), "<") {
				return bodyFromHTML(b.Value)
			}
			return bodyFromText(b.Value)
		}
	}
	if html := cmp.Or(n.BodyXHTML, n.BodyHTML); html != "" {
		return bodyFromHTML(html)
	}
	return bodyFromText(n.BodyText)
}

// pictures are the associated pictures: a map by name in version 1, a list from 2 on.
func (n ninjsItem) pictures() (out []PictureRef) {
	var list []ninjsItem
	if json.Unmarshal(n.Associations, &list) != nil {
		var byName map[string]json.RawMessage
		if json.Unmarshal(n.Associations, &byName) != nil {
			return nil
		}
		names := make([]string, 0, len(byName))
		for name := range byName {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			var one ninjsItem
			if json.Unmarshal(byName[name], &one) == nil {
				list = append(list, one)
			}
		}
	}
	for _, a := range list {
		if a.Type == "picture" || a.Type == "graphic" {
			out = append(out, a.pictureRef())
		}
	}
	return out
}

func (n ninjsItem) pictureRef() PictureRef {
	p := PictureRef{GUID: n.URI, Version: scalar(n.Version), Caption: cmp.Or(n.Descriptions.role("caption"), n.DescText, n.Headlines.role("main"), n.Headline),
		Status: status(n.PubStatus), Credit: story.Credit{Line: n.CopyrightNotice, Photographer: cmp.Or(strings.Join(n.Bylines.names(), ", "), n.Byline, n.By),
			Agency: cmp.Or(n.CopyrightHolder, first(longer(n.InfoSource.names(), n.InfoSources.names())))}}
	p.File, p.Width, p.Height = n.rendition()
	return p
}

// rendition is the widest rendition: a map by name in version 1, a list from 2 on.
func (n ninjsItem) rendition() (file string, width, height int) {
	type rendition struct {
		Href   string `json:"href"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}
	var list []rendition
	if json.Unmarshal(n.Renditions, &list) != nil {
		var byName map[string]rendition
		if json.Unmarshal(n.Renditions, &byName) != nil {
			return "", 0, 0
		}
		for _, r := range byName {
			list = append(list, r)
		}
		slices.SortFunc(list, func(a, b rendition) int { return strings.Compare(a.Href, b.Href) })
	}
	for _, r := range list {
		if file == "" || r.Width > width {
			file, width, height = fileOf(r.Href), r.Width, r.Height
		}
	}
	return file, width, height
}
