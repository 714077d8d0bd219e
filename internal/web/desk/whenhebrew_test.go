package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestATimeInHebrewWords: the moment is that of TestATimeInWords, and a member who reads
// English may say a time in Hebrew too.
func TestATimeInHebrewWords(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("Said in words")
	page := "/stories/" + string(b.storyOf().Article.ID)
	tags := regexp.MustCompile(`<[^>]+>`)
	means := func(words string) string {
		b.get(page + "/when?words=" + url.QueryEscape(words))
		said := strings.Join(strings.Fields(tags.ReplaceAllString(b.body, " ")), " ")
		return strings.ReplaceAll(said, " , ", ", ")
	}
	for words, want := range map[string]string{
		"יום ג׳ 9:00 לונדון":     "Desk Tue 26 Mar, 05:00 New York",
		"ביום שלישי, ב־21:30":    "Desk Tue 26 Mar, 21:30 New York",
		"מחר בצהריים בירושלים":   "House Sat 23 Mar, 12:00 Jerusalem",
		"24 במרץ בשעה 9:15":      "Desk Sun 24 Mar, 09:15 New York",
		"אמברגו עד יום ו' 11:00": "Enter sets the embargo.",
		"בפתיחה":                 "Desk Sat 23 Mar, 19:53 New York",
		"יום ג׳ 9:00 אטלנטיס":    "is no time.",
	} {
		if said := means(words); !strings.Contains(said, want) {
			t.Errorf("%s means %.300s, not %s", words, said, want)
		}
	}
	b.speaksHebrew()
	for words, want := range map[string]string{
		"יום ג׳ 9:00":  "דסק ג׳ 26 במרץ, 09:00 ניו יורק",
		"sat 9am":      "דסק ניו יורק נח אז: הכתבה יוצאת בשבת 19:53 בניו יורק.",
		"half past":    "אפשר לומר יום, שעה",
		"אמברגו 11:00": "Enter קובע את האמברגו.",
	} {
		if said := means(words); !strings.Contains(said, want) {
			t.Errorf("in Hebrew %s means %.300s, not %s", words, said, want)
		}
	}
}
