package app

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/feed"
)

// almanacICal writes windows as an iCalendar, an event each. Asked again, it names the same
// rest of the same place by the same UID, so that a calendar program replaces it.
func almanacICal(out io.Writer, asked almanacAsked, windows []almanac.Window, now time.Time) error {
	if len(windows) == 0 { // RFC 5545, 3.6: there must be one component
		return errors.New("--ical: no rest touches these dates, and an iCalendar without an event is none")
	}
	p := asked.desk.Place
	name, id := fmt.Sprintf("Rests at %v, %v", p.Lat, p.Lon), fmt.Sprintf("%v_%v", p.Lat, p.Lon)
	if asked.city != nil {
		name, id = "Rests in "+asked.city.Name, asked.city.ID
	}
	kept := crc32.ChecksumIEEE([]byte(strings.Join(asked.lines, "\n")))
	file, err := feed.ICalendar(name, fmt.Sprintf("%s_%08x@dateline.invalid", id, kept), windows, now)
	if err != nil {
		return err
	}
	_, err = out.Write(file)
	return err
}
