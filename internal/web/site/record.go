package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
)

// The record for programs, out of the edition and nothing else: the newest signed
// checkpoint and the tree (C2SP tlog-checkpoint, tlog-tiles), and the entries themselves.
// docs/record.md describes the addresses.

// A page of entries holds at most so many, and ends with the one that fills it.
const (
	recordEntries = 200
	recordBytes   = 1 << 20
)

// How long others may keep an answer. A tile of a volume never changes. At the address
// without a volume stands the newest, and that may be another one after a restore.
const (
	forEver   = "public, max-age=31536000, immutable"
	forAnHour = "public, max-age=3600"
	forNow    = "public, max-age=60"
	askAgain  = "no-cache"
)

// volume runs fn with the volume that an address names, or the newest where it names none.
func (s *site) volume(r *http.Request, fn func(*edition.View, edition.Volume) error) error {
	which := int64(0) // the newest
	if text := r.PathValue("volume"); text != "" {
		n, err := number(text)
		if err != nil {
			return err
		}
		which = n
	}
	return s.read(r.Context(), func(v *edition.View) error {
		x, ok, err := v.Volume(which)
		if err == nil && !ok {
			err = errUnknown
		}
		if err != nil {
			return err
		}
		return fn(v, x)
	})
}

// program answers with bytes that are not a page.
func program(w http.ResponseWriter, r *http.Request, kind, cache string, b []byte) error {
	sum := sha256.Sum256(b)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

func (s *site) checkpoint(w http.ResponseWriter, r *http.Request) error {
	if r.URL.RawQuery != "" {
		return errUnknown
	}
	var note []byte
	err := s.volume(r, func(_ *edition.View, x edition.Volume) error {
		if note = x.Checkpoint.Note; note == nil {
			return errUnknown
		}
		return nil
	})
	if err != nil {
		return err
	}
	return program(w, r, "text/plain; charset=utf-8", askAgain, note)
}

// tile answers a tile of hashes or a bundle of leaves. Leaves hold no words: nothing that is
// taken back was ever in them.
func (s *site) tile(w http.ResponseWriter, r *http.Request) error {
	t, ok := parseTile(r.PathValue("tile"))
	if !ok || r.URL.RawQuery != "" {
		return errUnknown
	}
	var b []byte
	err := s.volume(r, func(v *edition.View, x edition.Volume) (err error) {
		if b, ok, err = v.Tile(x, t); err == nil && !ok {
			err = errUnknown
		}
		return err
	})
	if err != nil {
		return err
	}
	cache := forNow
	switch {
	case t.W == 1<<t.H && r.PathValue("volume") != "":
		cache = forEver
	case t.W == 1<<t.H:
		cache = forAnHour
	}
	return program(w, r, "application/octet-stream", cache, b)
}

// parseTile reads what stands after /tile/: <level or "entries">/<number>[.p/<width>]. It is
// the path of golang.org/x/mod/sumdb/tlog without the height, and with another word.
func parseTile(path string) (t tlog.Tile, ok bool) {
	if strings.HasPrefix(path, "data/") {
		return t, false
	}
	if rest, entries := strings.CutPrefix(path, "entries/"); entries {
		path = "data/" + rest
	}
	t, err := tlog.ParseTilePath("tile/8/" + path)
	return t, err == nil && t.N >= 0
}

// record answers a page of entries after a number, a line each; none where there are no
// more. The contents are there for all or for nobody, as the house says.
func (s *site) record(w http.ResponseWriter, r *http.Request) error {
	after, ok := int64(0), true
	if text, given := strings.CutPrefix(r.URL.RawQuery, "after="); given && text != "0" {
		n, err := number(text)
		after, ok = n, err == nil
	} else if !given {
		ok = r.URL.RawQuery == ""
	}
	if !ok {
		return errUnknown
	}
	var b []byte
	err := s.volume(r, func(v *edition.View, x edition.Volume) error {
		house, _, err := v.House()
		if err != nil {
			return err
		}
		if !house.Contents {
			return story.Refuse(story.Forbidden, "This house keeps the contents of its record to itself.")
		}
		return v.Entries(x, after, recordEntries, func(e record.Entry) (bool, error) {
			b, err = record.AppendLine(b, e)
			return len(b) < recordBytes, err
		})
	})
	if err != nil {
		return err
	}
	return program(w, r, "application/x-ndjson", askAgain, b)
}
