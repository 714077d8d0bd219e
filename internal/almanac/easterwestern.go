package almanac

import "time"

// easterWestern is Easter by the Gregorian reckoning, and the feasts that hang on it.
var easterWestern = Observance{
	Name: "easter-western",
	Usage: "easter-western [FEAST]..., of: ash-wednesday palm-sunday holy-thursday good-friday holy-saturday easter " +
		"easter-monday ascension pentecost whit-monday corpus-christi; without any: good-friday easter easter-monday",
	About: "Feasts that hang on Western Easter, each from midnight to midnight.",
	Source: "the bull Inter gravissimas, 1582; computed as in Jean Meeus, Astronomical Algorithms, chapter 8; " +
		"the feasts' distances from Easter: General Norms for the Liturgical Year and the Calendar, 18-31",
	timed: func(d Desk, args string) (Calendar, error) {
		return movable(d, args, "Western Easter", gregorianEaster, []feast{
			{"ash-wednesday", "Ash Wednesday", -46},
			{"palm-sunday", "Palm Sunday", -7},
			{"holy-thursday", "Holy Thursday", -3},
			{"good-friday", "Good Friday", -2},
			{"holy-saturday", "Holy Saturday", -1},
			{"easter", "Easter Sunday", 0},
			{"easter-monday", "Easter Monday", 1},
			{"ascension", "Ascension Day", 39},
			{"pentecost", "Pentecost", 49},
			{"whit-monday", "Whit Monday", 50},
			{"corpus-christi", "Corpus Christi", 60},
		})
	},
}

// gregorianEaster is the Sunday after the fourteenth day of the ecclesiastical moon that
// falls on or after 21 March.
func gregorianEaster(year int) date {
	golden := year % 19 // the year's place in the moon's cycle, less one
	century, ofCentury := year/100, year%100
	solar := century - century/4                // leap days that the reform left out
	lunar := (century - (century+8)/25 + 1) / 3 // days by which the moon outran its cycle
	epact := (19*golden + solar - lunar + 15) % 30
	sunday := (32 + 2*(century%4) + 2*(ofCentury/4) - epact - ofCentury%4) % 7
	late := (golden + 11*epact + 22*sunday) / 451 // 1 in the two cases that the reform moved a week back
	return dateAt(year, time.March, 22+epact+sunday-7*late)
}
