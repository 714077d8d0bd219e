package story

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ArticleID finds an article for ever: 10 random base-32 characters.
type ArticleID string

// A Text is all that readers may see of one article: what the working text gathers, a
// revision fixes, and an article entry of the record carries whole.
type Text struct {
	Type       ArticleType  `json:"type"`
	Slug       string       `json:"slug"`
	Lang       string       `json:"lang"` // BCP 47, e.g. "en", "he"
	Section    string       `json:"section"`
	Dateline   Dateline     `json:"dateline,omitzero"`
	Headline   string       `json:"headline"`
	Short      string       `json:"short,omitempty"` // headline for narrow places
	Standfirst string       `json:"standfirst,omitempty"`
	Bylines    []Byline     `json:"bylines,omitempty"`
	Doc        Doc          `json:"doc"`
	Quotations []Quotation  `json:"quotations,omitempty"`
	Pictures   []PictureUse `json:"pictures,omitempty"` // the first leads
	Topics     []Topic      `json:"topics,omitempty"`
	Places     []string     `json:"places,omitempty"`
	Sources    []Source     `json:"sources,omitempty"`
}

// ArticleType is what kind of article this is.
type ArticleType string

// The types of article.
const (
	Report  ArticleType = "report"
	Brief   ArticleType = "brief"
	Opinion ArticleType = "opinion"
	Live    ArticleType = "live" // a live page: its text is its entries, and what stands above them
)

var articleTypes = []ArticleType{Report, Brief, Opinion, Live}

// A Dateline is the line that opens a report and says where and when it was written.
// Date is a civil date, YYYY-MM-DD, at that place.
type Dateline struct {
	Place string `json:"place,omitempty"`
	Date  string `json:"date,omitempty"`
}

// A Byline names a person to readers. Person is the id of a person entry, or empty.
type Byline struct {
	Person string `json:"person,omitempty"`
	Name   string `json:"name"`
	Role   string `json:"role,omitempty"`
}

// A Quotation keeps who said what to whom. Said is an instant, zero where unknown.
type Quotation struct {
	ID         string    `json:"id"`
	Blocks     []string  `json:"blocks,omitempty"`
	Words      []Words   `json:"words"`
	Form       string    `json:"form"` // direct, partial, indirect, translated
	Person     string    `json:"person,omitempty"`
	Speaker    string    `json:"speaker"`
	Capacity   string    `json:"capacity,omitempty"`
	Occasion   string    `json:"occasion,omitempty"`
	Place      string    `json:"place,omitempty"`
	Said       time.Time `json:"said,omitzero"`
	ReportedBy string    `json:"reportedBy,omitempty"`
}

// Words is a run of a quotation; Inserted marks the editor's own words, never the speaker's.
type Words struct {
	Text     string `json:"text"`
	Inserted bool   `json:"inserted,omitempty"`
}

// A PictureUse is a picture as one text shows it. Caption, credit and alt text belong
// to the use, so that a later change of the original cannot change what was published.
type PictureUse struct {
	ID         string      `json:"id"`
	Caption    string      `json:"caption,omitempty"`
	Credit     Credit      `json:"credit"`
	Alt        string      `json:"alt,omitempty"`
	Focal      *Focal      `json:"focal,omitempty"`
	Rights     string      `json:"rights,omitempty"` // the public rights line
	Renditions []Rendition `json:"renditions,omitempty"`
}

// A Credit says whose picture it is. A picture without one cannot be posted anywhere.
type Credit struct {
	Line         string `json:"line,omitempty"`
	Photographer string `json:"photographer,omitempty"`
	Agency       string `json:"agency,omitempty"`
}

// String is the credit as printed: its line, or photographer and agency. What has neither a
// letter nor a digit names nobody and is no credit.
func (c Credit) String() string {
	if Names(c.Line) {
		return strings.TrimSpace(c.Line)
	}
	var parts []string
	for _, s := range []string{c.Photographer, c.Agency} {
		if Names(s) {
			parts = append(parts, strings.TrimSpace(s))
		}
	}
	return strings.Join(parts, " / ")
}

