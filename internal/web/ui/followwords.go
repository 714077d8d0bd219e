package ui

import "strings"

// FollowWords are what an open page says of what changed.
type FollowWords struct {
	One, Many               string // new stories wait; many with their number
	Entry, Entries          string // the same of a live page's entries
	Arranged                string // the front page was arranged anew
	Changed, Gone, Returned string // what was read changed, was taken down, or can be reached again
}

var englishFollow = FollowWords{
	One: "1 new story", Many: "%d new stories", Entry: "1 new entry", Entries: "%d new entries", Arranged: "The front page has changed",
	Changed: "This page has changed", Gone: "A story on this page was taken down", Returned: "This page is up to date again",
}

var hebrewFollow = FollowWords{
	One: "ידיעה חדשה אחת", Many: "%d ידיעות חדשות", Entry: "עדכון חדש אחד", Entries: "%d עדכונים חדשים", Arranged: "העמוד הראשי השתנה",
	Changed: "העמוד הזה השתנה", Gone: "ידיעה בעמוד הזה הוסרה", Returned: "העמוד הזה שוב מעודכן",
}

// FollowWordsIn are the words of open pages in a language, English where we have none.
func FollowWordsIn(lang string) *FollowWords {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewFollow
	}
	return &englishFollow
}
