package site

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/web/ui"
)

// pictureFresh lets a reader's own program keep a picture for a day, and a cache between us
// and many readers for a moment: its bytes never change, but it can be taken back.
const pictureFresh = "public, max-age=86400, must-revalidate, s-maxage=2"

// picture answers a rendition by the hash of its bytes, as long as a public entry uses it.
func (s *site) picture(w http.ResponseWriter, r *http.Request) error {
	sha, ext, _ := strings.Cut(r.PathValue("file"), ".")
	var path, kind string
	err := s.read(r.Context(), func(v *edition.View) (err error) {
		var ok bool
		path, kind, ok, err = v.PicturePath(sha)
		if err == nil && (!ok || ui.Extension(kind) != ext) {
			return errUnknown
		}
		return err
	})
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errUnknown // its last use went while we looked
	}
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", pictureFresh)
	h.Set("ETag", `"`+sha+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
