package site

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// frame is what every page stands in: the moment, the language, and where pictures are.
type frame struct {
	moment   edition.Moment
	volume   int64     // of the record, 0 where the page is not told what changes
	quarter  time.Time // the quarter of an hour: no page knows a now that is narrower
	lang     string
	words    *ui.Words
	pictures func(sha256, mediaType string) string
	past     string    // of the site as it stood: what its addresses begin with after the language's prefix
	stood    time.Time // and the moment; zero for now
	began    time.Time // and when the record begins and what is now, between which its steps may lead
	reached  time.Time
	dress    *dress
}

// page is what a page tells its frame.
type page struct {
	title   string
	about   string
	timed   time.Time     // the instant on the clocks
	what    string        // the strip's first word
	desk    *edition.Desk // whose page it is, nil for the house's
	path    string        // without the language's prefix
	section string        // whose it is, for the menu
	every   bool          // the same page is there in every language
	front   bool
	cover   bool   // the coverage page
	feed    bool   // the house's feed tells of it
	feeds   string // what its own feeds are called after, without their ending; "" for none
}

func (f frame) house() edition.House { return f.moment.House }

// prefix is what the addresses of this language begin with.
func (f frame) prefix() string { return prefixOf(f.house(), f.lang) }

func prefixOf(h edition.House, lang string) string {
	if lang == h.First() {
		return ""
	}
	return "/" + lang
}

// home is the front page of this language.
func (f frame) home() string { return cmp.Or(f.to(""), "/") }

// to is an address in this language, and of this moment.
func (f frame) to(path string) string { return f.prefix() + f.past + path }

// follow is how a page is told what changes on its channels, and of its notice: after entry
// n, the newest that it shows.
func (f frame) follow(desk *edition.Desk, n int64, channels ...string) *ui.Follow {
	if f.volume == 0 {
		return nil
	}
	notice := channel("notice", f.lang)
	if desk != nil {
		notice = channel("notice", f.lang, string(desk.ID))
	}
	channels = append(channels, notice, "all")
	slices.Sort(channels)
	out := &ui.Follow{Script: files.Path("live.js"), Channels: strings.Join(channels, ","), Words: ui.FollowWordsIn(f.lang)}
	if n > 0 {
		out.After = live.ID{Volume: f.volume, N: n}.String()
	}
	return out
}

// newestOf is the newest entry that cards show.
func newestOf(cards []edition.Card) (n int64) {
	for _, c := range cards {
		n = max(n, c.N)
	}
	return n
}

// in reads words in the page's language, else in the house's first.
func (f frame) in(w map[string]string) string {
	if s := w[f.lang]; s != "" {
		return s
	}
	return w[f.house().First()]
}

func (f frame) seat() ui.Seat {
	h := f.house()
	return ui.Seat{City: f.in(h.Seat.City), Zone: h.Zone, ID: h.Seat.Zone}
}

func (f frame) seatOf(d edition.Desk) ui.Seat {
	return ui.Seat{City: f.in(d.Place.City), Zone: d.Zone, ID: d.Place.Zone}
}

// deskSeat is the seat of a desk by id; the house's own where there is no such desk.
func (f frame) deskSeat(id story.DeskID) ui.Seat {
	if s, ok := f.moment.State(id); ok {
		return f.seatOf(s.Desk)
	}
	return f.seat()
}

// asOf is the later of the moment's start and the newest shown entry: no page prints
// another now.
func (f frame) asOf(cards []edition.Card) time.Time {
	if !f.stood.IsZero() {
		return f.stood
	}
	t := f.moment.Start
	for _, c := range cards {
		for _, at := range []time.Time{c.Posted, c.Updated, c.Corrected} {
			if at.After(t) {
				t = at
			}
		}
	}
	if t.IsZero() {
		t = f.quarter // of a house that never had another moment
	}
	return t
}

