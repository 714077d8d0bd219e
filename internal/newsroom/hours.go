package newsroom

import (
	"encoding/json"
	"fmt"
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
	Lighting  string         `json:"lighting"`  // before sunset, e.g. "18m"
	Nightfall string         `json:"nightfall"` // "8.5deg" or "42m"
	Notice    record.Words   `json:"notice,omitempty"`
	Followers []story.DeskID `json:"followers,omitempty"`
	Eyes      bool           `json:"eyes,omitempty"` // a second pair of eyes before posting
}

// check refuses settings that no windows can be computed from.
func (s DeskSettings) check() error {
	if s.Slug == "" || s.Slug != story.Slug(s.Slug) {
		return story.Refuse(story.Invalid, "A desk's slug is letters, digits and hyphens; %q is not.", s.Slug)
	}
	if len(s.Names) == 0 || len(s.Place.City) == 0 {
		return story.Refuse(story.Invalid, "The %s desk needs a name and a city.", s.Slug)
	}
	return nil
}

// Calendar is that of a desk with some settings, by the room's zone data.
func (r *Room) Calendar(s DeskSettings) (almanac.Calendar, error) {
	zone, err := r.zones.Load(s.Place.Zone)
	if err != nil {
		return nil, story.Refuse(story.Invalid, "The %s desk: %s", s.Slug, err)
	}
	custom, err := Custom(s.Lighting, s.Nightfall)
	if err != nil {
		return nil, story.Refuse(story.Invalid, "The %s desk: %s", s.Slug, err)
	}
	place := almanac.Place{Lat: s.Place.Lat, Lon: s.Place.Lon, Zone: zone, Israel: s.Place.Israel}
	calendar, err := almanac.Keep(almanac.Desk{Place: place, Custom: custom}, "shabbat")
	if err != nil {
		return nil, story.Refuse(story.Invalid, "The %s desk: %s", s.Slug, err)
	}
	return calendar, nil
}

// Custom reads lighting ("18m") and nightfall ("8.5deg" or "42m").
func Custom(lighting, nightfall string) (custom almanac.Custom, err error) {
	if custom.Lighting, err = almanac.ParseLighting(lighting); err != nil {
		return custom, err
	}
	custom.Nightfall, err = almanac.ParseNightfall(nightfall)
	return custom, err
}

// deskContent computes what a desk entry made now says. What the desk's entry before it
// closes stays closed until both open: a change never opens a desk that rests.
func (r *Room) deskContent(s DeskSettings, before *record.Desk, now time.Time) (record.Desk, error) {
	calendar, err := r.Calendar(s)
	if err != nil {
		return record.Desk{}, err
	}
	from, horizon := now.Add(-windowsBack), now.Add(windowsAhead)
	windows, err := calendar.Rests(from, horizon)
	if err != nil {
		return record.Desk{}, fmt.Errorf("computing the rests of %s: %w", s.Slug, err)
	}
	if before != nil {
		windows = bridge(fromRecord(before.Windows), windows, now)
	}
	return record.Desk{
		Slug: s.Slug, Names: s.Names, Place: s.Place, Notice: s.Notice, Followers: s.Followers,
		Observance: record.Words{"en": observanceWords(s)},
		Windows:    toRecord(windows), From: from, Horizon: horizon,
		Almanac: almanac.Version, ZoneData: r.zones.Version(),
	}, nil
}

func observanceWords(s DeskSettings) string {
	return fmt.Sprintf("Shabbat, from %s before sunset to nightfall (%s)", s.Lighting, s.Nightfall)
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

// sameWindows reports whether two desk contents close the same instants from now on, as
// far as both reach.
func sameWindows(a, b record.Desk, now time.Time) bool {
	end := a.Horizon
	if b.Horizon.Before(end) {
		end = b.Horizon
	}
	ahead := func(all []record.Window) (out []record.Window) {
		for _, w := range all {
			if w.End.After(now) && w.Start.Before(end) && w.End.Before(end) {
				out = append(out, record.Window{Start: w.Start, End: w.End})
			}
		}
		return out
	}
	x, y := ahead(a.Windows), ahead(b.Windows)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !x[i].Start.Equal(y[i].Start) || !x[i].End.Equal(y[i].End) {
			return false
		}
	}
	return true
}
