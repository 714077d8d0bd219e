package app

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/places"
)

const almanacPlacesUsage = `dateline almanac places finds the cities that the binary knows, with what --city takes from
each: by the beginning of a name in any language, with a region or country if need be, or the
nearest to a point.

  dateline almanac places Jeru
  dateline almanac places Paris, Texas
  dateline almanac places 31.78,35.22

  --limit N        at most so many, up to 100: 10 unless given
  --json           for programs`

// almanacCity is the JSON of one of dateline almanac places.
type almanacCity struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Hebrew     string  `json:"hebrew"`
	Region     string  `json:"region"`
	Country    string  `json:"country"`
	Lat        float64 `json:"lat"`
	Lon        float64 `json:"lon"`
	Zone       string  `json:"zone"`
	Population int     `json:"population"`
	Israel     bool    `json:"israel"`
	Lighting   string  `json:"lighting"`
}

// A point is a latitude and a longitude as one types them. What begins as a number below
// zero is no flag.
var (
	point     = regexp.MustCompile(`^(-?[0-9.]+)[, ]+(-?[0-9.]+)$`)
	belowZero = regexp.MustCompile(`^-[0-9.]`)
)

func almanacPlaces(args []string, out io.Writer, _ time.Time) error {
	f := flag.NewFlagSet("almanac places", flag.ContinueOnError)
	limit := f.Int("limit", 10, "")
	asJSON := f.Bool("json", false, "")
	query, err := wordsAndFlags(f, args)
	if err != nil {
		return err
	}
	if *limit < 1 || *limit > 100 {
		return fmt.Errorf("--limit is %d, but must be from 1 to 100", *limit)
	}
	cities, err := citiesOf(query, *limit)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(citiesJSON(cities))
	}
	return citiesTable(out, query, cities)
}

// wordsAndFlags reads flags wherever they stand among the words, and returns the words.
func wordsAndFlags(f *flag.FlagSet, args []string) (string, error) {
	args = slices.Clone(args)
	for i, arg := range args {
		if belowZero.MatchString(arg) {
			args[i] = " " + arg // which no flag begins with
		}
	}
	var words []string
	for {
		if err := almanacParse(f, args, len(args)); err != nil {
			return "", err
		}
		if f.NArg() == 0 {
			return strings.Join(strings.Fields(strings.Join(words, " ")), " "), nil
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
}

// citiesOf finds cities by a name, or those near a point.
func citiesOf(query string, limit int) ([]places.City, error) {
	if query == "" {
		return nil, errors.New("almanac places needs the beginning of a name, or a point such as 31.78,35.22")
	}
	m := point.FindStringSubmatch(query)
	if m == nil {
		return places.Search(query, limit), nil
	}
	lat, err := almanacDegrees("lat", m[1], 90)
	if err != nil {
		return nil, fmt.Errorf("the latitude is %q, but must be a number from -90 to 90", m[1])
	}
	lon, err := almanacDegrees("lon", m[2], 180)
	if err != nil {
		return nil, fmt.Errorf("the longitude is %q, but must be a number from -180 to 180", m[2])
	}
	return places.Near(lat, lon, limit), nil
}

func citiesJSON(cities []places.City) []almanacCity {
	all := []almanacCity{}
	for _, c := range cities {
		all = append(all, almanacCity{ID: c.ID, Name: c.Name, Hebrew: c.Hebrew, Region: c.Region, Country: c.Country, Lat: c.Lat, Lon: c.Lon,
			Zone: c.Zone, Population: c.Population, Israel: c.Israel(), Lighting: lightingOf(c)})
	}
	return all
}

func lightingOf(c places.City) string { return fmt.Sprintf("%dm", c.Lighting()/time.Minute) }

func citiesTable(out io.Writer, query string, cities []places.City) error {
	if len(cities) == 0 {
		_, nearly := places.Find(query) // the sentence names what is written nearly so
		_, err := fmt.Fprintf(out, "No city was found: %v. A place can be given by --lat, --lon and --zone instead.\n", nearly)
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "id\tcity\tlatitude\tlongitude\tzone\tlighting\tfestivals\tin Hebrew") // last, since it runs the other way
	for _, c := range cities {
		fmt.Fprintf(t, "%s\t%s\t%v\t%v\t%s\t%s\t%s\t%s\n", c.ID, c, c.Lat, c.Lon, c.Zone, lightingOf(c), festivalDays[c.Israel()], c.Hebrew)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s\n", places.Attribution)
	return err
}

const almanacObservancesUsage = `dateline almanac observances lists what a place may keep: each line as --keep takes it,
what it means, and the source of its rule.`

func almanacObservances(args []string, out io.Writer, _ time.Time) error {
	f := flag.NewFlagSet("almanac observances", flag.ContinueOnError)
	if err := almanacParse(f, args, 0); err != nil {
		return err
	}
	for _, o := range almanac.Observances() {
		if _, err := fmt.Fprintf(out, "%s\n  %s\n  Source: %s.\n", o.Usage, o.About, strings.TrimSuffix(o.Source, ".")); err != nil {
			return err
		}
	}
	return nil
}
