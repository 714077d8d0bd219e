package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"dateline/internal/almanac"
)

// almanacAhead is how far the next rest is looked for.
const almanacAhead = 400 * 24 * time.Hour

// almanacStateAnswer is the JSON of --at. Until and Window are null if no rest is in sight.
type almanacStateAnswer struct {
	Place    *almanacPlace  `json:"place,omitempty"` // of a question by --city
	At       time.Time      `json:"at"`
	Resting  bool           `json:"resting"`
	Until    *time.Time     `json:"until"`
	Window   *almanacWindow `json:"window"` // the one that holds the instant, or else the next
	ZoneData string         `json:"zonedata"`
	Almanac  string         `json:"almanac"`
}

// almanacState answers whether a place rests at an instant.
func almanacState(out io.Writer, typed almanacFlags, asked almanacAsked, now time.Time) error {
	if typed.from != "" || typed.to != "" {
		return errors.New("--at asks about one instant, so it goes without --from and --to")
	}
	at, err := almanacInstant(typed.at, now)
	if err != nil {
		return err
	}
	w, found, err := asked.next(at)
	if err != nil {
		return err
	}
	resting := found && !at.Before(w.Start)
	until := w.Start
	if resting {
		until = w.End
	}
	if typed.json {
		answer := almanacStateAnswer{Place: asked.place(), At: at, Resting: resting, ZoneData: asked.zones.Version(), Almanac: almanac.Version}
		if found {
			window := windowJSON(w)
			answer.Until, answer.Window = &until, &window
		}
		return json.NewEncoder(out).Encode(answer)
	}
	if !found {
		asked.in = nil
	}
	for _, z := range append([]*time.Location{asked.zone()}, asked.in...) {
		if _, err := fmt.Fprintln(out, stateSentence(w, found, resting, z)); err != nil {
			return err
		}
	}
	fmt.Fprintln(out)
	if err := almanacHead(out, asked); err != nil {
		return err
	}
	return almanacFoot(out, asked)
}

// next is the window that holds an instant, or else the next one; false if there is none
// in sight.
func (a almanacAsked) next(at time.Time) (almanac.Window, bool, error) {
	windows, err := a.rests(at, at.Add(almanacAhead), "--at")
	if err != nil {
		return almanac.Window{}, false, err
	}
	w, found := almanac.Next(windows, at)
	return w, found, nil
}

// stateSentence tells people whether a place rests, until when, and because of what.
func stateSentence(w almanac.Window, found, resting bool, z *time.Location) string {
	switch {
	case !found:
		return fmt.Sprintf("open, and nothing that is kept begins within %d days", almanacAhead/(24*time.Hour))
	case resting:
		return fmt.Sprintf("resting until %s because of %s, which began %s: %s", almanacTime(w.End, z), w.Name, almanacTime(w.Start, z), almanacRule(w))
	}
	return fmt.Sprintf("open until %s, when %s begins: %s", almanacTime(w.Start, z), w.Name, almanacRule(w))
}
