package edition

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/story"
)

// Candidates is how many of the newest texts that fit a query are ranked. FTS5 lists matches
// from the newest back without looking at the others; a rank over all matches of a common
// word would read all of them.
const Candidates = 500

// A Search asks for part of what a query finds in a language.
type Search struct {
	Query       Query
	Lang        string
	Before      int64 // only what was first posted by an entry before this one; 0: everything
	Skip, Limit int   // of the ranked
}

// Results are what was found, the best first.
type Results struct {
	Hits   []Hit
	Total  int   // how many were ranked
	Before int64 // with it, a Search finds the same again, whatever is posted meanwhile
	Older  int64 // where a Search for what was not looked at begins; 0 if everything was
}

// A Hit is an article, or an entry of a live page, that was found.
type Hit struct {
	Card
	Part     string // of the live entry, "" where the article itself was found
	First    int64  // n of the entry that first posted it
	Pinned   bool   // of a live entry
	Headline []Run  // of the card, or of the live entry
	Snippet  []Run
	At       time.Time // when it was first posted
}

// A search goes back through the archive by searchWindow entries at a time. Words that are in
// most texts, but seldom together, make it look at all of them: once searchPatience is over
// it stops, tells what it has, and where to go on (Results.Older).
const (
	searchWindow   = 100_000
	searchPatience = 20 * time.Millisecond
)

// Search finds. What it costs is bounded by Candidates, and by searchPatience and one window.
func (v *View) Search(s Search) (out Results, err error) {
	v.shows(searchKey(s.Lang))
	tags, notTags, ok, err := v.searchTags(s)
	if err != nil || !ok || s.Query.Empty() {
		return out, err
	}
	after, before, err := v.searchBounds(s)
	if err != nil {
		return out, err
	}
	var all []candidate
	if all, out.Older, err = v.newestThatFit(s.Query.expression(tags, notTags), after, before); err != nil || len(all) == 0 {
		return out, err
	}
	out.Before = all[0].n + 1
	all = rank(s.Query, all)
	out.Total = len(all)
	for _, c := range all[min(s.Skip, len(all)):min(s.Skip+s.Limit, len(all))] {
		h, ok, err := v.hit(s.Query, c)
		if err != nil {
			return out, err
		}
		if ok {
			out.Hits = append(out.Hits, h)
		}
	}
	return out, nil
}

// newestThatFit are the newest texts that fit, from entries between two, and where a search for
// older ones begins; 0 if there are none.
func (v *View) newestThatFit(match string, after, before int64) (all []candidate, older int64, err error) {
	patience, enough := context.WithTimeout(v.ctx, cmp.Or(v.edition.patience, searchPatience))
	defer enough()
	var head, volume, at int64
	if _, err := v.one(newestEntry, nil, &head, &volume, &at); err != nil {
		return nil, 0, err
	}
	for before = min(before, head+1); before > after+1; {
		from := max(after, before-1-cmp.Or(v.edition.window, searchWindow))
		some, err := many(v, candidates, []any{match, from, before, Candidates + 1 - len(all)}, scanCandidate)
		if err != nil {
			return nil, 0, err
		}
		if all = append(all, some...); len(all) > Candidates {
			return all[:Candidates], all[Candidates-1].n, nil
		}
		if before = from + 1; before > after+1 && patience.Err() != nil {
			return all, before, v.ctx.Err()
		}
	}
	return all, 0, nil
}

// searchTags are the exact values that a query wants and does not want. ok is false if it
// wants a desk or a section that there is not.
func (v *View) searchTags(s Search) (tags, notTags []string, ok bool, err error) {
	tags = []string{tag(langTag, s.Lang)}
	house, _, err := v.House()
	if err != nil {
		return nil, nil, false, err
	}
	desks, err := v.Desks(house)
	if err != nil {
		return nil, nil, false, err
	}
	for _, t := range s.Query.terms {
		if t.worded() {
			continue
		}
		found := deskTags(desks, t.words)
		if t.field == "section" {
			found = sectionTags(house, t.words)
		}
		switch {
		case t.not:
			notTags = append(notTags, found...)
		case len(found) == 0:
			return nil, nil, false, nil
		default:
			tags = append(tags, found[0])
		}
	}
	return tags, notTags, true, nil
}

func deskTags(desks []Desk, words []string) (tags []string) {
	for _, d := range desks {
		if named(words, d.Slug, string(d.ID)) || anyNamed(words, d.Names) {
			tags = append(tags, tag(deskTag, string(d.ID)))
		}
	}
	return tags
}

func sectionTags(h House, words []string) (tags []string) {
	for _, x := range h.Sections {
		if named(words, x.ID) || anyNamed(words, x.Names) {
			tags = append(tags, tag(sectionTag, x.ID))
		}
	}
	return tags
}

// named reports whether words are one of some names, folded.
func named(words []string, names ...string) bool {
	want := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(names, func(name string) bool { return story.FoldForSearch(name) == want })
}

func anyNamed(words []string, names record.Words) bool {
	for _, name := range names {
		if named(words, name) {
			return true
		}
	}
	return false
}

const entryFrom = `SELECT at FROM entry WHERE n >= $1 ORDER BY n LIMIT 1`

