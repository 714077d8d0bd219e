package newsroom

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"dateline/internal/picture"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Widths of the public renditions, in pixels. None is wider than its original.
var renditionWidths = []int{480, 960, 1600}

// AddPicture adds an uploaded picture to a story, with what the file says of itself.
func (r *Room) AddPicture(ctx context.Context, who Who, key string, id story.ArticleID, raw []byte) (string, error) {
	p, info, err := r.keepOriginal(ctx, raw, who.Member)
	if err != nil {
		return "", err
	}
	request := map[string]any{"article": id, "sha256": p.SHA256}
	return do(ctx, r, who, "picture", key, request, func(tx *store.Tx, who Who) (string, error) {
		a, found, err := tx.Article(id)
		if err != nil || !found {
			return "", joinUnknown(err, "There is no such story.")
		}
		if err := who.must("picture", a.Desk); err != nil {
			return "", err
		}
		if err := tx.AddPicture(p); err != nil {
			return "", err
		}
		use := story.PictureUse{ID: p.ID, Caption: info.Meta.Caption, Alt: info.Meta.Alt, Credit: info.Meta.StoryCredit()}
		return p.ID, r.addUse(tx, who, id, use)
	})
}

// keepOriginal puts the bytes of a picture on the disk and describes it. Bytes first, row
// second: a row never names bytes that are not there.
func (r *Room) keepOriginal(ctx context.Context, raw []byte, by int64) (p store.Picture, info picture.Info, err error) {
	if info, err = r.reader.Inspect(ctx, raw); err != nil {
		return p, info, err
	}
	meta, err := json.Marshal(info)
	if err != nil {
		return p, info, fmt.Errorf("describing a picture: %w", err)
	}
	sum := sha256.Sum256(raw)
	p = store.Picture{ID: r.newID(story.ArticleIDLength), SHA256: hex.EncodeToString(sum[:]), Type: info.Type, Bytes: int64(len(raw)),
		Width: info.Width, Height: info.Height, Meta: meta, By: by}
	return p, info, r.keepBytes("originals", p.SHA256, raw)
}

// prepareRenditions makes the public forms of every credited picture of a working text
// before the transaction that files it: decoding must not hold the one writer.
func (r *Room) prepareRenditions(ctx context.Context, id story.ArticleID) error {
	var missing []story.PictureUse
	err := r.db.Read(ctx, func(q *store.Query) error {
		parts, err := working(q, id)
		if err != nil {
			return err
		}
		text, err := assemble(parts)
		if err != nil {
			return err
		}
		for _, p := range text.Pictures {
			made, err := q.Renditions(p.ID, renditionWords(p))
			if err != nil {
				return err
			}
			if len(made) == 0 && p.Credit.String() != "" {
				missing = append(missing, p)
			}
		}
		return nil
	})
	for _, p := range missing {
		err = errors.Join(err, r.makeRenditions(ctx, p))
	}
	return err
}

func (r *Room) makeRenditions(ctx context.Context, use story.PictureUse) error {
	var original store.Picture
	if err := r.db.Read(ctx, func(q *store.Query) (err error) {
		found := false
		original, found, err = q.Picture(use.ID)
		if err == nil && !found {
			err = story.Refuse(story.Unknown, "The picture %s is not here.", cmp.Or(use.Caption, use.ID))
		}
		return err
	}); err != nil {
		return err
	}
	raw, err := r.bytesOf("originals", original.SHA256)
	if err != nil {
		return err
	}
	made, err := r.reader.Renditions(ctx, raw, picture.Words{Caption: use.Caption, Credit: use.Credit, Alt: use.Alt}, renditionWidths)
	if err != nil {
		return err
	}
	for _, m := range made {
		if err := r.keepBytes("renditions", m.SHA256, m.Data); err != nil {
			return err
		}
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		for _, m := range made {
			if err := tx.AddRendition(use.ID, renditionWords(use), m.Rendition); err != nil {
				return err
			}
		}
		return nil
	})
}

