// Package wire reads what agencies send into items: bytes in, values out. Every byte is
// hostile: sizes, depths and counts are bounded before anything is believed.
package wire

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"path"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

// Kind is what an item is.
type Kind string

// The kinds of item that are read. Others are left out calmly.
const (
	KindText    Kind = "text"
	KindPicture Kind = "picture"
)

// Status is what the agency says may be done with a version (IPTC pubStatus).
type Status string

// The publishing statuses. What is not known is taken as withheld: doubt is closed.
const (
	Usable   Status = "usable"
	Withheld Status = "withheld"
	Canceled Status = "canceled"
)

// An Embargo as the agency sent it. One that is set but cannot be read has no end.
type Embargo struct {
	Set   bool      `json:"set,omitempty"`
	Until time.Time `json:"until,omitzero"`
	Raw   string    `json:"raw,omitempty"`
}

// An Item is one news item or picture as an agency sent it.
type Item struct {
	Format      string        `json:"format"`
	GUID        string        `json:"guid,omitempty"`
	Version     string        `json:"version,omitempty"` // the agency's own number
	Sent        time.Time     `json:"sent,omitzero"`     // the version's own time
	Kind        Kind          `json:"kind"`
	Status      Status        `json:"status"`
	Embargo     Embargo       `json:"embargo,omitzero"`
	Urgency     int           `json:"urgency,omitempty"` // 1 to 9, 0 unknown
	Lang        string        `json:"lang,omitempty"`
	Slugline    string        `json:"slugline,omitempty"`
	Headline    string        `json:"headline,omitempty"`
	Standfirst  string        `json:"standfirst,omitempty"`
	Byline      string        `json:"byline,omitempty"`
	Dateline    string        `json:"dateline,omitempty"`
	Located     string        `json:"located,omitempty"`
	Provider    string        `json:"provider,omitempty"`    // the agency by name
	InfoSources []string      `json:"infoSources,omitempty"` // whom the report names
	Copyright   string        `json:"copyright,omitempty"`
	Usage       string        `json:"usage,omitempty"`
	EdNote      string        `json:"edNote,omitempty"` // to editors: never for readers
	Doc         story.Doc     `json:"doc,omitempty"`    // blocks have no ids yet
	Topics      []story.Topic `json:"topics,omitempty"`
	Places      []string      `json:"places,omitempty"`
	People      []string      `json:"people,omitempty"`
	Pictures    []PictureRef  `json:"pictures,omitempty"` // that a text names
	Picture     *PictureRef   `json:"picture,omitempty"`  // of a picture item
	Words       [32]byte      `json:"-"`                  // of the words, the same in every format
}

// A PictureRef is a picture as a wire names it. File is the base name of its address.
type PictureRef struct {
	GUID    string       `json:"guid,omitempty"`
	Version string       `json:"version,omitempty"`
	File    string       `json:"file,omitempty"`
	Caption string       `json:"caption,omitempty"`
	Alt     string       `json:"alt,omitempty"`
	Credit  story.Credit `json:"credit,omitzero"`
	Width   int          `json:"width,omitempty"`
	Height  int          `json:"height,omitempty"`
	Status  Status       `json:"status,omitempty"`
}

// Limits of one file.
const (
	MaxBytes = 8 << 20
	MaxItems = 2000
	maxGUID  = 2 << 10
	maxTitle = 1 << 10
)

// A format recognises its own files and reads them. Adding one is a file and a line here.
type format struct {
	name string
	is   func(b []byte) bool
	read func(b []byte) ([]Item, error)
}

var formats = []format{
	{"newsml-g2", isNewsML, readNewsML},
	{"ninjs", isNinjs, readNinjs},
	{"rss", isFeed, readFeed},
}

