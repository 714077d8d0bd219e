package site

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var articlePage = ui.NewPage[articlePageData](own, "frame.tmpl", "cards.tmpl", "timeline.tmpl", "article.tmpl")

// articlePageData is an article on its own page.
type articlePageData struct {
	ui.Base
	ID         story.ArticleID
	Gone       bool // withdrawn: headline, strip and note are all that is left
	Kicker     ui.Link
	Headline   string
	Standfirst string
	Picture    *ui.Picture
	Since      since // of one as it stood: what became of it
	By         []author
	ForDesk    ui.Link
	Marks      []mark
	Fixes      []ui.Fix // those whose place in the text is not known
	Body       []ui.Block
	Sources    []source
	Topics     []ui.Link
	Places     []ui.Link
	Credit     string
	Published  *published
	Record     string
	History    ui.Link
	Also       []card
	AlsoWords  string
	Parts      []part     // running stories that it belongs to
	Related    []relation // reports that it refers to, and that refer to it
	Labels     articleLabels
}

type articleLabels struct{ Sources, Picture, Record, Published, Topics, Places string }

// author is a line of the byline; Address leads to what else they wrote.
type author struct{ Name, Role, Address string }

// mark is a line of the byline column: "Corrected", when, and where it says what changed.
type mark struct {
	Word string
	When []ui.CityTime
	Link ui.Link
}

type source struct{ Name, Address string }

// published is where and when an imported article was first published.
type published struct{ When, Address string }

// alsoLimit is how many other stories of the desk an article lists.
const alsoLimit = 4

func (s *site) article(v *visit) error {
	if done, err := v.ownPage(v.r.PathValue("article")); done || err != nil {
		return err
	}
	a, err := v.find()
	if err != nil {
		return err
	}
	if a.Type == story.Live && a.Standing == story.Public && v.addressOf(a.Card) == v.r.URL.Path {
		return v.live(a)
	}
	if done, err := v.strict(); done || err != nil {
		return err
	}
	if wordless(a) {
		return v.taken(a)
	}
	if to := v.addressOf(a.Card); to != v.r.URL.Path {
		return v.moved(to)
	}
	list, err := v.view.DeskCards(a.Lang, a.Desk, edition.Page{Limit: alsoLimit + 1})
	if err != nil {
		return err
	}
	also := slices.DeleteFunc(list.Cards, func(c edition.Card) bool { return c.ID == a.ID })
	texts, err := v.texts(a)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if a.Standing != story.Public {
		status = http.StatusGone
	}
	p := v.layArticle(a, also[:min(alsoLimit, len(also))], texts)
	if err := errors.Join(v.hangTogether(&p, a), v.leadOn(&p, a)); err != nil {
		return err
	}
	p.Follow = v.followArticle(a, a.N)
	if a.Standing == story.Public {
		v.shareArticle(&p.Base, a)
		if p.Data, err = v.articleData(a); err != nil {
			return err
		}
	}
	return articlePage.Render(v.w, status, p)
}

// find reads the id at the end of the path's segment and returns that article, or the one
// answer for everything that is not to be known.
func (v *visit) find() (a edition.Article, err error) {
	id := v.r.PathValue("article")
	if i := strings.LastIndexByte(id, '-'); i >= 0 {
		id = id[i+1:]
	}
	if !story.ValidID(id, story.ArticleIDLength) {
		return a, errUnknown
	}
	a, ok, err := v.view.Article(story.ArticleID(id))
	if err == nil && !ok {
		err = errUnknown
	}
	return a, err
}

// followArticle is how the page of an article is told what changes on it after entry n.
func (f frame) followArticle(a edition.Article, n int64) *ui.Follow {
	return f.follow(f.deskOf(a.Desk), n, channel("article", string(a.ID)))
}

// wordless reports whether no text of an article is public.
func wordless(a edition.Article) bool {
	return a.Standing == story.Killed || a.Standing == story.Erased
}

