package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

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
	Hash    string // of the values that are kept, whatever has been typed since
}

func newInput(part, name string, version int, values ...string) input {
	return input{part, name, values, version, hashOf(values)}
}

// Value is the first input's value.
func (i input) Value() string { return i.at(0) }

// Second is the second input's value.
func (i input) Second() string { return i.at(1) }

// At is the value of one of the inputs, from 0.
func (i input) At(n int) string { return i.at(n) }

func (i input) at(n int) string {
	if n < len(i.Values) {
		return i.Values[n]
	}
	return ""
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func hashOf(values []string) string {
	sum := sha256.Sum256([]byte(newlines.Replace(strings.Join(values, "\x00"))))
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

func oneLine(v []string) any { return oneOf(v[0]) }

func readDateline(v []string) any {
	d := story.Dateline{Place: strings.TrimSpace(v[0])}
	if len(v) > 1 {
		d.Date = strings.TrimSpace(v[1])
	}
	return d
}

func lines(s string) (all []string) {
	for line := range strings.Lines(s) {
		if line = oneOf(line); line != "" {
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
	{"paragraph", "Paragraph"}, {"heading2", "Heading"}, {"heading3", "Lower heading"}, {"list", "List, one a line"}, {"quotation", "Quotation"}, {"picture", "Picture"},
	{"gallery", "Gallery"}, {"table", "Table"}, {"box", "Box"}, {"embed", "Link card"},
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
	if f, ok := kindForms[b.Kind]; ok {
		return append([]string{kindOf(b)}, f.fill(b)...)
	}
	switch b.Kind {
	case story.List:
		var items []string
		for _, it := range b.Items {
			items = append(items, story.FormatSpans(it))
		}
		return []string{kindOf(b), strings.Join(items, "\n")}
	case story.PictureBlock:
		return []string{kindOf(b), b.Picture}
	}
	return []string{kindOf(b), story.FormatSpans(b.Spans)}
}

// readBlock makes a block of its inputs, which were drawn for a kind; what the form does
// not show of it stays. A block that becomes a picture shows the story's first one until
// another is chosen.
func readBlock(old story.Block, drawn string, v []string, pictures []story.PictureUse) story.Block {
	b := story.Block{ID: old.ID, Kind: story.BlockKind(v[0]), Quotation: old.Quotation}
	if readKind(&b, drawn, v[1:], pictures) {
		return b
	}
	text := wordsIn(drawn, v[1:], pictures)
	switch v[0] {
	case "heading2":
		b.Kind, b.Level = story.Heading, 2
	case "heading3":
		b.Kind, b.Level = story.Heading, 3
	case "list":
		for _, line := range lines(text) {
			b.Items = append(b.Items, story.ParseSpans(line))
		}
		return b
	case "picture":
		i := slices.IndexFunc(pictures, func(p story.PictureUse) bool { return p.ID == inputs(v).at(1) })
		if i >= 0 || len(pictures) > 0 {
			b.Picture = pictures[max(i, 0)].ID
			return b
		}
		b.Kind = story.Paragraph
	}
	b.Spans = story.ParseSpans(oneOf(text))
	return b
}

// oneOf is text on one line, with single spaces.
func oneOf(text string) string { return strings.Join(strings.Fields(text), " ") }

func fillPicture(p story.PictureUse) []string {
	one := oneOf // an input of one line loses its newlines in the browser
	return []string{p.Caption, one(p.Credit.Line), one(p.Credit.Photographer), one(p.Credit.Agency), one(p.Alt), one(p.Rights)}
}

func readPicture(old story.PictureUse, v []string) story.PictureUse {
	for len(v) < 6 {
		v = append(v, "")
	}
	old.Caption, old.Credit, old.Alt = oneOf(v[0]), story.Credit{Line: oneOf(v[1]), Photographer: oneOf(v[2]), Agency: oneOf(v[3])}, oneOf(v[4])
	old.Rights = oneOf(v[5])
	return old
}

// inputsOf draws every part of a text that the form edits.
func inputsOf(t story.Text, parts map[string]store.Part) map[string]input {
	all := map[string]input{}
	for _, f := range fields {
		all[f.part] = newInput(f.part, "f."+f.part, parts[f.part].Version, f.fill(t)...)
	}
	for _, b := range t.Doc {
		part := story.BlockPart(b.ID)
		all[part] = newInput(part, "b."+b.ID, parts[part].Version, fillBlock(b)...)
	}
	for _, p := range t.Pictures {
		part := story.PicturePart(p.ID)
		all[part] = newInput(part, "p."+p.ID, parts[part].Version, fillPicture(p)...)
	}
	maps.Copy(all, quoteInputs(t, parts["quotations"].Version))
	return all
}

// retype puts what a refused form carried back into its inputs, with the versions and
// hashes that it had: sent again, it saves what it would have saved.
func retype(all map[string]input, typed url.Values) {
	for part, i := range all {
		if values, there := typed[i.Name]; there {
			i.Values = values
			i.Hash = typed.Get("h." + i.Name)
			i.Version = atoi(typed.Get("v." + i.Name))
			all[part] = i
		}
	}
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
