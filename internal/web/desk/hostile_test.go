package desk_test

import (
	"testing"

	"dateline/internal/web/ui"
	"dateline/internal/web/ui/uitest"
)

// TestNoValueBecomesMarkup puts hostile strings into every field of every page, each string
// into some of the pages: what a parser makes of the page is what it makes of harmless
// words. I-46.
func TestNoValueBecomesMarkup(t *testing.T) {
	for n, page := range ui.Pages() {
		harmless, err := page.Try("words")
		check(t, err)
		want := uitest.Shape(harmless[1])
		for i, words := range uitest.Hostile() {
			if (i+n)%8 != 0 {
				continue
			}
			out, err := page.Try(words)
			check(t, err)
			if uitest.Shape(out[1]) != want {
				t.Errorf("%s lets markup through: %s", page.Name(), words)
				break
			}
		}
	}
}
