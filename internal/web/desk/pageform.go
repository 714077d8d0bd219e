package desk

import (
	"net/http"
	"net/url"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var pageTemplate = newPage[pageForm]("page.tmpl", "pieceparts.tmpl", "frame.tmpl")

// pageForm is a page that is no article.
type pageForm struct {
	pieceForm
	Title, Slug, Text string
	Languages         []choice
}

func (d *desk) pageForm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawPage(w, r, who, nil)
}

func (d *desk) drawPage(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	v, err := pieceAt(r, who, d.room.Page)
	if err != nil {
		return err
	}
	c := v.Content
	if v.Waiting != nil && v.Waiting.Detail.Piece != nil {
		c = *v.Waiting.Detail.Piece.Page
	}
	p := pageForm{Title: typedOr(r.PostForm, "title", c.Title), Slug: typedOr(r.PostForm, "slug", c.Slug), Text: typedOr(r.PostForm, "text", story.FormatDoc(c.Doc))}
	var h newsroom.HouseView
	if p.pieceForm, h, err = pieceFrame(d, r, who, "pages", "Page", v); err != nil {
		return err
	}
	p.Languages = langChoices(h, typedOr(r.PostForm, "lang", c.Lang))
	if v.Standing == story.Public {
		p.Readers = d.publicAddress(h, v.Content.Lang, "/"+v.Content.Slug)
	}
	status := p.answer(refusal)
	return pageTemplate.Render(w, status, p)
}

// putPage files a page as the form says it.
func (d *desk) putPage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	get := func(name string) string { return oneOf(r.PostFormValue(name)) }
	c := record.Page{Title: get("title"), Slug: story.Slug(get("slug")), Lang: get("lang"), Doc: story.ParseDoc(r.PostFormValue("text"))}
	filed, err := d.room.PutPage(r.Context(), who, pieceWish(r), c)
	return d.donePiece(w, r, "pages", filed, err, func(refusal error) error { return d.drawPage(w, r, who, refusal) })
}

var personTemplate = newPage[personForm]("person.tmpl", "pieceparts.tmpl", "frame.tmpl")

// personForm is what readers are told of somebody.
type personForm struct {
	pieceForm
	Tongues []personTongue
	Merged  string
	Into    string // the name of whom they were merged into
}

type personTongue struct{ Lang, Dir, Tongue, Name, Line string }

func (d *desk) personForm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawPerson(w, r, who, nil)
}

func (d *desk) drawPerson(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	v, err := pieceAt(r, who, d.room.Person)
	if err != nil {
		return err
	}
	c := v.Content
	if v.Waiting != nil && v.Waiting.Detail.Piece != nil {
		c = *v.Waiting.Detail.Piece.Person
	}
	p := personForm{Merged: typedOr(r.PostForm, "merged", c.Merged)}
	var h newsroom.HouseView
	if p.pieceForm, h, err = pieceFrame(d, r, who, "people", "Person", v); err != nil {
		return err
	}
	for _, lang := range h.House.Languages {
		p.Tongues = append(p.Tongues, personTongue{lang, story.Direction(lang), ui.TongueName(lang), typedOr(r.PostForm, "name."+lang, c.Names[lang]), typedOr(r.PostForm, "line."+lang, c.Line[lang])})
	}
	if c.Merged != "" {
		into, err := d.room.Person(r.Context(), who, c.Merged)
		if _, refused := story.AsRefusal(err); err != nil && !refused {
			return err
		}
		p.Into = namesOf(into.Content)
	}
	if v.Standing == story.Public {
		p.Readers = d.publicAddress(h, "", "/person/"+v.Content.Slug+"-"+v.ID)
	}
	status := p.answer(refusal)
	return personTemplate.Render(w, status, p)
}

// putPerson files a person as the form says it. Languages that the form does not show stay.
func (d *desk) putPerson(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	v, err := pieceAt(r, who, d.room.Person)
	if err != nil {
		return err
	}
	merged := strings.TrimSpace(r.PostFormValue("merged"))
	if id := newsroom.ArticleIn(merged); id != "" {
		merged = string(id) // of an address of a person, too, the id is the end
	}
	c := record.Person{Names: typedWords(r.PostForm, "name.", v.Content.Names), Line: typedWords(r.PostForm, "line.", v.Content.Line), Merged: merged}
	filed, err := d.room.PutPerson(r.Context(), who, pieceWish(r), c)
	return d.donePiece(w, r, "people", filed, err, func(refusal error) error { return d.drawPerson(w, r, who, refusal) })
}

func typedWords(form url.Values, prefix string, kept record.Words) record.Words {
	out := record.Words{}
	for lang, s := range kept {
		out[lang] = s
	}
	for name := range form {
		if lang, ok := strings.CutPrefix(name, prefix); ok {
			out[lang] = oneOf(form.Get(name))
		}
	}
	return out
}
