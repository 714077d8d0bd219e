package desk

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// maxForm bounds a form: a long story in full is far below it.
const maxForm = 2 << 20

// readForm reads a bounded form.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return story.Refuse(story.TooLarge, "This form is larger than %d MiB.", maxForm>>20)
	}
	if err != nil {
		return story.Refuse(story.Invalid, "This form cannot be read.")
	}
	return nil
}

// done leads back to the story after a verb, or shows its refusal in place.
func (d *desk) done(w http.ResponseWriter, r *http.Request, who newsroom.Who, what string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		return d.drawStory(w, r, who, err, r.PostForm)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+r.PathValue("id")+"?said="+what, http.StatusSeeOther)
	return nil
}

// save saves what changed, and then does what the button asked besides.
func (d *desk) save(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return err
	}
	saves, err := changed(v, r.PostForm)
	if err != nil {
		return err
	}
	do, block, _ := strings.Cut(r.PostFormValue("do"), ":")
	more, err := arrange(v, do, block, atoi(r.PostFormValue("v.order")))
	if err != nil {
		return err
	}
	key := r.PostFormValue("key")
	saved, err := d.room.Save(r.Context(), who, newsroom.Saving{Key: key, Article: id, Parts: append(saves, more...)})
	if err != nil {
		return d.done(w, r, who, "", err)
	}
	what := "saved"
	switch {
	case len(saved.Clashes) > 0:
		what = "clash"
	case do == "ready":
		what, err = "ready", d.room.Ready(r.Context(), who, "ready-"+key, id)
	case do == "approve":
		what, err = "approved", d.room.Approve(r.Context(), who, "approve-"+key, id)
	}
	return d.done(w, r, who, what, err)
}

// arrange is what a button does to the order of blocks or pictures.
func arrange(v newsroom.StoryView, do, id string, base int) (saves []newsroom.PartSave, err error) {
	put := func(part string, base int, body any) error {
		raw, err := json.Marshal(body)
		saves = append(saves, newsroom.PartSave{Part: part, Base: base, Body: raw})
		return err
	}
	if do == "dropPicture" {
		ids := []string{}
		for _, p := range v.Text.Pictures {
			if p.ID != id {
				ids = append(ids, p.ID)
			}
		}
		return saves, put(story.PartPictures, v.Parts[story.PartPictures].Version, ids)
	}
	var order []string
	for _, b := range v.Text.Doc {
		order = append(order, b.ID)
	}
	fresh := story.NewID(rand.Reader, story.BlockIDLength)
	after := orderAfter(order, do, id, fresh)
	if after == nil {
		return nil, nil
	}
	if do == "insert" {
		if err := put(story.BlockPart(fresh), 0, story.Block{ID: fresh, Kind: story.Paragraph}); err != nil {
			return nil, err
		}
	}
	return saves, put(story.PartOrder, base, after)
}

// file files an act from the publish strip.
func (d *desk) file(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := newsroom.Filing{Key: get("key"), Article: id, What: story.What(get("what")), NoUndo: get("noundo") != "", Base: -1}
	if base, err := strconv.ParseInt(get("base"), 10, 64); err == nil {
		f.Base = base
	}
	if get("slotTime") != "" {
		f.Slot = get("slotDate") + " " + get("slotTime") + " " + get("slotZone")
	}
	if err := detail(&f, get, who); err != nil {
		return d.done(w, r, who, "", err)
	}
	filed, err := d.room.File(r.Context(), who, f)
	what := "waiting"
	if filed.State == story.Posted {
		what = "posted"
		if !filed.Shown {
			what = "lagging"
		}
	}
	return d.done(w, r, who, what, err)
}

// detail reads what an act tells readers, and asks for what it must.
func detail(f *newsroom.Filing, get func(string) string, who newsroom.Who) error {
	f.Detail.Material = get("material") != ""
	switch f.What {
	case story.Publish, story.Update, story.Reinstate:
	case story.Correct:
		if get("note") == "" {
			return story.Refuse(story.Invalid, "A correction tells readers what was wrong and what is right: write the note.")
		}
		c := &record.Correction{Severity: get("severity"), Note: get("note"), Was: get("was"), Is: get("is")}
		if b := get("block"); story.ValidID(b, story.BlockIDLength) || b != "" {
			c.Blocks = []string{b}
		}
		f.Detail.Correction = c
	case story.Withdraw:
		if get("note") == "" {
			return story.Refuse(story.Invalid, "A withdrawal tells readers why: write the note.")
		}
		f.Detail.Note = get("note")
	case story.Kill:
		if get("confirm") != "KILL" {
			return story.Refuse(story.Invalid, "Type KILL to kill the story: no text of it will be public anywhere.")
		}
		f.Detail.Note = get("note")
	default:
		return story.Refuse(story.Invalid, "There is nothing to file as %q.", f.What)
	}
	return nil
}

