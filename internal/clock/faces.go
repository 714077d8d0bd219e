package clock

import (
	"fmt"
	"strings"
	"time"
)

// Times are written for people here and nowhere else: 24 hours, the city always named by
// the caller, days in the page's language. An offset or an abbreviation never appears.

// ISO is an instant for <time datetime>, feeds and APIs: RFC 3339, UTC, whole seconds.
func ISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// HM is the time of day at a place, e.g. "21:40".
func HM(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// HMS is the time of day with its second, for the newsroom's own screens.
func HMS(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04:05") }

// Date is the civil date at a place, YYYY-MM-DD.
func Date(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02") }

// SameDay reports whether two places are on the same civil date at t.
func SameDay(t time.Time, a, b *time.Location) bool { return Date(t, a) == Date(t, b) }

// Weekday is the day's whole name, e.g. "Friday", "יום שישי".
func Weekday(t time.Time, zone *time.Location, lang string) string {
	return wordsOf(lang).weekdays[t.In(zone).Weekday()]
}

// ShortDay is the day's short name, e.g. "Fri", "ו׳".
func ShortDay(t time.Time, zone *time.Location, lang string) string {
	return wordsOf(lang).short[t.In(zone).Weekday()]
}

// ShortDate is a day of the month, e.g. "22 Mar", "22 במרץ".
func ShortDate(t time.Time, zone *time.Location, lang string) string {
	w, at := wordsOf(lang), t.In(zone)
	return fmt.Sprintf(w.date, at.Day(), w.months[at.Month()-1])
}

// Day is a date without its year, e.g. "Friday 22 March", "יום שישי, 22 במרץ".
func Day(t time.Time, zone *time.Location, lang string) string {
	w, at := wordsOf(lang), t.In(zone)
	return fmt.Sprintf(w.day, w.weekdays[at.Weekday()], at.Day(), w.months[at.Month()-1])
}

// LongDay is a whole date, e.g. "Friday 22 March 2024".
func LongDay(t time.Time, zone *time.Location, lang string) string {
	return fmt.Sprintf("%s %d", Day(t, zone, lang), t.In(zone).Year())
}

// DayTime is a weekday and a time of day, e.g. "Saturday 18:29", "יום שבת 18:29".
func DayTime(t time.Time, zone *time.Location, lang string) string {
	return Weekday(t, zone, lang) + " " + HM(t, zone)
}

// DateTime is a date and a time of day, e.g. "Friday 22 March, 18:52".
func DateTime(t time.Time, zone *time.Location, lang string) string {
	return Day(t, zone, lang) + ", " + HM(t, zone)
}

// CivilDay writes a civil date YYYY-MM-DD as Day does; text that is no date comes back as it is.
func CivilDay(date, lang string) string {
	t, err := time.Parse("2006-01-02", date)
	if err != nil {
		return date
	}
	return Day(t, time.UTC, lang)
}

// MonthName is a month's name, e.g. "March", "מרץ".
func MonthName(month time.Month, lang string) string { return wordsOf(lang).months[month-1] }

// Left is a span until an instant as a desk reads it, rounded down: "3 h 07 min", "4 min".
func Left(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	h, m := int(d.Hours()), int(d.Minutes())%60
	if h == 0 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d min", h, m)
}

type words struct {
	weekdays [7]string
	short    [7]string
	months   [12]string
	day      string // weekday, day of the month, month
	date     string // day of the month, month
}

var english = words{
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	short:    [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	day:      "%s %d %s",
	date:     "%d %.3s",
}

var hebrew = words{
	weekdays: [7]string{"יום ראשון", "יום שני", "יום שלישי", "יום רביעי", "יום חמישי", "יום שישי", "שבת"},
	short:    [7]string{"א׳", "ב׳", "ג׳", "ד׳", "ה׳", "ו׳", "שבת"},
	months:   [12]string{"ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר"},
	day:      "%s, %d ב%s",
	date:     "%d ב%s",
}

func wordsOf(lang string) words {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return hebrew
	}
	return english
}
