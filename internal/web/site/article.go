package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

type articlePage struct {
	ui.Base
	Kick, Headline, Stand string
	Picture               *ui.Picture
	Bylines               []string
	ForDesk               string
	Marks                 []mark // corrected, updated
	Top                   []ui.Fix
	Blocks                []ui.Block
	Sources               []story.Source
	Entry                 string
	History               string
	Versions              bool
	Also                  []card
	AlsoLabel             string
	TextNote              string // an earlier text says that it is one
	Current               string
}

type mark struct {
	Word, Link, Text string
	When             []ui.CityTime
}

var articleTemplate = ui.NewPage[articlePage](files, "layout.tmpl", "article.tmpl")

// find finds the article of an address: the ten characters at its end alone find it.
func (f *frame) find(address string) (edition.Article, error) {
	id := address
	if i := len(address) - story.ArticleIDLength; i > 0 && address[i-1] == '-' {
		id = address[i:]
	}
	if !story.ValidID(id, story.ArticleIDLength) {
		return edition.Article{}, unknown()
	}
	a, ok, err := f.view.Article(story.ArticleID(id))
	if err == nil && !ok {
		err = unknown()
	}
	return a, err
}

func (s *Site) article(w http.ResponseWriter, r *http.Request, f *frame) error {
	a, err := f.find(r.PathValue("article"))
	if err != nil {
		return err
	}
	if a.Standing == story.Killed || a.Standing == story.Erased {
		return story.Refuse(story.Gone, "%s", f.words.Killed)
	}
	if canonical := feed.Address(f.house, a.Card); f.prefix+"/"+url.PathEscape(r.PathValue("article")) != canonical {
		http.Redirect(w, r, canonical, http.StatusMovedPermanently)
		return nil
	}
	p, err := s.articlePage(f, a)
	if err != nil {
		return err
	}
	if a.Standing == story.Withdrawn {
		return s.withdrawn(w, f, a, p)
	}
	return articleTemplate.Render(w, http.StatusOK, p)
}

// withdrawn keeps headline, strip and note of an article, and loses the rest.
func (s *Site) withdrawn(w http.ResponseWriter, f *frame, a edition.Article, p articlePage) error {
	d, _ := f.deskBy(a.Desk)
	p.Blocks, p.Picture, p.Stand, p.Sources, p.NoIndex = nil, nil, "", nil, true
	p.Top = []ui.Fix{{Word: f.words.WithdrawnTitle, Note: a.Note, When: ui.TimesAt(a.TakenAt, time.Time{}, f.lang, f.seat(), f.seatOf(d)), Done: f.words.Withdrawn, Link: p.History, LinkText: f.words.History}}
	return articleTemplate.Render(w, http.StatusGone, p)
}

func (s *Site) articlePage(f *frame, a edition.Article) (articlePage, error) {
	w, here := f.words, feed.Address(f.house, a.Card)
	d, _ := f.deskBy(a.Desk)
	p := articlePage{Headline: a.Headline, Stand: a.Standfirst, Sources: a.Sources, History: here + "/history", Versions: a.Versions > 1,
		Entry: w.Say(w.Entry, strconv.FormatInt(a.First, 10)), ForDesk: w.Say(w.DeskOf, d.Names.In(f.lang, "en")), AlsoLabel: w.Say(w.AlsoFrom, d.Place.City.In(f.lang, "en"))}
	if a.N != a.First && !a.Corrected.IsZero() {
		p.Entry += ", " + w.Say(w.CorrectBy, strconv.FormatInt(a.Corrections[0].N, 10))
	}
	p.Kick = f.card(a.Card, "", false).Kick
	for _, b := range a.Bylines {
		p.Bylines = append(p.Bylines, b.Name)
	}
	p.text(f, a, d)
	if err := p.also(f, a, d); err != nil {
		return p, err
	}
	p.Base = s.base(f, a.Headline, strings.TrimPrefix(here, f.prefix))
	p.About = a.Standfirst
	p.Day = clock.LongDay(a.Posted, f.house.Zone, f.lang)
	p.Strip = f.strip(w.Posted, a.Posted, &d)
	p.Foot.Posted = w.Say(w.PostedAt, clock.LongDay(a.Posted, f.house.Zone, f.lang), f.inCities(a.Posted, d))
	return p, nil
}