// taken answers for an article of which no text is public: with the note of the kill, or
// the wording of the order. What the law took is unavailable for legal reasons (RFC 7725).
func (v *visit) taken(a edition.Article) error {
	w, status := v.words, http.StatusGone
	p := facePageData{Heading: w.GoneTitle, Help: w.Killed, Note: a.Note, ToFront: ui.Link{Address: v.home(), Words: w.ToFront}}
	if a.Standing == story.Erased {
		status, p.Help = http.StatusUnavailableForLegalReasons, w.Erased
	}
	p.Base = v.base(page{title: p.Heading, timed: v.asOf(nil), what: w.AsOf})
	p.Follow = v.followArticle(a, a.N)
	p.NoIndex = true
	return facePage.Render(v.w, status, p)
}

// texts maps the entries of an article to the numbers of its texts.
func (v *visit) texts(a edition.Article) (map[int64]int, error) {
	if a.Versions < 2 {
		return nil, nil
	}
	versions, err := v.view.History(a.ID)
	if err != nil {
		return nil, err
	}
	numbers := map[int64]int{}
	for _, x := range versions {
		numbers[x.N] = x.Number
	}
	return numbers, nil
}

func (f frame) deskOf(id story.DeskID) *edition.Desk {
	if s, ok := f.moment.State(id); ok {
		return &s.Desk
	}
	return nil
}

// layArticle lays an article out; texts are the numbers of its texts by entry.
func (f frame) layArticle(a edition.Article, also []edition.Card, texts map[int64]int) articlePageData {
	w, bw := f.words, ui.BrowseWordsIn(f.lang)
	path := articlePath(a.Slug, a.ID)
	desk := f.deskOf(a.Desk)
	p := articlePageData{
		ID: a.ID, Headline: a.Headline, Labels: articleLabels{w.Sources, w.Picture, w.InTheRecord, w.Published, bw.Topics, bw.NamedPlaces},
		Base: f.base(page{title: a.Headline, about: a.Standfirst, timed: a.Posted, what: w.Posted, desk: desk, path: path, section: a.Section, feed: true}),
	}
	if name, ok := f.sectionName(a.Section); ok {
		p.Kicker = ui.Link{Address: f.to("/s/" + a.Section), Words: name}
	}
	p.Foot.Posted = f.postedSentence(a)
	if (a.Versions > 1 || a.Standing == story.Withdrawn) && f.past == "" {
		p.History = ui.Link{Address: f.to(path) + "/history", Words: w.History}
	}
	if a.Standing != story.Public {
		p.Gone, p.NoIndex, p.About, p.Share = true, true, "", nil
		p.Fixes = []ui.Fix{f.withdrawal(a, p.History)}
		return p
	}
	for _, b := range a.Bylines {
		p.By = append(p.By, author{Name: b.Name, Role: b.Role})
	}
	p.Standfirst, p.Record, p.Marks, p.Published = a.Standfirst, f.recordLine(a), f.marks(a, p.History), f.published(a.Content.First)
	f.layText(&p, a, desk, texts)
	for _, s := range a.Content.Sources {
		p.Sources = append(p.Sources, source{s.Name, story.SafeLink(s.Address)})
	}
	for _, x := range also {
		p.Also = append(p.Also, f.card(x, a.Posted, false, sizesColumn, false).plain())
	}
	return p
}

// layText lays out picture, corrections and text.
func (f frame) layText(p *articlePageData, a edition.Article, desk *edition.Desk, texts map[int64]int) {
	w := f.words
	view := ui.DocView{Lang: f.lang, Pictures: f.pictures, House: f.seat()}
	if desk != nil {
		view.Desk = f.seatOf(*desk)
		p.ForDesk = ui.Link{Address: f.to("/desk/" + desk.Slug), Words: w.Say(w.ForDesk, w.Say(w.DeskOf, f.in(desk.Names)))}
		p.AlsoWords = w.Say(w.AlsoFrom, f.in(desk.Names))
	}
	if a.Picture != nil {
		if p.Picture = ui.PictureOf(*a.Picture, f.lang, sizesWide, true, f.pictures); p.Picture != nil {
			p.Credit, view.Lead = p.Picture.Credit, a.Picture.ID
		}
	}
	p.Fixes, view.Fixes = f.fixes(a, f.addressOf(a.Card)+"/history/", texts)
	p.Body = ui.Doc(a.Content.Text, view)
}

