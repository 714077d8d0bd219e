package almanac

// Hol HaMoed is the weekdays between the festival days of Sukkot and of Pesach, on which
// some desks do not work.
var holHaMoed = Observance{
	Name: "hol-hamoed", Usage: "hol-hamoed",
	About:  "The weekdays of Sukkot and of Pesach, between their festival days.",
	Source: "Mishnah, Moed Katan; Shulchan Aruch, Orach Chaim 530",
	named:  func(d date, israel bool) string { return festivalOn(betweenDays, d, israel) },
}

var betweenDays = []feastDay{
	{tishri, 16, 16, "Hol HaMoed Sukkot", inIsrael},
	{tishri, 17, 21, "Hol HaMoed Sukkot", everywhere},
	{nisan, 16, 16, "Hol HaMoed Pesach", inIsrael},
	{nisan, 17, 20, "Hol HaMoed Pesach", everywhere},
}
