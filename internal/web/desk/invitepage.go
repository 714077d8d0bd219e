package desk

import (
	"net/http"

	"dateline/internal/story"
)

// showInvitation shows whom a link invites, if it is an invitation. Showing takes nothing.
func (d *desk) showInvitation(w http.ResponseWriter, r *http.Request, secret string) error {
	name, by, found, err := d.room.Invited(r.Context(), secret)
	if err != nil {
		return err
	}
	if !found {
		return story.Refuse(story.Forbidden, "This link was used before or is over. Ask for another.")
	}
	in := d.reading(r)
	return d.drawDoor(w, r, http.StatusOK, doorPage{Title: in.say("An invitation"), Heading: in.say("Welcome, %s", name), Text: in.say("%s invites you to the newsroom. Come in; then give yourself a key, so that you can come again.", by),
		Secret: secret, Action: "/invited", Button: in.say("Come in")})
}

func (d *desk) acceptInvite(w http.ResponseWriter, r *http.Request) error {
	session, err := d.room.AcceptInvite(r.Context(), r.PostFormValue("secret"), from(r))
	return d.enter(w, r, session, "/me?said=welcome", err)
}
