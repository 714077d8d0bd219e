package ui

import (
	"fmt"
	"strings"
)

// A SearchBox is the field in the masthead that leads to search.
type SearchBox struct{ Address, Label, Word, Description string }

// SearchWords are what search says in one language.
type SearchWords struct {
	Title, Label, Help, NoWords, Next, Back, Older string
	Try                                            string      // of a search that finds nothing
	Ways                                           []SearchWay // how to ask

	oneFound, found, newest, none, noneYet, elsewhere string
}

// A SearchWay is an example of what can be typed, and what it finds.
type SearchWay struct{ Typed, Finds string }

var englishSearch = SearchWords{
	Title: "Search", Label: "Search the paper", Help: "How to search", NoWords: "Type what you are looking for.", Next: "More results", Back: "Back", Older: "Search what is older",
	Try: "Try fewer words, other words, or the beginning of a word with a star.",
	Ways: []SearchWay{
		{"harbour vote", "both words, in any order and anywhere"},
		{`"harbour board"`, "these words, one after the other"},
		{"harbour -ferry", "the first word, where the second is not"},
		{"harb*", "words that begin like this, from three letters on"},
		{"by:abelard", "what somebody wrote, or an agency reported"},
		{`person:"marion tetlow"`, "what somebody said"},
		{`desk:"new york"  section:city  topic:trade`, "from a desk, in a section, on a topic"},
		{"date:2024-03  from:2024-03-21  to:2024-04", "posted in a year, in a month or on a day; from one on; until one"},
	},
	oneFound: "One result", found: "%d results", newest: "The best of the %d newest", none: "Nothing was found for “%s”.", noneYet: "Nothing newer was found for “%s”. The search is too broad to go through the whole archive at once.", elsewhere: "In %s: %s",
}

var hebrewSearch = SearchWords{
	Title: "חיפוש", Label: "חיפוש בעיתון", Help: "איך מחפשים", NoWords: "כתבו מה אתם מחפשים.", Next: "תוצאות נוספות", Back: "חזרה", Older: "חיפוש במה שקדם",
	Try: "נסו פחות מילים, מילים אחרות, או תחילת מילה וכוכבית אחריה.",
	Ways: []SearchWay{
		{"נמל הצבעה", "שתי המילים, בכל סדר ובכל מקום"},
		{`"מועצת הנמל"`, "המילים האלה בזו אחר זו"},
		{"נמל -מעבורת", "המילה הראשונה, במקום שאין בו השנייה"},
		{"מעב*", "מילים שמתחילות כך, משלוש אותיות ומעלה"},
		{"מאת:אבלרד", "מה שמישהו כתב, או שסוכנות דיווחה"},
		{`אדם:"מריון טטלו"`, "מה שמישהו אמר"},
		{`דסק:"ניו יורק"  מדור:עיר  נושא:סחר`, "מדסק, במדור, בנושא"},
		{"תאריך:2024-03  מתאריך:2024-03-21  עד:2024-04", "פורסם בשנה, בחודש או ביום; מיום מסוים; עד יום מסוים"},
	},
	oneFound: "תוצאה אחת", found: "%d תוצאות", newest: "המתאימות ביותר מבין %d החדשות ביותר", none: "לא נמצא דבר עבור „%s”.", noneYet: "לא נמצא דבר חדש עבור „%s”. החיפוש רחב מכדי לעבור על כל הארכיון בבת אחת.", elsewhere: "ב%s: %s",
}

// SearchWordsIn are the words of a language, English where we have none of its own.
func SearchWordsIn(lang string) *SearchWords {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewSearch
	}
	return &englishSearch
}

// Found counts results; more says that there are older ones, which were not ranked.
func (w *SearchWords) Found(n int, more bool) string {
	if more {
		return fmt.Sprintf(w.newest, n)
	}
	return counted(n, w.oneFound, w.found)
}

// None says that nothing was found for what was typed.
func (w *SearchWords) None(typed string) string { return fmt.Sprintf(w.none, typed) }

// NoneYet says that nothing was found as far as a broad search has looked.
func (w *SearchWords) NoneYet(typed string) string { return fmt.Sprintf(w.noneYet, typed) }

// Elsewhere says how much there is in another language.
func (w *SearchWords) Elsewhere(tongue string, n int, more bool) string {
	return fmt.Sprintf(w.elsewhere, tongue, w.Found(n, more))
}
