package edition

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"dateline/internal/record"
)

// Check compares the edition in a folder, which another process may have open, with one
// that is built anew from the record, and returns a line for each doubt.
func Check(ctx context.Context, dir string, src record.Source, zone func(string) (*time.Location, error)) (doubts []string, err error) {
	read, err := openPool(ctx, filepath.Join(dir, "edition.db"), "ro", 1)
	if err != nil {
		return nil, fmt.Errorf("opening the edition: %w", err)
	}
	e := &Edition{dir: dir, read: read, options: Options{Zone: zone}}
	defer func() { err = errors.Join(err, read.Close()) }()
	if e.cursor, err = readCursor(ctx, read); err != nil {
		return nil, fmt.Errorf("reading the edition: %w", err)
	}
	if doubts, err = e.damage(ctx); err != nil {
		return nil, fmt.Errorf("looking through the edition: %w", err)
	}
	mine, err := e.Digest(ctx)
	if err != nil {
		return doubts, fmt.Errorf("reading the edition: %w", err)
	}
	anew, err := digestAnew(ctx, upTo{src, e.cursor.n}, zone)
	if err == nil && anew != mine {
		doubts = append(doubts, "the edition is not what the record makes of it: dateline edition rebuild mends it")
	}
	return doubts, err
}

// damage looks through the file and at the pictures.
func (e *Edition) damage(ctx context.Context) (doubts []string, err error) {
	var shas []string
	err = e.View(ctx, func(v *View) error {
		lines, err := many(v, `PRAGMA integrity_check(20)`, nil, scanOne[string])
		for _, line := range lines {
			if line != "ok" {
				doubts = append(doubts, "edition: "+line)
			}
		}
		if err != nil {
			return err
		}
		shas, err = many(v, allInUse, nil, scanOne[string])
		return err
	})
	for _, sha := range shas {
		if b, err := os.ReadFile(e.file(sha)); err != nil || !isSHA(b, sha) {
			doubts = append(doubts, "edition: the picture "+sha+" is missing or damaged")
		}
	}
	return doubts, err
}

// digestAnew is the digest of the edition that a record makes, without its pictures.
func digestAnew(ctx context.Context, src record.Source, zone func(string) (*time.Location, error)) (digest string, err error) {
	dir, err := os.MkdirTemp("", "dateline-edition")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	e, err := Open(ctx, dir, Options{Zone: zone, Log: slog.New(slog.DiscardHandler), wordsOnly: true})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if err := e.CatchUp(ctx, src); err != nil {
		return "", err
	}
	return e.Digest(ctx)
}

// upTo is a source that ends with an entry.
type upTo struct {
	record.Source
	n int64
}

func (u upTo) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if n >= u.n {
		return nil, nil
	}
	return u.Source.After(ctx, n, int(min(int64(limit), u.n-n)))
}
