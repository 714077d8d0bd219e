package edition

import (
	"fmt"
	"strings"
	"time"

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
	Bold  string
	Text  string
}

// String is the notice as one line.
func (n NoticeText) String() string { return strings.TrimSpace(n.Bold + " " + n.Text) }

// Notice words the moment for a page: a desk's own for its pages, the house's for the others.
func Notice(m Moment, page *Desk, lang string) NoticeText {
	w := noticeWords(lang)
	if page != nil {
		if s, ok := m.State(page.ID); ok {
			return w.ofDesk(m, s)
		}
	}
	if m.Nobody {
		return w.ofNobody(m)
	}
	if last, ok := m.LastOnDuty(); ok && last.Near {
		return w.ofEnd(m, last)
	}
	return NoticeText{State: NoticeDuty, Bold: w.update(m.OnDuty())}
}

// phrases are the words of a notice in one language; the order of what they take is the same.
type phrases struct {
	lang     string
	until    string // desk, day, time, city, in brackets the house's time
	follows  string // desk, day and time
	rests    string // desk, day and time, in brackets the house's time
	nobodyAt string // day and time, city, in brackets the house's time
	opens    string // desk
	nobody   string
	closed   string // desk
	one      string // desk
	several  string // desks but the last, the last
}

func noticeWords(lang string) phrases {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return hebrewNotice
	}
	return englishNotice
}

func (w phrases) name(d Desk) string { return d.Names.In(w.lang, "en") }
func (w phrases) city(d Desk) string { return d.Place.City.In(w.lang, "en") }

func (w phrases) ofDesk(m Moment, s DeskState) NoticeText {
	switch {
	case !s.Known:
		return NoticeText{State: NoticeClosed, Bold: fmt.Sprintf(w.closed, w.name(s.Desk))}
	case s.OnDuty && s.Near:
		return w.ofEnd(m, s)
	case s.OnDuty:
		return NoticeText{State: NoticeDuty, Bold: w.update([]DeskState{s})}
	case m.Nobody:
		return w.ofNobody(m)
	}
	bold := fmt.Sprintf(w.rests, w.name(s.Desk), clock.DayTime(s.Until, s.Desk.Zone, w.lang), w.bracket(m, s.Desk, s.Until))
	return NoticeText{State: NoticeRest, Bold: bold, Text: w.update(m.OnDuty())}
}

// ofEnd tells until when a desk updates, and who follows.
func (w phrases) ofEnd(m Moment, s DeskState) NoticeText {
	d := s.Desk
	n := NoticeText{State: NoticeDuty, Bold: fmt.Sprintf(w.until, w.name(d), clock.Day(s.Until, d.Zone, w.lang), clock.HM(s.Until, d.Zone), w.city(d), w.bracket(m, d, s.Until))}
	if f, at, ok := m.Follower(s); ok {
		n.Text = fmt.Sprintf(w.follows, w.name(f), clock.DayTime(at, f.Zone, w.lang))
	}
	return n
}

func (w phrases) ofNobody(m Moment) NoticeText {
	if m.First == nil {
		return NoticeText{State: NoticeNobody, Bold: w.nobody}
	}
	d := *m.First
	return NoticeText{State: NoticeNobody,
		Bold: fmt.Sprintf(w.nobodyAt, clock.DayTime(m.Opens, d.Zone, w.lang), w.city(d), w.bracket(m, d, m.Opens)),
		Text: fmt.Sprintf(w.opens, w.name(d))}
}

// update says who updates, without an end.
func (w phrases) update(on []DeskState) string {
	names := make([]string, len(on))
	for i, s := range on {
		names[i] = w.name(s.Desk)
	}
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(w.one, names[0])
	default:
		return fmt.Sprintf(w.several, strings.Join(names[:n-1], ", "), names[n-1])
	}
}

// bracket is an instant in the house's city, where that is another one: " · 00:52 (Sat) Jerusalem".
func (w phrases) bracket(m Moment, d Desk, at time.Time) string {
	if m.House.Seat.Zone == d.Place.Zone {
		return ""
	}
	day := ""
	if !clock.SameDay(at, d.Zone, m.House.Zone) {
		day = " (" + clock.ShortDay(at, m.House.Zone, w.lang) + ")"
	}
	return " · " + clock.HM(at, m.House.Zone) + day + " " + m.House.Seat.City.In(w.lang, "en")
}

var englishNotice = phrases{
	lang:     "en",
	until:    "The %s desk updates until %s, %s %s%s.",
	follows:  "%s follows, %s.",
	rests:    "The %s desk rests until %s%s.",
	nobodyAt: "No desk is on duty until %s in %s%s,",
	opens:    "when the %s desk opens.",
	nobody:   "No desk is on duty.",
	closed:   "The %s desk is closed.",
	one:      "The %s desk updates.",
	several:  "The %s and %s desks update.",
}

var hebrewNotice = phrases{
	lang:     "he",
	until:    "דסק %s מעדכן עד %s, %s %s%s.",
	follows:  "אחריו %s, %s.",
	rests:    "דסק %s שובת עד %s%s.",
	nobodyAt: "אין דסק תורן עד %s ב%s%s,",
	opens:    "אז נפתח דסק %s.",
	nobody:   "אין דסק תורן.",
	closed:   "דסק %s סגור.",
	one:      "דסק %s מעדכן.",
	several:  "הדסקים %s ו%s מעדכנים.",
}
