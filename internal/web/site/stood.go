package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// The site as it stood at a moment of the past: /as-of/2024-03-22T15:30Z and what is below it,
// under the addresses of now. Its pages are a function of the record up to that moment, and of
// what was taken back since; all their links stay within the moment.

var momentPage = ui.NewPage[momentPageData](own, "frame.tmpl", "cards.tmpl", "moment.tmpl")

// momentPageData asks for a moment.
type momentPageData struct {
	ui.Base
	Heading, About string
	Ask            ui.Moment
	Note           string    // why what was given names no one moment
	Choices        []ui.Link // the moments that it may mean
}

// since tells of an article as it stood what became of it.
type since struct {
	Word  string
	Notes []string
	Link  ui.Link
}

const asOfPath = "/as-of"

// Moments are written to the minute, or to the second where they are in the midst of one.
const (
	toMinute = "2006-01-02T15:04Z"
	toSecond = "2006-01-02T15:04:05Z"
)

// momentPath is where the front page as it stood at an instant is.
func momentPath(t time.Time) string {
	t = t.UTC()
	if t.Second() == 0 {
		return asOfPath + "/" + t.Format(toMinute)
	}
	return asOfPath + "/" + t.Format(toSecond)
}

// nextSecond is the first whole second by which an entry of an instant is there.
func nextSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}

// momentIn reads a moment in any form of RFC 3339, with or without its seconds.
func momentIn(text string) (t time.Time, ok bool) {
	for _, layout := range []string{toMinute, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() > 1 && t.UTC().Year() <= 9999 {
			return t.UTC().Truncate(time.Second), true
		}
	}
	return t, false
}

// asOf draws a page as it stood at the moment that the address names.
func asOf(draw func(*site, *visit, edition.Then) error) func(*site, *visit) error {
	return func(s *site, v *visit) error {
		text := v.r.PathValue("when")
		t, ok := momentIn(text)
		if !ok {
			return errUnknown
		}
		rest := strings.TrimPrefix(v.path, asOfPath+"/"+text)
		if to := momentPath(t); to != asOfPath+"/"+text {
			return v.moved(v.to(to + rest))
		}
		if t.After(s.now()) {
			w := ui.BrowseWordsIn(v.lang)
			return v.noMoment(w.NotYet, w.NotYetHelp)
		}
		then, ok, err := v.goBack(t, rest)
		if err != nil || !ok {
			return err
		}
		if err := v.reach(s.now()); err != nil {
			return err
		}
		return draw(s, v, then)
	}
}

// goBack turns a visit into one of a moment; ok is false where it answered itself, for there
// was no house yet.
func (v *visit) goBack(t time.Time, rest string) (then edition.Then, ok bool, err error) {
	then, ok, err = v.view.AsOf(t)
	if err != nil {
		return then, false, err
	}
	var house edition.House
	if ok {
		if house, ok, err = then.House(); err != nil {
			return then, false, err
		}
	}
	if !ok {
		return then, false, v.tooEarly()
	}
	desks, err := then.Desks(house)
	if err != nil {
		return then, false, err
	}
	house.Languages = v.house().Languages // addresses are those of now
	v.moment = edition.MomentAt(house, desks, t)
	v.past, v.stood, v.volume = momentPath(t), t, 0
	v.path = rest
	if rest == "" {
		v.path = "/"
	}
	v.begins, v.ends = time.Time{}, time.Time{} // what is past does not pass
	return then, true, nil
}

// momentSteps lead from a moment to others.
var momentSteps = []time.Duration{-24 * time.Hour, -time.Hour, time.Hour, 24 * time.Hour}

// reach is how far the steps of a moment lead: from where the record begins to what is now.
// Its page stands until they lead further, and not before they led so far: clocks are set back.
func (v *visit) reach(now time.Time) (err error) {
	v.began, err = v.view.Begins()
	v.reached, v.begins = now, v.stood
	for _, by := range momentSteps {
		to := v.stood.Add(by)
		if to.After(now) {
			v.ends = to
			break
		}
		if by > 0 {
			v.begins = to
		}
	}
	return err
}

