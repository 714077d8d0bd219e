package browser_test

import (
	"strings"
	"testing"
)

// unmoved opens a page, waits until it listens, and has it remember that it was not fetched anew.
func (b *tab) unmoved(address string) {
	b.t.Helper()
	b.opens(address, 200)
	eval[bool](b, `(window.unmoved = true)`)
	b.until(`document.getElementById("main").dataset.heard === "stream"`)
}

// stays fails if the page was loaded anew meanwhile.
func (b *tab) stays() {
	b.t.Helper()
	if !eval[bool](b, `window.unmoved === true`) {
		b.t.Fatal("the page was loaded anew")
	}
}

// hides has the page believe that its tab is in the background, or again in front.
func (b *tab) hides(hidden bool) {
	b.t.Helper()
	eval[bool](b, `(Object.defineProperty(document, "hidden", { value: %s, configurable: true }), document.dispatchEvent(new Event("visibilitychange")))`, hidden)
}

func TestNewStoriesWaitBehindACount(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	r.unmoved(h.readers("/"))
	m.begins("The lamplighter works on", "He does.")
	m.posts()
	r.until(`document.querySelector(".fresh:not([hidden])")?.textContent === "1 new story"`)
	r.lacks("The lamplighter works on")
	m.begins("The ferry is late", "It is.")
	m.posts()
	r.until(`document.querySelector(".fresh")?.textContent === "2 new stories"`)
	r.clicks(".fresh a")
	r.until(`document.querySelector("main").textContent.includes("The ferry is late")`)
	r.says("main", "The lamplighter works on")
	r.until(`document.querySelector(".fresh").hidden`)
	r.stays()
}

// TestAnOpenArticleChangesInPlace has two readers, one at the top of the page and one who
// has read on, see a correction, a withdrawal and a kill.
func TestAnOpenArticleChangesInPlace(t *testing.T) {
	h := friday(t)
	m, top, below := h.member(), newTab(t, h), newTab(t, h)
	id := m.begins("The ferry to the island", "The ferry leaves.")
	m.sets(".block textarea", "The ferry leaves at nine."+strings.Repeat("\n\nThe crossing takes half an hour, and the island has one street, which is steep.", 40)+"\n\nThe last boat is at six.")
	m.posts()
	top.unmoved(h.readers("/" + id))
	below.unmoved(h.readers("/" + id))
	top.expects.Store(true) // its own page answers 410 in the end
	below.expects.Store(true)
	eval[bool](below, `(window.scrollTo(0, document.body.scrollHeight - innerHeight - 200), true)`)
	seen := `Math.round([...document.querySelectorAll(".art__text p")].find((p) => p.textContent.includes("last boat")).getBoundingClientRect().top)`
	before := eval[int](below, seen)

	h.clock("2024-03-22T15:08:00Z")
	m.opens(h.room("/stories/"+id), 200)
	m.types(".block textarea", "The ferry leaves at ten.")
	m.unfold("#correct")
	m.types("#correct [name=note]", "An earlier version had the wrong hour.")
	m.atOnce()
	m.submits("#correct button", 200)
	for _, r := range []*tab{top, below} {
		r.until(`document.querySelector(".fix")?.textContent.includes("wrong hour")`)
		r.says(".art__text", "The ferry leaves at ten.")
		r.until(`document.querySelector("[role=status]").textContent.includes("The ferry to the island")`)
		r.stays()
	}
	if after := eval[int](below, seen); after < before-2 || after > before+2 {
		t.Errorf("what the reader looked at moved from %d to %d", before, after)
	}

	m.unfold("#withdraw")
	m.types("#withdraw [name=note]", "The ferry company asked for time.")
	m.submits("#withdraw button", 200)
	top.until(`document.querySelector("main").textContent.includes("asked for time")`)
	top.lacks("The ferry leaves")
	m.unfold("#kill")
	m.types("#kill [name=confirm]", "KILL")
	m.submits("#kill button", 200)
	for _, r := range []*tab{top, below} {
		r.until(`!document.querySelector("main").textContent.includes("asked for time")`)
		r.lacks("ferry leaves", "wrong hour")
		r.stays()
	}
}

