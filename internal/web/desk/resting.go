package desk

import (
	"net/http"

	"dateline/internal/newsroom"
)

// What the house says of its desks' rests: the standing order, and whether editors open.

// setResting keeps both, for an administrator.
func (d *desk) setResting(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	wish := newsroom.RestWish{Arranged: r.PostFormValue("arranged") != "", Editors: r.PostFormValue("editors") != ""}
	err := d.room.SetResting(r.Context(), who, r.PostFormValue("key"), wish)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/settings?said=settings", http.StatusSeeOther)
	return nil
}

// calm reports whether a story's editor stays shut: its desk rests, the house wants that,
// and no exception lets this story go. A refused form is always drawn with what was typed.
func (d *desk) calm(r *http.Request, v newsroom.StoryView) (bool, error) {
	if _, resting := v.Desk.Hours.Rests(v.Now); !resting || v.Grant != nil {
		return false, nil
	}
	wish, err := d.room.Resting(r.Context())
	return !wish.Editors, err
}

// rest leaves on the story's screen what silences, what waits, and what takes two people.
func (p *storyPage) rest() {
	p.Calm, p.MayPublish, p.MayCorrect, p.MayApprove = true, false, false, false
}
