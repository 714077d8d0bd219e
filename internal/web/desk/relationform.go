package desk

import (
	"net/http"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

var relationTemplate = newPage[relationForm]("relation.tmpl", "pieceparts.tmpl", "frame.tmpl")

// relationForm says how one quotation stands to another: one of a story's, and one that is
// looked for.
type relationForm struct {
	pieceForm
	Story         string // id of the story that it starts from
	Find          string
	From, To      []quotationLine
	Whats         []choice
	Words, Source string
	Known         []paperLine // relations of this story
	MaySave       bool
}

// chooser is a list of which one is chosen.
type chooser struct {
	Name  string
	Lines []quotationLine
}

// FromList and ToList are the two lists of the form.
func (f relationForm) FromList() chooser { return chooser{"from", f.From} }
func (f relationForm) ToList() chooser   { return chooser{"to", f.To} }

// quotationLine is a quotation, or a whole story, that can be chosen.
type quotationLine struct {
	Value, Speaker, Words, Story string
	Dir                          string
	Chosen                       bool
}

func (d *desk) relationForm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawRelation(w, r, who, nil)
}

// found is how many quotations a search shows.
const found = 30

func (d *desk) drawRelation(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	v, err := pieceAt(r, who, d.room.Relation)
	if err != nil {
		return err
	}
	c := v.Content
	p := relationForm{Story: r.FormValue("story"), Find: strings.TrimSpace(r.FormValue("find")), Words: typedOr(r.PostForm, "words", c.Words), Source: typedOr(r.PostForm, "source", c.Source)}
	if p.pieceForm, _, err = pieceFrame(d, r, who, "relations", "Relation", v); err != nil {
		return err
	}
	for _, what := range newsroom.Relations() {
		p.Whats = append(p.Whats, choice{string(what), p.say(string(what)), string(what) == typedOr(r.PostForm, "what", string(c.What))})
	}
	if p.From, err = d.quotationLines(r, who, typedOr(r.Form, "from", c.From), p.Story); err != nil {
		return err
	}
	if p.To, err = d.quotationLines(r, who, typedOr(r.Form, "to", c.To), p.Find); err != nil {
		return err
	}
	if p.Known, err = d.relationLines(r, who, newsroom.ArticleIn(p.Story)); err != nil {
		return err
	}
	p.MaySave = len(p.From) > 0 && len(p.To) > 0
	status := p.answer(refusal)
	return relationTemplate.Render(w, status, p)
}

// quotationLines lists what can be chosen: what a search finds, and for the address of a
// story the story as a whole.
func (d *desk) quotationLines(r *http.Request, who newsroom.Who, now, search string) (lines []quotationLine, err error) {
	all, err := d.room.Quotations(r.Context(), who, search, found)
	if err != nil {
		return nil, err
	}
	if all, err = d.withChosen(r, who, all, now); err != nil {
		return nil, err
	}
	for _, q := range all {
		l := quotationLine{Value: string(q.End.Article) + "." + q.ID, Speaker: q.Speaker, Words: cut(story.Said(q.Quotation), 160), Story: q.Headline, Dir: story.Direction(q.Lang)}
		l.Chosen = now == l.Value || now != "" && now == q.ID
		lines = append(lines, l)
	}
	if id := newsroom.ArticleIn(search); id != "" {
		lines = append(lines, quotationLine{Value: string(id), Speaker: d.reading(r).say("The whole report"), Story: string(id), Chosen: now == string(id)})
	}
	return lines, nil
}

// withChosen puts the quotation that is chosen first where a search did not find it.
func (d *desk) withChosen(r *http.Request, who newsroom.Who, all []newsroom.QuotationView, now string) ([]newsroom.QuotationView, error) {
	article, id, whole := strings.Cut(now, ".")
	if !whole {
		article, id = "", now
	}
	is := func(q newsroom.QuotationView) bool { return q.ID == id }
	if id == "" || slices.ContainsFunc(all, is) {
		return all, nil
	}
	more, err := d.room.Quotations(r.Context(), who, article, 10*found)
	if i := slices.IndexFunc(more, is); i >= 0 {
		all = append([]newsroom.QuotationView{more[i]}, all...)
	}
	return all, err
}

