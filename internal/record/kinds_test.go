package record_test

import (
	"strings"
	"testing"

	"dateline/internal/record"
)

func TestWordsInALanguage(t *testing.T) {
	w := record.Words{"he": "א", "en": "a", "fr": "", "de": "d"}
	for _, c := range []struct {
		langs []string
		want  string
	}{
		{[]string{"he"}, "א"}, {[]string{"fr", "en"}, "a"}, {[]string{"fr"}, "d"}, {[]string{"", "x", "y"}, "d"},
	} {
		for range 20 { // a map has no order of its own
			if got := w.In(c.langs[0], c.langs[1:]...); got != c.want {
				t.Errorf("in %s: %q, want %q", strings.Join(c.langs, ", "), got, c.want)
				break
			}
		}
	}
}
