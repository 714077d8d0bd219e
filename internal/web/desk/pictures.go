package desk

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/story"
)

// addPicture takes an uploaded picture in, bounded while it is read. The text that came
// along is saved first.
func (d *desk) addPicture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, picture.MaxBytes+maxForm)
	err = r.ParseMultipartForm(maxForm)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return story.Refuse(story.TooLarge, "A picture may have at most %d MB. Nothing was added.", picture.MaxBytes>>20)
	}
	if err != nil {
		return story.Refuse(story.Invalid, "This is no upload, or it broke off. Try again.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // temporary files
	clash, err := d.saveFirst(r, who, id)
	if err != nil {
		return d.done(w, r, who, "", err)
	}
	raw, err := uploaded(r)
	if err != nil {
		return d.doneSaved(w, r, who, "", err)
	}
	what := "picture"
	if clash {
		what = "clash"
	}
	added, err := d.room.AddPicture(r.Context(), who, r.PostFormValue("key"), id, raw)
	if err == nil && !clash {
		what += "&do=caption:" + added
	}
	return d.doneSaved(w, r, who, what, err)
}

func uploaded(r *http.Request) ([]byte, error) {
	file, head, err := r.FormFile("picture")
	if err != nil || head.Size == 0 {
		return nil, story.Refuse(story.Invalid, "Choose a picture first.")
	}
	if head.Size > picture.MaxBytes {
		return nil, errors.Join(story.Refuse(story.TooLarge, "A picture may have at most %d MB.", picture.MaxBytes>>20), file.Close())
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, story.Refuse(story.Invalid, "The upload broke off. Try again.")
	}
	return raw, nil
}

// picture serves an original to a member: to be saved, never to be opened as a page.
func (d *desk) picture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if len(who.Roles) == 0 {
		return story.Refuse(story.Forbidden, "You have no desk.")
	}
	raw, mediaType, err := d.room.Original(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	_, ending, _ := strings.Cut(mediaType, "/")
	name := r.PathValue("id") + "." + cmp.Or(ending, "bin")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return writePicture(w, raw, mediaType)
}

// rendition serves a public form to a member, for previews.
func (d *desk) rendition(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if len(who.Roles) == 0 && !who.Admin {
		return story.Refuse(story.Forbidden, "You have no desk.")
	}
	sha, ending, _ := strings.Cut(r.PathValue("file"), ".")
	raw, err := d.room.Rendition(r.Context(), sha)
	if err != nil {
		return story.Refuse(story.Unknown, "There is no such picture.")
	}
	kind := "image/jpeg"
	if ending == "png" {
		kind = "image/png"
	}
	return writePicture(w, raw, kind)
}

func writePicture(w http.ResponseWriter, raw []byte, mediaType string) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	_, err := w.Write(raw)
	return err
}
