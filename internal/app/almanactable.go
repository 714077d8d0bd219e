package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/almanac"
)

// almanacAnswer is the JSON of the command.
type almanacAnswer struct {
	Place    *almanacPlace   `json:"place,omitempty"` // of a question by --city
	Windows  []almanacWindow `json:"windows"`
	ZoneData string          `json:"zonedata"`
	Almanac  string          `json:"almanac"`
}

// almanacPlace is a city, as the question took it.
type almanacPlace struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Lat      float64           `json:"lat"`
	Lon      float64           `json:"lon"`
	Zone     string            `json:"zone"`
	Israel   bool              `json:"israel"`
	Lighting string            `json:"lighting"`
	From     map[string]string `json:"from"` // of each fact, whether it is customary or given
}

// place is nil where the question had none but coordinates.
func (a almanacAsked) place() *almanacPlace {
	if a.city == nil {
		return nil
	}
	from := map[string]string{}
	for _, f := range a.facts {
		from[f.what] = f.from
	}
	return &almanacPlace{ID: a.city.ID, Name: a.city.String(), Lat: a.city.Lat, Lon: a.city.Lon, Zone: a.zone().String(),
		Israel: a.desk.Place.Israel, Lighting: fmt.Sprintf("%dm", a.desk.Custom.Lighting/time.Minute), From: from}
}

type almanacWindow struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Name     string    `json:"name"`
	Rule     string    `json:"rule"`
	Fallback string    `json:"fallback"`
}

func windowJSON(w almanac.Window) almanacWindow {
	return almanacWindow{Start: w.Start, End: w.End, Name: w.Name, Rule: w.Rule, Fallback: w.Fallback}
}

func almanacJSON(out io.Writer, asked almanacAsked, windows []almanac.Window) error {
	answer := almanacAnswer{Place: asked.place(), Windows: []almanacWindow{}, ZoneData: asked.zones.Version(), Almanac: almanac.Version}
	for _, w := range windows {
		answer.Windows = append(answer.Windows, windowJSON(w))
	}
	return json.NewEncoder(out).Encode(answer)
}

// almanacTable writes windows for people: what the place is taken to be, a row for each
// window, and what it was computed with.
func almanacTable(out io.Writer, asked almanacAsked, windows []almanac.Window) error {
	if err := almanacHead(out, asked); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if len(windows) == 0 {
		fmt.Fprintln(out, "No rest touches these dates.")
		return almanacFoot(out, asked)
	}
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprint(t, "begins\tends\twhat\trule")
	for _, z := range asked.in {
		fmt.Fprintf(t, "\tin %s", z)
	}
	for _, w := range windows {
		fmt.Fprintf(t, "\n%s\t%s\t%s\t%s", almanacTime(w.Start, asked.zone()), almanacTime(w.End, asked.zone()), w.Name, almanacRule(w))
		for _, z := range asked.in {
			fmt.Fprintf(t, "\t%s to %s", almanacShort(w.Start, z), almanacShort(w.End, z))
		}
	}
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	return almanacFoot(out, asked)
}

// almanacHead says what holds at the place, and whether custom or a flag says so.
func almanacHead(out io.Writer, asked almanacAsked) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range asked.facts {
		fmt.Fprintf(t, "%s\t%s\t(%s)\n", f.what, f.is, f.from)
	}
	return t.Flush()
}

func almanacFoot(out io.Writer, asked almanacAsked) error {
	_, err := fmt.Fprintf(out, "\nTimes in %s. Zone data %s, almanac %s.\n", asked.zone(), asked.zones.Version(), almanac.Version)
	return err
}

// almanacTime writes an instant with the zone's abbreviation, where it has one, and
// its offset: "Fri 22 Mar 2024 18:52 EDT (UTC-04:00)".
func almanacTime(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	text := t.Format("Mon _2 Jan 2006 15:04")
	if name := almanacAbbreviation(t); name != "" {
		text += " " + name
	}
	return text + t.Format(" (UTC-07:00)")
}

// almanacShort writes an instant beside one that has the year: "Fri 22 Mar 18:52 EDT".
func almanacShort(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return t.Format("Mon _2 Jan 15:04 ") + cmp.Or(almanacAbbreviation(t), t.Format("UTC-07:00"))
}

// almanacAbbreviation is the zone's at t; "" where the data has none but the offset.
func almanacAbbreviation(t time.Time) string {
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") || name == "UTC" {
		return ""
	}
	return name
}

// almanacRule is what made a window, with what was done where the sun gave no answer.
func almanacRule(w almanac.Window) string {
	if w.Fallback == "" {
		return w.Rule
	}
	return w.Rule + " (" + w.Fallback + ")"
}
