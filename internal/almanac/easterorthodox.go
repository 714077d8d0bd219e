package almanac

import "time"

// easterOrthodox is Easter by the Julian reckoning, and the feasts that hang on it, on
// their dates in the civil calendar.
var easterOrthodox = Observance{
	Name: "easter-orthodox",
	Usage: "easter-orthodox [FEAST]..., of: clean-monday palm-sunday holy-thursday good-friday holy-saturday easter " +
		"easter-monday ascension pentecost whit-monday; without any: good-friday easter easter-monday",
	About: "Feasts that hang on Orthodox Easter, each from midnight to midnight.",
	Source: "the Alexandrian computus in the Julian calendar, kept since the Council of Nicaea; " +
		"computed as in Jean Meeus, Astronomical Algorithms, chapter 8",
	timed: func(d Desk, args string) (Calendar, error) {
		return movable(d, args, "Orthodox Easter", julianEaster, []feast{
			{"clean-monday", "Clean Monday", -48},
			{"palm-sunday", "Orthodox Palm Sunday", -7},
			{"holy-thursday", "Orthodox Holy Thursday", -3},
			{"good-friday", "Orthodox Good Friday", -2},
			{"holy-saturday", "Orthodox Holy Saturday", -1},
			{"easter", "Orthodox Easter Sunday", 0},
			{"easter-monday", "Orthodox Easter Monday", 1},
			{"ascension", "Orthodox Ascension Day", 39},
			{"pentecost", "Orthodox Pentecost", 49},
			{"whit-monday", "Orthodox Whit Monday", 50},
		})
	},
}

// julianEaster is the Sunday after the fourteenth day of a moon that repeats every 19
// years exactly, from 21 March of the Julian calendar, which falls behind the civil one
// by three days in four centuries: 13 days from 1900 to 2099.
func julianEaster(year int) date {
	moon := (19*(year%19) + 15) % 30 // days from 21 March to the fourteenth
	sunday := (2*(year%4) + 4*(year%7) - moon + 34) % 7
	behind := year/100 - year/400 - 2
	return dateAt(year, time.March, 22+moon+sunday+behind)
}
