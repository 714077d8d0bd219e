package browser_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The desk's jobs by the keyboard alone, with what each may cost: keys that are pressed, a
// chord being one, without what is typed, from the place where the job begins.

// hands counts the keys that a job takes.
type hands struct {
	*tab
	n int
}

// struck presses a key as a keyboard does: a page that takes the key leaves no letter of it.
func struck(key string, held ...chromedp.Modifier) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range key {
			for _, k := range kb.Encode(r) {
				chromedp.KeyModifiers(held...)(k)
				if k.Type == kb.KeyChar {
					continue
				}
				if k.Type == kb.KeyDown && len(held) == 0 && (r >= ' ' || key == kb.Enter) {
					k.Text = string(r)
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// press presses a key that is not counted.
func (h *hands) press(key string, held ...chromedp.Modifier) {
	h.t.Helper()
	h.do(struck(key, held...))
}

// presses counts a key that stays on the page.
func (h *hands) presses(key string, held ...chromedp.Modifier) {
	h.t.Helper()
	h.n++
	h.press(key, held...)
}

// leads counts a key that leads to another page.
func (h *hands) leads(status int64, key string, held ...chromedp.Modifier) {
	h.t.Helper()
	h.n++
	h.arrives(status, key, struck(key, held...))
}

// job wants a job to have taken no more than so many keys, and begins to count the next.
func (h *hands) job(name string, most int) {
	h.t.Helper()
	if h.t.Logf("%s: %d of %d", name, h.n, most); h.n > most {
		h.t.Errorf("%s takes %d keys, not %d", name, h.n, most)
	}
	h.n = 0
}

// isAt wants an element to have the focus.
func (h *hands) isAt(selector string) {
	h.t.Helper()
	if got := eval[string](h.tab, `document.activeElement.matches(%s) ? "" : document.activeElement.outerHTML.slice(0, 200)`, selector); got != "" {
		h.t.Fatalf("on %s the focus is not at %s but at %s", h.address(), selector, got)
	}
}

// goesTo brings the focus to the line of a list that says words, by j and k alone.
func (h *hands) goesTo(digit, words string) {
	h.t.Helper()
	h.press(digit)
	for range 40 {
		if eval[bool](h.tab, `document.activeElement.closest("[data-line]").innerText.includes(%s)`, words) {
			return
		}
		h.press("j")
	}
	h.t.Fatalf("j never comes to %q on %s", words, h.address())
}

func handsOf(b *tab) *hands { return &hands{tab: b} }

// Jobs 1, 2 and 5: take a wire, start a story, send it to a second pair of eyes.
func TestTakeStartAndReady(t *testing.T) {
	h := friday(t)
	h.drops("river-report.ninjs.json", "sellane-river.jpg")
	h.clock("2024-03-22T15:06:00Z")
	m := handsOf(h.member())
	m.opens(h.room("/desk/new-york"), 200)
	m.goesTo("1", "River ministers meet")
	m.says("#hints", "take")
	m.leads(200, "t")
	m.job("take a wire", 1)
	m.says("h1", "River ministers meet in midstream")
	m.says(".lineage", "Northwind")

	m.opens(h.room("/wires"), 200) // there too
	m.until(`document.querySelector("[data-line]") !== null`)
	m.press("g")
	m.arrives(200, "g b", struck("b"))
	m.says("[data-part=wires]", "in River ministers meet")

	m.opens(h.room("/coverage"), 200)
	m.leads(200, "n")
	m.isAt("#f-headline")
	m.job("start a story", 1)
	m.do(chromedp.KeyEvent("Begun by hand"))
	m.arrives(200, "Ctrl S", struck("s", kb.ModifierCtrl))

	m.press(kb.Escape)
	m.arrives(200, "Ctrl .", struck(".", kb.ModifierCtrl))
	m.goesTo("2", "Begun by hand")
	m.leads(200, "r")
	m.job("to the sub", 1)
	m.says("[role=status]", "Marked as ready")
	m.says("[data-part=stories]", "Ready for a second pair of eyes 1", "Begun by hand")
}

// Job 3: a picture, whose caption and credit are kept as they were read.
func TestAPictureByKeys(t *testing.T) {
	file, err := filepath.Abs("../../internal/demo/content/wire/sellane-river.jpg")
	if err != nil {
		t.Fatal(err)
	}
	h := friday(t)
	m := handsOf(h.member())
	m.begins("River ministers meet", "They met on the bridge.")
	set(m.tab, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
	m.n++
	chooser := run(m.tab, chromedp.WaitEvent(page.FileChooserOpened, nil, struck("p", kb.ModifierAlt)))
	m.arrives(200, "the file", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, BackendNodeID: chooser.BackendNodeID})
		return err
	}))
	m.isAt(".pic textarea")
	m.leads(200, kb.Enter)
	m.job("a picture", 2)
	m.says("[role=status]", "Saved.")
	m.says(".gate", "Nothing stands between this and readers.")
	if got := eval[string](m.tab, `document.querySelector(".pic textarea").value`); len(got) < 20 {
		t.Errorf("its caption is %q", got)
	}
}

