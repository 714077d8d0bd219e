package wire

import (
	"strconv"
	"strings"

	"dateline/internal/story"
)

// A group is a picture with its words, a figure of HTML or a media of NITF: its words are
// the picture's, not the report's.
type group struct {
	always  bool // words are dropped even without a picture
	blocks  int  // len(doc) at its start
	images  int  // len(images) at its start
	caption int  // len(doc) where the caption began, -1 outside
	inner   int  // figures in it that have a picture
	words   string
}

// image keeps a picture that the text shows; the invisible ones of counters are none.
func (b *builder) image(name string, attr map[string]string) {
	address := attr["src"]
	if name == "media-reference" {
		address = attr["source"]
	}
	width, _ := strconv.Atoi(attr["width"]) // 0 where it is no number
	height, _ := strconv.Atoi(attr["height"])
	counter := attr["width"] != "" && width < 2 || attr["height"] != "" && height < 2
	if counter || len(b.images) == maxImages || fileOf(address) == "" || !isImage(attr["mime-type"], address) {
		return
	}
	b.images = append(b.images, PictureRef{Alt: attr["alt"], Width: width, Height: height}.at(address))
}

// endCaption keeps the words that were read since a caption began.
func (b *builder) endCaption() {
	n := len(b.groups)
	if n == 0 || b.groups[n-1].caption < 0 {
		return
	}
	g := &b.groups[n-1]
	g.words = strings.TrimSpace(g.words + " " + wordsFrom(b.doc, g.caption, len(b.doc)))
	b.doc = b.doc[:min(g.caption, len(b.doc))]
	g.caption = -1
}

// leaveGroup gives a picture its caption, and the short line beside it as its credit.
func (b *builder) leaveGroup() {
	b.endCaption()
	g := b.groups[len(b.groups)-1]
	b.groups = b.groups[:len(b.groups)-1]
	from := min(g.blocks, len(b.doc))
	if len(b.images) == g.images && !g.always {
		if g.words != "" { // of a table, say: it stays the text's
			b.put(story.Block{Kind: story.Paragraph, Spans: []story.Span{{Text: g.words}}})
		}
		return
	}
	credit, images := wordsFrom(b.doc, from, len(b.doc)), b.images[g.images:]
	b.doc = b.doc[:from]
	for i := range images {
		if g.inner > 0 && (images[i].Caption != "" || len(images) > 1) {
			continue // it has its own figure; the words around are the gallery's
		}
		images[i].Caption = g.words
		if len(credit) < 100 {
			images[i].Credit.Line = credit
		}
	}
	if n := len(b.groups); n > 0 && len(images) > 0 {
		b.groups[n-1].inner++
	} else if len(images) > 1 {
		b.gallery(g, images)
	}
}

// gallery puts several pictures of one figure in their place in the text, by the names of
// their files: ids are given to pictures when the text is taken.
func (b *builder) gallery(g group, images []PictureRef) {
	block := story.Block{Kind: story.GalleryBlock}
	for _, p := range images[:min(len(images), story.MaxGallery)] {
		block.Pictures = append(block.Pictures, p.File)
	}
	if g.words != "" && g.inner > 0 {
		block.Spans = []story.Span{{Text: g.words}}
	}
	b.put(block)
}

func wordsFrom(doc story.Doc, from, to int) string {
	var words []string
	for i := from; i < to; i++ {
		words = append(words, doc[i].Plain())
	}
	return strings.Join(words, " ")
}
