package ui

import (
	"fmt"
	"strings"
)

// Words are what the interface says in one language. A word with %s in it takes what its
// comment says.
type Words struct {
	Skip, Sections, Languages, FrontPage, Coverage, Corrections, History string

	Strip, WhatIsTimed, FrontAsOf, AsOf, Posted, TextPosted string
	House, ADesk, ThisDesk, HouseAndDesk, OnDuty, You, UTC  string // the roles of clocks
	Universal                                               string
	Breaking                                                string
	Latest, MoreNews, FromTheDesks, Nothing, NothingHere    string

	ClockOf   string // the city whose time it is
	DeskOf    string // the city
	ForDesk   string // the desk
	AlsoFrom  string // the city
	Photo     string // the credit
	InCity    string // the city
	EditedIn  string // the cities
	Entry     string // its number
	CorrectBy string // the number of an entry

	UpdatesUntil, UpdatesUntilBoth string // a time there; and the same in the house's city
	RestsUntil, RestsUntilThere    string // a time in the house's city, or there
	Updates, ClosedNow, Closed     string

	Corrected, Updated, Withdrawn, Correction, Update, WhatChanged, NotChanged, BothVersions string
	Sources, Picture, Table, InTheRecord, Published                                          string
	ReportedBy                                                                               string // by whom
	TimeIsTaken, PostedAt                                                                    string // PostedAt: date, times with cities

	Earlier, Later, Newest string
	Until, Now             string // Until: a time; Now: what is right
	NotSetUp               string

	HistoryTitle, HistoryStand, TextNumber, TextOf, ThisText, CurrentText, Before, Added, Removed, Changed, NoChange string
	DidPost, DidUpdate, DidCorrect, DidReinstate, DidArchive                                                         string

	CorrectionsTitle, CorrectionsStand, NoCorrections, WithdrawnTitle string

	CoverageTitle, Next, Desk, State, There, InHouse, Resumes, NoDesk, EveryRests, RestsAre, Observance, Lasts, SameTime, To string
	KeyUpdates, KeyRests, KeyNobody, Axis, ChartLabel, How, HowRest, HowHand, Title, Doubt                                   string

	Desks, Follow, ThePaper, Atom, EveryTime string

	NotFound, NotFoundHelp, GoneTitle, GoneHelp, Killed, Erased, Method, MethodHelp, Fault, FaultHelp, Crowded, CrowdedHelp, BadRequest, BadHelp, ToFront string

	and, hours, minutes, hourMinutes string
	open, shut                       string // quotation marks
	hebrew                           bool
}

