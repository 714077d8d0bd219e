package desk

import (
	"net/http"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/web/ui"
)

type coveragePage struct {
	frame
	Stands []coverageLine
	Rests  []restLine
}

// coverageLine is how a desk stands now.
type coverageLine struct{ Name, State, Words, House, Rule string }

// restLine is one rest of a desk: its own times first, then the house's.
type restLine struct {
	Desk, Name, From, To, HouseFrom, HouseTo, Rule string
	start                                          time.Time
}

var coverageTemplate = ui.NewPage[coveragePage](files, "coverage.tmpl", "frame.tmpl")

// ahead is how far the coverage page looks.
const ahead = 14 * 24 * time.Hour

// coverage lists how every desk stands, and all rests of the next two weeks in order.
func (d *desk) coverage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := coveragePage{frame: d.frame(r, who, h, own(who, h).ID, "Coverage")}
	for _, x := range h.Desks {
		c := clockOf(x, h.Now, false)
		p.Stands = append(p.Stands, coverageLine{x.Settings.Names.In("en"), c.State, c.Words, houseSide(x, h), x.Content.Observance.In("en")})
		for _, win := range x.Hours.Windows {
			if win.End.After(h.Now) && win.Start.Before(h.Now.Add(ahead)) {
				p.Rests = append(p.Rests, restOf(x, h, win.Name, win.Rule, win.Fallback, win.Start, win.End))
			}
		}
	}
	slices.SortStableFunc(p.Rests, func(a, b restLine) int { return a.start.Compare(b.start) })
	return coverageTemplate.Render(w, http.StatusOK, p)
}

func restOf(x newsroom.DeskView, h newsroom.HouseView, name, rule, fallback string, from, to time.Time) restLine {
	l := restLine{Desk: x.Settings.Names.In("en"), Name: name, From: clock.DateTime(from, x.Zone, "en"), To: clock.DateTime(to, x.Zone, "en"),
		HouseFrom: clock.DayTime(from, h.Zone, "en"), HouseTo: clock.DayTime(to, h.Zone, "en"), Rule: rule, start: from}
	if fallback != "" {
		l.Rule += ". " + fallback
	}
	return l
}

// houseSide is the same change of a desk's clock in the house's city; "" where it is the same.
func houseSide(x newsroom.DeskView, h newsroom.HouseView) string {
	at := x.Hours.Until(h.Now)
	if w, resting := x.Hours.Rests(h.Now); resting {
		at = w.End
	}
	if at.IsZero() || x.Settings.Place.Zone == h.House.Seat.Zone {
		return ""
	}
	return clock.DayTime(at, h.Zone, "en") + " " + h.House.Seat.City.In("en")
}
