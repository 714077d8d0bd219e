// Package wire reads what agencies send into items: bytes in, values out. Every byte is
// hostile: sizes, depths and counts are bounded before anything is believed, and what is
// not understood about a status or an embargo closes instead of opening.
package wire

import (
	"bytes"
	"path"
	"strings"
	"time"

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

// An Embargo as the agency sent it. One that is set but cannot be read has no end. Raw may
// be a note to editors: never for readers.
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
	Doc         story.Doc     `json:"doc,omitempty"`    // blocks have no ids yet; a gallery names its pictures by their files
	Topics      []story.Topic `json:"topics,omitempty"`
	Places      []string      `json:"places,omitempty"`
	People      []string      `json:"people,omitempty"`
	Pictures    []PictureRef  `json:"pictures,omitempty"` // that a text names
	Picture     *PictureRef   `json:"picture,omitempty"`  // of a picture item
	Words       [32]byte      `json:"-"`                  // of the words, the same in every format
}

// A PictureRef is a picture as a wire names it. File is the base name of its address, and
// safe as a file name; Address is where it may be fetched, if that is a plain web address.
type PictureRef struct {
	GUID    string       `json:"guid,omitempty"`
	Version string       `json:"version,omitempty"`
	File    string       `json:"file,omitempty"`
	Address string       `json:"address,omitempty"`
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
)

// A format recognises its own files, by what is in them, and reads them. Its errors end
// the sentence "FILE looks like NAME, but it …".
type format struct {
	name string
	is   func(text []byte) bool
	read func(text []byte) ([]Item, error)
}

// formats are all that can be read. Adding one is a file, its test, and a line here.
var formats = []format{newsML, ninjs, feeds}

// Parse reads a file by what is in it, not by its name, which only stands in the
// sentences of refusals. A file of a known format that holds nothing to take, such as a
// package or an empty feed, gives no items and no error.
func Parse(name string, b []byte) ([]Item, error) {
	name = showName(name)
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return nil, story.Refuse(story.Invalid, "%s is empty.", name)
	case len(b) > MaxBytes:
		return nil, story.Refuse(story.TooLarge, "%s is larger than %d MiB. No wire item is.", name, MaxBytes>>20)
	}
	if what := looksBinary(b); what != "" {
		return nil, story.Refuse(story.Invalid, "%s is no wire: it begins as %s does.", name, what)
	}
	text, err := decode(b)
	if err != nil {
		return nil, story.Refuse(story.Invalid, "%s cannot be read: it %s.", name, err)
	}
	for _, f := range formats {
		if !f.is(text) {
			continue
		}
		items, err := f.read(text)
		if err == nil {
			items, err = finish(items)
		}
		if err != nil {
			return nil, story.Refuse(story.Invalid, "%s looks like %s, but it %s.", name, f.name, err)
		}
		return items, nil
	}
	return nil, story.Refuse(story.Invalid, "%s is no wire that is known here: neither RSS, Atom, NewsML-G2 nor ninjs.", name)
}

// looksBinary names the kinds of file that are dropped by mistake, or belong elsewhere.
func looksBinary(b []byte) string {
	for mark, what := range map[string]string{"\xff\xd8\xff": "a JPEG picture", "\x89PNG": "a PNG picture", "GIF8": "a GIF picture", "RIFF": "a WebP picture or a sound",
		"%PDF": "a PDF", "PK\x03\x04": "a ZIP archive or an office document", "\x1f\x8b": "a compressed file", "II*\x00": "a TIFF picture", "MM\x00*": "a TIFF picture"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return what
		}
	}
	return ""
}

// showName is a file's name as a sentence can carry it.
func showName(name string) string {
	name = cut(clean(path.Base(strings.ReplaceAll(name, `\`, "/"))), 100)
	if name == "" || name == "." || name == "/" {
		return "The file"
	}
	return name
}
