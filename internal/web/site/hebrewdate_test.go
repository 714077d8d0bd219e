package site

import (
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
)

// TestTheHebrewDateHasNoHoles: near the poles two sunsets may be over a day apart, where the
// sun begins or ends to give no answer. After the last day that is known nothing is said.
func TestTheHebrewDateHasNoHoles(t *testing.T) {
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	f := frame{lang: "en", moment: edition.Moment{House: edition.House{House: record.House{HebrewDays: []record.HebrewDay{
		{Sunset: at("2024-05-17T20:00:00Z"), Year: 5784, Month: 2, Day: 10},
		{Sunset: at("2024-05-18T22:40:00Z"), Year: 5784, Month: 2, Day: 11},
	}}}}}
	for when, want := range map[string]string{
		"2024-05-17T19:59:59Z": "", "2024-05-17T20:00:00Z": "10 Iyar 5784", "2024-05-18T22:39:59Z": "10 Iyar 5784",
		"2024-05-18T22:40:00Z": "11 Iyar 5784", "2024-05-19T22:39:59Z": "11 Iyar 5784", "2024-05-19T22:40:00Z": "",
	} {
		if got := f.hebrewDate(at(when)); got != want {
			t.Errorf("at %s it is %q, want %q", when, got, want)
		}
	}
}
