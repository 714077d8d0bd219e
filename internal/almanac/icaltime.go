package almanac

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An icalTime is a date, or a time by the clocks of a zone.
type icalTime struct {
	local int64 // seconds since 1970 as if the zone were UTC
	whole bool  // a date without a time, VALUE=DATE
	zone  *time.Location
}

func (t icalTime) day() date {
	return date((t.local - ((t.local%86400)+86400)%86400) / 86400)
}

// An icalKey is what exceptions and overrides know an instance by.
type icalKey struct {
	whole bool
	at    int64 // local seconds of a date, else Unix seconds
}

// key reads a time as RFC 5545, 3.3.5 does: of two readings the first, and if it is skipped
// that by the clock of before the change.
func (t icalTime) key() icalKey {
	if t.whole {
		return icalKey{true, t.local}
	}
	first, last, skipped := icalReadings(t.local, t.zone)
	if skipped {
		first = last
	}
	return icalKey{false, first.Unix()}
}

// An icalLength is how long an event lasts: first so much further by the clocks of its
// zone, then so much longer by a stop-watch.
type icalLength struct{ clock, watch int64 } // seconds

// span is when an instance begins and ends: at the earliest reading of its start, and at
// the latest end by any of its lengths.
func (t icalTime) span(lengths []icalLength) (start, end time.Time) {
	start, _, _ = icalReadings(t.local, t.zone)
	for _, n := range lengths {
		_, last, _ := icalReadings(t.local+n.clock, t.zone)
		if last = last.Add(time.Duration(n.watch) * time.Second); last.After(end) {
			end = last
		}
	}
	return start, end
}

// icalUntil is the length of an event from start to end. RFC 5545, 3.8.5.3 gives its other
// instances the same length by a stop-watch, while programs mostly keep the time of day at
// which they end. The two differ where the clocks change within an instance; the later end
// is taken. If the end is in another zone, only the first is possible.
func icalUntil(line int, start, end icalTime) ([]icalLength, error) {
	begins, latest, _ := icalReadings(start.local, start.zone)
	_, ends, _ := icalReadings(end.local, end.zone)
	watch := max(0, int64(ends.Sub(latest)/time.Second))
	clock := end.local - start.local
	if sameZone := start.zone == end.zone; sameZone && clock < 0 || !sameZone && ends.Before(begins) {
		return nil, icalAt(line, errors.New("the event ends before it begins; mend its DTEND"))
	} else if !sameZone {
		return icalChecked(line, icalLength{watch: watch})
	}
	switch {
	case start.whole:
		// An end on the day of the start, which some programs write, can only mean that day.
		return icalChecked(line, icalLength{clock: max(clock, 86400)})
	case clock == 0:
		return nil, nil
	}
	return icalChecked(line, icalLength{clock: clock}, icalLength{watch: watch})
}

var icalDurationForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$`)

// icalDuration reads a length such as P1D or PT2H30M. Days and weeks are those of the
// calendar; hours and less are by a stop-watch (RFC 5545, 3.3.6). A date lasts whole days,
// rounded up.
func icalDuration(line int, value string, start icalTime) ([]icalLength, error) {
	m := icalDurationForm.FindStringSubmatch(strings.ToUpper(value))
	if m == nil || strings.HasSuffix(m[0], "P") || strings.HasSuffix(m[0], "T") {
		return nil, icalAt(line, fmt.Errorf("%.40q is not a length such as P1D or PT2H30M", value))
	}
	var n [6]int64
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.ParseInt("0"+m[i], 10, 64) // digits, and few of them
	}
	length := icalLength{clock: (n[1]*7 + n[2]) * 86400, watch: n[3]*3600 + n[4]*60 + n[5]}
	if start.whole {
		length = icalLength{clock: max(1, (length.clock+length.watch+86399)/86400) * 86400}
	}
	if (length == icalLength{}) {
		return nil, nil
	}
	return icalChecked(line, length)
}

// icalChecked refuses an event that is longer than any closure: more likely it has a wrong
// year, and would close a desk for good.
func icalChecked(line int, lengths ...icalLength) ([]icalLength, error) {
	for _, n := range lengths {
		if n.clock+n.watch > icalLongest*86400 {
			return nil, icalAt(line, fmt.Errorf("the event lasts over %d days; mend its end, or make it several", icalLongest))
		}
	}
	return lengths, nil
}
