package almanac

import "time"

// A date is a civil date, as days after 1970-01-01. It has no zone of its own.
type date int

func dateOf(t time.Time, zone *time.Location) date {
	y, m, d := t.In(zone).Date()
	return date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// weekday counts from 1970-01-01, a Thursday.
func (d date) weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// noon is twelve o'clock on the date in a zone; false if the zone skipped the
// date altogether, as Samoa did with Friday 30 December 2011.
func (d date) noon(zone *time.Location) (time.Time, bool) {
	t := time.Date(1970, 1, 1+int(d), 12, 0, 0, 0, zone)
	return t, dateOf(t, zone) == d
}

// lived is the date itself, or the one before it if the zone skipped it.
func (d date) lived(zone *time.Location) date {
	if _, ok := d.noon(zone); !ok {
		return d - 1
	}
	return d
}

// onClock is when clocks in a zone show a time of a date, given from the midnight that
// begins it, in Unix seconds. Where they are moved about then and show it twice, or never,
// it is the earlier or the later of the two instants that may be meant.
func onClock(d date, at time.Duration, zone *time.Location, later bool) float64 {
	wall := float64(d)*86400 + at.Seconds() // as if in UTC
	ahead := func(unix float64) float64 {
		_, seconds := time.Unix(int64(unix), 0).In(zone).Zone()
		return float64(seconds)
	}
	near := wall - ahead(wall-ahead(wall))
	a, b := wall-ahead(near-2*3600), wall-ahead(near+2*3600) // before and after the move, if there is one
	shownA, shownB := a+ahead(a) == wall, b+ahead(b) == wall
	switch {
	case shownA && !shownB:
		return a
	case shownB && !shownA:
		return b
	case later:
		return max(a, b)
	}
	return min(a, b)
}

// dayOf is the number of the solar day that is a civil date in a zone: the one
// whose noon is nearest to civil noon. That holds for Kashgar on Beijing's time
// as for Kiritimati, which is a day ahead of its longitude. A skipped date is
// the solar day after that of the date before it.
func (s sky) dayOf(d date, zone *time.Location) int {
	noon, ok := d.noon(zone)
	if !ok {
		return s.dayOf(d-1, zone) + 1
	}
	return s.nearest(float64(noon.Unix()))
}

// daysOf are the solar days of a run of rest dates: the eve, on which it begins,
// and the last. Where every date is one solar day these are the day before first
// and last itself. Where a zone jumped across the date line the neighbours are
// asked too and the wider answer taken, so that a skipped rest day still rests for
// a whole solar day and one that came twice rests twice.
func (s sky) daysOf(first, last date, zone *time.Location) (eve, end int) {
	eve = min(s.dayOf(first, zone)-1, s.dayOf(first-1, zone))
	end = max(s.dayOf(last, zone), s.dayOf(last+1, zone)-1)
	return eve, end
}

// dateAt is the date of a year, month and day; days beyond the month's run on.
func dateAt(year int, month time.Month, day int) date {
	return date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// civil is the date as year, month and day.
func (d date) civil() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

// String is the date as ISO 8601 writes it.
func (d date) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }
