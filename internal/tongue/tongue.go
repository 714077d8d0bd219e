// Package tongue says the newsroom's own words in the language of whoever reads them. Words
// are named by their English text; a table beside this file has them in Hebrew. What nobody
// has put into a language is said in English.
package tongue

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"dateline/internal/story"
)

//go:embed he/*.txt
var files embed.FS

// The languages of the newsroom, as BCP 47 names them.
const (
	English = "en"
	Hebrew  = "he"
)

// All lists the languages of the newsroom.
func All() []string { return []string{English, Hebrew} }

// Known reports whether the newsroom speaks a language.
func Known(lang string) bool { return slices.Contains(All(), lang) }

// tables are the words of every language but English.
var tables = map[string]map[string]string{Hebrew: read("he")}

// read reads the tables of a folder. Each entry is a line of English and a line of the other
// language; an empty line parts entries, and # begins a remark.
func read(folder string) map[string]string {
	table := map[string]string{}
	err := fs.WalkDir(files, folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		return readInto(table, path, string(body))
	})
	if err != nil {
		panic("tongue: " + err.Error()) // a broken build
	}
	return table
}

func readInto(table map[string]string, path, body string) error {
	var english string
	lines := bufio.NewScanner(strings.NewReader(body))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		_, there := table[line]
		switch {
		case line == "" && english != "":
			return fmt.Errorf("%s:%d: %q has no words", path, n, english)
		case line == "" || strings.HasPrefix(line, "#"):
		case english != "":
			table[english], english = line, ""
		case there:
			return fmt.Errorf("%s:%d: %q is there twice", path, n, line)
		default:
			english = line
		}
	}
	return lines.Err()
}

// Words are the entries of a language, by their English text.
func Words(lang string) map[string]string { return tables[lang] }

// Say says words in a language. They are a pattern of package fmt; arguments of the type
// story.Word are said in the language too, and those in Latin letters stand isolated from
// the direction of what is round them (Unicode Standard Annex 9, FSI and PDI).
func Say(lang, english string, a ...any) string {
	words, known := tables[lang][english]
	if !known {
		return plain(english, a)
	}
	if len(a) == 0 {
		return words
	}
	args := make([]any, len(a))
	for i, arg := range a {
		args[i] = argument(lang, arg)
	}
	return maqaf(fmt.Sprintf(words, args...))
}

func plain(english string, a []any) string {
	if len(a) == 0 {
		return english
	}
	return fmt.Sprintf(english, a...)
}

func argument(lang string, arg any) any {
	switch v := arg.(type) {
	case story.Word:
		return isolated(Word(lang, string(v)))
	case story.Sentence:
		return isolated(Tell(lang, v))
	case string:
		return isolated(v)
	case error, fmt.Stringer:
		return isolated(Again(lang, fmt.Sprint(v)))
	}
	return arg
}

// Word says a word of ours, or several of them: almanacs join the names of rests by a plus
// sign, and a list of roles ends with "or".
func Word(lang, english string) string {
	if _, known := tables[lang][english]; known {
		return Say(lang, english)
	}
	for joint, in := range map[string]string{" + ": " + ", " or ": " " + Say(lang, "or") + " "} {
		if parts := strings.Split(english, joint); len(parts) > 1 {
			for i, part := range parts {
				parts[i] = Word(lang, part)
			}
			return strings.Join(parts, in)
		}
	}
	return english
}

// Tell says a sentence in a language.
func Tell(lang string, s story.Sentence) string {
	if s.Pattern == "%s" && len(s.Args) == 1 {
		return Again(lang, fmt.Sprint(s.Args[0])) // said by somebody else before
	}
	return Say(lang, s.Pattern, s.Args...)
}

// Count says a number with its noun: "1 part", "3 parts".
func Count(lang string, n int, one string) string {
	if n == 1 {
		return Say(lang, "1 "+one)
	}
	return Say(lang, "%d "+one+"s", n)
}

// Join puts parts in a row. In a language of the other direction each stands by itself, and
// they follow each other as that language is read.
func Join(lang, between string, parts ...string) string {
	row := make([]string, len(parts))
	for i, part := range parts {
		row[i] = part
		if story.RightToLeft(lang) {
			row[i] = fmt.Sprint(isolated(part))
		}
	}
	return strings.Join(row, between)
}

// isolated is an argument that does not turn the words round it.
type isolated string

const (
	firstStrong = "\u2068" // FSI
	popIsolate  = "\u2069" // PDI
)

// Format writes the argument, as long as the precision lets it be, isolated if it has
// letters of the other direction.
func (s isolated) Format(f fmt.State, verb rune) {
	text := []rune(string(s))
	if most, cut := f.Precision(); cut && len(text) > most {
		text = text[:most]
	}
	format := "%s"
	if strings.ContainsFunc(string(text), latin) && !strings.HasPrefix(string(text), firstStrong) {
		format = firstStrong + "%s" + popIsolate
	}
	fmt.Fprintf(f, format, string(text))
}

func latin(r rune) bool { return r < unicode.MaxLatin1 && unicode.IsLetter(r) }

// maqaf joins a Hebrew prefix to what is not Hebrew: "ב18:52" is written "ב־18:52".
func maqaf(s string) string {
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		b.WriteRune(r)
		begins := i == 0 || !unicode.IsLetter(runes[i-1]) && runes[i-1] != '״' && runes[i-1] != '׳'
		if !begins || i+1 >= len(runes) || !strings.ContainsRune("בהוכלמש", r) {
			continue
		}
		if next := runes[i+1]; unicode.IsDigit(next) || latin(next) || string(next) == firstStrong {
			b.WriteRune('־')
		}
	}
	return b.String()
}
