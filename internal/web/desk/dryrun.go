package desk

import (
	"net/http"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

type dryRunPage struct {
	frame
	Until  string
	Zones  []string
	Lines  []dryLine
	Marked int
	More   bool
}

// dryLine is something that would leave, or a desk that turns.
type dryLine struct {
	Address, Headline, Desk, What, Facts string
	Times                                []string // by the columns
	Marks                                []string
	Turn, Never                          bool

	at time.Time
}

var dryRunTemplate = ui.NewPage[dryRunPage](files, "dryrun.tmpl", "frame.tmpl")

// dryRun lists everything that would leave the house in the next 72 hours, in each zone,
// with what is in its way.
func (d *desk) dryRun(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	v, err := d.room.DryRun(r.Context(), who)
	if err != nil {
		return err
	}
	x := own(who, v.HouseView)
	p := dryRunPage{frame: d.frame(r, who, v.HouseView, x.ID, "Dry run"), Until: when(v.Until, x), More: v.More}
	faces := dryFaces(v.HouseView)
	for _, f := range faces {
		p.Zones = append(p.Zones, f.city)
	}
	for _, t := range v.Turns {
		p.Lines = append(p.Lines, turnLine(t, v, faces))
	}
	for _, o := range v.Departures {
		l := departureLine(o, v, faces)
		if len(l.Marks) > 0 {
			p.Marked++
		}
		p.Lines = append(p.Lines, l)
	}
	slices.SortStableFunc(p.Lines, func(a, b dryLine) int { return a.at.Compare(b.at) })
	return dryRunTemplate.Render(w, http.StatusOK, p)
}

// maxFaces is how many zones the columns show.
const maxFaces = 6

// dryFaces are the house's clock and those of the desks, each zone once.
func dryFaces(h newsroom.HouseView) (faces []clockFace) {
	faces = append(faces, clockFace{h.House.Seat.City.In("en"), h.Zone})
	for _, x := range h.Desks {
		known := slices.ContainsFunc(faces, func(f clockFace) bool { return f.zone.String() == x.Zone.String() })
		if !known && len(faces) < maxFaces {
			faces = append(faces, clockFace{x.City("en"), x.Zone})
		}
	}
	return faces
}

func dryTimes(t time.Time, faces []clockFace) (all []string) {
	for _, f := range faces {
		all = append(all, clock.ShortDay(t, f.zone, "en")+" "+clock.HM(t, f.zone))
	}
	return all
}

func departureLine(o newsroom.Departure, v newsroom.DryRunView, faces []clockFace) dryLine {
	l := dryLine{Address: "/stories/" + o.Subject, Headline: o.Headline, Desk: o.Desk.Settings.Names.In("en"), What: string(o.What), Times: dryTimes(o.At(), faces), Never: o.Leaves.IsZero(), at: o.At()}
	if l.Headline == "" {
		l.Headline = "Without a headline"
	}
	if !story.ValidID(o.Subject, story.ArticleIDLength) {
		l.Address = ""
	}
	if !o.Slot.IsZero() && !o.Slot.Equal(o.At()) {
		l.Facts = "asked for " + shortWhen(o.Slot, o.Desk, v.Now) + " " + o.Desk.City("en")
	}
	for i, no := range o.Objections {
		if !no.Waits {
			l.Facts = o.Sentences[i]
		}
	}
	if o.State == story.Parked {
		l.Facts = o.Why
	}
	for _, c := range o.Collisions {
		l.Marks = append(l.Marks, string(c))
	}
	return l
}

func turnLine(t newsroom.Turn, v newsroom.DryRunView, faces []clockFace) dryLine {
	l := dryLine{Headline: t.Desk.Settings.Names.In("en") + " rests", Desk: t.Desk.Settings.Names.In("en"), What: "notice", Facts: ui.RestName(t.Rest.Name, "en"), Times: dryTimes(t.At, faces), Turn: true, at: t.At}
	if t.Opens {
		l.Headline = t.Desk.Settings.Names.In("en") + " is on duty again"
	}
	if !slices.ContainsFunc(v.Desks, func(x newsroom.DeskView) bool { return x.Hours.OnDuty(t.At) }) {
		l.Marks = append(l.Marks, string(newsroom.NobodyOnDuty))
	}
	return l
}
