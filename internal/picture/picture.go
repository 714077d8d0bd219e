// Package picture reads pictures safely: what a file is, what it says of itself, and its
// public renditions. A header is judged before a pixel is decoded, every decoder is
// caught when it panics, and nothing of the original's bytes survives in a rendition.
package picture

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/gif"  // registers GIF
	"image/jpeg" // registers JPEG
	"image/png"  // registers PNG
	"strings"
	"time"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp" // registers WebP

	"dateline/internal/story"
)

// Limits of a picture on its way in.
const (
	MaxBytes  = 25 << 20
	MaxPixels = 50_000_000
)

// Info is what a file is and says of itself.
type Info struct {
	Type        string `json:"type"` // media type
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Orientation int    `json:"orientation,omitempty"` // EXIF, 1 to 8
	Meta        Meta   `json:"meta"`
}

// Meta is the words that a file carries. Where IIM, XMP and EXIF differ, Conflicts keeps
// what was passed over.
type Meta struct {
	Headline     string   `json:"headline,omitempty"`
	Caption      string   `json:"caption,omitempty"`
	Alt          string   `json:"alt,omitempty"`
	Byline       string   `json:"byline,omitempty"`
	Credit       string   `json:"credit,omitempty"`
	Source       string   `json:"source,omitempty"`
	Copyright    string   `json:"copyright,omitempty"`
	Usage        string   `json:"usage,omitempty"`
	Instructions string   `json:"instructions,omitempty"`
	Conflicts    []string `json:"conflicts,omitempty"`
}

// StoryCredit is the credit that the file gives itself; empty where it gives none. The
// credit line wins over its parts, as IPTC asks.
func (m Meta) StoryCredit() story.Credit {
	c := story.Credit{Photographer: m.Byline, Agency: cmp.Or(m.Source, m.Credit)}
	if m.Credit != "" && m.Byline != "" && !strings.Contains(m.Credit, m.Byline) {
		c.Line = m.Byline + " / " + m.Credit
	} else {
		c.Line = m.Credit
	}
	return c
}

// types are the formats that are taken, by their media types.
var types = map[string]string{"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}

var _ = []any{gif.Decode, jpeg.Decode, png.Decode, webp.Decode}

// Inspect judges a picture by its header and reads its words. Errors are refusals.
func Inspect(b []byte) (info Info, err error) {
	if len(b) > MaxBytes {
		return info, story.Refuse(story.TooLarge, "A picture may have at most %d MB; this one has %d.", MaxBytes>>20, len(b)>>20)
	}
	config, name, err := safely(func() (image.Config, string, error) { return image.DecodeConfig(bytes.NewReader(b)) })
	if err != nil || types[name] == "" {
		return info, story.Refuse(story.Invalid, "This is not a picture that can be used: it has to be JPEG, PNG, GIF or WebP.")
	}
	if config.Width < 1 || config.Height < 1 || config.Width > MaxPixels/config.Height {
		return info, story.Refuse(story.TooLarge, "A picture may have at most %d million pixels; this one says %d by %d.", MaxPixels/1_000_000, config.Width, config.Height)
	}
	info = Info{Type: types[name], Width: config.Width, Height: config.Height, Orientation: 1}
	readMeta(b, name, &info)
	if info.Orientation >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

// safely turns a decoder's panic into an error: pictures are hostile, decoders have bugs.
func safely[T any](fn func() (T, string, error)) (v T, name string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("picture: a decoder gave up: %v", p)
		}
	}()
	return fn()
}

var metaFormats = map[string]imagemeta.ImageFormat{"jpeg": imagemeta.JPEG, "png": imagemeta.PNG, "webp": imagemeta.WebP}

// wanted are the tags that are read: source, tag, and where their text goes.
func wanted(m *Meta) map[string]*string {
	return map[string]*string{
		"iptc:Headline": &m.Headline, "iptc:Caption-Abstract": &m.Caption, "iptc:By-line": &m.Byline, "iptc:Credit": &m.Credit,
		"iptc:Source": &m.Source, "iptc:CopyrightNotice": &m.Copyright, "iptc:SpecialInstructions": &m.Instructions,
		"xmp:headline": &m.Headline, "xmp:description": &m.Caption, "xmp:alttextaccessibility": &m.Alt, "xmp:creator": &m.Byline,
		"xmp:credit": &m.Credit, "xmp:source": &m.Source, "xmp:rights": &m.Copyright, "xmp:usageterms": &m.Usage, "xmp:instructions": &m.Instructions,
		"exif:ImageDescription": &m.Caption, "exif:Artist": &m.Byline, "exif:Copyright": &m.Copyright,
	}
}

// readMeta reads the words of a file. What cannot be read is left out: a picture without
// words is still a picture, and without a credit it is not published.
func readMeta(b []byte, name string, info *Info) {
	format, ok := metaFormats[name]
	if !ok {
		return
	}
	into := wanted(&info.Meta)
	found := map[string]string{}
	_, _, _ = safely(func() (struct{}, string, error) {
		_, err := imagemeta.Decode(imagemeta.Options{
			R: bytes.NewReader(b), ImageFormat: format, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP, Timeout: 2 * time.Second,
			ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
			HandleTag: func(t imagemeta.TagInfo) error {
				if t.Source == imagemeta.EXIF && t.Tag == "Orientation" {
					_, _ = fmt.Sscan(fmt.Sprint(t.Value), &info.Orientation)
				}
				key := sourceName(t.Source) + ":" + t.Tag
				if t.Source == imagemeta.XMP {
					key = strings.ToLower(key)
				}
				if into[key] != nil && found[key] == "" {
					found[key] = words(t.Value)
				}
				return nil
			},
		})
		return struct{}{}, "", err
	})
	for key, text := range xmpWords(b) { // the second reading, of packets that the library misses
		if found["xmp:"+key] == "" {
			found["xmp:"+key] = text
		}
	}
	if info.Orientation < 1 || info.Orientation > 8 {
		info.Orientation = 1
	}
	settle(info, into, found)
}

// settle chooses among sources: XMP over IIM over EXIF, since it alone has one charset.
func settle(info *Info, into map[string]*string, found map[string]string) {
	for _, source := range []string{"xmp:", "iptc:", "exif:"} {
		for _, key := range sortedKeys(found) {
			text := found[key]
			to := into[key]
			if to == nil || text == "" || !strings.HasPrefix(key, source) {
				continue
			}
			if *to == "" {
				*to = text
			} else if *to != text {
				info.Meta.Conflicts = append(info.Meta.Conflicts, key+": "+text)
			}
		}
	}
}

func sourceName(s imagemeta.Source) string {
	switch s {
	case imagemeta.EXIF:
		return "exif"
	case imagemeta.IPTC:
		return "iptc"
	}
	return "xmp"
}