// Job 4: the words that are selected are a quotation; its speaker is named, and writing goes on.
func TestAQuotationByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("The pilot speaks", "Before the storm. The harbour is full, said the pilot 🚢 and left.")
	m.do(chromedp.Focus(chromedp.CSS(".block textarea")))
	eval[bool](m.tab, `(e => { const at = e.value.indexOf("The harbour"); e.setSelectionRange(at, at + "The harbour is full".length); return true; })(document.activeElement)`)
	m.leads(200, `"`)
	m.isAt(".quote input")
	m.do(chromedp.KeyEvent("Ada Quist"))
	m.job("a quotation", 1)
	m.arrives(200, "Ctrl S", struck("s", kb.ModifierCtrl))
	got := eval[[]string](m.tab, `[...document.querySelectorAll(".block")].map(b => b.querySelector("select").value + ": " + b.querySelector("textarea").value)`)
	want := []string{"paragraph: Before the storm.", "quotation: The harbour is full", "paragraph: , said the pilot 🚢 and left."}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("the text became %q", got)
		}
	}
	m.opens(h.room("/stories/"+m.story()+"/quotations"), 200)
	if got := eval[string](m.tab, `document.querySelector(".said").innerText + " / " + document.querySelector("[name^=speaker]").value`); got != "The harbour is full / Ada Quist" {
		t.Errorf("what is known of it is %q", got)
	}
}

// Jobs 6 and 8: publish, undo, publish, update; and a live page's next entry.
func TestPublishAndUpdateByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("The ferry leaves", "It leaves at nine.")
	m.do(chromedp.Focus(chromedp.CSS(".block textarea")))
	m.leads(200, kb.Enter, kb.ModifierCtrl)
	m.job("publish now", 1)
	m.says(".act--undo", "leaves in 10 seconds")
	m.leads(200, "u")
	m.job("undo", 1)
	m.says("[role=status]", "Taken back.")
	m.do(chromedp.Focus(chromedp.CSS(".block textarea")))
	m.arrives(200, "Ctrl Enter", struck(kb.Enter, kb.ModifierCtrl))
	h.clock("2024-03-22T15:05:30Z")

	m.opens(h.room("/desk/new-york"), 200)
	m.goesTo("2", "The ferry leaves")
	m.leads(200, "a")
	m.isAt(".block textarea")
	m.do(chromedp.KeyEvent("And more. "))
	m.leads(200, kb.Enter, kb.ModifierCtrl)
	m.job("an update, from the board", 2)
	m.says(".act--undo", "Update by Tamar Shohat")
}

func TestALiveEntryByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("A live page", "What it is about.")
	m.sets("#f-type", "live")
	m.posts()
	id := m.story()
	m.opens(h.room("/stories/"+id+"/live"), 200)
	m.submits("#open button.main", 200)
	h.clock("2024-03-22T15:05:30Z")
	m.opens(h.room("/desk/new-york"), 200)
	m.goesTo("2", "A live page")
	m.leads(200, "a")
	m.isAt("#adds + form textarea, .entryform input, .entryform textarea")
	m.do(chromedp.KeyEvent("An entry by hand"))
	m.leads(200, kb.Enter, kb.ModifierCtrl)
	m.job("a live entry, from the board", 2)
	m.says(".act", "Add a live entry")
	m.do(chromedp.KeyEvent("Another"))
	m.isAt(".entryform textarea")
	m.leads(200, kb.Enter, kb.ModifierCtrl)
	m.job("a live entry, on its page", 1)
}

