package desk

import (
	"net/http"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// The house's seat, for an administrator: where it is, and what is kept there.

func (d *desk) houseSettings(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	seat, err := d.room.SeatOf(r.Context())
	if err != nil {
		return err
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	f := formOf(seat.Place, seat.City, seat.Keeping)
	if f.HebrewDate = "no"; h.House.HebrewDate {
		f.HebrewDate = "yes"
	}
	return d.drawHouse(w, r, who, h, f, nil)
}

// setHouse looks for a place, shows what the settings would make, or saves them.
func (d *desk) setHouse(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	f := typedSettings(r)
	if r.PostFormValue("do") != "save" {
		return d.drawHouse(w, r, who, h, f, nil)
	}
	wish, err := f.wish()
	if err == nil {
		err = f.chosen()
	}
	if err == nil {
		err = d.room.SetHouse(r.Context(), who, r.PostFormValue("key"), wish)
	}
	if _, refused := story.AsRefusal(err); refused {
		return d.drawHouse(w, r, who, h, f, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/settings?said=settings", http.StatusSeeOther)
	return nil
}

func (f settingsForm) wish() (wish newsroom.HouseWish, err error) {
	at, err := f.place()
	return newsroom.HouseWish{Place: at, Seat: newsroom.HouseSettings{City: f.city(at), Keeping: f.keeping()}, HebrewDate: f.HebrewDate == "yes"}, err
}

func (d *desk) drawHouse(w http.ResponseWriter, r *http.Request, who newsroom.Who, h newsroom.HouseView, f settingsForm, refusal error) error {
	if !who.Admin {
		return story.Refuse(story.Forbidden, "The settings of the house are an administrator’s.")
	}
	p := settingsPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("House settings")), Name: h.Pick(h.House.Names), OfHouse: true}
	resting, err := d.room.Resting(r.Context())
	if err != nil {
		return err
	}
	p.Resting = resting
	wish, err := f.wish()
	var preview newsroom.Preview
	if err == nil {
		preview, err = d.room.PreviewHouse(r.Context(), who, wish)
	}
	if refusal == nil {
		refusal = err
	}
	p.fill(h.Lang, wish.Seat.City, wish.Place, f, r.PostFormValue("do") == "preview")
	zone, err := d.room.ZoneOf(wish.Place.Zone)
	if err != nil {
		zone = h.Zone
	}
	p.lay(preview, third(h, clockFace{h.Pick(wish.Place.City), zone}))
	return p.answer(w, refusal)
}
