package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/look"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// The front page of a language: a place a line, each with a story or the rule, and a
// breaking line that ends by itself. What is typed is looked at before it is filed.

// A Paper is the readers' side of front pages.
type Paper interface {
	// Newest are the newest stories that readers of a language see.
	Newest(ctx context.Context, lang string, limit int) ([]PaperStory, error)
	// Front draws a front page as it would be.
	Front(w http.ResponseWriter, r *http.Request, wish PaperWish) error
	// Sheet is the style sheet of a look, if it is the one at that address.
	Sheet(l *record.Look, address string) ([]byte, bool)
}

// A PaperStory can stand on a front page.
type PaperStory struct {
	ID       story.ArticleID
	Headline string
	Posted   time.Time
	Pictured bool
}

// A PaperWish is a front page as somebody wants it; nil is as readers see it now.
type PaperWish struct {
	Lang     string
	Dressed  bool // look and masthead are wished for
	Look     *record.Look
	Masthead record.Words
	Front    *record.Front
	Sheet    func(address string) string // where the newsroom has a style sheet
}

var frontTemplate = newPage[frontForm]("front.tmpl", "glass.tmpl", "frame.tmpl")

type frontForm struct {
	frame
	Lang, Dir string
	Tongues   []ui.Link
	Base      int64
	Voices    []choice
	Slots     []frontSlot
	Extra     []string // stories that were added to the lists
	Waits     *waiting
	Words     string // of the breaking line
	Leads     []choice
	Ends      []choice
	Standing  string // until when the line of now stands
	Preview   string // address, "" where nobody draws it
	Readers   string
	Columns   int
}

// frontSlot is a place on the form.
type frontSlot struct {
	Name, Label, Headline string
	Choices               []choice
	Gone                  string // what its story is now, where readers do not see it
}

// frontOffered is how many of the newest stories each place offers.
const frontOffered = 60

// slotNames are the places of the form, in the order of the page.
func slotNames(columns int) (names []string) {
	names = append(names, record.LeadPlace)
	for i := range columns {
		names = append(names, fmt.Sprintf("%s.%d", record.SecondPlace, i+1))
	}
	for i := range newsroom.MaxBriefs {
		names = append(names, fmt.Sprintf("%s.%d", record.BriefPlace, i+1))
	}
	return names
}

func slotLabel(h newsroom.HouseView, name string) string {
	kind, n, _ := strings.Cut(name, ".")
	return strings.TrimSpace(map[string]string{record.LeadPlace: h.Say("Lead"), record.SecondPlace: h.Say("Under it"), record.BriefPlace: h.Say("Brief")}[kind] + " " + n)
}

func columnsOf(h record.House) int {
	if h.Look != nil && h.Look.Columns != 0 {
		return h.Look.Columns
	}
	return look.Columns
}

// frontTyped is the form that was sent, or that the page now makes.
func frontTyped(form url.Values, lang string, columns int, kept *record.Breaking, now time.Time) record.Front {
	f := record.Front{Lang: lang, Rest: "newest"}
	last := 0
	for _, name := range slotNames(columns) {
		kind, _, _ := strings.Cut(name, ".")
		p := record.FrontPlace{Article: newsroom.ArticleIn(form.Get(name)), Place: kind}
		if p.Article != "" {
			p.Headline = oneOf(form.Get(name + ".headline"))
		}
		if f.Places = append(f.Places, p); p.Article != "" || kind == record.LeadPlace {
			last = len(f.Places)
		}
	}
	f.Places = f.Places[:last] // what follows is the rule's in any case
	if words := oneOf(form.Get("breaking")); words != "" {
		f.Breaking = &record.Breaking{Words: words, Article: newsroom.ArticleIn(form.Get("breaking.article")), Until: now.Add(time.Duration(atoi(form.Get("breaking.for"))) * time.Minute)}
		if form.Get("breaking.for") == "keep" && kept != nil {
			f.Breaking.Until = kept.Until
		}
	}
	return f
}

// frontValues writes a front as the form has it.
func frontValues(f record.Front, columns int, now time.Time) url.Values {
	out := url.Values{"lang": {f.Lang}}
	free := map[string][]string{}
	for _, name := range slotNames(columns) {
		kind, _, _ := strings.Cut(name, ".")
		free[kind] = append(free[kind], name)
	}
	for i, p := range f.Places {
		kind := p.Place
		if kind == "" { // of an order without places
			kind = record.SecondPlace
			if i == 0 {
				kind = record.LeadPlace
			}
		}
		if len(free[kind]) == 0 {
			continue
		}
		name := free[kind][0]
		free[kind] = free[kind][1:]
		out.Set(name, string(p.Article))
		out.Set(name+".headline", p.Headline)
	}
	if b := f.Breaking; b != nil && b.Until.After(now) {
		out.Set("breaking", b.Words)
		out.Set("breaking.article", string(b.Article))
		out.Set("breaking.for", "keep")
	}
	return out
}

