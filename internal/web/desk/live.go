package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

type livePage struct {
	frame
	ID, Headline, Standing string
	Desk, DeskSlug         string
	Dir, Lang, Public      string
	State                  string // "", "open", "closed"
	Names                  string // of its desks
	Summary                string
	Voices                 []choice // the desks for which the member may add
	Choose                 []choice // the desks that a page may be opened with
	Owner                  string   // the desk that opens it
	MayOpen, MayReopen     bool
	MayClose               bool
	Told                   []string // what its desks do now
	Acts                   []actLine
	Add                    entryForm
	Entries                []entryLine
	Later, Earlier         string
}

// entryForm is what is typed of one entry: a new one, or one that is edited.
type entryForm struct {
	ID, Base              string
	Headline, Text, By    string
	Rows                  int
	Key, Pinned           bool
	Words, Speaker        string // of its quotation
	Capacity, Occasion    string
	Place, ReportedBy     string
	Pictures              []entryPicture
	PictureIDs            string
	Voices                []choice
	Dir, Lang, Page, Verb string
	NewKey                string
	Open                  bool // a refused form
}

type entryPicture struct {
	ID, Caption, Line, Photographer, Agency, Alt string
}

// entryLine is one public entry with what can be done about it.
type entryLine struct {
	ID, Headline, Text, When, Marks string
	Desk                            string
	Removed                         bool
	MayEdit, MayRemove, MayBreak    bool
	Story, StoryWords               string // that was broken out of it
	Voice                           string // the desk that would take it down
	Form                            entryForm
}

var liveTemplate = newPage[livePage]("live.tmpl", "frame.tmpl")

// liveRows is how many entries a screen has.
const liveRows = 30

func (d *desk) live(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawLive(w, r, who, nil, nil)
}

// drawLive draws a live page's screen; after a refusal, with what was typed.
func (d *desk) drawLive(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error, typed url.Values) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	part := max(0, atoi(r.URL.Query().Get("page")))
	v, err := d.room.LivePage(r.Context(), who, id, part, liveRows)
	if err != nil {
		return err
	}
	p := d.livePage(r, who, v, typed)
	if v.More {
		p.Earlier = fmt.Sprintf("/stories/%s/live?page=%d", id, part+1)
	}
	if part > 0 {
		p.Later = fmt.Sprintf("/stories/%s/live?page=%d", id, part-1)
	}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	return liveTemplate.Render(w, status, p)
}

func (d *desk) livePage(r *http.Request, who newsroom.Who, v newsroom.LiveView, typed url.Values) livePage {
	t, x := v.Text, v.Desk
	p := livePage{frame: d.frame(r, who, v.HouseView, x.ID, v.Say("Live: %s", cmp.Or(t.Headline, v.Say("A new page")))), ID: string(v.Article.ID), Headline: cmp.Or(t.Headline, v.Say("A new page")),
		Standing: standingWords(v.StoryView), Desk: x.Name(), DeskSlug: x.Settings.Slug, Dir: story.Direction(t.Lang), Lang: t.Lang,
		Public: d.public(v.StoryView), State: string(v.Live.State), Summary: v.Summary, Owner: string(x.ID)}
	var names []string
	for _, id := range v.Live.Desks {
		desk, ok := v.HouseView.Desk(string(id))
		if !ok {
			continue
		}
		names = append(names, desk.Name())
		face := clockOf(desk, v.Now, false)
		p.Told = append(p.Told, v.Say("The %s desk is %s.", desk.Name(), face.Words))
		if who.May(string(story.AddLive), id) {
			onDuty := desk.Hours.OnDuty(v.Now) && !slices.ContainsFunc(p.Voices, func(c choice) bool { return c.Chosen })
			p.Voices = append(p.Voices, choice{string(id), desk.Name(), onDuty})
		}
	}
	p.Names = strings.Join(names, ", ")
	for _, desk := range v.HouseView.Desks {
		p.Choose = append(p.Choose, choice{string(desk.ID), desk.Name(), desk.ID == x.ID || slices.Contains(v.Live.Desks, desk.ID)})
	}
	public := v.Article.Standing == story.Public
	p.MayOpen = public && v.Live.State == story.NotLive && who.May(string(story.OpenLive), x.ID)
	p.MayReopen = public && v.Live.State == story.LiveClosed && (len(p.Voices) > 0 || who.May(string(story.ReopenLive), x.ID))
	p.MayClose = public && v.Live.State == story.LiveOpen && len(p.Voices) > 0
	for _, act := range v.Acts {
		if act.What.OnLive() {
			p.Acts = append(p.Acts, liveActLine(act, v))
		}
	}
	p.Add = p.form(entryForm{By: who.Name, Rows: 4, Verb: "add"}, typed)
	for _, e := range v.Entries {
		p.Entries = append(p.Entries, p.line(who, v, e, typed))
	}
	p.tellLive(r)
	return p
}

// tellLive says what became of the filing that led here.
func (p *livePage) tellLive(r *http.Request) {
	if r.URL.Query().Get("said") == "waiting" && len(p.Acts) > 0 {
		act := p.Acts[len(p.Acts)-1]
		p.Said = p.say("Filed. %s %s.", act.What, act.When)
	}
}

