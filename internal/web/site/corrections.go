package site

import (
	"cmp"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var correctionsPage = ui.NewPage[correctionsPageData](own, "frame.tmpl", "cards.tmpl", "corrections.tmpl")

// correctionsPageData is the page of what was wrong.
type correctionsPageData struct {
	ui.Base
	Heading, Stand string
	Lines          []correctedLine
	Empty          string
	Pager          pager
}

type correctedLine struct {
	Address, Headline string
	Fix               ui.Fix
}

func (s *site) corrections(v *visit) error {
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	lines, next, err := v.view.Corrections(v.lang, edition.Page{Before: before, Limit: listLimit})
	if err != nil {
		return err
	}
	shown := int64(0)
	for _, l := range lines {
		shown = max(shown, l.N)
	}
	p := v.layCorrections(lines, before, next)
	p.Follow = v.follow(nil, shown, channel("house", v.lang))
	return correctionsPage.Render(v.w, 200, p)
}

func (f frame) layCorrections(lines []edition.Corrected, before, next int64) correctionsPageData {
	w := f.words
	p := correctionsPageData{Heading: w.CorrectionsTitle, Stand: w.CorrectionsStand, Pager: f.pager("/corrections", before, next)}
	p.Pager.Name = w.CorrectionsTitle
	timed := f.asOf(nil)
	for _, l := range lines {
		if l.Correction.At.After(timed) {
			timed = l.Correction.At
		}
	}
	for _, l := range lines {
		if l.Headline == "" {
			continue // killed since: no word of it is public
		}
		p.Lines = append(p.Lines, correctedLine{f.addressOf(l.Card), l.Headline, f.corrected(l, timed)})
	}
	if len(p.Lines) == 0 {
		p.Empty = w.NoCorrections
	}
	p.Base = f.base(page{title: p.Heading, timed: timed, what: w.AsOf, path: "/corrections", every: true, feed: true})
	return p
}

func (f frame) corrected(l edition.Corrected, asOf time.Time) ui.Fix {
	w := f.words
	fix := ui.Fix{
		Word: w.Correction, Note: l.Correction.Note, WasWord: w.Before, IsWord: w.Now,
		Done: w.Corrected, Kept: w.NotChanged,
		When: ui.TimesAt(l.Correction.At, asOf, f.lang, f.seat(), f.deskSeat(l.Desk)),
	}
	fix.Was, fix.Is = unsaid(l.Correction)
	if l.Withdrawn {
		fix.Word, fix.Done, fix.Kept = w.Withdrawn, w.Withdrawn, ""
	}
	return fix
}

// fixLines are the newest corrections as the front page lists them.
func (f frame) fixLines(all []edition.Corrected) (out []latestLine) {
	zone := f.house().Zone
	for _, l := range all {
		if l.Headline != "" {
			out = append(out, latestLine{
				ISO: clock.ISO(l.Correction.At), When: clock.ShortDay(l.Correction.At, zone, f.lang) + " " + clock.HM(l.Correction.At, zone),
				Address: f.addressOf(l.Card), Words: cmp.Or(l.Short, l.Headline),
			})
		}
	}
	return out
}

// standing are the newest corrections of articles that still stand.
func (v *visit) standing(limit int) (out []edition.Corrected, err error) {
	all, _, err := v.view.Corrections(v.lang, edition.Page{Limit: 3 * limit})
	if err != nil {
		return nil, err
	}
	return stillPublic(all, limit), nil
}

func stillPublic(all []edition.Corrected, limit int) (out []edition.Corrected) {
	for _, l := range all {
		if l.Standing == story.Public && len(out) < limit {
			out = append(out, l)
		}
	}
	return out
}