// Parse reads a file by what is in it, not by its name. Errors are refusals: one sentence
// that says what is wrong.
func Parse(name string, b []byte) ([]Item, error) {
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return nil, story.Refuse(story.Invalid, "%s is empty.", show(name))
	case len(b) > MaxBytes:
		return nil, story.Refuse(story.TooLarge, "%s is larger than %d MiB. No wire item is.", show(name), MaxBytes>>20)
	}
	text, err := decode(b)
	if err != nil {
		return nil, story.Refuse(story.Invalid, "%s: %s", show(name), err)
	}
	for _, f := range formats {
		if !f.is(text) {
			continue
		}
		items, err := f.read(text)
		if err != nil {
			return nil, story.Refuse(story.Invalid, "%s looks like %s, but %s", show(name), f.name, err)
		}
		return finish(items, name)
	}
	return nil, story.Refuse(story.Invalid, "%s is no wire that is known here: neither RSS, Atom, NewsML-G2 nor ninjs.", show(name))
}

func show(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if len(name) > 100 {
		name = name[:100] + "…"
	}
	return clean(name)
}

// finish bounds and cleans what a format read, and hashes its words.
func finish(items []Item, name string) ([]Item, error) {
	if len(items) == 0 {
		return nil, story.Refuse(story.Invalid, "%s holds no item that is known here.", show(name))
	}
	if len(items) > MaxItems {
		return nil, story.Refuse(story.TooLarge, "%s holds more than %d items.", show(name), MaxItems)
	}
	for i := range items {
		it := &items[i]
		if len(it.GUID) > maxGUID {
			return nil, story.Refuse(story.Invalid, "%s holds an item whose guid is longer than 2 KiB.", show(name))
		}
		for _, s := range []*string{&it.GUID, &it.Version, &it.Lang, &it.Slugline, &it.Byline, &it.Dateline, &it.Located, &it.Provider, &it.Copyright, &it.Usage, &it.EdNote, &it.Standfirst} {
			*s = clean(*s)
		}
		it.Headline = cut(clean(it.Headline), maxTitle)
		it.Status = cmp.Or(it.Status, Usable)
		for j := range it.Pictures {
			it.Pictures[j].tidy()
		}
		if it.Picture != nil {
			it.Picture.tidy()
		}
		it.Words = wordsOf(*it)
	}
	return items, nil
}

func (p *PictureRef) tidy() {
	for _, s := range []*string{&p.GUID, &p.Version, &p.Caption, &p.Alt, &p.Credit.Line, &p.Credit.Photographer, &p.Credit.Agency} {
		*s = clean(*s)
	}
	p.File = clean(p.File)
}

