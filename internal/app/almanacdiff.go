package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/newsroom"
	"dateline/internal/zone"
)

const almanacDiffUsage = `dateline almanac diff tells which rests of which desks move from one release of the zone
data to another. As diff does, it ends with status 0 if none moves and with 1 if any does.

  dateline almanac diff OLD.zip NEW.zip [--config dateline.toml] [--years 2]
  dateline almanac diff OLD.zip NEW.zip --city Jerusalem

The desks are those of the configuration, or the one place that the flags say.

` + almanacPlaceUsage + `
When
  --from DATE      the first civil date: today unless given
  --to DATE        the civil date after the last: two years on unless given
  --years N        instead of --to, so many years on
Answer
  --json           for programs, with instants in UTC`

// A movedWindow is a rest that two releases of the zone data place differently. Of one
// that only one of them has, the other is nil.
type movedWindow struct {
	Desk string         `json:"desk"`
	Old  *almanacWindow `json:"old"`
	New  *almanacWindow `json:"new"`
}

// almanacMoves is the JSON of dateline almanac diff.
type almanacMoves struct {
	Old     string        `json:"old"` // release of the zone data
	New     string        `json:"new"`
	Almanac string        `json:"almanac"`
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Desks   int           `json:"desks"`
	Moved   []movedWindow `json:"moved"`
	zones   map[string][2]*time.Location
}

// A comparedDesk is a desk by two releases, the older first.
type comparedDesk struct {
	name      string
	calendars [2]almanac.Calendar
	zones     [2]*time.Location
}

// almanacDiff compares what two releases of the zone data make of desks.
func almanacDiff(args []string, out io.Writer, now time.Time) error {
	var typed almanacFlags
	f := typed.flags("almanac diff")
	typed.spanFlags(f)
	config := f.String("config", "", "")
	years := f.Int("years", 0, "")
	f.BoolVar(&typed.json, "json", false, "")
	files, err := filesThenFlags(f, args)
	if err != nil {
		return err
	}
	data, err := openReleases(files)
	if err != nil {
		return err
	}
	desks, err := typed.compared(data, *config)
	if err != nil {
		return err
	}
	from, to, err := typed.yearsFrom(now, *years)
	if err != nil {
		return err
	}
	moves := almanacMoves{Old: data[0].Version(), New: data[1].Version(), Almanac: almanac.Version, From: from, To: to,
		Desks: len(desks), Moved: []movedWindow{}, zones: map[string][2]*time.Location{}}
	for _, d := range desks {
		if err := moves.compare(d); err != nil {
			return err
		}
	}
	return moves.tell(out, typed.json)
}

// filesThenFlags reads the two files of the command and its flags, which may stand before,
// between and after them.
func filesThenFlags(f *flag.FlagSet, args []string) (files []string, err error) {
	for {
		if err := almanacParse(f, args, len(args)); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			break
		}
		files, args = append(files, f.Arg(0)), f.Args()[1:]
	}
	if len(files) != 2 {
		return nil, fmt.Errorf("almanac diff compares two zips of zone data, OLD.zip and NEW.zip, but got %d", len(files))
	}
	return files, nil
}

func openReleases(files []string) (data [2]*zone.Data, err error) {
	for i, file := range files {
		if data[i], err = zone.Open(file); err != nil {
			return data, err
		}
	}
	return data, nil
}

// yearsFrom is the span of the comparison. It is one of instants, so that it does not move
// with the zones that are compared.
func (typed almanacFlags) yearsFrom(now time.Time, years int) (from, to time.Time, err error) {
	switch {
	case years < 0 || years > almanacMaxYears:
		return from, to, fmt.Errorf("--years is %d, but must be from 1 to %d", years, almanacMaxYears)
	case years != 0 && typed.to != "":
		return from, to, errors.New("--years and --to both say until when; give one of them")
	case typed.to == "":
		first := now.UTC()
		if typed.from != "" {
			if first, err = almanacDate("from", typed.from); err != nil {
				return from, to, err
			}
		}
		typed.to = first.AddDate(cmp.Or(years, 2), 0, 0).Format(time.DateOnly)
	}
	return typed.span(time.UTC, now)
}

// compared are the desks: the one place that flags say, or those of the configuration.
func (typed almanacFlags) compared(data [2]*zone.Data, config string) ([]comparedDesk, error) {
	if typed.city != "" || typed.lat != "" || typed.lon != "" || typed.zone != "" {
		if config != "" {
			return nil, errors.New("--config has desks and places of its own, so it goes without --city, --lat, --lon and --zone")
		}
		return typed.comparedPlace(data)
	}
	if typed.keep != nil || typed.israel != nil || typed.lighting+typed.nightfall+typed.margin+typed.sunless != "" {
		return nil, errors.New("--keep, --israel, --lighting, --nightfall, --margin and --sunless are about one place, so they need --city; desks of a configuration have their own")
	}
	config = cmp.Or(config, "dateline.toml")
	c, err := LoadConfig(config)
	if err != nil {
		return nil, err
	}
	if c.House == nil || len(c.Desks) == 0 {
		return nil, fmt.Errorf("--config: there are no desks in %s; give a place with --city instead", config)
	}
	setup, err := c.setup()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config, err)
	}
	if c.Data == "" {
		c.Data = "data"
	}
	return configuredDesks(data, c, setup)
}

