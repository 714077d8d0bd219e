package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

type boardPage struct {
	frame
	Slug, Desk  string
	Groups      []storyGroup
	Wires       []wireLine
	WireSum     int
	Bad         []badLine
	State, Left string
	Ends        string
	Coming      []string
	Earlier     string // address of the next page of stories
	Languages   []string
	MayFront    bool
}

type storyGroup struct {
	Name  string
	Lines []storyLine
}

type storyLine struct {
	Address, Headline, Dir, By, Gate, When string
	Blocked                                bool
	Words                                  int
}

type wireLine struct {
	Address, Headline, Meta, Taken, Time string
	Urgency                              int
	Killed                               bool
}

type badLine struct{ File, Why string }

var boardTemplate = ui.NewPage[boardPage](files, "board.tmpl", "frame.tmpl")

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
	return d.drawBoard(w, r, who, http.StatusOK, "")
}

func (d *desk) drawBoard(w http.ResponseWriter, r *http.Request, who newsroom.Who, status int, refusal string) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	b, err := d.room.Board(r.Context(), who, x.ID, page)
	if err != nil {
		return err
	}
	p := boardPage{frame: d.frame(r, who, b.HouseView, x.ID, x.Settings.Names.In("en")+" desk"), Slug: x.Settings.Slug, Desk: x.Settings.Names.In("en"),
		WireSum: b.WireSum, Languages: b.House.Languages, MayFront: who.May("front", x.ID)}
	p.Error = refusal
	p.Groups = groups(b)
	for _, row := range b.Wires {
		p.Wires = append(p.Wires, wireLineOf(row, x))
	}
	for _, bad := range b.Bad {
		p.Bad = append(p.Bad, badLine{bad.File, bad.Why})
	}
	p.coverage(b)
	if b.More {
		p.Earlier = fmt.Sprintf("/desk/%s?page=%d", x.Settings.Slug, page+1)
	}
	return boardTemplate.Render(w, status, p)
}

// groups sorts the stories of a board into its groups, in their order.
func groups(b newsroom.Board) []storyGroup {
	all := []storyGroup{{Name: "Needs an answer"}, {Name: "At the gate"}, {Name: "Ready for a second pair of eyes"}, {Name: "In edit"}, {Name: "Posted"}, {Name: "Withdrawn and killed"}}
	for _, s := range b.Stories {
		g := 3
		switch {
		case s.Doubts > 0 || s.Clashes > 0:
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
	l := storyLine{Address: "/stories/" + string(s.ID), Headline: s.Headline, Dir: story.Direction(s.Lang), By: s.By, Words: s.Words, When: shortWhen(s.SavedAt, x, now)}
	if l.Headline == "" {
		l.Headline = "Without a headline"
	}
	switch {
	case s.Doubts > 0:
		l.Gate, l.Blocked = "its wire was taken back", true
	case s.Clashes > 0:
		l.Gate, l.Blocked = fmt.Sprintf("%d parts have two texts", s.Clashes), true
	case s.Waiting != nil && s.Waiting.State == story.Parked:
		l.Gate, l.Blocked = s.Waiting.Why, true
	case s.Waiting != nil:
		l.Gate = string(s.Waiting.What) + " waits"
		if !s.Waiting.Opens.IsZero() {
			l.When = "opens " + shortWhen(s.Waiting.Opens, x, now)
		}
	case !s.PostedAt.IsZero():
		l.When = "posted " + shortPast(s.PostedAt, x, now)
	}
	return l
}

func shortPast(t time.Time, x newsroom.DeskView, now time.Time) string {
	if clock.Date(t, x.Zone) == clock.Date(now, x.Zone) {
		return clock.HM(t, x.Zone)
	}
	return clock.ShortDay(t, x.Zone, "en") + " " + clock.HM(t, x.Zone)
}

// coverage tells this desk's state, what is left of it, and who else is on duty.
func (p *boardPage) coverage(b newsroom.Board) {
	x, now := b.Desk, b.Now
	if w, resting := x.Hours.Rests(now); resting {
		p.State, p.Left, p.Ends = "At rest", clock.Left(w.End.Sub(now)), w.Name+", until "+when(w.End, x)+" · "+clock.DayTime(w.End, b.Zone, "en")+" "+b.House.Seat.City.In("en")
	} else if until := x.Hours.Until(now); x.Hours.Known(now) && !until.IsZero() {
		p.State, p.Left, p.Ends = "On duty", clock.Left(until.Sub(now)), "until it rests: "+both(until, x, b.HouseView)+", "+clock.Day(until, x.Zone, "en")
	} else {
		p.State, p.Ends = "Closed", "Its rests are not known for now."
	}
	for _, o := range b.Desks {
		if o.ID == x.ID {
			continue
		}
		c := clockOf(o, now, false)
		p.Coming = append(p.Coming, o.Settings.Names.In("en")+": "+c.Words)
	}
}

// start begins a story at a desk.
func (d *desk) start(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	id, err := d.room.Start(r.Context(), who, newsroom.Beginning{Key: r.PostFormValue("key"), Desk: x.ID, Lang: r.PostFormValue("lang")})
	if refusal, ok := story.AsRefusal(err); ok {
		status, _ := ui.Status(err)
		return d.drawBoard(w, r, who, status, refusal.Sentence)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+string(id), http.StatusSeeOther)
	return nil
}

// front files the order of a front page: article ids, the lead first.
func (d *desk) front(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	x, ok := h.Desk(r.PostFormValue("desk"))
	if !ok {
		return story.Refuse(story.Unknown, "There is no such desk.")
	}
	front := record.Front{Lang: r.PostFormValue("lang"), Rest: "newest"}
	for _, id := range strings.Fields(r.PostFormValue("articles")) {
		id = id[strings.LastIndexAny(id, "-/")+1:] // an address ends with the id
		if !story.ValidID(id, story.ArticleIDLength) {
			return story.Refuse(story.Invalid, "A front page is made of articles' addresses or ids; %q is neither.", id)
		}
		front.Places = append(front.Places, record.FrontPlace{Article: story.ArticleID(id)})
	}
	if _, err := d.room.SetFront(r.Context(), who, r.PostFormValue("key"), x.ID, front); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/"+x.Settings.Slug+"?said=front", http.StatusSeeOther)
	return nil
}

func (d *desk) hour(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if err := d.room.ConfirmHour(r.Context(), who, r.PostFormValue("key")); err != nil {
		return err
	}
	http.Redirect(w, r, "/?said=hour", http.StatusSeeOther)
	return nil
}