// tooEarly says when the record begins.
func (v *visit) tooEarly() error {
	w, seat := ui.BrowseWordsIn(v.lang), v.seat()
	begins, err := v.view.Begins()
	if err != nil {
		return err
	}
	return v.noMoment(w.TooEarly, v.words.Say(w.TooEarlyHelp, clock.LongDay(begins, seat.Zone, v.lang)+", "+clock.HM(begins, seat.Zone), seat.City))
}

// noMoment answers for a moment that there is nothing of.
func (v *visit) noMoment(heading, help string) error {
	p := facePageData{Heading: heading, Help: help, ToFront: ui.Link{Address: v.home(), Words: v.words.ToFront}}
	p.Base = v.base(page{title: heading, timed: v.asOf(nil), what: v.words.AsOf})
	p.NoIndex = true
	return facePage.Render(v.w, http.StatusNotFound, p)
}

// asItStood makes the frame of a page that of its moment: it says which, leads to others, and
// to nothing that is of now but by saying so.
func (f frame) asItStood(b *ui.Base) {
	w, now := ui.BrowseWordsIn(f.lang), f
	now.past, now.stood = "", time.Time{}
	b.NoIndex, b.Canonical, b.Share, b.Feeds, b.Follow, b.Search = true, "", nil, nil, nil, ui.SearchBox{}
	b.Coverage = ui.Link{Address: now.home(), Words: w.AsItIs} // in its place
	b.Manifest = now.to("/manifest.webmanifest")
	b.Foot.Follow, b.Foot.Desks = nil, b.Foot.Desks[:len(b.Foot.Desks)-1] // without coverage
	b.Foot.Paper = []ui.Link{{Address: f.home(), Words: f.words.FrontPage}, {Address: f.to("/corrections"), Words: f.words.Corrections}, {Address: now.home(), Words: w.AsItIs}}
	seat := f.seat()
	b.Title = b.Title + " | " + f.words.Say(w.StoodOn, clock.LongDay(f.stood, seat.Zone, f.lang)+", "+clock.HM(f.stood, seat.Zone))
	b.Stood = &ui.Stood{Label: w.AsItStood, Heading: f.words.Say(w.StoodOn, clock.LongDay(f.stood, seat.Zone, f.lang)), Note: w.StoodNote, When: f.cities(f.stood),
		Now: ui.Link{Address: now.home(), Words: w.AsItIs}, Ask: now.ask(f.stood)}
	words := []string{w.DayEarlier, w.HourEarlier, w.HourLater, w.DayLater}
	for i, by := range momentSteps {
		if to := f.stood.Add(by); !to.Before(f.began) && !to.After(f.reached) {
			b.Stood.Steps = append(b.Stood.Steps, ui.Link{Address: now.to(momentPath(to)), Words: words[i]})
		}
	}
}

// cities tells an instant in the house's city, in those of the desks that there are, and by
// the universal clock, each with its day where that is another.
func (f frame) cities(t time.Time) (out []ui.CityTime) {
	seats := []ui.Seat{f.seat()}
	if d, _ := f.shown(page{}); d != nil && d.Place.Zone != f.house().Seat.Zone {
		seats = append(seats, f.seatOf(*d))
	}
	for _, s := range append(seats, ui.Seat{City: f.words.UTC, Zone: time.UTC}) {
		when := clock.HM(t, s.Zone)
		if !clock.SameDay(t, s.Zone, f.house().Zone) {
			when += " " + clock.ShortDay(t, s.Zone, f.lang)
		}
		out = append(out, ui.CityTime{ISO: clock.ISO(t), When: when, City: s.City})
	}
	return out
}

// ask is the form that asks for another moment, with one in it; zero for none.
func (f frame) ask(t time.Time) ui.Moment {
	w, seat := ui.BrowseWordsIn(f.lang), f.seat()
	m := ui.Moment{Action: f.to(asOfPath), Heading: w.AnotherMoment, DateWord: w.Date, TimeWord: f.words.Say(w.Time, seat.City), Show: w.Show, Date: f.moment.Date, Time: "12:00"}
	if !t.IsZero() {
		m.Date, m.Time = clock.Date(t, seat.Zone), clock.HM(t, seat.Zone)
	}
	return m
}

