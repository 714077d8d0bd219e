package record

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dateline/internal/story"
)

// A line is an entry as a stream of the record gives it: one JSON object without a line
// break in it. Salt and content are in base64, since what was committed to is bytes. Both
// are missing where a kill withholds them or an erasure destroyed them.
type line struct {
	Leaf    string `json:"leaf"`
	Salt    []byte `json:"salt,omitempty"`
	Content []byte `json:"content,omitempty"`
	GoneBy  int64  `json:"goneBy,omitempty"`
}

// AppendLine adds an entry to b as a line of a stream, with its line feed. What may not be
// shown any more is not in it.
func AppendLine(b []byte, e Entry) ([]byte, error) {
	leaf, err := e.SafeLeaf()
	if err != nil {
		return b, err
	}
	l := line{Leaf: string(leaf), GoneBy: e.GoneBy}
	if e.Readable() {
		l.Salt, l.Content = e.Salt, e.Content
	}
	text, err := json.Marshal(l)
	if err != nil {
		return b, fmt.Errorf("writing entry %d: %w", e.N, err)
	}
	return append(append(b, text...), '\n'), nil
}

// ParseLine reads a line that a stranger gave. That its content is what its leaf commits to
// is checked; that the leaf is in the record is for its reader to check.
func ParseLine(text []byte) (e Entry, err error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return e, errors.New("a line of the record cannot be read")
	}
	if e.Envelope, err = ParseLeaf([]byte(l.Leaf)); err != nil {
		return e, err
	}
	e.Salt, e.Content, e.GoneBy = l.Salt, l.Content, l.GoneBy
	switch {
	case e.GoneBy != 0 && (e.GoneBy <= e.N || e.Salt != nil || e.Content != nil):
		return e, fmt.Errorf("entry %d is given as gone by entry %d, and is not gone", e.N, e.GoneBy)
	case e.GoneBy == 0 && (len(e.Salt) != SaltLength || len(e.Content) == 0 || CommitTo(e.Salt, e.Content) != e.Commit):
		return e, fmt.Errorf("entry %d is given with other words than were committed to", e.N)
	}
	return e, nil
}

// MaxLeaf is how long a leaf may be, in bytes: the bundles of C2SP tlog-tiles count with
// 16 bits.
const MaxLeaf = 1<<16 - 1

// ParseLeaf reads a leaf. Only what SafeLeaf writes, byte for byte, is one.
func ParseLeaf(b []byte) (e Envelope, err error) {
	rest, ok := strings.CutPrefix(string(b), "dateline/1\n")
	if !ok || len(b) > MaxLeaf {
		return e, errors.New("it is not a leaf of a record")
	}
	f := fields{rest: rest}
	d := &e.Decision
	e.Volume, e.N, e.At = f.number("volume"), f.number("n"), f.instant("at")
	e.Kind, e.Form, e.Class = Kind(f.text("kind")), int(f.number("form")), story.Class(f.text("class"))
	e.Desk, e.Acting = story.DeskID(f.text("desk")), story.DeskID(f.text("acting-desk"))
	e.Subject, e.Part, e.Revision, e.Prior = f.text("subject"), f.text("part"), int(f.number("revision")), f.number("prior")
	d.Road, d.Basis, d.DeskEntry = story.Road(f.text("road")), Basis(f.text("basis")), f.number("desk-entry")
	d.WindowStart, d.WindowEnd = f.instant("window-start"), f.instant("window-end")
	d.Almanac, d.ZoneData = f.text("almanac"), f.text("zonedata")
	f.hash("commit", &e.Commit)
	if again, err := e.SafeLeaf(); f.bad || err != nil || string(again) != string(b) {
		return Envelope{}, errors.New("it is not a leaf of a record")
	}
	return e, nil
}

// fields takes the lines of a leaf apart, in their order.
type fields struct {
	rest string
	bad  bool
}

func (f *fields) text(name string) string {
	head, rest, found := strings.Cut(f.rest, "\n")
	value, named := strings.CutPrefix(head, name+" ")
	f.rest, f.bad = rest, f.bad || !found || !named
	if value == "-" {
		return ""
	}
	return value
}

func (f *fields) number(name string) int64 {
	text := f.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	f.bad = f.bad || err != nil
	return n
}

func (f *fields) instant(name string) time.Time {
	text := f.text(name)
	if text == "" {
		return time.Time{}
	}
	us, err := strconv.ParseInt(text, 10, 64)
	f.bad = f.bad || err != nil
	return time.UnixMicro(us).UTC()
}

func (f *fields) hash(name string, into *[32]byte) {
	b, err := hex.DecodeString(f.text(name))
	f.bad = f.bad || err != nil || copy(into[:], b) != len(into) || len(b) != len(into)
}
