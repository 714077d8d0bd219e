package almanac

import "time"

// Shabbat is every Saturday, from the lighting on its eve to its nightfall, in any place
// and by the local Saturday, also near the date line. How much is added at both ends is
// custom, hence the rule.
var shabbat = Observance{
	Name: "shabbat", Usage: "shabbat",
	About: "Every Saturday, from the lighting on its eve to nightfall.",
	Source: "Exodus 20:8-11; from evening to evening, Leviticus 23:32; " +
		"adding to it at both ends, Shulchan Aruch, Orach Chaim 261 and 293",
	named: func(d date, _ bool) string { return onWeekday(d, time.Saturday, "Shabbat") },
	under: "yomtov", // a festival on Shabbat is called by the festival's name
}

func onWeekday(d date, day time.Weekday, name string) string {
	if d.weekday() == day {
		return name
	}
	return ""
}
