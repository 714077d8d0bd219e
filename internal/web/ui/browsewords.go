package ui

import (
	"fmt"
	"strings"
)

// BrowseWords are what topics, places, authors, the archive and the site as it stood say in
// one language.
type BrowseWords struct {
	Topic, Topics, Place, Places, Author, Authors, Contents string
	NoTopics, NoPlaces, NoAuthors                           string
	WhoSaidWhat, AllReports                                 string
	NamedPlaces                                             string // in an article: the places that it is about

	Archive, NoArchive, NothingThen, ThisDay string
	AtDaysEnd                                string // to the front page at the end of a day

	AsItStood, StoodTitle, StoodOn, StoodNote, StoodAbout   string // StoodOn: the date
	AsItIs, AnotherMoment, Date, Time, Show                 string // Time: the city
	DayEarlier, HourEarlier, HourLater, DayLater            string
	NotYet, NotYetHelp, TooEarly, TooEarlyHelp              string // TooEarlyHelp: the date and time, the city
	Twice, Never, BadMoment, First, Second                  string // Twice, Never: the time, the date, the city
	SinceThen, SinceCorrected, SinceUpdated, SinceWithdrawn string
	CorrectedSince, UpdatedSince, WithdrawnSince, ReadNow   string // a report, in a sentence
	reports, oneReport                                      string
}

var englishBrowse = BrowseWords{
	Topic: "Topic", Topics: "Topics", Place: "Reports from", Places: "Places", Author: "Reports by", Authors: "Authors", Contents: "Also by",
	NoTopics: "No report has a topic yet.", NoPlaces: "No report names a place yet.", NoAuthors: "No report names its author yet.",
	WhoSaidWhat: "Who said what", AllReports: "All reports", NamedPlaces: "Places",

	Archive: "Archive", NoArchive: "Nothing has been posted yet.", NothingThen: "Nothing was posted then.", ThisDay: "%s, in %s",
	AtDaysEnd: "The front page as it stood at the end of this day",

	AsItStood: "As it stood", StoodTitle: "The site as it stood", StoodOn: "The site as it stood on %s",
	StoodNote:  "Nothing that was posted later is on this page. What has since been taken back altogether, erased or removed is left out.",
	StoodAbout: "The front page, the sections, the desks and every report, as readers saw them at a moment of the past. What has since been taken back altogether, erased or removed is left out.",
	AsItIs:     "The site as it is now", AnotherMoment: "Another moment", Date: "Date", Time: "Time in %s", Show: "Show",
	DayEarlier: "A day earlier", HourEarlier: "An hour earlier", HourLater: "An hour later", DayLater: "A day later",
	NotYet: "That moment has not come yet", NotYetHelp: "Only what has been can be shown as it stood.",
	TooEarly: "There was no site yet", TooEarlyHelp: "The record begins on %s in %s.",
	Twice: "On %[2]s it was %[1]s twice in %[3]s, for the clocks went back. Which of the two?",
	Never: "On %[2]s it was never %[1]s in %[3]s, for the clocks went forward.", BadMoment: "Give a date and a time, such as 2024-03-22 and 17:30.",
	First: "The first", Second: "The second",
	SinceThen: "Since then", SinceCorrected: "Corrected since", SinceUpdated: "Updated since", SinceWithdrawn: "Withdrawn since",
	CorrectedSince: "This report was corrected after this moment.", UpdatedSince: "This report was updated after this moment.",
	WithdrawnSince: "This report was withdrawn after this moment.", ReadNow: "The report as it is now",
	reports: "%s reports", oneReport: "One report",
}

var hebrewBrowse = BrowseWords{
	Topic: "נושא", Topics: "נושאים", Place: "ידיעות מן המקום", Places: "מקומות", Author: "ידיעות מאת", Authors: "כותבים", Contents: "גם לפי",
	NoTopics: "עדיין אין ידיעה שיש לה נושא.", NoPlaces: "עדיין אין ידיעה שנזכר בה מקום.", NoAuthors: "עדיין אין ידיעה שנזכר בה כותב.",
	WhoSaidWhat: "מי אמר מה", AllReports: "כל הידיעות", NamedPlaces: "מקומות",

	Archive: "ארכיון", NoArchive: "עדיין לא פורסם דבר.", NothingThen: "דבר לא פורסם אז.", ThisDay: "%s, ב%s",
	AtDaysEnd: "עמוד הבית כפי שהיה בסוף היום הזה",

	AsItStood: "כפי שהיה", StoodTitle: "האתר כפי שהיה", StoodOn: "האתר כפי שהיה ב%s",
	StoodNote:  "אין בעמוד הזה דבר שפורסם לאחר מכן. מה שנמשך כליל, נמחק או הוסר מאז אינו מוצג.",
	StoodAbout: "עמוד הבית, המדורים, הדסקים וכל ידיעה, כפי שקוראים ראו אותם ברגע שעבר. מה שנמשך כליל, נמחק או הוסר מאז אינו מוצג.",
	AsItIs:     "האתר כפי שהוא עכשיו", AnotherMoment: "רגע אחר", Date: "תאריך", Time: "שעה ב%s", Show: "הצגה",
	DayEarlier: "יום קודם", HourEarlier: "שעה קודם", HourLater: "שעה אחר כך", DayLater: "יום אחר כך",
	NotYet: "הרגע הזה עוד לא הגיע", NotYetHelp: "רק מה שכבר היה יכול להיות מוצג כפי שהיה.",
	TooEarly: "האתר עוד לא נפתח אז", TooEarlyHelp: "הרישום מתחיל ב%s ב%s.",
	Twice: "ב%[2]s השעה %[1]s הייתה פעמיים ב%[3]s, כי השעון הוחזר לאחור. לאיזו מהן הכוונה?",
	Never: "ב%[2]s לא הייתה השעה %[1]s ב%[3]s, כי השעון הוקדם.", BadMoment: "כתבו תאריך ושעה, כגון 2024-03-22 ו־17:30.",
	First: "הראשונה", Second: "השנייה",
	SinceThen: "מאז", SinceCorrected: "תוקן מאז", SinceUpdated: "עודכן מאז", SinceWithdrawn: "נמשך מאז",
	CorrectedSince: "הידיעה תוקנה אחרי הרגע הזה.", UpdatedSince: "הידיעה עודכנה אחרי הרגע הזה.",
	WithdrawnSince: "הידיעה נמשכה אחרי הרגע הזה.", ReadNow: "הידיעה כפי שהיא עכשיו",
	reports: "%s ידיעות", oneReport: "ידיעה אחת",
}

// BrowseWordsIn are the words of a language, English where we have none of its own.
func BrowseWordsIn(lang string) *BrowseWords {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewBrowse
	}
	return &englishBrowse
}

// Reports counts reports.
func (w *BrowseWords) Reports(n int) string {
	if n == 1 {
		return w.oneReport
	}
	return fmt.Sprintf(w.reports, Count(int64(n)))
}
