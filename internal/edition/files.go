package edition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"dateline/internal/record"
)

// Renditions lie under their SHA-256. A file is there, durably and checked, before the row
// that names it is; it leaves after its last row has.

func (e *Edition) file(sha string) string { return filepath.Join(e.dir, "pictures", sha[:2], sha) }

func validSHA(sha string) bool {
	b, err := hex.DecodeString(sha)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == sha
}

func isSHA(b []byte, sha string) bool {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]) == sha
}

const pictureWithdrawn = `SELECT COALESCE((SELECT withdrawn FROM picture WHERE id = $1 ORDER BY n DESC LIMIT 1), 0)`

// fetch brings the file of a rendition that entry n makes public. A picture that is
// withdrawn needs none; nor does one whose file is gone and that is withdrawn later, as
// when an edition is built again, or whose live entry is removed later.
func (a *applying) fetch(sha, picture string, n int64, part string) error {
	var withdrawn bool
	if err := a.tx.QueryRowContext(a.ctx, pictureWithdrawn, picture).Scan(&withdrawn); err != nil || withdrawn {
		return err
	}
	written, err := a.edition.fetch(a.ctx, sha)
	if written {
		a.fetched = append(a.fetched, sha)
	}
	if errors.Is(err, fs.ErrNotExist) {
		later, look := a.ahead.withdraws(a.ctx, picture, part, n)
		if look == nil && later {
			return nil
		}
		err = errors.Join(err, look)
	}
	return err
}

// fetch brings a file if it is not there, whole; written tells that it was not.
func (e *Edition) fetch(ctx context.Context, sha string) (written bool, err error) {
	if !validSHA(sha) {
		return false, fmt.Errorf("%q names no rendition", sha)
	}
	if e.options.wordsOnly {
		return false, nil
	}
	file := e.file(sha)
	if b, err := os.ReadFile(file); err == nil && isSHA(b, sha) {
		return false, nil
	}
	if e.options.Renditions == nil {
		return false, fmt.Errorf("rendition %s: nobody has its bytes", sha)
	}
	b, err := e.options.Renditions(ctx, sha)
	if err != nil {
		return false, fmt.Errorf("rendition %s: %w", sha, err)
	}
	if !isSHA(b, sha) {
		return false, fmt.Errorf("rendition %s came damaged", sha)
	}
	if err := writeFile(file, b); err != nil {
		return false, fmt.Errorf("rendition %s: %w", sha, err)
	}
	return true, nil
}

// writeFile writes a file whole or not at all, and durably.
func writeFile(file string, b []byte) error {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ahead can look at entries that are not applied yet.
type ahead struct {
	src   record.Source // nil where only the batch is known
	batch []record.Entry
}

// withdraws reports whether a later entry withdraws a picture, or removes the live entry, if
// part names one, that shows it.
func (l ahead) withdraws(ctx context.Context, picture, part string, n int64) (bool, error) {
	entries := l.batch
	for {
		for _, e := range entries {
			if e.N > n && removes(e, part) {
				return true, nil
			}
			if e.N <= n || e.Kind != record.KindPicture || e.Subject != picture || !e.Readable() {
				continue
			}
			if p, err := record.Decode[record.Picture](e); err != nil || p.Withdrawn {
				return err == nil, err
			}
		}
		if l.src == nil || len(entries) == 0 {
			return false, nil
		}
		var err error
		if entries, err = l.src.After(ctx, entries[len(entries)-1].N, batch); err != nil {
			return false, err
		}
	}
}

// inUse counts the places where a rendition may be seen now.
const inUse = `
	SELECT count(*) FROM rendition r
	 WHERE r.sha256 = $1 AND COALESCE((SELECT p.withdrawn FROM picture p WHERE p.id = r.picture ORDER BY p.n DESC LIMIT 1), 0) = 0`

// removeFiles deletes the files of renditions that may be seen nowhere any more.
func (e *Edition) removeFiles(ctx context.Context, shas []string) error {
	for _, sha := range shas {
		var uses int
		if err := e.read.QueryRowContext(ctx, inUse, sha).Scan(&uses); err != nil {
			return err
		}
		if uses > 0 {
			continue
		}
		if err := os.Remove(e.file(sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// collectOrphans deletes files that a crash left without a row.
func (e *Edition) collectOrphans(ctx context.Context) error {
	return filepath.WalkDir(filepath.Join(e.dir, "pictures"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !validSHA(d.Name()) || path != e.file(d.Name()) {
			return os.Remove(path)
		}
		return e.removeFiles(ctx, []string{d.Name()})
	})
}

const allInUse = `
	SELECT DISTINCT r.sha256 FROM rendition r
	 WHERE COALESCE((SELECT p.withdrawn FROM picture p WHERE p.id = r.picture ORDER BY p.n DESC LIMIT 1), 0) = 0 ORDER BY r.sha256`

// mendFiles brings files that should be there and are not, as far as anybody has them.
func (e *Edition) mendFiles(ctx context.Context) error {
	var shas []string
	if err := e.View(ctx, func(v *View) (err error) {
		shas, err = many(v, allInUse, nil, scanOne[string])
		return err
	}); err != nil {
		return err
	}
	for _, sha := range shas {
		if _, err := os.Stat(e.file(sha)); err == nil {
			continue
		}
		if _, err := e.fetch(ctx, sha); err != nil {
			e.options.Log.Warn("a picture is missing from the edition", "error", err)
		}
	}
	return nil
}

const pictureType = `
	SELECT r.type FROM rendition r
	 WHERE r.sha256 = $1 AND COALESCE((SELECT p.withdrawn FROM picture p WHERE p.id = r.picture ORDER BY p.n DESC LIMIT 1), 0) = 0
	 ORDER BY r.n LIMIT 1`

// PicturePath returns file and media type of a rendition that is in use now: by whatever.
func (v *View) PicturePath(sha string) (path, mediaType string, ok bool, err error) {
	v.shows(headKey)
	return v.FileOf(sha)
}

// FileOf is PicturePath for whoever read what uses the rendition: its keys are those of that.
func (v *View) FileOf(sha string) (path, mediaType string, ok bool, err error) {
	if !validSHA(sha) {
		return "", "", false, nil
	}
	if ok, err = v.one(pictureType, []any{sha}, &mediaType); err != nil || !ok {
		return "", "", false, err
	}
	return v.edition.file(sha), mediaType, true, nil
}
