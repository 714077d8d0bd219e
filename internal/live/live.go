// Package live tells open pages what changed. A hub follows a source, turns each entry into
// bytes once, and hands them to shards, which write them to every reader of its channels as
// Server-Sent Events. What readers missed is caught up from the newest entries, which a hub
// keeps; who missed more is told to begin anew. docs/live.md describes the protocol.
package live

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Bounds of what a hub keeps and takes.
const (
	// MaxData is the most that an event carries. One with more arrives without its data,
	// and its page fetches what it needs.
	MaxData = 16 << 10
	// MaxChannels is how many channels one connection may name.
	MaxChannels = 16
	// MaxBehind is how many entries a reader may have missed and still be caught up.
	MaxBehind = 200

	maxName = 64       // bytes of a channel's name
	kept    = 256      // entries that a hub remembers: more than anybody is caught up with
	backlog = 20 << 10 // bytes that may wait for one reader
	chunk   = 20 << 10 // bytes that are written at once; a goroutine may hold two such pieces
)

// Times, counted in ticks of the hub.
const (
	tick  = time.Second
	beat  = 15 // between two heartbeats of a reader
	stall = 9  // until a reader whose backlog does not move is cut: under ten seconds
)

// An ID is a place in the record: the number of a volume and that of an entry. An event's
// id is the entry's that it tells of, and rises on every channel.
type ID struct{ Volume, N int64 }

// String writes an id as it stands in streams and addresses: "1-1234".
func (id ID) String() string {
	return strconv.FormatInt(id.Volume, 10) + "-" + strconv.FormatInt(id.N, 10)
}

// ParseID reads an id written in the one way that String writes it.
func ParseID(s string) (ID, bool) {
	if len(s) > 40 {
		return ID{}, false // two numbers are never so long
	}
	volume, n, _ := strings.Cut(s, "-")
	v, errV := strconv.ParseInt(volume, 10, 64)
	x, errN := strconv.ParseInt(n, 10, 64)
	id := ID{v, x}
	return id, errV == nil && errN == nil && v > 0 && x >= 0 && id.String() == s
}

// An Event is what an entry tells the readers of some channels.
type Event struct {
	Channels []string
	Name     string // letters only
	Data     []byte // JSON, at most MaxData bytes
}

// An Entry is one entry of the record as its readers are told of it. A connection gets the
// first of the events that one of its channels is named in, and no other: an entry reaches
// a page once.
type Entry struct {
	ID     ID
	Events []Event
	// Silences says that words which were told before may be told no longer. What the hub
	// remembers is read anew, and who has not taken all of it yet is cut.
	Silences bool
}

// A Source is what a hub follows: the readers' edition, or the newsroom's changes. Its
// methods may be called at once.
type Source interface {
	// Head is the number of the newest entry, 0 for none.
	Head(ctx context.Context) (int64, error)
	// After returns the entries after number n, oldest first, at most limit of them, and as
	// they are to be told now: nothing in them has been taken back.
	After(ctx context.Context, n int64, limit int) ([]Entry, error)
	// Wake returns a channel that gets a value when there may be more. It may be lost.
	Wake() <-chan struct{}
}

// A QuietSource is a Source that can tell that nothing happened: a page that nothing
// changed for long is not too old.
type QuietSource interface {
	Source
	// Quiet reports whether nothing was told on any of the channels after number n, and up to
	// which number it looked. It may say no where it does not know.
	Quiet(ctx context.Context, channels []string, n int64) (upTo int64, quiet bool, err error)
}

// Options are how a hub serves.
type Options struct {
	Limit      int // connections in all; 0 for 10,000
	PerAddress int // connections from one address that is not this machine's, 0 for no bound
	Shards     int // 0 for one per processor
	// Portable gives every reader a goroutine, as where connections cannot be taken over.
	Portable bool
	Log      *slog.Logger
}

// A Pace is how pages are to follow.
type Pace struct {
	Stream bool `json:"stream"` // by a stream; else by asking
	Every  int  `json:"every"`  // seconds between two questions of a page that asks
}

// validChannel reports whether a name can be a channel's: lower-case letters, digits, dots
// and hyphens. Whether anything is ever told on it is nobody's to know.
func validChannel(name string) bool {
	if name == "" || len(name) > maxName {
		return false
	}
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-') {
			return false
		}
	}
	return true
}
