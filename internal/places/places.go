// Package places is a gazetteer that the binary carries: where a desk may be, so that
// its sun and its zone need not be typed in. It holds every city of 10,000 people or
// more, capitals and seats of government, every town of Israel, and every city that
// gives an IANA zone its name. A place that is not here, a desk gives itself.
//
// cities.gz beside this file is made by internal/places/gen, whose comment says how;
// NOTICE says whose data it is. It is unpacked when it is first asked for.
package places

import (
	_ "embed"
	"slices"
	"time"
)

// Attribution names the sources and their licences, as those ask; a page or a command
// that shows the gazetteer shows this with it. NOTICE beside this file has the rest.
const Attribution = "Places: GeoNames (geonames.org), CC BY 4.0, selected and abridged; " +
	"names of countries and of time zones' cities: Unicode CLDR, Unicode License V3."

//go:embed NOTICE
var notice string

// Notice is the whole text of NOTICE, for those who ask for the licences of a binary.
func Notice() string { return notice }

// A City is a place that a desk may be in.
type City struct {
	ID         string  // GeoNames' number, or "tz-" and the zone where GeoNames has none; stable
	Name       string  // in English, as far as English has a name of its own for it
	Hebrew     string  // "" where not known
	Region     string  // first-order division in English, "" where not known
	RegionCode string  // as written after a city's name, such as IL or ON; "" where that is not the custom
	Country    string  // ISO 3166-1 alpha-2, and XK for Kosovo
	Lat, Lon   float64 // degrees, north and east positive, WGS 84, to four decimals
	Elevation  int     // metres above sea level, or ElevationUnknown
	Zone       string  // IANA name, in zone.tab's spelling
	Population int     // of the city itself by GeoNames; 0 where not known
	Capital    bool    // of its country
}

// ElevationUnknown is a City's Elevation where the source has none.
const ElevationUnknown = -9999

// Israel reports whether festivals last one day here by the custom of the place, as in
// the Land of Israel, and not two: by country code IL or PS. It says nothing about
// borders, nor about a person who is there on a visit; a desk can say otherwise.
func (c City) Israel() bool { return c.Country == "IL" || c.Country == "PS" }

// Cities whose custom of lighting differs from their country's, by ID.
const (
	jerusalem      = "281184"
	haifa          = "294801"
	zikhronYaaqov  = "293067"
	lightingAbroad = 18 * time.Minute
	lightingIsrael = 20 * time.Minute
)

// Lighting is how long before sunset candles are customarily lit here, the default of
// printed calendars: Jerusalem 40 minutes, Haifa and Zikhron Ya'akov 30, the rest of
// Israel 20 (Hebcal's default since 2026), elsewhere 18. Towns and communities differ,
// so a desk can say otherwise.
func (c City) Lighting() time.Duration {
	switch {
	case c.ID == jerusalem:
		return 40 * time.Minute
	case c.ID == haifa, c.ID == zikhronYaaqov:
		return 30 * time.Minute
	case c.Israel():
		return lightingIsrael
	}
	return lightingAbroad
}

// String is the city with its region and country, such as "Springfield, Illinois, US".
// Find understands it.
func (c City) String() string {
	if c.Region == "" || c.Region == c.Name {
		return c.Name + ", " + c.Country
	}
	return c.Name + ", " + c.Region + ", " + c.Country
}

// ByID returns the city of an ID.
func ByID(id string) (City, bool) {
	g := built()
	i, ok := g.byID[id]
	if !ok {
		return City{}, false
	}
	return g.cities[i], true
}

// All returns every city, in no useful order.
func All() []City { return slices.Clone(built().cities) }
