package ui

import (
	"fmt"
	"math"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/story"
)

// A Block is a block of a text as a page draws it. Templates know these kinds and no
// other; every word goes through the template's own escaping.
type Block struct {
	ID       string // names the block in the page, for links to it
	Kind     story.BlockKind
	Plain    bool // it is a paragraph, as nearly all are: asking for a truth is the cheaper question
	Level    int
	Dateline string // opens the first paragraph
	From     string // address of what else is from there
	Spans    []story.Span
	Items    [][]story.Span
	Picture  *Picture
	Quote    *Quote
	Gallery  []*Picture
	Table    *Table
	Box      *story.Box
	Card     *Card
	Label    string // of a table without a caption
	After    []Fix  // corrections of this block
}

// A Picture is a picture as a page draws it; there is none without its credit.
type Picture struct {
	Src, Srcset, Sizes string
	Width, Height      int
	Alt, Caption       string
	Credit             string
	Rights             string // the line that its owner asks for
	First              bool   // it is on the first screen: fetched at once
	Focus              string
}

// A Quote is a quotation as a page draws it.
type Quote struct {
	ID      string
	Words   string // with its marks
	Speaker string
	Rest    string // capacity, occasion, place, when, reported by whom
	Who     string // address of the speaker's page
	Then    []Then // the statements that it refers to, and those that refer to it
}

// A Then is another statement, or report, that a quotation refers to or is referred to by.
// Both stand: neither is struck through.
type Then struct {
	Word   string // what one does to the other
	Link   Link   // to the other, by its day
	Words  string // the other's words, with their marks; "" for a report
	By     string // who said them, where, reported by whom
	Note   string // what the house says of it
	Source Link   // what the house rests it on
}

// A Fix is a correction, an update or a withdrawal, told where it belongs.
type Fix struct {
	ID, Word        string
	Note            string
	Was, Is         string // where the note does not say it
	WasWord, IsWord string
	When            []CityTime
	Done            string // "Corrected"
	Kept            string // "The time of posting has not changed."
	Link            string
	LinkText        string
}

// DocView says how a text is to be drawn.
type DocView struct {
	Lang     string
	Pictures func(sha256, mediaType string) string // address of a rendition
	House    Seat
	Desk     Seat
	Fixes    map[string][]Fix // by block id
	Lead     string           // id of the picture that stands above the text already
}

// sizesInText is how wide a picture stands that has the width of the text.
const sizesInText = "(min-width: 700px) 38rem, 100vw"

// Doc lays a text out. Blocks of a kind that this binary does not know are left out, as is
// a picture without its credit.
func Doc(t story.Text, v DocView) (out []Block) {
	dateline := t.Dateline.Place
	out = make([]Block, 0, len(t.Doc))
	for _, b := range t.Doc {
		block := Block{ID: b.ID, Kind: b.Kind, Level: b.Level, Spans: safe(b.Spans), After: v.Fixes[b.ID]}
		switch b.Kind {
		case story.Paragraph:
			if b.Empty() {
				continue
			}
			block.Plain, block.Dateline, dateline = true, dateline, ""
		case story.Heading:
			if block.Level < 2 || block.Level > 3 {
				block.Level = 2
			}
		case story.List:
			for _, it := range b.Items {
				block.Items = append(block.Items, safe(it))
			}
		case story.QuotationBlock:
			block.Quote = quote(t, b, v)
		case story.PictureBlock:
			if p, ok := t.Picture(b.Picture); ok && b.Picture != v.Lead {
				block.Picture = PictureOf(p, v.Lang, sizesInText, false, v.Pictures)
			}
			if block.Picture == nil && len(block.After) == 0 {
				continue
			}
		default:
			if !block.fill(t, b, v) && len(block.After) == 0 {
				continue
			}
		}
		out = append(out, block)
	}
	return out
}

// safe drops links that are not plainly links.
func safe(spans []story.Span) []story.Span {
	out := make([]story.Span, len(spans))
	for i, s := range spans {
		s.Link = story.SafeLink(s.Link)
		out[i] = s
	}
	return out
}

