package site

import (
	"fmt"
	"slices"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var personPage = ui.NewPage[personPageData](own, "frame.tmpl", "cards.tmpl", "person.tmpl")

// personPageData is somebody: what they said, when, where, in which capacity, reported by
// whom, and what was said of it later. No adjectives, no scores.
type personPageData struct {
	ui.Base
	Kicker, Heading, Line string
	Facts                 []string
	Said, Empty           string
	Statements            []statement
	Wrote                 []card
	WroteWord             string
	All                   ui.Link // to all that they wrote
	Pager                 pager
}

type statement struct {
	Day   string
	When  []ui.CityTime
	Quote ui.Quote
	Rows  []row
}

// row is a term and what it is, of a statement.
type row struct{ Term, Words, Address string }

const (
	statementsPerPage = 30
	wroteLimit        = 12
)

func (s *site) person(v *visit) error {
	id, err := idAtEnd(v.r.PathValue("person"))
	if err != nil {
		return err
	}
	p, ok, err := v.view.PersonOf(id)
	if err != nil || !ok {
		return orUnknown(err)
	}
	if p.Standing != story.Public {
		return v.takenPiece(p.Piece)
	}
	if p.Merged != "" {
		return v.toMerged(p)
	}
	if to := v.to(personPath(p)); to != v.r.URL.Path {
		return v.moved(to)
	}
	n, done, err := v.pageNumber()
	if done || err != nil {
		return err
	}
	return v.drawPerson(p, (n-1)*statementsPerPage)
}

// toMerged leads to whom somebody turned out to be.
func (v *visit) toMerged(p edition.Person) error {
	into, ok, err := v.view.PersonOf(p.Merged)
	if err != nil || !ok || into.Standing != story.Public || into.ID == p.ID || into.Merged == p.ID {
		return orUnknown(err)
	}
	return v.moved(v.to(personPath(into)))
}

func (v *visit) drawPerson(x edition.Person, skip int) error {
	w := ui.PieceWordsIn(v.lang)
	all, err := v.view.Statements(x.ID, v.lang, statementsPerPage+1, skip)
	if err != nil {
		return err
	}
	if skip > 0 && len(all) == 0 {
		return errUnknown
	}
	more := len(all) > statementsPerPage
	all = all[:min(len(all), statementsPerPage)]
	written, err := v.view.Written(x.ID, v.lang, wroteLimit)
	if err != nil {
		return err
	}
	name := x.Names.In(v.lang, v.house().Languages...)
	p := personPageData{Kicker: w.WhoSaidWhat, Heading: name, Line: x.Line.In(v.lang), Said: w.Statements, WroteWord: fmt.Sprintf(w.Wrote, name)}
	timed := v.asOf(append(cardsIn(all), written...))
	for _, s := range all {
		laid, err := v.statement(s, timed)
		if err != nil {
			return err
		}
		p.Statements = append(p.Statements, laid)
	}
	if len(written) == wroteLimit {
		p.All = ui.Link{Address: v.to(authorPath(x)), Words: ui.BrowseWordsIn(v.lang).AllReports}
	}
	if len(written) == 0 {
		written, p.WroteWord = quotedIn(all), w.InTheNews
	}
	for _, c := range written {
		p.Wrote = append(p.Wrote, v.card(c, timed, false, sizesColumn, false).plain())
	}
	if len(all) == 0 {
		p.Empty = w.NoStatements
	}
	if p.Facts, err = v.facts(x.ID); err != nil {
		return err
	}
	p.Pager = v.pages(personPath(x), skip, statementsPerPage, more)
	p.Base = v.base(page{title: name, about: p.Line, timed: timed, what: v.words.AsOf, path: personPath(x), every: true, feeds: personPath(x)})
	v.personData(&p.Base, x, all)
	p.Follow = v.follow(nil, newestOf(append(cardsIn(all), written...)), channel("house", v.lang))
	return personPage.Render(v.w, 200, p)
}

func cardsIn(all []edition.Statement) (cards []edition.Card) {
	for _, s := range all {
		cards = append(cards, s.In)
	}
	return cards
}

// quotedIn are the reports that somebody is quoted in, each once.
func quotedIn(all []edition.Statement) (cards []edition.Card) {
	for _, s := range all {
		if len(cards) < wroteLimit && !slices.ContainsFunc(cards, func(c edition.Card) bool { return c.ID == s.In.ID }) {
			cards = append(cards, s.In)
		}
	}
	return cards
}

// facts count the statements, and those that were walked back, clarified …
func (v *visit) facts(id string) (facts []string, err error) {
	w := ui.PieceWordsIn(v.lang)
	n, first, err := v.view.StatementsOf(id, v.lang)
	if err != nil || n == 0 {
		return nil, err
	}
	facts = append(facts, w.Spoken(n)+" "+w.Since(clock.LongDay(first, v.house().Zone, v.lang)))
	told, err := v.view.ToldOf(id, v.lang)
	for _, what := range []record.RelationWhat{record.WalksBack, record.Clarifies, record.Corrects, record.Disputes} {
		if n := told[what]; n > 0 {
			facts = append(facts, fmt.Sprintf(w.Told[string(what)], ui.Count(int64(n))))
		}
	}
	return facts, err
}

func (v *visit) statement(s edition.Statement, asOf time.Time) (out statement, err error) {
	w := ui.PieceWordsIn(v.lang)
	desk := v.deskSeat(s.In.Desk)
	out.Day = clock.LongDay(s.At, desk.Zone, v.lang)
	out.When = ui.TimesAt(s.At, s.At, v.lang, v.seat(), desk)
	out.Quote = *ui.QuoteOf(s.Quotation, v.quoteView(s.In))
	out.Quote.Speaker, out.Quote.Rest = "", ""
	if err := v.then(&out.Quote, asOf); err != nil {
		return out, err
	}
	add := func(term, words, address string) {
		if words != "" {
			out.Rows = append(out.Rows, row{term, words, address})
		}
	}
	add(w.SpeakingAs, s.Capacity, "")
	add(w.Occasion, s.Occasion, "")
	add(w.Where, s.Place, "")
	add(w.ReportedBy, s.ReportedBy, "")
	add(w.In, s.In.Headline, v.addressOf(s.In)+"#q-"+s.ID)
	return out, nil
}
