package site

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/web/ui"
)

// A card is an article as lists draw it.
type card struct {
	Address, Headline, Kick, Sum, By string
	Picture                          *ui.Picture
	Times                            []ui.CityTime
	HM, ISO                          string // in the house's city, for the latest
}

func (f *frame) card(c edition.Card, sizes string, first bool) card {
	f.shows(c.Posted)
	f.shows(c.Updated)
	f.shows(c.Corrected)
	x := card{Address: feed.Address(f.house, c), Headline: c.Headline, Sum: c.Standfirst, HM: clock.HM(c.Posted, f.house.Zone), ISO: clock.ISO(c.Posted)}
	for _, s := range f.house.Sections {
		if s.ID == c.Section {
			x.Kick = s.Names.In(f.lang, f.house.Languages...)
		}
	}
	if len(c.Bylines) > 0 {
		x.By = f.words.Say(f.words.ByName, c.Bylines[0].Name)
	}
	if c.Picture != nil {
		x.Picture = ui.PictureOf(*c.Picture, f.lang, sizes, first, ui.PictureAddress)
	}
	d, _ := f.deskBy(c.Desk)
	x.Times = ui.TimesAt(c.Posted, f.moment.Start, f.lang, f.seat(), f.seatOf(d))
	return x
}

type frontPage struct {
	ui.Base
	Lead   *card
	Tiers  [][]card
	Latest []card
	Clock  string
	Desks  []deskColumn
}

type deskColumn struct {
	Address, Name, State, Said string
	Dial                       ui.Dial
	Cards                      []card
}

var frontTemplate = ui.NewPage[frontPage](files, "layout.tmpl", "front.tmpl")

// perFront is how many stories a front page has.
const perFront = 28

func (s *Site) front(w http.ResponseWriter, _ *http.Request, f *frame) error {
	cards, err := f.view.Front(f.lang, perFront)
	if err != nil {
		return err
	}
	newest, err := f.view.Newest(f.lang, 8)
	if err != nil {
		return err
	}
	p := frontPage{Clock: f.words.Say(f.words.ClockOf, f.house.Seat.City.In(f.lang, "en"))}
	for i, c := range cards {
		switch {
		case i == 0:
			lead := f.card(c, "(min-width: 1100px) 50vw, 100vw", true)
			p.Lead = &lead
		case i <= 9:
			if (i-1)%3 == 0 {
				p.Tiers = append(p.Tiers, nil)
			}
			last := len(p.Tiers) - 1
			p.Tiers[last] = append(p.Tiers[last], f.card(c, "(min-width: 700px) 30vw, 100vw", false))
		}
	}
	for _, a := range newest {
		p.Latest = append(p.Latest, f.card(a.Card, "", false))
	}
	for _, d := range f.desks {
		col, err := f.column(d)
		if err != nil {
			return err
		}
		p.Desks = append(p.Desks, col)
	}
	p.Base = s.base(f, "", "/")
	p.Front = true
	p.Strip = f.strip(f.words.FrontAsOf, f.asOf, nil)
	return frontTemplate.Render(w, http.StatusOK, p)
}

// column is a desk with its state and its newest stories.
func (f *frame) column(d edition.Desk) (deskColumn, error) {
	list, err := f.view.DeskCards(f.lang, d.ID, edition.Page{Limit: 3})
	if err != nil {
		return deskColumn{}, err
	}
	col := deskColumn{Address: f.prefix + "/desk/" + d.Slug, Name: f.words.Say(f.words.DeskOf, d.Names.In(f.lang, "en")), Dial: ui.DialAt(f.asOf, d.Zone)}
	col.State, col.Said = f.stateWords(d)
	for _, c := range list.Cards {
		col.Cards = append(col.Cards, f.card(c, "", false))
	}
	return col, nil
}

func (f *frame) stateWords(d edition.Desk) (state, said string) {
	w := f.words
	s, _ := f.moment.State(d.ID)
	there := clock.DayTime(s.Until, d.Zone, f.lang)
	switch {
	case !s.Known:
		return "closed", w.ClosedNow
	case s.OnDuty && s.Near:
		return "duty", w.Say(w.UpdatesUntil, there)
	case s.OnDuty:
		return "duty", w.Updates
	}
	return "rest", w.Say(w.RestsUntil, there)
}

type listPage struct {
	ui.Base
	Heading string
	Said    string
	State   string
	Cards   []card
	Earlier string
	Newest  string
}

var listTemplate = ui.NewPage[listPage](files, "layout.tmpl", "list.tmpl")

// perList is how many stories a part of a list has.
const perList = 30

func before(r *http.Request) (edition.Page, error) {
	p := edition.Page{Limit: perList}
	text := r.URL.Query().Get("before")
	if text == "" {
		return p, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return p, unknown()
	}
	p.Before = n
	return p, nil
}

