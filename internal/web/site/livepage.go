package site

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var livePage = ui.NewPage[livePageData](own, "frame.tmpl", "cards.tmpl", "entry.tmpl", "live.tmpl")
var entryBlock = ui.NewPage[liveEntry](own, "entry.tmpl")

// livePageData is a live page: what stands above it, its line about who adds to it, its key
// events, and its entries.
type livePageData struct {
	ui.Base
	ID         story.ArticleID
	Kicker     ui.Link
	Headline   string
	Standfirst string
	Picture    *ui.Picture
	By         string
	Pulse      pulse
	Summary    string // once it is closed
	Intro      []ui.Block
	Keys       []keyLine
	Pinned     []liveEntry
	Entries    []liveEntry
	None       string
	Pager      pager
	Sources    []source
	Topics     []ui.Link
	Since      since // of one as it stood: what became of it
	Record     string
	History    ui.Link
	Labels     liveLabels
}

type liveLabels struct{ Keys, Pinned, Entries, Summary, Sources, Record, Topics string }

// pulse is the line about a live page: who adds to it and until when, or that it is closed.
type pulse struct {
	State      string // live, nobody or closed: the mark
	Word       string // "Live", "This page is closed."
	Bold, Rest string
	When       []ui.CityTime // of the closing
}

// keyLine is a key event in the list of them.
type keyLine struct {
	Address, Words string
	When           []ui.CityTime
}

// liveEntry is one entry as its page draws it and as open pages are sent it.
type liveEntry struct {
	ID, Address         string
	When                []ui.CityTime // the desk's clock, the house's and the universal one
	Key, Pinned, Gone   bool
	KeyWord, PinnedWord string
	Headline            string
	Body                []ui.Block
	Quotes              []*ui.Quote // that do not stand in the text
	Pictures            []*ui.Picture
	By                  string
	Mark                string // "Updated", or that it was removed
	MarkWhen            []ui.CityTime
	Out                 ui.Link
}

// How many entries a part of a live page has, and how many it may pin and list as key events.
const (
	liveLimit   = 20
	pinnedLimit = 5
	keysLimit   = 30
)

// MaxLiveBlock is how many bytes the block of one live entry has at most.
const MaxLiveBlock = 16 << 10

// live draws an article of type live.
func (v *visit) live(a edition.Article) error {
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	page, _, err := v.view.LivePage(a.ID)
	if err != nil {
		return err
	}
	entries, next, err := v.view.Live(a.ID, edition.Page{Before: before, Limit: liveLimit})
	if err != nil {
		return err
	}
	keys, err := v.view.LiveKeys(a.ID, keysLimit)
	if err != nil {
		return err
	}
	p := v.layLive(a, page)
	var pinned []edition.LiveEntry
	if before == 0 {
		if pinned, err = v.view.LivePinned(a.ID, pinnedLimit); err != nil {
			return err
		}
		if p.Pinned, err = v.layEntries(a, pinned); err != nil {
			return err
		}
	}
	if p.Entries, err = v.layEntries(a, entries); err != nil {
		return err
	}
	if len(p.Entries) == 0 && len(p.Pinned) == 0 {
		p.None = ui.LiveWordsIn(v.lang).None
	}
	for _, k := range keys {
		p.Keys = append(p.Keys, v.keyLine(a, k))
	}
	p.Pager = v.livePager(a, before, next)
	shown := max(a.N, page.N)
	for _, e := range entries {
		shown = max(shown, e.N)
	}
	p.Follow = v.followArticle(a, shown)
	v.shareArticle(&p.Base, a)
	if p.Data, err = v.liveData(a, page, append(pinned, entries...)); err != nil {
		return err
	}
	return livePage.Render(v.w, http.StatusOK, p)
}

func (v *visit) layEntries(a edition.Article, all []edition.LiveEntry) (out []liveEntry, err error) {
	for _, e := range all {
		var of *edition.Article
		if id := e.Content.BrokenOut; id != "" {
			x, ok, err := v.view.Article(id)
			if err != nil {
				return nil, err
			}
			if ok {
				of = &x
			}
		}
		out = append(out, v.layEntry(a, e, of))
	}
	return out, nil
}

