package site

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// How articles hang together: the running stories that they belong to, what a quotation
// says of an earlier one, and where old addresses lead.

// part is a running story as the page of one of its reports tells of it.
type part struct {
	ID, Title             string
	All                   ui.Link // to the whole of it
	Lines                 []lineItem
	Place                 string // "2 of 5"
	BeforeWord, AfterWord string
	Before, After         ui.Link // of an ordered one
}

// lineItem is a line of a timeline: it is narrow, and tells the desk's time alone.
type lineItem struct {
	ID                story.ArticleID
	When              []ui.CityTime
	Address, Headline string
	Here, Newest      bool
	Note              string // what is said of the line that is this page
}

// relation is a report that an article refers to, or that refers to it.
type relation struct {
	Word, Note string
	Link       ui.Link
}

// partLines is how many reports of a running story stand beside one of them.
const partLines = 7

// hangTogether puts into the page of an article what other entries tell of it.
func (v *visit) hangTogether(p *articlePageData, a edition.Article) error {
	if a.Standing != story.Public {
		return nil
	}
	all, err := v.view.PackagesOf(a.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Lang == a.Lang && len(x.Cards) > 1 {
			p.Parts = append(p.Parts, v.part(x, a))
		}
		if x.Sort == "running" && x.Lang == a.Lang {
			p.Kicker = ui.Link{Address: v.runningAddress(x), Words: x.Title}
		}
	}
	for i := range p.Body {
		if q := p.Body[i].Quote; q != nil && q.ID != "" {
			if err := v.tell(q, a.Content.Quotations, a.Posted); err != nil {
				return err
			}
		}
	}
	p.Related, err = v.relatedReports(string(a.ID))
	return err
}

func (f frame) runningAddress(p edition.Package) string {
	return prefixOf(f.house(), p.Lang) + "/running/" + p.Slug + "-" + p.ID
}

// part lays out the reports next to this one.
func (f frame) part(p edition.Package, a edition.Article) part {
	w := ui.PieceWordsIn(f.lang)
	cards := asListed(p)
	at := slices.IndexFunc(cards, func(c edition.Card) bool { return c.ID == a.ID })
	out := part{ID: p.ID, Title: p.Title, All: ui.Link{Address: f.runningAddress(p), Words: w.Reports(len(cards))}, BeforeWord: w.PreviousPart, AfterWord: w.NextPart}
	if p.Sort == "ordered" {
		out.Place = w.Of(at+1, len(cards))
		if at > 0 {
			out.Before = ui.Link{Address: f.addressOf(cards[at-1]), Words: cards[at-1].Headline}
		}
		if at+1 < len(cards) {
			out.After = ui.Link{Address: f.addressOf(cards[at+1]), Words: cards[at+1].Headline}
		}
	}
	from := max(0, min(at-partLines/2, len(cards)-partLines))
	for _, c := range cards[from:min(from+partLines, len(cards))] {
		out.Lines = append(out.Lines, f.lineOf(c, a.Posted, a.ID))
	}
	return out
}

// asListed are the reports of a package as its page lists them: a running story has the
// newest first, another keeps its own order.
func asListed(p edition.Package) []edition.Card {
	if p.Sort == "ordered" {
		return p.Cards
	}
	return slices.SortedStableFunc(slices.Values(p.Cards), func(a, b edition.Card) int { return b.Posted.Compare(a.Posted) })
}

func (f frame) lineOf(c edition.Card, asOf time.Time, here story.ArticleID) lineItem {
	l := lineItem{ID: c.ID, When: ui.TimesAt(c.Posted, asOf, f.lang, f.seat(), f.deskSeat(c.Desk))[:1], Address: f.addressOf(c), Headline: cmp.Or(c.Short, c.Headline), Here: c.ID == here}
	if l.Here {
		l.Note = ui.PieceWordsIn(f.lang).ThisReport
	}
	return l
}

// tell adds to a quotation who its speaker is, what it does to earlier statements, and what
// later ones do to it.
func (v *visit) tell(q *ui.Quote, all []story.Quotation, asOf time.Time) error {
	i := slices.IndexFunc(all, func(x story.Quotation) bool { return x.ID == q.ID })
	if i < 0 {
		return nil
	}
	var err error
	if q.Who, err = v.personAddress(all[i].Person); err != nil {
		return err
	}
	return v.then(q, asOf)
}

func (v *visit) then(q *ui.Quote, asOf time.Time) error {
	w := ui.PieceWordsIn(v.lang)
	to, err := v.view.To(q.ID)
	if err != nil {
		return err
	}
	from, err := v.view.From(q.ID)
	if err != nil {
		return err
	}
	slices.SortStableFunc(to, func(a, b edition.Related) int { return b.Start.At().Compare(a.Start.At()) })
	for _, r := range to {
		q.Then = append(q.Then, v.other(r, r.Start, w.Later, asOf))
	}
	for _, r := range from {
		q.Then = append(q.Then, v.other(r, r.End, w.Then, asOf))
	}
	return nil
}

