package wire

import (
	"path"
	"strings"

	"dateline/internal/story"
)

// Embedded is what a picture file says of itself. Package picture reads it; here it is
// plain values, so that neither package needs the other.
type Embedded struct {
	Type                   string // media type, such as image/jpeg
	Headline, Caption, Alt string
	Credit                 story.Credit
	Copyright, Usage       string
	Instructions           string // to editors
	Width, Height          int
}

// FromPicture makes an item of a picture that came as a file of its own. It has no guid:
// its file name says whose picture it is (PictureOf).
func FromPicture(name string, e Embedded) Item {
	it := Item{Format: e.Type[strings.LastIndexByte(e.Type, '/')+1:], Kind: KindPicture, Status: Usable,
		Headline: e.Headline, Copyright: e.Copyright, Usage: e.Usage, EdNote: e.Instructions,
		Picture: &PictureRef{File: fileOf(name), Caption: e.Caption, Alt: e.Alt, Credit: e.Credit, Width: e.Width, Height: e.Height}}
	_ = it.tidy() // it has no guid, which alone could be refused
	it.Words = wordsOf(it)
	return it
}

// fileOf is the base name of a picture's address, safe as a file name; "" if it has none.
func fileOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	address, _, _ = strings.Cut(address, "#")
	base := clean(path.Base(strings.ReplaceAll(address, `\`, "/")))
	if strings.HasPrefix(base, ".") || base == "/" || len(base) > 200 || strings.ContainsAny(base, ":*\"<>|%") {
		return ""
	}
	return base
}

// isImage tells a picture by its media type or, where that is missing, by its file name.
func isImage(mediaType, address string) bool {
	if mediaType = strings.ToLower(strings.TrimSpace(mediaType)); mediaType != "" {
		return strings.HasPrefix(mediaType, "image/") && !strings.HasPrefix(mediaType, "image/svg")
	}
	switch strings.ToLower(path.Ext(fileOf(address))) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp":
		return true
	}
	return false
}

// at points a reference to an address.
func (p PictureRef) at(address string) PictureRef {
	p.File, p.Address = fileOf(address), address
	return p
}
