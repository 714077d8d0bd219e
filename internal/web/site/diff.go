package site

import (
	"slices"
	"strings"

	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// change is a part of a text beside what stood there before. Both stay readable: what is
// new is marked, what is gone is told below it, and nothing is struck through.
type change struct {
	What   string // "", "added", "removed" or "changed"
	Kind   string // headline, standfirst, heading or text
	Now    []run
	Before []run
}

// run is a run of words that stands in both texts, or in one.
type run struct {
	Text string
	Mark bool
}

// compare lays a text out beside the one before it; nil means that there is none.
func compare(now story.Text, before *story.Text) (out []change) {
	if before == nil {
		before = &now
	}
	out = append(out, words("headline", now.Headline, before.Headline)...)
	out = append(out, words("standfirst", now.Standfirst, before.Standfirst)...)
	gone := func(from int) (next int) {
		for next = from; next < len(before.Doc) && now.Doc.Find(before.Doc[next].ID) < 0; next++ {
			out = append(out, words(kindOf(before.Doc[next]), "", plainOf(*before, before.Doc[next]))...)
		}
		return next
	}
	at := gone(0)
	for _, b := range now.Doc {
		was := before.Doc.Find(b.ID)
		old := ""
		if was >= 0 {
			old = plainOf(*before, before.Doc[was])
		}
		out = append(out, words(kindOf(b), plainOf(now, b), old)...)
		if was >= at {
			at = gone(was + 1)
		}
	}
	return out
}

func kindOf(b story.Block) string {
	if b.Kind == story.Heading {
		return "heading"
	}
	return "text"
}

// plainOf is what a reader reads of a block: a picture's caption and credit, the words of
// a quotation, else its text.
func plainOf(t story.Text, b story.Block) string {
	switch b.Kind {
	case story.PictureBlock:
		p, _ := t.Picture(b.Picture)
		return strings.TrimSpace(p.Caption + " " + p.Credit.String())
	case story.GalleryBlock:
		words := []string{b.Plain()}
		for _, id := range b.Pictures {
			if p, there := t.Picture(id); there {
				words = append(words, p.Caption, p.Credit.String())
			}
		}
		return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	case story.EmbedBlock:
		if b.Embed != nil {
			return strings.Join([]string{b.Embed.Name(), b.Plain(), b.Embed.Address}, " ")
		}
	case story.QuotationBlock:
		i := slices.IndexFunc(t.Quotations, func(q story.Quotation) bool { return q.ID == b.Quotation })
		if i < 0 {
			break
		}
		var all strings.Builder
		for _, w := range t.Quotations[i].Words {
			all.WriteString(w.Text)
		}
		return strings.TrimSpace(ui.WordsIn(t.Lang).Quoted(all.String()) + " " + t.Quotations[i].Speaker)
	}
	return b.Plain()
}

func words(kind, now, before string) []change {
	switch {
	case now == before && now == "":
		return nil
	case now == before:
		return []change{{Kind: kind, Now: []run{{Text: now}}}}
	case before == "":
		return []change{{What: "added", Kind: kind, Now: []run{{Text: now}}}}
	case now == "":
		return []change{{What: "removed", Kind: kind, Before: []run{{Text: before}}}}
	}
	n, b := diff(strings.Fields(now), strings.Fields(before))
	return []change{{What: "changed", Kind: kind, Now: n, Before: b}}
}

func changed(all []change) bool {
	return slices.ContainsFunc(all, func(c change) bool { return c.What != "" })
}

// tooMany words are not compared one by one: the whole middle counts as changed.
const tooMany = 1 << 20

// diff marks the words of either text that are not in the other, in order.
func diff(a, b []string) (now, before []run) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	keepA, keepB := common(a[head:len(a)-tail], b[head:len(b)-tail])
	return runs(a, keepA, head), runs(b, keepB, head)
}

// common finds the words of a longest common sequence, by place in either.
func common(a, b []string) (inA, inB map[int]bool) {
	inA, inB = map[int]bool{}, map[int]bool{}
	for i := range a {
		inA[i] = false
	}
	for j := range b {
		inB[j] = false
	}
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > tooMany {
		return inA, inB
	}
	long := make([][]int32, len(a)+1)
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

// runs joins words into runs; those in the middle that are not kept are marked.
func runs(all []string, kept map[int]bool, head int) (out []run) {
	for i, w := range all {
		keep, middle := kept[i-head]
		mark := middle && !keep
		if n := len(out); n > 0 && out[n-1].Mark == mark {
			out[n-1].Text += " " + w
			continue
		}
		out = append(out, run{w, mark})
	}
	return out
}
