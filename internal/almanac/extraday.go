package almanac

import "time"

// Where the day begins for the week of Shabbat is disputed: 90 degrees east of Jerusalem by
// the Chazon Ish, by whom the local Sunday is Shabbat in Japan and New Zealand; 180 degrees
// from it by Tukachinsky, by whom the local Friday is Shabbat in Hawaii. Shabbat is the
// local Saturday in practice, hence in this almanac too; some keep the day in doubt as well.

var extraDay = Observance{
	Name: "extra-day", Usage: "extra-day",
	About:  "Every Sunday, kept after Shabbat near the date line, as in Japan and New Zealand, where it may be Shabbat.",
	Source: "A. Y. Karelitz (Chazon Ish), Kuntres Yud-Chet Sha'ot; disputed by Y. M. Tukachinsky, HaYomam BeKadur HaAretz, and M. Kasher, Kav HaTa'arich HaYisraeli",
	named:  func(d date, _ bool) string { return onWeekday(d, time.Sunday, "Sunday (date line)") },
}

var extraDayBefore = Observance{
	Name: "extra-day-before", Usage: "extra-day-before",
	About:  "Every Friday, kept before Shabbat near the date line, as in Hawaii and American Samoa, where it may be Shabbat.",
	Source: "Y. M. Tukachinsky, HaYomam BeKadur HaAretz; disputed by A. Y. Karelitz (Chazon Ish), Kuntres Yud-Chet Sha'ot, and M. Kasher, Kav HaTa'arich HaYisraeli",
	named:  func(d date, _ bool) string { return onWeekday(d, time.Friday, "Friday (date line)") },
}
