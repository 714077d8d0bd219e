package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// begins starts a story of the New York desk, types its head and its first paragraph, and
// saves nothing. It returns the story's id, by which readers find it.
func (b *tab) begins(headline, words string) string {
	b.t.Helper()
	b.opens(b.house.room("/desk/new-york"), 200)
	b.submits("#start button", 200)
	b.types("#f-headline", headline)
	b.sets("#f-section", "city")
	b.types(".block textarea", words)
	return b.story()
}

// story is the id of the story whose page is open.
func (b *tab) story() string {
	b.t.Helper()
	return eval[string](b, `location.pathname.split("/")[2]`)
}

// atOnce ticks that the posting is not held for ten seconds.
func (b *tab) atOnce() { b.t.Helper(); b.clicks("input[name=noundo]") }

// posts files the text that is on the screen, and it is posted at once.
func (b *tab) posts() {
	b.t.Helper()
	b.atOnce()
	b.submits("button.main", 200)
	b.says("[role=status]", "Posted.")
}

func TestWhatIsTypedIsWhatIsPosted(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("The lamplighter works on", "Typed before the first save.")
	m.submits("#save-bar button[value=save]", 200)
	m.says("[role=status]", "Saved.")
	m.says(".gate", "Nothing stands between this and readers.")
	r.opens(h.readers("/"+id), 404)

	m.types(".block textarea", "Typed after the last save.\n\nA second paragraph, with **strong** words.")
	m.says("#unsaved", "Not saved yet")
	m.posts()
	m.says("[role=status]", "Entry 126")
	r.opens(h.readers("/"+id), 200)
	r.says("h1", "The lamplighter works on")
	r.says(".art__text", "Typed after the last save. A second paragraph, with strong words.")
	r.says(".art__text strong", "strong")
	r.lacks("Typed before the first save.")
	r.opens(h.readers("/"), 200)
	r.says("main", "The lamplighter works on")
}

func TestTenSecondsToTakeBack(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("Filed too early", "A paragraph.")
	m.submits("button.main", 200)
	m.says(".act--undo", "leaves in", "seconds", "It can still be taken back.")
	m.until(`document.querySelector("[data-seconds]").innerText !== "leaves in 10 seconds"`) // the page itself counts down
	r.opens(h.readers("/"+id), 404)
	m.submits(".act--undo button", 200)
	m.says("[role=status]", "Taken back.")
	h.clock("2024-03-22T15:06:00Z")
	r.opens(h.readers("/"+id), 404)

	m.opens(h.room("/stories/"+id), 200)
	m.submits("button.main", 200)
	h.clock("2024-03-22T15:06:09Z")
	r.opens(h.readers("/"+id), 404)
	h.clock("2024-03-22T15:06:10Z")
	r.opens(h.readers("/"+id), 200)
	r.says(".strip", "17:06", "11:06")
}

func TestAHebrewStory(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	m.opens(h.room("/desk/new-york"), 200)
	m.sets("#lang", "he")
	m.submits("#start button", 200)
	m.types("#f-headline", "הפנסאי עובד")
	m.types("#f-slug", "hapanasai")
	m.sets("#f-section", "city")
	m.types(".block textarea", "הפנסים דולקים.")
	for _, field := range []string{"#f-headline", ".block textarea"} {
		if got := eval[string](m, "getComputedStyle(document.querySelector(%s)).direction", field); got != "rtl" {
			t.Errorf("%s of a Hebrew story runs %s", field, got)
		}
	}
	id := m.story()
	m.posts()
	r.opens(h.readers("/he/"+id), 200)
	r.says("h1", "הפנסאי עובד")
	if got := r.address(); !strings.HasSuffix(got, "/he/hapanasai-"+id) {
		t.Error("its address is", got)
	}
}

// TestTwoTabsOneBlock: the second save of a text that saw only the first keeps both, says
// so, and nothing can be posted before somebody chooses.
func TestTwoTabsOneBlock(t *testing.T) {
	h := friday(t)
	m := h.member()
	id := m.begins("Two at one desk", "The text that both began with.")
	m.submits("#save-bar button[value=save]", 200)
	other := m.beside()
	other.opens(h.room("/stories/"+id), 200)

	m.types(".block textarea", "The ferry leaves at nine.")
	m.submits("#save-bar button[value=save]", 200)
	other.types(".block textarea", "The ferry leaves at ten.")
	other.submits("#save-bar button[value=save]", 200)
	other.says(".clash", "Two texts.", "without having seen the first", "The ferry leaves at nine.", "The ferry leaves at ten.")
	other.says(".gate", "1 part with two texts")
	other.atOnce()
	other.submits("button.main", 409)
	other.says("[role=alert]", "two texts")

	other.submits(".clash button[value=both]", 200)
	if got := eval[[]string](other, `[...document.querySelectorAll(".block textarea")].map(e => e.value)`); strings.Join(got, "|") != "The ferry leaves at nine.|The ferry leaves at ten." {
		t.Errorf("keeping both left %q", got)
	}
	other.says(".gate", "Nothing stands between this and readers.")
}