func (s *Site) drawList(w http.ResponseWriter, f *frame, p listPage, l edition.List, here string, page edition.Page, desk *edition.Desk) error {
	for i, c := range l.Cards {
		p.Cards = append(p.Cards, f.card(c, "(min-width: 700px) 15rem, 100vw", i == 0))
	}
	if l.Next > 0 {
		p.Earlier = f.prefix + here + "?before=" + strconv.FormatInt(l.Next, 10)
	}
	if page.Before > 0 {
		p.Newest = f.prefix + here
	}
	p.Base = s.base(f, p.Heading, here)
	p.Strip = f.strip(f.words.AsOf, f.asOf, desk)
	return listTemplate.Render(w, http.StatusOK, p)
}

func (s *Site) section(w http.ResponseWriter, r *http.Request, f *frame) error {
	id := r.PathValue("section")
	for _, x := range f.house.Sections {
		if x.ID != id {
			continue
		}
		page, err := before(r)
		if err != nil {
			return err
		}
		l, err := f.view.Section(f.lang, id, page)
		if err != nil {
			return err
		}
		return s.drawList(w, f, listPage{Heading: x.Names.In(f.lang, f.house.Languages...)}, l, "/s/"+id, page, nil)
	}
	return unknown()
}

func (s *Site) desk(w http.ResponseWriter, r *http.Request, f *frame) error {
	for i, d := range f.desks {
		if d.Slug != r.PathValue("desk") {
			continue
		}
		page, err := before(r)
		if err != nil {
			return err
		}
		l, err := f.view.DeskCards(f.lang, d.ID, page)
		if err != nil {
			return err
		}
		state, said := f.stateWords(d)
		p := listPage{Heading: f.words.Say(f.words.DeskOf, d.Names.In(f.lang, "en")), State: state, Said: said}
		return s.drawList(w, f, p, l, "/desk/"+d.Slug, page, &f.desks[i])
	}
	return unknown()
}

type correctionsPage struct {
	ui.Base
	Lines   []correctionLine
	Earlier string
}

type correctionLine struct {
	Address, Headline, Word, Note string
	When                          []ui.CityTime
}

var correctionsTemplate = ui.NewPage[correctionsPage](files, "layout.tmpl", "corrections.tmpl")

func (s *Site) corrections(w http.ResponseWriter, r *http.Request, f *frame) error {
	page, err := before(r)
	if err != nil {
		return err
	}
	lines, next, err := f.view.Corrections(f.lang, page)
	if err != nil {
		return err
	}
	p := correctionsPage{}
	for _, c := range lines {
		f.shows(c.Correction.At)
		d, _ := f.deskBy(c.Desk)
		line := correctionLine{Address: feed.Address(f.house, c.Card), Headline: c.Headline, Word: f.words.Correction, Note: c.Correction.Note,
			When: ui.TimesAt(c.Correction.At, time.Time{}, f.lang, f.seat(), f.seatOf(d))}
		if c.Withdrawn {
			line.Word = f.words.Withdrawn
		}
		p.Lines = append(p.Lines, line)
	}
	if next > 0 {
		p.Earlier = f.prefix + "/corrections?before=" + strconv.FormatInt(next, 10)
	}
	p.Base = s.base(f, f.words.CorrectionsTitle, "/corrections")
	p.Strip = f.strip(f.words.AsOf, f.asOf, nil)
	return correctionsTemplate.Render(w, http.StatusOK, p)
}

type errorPage struct {
	ui.Base
	Heading, Help string
}

var errorTemplate = ui.NewPage[errorPage](files, "layout.tmpl", "error.tmpl")

// face is the page of an error. What never was, what is not out and what nobody may know
// of look the same to the byte.
func (s *Site) face(w http.ResponseWriter, r *http.Request, status int, sentence string) error {
	return s.edition.View(r.Context(), func(v *edition.View) error {
		f, err := s.frameOf(r, v)
		if err != nil {
			return err
		}
		words := map[int][2]string{http.StatusNotFound: {f.words.NotFound, f.words.NotFoundHelp}, http.StatusGone: {f.words.GoneTitle, cmp.Or(sentence, f.words.GoneHelp)},
			http.StatusBadRequest: {f.words.Method, f.words.MethodHelp}}
		text, ok := words[status]
		if !ok {
			text = [2]string{f.words.Fault, f.words.FaultHelp}
		}
		if status == http.StatusBadRequest {
			status = http.StatusMethodNotAllowed
			w.Header().Set("Allow", "GET, HEAD")
		}
		p := errorPage{Base: s.base(f, text[0], ""), Heading: text[0], Help: text[1]}
		p.NoIndex, p.Canonical = true, ""
		p.Strip = f.strip(f.words.AsOf, f.asOf, nil)
		return errorTemplate.Render(w, status, p)
	})
}
