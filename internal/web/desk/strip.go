package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// strip is the publish strip: three clocks, what stands between the text and readers, what
// is filed already, and what may be filed.
type strip struct {
	Gate                              []gateLine
	Blocked                           int
	Clocks3                           []stripClock
	Acts                              []actLine
	Undoing                           bool // one of them can still be taken back: nothing else is main
	Doubts                            []string
	Wish, WishWords                   string
	Base                              int64
	Zones                             []choice
	SlotDate                          string
	Severities                        []choice
	Embargo                           string
	MayPublish, MayCorrect            bool
	MayWithdraw, MayKill              bool
	MayApprove, MayAnswer, MayEmbargo bool
	Rests                             string // the desk rests: told calmly
	asked

	typed url.Values // of a refused form
}

type stripClock struct{ Role, City, Day, HM string }

type gateLine struct {
	Words string
	Block bool // needs a person
	Link  string
}

type actLine struct {
	ID             int64
	What, State    string
	When, By       string
	Sayings        []string
	Pending, Speak bool
	Undo           int // seconds in which it can still be taken back
}

var wishWords = map[story.What]string{story.Publish: "Publish", story.Update: "Update", story.Reinstate: "Reinstate", story.Correct: "Correct", story.Withdraw: "Withdraw", story.Kill: "Kill",
	story.CorrectPicture: "Correct a picture", story.WithdrawPicture: "Withdraw a picture",
	story.OpenLive: "Open the live page", story.ReopenLive: "Reopen the live page", story.CloseLive: "Close the live page", story.AddLive: "Add a live entry", story.EditLive: "Edit a live entry", story.RemoveLive: "Remove a live entry"}

// Typed is what a refused form carried in a field; form names the wish that it was for.
func (s strip) Typed(form, name string) string {
	if s.Open(form) {
		return s.typed.Get(name)
	}
	return ""
}

// Open reports whether a form was refused just now.
func (s strip) Open(form string) bool {
	_, lifts := s.typed["reason"]
	switch form {
	case "embargo":
		return lifts && s.typed.Has("slotDate")
	case "keep":
		return lifts && !s.typed.Has("slotDate")
	case "publish":
		return s.typed.Get("what") == s.Wish
	}
	return s.typed.Get("what") == form
}

func stripOf(who newsroom.Who, v newsroom.StoryView, typed url.Values) strip {
	a, x, next := v.Article, v.Desk.ID, v.NextWish()
	s := strip{Wish: string(next), WishWords: v.Say(wishWords[next]), Base: v.Base, SlotDate: clock.Date(v.Now, v.Desk.Zone), typed: typed}
	public := a.Standing == story.Public
	if a.Standing == story.Erased {
		s.asked = askedOf(who, v)
		s.clocks(v)
		s.Gate, s.Blocked = []gateLine{{Words: v.Say("This story was erased. Nothing of it is kept, and nothing can be written into it."), Block: true}}, 1
		return s
	}
	s.MayPublish, s.MayCorrect, s.MayWithdraw = who.May(s.Wish, x), who.May("correct", x) && public, who.May("withdraw", x) && public
	s.MayKill = who.May("kill", x) && (public || a.Standing == story.Withdrawn)
	s.MayApprove, s.MayAnswer, s.MayEmbargo = who.May("approve", x), who.May("answer", x), who.May("embargo", x)
	for _, o := range v.Desks {
		s.Zones = append(s.Zones, choice{o.Settings.Place.Zone, o.City(), o.ID == x})
	}
	if zone := typed.Get("slotZone"); zone != "" {
		s.Zones = chosen(s.Zones, zone)
	}
	s.Severities = []choice{{"slip", v.Say("slip: no fact changes"), false}, {"correction", v.Say("correction: a fact was wrong"), true}, {"serious", v.Say("serious: it may have done harm"), false}}
	if kept := s.Typed("correct", "severity"); kept != "" {
		s.Severities = chosen(s.Severities, kept)
	}
	s.asked = askedOf(who, v)
	s.clocks(v)
	s.gate(v)
	for _, act := range v.Acts {
		line := actLineOf(act, v)
		s.Acts, s.Undoing = append(s.Acts, line), s.Undoing || line.Undo > 0
	}
	return s
}

func (s *strip) clocks(v newsroom.StoryView) {
	face := func(role, city string, zone *time.Location) {
		s.Clocks3 = append(s.Clocks3, stripClock{role, city, clock.ShortDay(v.Now, zone, v.Lang), clock.HM(v.Now, zone)})
	}
	face(v.Say("House"), v.City(), v.Zone)
	face(v.Say("Desk"), v.Desk.City(), v.Desk.Zone)
	face(v.Say("Readers"), "UTC", time.UTC)
	if w, resting := v.Desk.Hours.Rests(v.Now); resting {
		s.Rests = v.Say("The %s desk rests until %s. Saves are kept; what is filed waits.", v.Desk.Name(), when(w.End, v.Desk))
	}
}

