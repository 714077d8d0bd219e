package story

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A working text is kept in parts, so that two people who change different parts never
// meet: a part is a field ("headline"), a block ("block:<id>"), the order of the blocks
// ("order"), a picture ("picture:<id>") or the order of the pictures ("pictures").

// Names of parts that are made of more than a field's name.
const (
	PartOrder    = "order"
	PartPictures = "pictures"
	partBlock    = "block:"
	partPicture  = "picture:"
)

// BlockPart is the part that holds the block with that id.
func BlockPart(id string) string { return partBlock + id }

// PicturePart is the part that holds the picture with that id.
func PicturePart(id string) string { return partPicture + id }

// fields are the parts that hold one field each, with the place of that field in a Text.
func fields(t *Text) map[string]any {
	return map[string]any{
		"type": &t.Type, "slug": &t.Slug, "lang": &t.Lang, "section": &t.Section, "dateline": &t.Dateline,
		"headline": &t.Headline, "short": &t.Short, "standfirst": &t.Standfirst, "bylines": &t.Bylines,
		"sources": &t.Sources, "topics": &t.Topics, "places": &t.Places, "quotations": &t.Quotations,
	}
}

// Parts takes a text apart. Fields that hold nothing have no part.
func Parts(t Text) (map[string]json.RawMessage, error) {
	parts := map[string]json.RawMessage{}
	put := func(name string, v any) error {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("part %s: %w", name, err)
		}
		if !bytes.Equal(b, []byte("null")) && !bytes.Equal(b, []byte(`""`)) && !bytes.Equal(b, []byte("{}")) {
			parts[name] = b
		}
		return nil
	}
	for name, v := range fields(&t) {
		if err := put(name, v); err != nil {
			return nil, err
		}
	}
	var order, pictures []string
	for _, b := range t.Doc {
		order = append(order, b.ID)
		if err := put(BlockPart(b.ID), b); err != nil {
			return nil, err
		}
	}
	for _, p := range t.Pictures {
		pictures = append(pictures, p.ID)
		if err := put(PicturePart(p.ID), p); err != nil {
			return nil, err
		}
	}
	if err := put(PartOrder, order); err != nil {
		return nil, err
	}
	return parts, put(PartPictures, pictures)
}

// Assemble puts a text together. A block that the order does not name is left out: it was
// deleted, and its part keeps what it said.
func Assemble(parts map[string]json.RawMessage) (t Text, err error) {
	read := func(name string, into any) {
		if body, ok := parts[name]; ok && err == nil {
			if e := json.Unmarshal(body, into); e != nil {
				err = fmt.Errorf("part %s: %w", name, e)
			}
		}
	}
	for name, into := range fields(&t) {
		read(name, into)
	}
	var order, pictures []string
	read(PartOrder, &order)
	read(PartPictures, &pictures)
	for _, id := range order {
		if _, there := parts[BlockPart(id)]; there {
			b := Block{}
			read(BlockPart(id), &b)
			t.Doc = append(t.Doc, b)
		}
	}
	for _, id := range pictures {
		if _, there := parts[PicturePart(id)]; there {
			p := PictureUse{}
			read(PicturePart(id), &p)
			t.Pictures = append(t.Pictures, p)
		}
	}
	return t, err
}

// CheckPart refuses a body that is not what its part holds, and returns it written in the
// one way that this package writes it.
func CheckPart(name string, body json.RawMessage) (json.RawMessage, error) {
	var t Text
	into := fields(&t)[name]
	switch {
	case into != nil:
	case name == PartOrder || name == PartPictures:
		into = &[]string{}
	case strings.HasPrefix(name, partBlock) && ValidID(name[len(partBlock):], BlockIDLength):
		into = &Block{}
	case strings.HasPrefix(name, partPicture) && ValidID(name[len(partPicture):], ArticleIDLength):
		into = &PictureUse{}
	default:
		return nil, Refuse(Invalid, "A text has no part %q.", name)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return nil, Refuse(Invalid, "Part %q does not hold what it should.", name)
	}
	if kind, ok := into.(*ArticleType); ok && *kind != "" && !slices.Contains(articleTypes, *kind) {
		return nil, Refuse(Invalid, "There is no article of type %.40q.", *kind)
	}
	if b, ok := into.(*Block); ok {
		if err := checkBlock(name, b); err != nil {
			return nil, err
		}
	}
	if ids, ok := into.(*[]string); ok && len(*ids) != len(slices.Compact(slices.Sorted(slices.Values(*ids)))) {
		return nil, Refuse(Invalid, "Part %q names something twice.", name)
	}
	return json.Marshal(into)
}

func checkBlock(name string, b *Block) error {
	if BlockPart(b.ID) != name {
		return Refuse(Invalid, "Part %q holds another block.", name)
	}
	kinds := []BlockKind{Paragraph, Heading, List, QuotationBlock, PictureBlock, GalleryBlock, TableBlock, BoxBlock, EmbedBlock}
	if !slices.Contains(kinds, b.Kind) {
		return Refuse(Invalid, "There is no kind of block %q.", b.Kind)
	}
	if err := b.checkKind(); err != nil {
		return err
	}
	for _, spans := range b.runs() {
		for _, s := range spans {
			if s.Link != "" && SafeLink(s.Link) == "" {
				return Refuse(Invalid, "The address %q cannot be linked to: use http, https or mailto.", s.Link)
			}
		}
	}
	return nil
}
