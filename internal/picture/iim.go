package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// IPTC-IIM 4.2, as Photoshop keeps it in JPEG: a resource of the APP13 segments.
const (
	photoshopMark = "Photoshop 3.0\x00"
	iimResource   = 0x0404
	utf8Mark      = "\x1b%G" // record 1, dataset 90
)

// iimFields are the datasets of record 2 that are read, and the fields they fill.
var iimFields = map[byte]string{5: "title", 40: "instructions", 80: "byline", 90: "city", 95: "state", 101: "country", 105: "headline", 110: "credit", 115: "source", 116: "copyright", 120: "caption"}

// readIIM reads the datasets of a JPEG.
func readIIM(b []byte, r reading) {
	var resources []byte
	segments(b, func(marker byte, body []byte) bool {
		if rest, ok := bytes.CutPrefix(body, []byte(photoshopMark)); ok && marker == 0xed {
			resources = append(resources, rest...) // long ones go on in the next segment
		}
		return true
	})
	var date, clock string
	names := map[string][]string{}
	datasets(resource(resources), func(record, dataset byte, value []byte) {
		if record != 2 {
			return
		}
		text := clean(iimText(value))
		switch dataset {
		case 55:
			date = text
		case 60:
			clock = text
		}
		if f := iimFields[dataset]; f != "" && text != "" && len(names[f]) < maxNames && !slices.Contains(names[f], text) {
			names[f] = append(names[f], text)
		}
	})
	for f, all := range names {
		r.add(f, fromIIM, strings.Join(all, ", "))
	}
	r.add("created", fromIIM, strings.TrimSpace(date+" "+clock))
}

// resource finds the block of IIM among Photoshop's image resources.
func resource(b []byte) []byte {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		id := binary.BigEndian.Uint16(b[4:])
		i := 6 + (int(b[6])+2)&^1 // behind a counted name, padded to even
		if i+4 > len(b) {
			return nil
		}
		size := int(binary.BigEndian.Uint32(b[i:]))
		i += 4
		if size > len(b)-i {
			return nil
		}
		if id == iimResource {
			return b[i : i+size]
		}
		b = b[min(i+(size+1)&^1, len(b)):]
	}
	return nil
}

// datasets calls fn with each dataset. An extended one, for values over 32 KiB, ends it:
// words have none.
func datasets(b []byte, fn func(record, dataset byte, value []byte)) {
	for len(b) >= 5 && b[0] == 0x1c {
		size := int(binary.BigEndian.Uint16(b[3:]))
		if size >= 0x8000 || 5+size > len(b) {
			return
		}
		fn(b[1], b[2], b[5:5+size])
		b = b[5+size:]
	}
}

// iimText decodes a value. Few programs tell the charset truly, but bytes that are UTF-8
// are so by no chance; others are Windows-1252, as agencies' old programs write it.
func iimText(value []byte) string {
	if utf8.Valid(value) {
		return string(value)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(value)
	if err != nil {
		return ""
	}
	return string(text)
}