// Job 7: a slot said in words, and an embargo.
func TestASlotByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("For Tuesday", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	m.opens(h.room("/desk/new-york"), 200)
	m.goesTo("2", "For Tuesday")
	m.leads(200, "s")
	m.isAt("#when")
	m.do(chromedp.KeyEvent("Tue 9am London"))
	m.until(`document.querySelector("#when-is").innerText.includes("Jerusalem, London, New York") || document.querySelector("#when-is").innerText.includes("London")`)
	m.says("#when-is", "05:00 New York", "11:00 Jerusalem", "On duty then")
	m.leads(200, kb.Enter)
	m.job("a slot", 3)
	m.says(".act", "opens Tuesday 05:00 in New York")

	m.presses("s")
	m.isAt("#when")
	m.do(chromedp.KeyEvent("embargo wed 9am"))
	m.leads(200, kb.Enter)
	m.job("an embargo", 3)
	m.says("#embargoed", "Embargoed until Wednesday 09:00 in New York")
	m.says(".act", "opens Wednesday 09:00 in New York")
}

// Job 9: a correction. What it said and what it says is filled in, to be read.
func TestACorrectionByKeys(t *testing.T) {
	h := friday(t)
	m, r := handsOf(h.member()), newTab(t, h)
	id := m.begins("The ferry to the island", "The ferry leaves at nine and is punctual.")
	m.posts()
	h.clock("2024-03-22T15:05:30Z")
	m.opens(h.room("/posted"), 200)
	m.goesTo("1", "The ferry to the island")
	m.leads(200, "c")
	m.isAt(".block textarea")
	m.types(".block textarea", "The ferry leaves at ten and is punctual.")
	m.presses("3", kb.ModifierAlt)
	m.leads(200, kb.Enter, kb.ModifierCtrl)
	m.job("a correction", 3)
	m.says(".act--undo", "Correct by Tamar Shohat")
	h.clock("2024-03-22T15:06:00Z")
	r.opens(h.readers("/"+id), 200)
	r.says(".art__text", "The ferry leaves at ten and is punctual.")
	r.says(".fix", "leaves at nine and is punctual", "leaves at ten and is punctual")
}

// Job 10: what the desk holds is settled by one key.
func TestHandingOverByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("Still open", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	h.clock("2024-03-22T20:00:00Z")
	m.opens(h.room("/desk/new-york"), 200)
	m.arrives(200, "x", struck("x"))
	m.says("main", "2 lines have no end")
	m.press("j")
	m.isAt("[data-line=closing] a")
	m.leads(200, "h")
	m.job("an end for one line", 1)
	m.says("main", "1 line has no end")
	m.leads(200, "a")
	m.job("hand over", 1)
	m.says("[role=status]", "Every line has its end.")
}

// TestGivingByKeys gives a story to the desk that is offered first, which accepts it.
func TestGivingByKeys(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.begins("To be given", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	m.opens(h.room("/desk/new-york"), 200)
	m.goesTo("2", "To be given")
	m.leads(200, "v")
	m.isAt("#give select")
	m.presses(kb.Tab)
	m.leads(200, kb.Enter)
	m.job("give", 3)
	m.says("#offered", "Offered to the Jerusalem desk")
	m.opens(h.room("/desk/jerusalem"), 200)
	m.goesTo("2", "To be given")
	m.leads(200, "a")
	m.job("accept", 1)
	m.says("[role=status]", "Accepted.")
	m.says("[data-part=stories]", "To be given")
}

// TestThePaletteAndTheSheet: all that a page can do is found by typing, and single letters
// can be turned off.
func TestThePaletteAndTheSheet(t *testing.T) {
	h := friday(t)
	m := handsOf(h.member())
	m.opens(h.room("/desk/new-york"), 200)
	m.press("/")
	m.isAt("input.filter")
	m.do(chromedp.KeyEvent("perpetua is raised"))
	m.press(kb.Enter)
	m.isAt("[data-line] a")
	if got := eval[int](m.tab, `[...document.querySelectorAll("[data-line=story]")].filter(e => e.getClientRects().length).length`); got != 1 {
		t.Errorf("the filter leaves %d stories", got)
	}
	m.press("k", kb.ModifierCtrl)
	m.isAt("#palette input")
	m.isAccessible()
	m.do(chromedp.KeyEvent("members"))
	m.arrives(200, "Enter", struck(kb.Enter))
	m.says("h1", "Members")
	m.press("?")
	m.until(`document.querySelector("#sheet").open`)
	m.isAccessible()
	m.clicks("#letters")
	m.press(kb.Escape)
	m.opens(h.room("/desk/new-york"), 200)
	m.press("j")
	if eval[bool](m.tab, `document.activeElement.closest("[data-line]") !== null`) {
		t.Error("a letter works that was turned off")
	}
	m.press("j", kb.ModifierAlt)
	m.isAt("[data-line] a")
}
