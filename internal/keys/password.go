// Package keys is how people prove who they are: passkeys first, or a password with a code
// beside it. It is told the time and keeps nothing: what it makes is for the store, and
// what lies there opens nothing by itself.
package keys

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

// The cost of one guess at a password: argon2id with 19 MiB, two passes and one lane, which
// is the first of the settings that OWASP's Password Storage Cheat Sheet recommends.
const (
	memory = 19 << 10 // KiB
	passes = 2
	lanes  = 1
)

// atOnce is how many passwords are computed at a time: 4 times 19 MiB is far below the 256
// MiB that they may take, also before what the last ones left is collected.
const atOnce = 4

// The length of a password, in letters (NIST SP 800-63B asks for 8 at least where a second
// factor stands beside it, and for no rules about which letters), and in bytes.
const (
	ShortestPassword = 10
	longestPassword  = 1000
)

// Passwords computes passwords, a few at a time.
type Passwords struct {
	slots chan struct{}
	decoy Sealed // stands for the password of whom nobody knows
}

// NewPasswords makes the one that a process has.
func NewPasswords() *Passwords {
	none := make([]byte, 16+tagLength)
	return &Passwords{slots: make(chan struct{}, atOnce), decoy: Sealed{Hash: encode(none[:16], none[16:]), Code: make([]byte, 60)}}
}

// Sealed is a password as it is kept, and the key of its codes, which it alone opens: a
// copy of the store yields neither.
type Sealed struct {
	Hash string // in the form of the PHC string format: $argon2id$v=19$…
	Code []byte // AES-256-GCM: nonce and the sealed key of the codes
}

// tagLength is what is kept of a password to compare with. The function yields as much
// again, of which the first half tells nothing: that opens the key of the codes.
const tagLength = 32

// CheckPassword refuses a password that is too short or too long.
func CheckPassword(password string) error {
	if n := len([]rune(password)); n < ShortestPassword || len(password) > longestPassword {
		return story.Refuse(story.Invalid, "A password has at least %d letters; a sentence is easier to keep in mind than a word.", ShortestPassword)
	}
	return nil
}

// Seal makes what is kept of a password and of the key of its codes.
func (p *Passwords) Seal(ctx context.Context, password string, code []byte, random io.Reader) (s Sealed, err error) {
	salt := make([]byte, 16+12)
	if _, err := io.ReadFull(random, salt); err != nil {
		return s, fmt.Errorf("sealing a password: %w", err)
	}
	tag, key, err := p.compute(ctx, password, salt[:16])
	if err != nil {
		return s, err
	}
	box, err := boxOf(key)
	if err != nil {
		return s, err
	}
	return Sealed{Hash: encode(salt[:16], tag), Code: box.Seal(salt[16:], salt[16:], code, nil)}, nil
}

// Open returns the key of the codes if the password is right. Nil for s takes as long and
// is never right: what it answers, and when, tells nobody whether there is an account.
func (p *Passwords) Open(ctx context.Context, s *Sealed, password string) (code []byte, ok bool, err error) {
	kept := s
	if kept == nil {
		kept = &p.decoy
	}
	salt, want, err := decode(kept.Hash)
	if err != nil {
		return nil, false, err
	}
	tag, key, err := p.compute(ctx, password, salt)
	if err != nil || subtle.ConstantTimeCompare(tag, want) != 1 || s == nil || len(s.Code) < 12 {
		return nil, false, err
	}
	box, err := boxOf(key)
	if err != nil {
		return nil, false, err
	}
	code, err = box.Open(nil, s.Code[:12], s.Code[12:], nil)
	if err != nil {
		return nil, false, fmt.Errorf("opening the key of the codes: %w", err)
	}
	return code, true, nil
}

// compute waits for its turn.
func (p *Passwords) compute(ctx context.Context, password string, salt []byte) (tag, key []byte, err error) {
	if len(password) > longestPassword {
		password = password[:longestPassword] // never one that was set
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	defer func() { <-p.slots }()
	out := argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, passes, memory, lanes, 2*tagLength)
	return out[:tagLength], out[tagLength:], nil
}

func boxOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

var parameters = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memory, passes, lanes)

func encode(salt, tag []byte) string {
	return parameters + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(tag)
}

func decode(hash string) (salt, tag []byte, err error) {
	rest, ok := strings.CutPrefix(hash, parameters)
	first, second, two := strings.Cut(rest, "$")
	if !ok || !two {
		return nil, nil, fmt.Errorf("a password is kept in a form that this version does not know")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(first); err == nil {
		tag, err = base64.RawStdEncoding.DecodeString(second)
	}
	return salt, tag, err
}
