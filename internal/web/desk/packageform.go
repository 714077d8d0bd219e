package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

var packageTemplate = newPage[packageForm]("package.tmpl", "pieceparts.tmpl", "frame.tmpl")

// packageForm is a running story, with its members in order.
type packageForm struct {
	pieceForm
	Title, Slug, Note string
	Add               string // addresses typed
	Languages, Sorts  []choice
	Members           []packageLine
}

type packageLine struct {
	ID, Headline string
	Place        int
	Gone         string // why readers do not see it
}

func (d *desk) packageForm(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawPackage(w, r, who, nil)
}

func (d *desk) drawPackage(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error) error {
	v, err := pieceAt(r, who, d.room.Package)
	if err != nil {
		return err
	}
	c := v.Content
	if v.Waiting != nil && v.Waiting.Detail.Piece != nil {
		c = *v.Waiting.Detail.Piece.Package
	}
	unread := ""
	if refusal != nil {
		if c, err = typedPackage(r.PostForm); err != nil {
			refusal, unread = err, r.PostFormValue("add")
		}
	}
	p := packageForm{Title: c.Title, Slug: c.Slug, Note: c.Note, Add: unread}
	var h newsroom.HouseView
	if p.pieceForm, h, err = pieceFrame(d, r, who, "packages", "Running story", v); err != nil {
		return err
	}
	if v.Standing == story.Public {
		p.Readers = d.publicAddress(h, v.Content.Lang, "/running/"+v.Content.Slug+"-"+v.ID)
	}
	p.Languages = langChoices(h, c.Lang)
	p.Sorts = []choice{{newsroom.Running, h.Say("Running: it grows, the newest first"), c.Sort != newsroom.Ordered}, {newsroom.Ordered, h.Say("Ordered: it keeps the order below"), c.Sort == newsroom.Ordered}}
	members, err := d.room.Members(r.Context(), c.Members)
	if err != nil {
		return err
	}
	for i, m := range members {
		l := packageLine{ID: string(m.ID), Headline: m.Headline, Place: i + 1}
		if m.Standing != story.Public {
			l.Gone = h.Say("not public; it has to leave")
		}
		p.Members = append(p.Members, l)
	}
	status := p.answer(refusal)
	return packageTemplate.Render(w, status, p)
}

// putPackage files a package as the form says it.
func (d *desk) putPackage(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	c, err := typedPackage(r.PostForm)
	var filed newsroom.FiledPiece
	if err == nil {
		filed, err = d.room.PutPackage(r.Context(), who, pieceWish(r), c)
	}
	return d.donePiece(w, r, "packages", filed, err, func(refusal error) error { return d.drawPackage(w, r, who, refusal) })
}

// typedPackage reads the form: members by the places that were typed, then those added.
func typedPackage(form url.Values) (c record.Package, err error) {
	get := func(name string) string { return oneOf(form.Get(name)) }
	c = record.Package{Title: get("title"), Slug: story.Slug(get("slug")), Lang: get("lang"), Sort: get("sort"), Note: strings.TrimSpace(newlines.Replace(form.Get("note")))}
	members := slices.DeleteFunc(slices.Clone(form["member"]), func(id string) bool { return form.Get("drop."+id) != "" })
	slices.SortStableFunc(members, func(a, b string) int { return atoi(form.Get("place."+a)) - atoi(form.Get("place."+b)) })
	for _, id := range members {
		c.Members = append(c.Members, story.ArticleID(id))
	}
	for _, address := range strings.Fields(form.Get("add")) {
		id := newsroom.ArticleIn(address)
		if id == "" {
			return c, story.Refuse(story.Invalid, "A report is added by its address or its id; %.80q is neither.", address)
		}
		if !slices.Contains(c.Members, id) {
			c.Members = append(c.Members, id)
		}
	}
	return c, nil
}