func (d *desk) relationLines(r *http.Request, who newsroom.Who, id story.ArticleID) (lines []paperLine, err error) {
	if id == "" {
		return nil, nil
	}
	all, err := d.room.RelationsOf(r.Context(), who, id)
	for _, v := range all {
		lines = append(lines, lineOfPiece(d.reading(r).Tongue, "/relations/", v.ID, d.reading(r).say(string(v.Content.What))+": "+v.Content.Words, v.Content.From+" → "+v.Content.To, v.Standing, v.Waiting))
		lines[len(lines)-1].Address += "?story=" + string(id)
	}
	return lines, err
}

// putRelation files a relation as the form says it, or looks for quotations.
func (d *desk) putRelation(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if r.PostFormValue("do") == "find" {
		return d.drawRelation(w, r, who, nil)
	}
	c := newsroom.RelationWish{From: endOf(r.PostFormValue("from")), To: endOf(r.PostFormValue("to")), What: record.RelationWhat(r.PostFormValue("what")),
		Words: oneOf(r.PostFormValue("words")), Source: sourceOf(r.PostFormValue("source"))}
	filed, err := d.room.PutRelation(r.Context(), who, pieceWish(r), c)
	return d.donePiece(w, r, "relations", filed, err, func(refusal error) error { return d.drawRelation(w, r, who, refusal) })
}

func endOf(value string) newsroom.End {
	article, quotation, _ := strings.Cut(value, ".")
	return newsroom.End{Article: story.ArticleID(article), Quotation: quotation}
}

// sourceOf is an address as it was typed, or the id of a report of this house.
func sourceOf(typed string) string {
	typed = strings.TrimSpace(typed)
	if id := newsroom.ArticleIn(typed); id != "" && !strings.Contains(typed, "://") {
		return string(id)
	}
	return typed
}

var quotationsTemplate = newPage[quotationsForm]("quotations.tmpl", "frame.tmpl")

// quotationsForm edits who said each quotation of a story, in which capacity, where, when.
type quotationsForm struct {
	frame
	ID, Headline string
	Version      int
	Quotations   []quotationFields
	Forms        []string
	Public       bool
}

type quotationFields struct {
	ID, Words, Dir, Speaker, Capacity, Occasion, Place, ReportedBy, Said string
	Forms                                                                []choice
}

// forms are the ways in which words can be quoted.
var forms = []string{"direct", "partial", "indirect", "translated"}

// quotationsOf are the quotations of a working text, those too that have nothing but words
// yet: the id of their block becomes theirs.
func quotationsOf(t story.Text) (all []story.Quotation) {
	all = slices.Clone(t.Quotations)
	for _, b := range t.Doc {
		if b.Kind == story.QuotationBlock && b.Quotation == "" {
			all = append(all, story.Quotation{ID: b.ID, Blocks: []string{b.ID}, Words: []story.Words{{Text: b.Plain()}}, Form: "direct"})
		}
	}
	return all
}

const saidFormat = "2006-01-02 15:04"

func (d *desk) quotationsForm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawQuotations(w, r, who, nil)
}

func (d *desk) drawQuotations(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return err
	}
	p := quotationsForm{frame: d.frame(r, who, v.HouseView, v.Desk.ID, v.Say("Quotations")), ID: string(id), Headline: v.Text.Headline, Version: v.Parts["quotations"].Version, Public: v.Article.Standing == story.Public}
	for _, q := range quotationsOf(v.Text) {
		typed := func(name, kept string) string { return typedOr(r.PostForm, name+"."+q.ID, kept) }
		f := quotationFields{ID: q.ID, Words: story.Said(q), Dir: story.Direction(v.Text.Lang), Speaker: typed("speaker", q.Speaker), Capacity: typed("capacity", q.Capacity), Occasion: typed("occasion", q.Occasion),
			Place: typed("place", q.Place), ReportedBy: typed("by", q.ReportedBy), Said: typed("said", "")}
		if !q.Said.IsZero() {
			f.Said = typed("said", q.Said.In(v.Desk.Zone).Format(saidFormat))
		}
		for _, form := range forms {
			f.Forms = append(f.Forms, choice{form, v.Say(form), form == typed("form", q.Form)})
		}
		p.Quotations = append(p.Quotations, f)
	}
	status := p.answer(refusal)
	return quotationsTemplate.Render(w, status, p)
}
