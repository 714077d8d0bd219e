package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"

	"dateline/internal/story"
)

// Size of a logo's public form, at most: about twice what a page shows of it.
const (
	LogoWidth  = 1_200
	LogoHeight = 320
	minLogo    = 32 // pixels on its shorter side, below which nothing can be read
)

// Logo makes the public form of a logo: a PNG, so that what is clear in it stays clear,
// within LogoWidth by LogoHeight, never larger than the original, with nothing of the
// original's bytes. The same input gives the same bytes.
func Logo(b []byte) (made Rendition, err error) {
	info, err := Inspect(b)
	if err != nil {
		return made, err
	}
	if min(info.Width, info.Height) < minLogo {
		return made, story.Refuse(story.Invalid, "A logo has at least %d pixels on each side; this one has %d by %d.", minLogo, info.Width, info.Height)
	}
	k, err := judge(b)
	if err != nil {
		return made, err
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	decoded, err := safely(b, k.decode)
	if err != nil || decoded.Bounds().Empty() {
		return made, story.Refuse(story.Invalid, "The picture is damaged: it cannot be decoded to its end.")
	}
	own := image.Pt(upright(decoded.Bounds().Size(), info.Orientation))
	width, height := own.X, own.Y
	if width > LogoWidth {
		width, height = LogoWidth, max(1, own.Y*LogoWidth/own.X)
	}
	if height > LogoHeight {
		width, height = max(1, own.X*LogoHeight/own.Y), LogoHeight
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, turn(reduce(decoded, info.Orientation, width, height), info.Orientation)); err != nil {
		return made, fmt.Errorf("encoding a logo: %w", err)
	}
	sum := sha256.Sum256(out.Bytes())
	return Rendition{story.Rendition{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(out.Len()), Type: "image/png", Width: width, Height: height}, out.Bytes()}, nil
}