func (d *desk) embargo(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	get := r.PostFormValue
	e := newsroom.EmbargoWish{Key: get("key"), Article: id, Reason: strings.TrimSpace(get("reason"))}
	switch get("do") {
	case "open":
		e.Until = "open"
	case "set":
		e.Until = get("slotDate") + " " + get("slotTime") + " " + get("slotZone")
	}
	return d.done(w, r, who, "embargo", d.room.Embargo(r.Context(), who, e))
}

func (d *desk) keep(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	a := newsroom.Answer{Key: r.PostFormValue("key"), Article: id, Reason: strings.TrimSpace(r.PostFormValue("reason"))}
	return d.done(w, r, who, "kept", d.room.Keep(r.Context(), who, a))
}

func (d *desk) settle(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	c := newsroom.Choice{Key: r.PostFormValue("key"), Article: id, Clash: int64(atoi(r.PostFormValue("clash"))), Keep: r.PostFormValue("keep")}
	return d.done(w, r, who, "settled", d.room.Settle(r.Context(), who, c))
}

func (d *desk) takeBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	return d.done(w, r, who, "back", d.room.TakeBack(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("act")))))
}

func (d *desk) moveSlot(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	wish := r.PostFormValue("slotDate") + " " + r.PostFormValue("slotTime") + " " + r.PostFormValue("slotZone")
	if r.PostFormValue("slotTime") == "" {
		wish = ""
	}
	return d.done(w, r, who, "moved", d.room.MoveSlot(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("act"))), wish))
}

// addPicture takes an uploaded picture in, bounded while it is read.
func (d *desk) addPicture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, picture.MaxBytes+1<<20)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return story.Refuse(story.TooLarge, "The upload is larger than %d MB, or broke off.", picture.MaxBytes>>20)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // temporary files
	file, _, err := r.FormFile("picture")
	if err != nil {
		return d.done(w, r, who, "", story.Refuse(story.Invalid, "Choose a picture first."))
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return story.Refuse(story.Invalid, "The upload broke off. Try again.")
	}
	_, err = d.room.AddPicture(r.Context(), who, r.PostFormValue("key"), id, raw)
	return d.done(w, r, who, "picture", err)
}

// bring adds a picture of the wire that arrived after its text was taken.
func (d *desk) bring(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	id, err := articleID(r)
	if err != nil {
		return err
	}
	return d.done(w, r, who, "picture", d.room.BringPicture(r.Context(), who, r.PostFormValue("key"), id, int64(atoi(r.PostFormValue("item")))))
}

// picture serves an original to a member: never inline as anything but a picture.
func (d *desk) picture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if len(who.Roles) == 0 {
		return story.Refuse(story.Forbidden, "You have no desk.")
	}
	raw, mediaType, err := d.room.Original(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return writePicture(w, raw, mediaType)
}

// rendition serves a public form to a member, for previews.
func (d *desk) rendition(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if len(who.Roles) == 0 {
		return story.Refuse(story.Forbidden, "You have no desk.")
	}
	sha, _, _ := strings.Cut(r.PathValue("file"), ".")
	raw, err := d.room.Rendition(r.Context(), sha)
	if err != nil {
		return story.Refuse(story.Unknown, "There is no such picture.")
	}
	return writePicture(w, raw, "image/jpeg")
}

func writePicture(w http.ResponseWriter, raw []byte, mediaType string) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	_, err := w.Write(raw)
	return err
}

type coveragePage struct {
	frame
	All []coverageDesk
}

type coverageDesk struct {
	Name, Rule, State string
	Windows           []string
}

var coverageTemplate = ui.NewPage[coveragePage](files, "coverage.tmpl", "frame.tmpl")

// coverage lists every desk's rests of the next four weeks.
func (d *desk) coverage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := coveragePage{frame: d.frame(r, who, h, own(who, h).ID, "Coverage")}
	for _, x := range h.Desks {
		c := coverageDesk{Name: x.Settings.Names.In("en"), Rule: x.Content.Observance.In("en"), State: clockOf(x, h.Now, false).Words}
		for _, win := range x.Hours.Windows {
			if win.End.After(h.Now) && win.Start.Before(h.Now.AddDate(0, 0, 28)) {
				line := win.Name + ": " + longWhen(win.Start, x) + " to " + longWhen(win.End, x) + " " + x.City("en") + " (" + win.Rule + ")"
				if win.Fallback != "" {
					line += ". " + win.Fallback
				}
				c.Windows = append(c.Windows, line)
			}
		}
		p.All = append(p.All, c)
	}
	return coverageTemplate.Render(w, http.StatusOK, p)
}
