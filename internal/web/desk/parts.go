package desk

import (
	"encoding/json"
	"fmt"
	"strings"

	"dateline/internal/story"
	"dateline/internal/tongue"
)

// The words in which the screens name and show a part of a text.

var partNames = map[string]string{
	"headline": "the headline", "standfirst": "the standfirst", "slug": "the slug", "section": "the section", "dateline": "the dateline",
	"lang": "the language", "type": "the type", "short": "the short headline", "bylines": "the bylines", "sources": "the sources",
	"order": "the order of the blocks", "pictures": "the order of the pictures", "quotations": "the quotations",
}

func partWords(lang, part string) string {
	kind, _, named := strings.Cut(part, ":")
	switch {
	case named && kind == "block":
		return tongue.Say(lang, "a block")
	case named:
		return tongue.Say(lang, "a picture’s words")
	case partNames[part] != "":
		return tongue.Say(lang, partNames[part])
	}
	return tongue.Say(lang, "the "+part)
}

// plainOf shows a part's body as words.
func plainOf(lang, part string, body json.RawMessage, t story.Text) string {
	kind, _, _ := strings.Cut(part, ":")
	switch kind {
	case "block":
		return shown(body, story.Block.Plain)
	case "picture":
		return shown(body, func(u story.PictureUse) string {
			return strings.Trim(u.Caption+" · "+u.Credit.String()+" · "+u.Alt+" · "+u.Rights, " ·")
		})
	case "dateline":
		return shown(body, func(d story.Dateline) string { return strings.TrimSpace(d.Place + " " + d.Date) })
	case "bylines":
		return shown(body, func(all []story.Byline) string { return fillBylines(story.Text{Bylines: all})[0] })
	case "sources":
		return shown(body, func(all []story.Source) string { return fillSources(story.Text{Sources: all})[0] })
	case "order":
		return shown(body, func(ids []string) string { return orderWords(lang, ids, t) })
	case "pictures":
		return shown(body, func(ids []string) string { return tongue.Count(lang, len(ids), "picture") })
	case "quotations":
		return shown(body, func(all []story.Quotation) string { return tongue.Count(lang, len(all), "quotation") })
	}
	return shown(body, func(s string) string { return s })
}

func shown[T any](body json.RawMessage, words func(T) string) string {
	var v T
	if json.Unmarshal(body, &v) != nil {
		return string(body)
	}
	return words(v)
}

// orderWords tells an order of blocks by how each begins.
func orderWords(lang string, ids []string, t story.Text) string {
	var all []string
	for i, id := range ids {
		begins := tongue.Say(lang, "another block")
		if at := t.Doc.Find(id); at >= 0 {
			begins = cut(t.Doc[at].Plain(), 32)
		}
		all = append(all, fmt.Sprintf("%d. %s", i+1, begins))
	}
	return strings.Join(all, "\n")
}

// cut is the beginning of a text, at most n characters long.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), " ") + "…"
	}
	return s
}