// inCities is an instant in words, in the house's city and the desk's.
func (f *frame) inCities(t time.Time, d edition.Desk) string {
	var parts []string
	for _, x := range ui.TimesAt(t, t, f.lang, f.seat(), f.seatOf(d)) {
		parts = append(parts, x.When+" "+f.words.Say(f.words.InCity, x.City))
	}
	return strings.Join(parts, ", ")
}

// text draws the body, with corrections where the errors stood, or above it.
func (p *articlePage) text(f *frame, a edition.Article, d edition.Desk) {
	w := f.words
	fixes := map[string][]ui.Fix{}
	for i, c := range a.Corrections {
		when := ui.TimesAt(c.At, a.Posted, f.lang, f.seat(), f.seatOf(d))
		fix := ui.Fix{ID: "fix-" + strconv.FormatInt(c.N, 10), Word: w.Correction, Note: c.Note, When: when, Done: w.Corrected, Kept: w.NotChanged, Link: p.History, LinkText: w.BothVersions}
		if i == 0 {
			p.Marks = append(p.Marks, mark{Word: w.Corrected, Link: "#" + fix.ID, Text: w.WhatChanged, When: when})
		}
		if len(c.Blocks) == 1 && a.Content.Doc.Find(c.Blocks[0]) >= 0 {
			fixes[c.Blocks[0]] = append(fixes[c.Blocks[0]], fix)
		} else {
			p.Top = append(p.Top, fix)
		}
	}
	if a.Updated.After(a.Posted) {
		p.Marks = append(p.Marks, mark{Word: w.Updated, Link: p.History, Text: w.History, When: ui.TimesAt(a.Updated, a.Posted, f.lang, f.seat(), f.seatOf(d))})
	}
	view := ui.DocView{Lang: f.lang, Pictures: ui.PictureAddress, House: f.seat(), Desk: f.seatOf(d), Fixes: fixes}
	if a.Picture != nil {
		p.Picture = ui.PictureOf(*a.Picture, f.lang, "(min-width: 1100px) 66vw, 100vw", true, ui.PictureAddress)
		view.Lead = a.Picture.ID
	}
	p.Blocks = ui.Doc(a.Content.Text, view)
}

func (p *articlePage) also(f *frame, a edition.Article, d edition.Desk) error {
	if f.view == nil {
		return nil
	}
	list, err := f.view.DeskCards(f.lang, d.ID, edition.Page{Limit: 5})
	if err != nil {
		return err
	}
	for _, c := range list.Cards {
		if c.ID != a.ID && len(p.Also) < 4 {
			p.Also = append(p.Also, f.card(c, "", false))
		}
	}
	return nil
}

// Preview draws the public page of an article that nobody else can see: by the same code,
// for the newsroom.
func Preview(w http.ResponseWriter, house edition.House, desks []edition.Desk, a edition.Article, now time.Time) error {
	s := &Site{files: ui.NewFiles()}
	s.look = ui.Look{Sheet: s.files.Sheet("site.css", files, "base.css"), Icon: s.files.Path("icon.svg")}
	f := newFrame(nil, house, desks, a.Lang, now)
	p, err := s.articlePage(f, a)
	if err != nil {
		return err
	}
	p.NoIndex = true
	return articleTemplate.Render(w, http.StatusOK, p)
}

// PreviewFile serves the static files that a preview names.
func PreviewFile(w http.ResponseWriter, address string) bool {
	s := ui.NewFiles()
	s.Sheet("site.css", files, "base.css")
	return s.Serve(w, address)
}

type historyPage struct {
	ui.Base
	Headline, Current string
	Texts             []textLine
	Note              string
}

