package desk

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

type closingPage struct {
	frame
	Slug, Desk string
	Heading    string
	Left       string // of the time until the rest
	Rest       string
	Follows    string
	Nobody     bool
	Steps      []stepLine
	Groups     []heldGroup
	Open       int // lines without an end
	More       int // lines that are not shown
	Receivers  []receiverLine
	MayClose   bool
	Resting    bool
	Receipt    *docket
	Last       *docket
	Offers     []offerLine
}

// stepLine is one instant on the way into the rest.
type stepLine struct {
	When, Words string
	Now         bool
}

type heldGroup struct {
	Name  string
	Lines []heldLine
}

type heldLine struct {
	N                              int
	Subject, Address, Headline, By string
	Facts, Then                    string
	Choice, Default, To            string
	Todo, Blocked                  bool
	Leaves                         bool // by itself: it is not held
}

type receiverLine struct{ Slug, Words string }

// A docket is a receipt: sums, and under each its lines.
type docket struct {
	Heading, When, Note string
	Sums                []docketSum
	Unaccounted         int
	Lines               int
}

type docketSum struct {
	Words, Note string
	N           int
	Lines       []ui.Link
}

type offerLine struct {
	ID                       int64
	Address, Headline, Facts string
	May                      bool
}

var closingTemplate = newPage[closingPage]("closing.tmpl", "offers.tmpl", "frame.tmpl")

// closing shows what a desk holds before its rest, line by line, or the receipt of the last.
func (d *desk) closing(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawClosing(w, r, who, nil)
}

func (d *desk) drawClosing(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	v, err := d.room.Closing(r.Context(), who, x.ID)
	if err != nil {
		return err
	}
	p := closingPage{frame: d.frame(r, who, v.HouseView, x.ID, x.Say("Close the %s desk", x.Name())), Slug: x.Settings.Slug, Desk: x.Name(),
		MayClose: who.May("close a desk", x.ID), Resting: v.Resting, Offers: offerLines(v.Offers, v.HouseView, who)}
	p.lay(v)
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	return closingTemplate.Render(w, status, p)
}

func (p *closingPage) lay(v newsroom.ClosingView) {
	x := v.Desk
	if v.Last != nil {
		p.Last = docketOf(v.Last.Receipt, v, x.Say("%s closed", x.Name()), v.Last.Closes)
		p.Last.Note = x.Say("Stored when the desk closed, %s.", both(v.Last.ClosedAt, x, v.HouseView))
	}
	switch {
	case v.Resting:
		p.Heading = x.Say("The %s desk rests", p.Desk)
		p.Rest = x.Say("until %s, %s", clock.Day(v.Window.End, x.Zone, x.Lang), both(v.Window.End, x, v.HouseView))
		return
	case v.Window.Start.IsZero():
		p.Heading = x.Say("The %s desk has no rest ahead", p.Desk)
		return
	}
	p.Heading = x.Say("What the %s desk still holds", p.Desk)
	p.Left = leftOf(x.Lang, v.Window.Start.Sub(v.Now))
	p.Rest = x.Say("Rest at %s, in", shortWhen(v.Window.Start, x, v.Now))
	p.Follows, p.Nobody = followsAt(newsroom.Board{HouseView: v.HouseView, Desk: x}, v.Window.Start)
	p.Steps = closingSteps(v)
	for _, o := range v.Receivers {
		p.Receivers = append(p.Receivers, receiverOf(o, v.Now))
	}
	p.More = v.More
	p.groups(v)
	p.Receipt = docketOf(v.SoFar, v, x.Say("Receipt, so far"), v.Window.Start)
	p.Receipt.Note = x.Say("What has no end at %s is held.", shortWhen(v.Window.Start, x, v.Now))
}

