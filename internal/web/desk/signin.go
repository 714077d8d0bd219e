package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// doorPage is what people see who are not in: the sign-in, a link, an error.
type doorPage struct {
	reading
	Sheet, Icon, Title, Heading, Text string
	Secret                            string // with it, the page has the one button
	Again                             *again
	Script                            string
	Now                               bool     // the form is sent at once, where there is a script
	Typed                             []string // what a refused form carried, to be read
	Button, Action                    string   // of the one button, where they are others than for signing in
}

// again is a form that came without a session: shown, so that nothing typed is lost.
type again struct {
	Action string
	Fields [][2]string
	Typed  []string // the words among them, to be read
}

var doorTemplate = newPage[doorPage]("door.tmpl")

func (d *desk) drawDoor(w http.ResponseWriter, r *http.Request, status int, p doorPage) error {
	p.reading = d.reading(r)
	p.Sheet, p.Icon, p.Script = d.sheet, d.files.Path("icon.svg"), d.files.Path("passkey.js")
	return doorTemplate.Render(w, status, p)
}

var headings = map[int]string{
	http.StatusBadRequest: "That cannot be done as asked", http.StatusForbidden: "Not for you, or not from there", http.StatusNotFound: "There is nothing here",
	http.StatusMethodNotAllowed: "Not that way", http.StatusConflict: "Somebody was here before", http.StatusRequestEntityTooLarge: "Too large",
	http.StatusServiceUnavailable: "Not now", http.StatusInternalServerError: "Something failed on our side",
}

// face is the page of an error.
func (d *desk) face(w http.ResponseWriter, r *http.Request, status int, sentence string) error {
	in := d.reading(r)
	if sentence == "" {
		sentence = in.say("What was saved before is safe. The log says what happened; please try again in a moment.")
	}
	heading := in.say(headings[status])
	if heading == "" {
		heading = http.StatusText(status)
	}
	return d.drawDoor(w, r, status, doorPage{Title: heading, Heading: heading, Text: sentence})
}

// draw draws the page of an error that is no refusal of the house's.
func (d *desk) draw(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	if err := d.face(w, r, status, sentence); err != nil {
		d.door.Fail(w, r, err)
	}
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
		return d.showInvitation(w, r, secret)
	}
	in := d.reading(r)
	return d.drawDoor(w, r, http.StatusOK, doorPage{Title: in.say("Sign in"), Heading: name, Text: in.say("This link signs you in once, on this machine, for twelve hours."), Secret: secret})
}

func (d *desk) useLink(w http.ResponseWriter, r *http.Request) error {
	session, err := d.room.SignIn(r.Context(), r.PostFormValue("secret"), from(r))
	return d.enter(w, r, session, "/", err)
}

// enter lets in who signed in.
func (d *desk) enter(w http.ResponseWriter, r *http.Request, session, to string, err error) error {
	if err != nil {
		return err
	}
	d.setCookie(w, session, 12*60*60)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (d *desk) setCookie(w http.ResponseWriter, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(), Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: d.options.Secure, SameSite: http.SameSiteStrictMode})
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

// sendAgain refuses a form that came without a session, and gives back what it carried.
func (d *desk) sendAgain(w http.ResponseWriter, r *http.Request) error {
	in := d.reading(r)
	title := in.say("You are not signed in")
	p := doorPage{Title: title, Heading: title, Text: in.say("Nothing was done. Sign in, and do it again.")}
	if p.Again = againOf(r); p.Again != nil {
		p.Text = in.say("Nothing was done, and nothing typed is lost: it is on this page. Sign in in another tab; then come back and send it again.")
	}
	return d.drawDoor(w, r, http.StatusForbidden, p)
}

// againOf is what a form about a story carried; nil for other forms.
func againOf(r *http.Request) *again {
	if !strings.HasPrefix(r.URL.Path, "/stories/") || len(r.PostForm) < 2 {
		return nil
	}
	return againWith(r.URL.Path, r.PostForm)
}

func againWith(action string, form url.Values) *again {
	a := &again{Action: action}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			a.Fields = append(a.Fields, [2]string{name, value})
			if len(value) > 30 && strings.Contains(value, " ") && name != "blocks" && name != "pictures" {
				a.Typed = append(a.Typed, value)
			}
		}
	}
	return a
}
