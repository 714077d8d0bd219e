package site

import (
	"cmp"
	"fmt"
	"time"

	"dateline/internal/drawing"
	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// What other programs are told of a page in its head: how it is shown where it is shared,
// where its feeds are, and the linked data of what it shows.

func (f frame) share(b ui.Base, p page) *ui.Share {
	if b.Canonical == "" {
		return nil
	}
	card := &ui.ShareImage{Address: f.house().Address + files.Path("card.png"), Type: "image/png", Width: 1200, Height: 630, Alt: b.House}
	return &ui.Share{Type: "website", Title: cmp.Or(p.title, b.House), About: p.about, Address: b.Canonical, Site: b.House, Locale: ui.Locale(f.lang), Image: card}
}

// feedLinks lead to the page's own feeds, and to the house's.
func (f frame) feedLinks(p page) (links []ui.FeedLink) {
	add := func(name, title string) {
		for _, format := range feedFormats {
			links = append(links, ui.FeedLink{Type: format.media, Address: f.to(name + format.ending), Title: title})
		}
	}
	if p.feeds != "" {
		add(p.feeds, p.title)
	}
	if p.feed {
		add("/feed", f.in(f.house().Names))
	}
	return links
}

// linked writes linked data of this page's house, language and people.
func (f frame) linked(people map[string]string) feed.Linked {
	return feed.Linked{House: f.house(), Lang: f.lang, People: people, Logo: f.house().Address + f.dressed().icon("512"), Zones: func(id story.DeskID) *time.Location {
		if d := f.deskOf(id); d != nil {
			return d.Zone
		}
		return f.house().Zone
	}}
}

// shareArticle says of a shared article when it was posted, and shows its card: the
// credit of its picture goes with it in the words that stand for the picture.
func (f frame) shareArticle(b *ui.Base, a edition.Article) {
	if b.Share == nil {
		return
	}
	node := f.linked(nil).Article(a)
	b.Share.Type, b.Share.Published, b.Share.Modified, b.Share.Section = "article", node.Published, node.Modified, node.Section
	f.shareCard(b, a.Card)
}

// shareCard shows an article's card beside a shared page, in place of the house's.
func (f frame) shareCard(b *ui.Base, c edition.Card) {
	if b.Share == nil {
		return
	}
	b.Share.Image = &ui.ShareImage{Address: f.house().Address + cardPath(c), Type: "image/jpeg", Width: drawing.Width, Height: drawing.Height, Alt: c.Headline}
	if c.Picture != nil {
		b.Share.Image.Alt = feed.AltWithCredit(*c.Picture, fmt.Sprintf(f.words.Photo, c.Picture.Credit.String()))
	}
}

// people are the full addresses of those whom an article names and who have a page.
func (v *visit) people(a edition.Article) (map[string]string, error) {
	out := map[string]string{}
	add := func(id string) error {
		if id == "" || out[id] != "" {
			return nil
		}
		at, err := v.personAddress(id)
		if at != "" {
			out[id] = v.house().Address + at
		}
		return err
	}
	for _, b := range a.Bylines {
		if err := add(b.Person); err != nil {
			return nil, err
		}
	}
	for _, q := range a.Content.Quotations {
		if err := add(q.Person); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v *visit) articleData(a edition.Article) ([]any, error) {
	people, err := v.people(a)
	if err != nil {
		return nil, err
	}
	l := v.linked(people)
	return []any{l.Article(a), l.Breadcrumbs(v.crumbs(a)...)}, nil
}

// crumbs lead to an article by its section.
func (f frame) crumbs(a edition.Article) []feed.Crumb {
	steps := []feed.Crumb{{Words: f.words.FrontPage, Address: f.home()}}
	if name, ok := f.sectionName(a.Section); ok {
		steps = append(steps, feed.Crumb{Words: name, Address: f.to("/s/" + a.Section)})
	}
	return append(steps, feed.Crumb{Words: a.Headline, Address: feed.Address(f.house(), a.Card)})
}

func (v *visit) liveData(a edition.Article, page edition.LivePage, entries []edition.LiveEntry) ([]any, error) {
	people, err := v.people(a)
	if err != nil {
		return nil, err
	}
	var updates []feed.Update
	for _, e := range entries {
		u := feed.Update{LiveEntry: e, Address: v.entryAddress(a, e), Headline: v.keyLine(a, e).Words, By: v.in(v.house().Names)}
		if d := v.deskOf(e.Desk); d != nil {
			u.By = v.words.Say(v.words.DeskOf, v.in(d.Names))
		}
		updates = append(updates, u)
	}
	l := v.linked(people)
	return []any{l.LiveBlog(a, page, feed.CoverageEnds(v.moment, page), updates), l.Breadcrumbs(v.crumbs(a)...)}, nil
}

func (f frame) personData(b *ui.Base, p edition.Person, said []edition.Statement) {
	l := f.linked(nil)
	for _, n := range l.Person(p, f.to(personPath(p)), said) {
		b.Data = append(b.Data, n)
	}
	b.Data = append(b.Data, l.Breadcrumbs(feed.Crumb{Words: f.words.FrontPage, Address: f.home()}, feed.Crumb{Words: p.Names.In(f.lang, f.house().Languages...), Address: f.to(personPath(p))}))
	if b.Share != nil {
		b.Share.Type = "profile"
	}
}
