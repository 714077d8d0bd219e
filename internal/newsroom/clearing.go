package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dateline/internal/store"
)

// Once an erasure is committed, its words still lie in files: pictures, wire files that
// were read, pages of the store that rows moved away from, the write-ahead log, and the
// edition. Each stage is done again if a crash cut it off before it was noted; what is
// left is a row of the store, which a start looks for and `check` names.

// The stages of clearing, by what is done already.
const (
	filesLeft   = iota // pictures and wire files, and the list outside the store
	rewriteLeft        // the store's own file
	logLeft            // its write-ahead log
	editionLeft        // the readers' memory on this machine
)

var leftWords = [...]string{
	filesLeft:   "its pictures and wire files are still to be deleted",
	rewriteLeft: "the store's file is still to be written anew",
	logLeft:     "the store's log is still to be cut",
	editionLeft: "the edition is still to be cleared of it",
}

// LeftToClear says in words what is still to be done after erasures, a line for each.
func LeftToClear(q *store.Query) (lines []string, err error) {
	return leftToClear(q, "")
}

// leftToClear is LeftToClear of one subject, "" for all.
func leftToClear(q *store.Query, subject string) (lines []string, err error) {
	left, err := q.Unfinished()
	for _, e := range left {
		if subject == "" || e.Subject == subject {
			lines = append(lines, fmt.Sprintf("%s was erased, and %s", e.Subject, leftWords[min(max(e.Stage, 0), editionLeft)]))
		}
	}
	return lines, err
}

// clearEvery is how long the loop rests where nothing is left, or where something failed.
const clearEvery = time.Second

// RunClearing clears files of what was erased until ctx ends. What fails is told once for
// each cause, and tried again.
func (r *Room) RunClearing(ctx context.Context, failed func(error)) {
	ticker := time.NewTicker(clearEvery)
	defer ticker.Stop()
	told := ""
	for {
		err := r.Clear(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Clear does all that is left to clear, as far as it can be done now.
func (r *Room) Clear(ctx context.Context) error {
	for {
		if done, err := r.ClearStep(ctx); err != nil || !done {
			return err
		}
	}
}

// ClearStep does one stage of the oldest erasure that has one left, and reports whether
// there was one that could be done.
func (r *Room) ClearStep(ctx context.Context) (done bool, err error) {
	r.clearing.Lock()
	defer r.clearing.Unlock()
	var left []store.Erasure
	if err := r.db.Read(ctx, func(q *store.Query) (err error) {
		left, err = q.Unfinished()
		return err
	}); err != nil || len(left) == 0 {
		return false, err
	}
	e, done := left[0], true
	switch e.Stage {
	case filesLeft:
		err = errors.Join(r.deleteFiles(ctx, e), r.keepList(e))
	case rewriteLeft:
		err = r.db.Rewrite(ctx)
	case logLeft:
		done, err = r.db.CutLog(ctx)
	case editionLeft:
		if r.cleared != nil {
			done, err = r.cleared(ctx, e.Entry)
		}
	}
	if err != nil || !done {
		return false, err
	}
	return true, r.db.Write(ctx, func(tx *store.Tx) error { return tx.SetStage(e.ID, e.Stage+1) })
}

// deleteFiles deletes what no row needs any more, and the copies in the wires' folders.
func (r *Room) deleteFiles(ctx context.Context, e store.Erasure) error {
	var files erasedFiles
	if err := json.Unmarshal(e.Files, &files); err != nil {
		return fmt.Errorf("erasure %d: %w", e.ID, err)
	}
	var gone []string
	if err := r.db.Read(ctx, func(q *store.Query) error {
		for kind, shas := range map[string][]string{"originals": files.Originals, "renditions": files.Renditions} {
			for _, sha := range shas {
				keep, err := q.KeepsPictureFile(kind, sha)
				if err != nil {
					return err
				}
				if !keep {
					gone = append(gone, r.fileOf(kind, sha))
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	copies, err := wireCopies(r.wires, files.Wires)
	if err != nil {
		return err
	}
	return r.removeAll(append(gone, copies...))
}

func (r *Room) fileOf(kind, sha string) string {
	return filepath.Join(r.pictures, kind, sha[:min(2, len(sha))], filepath.Base(sha))
}

// removeAll deletes files durably.
func (r *Room) removeAll(files []string) error {
	folders := map[string]bool{}
	for _, f := range files {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("deleting what was erased: %w", err)
		}
		folders[filepath.Dir(f)] = true
	}
	for folder := range folders {
		d, err := os.Open(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = errors.Join(r.sync(d), d.Close())
		}
		if err != nil {
			return fmt.Errorf("deleting what was erased: %w", err)
		}
	}
	return nil
}

// maxCopy bounds a file of a wire, as taking it in does.
const maxCopy = 32 << 20

// wireCopies finds the files that hold just the bytes of erased messages.
func wireCopies(folders, shas []string) (found []string, err error) {
	if len(shas) == 0 {
		return nil, nil
	}
	for _, folder := range folders {
		for _, sub := range []string{folder, filepath.Join(folder, "done")} {
			entries, err := os.ReadDir(sub)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("looking for copies of what was erased: %w", err)
			}
			for _, e := range entries {
				if info, err := e.Info(); err != nil || !info.Mode().IsRegular() || info.Size() > maxCopy {
					continue
				}
				file := filepath.Join(sub, e.Name())
				raw, err := os.ReadFile(file)
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					return nil, fmt.Errorf("looking for copies of what was erased: %w", err)
				}
				if sum := sha256.Sum256(raw); slices.Contains(shas, hex.EncodeToString(sum[:])) {
					found = append(found, file)
				}
			}
		}
	}
	return found, nil
}

// TidyPictures deletes picture files without a row: what an upload left that was cut off,
// or refused after its bytes were kept. Nothing may be taking pictures in meanwhile: it is
// for a start.
func (r *Room) TidyPictures(ctx context.Context) error {
	var gone []string
	err := r.db.Read(ctx, func(q *store.Query) error {
		for _, kind := range []string{"originals", "renditions"} {
			named, err := q.PictureFiles(kind)
			if err != nil {
				return err
			}
			err = filepath.WalkDir(filepath.Join(r.pictures, kind), func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				if !named[d.Name()] || path != r.fileOf(kind, d.Name()) {
					gone = append(gone, path)
				}
				return nil
			})
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.removeAll(gone)
}
