package almanac_test

import (
	"fmt"
	"log"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

func Example() {
	newYork, err := zone.Built().Load("America/New_York")
	if err != nil {
		log.Fatal(err)
	}
	calendar, err := almanac.Keep(almanac.Desk{
		Place:  almanac.Place{Lat: 40.7128, Lon: -74.006, Zone: newYork},
		Custom: almanac.Custom{Lighting: 18 * time.Minute, Nightfall: almanac.Nightfall{Degrees: 8.5}},
	}, "shabbat")
	if err != nil {
		log.Fatal(err)
	}
	friday := time.Date(2024, 3, 22, 23, 30, 0, 0, time.UTC)
	windows, err := calendar.Rests(friday, friday.AddDate(0, 0, 7))
	if err != nil {
		log.Fatal(err) // and the desk counts as resting
	}
	if w, resting := almanac.At(windows, friday); resting {
		fmt.Printf("%s until %s (%s)\n", w.Name, w.End.In(newYork).Format("Mon 15:04 MST"), w.Rule)
	}
	// Output: Shabbat until Sat 19:53 EDT (sunset-18m / 8.5°)
}
