// Package newsroom holds the verbs: what members, wires and the clock do to the house,
// one transaction each. Nothing else changes the store, and only gate.go appends to the
// record.
package newsroom

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"dateline/internal/clock"
	"dateline/internal/keys"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/zone"
)

// A Room is the newsroom of one house.
type Room struct {
	db       *store.DB
	zones    *zone.Data
	pictures string // folder of originals and renditions
	wires    []string
	list     string
	// calendars is the folder of calendar files.
	calendars string
	log       *slog.Logger
	random    io.Reader
	reader    Reader

	house atomic.Pointer[keptHouse] // as it was last read

	mu      sync.Mutex
	watched map[story.DeskID]watch // guarded by mu

	// shown waits until this node's edition shows entry n; nil where none follows.
	shown func(ctx context.Context, n int64) error

	// broken ends the process, because the disk failed.
	broken func(error)

	passwords *keys.Passwords
	phone     func() time.Time

	cleared  func(ctx context.Context, n int64) (bool, error)
	clearing sync.Mutex // held by the one that clears files of what was erased
}

// Options are what a Room is made of besides its store.
type Options struct {
	Zones    *zone.Data
	Pictures string
	// Calendars is the folder of calendar files. Default "calendars" beside the pictures.
	Calendars string
	Log       *slog.Logger
	Reader    Reader // of what comes from outside; nil reads here
	Shown     func(ctx context.Context, n int64) error
	Broken    func(error) // called when the disk fails; it ends the process
	Random    io.Reader   // of ids and keys; nil is the system's own. A simulation gives one that it can repeat

	// Phone tells the time on people's telephones, which show the codes of passwords: a
	// demo's house keeps another. Nil is the house's own.
	Phone func() time.Time

	WireFolders []string // where files of wires lie, and in "done" once they are read
	ErasedList  string   // the file that lists what was erased; "" keeps no list
	// Cleared reports whether this node's edition is clear of what entry n erased; nil where none follows.
	Cleared func(ctx context.Context, n int64) (bool, error)
}

// New opens the newsroom of a store.
func New(db *store.DB, o Options) *Room {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Reader == nil {
		o.Reader = Here{}
	}
	if o.Calendars == "" {
		o.Calendars = filepath.Join(filepath.Dir(o.Pictures), "calendars")
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Phone == nil {
		o.Phone = db.Now
	}
	return &Room{passwords: keys.NewPasswords(), phone: o.Phone, db: db, zones: o.Zones, pictures: o.Pictures, calendars: o.Calendars, watched: map[story.DeskID]watch{}, log: o.Log, random: o.Random, reader: o.Reader, shown: o.Shown, broken: o.Broken,
		wires: o.WireFolders, list: o.ErasedList, cleared: o.Cleared}
}

// A Who is the member who acts, as the session that asked found them.
type Who struct {
	Member  int64
	Name    string
	Admin   bool
	Roles   map[story.DeskID][]Role
	AuthAt  time.Time // when they last proved who they are
	Program bool      // a token or the command line: never a person
	Lang    string    // that they chose for the newsroom; "" for none

	session string // hash of the session that they came by; "" for none
	scope   *scope // of the token that they came by
}

// keep is how long the answer to a key is remembered.
const keep = 7 * 24 * time.Hour

// do runs a verb once for each key: in one transaction, with its answer kept beside its
// effect. The same key with the same request gets the same answer again; with another
// request it is refused. A refusal keeps nothing.
func do[R any](ctx context.Context, r *Room, who Who, verb, key string, request any, fn func(*store.Tx, Who) (R, error)) (answer R, err error) {
	if !validKey(key) {
		return answer, story.Refuse(story.Invalid, "This form carries no key. Load the page again.")
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return answer, fmt.Errorf("%s: %w", verb, err)
	}
	sum := sha256.Sum256(asked)
	ahead := store.Ahead{Member: who.Member, Key: key}
	if about, ok := request.(interface{ about() story.ArticleID }); ok {
		ahead.Article = about.about()
	}
	err = r.db.WriteAhead(ctx, ahead, func(tx *store.Tx) error {
		now, err := r.refresh(&tx.Query, who)
		if err != nil {
			return err
		}
		done, err := answered(tx, now, verb, key, sum[:], &answer)
		if done || err != nil {
			return err
		}
		if answer, err = fn(tx, now); err != nil {
			return err
		}
		body, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("%s: %w", verb, err)
		}
		return tx.SetAnswer(now.Member, key, store.Answer{Verb: verb, Request: sum[:], Body: body})
	})
	if err != nil {
		var none R // what a commit took back is no answer
		return none, err
	}
	return answer, nil
}

