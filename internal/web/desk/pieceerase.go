package desk

import (
	"net/http"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// Erasing a piece takes two people, as erasing a story does.

// pieceConfirms is what waits for a second person about a piece.
func (d *desk) pieceConfirms(r *http.Request, who newsroom.Who, h newsroom.HouseView, id string) (all []confirmForm, err error) {
	asked, err := d.room.PieceAskings(r.Context(), who, id)
	for _, w := range asked {
		if w.Erase == nil {
			continue
		}
		at := own(who, h)
		c := confirmForm{ID: w.ID, Mine: w.By == who.Member, Word: "ERASE", Button: h.Say("Erase it"), Erases: true}
		c.MayDrop = c.Mine || who.Admin
		c.Words = []string{h.Say("%s asks, %s, until %s, to erase this. Nothing brings it back.", w.Name, when(w.At, at), when(w.Lapses, at)),
			h.Say("The order is of %s.", w.Erase.Ordered), h.Say("To readers: %s", w.Erase.Wording)}
		all = append(all, c)
	}
	return all, err
}

// askErasePiece asks for the erasure of a piece.
func (d *desk) askErasePiece(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	wish := newsroom.ErasureWish{Key: get("key"), Piece: r.PathValue("id"), Wording: get("wording"), Ordered: get("ordered")}
	if get("kind") == "people" {
		wish.Person, wish.Piece = wish.Piece, ""
	}
	if _, err := d.room.AskErase(r.Context(), who, wish); err != nil {
		return err
	}
	return toPaper(w, r, "asked")
}

// confirmPiece erases a piece, as the second person.
func (d *desk) confirmPiece(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if r.PostFormValue("confirm") != "ERASE" {
		return story.Refuse(story.Invalid, "Type ERASE to erase it: nothing brings it back.")
	}
	if _, err := d.room.ConfirmErase(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("asking")))); err != nil {
		return err
	}
	return toPaper(w, r, "erased")
}

func (d *desk) dropPiece(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := d.room.Drop(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("asking")))); err != nil {
		return err
	}
	return toPaper(w, r, "dropped")
}

func toPaper(w http.ResponseWriter, r *http.Request, said string) error {
	http.Redirect(w, r, "/paper?said="+said, http.StatusSeeOther)
	return nil
}
