package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

type boardPage struct {
	frame
	Slug, Desk string
	Groups     []storyGroup
	Wires      []wireLine
	WireSum    int
	Bad        []badLine
	coverageColumn
	Earlier, Later string // addresses of the pages of stories
	Languages      []choice
	MayFront       bool
	MayStart       bool
	MaySettings    bool
	Sunless        []sunlessLine
	Offers         []offerLine
	Parked         int // acts that wait for a person: an alarm
	Told           []toldLine
	Quiet          string // the desk rests, and its tray is quiet
	Away           string // how long its last rest was, for a day after it
}

// coverageColumn tells how long this desk goes on, who follows, and what comes next.
type coverageColumn struct {
	State, StateWords string
	Left, Ends        string
	Follows           string
	Nobody            bool
	Next              []nextLine
}

// sunlessLine tells once that a desk's sun gives no answer on some day ahead.
type sunlessLine struct {
	Desk, Slug, When, How string
	MayEnd                bool
}

type nextLine struct{ When, Words string }

type storyGroup struct {
	Name, Glyph string
	Lines       []storyLine
}

type storyLine struct {
	Address, Headline, Dir, By, Initials string
	Gate, When                           string
	Blocked                              bool
	Words                                int
	Entries                              string // where a live page gets its next one
}

type wireLine struct {
	Address, Headline, Meta, Taken, Time string
	Status                               string // KILL, withheld
	Urgency                              int
	Killed                               bool
}

type badLine struct{ File, Why string }

func badLines(lang string, all []store.Arrival) (lines []badLine) {
	for _, bad := range all {
		lines = append(lines, badLine{bad.File, tongue.Again(lang, bad.Why)})
	}
	return lines
}

var boardTemplate = newPage[boardPage]("board.tmpl", "wirelist.tmpl", "offers.tmpl", "frame.tmpl")

// home leads to the member's first desk.
func (d *desk) home(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	for _, x := range h.Desks {
		if _, mine := who.Roles[x.ID]; mine {
			http.Redirect(w, r, "/desk/"+x.Settings.Slug, http.StatusSeeOther)
			return nil
		}
	}
	http.Redirect(w, r, "/coverage", http.StatusSeeOther)
	return nil
}

// deskOf finds the desk of an address.
func (d *desk) deskOf(r *http.Request) (newsroom.DeskView, error) {
	h, err := d.room.House(r.Context())
	if err != nil {
		return newsroom.DeskView{}, err
	}
	x, ok := h.Desk(r.PathValue("desk"))
	if !ok {
		return x, story.Refuse(story.Unknown, "There is no such desk.")
	}
	return x, nil
}

func (d *desk) board(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	return d.drawBoard(w, r, who, x, nil)
}

func (d *desk) drawBoard(w http.ResponseWriter, r *http.Request, who newsroom.Who, x newsroom.DeskView, refusal error) error {
	page := max(0, atoi(r.URL.Query().Get("page")))
	b, err := d.room.Board(r.Context(), who, x.ID, page)
	if err != nil {
		return err
	}
	p := boardPage{frame: d.frame(r, who, b.HouseView, x.ID, x.Say("%s desk", x.Name())), Slug: x.Settings.Slug, Desk: x.Name(),
		WireSum: b.WireSum, Languages: langChoices(b.HouseView, ""), MayFront: who.May("front", x.ID), MayStart: who.May("start", x.ID), MaySettings: who.May("change settings", x.ID)}
	p.Live = d.listens(boardPrefix+string(x.ID), trayChannel, houseChannel)
	if p.Sunless, err = d.sunless(r, who, b.HouseView); err != nil {
		return err
	}
	p.Offers = offerLines(b.Offers, b.HouseView, who)
	p.Groups, p.Bad, p.coverageColumn = groups(b), badLines(b.Lang, b.Bad), coverageOf(b)
	for _, row := range b.Wires {
		p.Wires = append(p.Wires, wireLineOf(row, x, b.Now))
	}
	p.atRest(b)
	if p.Told, err = d.told(r, who, b.HouseView); err != nil {
		return err
	}
	if b.More {
		p.Earlier = fmt.Sprintf("/desk/%s?page=%d", x.Settings.Slug, page+1)
	}
	if page > 0 {
		p.Later = fmt.Sprintf("/desk/%s?page=%d", x.Settings.Slug, page-1)
	}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	return boardTemplate.Render(w, status, p)
}

