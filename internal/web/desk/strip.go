package desk

import (
	"fmt"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// gate draws the publish strip: three clocks, what stands between the text and readers,
// and what is filed already.
func (p *storyPage) gate(v newsroom.StoryView) {
	x, now := v.Desk, v.Now
	p.Clocks3 = [][2]string{
		{"House, " + v.House.Seat.City.In("en"), clock.ShortDay(now, v.Zone, "en") + " " + clock.HM(now, v.Zone)},
		{"Desk, " + x.City("en"), clock.ShortDay(now, x.Zone, "en") + " " + clock.HM(now, x.Zone)},
		{"UTC", clock.ShortDay(now, time.UTC, "en") + " " + clock.HM(now, time.UTC)},
	}
	if w, resting := x.Hours.Rests(now); resting {
		p.Rests = fmt.Sprintf("The %s desk rests until %s. Saves are kept; what is filed waits.", x.Settings.Names.In("en"), when(w.End, x))
	}
	for i, o := range v.Gate {
		if o.Code == story.ObjectStanding && v.Article.Standing == story.Killed {
			continue // said by the standing itself
		}
		p.Gate = append(p.Gate, gateLine{Words: v.Sentences[i] + opening(o, x), Block: !o.Waits, Link: placeOf(o)})
		if !o.Waits {
			p.Blocked++
		}
	}
	for _, d := range v.Doubts {
		p.Doubts = append(p.Doubts, fmt.Sprintf("%s sent version %d of “%s” as %s, %s.", d.Source, d.Version, d.Headline, d.Kind, when(d.At, x)))
	}
	if e := v.Article.Embargo; e.Set {
		p.Embargo = "Embargoed without an end."
		if !e.Until.IsZero() {
			p.Embargo = "Embargoed until " + when(e.Until, x) + " · " + clock.DayTime(e.Until, v.Zone, "en") + " " + v.House.Seat.City.In("en") + "."
		}
	}
	for _, a := range v.Acts {
		p.Acts = append(p.Acts, actLineOf(a, v))
	}
}

// opening says when an objection ends, in the desk's city.
func opening(o story.Objection, x newsroom.DeskView) string {
	if !o.Waits || o.Until.IsZero() {
		return ""
	}
	return " It " + newsroom.Opening(o.Until, x.Zone, x.City("en")) + "."
}

// placeOf is where an objection is mended on the page.
func placeOf(o story.Objection) string {
	switch o.Code {
	case story.ObjectCredit, story.ObjectRights:
		return "#picture-" + o.What
	case story.ObjectRequired:
		if o.What == "text" {
			return "#text"
		}
		return "#f-" + o.What
	case story.ObjectEmbargo:
		return "#embargo"
	case story.ObjectWire:
		return "#doubts"
	case story.ObjectEyes:
		return "#save"
	}
	return ""
}

func actLineOf(a newsroom.ActView, v newsroom.StoryView) actLine {
	l := actLine{ID: a.ID, What: wishWords[a.What], State: string(a.State), By: a.By, Pending: a.State == story.Pending}
	if a.State == story.Parked {
		l.Sayings = []string{a.Why}
		return l
	}
	for i, o := range a.Objections {
		l.Sayings = append(l.Sayings, a.Sentences[i]+opening(o, v.Desk))
	}
	switch {
	case !a.Opens.IsZero():
		l.When = newsroom.Opening(a.Opens, v.Desk.Zone, v.Desk.City("en")) + " · " + clock.DayTime(a.Opens, v.Zone, "en") + " " + v.House.Seat.City.In("en")
	case len(a.Objections) == 0:
		l.When = "leaves now"
	default:
		l.When = "until then it waits"
	}
	return l
}
