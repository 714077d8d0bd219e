package picture

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"dateline/internal/story"
)

// Meta is the words that a file carries. Agencies write them up to three times, as XMP,
// IIM and EXIF: Origins says where each was taken from, by the JSON name of its field, and
// Conflicts keeps what was passed over.
type Meta struct {
	Headline     string            `json:"headline,omitempty"`
	Caption      string            `json:"caption,omitempty"`
	Alt          string            `json:"alt,omitempty"`
	Byline       string            `json:"byline,omitempty"` // the photographer
	Credit       string            `json:"credit,omitempty"`
	Source       string            `json:"source,omitempty"`
	Copyright    string            `json:"copyright,omitempty"`
	Usage        string            `json:"usage,omitempty"`
	Instructions string            `json:"instructions,omitempty"` // to editors: restrictions hide here
	Title        string            `json:"title,omitempty"`
	Created      string            `json:"created,omitempty"` // 2024-03-22T09:15:00+01:00; without zone where the file names none
	City         string            `json:"city,omitempty"`
	State        string            `json:"state,omitempty"`
	Country      string            `json:"country,omitempty"`
	Made         string            `json:"made,omitempty"` // IPTC digital source type, such as trainedAlgorithmicMedia
	Origins      map[string]string `json:"origins,omitempty"`
	Conflicts    []Conflict        `json:"conflicts,omitempty"`
}

// A Conflict is what a file says elsewhere, and otherwise.
type Conflict struct {
	Field  string `json:"field"`
	Origin string `json:"origin"`
	Text   string `json:"text"`
}

// StoryCredit is the credit that the file gives itself; empty where it gives none. The
// credit line wins over its parts, as IPTC asks, but does not lose the photographer.
func (m Meta) StoryCredit() story.Credit {
	c := story.Credit{Line: m.Credit, Photographer: m.Byline, Agency: cmp.Or(m.Source, m.Credit)}
	if m.Credit != "" && m.Byline != "" && !strings.Contains(strings.ToLower(m.Credit), strings.ToLower(m.Byline)) {
		c.Line = m.Byline + " / " + m.Credit
	}
	return c
}

// The origins.
const (
	fromXMP  = "xmp"
	fromIIM  = "iim"
	fromEXIF = "exif"
)

// origins stand in the order in which they are believed: XMP alone has one charset and no
// limits of length.
var origins = []string{fromXMP, fromIIM, fromEXIF}

// fields are the words that are read, by their JSON names.
func (m *Meta) fields() map[string]*string {
	return map[string]*string{"headline": &m.Headline, "caption": &m.Caption, "alt": &m.Alt, "byline": &m.Byline, "credit": &m.Credit, "source": &m.Source,
		"copyright": &m.Copyright, "usage": &m.Usage, "instructions": &m.Instructions, "title": &m.Title, "created": &m.Created,
		"city": &m.City, "state": &m.State, "country": &m.Country, "made": &m.Made}
}

// A reading is what was found: by field, by origin. What is found first stays.
type reading map[string]map[string]string

func (r reading) add(field, origin, text string) {
	text = clean(text)
	if field == "" || !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }) {
		return // some programs write "-" for nothing
	}
	if r[field] == nil {
		r[field] = map[string]string{}
	}
	if r[field][origin] == "" {
		r[field][origin] = text
	}
}

// readMeta reads the words of a file and its orientation: by our own readers, which know
// how agencies write, then by the library, which knows more places. What cannot be read
// is left out: a picture without words is still a picture, and without a credit it is not
// published.
func readMeta(b []byte, mediaType string) (Meta, int) {
	r := reading{}
	readXMP(b, r)
	if mediaType == "image/jpeg" {
		readIIM(b, r)
	}
	orientation := readLibrary(b, mediaType, r)
	return r.settle(), orientation
}

// settle chooses among origins and keeps what differs.
func (r reading) settle() Meta {
	m := Meta{Origins: map[string]string{}}
	for field, to := range m.fields() {
		for _, origin := range origins {
			text := r[field][origin]
			if field == "created" {
				text = instantText(text)
			}
			switch {
			case text == "":
			case *to == "":
				*to, m.Origins[field] = text, origin
			case field == "created" && strings.HasPrefix(*to, text): // without its zone, or its hour
			case field == "created" && strings.HasPrefix(text, *to):
				*to, m.Origins[field] = text, origin
			case !sameText(*to, text):
				m.Conflicts = append(m.Conflicts, Conflict{field, origin, text})
			}
		}
	}
	slices.SortFunc(m.Conflicts, func(a, b Conflict) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Origin, b.Origin)) })
	return m
}

// sameText reports whether two origins say the same: IIM is often in capitals, or cut off
// at the length that its fields have.
func sameText(a, b string) bool {
	const shortest = 30 // the shortest limit of IIM's fields is 32
	return strings.EqualFold(a, b) || len(b) >= shortest && strings.HasPrefix(a, strings.TrimSuffix(b, "…"))
}

// instantText writes a time of any origin in one way: 2024-03-22T09:15:00+01:00, without
// the zone where none is said, and a date alone where no time is.
func instantText(s string) string {
	for _, form := range []struct{ in, out string }{
		{"2006-01-02T15:04:05Z07:00", time.RFC3339}, {"2006-01-02T15:04Z07:00", time.RFC3339}, {"2006:01:02 15:04:05Z07:00", time.RFC3339}, {"20060102 150405-0700", time.RFC3339},
		{"2006-01-02T15:04:05", "2006-01-02T15:04:05"}, {"2006:01:02 15:04:05", "2006-01-02T15:04:05"}, {"20060102 150405", "2006-01-02T15:04:05"},
		{"2006-01-02", "2006-01-02"}, {"2006:01:02", "2006-01-02"}, {"20060102", "2006-01-02"},
	} {
		if t, err := time.Parse(form.in, s); err == nil && t.Year() > 1800 {
			return t.Format(form.out)
		}
	}
	return ""
}
