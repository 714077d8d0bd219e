package edition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/clock"
)

// NoticeState is what the mark beside a notice shows.
type NoticeState string

// The states of a notice.
const (
	NoticeDuty   NoticeState = "duty"   // somebody updates
	NoticeRest   NoticeState = "rest"   // this page's desk rests, another updates
	NoticeNobody NoticeState = "nobody" // no desk is on duty
	NoticeClosed NoticeState = "closed" // this page's desk is closed for want of certainty
)

// NoticeText is a notice in words that stay true in a stale or printed copy: it tells
// instants, never "now", and names a city with every time.
type NoticeText struct {
	State NoticeState
	Bold  string // the first clause
	Text  string // what follows, "" for nothing
}

// A NoticeSpan is a run of a notice. At is the instant that its words tell, zero for none.
type NoticeSpan struct {
	Text string
	At   time.Time
	Bold bool
}

// String is the notice as one line.
func (n NoticeText) String() string { return strings.TrimSpace(n.Bold + " " + n.Text) }

// longest is how many characters a notice may have; one that would have more counts its desks.
const longest = 160

// Notice words the moment for a page: a desk's own for its pages, the house's for the others.
func Notice(m Moment, page *Desk, lang string) NoticeText {
	return wordingOf(m, lang).of(page).text()
}

// NoticeSpans is Notice with the instants of its times, for pages that mark them up.
func NoticeSpans(m Moment, page *Desk, lang string) []NoticeSpan {
	n := wordingOf(m, lang).of(page)
	spans := slices.Clone(n.bold)
	for i := range spans {
		spans[i].Bold = true
	}
	if len(n.rest) > 0 {
		spans = append(append(spans, NoticeSpan{Text: " "}), n.rest...)
	}
	return spans
}

// said is a notice before it is put together.
type said struct {
	state      NoticeState
	bold, rest []NoticeSpan
}

func (n said) text() NoticeText {
	return NoticeText{State: n.state, Bold: plain(n.bold), Text: plain(n.rest)}
}

func wordingOf(m Moment, lang string) wording { return wording{phrasesOf(lang), m} }

func (w wording) of(page *Desk) said {
	m := w.m
	if page != nil {
		if s, ok := m.State(page.ID); ok {
			return w.ofDesk(s)
		}
	}
	if m.Nobody {
		return w.ofNobody()
	}
	if last, ok := m.LastOnDuty(); ok && last.Near {
		return w.ofEnd(last)
	}
	return said{NoticeDuty, w.updating(m.OnDuty()), nil}
}

// wording words one moment in one language.
type wording struct {
	phrases
	m Moment
}

func plain(spans []NoticeSpan) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (w wording) ofDesk(s DeskState) said {
	switch {
	case s.OnDuty && s.Near:
		return w.ofEnd(s)
	case s.OnDuty:
		return said{NoticeDuty, w.updating([]DeskState{s}), nil}
	case !s.Resting():
		return said{NoticeClosed, w.say(w.closed, "desk", w.name(s.Desk)), w.updating(w.m.OnDuty())}
	case w.m.Nobody:
		return w.ofNobody()
	}
	there := append(w.shortly(s.Until, w.m.Start, s.Desk), w.cityAfter(s.Desk)...)
	if !w.atSeat(s.Desk) {
		there = append(append(there[:1:1], NoticeSpan{Text: " "}), w.city(s.Desk)...)
		there = append(there, w.atHouse(s.Until, s.Desk)...)
	}
	return said{NoticeRest, w.say(cmp.Or(s.Desk.Notice[w.lang], w.rests), "desk", w.name(s.Desk), "when", there), w.updating(w.m.Updating(s))}
}

// ofEnd tells until when a desk updates, and who follows.
func (w wording) ofEnd(s DeskState) said {
	bold := w.say(w.until, "desk", w.name(s.Desk), "when", w.inCities(s.Until, s.Desk))
	f, at, ok := w.m.Follower(s)
	if !ok {
		return said{NoticeDuty, bold, nil}
	}
	phrase, city := w.followsAt, w.cityAfter(f)
	switch {
	case f.ID == s.Desk.ID:
		phrase, city = w.back, w.city(f)
	case at.Equal(s.Until):
		phrase = w.follows
	}
	return said{NoticeDuty, bold, w.say(phrase, "desk", w.name(f), "when", w.shortly(at, s.Until, f), "city", city)}
}

