package desk

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/live"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// How long a stream lasts, and how often it is looked whether it may go on: whoever may not
// any more is told nothing from then on, and is let go within five seconds (DESIGN.md).
const (
	streamLasts = time.Minute
	looksAgain  = 2 * time.Second
)

// listens names the channels of a page, where somebody tells them.
func (d *desk) listens(channels ...string) string {
	if d.options.Listening == nil {
		return ""
	}
	return strings.Join(channels, ",")
}

// listen tells an open page that something changed, as long as its member may know.
func (d *desk) listen(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	l := d.options.Listening
	if l == nil {
		return story.Refuse(story.Unknown, "Nobody tells pages here what changes.")
	}
	names, err := live.Channels(r)
	if err == nil {
		err = d.mayHear(r.Context(), who, names)
	}
	if err != nil {
		return err
	}
	ctx, end := context.WithTimeout(r.Context(), streamLasts)
	defer end()
	j := &judged{ResponseWriter: w, judge: func() error { return d.stillHears(ctx, who, names) }}
	for _, name := range names {
		if id, ok := strings.CutPrefix(name, storyPrefix); ok && r.Method == http.MethodGet {
			defer l.here.enter(story.ArticleID(id), who.Member, who.Name)()
		}
	}
	go j.watch(ctx, end)
	return l.hub.Stream(j, r.WithContext(ctx))
}

// mayHear refuses channels that a member may not follow, by the table of authority.
func (d *desk) mayHear(ctx context.Context, who newsroom.Who, names []string) error {
	for _, name := range names {
		id, ofStory := strings.CutPrefix(name, storyPrefix)
		board, ofDesk := strings.CutPrefix(name, boardPrefix)
		may, err := false, error(nil)
		switch {
		case name == houseChannel:
			may = who.Somewhere("see the house")
		case name == trayChannel:
			may = who.Somewhere("see the wires")
		case ofDesk:
			may = who.May("read", story.DeskID(board))
		case ofStory:
			var desk story.DeskID
			desk, may, err = d.room.DeskOf(ctx, story.ArticleID(id))
			may = may && who.May("read", desk)
		default:
			return story.Refuse(story.Invalid, "ch must name board.DESK, tray, story.ID or house, with a comma between two of them")
		}
		if err != nil {
			return err
		}
		if !may {
			return story.Refuse(story.Forbidden, "You may not follow %s.", name)
		}
	}
	return nil
}

// stillHears refuses whoever may not go on as they came: their session ended, their account
// was closed, their roles are others. A page that may hear less than before comes again and
// is judged anew.
func (d *desk) stillHears(ctx context.Context, who newsroom.Who, names []string) error {
	now, err := d.room.Still(ctx, who)
	if err != nil {
		return err
	}
	if now.Admin != who.Admin || !maps.EqualFunc(now.Roles, who.Roles, slices.Equal[[]newsroom.Role]) {
		return story.Refuse(story.Forbidden, "Your rights have changed.")
	}
	return d.mayHear(ctx, now, names)
}

// judged writes to a member what they may know at that instant, or nothing ever again.
type judged struct {
	http.ResponseWriter
	judge func() error
}

// Unwrap is for http.ResponseController.
func (j *judged) Unwrap() http.ResponseWriter { return j.ResponseWriter }

func (j *judged) Write(b []byte) (int, error) {
	if err := j.judge(); err != nil {
		return 0, err
	}
	return j.ResponseWriter.Write(b)
}

// watch ends a stream on which nothing is told, once its member may not hear it.
func (j *judged) watch(ctx context.Context, end func()) {
	ticker := time.NewTicker(looksAgain)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if j.judge() != nil {
				end()
				return
			}
		}
	}
}

// herePart is what an open editor shows of the others at its story.
type herePart struct {
	reading
	ID     story.ArticleID
	Others []hereLine
	Newer  string // who saved a newer text than the page shows, and when
}

type hereLine struct{ Name, Since string }

var hereTemplate = newPage[herePart]("here.tmpl")

// here tells who else has a story open, and whether the text is a newer one than the page
// shows that asks: it brings that one's stamp.
func (d *desk) here(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	last, err := d.room.LastSaveOf(r.Context(), who, id)
	if err != nil {
		return err
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	x, _ := h.Desk(string(last.Desk))
	p := herePart{reading: reading{h.Lang}, ID: id}
	if l := d.options.Listening; l != nil {
		for _, s := range l.here.at(id, who.Member) {
			p.Others = append(p.Others, hereLine{s.name, sinceWords(s.since, x, h.Now)})
		}
	}
	if seen := r.URL.Query().Get("seen"); seen != "" && seen != last.Stamp {
		by := last.Name
		if last.By == who.Member {
			by = h.Say("You")
		}
		p.Newer = h.Say("%s saved another text at %s", by, sinceWords(last.At, x, h.Now))
	}
	return hereTemplate.Render(w, http.StatusOK, p)
}

// sinceWords is an hour at a desk, with its day where that is another one.
func sinceWords(t time.Time, x newsroom.DeskView, now time.Time) string {
	if x.Zone == nil {
		return clock.HM(t, time.UTC)
	}
	return shortWhen(t, x, now)
}