// layLive lays out what stands above the entries.
func (f frame) layLive(a edition.Article, state edition.LivePage) livePageData {
	w, lw := f.words, ui.LiveWordsIn(f.lang)
	path, desk := articlePath(a.Slug, a.ID), f.deskOf(a.Desk)
	p := livePageData{
		ID: a.ID, Headline: a.Headline, Standfirst: a.Standfirst, By: f.names(a.Bylines), Pulse: f.pulse(a, state), Summary: state.Summary, Record: f.recordLine(a),
		Labels: liveLabels{lw.KeyEvents, lw.Pinned, lw.Entries, lw.Summary, w.Sources, w.InTheRecord, ui.BrowseWordsIn(f.lang).Topics},
		Base:   f.base(page{title: a.Headline, about: a.Standfirst, timed: f.asOf([]edition.Card{a.Card}), what: w.AsOf, desk: desk, path: path, section: a.Section, feed: true}),
	}
	if name, ok := f.sectionName(a.Section); ok {
		p.Kicker = ui.Link{Address: f.to("/s/" + a.Section), Words: name}
	}
	p.Foot.Posted = f.postedSentence(a)
	if f.past == "" {
		p.Topics = f.topicLinks(a)
	}
	if a.Versions > 1 && f.past == "" {
		p.History = ui.Link{Address: f.to(path) + "/history", Words: w.History}
	}
	view := f.docView(desk)
	if a.Picture != nil {
		if p.Picture = ui.PictureOf(*a.Picture, f.lang, sizesWide, true, f.pictures); p.Picture != nil {
			view.Lead = a.Picture.ID
		}
	}
	p.Intro = ui.Doc(a.Content.Text, view)
	for _, s := range a.Content.Sources {
		p.Sources = append(p.Sources, source{s.Name, story.SafeLink(s.Address)})
	}
	return p
}

func (f frame) docView(desk *edition.Desk) ui.DocView {
	view := ui.DocView{Lang: f.lang, Pictures: f.pictures, House: f.seat()}
	if desk != nil {
		view.Desk = f.seatOf(*desk)
	}
	return view
}

// pulse is never that of a paused page: while none of its desks is on duty, it says until when.
func (f frame) pulse(a edition.Article, page edition.LivePage) pulse {
	lw := ui.LiveWordsIn(f.lang)
	switch page.State {
	case story.LiveClosed:
		return pulse{State: "closed", Word: lw.Closed, When: f.liveTimes(a, page.Closed, a.Desk)}
	case story.LiveOpen:
		n := edition.LiveNotice(f.moment, page, f.lang)
		if n.State == edition.NoticeDuty {
			return pulse{State: "live", Word: lw.Live, Bold: n.Bold, Rest: n.Text}
		}
		return pulse{State: "nobody", Bold: n.Bold, Rest: n.Text}
	}
	return pulse{}
}

// liveTimes writes an instant of a live page: with its date where the page was posted on
// another day, so that what is written does not change with the hour of the reading.
func (f frame) liveTimes(a edition.Article, t time.Time, desk story.DeskID) []ui.CityTime {
	return ui.TimesAt(t, a.Posted, f.lang, f.seat(), f.deskSeat(desk))
}

// threeClocks are an entry's: its desk's, the house's where that is another, and UTC.
func (f frame) threeClocks(a edition.Article, e edition.LiveEntry) []ui.CityTime {
	times := f.liveTimes(a, e.Posted, e.Desk)
	there := f.deskSeat(e.Desk)
	utc := ui.CityTime{ISO: clock.ISO(e.Posted), When: clock.HM(e.Posted, time.UTC), City: f.words.UTC}
	if !clock.SameDay(e.Posted, time.UTC, there.Zone) {
		utc.When += " " + clock.ShortDay(e.Posted, time.UTC, f.lang)
	}
	return append(times, utc)
}

// entryAddress leads to an entry for ever: to the part of the page that begins with it.
func (f frame) entryAddress(a edition.Article, e edition.LiveEntry) string {
	address := f.addressOf(a.Card)
	if !e.Pinned {
		address += "?before=" + strconv.FormatInt(e.First+1, 10)
	}
	return address + "#e-" + e.ID
}

func (f frame) keyLine(a edition.Article, e edition.LiveEntry) keyLine {
	k := keyLine{Address: f.entryAddress(a, e), Words: e.Content.Headline, When: f.liveTimes(a, e.Posted, e.Desk)[:1]}
	for _, b := range e.Content.Doc {
		if k.Words == "" {
			k.Words = shortened(b.Plain())
		}
	}
	for _, q := range e.Content.Quotations {
		k.Words = cmp.Or(k.Words, q.Speaker)
	}
	return k
}