func (w wording) ofNobody() said {
	if w.m.First == nil {
		return said{NoticeNobody, w.say(w.nobody), nil}
	}
	d := *w.m.First
	there := w.say(w.nobodyAt, "when", w.shortly(w.m.Opens, w.m.Start, d), "in", w.in(plain(w.city(d))))
	there = append(append(there, w.atHouse(w.m.Opens, d)...), NoticeSpan{Text: ","})
	return said{NoticeNobody, there, w.say(w.opens, "desk", w.name(d))}
}

// updating says who updates, without an end.
func (w wording) updating(on []DeskState) []NoticeSpan {
	names := make([]string, len(on))
	for i, s := range on {
		names[i] = plain(w.name(s.Desk))
	}
	if len(on) == 0 {
		return nil
	}
	if len(on) == 1 {
		return w.say(w.one, "desk", w.name(on[0].Desk))
	}
	last := len(on) - 1
	all := w.say(w.several, "desks", []NoticeSpan{{Text: strings.Join(names[:last], ", ")}}, "desk", w.and(names[last]))
	if utf8.RuneCountInString(plain(all)) > longest/2 {
		return w.say(w.number, "n", []NoticeSpan{{Text: fmt.Sprint(len(on))}})
	}
	return all
}

// say puts values into a phrase: pairs of a name, written {name} in it, and spans.
func (w wording) say(phrase string, pairs ...any) (out []NoticeSpan) {
	for phrase != "" {
		before, rest, found := strings.Cut(phrase, "{")
		if before != "" {
			out = append(out, NoticeSpan{Text: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				out = append(out, pairs[i+1].([]NoticeSpan)...)
			}
		}
		phrase = after
	}
	return out
}

// name is a desk's name as it stands after "desk": its city, mostly.
func (w wording) name(d Desk) []NoticeSpan {
	return []NoticeSpan{{Text: d.Names.In(w.lang, w.m.House.Languages...)}}
}

func (w wording) city(d Desk) []NoticeSpan {
	return text(d.Place.City.In(w.lang, w.m.House.Languages...))
}

// cityAfter is the city of an hour whose desk was named just before: nothing where the
// name told it.
func (w wording) cityAfter(d Desk) []NoticeSpan {
	if plain(w.name(d)) == d.Place.City.In(w.lang, w.m.House.Languages...) {
		return nil
	}
	return append([]NoticeSpan{{Text: " "}}, w.city(d)...)
}

func (w wording) atSeat(d Desk) bool { return d.Place.Zone == w.m.House.Seat.Zone }

// inCities tells an instant in the desk's city, then in the house's where that is another:
// "Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem".
func (w wording) inCities(at time.Time, d Desk) []NoticeSpan {
	words := clock.Day(at, d.Zone, w.lang) + ", " + clock.HM(at, d.Zone)
	out := append([]NoticeSpan{{Text: words, At: at}, {Text: " "}}, w.city(d)...)
	return append(out, w.atHouse(at, d)...)
}

// atHouse is an instant in the house's city, where that is another one.
func (w wording) atHouse(at time.Time, d Desk) []NoticeSpan {
	seat := w.m.House
	if w.atSeat(d) || seat.Zone == nil {
		return nil
	}
	words := clock.HM(at, seat.Zone)
	if !clock.SameDay(at, d.Zone, seat.Zone) {
		words += " (" + clock.ShortDay(at, seat.Zone, w.lang) + ")"
	}
	return append([]NoticeSpan{{Text: " · "}, {Text: words, At: at}, {Text: " "}}, text(seat.Seat.City.In(w.lang, seat.Languages...))...)
}

// shortly tells an instant at a desk by its weekday, and by its date where a weekday alone
// could be another week's, counted from an instant that the notice is true at.
func (w wording) shortly(at, from time.Time, d Desk) []NoticeSpan {
	day := clock.Weekday(at, d.Zone, w.lang)
	if from.IsZero() || at.Sub(from) > 6*24*time.Hour {
		day = clock.Day(at, d.Zone, w.lang) + ","
	}
	return []NoticeSpan{{Text: day + " " + clock.HM(at, d.Zone), At: at}}
}
