package desk

import (
	"cmp"
	"errors"
	"io"
	"net/http"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// addCalendar takes an uploaded calendar file in, bounded while it is read.
func (d *desk) addCalendar(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, newsroom.MaxCalendar+64<<10)
	name, raw, err := calendarUpload(r)
	if err == nil {
		name, err = d.room.PutCalendar(r.Context(), who, r.PostFormValue("key"), x.ID, name, raw)
	}
	return d.calendarDone(w, r, who, x, "said=calendar&add="+name, err)
}

func calendarUpload(r *http.Request) (name string, raw []byte, err error) {
	err = r.ParseMultipartForm(newsroom.MaxCalendar)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return "", nil, story.Refuse(story.TooLarge, "A calendar file may have at most 1 MB.")
	}
	if err != nil {
		return "", nil, story.Refuse(story.Invalid, "This is no upload, or it broke off. Try again.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // temporary files
	file, head, err := r.FormFile("calendar")
	if err != nil || head.Size == 0 {
		return "", nil, story.Refuse(story.Invalid, "Choose a calendar file first.")
	}
	raw, err = io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", nil, story.Refuse(story.Invalid, "The upload broke off. Try again.")
	}
	return head.Filename, raw, nil
}

func (d *desk) removeCalendar(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	err = d.room.RemoveCalendar(r.Context(), who, r.PostFormValue("key"), x.ID, r.PostFormValue("name"))
	return d.calendarDone(w, r, who, x, "said=calendarGone", err)
}

// calendarDone leads back to the settings, or shows a refusal above them.
func (d *desk) calendarDone(w http.ResponseWriter, r *http.Request, who newsroom.Who, x newsroom.DeskView, query string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		f := formOf(x.Settings.Place, x.Settings.City, x.Settings.Keeping)
		f.Whose = cmp.Or(x.Settings.Whose, newsroom.OwnRest)
		return d.drawSettings(w, r, who, x, f, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/"+x.Settings.Slug+"/settings?"+query, http.StatusSeeOther)
	return nil
}
