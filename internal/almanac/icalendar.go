package almanac

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Ics is whatever an iCalendar file says: the public holidays of a country, the days on
// which a publisher's office is closed. Every event that is not cancelled is a rest, and
// one marked TRANSPARENT too: that means only that nobody's diary is blocked, and is how
// the usual exports of public holidays mark every one of them. Other components, such as
// tasks and free-busy lists, are not rests.
//
// What the file leaves open is answered with more rest, not less; what it leaves unclear
// is refused, and a desk whose file is refused rests until that is mended.
//
//	bytes ─► properties ─► events, times, rules ─► instances ─► Window
//	         icalparse.go  icalevent.go            icalwalk.go  here
//	                       icaltime.go, icalzone.go, icalrule.go
var ics = Observance{
	Name: "ics", Usage: "ics FILE",
	About:  "Every event of an iCalendar file, such as a country's public holidays.",
	Source: "RFC 5545, of the file's events; the file itself",
	timed:  newICalendar,
}

// Bounds of what is read and of how far one question is followed. A country's holidays
// for ten years are under 200 kB with 300 events.
const (
	icalFileSize = 1 << 20
	icalEvents   = 5000
	icalSteps    = 10_000_000 // of one question: dates looked at, each times the values of its rule
	icalKept     = 50         // steps that an instance costs which is kept: there are 200,000 at most
	icalNames    = 8          // said of one window; more become "…"
	icalLongest  = 400        // days of one event
)

// icalMargin is how far beyond a span events are looked for at once, so that a closure of
// many days in a row is mostly seen whole by the first look. Union looks further if need be.
const icalMargin = 31 * 24 * time.Hour

// An iCalendar is the calendar of one file of one desk. The file is asked for with every
// question, and parsed anew only if its bytes have changed.
type iCalendar struct {
	desk Desk
	file string

	mu     sync.Mutex
	raw    []byte      // guarded by mu; a copy of what events were read from
	events []icalEvent // guarded by mu; replaced whole, never changed
}

func newICalendar(d Desk, file string) (Calendar, error) {
	switch {
	case file == "" || len(file) > 200 || strings.ContainsFunc(file, unicode.IsControl):
		return nil, fmt.Errorf("%.40q is not the name of a calendar file, such as holidays.ics", file)
	case d.File == nil:
		return nil, fmt.Errorf("the desk was given no calendar files, so %.40q cannot be read", file)
	}
	return Union(&iCalendar{desk: d, file: file}), nil
}

// Rests may cut a run of windows that touch where it leaves the margin, which Union mends.
func (c *iCalendar) Rests(from, to time.Time) ([]Window, error) {
	to, err := checkSpan(from, to)
	if err != nil {
		return nil, err
	}
	events, err := c.read()
	if err != nil {
		return nil, fmt.Errorf("calendar file %.40s: %w", c.file, err)
	}
	found := icalSearch{from: from.Add(-icalMargin), to: to.Add(icalMargin), steps: icalSteps}
	for i := range events {
		if err := found.instances(&events[i]); err != nil {
			return nil, fmt.Errorf("calendar file %.40s: %w", c.file, err)
		}
	}
	return overlapping(icalMerge(found.spans, "ics "+c.file), from, to), nil
}

// read returns the events of the file as it is now.
func (c *iCalendar) read() ([]icalEvent, error) {
	raw, err := c.desk.File(c.file)
	if err != nil {
		return nil, err
	}
	if len(raw) > icalFileSize {
		return nil, fmt.Errorf("it has %d bytes, but may have %d: leave out events of years gone by", len(raw), icalFileSize)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.raw != nil && bytes.Equal(raw, c.raw) {
		return c.events, nil
	}
	events, err := icalRead(raw, c.desk)
	if err != nil {
		return nil, err
	}
	c.raw, c.events = append([]byte{}, raw...), events
	return events, nil
}

// An icalSpan is one instance of one event.
type icalSpan struct {
	start, end time.Time
	name       string
}

// An icalSearch collects the instances that overlap a span of time. What that costs is
// counted, not timed, so that the same question is answered or refused on every machine.
type icalSearch struct {
	from, to time.Time
	steps    int // that are left
	spans    []icalSpan
}

var errIcalTooMuch = errors.New("its events recur too often to be looked through; end them with UNTIL, or leave some out")

// instances adds those of one event.
func (s *icalSearch) instances(e *icalEvent) error {
	zone := e.start.zone
	// Two dates more cover what a zone may skip or repeat.
	first := dateOf(s.from, zone) - date(e.days()) - 2
	last := dateOf(s.to, zone) + 2
	s.add(e, e.start, e.lengths)
	for _, once := range e.more {
		s.add(e, once.at, once.lengths)
	}
	for _, rule := range e.rules {
		if err := rule.walk(e.start, first, last, &s.steps, func(at icalTime) { s.add(e, at, e.lengths) }); err != nil {
			return icalAt(e.line, err)
		}
	}
	if s.steps < 0 {
		return icalAt(e.line, errIcalTooMuch)
	}
	return nil
}

// add keeps an instance if it overlaps the span and is not among the event's exceptions.
func (s *icalSearch) add(e *icalEvent, at icalTime, lengths []icalLength) {
	start, end := at.span(lengths)
	if !end.After(start) || !start.Before(s.to) || !end.After(s.from) {
		return
	}
	if len(e.except)+len(e.overridden) > 0 {
		if key := at.key(); e.except[key] || e.overridden[key] {
			return
		}
	}
	s.steps -= icalKept
	s.spans = append(s.spans, icalSpan{start, end, e.name})
}

// icalMerge makes windows of instances, which it sorts, each rounded outward to the minute.
func icalMerge(spans []icalSpan, rule string) (windows []Window) {
	slices.SortFunc(spans, func(a, b icalSpan) int {
		return cmp.Or(a.start.Compare(b.start), a.end.Compare(b.end), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, s := range spans {
		start := s.start.UTC().Truncate(time.Minute)
		end := s.end.UTC().Add(time.Minute - 1).Truncate(time.Minute)
		n := len(windows)
		if n == 0 || start.After(windows[n-1].End) {
			names = nil
			windows = append(windows, Window{Start: start, End: end, Rule: rule})
		} else if end.After(windows[n-1].End) {
			windows[n-1].End = end
		}
		if len(names) <= icalNames && !slices.Contains(names, s.name) {
			if names = append(names, s.name); len(names) > icalNames {
				names[icalNames] = "…"
			}
			windows[len(windows)-1].Name = strings.Join(names, " + ")
		}
	}
	return windows
}