var english = Words{
	Skip: "Skip to the news", Sections: "Sections", Languages: "Languages", FrontPage: "Front page",
	Coverage: "Coverage", Corrections: "Corrections", History: "Earlier texts",

	Strip: "Three clocks and the notice", WhatIsTimed: "What is timed", FrontAsOf: "Front page as of",
	AsOf: "As of", Posted: "Posted", TextPosted: "This text posted",
	House: "house", ADesk: "desk", ThisDesk: "this desk", HouseAndDesk: "house and this desk", OnDuty: "on duty",
	You: "your time", UTC: "UTC", Universal: "universal",
	Breaking: "Breaking", Latest: "Latest", MoreNews: "More news", FromTheDesks: "From the desks",
	Nothing: "Nothing has been posted yet.", NothingHere: "Nothing has been posted here yet.",

	ClockOf: "%s time", DeskOf: "%s desk", ForDesk: "For the %s",
	AlsoFrom: "Also from %s", Photo: "%s", InCity: "in %s", EditedIn: "Edited in %s.", Entry: "Entry %s",
	CorrectBy: "corrected by entry %s",

	UpdatesUntil: "Updates until %s", UpdatesUntilBoth: "Updates until %s there, %s in %s",
	RestsUntil: "Rests until %s", RestsUntilThere: "Rests until %s there",
	Updates: "Updates", ClosedNow: "Closed for now", Closed: "Closed",

	Corrected: "Corrected", Updated: "Updated", Withdrawn: "Withdrawn", Correction: "Correction", Update: "Update",
	WhatChanged: "What changed", NotChanged: "The time of posting has not changed.", BothVersions: "Both versions",
	Sources: "Sources", Picture: "Picture", Table: "Table", InTheRecord: "In the record",
	Published:   "First published",
	ReportedBy:  "As reported by %s.",
	TimeIsTaken: "The time on every article is taken as it is posted, and is never changed.",
	PostedAt:    "Posted %s: %s. The time of an article is taken as it is posted, and is never changed.",

	Earlier: "Earlier", Later: "Later", Newest: "Newest", Until: "until %s", Now: "Now:",
	NotSetUp: "This house has not opened yet.",

	HistoryTitle: "Every text of this report", HistoryStand: "Each text as it was posted, newest first. None is ever removed quietly.",
	TextNumber: "Text %d", TextOf: "Text %d of %d", ThisText: "This is an earlier text.",
	CurrentText: "Read the current text", Before: "Before:", Added: "Added", Removed: "Removed", Changed: "Changed",
	NoChange: "No words of the text changed.",
	DidPost:  "Posted", DidUpdate: "Updated", DidCorrect: "Corrected", DidReinstate: "Reinstated", DidArchive: "Archived",

	CorrectionsTitle: "Corrections", CorrectionsStand: "What we got wrong and what is right, newest first. The times of posting stay as they were.",
	NoCorrections: "Nothing has been corrected or withdrawn.", WithdrawnTitle: "This report was withdrawn.",

	CoverageTitle: "Who updates, and until when", Next: "What happens next", Desk: "Desk", State: "State", There: "There",
	InHouse: "In %s", Resumes: "Resumes, updates", NoDesk: "No desk on duty", EveryRests: "Every desk rests",
	RestsAre: "Rests of these days", Observance: "Observance", Lasts: "Lasts", SameTime: "the same", To: "%s to %s",
	KeyUpdates: "Updates", KeyRests: "Rests, with the desk’s own times", KeyNobody: "No desk on duty",
	Axis: "Axis: %s", ChartLabel: "Seventy-two hours from %s in %s. When each desk updates and rests; the table below says the same.",
	How:     "How this works",
	HowRest: "Each desk rests by the sun and the calendar of its own city, or of the house’s where the house says so. While a desk rests, nothing of its own is posted. What arrives is kept, and is released in order when the desk resumes.",
	HowHand: "A correction that takes words back never waits. When no desk is on duty, every page says so, and says when somebody will be back.",
	Title:   "The title", Doubt: "closed",

	Desks: "Desks", Follow: "Follow", ThePaper: "The paper", Atom: "Atom feed", EveryTime: "Every time printed here names its city.",

	NotFound: "There is no such page", NotFoundHelp: "The address may have been cut or mistyped. An article is found by the ten characters at the end of its address.",
	GoneTitle: "This page was taken back", GoneHelp: "It was here and is no longer.", Killed: "This report was taken back, and no text of it is public.",
	Erased: "This report was erased by order of a court or an authority. No text of it is kept.",
	Method: "This page can only be read", MethodHelp: "Readers’ pages take nothing in.",
	Fault: "Something failed on our side", FaultHelp: "It has been noted. Please try again in a moment.",
	Crowded: "Many people are reading just now", CrowdedHelp: "Please try again in a moment.",
	BadRequest: "That address asks for something we do not have", BadHelp: "Please go on from the front page.",
	ToFront: "To the front page",

	and: " and ", hours: "%d h", minutes: "%d min", hourMinutes: "%d h %02d min", open: "“", shut: "”",
}