// closingSteps are the instants on the way into the rest.
func closingSteps(v newsroom.ClosingView) []stepLine {
	x, w := v.Desk, v.Window
	listed := x.Say("On every screen of the desk")
	if opens := w.Start.Add(-newsroom.ListBefore); v.Now.Before(opens) {
		return []stepLine{
			{x.Say("Now %s", clock.HM(v.Now, x.Zone)), x.Say("Opened early by you"), true}, {x.Say("%s list opens", shortWhen(opens, x, v.Now)), listed, false},
			{x.Say("%s at rest", shortWhen(w.Start, x, v.Now)), x.Say("What is left is held"), false}, {x.Say("%s on duty again", shortWhen(w.End, x, v.Now)), x.Say("What waits goes out, in order"), false},
		}
	}
	return []stepLine{
		{x.Say("%s list opened", shortWhen(w.Start.Add(-newsroom.ListBefore), x, v.Now)), listed, false}, {x.Say("Now %s", clock.HM(v.Now, x.Zone)), x.Say("Each line gets an end"), true},
		{x.Say("%s at rest", shortWhen(w.Start, x, v.Now)), x.Say("What is left is held"), false}, {x.Say("%s on duty again", shortWhen(w.End, x, v.Now)), x.Say("What waits goes out, in order"), false},
	}
}

// receiverOf names a desk with whether it is on duty, and until when.
func receiverOf(o newsroom.Receiver, now time.Time) receiverLine {
	words := o.Name() + ": "
	switch {
	case o.OnDuty && o.Until.IsZero():
		words += o.Say("on duty")
	case o.OnDuty:
		words += o.Say("on duty until %s", shortWhen(o.Until, o.DeskView, now))
	case o.Opens.IsZero():
		words += o.Say("closed: its rests are not known")
	default:
		words += o.Say("at rest until %s", shortWhen(o.Opens, o.DeskView, now))
	}
	return receiverLine{o.Settings.Slug, words}
}

// groups sorts the lines: what an agency asks first, then what waits, then texts.
func (p *closingPage) groups(v newsroom.ClosingView) {
	p.Groups = []heldGroup{{Name: v.Say("An agency asks")}, {Name: v.Say("Live pages")}, {Name: v.Say("Waiting at the gate")}, {Name: v.Say("Ready")}, {Name: v.Say("Changed since it was posted")}, {Name: v.Say("In edit, drafts")}}
	for i, l := range v.Lines {
		g := 5
		switch {
		case l.Doubts > 0:
			g = 0
		case l.Live:
			g = 1
		case len(l.Acts) > 0:
			g = 2
		case l.Ready:
			g = 3
		case l.Standing != story.Never:
			g = 4
		}
		line := heldLineOf(l, v)
		if line.N = i + 1; line.Choice == "" {
			p.Open++
		}
		p.Groups[g].Lines = append(p.Groups[g].Lines, line)
	}
}

func heldLineOf(l newsroom.HeldLine, v newsroom.ClosingView) heldLine {
	row := lineOf(l.StoryRow, v.Desk, v.Now)
	out := heldLine{Subject: l.Subject, Address: row.Address, Headline: row.Headline, By: l.By, Choice: l.Choice, Default: l.Default, Blocked: row.Blocked || l.Doubts > 0, Todo: l.Choice == ""}
	switch {
	case l.ID == "":
		out.Address = ""
	case l.Doubts > 0:
		out.Address += "#doubts" // where it is answered
	}
	if l.Offer != nil {
		if to, ok := v.HouseView.Desk(string(l.Offer.To)); ok {
			out.To = to.Settings.Slug
		}
	}
	out.Leaves = !l.Leaves.IsZero() && l.Leaves.Before(v.Window.Start.Add(-story.LeadIn))
	out.Facts = strings.TrimSuffix(heldFacts(l, row, v), ".") + insideRest(l, v)
	out.Then = thenOf(l, out, v)
	return out
}