// sunless warns of the desks whose sun gives no answer on some day of their horizon, until
// their chief has read it.
func (d *desk) sunless(r *http.Request, who newsroom.Who, h newsroom.HouseView) (lines []sunlessLine, err error) {
	desks, err := d.room.Sunless(r.Context(), h)
	for _, x := range desks {
		w, _ := x.Fallback(h.Now)
		lines = append(lines, sunlessLine{x.Name(), x.Settings.Slug, clock.DateTime(w.Start, x.Zone, x.Lang), tongue.Again(x.Lang, w.Fallback), who.May("change settings", x.ID)})
	}
	return lines, err
}

// groups sorts the stories of a board into its groups, in their order.
func groups(b newsroom.Board) []storyGroup {
	all := []storyGroup{{Name: b.Say("Needs an answer"), Glyph: "block"}, {Name: b.Say("At the gate"), Glyph: "held"}, {Name: b.Say("Ready for a second pair of eyes"), Glyph: "ready"},
		{Name: b.Say("In edit"), Glyph: "edit"}, {Name: b.Say("Public"), Glyph: "posted"}, {Name: b.Say("Withdrawn and killed"), Glyph: "kill"}}
	for _, s := range b.Stories {
		g := 3
		switch {
		case s.Doubts > 0 || s.Clashes > 0 || s.Waiting != nil && s.Waiting.State == story.Parked:
			g = 0
		case s.Waiting != nil:
			g = 1
		case s.Standing == story.Withdrawn || s.Standing == story.Killed:
			g = 5
		case s.Standing == story.Public:
			g = 4
		case s.Ready:
			g = 2
		}
		all[g].Lines = append(all[g].Lines, lineOf(s, b.Desk, b.Now))
	}
	return all
}

func lineOf(s newsroom.StoryRow, x newsroom.DeskView, now time.Time) storyLine {
	l := storyLine{Address: "/stories/" + string(s.ID), Headline: s.Headline, Dir: story.Direction(s.Lang), By: s.By, Initials: initials(s.By), Words: s.Words, When: shortWhen(s.SavedAt, x, now)}
	if l.Headline == "" {
		l.Headline = x.Say("Without a headline")
	}
	if s.OfLive {
		l.Entries = l.Address + "/live"
	}
	switch {
	case s.Doubts > 0:
		l.Gate, l.Blocked = x.Say("its wire was taken back"), true
	case s.Clashes > 0:
		l.Gate, l.Blocked = x.Say("two texts"), true
	case s.Waiting != nil && s.Waiting.State == story.Parked:
		l.Gate, l.Blocked = tongue.Again(x.Lang, s.Waiting.Why), true
	case s.Waiting != nil:
		l.Gate = x.Say("%s waits", story.Word(s.Waiting.What))
		if n := len(s.Waiting.Objections); n > 0 && !story.AllWait(s.Waiting.Objections) {
			l.Gate, l.Blocked = x.Tell(s.Waiting.Sentences[0]), true
		}
		if !s.Waiting.Opens.IsZero() {
			l.When = x.Say("opens %s", shortWhen(s.Waiting.Opens, x, now))
		}
	case s.Standing != story.Never:
		if l.Gate = ""; s.Standing != story.Public {
			l.Gate = x.Say(string(s.Standing))
		}
		l.When = shortPast(s.PostedAt, x, now)
	case s.Embargo.Set:
		l.Gate = x.Say("embargo")
	}
	return l
}

// initials are a member's, for narrow places.
func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		b.WriteString(string([]rune(word)[:1]))
	}
	return b.String()
}

// shortPast is when something happened, as short as it can be told: "15:44", "Tue 9:10",
// "12 Mar 9:10".
func shortPast(t time.Time, x newsroom.DeskView, now time.Time) string {
	switch {
	case clock.Date(t, x.Zone) == clock.Date(now, x.Zone):
		return clock.HM(t, x.Zone)
	case now.Sub(t) < 6*24*time.Hour:
		return clock.ShortDay(t, x.Zone, x.Lang) + " " + clock.HM(t, x.Zone)
	}
	return clock.Date(t, x.Zone) + " " + clock.HM(t, x.Zone)
}