type textLine struct {
	Address, Title, Did, Note string
	When                      []ui.CityTime
	Changes                   []change
}

type change struct{ Was, Is string }

var historyTemplate = ui.NewPage[historyPage](files, "layout.tmpl", "history.tmpl")

func (s *Site) history(w http.ResponseWriter, r *http.Request, f *frame) error {
	a, err := f.find(r.PathValue("article"))
	if err != nil {
		return err
	}
	if a.Standing == story.Killed || a.Standing == story.Erased {
		return story.Refuse(story.Gone, "%s", f.words.Killed)
	}
	texts, err := f.view.History(a.ID)
	if err != nil {
		return err
	}
	d, _ := f.deskBy(a.Desk)
	here := feed.Address(f.house, a.Card)
	p := historyPage{Headline: a.Headline, Current: here, Note: a.Note}
	did := map[record.Change]string{record.Posted: f.words.DidPost, record.Updated: f.words.DidUpdate, record.Corrected: f.words.DidCorrect, record.Reinstated: f.words.DidReinstate, record.Archived: f.words.DidArchive}
	for i, x := range texts {
		f.shows(x.At)
		line := textLine{Address: here + "/history/" + strconv.Itoa(x.Number), Title: f.words.Say(f.words.TextNumber, x.Number), Did: did[x.Change], When: ui.TimesAt(x.At, time.Time{}, f.lang, f.seat(), f.seatOf(d))}
		if x.Content.Correction != nil {
			line.Note = x.Content.Correction.Note
		}
		if i+1 < len(texts) {
			line.Changes = changes(texts[i+1].Content, x.Content)
		}
		p.Texts = append(p.Texts, line)
	}
	p.Base = s.base(f, f.words.HistoryTitle, strings.TrimPrefix(here, f.prefix)+"/history")
	p.NoIndex = true
	p.Strip = f.strip(f.words.Posted, a.Posted, &d)
	return historyTemplate.Render(w, http.StatusOK, p)
}

// changes lists what differs between two texts: headline, standfirst, and blocks by id.
func changes(was, is record.Article) (all []change) {
	add := func(a, b string) {
		if a != b {
			all = append(all, change{a, b})
		}
	}
	add(was.Headline, is.Headline)
	add(was.Standfirst, is.Standfirst)
	for _, b := range was.Doc {
		i := is.Doc.Find(b.ID)
		if i < 0 {
			add(b.Plain(), "")
		} else {
			add(b.Plain(), is.Doc[i].Plain())
		}
	}
	for _, b := range is.Doc {
		if was.Doc.Find(b.ID) < 0 {
			add("", b.Plain())
		}
	}
	return all
}

// text draws one earlier text of an article.
func (s *Site) text(w http.ResponseWriter, r *http.Request, f *frame) error {
	a, err := f.find(r.PathValue("article"))
	if err != nil {
		return err
	}
	if a.Standing == story.Killed || a.Standing == story.Erased {
		return story.Refuse(story.Gone, "%s", f.words.Killed)
	}
	texts, err := f.view.History(a.ID)
	if err != nil {
		return err
	}
	current := feed.Address(f.house, a.Card)
	for _, x := range texts {
		if strconv.Itoa(x.Number) != r.PathValue("n") {
			continue
		}
		old := edition.Project(a.ID, a.Desk, x.Content, x.At)
		old.Slug, old.First, old.N, old.Versions = a.Slug, a.First, a.First, a.Versions
		p, err := s.articlePage(f, old)
		if err != nil {
			return err
		}
		d, _ := f.deskBy(a.Desk)
		p.NoIndex, p.TextNote, p.Current, p.Entry = true, f.words.ThisText, current, f.words.Say(f.words.Entry, strconv.FormatInt(x.N, 10))
		p.Canonical = f.house.Address + current
		p.Strip = f.strip(f.words.TextPosted, x.At, &d)
		return articleTemplate.Render(w, http.StatusOK, p)
	}
	return unknown()
}
