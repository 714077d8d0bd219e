package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// asked is the part of the strip about what takes two people, and about what is public.
type asked struct {
	Confirms           []confirmForm
	Granted            string // the exception that is live
	MayAsk             bool   // for an exception
	MayErase           bool
	EraseWhat          []choice // the story, or somebody whom it names
	Goes, Stays        []string // with an erasure
	Left               []string // of an erasure, still to be cleared
	Ran                []choice // pictures that readers saw
	MayChange, MayTake bool     // their words; them
	Today              string
}

// confirmForm is one thing that waits for a second person.
type confirmForm struct {
	ID            int64
	Words         []string
	Word          string // to be typed
	Button        string
	Mine, MayDrop bool
	Erases        bool
}

func askedOf(who newsroom.Who, v newsroom.StoryView) (a asked) {
	x := v.Desk.ID
	for _, w := range v.Askings {
		a.Confirms = append(a.Confirms, confirmOf(who, w, v))
	}
	if g := v.Grant; g != nil {
		a.Granted = v.Say("An exception lets this story go until %s, and no other.", when(g.Until, v.Desk))
	}
	_, resting := v.Desk.Hours.Rests(v.Now.Add(story.LeadIn))
	a.MayAsk = resting && v.Grant == nil && who.May("ask for an exception", x) && v.Article.Standing != story.Erased
	for _, c := range v.Askings {
		a.MayAsk = a.MayAsk && c.Grant == nil
	}
	a.Left = v.Left
	for _, p := range v.Ran {
		if !p.Withdrawn {
			a.Ran = append(a.Ran, choice{Value: p.ID, Words: fmt.Sprintf("%.60s", p.Caption)})
		}
	}
	a.MayChange, a.MayTake = len(a.Ran) > 0 && who.May("change a published picture", x), len(a.Ran) > 0 && who.May("withdraw a picture", x)
	a.plan(who, v)
	return a
}

// plan says what an erasure would destroy, and what stays and why.
func (a *asked) plan(who newsroom.Who, v newsroom.StoryView) {
	if v.Plan == nil {
		return
	}
	a.MayErase, a.Today = who.Admin, clock.Date(v.Now, v.Desk.Zone)
	a.EraseWhat = []choice{{Value: "", Words: v.Say("this story, with every text of it")}}
	for _, p := range v.Named {
		a.EraseWhat = append(a.EraseWhat, choice{Value: p.ID, Words: v.Say("the entries of %s", p.Name)})
	}
	a.uses(v, "The picture “%.80s”", "The picture “%.80s” stays: %s.", v.Plan.Pictures)
	a.uses(v, "The wire item “%.80s”", "The wire item “%.80s” stays: %s.", v.Plan.Wires)
}

func (a *asked) uses(v newsroom.StoryView, goes, stays string, uses []newsroom.EraseUse) {
	for _, u := range uses {
		if u.Kept == "" {
			a.Goes = append(a.Goes, v.Say(goes, u.Name))
		} else {
			a.Stays = append(a.Stays, v.Say(stays, u.Name, tongue.Again(v.Lang, u.Kept)))
		}
	}
}

func confirmOf(who newsroom.Who, w newsroom.AskingView, v newsroom.StoryView) confirmForm {
	c := confirmForm{ID: w.ID, Mine: w.By == who.Member}
	c.MayDrop = c.Mine || who.Admin
	asks := v.Say("%s asks, %s, until %s:", w.Name, when(w.At, v.Desk), when(w.Lapses, v.Desk))
	switch {
	case w.Grant != nil:
		c.Word, c.Button = "GRANT", v.Say("Grant it")
		c.Words = []string{asks + " " + v.Say("an exception of %s for this story, while the desk rests.", tongue.Count(v.Lang, w.Grant.Minutes, "minute")),
			v.Say("Why, kept in the house: %s", w.Grant.Reason), v.Say("To readers: %s", w.Grant.Wording)}
	case w.Erase != nil:
		c.Word, c.Button, c.Erases = "ERASE", v.Say("Erase it"), true
		what := v.Say("this story, with every text of it")
		for _, p := range v.Named {
			if p.ID == w.Erase.Person {
				what = v.Say("the entries of %s", p.Name)
			}
		}
		c.Words = []string{asks + " " + v.Say("to erase %s. Nothing brings it back.", what), v.Say("The order is of %s.", w.Erase.Ordered), v.Say("To readers: %s", w.Erase.Wording)}
	}
	return c
}

// askGrant asks for an exception.
func (d *desk) askGrant(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "asked", func(id story.ArticleID, form url.Values) error {
		_, err := d.room.AskGrant(r.Context(), who, newsroom.GrantWish{Key: form.Get("key"), Article: id, Minutes: atoi(form.Get("minutes")),
			Reason: strings.TrimSpace(form.Get("why")), Wording: strings.TrimSpace(form.Get("wording"))})
		return err
	})
}

// askErase asks for an erasure.
func (d *desk) askErase(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "asked", func(id story.ArticleID, form url.Values) error {
		person := form.Get("person")
		if person != "" && !story.ValidID(person, story.ArticleIDLength) {
			return story.Refuse(story.Invalid, "There is no such person.")
		}
		_, err := d.room.AskErase(r.Context(), who, newsroom.ErasureWish{Key: form.Get("key"), Article: id, Person: person,
			Wording: strings.TrimSpace(form.Get("wording")), Ordered: strings.TrimSpace(form.Get("ordered"))})
		return err
	})
}

// confirm does what somebody asked for, as the second person.
func (d *desk) confirm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	said := "granted"
	if r.PostForm.Get("confirm") == "ERASE" {
		said = "erased"
	}
	return d.onStory(w, r, who, said, func(_ story.ArticleID, form url.Values) (err error) {
		asking := int64(atoi(form.Get("asking")))
		switch form.Get("confirm") {
		case "ERASE":
			_, err = d.room.ConfirmErase(r.Context(), who, form.Get("key"), asking)
		case "GRANT":
			_, err = d.room.ConfirmGrant(r.Context(), who, form.Get("key"), asking)
		default:
			err = story.Refuse(story.Invalid, "Type the word that the form asks for.")
		}
		return err
	})
}

// drop takes back what was asked.
func (d *desk) drop(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "dropped", func(_ story.ArticleID, form url.Values) error {
		return d.room.Drop(r.Context(), who, form.Get("key"), int64(atoi(form.Get("asking"))))
	})
}

// changePicture withdraws a picture that readers saw, or corrects its words.
func (d *desk) changePicture(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onStory(w, r, who, "changed", func(id story.ArticleID, form url.Values) error {
		get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
		wish := newsroom.PictureWish{Key: get("key"), Article: id, Picture: get("picture"), Withdraw: get("do") == "withdraw"}
		if !wish.Withdraw {
			wish.Caption = get("caption")
			wish.Credit = story.Credit{Line: get("line"), Photographer: get("photographer"), Agency: get("agency")}
		}
		if !story.ValidID(wish.Picture, story.ArticleIDLength) {
			return story.Refuse(story.Invalid, "Choose a picture first.")
		}
		_, err := d.room.ChangePicture(r.Context(), who, wish)
		return err
	})
}
