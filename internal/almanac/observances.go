package almanac

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Desk is what its rests depend on: where it is, how it keeps the ends of its days,
// and the calendar files that it was given.
type Desk struct {
	Place  Place
	Custom Custom
	// File returns the bytes of a calendar file by the name that an observance gives it.
	// It is asked on every question, so that a changed file is read again. Nil: there is none.
	File func(name string) ([]byte, error)
	// Zone returns a zone by its IANA name, for observances that name another than the
	// place's own. Nil: there is none.
	Zone func(name string) (*time.Location, error)
}

// An Observance is what a desk may keep.
type Observance struct {
	Name   string // in settings, as in "friday-prayer"
	Usage  string // the name and what may follow it
	About  string // one sentence: what is kept
	Source string // of the rule
	named  names
	under  string // an observance by whose name a date that both keep is called
	timed  func(d Desk, args string) (Calendar, error)
}

// names says what an evening-to-nightfall observance keeps on a date, with the festivals
// of Israel or of everywhere else; "" if nothing, as some date of every week must be.
type names func(d date, israel bool) string

// observances is the registry. A new one is a file of its own, its test, and a line here:
// with names, a set of dates that are kept from evening to nightfall by the desk's custom;
// with timed, anything else.
var observances = []Observance{
	shabbat,
	yomtov,
	holHaMoed,
	tishaBAv,
	extraDay,
	extraDayBefore,
	weekly,
	nightly,
	sunday,
	easterWestern,
	easterOrthodox,
	yearly,
	eid,
	fridayPrayer,
	closure,
	ics,
}

// Observances lists what a desk may keep, as the registry has it.
func Observances() []Observance { return slices.Clone(observances) }

// Keep returns the calendar of a desk that keeps all of some observances, each a line as
// in settings: a name of the registry and what its usage says ("shabbat", "friday-prayer
// 12:45 90m"). No lines keep nothing. An error names the line.
func Keep(d Desk, lines ...string) (Calendar, error) {
	if err := d.Place.check(); err != nil {
		return nil, err
	}
	var kept []Observance
	var calendars []Calendar
	for _, line := range lines {
		o, args, err := find(line)
		if err != nil {
			return nil, err
		}
		switch {
		case o.timed != nil:
			c, err := o.timed(d, args)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", o.Name, err)
			}
			calendars = append(calendars, c)
		case args != "":
			return nil, fmt.Errorf("%s takes nothing after its name, not %.40q", o.Name, args)
		default:
			kept = append(kept, o)
		}
	}
	if len(kept) > 0 {
		c, err := newEvenings(d, called(kept)...)
		if err != nil {
			return nil, err
		}
		calendars = append(calendars, c)
	}
	if len(calendars) == 1 {
		return calendars[0], nil
	}
	return Union(calendars...), nil
}

// called is what observances keep, with a date that two of them keep called by one where the
// registry says so.
func called(kept []Observance) (all []names) {
	for _, o := range kept {
		named := o.named
		if i := slices.IndexFunc(kept, func(other Observance) bool { return other.Name == o.under }); i >= 0 {
			over := kept[i].named
			named = func(d date, israel bool) string {
				name := o.named(d, israel)
				if name != "" && over(d, israel) != "" {
					return ""
				}
				return name
			}
		}
		all = append(all, named)
	}
	return all
}

// find reads a line of settings.
func find(line string) (o Observance, args string, err error) {
	name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
	if name == "" {
		return o, "", errors.New("an observance is a name, not an empty line")
	}
	var known []string
	for _, o := range observances {
		if o.Name == name {
			return o, strings.TrimSpace(args), nil
		}
		known = append(known, o.Name)
	}
	return o, "", fmt.Errorf("there is no observance %.40q; the almanac knows %s", name, strings.Join(known, ", "))
}
