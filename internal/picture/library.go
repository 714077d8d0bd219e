package picture

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

var libraryFormats = map[string]imagemeta.ImageFormat{"image/jpeg": imagemeta.JPEG, "image/png": imagemeta.PNG, "image/webp": imagemeta.WebP}

// exifFields and iimNames are the tags that are read, and the fields they fill.
var exifFields = map[string]string{"ImageDescription": "caption", "Artist": "byline", "Copyright": "copyright"}

var iimNames = map[string]string{"Headline": "headline", "Caption-Abstract": "caption", "By-line": "byline", "Credit": "credit", "Source": "source",
	"CopyrightNotice": "copyright", "SpecialInstructions": "instructions", "ObjectName": "title", "City": "city", "Province-State": "state", "Country-PrimaryLocationName": "country"}

// readLibrary reads by imagemeta: EXIF, and of IIM and XMP what our readers missed. It
// returns the EXIF orientation, 1 if there is none.
func readLibrary(b []byte, mediaType string, r reading) (orientation int) {
	format, ok := libraryFormats[mediaType]
	if !ok {
		return 1
	}
	var taken, zone, date, clock string
	handle := func(t imagemeta.TagInfo) error {
		switch text := textOf(t.Value); {
		case t.Source == imagemeta.EXIF && t.Tag == "Orientation" && strings.HasSuffix(t.Namespace, "IFD0"):
			_, _ = fmt.Sscan(text, &orientation) // what is no number is no orientation
		case t.Source == imagemeta.EXIF && t.Tag == "DateTimeOriginal":
			taken = text
		case t.Source == imagemeta.EXIF && t.Tag == "OffsetTimeOriginal":
			zone = text
		case t.Source == imagemeta.EXIF && strings.HasSuffix(t.Namespace, "IFD0"):
			r.add(exifFields[t.Tag], fromEXIF, text)
		case t.Source == imagemeta.IPTC && t.Tag == "DateCreated":
			date = text
		case t.Source == imagemeta.IPTC && t.Tag == "TimeCreated":
			clock = text
		case t.Source == imagemeta.IPTC:
			r.add(iimNames[t.Tag], fromIIM, text)
		case t.Source == imagemeta.XMP:
			r.add(xmpField(t.Namespace, t.Tag), fromXMP, text)
		}
		return nil
	}
	_, _ = safely(b, func(b []byte) (struct{}, error) { // what it cannot read is left out
		_, err := imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(b), ImageFormat: format, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
			ShouldHandleTag: func(imagemeta.TagInfo) bool { return true }, HandleTag: handle, Timeout: 2 * time.Second})
		return struct{}{}, err
	})
	r.add("created", fromEXIF, taken+zone)
	r.add("created", fromIIM, strings.TrimSpace(date+" "+clock))
	if orientation < 1 || orientation > 8 {
		return 1
	}
	return orientation
}

// textOf is a tag's value as text; of several, all.
func textOf(v any) string {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, ", ")
	case string:
		return v
	}
	return fmt.Sprint(v)
}
