package desk

import "strings"

// Words about a time may be Hebrew too: "יום ג׳ 9:00 לונדון", "מחר בצהריים", "בפתיחה". They
// are read by their English ones; the names of cities are known in every language.
var whenHebrew = map[string]string{
	"אמברגו": "embargo", "פתיחה": "opening", "היום": "today", "מחר": "tomorrow", "צהריים": "noon", "צהרים": "noon",
	"יום": "on", "שעה": "at", "עד": "until",
	"ראשון": "sunday", "שני": "monday", "שלישי": "tuesday", "רביעי": "wednesday", "חמישי": "thursday", "שישי": "friday", "שבת": "saturday",
	"א׳": "sunday", "ב׳": "monday", "ג׳": "tuesday", "ד׳": "wednesday", "ה׳": "thursday", "ו׳": "friday", "ש׳": "saturday",
	"ינואר": "january", "פברואר": "february", "מרץ": "march", "אפריל": "april", "מאי": "may", "יוני": "june",
	"יולי": "july", "אוגוסט": "august", "ספטמבר": "september", "אוקטובר": "october", "נובמבר": "november", "דצמבר": "december",
}

// whenInEnglish exchanges Hebrew words, with or without the prefix that says "at" or "in".
func whenInEnglish(fields []string) []string {
	for i, f := range fields {
		f = strings.ReplaceAll(f, "'", "׳")
		bare := strings.TrimLeft(strings.TrimPrefix(f, "ב"), "־-")
		switch {
		case whenHebrew[f] != "":
			fields[i] = whenHebrew[f]
		case whenHebrew[bare] != "":
			fields[i] = whenHebrew[bare]
		case hourOf(bare) != "":
			fields[i] = bare
		}
	}
	return fields
}
