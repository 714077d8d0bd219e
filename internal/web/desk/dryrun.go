package desk

import (
	"net/http"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
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

var dryRunTemplate = newPage[dryRunPage]("dryrun.tmpl", "frame.tmpl")

// dryRun lists everything that would leave the house in the next 72 hours, in each zone,
// with what is in its way.
func (d *desk) dryRun(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	v, err := d.room.DryRun(r.Context(), who)
	if err != nil {
		return err
	}
	x := own(who, v.HouseView)
	p := dryRunPage{frame: d.frame(r, who, v.HouseView, x.ID, v.Say("Dry run")), Until: when(v.Until, x), More: v.More}
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
	faces = append(faces, clockFace{h.City(), h.Zone})
	for _, x := range h.Desks {
		known := slices.ContainsFunc(faces, func(f clockFace) bool { return f.zone.String() == x.Zone.String() })
		if !known && len(faces) < maxFaces {
			faces = append(faces, clockFace{x.City(), x.Zone})
		}
	}
	return faces
}

func dryTimes(lang string, t time.Time, faces []clockFace) (all []string) {
	for _, f := range faces {
		all = append(all, clock.ShortDay(t, f.zone, lang)+" "+clock.HM(t, f.zone))
	}
	return all
}

func departureLine(o newsroom.Departure, v newsroom.DryRunView, faces []clockFace) dryLine {
	l := dryLine{Address: "/stories/" + o.Subject, Headline: o.Headline, Desk: o.Desk.Name(), What: v.Say(string(o.What)), Times: dryTimes(v.Lang, o.At(), faces), Never: o.Leaves.IsZero(), at: o.At()}
	if l.Headline == "" {
		l.Headline = v.Say("Without a headline")
	}
	if !story.ValidID(o.Subject, story.ArticleIDLength) {
		l.Address = ""
	}
	if !o.Slot.IsZero() && !o.Slot.Equal(o.At()) {
		l.Facts = v.Say("asked for %s %s", shortWhen(o.Slot, o.Desk, v.Now), o.Desk.City())
	}
	for i, no := range o.Objections {
		if !no.Waits {
			l.Facts = v.Tell(o.Sentences[i])
		}
	}
	if o.State == story.Parked {
		l.Facts = tongue.Again(v.Lang, o.Why)
	}
	for _, c := range o.Collisions {
		l.Marks = append(l.Marks, v.Say(string(c)))
	}
	return l
}

func turnLine(t newsroom.Turn, v newsroom.DryRunView, faces []clockFace) dryLine {
	l := dryLine{Headline: v.Say("%s rests", t.Desk.Name()), Desk: t.Desk.Name(), What: v.Say("notice"), Facts: ui.RestName(t.Rest.Name, v.Lang), Times: dryTimes(v.Lang, t.At, faces), Turn: true, at: t.At}
	if t.Opens {
		l.Headline = v.Say("%s is on duty again", t.Desk.Name())
	}
	if !slices.ContainsFunc(v.Desks, func(x newsroom.DeskView) bool { return x.Hours.OnDuty(t.At) }) {
		l.Marks = append(l.Marks, v.Say(string(newsroom.NobodyOnDuty)))
	}
	return l
}
