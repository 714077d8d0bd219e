package desk

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/story"
	"dateline/internal/tongue"
)

// A kindForm is how the form edits a kind of block that has more inputs than its words.
// The form says in "s.b.<id>" for which kind it drew the inputs: when somebody chooses
// another kind, the words alone go over to it.
type kindForm struct {
	words int // which input holds the words
	fill  func(b story.Block) []string
	read  func(b *story.Block, v inputs, pictures []story.PictureUse)
}

// inputs are the values of a block's inputs, without its kind.
type inputs []string

func (v inputs) at(n int) string {
	if n < len(v) {
		return v[n]
	}
	return ""
}

func (v inputs) line(n int) string { return oneOf(v.at(n)) }

func (v inputs) lines(n int) string { return newlines.Replace(v.at(n)) }

var kindForms = map[story.BlockKind]kindForm{
	story.TableBlock: {1,
		func(b story.Block) []string {
			t := story.Table{Head: true}
			if b.Table != nil {
				t = *b.Table
			}
			head := ""
			if !t.Head {
				head = "no"
			}
			return []string{t.Caption, story.FormatRows(t.Rows), head}
		},
		func(b *story.Block, v inputs, _ []story.PictureUse) {
			b.Table = &story.Table{Caption: v.line(0), Rows: story.ParseRows(v.lines(1)), Head: v.at(2) != "no"}
		}},
	story.BoxBlock: {1,
		func(b story.Block) []string {
			if b.Box == nil {
				return []string{"", ""}
			}
			return []string{b.Box.Title, story.FormatPassages(b.Box.Passages)}
		},
		func(b *story.Block, v inputs, _ []story.PictureUse) {
			b.Box = &story.Box{Title: v.line(0), Passages: story.ParsePassages(v.lines(1))}
		}},
	story.EmbedBlock: {3,
		func(b story.Block) []string {
			e := story.Embed{}
			if b.Embed != nil {
				e = *b.Embed
			}
			return []string{e.Address, e.Provider, e.Title, story.FormatSpans(b.Spans)}
		},
		func(b *story.Block, v inputs, _ []story.PictureUse) {
			b.Embed = &story.Embed{Address: v.line(0), Provider: v.line(1), Title: v.line(2)}
			words := v.line(3)
			if b.Embed.Address == "" && !strings.Contains(words, " ") && story.SecureLink(words) != "" {
				b.Embed.Address, words = words, "" // an address alone became a card
			}
			b.Spans = story.ParseSpans(words)
		}},
	story.GalleryBlock: {0,
		func(b story.Block) []string {
			v := append([]string{story.FormatSpans(b.Spans)}, b.Pictures...)
			return append(v, make([]string, freePlaces)...)
		},
		func(b *story.Block, v inputs, pictures []story.PictureUse) {
			b.Spans = story.ParseSpans(v.line(0))
			chosen := v[min(1, len(v)):]
			if len(v) < 2 { // it has just become a gallery: of all but the picture that leads
				for _, p := range pictures[min(1, max(len(pictures)-1, 0)):] {
					chosen = append(chosen, p.ID)
				}
			}
			for _, id := range chosen {
				ofStory := slices.ContainsFunc(pictures, func(p story.PictureUse) bool { return p.ID == id })
				if ofStory && !slices.Contains(b.Pictures, id) {
					b.Pictures = append(b.Pictures, id)
				}
			}
		}},
}

// freePlaces are the empty places that a gallery offers.
const freePlaces = 2

// wordsIn are the words among a block's inputs as they were drawn for a kind. The choice
// of a picture is none.
func wordsIn(drawn string, v inputs, pictures []story.PictureUse) string {
	f := kindForms[story.BlockKind(drawn)] // of the other kinds the words come first
	words := v.lines(f.words)
	if slices.ContainsFunc(pictures, func(p story.PictureUse) bool { return p.ID == words }) {
		return ""
	}
	return words
}

// readKind reads the inputs of a kind that has more than words; false for the others.
func readKind(b *story.Block, drawn string, v inputs, pictures []story.PictureUse) bool {
	f, ok := kindForms[b.Kind]
	if !ok {
		return false
	}
	if drawn != string(b.Kind) {
		words := wordsIn(drawn, v, pictures)
		v = make(inputs, f.words+1)
		v[f.words] = words
	}
	f.read(b, v, pictures)
	return true
}

// A galleryPlace is one place of a gallery, with what may stand there.
type galleryPlace struct {
	Words, Shows string // Shows: the picture that stands there
	Choices      []choice
}

// inputsOfKind lays out what a block's form shows for the kind that it was drawn for.
func (f *blockForm) inputsOfKind(lang string, t story.Text, b story.Block, typed url.Values) {
	if f.Drawn = string(b.Kind); typed.Has("b." + b.ID) {
		f.Drawn = typed.Get("s.b." + b.ID)
	}
	form, ok := kindForms[story.BlockKind(f.Drawn)]
	if !ok {
		f.Drawn = ""
		return
	}
	f.Text = f.at(1 + form.words)
	if f.Drawn == string(story.TableBlock) {
		f.Heads = chosen([]choice{{"", tongue.Say(lang, "First row names the columns"), false}, {"no", tongue.Say(lang, "No head"), false}}, f.at(3))
	}
	if f.Drawn != string(story.GalleryBlock) {
		return
	}
	for i, id := range f.Values[min(2, len(f.Values)):] {
		none := choice{"", tongue.Say(lang, "nothing here"), false}
		place := galleryPlace{Words: tongue.Say(lang, "Place %d", i+1), Choices: chosen(append([]choice{none}, pictureChoices(t)...), id)}
		if _, there := t.Picture(id); there {
			place.Shows = id
		}
		f.Places = append(f.Places, place)
	}
}

// pictureChoices are the story's pictures by number and caption.
func pictureChoices(t story.Text) (all []choice) {
	for i, u := range t.Pictures {
		all = append(all, choice{Value: u.ID, Words: fmt.Sprintf("%d: %s", i+1, cut(cmp.Or(u.Caption, u.ID), 60))})
	}
	return all
}
