package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// wireFolders looks at the folders that agencies drop files into. What was read moves to
// "done" beside it, what could not be read to "unreadable" with the reason; both only
// once the newsroom has it durably. A file that still grows is left until it rests.
type wireFolders struct {
	room  *newsroom.Room
	wires []WireConfig
	log   *slog.Logger

	mu   sync.Mutex
	seen map[string]fileState // guarded by mu: how files were at the last look
	told map[string]string    // guarded by mu: what is wrong with a folder or file, once it was logged
}

type fileState struct {
	size int64
	mod  time.Time
}

// maxWireFile bounds what is read of one file; what is larger cannot be a wire item.
const maxWireFile = 32 << 20

func newWireFolders(room *newsroom.Room, wires []WireConfig, log *slog.Logger) (*wireFolders, error) {
	for _, w := range wires {
		for _, sub := range []string{"", "done", "unreadable"} {
			if err := os.MkdirAll(filepath.Join(w.Folder, sub), 0o700); err != nil {
				return nil, err
			}
		}
	}
	return &wireFolders{room: room, wires: wires, log: log, seen: map[string]fileState{}, told: map[string]string{}}, nil
}

// wireFolders are the folders of a house's wires.
func (c Config) wireFolders() (folders []string) {
	for _, w := range c.Wires {
		folders = append(folders, w.Folder)
	}
	return folders
}

func (f *wireFolders) run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		f.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look takes in every file that rests, and reports how many are still growing.
func (f *wireFolders) look(ctx context.Context) (growing int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.wires {
		files, err := os.ReadDir(w.Folder)
		if f.tell("reading a wire folder", w, w.Folder, err); err != nil {
			continue
		}
		for _, file := range files {
			if ctx.Err() != nil {
				return growing
			}
			if file.IsDir() || strings.HasPrefix(file.Name(), ".") {
				continue
			}
			path := filepath.Join(w.Folder, file.Name())
			if !file.Type().IsRegular() {
				f.tell("putting a wire file aside", w, path, f.putAside(w, file.Name(), "A wire item is a file of its own, not a link, a pipe or a device."))
				continue
			}
			if !f.rests(path) {
				growing++
				continue
			}
			f.tell("taking in a wire file", w, path, f.take(ctx, w, file.Name()))
		}
	}
	return growing
}

// tell logs what is wrong with a folder or a file, once for as long as it is: it is looked at
// each second.
func (f *wireFolders) tell(doing string, w WireConfig, path string, err error) {
	if err == nil {
		delete(f.told, path)
		return
	}
	if f.told[path] != err.Error() {
		f.told[path] = err.Error()
		f.log.Error(doing, "source", w.Source, "error", err)
	}
}

// rests reports whether a file is as it was at the look before.
func (f *wireFolders) rests(path string) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	now := fileState{info.Size(), info.ModTime()}
	before, known := f.seen[path]
	f.seen[path] = now
	return known && before == now
}

// take has the newsroom take a file in, and moves it once that is durable.
func (f *wireFolders) take(ctx context.Context, w WireConfig, name string) error {
	path := filepath.Join(w.Folder, name)
	raw, err := readDropped(path)
	if err != nil {
		return err
	}
	if len(raw) > maxWireFile {
		return f.putAside(w, name, "The file is larger than 32 MiB. No wire item is.")
	}
	_, err = f.room.Ingest(ctx, w.Source, name, raw)
	refusal, refused := story.AsRefusal(err)
	switch {
	case err == nil:
		delete(f.seen, path)
		return os.Rename(path, filepath.Join(w.Folder, "done", name))
	case refused && refusal.Kind != story.Unavailable:
		return f.putAside(w, name, refusal.Sentence)
	}
	return err // it stays where it is, and is tried again
}

// readDropped reads a file, one byte past the bound at most. Whoever may drop a file may
// put something else in its place at any instant: a link is not followed out of the
// folder, and a pipe does not keep the reader waiting.
func readDropped(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(file, maxWireFile+1))
	return raw, errors.Join(err, file.Close())
}

// putAside moves what could not be read out of the way, with the reason beside it. What
// was put aside before under the same name stays.
func (f *wireFolders) putAside(w WireConfig, name, why string) error {
	path, short := filepath.Join(w.Folder, name), name[max(0, len(name)-200):] // a file's name has 255 bytes, and more is added to it
	bad := filepath.Join(w.Folder, "unreadable", short)
	for n := 2; exists(bad); n++ {
		bad = filepath.Join(w.Folder, "unreadable", strconv.Itoa(n)+"-"+short)
	}
	delete(f.seen, path)
	f.log.Warn("a wire file could not be read", "source", w.Source, "why", why)
	return errors.Join(os.WriteFile(bad+".why.txt", []byte(why+"\n"), 0o600), os.Rename(path, bad))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
