package almanac

import "math"

// Where the sun is. Formulas and coefficients: Jean Meeus, Astronomical
// Algorithms, chapters 12 (sidereal time), 22 (obliquity, nutation) and 25 (the
// sun at low accuracy; NOAA's calculator is the same), and for the planets' and
// the moon's pull the five largest terms of his Astronomical Formulae for
// Calculators, chapter 18, brought to the epoch J2000.
//
// Against IAU SOFA, from 1900 to 2240, the direction stays within 0.006 degrees. With
// the crossing iterated until it stands still, sunset is within 1.5 seconds up to 50
// degrees of latitude and 3 up to 66, about half of what it is without the five
// terms; nightfall likewise, but for the days on which it is about to cease, when
// the sun hardly sinks any more (12 seconds).

const (
	j2000   = 946728000.0   // Unix seconds at 2000-01-01 12:00 UT
	century = 36525 * 86400 // seconds in a Julian century

	// deltaT is how far the even time of the formulas is ahead of the clock's, in
	// seconds: its value since 2017. That it was 72 s less in 1900 shifts a sunset by 0.2 s.
	deltaT = 69.2
)

// A sun is its apparent place at an instant.
type sun struct {
	hour           float64 // Greenwich hour angle, degrees, not reduced
	sinDec, cosDec float64 // of its declination
}

// sunAt returns the sun at an instant in Unix seconds.
func sunAt(unix float64) sun {
	tt := (unix - j2000 + deltaT) / century
	sinNode, cosNode := math.Sincos(rad(125.04 - 1934.136*tt))
	sinTilt, cosTilt := math.Sincos(rad(23.439291 - 0.0130042*tt + 0.00256*cosNode))
	nutation := -0.00478 * sinNode // in longitude
	const aberration = -0.00569
	sinLon, cosLon := math.Sincos(rad(trueLongitude(tt) + aberration + nutation))

	ascension := deg(math.Atan2(cosTilt*sinLon, cosLon))
	sinDec := sinTilt * sinLon
	return sun{
		hour:   siderealTime(unix) + nutation*cosTilt - ascension,
		sinDec: sinDec,
		cosDec: math.Sqrt(1 - sinDec*sinDec),
	}
}

// trueLongitude is the sun's geometric longitude in degrees, tt centuries after J2000.
func trueLongitude(tt float64) float64 {
	mean := 280.46646 + tt*(36000.76983+tt*0.0003032)
	s, c := math.Sincos(rad(357.52911 + tt*(35999.05029-tt*0.0001537))) // mean anomaly
	centre := (1.914602-tt*(0.004817+tt*0.000014))*s +
		(0.019993-tt*0.000101)*2*s*c + // sin of twice the anomaly
		0.000289*s*(3-4*s*s) // and of three times
	return mean + centre + pull(tt)
}

// pull is what the other bodies add to the longitude, in degrees.
func pull(tt float64) float64 {
	return 0.00134*math.Cos(rad(351.52+22518.4428*tt)) + // Venus
		0.00154*math.Cos(rad(253.14+45036.8857*tt)) + // Venus
		0.00200*math.Cos(rad(157.23+32964.4671*tt)) + // Jupiter
		0.00180*math.Sin(rad(297.85+445267.1117*tt)) + // the moon
		0.00178*math.Sin(rad(252.08+20.19*tt)) // a slow beat of the planets
}

// siderealTime is the mean sidereal time at Greenwich in degrees, not reduced.
func siderealTime(unix float64) float64 {
	days := (unix - j2000) / 86400
	t := days / 36525
	return 280.46061837 + 360.98564736629*days + 0.000387933*t*t
}

func rad(degrees float64) float64 { return degrees * (math.Pi / 180) }
func deg(radians float64) float64 { return radians * (180 / math.Pi) }

// wrap is an angle by its shortest way round, from -180 to 180 degrees.
func wrap(degrees float64) float64 { return degrees - 360*math.Round(degrees/360) }
