package newsroom

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/places"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A Keeping is what is kept at a place: its observances, and how the ends of days are kept
// that run from evening to nightfall.
type Keeping struct {
	// Keeps are observances, each a line as the almanac reads it ("shabbat", "closure
	// 2024-04-01 Office move", "ics holidays.ics"). None is Shabbat and festivals; the one
	// line "nothing" is nothing at all.
	Keeps     []string `json:"keeps,omitempty"`
	Lighting  string   `json:"lighting,omitempty"`  // before sunset, as in "18m"; none is the custom of the city
	Nightfall string   `json:"nightfall,omitempty"` // "8.5deg" or "42m"; none is the former
	Margin    string   `json:"margin,omitempty"`    // added at both ends, as in "5m"
	Sunless   string   `json:"sunless,omitempty"`   // where the sun gives no answer; none is strict
}

// What is kept where nothing is said.
const (
	nothing        = "nothing"
	usualNightfall = "8.5deg"
)

var usual = []string{"shabbat", "yomtov"}

// Lines are the observances, as the almanac reads them.
func (k Keeping) Lines() []string {
	switch {
	case len(k.Keeps) == 0:
		return slices.Clone(usual)
	case len(k.Keeps) == 1 && k.Keeps[0] == nothing:
		return nil
	}
	return k.Keeps
}

// Bounds of what settings may say.
const (
	maxLines = 60
	maxLine  = 300 // bytes
)

func (k Keeping) check() error {
	if len(k.Keeps) > maxLines {
		return fmt.Errorf("%d observances are too many: there may be %d, and a calendar file holds more", len(k.Keeps), maxLines)
	}
	for _, line := range k.Keeps {
		if len(line) > maxLine {
			return fmt.Errorf("the observance %.40q is longer than %d bytes", line, maxLine)
		}
	}
	return nil
}

// Customary is how long before sunset candles are lit at a place: by the custom of the
// city of the gazetteer; for a place of one's own by the earliest custom within ten
// kilometres, so that a spot in Jerusalem is Jerusalem's; else 20 minutes in Israel and 18
// elsewhere.
func Customary(city string, at record.Place) (custom time.Duration) {
	if c, ok := places.ByID(city); ok {
		return c.Lighting()
	}
	for _, c := range places.Near(at.Lat, at.Lon, 20) {
		const tenKilometres = 0.09 // degrees of latitude
		east := (c.Lon - at.Lon) * math.Cos(at.Lat*math.Pi/180)
		if math.Hypot(c.Lat-at.Lat, east) <= tenKilometres {
			custom = max(custom, c.Lighting())
		}
	}
	switch {
	case custom > 0:
		return custom
	case at.Israel:
		return 20 * time.Minute
	}
	return 18 * time.Minute
}

// PlaceOf is a city of the gazetteer as the place of a desk.
func PlaceOf(c places.City) record.Place {
	names := record.Words{"en": c.Name}
	if c.Hebrew != "" {
		names["he"] = c.Hebrew
	}
	return record.Place{City: names, Lat: c.Lat, Lon: c.Lon, Zone: c.Zone, Israel: c.Israel()}
}

// custom reads how days from evening to nightfall are kept at a place.
func (r *Room) custom(k Keeping, city string, at record.Place) (c almanac.Custom, err error) {
	if k.Lighting == "" {
		c.Lighting = Customary(city, at)
	} else if c.Lighting, err = almanac.ParseLighting(k.Lighting); err != nil {
		return c, err
	}
	if c.Nightfall, err = almanac.ParseNightfall(cmp.Or(k.Nightfall, usualNightfall)); err != nil {
		return c, err
	}
	if c.Margin, err = almanac.ParseMargin(k.Margin); err != nil {
		return c, err
	}
	c.Sunless, err = ParseSunless(k.Sunless, r.zones.Load)
	return c, err
}

// ParseSunless reads what holds where the sun gives no answer, as the almanac does; a city
// of the gazetteer may be given by its name alone: "city Oslo".
func ParseSunless(text string, zones func(string) (*time.Location, error)) (s almanac.Sunless, err error) {
	words := strings.Fields(text)
	if len(words) < 2 || words[0] != "city" {
		return almanac.ParseSunless(text, zones)
	}
	if n := len(words); n >= 5 {
		if _, err := strconv.ParseFloat(words[n-2], 64); err == nil {
			return almanac.ParseSunless(text, zones)
		}
	}
	c, err := places.Find(strings.Join(words[1:], " "))
	if err != nil {
		return s, err
	}
	z, err := zones(c.Zone)
	s.Like = almanac.Reference{Name: c.Name, Place: almanac.Place{Lat: c.Lat, Lon: c.Lon, Zone: z}}
	return s, err
}

