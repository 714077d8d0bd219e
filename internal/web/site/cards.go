package site

import (
	"cmp"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// card is an article as lists and fronts draw it.
type card struct {
	ID         story.ArticleID
	Address    string
	Headline   string
	Kicker     string
	Live       bool // the kicker says so
	Standfirst string
	By         string
	Picture    *ui.Picture
	When       []ui.CityTime
	Note       string // "Corrected", in a word
	Long       bool   // the headline is
}

// latestLine is a line of a list in the house's time.
type latestLine struct {
	ID        story.ArticleID
	ISO, When string
	Address   string
	Words     string
}

// Sizes of pictures in the places of a page, for the browser's choice of a rendition.
const (
	sizesLead   = "(min-width: 1100px) 46vw, (min-width: 700px) 62vw, 100vw"
	sizesColumn = "(min-width: 1100px) 23vw, (min-width: 700px) 30vw, 104px"
	sizesWide   = "(min-width: 1100px) 68vw, 100vw"
)

// articlePath is where an article lives, without the language's prefix.
func articlePath(slug string, id story.ArticleID) string {
	if slug == "" {
		return "/" + string(id)
	}
	return "/" + slug + "-" + string(id)
}

func (f frame) addressOf(c edition.Card) string {
	return prefixOf(f.house(), c.Lang) + f.past + articlePath(c.Slug, c.ID)
}

// card lays a card out. Kickers are left out where the page says the section already.
func (f frame) card(c edition.Card, asOf time.Time, kicker bool, sizes string, first bool) card {
	out := card{
		ID: c.ID, Address: f.addressOf(c), Headline: c.Headline, Standfirst: c.Standfirst, By: f.names(c.Bylines),
		When: ui.TimesAt(c.Posted, asOf, f.lang, f.seat(), f.deskSeat(c.Desk)),
	}
	if kicker {
		out.Kicker, _ = f.sectionName(c.Section)
	}
	if c.Live == story.LiveOpen {
		out.Live, out.Kicker = true, ui.LiveWordsIn(f.lang).Live
	}
	if !c.Corrected.IsZero() {
		out.Note = f.words.Corrected
	}
	if note := f.sinceNote(c.Since); note != "" {
		out.Note = note
	}
	if c.Picture != nil {
		out.Picture = ui.PictureOf(*c.Picture, f.lang, sizes, first, f.pictures)
	}
	return out
}

// plain is a card without picture and summary.
func (c card) plain() card {
	c.Picture, c.Standfirst = nil, ""
	return c
}

func (f frame) names(all []story.Byline) string {
	names := make([]string, 0, len(all))
	for _, b := range all {
		if n := strings.TrimSpace(b.Name); n != "" {
			names = append(names, n)
		}
	}
	return f.words.List(names)
}

// lines are articles in the house's time, as the rail lists them.
func (f frame) lines(all []edition.Card) (out []latestLine) {
	asOf := f.asOf(all)
	zone := f.house().Zone
	for _, a := range all {
		l := latestLine{ID: a.ID, ISO: clock.ISO(a.Posted), When: clock.HM(a.Posted, zone), Address: f.addressOf(a), Words: cmp.Or(a.Short, a.Headline)}
		if clock.Date(a.Posted, zone) != clock.Date(asOf, zone) {
			l.When = clock.ShortDay(a.Posted, zone, f.lang) + " " + l.When
		}
		out = append(out, l)
	}
	return out
}
