package edition

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/story"
)

// Limits of what a reader may ask for: what is longer is cut.
const (
	QueryRunes = 200
	maxTerms   = 12
	minPrefix  = 3 // letters before a star; fewer find only the word itself
)

// A Query is what a reader looks for. Every text is one; ParseQuery says how it is read.
type Query struct {
	terms    []term
	from, to string // first and last civil day, YYYY-MM-DD, "" for no bound
}

// term is one condition: words that follow each other, in a field or in any.
type term struct {
	field  string // of fields, "" for any
	words  []string
	prefix bool // the last word may go on
	not    bool
}

// fields are the names of fields, in the languages that readers type them in.
var fields = map[string]string{
	"by": "by", "desk": "desk", "section": "section", "topic": "topic", "person": "person", "date": "date", "from": "from", "to": "to",
	"מאת": "by", "דסק": "desk", "מדור": "section", "נושא": "topic", "אדם": "person", "תאריך": "date", "מתאריך": "from", "עד": "to",
}

// ParseQuery reads what a reader typed: words, all of which are wanted; a "phrase"; -word,
// which is not wanted; begin*; by:name, person:name, topic:name, desk:name and section:name,
// with a name of several words in quotes; date:2024, date:2024-03 or date:2024-03-22, and
// from: and to: with the same, both days included. Whatever is none of these is words.
func ParseQuery(text string) (q Query) {
	rest := Typed(text)
	for len(q.terms) < maxTerms {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			break
		}
		var t term
		var value string
		if after, ok := strings.CutPrefix(rest, "-"); ok {
			t.not, rest = true, after
		}
		t.field, rest = cutField(rest)
		value, rest = cutValue(rest)
		q.add(t, value)
	}
	return q
}

// Typed is what is read of what was typed: its beginning, in characters.
func Typed(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, " ")), " ")
	for i := range text {
		if utf8.RuneCountInString(text[:i]) == QueryRunes {
			return strings.TrimSpace(text[:i])
		}
	}
	return text
}

// cutField cuts the name of a field and its colon off.
func cutField(s string) (field, rest string) {
	name, after, ok := strings.Cut(s, ":")
	if field = fields[strings.ToLower(name)]; !ok || field == "" || after == "" || strings.HasPrefix(after, " ") {
		return "", s
	}
	return field, after
}

// quotes are what opens and closes a phrase, as people's keyboards write it.
const quotes = "\"“”„«»״"

// cutValue cuts a phrase in quotes off, or what stands before the next space. A quote closes
// only before a space, since Hebrew writes quotes inside words; one that nothing closes
// reaches to the end.
func cutValue(s string) (value, rest string) {
	first, size := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune(quotes, first) {
		value, rest, _ = strings.Cut(s, " ")
		return value, rest
	}
	s = s[size:]
	for i, r := range s {
		after := s[i+utf8.RuneLen(r):]
		if strings.ContainsRune(quotes, r) && (after == "" || after[0] == ' ') {
			return s[:i], after
		}
	}
	return s, ""
}

// add adds a condition, if it is one.
func (q *Query) add(t term, value string) {
	if from, to, ok := dates(t.field, value); ok && !t.not {
		if from != "" {
			q.from = max(q.from, from)
		}
		if to != "" && (q.to == "" || to < q.to) {
			q.to = to
		}
		return
	}
	if slices.Contains([]string{"date", "from", "to"}, t.field) {
		t.field, value = "", t.field+" "+value
	}
	for _, w := range story.SearchWords(value) {
		t.words = append(t.words, w.Folded)
	}
	if len(t.words) == 0 {
		return
	}
	last := t.words[len(t.words)-1]
	t.prefix = strings.HasSuffix(value, "*") && utf8.RuneCountInString(last) >= minPrefix
	q.terms = append(q.terms, t)
}

// dates are the first and the last day that a field of dates allows.
func dates(field, value string) (from, to string, ok bool) {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		t, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		end := map[string]time.Time{"2006": t.AddDate(1, 0, -1), "2006-01": t.AddDate(0, 1, -1), time.DateOnly: t}[layout]
		switch field {
		case "date":
			return t.Format(time.DateOnly), end.Format(time.DateOnly), true
		case "from":
			return t.Format(time.DateOnly), "", true
		case "to":
			return "", end.Format(time.DateOnly), true
		}
	}
	return "", "", false
}

// Empty reports whether nothing is asked for.
func (q Query) Empty() bool { return len(q.terms) == 0 && q.from == "" && q.to == "" }

// columns are the columns of the fields that hold words; without a field, any does.
var columns = map[string]string{"": "", "by": "author", "person": "person", "topic": "topic"}

// worded reports whether a condition is about words: desks and sections are exact.
func (t term) worded() bool {
	_, ok := columns[t.field]
	return ok
}

// match is a condition as FTS5 takes it: a string in quotes, which holds folded words and so
// no quote, within columns.
func (t term) match() string {
	s := `"` + strings.Join(t.words, " ") + `"`
	if t.prefix {
		s += " *"
	}
	if t.field == "" {
		return s // in any column: tags are words that no reader can type
	}
	return columns[t.field] + " : " + s
}

// expression is a whole query for FTS5. Tags are exact values, of which all are wanted.
func (q Query) expression(tags, notTags []string) string {
	var all, none []string
	for _, t := range tags {
		all = append(all, `"`+t+`"`)
	}
	for _, t := range notTags {
		none = append(none, `"`+t+`"`)
	}
	for _, t := range q.terms {
		switch {
		case !t.worded():
		case t.not:
			none = append(none, t.match())
		default:
			all = append(all, t.match())
		}
	}
	s := "(" + strings.Join(all, " AND ") + ")"
	if len(none) > 0 {
		s += " NOT (" + strings.Join(none, " OR ") + ")"
	}
	return s
}