// heldFacts says in a line what there is of a held story.
func heldFacts(l newsroom.HeldLine, row storyLine, v newsroom.ClosingView) string {
	switch {
	case l.Doubts > 0:
		return v.Say("its wire was taken back, and nobody has answered")
	case l.Clashes > 0:
		return v.Say("two texts for one part")
	case l.Live && l.Unchanged && len(l.Acts) == 0:
		return v.Say("open; its text is as it was posted")
	case len(l.Acts) > 0 && l.Acts[0].State == story.Parked:
		return tongue.Again(v.Lang, l.Acts[0].Why)
	case len(l.Acts) > 0 && len(l.Acts[0].Sentences) > 0:
		return v.Say("%s waits. %s", story.Word(l.Acts[0].What), l.Acts[0].Sentences[len(l.Acts[0].Sentences)-1])
	case len(l.Acts) > 0:
		return v.Say("%s is filed", story.Word(l.Acts[0].What))
	case l.Ready:
		return v.Say("ready, %s", tongue.Count(v.Lang, l.Words, "word"))
	case l.Standing == story.Never:
		return v.Say("draft, %s, saved %s", tongue.Count(v.Lang, l.Words, "word"), shortPast(l.SavedAt, v.Desk, v.Now))
	}
	return v.Say("%s, changed %s", story.Word(l.Standing), shortPast(l.SavedAt, v.Desk, v.Now))
}

// insideRest says which slot or embargo of a line falls into the rest.
func insideRest(l newsroom.HeldLine, v newsroom.ClosingView) (words string) {
	inside := func(t time.Time) bool { return !t.Before(v.Window.Start) && t.Before(v.Window.End) }
	for _, a := range l.Acts {
		switch {
		case a.Wish == newsroom.AtOpening:
			words = ". " + v.Say("Asked for when the desk opens")
		case inside(a.Slot):
			words = ". " + v.Say("Asked for %s, at rest", shortWhen(a.Slot, v.Desk, v.Now))
		}
	}
	switch e := l.Embargo; {
	case e.Set && e.Until.IsZero():
		words += ". " + v.Say("Under an embargo without an end")
	case e.Set && inside(e.Until):
		words += ". " + v.Say("Its embargo ends %s, at rest", shortWhen(e.Until, v.Desk, v.Now))
	case e.Set && e.Until.After(v.Now):
		words += ". " + v.Say("Embargo until %s", shortWhen(e.Until, v.Desk, v.Now))
	}
	return words
}

// thenOf says what comes of a line as it stands.
func thenOf(l newsroom.HeldLine, out heldLine, v newsroom.ClosingView) string {
	opens := shortWhen(v.Window.End, v.Desk, v.Now)
	switch {
	case out.To != "":
		to, _ := v.HouseView.Desk(out.To)
		return v.Say("Offered to %s, which has to accept it", to.Name())
	case l.Doubts > 0 && l.Choice != newsroom.HoldIt:
		return v.Say("Answer it on its page: keep it, withdraw it, kill it")
	case l.Doubts > 0 && l.Standing == story.Public:
		return v.Say("Readers see it all through the rest. A withdrawal or a kill still goes out at once")
	case l.Live && out.Leaves:
		return v.Say("Ends %s", shortWhen(l.Leaves, v.Desk, v.Now))
	case l.Live && l.Choice == newsroom.SendBefore:
		return v.Say("Its text is filed; close the page from its own screen")
	case l.Live:
		return v.Say("Stays open, and silent until %s", opens)
	case out.Leaves:
		return v.Say("Leaves by itself %s", shortWhen(l.Leaves, v.Desk, v.Now))
	case l.Choice == newsroom.SendBefore && len(l.Acts) > 0:
		return v.Say("Filed, and does not leave yet")
	case l.Choice == newsroom.SendBefore:
		return v.Say("Not marked as ready: publish it from its page by %s", shortWhen(v.Window.Start, v.Desk, v.Now))
	case len(l.Acts) > 0 && !l.Leaves.IsZero():
		return v.Say("Goes by itself %s", shortWhen(l.Leaves, v.Desk, v.Now))
	}
	return v.Say("Until %s here", opens)
}

// docketOf lays a receipt out.
func docketOf(r newsroom.Receipt, v newsroom.ClosingView, heading string, closes time.Time) *docket {
	x := v.Desk
	out := &docket{Heading: heading, When: clock.Day(closes, x.Zone, x.Lang) + ", " + both(closes, x, v.HouseView), Lines: r.Lines(), Unaccounted: len(r.Unaccounted)}
	sum := func(words, note string, lines []newsroom.ReceiptLine) {
		s := docketSum{Words: words, Note: note, N: len(lines)}
		for _, l := range lines {
			s.Lines = append(s.Lines, receiptLine(l, v))
		}
		out.Sums = append(out.Sums, s)
	}
	sum(v.Say("Sent before the rest"), "", r.Sent)
	sum(v.Say("Given and accepted"), "", r.Given)
	sum(v.Say("Held until the desk opens"), v.Say("What waits at the gate goes out then, in order."), r.Held)
	if len(r.Settled) > 0 {
		sum(v.Say("Settled otherwise"), v.Say("An agency answered, a filing taken back."), r.Settled)
	}
	if len(r.Unaccounted) > 0 {
		sum(v.Say("Not accounted for"), "", r.Unaccounted)
	}
	return out
}

