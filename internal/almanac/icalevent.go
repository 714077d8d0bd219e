package almanac

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// An icalEvent is one VEVENT that is not cancelled.
type icalEvent struct {
	line    int
	uid     string
	name    string
	start   icalTime
	lengths []icalLength // none: it takes no time
	rules   []icalRule
	more    []icalOnce // from RDATE

	except     map[icalKey]bool // from EXDATE
	overridden map[icalKey]bool // by other VEVENTs; nil in those themselves
}

// An icalOnce is an instance outside the rules.
type icalOnce struct {
	at      icalTime
	lengths []icalLength
}

// days is at least how long any instance lasts.
func (e *icalEvent) days() int64 {
	var most int64
	for _, n := range e.lengths {
		most = max(most, n.clock+n.watch)
	}
	return most/86400 + 1
}

// An icalOverride is what a VEVENT with a RECURRENCE-ID takes the place of.
type icalOverride struct {
	line int
	uid  string
	key  icalKey
}

// An icalReader makes events of the components of one file.
type icalReader struct {
	desk      Desk
	zones     map[string]*time.Location // by TZID, as far as they were asked for
	events    []icalEvent
	overrides []icalOverride
}

// icalRead reads a file's events. Every error says on which line, and what to mend.
func icalRead(raw []byte, d Desk) ([]icalEvent, error) {
	components, err := icalVEvents(raw)
	if err != nil {
		return nil, err
	}
	r := icalReader{desk: d, zones: map[string]*time.Location{}}
	for _, c := range components {
		if err := r.component(c); err != nil {
			return nil, err
		}
	}
	return r.events, r.override()
}

// component reads one VEVENT.
func (r *icalReader) component(c icalComponent) error {
	single, lists, err := icalSort(c)
	if err != nil {
		return err
	}
	e := icalEvent{line: c.line, uid: single["UID"].value, name: icalText(single["SUMMARY"].value)}
	id, isOverride := single["RECURRENCE-ID"]
	if isOverride {
		if err := r.recurrenceID(e.uid, id); err != nil {
			return err
		}
	}
	if strings.EqualFold(single["STATUS"].value, "CANCELLED") {
		return nil
	}
	if e.start, err = r.start(c, single); err != nil {
		return err
	}
	if e.lengths, err = r.lengths(e.start, single); err != nil {
		return err
	}
	if isOverride && len(lists) > 0 {
		return icalAt(c.line, errors.New("an event with a RECURRENCE-ID is one instance and cannot recur; take its RRULE, RDATE and EXDATE out"))
	}
	for _, p := range lists["RRULE"] {
		rule, err := r.rule(p, e.start)
		if err != nil {
			return icalAt(p.line, err)
		}
		e.rules = append(e.rules, rule)
	}
	if err := r.dates(&e, lists); err != nil {
		return err
	}
	if !isOverride {
		e.overridden = map[icalKey]bool{}
	}
	r.events = append(r.events, e)
	return nil
}

// icalSort tells the properties of which an event has one from those of which it may have
// several, and leaves out those that say nothing of when it is.
func icalSort(c icalComponent) (single map[string]icalProperty, lists map[string][]icalProperty, err error) {
	single, lists = map[string]icalProperty{}, map[string][]icalProperty{}
	for _, p := range c.properties {
		switch p.name {
		case "UID", "SUMMARY", "STATUS", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID":
			if before, twice := single[p.name]; twice {
				return nil, nil, icalAt(p.line, fmt.Errorf("the event has a second %s; its first is on line %d", p.name, before.line))
			}
			single[p.name] = p
		case "RRULE", "RDATE", "EXDATE":
			lists[p.name] = append(lists[p.name], p)
		case "EXRULE":
			return nil, nil, icalAt(p.line, errors.New("EXRULE is of an older standard and is not understood; name the dates by EXDATE"))
		}
	}
	return single, lists, nil
}

func (r *icalReader) start(c icalComponent, single map[string]icalProperty) (icalTime, error) {
	p, ok := single["DTSTART"]
	if !ok {
		return icalTime{}, icalAt(c.line, errors.New("the event does not say when it begins; give it a DTSTART"))
	}
	return r.time(p, p.value)
}

// recurrenceID notes that an instance has a VEVENT of its own.
func (r *icalReader) recurrenceID(uid string, p icalProperty) error {
	if uid == "" {
		return icalAt(p.line, errors.New("RECURRENCE-ID needs the UID of the event of which this is an instance"))
	}
	if value, ranged := p.params["RANGE"]; ranged {
		return icalAt(p.line, fmt.Errorf("RANGE=%.20s is not understood; end the event by UNTIL and begin another", value))
	}
	at, err := r.time(p, p.value)
	if err != nil {
		return err
	}
	r.overrides = append(r.overrides, icalOverride{p.line, uid, at.key()})
	return nil
}

