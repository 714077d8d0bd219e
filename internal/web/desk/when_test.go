package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestATimeInWords: the moment is Friday 22 March 2024, 10:00 in New York, 14:00 in London,
// 16:00 in Jerusalem.
func TestATimeInWords(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("Said in words")
	page := "/stories/" + string(b.storyOf().Article.ID)
	tags := regexp.MustCompile(`<[^>]+>`)
	for words, want := range map[string]string{
		"Tue 9am London":           "Desk Tue 26 Mar, 05:00 New York",
		"tuesday, 9:30 pm lon":     "Desk Tue 26 Mar, 17:30 New York",
		"11:00":                    "Desk Fri 22 Mar, 11:00 New York",
		"9.30am":                   "Desk Sat 23 Mar, 09:30 New York", // over today
		"fri 9am":                  "Desk Fri 29 Mar, 09:00 New York",
		"fri 11am":                 "Desk Fri 22 Mar, 11:00 New York",
		"tomorrow noon jeru":       "House Sat 23 Mar, 12:00 Jerusalem",
		"24 mar 0915":              "Desk Sun 24 Mar, 09:15 New York",
		"march 3 at 8am":           "Desk Mon 3 Mar, 08:00 New York", // of 2025
		"2024-04-01 08:00 utc":     "Readers Mon 1 Apr, 08:00 UTC",
		"at opening":               "Desk Sat 23 Mar, 19:53 New York",
		"embargo tue 9am":          "Enter sets the embargo.",
		"sat 9am":                  "The New York desk rests then: it leaves Saturday 19:53 in New York.",
		"sat 9am jerusalem":        "On duty then nobody",
		"tue":                      "“tue” is no time.",
		"":                         "is no time.",
		"tue 9am atlantis":         "is no time.",
		"tue 25:00":                "is no time.",
		"31 mar 1:30 london":       "01:30 does not exist in Europe/London on 2024-03-31",
		strings.Repeat("x ", 5000): "A time has at most 200 letters.",
	} {
		b.get(page + "/when?words=" + url.QueryEscape(words))
		if said := strings.Join(strings.Fields(strings.NewReplacer("&#34;", "“", "\"", "“").Replace(tags.ReplaceAllString(b.body, " "))), " "); !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(said, " , ", ", "), "“tue“", "“tue”"), want) {
			t.Errorf("%.40q means %.300s, not %s", words, said, want)
		}
	}

	b.get(page)
	b.submit("save", map[string]string{"slotWords": "half past never", "do": "save"})
	b.submit("publish", map[string]string{"slotWords": "half past never"})
	b.want("is no time.", `value="half past never"`)
	b.submit("publish", map[string]string{"slotWords": "embargo tue 9am london", "what": "publish"})
	b.want("The embargo is set as you said.", "Embargoed until Tuesday 05:00 in New York")
	b.submit("publish", map[string]string{"slotWords": "at opening", "what": "publish"})
	b.want("Filed.", "opens Tuesday 05:00 in New York")
	b.submit(regexp.MustCompile(`id="(slot-\d+)"`).FindStringSubmatch(b.body)[1], map[string]string{"slotWords": "wed 8am"})
	b.want("It has another time now.", "opens Wednesday 08:00 in New York")
}
