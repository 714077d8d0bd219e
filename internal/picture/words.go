package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// words is a tag's value as one line of clean text.
func words(v any) string {
	switch v := v.(type) {
	case []string:
		return clean(strings.Join(v, ", "))
	case string:
		return clean(v)
	}
	return clean(fmt.Sprint(v))
}

// clean makes text NFC, without control characters or those that turn the direction of
// what follows. Bytes that are no UTF-8 are taken as Latin-1, as old IIM is.
func clean(s string) string {
	if !utf8.ValidString(s) {
		if latin, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
			s = latin
		}
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, s)
	const most = 4000
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// maxPackets bounds how many XMP packets of a file are looked at.
const maxPackets = 4

// xmpWords finds XMP packets by their own marks, wherever they lie in the file, and reads
// the properties that name people and words, by local name in lower case.
func xmpWords(b []byte) map[string]string {
	out := map[string]string{}
	for range maxPackets {
		i := bytes.Index(b, []byte("<x:xmpmeta"))
		if i < 0 {
			break
		}
		end := bytes.Index(b[i:], []byte("</x:xmpmeta>"))
		if end < 0 {
			break
		}
		readPacket(b[i:i+end+len("</x:xmpmeta>")], out)
		b = b[i+end:]
	}
	return out
}

var xmpNames = []string{"headline", "description", "alttextaccessibility", "creator", "credit", "source", "rights", "usageterms", "instructions"}

func readPacket(packet []byte, out map[string]string) {
	d := xml.NewDecoder(bytes.NewReader(packet))
	property := ""
	for range 20_000 {
		tok, err := d.Token()
		if err != nil {
			return
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			if slices.Contains(xmpNames, name) {
				property = name
			}
			for _, a := range t.Attr {
				name := strings.ToLower(a.Name.Local)
				if t.Name.Local == "Description" && slices.Contains(xmpNames, name) && out[name] == "" {
					out[name] = clean(a.Value)
				}
			}
		case xml.EndElement:
			if strings.ToLower(t.Name.Local) == property {
				property = ""
			}
		case xml.CharData:
			if text := clean(string(t)); property != "" && text != "" && out[property] == "" {
				out[property] = text
			}
		}
	}
}