// other lays out the other end of a relation.
func (v *visit) other(r edition.Related, end edition.End, words map[string]string, asOf time.Time) ui.Then {
	zone := v.deskSeat(end.Article.Desk).Zone
	t := ui.Then{Word: words[string(r.What)], Note: r.Words, Link: ui.Link{Address: v.addressOf(end.Article), Words: end.Article.Headline}}
	if s := end.Statement; s != nil {
		day := clock.Day(s.At, zone, v.lang)
		if s.At.In(zone).Year() != asOf.In(zone).Year() {
			day = clock.LongDay(s.At, zone, v.lang)
		}
		q := ui.QuoteOf(s.Quotation, v.quoteView(s.In))
		t.Words, t.By = q.Words, q.Speaker+q.Rest
		t.Link = ui.Link{Address: t.Link.Address + "#q-" + s.ID, Words: day}
	}
	t.Source = v.source(r)
	return t
}

// source is what a relation rests on.
func (v *visit) source(r edition.Related) ui.Link {
	word := ui.PieceWordsIn(v.lang).Source
	if r.SourceIn != nil && r.SourceIn.ID == r.Start.Article.ID {
		return ui.Link{} // the statement itself says it
	}
	if r.SourceIn != nil {
		return ui.Link{Address: v.addressOf(*r.SourceIn), Words: r.SourceIn.Headline}
	}
	return ui.Link{Address: story.SafeLink(r.Source), Words: word}
}

func (f frame) quoteView(in edition.Card) ui.DocView {
	return ui.DocView{Lang: f.lang, House: f.seat(), Desk: f.deskSeat(in.Desk)}
}

// relatedReports are the reports that stand in relation to an article as a whole.
func (v *visit) relatedReports(id string) (all []relation, err error) {
	w := ui.PieceWordsIn(v.lang)
	from, err := v.view.From(id)
	if err != nil {
		return nil, err
	}
	to, err := v.view.To(id)
	if err != nil {
		return nil, err
	}
	for _, r := range from {
		all = append(all, relation{w.Then[string(r.What)], r.Words, v.endLink(r.End)})
	}
	for _, r := range to {
		all = append(all, relation{w.Later[string(r.What)], r.Words, v.endLink(r.Start)})
	}
	return all, nil
}

func (v *visit) endLink(e edition.End) ui.Link {
	l := ui.Link{Address: v.addressOf(e.Article), Words: e.Article.Headline}
	if e.Statement != nil {
		l.Address += "#q-" + e.Statement.ID
	}
	return l
}

// personAddress is where readers find a person; "" where there is no page of them.
func (v *visit) personAddress(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	p, ok, err := v.view.PersonOf(id)
	if err != nil || !ok || p.Standing != story.Public {
		return "", err
	}
	return v.to(personPath(p)), nil
}

func personPath(p edition.Person) string { return "/person/" + p.Slug + "-" + p.ID }

// idAtEnd is the id at the end of a path's segment.
func idAtEnd(segment string) (string, error) {
	id := segment[strings.LastIndexByte(segment, '-')+1:]
	if !story.ValidID(id, story.ArticleIDLength) {
		return "", errUnknown
	}
	return id, nil
}

// takenPiece answers for a piece that was taken back.
func (v *visit) takenPiece(p edition.Piece) error {
	w, status := v.words, http.StatusGone
	face := facePageData{Heading: w.GoneTitle, Help: w.GoneHelp, Note: p.Note, ToFront: ui.Link{Address: v.home(), Words: w.ToFront}}
	if p.Standing == story.Erased {
		status, face.Help = http.StatusUnavailableForLegalReasons, ""
	}
	face.Base = v.base(page{title: face.Heading, timed: v.asOf(nil), what: w.AsOf})
	face.NoIndex = true
	return facePage.Render(v.w, status, face)
}

// orMoved sends a reader on who asks for what is not there, where an old address leads on.
// It never leads to another site, whatever the record says.
func (v *visit) orMoved(err error) error {
	if !errors.Is(err, errUnknown) {
		return err
	}
	to, look := v.view.Moved(v.r.URL.Path)
	if look != nil {
		return look
	}
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\n\r") || to == v.r.URL.Path {
		return err
	}
	return v.moved(to)
}

// menu adds the lines of the house's menu to those of every page.
func (f frame) menu(lines []ui.Link) []ui.Link {
	for _, m := range f.house().Menus[f.lang] {
		own := strings.HasPrefix(m.Address, "/") && !strings.HasPrefix(m.Address, "//")
		if own || story.SafeLink(m.Address) != "" {
			lines = append(lines, ui.Link{Address: m.Address, Words: m.Label})
		}
	}
	return lines
}
