package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
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

var liveTemplate = ui.NewPage[livePage](files, "live.tmpl", "frame.tmpl")

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
		status, p.Error = ui.Status(refusal)
	}
	return liveTemplate.Render(w, status, p)
}

func (d *desk) livePage(r *http.Request, who newsroom.Who, v newsroom.LiveView, typed url.Values) livePage {
	t, x := v.Text, v.Desk
	p := livePage{frame: d.frame(r, who, v.HouseView, x.ID, "Live: "+cmp.Or(t.Headline, "a new page")), ID: string(v.Article.ID), Headline: cmp.Or(t.Headline, "A new page"),
		Standing: standingWords(v.StoryView), Desk: x.Settings.Names.In("en"), DeskSlug: x.Settings.Slug, Dir: story.Direction(t.Lang), Lang: t.Lang,
		Public: d.public(v.StoryView), State: string(v.Live.State), Summary: v.Summary, Owner: string(x.ID)}
	var names []string
	for _, id := range v.Live.Desks {
		desk, ok := v.HouseView.Desk(string(id))
		if !ok {
			continue
		}
		names = append(names, desk.Settings.Names.In("en"))
		face := clockOf(desk, v.Now, false)
		p.Told = append(p.Told, fmt.Sprintf("The %s desk is %s.", desk.Settings.Names.In("en"), face.Words))
		if who.May(string(story.AddLive), id) {
			onDuty := desk.Hours.OnDuty(v.Now) && !slices.ContainsFunc(p.Voices, func(c choice) bool { return c.Chosen })
			p.Voices = append(p.Voices, choice{string(id), desk.Settings.Names.In("en"), onDuty})
		}
	}
	p.Names = strings.Join(names, ", ")
	for _, desk := range v.HouseView.Desks {
		p.Choose = append(p.Choose, choice{string(desk.ID), desk.Settings.Names.In("en"), desk.ID == x.ID || slices.Contains(v.Live.Desks, desk.ID)})
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
		p.Said = "Filed. " + act.What + " " + act.When + "."
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
	l.By += " for " + v.Desk.Settings.Names.In("en")
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
	l := entryLine{ID: e.ID, Desk: desk.Settings.Names.In("en") + " desk", When: both(e.Posted, desk, v.HouseView)}
	if !e.Removed.IsZero() {
		l.Removed, l.Marks = true, "removed "+both(e.Removed, desk, v.HouseView)
		return l
	}
	l.Headline = e.Content.Headline
	for _, b := range e.Content.Doc {
		l.Text += b.Plain() + "\n"
	}
	var marks []string
	for word, yes := range map[string]bool{"key event": e.Content.Key, "pinned": e.Content.Pinned} {
		if yes {
			marks = append(marks, word)
		}
	}
	slices.Sort(marks)
	if !e.Changed.IsZero() {
		marks = append(marks, "edited "+both(e.Changed, desk, v.HouseView))
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
		l.Story, l.StoryWords = "/stories/"+string(e.Story), "broken out; readers do not know that story yet"
		if l.StoryWords = "broken out; the next edit of this entry leads readers to it"; e.Content.BrokenOut == e.Story {
			l.StoryWords = "broken out, and readers are led to it"
		} else if !e.Known {
			l.StoryWords = "broken out; readers do not know that story yet"
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

// picturesOf reads the pictures that a form has already, but those that it leaves out.
func picturesOf(form url.Values) (uses []story.PictureUse) {
	for _, id := range strings.Fields(form.Get("pictures")) {
		values := form["p."+id]
		if !story.ValidID(id, story.ArticleIDLength) || form.Has("drop."+id) || len(values) != 5 {
			continue
		}
		uses = append(uses, pictureUse(id, values))
	}
	return uses
}

func pictureUse(id string, v []string) story.PictureUse {
	one := oneOf
	return story.PictureUse{ID: id, Caption: one(v[0]), Credit: story.Credit{Line: one(v[1]), Photographer: one(v[2]), Agency: one(v[3])}, Alt: one(v[4])}
}

// liveAct answers a form of the live page's screen.
func (d *desk) liveAct(what story.What) memberHandler {
	return func(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
		id, err := articleID(r)
		if err != nil {
			return err
		}
		done, err := liveForm(w, r)
		if err != nil {
			return err
		}
		defer done()
		wish, err := d.liveWish(r, who, id, what)
		if err != nil {
			return d.liveDone(w, r, who, "", err)
		}
		filed, err := d.room.Live(r.Context(), who, wish)
		said := "waiting"
		if filed.State == story.Posted {
			if said = "posted"; !filed.Shown {
				said = "lagging"
			}
		}
		return d.liveDone(w, r, who, said, err)
	}
}

// liveForm reads a form that may carry a picture.
func liveForm(w http.ResponseWriter, r *http.Request) (done func(), err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return func() {}, nil // it was read
	}
	r.Body = http.MaxBytesReader(w, r.Body, picture.MaxBytes+maxForm)
	err = r.ParseMultipartForm(maxForm)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, story.Refuse(story.TooLarge, "A picture may have at most %d MB. Nothing was added.", picture.MaxBytes>>20)
	}
	if err != nil {
		return nil, story.Refuse(story.Invalid, "This is no upload, or it broke off. Try again.")
	}
	return func() { _ = r.MultipartForm.RemoveAll() }, nil // temporary files
}

// liveDone leads back to the page's screen, or shows a refusal with all that was typed.
func (d *desk) liveDone(w http.ResponseWriter, r *http.Request, who newsroom.Who, said string, err error) error {
	if _, refused := story.AsRefusal(err); refused {
		return d.drawLive(w, r, who, err, r.PostForm)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+r.PathValue("id")+"/live?said="+said, http.StatusSeeOther)
	return nil
}

// liveWish reads a wish of a form. An uploaded picture is added first, and from then on is
// one that the form has.
func (d *desk) liveWish(r *http.Request, who newsroom.Who, id story.ArticleID, what story.What) (w newsroom.LiveWish, err error) {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	w = newsroom.LiveWish{Key: get("key"), Page: id, What: what, Desk: story.DeskID(get("desk")), Entry: get("entry"), Base: -1, Summary: newlines.Replace(get("summary")), NoUndo: get("noundo") != ""}
	if n := atoi(get("base")); n > 0 {
		w.Base = int64(n)
	}
	for _, desk := range r.PostForm["desks"] {
		w.Desks = append(w.Desks, story.DeskID(desk))
	}
	if what != story.AddLive && what != story.EditLive {
		return w, nil
	}
	if err := d.liveUpload(r, who, id); err != nil {
		return w, err
	}
	w.Words = newsroom.LiveWords{Headline: oneOf(get("headline")), Doc: story.ParseEntry(newlines.Replace(get("text"))), By: get("by"), Key: get("keyEvent") != "", Pinned: get("pinned") != "",
		Pictures: picturesOf(r.PostForm)}
	return w, d.keepLive(r, who, &w, get)
}

// keepLive keeps of an edited entry what its form does not show, and the ids of its blocks
// as far as it has them; and reads the quotation.
func (d *desk) keepLive(r *http.Request, who newsroom.Who, w *newsroom.LiveWish, get func(string) string) error {
	var before record.Live
	if w.What == story.EditLive {
		c, err := d.room.LiveWordsOf(r.Context(), who, w.Page, w.Entry)
		if err != nil {
			return err
		}
		before = c
	}
	var plain story.Doc
	for _, b := range before.Doc {
		if b.Kind == story.Paragraph || b.Kind == story.List {
			plain = append(plain, b)
		}
	}
	for i := range min(len(plain), len(w.Words.Doc)) {
		w.Words.Doc[i].ID = plain[i].ID
	}
	_, others := story.FormatEntry(before.Doc)
	w.Words.Doc = append(w.Words.Doc, others...)
	for i, u := range w.Words.Pictures {
		if old, there := (story.Text{Pictures: before.Pictures}).Picture(u.ID); there {
			w.Words.Pictures[i].Focal, w.Words.Pictures[i].Rights = old.Focal, old.Rights
		}
	}
	q := story.Quotation{ID: w.Key[:min(len(w.Key), story.BlockIDLength)], Form: "direct"}
	if len(before.Quotations) > 0 {
		q = before.Quotations[0]
		w.Words.Quotations = before.Quotations[1:]
	}
	if words := oneOf(get("quoted")); words != "" {
		if words != oneOf(quoted(q)) {
			q.Words = []story.Words{{Text: words}}
		}
		q.Speaker, q.Capacity, q.Occasion, q.Place, q.ReportedBy = get("speaker"), get("capacity"), get("occasion"), get("place"), get("reportedBy")
		w.Words.Quotations = append([]story.Quotation{q}, w.Words.Quotations...)
	}
	return nil
}

// liveUpload adds the picture that a form carries, if it carries one.
func (d *desk) liveUpload(r *http.Request, who newsroom.Who, id story.ArticleID) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File["picture"]) == 0 || r.MultipartForm.File["picture"][0].Size == 0 {
		return nil
	}
	raw, err := uploaded(r)
	if err != nil {
		return err
	}
	use, err := d.room.AddLivePicture(r.Context(), who, "picture-"+r.PostFormValue("key"), id, raw)
	if err != nil {
		return err
	}
	typed := append(slices.Clone(r.PostForm["new"]), "", "", "", "", "")[:5]
	for i, read := range []string{use.Caption, use.Credit.Line, use.Credit.Photographer, use.Credit.Agency, use.Alt} {
		typed[i] = cmp.Or(strings.TrimSpace(typed[i]), read)
	}
	r.PostForm["p."+use.ID] = typed
	r.PostForm.Set("pictures", r.PostForm.Get("pictures")+" "+use.ID)
	return nil
}

// liveBack takes back what waits of a live page.
func (d *desk) liveBack(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.liveDone(w, r, who, "back", d.room.TakeBack(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("act")))))
}

// liveBreak begins a story of a live entry, and leads to it.
func (d *desk) liveBreak(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	made, err := d.room.BreakOut(r.Context(), who, newsroom.BreakingOut{Key: r.PostFormValue("key"), Page: id, Entry: r.PostFormValue("entry"), Desk: story.DeskID(r.PostFormValue("desk"))})
	if err != nil {
		return d.liveDone(w, r, who, "", err)
	}
	http.Redirect(w, r, "/stories/"+string(made), http.StatusSeeOther)
	return nil
}
