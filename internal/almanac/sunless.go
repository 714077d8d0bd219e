package almanac

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Sunless is a desk's own rule for the evenings and nightfalls that the sun does not give
// it. Authorities differ on them: some communities keep the hours of the nearest town where
// it sets, visitors those of home, others fixed ones. The zero value is the almanac's own
// rule, the strict side of them all, which also stands in wherever the desk's rule gives
// no answer or one that would open before noon, or within 24 hours of the evening.
type Sunless struct {
	// Sunset and Nightfall are what clocks at the place show, from the midnight that begins
	// the date, in whole minutes: 18h, and 20h30m; from 24h on it is after the next
	// midnight. Both or neither; lighting and margin are added as to the sun's.
	Sunset, Nightfall time.Duration
	// Like is the place whose clocks tell the hour at which the sun sets there, or night
	// falls by the desk's rule, on the same date; the desk then goes by its own clocks.
	Like Reference
}

// A Reference is a place by its name. Its Israel says nothing.
type Reference struct {
	Name  string
	Place Place
}

const (
	noonHour  = 12 * time.Hour // the earliest of a fixed evening
	nightHour = 27 * time.Hour // and the latest nightfall: three in the morning
	maxName   = 60
)

func (s Sunless) check() error {
	hours, like := s.Sunset != 0 || s.Nightfall != 0, s.Like != Reference{}
	switch {
	case hours && like:
		return errors.New("where the sun gives no answer either fixed hours hold or those of a city, not both")
	case hours:
		return s.checkHours()
	case like:
		return s.Like.check()
	}
	return nil
}

func (s Sunless) checkHours() error {
	for _, at := range []time.Duration{s.Sunset, s.Nightfall} {
		if at < noonHour || at > nightHour || at%time.Minute != 0 {
			return fmt.Errorf("the hour %s is out of range: where the sun gives no answer it must be a whole minute from 12:00 to 03:00 at night", clockText(at))
		}
	}
	if s.Nightfall < s.Sunset {
		return fmt.Errorf("nightfall at %s is before sunset at %s: together they would rest for less than a day", clockText(s.Nightfall), clockText(s.Sunset))
	}
	return nil
}

func (r Reference) check() error {
	odd := func(c rune) bool { return !unicode.IsPrint(c) || c == ';' || c == '+' } // which part the names of a window
	if r.Name == "" || len(r.Name) > maxName || strings.ContainsFunc(r.Name, odd) || strings.TrimSpace(r.Name) != r.Name {
		return fmt.Errorf("the city %.40q needs a name of plain letters, of at most %d bytes", r.Name, maxName)
	}
	if err := r.Place.check(); err != nil {
		return fmt.Errorf("the city %q: %w", r.Name, err)
	}
	return nil
}

// String is the rule as ParseSunless reads it.
func (s Sunless) String() string {
	switch {
	case s.Like != Reference{}:
		degrees := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
		return fmt.Sprintf("city %s %s %s %s", s.Like.Name, degrees(s.Like.Place.Lat), degrees(s.Like.Place.Lon), s.Like.Place.Zone)
	case s != Sunless{}:
		return "hours " + clockText(s.Sunset) + " " + clockText(s.Nightfall)
	}
	return "strict"
}

// ParseSunless reads what holds where the sun gives no answer: "strict", or nothing;
// "hours 18:00 20:30", the clock's at sunset and at nightfall; or the name of a city, its
// latitude, longitude and zone, "city Oslo 59.9127 10.7461 Europe/Oslo". The zone is
// looked up by its IANA name in zones.
func ParseSunless(text string, zones func(name string) (*time.Location, error)) (s Sunless, err error) {
	words := strings.Fields(text)
	switch {
	case len(words) == 0, len(words) == 1 && words[0] == "strict":
		return s, nil
	case len(words) == 3 && words[0] == "hours":
		if s.Sunset, err = parseClock(words[1]); err != nil {
			return s, err
		}
		if s.Nightfall, err = parseClock(words[2]); err != nil {
			return s, err
		}
	case len(words) >= 5 && words[0] == "city":
		if s.Like, err = parseReference(words[1:], zones); err != nil {
			return s, err
		}
	default:
		return s, fmt.Errorf("%.40q is no rule for days without a sunset: it must be strict, or as hours 18:00 20:30, or as city Oslo 59.9127 10.7461 Europe/Oslo", text)
	}
	return s, s.check()
}

// parseClock reads an hour of an evening or of the night after it.
func parseClock(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("the hour %.40q is not one of a clock such as 18:00", text)
	}
	at := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if at < noonHour {
		at += 24 * time.Hour
	}
	return at, nil
}

func clockText(at time.Duration) string {
	return time.Time{}.Add(at).Format("15:04")
}

// parseReference reads a name, which may be of several words, and three words after it.
func parseReference(words []string, zones func(name string) (*time.Location, error)) (r Reference, err error) {
	where := words[len(words)-3:]
	r.Name = strings.Join(words[:len(words)-3], " ")
	var errLat, errLon error
	r.Place.Lat, errLat = strconv.ParseFloat(where[0], 64)
	r.Place.Lon, errLon = strconv.ParseFloat(where[1], 64)
	if errLat != nil || errLon != nil {
		return r, fmt.Errorf("the city %.40q is at no latitude and longitude such as 59.9127 10.7461", r.Name)
	}
	if zones == nil {
		return r, errors.New("zones cannot be looked up by name here")
	}
	if r.Place.Zone, err = zones(where[2]); err != nil {
		return r, fmt.Errorf("the city %.40q: %w", r.Name, err)
	}
	return r, nil
}

// own is the desk's own answer for date d and solar day n, in Unix seconds: at a fixed hour,
// or at that of the sun at the reference. Later, it ends a rest, else it begins one. If not
// ok, how says why not, or is empty where the desk has no rule.
func (e *evenings) own(n int, d date, fixed time.Duration, sun func(solarDay) (float64, string), later bool) (at float64, how string, ok bool) {
	s := e.rule.Sunless
	by := " by the desk's rule"
	switch {
	case s == Sunless{}:
		return 0, "", false
	case s.Like != Reference{}:
		hour, found := s.Like.hour(d, sun)
		if !found {
			return 0, ", no answer in " + s.Like.Name, false
		}
		fixed, by = hour, " as in "+s.Like.Name
	}
	// The dates of a zone that jumped over one are not its solar days: what is between is added.
	d = d.lived(e.place.Zone)
	at = onClock(d, fixed, e.place.Zone, later) + 86400*float64(n-e.sky.dayOf(d, e.place.Zone))
	return at, clockText(fixed) + by, true
}

// hour is what clocks at the reference show, from the midnight that begins a date, when its
// sun gives the answer for the date; false if it does not.
func (r Reference) hour(d date, sun func(solarDay) (float64, string)) (time.Duration, bool) {
	d = d.lived(r.Place.Zone)
	s := skyOver(r.Place)
	unix, none := sun(s.day(s.dayOf(d, r.Place.Zone)))
	_, ahead := time.Unix(int64(unix), 0).In(r.Place.Zone).Zone()
	return time.Duration((unix + float64(ahead) - 86400*float64(d)) * float64(time.Second)), none == ""
}
