package edition

import (
	"strings"

	"dateline/internal/story"
)

// A Run is a run of a text; Mark says that it was asked for.
type Run struct {
	Text string
	Mark bool
}

// snippetBytes is about how much of a text stands under a headline, in bytes of English.
const snippetBytes = 220

// span is where a condition is met in a text: in words, and in bytes.
type span struct{ term, from, to int }

// spans are the places in a text that a query asks for, in order, each once.
func (q Query) spans(words []story.SearchWord) (all []span) {
	for i := range words {
		for n, t := range q.terms {
			if t.not || !t.worded() || !t.at(words[i:]) {
				continue
			}
			x := span{n, words[i].From, words[i+len(t.words)-1].To}
			if last := len(all) - 1; last >= 0 && all[last].to > x.from {
				all[last].to = max(all[last].to, x.to)
				continue
			}
			all = append(all, x)
		}
	}
	return all
}

// at reports whether words begin with those of a condition.
func (t term) at(words []story.SearchWord) bool {
	if len(words) < len(t.words) {
		return false
	}
	for i, w := range t.words {
		open := t.prefix && i == len(t.words)-1
		if f := words[i].Folded; f != w && !(open && strings.HasPrefix(f, w)) {
			return false
		}
	}
	return true
}

// Mark parts a text into what a query asks for and what stands between.
func (q Query) Mark(text string) []Run {
	return pieces(text, 0, len(text), q.spans(story.SearchWords(text)))
}

func pieces(text string, from, to int, spans []span) (all []Run) {
	for _, s := range spans {
		if s.from < from || s.to > to {
			continue
		}
		if s.from > from {
			all = append(all, Run{Text: text[from:s.from]})
		}
		all = append(all, Run{text[s.from:s.to], true})
		from = s.to
	}
	if from < to {
		all = append(all, Run{Text: text[from:to]})
	}
	return all
}

// Snippet is what stands around the words that a query asks for, in that of some texts which
// has most of them; else the beginning of the first text.
func (q Query) Snippet(texts []string) []Run {
	best, most := -1, 0
	var where []span
	var of []story.SearchWord
	for i, text := range texts {
		words := story.SearchWords(text)
		if len(words) > 0 && best < 0 {
			best, of = i, words
		}
		spans := q.spans(words)
		if n := distinct(spans); n > most {
			best, most, where, of = i, n, spans, words
		}
	}
	if best < 0 {
		return nil
	}
	return cutAround(texts[best], of, where)
}

func distinct(spans []span) int {
	seen := map[int]bool{}
	for _, s := range spans {
		seen[s.term] = true
	}
	return len(seen)
}

// cutAround cuts a text between words, so that the first place is in it with something before.
func cutAround(text string, words []story.SearchWord, spans []span) []Run {
	if len(text) <= snippetBytes*5/4 {
		return pieces(text, 0, len(text), spans)
	}
	from, to := 0, len(text)
	if len(spans) > 0 && spans[0].to > snippetBytes/2 {
		for _, w := range words {
			if w.From >= spans[0].from-snippetBytes/3 {
				from = min(w.From, spans[0].from)
				break
			}
		}
	}
	for _, w := range words {
		if w.To > from+snippetBytes && (len(spans) == 0 || w.From >= spans[0].to) {
			to = w.From
			break
		}
	}
	all := pieces(text, from, to, spans)
	if to < len(text) {
		last := &all[len(all)-1]
		last.Text = strings.TrimRight(last.Text, " \n\t") + " …"
		if last.Mark {
			last.Text = strings.TrimSuffix(last.Text, " …")
			all = append(all, Run{Text: " …"})
		}
	}
	if from > 0 {
		all = append([]Run{{Text: "… "}}, all...)
	}
	return all
}
