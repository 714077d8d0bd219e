package site

import (
	"strconv"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var historyPage = ui.NewPage[historyPageData](own, "frame.tmpl", "history.tmpl")
var versionPage = ui.NewPage[versionPageData](own, "frame.tmpl", "version.tmpl")

// historyPageData lists every text of an article.
type historyPageData struct {
	ui.Base
	Heading, Stand string
	Article        ui.Link
	Texts          []textLine
}

// textLine is one text in the history.
type textLine struct {
	Address, Number, Did string
	When                 []ui.CityTime
	Headline, Note       string
	Current              bool
}

// versionPageData is one text as it stood, with what changed in it.
type versionPageData struct {
	ui.Base
	Headline   string
	Number     string
	Did        string
	When       []ui.CityTime
	Article    ui.Link
	ThatDay    ui.Link // to the site as it stood once this text was posted
	Note       string
	Changes    []change // in the order of the text
	Pager      pager
	Unchanged  string
	Label      changeLabels
	IsNewest   bool
	Standfirst string
}

type changeLabels struct{ Added, Removed, Changed, Before, Earlier string }

// told finds an article of which texts may be read, at its own address.
func (v *visit) told(suffix string) (a edition.Article, texts []edition.Version, done bool, err error) {
	if a, err = v.find(); err != nil {
		return a, nil, false, err
	}
	if done, err := v.strict(); done || err != nil {
		return a, nil, true, err
	}
	if wordless(a) {
		return a, nil, true, v.taken(a)
	}
	if to := v.addressOf(a.Card) + suffix; to != v.r.URL.Path {
		return a, nil, true, v.moved(to)
	}
	texts, err = v.view.History(a.ID)
	return a, texts, false, err
}

func (s *site) history(v *visit) error {
	a, texts, done, err := v.told("/history")
	if done || err != nil {
		return err
	}
	w := v.words
	path := articlePath(a.Slug, a.ID)
	p := historyPageData{Heading: w.HistoryTitle, Stand: w.HistoryStand, Article: ui.Link{Address: v.to(path), Words: a.Headline}}
	for _, t := range texts {
		p.Texts = append(p.Texts, v.textLine(a, t))
	}
	p.Base = v.base(page{title: w.HistoryTitle + ": " + a.Headline, timed: a.Posted, what: w.Posted, desk: v.deskOf(a.Desk), path: path + "/history"})
	p.Foot.Posted = v.postedSentence(a)
	return historyPage.Render(v.w, 200, p)
}

func (f frame) textLine(a edition.Article, t edition.Version) textLine {
	l := textLine{
		Address: f.addressOf(a.Card) + "/history/" + strconv.Itoa(t.Number), Number: f.words.Say(f.words.TextNumber, t.Number),
		Did: f.did(t.Change), When: f.versionTimes(a, t), Headline: t.Content.Headline, Current: t.Number == a.Versions,
	}
	if t.Content.Correction != nil {
		l.Note = t.Content.Correction.Note
	}
	return l
}

// versionTimes carry their date always: a history spans days.
func (f frame) versionTimes(a edition.Article, t edition.Version) []ui.CityTime {
	house, there := f.seat(), f.deskSeat(a.Desk)
	out := []ui.CityTime{{ISO: clock.ISO(t.At), When: clock.DateTime(t.At, there.Zone, f.lang), City: there.City}}
	if there.ID != house.ID {
		out = append(out, ui.CityTime{ISO: clock.ISO(t.At), When: f.houseTime(t.At, there), City: house.City})
	}
	return out
}

func (f frame) did(c record.Change) string {
	w := f.words
	switch c {
	case record.Updated:
		return w.DidUpdate
	case record.Corrected:
		return w.DidCorrect
	case record.Reinstated:
		return w.DidReinstate
	case record.Archived:
		return w.DidArchive
	}
	return w.DidPost
}

func (s *site) version(v *visit) error {
	number := v.r.PathValue("n")
	n, err := strconv.Atoi(number)
	if err != nil || strconv.Itoa(n) != number || n < 1 {
		return errUnknown
	}
	a, texts, done, err := v.told("/history/" + number)
	if done || err != nil {
		return err
	}
	var this, before *edition.Version
	for i := range texts {
		switch texts[i].Number {
		case n:
			this = &texts[i]
		case n - 1:
			before = &texts[i]
		}
	}
	if this == nil {
		return errUnknown
	}
	return versionPage.Render(v.w, 200, v.layVersion(a, *this, before, len(texts)))
}

func (f frame) layVersion(a edition.Article, this edition.Version, before *edition.Version, all int) versionPageData {
	w := f.words
	path := articlePath(a.Slug, a.ID)
	line := f.textLine(a, this)
	p := versionPageData{
		Headline: this.Content.Headline, Number: w.Say(w.TextOf, this.Number, all), Did: line.Did, When: line.When, Note: line.Note,
		Article: ui.Link{Address: f.to(path), Words: w.CurrentText}, IsNewest: line.Current,
		ThatDay: ui.Link{Address: f.to(momentPath(nextSecond(this.At))), Words: ui.BrowseWordsIn(f.lang).StoodTitle},
		Label:   changeLabels{w.Added, w.Removed, w.Changed, w.Before, w.ThisText},
	}
	var earlier *story.Text
	if before != nil {
		earlier = &before.Content.Text
	}
	p.Changes = compare(this.Content.Text, earlier)
	if earlier != nil && !changed(p.Changes) {
		p.Unchanged = w.NoChange
	}
	p.Pager.Name = w.History
	if this.Number > 1 {
		p.Pager.Earlier = ui.Link{Address: f.to(path) + "/history/" + strconv.Itoa(this.Number-1), Words: w.Say(w.TextNumber, this.Number-1)}
	}
	if this.Number < all {
		p.Pager.Later = ui.Link{Address: f.to(path) + "/history/" + strconv.Itoa(this.Number+1), Words: w.Say(w.TextNumber, this.Number+1)}
	}
	p.Base = f.base(page{
		title: p.Number + ": " + this.Content.Headline, timed: this.At, what: w.TextPosted, desk: f.deskOf(a.Desk),
		path: path + "/history/" + strconv.Itoa(this.Number),
	})
	p.Foot.Posted = f.postedSentence(a)
	p.NoIndex = true
	return p
}
