package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"dateline/internal/almanac"
)

const almanacExplainUsage = `dateline almanac explain tells step by step how a rest came about, each step with its source.

  dateline almanac explain --city Jerusalem --date 2024-03-22

` + almanacPlaceUsage + `
Which rest
  --at INSTANT     the one that holds an instant, or else the next: now unless given
  --date DATE      every one that touches a civil date in the zone
Answer
  --json           steps for programs, with instants in UTC
  --zonedata FILE  a zip of zone data instead of the one built in`

// almanacExplained is the JSON of dateline almanac explain.
type almanacExplained struct {
	Place    *almanacPlace     `json:"place,omitempty"` // of a question by --city
	Windows  []explainedWindow `json:"windows"`
	ZoneData string            `json:"zonedata"`
	Almanac  string            `json:"almanac"`
}

type explainedWindow struct {
	almanacWindow
	Steps []explainedStep `json:"steps"`
}

type explainedStep struct {
	Part   string    `json:"part"`
	What   string    `json:"what"`
	At     time.Time `json:"at,omitzero"`
	How    string    `json:"how"`
	Source string    `json:"source"`
}

// almanacExplain tells how one window, or each of a date, came about.
func almanacExplain(args []string, out io.Writer, now time.Time) error {
	var typed almanacFlags
	f := typed.flags("almanac explain")
	f.StringVar(&typed.at, "at", "", "")
	date := f.String("date", "", "")
	f.StringVar(&typed.zoneData, "zonedata", "", "")
	f.BoolVar(&typed.json, "json", false, "")
	if err := almanacParse(f, args, 0); err != nil {
		return err
	}
	asked, err := typed.ask()
	if err != nil {
		return err
	}
	windows, err := asked.toExplain(typed.at, *date, now)
	if err != nil {
		return err
	}
	answer := almanacExplained{Place: asked.place(), Windows: []explainedWindow{}, ZoneData: asked.zones.Version(), Almanac: almanac.Version}
	for _, w := range windows {
		steps, err := almanac.Explain(asked.desk, asked.lines, w)
		if err != nil {
			return err
		}
		e := explainedWindow{almanacWindow: windowJSON(w)}
		for _, s := range steps {
			e.Steps = append(e.Steps, explainedStep(s))
		}
		answer.Windows = append(answer.Windows, e)
	}
	if typed.json {
		return json.NewEncoder(out).Encode(answer)
	}
	return almanacExplanation(out, asked, answer.Windows)
}

// toExplain finds the windows that are asked about.
func (a almanacAsked) toExplain(at, date string, now time.Time) ([]almanac.Window, error) {
	if date != "" {
		if at != "" {
			return nil, errors.New("--at and --date both say which rest is meant; give one of them")
		}
		day, err := almanacDate("date", date)
		if err != nil {
			return nil, err
		}
		return a.rests(almanacMidnight(day, a.zone()), almanacMidnight(day.AddDate(0, 0, 1), a.zone()), "--date")
	}
	if at == "" {
		at = "now"
	}
	t, err := almanacInstant(at, now)
	if err != nil {
		return nil, err
	}
	w, found, err := a.next(t)
	if err != nil || !found {
		return nil, err
	}
	return []almanac.Window{w}, nil
}

// almanacExplanation writes the steps for people, numbered, under the rest that each
// belongs to.
func almanacExplanation(out io.Writer, asked almanacAsked, windows []explainedWindow) error {
	if err := almanacHead(out, asked); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if len(windows) == 0 {
		fmt.Fprintln(out, "There is no rest to explain: nothing that is kept touches this time.")
	}
	for _, w := range windows {
		fmt.Fprintf(out, "%s\n  from %s\n  to   %s\n", w.Name, almanacTime(w.Start, asked.zone()), almanacTime(w.End, asked.zone()))
		part := w.Name
		for i, s := range w.Steps {
			if s.Part != part {
				part = s.Part
				fmt.Fprintf(out, "\n %s\n", part)
			}
			fmt.Fprintf(out, "\n%3d. %s\n", i+1, stepLine(s, asked.zone()))
			if s.Source != "" {
				fmt.Fprintf(out, "     Source: %s.\n", s.Source)
			}
		}
		fmt.Fprintln(out)
	}
	_, err := fmt.Fprintf(out, "Dates and times in %s by the IANA time zone database, release %s; rules and sun by almanac %s.\n",
		asked.zone(), asked.zones.Version(), almanac.Version)
	return err
}

// stepLine is what a step finds, when, and by what.
func stepLine(s explainedStep, zone *time.Location) string {
	if s.At.IsZero() {
		return s.What + ": " + s.How + "."
	}
	at := s.At.In(zone)
	return fmt.Sprintf("%s: %s (%s)\n     %s.", s.What, at.Format("Mon 2 Jan 2006 15:04:05 UTC-07:00"), s.At.Format(time.RFC3339), s.How)
}
