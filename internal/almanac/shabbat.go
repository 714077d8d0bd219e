package almanac

import "time"

// Shabbat is every Saturday, from the lighting on its eve to its nightfall, in
// any place and by the local Saturday, also near the date line.
//
// Source of the day: Exodus 20:8-11; of its reach from evening to evening,
// Leviticus 23:32; of adding to it at both ends, Shulchan Aruch, Orach Chaim 261
// and 293. How much is added is custom, hence the rule.
func Shabbat(p Place, r ShabbatRule) (Calendar, error) {
	return newEvenings(p, r, func(d date, _ bool) string {
		if d.weekday() == time.Saturday {
			return "Shabbat"
		}
		return ""
	})
}
