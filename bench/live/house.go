//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/zone"
)

// aHouse is a whole house as the server runs it: store, newsroom, record, edition, streams.
type aHouse struct {
	room    *newsroom.Room
	edition *edition.Edition

	mu   sync.Mutex
	took []time.Duration // from filing to its answer
	late int             // answered before readers were shown it
	last int64
}

// noon is when the house's week is over and all desks are open; its clock runs from there.
var noon = time.Date(2024, 3, 25, 12, 0, 0, 0, time.UTC)

// serveHouse serves a house in a folder, and posts a story each second. GET /state tells
// how long filings took, and the newest entry.
func serveHouse(addr, dir string) error {
	ctx := context.Background()
	h, loops, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	streams := site.NewLive(h.edition, h.now(dir), live.Options{Limit: 19_000})
	pages := site.New(h.edition, site.Options{Now: h.now(dir), Log: slog.New(slog.DiscardHandler), Live: streams})
	loops(streams.Run)
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("GET /state", h.state)
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return (&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(l)
}

// now is the machine's clock, moved to the demo's days.
func (h *aHouse) now(dir string) func() time.Time {
	begun := noon
	if info, err := os.Stat(filepath.Join(dir, "begun")); err == nil {
		begun = info.ModTime()
	}
	return func() time.Time { return noon.Add(time.Since(begun)).Truncate(time.Microsecond).UTC() }
}

func openHouse(ctx context.Context, dir string) (h *aHouse, loops func(func(context.Context) error), err error) {
	h = &aHouse{}
	mark := filepath.Join(dir, "begun")
	if _, err := os.Stat(mark); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(mark, nil, 0o600); err != nil {
			return nil, nil, err
		}
	}
	now, begun := h.now(dir), time.Now()
	db, err := store.Open(ctx, filepath.Join(dir, "newsroom.db"), store.Options{Now: func() clock.Reading {
		return clock.Reading{Wall: now(), Boot: time.Since(begun) + time.Hour, BootID: begun.String()}
	}})
	if err != nil {
		return nil, nil, err
	}
	if err := keyOf(db, dir); err != nil {
		return nil, nil, err
	}
	h.room = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: filepath.Join(dir, "pictures"), Log: slog.New(slog.DiscardHandler),
		Shown: func(ctx context.Context, n int64) error { return h.edition.WaitFor(ctx, n) }})
	if err := h.setUp(ctx, dir); err != nil {
		return nil, nil, err
	}
	if h.edition, err = edition.Open(ctx, filepath.Join(dir, "edition"), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition}); err != nil {
		return nil, nil, err
	}
	loops = func(more func(context.Context) error) {
		go func() { fatal(h.edition.Follow(ctx, db)) }()
		go h.room.Run(ctx, fatal)
		go func() { fatal(more(ctx)) }()
		go h.post(ctx)
	}
	return h, loops, h.edition.CatchUp(ctx, db)
}

func keyOf(db *store.DB, dir string) error {
	file := filepath.Join(dir, "record.key")
	secret, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		made, err := record.NewKey(record.LogName("localhost", 1, rand.Reader), rand.Reader)
		if err != nil {
			return err
		}
		secret = []byte(made)
		if err := os.WriteFile(file, secret, 0o600); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	key, err := record.ParseKey(string(secret))
	if err == nil {
		db.SetKey(key)
	}
	return err
}

func (h *aHouse) setUp(ctx context.Context, dir string) error {
	if done, err := h.room.IsSetUp(ctx); err != nil || done {
		return err
	}
	s, err := demo.Setup("http://localhost")
	if err != nil {
		return err
	}
	secret, err := os.ReadFile(filepath.Join(dir, "record.key"))
	if err != nil {
		return err
	}
	key, err := record.ParseKey(string(secret))
	if err != nil {
		return err
	}
	s.Log, s.Key = key.Log(), key.Verifier()
	if err := h.room.SetUp(ctx, s); err != nil {
		return err
	}
	return demo.AddPeople(ctx, h.room)
}

// post posts a story each second, for as long as the process lives.
func (h *aHouse) post(ctx context.Context) {
	who, err := h.room.Acting(ctx, "Jonah Petrie")
	fatal(err)
	house, err := h.room.House(ctx)
	fatal(err)
	desk, _ := house.Desk("new-york")
	for i := 0; ; i++ {
		text := story.Text{Type: story.Report, Lang: "en", Section: "city", Headline: fmt.Sprintf("Story %d", i), Standfirst: "A story of the measurement.", Slug: fmt.Sprintf("story-%d", i),
			Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Its one paragraph."}}}}}
		id, err := h.room.Start(ctx, who, newsroom.Beginning{Key: rand.Text(), Desk: desk.ID, Lang: "en", Text: &text})
		fatal(err)
		begun := time.Now()
		filed, err := h.room.File(ctx, who, newsroom.Filing{Key: rand.Text(), Article: id, What: story.Publish, NoUndo: true, Base: -1})
		fatal(err)
		if filed.State != story.Posted {
			fatal(fmt.Errorf("a story was not posted: %+v", filed))
		}
		h.mu.Lock()
		if !filed.Shown {
			h.late++
		}
		h.took, h.last = append(h.took, time.Since(begun)), filed.Entry
		h.mu.Unlock()
		time.Sleep(max(0, time.Second-time.Since(begun)))
	}
}

func (h *aHouse) state(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	took := slices.Clone(h.took)
	slices.Sort(took)
	at := func(percent int) float64 {
		if len(took) == 0 {
			return 0
		}
		return float64(took[(len(took)-1)*percent/100].Microseconds()) / 1000
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"posted": len(took), "p50": at(50), "p99": at(99), "entry": h.last, "late": h.late}) // whoever asked left
}
