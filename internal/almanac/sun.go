package almanac

import (
	"math"
	"time"
)

// The sun by the formulas of the NOAA solar calculator (after Meeus, Astronomical
// Algorithms, chapters 25 and 28): apparent longitude to 0.01°, good to a few seconds of
// sunset below 66° of latitude. Events are iterated until they stand still.

// Depressions of the sun's centre below the horizon, in degrees. Sunset: 34′ of
// refraction and 16′ of radius (USNO). Nightfall: 8.5° without refraction.
const sunsetDepression = 50.0 / 60

const rad = math.Pi / 180

// julianCenturies since J2000.0. The difference of terrestrial to universal time, about a
// minute, moves the sun by 0.0007° and is left out.
func julianCenturies(t time.Time) float64 {
	const j2000 = 946728000 // 2000-01-01 12:00 UTC
	seconds := float64(t.Unix()-j2000) + float64(t.Nanosecond())/1e9
	return seconds / 86400 / 36525
}

// sun returns declination in radians and equation of time in minutes at t.
func sun(t time.Time) (declination, equation float64) {
	c := julianCenturies(t)
	mean := math.Mod(280.46646+c*(36000.76983+c*0.0003032), 360) * rad
	anomaly := (357.52911 + c*(35999.05029-0.0001537*c)) * rad
	eccentricity := 0.016708634 - c*(0.000042037+0.0000001267*c)
	center := math.Sin(anomaly)*(1.914602-c*(0.004817+0.000014*c)) + math.Sin(2*anomaly)*(0.019993-0.000101*c) + math.Sin(3*anomaly)*0.000289
	node := (125.04 - 1934.136*c) * rad
	longitude := mean + (center-0.00569-0.00478*math.Sin(node))*rad
	obliquity := (23+(26+(21.448-c*(46.815+c*(0.00059-c*0.001813)))/60)/60)*rad + 0.00256*rad*math.Cos(node)
	declination = math.Asin(math.Sin(obliquity) * math.Sin(longitude))
	y := math.Pow(math.Tan(obliquity/2), 2)
	e := y*math.Sin(2*mean) - 2*eccentricity*math.Sin(anomaly) + 4*eccentricity*y*math.Sin(anomaly)*math.Cos(2*mean) -
		0.5*y*y*math.Sin(4*mean) - 1.25*eccentricity*eccentricity*math.Sin(2*anomaly)
	return declination, 4 * e / rad
}

// solarNoon returns the true solar noon nearest to t at a longitude.
func solarNoon(t time.Time, lon float64) time.Time {
	noon := t
	for range 4 {
		_, equation := sun(noon)
		// Minutes of UTC day at which the sun crosses this meridian.
		at := 720 - 4*lon - equation
		day := t.Unix() - mod(t.Unix(), 86400)
		near := float64(day) + at*60
		near += 86400 * math.Round((float64(t.Unix())-near)/86400)
		noon = fromSeconds(near)
	}
	return noon
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

func fromSeconds(s float64) time.Time {
	whole := math.Floor(s)
	return time.Unix(int64(whole), int64((s-whole)*1e9)).UTC()
}

// below returns when, after a solar noon, the sun's centre sinks to a depression in
// degrees. It reports false where it does not before the next solar midnight.
func below(noon time.Time, lat, lon, depression float64) (time.Time, bool) {
	at := noon.Add(6 * time.Hour)
	for range 12 {
		declination, equation := sun(at)
		cos := (math.Sin(-depression*rad) - math.Sin(lat*rad)*math.Sin(declination)) / (math.Cos(lat*rad) * math.Cos(declination))
		if math.IsNaN(cos) || cos < -1 || cos > 1 {
			return time.Time{}, false
		}
		angle := math.Acos(cos) / rad // degrees after noon
		// Noon drifts within the day with the equation of time.
		_, noonEquation := sun(noon)
		next := noon.Add(time.Duration((angle*4 - (equation - noonEquation)) * float64(time.Minute)))
		if d := next.Sub(at); d < time.Millisecond && d > -time.Millisecond {
			return next, true
		}
		at = next
	}
	return at, true
}

// rises reports whether the sun stands above the sunset depression at a solar noon.
func rises(noon time.Time, lat float64) bool {
	declination, _ := sun(noon)
	altitude := 90 - math.Abs(lat-declination/rad)
	return altitude > -sunsetDepression
}
