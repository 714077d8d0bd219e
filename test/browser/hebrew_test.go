package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestTheNewsroomInHebrew draws the newsroom from right to left: nothing is cut off at either
// side of a wide or a narrow screen, everything has its name, and scripts say Hebrew too.
func TestTheNewsroomInHebrew(t *testing.T) {
	h := friday(t)
	m := h.member()
	h.drops("river-report.ninjs.json", "sellane-river.jpg")
	h.clock("2024-03-22T15:06:00Z")
	id := m.begins("A headline of some length, which has to be broken into lines on a small screen", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	m.opens(h.room("/me"), 200)
	m.sets("#language select", "he")
	m.submits("#language button", 200)
	if got := eval[string](m, "document.documentElement.lang + getComputedStyle(document.body).direction"); got != "hertl" {
		t.Fatal("the page is drawn as", got)
	}
	screens := []string{"/desk/new-york", "/desk/new-york/closing", "/desk/new-york/away", "/stories/" + id, "/stories/" + id + "/quotations", "/wires", "/coverage?span=week", "/posted", "/paper", "/dry-run", "/me", "/packages/new"}
	for _, pixels := range []int64{narrow, wide} {
		m.width(pixels)
		for _, path := range screens {
			m.opens(h.room(path), 200)
			m.fits()
			m.isAccessible()
		}
	}
	hands := handsOf(m)
	for _, pixels := range []int64{narrow, wide} {
		m.width(pixels)
		m.opens(h.room("/desk/new-york"), 200)
		hands.press("k", kb.ModifierCtrl)
		hands.isAt("#palette input")
		m.fits()
		m.isAccessible()
		m.opens(h.room("/desk/new-york"), 200)
		hands.press("?")
		m.until(`document.querySelector("#sheet").open`)
		m.fits()
		m.isAccessible()
	}
	m.opens(h.room("/stories/"+id), 200)
	m.sets("#f-standfirst", "אחר")
	m.until(`document.getElementById("unsaved").textContent === "עדיין לא נשמר"`)
}
