package newsroom

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/story"
)

// How far a desk entry's windows reach (DESIGN.md, Time, 5).
const (
	windowsBack  = 8 * 24 * time.Hour
	windowsAhead = 400 * 24 * time.Hour
	renewUnder   = 300 * 24 * time.Hour
)

// DeskSettings is what the house says of a desk; its windows are computed from it.
type DeskSettings struct {
	Slug      string         `json:"slug"`
	Names     record.Words   `json:"names"`
	Place     record.Place   `json:"place"`
	City      string         `json:"cityID,omitempty"` // id in the gazetteer, where the place is from there
	Whose     string         `json:"whose,omitempty"`  // rest counts: OwnRest, where nothing is said, BothRests or HouseRest
	Notice    record.Words   `json:"notice,omitempty"`
	Followers []story.DeskID `json:"followers,omitempty"`
	Eyes      bool           `json:"eyes,omitempty"` // a second pair of eyes before posting
	Keeping
}

// check refuses settings that no windows can be computed from.
func (s DeskSettings) check() error {
	if s.Slug == "" || s.Slug != story.Slug(s.Slug) {
		return story.Refuse(story.Invalid, "A desk's slug is letters, digits and hyphens; %q is not.", s.Slug)
	}
	if len(s.Names) == 0 || len(s.Place.City) == 0 {
		return story.Refuse(story.Invalid, "The %s desk needs a name and a city.", s.Slug)
	}
	if !slices.Contains([]string{"", OwnRest, BothRests, HouseRest}, s.Whose) {
		return story.Refuse(story.Invalid, "Whose rest counts for the %s desk is own, both or house; %.40q is none of them.", s.Slug, s.Whose)
	}
	return CheckNotice(s.Notice)
}

// deskContent computes what a desk entry made now says. What the desk's entry before it
// closes stays closed until both open: a change never opens a desk that rests.
func (r *Room) deskContent(seat Seat, s DeskSettings, before *record.Desk, now time.Time) (record.Desk, error) {
	windows, err := r.rests(seat, s, now)
	if err != nil {
		return record.Desk{}, err
	}
	if before != nil {
		windows = bridge(fromRecord(before.Windows), windows, now)
	}
	return record.Desk{
		Slug: s.Slug, Names: s.Names, Place: s.Place, Notice: s.Notice, Followers: s.Followers,
		Observance: r.observanceWords(seat, s),
		Windows:    toRecord(windows), From: now.Add(-windowsBack), Horizon: now.Add(windowsAhead),
		Almanac: almanac.Version, ZoneData: r.zones.Version(),
	}, nil
}

// bridge joins old windows to new ones: the union of both until the first instant from
// now on at which both are open, the new ones alone after it.
func bridge(old, new []almanac.Window, now time.Time) []almanac.Window {
	open := now
	for {
		w, inOld := almanac.At(old, open)
		v, inNew := almanac.At(new, open)
		if !inOld && !inNew {
			break
		}
		if inOld && w.End.After(open) {
			open = w.End
		}
		if inNew && v.End.After(open) {
			open = v.End
		}
	}
	var until []almanac.Window
	for _, w := range old {
		if w.Start.Before(open) {
			until = append(until, w)
		}
	}
	return almanac.Merge(append(until, new...))
}

func toRecord(windows []almanac.Window) []record.Window {
	out := make([]record.Window, len(windows))
	for i, w := range windows {
		out[i] = record.Window(w)
	}
	return out
}

func fromRecord(windows []record.Window) []almanac.Window {
	out := make([]almanac.Window, len(windows))
	for i, w := range windows {
		out[i] = almanac.Window(w)
	}
	return out
}

// HoursOf is what the gate knows of a desk: its newest desk entry.
func HoursOf(n int64, d record.Desk) story.Hours {
	return story.Hours{Entry: n, Windows: fromRecord(d.Windows), From: d.From, Horizon: d.Horizon, Almanac: d.Almanac, ZoneData: d.ZoneData, Closed: d.Closed}
}

func settingsOf(raw []byte) (s DeskSettings, err error) {
	if err = json.Unmarshal(raw, &s); err != nil {
		err = fmt.Errorf("reading a desk's settings: %w", err)
	}
	return s, err
}

// sameWindows reports whether two desk contents close the same instants from now on, by
// the same names, as far as both reach.
func sameWindows(a, b record.Desk, now time.Time) bool {
	end := a.Horizon
	if b.Horizon.Before(end) {
		end = b.Horizon
	}
	ahead := func(all []record.Window) (out []record.Window) {
		for _, w := range all {
			if w.End.After(now) && w.Start.Before(end) && w.End.Before(end) {
				out = append(out, record.Window{Start: w.Start, End: w.End, Name: w.Name})
			}
		}
		return out
	}
	x, y := ahead(a.Windows), ahead(b.Windows)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !x[i].Start.Equal(y[i].Start) || !x[i].End.Equal(y[i].End) || x[i].Name != y[i].Name {
			return false
		}
	}
	return true
}
