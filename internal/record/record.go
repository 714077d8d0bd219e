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
	"unicode"
	"unicode/utf8"

	"dateline/internal/story"
)

// Kind is what an entry tells.
type Kind string

// The kinds. Nothing else is public.
const (
	KindVolume    Kind = "volume"
	KindHouse     Kind = "house"
	KindDesk      Kind = "desk"
	KindDuty      Kind = "duty"
	KindException Kind = "exception"
	KindArticle   Kind = "article"
	KindLive      Kind = "live"
	KindFront     Kind = "front"
	KindPackage   Kind = "package"
	KindPage      Kind = "page"
	KindPerson    Kind = "person"
	KindRelation  Kind = "relation"
	KindPicture   Kind = "picture"
	KindWithdraw  Kind = "withdraw"
	KindKill      Kind = "kill"
	KindErase     Kind = "erase"
	KindMoved     Kind = "moved"
)

// Basis is why the gate let an entry pass.
type Basis string

// The bases of a decision. Exceptions and standing orders add the number of their entry.
const (
	Open      Basis = "open"
	NotJudged Basis = "not judged"

	underException Basis = "exception "
	underOrder     Basis = "standing order "
)

// UnderException is the basis of what an exception lets pass; n is that of its entry.
func UnderException(n int64) Basis { return underException + Basis(strconv.FormatInt(n, 10)) }

// UnderOrder is the basis of what a standing order of the house lets pass; n is that of
// the house entry that gives it.
func UnderOrder(n int64) Basis { return underOrder + Basis(strconv.FormatInt(n, 10)) }

// after returns the number that follows a word in b, if b is written just so.
func (b Basis) after(word Basis) (n int64, ok bool) {
	tail, found := strings.CutPrefix(string(b), string(word))
	n, err := strconv.ParseInt(tail, 10, 64)
	return n, found && err == nil && n > 0 && strconv.FormatInt(n, 10) == tail
}

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

// SafeLeaf is Leaf for envelopes that nobody has checked. Two envelopes that differ never
// have the same leaf.
func (e Envelope) SafeLeaf() ([]byte, error) {
	d := e.Decision
	l := leaf{b: append(make([]byte, 0, 640), "dateline/1\n"...)}
	l.number("volume", e.Volume)
	l.number("n", e.N)
	l.instant("at", e.At)
	l.text("kind", string(e.Kind))
	l.number("form", int64(e.Form))
	l.text("class", string(e.Class))
	l.text("desk", string(e.Desk))
	l.text("acting-desk", string(e.Acting))
	l.text("subject", e.Subject)
	l.text("part", e.Part)
	l.number("revision", int64(e.Revision))
	l.number("prior", e.Prior)
	l.text("road", string(d.Road))
	l.text("basis", string(d.Basis))
	l.number("desk-entry", d.DeskEntry)
	l.instant("window-start", d.WindowStart)
	l.instant("window-end", d.WindowEnd)
	l.text("almanac", d.Almanac)
	l.text("zonedata", d.ZoneData)
	l.text("commit", hex.EncodeToString(e.Commit[:]))
	if l.bad != "" {
		return nil, fmt.Errorf("record: the field %s of entry %d would forge a leaf", l.bad, e.N)
	}
	return l.b, nil
}

// A leaf gathers fields, and remembers the first that could be read as something else.
type leaf struct {
	b   []byte
	bad string
}

func (l *leaf) text(name, value string) {
	if value == "" {
		value = "-"
	} else if !plain(value) && l.bad == "" {
		l.bad = name
	}
	l.b = append(append(append(append(l.b, name...), ' '), value...), '\n')
}

func (l *leaf) number(name string, n int64) {
	if n == 0 {
		l.text(name, "")
		return
	}
	l.b = append(append(l.b, name...), ' ')
	l.b = append(strconv.AppendInt(l.b, n, 10), '\n')
}

// instant refuses what microseconds cannot hold: a leaf would say less than its envelope.
func (l *leaf) instant(name string, t time.Time) {
	if l.bad == "" && (t.Nanosecond()%1000 != 0 || t.Year() < -9999 || t.Year() > 9999) {
		l.bad = name
	}
	l.text(name, Micros(t))
}

// plain reports whether a value can stand in a line for any reader, however that reader
// divides lines and trims them: printing characters, and spaces between them.
func plain(s string) bool {
	if s == "-" || s[0] == ' ' || s[len(s)-1] == ' ' || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// Micros writes an instant as a leaf does; "" for the zero time.
func Micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}
