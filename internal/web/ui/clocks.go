package ui

import (
	"fmt"
	"math"
	"time"

	"dateline/internal/clock"
)

// A Dial is a small clock face: hands as SVG paths, lit by day and dark by night.
type Dial struct {
	Night        bool
	Hour, Minute string
}

// DialAt draws the face of a clock at a place. Day there is 06:00 to 17:59.
func DialAt(t time.Time, zone *time.Location) Dial {
	at := t.In(zone)
	h, m := float64(at.Hour()%12), float64(at.Minute())
	return Dial{
		Night:  at.Hour() < 6 || at.Hour() >= 18,
		Hour:   hand((h+m/60)*math.Pi/6, 4.2),
		Minute: hand(m*math.Pi/30, 7),
	}
}

func hand(turn, length float64) string {
	return fmt.Sprintf("M10 10L%.2f %.2f", 10+length*math.Sin(turn), 10-length*math.Cos(turn))
}

// A Clock is one clock of the strip.
type Clock struct {
	City, Role string
	HM, ISO    string
	Day        string // short weekday, where the clocks are on different days
	Dial       Dial
}

// A Strip is what stands under the sections of every page: what is timed, three clocks,
// and the notice.
type Strip struct {
	What   string
	Clocks []Clock
	UTC    Clock  // stands in the reader's place
	You    string // the role that the script gives the reader's clock
	Date   string // civil date at the house, for the script
	Zones  string // zone ids that the reader's clock would only repeat
	Notice Notice
	Label  string
	Timed  string
}

// A Notice says who updates until when, and who follows.
type Notice struct {
	State string // duty, rest or none: the mark
	Bold  string
	Rest  string
	Link  string // to the coverage page, "" on it
	More  string // the words of the link
}

// A Seat is a city with its zone, as the strip names it.
type Seat struct {
	City string
	Zone *time.Location
	ID   string // of the zone
}

// StripAt draws the strip for an instant. desk is nil where the desk is in the house's city
// or the page has none: then two clocks are shown, and role is the house's.
func StripAt(what string, t time.Time, lang string, house Seat, houseRole string, desk *Seat, deskRole string) *Strip {
	w := WordsIn(lang)
	s := &Strip{What: what, You: w.You, Date: clock.Date(t, house.Zone), Zones: house.ID, Label: w.Strip, Timed: w.WhatIsTimed}
	days := desk != nil && !clock.SameDay(t, house.Zone, desk.Zone)
	face := func(at Seat, role string) Clock {
		c := Clock{City: at.City, Role: role, HM: clock.HM(t, at.Zone), ISO: clock.ISO(t), Dial: DialAt(t, at.Zone)}
		if days {
			c.Day = clock.ShortDay(t, at.Zone, lang)
		}
		return c
	}
	s.Clocks = append(s.Clocks, face(house, houseRole))
	if desk != nil {
		s.Clocks = append(s.Clocks, face(*desk, deskRole))
		s.Zones += " " + desk.ID
	}
	s.UTC = face(Seat{City: w.UTC, Zone: time.UTC}, w.Universal)
	if clock.Date(t, time.UTC) != s.Date && s.UTC.Day == "" {
		s.UTC.Day = clock.ShortDay(t, time.UTC, lang)
	}
	return s
}

// A CityTime is when, in which city.
type CityTime struct {
	ISO, When, City string
}

// TimesAt writes an instant for a list: the desk's city first, the house's second, one if
// they are the same. Each carries its weekday where the days differ; all carry the date
// where it is not the day of asOf in the house's city.
func TimesAt(t, asOf time.Time, lang string, house Seat, desk Seat) (out []CityTime) {
	seats := []Seat{desk, house}
	switch {
	case desk.Zone == nil:
		seats = seats[1:]
	case desk.ID == house.ID:
		seats = seats[:1]
	}
	differ := len(seats) == 2 && !clock.SameDay(t, desk.Zone, house.Zone)
	old := clock.Date(t, house.Zone) != clock.Date(asOf, house.Zone)
	for i, s := range seats {
		when := clock.HM(t, s.Zone)
		switch {
		case old && (i == 0 || differ):
			when = clock.DateTime(t, s.Zone, lang)
		case differ:
			when = clock.HM(t, s.Zone) + " " + clock.ShortDay(t, s.Zone, lang)
		}
		out = append(out, CityTime{clock.ISO(t), when, s.City})
	}
	return out
}
