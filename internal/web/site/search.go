package site

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"dateline/internal/edition"
	"dateline/internal/web/ui"
)

var searchPage = ui.NewPage[searchPageData](own, "frame.tmpl", "cards.tmpl", "search.tmpl")

// searchPageData is what was found, or how to look for something.
type searchPageData struct {
	ui.Base
	Heading, Label  string
	Action, Typed   string
	Longest         int // characters that are read
	Count           string
	Hits            []hitCard
	Empty, EmptyTry string
	Elsewhere       []ui.Tongue // where there is something, if there is nothing here
	Pager           pager
	Older           ui.Link
	Help            string
	Open            bool // how to search is told without being asked for
	Ways            []ui.SearchWay
}

// hitCard is a card of which the words that were asked for are marked.
type hitCard struct {
	card
	Words, Around []edition.Run
}

const (
	hitsPerPage = 20
	lastOfHits  = (edition.Candidates + hitsPerPage - 1) / hitsPerPage
)

// asked is what a reader asks the search page.
type asked struct {
	typed  string
	before int64
	page   int
}

// query is the query part of the address that asks it.
func (a asked) query() string {
	s := "?q=" + url.QueryEscape(a.typed)
	if a.before > 0 {
		s += "&before=" + strconv.FormatInt(a.before, 10)
	}
	if a.page > 1 {
		s += "&page=" + strconv.Itoa(a.page)
	}
	return s
}

// asked reads what is asked. Any text is a query; the other parameters are ours, and what has
// any more belongs to the page without.
func (v *visit) asked() (a asked, done bool, err error) {
	query := v.r.URL.Query()
	a = asked{typed: edition.Typed(query.Get("q")), page: 1}
	if text := query.Get("before"); text != "" {
		if a.before, err = number(text); err != nil {
			return a, true, err
		}
	}
	if text := query.Get("page"); text != "" {
		n, err := number(text)
		if err != nil || n < 2 || n > lastOfHits {
			return a, true, errUnknown
		}
		a.page = int(n)
	}
	for name, values := range query {
		if len(values) > 1 || !slices.Contains([]string{"q", "before", "page"}, name) {
			return a, true, v.moved(v.to("/search") + a.query())
		}
	}
	return a, false, nil
}

func (s *site) search(v *visit) error {
	a, done, err := v.asked()
	if done || err != nil {
		return err
	}
	w := ui.SearchWordsIn(v.lang)
	p := searchPageData{Heading: w.Title, Label: w.Label, Action: v.to("/search"), Typed: a.typed, Longest: edition.QueryRunes, Help: w.Help, Ways: w.Ways}
	ask := edition.Search{Query: edition.ParseQuery(a.typed), Lang: v.lang, Before: a.before, Skip: (a.page - 1) * hitsPerPage, Limit: hitsPerPage}
	found, err := v.view.Search(ask)
	if err != nil {
		return err
	}
	if len(found.Hits) == 0 && a.page > 1 {
		return errUnknown
	}
	cards := make([]edition.Card, len(found.Hits))
	for i, h := range found.Hits {
		cards[i] = h.Card
	}
	timed := v.asOf(cards)
	for _, h := range found.Hits {
		p.Hits = append(p.Hits, hitCard{v.hitCard(h, timed), h.Headline, h.Snippet})
	}
	if err := v.tellOf(&p, a, ask, found); err != nil {
		return err
	}
	title, path := w.Title, "/search"
	if a.typed != "" {
		title, path = a.typed+" | "+w.Title, path+asked{typed: a.typed}.query()
	}
	p.Base = v.base(page{title: title, timed: timed, what: v.words.AsOf, path: path, every: true})
	p.Share = nil                                           // what was asked is nobody’s to pass on
	p.NoIndex, p.Canonical, p.Search.Address = true, "", "" // the page has its own field
	return searchPage.Render(v.w, 200, p)
}

// hitCard lays out the card of what was found; an entry of a live page has its own time.
func (f frame) hitCard(h edition.Hit, asOf time.Time) card {
	c := h.Card
	if h.Part != "" {
		c.Posted = h.At
	}
	out := f.card(c, asOf, true, sizesColumn, false).plain()
	if h.Part != "" {
		out.Address = f.entryAddress(edition.Article{Card: h.Card}, edition.LiveEntry{ID: h.Part, First: h.First, Pinned: h.Pinned})
	}
	return out
}

