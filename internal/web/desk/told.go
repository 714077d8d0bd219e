package desk

import (
	"net/http"

	"dateline/internal/newsroom"
)

// toldLine tells somebody that a story of theirs leaves at another time than before.
type toldLine struct{ Address, Headline, Words string }

func (d *desk) told(r *http.Request, who newsroom.Who, h newsroom.HouseView) (lines []toldLine, err error) {
	all, err := d.room.Told(r.Context(), who)
	for _, t := range all {
		x, ok := h.Desk(string(t.Act.Desk))
		if !ok {
			continue
		}
		words := x.Say("waits, and when it leaves is not known any more: the rests of its desk changed.")
		if !t.Opens.IsZero() {
			words = x.Say("leaves %s now: the rests of its desk changed.", when(t.Opens, x))
		}
		lines = append(lines, toldLine{"/stories/" + t.Act.Subject, t.Headline, words})
	}
	return lines, err
}

func (d *desk) seen(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := d.room.Seen(r.Context(), who, r.PostFormValue("key")); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
