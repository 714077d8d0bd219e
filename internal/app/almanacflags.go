package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

const almanacPlaceUsage = `Where
  --lat N          latitude in degrees, north positive, -90 to 90
  --lon N          longitude in degrees, east positive, -180 to 180
  --zone NAME      IANA time zone, which says where its dates begin
How it is kept
  --keep LINE      what is kept there, as dateline almanac observances lists it; several times
  --israel         as in Israel: festivals of one day, lighting 20 minutes before sunset
  --lighting TIME  before sunset: 18m unless given, or 20m with --israel
  --nightfall N    degrees below the horizon or minutes after sunset: 8.5deg unless given, or 42m`

// almanacFlags are the arguments as typed; "" or nil is one that was not given.
type almanacFlags struct {
	lat, lon, zone      string
	keep                listFlag
	israel              *bool
	lighting, nightfall string
	from, to, at        string
	in                  listFlag
	zoneData            string
	json                bool
}

// flags are those that say where a place is and how it keeps its rest.
func (typed *almanacFlags) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.StringVar(&typed.lat, "lat", "", "")
	f.StringVar(&typed.lon, "lon", "", "")
	f.StringVar(&typed.zone, "zone", "", "")
	f.Var(&typed.keep, "keep", "")
	f.BoolFunc("israel", "", func(text string) error {
		yes, err := strconv.ParseBool(text)
		if typed.israel = &yes; err != nil {
			return errors.New("--israel is true or false")
		}
		return nil
	})
	f.StringVar(&typed.lighting, "lighting", "", "")
	f.StringVar(&typed.nightfall, "nightfall", "", "")
	return f
}

func (typed *almanacFlags) spanFlags(f *flag.FlagSet) {
	f.StringVar(&typed.from, "from", "", "")
	f.StringVar(&typed.to, "to", "", "")
}

// almanacParse reads flags, and wants as many other arguments as the command takes: they
// stay in f, after the flags.
func almanacParse(f *flag.FlagSet, args []string, others int) error {
	f.SetOutput(io.Discard)
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return fmt.Errorf("%w; see dateline %s --help", err, f.Name())
	}
	if f.NArg() > others {
		return fmt.Errorf("%.40q is no flag of dateline %s; see dateline %s --help", f.Arg(others), f.Name(), f.Name())
	}
	return nil
}

// almanacAsked is a place as a question means it.
type almanacAsked struct {
	desk     almanac.Desk
	lines    []string // of settings
	calendar almanac.Calendar
	zones    *zone.Data
	in       []*time.Location // also told in these
	facts    []almanacFact
}

// An almanacFact is something that an answer rests on, and where it is from: the flag
// that gave it, or custom.
type almanacFact struct{ what, is, from string }

func (a almanacAsked) zone() *time.Location { return a.desk.Place.Zone }

// ask understands what was typed of a place.
func (typed almanacFlags) ask() (almanacAsked, error) {
	zones, err := openZones(typed.zoneData)
	if err != nil {
		return almanacAsked{}, fmt.Errorf("--zonedata: %w", err)
	}
	return typed.askOf(zones)
}

// askOf does so by a release of the zone data.
func (typed almanacFlags) askOf(zones *zone.Data) (a almanacAsked, err error) {
	a.zones, a.lines = zones, typed.keep
	if len(a.lines) == 0 {
		a.lines = almanacUsual()
	}
	a.desk = almanac.Desk{File: almanacFile("."), Zone: zones.Load}
	for _, read := range []func(*almanacAsked) error{typed.where, typed.customs, typed.others} {
		if err := read(&a); err != nil {
			return a, err
		}
	}
	if a.calendar, err = almanac.Keep(a.desk, a.lines...); err != nil {
		return a, fmt.Errorf("--keep: %w", err)
	}
	return a, nil
}

// almanacUsual is what is kept unless something else is asked for.
func almanacUsual() (lines []string) {
	for _, o := range almanac.Observances() {
		if slices.Contains([]string{"shabbat", "yomtov"}, o.Name) {
			lines = append(lines, o.Name)
		}
	}
	return lines
}

// where reads the place.
func (typed almanacFlags) where(a *almanacAsked) (err error) {
	for _, f := range []struct{ name, value, like string }{
		{"lat", typed.lat, "40.7128"},
		{"lon", typed.lon, "-74.006"},
		{"zone", typed.zone, "America/New_York"},
	} {
		if f.value == "" {
			return fmt.Errorf("--%s is missing, as in --%s %s", f.name, f.name, f.like)
		}
	}
	p := &a.desk.Place
	if p.Lat, err = almanacDegrees("lat", typed.lat, 90); err != nil {
		return err
	}
	if p.Lon, err = almanacDegrees("lon", typed.lon, 180); err != nil {
		return err
	}
	p.Zone, err = almanacZone("zone", typed.zone, a.zones)
	return err
}

// customs reads how the place keeps its rest.
func (typed almanacFlags) customs(a *almanacAsked) (err error) {
	israel, from := typed.israel != nil && *typed.israel, "unless --israel is given"
	if typed.israel != nil {
		from = "given"
	}
	a.desk.Place.Israel = israel
	a.fact("festivals", map[bool]string{false: "as outside Israel", true: "as in Israel"}[israel], from)
	c := &a.desk.Custom
	usual := "18m"
	if israel {
		usual = "20m"
	}
	lighting := typed.orUsual(a, "lighting", typed.lighting, usual, " before sunset")
	if c.Lighting, err = almanac.ParseLighting(lighting); err != nil {
		return fmt.Errorf("--lighting: %w", err)
	}
	nightfall := typed.orUsual(a, "nightfall", typed.nightfall, "8.5deg", "")
	if c.Nightfall, err = almanac.ParseNightfall(nightfall); err != nil {
		return fmt.Errorf("--nightfall: %w", err)
	}
	return nil
}

// orUsual is a value that was given, or else the usual one, and notes which.
func (typed almanacFlags) orUsual(a *almanacAsked, what, given, usual, unit string) string {
	if given == "" {
		a.fact(what, usual+unit, "customary")
		return usual
	}
	a.fact(what, given+unit, "given; customary is "+usual)
	return given
}

// others reads the zones that the answer is told in as well.
func (typed almanacFlags) others(a *almanacAsked) error {
	for _, name := range typed.in {
		z, err := almanacZone("in", name, a.zones)
		if err != nil {
			return err
		}
		a.in = append(a.in, z)
	}
	from := "given"
	if len(typed.keep) == 0 {
		from = "unless --keep is given"
	}
	a.fact("kept", strings.Join(a.lines, ", "), from)
	return nil
}

func (a *almanacAsked) fact(what, is, from string) {
	a.facts = append(a.facts, almanacFact{what, is, from})
}

func almanacZone(name, text string, zones *zone.Data) (*time.Location, error) {
	z, err := zones.Load(text)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", name, err)
	}
	return z, nil
}

func almanacDegrees(name, text string, limit float64) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= -limit && n <= limit) { // also NaN
		return 0, fmt.Errorf("--%s is %.40q, but must be a number of degrees from %v to %v", name, text, -limit, limit)
	}
	return n, nil
}

// almanacMaxFile bounds a calendar file.
const almanacMaxFile = 8 << 20

// almanacFile reads the calendar files that an observance names, from a folder.
func almanacFile(base string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		f, err := os.Open(under(base, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, almanacMaxFile+1))
		if err == nil && len(b) > almanacMaxFile {
			err = fmt.Errorf("%s is larger than %d MB", name, almanacMaxFile>>20)
		}
		return b, err
	}
}
