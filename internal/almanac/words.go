package almanac

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The words that observances take after their names.

// dashed splits text into words, with dashes as words of their own: "Sun-Thu" is three.
// It is not for text with dates in it.
func dashed(text string) []string {
	return strings.Fields(strings.NewReplacer("-", " - ", "–", " - ").Replace(text))
}

// hourOf reads an hour of the day as minutes: "08:00", and "24:00" for the day's end.
func hourOf(word string) (reading, error) {
	if word == "24:00" {
		return dayLong, nil
	}
	t, err := time.Parse("15:04", word)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not an hour from 00:00 to 24:00", word)
	}
	return reading(t.Hour()*60 + t.Minute()), nil
}

// weekdayOf reads "Fri" or "Friday", in any case.
func weekdayOf(word string) (time.Weekday, error) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := day.String(); strings.EqualFold(word, name) || strings.EqualFold(word, name[:3]) {
			return day, nil
		}
	}
	return 0, fmt.Errorf("%.40q is not a weekday such as Fri", word)
}

// civilDate reads "2024-04-01".
func civilDate(word string) (date, error) {
	t, err := time.Parse(time.DateOnly, word)
	if err != nil {
		return 0, fmt.Errorf("%.40q is not a date such as 2024-04-01", word)
	}
	if y := t.Year(); y < firstYear || y > lastYear {
		return 0, fmt.Errorf("%s is not of the years %d to %d, for which the almanac answers", word, firstYear, lastYear)
	}
	return dateOf(t, time.UTC), nil
}

// minutesOf reads a length of whole minutes: "90m", "1h30m".
func minutesOf(word string, least, most time.Duration) (time.Duration, error) {
	length, err := time.ParseDuration(word)
	if err != nil || length%time.Minute != 0 || length < least || length > most {
		return 0, fmt.Errorf("%.40q is not whole minutes from %s to %s", word, short(least), short(most))
	}
	return length, nil
}

// short writes a length without the parts that are zero: "90m", "6h", "-3h".
func short(d time.Duration) string {
	if d%time.Hour == 0 && d != 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

// checkName refuses a name that cannot be shown to readers. One that begins with a digit
// or a dash is a mistyped hour or date more often than a name.
func checkName(name string) error {
	switch first := rune(name[0]); {
	case len([]rune(name)) > 60:
		return fmt.Errorf("the name %.40q is too long: it may have 60 characters", name)
	case unicode.IsDigit(first) || first == '-':
		return fmt.Errorf("%.40q is no name: it must begin with a letter, and an hour is written 08:00", name)
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
		return fmt.Errorf("the name %.40q has characters that cannot be shown", name)
	}
	return nil
}
