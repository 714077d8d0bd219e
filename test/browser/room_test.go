package browser_test

import (
	"testing"
)

// joins opens a tab of somebody new, who comes by an invitation as an editor at New York.
func (b *tab) joins(name string) *tab {
	b.t.Helper()
	b.opens(b.house.room("/members"), 200)
	b.types("#invite [name=name]", name)
	eval[bool](b, `([...document.querySelectorAll("#invite tbody tr")].find((r) => r.innerText.includes("New York")).querySelector("td:nth-of-type(2) input").click(), true)`)
	b.submits("#invite button.main", 200)
	link := eval[string](b, `document.querySelector("#link").value`)
	n := newTab(b.t, b.house)
	n.opens(link, 200)
	n.submits("button.main", 200)
	return n
}

// TestTheNewsroomListens: a board shows a new story without being loaded anew, an editor
// says who else is there and that they saved, and whoever is let go is told nothing more.
func TestTheNewsroomListens(t *testing.T) {
	h := friday(t)
	m := h.member()
	r := m.joins("Noor Haddad")
	r.unmoved(h.room("/desk/new-york"))
	r.sets("#lang", "he") // what is chosen on the board stays
	eval[bool](r, `(window.scrollTo(0, 120), document.querySelector("[data-part=stories] a").focus({ preventScroll: true }), true)`)
	focused := eval[string](r, `document.activeElement.href`)
	id := m.begins("The lamplighter works on", "He does.")
	m.submits("#save-bar button[value=save]", 200)
	r.until(`document.querySelector("[data-part=stories]").textContent.includes("The lamplighter works on")`)
	r.stays()
	if now := eval[string](r, `document.activeElement.href ?? ""`); now != focused {
		t.Errorf("the focus went from %s to %q", focused, now)
	}
	if got := eval[string](r, `document.querySelector("#lang").value`); got != "he" {
		t.Errorf("what was chosen became %q", got)
	}

	r.unmoved(h.room("/stories/" + id))
	m.until(`document.querySelector("#here").textContent.includes("Noor Haddad has this open, since 11:05.")`)
	r.until(`document.querySelector("#here").textContent.includes("Tamar Shohat has this open, since 11:05.")`)
	r.types("#f-standfirst", "Typed and not saved.")
	m.types("#f-headline", "The lamplighter rests")
	m.submits("#save-bar button[value=save]", 200)
	r.until(`document.querySelector(".here__newer")?.textContent.includes("Tamar Shohat saved another text at 11:05.")`)
	if got := eval[string](r, `document.querySelector("#f-standfirst").value + "|" + document.querySelector("#f-headline").value`); got != "Typed and not saved.|The lamplighter works on" {
		t.Errorf("what was typed became %q", got)
	}
	r.stays()
	m.opens(h.room("/stories/"+id), 200)
	m.until(`document.querySelector("#here").textContent.includes("Noor Haddad")`)
	m.fits()
	m.isAccessible()

	r.expects.Store(true) // what it asks for is refused from now on
	m.opens(h.room("/members?find=noor"), 200)
	m.follows("Noor Haddad")
	m.submits("#close button", 200)
	r.until(`document.getElementById("main").dataset.heard === "ended"`)
	if got := eval[string](r, `document.querySelector("#f-standfirst").value`); got != "Typed and not saved." {
		t.Errorf("what was typed became %q", got)
	}
	r.says("#here", "You are signed out")
}

// TestAHiddenBoardListensNot, and is brought up to date when it is looked at again.
func TestAHiddenBoardListensNot(t *testing.T) {
	h := friday(t)
	m := h.member()
	r := m.beside()
	r.unmoved(h.room("/desk/new-york"))
	r.hides(true)
	r.until(`document.getElementById("main").dataset.heard === undefined`)
	m.begins("The lamplighter works on", "He does.")
	m.submits("#save-bar button[value=save]", 200)
	r.lacks("The lamplighter works on")
	r.hides(false)
	r.until(`document.querySelector("[data-part=stories]").textContent.includes("The lamplighter works on")`)
	r.stays()
}

// TestTheGateOfAnOpenStory is told what somebody else did, and what is typed stays.
func TestTheGateOfAnOpenStory(t *testing.T) {
	h := friday(t)
	m := h.member()
	id := m.begins("The lamplighter works on", "He does.")
	m.submits("#save-bar button[value=save]", 200)
	r := m.joins("Noor Haddad")
	r.unmoved(h.room("/stories/" + id))
	r.says(".strip__gate", "Nothing stands between this and readers.")
	r.types("#f-standfirst", "Typed and not saved.")
	m.opens(h.room("/stories/"+id), 200)
	m.submits("button.main", 200)
	r.until(`document.querySelector(".strip__gate .act--undo")?.textContent.includes("Publish by Tamar Shohat")`)
	r.until(`document.querySelector(".strip__gate [data-seconds]").innerText !== "leaves in 10 seconds"`) // and it is counted down there too
	m.submits(".act--undo button", 200)
	r.until(`document.querySelector(".strip__gate .act") === null`)
	if got := eval[string](r, `document.querySelector("#f-standfirst").value`); got != "Typed and not saved." {
		t.Errorf("what was typed became %q", got)
	}
	r.stays()
}