// override takes the instances that have a VEVENT of their own out of the event that they
// belong to, wherever in the file both stand. An instance without such an event stands alone.
func (r *icalReader) override() error {
	events := map[string][]*icalEvent{}
	for i := range r.events {
		if e := &r.events[i]; e.uid != "" && e.overridden != nil {
			events[e.uid] = append(events[e.uid], e)
		}
	}
	for _, o := range r.overrides {
		for _, e := range events[o.uid] {
			if e.start.whole != o.key.whole {
				return icalAt(o.line, fmt.Errorf("RECURRENCE-ID and the DTSTART of the event on line %d must both be dates or both be times", e.line))
			}
			e.overridden[o.key] = true
		}
	}
	return nil
}

// dates reads RDATE and EXDATE.
func (r *icalReader) dates(e *icalEvent, lists map[string][]icalProperty) error {
	for _, p := range lists["RDATE"] {
		for value := range strings.SplitSeq(p.value, ",") {
			once, err := r.once(p, value, e)
			if err != nil {
				return err
			}
			e.more = append(e.more, once)
		}
	}
	for _, p := range lists["EXDATE"] {
		for value := range strings.SplitSeq(p.value, ",") {
			at, err := r.alike(p, value, e.start)
			if err != nil {
				return err
			}
			if e.except == nil {
				e.except = map[icalKey]bool{}
			}
			e.except[at.key()] = true
		}
	}
	return nil
}

// once reads one value of an RDATE: a date, a time, or a period with an end of its own.
func (r *icalReader) once(p icalProperty, value string, e *icalEvent) (once icalOnce, err error) {
	from, until, period := strings.Cut(value, "/")
	if once.at, err = r.alike(p, from, e.start); err != nil {
		return once, err
	}
	once.lengths = e.lengths
	if !period {
		return once, nil
	}
	if strings.HasPrefix(until, "P") || strings.HasPrefix(until, "+P") {
		once.lengths, err = icalDuration(p.line, until, once.at)
		return once, err
	}
	end, err := r.alike(p, until, once.at)
	if err != nil {
		return once, err
	}
	once.lengths, err = icalUntil(p.line, once.at, end)
	return once, err
}

// alike reads a time that must be a date if the event's start is one, and only then.
func (r *icalReader) alike(p icalProperty, value string, start icalTime) (icalTime, error) {
	at, err := r.time(p, value)
	if err == nil && at.whole != start.whole {
		err = icalAt(p.line, fmt.Errorf("%s %.20q and DTSTART must both be dates or both be times", p.name, value))
	}
	return at, err
}

// time reads a date, 20260403, or a time, 20260403T190000: of UTC if a Z follows it, of the
// zone that TZID names, else of the desk's own. A date is the desk's own too.
func (r *icalReader) time(p icalProperty, value string) (t icalTime, err error) {
	value = strings.TrimSpace(value)
	digits, utc := strings.CutSuffix(value, "Z")
	layout := "20060102T150405"
	if t.whole = len(value) == 8; t.whole {
		layout, utc = "20060102", false
	}
	at, err := time.Parse(layout, digits)
	asked := strings.ToUpper(p.params["VALUE"])
	if err != nil || len(digits) != len(layout) || at.Year() < 1 || asked == "DATE" && !t.whole || asked == "DATE-TIME" && t.whole {
		return t, icalAt(p.line, fmt.Errorf("%s %.40q is neither a date such as 20260403 nor a time such as 20260403T190000", p.name, value))
	}
	t.local, t.zone = at.Unix(), r.desk.Place.Zone
	if utc {
		t.zone = time.UTC
	} else if name, ok := p.params["TZID"]; ok && !t.whole {
		if t.zone, err = r.zone(name); err != nil {
			return t, icalAt(p.line, err)
		}
	}
	return t, nil
}

func (r *icalReader) zone(name string) (*time.Location, error) {
	if zone, ok := r.zones[name]; ok {
		return zone, nil
	}
	zone, err := icalZone(r.desk, name)
	if err == nil {
		r.zones[name] = zone
	}
	return zone, err
}

// lengths reads how long an event lasts. Without a word about it, a date lasts its day and
// a time no time at all (RFC 5545, 3.6.1).
func (r *icalReader) lengths(start icalTime, single map[string]icalProperty) ([]icalLength, error) {
	end, ends := single["DTEND"]
	duration, lasts := single["DURATION"]
	switch {
	case ends && lasts:
		return nil, icalAt(duration.line, errors.New("the event has both a DTEND and a DURATION; take one of them out"))
	case lasts:
		return icalDuration(duration.line, duration.value, start)
	case ends:
		at, err := r.alike(end, end.value, start)
		if err != nil {
			return nil, err
		}
		return icalUntil(end.line, start, at)
	case start.whole:
		return []icalLength{{clock: 86400}}, nil
	}
	return nil, nil
}