// sinceNote is what a card says of an article as it stood.
func (f frame) sinceNote(s edition.Since) string {
	w := ui.BrowseWordsIn(f.lang)
	switch {
	case s.Withdrawn:
		return w.SinceWithdrawn
	case s.Corrected:
		return w.SinceCorrected
	}
	return ""
}

// sinceThen is what the page of an article as it stood says, and where it stands now.
func (f frame) sinceThen(a edition.Article) (out since) {
	w, now := ui.BrowseWordsIn(f.lang), f
	now.past = ""
	out.Word, out.Link = w.SinceThen, ui.Link{Address: now.addressOf(a.Card), Words: w.ReadNow}
	for _, x := range []struct {
		is    bool
		words string
	}{{a.Since.Corrected, w.CorrectedSince}, {a.Since.Updated, w.UpdatedSince}, {a.Since.Withdrawn, w.WithdrawnSince}} {
		if x.is {
			out.Notes = append(out.Notes, x.words)
		}
	}
	return out
}

// askMoment asks for a moment, and leads to the one that was asked for. An hour that came
// twice, or never, asks back.
func (s *site) askMoment(v *visit) error {
	query := v.r.URL.Query()
	date, hour := query.Get("date"), query.Get("time")
	w, seat := ui.BrowseWordsIn(v.lang), v.seat()
	p := momentPageData{Heading: w.StoodTitle, About: w.StoodAbout, Ask: v.ask(time.Time{})}
	if v.r.URL.RawQuery != "" || v.r.URL.ForceQuery {
		local, err := time.Parse("2006-01-02 15:04", date+" "+hour)
		if err != nil || local.Year() < 2 {
			p.Note = w.BadMoment
		} else {
			p.Ask.Date, p.Ask.Time = date, hour
			at, skipped := instantsOf(local, seat.Zone)
			if len(at) == 1 && !skipped {
				return v.lead(v.to(momentPath(at[0])))
			}
			p.Note = v.words.Say(w.Twice, hour, clock.LongDay(local, time.UTC, v.lang), seat.City)
			if skipped {
				p.Note = v.words.Say(w.Never, hour, clock.LongDay(local, time.UTC, v.lang), seat.City)
			}
			p.Choices = v.choices(at)
		}
	}
	p.Base = v.base(page{title: w.StoodTitle, about: w.StoodAbout, timed: v.asOf(nil), what: v.words.AsOf, path: asOfPath, every: true})
	if p.Note != "" {
		p.NoIndex, p.Canonical, p.Share = true, "", nil
	}
	return momentPage.Render(v.w, 200, p)
}

// choices are moments that a local time may mean, each in all cities.
func (f frame) choices(at []time.Time) (links []ui.Link) {
	w := ui.BrowseWordsIn(f.lang)
	for i, t := range at {
		var words []string
		for _, c := range f.cities(t) {
			words = append(words, c.When+" "+c.City)
		}
		line := strings.Join(words, " · ")
		if len(at) == 2 {
			line = []string{w.First, w.Second}[i] + ": " + line
		}
		links = append(links, ui.Link{Address: f.to(momentPath(t)), Words: line})
	}
	return links
}

// lead sends a reader to a page that they asked for by a form, whatever it was asked before.
func (v *visit) lead(to string) error {
	v.w.Header().Set("Cache-Control", ui.AskAlways)
	http.Redirect(v.w, v.r, (&url.URL{Path: to}).String(), http.StatusFound)
	return nil
}