func validKey(key string) bool { return len(key) >= 16 && len(key) <= 64 }

func answered[R any](tx *store.Tx, who Who, verb, key string, request []byte, answer *R) (bool, error) {
	was, found, err := tx.Answer(who.Member, key)
	if err != nil || !found {
		return false, err
	}
	if was.Verb != verb || string(was.Request) != string(request) {
		return false, story.Refuse(story.Conflict, "This form was sent before with other words. Load the page again.")
	}
	return true, json.Unmarshal(was.Body, answer)
}

// NewKey makes an idempotency key for a form.
func (r *Room) NewKey() string { return story.NewID(r.random, 26) }

func (r *Room) newID(n int) string { return story.NewID(r.random, n) }

// last returns the instant that an entry made now would get, and why the clock is in
// doubt, if it is (DESIGN.md, Time, 4 and 6).
type moment struct {
	at    time.Time
	doubt string
}

// instant is t = max(now, last entry + 1 µs), the instant that will be printed.
func (r *Room) instant(tx *store.Tx) (m moment, err error) {
	_, _, last, err := tx.Last()
	if err != nil {
		return m, err
	}
	anchor, err := tx.Anchor()
	if err != nil {
		return m, err
	}
	due := false
	if anchor.BootID != tx.Reading.BootID {
		next, err := tx.NextLook()
		if err != nil {
			return m, err
		}
		due = !next.IsZero() && !next.After(tx.Now)
	}
	m.doubt = anchor.Doubt(tx.Reading, last, due)
	if m.doubt == "" && tx.Apart.Abs() > clock.Tolerance {
		m.doubt = fmt.Sprintf("This machine's clock and the database's are %s apart.", tx.Apart.Abs().Round(time.Second))
	}
	m.at = tx.Now
	if m.doubt != "" {
		m.at = anchor.Expected(tx.Reading).UTC().Truncate(time.Microsecond)
	}
	if soonest := last.Add(time.Microsecond); m.at.Before(soonest) {
		m.at = soonest
	}
	return m, nil
}

// later is m for the next entry of its transaction: what was believed of the clock still is,
// whatever the transaction has changed since.
func (m moment) later(tx *store.Tx) (moment, error) {
	_, _, last, err := tx.Last()
	if soonest := last.Add(time.Microsecond); m.at.Before(soonest) {
		m.at = soonest
	}
	return m, err
}

// last is the instant that the last entry of an act would get, each person that it names
// taking one before it.
func (m moment) last(w story.World) time.Time {
	return m.at.Add(time.Duration(w.Names) * time.Microsecond)
}

// now is the instant that a verb counts from: the wall clock's or, in doubt, what the anchor
// leads to, if that is earlier. One of them is wrong then, and what is filed must not wait
// for an hour that has not come.
func (r *Room) now(tx *store.Tx) (time.Time, error) {
	m, err := r.instant(tx)
	if m.doubt != "" && m.at.Before(tx.Now) {
		return m.at, err
	}
	return tx.Now, err
}

// trust keeps the reading of this transaction as the anchor; never in doubt.
func (r *Room) trust(tx *store.Tx, m moment) error {
	if m.doubt != "" {
		return nil
	}
	return r.believe(tx)
}

// believe keeps the reading of this transaction as the anchor. Where it is earlier than the
// one before, all that waits is looked at anew.
func (r *Room) believe(tx *store.Tx) error {
	before, err := tx.Anchor()
	if err != nil {
		return err
	}
	if tx.Now.Before(before.Wall) {
		if err := tx.LookAgainAll(); err != nil {
			return err
		}
	}
	return tx.SetAnchor(clock.AnchorOf(tx.Reading))
}
