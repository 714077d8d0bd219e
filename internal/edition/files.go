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
	"dateline/internal/story"
)

// Renditions lie under their SHA-256. A file is there, durably and checked, before the row
// that names it is; it leaves after its last row has.

func (e *Edition) file(sha string) string { return filepath.Join(e.dir, "pictures", sha[:2], sha) }

func validSHA(sha string) bool {
	b, err := hex.DecodeString(sha)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == sha
}

func (e *Edition) fetchRenditions(ctx context.Context, entries []record.Entry) error {
	for _, entry := range entries {
		if entry.Kind != record.KindArticle || !entry.Readable() {
			continue
		}
		c, err := record.Decode[record.Article](entry)
		if err != nil {
			return err
		}
		for _, p := range c.Pictures {
			for _, r := range p.Renditions {
				if err := e.fetch(ctx, r); err != nil {
					return fmt.Errorf("entry %d: %w", entry.N, err)
				}
			}
		}
	}
	return nil
}

func (e *Edition) fetch(ctx context.Context, r story.Rendition) error {
	if !validSHA(r.SHA256) {
		return fmt.Errorf("%q names no rendition", r.SHA256)
	}
	file := e.file(r.SHA256)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	b, err := e.options.Renditions(ctx, r.SHA256)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != r.SHA256 {
		return fmt.Errorf("rendition %s came damaged", r.SHA256)
	}
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
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

const renditionUsed = `SELECT count(*) FROM rendition WHERE sha256 = $1`

// removeFiles deletes the files of renditions that no row names any more.
func (e *Edition) removeFiles(ctx context.Context, shas []string) error {
	for _, sha := range shas {
		var uses int
		if err := e.read.QueryRowContext(ctx, renditionUsed, sha).Scan(&uses); err != nil {
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
		if !validSHA(d.Name()) {
			return os.Remove(path)
		}
		return e.removeFiles(ctx, []string{d.Name()})
	})
}

const pictureType = `SELECT type, picture FROM rendition WHERE sha256 = $1 ORDER BY n LIMIT 1`

// PicturePath returns file and media type of a rendition that is in use now.
func (v *View) PicturePath(sha string) (path, mediaType string, ok bool, err error) {
	if !validSHA(sha) {
		return "", "", false, nil
	}
	var picture string
	ok, err = v.one(pictureType, []any{sha}, &mediaType, &picture)
	if err != nil || !ok {
		return "", "", false, err
	}
	if state, found, err := v.picture(picture); err != nil || (found && state.Withdrawn) {
		return "", "", false, err
	}
	return v.edition.file(sha), mediaType, true, nil
}