// gate tells what stands between this text and readers.
func (s *strip) gate(v newsroom.StoryView) {
	if n := len(v.Clashes); n > 0 {
		s.Gate = append(s.Gate, gateLine{Words: v.Say("%s with two texts. Choose one of each first.", tongue.Count(v.Lang, n, "part")), Block: true, Link: "#clashes"})
		s.Blocked++
	}
	for i, o := range v.Gate {
		if o.Code == story.ObjectStanding && v.Article.Standing == story.Killed {
			s.Gate = append(s.Gate, gateLine{Words: v.Tell(v.Sentences[i]), Block: true, Link: "#save"})
			s.Blocked++
			continue
		}
		s.Gate = append(s.Gate, gateLine{Words: v.Tell(v.Sentences[i]) + opening(o, v.Desk) + rightsWhen(o, v), Block: !o.Waits, Link: placeOf(o)})
		if !o.Waits {
			s.Blocked++
		}
	}
	for _, d := range v.Doubts {
		s.Doubts = append(s.Doubts, v.Say("%s sent version %d of “%s” as %s, %s.", d.Source, d.Version, d.Headline, story.Word(d.Kind), when(d.At, v.Desk)))
	}
	if e := v.Article.Embargo; e.Set {
		s.Embargo = v.Say("Embargoed without an end.")
		if !e.Until.IsZero() {
			s.Embargo = v.Say("Embargoed until %s.", when(e.Until, v.Desk)+houseToo(e.Until, v))
		}
	}
}

// houseToo is an instant in the house's city, where that is another one.
func houseToo(t time.Time, v newsroom.StoryView) string {
	if v.Desk.Settings.Place.Zone == v.House.Seat.Zone {
		return ""
	}
	return " · " + clock.DayTime(t, v.Zone, v.Lang) + " " + v.City()
}

// opening says when an objection ends, in the desk's city.
func opening(o story.Objection, x newsroom.DeskView) string {
	if !o.Waits || o.Until.IsZero() || o.Code == story.ObjectUndo { // what waits can be taken back all that time
		return ""
	}
	return " " + x.Say("It %s.", newsroom.Opening(o.Until, x))
}

// placeOf is where an objection is mended on the page.
func placeOf(o story.Objection) string {
	switch o.Code {
	case story.ObjectCredit, story.ObjectRights:
		return "#picture-" + o.What
	case story.ObjectRequired:
		if o.What == "text" || o.What == story.NoAddress {
			return "#text"
		}
		field, _, _ := strings.Cut(o.What, " ") // "language of this house"
		return "#f-" + field
	case story.ObjectEmbargo:
		return "#embargo"
	case story.ObjectWire:
		return "#doubts"
	case story.ObjectEyes:
		return "#save-bar"
	}
	return ""
}

func actLineOf(a newsroom.ActView, v newsroom.StoryView) actLine {
	l := actLine{ID: a.ID, What: v.Say(wishWords[a.What]), State: v.Say("filed"), By: a.By, Pending: a.State == story.Pending, Speak: a.What.Class() == story.Speaks}
	if a.State == story.Parked {
		l.State, l.When = v.Say("parked"), v.Say("mend the text and file it again, or take it back")
		l.Sayings = []string{tongue.Again(v.Lang, a.Why)}
		return l
	}
	for i, o := range a.Objections {
		l.Sayings = append(l.Sayings, v.Tell(a.Sentences[i])+opening(o, v.Desk))
	}
	left := a.Undo.Sub(v.Now)
	switch {
	case left > 0 && len(a.Objections) == 1:
		l.Undo = int((left + time.Second - 1) / time.Second)
		l.When = v.Say("leaves in %s", tongue.Count(v.Lang, l.Undo, "second"))
		l.Sayings = l.Sayings[:1]
	case !a.Opens.IsZero():
		l.When = newsroom.Opening(a.Opens, v.Desk) + houseToo(a.Opens, v)
	case len(a.Objections) == 0:
		l.When = v.Say("leaves now")
	default:
		l.When = v.Say("waits, until that is settled")
	}
	return l
}

// tell says in full what became of the filing that led here.
func (p *storyPage) tell(r *http.Request, v newsroom.StoryView) {
	switch r.URL.Query().Get("said") {
	case "posted", "lagging":
		n, err := strconv.ParseInt(r.URL.Query().Get("entry"), 10, 64)
		for _, e := range v.Public {
			if err == nil && e.N == n {
				p.Said += " " + v.Say("Entry %d, at %s, %s.", e.N, both(e.At, v.Desk, v.HouseView), clock.Day(e.At, v.Desk.Zone, v.Desk.Lang))
			}
		}
	case "waiting":
		if len(p.Acts) == 0 {
			p.Said = v.Say("It has left meanwhile.")
			return
		}
		act := p.Acts[len(p.Acts)-1]
		p.Said = v.Say("Filed. %s %s.", act.What, act.When)
	}
}
