package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

type coveragePage struct {
	frame
	Heading       string
	Placed        string // by whose clock the axis is
	Spans         []ui.Link
	Zones         []choice
	Span, From    string
	Today         string
	Before, After string // addresses
	Names         []string
	Strips        []coverStrip
	Stands        []coverageLine
	Rests         []restLine
	More          bool
	Files         []ui.Link // iCalendar, on the readers' site
}

// coverageLine is how a desk stands now.
type coverageLine struct{ Name, State, Words, House, Rule string }

// restLine is one rest of a desk: its own times first, then the house's.
type restLine struct {
	Desk, Name, From, To, HouseFrom, HouseTo, Rule string
	start                                          time.Time
}

var coverageTemplate = newPage[coveragePage]("coverage.tmpl", "frame.tmpl")

type coverageSpan struct {
	name, words  string
	strips, days int
}

// coverageSpans are how far the page looks: so many strips of so many days.
var coverageSpans = []coverageSpan{{"today", "Today", 1, 1}, {"week", "Week", 1, 7}, {"month", "Five weeks", 5, 7}}

// maxRests bounds the table of rests.
const maxRests = 400

// coverage draws every desk on one axis of time, with the gaps where nobody is on duty, and
// lists how every desk stands and its rests with their rules.
func (d *desk) coverage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := coveragePage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Coverage"))}
	p.Today = clock.Day(h.Now, h.Zone, h.Lang)
	p.place(r.URL.Query(), h, own(who, h))
	for _, x := range h.Desks {
		c := clockOf(x, h.Now, false)
		p.Names = append(p.Names, x.Name())
		p.Stands = append(p.Stands, coverageLine{x.Name(), c.State, c.Words, houseSide(x, h), h.Pick(x.Content.Observance)})
		p.Files = append(p.Files, ui.Link{Address: d.options.ReadersAddress + "/coverage/" + x.Settings.Slug + ".ics", Words: x.Name()})
	}
	p.Files = append(p.Files, ui.Link{Address: d.options.ReadersAddress + "/coverage/all.ics", Words: h.Say("all desks")})
	return coverageTemplate.Render(w, http.StatusOK, p)
}

// place reads which days to draw, by whose clock, and draws them.
func (p *coveragePage) place(q url.Values, h newsroom.HouseView, mine newsroom.DeskView) {
	span := coverageSpans[len(coverageSpans)-1]
	if i := slices.IndexFunc(coverageSpans, func(s coverageSpan) bool { return s.name == q.Get("span") }); i >= 0 {
		span = coverageSpans[i]
	}
	face, zone := p.zones(q.Get("zone"), h, mine)
	start := clock.Midnight(h.Now, face.zone, 0)
	if span.days == 7 {
		start = clock.Midnight(start, face.zone, -int(start.In(face.zone).Weekday()))
	}
	if day, err := time.Parse(time.DateOnly, q.Get("from")); err == nil && day.Sub(h.Now).Abs() < 500*24*time.Hour {
		start = clock.DayStart(day.Year(), day.Month(), day.Day(), face.zone)
	}
	after := func(days int) time.Time { return clock.Midnight(start, face.zone, days) }
	address := func(span string, from time.Time) string {
		v := url.Values{"span": {span}, "zone": {zone}}
		if !from.IsZero() {
			v.Set("from", clock.Date(from, face.zone))
		}
		return "/coverage?" + v.Encode()
	}
	for _, s := range coverageSpans {
		p.Spans = append(p.Spans, ui.Link{Address: address(s.name, time.Time{}), Words: h.Say(s.words), Current: s.name == span.name})
	}
	all := newsroom.Span{From: start, To: after(span.days * span.strips)}
	p.Before, p.After = address(span.name, after(-span.days*span.strips)), address(span.name, all.To)
	p.Heading, p.Placed, p.Span = h.Say("Coverage, %s", spanTitle(h.Lang, all, face.zone)), h.Say("Placed by the hours of %s; the times in a block are its own desk’s.", face.city), span.name
	for i := range span.strips {
		p.Strips = append(p.Strips, stripOfDays(h, newsroom.Span{From: after(i * span.days), To: after((i + 1) * span.days)}, face))
	}
	p.rests(h, all)
}

// zones offers the clocks by which the axis may be placed: the house's, each desk's.
func (p *coveragePage) zones(wish string, h newsroom.HouseView, mine newsroom.DeskView) (face clockFace, chosen string) {
	face, chosen = clockFace{h.City(), h.Zone}, "house"
	p.Zones = []choice{{"house", h.Say("the house, %s", face.city), false}}
	for _, x := range h.Desks {
		words := x.City()
		if x.ID == mine.ID {
			words = h.Say("%s, yours", words)
		}
		p.Zones = append(p.Zones, choice{x.Settings.Slug, words, false})
		if x.Settings.Slug == wish {
			face, chosen = clockFace{x.City(), x.Zone}, wish
		}
	}
	for i := range p.Zones {
		p.Zones[i].Chosen = p.Zones[i].Value == chosen
	}
	return face, chosen
}

// rests lists the rests that touch a span, in order.
func (p *coveragePage) rests(h newsroom.HouseView, span newsroom.Span) {
	for _, x := range h.Desks {
		for _, win := range x.Hours.Windows {
			if win.End.After(span.From) && win.Start.Before(span.To) {
				p.Rests = append(p.Rests, restOf(x, h, win.Name, win.Rule, win.Fallback, win.Start, win.End))
			}
		}
	}
	slices.SortStableFunc(p.Rests, func(a, b restLine) int { return a.start.Compare(b.start) })
	if p.More = len(p.Rests) > maxRests; p.More {
		p.Rests = p.Rests[:maxRests]
	}
}

func restOf(x newsroom.DeskView, h newsroom.HouseView, name, rule, fallback string, from, to time.Time) restLine {
	l := restLine{Desk: x.Name(), Name: ui.RestName(name, h.Lang), From: clock.DateTime(from, x.Zone, x.Lang), To: clock.DateTime(to, x.Zone, x.Lang),
		HouseFrom: clock.DayTime(from, h.Zone, h.Lang), HouseTo: clock.DayTime(to, h.Zone, h.Lang), Rule: rule, start: from}
	if fallback != "" {
		l.Rule = strings.TrimSuffix(l.Rule, ".") + ". " + tongue.Again(h.Lang, fallback)
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
	return clock.DayTime(at, h.Zone, h.Lang) + " " + h.City()
}