// coverageOf tells this desk's state, what is left of it, who follows, and the next changes
// of every desk.
func coverageOf(b newsroom.Board) (c coverageColumn) {
	x, now := b.Desk, b.Now
	until := x.Hours.Until(now)
	w, resting := x.Hours.Rests(now)
	switch {
	case resting:
		c.State, c.StateWords, c.Left = "rest", x.Say("At rest"), left(x.Lang, w.End.Sub(now))
		c.Ends = x.Say("until it opens: %s, %s", clock.Day(w.End, x.Zone, x.Lang), both(w.End, x, b.HouseView))
	case x.Hours.Known(now) && !until.IsZero():
		c.State, c.StateWords, c.Left = "duty", x.Say("On duty"), leftOf(x.Lang, until.Sub(now))
		c.Ends = x.Say("until it rests: %s, %s", clock.Day(until, x.Zone, x.Lang), both(until, x, b.HouseView))
		c.Follows, c.Nobody = followsAt(b, until)
	default:
		c.State, c.StateWords, c.Ends = "doubt", x.Say("Closed"), x.Say("Its rests are not known for now.")
	}
	if resting {
		c.Follows, c.Nobody = followsAt(b, now)
	}
	c.Next = nextChanges(b)
	return c
}

// leftOf is a span in days where it is long: nobody plans by the minute of next week.
func leftOf(lang string, d time.Duration) string {
	if d >= 48*time.Hour {
		return tongue.Count(lang, int(d/(24*time.Hour)), "day")
	}
	return left(lang, d)
}

// followsAt says who is on duty at an instant at which this desk is not, else who opens first.
func followsAt(b newsroom.Board, at time.Time) (words string, nobody bool) {
	followers := b.Desk.Settings.Followers
	for _, id := range followers {
		if f, ok := b.HouseView.Desk(string(id)); ok && f.Hours.OnDuty(at) {
			return b.Say("%s is on duty then.", f.Name()), false
		}
	}
	var first newsroom.DeskView
	var opens time.Time
	for _, o := range b.Desks {
		if t := o.Hours.Opens(at); !t.IsZero() && (opens.IsZero() || t.Before(opens)) {
			first, opens = o, t
		}
	}
	if opens.IsZero() {
		return b.Say("No desk is on duty then, and no opening is known."), true
	}
	return b.Say("No desk is on duty for %s, until %s.", left(b.Lang, opens.Sub(at)), when(opens, first)), true
}

// nextChanges are the next openings and rests of all desks, in order.
func nextChanges(b newsroom.Board) (lines []nextLine) {
	type change struct {
		at    time.Time
		words string
		x     *newsroom.DeskView
	}
	var all, later []change
	last := b.Now.Add(6 * 24 * time.Hour) // of later ones a weekday alone would be another week's
	for i := range b.Desks {
		x := &b.Desks[i]
		for _, w := range x.Hours.Windows {
			if w.Start.After(last) {
				later = append(later, change{w.Start, "rests", x})
				break // windows come in order
			}
			if w.Start.After(b.Now) {
				all = append(all, change{w.Start, x.Say("rests"), x})
			}
			if w.End.After(b.Now) {
				all = append(all, change{w.End, x.Say("opens"), x})
			}
		}
	}
	if len(all) == 0 {
		all = later
	}
	slices.SortStableFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
	for i, c := range all {
		if i >= 6 || i > 0 && c.at.After(last) {
			break
		}
		lines = append(lines, nextLine{clock.ShortDay(c.at, c.x.Zone, c.x.Lang) + " " + clock.HM(c.at, c.x.Zone), c.x.City() + " " + c.words})
	}
	return lines
}

// start begins a story at a desk.
func (d *desk) start(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	id, err := d.room.Start(r.Context(), who, newsroom.Beginning{Key: r.PostFormValue("key"), Desk: x.ID, Lang: r.PostFormValue("lang")})
	if _, refused := story.AsRefusal(err); refused {
		return d.drawBoard(w, r, who, x, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+string(id), http.StatusSeeOther)
	return nil
}

func (d *desk) hour(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := d.room.ConfirmHour(r.Context(), who, r.PostFormValue("key")); err != nil {
		return err
	}
	http.Redirect(w, r, "/?said=hour", http.StatusSeeOther)
	return nil
}
