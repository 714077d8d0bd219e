package places

import (
	"math"
	"slices"
)

// Near lists cities by how far they are from a point, the nearest first, along the
// great circle of a spherical Earth. At most limit are returned, and never more than 100;
// nothing for a point that is not on the Earth.
func Near(lat, lon float64, limit int) []City {
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) { // also catches what is no number
		return nil
	}
	g := built()
	limit = min(limit, maxLimit, len(g.cities))
	if limit <= 0 {
		return nil
	}
	var nearest []farness
	for i := range g.cities {
		c := &g.cities[i]
		if len(nearest) == limit && math.Abs(c.Lat-lat) > nearest[limit-1].degrees {
			continue // no city is nearer than it is by latitude alone
		}
		f := farness{int32(i), degreesBetween(lat, lon, c.Lat, c.Lon)}
		at, _ := slices.BinarySearchFunc(nearest, f, func(a, b farness) int {
			if a.degrees <= b.degrees {
				return -1
			}
			return 1
		})
		if at < limit {
			nearest = slices.Insert(nearest, at, f)[:min(len(nearest)+1, limit)]
		}
	}
	cities := make([]City, len(nearest))
	for i, f := range nearest {
		cities[i] = g.cities[f.city]
	}
	return cities
}

// farness is how far a city is, in degrees of arc.
type farness struct {
	city    int32
	degrees float64
}

// degreesBetween is the arc between two points by the haversine formula, which stays
// exact for points that are close together.
func degreesBetween(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	a, b := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := a*a + math.Cos(lat1*rad)*math.Cos(lat2*rad)*b*b
	return 2 * math.Asin(math.Sqrt(min(h, 1))) / rad
}
