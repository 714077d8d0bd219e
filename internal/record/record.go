// Package record is the hinge of the house: an append-only, gapless, signed log of all
// that readers may see and when they could. Everything public follows it; only the gate
// appends to it. docs/record.md describes the format for other programs.
package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/story"
)

// Kind is what an entry tells.
type Kind string

// The kinds that this binary writes.
const (
	KindVolume   Kind = "volume"
	KindHouse    Kind = "house"
	KindDesk     Kind = "desk"
	KindDuty     Kind = "duty"
	KindArticle  Kind = "article"
	KindFront    Kind = "front"
	KindPerson   Kind = "person"
	KindPicture  Kind = "picture"
	KindWithdraw Kind = "withdraw"
	KindKill     Kind = "kill"
)

// Basis is why the gate let an entry pass.
type Basis string

// The bases of a decision. Exceptions and standing orders add the number of their entry.
const (
	Open      Basis = "open"
	NotJudged Basis = "not judged"
)

// A Decision is the public part of what the gate decided.
type Decision struct {
	Road        story.Road
	Basis       Basis
	DeskEntry   int64     // n of the desk entry that it was judged by, 0 for none
	WindowStart time.Time // the window that holds the instant, else the next; zero for none
	WindowEnd   time.Time
	Almanac     string
	ZoneData    string
}

// An Envelope is the public leaf of an entry. It holds no words.
type Envelope struct {
	Volume   int64
	N        int64     // gapless from 1 within a volume
	At       time.Time // UTC, whole microseconds, later than the entry before
	Kind     Kind
	Form     int // of the content
	Class    story.Class
	Desk     story.DeskID
	Acting   story.DeskID
	Subject  string
	Part     string
	Revision int
	Prior    int64 // n of the last entry of the same (subject, part), 0 for none
	Decision Decision
	Commit   [32]byte // SHA-256(salt ‖ content)
}

// An Entry is an envelope and what lies beside it. Salt and Content are nil once erased.
type Entry struct {
	Envelope
	Salt    []byte
	Content []byte // the exact JSON bytes that were committed to
	GoneBy  int64  // n of the kill that withholds or the erase that destroyed it, 0 for none
}

// Readable reports whether the content may still be shown.
func (e Entry) Readable() bool { return e.GoneBy == 0 && e.Content != nil }

// SaltLength is 256 bits: a commitment tells nothing about words that can be guessed.
const SaltLength = 32

// CommitTo is the commitment of an envelope to its content.
func CommitTo(salt, content []byte) (sum [32]byte) {
	h := sha256.New()
	h.Write(salt)
	h.Write(content)
	h.Sum(sum[:0])
	return sum
}

// Leaf is the envelope as the bytes that are hashed: "dateline/1", then one "name value"
// line for each field in order. LF, UTF-8, "-" for none, decimal numbers, instants in
// microseconds since 1970 UTC, hashes in lower hexadecimal. It panics where a value would
// forge a field; SafeLeaf tells.
func (e Envelope) Leaf() []byte {
	leaf, err := e.SafeLeaf()
	if err != nil {
		panic(err)
	}
	return leaf
}

// SafeLeaf is Leaf for envelopes that nobody has checked.
func (e Envelope) SafeLeaf() ([]byte, error) {
	d := e.Decision
	var b strings.Builder
	b.WriteString("dateline/1\n")
	for _, f := range []struct{ name, value string }{
		{"volume", number(e.Volume)}, {"n", number(e.N)}, {"at", Micros(e.At)}, {"kind", string(e.Kind)},
		{"form", number(int64(e.Form))}, {"class", string(e.Class)}, {"desk", string(e.Desk)}, {"acting-desk", string(e.Acting)},
		{"subject", e.Subject}, {"part", e.Part}, {"revision", number(int64(e.Revision))}, {"prior", number(e.Prior)},
		{"road", string(d.Road)}, {"basis", string(d.Basis)}, {"desk-entry", number(d.DeskEntry)},
		{"window-start", Micros(d.WindowStart)}, {"window-end", Micros(d.WindowEnd)},
		{"almanac", d.Almanac}, {"zonedata", d.ZoneData}, {"commit", hex.EncodeToString(e.Commit[:])},
	} {
		if f.value == "" {
			f.value = "-"
		} else if f.value == "-" || strings.ContainsAny(f.value, "\n\r") || !utf8.ValidString(f.value) {
			return nil, fmt.Errorf("record: the field %s of entry %d would forge a leaf", f.name, e.N)
		}
		b.WriteString(f.name + " " + f.value + "\n")
	}
	return []byte(b.String()), nil
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Micros writes an instant as a leaf does; "" for the zero time.
func Micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}
