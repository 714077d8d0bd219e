package desk_test

import (
	"regexp"
	"testing"
)

// TestAStoryIsGivenFromItsPage: its desk offers it, takes that back, offers it again; the
// other desk finds it on its board, declines it once, and accepts it then.
func TestAStoryIsGivenFromItsPage(t *testing.T) {
	n := open(t)
	b, tamar := n.signIn("Leah Brandt"), n.signIn("Tamar Shohat")
	offer := regexp.MustCompile(`id="(offer-\d+)"`)
	b.begin("Given from its page")
	page := "/stories/" + string(b.storyOf().Article.ID)
	give := func() {
		t.Helper()
		b.get(page)
		b.want("Give to a desk…", "Jerusalem: on duty until 17:12")
		b.submit("give", map[string]string{"to": "jerusalem"})
		b.want("Offered. It stays here", "Offered to the Jerusalem desk by Leah Brandt")
		b.lacks("Give to a desk…")
		tamar.get("/desk/jerusalem")
		tamar.want("Given to this desk", "Given from its page")
	}
	b.post(page+"/give", map[string][]string{"key": {"no-such-desk"}, "to": {"atlantis"}})
	b.want("Choose the desk to which it is given.")
	give()
	b.submit("recall", map[string]string{"do": "recall"})
	b.want("It is no longer offered.", "Give to a desk…")
	tamar.submit(offer.FindStringSubmatch(tamar.body)[1], map[string]string{"do": "accept"})
	tamar.want("Somebody has answered it already, or it was taken back.")
	give()
	tamar.submit(offer.FindStringSubmatch(tamar.body)[1], map[string]string{"do": "decline"})
	tamar.want("Declined. It stays where it is.", "Jerusalem desk")
	give()
	tamar.get("/wires") // the tray has it too
	tamar.want("Given to this desk", "Given from its page")
	tamar.submit(offer.FindStringSubmatch(tamar.body)[1], map[string]string{"do": "accept"})
	tamar.want("Accepted.", "Given from its page")
	tamar.lacks("Given to this desk")
	b.get("/desk/new-york")
	b.lacks("Given from its page")
}