var hebrewWords = Words{
	Skip: "דלגו לתוכן", Sections: "מדורים", Languages: "שפות", FrontPage: "עמוד הבית",
	Coverage: "מתי אנחנו מעדכנים", Corrections: "תיקונים", History: "נוסחים קודמים",

	Strip: "שלושת השעונים והודעת הדסק", WhatIsTimed: "מה נמדד", FrontAsOf: "נכון לשעה",
	AsOf: "נכון לשעה", Posted: "פורסם", TextPosted: "נוסח זה פורסם",
	House: "שעון הבית", ADesk: "שעון הדסק", ThisDesk: "שעון הדסק", HouseAndDesk: "שעון הבית והדסק", OnDuty: "מעדכן",
	You: "אצלכם", UTC: "UTC", Universal: "שעון אחיד",
	Breaking: "מבזק", Latest: "אחרונות", MoreNews: "עוד חדשות", FromTheDesks: "מן הדסקים",
	Nothing: "עדיין לא פורסם דבר.", NothingHere: "כאן עדיין לא פורסם דבר.",

	ClockOf: "שעון %s", DeskOf: "דסק %s", ForDesk: "%s",
	AlsoFrom: "עוד מ%s", Photo: "צילום: %s", InCity: "ב%s", EditedIn: "נערך ב%s.", Entry: "רשומה %s",
	CorrectBy: "תוקנה ברשומה %s",

	UpdatesUntil: "מעדכן עד %s", UpdatesUntilBoth: "מעדכן עד %s שם, %s ב%s",
	RestsUntil: "שובת עד %s", RestsUntilThere: "שובת עד %s שם",
	Updates: "מעדכן", ClosedNow: "סגור לפי שעה", Closed: "סגור",

	Corrected: "תוקן", Updated: "עודכן", Withdrawn: "נמשך", Correction: "תיקון", Update: "עדכון",
	WhatChanged: "מה השתנה", NotChanged: "שעת הפרסום לא שונתה.", BothVersions: "שני הנוסחים",
	Sources: "מקורות", Picture: "תמונה", Table: "טבלה", InTheRecord: "ברישום",
	Published:   "פורסם לראשונה",
	ReportedBy:  "לפי דיווח של %s.",
	TimeIsTaken: "שעת הפרסום של כל ידיעה נרשמת ברגע הפרסום, ואינה משתנה לעולם.",
	PostedAt:    "פורסם %s: %s. שעת הפרסום נרשמת ברגע הפרסום, ואינה משתנה לעולם.",

	Earlier: "מוקדם יותר", Later: "מאוחר יותר", Newest: "החדשות ביותר", Until: "עד %s", Now: "כעת:",
	NotSetUp: "הבית הזה עדיין לא נפתח.",

	HistoryTitle: "כל נוסחי הידיעה", HistoryStand: "כל נוסח כפי שפורסם, מן החדש לישן. אף נוסח אינו נמחק בשקט.",
	TextNumber: "נוסח %d", TextOf: "נוסח %d מתוך %d", ThisText: "זהו נוסח קודם.",
	CurrentText: "לנוסח הנוכחי", Before: "לפני כן:", Added: "נוסף", Removed: "הוסר", Changed: "שונה",
	NoChange: "לא השתנתה אף מילה בנוסח.",
	DidPost:  "פורסם", DidUpdate: "עודכן", DidCorrect: "תוקן", DidReinstate: "הוחזר", DidArchive: "נוסף לארכיון",

	CorrectionsTitle: "תיקונים", CorrectionsStand: "במה טעינו ומה נכון, מן החדש לישן. שעות הפרסום נשארות כשהיו.",
	NoCorrections: "דבר לא תוקן ולא נמשך.", WithdrawnTitle: "הידיעה נמשכה.",

	CoverageTitle: "מי מעדכן, ועד מתי", Next: "מה יקרה עכשיו", Desk: "דסק", State: "מצב", There: "שם",
	InHouse: "ב%s", Resumes: "חוזר לעדכן", NoDesk: "אין דסק מעדכן", EveryRests: "כל הדסקים שובתים",
	RestsAre: "השביתות בימים אלה", Observance: "מועד", Lasts: "נמשך", SameTime: "אותה שעה", To: "%s עד %s",
	KeyUpdates: "מעדכן", KeyRests: "שובת, לפי שעון הדסק", KeyNobody: "אין דסק מעדכן",
	Axis: "הציר: %s", ChartLabel: "שבעים ושתיים שעות, החל ב%s ב%s. מתי כל דסק מעדכן ושובת; אותן העובדות בטבלה שלמטה.",
	How:     "איך זה עובד",
	HowRest: "כל דסק שובת לפי השמש והלוח של עירו, או של עיר המערכת במקום שנקבע כך. בזמן השביתה לא מתפרסם דבר משלו. מה שמגיע נשמר, ומתפרסם לפי הסדר כשהדסק חוזר.",
	HowHand: "תיקון שמושך דברים בחזרה אינו ממתין לעולם. כשאין דסק מעדכן, כל עמוד אומר זאת, ואומר מתי נחזור.",
	Title:   "העיתון", Doubt: "סגור",

	Desks: "הדסקים", Follow: "הרשמה", ThePaper: "העיתון", Atom: "עדכוני Atom", EveryTime: "ליד כל שעה כאן רשומה עירה.",

	NotFound: "אין כאן עמוד כזה", NotFoundHelp: "ייתכן שהכתובת נקטעה או הוקלדה בטעות. ידיעה נמצאת לפי עשרת התווים שבסוף כתובתה.",
	GoneTitle: "העמוד נמשך", GoneHelp: "הוא היה כאן ואיננו עוד.", Killed: "הידיעה נמשכה, ואין עוד נוסח שלה לציבור.",
	Erased: "הידיעה נמחקה בצו של בית משפט או של רשות. שום נוסח שלה אינו נשמר.",
	Method: "את העמוד הזה אפשר רק לקרוא", MethodHelp: "עמודי הקוראים אינם מקבלים דבר.",
	Fault: "משהו נכשל אצלנו", FaultHelp: "התקלה נרשמה. נסו שוב בעוד רגע.",
	Crowded: "קוראים רבים נמצאים כאן כרגע", CrowdedHelp: "נסו שוב בעוד רגע.",
	BadRequest: "הכתובת מבקשת דבר שאין לנו", BadHelp: "אפשר להמשיך מעמוד הבית.",
	ToFront: "לעמוד הבית",

	and: " ו", hours: "%d שע׳", minutes: "%d דק׳", hourMinutes: "%d שע׳ %02d דק׳", open: "”", shut: "”", hebrew: true,
}