// tellOf says how much was found, and where there is more.
func (v *visit) tellOf(p *searchPageData, a asked, ask edition.Search, found edition.Results) error {
	w := ui.SearchWordsIn(v.lang)
	switch {
	case ask.Query.Empty():
		p.Empty, p.Open = w.NoWords, true
		return nil
	case found.Total == 0 && found.Older != 0:
		p.Empty, p.Older = w.NoneYet(a.typed), v.olderThan(a, found.Older)
		return nil
	case found.Total == 0:
		p.Empty, p.EmptyTry, p.Open = w.None(a.typed), w.Try, true
		return v.elsewhereFound(p, a, ask)
	}
	p.Count = w.Found(found.Total, found.Older != 0 || a.before != 0 && found.Total == edition.Candidates)
	p.Pager.Name = w.Title
	address := func(page int) string {
		if page == 1 && a.before == 0 {
			return v.to("/search") + asked{typed: a.typed}.query()
		}
		return v.to("/search") + asked{a.typed, found.Before, page}.query()
	}
	if a.page > 1 {
		p.Pager.Later = ui.Link{Address: address(a.page - 1), Words: w.Back}
	}
	if a.page*hitsPerPage < found.Total {
		p.Pager.Earlier = ui.Link{Address: address(a.page + 1), Words: w.Next}
	}
	if found.Older != 0 {
		p.Older = v.olderThan(a, found.Older)
	}
	return nil
}

// olderThan leads on to what was not looked at.
func (v *visit) olderThan(a asked, n int64) ui.Link {
	return ui.Link{Address: v.to("/search") + asked{typed: a.typed, before: n}.query(), Words: ui.SearchWordsIn(v.lang).Older}
}

// elsewhereFound tells of other languages in which something is found.
func (v *visit) elsewhereFound(p *searchPageData, a asked, ask edition.Search) error {
	w := ui.SearchWordsIn(v.lang)
	for _, lang := range v.house().Languages {
		if lang == v.lang {
			continue
		}
		ask.Lang, ask.Limit = lang, 0
		found, err := v.view.Search(ask)
		if err != nil {
			return err
		}
		if found.Total > 0 {
			words := w.Elsewhere(ui.TongueName(lang), found.Total, found.Older != 0)
			p.Elsewhere = append(p.Elsewhere, ui.Tongue{Lang: lang, Name: words, Address: prefixOf(v.house(), lang) + "/search" + asked{typed: a.typed}.query()})
		}
	}
	return nil
}

// searchBox is the field in the masthead.
func (f frame) searchBox() ui.SearchBox {
	w := ui.SearchWordsIn(f.lang)
	return ui.SearchBox{Address: f.to("/search"), Label: w.Label, Word: w.Title, Description: f.to("/opensearch.xml")}
}

// openSearch is an OpenSearch 1.1 description document: it tells browsers of this search.
type openSearch struct {
	XMLName     xml.Name      `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string        `xml:"ShortName"`
	Description string        `xml:"Description"`
	Language    string        `xml:"Language"`
	Encoding    string        `xml:"InputEncoding"`
	URL         openSearchURL `xml:"Url"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

// shortName is how many characters a ShortName may have.
const shortName = 16

func (s *site) openSearch(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	name := v.in(v.house().Names)
	short := []rune(name)
	body, err := xml.Marshal(openSearch{ShortName: string(short[:min(len(short), shortName)]), Description: ui.SearchWordsIn(v.lang).Label + ": " + name, Language: v.lang, Encoding: "UTF-8",
		URL: openSearchURL{"text/html", v.house().Address + v.to("/search") + "?q={searchTerms}"}})
	if err != nil {
		return fmt.Errorf("describing the search: %w", err)
	}
	v.w.Header().Set("Content-Type", "application/opensearchdescription+xml")
	_, err = v.w.Write(append([]byte(xml.Header), body...))
	return err
}
