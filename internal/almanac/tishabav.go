package almanac

import "time"

// Tisha B'Av is a fast on which work is not forbidden; where it is the custom, none is done.
// It begins at the evening before. On Shabbat no one mourns: it is then put off to Sunday.
var tishaBAv = Observance{
	Name: "tisha-bav", Usage: "tisha-bav",
	About:  "The fast of 9 Av, put off to Sunday where that is Shabbat, from the evening before to nightfall.",
	Source: "Mishnah, Pesachim 4:5 (no work where that is the custom), Megillah 1:3 (put off, not brought forward); Shulchan Aruch, Orach Chaim 554",
	named: func(d date, _ bool) string {
		h := hebrewOf(d)
		if h.Month == av && (h.Day == 9 && d.weekday() != time.Saturday || h.Day == 10 && d.weekday() == time.Sunday) {
			return "Tisha B'Av"
		}
		return ""
	},
}
