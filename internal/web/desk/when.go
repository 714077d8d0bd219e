package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// When something is to leave may be said in words: "Tue 9am London", "tomorrow noon",
// "at opening", "embargo Tue 9am".

// saidWhen is what such words mean.
type saidWhen struct {
	Embargo bool
	Wish    string // wall-clock text and a zone, or newsroom.AtOpening
}

// A spot is a city by whose clock a time may be said.
type spot struct {
	names []string // in lower case
	zone  *time.Location
}

// spotsOf are the desk's own city first, then the house's, the other desks', and UTC.
func spotsOf(h newsroom.HouseView, x newsroom.DeskView) []spot {
	of := func(place map[string]string, zone *time.Location) (s spot) {
		s.zone = zone
		for _, name := range place {
			s.names = append(s.names, strings.ToLower(name))
		}
		s.names = append(s.names, strings.ToLower(zone.String()))
		return s
	}
	all := []spot{of(x.Settings.Place.City, x.Zone), of(h.House.Seat.City, h.Zone)}
	for _, o := range h.Desks {
		all = append(all, of(o.Settings.Place.City, o.Zone))
	}
	return append(all, spot{[]string{"utc"}, time.UTC})
}

// maxWhen bounds the words, in bytes.
const maxWhen = 200

const howToSay = story.Word("Say a day, an hour and, if it is not this desk’s, a city: “Tue 9am London”, “tomorrow 14:30”, “24 Mar noon”, or “at opening”.")

// readWhen reads words at an instant. Without a day it is the next time that the clock of
// the city shows that hour; a weekday is the next one that is still ahead.
func readWhen(words string, now time.Time, spots []spot) (w saidWhen, err error) {
	if len(words) > maxWhen {
		return w, story.Refuse(story.Invalid, "A time has at most %d letters. %s", maxWhen, howToSay)
	}
	fields := whenInEnglish(strings.Fields(strings.ToLower(strings.ReplaceAll(words, ",", " "))))
	if len(fields) > 0 && fields[0] == "embargo" {
		w.Embargo, fields = true, fields[1:]
	}
	fields = slices.DeleteFunc(fields, func(f string) bool { return f == "at" || f == "on" || f == "until" || f == "in" })
	if len(fields) == 1 && fields[0] == "opening" && !w.Embargo {
		w.Wish = newsroom.AtOpening
		return w, nil
	}
	day, hour, rest := "", "", []string{}
	for i := 0; i < len(fields); i++ {
		f := fields[i]
		switch two := f + " " + at(fields, i+1); {
		case hour == "" && hourOf(two) != "" && (at(fields, i+1) == "am" || at(fields, i+1) == "pm"):
			hour, i = hourOf(two), i+1
		case day == "" && isDay(two):
			day, i = two, i+1
		case day == "" && isDay(f):
			day = f
		case hour == "" && hourOf(f) != "":
			hour = hourOf(f)
		default:
			rest = append(rest, f)
		}
	}
	zone := zoneOf(strings.Join(rest, " "), spots)
	if hour == "" || zone == nil {
		return w, story.Refuse(story.Invalid, "%.60q is no time. %s", words, howToSay)
	}
	w.Wish = dayOf(day, hour, now, zone) + " " + hour + " " + zone.String()
	return w, nil
}

func at(fields []string, i int) string {
	if i < len(fields) {
		return fields[i]
	}
	return ""
}

// hourOf reads "9am", "9:30 pm", "14:30", "9.30", "0930", "noon" as "15:04"; "" if it is none.
func hourOf(s string) string {
	if s == "noon" {
		return "12:00"
	}
	for _, layout := range []string{"3pm", "3 pm", "3:04pm", "3:04 pm", "3.04pm", "3.04 pm", "15:04", "15.04", "1504"} {
		if layout == "1504" && len(s) != 4 {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("15:04")
		}
	}
	return ""
}

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// weekdayOf reads a weekday by its first two letters or more.
func weekdayOf(s string) (int, bool) {
	i := slices.IndexFunc(weekdays, func(name string) bool { return len(s) >= 2 && strings.HasPrefix(name, s) })
	return i, i >= 0
}

func isDay(s string) bool {
	_, weekday := weekdayOf(s)
	_, dated := dateOf(s)
	return weekday || dated || s == "today" || s == "tomorrow"
}

