package app

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/almanac"
)

const almanacUsage = `dateline almanac tells when a place rests: every window that touches a span of dates,
whole, as a desk there would be closed by it.

  dateline almanac --lat 40.7128 --lon -74.006 --zone America/New_York \
                   --from 2024-03-22 --to 2024-03-24 [--json]

Where
  --lat N          latitude in degrees, north positive, -90 to 90
  --lon N          longitude in degrees, east positive, -180 to 180
  --zone NAME      IANA time zone, which says where its dates begin
When
  --from DATE      the first civil date in the zone, such as 2024-03-22
  --to DATE        the civil date after the last; at most 400 years
How it is kept
  --israel         as in Israel: festivals of one day, lighting 20 minutes before sunset
  --lighting TIME  before sunset: 18m unless given, or 20m with --israel
  --nightfall N    degrees below the horizon or minutes after sunset: 8.5deg unless given, or 42m
Answer
  --json           instants in UTC, for programs; without it a table in the zone's own time
  --zonedata FILE  a zip of zone data instead of the one built in`

// almanacMaxYears bounds the span of one question.
const almanacMaxYears = 400

// almanacAnswer is the JSON of the command.
type almanacAnswer struct {
	Windows  []almanacWindow `json:"windows"`
	ZoneData string          `json:"zonedata"`
	Almanac  string          `json:"almanac"`
}

type almanacWindow struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Name     string    `json:"name"`
	Rule     string    `json:"rule"`
	Fallback string    `json:"fallback"`
}

// almanacFlags are the arguments as typed; "" is one that was not given.
type almanacFlags struct {
	lat, lon, zone      string
	from, to            string
	lighting, nightfall string
	zoneData            string
	israel, json        bool
}

// almanacCommand answers when a place rests. Every error is one sentence that names
// the flag at fault.
func almanacCommand(args []string, out io.Writer) error {
	typed, err := almanacParse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprintln(out, almanacUsage)
		return err
	}
	if err != nil {
		return err
	}
	zones, err := openZones(typed.zoneData)
	if err != nil {
		return fmt.Errorf("--zonedata: %w", err)
	}
	desk, err := typed.desk(zones.Load)
	if err != nil {
		return err
	}
	calendar, err := almanac.Keep(desk, "shabbat")
	if err != nil {
		return err
	}
	from, to, err := typed.span(desk.Place.Zone)
	if err != nil {
		return err
	}
	windows, err := calendar.Rests(from, to)
	if err != nil {
		return fmt.Errorf("--from and --to: %w", err)
	}
	if typed.json {
		return almanacJSON(out, windows, zones.Version())
	}
	return almanacTable(out, windows, desk.Place.Zone, zones.Version())
}

func almanacParse(args []string) (typed almanacFlags, err error) {
	f := flag.NewFlagSet("almanac", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&typed.lat, "lat", "", "")
	f.StringVar(&typed.lon, "lon", "", "")
	f.StringVar(&typed.zone, "zone", "", "")
	f.StringVar(&typed.from, "from", "", "")
	f.StringVar(&typed.to, "to", "", "")
	f.StringVar(&typed.lighting, "lighting", "", "")
	f.StringVar(&typed.nightfall, "nightfall", "8.5deg", "")
	f.StringVar(&typed.zoneData, "zonedata", "", "")
	f.BoolVar(&typed.israel, "israel", false, "")
	f.BoolVar(&typed.json, "json", false, "")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return typed, err
	} else if err != nil {
		return typed, fmt.Errorf("%w; see dateline almanac --help", err)
	}
	if f.NArg() > 0 {
		return typed, fmt.Errorf("%.40q is no flag of dateline almanac; see dateline almanac --help", f.Arg(0))
	}
	if typed.lighting == "" {
		typed.lighting = "18m"
		if typed.israel {
			typed.lighting = "20m"
		}
	}
	return typed, typed.missing()
}

// missing names the first flag that every question needs and this one lacks.
func (typed almanacFlags) missing() error {
	for _, f := range []struct{ name, value, like string }{
		{"lat", typed.lat, "40.7128"},
		{"lon", typed.lon, "-74.006"},
		{"zone", typed.zone, "America/New_York"},
		{"from", typed.from, "2024-03-22"},
		{"to", typed.to, "2024-03-24"},
	} {
		if f.value == "" {
			return fmt.Errorf("--%s is missing, as in --%s %s", f.name, f.name, f.like)
		}
	}
	return nil
}