// renditionWords identifies what is written inside a rendition.
func renditionWords(p story.PictureUse) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", p.Caption, p.Alt, p.Credit.Line, p.Credit.Photographer, p.Credit.Agency))
	return sum[:]
}

// Rendition returns the bytes of a public form: for the edition, when an entry names it.
func (r *Room) Rendition(_ context.Context, sha string) ([]byte, error) {
	return r.bytesOf("renditions", sha)
}

// Original returns the bytes of an original, for members only.
func (r *Room) Original(ctx context.Context, id string) (raw []byte, mediaType string, err error) {
	var p store.Picture
	if err := r.db.Read(ctx, func(q *store.Query) (err error) {
		found := false
		p, found, err = q.Picture(id)
		if err == nil && !found {
			err = story.Refuse(story.Unknown, "There is no such picture.")
		}
		return err
	}); err != nil {
		return nil, "", err
	}
	raw, err = r.bytesOf("originals", p.SHA256)
	return raw, p.Type, err
}

func (r *Room) pictureName(q *store.Query, id string) string {
	p, found, err := q.Picture(id)
	if err != nil || !found {
		return ""
	}
	var info picture.Info
	if json.Unmarshal(p.Meta, &info) != nil {
		return ""
	}
	return cmp.Or(info.Meta.Caption, info.Meta.Headline)
}

// keepBytes writes bytes under their SHA-256, durably: temporary file, fsync, rename,
// fsync of the folder. Bytes that are there already are left as they are.
func (r *Room) keepBytes(kind, sha string, raw []byte) error {
	folder := filepath.Join(r.pictures, kind, sha[:2])
	file := filepath.Join(folder, sha)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("keeping a picture: %w", err)
	}
	if _, err := os.Stat(file); err != nil {
		if err := r.writeBytes(folder, file, raw); err != nil {
			return fmt.Errorf("keeping a picture: %w", err)
		}
	}
	// Also where the file was there: a start may have been cut off before this.
	for _, f := range []string{folder, filepath.Dir(folder), r.pictures} {
		d, err := os.Open(f)
		if err == nil {
			err = errors.Join(r.sync(d), d.Close())
		}
		if err != nil {
			return fmt.Errorf("keeping a picture: %w", err)
		}
	}
	return nil
}

// writeBytes makes a file that is there whole or not at all.
func (r *Room) writeBytes(folder, file string, raw []byte) error {
	tmp, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(raw)
	if err == nil {
		err = r.sync(tmp)
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error is the one to tell
	}
	return err
}

// sync makes a file or a folder durable. If it fails the process ends, for what the disk
// says after a failed fsync cannot be believed.
func (r *Room) sync(f *os.File) error {
	err := f.Sync()
	if err != nil && r.broken != nil {
		r.broken(fmt.Errorf("the disk under %s: %w", r.pictures, err))
	}
	return err
}

func (r *Room) bytesOf(kind, sha string) ([]byte, error) {
	if len(sha) != 64 {
		return nil, story.Refuse(story.Unknown, "There is no such picture.")
	}
	raw, err := os.ReadFile(filepath.Join(r.pictures, kind, sha[:2], filepath.Base(sha)))
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("picture %s is damaged on the disk", sha)
	}
	return raw, nil
}

// Finished is a working text with the renditions of its credited pictures, for a preview.
func (r *Room) Finished(ctx context.Context, v StoryView) (story.Text, error) {
	if err := r.prepareRenditions(ctx, v.Article.ID); err != nil {
		return v.Text, err
	}
	err := r.db.Read(ctx, func(q *store.Query) error {
		for i, p := range v.Text.Pictures {
			made, err := q.Renditions(p.ID, renditionWords(p))
			if err != nil {
				return err
			}
			v.Text.Pictures[i].Renditions = made
		}
		return nil
	})
	return v.Text, err
}