func (f frame) base(p page) ui.Base {
	h := f.house()
	if !f.stood.IsZero() && p.what != f.words.Posted {
		p.timed, p.what = f.stood, ui.BrowseWordsIn(f.lang).AsItStood
	}
	title, foot := f.in(h.Names), f.foot(p)
	p.about = cmp.Or(p.about, foot.Edited)
	b := ui.Base{
		Lang: f.lang, Dir: story.Direction(f.lang), Words: f.words, Title: p.title + " | " + title, About: p.about,
		House: title, Masthead: f.in(h.Masthead), Home: f.home(), Front: p.front, Look: f.look(),
		Day: clock.LongDay(p.timed, h.Zone, f.lang), Strip: f.strip(p), Foot: foot,
		Coverage: ui.Link{Address: f.to("/coverage"), Words: f.words.Coverage, Current: p.cover},
	}
	if p.front {
		b.Title = title + ": " + b.Day
		b.SecondDay = f.hebrewDate(p.timed)
	}
	if p.path != "" {
		b.Canonical = h.Address + f.to(p.path)
		if p.path == "/" {
			b.Canonical = h.Address + f.home()
		}
	}
	if f.volume != 0 {
		b.Follow = f.follow(p.desk, 0)
	}
	b.Share = f.share(b, p)
	b.Feeds, b.Manifest = f.feedLinks(p), f.to("/manifest.webmanifest")
	b.Search = f.searchBox()
	b.Nav = append(b.Nav, ui.Link{Address: f.home(), Words: f.words.FrontPage, Current: p.front})
	for _, s := range h.Sections {
		address := "/s/" + s.ID
		b.Nav = append(b.Nav, ui.Link{Address: f.to(address), Words: f.in(s.Names), Current: p.path == address || p.section == s.ID})
	}
	for _, l := range h.Languages {
		t := ui.Tongue{Lang: l, Dir: story.Direction(l), Name: ui.TongueName(l), Address: frame{moment: f.moment, lang: l, past: f.past}.home(), Current: l == f.lang}
		if p.every && p.path != "/" {
			t.Address = prefixOf(h, l) + f.past + p.path
		}
		b.Tongues = append(b.Tongues, t)
	}
	if f.past != "" {
		f.asItStood(&b)
	}
	return b
}

// strip draws the clocks of the house and of the page's desk, or of the desk that the
// house's notice is about.
func (f frame) strip(p page) *ui.Strip {
	w, house := f.words, f.seat()
	shown, role := f.shown(p)
	houseRole := w.House
	var desk *ui.Seat
	if shown != nil {
		seat := f.seatOf(*shown)
		if seat.ID == house.ID && seat.City == house.City {
			houseRole = w.HouseAndDesk
		} else {
			desk = &seat
		}
	}
	s := ui.StripAt(p.what, p.timed, f.lang, house, houseRole, desk, role)
	s.Notice = f.notice(p)
	return s
}

// notice is the page's desk's notice, or the house's.
func (f frame) notice(p page) ui.Notice {
	n := edition.Notice(f.moment, p.desk, f.lang)
	out := ui.Notice{State: string(n.State), Bold: n.Bold, Rest: n.Text}
	if !p.cover && f.past == "" {
		out.Link, out.More = f.to("/coverage"), f.words.Coverage
	}
	return out
}

// shown is the desk whose clock stands second, with its role.
func (f frame) shown(p page) (*edition.Desk, string) {
	w := f.words
	if p.desk != nil {
		return p.desk, w.ThisDesk
	}
	if f.moment.Nobody {
		return f.moment.First, w.ADesk
	}
	role := w.ADesk
	if p.cover {
		role = w.OnDuty
	}
	if last, ok := f.moment.LastOnDuty(); ok && last.Near {
		return &last.Desk, role
	}
	on := f.moment.OnDuty()
	for i := range on {
		if on[i].Desk.Place.Zone != f.house().Seat.Zone {
			return &on[i].Desk, role
		}
	}
	if len(on) > 0 {
		return &on[0].Desk, role
	}
	return nil, ""
}

