package feed

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"dateline/internal/edition"
	"dateline/internal/story"
)

//go:embed html.tmpl
var htmlText string

var htmlTemplate = template.Must(template.New("html").Parse(htmlText))

// A page is an article as a feed's reader sees it. The template knows these fields and
// the kinds of block that a Doc may hold; every word goes through its escaping.
type page struct {
	Dir         string // "rtl", or ""
	Words       labels
	Corrections []edition.Correction
	Withdrawn   string // the public note, with nothing else
	Gone        bool
	Standfirst  string
	Lead        *figure
	Blocks      []block
	More        bool // the text is not here: the house feeds summaries
	Address     string
	Sources     []story.Source
}

type block struct {
	Kind   story.BlockKind
	Level  int
	Opens  string // the dateline, before the first paragraph
	Spans  []span
	Items  [][]span
	Figure *figure
	By     string // who said a quotation, and in which capacity

	Gallery []*figure
	Table   *story.Table
	Box     *box
	Card    *card
}

// A box is an aside: its title and passages.
type box struct {
	Title    string
	Passages []passage
}

type passage struct {
	Spans []span
	Items [][]span
}

// A card is a link to what others would embed.
type card struct{ Address, Name, Title string }

type span struct {
	Text       string
	Strong, Em bool
	Link       string // safe, or ""
}

type figure struct {
	Address       string
	Type          string
	Bytes         int64
	Width, Height int
	Alt           string
	Caption       string
	Credit        string // there is no figure without
	Rights        string
}

type labels struct{ Correction, Withdrawn, Sources, Whole, Credit string }

func labelsOf(lang string) labels {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return labels{"תיקון", "הוסר", "מקורות", "לכתבה המלאה", "צילום: "}
	}
	return labels{"Correction", "Withdrawn", "Sources", "The whole report", ""}
}

// HTML is an article as HTML for feeds: what was corrected, then the text, or, where the
// house feeds summaries, its first words. A withdrawn article is its note.
func HTML(h edition.House, a edition.Article) (string, error) {
	p := page{Words: labelsOf(a.Lang), Address: h.Address + Address(h, a.Card)}
	if story.RightToLeft(a.Lang) {
		p.Dir = "rtl"
	}
	switch {
	case a.Standing == story.Withdrawn:
		p.Gone, p.Withdrawn = true, a.Note
	case h.Feeds == "summary":
		p.Corrections, p.Standfirst, p.Lead, p.More = a.Corrections, a.Standfirst, figureOf(h, a.Picture, a.Lang), true
	default:
		p.Corrections = a.Corrections
		for _, s := range a.Sources {
			p.Sources = append(p.Sources, story.Source{Name: s.Name, Address: story.SafeLink(s.Address)})
		}
		p.fill(h, a)
	}
	var b strings.Builder
	if err := htmlTemplate.Execute(&b, p); err != nil {
		return "", fmt.Errorf("writing article %s as HTML: %w", a.ID, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// fill lays the text out. The lead picture stands above it, unless it has its own place.
func (p *page) fill(h edition.House, a edition.Article) {
	c := a.Content
	opens, placed := c.Dateline.Place, map[string]bool{}
	for _, b := range c.Doc {
		out := block{Kind: b.Kind, Level: min(max(b.Level, 2), 3), Spans: spansOf(b.Spans)}
		switch b.Kind {
		case story.Paragraph:
			if b.Empty() {
				continue
			}
			out.Opens, opens = opens, ""
		case story.Heading:
		case story.List:
			out.Items = itemsOf(b.Items)
		case story.QuotationBlock:
			out.By = speaker(c.Quotations, b.Quotation)
		case story.PictureBlock:
			use, ok := c.Picture(b.Picture)
			if out.Figure = figureOf(h, &use, c.Lang); !ok || out.Figure == nil {
				continue
			}
			placed[use.ID] = true
		case story.GalleryBlock:
			for _, id := range b.Pictures {
				use, ok := c.Picture(id)
				if fig := figureOf(h, &use, c.Lang); ok && fig != nil {
					out.Gallery, placed[id] = append(out.Gallery, fig), true
				}
			}
			if out.Gallery == nil {
				continue
			}
		default:
			if !out.aside(b) {
				continue
			}
		}
		p.Blocks = append(p.Blocks, out)
	}
	for i, use := range c.Pictures {
		if fig := figureOf(h, &c.Pictures[i], c.Lang); fig != nil && !placed[use.ID] {
			p.Lead = fig
			return
		}
	}
}

// aside lays out a block that stands beside the words; false for one of a newer binary,
// and where a reader would see nothing.
func (out *block) aside(b story.Block) bool {
	switch {
	case b.Empty():
		return false
	case b.Kind == story.TableBlock:
		out.Table = b.Table
	case b.Kind == story.BoxBlock:
		out.Box = &box{Title: b.Box.Title}
		for _, p := range b.Box.Passages {
			out.Box.Passages = append(out.Box.Passages, passage{spansOf(p.Spans), itemsOf(p.Items)})
		}
	case b.Kind == story.EmbedBlock && b.Embed != nil && story.SecureLink(b.Embed.Address) != "":
		out.Card = &card{story.SecureLink(b.Embed.Address), b.Embed.Name(), b.Embed.Title}
	default:
		return false
	}
	return true
}

func itemsOf(items [][]story.Span) (out [][]span) {
	for _, it := range items {
		out = append(out, spansOf(it))
	}
	return out
}

func spansOf(spans []story.Span) (out []span) {
	for _, s := range spans {
		out = append(out, span{s.Text, s.Strong, s.Em, story.SafeLink(s.Link)})
	}
	return out
}

func speaker(quotations []story.Quotation, id string) string {
	for _, q := range quotations {
		if q.ID == id {
			return strings.Join(said(q), ", ")
		}
	}
	return ""
}

func said(q story.Quotation) (parts []string) {
	for _, s := range []string{q.Speaker, q.Capacity, q.Occasion, q.Place, q.ReportedBy} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return parts
}

// feedWidth is about how wide a picture in a feed is.
const feedWidth = 1000

// figureOf is a picture with its credit; nil for one without.
func figureOf(h edition.House, p *story.PictureUse, lang string) *figure {
	if p == nil || len(p.Renditions) == 0 || p.Credit.String() == "" {
		return nil
	}
	best := p.Renditions[0]
	for _, r := range p.Renditions {
		if r.Width > best.Width && r.Width <= feedWidth || best.Width > feedWidth && r.Width < best.Width {
			best = r
		}
	}
	return &figure{Address: h.Address + pictureAddress(best), Type: best.Type, Bytes: best.Bytes, Width: best.Width, Height: best.Height, Alt: p.Alt, Caption: p.Caption,
		Credit: labelsOf(lang).Credit + p.Credit.String(), Rights: p.Rights}
}

// pictureAddress is where the site has a rendition. Only the hash counts there; how the
// address ends is for programs that look at it.
func pictureAddress(r story.Rendition) string {
	ext := map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/avif": "avif", "image/gif": "gif"}[r.Type]
	if ext == "" {
		ext = "bin"
	}
	return "/picture/" + r.SHA256 + "." + ext
}
