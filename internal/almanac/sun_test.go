package almanac

import (
	"math"
	"testing"
)

// TestSunAgainstSOFA compares the sun's place with IAU SOFA's (the ERFA release
// 2.0, with UT1 = UTC), at thirty instants between 1900 and 2240. What it is off by on the
// whole is a small part of the most: a term that is left out shows there first.
func TestSunAgainstSOFA(t *testing.T) {
	var hours, decs, count float64 // squares of what the two are off by
	for _, c := range []struct{ unix, hour, dec float64 }{
		{-2208971580, 250.8685, -23.0473},
		{-1838982360, 355.3247, 0.2718},
		{-1469032500, 291.2938, 23.2177},
		{-1098983400, 279.5971, -5.9975},
		{-729027060, 250.5416, -20.6290},
		{-359082600, 161.3987, 13.9885},
		{10957680, 117.8777, 16.8675},
		{380862960, 225.8818, -18.8129},
		{750904920, 194.1836, -9.5524},
		{1120844040, 82.2231, 22.4045},
		{1490788140, 356.0753, 3.5576},
		{1860783480, 125.2451, -23.4114},
		{2230764840, 194.1805, 5.1451},
		{2600714580, 131.3071, 21.9605},
		{2970724440, 315.0842, -10.9302},
		{3340735800, 156.4934, -17.6375},
		{3710660580, 344.1509, 17.6136},
		{4080683160, 226.9484, 12.9445},
		{4450676280, 342.3518, -21.3574},
		{4820621580, 266.0999, -4.6500},
		{5190551460, 117.0046, 23.3576},
		{5560593120, 75.9551, -1.1800},
		{5930501520, 205.3273, -22.4796},
		{6300548100, 183.3785, 9.6164},
		{6670484760, 67.3240, 19.7482},
		{7040467260, 136.8161, -15.2443},
		{7410457620, 250.8522, -13.7105},
		{7780405860, 176.0409, 20.4636},
		{8150381400, 222.2179, 8.3044},
		{8520349680, 236.3821, -23.0468},
	} {
		s := sunAt(c.unix)
		hour := math.Remainder(s.hour-c.hour, 360)
		dec := deg(math.Asin(s.sinDec)) - c.dec
		if math.Abs(hour) > 0.006 || math.Abs(dec) > 0.002 {
			t.Errorf("at %.0f: hour angle off by %.4f, declination by %.4f degrees", c.unix, hour, dec)
		}
		hours, decs, count = hours+hour*hour, decs+dec*dec, count+1
		if one := s.sinDec*s.sinDec + s.cosDec*s.cosDec; math.Abs(one-1) > 1e-12 {
			t.Errorf("at %.0f: sine and cosine disagree by %g", c.unix, one-1)
		}
	}
	if hour, dec := math.Sqrt(hours/count), math.Sqrt(decs/count); hour > 0.0014 || dec > 0.00045 {
		t.Errorf("on the whole, hour angle off by %.5f, declination by %.5f degrees", hour, dec)
	}
}

// TestDescentIsExact wants the sun at the height that was asked for, above it just
// before and below it just after.
func TestDescentIsExact(t *testing.T) {
	for lat := -89.0; lat <= 89; lat += 3.7 {
		s := skyOver(Place{Lat: lat, Lon: lat * 2})
		for n := 19000; n < 19400; n += 11 {
			d := s.day(n)
			at, course := d.descent(sunsetSine)
			if course != falls {
				continue
			}
			before, _ := d.height(at - 0.01)
			after, _ := d.height(at + 0.01)
			if before < sunsetSine || after > sunsetSine {
				t.Errorf("latitude %.1f, day %d: no crossing at %.3f", lat, n, at)
			}
		}
	}
}

// TestSunsetBetweenMidnightAndTheLowestPoint takes days whose sun is just above the
// horizon at midnight and just below it minutes before or after, in spring and autumn.
func TestSunsetBetweenMidnightAndTheLowestPoint(t *testing.T) {
	for _, n := range []int{19814, 19826, 19937, 19950} { // April and August 2024
		low, high := 60.0, 90.0 // the latitude where midnight is on the line lies between
		for range 60 {
			lat := (low + high) / 2
			d := skyOver(Place{Lat: lat}).day(n)
			if at, _ := d.height(d.midnight); at < sunsetSine {
				low = lat
			} else {
				high = lat
			}
		}
		d := skyOver(Place{Lat: high + 2e-5}).day(n)
		at, course := d.descent(sunsetSine)
		if off := math.Abs(at - d.midnight); course != falls || off < 1 || off > 1800 {
			t.Errorf("day %d at latitude %.4f: course %d, %.0f s from midnight", n, high, course, off)
		}
	}
}

// TestSinksIsDescent wants the short way to the instant of the long one, or no answer, and
// an answer on nearly every day of the places where people live.
func TestSinksIsDescent(t *testing.T) {
	for lat := -90.0; lat <= 90; lat += 2.5 {
		s := skyOver(Place{Lat: lat, Lon: lat * 2})
		answers, days := 0, 0
		for n := -36000; n < 98000; n += 997 { // from 1871 to 2238
			for _, sine := range []float64{sunsetSine, sineBelow(8.5), sineBelow(26)} {
				days++
				got, ok := s.sinks(n, sine)
				if !ok {
					continue
				}
				answers++
				want, course := s.day(n).descent(sine)
				if course != falls || math.Abs(got-want) > 0.005 {
					t.Errorf("latitude %.1f, day %d: %.3f, want %.3f (%d)", lat, n, got, want, course)
				}
			}
		}
		if math.Abs(lat) <= 35 && answers < days {
			t.Errorf("latitude %.1f: %d answers on %d days", lat, answers, days)
		}
	}
}