// desk reads where the place is and how it keeps its rest.
func (typed almanacFlags) desk(load func(string) (*time.Location, error)) (d almanac.Desk, err error) {
	d.Place.Israel = typed.israel
	if d.Place.Lat, err = almanacDegrees("lat", typed.lat, 90); err != nil {
		return d, err
	}
	if d.Place.Lon, err = almanacDegrees("lon", typed.lon, 180); err != nil {
		return d, err
	}
	if d.Place.Zone, err = load(typed.zone); err != nil {
		return d, fmt.Errorf("--zone: %w", err)
	}
	if d.Custom.Lighting, err = almanac.ParseLighting(typed.lighting); err != nil {
		return d, fmt.Errorf("--lighting: %w", err)
	}
	if d.Custom.Nightfall, err = almanac.ParseNightfall(typed.nightfall); err != nil {
		return d, fmt.Errorf("--nightfall: %w", err)
	}
	return d, nil
}

func almanacDegrees(name, text string, limit float64) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= -limit && n <= limit) { // also NaN
		return 0, fmt.Errorf("--%s is %.40q, but must be a number of degrees from %v to %v", name, text, -limit, limit)
	}
	return n, nil
}

// span reads the two civil dates as the instants on which they begin in the zone.
func (typed almanacFlags) span(zone *time.Location) (from, to time.Time, err error) {
	first, err := almanacDate("from", typed.from)
	if err != nil {
		return from, to, err
	}
	after, err := almanacDate("to", typed.to)
	if err != nil {
		return from, to, err
	}
	if !after.After(first) {
		return from, to, fmt.Errorf("--to %s must be after --from %s, for it is the date after the last", typed.to, typed.from)
	}
	if after.After(first.AddDate(almanacMaxYears, 0, 0)) {
		return from, to, fmt.Errorf("--from %s to --to %s is over %d years, more than one question may span", typed.from, typed.to, almanacMaxYears)
	}
	return almanacMidnight(first, zone), almanacMidnight(after, zone), nil
}

func almanacDate(name, text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fmt.Errorf("--%s is %.40q, but must be a date such as 2024-03-22", name, text)
	}
	return t, nil
}

// almanacMidnight is the first instant of a civil date, given as its midnight in UTC:
// the earlier of two midnights, and where clocks skip midnight or the whole date, the
// instant at which they do.
func almanacMidnight(date time.Time, zone *time.Location) time.Time {
	_, before := date.AddDate(0, 0, -2).In(zone).Zone()
	_, after := date.AddDate(0, 0, 2).In(zone).Zone()
	early := date.Add(-time.Duration(before) * time.Second) // midnight by the clock of the days before
	if _, offset := early.In(zone).Zone(); offset == before {
		return early
	}
	late := date.Add(-time.Duration(after) * time.Second)
	if _, offset := late.In(zone).Zone(); offset == after {
		return late
	}
	skip, _ := early.In(zone).ZoneBounds()
	return skip.UTC()
}

func almanacJSON(out io.Writer, windows []almanac.Window, zoneData string) error {
	answer := almanacAnswer{Windows: []almanacWindow{}, ZoneData: zoneData, Almanac: almanac.Version}
	for _, w := range windows {
		answer.Windows = append(answer.Windows, almanacWindow(w))
	}
	return json.NewEncoder(out).Encode(answer)
}

func almanacTable(out io.Writer, windows []almanac.Window, zone *time.Location, zoneData string) error {
	if len(windows) == 0 {
		fmt.Fprintln(out, "No rest touches these dates.")
	} else {
		t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
		fmt.Fprintln(t, "begins\tends\twhat\trule")
		for _, w := range windows {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", almanacTime(w.Start, zone), almanacTime(w.End, zone), w.Name, almanacRule(w))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\nTimes in %s. Zone data %s, almanac %s.\n", zone, zoneData, almanac.Version)
	return err
}

// almanacTime writes an instant with the zone's abbreviation, where it has one, and
// its offset: "Fri 22 Mar 2024 18:52 EDT (UTC-04:00)".
func almanacTime(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	text := t.Format("Mon _2 Jan 2006 15:04")
	if name, _ := t.Zone(); !strings.HasPrefix(name, "+") && !strings.HasPrefix(name, "-") && name != "UTC" {
		text += " " + name
	}
	return text + t.Format(" (UTC-07:00)")
}

// almanacRule is what made a window, with what was done where the sun gave no answer.
func almanacRule(w almanac.Window) string {
	if w.Fallback == "" {
		return w.Rule
	}
	return w.Rule + " (" + w.Fallback + ")"
}