func liveActLine(act newsroom.ActView, v newsroom.LiveView) actLine {
	if desk, ok := v.HouseView.Desk(string(act.Desk)); ok {
		v.Desk = desk // its hours are told, not those of the page's own desk
	}
	l := actLineOf(act, v.StoryView)
	if act.Detail.Live != nil {
		if words := liveWords(*act.Detail.Live); words != "" {
			l.What += ": " + cut(words, 60)
		}
	}
	l.By = v.Say("%s for %s", l.By, v.Desk.Name())
	return l
}

// liveWords are the first words of an entry.
func liveWords(c record.Live) string {
	words := cmp.Or(c.Headline, c.Summary)
	for _, b := range c.Doc {
		words = cmp.Or(words, b.Plain())
	}
	for _, q := range c.Quotations {
		words = cmp.Or(words, quoted(q))
	}
	for _, p := range c.Pictures {
		words = cmp.Or(words, p.Caption)
	}
	return words
}

func quoted(q story.Quotation) string {
	var b strings.Builder
	for _, w := range q.Words {
		b.WriteString(w.Text)
	}
	return b.String()
}

func (p *livePage) line(who newsroom.Who, v newsroom.LiveView, e newsroom.LiveLine, typed url.Values) entryLine {
	desk, _ := v.HouseView.Desk(string(e.Desk))
	l := entryLine{ID: e.ID, Desk: v.Say("%s desk", desk.Name()), When: both(e.Posted, desk, v.HouseView)}
	if !e.Removed.IsZero() {
		l.Removed, l.Marks = true, v.Say("removed %s", both(e.Removed, desk, v.HouseView))
		return l
	}
	l.Headline = e.Content.Headline
	for _, b := range e.Content.Doc {
		l.Text += b.Plain() + "\n"
	}
	var marks []string
	for word, yes := range map[string]bool{v.Say("key event"): e.Content.Key, v.Say("pinned"): e.Content.Pinned} {
		if yes {
			marks = append(marks, word)
		}
	}
	slices.Sort(marks)
	if !e.Changed.IsZero() {
		marks = append(marks, v.Say("edited %s", both(e.Changed, desk, v.HouseView)))
	}
	l.Marks = strings.Join(marks, ", ")
	for _, id := range append(slices.Clone(v.Live.Desks), v.Article.Desk) {
		if who.May(string(story.RemoveLive), id) {
			l.MayRemove, l.Voice = true, string(id)
			break
		}
	}
	l.MayEdit = len(p.Voices) > 0
	l.MayBreak = e.Story == "" && len(who.Desks()) > 0
	if e.Story != "" {
		l.Story, l.StoryWords = "/stories/"+string(e.Story), ""
		if l.StoryWords = v.Say("broken out; the next edit of this entry leads readers to it"); e.Content.BrokenOut == e.Story {
			l.StoryWords = v.Say("broken out, and readers are led to it")
		} else if !e.Known {
			l.StoryWords = v.Say("broken out; readers do not know that story yet")
		}
	}
	l.Form = p.form(entryFormOf(e), typed)
	return l
}

// entryFormOf fills an entry's form with its public words.
func entryFormOf(e newsroom.LiveLine) entryForm {
	c := e.Content
	text, _ := story.FormatEntry(c.Doc)
	f := entryForm{ID: e.ID, Base: fmt.Sprint(e.N), Headline: c.Headline, Text: text, Rows: 3 + len([]rune(text))/70, Key: c.Key, Pinned: c.Pinned, Verb: "edit"}
	if c.By != nil {
		f.By = c.By.Name
	}
	if len(c.Quotations) > 0 {
		q := c.Quotations[0]
		f.Words, f.Speaker, f.Capacity, f.Occasion, f.Place, f.ReportedBy = quoted(q), q.Speaker, q.Capacity, q.Occasion, q.Place, q.ReportedBy
	}
	for _, u := range c.Pictures {
		f.Pictures = append(f.Pictures, entryPicture{u.ID, u.Caption, u.Credit.Line, u.Credit.Photographer, u.Credit.Agency, u.Alt})
	}
	return f
}

// form completes an entry's form: with what was typed, if it is the one that was refused.
func (p *livePage) form(f entryForm, typed url.Values) entryForm {
	f.Dir, f.Lang, f.Page, f.NewKey, f.Voices = p.Dir, p.Lang, p.ID, p.frame.NewKey(), slices.Clone(p.Voices)
	if get := typed.Get; typed.Has("headline") && get("entry") == f.ID {
		f.Open, f.Base = true, get("base")
		f.Headline, f.Text, f.By, f.Key, f.Pinned = get("headline"), get("text"), get("by"), get("keyEvent") != "", get("pinned") != ""
		f.Words, f.Speaker, f.Capacity, f.Occasion, f.Place, f.ReportedBy = get("quoted"), get("speaker"), get("capacity"), get("occasion"), get("place"), get("reportedBy")
		f.Pictures = nil
		for _, u := range picturesOf(typed) {
			f.Pictures = append(f.Pictures, entryPicture{u.ID, u.Caption, u.Credit.Line, u.Credit.Photographer, u.Credit.Agency, u.Alt})
		}
		f.Voices = chosen(f.Voices, get("desk"))
	}
	var ids []string
	for _, u := range f.Pictures {
		ids = append(ids, u.ID)
	}
	f.PictureIDs = strings.Join(ids, " ")
	return f
}