func (typed almanacFlags) comparedPlace(data [2]*zone.Data) ([]comparedDesk, error) {
	d := comparedDesk{name: cmp.Or(typed.city, "the place")}
	for i, zones := range data {
		asked, err := typed.askOf(zones)
		if err != nil {
			return nil, err
		}
		d.calendars[i], d.zones[i] = asked.calendar, asked.zone()
	}
	return []comparedDesk{d}, nil
}

// configuredDesks are as the newsroom would keep them by each release.
func configuredDesks(data [2]*zone.Data, c Config, setup newsroom.Setup) (desks []comparedDesk, err error) {
	seat := newsroom.Seat{Place: setup.House.Seat, HouseSettings: setup.Seat}
	for _, s := range setup.Desks {
		d := comparedDesk{name: s.Slug}
		for i, zones := range data {
			if d.calendars[i], err = checkRoom(c, zones).CalendarOf(seat, s); err != nil {
				return nil, err
			}
			if d.zones[i], err = zones.Load(s.Place.Zone); err != nil {
				return nil, err
			}
		}
		desks = append(desks, d)
	}
	return desks, nil
}

// almanacReach is how far apart two windows may be and still be one that moved: half the
// week in which most rests come again.
const almanacReach = 84 * time.Hour

// compare notes the windows of a desk that differ and of which either touches the span.
func (m *almanacMoves) compare(d comparedDesk) error {
	var windows [2][]almanac.Window
	for i, c := range d.calendars {
		var err error
		if windows[i], err = c.Rests(m.From.Add(-almanacReach), m.To.Add(almanacReach)); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	m.zones[d.name] = d.zones
	for _, pair := range movedPairs(windows[0], windows[1]) {
		moved, touches := movedWindow{Desk: d.name}, false
		for i, w := range pair {
			if w == nil {
				continue
			}
			touches = touches || w.Start.Before(m.To) && w.End.After(m.From)
			told := windowJSON(*w)
			if i == 0 {
				moved.Old = &told
			} else {
				moved.New = &told
			}
		}
		if touches {
			m.Moved = append(m.Moved, moved)
		}
	}
	return nil
}

// movedPairs sets windows that are not in both lists against each other, in their order.
func movedPairs(before, after []almanac.Window) (pairs [][2]*almanac.Window) {
	before, after = without(before, after), without(after, before)
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].Start.Add(almanacReach).Before(after[0].Start):
			pairs, before = append(pairs, [2]*almanac.Window{&before[0], nil}), before[1:]
		case len(before) == 0 || after[0].Start.Add(almanacReach).Before(before[0].Start):
			pairs, after = append(pairs, [2]*almanac.Window{nil, &after[0]}), after[1:]
		default:
			pairs, before, after = append(pairs, [2]*almanac.Window{&before[0], &after[0]}), before[1:], after[1:]
		}
	}
	return pairs
}

// without are the windows of one list that the other does not have.
func without(windows, others []almanac.Window) []almanac.Window {
	return slices.DeleteFunc(slices.Clone(windows), func(w almanac.Window) bool {
		same, found := almanac.At(others, w.Start)
		return found && same.Start.Equal(w.Start) && same.End.Equal(w.End) && same.Name == w.Name
	})
}

// errMoved is what a comparison ends with that found something.
var errMoved = errors.New("the zone data moves rests")

// tell writes the comparison, and fails if anything moves.
func (m almanacMoves) tell(out io.Writer, asJSON bool) (err error) {
	if asJSON {
		err = json.NewEncoder(out).Encode(m)
	} else {
		err = m.list(out)
	}
	if err != nil || len(m.Moved) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s between %s and %s", errMoved, counted(len(m.Moved), "window"), m.Old, m.New)
}

func (m almanacMoves) list(out io.Writer) error {
	for _, w := range m.Moved {
		zones := m.zones[w.Desk]
		if _, err := fmt.Fprintf(out, "%s\n  %-6s %s\n  %-6s %s\n", w.Desk, m.Old, placed(w.Old, zones[0]), m.New, placed(w.New, zones[1])); err != nil {
			return err
		}
	}
	what := "No window moves"
	if len(m.Moved) > 0 {
		what = counted(len(m.Moved), "moved window")
	}
	_, err := fmt.Fprintf(out, "%s between zone data %s and %s, at %s, from %s to %s; almanac %s.\n",
		what, m.Old, m.New, counted(m.Desks, "desk"), m.From.Format(time.DateOnly), m.To.Format(time.DateOnly), m.Almanac)
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// placed is where a release has a window.
func placed(w *almanacWindow, z *time.Location) string {
	if w == nil {
		return "no such rest"
	}
	return fmt.Sprintf("%s to %s  %s", almanacTime(w.Start, z), almanacTime(w.End, z), w.Name)
}
