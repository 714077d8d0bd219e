package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/clock"
)

const almanacUsage = `dateline almanac tells when a place rests: every window that touches a span of dates,
whole, as a desk there would be closed by it.

  dateline almanac --city Jerusalem
  dateline almanac --lat 40.7128 --lon -74.006 --zone America/New_York \
                   --from 2024-03-22 --to 2024-03-24 [--json]

` + almanacPlaceUsage + `
When
  --from DATE      the first civil date in the zone, such as 2024-03-22: today unless given
  --to DATE        the civil date after the last, at most 400 years on: 30 days on unless given
  --at INSTANT     instead of a span, whether it rests at 2024-03-23T00:00:00Z, or now
Answer
  --in ZONE        the times in another zone as well; several times
  --json           instants in UTC, for programs; without it a table in the zone's own time
  --ical           an iCalendar of the span, for calendars
  --zonedata FILE  a zip of zone data instead of the one built in

More: dateline almanac places | observances | explain | diff, each with --help.`

// An almanacVerb is one command under dateline almanac. It is told the machine's time.
type almanacVerb struct {
	name, usage string
	run         func(args []string, out io.Writer, now time.Time) error
}

// almanacVerbs are all of them; the first is what dateline almanac itself does.
var almanacVerbs = []almanacVerb{
	{"", almanacUsage, almanacWindows},
	{"places", almanacPlacesUsage, almanacPlaces},
	{"observances", almanacObservancesUsage, almanacObservances},
	{"explain", almanacExplainUsage, almanacExplain},
	{"diff", almanacDiffUsage, almanacDiff},
}

// almanacCommand answers when a place rests, and why. Every error is one sentence that
// names the flag at fault.
func almanacCommand(args []string, out io.Writer) error {
	return almanacCommandAt(args, out, clock.System()().Wall)
}

func almanacCommandAt(args []string, out io.Writer, now time.Time) error {
	verb := almanacVerbs[0]
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' && args[0] != "help" {
		var err error
		if verb, err = almanacVerbNamed(args[0]); err != nil {
			return err
		}
		args = args[1:]
	}
	err := flag.ErrHelp
	if len(args) == 0 || args[0] != "help" {
		err = verb.run(args, out, now)
	}
	if errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprintln(out, verb.usage)
	}
	return err
}

func almanacVerbNamed(name string) (almanacVerb, error) {
	var known []string
	for _, v := range almanacVerbs[1:] {
		if v.name == name {
			return v, nil
		}
		known = append(known, v.name)
	}
	return almanacVerb{}, fmt.Errorf("there is no dateline almanac %.40q; it can %s, or be asked with flags alone (dateline almanac --help)",
		name, strings.Join(known, ", "))
}

// almanacWindows is dateline almanac without more: the windows of a span, or the state at
// an instant.
func almanacWindows(args []string, out io.Writer, now time.Time) error {
	var typed almanacFlags
	f := typed.flags("almanac")
	typed.spanFlags(f)
	f.StringVar(&typed.at, "at", "", "")
	f.StringVar(&typed.zoneData, "zonedata", "", "")
	f.Var(&typed.in, "in", "")
	f.BoolVar(&typed.json, "json", false, "")
	f.BoolVar(&typed.ical, "ical", false, "")
	if err := almanacParse(f, args, 0); err != nil {
		return err
	}
	if err := typed.oneAnswer(); err != nil {
		return err
	}
	asked, err := typed.ask()
	if err != nil {
		return err
	}
	if typed.at != "" {
		return almanacState(out, typed, asked, now)
	}
	from, to, err := typed.span(asked.zone(), now)
	if err != nil {
		return err
	}
	windows, err := asked.rests(from, to, "--from and --to")
	if err != nil {
		return err
	}
	switch {
	case typed.json:
		return almanacJSON(out, asked, windows)
	case typed.ical:
		return almanacICal(out, asked, windows, now)
	}
	return almanacTable(out, asked, windows)
}

// oneAnswer refuses flags of which one would be passed over.
func (typed almanacFlags) oneAnswer() error {
	switch {
	case typed.json && typed.ical:
		return errors.New("--json and --ical are two answers; ask for one of them")
	case (typed.json || typed.ical) && len(typed.in) > 0:
		return errors.New("--in is for people, so it goes without --json and --ical, whose times are in UTC")
	case typed.ical && typed.at != "":
		return errors.New("--ical has the rests of a span, so it goes without --at")
	}
	return nil
}

// rests are the windows of the place; flags name where an impossible span comes from.
func (a almanacAsked) rests(from, to time.Time, flags string) ([]almanac.Window, error) {
	nothing, err := almanac.Keep(a.desk)
	if err == nil {
		_, err = nothing.Rests(from, to)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flags, err)
	}
	windows, err := a.calendar.Rests(from, to)
	if err != nil {
		return nil, fmt.Errorf("--keep: %w", err)
	}
	return windows, nil
}