func quote(t story.Text, b story.Block, v DocView) *Quote {
	for _, q := range t.Quotations {
		if q.ID == b.Quotation && q.ID != "" {
			return QuoteOf(q, v)
		}
	}
	return &Quote{Words: WordsIn(v.Lang).Quoted(story.Plain(b.Spans))}
}

// QuoteOf draws a quotation object: who, in which capacity, where, when in both clocks.
func QuoteOf(q story.Quotation, v DocView) *Quote {
	w := WordsIn(v.Lang)
	var words strings.Builder
	for _, run := range q.Words {
		if run.Inserted {
			words.WriteString("[" + run.Text + "]")
		} else {
			words.WriteString(run.Text)
		}
	}
	out := &Quote{ID: q.ID, Words: words.String(), Speaker: q.Speaker}
	if q.Form != "indirect" {
		out.Words = w.Quoted(out.Words)
	}
	var parts []string
	for _, p := range []string{q.Capacity, q.Occasion, q.Place} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if !q.Said.IsZero() && v.House.Zone != nil {
		parts = append(parts, said(q, v, w))
	}
	if len(parts) > 0 {
		out.Rest = ", " + strings.Join(parts, ", ") + "."
	} else if q.Speaker != "" && q.ReportedBy != "" {
		out.Rest = "."
	}
	if q.ReportedBy != "" {
		out.Rest += " " + fmt.Sprintf(w.ReportedBy, q.ReportedBy)
	}
	return out
}

func said(q story.Quotation, v DocView, w *Words) string {
	at := v.House
	if v.Desk.Zone != nil {
		at = v.Desk
	}
	s := clock.DateTime(q.Said, at.Zone, v.Lang) + " " + w.Say(w.InCity, at.City)
	if at.ID != v.House.ID {
		s += " (" + clock.HM(q.Said, v.House.Zone) + " " + w.Say(w.InCity, v.House.City) + ")"
	}
	return s
}

// PictureOf lays a picture out: its largest rendition as the source, all in the set. It is
// nil without a credit or a rendition.
func PictureOf(p story.PictureUse, lang, sizes string, first bool, address func(sha256, mediaType string) string) *Picture {
	credit := p.Credit.String()
	if credit == "" || len(p.Renditions) == 0 || address == nil {
		return nil
	}
	big := p.Renditions[0]
	var set []string
	for _, r := range p.Renditions {
		if r.Width > big.Width {
			big = r
		}
		set = append(set, fmt.Sprintf("%s %dw", address(r.SHA256, r.Type), r.Width))
	}
	out := &Picture{
		Src: address(big.SHA256, big.Type), Srcset: strings.Join(set, ", "), Sizes: sizes,
		Width: big.Width, Height: big.Height, Alt: p.Alt, Caption: p.Caption,
		Credit: fmt.Sprintf(WordsIn(lang).Photo, credit), Rights: p.Rights, First: first, Focus: focus(p.Focal),
	}
	if len(set) < 2 {
		out.Srcset, out.Sizes = "", ""
	}
	return out
}

// focus names the class that keeps a picture's focal point in a crop, in tenths.
func focus(f *story.Focal) string {
	if f == nil {
		return ""
	}
	tenth := func(x float64) int {
		if !(x >= 0) { // also NaN
			x = 0
		}
		return int(math.Round(math.Min(x, 1) * 10))
	}
	return fmt.Sprintf("fx%d fy%d", tenth(f.X), tenth(f.Y))
}

// PictureAddress is where readers find a rendition.
func PictureAddress(sha256, mediaType string) string {
	return "/picture/" + sha256 + "." + Extension(mediaType)
}

// Extension is how a media type's addresses end.
func Extension(mediaType string) string {
	switch mediaType {
	case "image/jpeg":
		return "jpg"
	case "image/png":
		return "png"
	case "image/webp":
		return "webp"
	case "image/avif":
		return "avif"
	case "image/gif":
		return "gif"
	}
	return "bin"
}