// instantsOf are the instants at which a local time is shown in a zone, the earlier first. Of
// one that is skipped there is the instant that it would have been, had no clock been moved.
func instantsOf(local time.Time, zone *time.Location) (at []time.Time, skipped bool) {
	const aside = 26 * time.Hour // further than any zone is from UTC, and than two changes are apart
	_, before := local.Add(-aside).In(zone).Zone()
	_, after := local.Add(aside).In(zone).Zone()
	for _, offset := range []int{before, after} {
		t := local.Add(-time.Duration(offset) * time.Second)
		if _, is := t.In(zone).Zone(); is == offset && !slices.ContainsFunc(at, t.Equal) {
			at = append(at, t)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	if len(at) == 0 {
		return []time.Time{local.Add(-time.Duration(before) * time.Second)}, true
	}
	return at, false
}

func (s *site) frontThen(v *visit, then edition.Then) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	front, err := then.Front(v.lang, frontCards)
	if err != nil {
		return err
	}
	lines, _, err := then.Corrections(v.lang, edition.Page{Limit: 3 * frontFixes})
	if err != nil {
		return err
	}
	fixes := stillPublic(lines, frontFixes)
	newest, err := then.Latest(v.lang, linesOfNewest(front, fixes, false))
	if err != nil {
		return err
	}
	desks := map[story.DeskID][]edition.Card{}
	for _, d := range v.moment.Desks {
		list, err := then.DeskCards(v.lang, d.Desk.ID, edition.Page{Limit: perDeskRead})
		if err != nil {
			return err
		}
		desks[d.Desk.ID] = list.Cards
	}
	p := v.layFront(front, newest, fixes, desks)
	if b := front.Breaking; b != nil && v.stood.Before(b.Until) {
		p.Breaking = v.breakingLine(*b)
	}
	return frontPage.Render(v.w, 200, p)
}

func (s *site) sectionThen(v *visit, then edition.Then) error {
	id := v.r.PathValue("section")
	name, ok := v.sectionName(id)
	if !ok {
		return errUnknown
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	list, err := then.Section(v.lang, id, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	p, timed := v.layList(list, before, "/s/"+id, false)
	p.Heading = name
	p.Base = v.base(page{title: name, timed: timed, what: v.words.AsOf, path: "/s/" + id, every: true})
	return listPage.Render(v.w, 200, p)
}

func (s *site) deskThen(v *visit, then edition.Then) error {
	state, ok := v.deskBySlug(v.r.PathValue("desk"))
	if !ok {
		return errUnknown
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	list, err := then.DeskCards(v.lang, state.Desk.ID, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	return listPage.Render(v.w, 200, v.layDesk(state, list, before))
}

func (s *site) correctionsThen(v *visit, then edition.Then) error {
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	lines, next, err := then.Corrections(v.lang, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	return correctionsPage.Render(v.w, 200, v.layCorrections(lines, before, next))
}

func (s *site) articleThen(v *visit, then edition.Then) error {
	id, err := idAtEnd(v.r.PathValue("article"))
	if err != nil {
		return err
	}
	a, ok, err := then.Article(story.ArticleID(id))
	if err != nil || !ok {
		return orUnknown(err)
	}
	if wordless(a) {
		if done, err := v.strict(); done || err != nil {
			return err
		}
		return v.taken(a)
	}
	if to := v.addressOf(a.Card); to != v.r.URL.Path {
		return v.moved(to)
	}
	if a.Type == story.Live && a.Standing == story.Public {
		return v.liveThen(a, then)
	}
	if done, err := v.strict(); done || err != nil {
		return err
	}
	list, err := then.DeskCards(a.Lang, a.Desk, edition.Page{Limit: alsoLimit + 1})
	if err != nil {
		return err
	}
	also := slices.DeleteFunc(list.Cards, func(c edition.Card) bool { return c.ID == a.ID })
	p := v.layArticle(a, also[:min(alsoLimit, len(also))], nil)
	p.Since = v.sinceThen(a)
	status := http.StatusOK
	if a.Standing != story.Public {
		status = http.StatusGone
	}
	return articlePage.Render(v.w, status, p)
}

// liveThen draws a live page as it stood.
func (v *visit) liveThen(a edition.Article, then edition.Then) error {
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	page, _, err := then.LivePage(a.ID)
	if err != nil {
		return err
	}
	entries, next, err := then.Live(a.ID, edition.Page{Before: before, Limit: liveLimit})
	if err != nil {
		return err
	}
	p := v.layLive(a, page)
	for _, e := range entries {
		var of *edition.Article
		if id := e.Content.BrokenOut; id != "" {
			x, ok, err := then.Article(id)
			if err != nil {
				return err
			}
			if ok {
				of = &x
			}
		}
		p.Entries = append(p.Entries, v.layEntry(a, e, of))
	}
	if len(p.Entries) == 0 {
		p.None = ui.LiveWordsIn(v.lang).None
	}
	p.Pager, p.Since = v.livePager(a, before, next), v.sinceThen(a)
	return livePage.Render(v.w, http.StatusOK, p)
}
