package desk

import (
	"net/http"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

type noticePage struct {
	frame
	Slug, Desk, City string
	EN, HE           string
	Day, Hour        string // the instant of the preview, by the desk's clock
	Lines            []noticeLine
}

// noticeLine is what readers of the desk's pages would read at an instant.
type noticeLine struct{ When, EN, HE string }

var noticeTemplate = newPage[noticePage]("notice.tmpl", "frame.tmpl")

// notice shows how a desk words its rest, and what its pages say at any instant.
func (d *desk) notice(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	return d.drawNotice(w, r, who, x.Settings.Notice, nil)
}

// setNotice shows what wordings would say, or keeps them.
func (d *desk) setNotice(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	words := record.Words{}
	for _, lang := range []string{"en", "he"} {
		if text := strings.TrimSpace(r.PostFormValue(lang)); text != "" {
			words[lang] = text
		}
	}
	err = newsroom.CheckNotice(words)
	if err == nil && r.PostFormValue("do") == "save" {
		if err = d.room.SetNotice(r.Context(), who, r.PostFormValue("key"), x.ID, words); err == nil {
			http.Redirect(w, r, "/desk/"+x.Settings.Slug+"/notice?said=settings", http.StatusSeeOther)
			return nil
		}
	}
	if _, refused := story.AsRefusal(err); err != nil && !refused {
		return err
	}
	return d.drawNotice(w, r, who, words, err)
}

func (d *desk) drawNotice(w http.ResponseWriter, r *http.Request, who newsroom.Who, words record.Words, refusal error) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	if !who.May("change settings", x.ID) {
		return story.Refuse(story.Forbidden, "The wording of its notice is for the chief of the desk.")
	}
	p := noticePage{frame: d.frame(r, who, h, x.ID, x.Say("Notice of the %s desk", x.Name())), Slug: x.Settings.Slug, Desk: x.Name(), City: x.City(), EN: words["en"], HE: words["he"]}
	at := h.Now
	if typed, err := time.ParseInLocation("2006-01-02 15:04", r.FormValue("day")+" "+r.FormValue("hour"), x.Zone); err == nil {
		at = typed
	}
	p.Day, p.Hour = clock.Date(at, x.Zone), clock.HM(at, x.Zone)
	if refusal == nil && d.options.Notice != nil {
		p.preview(d.options.Notice, h, x, words, at)
	}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	return noticeTemplate.Render(w, status, p)
}

// preview tells what the desk's pages say at the instant that was chosen, and around the
// edges of the next rest.
func (p *noticePage) preview(say func(h newsroom.HouseView, desk story.DeskID, at time.Time, lang string) string, h newsroom.HouseView, x newsroom.DeskView, words record.Words, at time.Time) {
	for i := range h.Desks {
		if h.Desks[i].ID == x.ID {
			h.Desks[i].Content.Notice = words
		}
	}
	instants := []time.Time{at}
	for _, w := range x.Hours.Windows {
		if w.End.After(at) {
			instants = append(instants, w.Start.Add(-time.Hour), w.Start, w.Start.Add(w.End.Sub(w.Start)/2), w.End.Add(-time.Minute), w.End)
			break
		}
	}
	for _, t := range instants {
		p.Lines = append(p.Lines, noticeLine{clock.DateTime(t, x.Zone, x.Lang), say(h, x.ID, t, "en"), say(h, x.ID, t, "he")})
	}
}
