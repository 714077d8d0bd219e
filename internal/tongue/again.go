package tongue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Some sentences come in English and already said: the store keeps them, or a package said
// them that knows no language. They are found by the pattern that they came of.

// A saying is a pattern that sentences are recognised by.
type saying struct {
	pattern *regexp.Regexp
	english string
	before  string // what every such sentence begins with
}

var verbs = regexp.MustCompile(`%(\[\d\])?[.0-9]*[a-zA-Z]`)

// sayings are the patterns of a language with arguments, those that say most by themselves first.
var sayings = sync.OnceValue(func() map[string][]saying {
	out := map[string][]saying{}
	for lang, table := range tables {
		for english := range table {
			parts := verbs.Split(english, -1)
			if len(parts) < 2 || len(strings.Join(parts, "")) < 8 {
				continue
			}
			for i := range parts {
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			out[lang] = append(out[lang], saying{regexp.MustCompile("(?s)^" + strings.Join(parts, "(.+?)") + "$"), english, verbs.Split(english, 2)[0]})
		}
		slices.SortFunc(out[lang], func(a, b saying) int {
			if n := len(b.english) - len(a.english); n != 0 {
				return n
			}
			return strings.Compare(a.english, b.english)
		})
	}
	return out
})

// What is recognised is bounded: names in it may be as long as somebody made them.
const (
	longest = 4000 // bytes in all
	joined  = 4    // sentences of one pattern
)

// Again says in a language what comes in English: a sentence, or several.
func Again(lang, english string) string {
	if tables[lang] == nil || english == "" || len(english) > longest {
		return english
	}
	if words, ok := again(lang, english); ok {
		return words
	}
	var out []string
	for all := strings.SplitAfter(english, ". "); len(all) > 0; {
		words, n := first(lang, all)
		out, all = append(out, words), all[n:]
	}
	return strings.Join(out, " ")
}

// first says the first of some sentences, which may be made of n of them; one that is not
// recognised stays as it is.
func first(lang string, all []string) (words string, n int) {
	for n := range min(len(all), joined) {
		if words, ok := again(lang, strings.TrimSpace(strings.Join(all[:n+1], ""))); ok {
			return words, n + 1
		}
	}
	return strings.TrimSpace(all[0]), 1
}

func again(lang, english string) (string, bool) {
	if words, ok := tables[lang][english]; ok {
		return words, true
	}
	for _, s := range sayings()[lang] {
		if !strings.HasPrefix(english, s.before) {
			continue
		}
		found := s.pattern.FindStringSubmatch(english)
		if found == nil {
			continue
		}
		args := make([]any, len(found)-1)
		for i, arg := range found[1:] {
			args[i] = isolated(strings.Trim(arg, `"`))
			if words, ok := tables[lang][arg]; ok {
				args[i] = isolated(words)
			}
		}
		return maqaf(fmt.Sprintf(tables[lang][s.english], args...)), true
	}
	return "", false
}
