package story

import (
	"io"
	"strings"
)

// Base32 is the alphabet of every id that people may see: no i, l, o or u, so that
// nothing is misread over a telephone and nothing spells.
const Base32 = "0123456789abcdefghjkmnpqrstvwxyz"

// Lengths of ids, in base-32 characters of 5 bits each.
const (
	ArticleIDLength = 10
	BlockIDLength   = 8
	SecretLength    = 52 // 260 bits: sign-in links, sessions, keys
)

// NewID reads n random base-32 characters. It panics when the source of randomness
// fails, since nothing may go on with a guessable id.
func NewID(random io.Reader, n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic("story: no randomness: " + err.Error())
	}
	for i := range b {
		b[i] = Base32[b[i]&31]
	}
	return string(b)
}

// ValidID reports whether s is n characters of Base32.
func ValidID(s string, n int) bool {
	return len(s) == n && strings.Trim(s, Base32) == ""
}
