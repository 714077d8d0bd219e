package site

import (
	"slices"
	"strconv"
	"strings"

	"dateline/internal/edition"
	"dateline/internal/web/ui"
)

func fixID(n int64) string { return "fix-" + strconv.FormatInt(n, 10) }

// fixes are the corrections of an article, each at the first of its blocks that the text
// still has, else at the top.
func (f frame) fixes(a edition.Article, history string, texts map[int64]int) (top []ui.Fix, byBlock map[string][]ui.Fix) {
	w := f.words
	byBlock = map[string][]ui.Fix{}
	for _, c := range a.Corrections {
		fix := ui.Fix{
			ID: fixID(c.N), Word: w.Correction, Note: c.Note, Done: w.Corrected, Kept: w.NotChanged, WasWord: w.Before, IsWord: w.Now,
			When: ui.TimesAt(c.At, a.Posted, f.lang, f.seat(), f.deskSeat(a.Desk)),
		}
		fix.Was, fix.Is = unsaid(c)
		if n := texts[c.N]; n > 1 {
			fix.Link, fix.LinkText = history+strconv.Itoa(n), w.BothVersions
		}
		place := slices.IndexFunc(c.Blocks, func(id string) bool { return a.Content.Doc.Find(id) >= 0 })
		if place < 0 {
			top = append(top, fix)
			continue
		}
		byBlock[c.Blocks[place]] = append(byBlock[c.Blocks[place]], fix)
	}
	return top, byBlock
}

// unsaid is what was wrong and what is right, where no note says so in a sentence.
func unsaid(c edition.Correction) (was, is string) {
	if strings.TrimSpace(c.Note) != "" {
		return "", ""
	}
	return c.Was, c.Is
}