// kept is the calendar of what is kept at a place.
func (r *Room) kept(k Keeping, city string, at record.Place) (almanac.Calendar, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	where, err := r.almanacPlace(at)
	if err != nil {
		return nil, err
	}
	custom, err := r.custom(k, city, at)
	if err != nil {
		return nil, err
	}
	return almanac.Keep(almanac.Desk{Place: where, Custom: custom, File: r.CalendarFile, Zone: r.zones.Load}, k.Lines()...)
}

func (r *Room) almanacPlace(at record.Place) (almanac.Place, error) {
	zone, err := r.zones.Load(at.Zone)
	return almanac.Place{Lat: at.Lat, Lon: at.Lon, Zone: zone, Israel: at.Israel}, err
}

// Whose rest closes a desk, as its settings say.
const (
	OwnRest   = "own"   // what the desk keeps in its own city
	BothRests = "both"  // its own, and what the house keeps at its seat
	HouseRest = "house" // what the house keeps at its seat, alone
)

// HouseSettings is the private side of the house: what it keeps at its seat.
type HouseSettings struct {
	City string `json:"city,omitempty"` // id of the seat in the gazetteer
	Keeping
}

// A Seat is where the house is and what it keeps there.
type Seat struct {
	Place record.Place
	HouseSettings
}

// houseSetting is the name under which HouseSettings are kept.
const houseSetting = "house"

// newestHouse is the house as readers know it.
func newestHouse(q *store.Query) (h record.House, err error) {
	content, _, err := store.NewestContent[record.House](q, record.KindHouse, HouseID)
	if err != nil || content == nil {
		return h, joinUnknown(err, "There is no house here yet.")
	}
	return *content, nil
}

// seat reads the house's seat.
func (r *Room) seat(q *store.Query) (s Seat, err error) {
	h, err := newestHouse(q)
	if err != nil {
		return s, err
	}
	s.Place = h.Seat
	_, err = q.Setting(houseSetting, &s.HouseSettings)
	return s, err
}

// CalendarOf is that of a desk with some settings, by the room's zone data: what it keeps in its own city, what the house keeps at its seat,
// or both, as the desk says.
func (r *Room) CalendarOf(seat Seat, s DeskSettings) (almanac.Calendar, error) {
	var all []almanac.Calendar
	if s.Whose != HouseRest {
		own, err := r.kept(s.Keeping, s.City, s.Place)
		if err != nil {
			return nil, story.Refuse(story.Invalid, "The %s desk: %s.", s.name(), err)
		}
		all = append(all, own)
	}
	if s.Whose == HouseRest || s.Whose == BothRests {
		house, err := r.kept(seat.Keeping, seat.City, seat.Place)
		if err != nil {
			return nil, story.Refuse(story.Invalid, "The house’s seat: %s.", err)
		}
		all = append(all, house)
	}
	return almanac.Union(all...), nil
}

// rests computes a desk's windows as an entry made now carries them.
func (r *Room) rests(seat Seat, s DeskSettings, now time.Time) ([]almanac.Window, error) {
	calendar, err := r.CalendarOf(seat, s)
	if err != nil {
		return nil, err
	}
	windows, err := calendar.Rests(now.Add(-windowsBack), now.Add(windowsAhead))
	switch {
	case err != nil && s.Whose == HouseRest:
		return nil, story.Refuse(story.Invalid, "The house’s seat: %s.", err)
	case err != nil:
		return nil, story.Refuse(story.Invalid, "The %s desk: %s.", s.name(), err)
	}
	return windows, nil
}

func (s DeskSettings) name() string { return cmp.Or(s.Names.In("en"), s.Slug) }

// files are the calendar files that a desk's rest hangs on.
func files(seat Seat, s DeskSettings) (names []string) {
	var lines []string
	if s.Whose != HouseRest {
		lines = append(lines, s.Lines()...)
	}
	if s.Whose == HouseRest || s.Whose == BothRests {
		lines = append(lines, seat.Lines()...)
	}
	return namedFiles(lines)
}

// namedFiles are the calendar files that lines of settings name.
func namedFiles(lines []string) (names []string) {
	for _, line := range lines {
		if word, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && word == "ics" {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}
