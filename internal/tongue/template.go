package tongue

import (
	"io/fs"
	"regexp"
	"strings"
	"unicode"

	"dateline/internal/story"
)

// A page's template is written in English, and drawn in another language by exchanging its
// words before it is parsed. The words are what stands between its tags, and the attributes
// that people read or hear. A value in the middle of a sentence belongs to its words; what
// decides or repeats parts them.

// In is a folder of templates in a language.
func In(lang string, files fs.ReadFileFS) fs.FS { return templates{files, lang} }

type templates struct {
	fs.ReadFileFS
	lang string
}

// ReadFile reads a template in the language.
func (t templates) ReadFile(name string) ([]byte, error) {
	body, err := t.ReadFileFS.ReadFile(name)
	if err != nil || t.lang == English {
		return body, err
	}
	text := Template(string(body), func(words string) string { return Say(t.lang, words) })
	return []byte(strings.ReplaceAll(text, `<html lang="en" dir="ltr">`, `<html lang="`+t.lang+`" dir="`+story.Direction(t.lang)+`">`)), nil
}

// Template exchanges the words of a template.
func Template(text string, say func(words string) string) string {
	s := scan{rest: text, say: say}
	for s.rest != "" {
		switch {
		case strings.HasPrefix(s.rest, "{{"):
			action := s.action()
			if control.MatchString(action) {
				s.flush()
				s.out.WriteString(action)
			} else {
				s.run.WriteString(action)
			}
		case tag.MatchString(s.rest):
			s.flush()
			s.tag()
		default:
			s.run.WriteByte(s.rest[0])
			s.rest = s.rest[1:]
		}
	}
	s.flush()
	return s.out.String()
}

var (
	control = regexp.MustCompile(`^\{\{-?\s*(if|else|end|range|with|define|template|block|break|continue|/\*|\$\w+\s*:?=)`)
	tag     = regexp.MustCompile(`^</?[a-zA-Z!]`)
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	verbal  = regexp.MustCompile(`^<(code|kbd|script|style|pre)\b`) // what stands in these is no language
	spoken  = regexp.MustCompile(`\s(?:aria-label|placeholder|title|alt|label|data-say-[a-z-]+)="$`)
)

// scan goes through a template once.
type scan struct {
	rest     string
	run, out strings.Builder
	say      func(string) string
}

// action takes a template's action off the rest.
func (s *scan) action() string {
	end := strings.Index(s.rest, "}}")
	if end < 0 {
		end = len(s.rest) - 2
	}
	a := s.rest[:end+2]
	s.rest = s.rest[end+2:]
	return a
}

// flush says the words that were gathered. White space round them stays as it was.
func (s *scan) flush() {
	run := s.run.String()
	s.run.Reset()
	words := strings.TrimSpace(run)
	if !strings.ContainsFunc(action.ReplaceAllString(words, ""), unicode.IsLetter) {
		s.out.WriteString(run)
		return
	}
	start := strings.Index(run, words)
	s.out.WriteString(run[:start] + s.say(strings.Join(strings.Fields(words), " ")) + run[start+len(words):])
}

// tag copies a tag, and says the attributes that are read or heard. Of an element whose
// content is no language, it copies that too.
func (s *scan) tag() {
	if m := verbal.FindStringSubmatch(s.rest); m != nil {
		defer s.until("</" + m[1])
	}
	begin := s.out.Len()
	for s.rest != "" {
		switch c := s.rest[0]; {
		case strings.HasPrefix(s.rest, "{{"):
			s.out.WriteString(s.action())
		case c == '"' && spoken.MatchString(s.out.String()[begin:]+`"`):
			s.value()
		default:
			s.out.WriteByte(c)
			s.rest = s.rest[1:]
			if c == '>' {
				return
			}
		}
	}
}

// until copies all that comes before a tag.
func (s *scan) until(tag string) {
	end := max(strings.Index(s.rest, tag), 0)
	s.out.WriteString(s.rest[:end])
	s.rest = s.rest[end:]
}

// value says an attribute's value.
func (s *scan) value() {
	end := 1
	for end < len(s.rest) && s.rest[end] != '"' {
		if strings.HasPrefix(s.rest[end:], "{{") {
			if shut := strings.Index(s.rest[end:], "}}"); shut >= 0 {
				end += shut + 1
			}
		}
		end++
	}
	s.out.WriteString(`"` + Template(s.rest[1:min(end, len(s.rest))], s.say))
	s.rest = s.rest[min(end, len(s.rest)):]
	if s.rest != "" {
		s.out.WriteByte('"')
		s.rest = s.rest[1:]
	}
}
