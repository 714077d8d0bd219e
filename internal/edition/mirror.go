package edition

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// OpenToRead opens the edition in a folder, of a house that runs or not, for looking only:
// a restore takes back from it what a backup lacks.
func OpenToRead(ctx context.Context, dir string) (*Edition, error) {
	e := &Edition{dir: dir, options: Options{Zone: time.LoadLocation, Log: slog.New(slog.DiscardHandler)}, applied: make(chan struct{})}
	file := filepath.Join(dir, "edition.db")
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("there is no edition in %s", dir)
	}
	var err error
	if e.read, err = openPool(ctx, file, "ro", readers); err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	var version string
	if err := e.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'schema'`).Scan(&version); err != nil || version != schemaVersion {
		return nil, errors.Join(fmt.Errorf("the edition in %s is of another form than this dateline's", dir), err, e.read.Close())
	}
	if e.cursor, err = readCursor(ctx, e.read); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the edition: %w", err), e.read.Close())
	}
	return e, nil
}

// NewestCheckpoint returns the newest signed checkpoint that the edition has of its newest
// volume; nil for none.
func (e *Edition) NewestCheckpoint(ctx context.Context) (note []byte, err error) {
	err = e.View(ctx, func(v *View) error {
		x, _, err := v.Volume(0)
		note = x.Checkpoint.Note
		return err
	})
	return note, err
}

// Rendition returns the bytes of a public form of a picture, fs.ErrNotExist for one that is
// not here.
func (e *Edition) Rendition(_ context.Context, sha string) ([]byte, error) {
	if !validSHA(sha) {
		return nil, fmt.Errorf("%q names no rendition", sha)
	}
	b, err := os.ReadFile(e.file(sha))
	if err == nil && !isSHA(b, sha) {
		err = fmt.Errorf("rendition %s is damaged: %w", sha, fs.ErrNotExist)
	}
	return b, err
}