// TestLeavingAsksFirst: a page with words that are not saved is not left without asking.
func TestLeavingAsksFirst(t *testing.T) {
	h := friday(t)
	m := h.member()
	id := m.begins("Half typed", "Words that nobody saved.")
	leave := chromedp.Evaluate[chromedp.Void](`setTimeout(() => document.querySelector("nav a[href='/wires']").click())`)
	if asked := run(m, chromedp.WaitEvent(page.JavascriptDialogOpening, nil, leave)); asked.Type != page.DialogTypeBeforeunload {
		t.Error("it asks by", asked.Type)
	}
	set(m, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
	if m.story() != id || eval[string](m, `document.querySelector(".block textarea").value`) != "Words that nobody saved." {
		t.Error("the words are gone")
	}
	m.submits("#save-bar button[value=save]", 200)
	m.opens(h.room("/wires"), 200)
}

func TestNewsroomFitsATelephone(t *testing.T) {
	h := friday(t)
	m := h.member()
	id := m.begins("A headline of some length, which has to be broken into lines on a small screen", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	for _, pixels := range []int64{narrow, wide} {
		m.width(pixels)
		for _, path := range []string{"/desk/new-york", "/desk/jerusalem", "/stories/" + id, "/wires", "/coverage", "/posted", "/front", "/settings/look", "/stories/" + id + "/preview"} {
			m.opens(h.room(path), 200)
			m.fits()
		}
	}
}

// press presses a key as a hand does, with what is held down beside it.
func (b *tab) press(key string, held ...chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(held...)))
}

// tabsTo presses Tab until an element has the focus. Every stop on the way must be seen to
// have it.
func (b *tab) tabsTo(selector string) {
	b.t.Helper()
	for range 200 {
		b.press(kb.Tab)
		stop := eval[struct {
			There, Seen bool
			What        string
		}](b, `(() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
			const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1;
			return { there: e.matches(%s), what: e.outerHTML.slice(0, 160),
				seen: e === document.body || ring && r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth }; })()`, selector)
		if !stop.Seen {
			b.t.Errorf("the focus is not seen on %s", stop.What)
		}
		if stop.There {
			return
		}
	}
	b.t.Fatalf("Tab never comes to %s on %s", selector, b.address())
}

// TestTheKeyboardAlone begins, writes, saves and posts a story without a mouse.
func TestTheKeyboardAlone(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	m.opens(h.room("/desk/new-york"), 200)
	m.tabsTo(".skip")
	m.press(kb.Enter)
	m.press(kb.Tab)
	if !eval[bool](m, `document.activeElement.matches("main *")`) {
		t.Error("the skip link does not lead to the work")
	}
	m.tabsTo("#start button")
	m.arrives(200, "Enter", chromedp.KeyEvent(kb.Enter))
	m.tabsTo("#f-headline")
	m.do(chromedp.KeyEvent("Written by hand"))
	m.tabsTo("#f-section")
	m.do(chromedp.KeyEvent("City"))
	m.tabsTo(".block textarea")
	m.do(chromedp.KeyEvent("No mouse was near."))
	m.arrives(200, "Ctrl+S", chromedp.KeyEvent("s", chromedp.KeyModifiers(kb.ModifierCtrl)))
	m.says("[role=status]", "Saved.")
	m.says(".gate", "Nothing stands between this and readers.")
	m.tabsTo("button.main")
	m.tabsTo("input[name=noundo]")
	m.press(" ")
	m.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	if !eval[bool](m, `document.activeElement.matches("button.main")`) {
		t.Error("Shift+Tab does not go back to the main button")
	}
	m.arrives(200, "Enter", chromedp.KeyEvent(kb.Enter))
	m.says("[role=status]", "Posted.")
	r.opens(h.readers("/"+m.story()), 200)
	r.says(".art__text", "No mouse was near.")
}
