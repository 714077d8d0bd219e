package picture

import (
	"bytes"
	"encoding/binary"
	"strings"

	"dateline/internal/story"
)

// refused are the kinds of file that come as pictures and are not taken. HTML, SVG and
// PDF can run programs in a reader's browser; the decoders of TIFF and HEIC have a history.
var refused = []struct{ mark, name string }{
	{"II*\x00", "a TIFF"}, {"MM\x00*", "a TIFF"}, {"II+\x00", "a TIFF"}, {"MM\x00+", "a TIFF"},
	{"%PDF", "a PDF"}, {"%!PS", "a PostScript file"}, {"8BPS", "a Photoshop file"}, {"BM", "a BMP"}, {"\x00\x00\x01\x00", "an icon"},
	{"????ftyphei", "a HEIC"}, {"????ftyphev", "a HEIC"}, {"????ftypmif1", "a HEIC"}, {"????ftypmsf1", "a HEIC"}, {"????ftypavi", "an AVIF"}, {"????ftyp", "a film"},
	{"\x00\x00\x00\x0cjP", "a JPEG 2000"}, {"\xff\x4f\xff\x51", "a JPEG 2000"}, {"\xff\x0a", "a JPEG XL"}, {"\x00\x00\x00\x0cJXL", "a JPEG XL"},
	{"PK\x03\x04", "a ZIP archive"}, {"\x1f\x8b", "a compressed file"}, {"RIFF????WEBP", "an animated WebP"}, {"RIFF", "a sound or a film"},
}

// Is reports whether a file begins as a picture does that is taken, whole or not.
func Is(b []byte) bool {
	for _, k := range kinds {
		for _, mark := range k.marks {
			if begins(b, mark) {
				return true
			}
		}
	}
	return false
}

// judge tells by its first bytes what a file is, never by its name.
func judge(b []byte) (kind, error) {
	switch {
	case len(b) == 0:
		return kind{}, story.Refuse(story.Invalid, "The picture is empty.")
	case len(b) > MaxBytes:
		return kind{}, story.Refuse(story.TooLarge, "A picture may have at most %d MB; this one has %d.", MaxBytes>>20, (len(b)+1<<20-1)>>20)
	}
	for _, k := range kinds {
		for _, mark := range k.marks {
			if begins(b, mark) && !animatedWebP(b) {
				return k, nil
			}
		}
	}
	return kind{}, story.Refuse(story.Invalid, "This is %s. A picture has to be JPEG, PNG, GIF or WebP.", story.Word(nameOf(b)))
}

// nameOf names what is no picture, or none that is taken.
func nameOf(b []byte) string {
	head := strings.ToLower(string(b[:min(len(b), 1024)]))
	switch {
	case strings.Contains(head, "<svg"):
		return "an SVG"
	case strings.Contains(head, "<html"), strings.Contains(head, "<!doctype"), strings.Contains(head, "<script"):
		return "a web page"
	}
	for _, r := range refused {
		if begins(b, r.mark) {
			return r.name
		}
	}
	return "not a picture"
}

// begins compares the first bytes with a mark, in which '?' is any byte.
func begins(b []byte, mark string) bool {
	if len(b) < len(mark) {
		return false
	}
	for i := range mark {
		if mark[i] != '?' && mark[i] != b[i] {
			return false
		}
	}
	return true
}

// animatedWebP looks for the flag of an animation, which no decoder here reads.
func animatedWebP(b []byte) bool {
	return begins(b, "RIFF????WEBPVP8X") && len(b) > 20 && b[20]&0x02 != 0
}

// segments calls fn with each segment of a JPEG before its pixels, until it returns false.
func segments(b []byte, fn func(marker byte, body []byte) bool) {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		switch {
		case marker == 0xff: // padding
			i++
			continue
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd8: // markers without a body
			i += 2
			continue
		}
		size := int(binary.BigEndian.Uint16(b[i+2:]))
		if size < 2 || i+2+size > len(b) || marker == 0xd9 || !fn(marker, b[i+4:i+2+size]) || marker == 0xda {
			return
		}
		i += 2 + size
	}
}

// progressive reports whether the frame of a JPEG is a progressive one.
func progressive(b []byte) (found bool) {
	segments(b, func(marker byte, _ []byte) bool {
		found = found || marker == 0xc2
		return !found
	})
	return found
}

// wholeJPEG looks for the end of the pixels, behind which other bytes may follow.
func wholeJPEG(b []byte) bool { return bytes.LastIndex(b, []byte{0xff, 0xd9}) > 2 }

// wholePNG walks the chunks to the last one.
func wholePNG(b []byte) bool {
	for i := 8; i+12 <= len(b); {
		if string(b[i+4:i+8]) == "IEND" {
			return true
		}
		i += 12 + int(binary.BigEndian.Uint32(b[i:]))
	}
	return false
}

func wholeGIF(b []byte) bool { return bytes.LastIndexByte(b, ';') > 12 }

func wholeWebP(b []byte) bool {
	return int64(binary.LittleEndian.Uint32(b[4:]))+8 <= int64(len(b))+1 // padding may be missing
}
