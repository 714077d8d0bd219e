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
	"dateline/internal/newsroom"
	"dateline/internal/places"
	"dateline/internal/zone"
)

const almanacPlaceUsage = `Where
  --city NAME      a city, such as Jerusalem or "Springfield, Illinois", whose zone, festivals and
                   lighting are the defaults below; dateline almanac places finds how it is written
  --lat N          latitude in degrees, north positive, -90 to 90
  --lon N          longitude in degrees, east positive, -180 to 180
  --zone NAME      IANA time zone, which says where its dates begin: the city's unless given
How it is kept
  --keep LINE      what is kept there, as dateline almanac observances lists it; several times.
                   Shabbat and festivals unless given
  --israel         festivals as in Israel, of one day; --israel=false: of two days.
                   The city's custom unless given, or else of two days
  --lighting TIME  before sunset: the city's custom unless given, or else 18m, or 20m with --israel
  --nightfall N    degrees below the horizon or minutes after sunset: 8.5deg unless given, or 42m
  --margin TIME    added at both ends: none unless given
  --sunless RULE   what holds where the sun gives no answer: strict unless given; or
                   "hours 18:00 20:30", or "city Oslo" for the hours of another place`

// almanacFlags are the arguments as typed; "" or nil is one that was not given.
type almanacFlags struct {
	city                string
	lat, lon, zone      string
	keep                listFlag
	israel              *bool
	lighting, nightfall string
	margin, sunless     string
	from, to, at        string
	in                  listFlag
	zoneData            string
	json, ical          bool
}

// flags are those that say where a place is and how it keeps its rest.
func (typed *almanacFlags) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.StringVar(&typed.city, "city", "", "")
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
	f.StringVar(&typed.margin, "margin", "", "")
	f.StringVar(&typed.sunless, "sunless", "", "")
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
	city     *places.City // nil if the place was given by its coordinates
	lines    []string     // of settings
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
	if typed.city == "" {
		return typed.coordinates(a)
	}
	if typed.lat != "" || typed.lon != "" {
		return errors.New("--city says where the place is, so it goes without --lat and --lon")
	}
	city, err := places.Find(typed.city)
	if err != nil {
		return fmt.Errorf("--city: %w", err)
	}
	a.city = &city
	p := &a.desk.Place
	p.Lat, p.Lon = city.Lat, city.Lon
	a.fact("place", fmt.Sprintf("%s (%v, %v)", city, city.Lat, city.Lon), "given")
	p.Zone, err = almanacZone("zone", a.orUsual("zone", typed.zone, city.Zone, "the city's"), a.zones)
	return err
}

// coordinates reads a place that has no name.
func (typed almanacFlags) coordinates(a *almanacAsked) (err error) {
	for _, f := range []struct{ name, value, like string }{
		{"lat", typed.lat, "40.7128"},
		{"lon", typed.lon, "-74.006"},
		{"zone", typed.zone, "America/New_York"},
	} {
		if f.value == "" {
			return fmt.Errorf("--%s is missing, as in --%s %s; or say --city", f.name, f.name, f.like)
		}
	}
	p := &a.desk.Place
	if p.Lat, err = almanacDegrees("lat", typed.lat, 90); err != nil {
		return err
	}
	if p.Lon, err = almanacDegrees("lon", typed.lon, 180); err != nil {
		return err
	}
	a.fact("place", fmt.Sprintf("%v, %v", p.Lat, p.Lon), "given")
	a.fact("zone", typed.zone, "given")
	p.Zone, err = almanacZone("zone", typed.zone, a.zones)
	return err
}

// customs reads how the place keeps its rest.
func (typed almanacFlags) customs(a *almanacAsked) (err error) {
	a.festivals(typed.israel)
	c := &a.desk.Custom
	if c.Lighting, err = almanac.ParseLighting(a.orUsual("lighting", typed.lighting, a.usualLighting(), a.ofCity("customary"))); err != nil {
		return fmt.Errorf("--lighting: %w", err)
	}
	if c.Nightfall, err = almanac.ParseNightfall(a.orUsual("nightfall", typed.nightfall, "8.5deg", "customary")); err != nil {
		return fmt.Errorf("--nightfall: %w", err)
	}
	if typed.margin != "" {
		a.fact("margin", typed.margin, "given")
	}
	if c.Margin, err = almanac.ParseMargin(typed.margin); err != nil {
		return fmt.Errorf("--margin: %w", err)
	}
	if typed.sunless != "" {
		a.fact("sunless", typed.sunless, "given")
	}
	if c.Sunless, err = newsroom.ParseSunless(typed.sunless, a.zones.Load); err != nil {
		return fmt.Errorf("--sunless: %w", err)
	}
	return nil
}

// festivalDays says how long a festival is, outside Israel and as in it.
var festivalDays = map[bool]string{false: "two days", true: "one day, as in Israel"}

// festivals notes whether festivals are kept as in Israel.
func (a *almanacAsked) festivals(given *bool) {
	usual, typed := a.city != nil && a.city.Israel(), ""
	a.desk.Place.Israel = usual
	if given != nil {
		a.desk.Place.Israel, typed = *given, festivalDays[*given]
	}
	a.orUsual("festivals", typed, festivalDays[usual], a.ofCity("customary"))
}

// usualLighting is the custom of the city, or of most places.
func (a *almanacAsked) usualLighting() string {
	switch {
	case a.city != nil:
		return lightingOf(*a.city)
	case a.desk.Place.Israel:
		return "20m"
	}
	return "18m"
}

// ofCity says whose custom it is, if it is a city's own.
func (a *almanacAsked) ofCity(customary string) string {
	if a.city == nil {
		return customary
	}
	return customary + " in " + a.city.Name
}

// orUsual is a value that was given, or else the usual one, and notes which it is.
func (a *almanacAsked) orUsual(what, given, usual, whose string) string {
	switch {
	case given == "":
		a.fact(what, usual, whose)
		return usual
	case given == usual:
		a.fact(what, given, "given, as is "+whose)
	default:
		a.fact(what, given, "given; "+whose+" is "+usual)
	}
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
	a.orUsual("kept", strings.Join(typed.keep, ", "), strings.Join(almanacUsual(), ", "), "usual")
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
const almanacMaxFile = 2 << 20

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
