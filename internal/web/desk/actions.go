package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
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

// done leads back to the story after a verb, or shows its refusal in place with all that
// was typed.
func (d *desk) done(w http.ResponseWriter, r *http.Request, who newsroom.Who, what string, err error) error {
	if newsroom.NeedsProof(err) {
		return err
	}
	if _, refused := story.AsRefusal(err); refused {
		return d.drawStory(w, r, who, err, r.PostForm)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+r.PathValue("id")+"?said="+what, http.StatusSeeOther)
	return nil
}

// fromBoard is the desk on whose board a line asked for something: it leads back there.
func (d *desk) fromBoard(r *http.Request) (slug string, found bool) {
	if r.PostFormValue("to") != "board" {
		return "", false
	}
	h, err := d.room.House(r.Context())
	x, ok := h.Desk(r.PostFormValue("desk"))
	return x.Settings.Slug, ok && err == nil
}

// doneSaved is done once the text of the form is safe: a refusal keeps the other fields.
func (d *desk) doneSaved(w http.ResponseWriter, r *http.Request, who newsroom.Who, what string, err error) error {
	if err != nil {
		for name := range r.PostForm {
			if strings.HasPrefix(name, "f.") || strings.HasPrefix(name, "b.") || strings.HasPrefix(name, "p.") || strings.HasPrefix(name, "r.") || strings.HasPrefix(name, "q.") || name == "blocks" {
				delete(r.PostForm, name)
			}
		}
	}
	return d.done(w, r, who, what, err)
}

// file files an act from the publish strip. The text that came along is saved first: what
// somebody sees on the screen is what is posted.
func (d *desk) file(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	clash, err := d.saveFirst(r, who, id)
	if err != nil || clash {
		return d.done(w, r, who, "clash", err)
	}
	at, err := d.wishOf(r)
	if err != nil {
		return d.doneSaved(w, r, who, "", err)
	}
	if at.Embargo {
		return d.doneSaved(w, r, who, "embargo", d.room.Embargo(r.Context(), who, newsroom.EmbargoWish{Key: r.PostFormValue("key"), Article: id, Until: at.Wish}))
	}
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := newsroom.Filing{Key: get("key"), Article: id, What: story.What(get("what")), NoUndo: get("noundo") != "", Base: -1, Slot: at.Wish}
	if base, err := strconv.ParseInt(get("base"), 10, 64); err == nil {
		f.Base = base
	}
	if err := detail(&f, get); err != nil {
		return d.doneSaved(w, r, who, "", err)
	}
	filed, err := d.room.File(r.Context(), who, f)
	what := "waiting"
	if filed.State == story.Posted {
		if what = "posted"; !filed.Shown {
			what = "lagging"
		}
		what += fmt.Sprintf("&entry=%d", filed.Entry)
	}
	return d.doneSaved(w, r, who, what, err)
}

// wish is the wall-clock time and the zone of a form, "" without a time.
func wish(get func(string) string) string {
	if get("slotTime") == "" {
		return ""
	}
	return get("slotDate") + " " + get("slotTime") + " " + get("slotZone")
}

// detail reads what an act tells readers, and asks for what it must.
func detail(f *newsroom.Filing, get func(string) string) error {
	f.Detail.Material = get("material") != ""
	switch f.What {
	case story.Publish, story.Update, story.Reinstate:
	case story.Correct:
		c := &record.Correction{Severity: get("severity"), Note: get("note"), Was: get("was"), Is: get("is")}
		if b := get("block"); story.ValidID(b, story.BlockIDLength) {
			c.Blocks = []string{b}
		}
		f.Detail.Correction = c
	case story.Withdraw:
		f.Detail.Note = get("note")
	case story.Kill:
		if get("confirm") != "KILL" {
			return story.Refuse(story.Invalid, "Type KILL to kill the story: no text of it will be public anywhere.")
		}
		f.Detail.Note = get("note")
	default:
		return story.Refuse(story.Invalid, "There is nothing to file as %q.", story.Word(f.What))
	}
	return nil
}

// embargo sets an embargo, leaves it open, or lifts it.
func (d *desk) embargo(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	e := newsroom.EmbargoWish{Key: get("key"), Article: id, Reason: get("reason")}
	switch get("do") {
	case "open":
		e.Until = "open"
	case "set":
		if e.Until = wish(get); e.Until == "" {
			return d.done(w, r, who, "", story.Refuse(story.Invalid, "Say until when: a date, a time and a city."))
		}
	case "lift":
	default:
		return d.done(w, r, who, "", story.Refuse(story.Invalid, "Set the embargo, leave it open, or lift it."))
	}
	return d.done(w, r, who, "embargo", d.room.Embargo(r.Context(), who, e))
}

// onStory is a verb that a small form of its own asks of a story.
func (d *desk) onStory(w http.ResponseWriter, r *http.Request, who newsroom.Who, said string, do func(id story.ArticleID, form url.Values) error) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	return d.done(w, r, who, said, do(id, r.PostForm))
}

func (d *desk) keep(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "kept", func(id story.ArticleID, form url.Values) error {
		return d.room.Keep(r.Context(), who, newsroom.Answer{Key: form.Get("key"), Article: id, Reason: strings.TrimSpace(form.Get("reason"))})
	})
}

func (d *desk) settle(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "settled", func(id story.ArticleID, form url.Values) error {
		return d.room.Settle(r.Context(), who, newsroom.Choice{Key: form.Get("key"), Article: id, Clash: int64(atoi(form.Get("clash"))), Keep: form.Get("keep")})
	})
}

func (d *desk) takeBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "back", func(_ story.ArticleID, form url.Values) error {
		return d.room.TakeBack(r.Context(), who, form.Get("key"), int64(atoi(form.Get("act"))))
	})
}

func (d *desk) moveSlot(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "moved", func(_ story.ArticleID, form url.Values) error {
		at, err := d.wishOf(r)
		if err == nil && at.Embargo {
			err = story.Refuse(story.Invalid, "An embargo is set in its own form, or from the words beside the main button.")
		}
		if err != nil {
			return err
		}
		return d.room.MoveSlot(r.Context(), who, form.Get("key"), int64(atoi(form.Get("act"))), at.Wish)
	})
}

// bring adds a picture of the wire that arrived after its text was taken.
func (d *desk) bring(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "picture", func(id story.ArticleID, form url.Values) error {
		return d.room.BringPicture(r.Context(), who, form.Get("key"), id, int64(atoi(form.Get("item"))))
	})
}
