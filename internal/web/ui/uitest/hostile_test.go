package uitest_test

import (
	"strings"
	"testing"

	"dateline/internal/web/ui/uitest"
)

// TestHostileStringsAreHostile: pages that escape nothing have another shape with nearly all of them.
func TestHostileStringsAreHostile(t *testing.T) {
	all, harmed := uitest.Hostile(), 0
	if len(all) < 500 {
		t.Errorf("%d strings", len(all))
	}
	for _, words := range all {
		for _, raw := range []string{"<p>WORDS</p>", `<p title="WORDS">x</p>`, `<p title='WORDS'>x</p>`, "<p title=WORDS>x</p>", "<script>let x = 'WORDS'</script>"} {
			if uitest.Shape([]byte(strings.ReplaceAll(raw, "WORDS", words))) != uitest.Shape([]byte(strings.ReplaceAll(raw, "WORDS", "words"))) {
				harmed++
				break
			}
		}
	}
	if harmed < len(all)*8/10 {
		t.Errorf("%d of %d strings do anything", harmed, len(all))
	}
}
