package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/web/desk"
	"dateline/internal/web/site"
	"dateline/internal/zone"
)

// A node is one running house: the open folder and its rooms.
type node struct {
	config  Config
	log     *slog.Logger
	zones   *zone.Data
	db      *store.DB
	room    *newsroom.Room
	edition *edition.Edition
	live    *site.Live
	listen  *desk.Listening  // of the newsroom's pages
	key     *record.Key      // nil until the house is set up
	roomURL string           // of the newsroom's listener, once it is open
	wall    func() time.Time // the house's time for readers, who ask for it often; nil: that of the store's clock

	broken chan error // the disk failed; the process must end
	lock   *os.File
	loops  sync.WaitGroup
}

// openNode locks the data folder and opens what is in it, in order: lock, zone data,
// store, key, newsroom, edition. What was opened before a failure is closed again.
func openNode(ctx context.Context, c Config, now clock.Source, log *slog.Logger) (n *node, err error) {
	return openHouse(ctx, c, now, log, (*node).loadKey)
}

// openKeyless opens a house that is about to get another key: it cannot append before.
func openKeyless(ctx context.Context, c Config, now clock.Source, log *slog.Logger) (n *node, err error) {
	return openHouse(ctx, c, now, log, func(*node, context.Context) error { return nil })
}

func openHouse(ctx context.Context, c Config, now clock.Source, log *slog.Logger, loadKey func(*node, context.Context) error) (n *node, err error) {
	n = &node{config: c, log: log, broken: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if err = os.MkdirAll(c.Data, 0o700); err != nil {
		return n, fmt.Errorf("making the data folder: %w", err)
	}
	if n.lock, err = lockFolder(c.Data); err != nil {
		return n, err
	}
	if n.zones, err = openZones(c.ZoneData); err != nil {
		return n, err
	}
	if n.db, err = store.Open(ctx, c.storeAddress(), store.Options{Now: now, Broken: n.tellBroken, CompareClock: c.realClock}); err != nil {
		return n, err
	}
	if err = errors.Join(loadKey(n, ctx), n.checkShared(ctx)); err != nil {
		return n, err
	}
	n.room = newsroom.New(n.db, newsroom.Options{Zones: n.zones, Pictures: c.sharedFolder("pictures"), Log: log, Reader: newWorkshop(), Broken: n.tellBroken,
		Shown:   func(ctx context.Context, entry int64) error { return n.edition.WaitFor(ctx, entry) },
		Cleared: func(ctx context.Context, entry int64) (bool, error) { return n.edition.Cleared(ctx, entry) },
		Phone:   phone, WireFolders: c.wireFolders(), ErasedList: c.sharedFolder("erased.json")})
	if !c.severalMachines() { // another one may be taking a picture in
		if err = n.room.TidyPictures(ctx); err != nil {
			return n, err
		}
	}
	if n.edition, err = edition.Open(ctx, n.editionFolder(), n.editionOptions()); err != nil {
		return n, &unreadableEdition{err}
	}
	n.live = site.NewLive(n.edition, n.db.Now, liveOptions(log))
	n.listen = desk.NewListening(n.room, log)
	return n, n.notBehind(ctx)
}

// phone is the time on people's telephones, whatever time the house keeps.
func phone() time.Time { return time.Now() }

func (n *node) editionFolder() string { return filepath.Join(n.config.Data, "edition") }

// unreadableEdition is an edition that cannot be opened. It is made again from the record.
type unreadableEdition struct{ error }

func (e *unreadableEdition) Error() string {
	return e.error.Error() + "; if it is damaged, dateline edition rebuild makes it again from the record"
}

func (e *unreadableEdition) Unwrap() error { return e.error }

// notBehind refuses a record that ends before what readers were shown of it, as when an
// older file was put in its place: going on would use numbers twice that others have seen.
func (n *node) notBehind(ctx context.Context) error {
	head, err := n.db.Head(ctx)
	if err == nil && n.edition.Applied() > head {
		err = fmt.Errorf("the edition in %s knows entry %d, and the record ends with entry %d: what was signed is not continued below; restore from a backup, with --mirror %s",
			n.config.Data, n.edition.Applied(), head, filepath.Join(n.config.Data, "edition"))
	}
	return err
}

func (n *node) editionOptions() edition.Options {
	return edition.Options{Zone: n.zones.Load, ZoneData: n.zones.Version(), Renditions: n.room.Rendition, Log: n.log}
}

func openZones(file string) (*zone.Data, error) {
	if file == "" {
		return zone.Built(), nil
	}
	return zone.Open(file)
}

// lockFolder keeps a second server out: two would both believe to be the one writer.
func lockFolder(dir string) (*os.File, error) {
	if err := writable(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another dateline is running on %s", dir), f.Close())
	}
	return f, nil
}

// writable says in a sentence why nothing can be written into a folder that is there.
func writable(dir string) error {
	const write = 2 // W_OK, access(2)
	if err := syscall.Access(dir, write); err != nil {
		return fmt.Errorf("the folder %s cannot be written to (%w): a house needs one that can, by whoever runs dateline", dir, err)
	}
	return nil
}

func (n *node) tellBroken(err error) {
	select {
	case n.broken <- err:
	default: // it is known already
	}
}

// makeKey makes the key of a new house's record, readable by its owner alone.
func (n *node) makeKey(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("the house's address: %w", err)
	}
	secret, err := record.NewKey(record.LogName(u.Host, 1, rand.Reader), rand.Reader)
	if err != nil {
		return fmt.Errorf("making record.key: %w", err)
	}
	if err := writeKey(n.keyFile(), secret, os.O_EXCL); err != nil {
		return err
	}
	return n.loadKey(context.Background())
}

// setUp makes the house that the configuration describes, in an empty folder.
func (n *node) setUp(ctx context.Context, s newsroom.Setup) error {
	if n.key == nil { // a key without a house is left from a start that was cut short
		if err := n.makeKey(s.House.Address); err != nil {
			return err
		}
	}
	s.Log, s.Key = n.key.Log(), n.key.Verifier()
	return n.room.SetUp(ctx, s)
}

// startLoops runs what works by itself until ctx ends: the edition follows, the newsroom
// releases what falls due, the wires' folders are looked at.
func (n *node) startLoops(ctx context.Context, wires *wireFolders) {
	n.loops.Go(func() {
		if err := n.edition.Follow(ctx, n.db); err != nil && ctx.Err() == nil {
			n.log.Error("the edition stopped following", "error", err)
		}
	})
	n.loops.Go(func() { runLive(ctx, n.live, n.log) })
	n.loops.Go(func() { runLive(ctx, n.listen, n.log) })
	n.loops.Go(func() { n.room.Run(ctx, n.stepFailed) })
	n.loops.Go(func() { wires.run(ctx) })
	n.loops.Go(func() {
		n.room.RunClearing(ctx, func(err error) { n.log.Error("clearing files of what was erased", "error", err) })
	})
}

func (n *node) stepFailed(err error) { n.log.Error("releasing", "error", err) }

// close stops in the reverse of the order in which things were opened.
func (n *node) close() error {
	n.loops.Wait()
	var errs []error
	if n.edition != nil {
		errs = append(errs, n.edition.Close())
	}
	if n.db != nil {
		errs = append(errs, n.db.Close())
	}
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}