// Visible reports whether a reader would see anything of s: direction marks, joiners and
// spaces alone are nothing.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// Focal is the point that a crop must keep, as fractions of width and height.
type Focal struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// A Rendition is one public form of a picture, named by the SHA-256 of its bytes.
type Rendition struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Type   string `json:"type"` // media type
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// A Topic is a subject code of a vocabulary, such as medtop:20000638, with its labels.
type Topic struct {
	Code   string            `json:"code"`
	Labels map[string]string `json:"labels,omitempty"`
}

// A Source is who or what a text rests on, as told to readers.
type Source struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
}

// RightToLeft reports whether a language is written from right to left: by its script
// where the tag names one (az-Arab, ur-Latn), else by its own.
func RightToLeft(lang string) bool {
	base, rest, _ := strings.Cut(strings.ToLower(lang), "-")
	if script, _, _ := strings.Cut(rest, "-"); len(script) == 4 && script[0] > '9' {
		return slices.Contains([]string{"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"}, script)
	}
	return slices.Contains([]string{"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}, base)
}

// Direction is the HTML dir of a language.
func Direction(lang string) string {
	if RightToLeft(lang) {
		return "rtl"
	}
	return "ltr"
}

// Picture returns the use of the picture with that id.
func (t Text) Picture(id string) (PictureUse, bool) {
	i := slices.IndexFunc(t.Pictures, func(p PictureUse) bool { return p.ID == id })
	if i < 0 {
		return PictureUse{}, false
	}
	return t.Pictures[i], true
}

// NoAddress is what a text lacks that has a link card without an address.
const NoAddress = "address in its link card"

// NoDay is what a text lacks whose dateline says a day that no calendar has.
const NoDay = "day for its dateline such as 2024-03-22"

// Required lists what a text must have before readers may see it, and lacks.
func Required(t Text) (missing []string) {
	need := func(ok bool, what string) {
		if !ok {
			missing = append(missing, what)
		}
	}
	need(Visible(t.Headline), "headline")
	need(t.Slug != "" && t.Slug == Slug(t.Slug), "slug")
	need(t.Lang != "", "language")
	need(t.Section != "", "section")
	_, err := time.Parse(time.DateOnly, t.Dateline.Date)
	need(t.Dateline.Date == "" || err == nil, NoDay)
	need(t.Type == Live || slices.ContainsFunc(t.Doc, func(b Block) bool { return !b.Empty() }), "text")
	need(!slices.ContainsFunc(t.Doc, Block.unaddressed), NoAddress)
	return missing
}

// What a text lacks whose language or section is none of its house's: its address, or its
// place in the paper, would not be there.
const (
	NoLanguage = "language of this house"
	NoSection  = "section of this house"
)

// Foreign lists what a text must have of its house, and has of none.
func Foreign(t Text, languages, sections []string) (missing []string) {
	if t.Lang != "" && !slices.Contains(languages, t.Lang) {
		missing = append(missing, NoLanguage)
	}
	if t.Section != "" && !slices.Contains(sections, t.Section) {
		missing = append(missing, NoSection)
	}
	return missing
}

// maxSlug is the longest slug, in characters (RECORD.md, Addresses).
const maxSlug = 80

// Slug makes an address from words: letters and digits of any script in NFC, lower case,
// with single hyphens between, at most 80 characters, cut where a word ends.
func Slug(words string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFC.String(words)) {
		switch {
		case r == utf8.RuneError:
			gap = true
		case unicode.IsLetter(r) || unicode.IsDigit(r) || (unicode.IsMark(r) && b.Len() > 0 && !gap):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’' || r == '״' || r == '׳' || r == '"':
			// An apostrophe or a gershayim does not divide a word.
		default:
			gap = true
		}
	}
	return cutSlug(norm.NFC.String(b.String()))
}

func cutSlug(s string) string {
	runes := []rune(s)
	if len(runes) <= maxSlug {
		return s
	}
	cut := string(runes[:maxSlug])
	if i := strings.LastIndexByte(cut, '-'); runes[maxSlug] != '-' && i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, "-")
}
