package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A part of a text is edited by one or more plain inputs of the same name. The form also
// carries the part's version and a hash of the inputs as they were drawn, so that only
// what somebody changed is saved.

// An input is one part as the form draws it.
type input struct {
	Part    string
	Name    string   // of the inputs: "f.headline", "b.<id>", "p.<id>"
	Values  []string // of the inputs, in order
	Version int
}

// Value is the first input's value.
func (i input) Value() string { return i.at(0) }

// Second is the second input's value.
func (i input) Second() string { return i.at(1) }

func (i input) at(n int) string {
	if n < len(i.Values) {
		return i.Values[n]
	}
	return ""
}

// Hash identifies the values as they were drawn.
func (i input) Hash() string { return hashOf(i.Values) }

func hashOf(values []string) string {
	norm := make([]string, len(values))
	for i, v := range values {
		norm[i] = strings.ReplaceAll(v, "\r\n", "\n")
	}
	sum := sha256.Sum256([]byte(strings.Join(norm, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// A field is a part of the head, with how its inputs are filled and read.
type field struct {
	part string
	fill func(t story.Text) []string
	read func(v []string) any
}

var fields = []field{
	{"headline", func(t story.Text) []string { return []string{t.Headline} }, oneLine},
	{"short", func(t story.Text) []string { return []string{t.Short} }, oneLine},
	{"standfirst", func(t story.Text) []string { return []string{t.Standfirst} }, oneLine},
	{"slug", func(t story.Text) []string { return []string{t.Slug} }, func(v []string) any { return story.Slug(v[0]) }},
	{"section", func(t story.Text) []string { return []string{t.Section} }, oneLine},
	{"lang", func(t story.Text) []string { return []string{t.Lang} }, oneLine},
	{"type", func(t story.Text) []string { return []string{string(t.Type)} }, oneLine},
	{"dateline", func(t story.Text) []string { return []string{t.Dateline.Place, t.Dateline.Date} }, readDateline},
	{"bylines", fillBylines, readBylines},
	{"sources", fillSources, readSources},
}

func oneLine(v []string) any { return strings.Join(strings.Fields(v[0]), " ") }

func readDateline(v []string) any {
	d := story.Dateline{Place: strings.TrimSpace(v[0])}
	if len(v) > 1 {
		d.Date = strings.TrimSpace(v[1])
	}
	return d
}

func lines(s string) (all []string) {
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func fillBylines(t story.Text) []string {
	var names []string
	for _, b := range t.Bylines {
		names = append(names, b.Name)
	}
	return []string{strings.Join(names, "\n")}
}

func readBylines(v []string) any {
	all := []story.Byline{}
	for _, name := range lines(v[0]) {
		all = append(all, story.Byline{Name: name})
	}
	return all
}

func fillSources(t story.Text) []string {
	var all []string
	for _, s := range t.Sources {
		if s.Address != "" {
			s.Name += " | " + s.Address
		}
		all = append(all, s.Name)
	}
	return []string{strings.Join(all, "\n")}
}

func readSources(v []string) any {
	all := []story.Source{}
	for _, line := range lines(v[0]) {
		name, address, _ := strings.Cut(line, "|")
		all = append(all, story.Source{Name: strings.TrimSpace(name), Address: story.SafeLink(address)})
	}
	return all
}

// blockKinds are the kinds that the form offers, with the level in the name.
var blockKinds = []struct{ Value, Words string }{
	{"paragraph", "Paragraph"}, {"heading2", "Heading"}, {"heading3", "Lower heading"}, {"list", "List, one a line"}, {"quotation", "Quotation"},
}

func kindOf(b story.Block) string {
	if b.Kind == story.Heading {
		if b.Level == 3 {
			return "heading3"
		}
		return "heading2"
	}
	return string(b.Kind)
}

func fillBlock(b story.Block) []string {
	if b.Kind == story.List {
		var items []string
		for _, it := range b.Items {
			items = append(items, story.FormatSpans(it))
		}
		return []string{kindOf(b), strings.Join(items, "\n")}
	}
	return []string{kindOf(b), story.FormatSpans(b.Spans)}
}

// readBlock makes a block of its inputs; what the form does not show of it stays.
func readBlock(old story.Block, v []string) story.Block {
	b := story.Block{ID: old.ID, Kind: story.BlockKind(v[0]), Quotation: old.Quotation, Picture: old.Picture}
	switch v[0] {
	case "heading2":
		b.Kind, b.Level = story.Heading, 2
	case "heading3":
		b.Kind, b.Level = story.Heading, 3
	}
	text := ""
	if len(v) > 1 {
		text = strings.ReplaceAll(v[1], "\r\n", "\n")
	}
	if b.Kind == story.List {
		for _, line := range lines(text) {
			b.Items = append(b.Items, story.ParseSpans(line))
		}
		return b
	}
	b.Spans = story.ParseSpans(strings.Join(strings.Fields(text), " "))
	return b
}

func fillPicture(p story.PictureUse) []string {
	return []string{p.Caption, p.Credit.Line, p.Credit.Photographer, p.Credit.Agency, p.Alt}
}

func readPicture(old story.PictureUse, v []string) story.PictureUse {
	for len(v) < 5 {
		v = append(v, "")
	}
	trim := strings.TrimSpace
	old.Caption, old.Credit, old.Alt = trim(v[0]), story.Credit{Line: trim(v[1]), Photographer: trim(v[2]), Agency: trim(v[3])}, trim(v[4])
	return old
}

// inputsOf draws every part of a text that the form edits.
func inputsOf(t story.Text, parts map[string]store.Part) map[string]input {
	all := map[string]input{}
	for _, f := range fields {
		all[f.part] = input{f.part, "f." + f.part, f.fill(t), parts[f.part].Version}
	}
	for _, b := range t.Doc {
		part := story.BlockPart(b.ID)
		all[part] = input{part, "b." + b.ID, fillBlock(b), parts[part].Version}
	}
	for _, p := range t.Pictures {
		part := story.PicturePart(p.ID)
		all[part] = input{part, "p." + p.ID, fillPicture(p), parts[part].Version}
	}
	return all
}

// changed lists the parts that the form changed, each with the version that it saw. A
// part that was deleted meanwhile is saved all the same: nothing typed is lost.
func changed(v newsroom.StoryView, form url.Values) ([]newsroom.PartSave, error) {
	var saves []newsroom.PartSave
	add := func(part, name string, body func(values []string) any) error {
		values, there := form[name]
		if !there || hashOf(values) == form.Get("h."+name) {
			return nil
		}
		raw, err := json.Marshal(body(values))
		if err != nil {
			return err
		}
		saves = append(saves, newsroom.PartSave{Part: part, Base: atoi(form.Get("v." + name)), Body: raw})
		return nil
	}
	for _, f := range fields {
		if err := add(f.part, "f."+f.part, f.read); err != nil {
			return nil, err
		}
	}
	for _, id := range strings.Fields(form.Get("blocks")) {
		old := story.Block{ID: id}
		if i := v.Text.Doc.Find(id); i >= 0 {
			old = v.Text.Doc[i]
		}
		if err := add(story.BlockPart(id), "b."+id, func(values []string) any { return readBlock(old, values) }); err != nil {
			return nil, err
		}
	}
	for _, p := range v.Text.Pictures {
		if err := add(story.PicturePart(p.ID), "p."+p.ID, func(values []string) any { return readPicture(p, values) }); err != nil {
			return nil, err
		}
	}
	return append(saves, quotations(v, saves)...), nil
}

// quotations keeps the words of a quotation with the block that shows them.
func quotations(v newsroom.StoryView, saves []newsroom.PartSave) []newsroom.PartSave {
	all, dirty := v.Text.Quotations, false
	for _, s := range saves {
		var b story.Block
		if !strings.HasPrefix(s.Part, "block:") || json.Unmarshal(s.Body, &b) != nil || b.Quotation == "" {
			continue
		}
		for i := range all {
			if all[i].ID == b.Quotation {
				all[i].Words, dirty = []story.Words{{Text: b.Plain()}}, true
			}
		}
	}
	if !dirty {
		return nil
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return []newsroom.PartSave{{Part: "quotations", Base: v.Parts["quotations"].Version, Body: raw}}
}

func atoi(s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' || n > 1e8 {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	return n
}
