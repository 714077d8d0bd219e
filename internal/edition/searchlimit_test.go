package edition_test

import (
	"fmt"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/story"
)

// TestABroadSearchStops: a search whose patience is over tells what it has found and where to
// go on, and whoever goes on finds everything, each once.
func TestABroadSearchStops(t *testing.T) {
	r := editiontest.Paper(t)
	for i := range 40 {
		words := "Only herons."
		if i%9 == 4 {
			words = "Herons and otters."
		}
		r.Post(editiontest.ArticleID(i+1), editiontest.London, editiontest.Begin.Add(time.Duration(i)*time.Minute), editiontest.Text("en", "city", fmt.Sprint("Report ", i), "", words))
	}
	e := editiontest.Open(t, r)
	for _, window := range []int64{1, 3, 7, 1000} {
		edition.SetPatience(e, window, time.Hour)
		s := edition.Search{Query: edition.ParseQuery("herons otters"), Lang: "en", Limit: 20}
		whole := search(t, e, s)
		if whole.Total != 4 || whole.Older != 0 {
			t.Errorf("with patience, by windows of %d: %+v", window, whole)
		}
		edition.SetPatience(e, window, -1)
		seen, asked := map[story.ArticleID]bool{}, 0
		for s.Before = 0; asked == 0 || s.Before != 0; asked++ {
			out := search(t, e, s)
			for _, h := range out.Hits {
				if seen[h.ID] {
					t.Errorf("%s a second time", h.ID)
				}
				seen[h.ID] = true
			}
			if s.Before != 0 && out.Older >= s.Before {
				t.Fatalf("from %d it leads to %d", s.Before, out.Older)
			}
			s.Before = out.Older
		}
		if len(seen) != 4 || window < 1000 && asked < 40/int(window) || window == 1000 && asked != 1 {
			t.Errorf("without patience, by windows of %d: %d found, asked %d times", window, len(seen), asked)
		}
	}
}
