package places_test

import (
	"math"
	"slices"
	"testing"

	"dateline/internal/places"
)

// arc is the angle between two points by the dot product of their unit vectors, which
// is another way than Near's.
func arc(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	lat1, lat2 = lat1*rad, lat2*rad
	return math.Acos(max(-1, min(1, math.Sin(lat1)*math.Sin(lat2)+math.Cos(lat1)*math.Cos(lat2)*math.Cos((lon1-lon2)*rad))))
}

func TestNear(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{
		{31.778, 35.235, "Jerusalem"}, {32.08, 34.78, "Tel Aviv"}, {40.71, -74.01, "New York"}, {-33.87, 151.21, "Sydney"},
		{51.5, -0.12, "London"}, {-90, 0, "Vostok Station"}, {-16.8, -180, "Labasa"}, {-16.8, 180, "Labasa"},
	} {
		if got := places.Near(c.lat, c.lon, 3); len(got) != 3 || got[0].Name != c.want {
			t.Errorf("%v, %v: %v, want %s", c.lat, c.lon, got, c.want)
		}
		all := places.All()
		slices.SortFunc(all, func(a, b places.City) int {
			if arc(c.lat, c.lon, a.Lat, a.Lon) < arc(c.lat, c.lon, b.Lat, b.Lon) {
				return -1
			}
			return 1
		})
		for i, got := range places.Near(c.lat, c.lon, 20) {
			if d := arc(c.lat, c.lon, got.Lat, got.Lon) - arc(c.lat, c.lon, all[i].Lat, all[i].Lon); math.Abs(d) > 1e-7 {
				t.Errorf("%v, %v: %s is %d., which %s is", c.lat, c.lon, got, i+1, all[i])
			}
		}
	}
}

func TestNearBounds(t *testing.T) {
	for _, p := range [][2]float64{{91, 0}, {-91, 0}, {0, 181}, {0, -181}, {math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}} {
		if got := places.Near(p[0], p[1], 5); got != nil {
			t.Errorf("%v: %v", p, got)
		}
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 1: 1, 100: 100, 1 << 30: 100} {
		if got := places.Near(0, 0, limit); len(got) != want {
			t.Errorf("%d: %d cities", limit, len(got))
		}
	}
}
