package keys

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"dateline/internal/story"
)

// Codes that an app on a telephone shows, as in RFC 6238: HMAC-SHA-1, six digits, a new one
// every thirty seconds. These are what every such app can do.
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
)

// keyLength is that of a key of codes, as RFC 4226 (section 4, R6) recommends.
const keyLength = 20

var base = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewCodeKey makes the key of somebody's codes.
func NewCodeKey(random io.Reader) ([]byte, error) {
	key := make([]byte, keyLength)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("making a key of codes: %w", err)
	}
	return key, nil
}

// CodeKeyText is the key as it is typed into an app, in groups of four.
func CodeKeyText(key []byte) string {
	var out strings.Builder
	for i, c := range base.EncodeToString(key) {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// ParseCodeKey reads what CodeKeyText writes.
func ParseCodeKey(text string) ([]byte, error) {
	key, err := base.DecodeString(strings.ToUpper(strings.ReplaceAll(text, " ", "")))
	if err != nil || len(key) != keyLength {
		return nil, story.Refuse(story.Invalid, "The key of the codes was changed on the way. Begin again.")
	}
	return key, nil
}

// CodeAddress is the key as the address that apps open: otpauth, in the key URI format.
func CodeAddress(key []byte, house, member string) string {
	q := url.Values{"secret": {base.EncodeToString(key)}, "issuer": {house}}
	return "otpauth://totp/" + url.PathEscape(house+":"+member) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Code is the code that an app shows at an instant.
func Code(key []byte, at time.Time) string { return codeOf(key, stepAt(at)) }

func stepAt(at time.Time) int64 { return at.Unix() / int64(codeStep/time.Second) }

// codeOf is the HOTP value of RFC 4226, section 5.3.
func codeOf(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes what it is given
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", codeDigits, n%1_000_000)
}

// MatchCode reports the step of a code that was typed at an instant: of now, or of the step
// before or after, since clocks differ (RFC 6238, section 5.2). A step that is not after
// used is never taken: a code works once.
func MatchCode(key []byte, typed string, at time.Time, used int64) (step int64, ok bool) {
	typed = strings.ReplaceAll(typed, " ", "")
	for s := stepAt(at) - 1; s <= stepAt(at)+1; s++ {
		if subtle.ConstantTimeCompare([]byte(codeOf(key, s)), []byte(typed)) == 1 && s > used {
			step, ok = s, true
		}
	}
	return step, ok
}

// RecoveryCodes is how many somebody gets.
const RecoveryCodes = 8

// NewRecoveryCode makes a code for the day when the telephone is lost: 130 random bits, in
// groups of five letters.
func NewRecoveryCode(random io.Reader) string {
	id := story.NewID(random, 26)
	return strings.Join([]string{id[:5], id[5:10], id[10:15], id[15:20], id[20:]}, "-")
}

// RecoveryHash is what is kept of one. Typed with or without its dashes it is the same.
func RecoveryHash(typed string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(typed))))
	return sum[:]
}
