package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"runtime"
	"slices"
	"sync"

	"dateline/internal/story"
)

// Words are what a rendition says of itself, in its own bytes.
type Words struct {
	Caption   string
	Alt       string
	Credit    story.Credit
	Copyright string
}

// A Rendition is one public form of a picture, with its bytes.
type Rendition struct {
	story.Rendition
	Data []byte
}

const (
	quality    = 82      // of JPEG
	baseWidth  = 2_400   // at least, of the copy that others are made from
	maxHeight  = 10_000  // of a rendition, however narrow
	lineArt    = 1 << 20 // pixels that a drawing may have and stay PNG
	artColours = 256     // colours that it may have
)

// oneAtATime keeps the memory of decoding that of one picture.
var oneAtATime sync.Mutex

// Renditions makes the public forms of a picture: upright, as wide as the widths asked for
// and never wider than the original, but always at least one; encoded anew, so that
// nothing of its metadata, thumbnail or trailing bytes is left, with the words written in.
// The same input gives the same bytes.
func Renditions(b []byte, w Words, widths ...int) ([]Rendition, error) {
	info, err := Inspect(b)
	if err != nil {
		return nil, err
	}
	k, err := judge(b)
	if err != nil {
		return nil, err
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	decoded, err := safely(b, k.decode)
	if err != nil || decoded.Bounds().Empty() {
		return nil, story.Refuse(story.Invalid, "The picture is damaged: it cannot be decoded to its end.")
	}
	// The frame of a GIF may be smaller than its screen.
	info.Width, info.Height = upright(decoded.Bounds().Size(), info.Orientation)
	return forms(decoded, info, w, widths)
}

// forms makes each width from one smaller copy of the original, whose size depends on the
// original alone: the bytes of a width do not depend on what other widths are asked for,
// unless one is larger than that copy.
func forms(decoded image.Image, info Info, w Words, widths []int) ([]Rendition, error) {
	encode := encodeJPEG
	if isLineArt(decoded) {
		encode = encodePNG
	}
	var out []Rendition
	wanted := sizes(info.Width, widths)
	if k := info.Width / baseWidth; k > 1 && wanted[len(wanted)-1] <= baseWidth {
		decoded = average(decoded, k)
		runtime.GC() // the original may be 400 MB, and nothing needs it any more
	}
	for _, width := range wanted {
		width, height := fit(width, info.Width, info.Height)
		data, mediaType, err := encode(turn(reduce(decoded, info.Orientation, width, height), info.Orientation), w)
		if err != nil {
			return nil, fmt.Errorf("encoding a rendition: %w", err)
		}
		sum := sha256.Sum256(data)
		out = append(out, Rendition{story.Rendition{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data)), Type: mediaType, Width: width, Height: height}, data})
	}
	return out, nil
}

// sizes are the widths that are made, the narrowest first.
func sizes(own int, widths []int) (out []int) {
	for _, w := range widths {
		if w > 0 {
			out = append(out, min(w, own))
		}
	}
	if len(out) == 0 {
		return []int{own}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fit is the size of a rendition of at most a width that keeps the picture's shape.
func fit(width, ownWidth, ownHeight int) (int, int) {
	height := max(1, (ownHeight*width+ownWidth/2)/ownWidth)
	if height > maxHeight {
		width, height = max(1, ownWidth*maxHeight/ownHeight), maxHeight
	}
	return width, height
}

// isLineArt reports whether a picture is a small drawing with transparency: letters and
// lines, which JPEG would put on white and smear.
func isLineArt(img image.Image) bool {
	b := img.Bounds()
	if o, ok := img.(interface{ Opaque() bool }); !ok || b.Dx()*b.Dy() > lineArt || o.Opaque() {
		return false
	}
	colours := map[[4]uint32]bool{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, alpha := img.At(x, y).RGBA()
			if colours[[4]uint32{red, green, blue, alpha}] = true; len(colours) > artColours {
				return false
			}
		}
	}
	return true
}

func encodeJPEG(img *image.RGBA, w Words) ([]byte, string, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, flatten(img), &jpeg.Options{Quality: quality}); err != nil {
		return nil, "", err
	}
	return wordsIntoJPEG(b.Bytes(), w), "image/jpeg", nil
}

func encodePNG(img *image.RGBA, w Words) ([]byte, string, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		return nil, "", err
	}
	return wordsIntoPNG(b.Bytes(), w), "image/png", nil
}
