package desk

import (
	"net/http"

	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// doorPage is what people see who are not in: the sign-in, a link, an error.
type doorPage struct {
	Sheet, Title, Heading, Text string
	Secret                      string // with it, the page has the one button
}

var doorTemplate = ui.NewPage[doorPage](files, "door.tmpl")

func (d *desk) drawDoor(w http.ResponseWriter, status int, p doorPage) error {
	p.Sheet = d.sheet
	return doorTemplate.Render(w, status, p)
}

// face is the page of an error.
func (d *desk) face(w http.ResponseWriter, _ *http.Request, status int, sentence string) error {
	if sentence == "" {
		sentence = "Something went wrong here. Nothing that was saved is lost; the log says what happened."
	}
	return d.drawDoor(w, status, doorPage{Title: http.StatusText(status), Heading: http.StatusText(status), Text: sentence})
}

// showLink shows whose link it is. Showing does not spend it: readers of mail and chat
// look links up by themselves.
func (d *desk) showLink(w http.ResponseWriter, r *http.Request) error {
	secret := r.PathValue("secret")
	name, err := d.room.LinkName(r.Context(), secret)
	if err != nil {
		return err
	}
	if name == "" {
		return story.Refuse(story.Forbidden, "This link was used before or is over. Ask for another: dateline user link NAME.")
	}
	return d.drawDoor(w, http.StatusOK, doorPage{Title: "Sign in", Heading: name, Text: "This link signs you in once, on this machine, for twelve hours.", Secret: secret})
}

func (d *desk) useLink(w http.ResponseWriter, r *http.Request) error {
	session, err := d.room.SignIn(r.Context(), r.PostFormValue("secret"))
	if err != nil {
		return err
	}
	d.setCookie(w, session, 12*60*60)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (d *desk) setCookie(w http.ResponseWriter, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(), Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: d.options.Secure, SameSite: http.SameSiteStrictMode})
}

func (d *desk) signIn(w http.ResponseWriter, _ *http.Request) error {
	return d.drawDoor(w, http.StatusOK, doorPage{Title: "Sign in", Heading: "Sign in",
		Text: "Open the link that you were given. It works once; whoever runs this machine makes another with: dateline user link NAME"})
}

func (d *desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(d.cookieName()); err == nil {
		if err := d.room.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
	}
	d.setCookie(w, "", -1)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