// marks are the byline's own times: when it was corrected, when updated. The posted time
// is on the clocks.
func (f frame) marks(a edition.Article, history ui.Link) (out []mark) {
	w := f.words
	when := func(t time.Time) []ui.CityTime {
		return ui.TimesAt(t, a.Posted, f.lang, f.seat(), f.deskSeat(a.Desk))
	}
	if len(a.Corrections) > 0 {
		c := a.Corrections[0]
		out = append(out, mark{w.Corrected, when(c.At), ui.Link{Address: "#" + fixID(c.N), Words: w.WhatChanged}})
	}
	if a.Updated.After(a.Posted) && !a.Updated.Equal(a.Corrected) {
		out = append(out, mark{w.Updated, when(a.Updated), ui.Link{Address: history.Address, Words: w.WhatChanged}})
	}
	return out
}

func (f frame) withdrawal(a edition.Article, history ui.Link) ui.Fix {
	w := f.words
	fix := ui.Fix{ID: "withdrawn", Word: w.WithdrawnTitle, Note: a.Note, Done: w.Withdrawn, Kept: w.NotChanged, Link: history.Address, LinkText: history.Words}
	if !a.TakenAt.IsZero() {
		fix.When = ui.TimesAt(a.TakenAt, a.Posted, f.lang, f.seat(), f.deskSeat(a.Desk))
	}
	return fix
}

// postedSentence is the foot's: the posted time again, with its date.
func (f frame) postedSentence(a edition.Article) string {
	house, there := f.seat(), f.deskSeat(a.Desk)
	times := clock.HM(a.Posted, there.Zone) + " " + there.City
	if there.ID != house.ID {
		times += " · " + f.houseTime(a.Posted, there) + " " + house.City
	}
	return f.words.Say(f.words.PostedAt, clock.LongDay(a.Posted, there.Zone, f.lang), times)
}

// recordLine names the entries that made the article what it is.
func (f frame) recordLine(a edition.Article) string {
	if a.First == 0 {
		return "" // a preview: no entry yet
	}
	w := f.words
	line := w.Say(w.Entry, ui.Count(a.First))
	var numbers []string
	for _, c := range slices.Backward(a.Corrections) {
		numbers = append(numbers, ui.Count(c.N))
	}
	if len(numbers) > 0 {
		line += ", " + w.Say(w.CorrectBy, w.List(numbers))
	}
	return line + "."
}

func (f frame) published(first *record.First) *published {
	if first == nil {
		return nil
	}
	p := &published{Address: story.SafeLink(first.Address), When: clock.CivilDay(first.Date, f.lang)}
	if !first.At.IsZero() {
		p.When = clock.LongDay(first.At, f.house().Zone, f.lang)
	}
	return p
}

// Preview draws the page of an article that is not public, by the code that draws the
// public one, as it would look if it were posted now. The caller keeps it private.
func Preview(w http.ResponseWriter, house edition.House, desks []edition.Desk, a edition.Article, now time.Time) error {
	lang := house.Lang(a.Lang)
	f := frame{moment: edition.MomentAt(house, desks, now), quarter: now.Truncate(quarterHour), lang: lang, words: ui.WordsIn(lang), pictures: ui.PictureAddress}
	p := f.layArticle(a, nil, nil)
	p.NoIndex, p.Canonical, p.Manifest, p.Feeds, p.Share = true, "", "", nil, nil
	p.Look.Icon, p.Look.Touch = files.Path("icon.svg"), ""
	return articlePage.Render(w, http.StatusOK, p)
}
