package almanac

// Yom Tov is the festivals on which work is forbidden. In Israel each is one day, elsewhere
// two, for the new moon was once announced by messengers who did not reach everywhere in
// time; Rosh Hashana is two everywhere, Yom Kippur one. Which of the two a desk keeps is
// Place.Israel: it goes with the people, not with the coordinates. The first and the last
// day of a festival that touches Shabbat become one rest with it.
var yomtov = Observance{
	Name: "yomtov", Usage: "yomtov",
	About: "Rosh Hashana, Yom Kippur, and the festival days of Sukkot, Pesach and Shavuot, from the lighting on their eve to nightfall.",
	Source: "Leviticus 23; the second day abroad, Talmud, Beitza 4b, and Shulchan Aruch, Orach Chaim 496; " +
		"that of Rosh Hashana in Israel too, 601",
	named: func(d date, israel bool) string { return festivalOn(festivals, d, israel) },
}

// A feastDay is a date of every Hebrew year, or a run of them.
type feastDay struct {
	month, first, last int
	name               string
	kept               where
}

// where a day is kept.
type where int

const (
	everywhere where = iota
	abroad           // where festivals last two days
	inIsrael         // where they last one
)

var festivals = []feastDay{
	{tishri, 1, 1, "Rosh Hashana I", everywhere},
	{tishri, 2, 2, "Rosh Hashana II", everywhere},
	{tishri, 10, 10, "Yom Kippur", everywhere},
	{tishri, 15, 15, "Sukkot I", everywhere},
	{tishri, 16, 16, "Sukkot II", abroad},
	{tishri, 22, 22, "Shmini Atzeret", everywhere},
	{tishri, 23, 23, "Simchat Torah", abroad},
	{nisan, 15, 15, "Pesach I", everywhere},
	{nisan, 16, 16, "Pesach II", abroad},
	{nisan, 21, 21, "Pesach VII", everywhere},
	{nisan, 22, 22, "Pesach VIII", abroad},
	{sivan, 6, 6, "Shavuot I", everywhere},
	{sivan, 7, 7, "Shavuot II", abroad},
}

// festivalOn is the name of the day of a list that a civil date is; "" if it is none.
func festivalOn(list []feastDay, d date, israel bool) string {
	h := hebrewOf(d)
	for i := range list {
		f := &list[i]
		if f.month == h.Month && f.first <= h.Day && h.Day <= f.last && f.kept.by(israel) {
			return f.name
		}
	}
	return ""
}

// by reports whether those of Israel, or those of elsewhere, keep it.
func (w where) by(israel bool) bool { return w == everywhere || israel == (w == inIsrael) }
