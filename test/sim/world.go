package sim

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the judge reads the rows itself

	"dateline/internal/edition"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/zone"
)

// A world is one house, its people, and what they were told.
type world struct {
	ctx   context.Context
	rng   *rand.Rand // of the setting; what actions need is drawn with them
	ids   io.Reader  // of the newsroom's ids
	dir   string     // of everything
	live  string     // the house's folder within dir; another after each crash
	lives int

	clock   machine
	zones   *zone.Data
	key     record.Key
	db      *store.DB
	rooms   []*newsroom.Room // two processes of one house, where its store lets two in
	edition *edition.Edition
	site    http.Handler
	rows    *sql.DB // read-only, of the judge
	log     bytes.Buffer

	desks   []*desk
	members []member
	tales   []*tale
	wires   []*wireItem
	setting newsroom.Setup
	told    told

	armed    *fault // the next crash or failure, where one is to come
	crashed  error  // since then nothing of the process counts any more
	reopened bool   // after a crash, until the whole world was looked at

	judge       judge
	was         before             // what stood when this action began
	nowArticles map[string]article // as the last check saw them
	silent      bool               // this action is about what is not released: no entry may come of it
	stepped     bool               // the house looked at everything in this action
	trusted     bool               // and its clock was to be believed then
	doubted     time.Time          // when it last was not
	steps       int
	serial      int // of keys and canaries
	trace       []string
	done        []int
	broken      *Failure
}

// A desk as its people know it.
type desk struct {
	id   story.DeskID
	slug string
	zone *time.Location
}

const admin = "Ada Admin"

// A member, with one role at one desk; the administrator has none.
type member struct {
	id   int64
	role newsroom.Role
	desk int
}

// A fault stops the process at a moment of a commit, or fails the commit alone.
type fault struct {
	after int // commits that pass first
	at    store.Moment
	kill  bool
}

var (
	errKilled = errors.New("the process is dead")
	errFailed = story.Refuse(story.Unavailable, "The disk is full, says the simulator.")
)

// begin makes the house of a seed.
func begin(ctx context.Context, seed uint64, dir string) (w *world, err error) {
	var chacha [32]byte
	binary.LittleEndian.PutUint64(chacha[:], seed)
	w = &world{ctx: ctx, dir: dir, rng: rand.New(rand.NewPCG(seed, 2)), ids: rand.NewChaCha8(chacha)}
	w.live = filepath.Join(dir, "life0")
	w.clock.now = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(w.rng.Int64N(int64(9500 * 24 * time.Hour)))).Truncate(time.Microsecond)
	if w.rng.IntN(8) == 0 { // the days before Samoa skipped one
		w.clock.now = time.Date(2011, 12, 20, 9, 0, 0, 0, time.UTC)
	}
	w.clock.booted = w.clock.now.Add(-time.Hour)
	w.judge = newJudge()
	all, err := releases()
	if err != nil {
		return nil, err
	}
	w.zones = all[0]
	secret, err := record.NewKey(record.LogName("localhost", 1, w.ids), w.ids)
	if err != nil {
		return nil, err
	}
	if w.key, err = record.ParseKey(secret); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(w.live, 0o700); err != nil {
		return nil, err
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	if err := w.people(); err != nil {
		return nil, err
	}
	return w, errors.Join(w.before(), w.check())
}

// open opens the house in the folder of this life.
func (w *world) open() (err error) {
	quiet := slog.New(slog.NewTextHandler(&w.log, nil))
	w.db, err = store.OpenSQLite(w.ctx, filepath.Join(w.live, "newsroom.db"), store.Options{Now: w.clock.Read, Fault: w.moment})
	if err != nil {
		return err
	}
	w.db.SetKey(w.key)
	w.rooms = nil
	for range 2 {
		w.rooms = append(w.rooms, newsroom.New(w.db, newsroom.Options{Zones: w.zones, Pictures: filepath.Join(w.live, "pictures"), Log: quiet, Random: w.ids, Cleared: w.cleared}))
	}
	if w.edition, err = edition.Open(w.ctx, filepath.Join(w.live, "edition"), w.editionOptions(quiet)); err != nil {
		return err
	}
	w.site = site.New(w.edition, site.Options{Now: w.clock.wall, Log: quiet})
	w.rows, err = sql.Open("sqlite", "file:"+filepath.Join(w.live, "newsroom.db")+"?mode=ro")
	if err == nil {
		w.rows.SetMaxOpenConns(1)
	}
	return err
}

func (w *world) cleared(ctx context.Context, n int64) (bool, error) { return w.edition.Cleared(ctx, n) }

