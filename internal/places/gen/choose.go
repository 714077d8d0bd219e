package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/places"
)

// A city is one of the gazetteer, with what it can be looked up by besides its names.
type city struct {
	places.City
	native []string // names on the spot, which count as names
	other  []string // other spellings
	keep   bool     // goes into the gazetteer
}

// Columns of GeoNames' table.
const (
	colID, colName, colASCII, colOther, colLat, colLon = 0, 1, 2, 3, 4, 5
	colKind, colCountry, colRegion                     = 7, 8, 10
	colPeople, colElevation, colTerrain, colZone       = 14, 15, 16, 17
)

// leftOut are GeoNames' kinds of populated places that no desk is in: sections and
// boroughs of a city, historical, abandoned and destroyed places.
var leftOut = []string{"PPLX", "PPLA5", "PPLH", "PPLQ", "PPLW", "PPLCH"}

// How many people a city has at least that is in the gazetteer, that has a Hebrew name
// and is in the gazetteer, and whose other spellings are, if it has no Hebrew name.
const smallest, smallestKnown, smallestSpelt = 10000, 1000, 15000

// choose takes from GeoNames the cities that the gazetteer is to have, and those that
// zones are named for.
func (s *sources) choose() []city {
	var all []city
	for _, row := range s.rows {
		if slices.Contains(leftOut, row[colKind]) {
			continue
		}
		c := s.city(row)
		c.keep = c.Country == "IL" || israeliTime(row) || c.Population >= smallest ||
			c.Hebrew != "" && c.Population >= smallestKnown || row[colKind] == "PPLC" || row[colKind] == "PPLA"
		all = append(all, c)
	}
	all = append(all, s.nameZones(all)...)
	return slices.DeleteFunc(all, func(c city) bool { return !c.keep })
}

func (s *sources) city(row []string) city {
	id, name, spellings := row[colID], s.englishName(row), strings.Split(row[colOther], ",")
	c := city{
		City: places.City{
			ID: id, Name: name, Hebrew: s.hebrewName(row, name, spellings),
			Region:     s.regionName(row[colCountry], row[colRegion]),
			RegionCode: regionCode(row[colCountry], row[colRegion]),
			Country:    row[colCountry],
			Lat:        number(row[colLat]), Lon: number(row[colLon]), Elevation: elevation(row),
			Zone: s.zone(row), Population: int(number(row[colPeople])), Capital: row[colKind] == "PPLC",
		},
		native: []string{row[colName], row[colASCII]},
	}
	for _, name := range append(spellings, s.english[id], s.hebrew[id]) {
		if hebrewOnly(name) || spelling(name) && (c.Hebrew != "" || c.Population >= smallestSpelt) {
			c.other = append(c.other, name)
		}
	}
	c.other = append(c.other, customary[id]...)
	return c
}

func number(s string) float64 {
	n, _ := strconv.ParseFloat(s, 64) // an empty field is 0
	return n
}

// elevation is the city's own where GeoNames has it, and else that of the terrain
// model, which also corrects what is too far from it to be metres.
func elevation(row []string) int {
	own, terrain := int(number(row[colElevation])), int(number(row[colTerrain]))
	if row[colTerrain] == "" {
		terrain = places.ElevationUnknown
	}
	if row[colElevation] == "" || terrain != places.ElevationUnknown && abs(own-terrain) > 300 {
		return terrain
	}
	return own
}

func abs(n int) int { return max(n, -n) }

// zone is a city's zone in zone.tab's spelling, which the table may have by an older name.
func (s *sources) zone(row []string) string {
	if israeliTime(row) {
		return "Asia/Jerusalem"
	}
	return cmp.Or(zoneOf[row[colCountry]+"."+row[colRegion]], s.current(row[colZone]))
}

func israeliTime(row []string) bool {
	return row[colKind] == settlement || slices.Contains(settled, row[colID])
}

// nameZones gives the city of each zone the names that CLDR has for it, and returns the
// places of those zones for which GeoNames has no city.
func (s *sources) nameZones(all []city) (added []city) {
	byZone := map[string][]*city{}
	for i, c := range all {
		byZone[c.Zone] = append(byZone[c.Zone], &all[i])
	}
	for _, zone := range slices.Sorted(maps.Keys(s.zones)) {
		tab, names := s.zones[zone], s.exemplars[zone]
		for i := range names {
			names[i], _, _ = strings.Cut(names[i], ",") // as in "Knox, Indiana"
		}
		if c, named := cityOf(byZone[zone], tab, names[0]); c != nil {
			c.keep = true
			c.other = append(c.other, names[0], names[1])
			if named && names[1] != "" {
				c.Hebrew = names[1] // the better edited of the two sources
			}
			continue
		}
		added = append(added, city{keep: true, City: places.City{
			Name: names[0], Hebrew: names[1], Country: tab.country,
			Lat: tab.lat, Lon: tab.lon, Elevation: places.ElevationUnknown, Zone: zone,
		}})
	}
	return added
}

// How far a zone's city may be from where zone.tab has it, in km: one that has the
// name, which zone.tab has to the minute or for a whole district, and one that has not.
const nearby, near = 200, 40

// cityOf finds the city that a zone is named for, and if none has that name, the
// largest near where zone.tab has it.
func cityOf(zone []*city, tab tabZone, name string) (best *city, named bool) {
	for _, c := range zone {
		is := slices.ContainsFunc(append([]string{c.Name}, c.native...), func(n string) bool { return places.Fold(n) == places.Fold(name) })
		far := kilometres(c.Lat, c.Lon, tab.lat, tab.lon)
		if far > nearby || far > near && !is {
			continue
		}
		if best == nil || is && !named || is == named && c.Population > best.Population {
			best, named = c, is
		}
	}
	return best, named
}

// kilometres is the great-circle distance by the haversine formula.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	a, b := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return 2 * 6371 * math.Asin(math.Sqrt(a*a+math.Cos(lat1*rad)*math.Cos(lat2*rad)*b*b))
}
