package browser_test

import "testing"

// unfold opens a form of the story's page that stands folded behind a word.
func (b *tab) unfold(form string) {
	b.t.Helper()
	if !eval[bool](b, "document.querySelector(%s).closest('details').open", form) {
		eval[bool](b, "document.querySelector(%s).closest('details').querySelector('summary').click() ?? true", form)
	}
}

// TestASlotUnderAnEmbargo: the embargo outlives the slot. Not a word is public one second
// before it ends; all of it is in the second in which it does.
func TestASlotUnderAnEmbargo(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("The canary sings at noon", "A canary sang in New York.")
	m.submits("#save-bar button[value=save]", 200)
	m.unfold("#embargo-form")
	m.sets("#embargo-form [name=slotTime]", "12:00")
	m.sets("#embargo-form [name=slotZone]", "America/New_York")
	m.submits("#embargo-form button[value=set]", 200)
	m.says("#embargoed", "Embargoed until Friday 12:00 in New York · Friday 18:00 Jerusalem.")

	m.unfold("#publish [name=slotTime]")
	m.sets("#publish [name=slotTime]", "15:30")
	m.sets("#publish [name=slotZone]", "Europe/London")
	m.submits("button.main", 200)
	m.says(".act", "Publish by Tamar Shohat, filed", "opens Friday 12:00 in New York · Friday 18:00 Jerusalem")

	hidden := func() {
		t.Helper()
		for path, status := range map[string]int64{"/": 200, "/desk/new-york": 200, "/s/city": 200, "/" + id: 404, "/canary-" + id: 404} {
			r.opens(h.readers(path), status)
			r.lacks("canary sings", "canary sang")
		}
	}
	hidden()
	h.clock("2024-03-22T15:30:00Z") // the slot
	hidden()
	h.clock("2024-03-22T15:59:59Z")
	hidden()
	h.clock("2024-03-22T16:00:00Z")
	for _, path := range []string{"/", "/desk/new-york", "/s/city"} {
		r.opens(h.readers(path), 200)
		r.says("main", "The canary sings at noon")
	}
	r.opens(h.readers("/"+id), 200)
	r.says(".art__text", "A canary sang in New York.")
	r.says(".strip", "Jerusalem", "18:00", "New York", "12:00")
}

// TestAMovedSlot: what is filed for one time is given another, in the page.
func TestAMovedSlot(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("Moved to the afternoon", "A paragraph.")
	m.unfold("#publish [name=slotTime]")
	m.sets("#publish [name=slotTime]", "11:30")
	m.submits("button.main", 200)
	m.says(".act", "opens 11:30 in New York")
	m.unfold("form[id^=slot-]")
	m.sets("form[id^=slot-] [name=slotTime]", "13:00")
	m.submits("form[id^=slot-] button", 200)
	m.says(".act", "opens 13:00 in New York")
	h.clock("2024-03-22T16:59:59Z")
	r.opens(h.readers("/"+id), 404)
	h.clock("2024-03-22T17:00:00Z")
	r.opens(h.readers("/"+id), 200)
}

func TestTheEmbargoForm(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("Under embargo", "A paragraph.")
	m.submits("#save-bar button[value=save]", 200)
	do := func(what string, status int64) {
		t.Helper()
		m.unfold("#embargo-form")
		m.submits("#embargo-form button[value="+what+"]", status)
	}
	do("set", 400)
	m.says("[role=alert]", "Say until when: a date, a time and a city.")
	do("open", 200)
	m.says("#embargoed", "Embargoed without an end.")
	m.atOnce()
	m.submits("button.main", 200) // filed, and waits
	r.opens(h.readers("/"+id), 404)
	do("lift", 400)
	m.says("[role=alert]", "Say why the embargo is lifted")
	m.unfold("#embargo-form")
	m.types("#embargo-form [name=reason]", "The ministry lifted it at noon.")
	do("lift", 200)
	h.clock("2024-03-22T15:05:01Z")
	r.opens(h.readers("/"+id), 200)
	r.says("h1", "Under embargo")
}

// TestCorrectWithdrawKill takes a story through all that takes words back, and reads each
// as readers do.
func TestCorrectWithdrawKill(t *testing.T) {
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("The ferry to the island", "The ferry leaves at nine.")
	m.posts()
	address := func() string { return h.readers("/" + id) }

	h.clock("2024-03-22T15:20:00Z")
	m.opens(h.room("/stories/"+id), 200)
	m.types(".block textarea", "The ferry leaves at ten.")
	m.unfold("#correct")
	m.atOnce()
	m.submits("#correct button", 400)
	m.says("[role=alert]", "write the note")
	m.types("#correct [name=note]", "An earlier version had the hour wrong.")
	m.types("#correct [name=was]", "nine")
	m.types("#correct [name=is]", "ten")
	m.atOnce()
	m.submits("#correct button", 200)
	m.says("[role=status]", "Posted.")
	r.opens(address(), 200)
	r.says(".fix", "An earlier version had the hour wrong.", "nine", "ten")
	r.says(".art__text", "The ferry leaves at ten.", "The time of posting has not changed.")
	r.submits("a[href$='/history']", 200)
	r.opens(address()+"/history/1", 200)
	r.says("main", "The ferry leaves at nine.", "This is an earlier text.")
	r.opens(h.readers("/corrections"), 200)
	r.says("main", "An earlier version had the hour wrong.")

	m.unfold("#withdraw")
	m.types("#withdraw [name=note]", "The ferry company asked for time.")
	m.submits("#withdraw button", 200)
	r.opens(address(), 410)
	r.says("main", "The ferry company asked for time.")
	r.lacks("The ferry leaves")
	r.opens(h.readers("/"), 200)
	r.lacks("The ferry to the island")
	r.opens(address()+"/history/1", 200) // earlier texts stay

	m.unfold("#kill")
	m.types("#kill [name=confirm]", "kill")
	m.submits("#kill button", 400)
	m.says("[role=alert]", "Type KILL")
	m.types("#kill [name=confirm]", "KILL")
	m.submits("#kill button", 200)
	for path, status := range map[string]int64{"/" + id: 410, "/" + id + "/history": 410, "/" + id + "/history/1": 410, "/corrections": 200, "/": 200} {
		r.opens(h.readers(path), status)
		r.lacks("ferry leaves", "hour wrong", "asked for time")
	}
}
