package desk

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/record"
	"dateline/internal/story"
)

// What the forms of a live page ask for.

// picturesOf reads the pictures that a form has already, but those that it leaves out.
func picturesOf(form url.Values) (uses []story.PictureUse) {
	for _, id := range strings.Fields(form.Get("pictures")) {
		values := form["p."+id]
		if !story.ValidID(id, story.ArticleIDLength) || form.Has("drop."+id) || len(values) != 5 {
			continue
		}
		uses = append(uses, pictureUse(id, values))
	}
	return uses
}

func pictureUse(id string, v []string) story.PictureUse {
	one := oneOf
	return story.PictureUse{ID: id, Caption: one(v[0]), Credit: story.Credit{Line: one(v[1]), Photographer: one(v[2]), Agency: one(v[3])}, Alt: one(v[4])}
}

// liveAct answers a form of the live page's screen.
func (d *desk) liveAct(what story.What) memberHandler {
	return func(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
		id, err := articleID(r)
		if err != nil {
			return err
		}
		done, err := liveForm(w, r)
		if err != nil {
			return err
		}
		defer done()
		wish, err := d.liveWish(r, who, id, what)
		if err != nil {
			return d.liveDone(w, r, who, "", err)
		}
		filed, err := d.room.Live(r.Context(), who, wish)
		said := "waiting"
		if filed.State == story.Posted {
			if said = "posted"; !filed.Shown {
				said = "lagging"
			}
		}
		return d.liveDone(w, r, who, said, err)
	}
}

// liveForm reads a form that may carry a picture.
func liveForm(w http.ResponseWriter, r *http.Request) (done func(), err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return func() {}, nil // it was read
	}
	r.Body = http.MaxBytesReader(w, r.Body, picture.MaxBytes+maxForm)
	err = r.ParseMultipartForm(maxForm)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, story.Refuse(story.TooLarge, "A picture may have at most %d MB. Nothing was added.", picture.MaxBytes>>20)
	}
	if err != nil {
		return nil, story.Refuse(story.Invalid, "This is no upload, or it broke off. Try again.")
	}
	return func() { _ = r.MultipartForm.RemoveAll() }, nil // temporary files
}

// liveDone leads back to the page's screen, or shows a refusal with all that was typed.
func (d *desk) liveDone(w http.ResponseWriter, r *http.Request, who newsroom.Who, said string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		return d.drawLive(w, r, who, err, r.PostForm)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+r.PathValue("id")+"/live?said="+said, http.StatusSeeOther)
	return nil
}

// liveWish reads a wish of a form. An uploaded picture is added first, and from then on is
// one that the form has.
func (d *desk) liveWish(r *http.Request, who newsroom.Who, id story.ArticleID, what story.What) (w newsroom.LiveWish, err error) {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	w = newsroom.LiveWish{Key: get("key"), Page: id, What: what, Desk: story.DeskID(get("desk")), Entry: get("entry"), Base: -1, Summary: newlines.Replace(get("summary")), NoUndo: get("noundo") != ""}
	if n := atoi(get("base")); n > 0 {
		w.Base = int64(n)
	}
	for _, desk := range r.PostForm["desks"] {
		w.Desks = append(w.Desks, story.DeskID(desk))
	}
	if what != story.AddLive && what != story.EditLive {
		return w, nil
	}
	if err := d.liveUpload(r, who, id); err != nil {
		return w, err
	}
	w.Words = newsroom.LiveWords{Headline: oneOf(get("headline")), Doc: story.ParseEntry(newlines.Replace(get("text"))), By: get("by"), Key: get("keyEvent") != "", Pinned: get("pinned") != "",
		Pictures: picturesOf(r.PostForm)}
	return w, d.keepLive(r, who, &w, get)
}

// keepLive keeps of an edited entry what its form does not show, and the ids of its blocks
// as far as it has them; and reads the quotation.
func (d *desk) keepLive(r *http.Request, who newsroom.Who, w *newsroom.LiveWish, get func(string) string) error {
	var before record.Live
	if w.What == story.EditLive {
		c, err := d.room.LiveWordsOf(r.Context(), who, w.Page, w.Entry)
		if err != nil {
			return err
		}
		before = c
	}
	var plain story.Doc
	for _, b := range before.Doc {
		if b.Kind == story.Paragraph || b.Kind == story.List {
			plain = append(plain, b)
		}
	}
	for i := range min(len(plain), len(w.Words.Doc)) {
		w.Words.Doc[i].ID = plain[i].ID
	}
	_, others := story.FormatEntry(before.Doc)
	w.Words.Doc = append(w.Words.Doc, others...)
	for i, u := range w.Words.Pictures {
		if old, there := (story.Text{Pictures: before.Pictures}).Picture(u.ID); there {
			w.Words.Pictures[i].Focal, w.Words.Pictures[i].Rights = old.Focal, old.Rights
		}
	}
	q := story.Quotation{ID: w.Key[:min(len(w.Key), story.BlockIDLength)], Form: "direct"}
	if len(before.Quotations) > 0 {
		q = before.Quotations[0]
		w.Words.Quotations = before.Quotations[1:]
	}
	if words := oneOf(get("quoted")); words != "" {
		if words != oneOf(quoted(q)) {
			q.Words = []story.Words{{Text: words}}
		}
		q.Speaker, q.Capacity, q.Occasion, q.Place, q.ReportedBy = get("speaker"), get("capacity"), get("occasion"), get("place"), get("reportedBy")
		w.Words.Quotations = append([]story.Quotation{q}, w.Words.Quotations...)
	}
	return nil
}

// liveUpload adds the picture that a form carries, if it carries one.
func (d *desk) liveUpload(r *http.Request, who newsroom.Who, id story.ArticleID) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File["picture"]) == 0 || r.MultipartForm.File["picture"][0].Size == 0 {
		return nil
	}
	raw, err := uploaded(r)
	if err != nil {
		return err
	}
	use, err := d.room.AddLivePicture(r.Context(), who, "picture-"+r.PostFormValue("key"), id, raw)
	if err != nil {
		return err
	}
	typed := append(slices.Clone(r.PostForm["new"]), "", "", "", "", "")[:5]
	for i, read := range []string{use.Caption, use.Credit.Line, use.Credit.Photographer, use.Credit.Agency, use.Alt} {
		typed[i] = cmp.Or(strings.TrimSpace(typed[i]), read)
	}
	r.PostForm["p."+use.ID] = typed
	r.PostForm.Set("pictures", r.PostForm.Get("pictures")+" "+use.ID)
	return nil
}

// liveBack takes back what waits of a live page.
func (d *desk) liveBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.liveDone(w, r, who, "back", d.room.TakeBack(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("act")))))
}

// liveBreak begins a story of a live entry, and leads to it.
func (d *desk) liveBreak(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	made, err := d.room.BreakOut(r.Context(), who, newsroom.BreakingOut{Key: r.PostFormValue("key"), Page: id, Entry: r.PostFormValue("entry"), Desk: story.DeskID(r.PostFormValue("desk"))})
	if err != nil {
		return d.liveDone(w, r, who, "", err)
	}
	http.Redirect(w, r, "/stories/"+string(made), http.StatusSeeOther)
	return nil
}