func (f frame) foot(p page) ui.Foot {
	w := f.words
	out := ui.Foot{Posted: w.TimeIsTaken}
	var cities []string
	for _, s := range f.moment.Desks {
		if s.Desk.Closed {
			continue
		}
		city := f.in(s.Desk.Place.City)
		cities = append(cities, city)
		out.Desks = append(out.Desks, ui.Link{Address: f.to("/desk/" + s.Desk.Slug), Words: f.in(s.Desk.Names), Current: p.path == "/desk/"+s.Desk.Slug})
	}
	out.Desks = append(out.Desks, ui.Link{Address: f.to("/coverage"), Words: w.CoverageTitle})
	if len(cities) > 0 {
		out.Edited = w.Say(w.EditedIn, w.List(cities))
	}
	if m := f.in(f.house().Masthead); m != "" {
		out.Edited = m
	} else if out.Edited != "" {
		out.Edited += " " + w.EveryTime
	}
	out.Follow = []ui.Link{{Address: f.to("/feed.atom"), Words: w.Atom}, {Address: f.to("/feed.rss"), Words: "RSS"}, {Address: f.to("/feed.json"), Words: "JSON Feed"}}
	out.Paper = f.menu([]ui.Link{{Address: f.home(), Words: w.FrontPage}, {Address: f.to("/corrections"), Words: w.Corrections}, {Address: f.to("/archive"), Words: ui.BrowseWordsIn(f.lang).Archive}, {Address: f.to("/search"), Words: ui.SearchWordsIn(f.lang).Title}})
	return out
}

// sectionName is a section's name in the page's language, and whether there is one.
func (f frame) sectionName(id string) (string, bool) {
	for _, s := range f.house().Sections {
		if s.ID == id {
			return f.in(s.Names), true
		}
	}
	return "", false
}

// state says in a line what a desk does, and until when.
func (f frame) state(s edition.DeskState) (mark, words string) {
	w, house, there := f.words, f.seat(), f.seatOf(s.Desk)
	switch {
	case s.Desk.Closed:
		return "closed", w.Closed
	case !s.Known:
		return "closed", w.ClosedNow
	case s.OnDuty && (!s.Near || s.Until.IsZero()):
		return "duty", w.Updates
	}
	at := clock.DayTime(s.Until, there.Zone, f.lang)
	switch {
	case s.OnDuty && there.ID == house.ID:
		return "duty", w.Say(w.UpdatesUntil, at)
	case s.OnDuty:
		return "duty", w.Say(w.UpdatesUntilBoth, at, f.houseTime(s.Until, there), house.City)
	case there.ID == house.ID:
		return "rest", w.Say(w.RestsUntil, at)
	}
	return "rest", w.Say(w.RestsUntilThere, at)
}

// houseTime is an instant at the house, with its weekday where it is another day there.
func (f frame) houseTime(t time.Time, there ui.Seat) string {
	house := f.seat()
	hm := clock.HM(t, house.Zone)
	if !clock.SameDay(t, house.Zone, there.Zone) {
		return fmt.Sprintf("%s (%s)", hm, clock.ShortDay(t, house.Zone, f.lang))
	}
	return hm
}

// hebrewDate is the Hebrew date at an instant, which begins at the seat's sunset; "" where
// the house entry carries none.
func (f frame) hebrewDate(t time.Time) string {
	days := f.house().HebrewDays
	n := sort.Search(len(days), func(i int) bool { return days[i].Sunset.After(t) })
	if n == 0 || n == len(days) && t.Sub(days[n-1].Sunset) >= 24*time.Hour {
		return "" // nothing is known of what comes after the last
	}
	d := days[n-1]
	return ui.HebrewDate(d.Year, d.Month, d.Day, f.lang)
}