// front shows a front page as it is arranged now, or as the address says.
func (d *desk) front(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawFront(w, r, who, nil, nil)
}

// setFront looks at what is typed, or files it.
func (d *desk) setFront(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if r.PostFormValue("do") != "file" {
		return d.drawFront(w, r, who, r.PostForm, nil)
	}
	h, lang, v, err := d.frontOf(r, r.PostForm)
	if err != nil {
		return err
	}
	base, err := strconv.ParseInt(r.PostFormValue("base"), 10, 64)
	if err != nil {
		base = -1
	}
	x, ok := h.Desk(r.PostFormValue("desk"))
	if !ok {
		return story.Refuse(story.Unknown, "There is no such desk.")
	}
	wish := newsroom.FrontWish{Key: r.PostFormValue("key"), Desk: x.ID, Base: base, Front: frontTyped(r.PostForm, lang, columnsOf(h.House), v.Front.Breaking, h.Now)}
	filed, err := d.room.ArrangeFront(r.Context(), who, wish)
	if _, refused := story.AsRefusal(err); refused {
		return d.drawFront(w, r, who, r.PostForm, err)
	}
	if err != nil {
		return err
	}
	said := "front"
	if filed.State != story.Posted {
		said = "frontWaits"
	}
	http.Redirect(w, r, "/front?lang="+url.QueryEscape(lang)+"&said="+said, http.StatusSeeOther)
	return nil
}

// frontOf reads the house, the language that a form is about, and the front page of it.
func (d *desk) frontOf(r *http.Request, form url.Values) (h newsroom.HouseView, lang string, v newsroom.FrontView, err error) {
	if h, err = d.room.House(r.Context()); err != nil {
		return h, "", v, err
	}
	if lang = form.Get("lang"); !slices.Contains(h.House.Languages, lang) {
		lang = "en"
		if len(h.House.Languages) > 0 {
			lang = h.House.Languages[0]
		}
	}
	v, err = d.room.Front(r.Context(), lang)
	return h, lang, v, err
}

func (d *desk) drawFront(w http.ResponseWriter, r *http.Request, who newsroom.Who, typed url.Values, refusal error) error {
	asked := cmp.Or(typed.Get("lang"), r.URL.Query().Get("lang"))
	h, lang, v, err := d.frontOf(r, url.Values{"lang": {asked}})
	if err != nil {
		return err
	}
	columns := columnsOf(h.House)
	if typed == nil {
		front := v.Front
		if v.Waiting != nil && v.Waiting.Detail.Front != nil {
			front = *v.Waiting.Detail.Front
		}
		typed = frontValues(front, columns, h.Now)
	}
	p := frontForm{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Front page")), Lang: lang, Dir: story.Direction(lang), Base: v.N, Columns: columns,
		Words: typed.Get("breaking"), Readers: d.publicAddress(h, lang, "/")}
	if base, err := strconv.ParseInt(typed.Get("base"), 10, 64); err == nil && refusal == nil {
		p.Base = base // as it was when the form was first drawn
	}
	if v.Waiting != nil {
		p.Waits = waitingOf(*v.Waiting, h)
	}
	for _, l := range h.House.Languages {
		p.Tongues = append(p.Tongues, ui.Link{Address: "/front?lang=" + url.QueryEscape(l), Words: ui.TongueName(l), Current: l == lang})
	}
	for _, x := range h.Desks {
		if who.May("front", x.ID) {
			p.Voices = append(p.Voices, choice{string(x.ID), x.Name(), string(x.ID) == typed.Get("desk") || typed.Get("desk") == "" && x.ID == own(who, h).ID})
		}
	}
	if err := d.offer(r.Context(), &p, h, typed, columns); err != nil {
		return err
	}
	p.ends(typed, v.Front.Breaking, h)
	if d.options.Paper != nil {
		typed.Set("lang", lang)
		p.Preview = "/front/preview?" + forPreview(typed).Encode()
	}
	framing(w, "frame-src 'self'")
	return frontTemplate.Render(w, p.answer(refusal), p)
}

// forPreview leaves out what a preview does not show.
func forPreview(typed url.Values) url.Values {
	out := url.Values{}
	for name, v := range typed {
		if len(v) > 0 && v[0] != "" && !slices.Contains([]string{"key", "logoKey", "base", "desk", "do", "add", "extra"}, name) {
			out[name] = v[:1]
		}
	}
	return out
}

