package app

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/newsroom"
)

// maxSpan bounds what one question to the almanac may cover.
const maxSpan = 340 * 366 * 24 * time.Hour

// almanacAnswer is the JSON of dateline almanac.
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

// almanacCommand tells when a place rests.
func almanacCommand(args []string, out io.Writer) error {
	f := flag.NewFlagSet("almanac", flag.ContinueOnError)
	lat := f.Float64("lat", math.NaN(), "latitude in degrees, north positive (required)")
	lon := f.Float64("lon", math.NaN(), "longitude in degrees, east positive (required)")
	zoneName := f.String("zone", "", "IANA time zone, such as America/New_York (required)")
	israel := f.Bool("israel", false, "keep the calendar of Israel")
	lighting := f.String("lighting", "", "how long before sunset the rest begins (default 18m; 20m with --israel)")
	nightfall := f.String("nightfall", "8.5deg", "how it ends: degrees below the horizon, or minutes after sunset such as 42m")
	from := f.String("from", "", "first civil date in the zone, such as 2024-03-22 (required)")
	to := f.String("to", "", "civil date after the last (required)")
	asJSON := f.Bool("json", false, "answer in JSON")
	zoneData := f.String("zonedata", "", "a zip of zone data that replaces the built-in one")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("almanac takes no %q", rest[0])
	}
	for name, v := range map[string]float64{"lat": *lat, "lon": *lon} {
		if math.IsNaN(v) {
			return fmt.Errorf("almanac needs --%s, a number of degrees", name)
		}
	}
	if *lighting == "" {
		*lighting = "18m"
		if *israel {
			*lighting = "20m"
		}
	}
	zones, err := openZones(*zoneData)
	if err != nil {
		return err
	}
	zone, err := zones.Load(*zoneName)
	if err != nil {
		return fmt.Errorf("--zone: %w", err)
	}
	rule, err := newsroom.ShabbatRule(*lighting, *nightfall)
	if err != nil {
		return err
	}
	calendar, err := almanac.Shabbat(almanac.Place{Lat: *lat, Lon: *lon, Zone: zone, Israel: *israel}, rule)
	if err != nil {
		return err
	}
	start, end, err := civilSpan(*from, *to, zone)
	if err != nil {
		return err
	}
	windows, err := calendar.Rests(start, end)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeAlmanacJSON(out, windows, zones.Version())
	}
	return writeAlmanacTable(out, windows, zone)
}

// civilSpan reads two civil dates as a half-open span in a zone.
func civilSpan(from, to string, zone *time.Location) (start, end time.Time, err error) {
	read := func(flag, text string) (time.Time, error) {
		t, err := time.ParseInLocation("2006-01-02", text, zone)
		if err != nil {
			return t, fmt.Errorf("--%s needs a date such as 2024-03-22, not %q", flag, text)
		}
		return t, nil
	}
	if start, err = read("from", from); err != nil {
		return start, end, err
	}
	if end, err = read("to", to); err != nil {
		return start, end, err
	}
	switch {
	case !end.After(start):
		err = errors.New("--to has to be after --from")
	case end.Sub(start) > maxSpan:
		err = errors.New("ask for at most 340 years at once")
	}
	return start, end, err
}

func writeAlmanacJSON(out io.Writer, windows []almanac.Window, zoneData string) error {
	answer := almanacAnswer{Windows: []almanacWindow{}, ZoneData: zoneData, Almanac: almanac.Version}
	for _, w := range windows {
		answer.Windows = append(answer.Windows, almanacWindow(w))
	}
	return json.NewEncoder(out).Encode(answer)
}

func writeAlmanacTable(out io.Writer, windows []almanac.Window, zone *time.Location) error {
	if len(windows) == 0 {
		_, err := fmt.Fprintln(out, "no rest in this span")
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	const form = "Mon 2 Jan 2006 15:04 MST"
	for _, w := range windows {
		note := strings.TrimSpace(w.Rule + " " + w.Fallback)
		if _, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", w.Start.In(zone).Format(form), w.End.In(zone).Format(form), w.Name, note); err != nil {
			return err
		}
	}
	return t.Flush()
}