// shortened is the beginning of a text that has no headline.
func shortened(text string) string {
	const most = 80
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := most
	for i := most; i > most/2; i-- {
		if runes[i] == ' ' {
			cut = i
			break
		}
	}
	return string(runes[:cut]) + " …"
}

// layEntry lays one entry out; out is the story that was broken out of it, if readers know it.
func (f frame) layEntry(a edition.Article, e edition.LiveEntry, out *edition.Article) liveEntry {
	w, lw, c := f.words, ui.LiveWordsIn(f.lang), e.Content
	x := liveEntry{ID: "e-" + e.ID, Address: f.entryAddress(a, e), When: f.threeClocks(a, e), KeyWord: lw.KeyEvent, PinnedWord: lw.Pinned}
	if !e.Removed.IsZero() {
		x.Gone, x.When, x.Mark, x.MarkWhen = true, x.When[:1], lw.Removed, f.liveTimes(a, e.Removed, e.Desk)
		return x
	}
	desk := f.deskOf(e.Desk)
	x.Key, x.Pinned, x.Headline = e.Key, e.Pinned, c.Headline
	x.Body = ui.Doc(story.Text{Doc: c.Doc, Quotations: c.Quotations, Pictures: c.Pictures}, f.docView(desk))
	for _, q := range c.Quotations {
		if !slices.ContainsFunc(c.Doc, func(b story.Block) bool { return b.Quotation == q.ID }) {
			x.Quotes = append(x.Quotes, ui.QuoteOf(q, f.docView(desk)))
		}
	}
	for _, p := range c.Pictures {
		shown := slices.ContainsFunc(c.Doc, func(b story.Block) bool { return b.Picture == p.ID || slices.Contains(b.Pictures, p.ID) })
		if drawn := ui.PictureOf(p, f.lang, sizesEntry, false, f.pictures); drawn != nil && !shown {
			x.Pictures = append(x.Pictures, drawn)
		}
	}
	if desk != nil {
		x.By = w.Say(w.DeskOf, f.in(desk.Names))
	}
	if c.By != nil {
		x.By = fmt.Sprintf(lw.Author, c.By.Name, x.By)
	}
	if !e.Updated.IsZero() {
		x.Mark, x.MarkWhen = w.Updated, f.liveTimes(a, e.Updated, e.Desk)
	}
	if out != nil && out.Standing == story.Public {
		x.Out = ui.Link{Address: f.addressOf(out.Card), Words: lw.Out}
	}
	return x
}

// sizesEntry is how wide a picture stands in a live entry.
const sizesEntry = "(min-width: 1100px) 40rem, (min-width: 700px) 80vw, 100vw"

func (f frame) livePager(a edition.Article, before, next int64) pager {
	lw := ui.LiveWordsIn(f.lang)
	p := pager{Name: lw.Entries}
	if before != 0 {
		p.Later = ui.Link{Address: f.addressOf(a.Card), Words: lw.Newer}
	}
	if next != 0 {
		p.Earlier = ui.Link{Address: f.addressOf(a.Card) + "?before=" + strconv.FormatInt(next, 10), Words: lw.Earlier}
	}
	return p
}

// LiveBlock draws one entry of a live page as the page itself does, for pages that are open:
// in at most MaxLiveBlock bytes, and without its text where that is longer. out is the
// story that was broken out of it, nil for none. No now is in it: it is the same whenever it
// is drawn.
func LiveBlock(house edition.House, desks []edition.Desk, a edition.Article, e edition.LiveEntry, out *edition.Article) ([]byte, error) {
	lang := house.Lang(a.Lang)
	f := frame{moment: edition.MomentAt(house, desks, e.Posted), lang: lang, words: ui.WordsIn(lang), pictures: ui.PictureAddress}
	x := f.layEntry(a, e, out)
	block, err := entryBlock.Bytes(x)
	if err != nil || len(block) <= MaxLiveBlock {
		return block, err
	}
	x.Body, x.Quotes, x.Pictures = nil, nil, nil
	x.Headline = shortened(cmp.Or(x.Headline, f.keyLine(a, e).Words))
	x.Out = ui.Link{Address: x.Address, Words: ui.LiveWordsIn(lang).Whole}
	return entryBlock.Bytes(x)
}