func TestAStoryIsTakenFromOpenLists(t *testing.T) {
	h := friday(t)
	m := h.member()
	id := m.begins("The ferry to the island", "The ferry leaves at nine.")
	m.posts()
	front, desk := newTab(t, h), newTab(t, h)
	front.unmoved(h.readers("/"))
	desk.unmoved(h.readers("/desk/new-york"))
	m.opens(h.room("/stories/"+id), 200)
	m.unfold("#kill")
	m.types("#kill [name=confirm]", "KILL")
	m.submits("#kill button", 200)
	for _, r := range []*tab{front, desk} {
		r.until(`!document.body.textContent.includes("The ferry to the island")`)
		r.stays()
	}
}

func TestADeskClosesOnAnOpenPage(t *testing.T) {
	h := friday(t)
	en, he := newTab(t, h), newTab(t, h)
	en.unmoved(h.readers("/"))
	he.unmoved(h.readers("/he/desk/jerusalem"))
	h.clock("2024-03-22T15:12:00Z")
	en.until(`document.querySelector(".strip .notice").textContent.includes("Jerusalem follows, Saturday 18:29.")`)
	he.until(`document.querySelector(".strip .notice").textContent.includes("דסק ירושלים שובת עד שבת 18:29.")`)
	for _, r := range []*tab{en, he} {
		r.stays()
	}
}

// TestSleepAndWake has a page in the background hold no stream, and miss nothing.
func TestSleepAndWake(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	r.unmoved(h.readers("/"))
	r.hides(true)
	h.until("no page listens", func() bool { return h.figure("dateline_live_readers") == 0 })
	m.begins("The lamplighter works on", "He does.")
	m.posts()
	r.until(`document.querySelector(".fresh").hidden`)
	r.hides(false)
	r.until(`document.querySelector(".fresh:not([hidden])")?.textContent === "1 new story"`)
	r.stays()
}

// TestTheHouseDiesAndReturns has a page whose house was killed listen again, and miss nothing.
func TestTheHouseDiesAndReturns(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	r.unmoved(h.readers("/"))
	r.expects.Store(true)
	m.expects.Store(true) // its board listens too
	h.returns()
	m.begins("The lamplighter works on", "He does.")
	m.posts()
	r.until(`document.querySelector(".fresh:not([hidden])")?.textContent === "1 new story"`)
	r.stays()
}

// TestALivePageGrows has entries come to a reader who is at its top, and to one who has
// read on; and be changed and removed before both.
func TestALivePageGrows(t *testing.T) {
	h := friday(t)
	m, top, below := h.member(), newTab(t, h), newTab(t, h)
	top.opens(h.readers("/"), 200)
	live := eval[string](top, `document.querySelector(".kick--live").closest("[data-story]").querySelector(".hed a").href`)
	id := live[strings.LastIndexByte(live, '-')+1:]
	top.unmoved(live)
	below.unmoved(live)
	seen := `Math.round([...document.querySelectorAll("#entries > li")].at(-1).getBoundingClientRect().top)`
	eval[bool](below, `(window.scrollTo(0, document.body.scrollHeight), true)`)
	before := eval[int](below, seen)

	m.opens(h.room("/stories/"+id+"/live"), 200)
	m.types("#add [name=headline]", "A word from the hall")
	m.types("#add [name=text]", "The hall is full.")
	m.clicks("#add [name=noundo]")
	m.submits("#add button", 200)
	for _, r := range []*tab{top, below} {
		r.until(`document.querySelector("#entries > li .hed")?.textContent === "A word from the hall"`)
		r.stays()
	}
	if after := eval[int](below, seen); after < before-2 || after > before+2 {
		t.Errorf("what the reader looked at moved from %d to %d", before, after)
	}
	below.until(`document.querySelector(".fresh:not([hidden])")?.textContent === "1 new entry"`)

	entry := eval[string](m, `document.querySelector(".liveline").id.slice(2)`)
	m.unfold("#remove-" + entry)
	m.submits("#remove-"+entry+" button", 200)
	for _, r := range []*tab{top, below} {
		r.until(`document.querySelector("#entries > li").classList.contains("entry--gone")`)
		r.lacks("The hall is full.")
		r.stays()
	}
}
