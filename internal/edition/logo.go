package edition

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"dateline/internal/record"
)

// logoPicture is how the table of renditions names the logo: no picture has such an id, so
// that none that is withdrawn takes it along.
const logoPicture = "logo"

const logoFiles = `SELECT DISTINCT sha256 FROM rendition WHERE picture = $1 AND n <> $2`
const dropLogos = `DELETE FROM rendition WHERE picture = $1 AND n <> $2`

// logo has the file of the newest house entry's logo, and lets that of the one before go.
func (a *applying) logo(e record.Entry, h record.House) error {
	before, err := a.strings(logoFiles, logoPicture, e.N)
	if err != nil {
		return err
	}
	a.dropped = append(a.dropped, before...)
	if err := a.exec(dropLogos, logoPicture, e.N); err != nil || h.Look == nil || h.Look.Logo == nil {
		return err
	}
	r := h.Look.Logo.Rendition
	written, err := a.edition.fetch(a.ctx, r.SHA256)
	if written {
		a.fetched = append(a.fetched, r.SHA256)
	}
	if errors.Is(err, fs.ErrNotExist) {
		later, look := a.ahead.replacesHouse(a.ctx, e.N)
		if look == nil && later {
			return nil // its file left with it, before this edition was made
		}
		err = errors.Join(err, look)
	}
	if err != nil {
		return err
	}
	return a.exec(useRendition, r.SHA256, e.N, logoPicture, "", r.Type)
}

// replacesHouse reports whether another house entry comes after entry n.
func (l ahead) replacesHouse(ctx context.Context, n int64) (bool, error) {
	entries := l.batch
	for {
		for _, e := range entries {
			if e.N > n && e.Kind == record.KindHouse && e.Readable() {
				return true, nil
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

// Logo returns the bytes of the house's logo; ok is false where it has none, or its file
// is missing.
func (v *View) Logo(h House) (b []byte, ok bool, err error) {
	v.shows(houseKey)
	if h.Look == nil || h.Look.Logo == nil || !validSHA(h.Look.Logo.Rendition.SHA256) {
		return nil, false, nil
	}
	b, err = os.ReadFile(v.edition.file(h.Look.Logo.Rendition.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return b, err == nil, err
}