// searchBounds are the entries between which days and cursor allow a find; neither is itself
// allowed. The days are those of the house's seat. Entries are never earlier than the ones
// before them, so that a day is a run of entries.
func (v *View) searchBounds(s Search) (after, before int64, err error) {
	house, _, err := v.House()
	if err != nil {
		return 0, 0, err
	}
	before = Page{Before: s.Before}.before()
	if s.Query.to != "" {
		n, err := v.firstOn(s.Query.to, 1, house.Zone)
		if err != nil {
			return 0, 0, err
		}
		before = min(before, n)
	}
	if s.Query.from != "" {
		n, err := v.firstOn(s.Query.from, 0, house.Zone)
		return n - 1, before, err
	}
	return 0, before, nil
}

// firstOn is the first entry on a civil day, or some days after it, or later.
func (v *View) firstOn(day string, plus int, zone *time.Location) (int64, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, fmt.Errorf("the day %q: %w", day, err)
	}
	return v.firstSince(micros(clock.DayStart(t.Year(), t.Month(), t.Day()+plus, zone)))
}

// firstSince is the first entry of an instant or later; entries are never earlier than those
// before them.
func (v *View) firstSince(from int64) (int64, error) {
	var head, volume, newest int64
	_, err := v.one(newestEntry, nil, &head, &volume, &newest)
	n := sort.Search(int(head), func(i int) bool {
		at := int64(math.MaxInt64)
		_, failed := v.one(entryFrom, []any{i + 1}, &at)
		err = errors.Join(err, failed)
		return at >= from
	})
	return int64(n) + 1, err
}

const candidates = `
	SELECT t.n, t.article, t.part, t.posted, t.headline, t.standfirst, t.body, t.author, t.person, t.topic
	  FROM search s JOIN search_text t ON t.n = s.rowid
	 WHERE s.search MATCH $1 AND s.rowid > $2 AND s.rowid < $3
	 ORDER BY s.rowid DESC LIMIT $4`

// candidate is a text that fits, before it is ranked.
type candidate struct {
	n             int64
	article, part string
	posted        int64
	headline      string
	standfirst    string
	body          string
	people        [3]string // author, person, topic
	score         float64
}

func scanCandidate(rows *sql.Rows) (c candidate, err error) {
	err = rows.Scan(&c.n, &c.article, &c.part, &c.posted, &c.headline, &c.standfirst, &c.body, &c.people[0], &c.people[1], &c.people[2])
	return c, err
}

// The rank is BM25F (Robertson, Zaragoza, Taylor 2004) without the rarity of words, which is
// the same for all where all words are wanted, times what is left of a text's freshness.
const (
	inHeadline, inStandfirst, inNames = 6, 2, 3 // what a word in a field counts, against one in the body
	saturation, lengthShare           = 1.2, 0.75
	freshHalves                       = 90 * 24 * time.Hour
	freshLeast                        = 0.3 // what age cannot take
)

// rank orders candidates, the best first, one of each article.
func rank(q Query, all []candidate) []candidate {
	length := 0
	for _, c := range all {
		length += len(c.body)
	}
	average := max(1, float64(length)/float64(len(all)))
	for i := range all {
		all[i].score = q.score(all[i], average) * fresh(all[0].posted-all[i].posted)
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c candidate) bool {
		was := seen[c.article]
		seen[c.article] = true
		return was
	})
}

func fresh(age int64) float64 {
	return freshLeast + (1-freshLeast)*math.Exp2(-float64(age)/float64(freshHalves.Microseconds()))
}

func (q Query) score(c candidate, average float64) float64 {
	score := 0.01 // of what fits without a word, as all of a desk
	norm := saturation * (1 - lengthShare + lengthShare*float64(len(c.body))/average)
	for _, t := range q.terms {
		if t.not || !t.worded() {
			continue
		}
		words := " " + strings.Join(t.words, " ")
		if !t.prefix {
			words += " "
		}
		tf := float64(strings.Count(c.body, words) + inHeadline*strings.Count(c.headline, words) + inStandfirst*strings.Count(c.standfirst, words))
		for _, names := range c.people {
			tf += inNames * float64(strings.Count(names, words))
		}
		score += tf * (saturation + 1) / (tf + norm)
	}
	return score
}

// hit draws up what a page shows of a candidate, from the text that is public now.
func (v *View) hit(q Query, c candidate) (h Hit, ok bool, err error) {
	a, ok, err := v.Article(story.ArticleID(c.article))
	if err != nil || !ok || a.Standing != story.Public {
		return h, false, err
	}
	h = Hit{Card: a.Card, Part: c.part, First: c.n, At: instant(c.posted)}
	headline, texts := a.Headline, append([]string{a.Standfirst}, BodyLines(a.Content.Text)...)
	for _, p := range a.Content.Pictures {
		texts = append(texts, p.Caption)
	}
	if c.part != "" {
		live, err := v.liveWords(c)
		h.Pinned = live.Pinned
		if err != nil {
			return h, false, err
		}
		headline, texts = cmp.Or(live.Headline, a.Headline), lines(live.Doc, live.Quotations)
	}
	h.Headline, h.Snippet = q.Mark(headline), q.Snippet(texts)
	return h, true, nil
}

func (v *View) liveWords(c candidate) (live record.Live, err error) {
	var content []byte
	if ok, err := v.one(liveWords, []any{c.article, c.part}, &content); err != nil || !ok {
		return live, err
	}
	return live, json.Unmarshal(content, &live)
}
