package desk

import (
	"net/http"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

type awayPage struct {
	frame
	Slug, Desk string
	Long       string // how long the rest was
	Span       string
	Resting    bool
	Sums       []docketSum
	Groups     []awayGroup
	Offers     []offerLine
	Wires      []wireLine
	WireSum    int
	Bad        []badLine
}

type awayGroup struct {
	Name, Glyph string
	Lines       []awayLine
}

type awayLine struct{ Address, Headline, Facts, There, House, By, Done string }

var awayTemplate = newPage[awayPage]("away.tmpl", "wirelist.tmpl", "offers.tmpl", "frame.tmpl")

// justOpened is how long a board leads to what happened while the desk rested.
const justOpened = 24 * time.Hour

// away shows what happened during a desk's last rest, what asks most of it first.
func (d *desk) away(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	v, err := d.room.Away(r.Context(), who, x.ID)
	if err != nil {
		return err
	}
	p := awayPage{frame: d.frame(r, who, v.HouseView, x.ID, x.Say("While you were away")), Slug: x.Settings.Slug, Desk: x.Name(), Resting: v.Resting,
		Offers: offerLines(v.Offers, v.HouseView, who), WireSum: v.WireSum}
	for _, row := range v.Wires {
		p.Wires = append(p.Wires, wireLineOf(row, x, v.Now))
	}
	p.lay(v)
	return awayTemplate.Render(w, http.StatusOK, p)
}

func (p *awayPage) lay(v newsroom.AwayView) {
	x := v.Desk
	if v.Window.Start.IsZero() {
		p.Span = x.Say("No rest of this desk in the last week is known.")
		return
	}
	until := v.Window.End
	if v.Resting {
		until = v.Now
	}
	p.Long = left(x.Lang, until.Sub(v.Window.Start))
	p.Span = x.Say("%s to %s", shortPast(v.Window.Start, x, v.Now), shortPast(until, x, v.Now)) + " " + x.City()
	entries := func(name, glyph string, all []newsroom.AwayEntry) {
		g := awayGroup{Name: name, Glyph: glyph}
		for _, a := range all {
			g.Lines = append(g.Lines, awayLineOf(a, v))
		}
		p.Groups = append(p.Groups, g)
		p.Sums = append(p.Sums, docketSum{Words: name, N: len(all)})
	}
	entries(v.Say("Taken back and corrected"), "kill", v.Taken)
	p.needs(v)
	entries(v.Say("Held, and out now"), "posted", v.Out)
	entries(v.Say("Posted by other desks"), "posted", v.Others)
	entries(v.Say("Posted in this desk’s voice while it rested"), "block", v.Own)
	p.closed(v)
	p.Sums = append(p.Sums, docketSum{Words: v.Say("Given to you"), N: len(v.Offers)}, docketSum{Words: v.Say("Wires in the tray"), N: v.WireSum})
}

// needs lists what waits for somebody of the desk.
func (p *awayPage) needs(v newsroom.AwayView) {
	g := awayGroup{Name: v.Say("Needs you"), Glyph: "block"}
	for _, d := range v.Doubts {
		l := awayLine{Address: "/stories/" + string(d.Article), Headline: d.Source + ": " + d.Headline, Facts: v.Say("asks of “%s”, and nobody has answered", v.Stories[d.Article]), Done: v.Say(d.Kind)}
		l.There, l.House = awayTimes(d.At, v)
		g.Lines = append(g.Lines, l)
	}
	for _, a := range v.Parked {
		l := awayLine{Address: "/stories/" + a.Subject, Headline: a.Headline, Facts: tongue.Again(v.Lang, a.Why), Done: v.Say("parked")}
		if !a.What.OnArticle() {
			l.Address = ""
		}
		l.There, l.House = awayTimes(a.EndedAt, v)
		g.Lines = append(g.Lines, l)
	}
	p.Groups = append(p.Groups, g)
	p.Sums = append(p.Sums, docketSum{Words: g.Name, N: len(g.Lines)})
}

func (p *awayPage) closed(v newsroom.AwayView) {
	g := awayGroup{Name: v.Say("Desks that closed"), Glyph: "rest"}
	for _, c := range v.Closed {
		x, _ := v.HouseView.Desk(string(c.Desk))
		r := c.Receipt
		l := awayLine{Address: "/desk/" + x.Settings.Slug + "/closing", Headline: v.Say("%s closed", x.Name()), Done: v.Say("receipt"),
			Facts: v.Say("%d sent, %d given, %d held, %d unaccounted", len(r.Sent), len(r.Given), len(r.Held), len(r.Unaccounted))}
		l.There, l.House = awayTimes(c.Closes, v)
		g.Lines = append(g.Lines, l)
	}
	p.Groups = append(p.Groups, g)
}

// awayTimes are an instant at the desk, and at the house where that is elsewhere.
func awayTimes(t time.Time, v newsroom.AwayView) (there, house string) {
	there = shortPast(t, v.Desk, v.Now)
	if v.Desk.Settings.Place.Zone != v.House.Seat.Zone {
		house = clock.ShortDay(t, v.Zone, v.Lang) + " " + clock.HM(t, v.Zone) + " " + v.City()
	}
	return there, house
}

func awayLineOf(a newsroom.AwayEntry, v newsroom.AwayView) awayLine {
	l := awayLine{Address: "/stories/" + a.Subject, Headline: a.Headline, Done: v.Say(a.What)}
	if l.Headline == "" {
		l.Headline = v.Say("Without a headline")
	}
	if x, ok := v.HouseView.Desk(string(a.Desk)); ok {
		l.By = x.Name()
	}
	switch a.Decision.Road {
	case story.BySchedule:
		l.Facts = v.Say("went by itself, as scheduled")
	case story.ByProgram:
		l.Facts = v.Say("by a program")
	}
	if b := a.Decision.Basis; b != record.Open && b != record.NotJudged {
		l.Facts = tongue.Again(v.Lang, string(b))
	}
	l.There, l.House = awayTimes(a.At, v)
	return l
}

// atRest tells on the board what a desk's rest means for its tray, what is parked, and,
// once it is over, where to read what happened.
func (p *boardPage) atRest(b newsroom.Board) {
	p.Parked = b.Parked
	hours := b.Desk.Hours
	if w, resting := hours.Rests(b.Now); resting {
		p.Quiet = b.Say("The tray is quiet until %s. %s in it; what an agency takes back is told here.", shortWhen(w.End, b.Desk, b.Now), tongue.Count(b.Lang, b.WireSum, "item"))
		kills := p.Wires[:0]
		for _, line := range p.Wires {
			if line.Killed {
				kills = append(kills, line)
			}
		}
		p.Wires = kills
		return
	}
	for _, w := range hours.Windows {
		if ago := b.Now.Sub(w.End); ago >= 0 && ago < justOpened {
			p.Away = left(b.Lang, w.End.Sub(w.Start))
		}
	}
}
