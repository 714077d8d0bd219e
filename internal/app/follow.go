package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/web/site"
)

// A follower is a mirror of a house elsewhere: an edition that follows its record over
// HTTP, and the readers' site on it. It has no newsroom and no key that signs.
type follower struct {
	source  *mirror.Source
	edition *edition.Edition
	lock    *os.File
	log     *slog.Logger
}

// followCommand serves the readers of a house whose record is read over HTTP.
func followCommand(ctx context.Context, args []string, out, log io.Writer) (err error) {
	f := flag.NewFlagSet("edition follow URL", flag.ContinueOnError)
	data := f.String("data", "mirror", "the folder of the mirror")
	addr := f.String("addr", "localhost:8080", "where readers are served")
	admin := f.String("admin", "", "the operator's listener (default: admin.sock in the data folder)")
	key := f.String("key", "", "the record's public key, kept elsewhere (default: the one that is seen first)")
	zonedata := f.String("zonedata", "", "a zip of zone files that replaces the built-in ones")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errors.New("edition follow needs the address of a house, such as https://paper.example")
	}
	if *admin == "" {
		*admin = filepath.Join(*data, "admin.sock")
	}
	m, err := openFollower(ctx, rest[0], *data, *key, *zonedata, newLog(log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	return m.serve(ctx, rest[0], *addr, *admin, out)
}

// openFollower locks the folder and opens what is in it. Where it is new, the origin is
// asked for its key; where it is not, nobody needs to be there.
func openFollower(ctx context.Context, address, data, key, zonedata string, log *slog.Logger) (m *follower, err error) {
	m = &follower{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	origin, err := mirror.At(address)
	if err != nil {
		return m, err
	}
	if _, err := os.Stat(filepath.Join(data, "newsroom.db")); err == nil {
		return m, fmt.Errorf("there is a house in %s: a mirror needs a folder of its own", data)
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return m, fmt.Errorf("making the mirror's folder: %w", err)
	}
	if m.lock, err = lockFolder(data); err != nil {
		return m, err
	}
	zones, err := openZones(zonedata)
	if err != nil {
		return m, err
	}
	if m.source, err = mirror.Follow(ctx, origin, filepath.Join(data, "origin.json"), key); err != nil {
		return m, err
	}
	m.edition, err = edition.Open(ctx, filepath.Join(data, "edition"), edition.Options{Zone: zones.Load, ZoneData: zones.Version(), Renditions: origin.Rendition, Log: log})
	return m, err
}

// serve serves readers with what is there, and follows the origin meanwhile.
func (m *follower) serve(ctx context.Context, address, addr, admin string, out io.Writer) error {
	streams := site.NewLive(m.edition, clock.Wall, liveOptions(m.log))
	readers, err := open(readersName, addr, site.New(m.edition, site.Options{Now: clock.Wall, Log: m.log, Live: streams}), m.log)
	if err != nil {
		return err
	}
	operator, err := open("operator", admin, m.operator(), m.log)
	if err != nil {
		return errors.Join(err, readers.net.Close())
	}
	if _, err := fmt.Fprintf(out, "A mirror of %s.\n  readers   %s\n  key       %s\n", address, readers.url(), m.source.Key()); err != nil {
		return err
	}
	following, stop := context.WithCancel(ctx)
	readers.server.RegisterOnShutdown(streams.Hub().Drain)
	var loops sync.WaitGroup
	loops.Go(func() { runLive(following, streams, m.log) })
	loops.Go(func() {
		if err := m.edition.Follow(following, m.source); err != nil && following.Err() == nil {
			m.log.Error("the mirror stopped following", "error", err)
		}
	})
	err = serveAll(ctx, nil, m.log, readers, operator)
	stop()
	loops.Wait()
	return err
}

// operator answers whoever watches the mirror. In doubt about its origin it is not ready,
// and serves what it has.
func (m *follower) operator() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _ = say(w, "ok") }) // whoever asked left
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		head, _ := m.source.Head(r.Context()) // knows without asking
		doubt := m.source.Doubt()
		w.Header().Set("Content-Type", "application/json")
		if doubt != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		state := map[string]any{"version": Version(), "record": head, "edition": m.edition.Applied(), "doubt": doubt}
		_ = json.NewEncoder(w).Encode(state) // whoever asked left
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		head, _ := m.source.Head(r.Context()) // knows without asking
		_, _ = fmt.Fprintf(w, "# TYPE dateline_record_entries gauge\ndateline_record_entries %d\n# TYPE dateline_edition_applied gauge\ndateline_edition_applied %d\n", head, m.edition.Applied())
	})
	return mux
}

func (m *follower) close() error {
	var errs []error
	if m.edition != nil {
		errs = append(errs, m.edition.Close())
	}
	if m.lock != nil {
		errs = append(errs, m.lock.Close())
	}
	return errors.Join(errs...)
}