// WordsIn are the words of a language, English where we have none of its own.
func WordsIn(lang string) *Words {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewWords
	}
	return &english
}

// Say puts what a pattern of these words asks for into it. In Hebrew, a prefix that meets
// anything but a Hebrew letter takes a maqaf.
func (w *Words) Say(pattern string, a ...any) string {
	s := fmt.Sprintf(pattern, a...)
	if !w.hebrew {
		return s
	}
	for _, prefix := range []string{"ב", "מ", "ל"} {
		s = maqaf(s, prefix)
	}
	return s
}

// maqaf writes "ב18:52" as "ב־18:52" and "בNew York" as "ב־New York".
func maqaf(s, prefix string) string {
	runes := []rune(s)
	p := []rune(prefix)[0]
	var b strings.Builder
	for i, r := range runes {
		b.WriteRune(r)
		starts := i == 0 || runes[i-1] == ' ' || runes[i-1] == '('
		if r == p && starts && i+1 < len(runes) && latinOrDigit(runes[i+1]) {
			b.WriteRune('־')
		}
	}
	return b.String()
}

func latinOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// List joins names as a sentence does: "Jerusalem, New York and London".
func (w *Words) List(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + w.and + names[n-1]
	}
}

// Quoted puts the language's quotation marks round words that have none yet.
func (w *Words) Quoted(words string) string {
	t := strings.TrimSpace(words)
	for _, mark := range []string{"“", "”", "„", "\"", "«", "״"} {
		if strings.HasPrefix(t, mark) {
			return t
		}
	}
	return w.open + t + w.shut
}

// Span says how long something lasts.
func (w *Words) Span(minutes int) string {
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf(w.minutes, m)
	case m == 0:
		return fmt.Sprintf(w.hours, h)
	default:
		return fmt.Sprintf(w.hourMinutes, h, m)
	}
}

// Count writes a whole number in groups of three, joined by a narrow space that does not break.
func Count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}