func receiptLine(l newsroom.ReceiptLine, v newsroom.ClosingView) ui.Link {
	words := v.Headlines[l.Subject]
	if words == "" {
		words = v.Say("Without a headline")
	}
	if to, ok := v.HouseView.Desk(string(l.To)); ok {
		if l.At.IsZero() {
			words += " " + v.Say("(offered to %s)", to.Name())
		} else {
			words += " " + v.Say("(to %s)", to.Name())
		}
	}
	if !l.At.IsZero() {
		words += ", " + shortPast(l.At, v.Desk, v.Now)
	}
	link := ui.Link{Words: words}
	if story.ValidID(l.Subject, story.ArticleIDLength) {
		link.Address = "/stories/" + l.Subject
	}
	return link
}

// offerLines are what other desks give to a desk.
func offerLines(all []newsroom.OfferView, h newsroom.HouseView, who newsroom.Who) (lines []offerLine) {
	for _, o := range all {
		from, _ := h.Desk(string(o.From))
		to, _ := h.Desk(string(o.To))
		l := offerLine{ID: o.ID, Headline: o.Headline, May: who.May("accept", o.To), Facts: h.Say("by %s of the %s desk, %s, %s", o.Name, from.Name(), shortPast(o.At, to, h.Now), tongue.Count(h.Lang, o.Words, "word"))}
		if l.Headline == "" {
			l.Headline = h.Say("Without a headline")
		}
		if len(o.Acts) > 0 {
			l.Facts += "; " + h.Say("%s waits, due %s", story.Word(o.Acts[0].What), shortWhen(o.Acts[0].Due, to, h.Now))
		}
		if story.ValidID(o.Subject, story.ArticleIDLength) {
			l.Address = "/stories/" + o.Subject
		}
		lines = append(lines, l)
	}
	return lines
}

// endLine ends a line of the list.
func (d *desk) endLine(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	end := newsroom.LineEnd{Key: r.PostFormValue("key"), Desk: x.ID, Subject: r.PostFormValue("subject"), Choice: r.PostFormValue("choice")}
	if to, ok := h.Desk(r.PostFormValue("to")); ok && end.Choice == newsroom.GiveAway {
		end.To = to.ID
	}
	return d.closingDone(w, r, who, "settledLine", d.room.EndLine(r.Context(), who, end))
}

// endLines ends every line that has no end by its default.
func (d *desk) endLines(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	_, err = d.room.EndLines(r.Context(), who, r.PostFormValue("key"), x.ID)
	return d.closingDone(w, r, who, "settledAll", err)
}

// answerOffer accepts or declines what another desk gives, and leads back to the board.
func (d *desk) answerOffer(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	id, key, said := int64(atoi(r.PathValue("offer"))), r.PostFormValue("key"), ""
	switch r.PostFormValue("do") {
	case "accept":
		said, err = store.Accepted, d.room.Accept(r.Context(), who, key, id)
	case "decline":
		said, err = store.Declined, d.room.Decline(r.Context(), who, key, id)
	default:
		err = story.Refuse(story.Invalid, "Accept it, or decline it.")
	}
	if _, refused := story.AsRefusal(err); refused {
		return d.drawBoard(w, r, who, x, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/"+x.Settings.Slug+"?said="+said, http.StatusSeeOther)
	return nil
}

func (d *desk) closingDone(w http.ResponseWriter, r *http.Request, who newsroom.Who, what string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		return d.drawClosing(w, r, who, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/desk/%s/closing?said=%s", r.PathValue("desk"), what), http.StatusSeeOther)
	return nil
}
