package main

// A planted error is one wrong piece of text in place of a right one. Somebody could
// have written it; the tests of one package must notice it.
type planted struct {
	what       string // is wrong, in words
	file       string // from the root
	old, wrong string // old stands in the file exactly once
	tests      string // the package whose tests must fail
}

const almanac = "./internal/almanac"

// table is of every package alike: a new error is a line here.
var table = []planted{
	{"lighting rounded up, so that rest begins late", "internal/almanac/evenings.go",
		"math.Floor(begins / 60)", "math.Ceil(begins / 60)", almanac},
	{"nightfall rounded down, so that rest ends early", "internal/almanac/evenings.go",
		"math.Ceil(ends / 60)", "math.Floor(ends / 60)", almanac},
	{"sunset without the sun's radius: 34 minutes of arc for 50", "internal/almanac/evenings.go",
		"sineBelow(50.0 / 60)", "sineBelow(34.0 / 60)", almanac},
	{"a span that holds a window's end", "internal/almanac/evenings.go",
		"w.End.After(from)", "!w.End.Before(from)", almanac},
	{"the polar evening at noon instead of six hours after it", "internal/almanac/evenings.go",
		"d.noon + 6*3600", "d.noon", almanac},
	{"a polar rest of less than 24 hours", "internal/almanac/evenings.go",
		"case ends < begins+86400:", "case ends < begins:", almanac},
	{"stars at noon taken for the nightfall of a polar night", "internal/almanac/evenings.go",
		"case ends <= float64(noon.Unix()):", "case ends <= float64(noon.Unix())-86400:", almanac},
	{"the eve on the day itself", "internal/almanac/date.go",
		"eve = min(s.dayOf(first, zone)-1, s.dayOf(first-1, zone))", "eve = s.dayOf(first, zone)", almanac},
	{"a date that came twice rests once", "internal/almanac/date.go",
		"end = max(s.dayOf(last, zone), s.dayOf(last+1, zone)-1)", "end = s.dayOf(last, zone)", almanac},
	{"a skipped date on the solar day before its own", "internal/almanac/date.go",
		"return s.dayOf(d-1, zone) + 1", "return s.dayOf(d-1, zone)", almanac},
	{"weekdays a day late", "internal/almanac/date.go",
		"(int(d)+4)%7", "(int(d)+3)%7", almanac},
	{"the mean sun runs west to east", "internal/almanac/day.go",
		"43200 - s.lon*240", "43200 + s.lon*240", almanac},
	{"the true sun's longitude with the sign turned", "internal/almanac/day.go",
		"sunAt(t).hour+s.lon-at", "sunAt(t).hour-s.lon-at", almanac},
	{"Newton's step let out of its bracket", "internal/almanac/day.go",
		"if !(next > high && next < low) {", "if rate == 0 {", almanac},
	{"no nightfall looked for between midnight and the lowest point", "internal/almanac/day.go",
		"low = d.lowest()", "low = d.midnight", almanac},
	{"aberration with the sign turned", "internal/almanac/sun.go",
		"aberration = -0.00569", "aberration = 0.00569", almanac},
	{"nutation left out of sidereal time", "internal/almanac/sun.go",
		"siderealTime(unix) + nutation*cosTilt - ascension", "siderealTime(unix) - ascension", almanac},
	{"the planets pull the other way", "internal/almanac/sun.go",
		"mean + centre + pull(tt)", "mean + centre - pull(tt)", almanac},
	{"still resting at the very end", "internal/almanac/find.go",
		"if w.End.After(t) {", "if !w.End.Before(t) {", almanac},
	{"not yet resting at the very start", "internal/almanac/find.go",
		"t.Before(w.Start)", "!t.After(w.Start)", almanac},
	{"windows that touch stay two", "internal/almanac/union.go",
		"!w.Start.After(merged[n-1].End)", "w.Start.Before(merged[n-1].End)", almanac},
	{"a union that ends with the later of two, though the earlier is longer", "internal/almanac/union.go",
		"if b.End.After(a.End) {", "if true {", almanac},
}
