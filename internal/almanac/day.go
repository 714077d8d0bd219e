package almanac

import "math"

// A sky is the sun as seen from one spot on the sea-level horizon.
type sky struct {
	lon            float64 // degrees east
	sinLat, cosLat float64
}

func skyOver(p Place) sky {
	s, c := math.Sincos(rad(p.Lat))
	return sky{lon: p.Lon, sinLat: s, cosLat: c}
}

// Solar days are counted by their noons: number n has its mean noon on the n-th
// day after 1970-01-01, by the mean sun's own clock at the spot. A civil date
// may be any of several solar days, depending on its zone: see dayOf.

// meanNoon is the noon of solar day n by the mean sun, in Unix seconds.
func (s sky) meanNoon(n int) float64 { return float64(n)*86400 + 43200 - s.lon*240 }

// nearest is the number of the solar day whose mean noon is nearest to an
// instant. The mean sun decides rather than the true one, so that the 16 minutes
// by which the two differ with the season can never repeat or drop a day.
func (s sky) nearest(unix float64) int {
	return int(math.Round((unix - s.meanNoon(0)) / 86400))
}

// A solarDay is one day of one sky, from its noon to the midnight that ends it.
type solarDay struct {
	sky
	noon, midnight float64 // true, in Unix seconds
}

func (s sky) day(n int) solarDay {
	mean := s.meanNoon(n)
	return solarDay{s, s.culmination(mean, 0), s.culmination(mean+43200, 180)}
}

// culmination is the instant near guess at which the sun's hour angle is at,
// in degrees: 0 for noon, 180 for midnight.
func (s sky) culmination(guess, at float64) float64 {
	t := guess
	for range 4 { // each step leaves under a thousandth of the last
		off := wrap(sunAt(t).hour+s.lon-at) * 240
		t -= off
		if math.Abs(off) < 1e-3 {
			break
		}
	}
	return t
}

// height is the sine of the sun's height above the horizon, and how fast it
// changes with the turning of the Earth, per second.
func (s sky) height(unix float64) (sin, rate float64) {
	at := sunAt(unix)
	sinHour, cosHour := math.Sincos(rad(at.hour + s.lon))
	across := s.cosLat * at.cosDec
	return s.sinLat*at.sinDec + across*cosHour, -across * sinHour * (2 * math.Pi / 86400)
}

// What the sun does about a height between noon and midnight.
type course int

const (
	falls      course = iota // passes it on the way down
	staysAbove               // is still above it at its lowest
	staysBelow               // is not above it even at noon
)

// descent finds when the sun's centre sinks through a height given by its sine.
// The instant means something only if the sun falls through it.
func (d solarDay) descent(sinHeight float64) (float64, course) {
	if top, _ := d.height(d.noon); top <= sinHeight {
		return 0, staysBelow
	}
	low := d.midnight
	if bottom, _ := d.height(low); bottom >= sinHeight {
		// The season moves the lowest point off midnight, by seconds in Helsinki and
		// by minutes near the poles. A nightfall in between is a nightfall.
		low = d.lowest()
		if bottom, _ = d.height(low); bottom >= sinHeight {
			return 0, staysAbove
		}
	}
	return d.crossing(sinHeight, d.noon, low), falls
}

// sinks is descent on solar day n for most days of most places: where the sun crosses the
// height at a good angle, the instant is found without its noon and midnight. False says
// nothing but that descent must be asked.
func (s sky) sinks(n int, sinHeight float64) (float64, bool) {
	t := s.meanNoon(n) + 6*3600
	for range 6 { // each step leaves about a hundredth of the last
		at := sunAt(t)
		cosHour := (sinHeight - s.sinLat*at.sinDec) / (s.cosLat * at.cosDec)
		if !(math.Abs(cosHour) < 0.95) { // also at a pole
			return 0, false
		}
		off := wrap(deg(math.Acos(cosHour))-at.hour-s.lon) * 240
		t += off
		if math.Abs(off) < 0.05 {
			return t, true
		}
	}
	return 0, false
}

// crossing closes in on the one crossing between high, where the sun is above
// the height, and low, where it is below, to a millisecond: by Newton's step
// where that stays between the two, else by halving.
func (d solarDay) crossing(sinHeight, high, low float64) float64 {
	t := (high + low) / 2
	for range 60 {
		sin, rate := d.height(t)
		if sin > sinHeight {
			high = t
		} else {
			low = t
		}
		next := t - (sin-sinHeight)/rate
		if !(next > high && next < low) { // also if rate is 0
			next = (high + low) / 2
		}
		if math.Abs(next-t) < 1e-3 {
			return next
		}
		t = next
	}
	return t
}

// lowest is when the sun stands lowest within half an hour of midnight.
func (d solarDay) lowest() float64 {
	a, b := d.midnight-1800, d.midnight+1800
	for range 30 { // each round keeps two thirds: 3600 s become 0.02 s
		third := (b - a) / 3
		p, _ := d.height(a + third)
		q, _ := d.height(b - third)
		if p < q {
			b -= third
		} else {
			a += third
		}
	}
	return (a + b) / 2
}
