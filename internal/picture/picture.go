// Package picture reads pictures safely: what a file is, what it says of itself, and its
// public renditions. A header is judged before a pixel is decoded, every decoder is
// caught when it panics, and nothing of the original's bytes survives in a rendition.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"

	"dateline/internal/story"
)

// Limits of a picture on its way in. A progressive JPEG may have fewer pixels, because
// its decoder keeps all of its coefficients until the end.
const (
	MaxBytes       = 25 << 20
	MaxPixels      = 50_000_000
	maxProgressive = 25_000_000
)

// Info is what a file is and says of itself. Width and height are those of the upright
// picture.
type Info struct {
	Type        string `json:"type"` // media type
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Orientation int    `json:"orientation,omitempty"` // EXIF, 1 to 8
	Meta        Meta   `json:"meta"`
}

// A kind is a form of picture that is taken. Decoders are named here, not registered, so
// that none can come in through an import.
type kind struct {
	mediaType string
	marks     []string // first bytes; '?' is any
	config    func(b []byte) (image.Config, error)
	decode    func(b []byte) (image.Image, error)
	whole     func(b []byte) bool // reports whether its end is there
}

var kinds = []kind{
	{"image/jpeg", []string{"\xff\xd8\xff"},
		func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }, wholeJPEG},
	{"image/png", []string{"\x89PNG\r\n\x1a\n"},
		func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }, wholePNG},
	{"image/gif", []string{"GIF87a", "GIF89a"},
		func(b []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(b)) }, wholeGIF},
	{"image/webp", []string{"RIFF????WEBP"},
		func(b []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) }, wholeWebP},
}

// Inspect judges a picture by its header and reads its words. Errors are refusals.
func Inspect(b []byte) (Info, error) {
	k, err := judge(b)
	if err != nil {
		return Info{}, err
	}
	config, err := safely(b, k.config)
	switch {
	case err != nil:
		return Info{}, story.Refuse(story.Invalid, "The picture is damaged: its header cannot be read.")
	case config.Width < 1 || config.Height < 1:
		return Info{}, story.Refuse(story.Invalid, "The picture is damaged: it says that it has no size.")
	case config.Width > MaxPixels/config.Height:
		return Info{}, story.Refuse(story.TooLarge, "A picture may have at most %d million pixels; this one says %d by %d.", MaxPixels/1_000_000, config.Width, config.Height)
	case k.mediaType == "image/jpeg" && progressive(b) && config.Width > maxProgressive/config.Height:
		return Info{}, story.Refuse(story.TooLarge, "A progressive JPEG may have at most %d million pixels; this one says %d by %d.", maxProgressive/1_000_000, config.Width, config.Height)
	case !k.whole(b):
		return Info{}, story.Refuse(story.Invalid, "The picture is cut off before its end.")
	}
	info := Info{Type: k.mediaType, Width: config.Width, Height: config.Height}
	info.Meta, info.Orientation = readMeta(b, k.mediaType)
	if info.Orientation >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

// safely turns a decoder's panic into an error: pictures are hostile, decoders have bugs.
func safely[T any](b []byte, read func([]byte) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a decoder gave up: %v", p)
		}
	}()
	return read(b)
}