// dateOf reads a civil date; its year is 0 where none was said.
func dateOf(s string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2 Jan", "2 January", "Jan 2", "January 2"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// dayOf is the civil date of what was said, as the city's calendar has it.
func dayOf(day, hour string, now time.Time, zone *time.Location) string {
	today := now.In(zone)
	past := hour <= today.Format("15:04")
	ahead := 0
	if weekday, ok := weekdayOf(day); ok {
		if ahead = (weekday - int(today.Weekday()) + 7) % 7; ahead == 0 && past {
			ahead = 7
		}
	} else if date, ok := dateOf(day); ok {
		if date.Year() == 0 {
			date = date.AddDate(today.Year(), 0, 0)
			if date.Format(time.DateOnly) < today.Format(time.DateOnly) {
				date = date.AddDate(1, 0, 0)
			}
		}
		return date.Format(time.DateOnly)
	} else if day == "tomorrow" || day == "" && past {
		ahead = 1
	}
	return time.Date(today.Year(), today.Month(), today.Day()+ahead, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// zoneOf finds a city by the beginning of its name; without a name it is the desk's.
func zoneOf(name string, spots []spot) *time.Location {
	for _, s := range spots {
		if name == "" || len(name) >= 2 && slices.ContainsFunc(s.names, func(n string) bool {
			return strings.HasPrefix(n, name) || strings.HasPrefix(n, strings.TrimPrefix(name, "ב"))
		}) {
			return s.zone
		}
	}
	return nil
}

// whenPart is what a story's page answers while a time is typed: by three clocks, and who is
// on duty then.
type whenPart struct {
	reading
	Refusal string
	Faces   []stripClock
	Duty    string
	Rests   string
	Embargo bool
}

var whenTemplate = newPage[whenPart]("when.tmpl")

// when answers what words about a time mean.
func (d *desk) when(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, x, err := d.deskOfStoryView(r)
	if err != nil {
		return err
	}
	p := whenPart{reading: reading{h.Lang}}
	s, err := readWhen(r.URL.Query().Get("words"), h.Now, spotsOf(h, x))
	t := time.Time{}
	if err == nil {
		t, err = d.room.ReadWish(r.Context(), x.ID, s.Wish)
	}
	if p.Refusal = refusalIn(h.Lang, err); p.Refusal != "" {
		return whenTemplate.Render(w, http.StatusOK, p)
	}
	if err != nil {
		return err
	}
	p.lay(s, t, h, x)
	return whenTemplate.Render(w, http.StatusOK, p)
}

func (p *whenPart) lay(s saidWhen, t time.Time, h newsroom.HouseView, x newsroom.DeskView) {
	face := func(role, city string, zone *time.Location) {
		p.Faces = append(p.Faces, stripClock{role, city, clock.ShortDay(t, zone, h.Lang) + " " + clock.ShortDate(t, zone, h.Lang), clock.HM(t, zone)})
	}
	p.Embargo = s.Embargo
	face(h.Say("House"), h.City(), h.Zone)
	face(h.Say("Desk"), x.City(), x.Zone)
	if fields := strings.Fields(s.Wish); len(fields) == 3 && fields[2] != x.Zone.String() && fields[2] != h.Zone.String() {
		if zone := zoneOf(strings.ToLower(fields[2]), spotsOf(h, x)); zone != nil {
			face(h.Say("As typed"), cityOf(h, fields[2]), zone)
		}
	}
	face(h.Say("Readers"), "UTC", time.UTC)
	var duty []string
	for _, o := range h.Desks {
		if o.Hours.OnDuty(t) {
			duty = append(duty, o.Name())
		}
	}
	if p.Duty = tongue.Join(h.Lang, ", ", duty...); p.Duty == "" {
		p.Duty = h.Say("nobody")
	}
	if rest, resting := x.Hours.Rests(t); resting {
		p.Rests = h.Say("The %s desk rests then: it leaves %s.", x.Name(), when(rest.End, x))
	}
}

// cityOf names the city of a zone: that of a desk there, else as the zone has it.
func cityOf(h newsroom.HouseView, zone string) string {
	for _, x := range h.Desks {
		if x.Settings.Place.Zone == zone {
			return x.City()
		}
	}
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}

// deskOfStoryView is the house with the desk of the story that an address names.
func (d *desk) deskOfStoryView(r *http.Request) (h newsroom.HouseView, x newsroom.DeskView, err error) {
	if h, err = d.room.House(r.Context()); err != nil {
		return h, x, err
	}
	id, _, err := d.deskOfStory(r)
	x, found := h.Desk(string(id))
	if err == nil && !found {
		err = story.Refuse(story.Unknown, "There is no such story.")
	}
	return h, x, err
}

// wishOf is the time that a form asks for: said in words, or by a date, an hour and a city;
// "" without one.
func (d *desk) wishOf(r *http.Request) (w saidWhen, err error) {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	words := get("slotWords")
	if words == "" {
		w.Wish = wish(get)
		return w, nil
	}
	h, x, err := d.deskOfStoryView(r)
	if err != nil {
		return w, err
	}
	return readWhen(words, h.Now, spotsOf(h, x))
}
