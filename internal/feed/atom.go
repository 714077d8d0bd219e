// Package feed writes what programs read: pure bytes from the edition's values.
package feed

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
)

// Atom (RFC 4287). Times are the posted time, which never changes, and that of the newest
// update or correction. A correction stays under the entry's id, as does a withdrawal.

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Rights  string      `xml:"rights"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Link       atomLink       `xml:"link"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Rights     string         `xml:"rights,omitempty"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// Address is an article's public address, without the house's.
func Address(h edition.House, c edition.Card) string {
	prefix := ""
	if c.Lang != h.First() {
		prefix = "/" + c.Lang
	}
	return prefix + "/" + url.PathEscape(c.Slug) + "-" + string(c.ID)
}

// Atom writes a feed of articles; self and home are addresses without the house's. An
// empty feed is dated since. What is killed, and what was only archived, is left out.
func Atom(h edition.House, lang, title, self, home string, articles []edition.Article, since time.Time) ([]byte, error) {
	f := atomFeed{Lang: lang, ID: h.Address + home, Title: title, Rights: rights(h, lang),
		Links: []atomLink{{"self", h.Address + self, "application/atom+xml"}, {"alternate", h.Address + home, "text/html"}}}
	newest := since
	for _, a := range articles {
		if a.Archived || a.Standing != story.Public && a.Standing != story.Withdrawn {
			continue
		}
		e, err := entry(h, a)
		if err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, e)
		if at := lastChange(a); at.After(newest) {
			newest = at
		}
	}
	f.Updated = clock.ISO(newest)
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing a feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

// AtomFront is the feed of a language's front page: the language is that of its articles,
// else the house's first.
func AtomFront(h edition.House, articles []edition.Article, self string) ([]byte, error) {
	lang := h.First()
	if len(articles) > 0 {
		lang = h.Lang(articles[0].Lang)
	}
	home := "/"
	if lang != h.First() {
		home = "/" + lang
	}
	return Atom(h, lang, h.Names.In(lang, h.Languages...), self, home, articles, time.Unix(0, 0))
}

// lastChange is when a reader should look again: a material update, a correction, a
// withdrawal.
func lastChange(a edition.Article) time.Time {
	last := a.Updated
	for _, t := range []time.Time{a.Corrected, a.TakenAt} {
		if t.After(last) {
			last = t
		}
	}
	return last
}

func rights(h edition.House, lang string) string { return "© " + h.Names.In(lang, h.Languages...) }

func entry(h edition.House, a edition.Article) (e atomEntry, err error) {
	e = atomEntry{ID: fmt.Sprintf("tag:%s,2024:%s", hostOf(h.Address), a.ID), Title: a.Headline, Published: clock.ISO(a.Posted), Updated: clock.ISO(lastChange(a)),
		Link: atomLink{"alternate", h.Address + Address(h, a.Card), "text/html"}, Authors: authors(h, a), Rights: rights(h, a.Lang)}
	for _, s := range h.Sections {
		if s.ID == a.Section {
			e.Categories = []atomCategory{{s.ID, s.Names.In(a.Lang, h.Languages...)}}
		}
	}
	if a.Standing == story.Public {
		e.Summary = a.Standfirst
	}
	body, err := HTML(h, a)
	e.Content = &atomContent{"html", body}
	return e, err
}

func authors(h edition.House, a edition.Article) (all []atomPerson) {
	for _, b := range a.Bylines {
		all = append(all, atomPerson{b.Name})
	}
	if len(all) == 0 {
		all = []atomPerson{{h.Names.In(a.Lang, h.Languages...)}}
	}
	return all
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "house"
	}
	return u.Hostname()
}