// cut shortens to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// clean makes text NFC, one line, without control characters or those that turn the
// direction of what follows them.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// fileOf is the base name of a picture's address, safe as a file name.
func fileOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	address, _, _ = strings.Cut(address, "#")
	base := path.Base(strings.ReplaceAll(address, `\`, "/"))
	if base == "." || base == "/" || base == ".." || len(base) > 200 {
		return ""
	}
	return base
}

// wordsOf hashes what an item says, so that the same report hashes the same whatever the
// format: case, space, punctuation and the shape of quotes are folded away.
func wordsOf(it Item) [32]byte {
	var b strings.Builder
	fold := func(s string) {
		for _, r := range norm.NFKC.String(s) {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	fold(it.Headline)
	for _, block := range it.Doc {
		fold(block.Plain())
	}
	if it.Picture != nil {
		fold(it.Picture.Caption + it.Picture.Credit.String())
	}
	if b.Len() == 0 {
		return [32]byte{}
	}
	return sha256.Sum256([]byte(b.String()))
}

// Same reports whether b, which arrived after a with the same guid, is the same version:
// when number, own time or words agree. A change of status or a new embargo is never the
// same version, whatever else agrees.
func Same(a, b Item) bool {
	if a.Status != b.Status || b.Embargo.Set && (!a.Embargo.Set || !a.Embargo.Until.Equal(b.Embargo.Until)) {
		return false
	}
	if a.Version != "" && a.Version == b.Version {
		return true
	}
	if !a.Sent.IsZero() && a.Sent.Truncate(time.Second).Equal(b.Sent.Truncate(time.Second)) {
		return true
	}
	if a.Kind == KindPicture && (a.Version == "" || b.Version == "") {
		return true // a file beside a report, or its name in a feed, has no versions
	}
	x, y := wordsOf(a), wordsOf(b)
	return x != [32]byte{} && x == y
}

// Merge adds to an item what another road of the same version knows and it does not.
func Merge(a, b Item) Item {
	a.Version = cmp.Or(a.Version, b.Version)
	if a.Sent.IsZero() {
		a.Sent = b.Sent
	}
	if !a.Embargo.Set {
		a.Embargo = b.Embargo
	}
	a.Urgency = cmp.Or(a.Urgency, b.Urgency)
	for _, f := range []struct{ to, from *string }{
		{&a.Lang, &b.Lang}, {&a.Slugline, &b.Slugline}, {&a.Headline, &b.Headline}, {&a.Standfirst, &b.Standfirst},
		{&a.Byline, &b.Byline}, {&a.Dateline, &b.Dateline}, {&a.Located, &b.Located}, {&a.Provider, &b.Provider},
		{&a.Copyright, &b.Copyright}, {&a.Usage, &b.Usage}, {&a.EdNote, &b.EdNote},
	} {
		*f.to = cmp.Or(*f.to, *f.from)
	}
	if len(a.Doc) == 0 {
		a.Doc = b.Doc
	}
	a.InfoSources, a.Topics, a.Places, a.People = longer(a.InfoSources, b.InfoSources), longer(a.Topics, b.Topics), longer(a.Places, b.Places), longer(a.People, b.People)
	a.Pictures = longer(a.Pictures, b.Pictures)
	if a.Picture == nil {
		a.Picture = b.Picture
	} else if b.Picture != nil {
		merged := a.Picture.merge(*b.Picture)
		a.Picture = &merged
	}
	return a
}

func longer[T any](a, b []T) []T {
	if len(b) > len(a) {
		return b
	}
	return a
}

func (p PictureRef) merge(q PictureRef) PictureRef {
	p.GUID, p.Version, p.File = cmp.Or(p.GUID, q.GUID), cmp.Or(p.Version, q.Version), cmp.Or(p.File, q.File)
	p.Alt = cmp.Or(p.Alt, q.Alt)
	if len(q.Caption) > len(p.Caption) {
		p.Caption = q.Caption
	}
	p.Credit.Line = cmp.Or(p.Credit.Line, q.Credit.Line)
	p.Credit.Photographer = cmp.Or(p.Credit.Photographer, q.Credit.Photographer)
	p.Credit.Agency = cmp.Or(p.Credit.Agency, q.Credit.Agency)
	p.Width, p.Height = cmp.Or(p.Width, q.Width), cmp.Or(p.Height, q.Height)
	return p
}

// dates are the shapes in which agencies write instants. One without a zone is UTC, as
// agencies mean it.
var dates = []string{
	time.RFC3339Nano, time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "20060102T150405-0700", "20060102T150405Z",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
	time.RFC850, time.ANSIC, "2006-01-02 15:04:05", "2006-01-02",
}

func instant(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range dates {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1970 && t.Year() < 9999 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// embargo reads an embargo: one that is there but cannot be read is set, without an end.
func embargo(s string) Embargo {
	if strings.TrimSpace(s) == "" {
		return Embargo{}
	}
	until, _ := instant(s)
	return Embargo{Set: true, Until: until, Raw: clean(s)}
}

func status(s string) Status {
	s = strings.ToLower(s[strings.LastIndexByte(s, ':')+1:])
	switch s {
	case "", "usable":
		return Usable
	case "canceled", "cancelled":
		return Canceled
	}
	return Withheld
}