func (w *world) editionOptions(log *slog.Logger) edition.Options {
	return edition.Options{Zone: w.zones.Load, ZoneData: w.zones.Version(), Renditions: w.rooms[0].Rendition, Log: log}
}

// room is the process that a request comes to.
func (w *world) room(draw uint32) *newsroom.Room { return w.rooms[draw%uint32(len(w.rooms))] }

// people sets the house up and gives every desk somebody of each role.
func (w *world) people() error {
	w.setting = w.setup()
	if err := w.rooms[0].SetUp(w.ctx, w.setting); err != nil {
		return err
	}
	w.members = []member{{id: 1}}
	for i, d := range w.setting.Desks {
		loc, err := w.zones.Load(d.Place.Zone)
		if err != nil {
			return err
		}
		w.desks = append(w.desks, &desk{slug: d.Slug, zone: loc})
		for _, role := range newsroom.AllRoles {
			id, err := w.rooms[0].AddMember(w.ctx, fmt.Sprintf("%s %s", d.Slug, role), false, []string{d.Slug + ":" + string(role)}, 0)
			if err != nil {
				return err
			}
			w.members = append(w.members, member{id, role, i})
		}
	}
	house, err := w.rooms[0].House(w.ctx)
	if err != nil {
		return err
	}
	for _, d := range w.desks {
		known, ok := house.Desk(d.slug)
		if !ok {
			return fmt.Errorf("there is no desk %s", d.slug)
		}
		d.id = known.ID
	}
	return nil
}

// moment is asked at each commit of the store.
func (w *world) moment(m store.Moment) error {
	switch {
	case w.crashed != nil:
		return w.crashed
	case w.armed == nil || m != w.armed.at:
		return nil
	case w.armed.after > 0:
		w.armed.after--
		return nil
	}
	f := w.armed
	w.armed = nil
	if !f.kill {
		return errFailed
	}
	return w.kill()
}

// kill stops the process here: the files are copied as they are at this instant, and
// whatever the old ones still become counts no more.
func (w *world) kill() error {
	w.lives++
	next := filepath.Join(w.dir, fmt.Sprint("life", w.lives))
	w.crashed = errKilled
	if err := copyFolder(w.live, next); err != nil {
		w.crashed = errors.Join(errKilled, fmt.Errorf("copying the files of a crash: %w", err))
	}
	return w.crashed
}

// copyFolder copies every file but the index of a log, which a machine keeps in memory.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		into := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(into, 0o700)
		}
		if strings.HasSuffix(path, "-shm") {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(into, raw, 0o600)
	})
}

// restart opens the copy of a crash.
func (w *world) restart() error {
	if !errors.Is(w.crashed, errKilled) || w.crashed != errKilled {
		return w.crashed
	}
	if err := w.shut(); err != nil {
		return err
	}
	old := w.live
	w.live = filepath.Join(w.dir, fmt.Sprint("life", w.lives))
	w.crashed, w.reopened = nil, true
	if err := os.RemoveAll(old); err != nil {
		return err
	}
	return w.open()
}

// stop ends the process in order, and starts it anew on the same files.
func (w *world) stop() error {
	if err := w.shut(); err != nil {
		return err
	}
	return w.open()
}

// shut closes what is open: after an opening that failed, not all of it.
func (w *world) shut() (err error) {
	if w.rows != nil {
		err = w.rows.Close()
	}
	if w.edition != nil {
		err = errors.Join(err, w.edition.Close())
	}
	if w.db != nil {
		err = errors.Join(err, w.db.Close())
	}
	w.rows, w.edition, w.db = nil, nil, nil
	return err
}

func (w *world) close() { _ = w.shut() } // nothing of it is kept

// catchUp lets the edition follow the record. An armed fault may stop it on the way.
func (w *world) catchUp() error {
	err := w.edition.CatchUp(w.ctx, source{w})
	if w.crashed != nil {
		return nil
	}
	return err
}

// A source is the record as the edition reads it; between two readings the process can die.
type source struct{ *world }

func (s source) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if s.armed != nil && s.armed.kill && s.edition != nil && s.edition.Applied() == n && n > 0 {
		if s.armed.after--; s.armed.after < 0 {
			s.armed = nil
			return nil, s.kill()
		}
	}
	return s.db.After(ctx, n, limit)
}
func (s source) Head(ctx context.Context) (int64, error) { return s.db.Head(ctx) }
func (s source) Wake() <-chan struct{}                   { return s.db.Wake() }

// pick is one of several, by a number that was drawn with the action.
func pick[T any](from []T, draw uint32) T { return from[int(draw)%len(from)] }
