package ui

import "strings"

// LiveWords are what a live page says in one language.
type LiveWords struct {
	Live, Closed, Summary         string
	KeyEvents, KeyEvent, Pinned   string
	Entries, None, Earlier, Newer string
	Removed                       string // that an entry was; when follows
	Out                           string // to the story that an entry became
	Whole                         string // to the whole of an entry that is shown short
	Author                        string // a name, and the desk
}

var englishLive = LiveWords{
	Live: "Live", Closed: "This page is closed.", Summary: "How it ended",
	KeyEvents: "Key events", KeyEvent: "Key event", Pinned: "Pinned",
	Entries: "Entries, newest first", None: "No entry has been added yet.", Earlier: "Earlier entries", Newer: "To the newest entries",
	Removed: "An entry was removed", Out: "Read the whole story", Whole: "Read the whole entry", Author: "%s, %s",
}

var hebrewLive = LiveWords{
	Live: "דיווח חי", Closed: "העמוד הזה נסגר.", Summary: "איך זה נגמר",
	KeyEvents: "אירועים מרכזיים", KeyEvent: "אירוע מרכזי", Pinned: "נעוץ",
	Entries: "העדכונים, מן החדש לישן", None: "עדיין אין כאן עדכונים.", Earlier: "עדכונים מוקדמים יותר", Newer: "לעדכונים האחרונים",
	Removed: "עדכון הוסר", Out: "לידיעה המלאה", Whole: "לעדכון המלא", Author: "%s, %s",
}

// LiveWordsIn are the words of live pages in a language, English where we have none of its own.
func LiveWordsIn(lang string) *LiveWords {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewLive
	}
	return &englishLive
}