// offer fills every place's list: the rule first, then the newest, then those that were
// added or stand there already.
func (d *desk) offer(ctx context.Context, p *frontForm, h newsroom.HouseView, typed url.Values, columns int) error {
	var newest []PaperStory
	var err error
	if d.options.Paper != nil {
		if newest, err = d.options.Paper.Newest(ctx, p.Lang, frontOffered); err != nil {
			return err
		}
	}
	known := map[story.ArticleID]bool{}
	var all []choice
	for _, s := range newest {
		known[s.ID] = true
		words := clock.HM(s.Posted, h.Zone) + " · " + s.Headline
		if clock.Date(s.Posted, h.Zone) != clock.Date(h.Now, h.Zone) {
			words = clock.ShortDay(s.Posted, h.Zone, h.Lang) + " " + words
		}
		if s.Pictured {
			words += " ▣"
		}
		all = append(all, choice{string(s.ID), words, false})
	}
	var others []story.ArticleID
	add := func(text string) {
		if id := newsroom.ArticleIn(text); id != "" && !known[id] {
			known[id] = true
			others = append(others, id)
		}
	}
	for _, text := range append(strings.Fields(typed.Get("add")), typed["extra"]...) {
		add(text)
		if id := newsroom.ArticleIn(text); id != "" && !slices.Contains(p.Extra, string(id)) {
			p.Extra = append(p.Extra, string(id))
		}
	}
	names := slotNames(columns)
	for _, name := range append(names, "breaking.article") {
		add(typed.Get(name))
	}
	members, err := d.room.Members(ctx, others)
	if err != nil {
		return err
	}
	gone := map[string]string{}
	for _, m := range members {
		words := cmp.Or(m.Headline, string(m.ID))
		if m.Standing != story.Public {
			gone[string(m.ID)] = h.Say("Readers do not see it now. The newest story stands here instead.")
			words += " " + h.Say("(not public)")
		}
		all = append(all, choice{string(m.ID), words, false})
	}
	for _, name := range names {
		id := string(newsroom.ArticleIn(typed.Get(name)))
		p.Slots = append(p.Slots, frontSlot{Name: name, Label: slotLabel(h, name), Headline: typed.Get(name + ".headline"), Choices: choosing(h.Say("By rule: the newest"), all, id), Gone: gone[id]})
	}
	p.Leads = choosing(h.Say("nothing here"), all, string(newsroom.ArticleIn(typed.Get("breaking.article"))))
	return nil
}

// choosing are the stories that a place offers, after what it has without one.
func choosing(none string, all []choice, value string) []choice {
	out := append([]choice{{Words: none}}, all...)
	for i := range out {
		out[i].Chosen = out[i].Value == value
	}
	return out
}

// ends offers for how long the breaking line stands: it never stays by itself.
func (p *frontForm) ends(typed url.Values, now *record.Breaking, h newsroom.HouseView) {
	asked := typed.Get("breaking.for")
	if now != nil && now.Until.After(h.Now) {
		p.Standing = clock.DayTime(now.Until, h.Zone, h.Lang) + " " + h.City()
		p.Ends = append(p.Ends, choice{"keep", h.Say("until %s, as now", p.Standing), asked == "keep"})
	}
	for _, e := range []struct {
		minutes int
		words   string
	}{{30, "for half an hour"}, {60, "for an hour"}, {120, "for two hours"}, {240, "for four hours"}, {480, "for eight hours"}, {1440, "for a day"}} {
		value := strconv.Itoa(e.minutes)
		p.Ends = append(p.Ends, choice{value, h.Say(e.words), asked == value || asked == "" && e.minutes == 60})
	}
}

// previewFront draws a front page as the address says it.
func (d *desk) previewFront(w http.ResponseWriter, r *http.Request, _ newsroom.Who) error {
	if d.options.Paper == nil {
		return story.Refuse(story.Unknown, "There is no preview here.")
	}
	h, lang, v, err := d.frontOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	front := frontTyped(r.URL.Query(), lang, columnsOf(h.House), v.Front.Breaking, h.Now)
	framing(w, "")
	return d.options.Paper.Front(w, r, PaperWish{Lang: lang, Front: &front, Sheet: func(address string) string { return address }})
}

// framing lets a page be shown in a frame of ours, or hold such a frame, and nothing else.
func framing(w http.ResponseWriter, more string) {
	h := w.Header()
	policy := h.Get("Content-Security-Policy")
	if more != "" {
		h.Set("Content-Security-Policy", policy+"; "+more)
		return
	}
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
	h.Set("X-Frame-Options", "SAMEORIGIN")
}
