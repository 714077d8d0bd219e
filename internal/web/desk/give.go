package desk

import (
	"net/http"
	"net/url"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// giving is the part of a story's page by which its desk gives it to another. Nothing moves
// before that desk accepts it, on its board.
type giving struct {
	MayGive   bool
	Receivers []receiverLine
	Offered   string // to which desk, by whom; "" where it is offered to none
	OfferID   int64
}

func givingOf(who newsroom.Who, v newsroom.StoryView) (g giving) {
	g.MayGive = who.May("give", v.Desk.ID) && v.Article.Standing != story.Erased
	if v.Offered != nil {
		to, _ := v.HouseView.Desk(string(v.Offered.To))
		g.OfferID = v.Offered.ID
		g.Offered = v.Say("Offered to the %s desk by %s, %s. It stays here until that desk accepts it.", to.Name(), v.Offered.Name, shortPast(v.Offered.At, v.Desk, v.Now))
		return g
	}
	if g.MayGive {
		for _, o := range v.Receivers() {
			g.Receivers = append(g.Receivers, receiverOf(o, v.Now))
		}
	}
	return g
}

// give offers a story to another desk, or takes that back.
func (d *desk) give(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if r.PostFormValue("do") == "recall" {
		return d.onStory(w, r, who, "recalled", func(_ story.ArticleID, form url.Values) error {
			return d.room.Recall(r.Context(), who, form.Get("key"), int64(atoi(form.Get("offer"))))
		})
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	return d.onStory(w, r, who, "offered", func(id story.ArticleID, form url.Values) error {
		to, ok := h.Desk(form.Get("to"))
		if !ok {
			return story.Refuse(story.Invalid, "Choose the desk to which it is given.")
		}
		return d.room.Give(r.Context(), who, form.Get("key"), id, to.ID)
	})
}
