package desk_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// editorsOpen has the house open its editors while desks rest.
func (n *newsroomAt) editorsOpen() {
	n.t.Helper()
	b := n.signIn("Tamar Shohat")
	b.get("/settings")
	b.submit("resting", map[string]string{"editors": "on"})
	b.want("These settings hold from now on.")
}

// TestTheEditorIsShutAtRest: a calm page says until when, what silences is there, and what
// was typed in a page that was open before is saved.
func TestTheEditorIsShutAtRest(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("For after Shabbat")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("Posted.")
	page := strings.Split(b.path, "?")[0]
	n.now = n.now.AddDate(0, 0, 1)
	before := *b
	b = n.signIn("Leah Brandt")
	b.get(page)
	b.want("The editor is shut while the desk rests", "The New York desk rests until Saturday 19:53 in New York.", `id="withdraw"`, `id="ask-exception"`)
	b.lacks(`id="save"`, `id="publish"`, `id="correct"`)
	b.body = before.body // the page that was open on Friday
	b.submit("save", map[string]string{"f.standfirst": "Typed on Friday, sent on Saturday.", "do": "save"})
	b.want("Saved.", "The editor is shut")
	if got := b.storyOf().Text.Standfirst; got != "Typed on Friday, sent on Saturday." {
		t.Errorf("%q was saved", got)
	}
	b.body = before.body
	b.submit("save", map[string]string{"f.type": "nonsense", "do": "save"})
	b.want(`id="save"`) // refused: drawn with what was typed
	b.get(page)
	b.submit("withdraw", map[string]string{"note": "It was wrong."})
	b.want("Posted.")
}

// TestAnOfferIsAcceptedOnTheBoard closes a desk with its keys' forms: give, accept, hold.
func TestAnOfferIsAcceptedOnTheBoard(t *testing.T) {
	n := open(t)
	n.now = n.now.Add(6 * time.Hour) // 16:00 in New York, which rests at 18:52
	_, err := n.room.Step(t.Context())
	check(t, err)
	b := n.signIn("Leah Brandt")
	b.begin("To be given")
	given := string(b.storyOf().Article.ID)
	b.get("/desk/new-york")
	b.submit("start", nil)
	b.get("/desk/new-york/closing")
	b.want("What the New York desk still holds", "2 h 52 min", "No desk is on duty for 17 h 37 min", "15:52 list opened", "Jerusalem: at rest until Sat 18:29", "2 lines have no end")
	b.submit("line-"+given, map[string]string{"choice": "give", "to": "jerusalem"})
	b.want("The line has its end.", "Offered to Jerusalem, which has to accept it", "1 line has no end")
	b.submit("close-rest", nil)
	b.want("Every line has its end.", `aria-pressed="true"`)
	b.lacks("accept the defaults")

	n.now = n.now.Add(3 * time.Hour)
	_, err = n.room.Step(t.Context())
	check(t, err)
	b.get("/desk/new-york/closing")
	b.want("The New York desk rests", "New York closed", "Held until the desk opens", "2 lines.", "To be given (offered to Jerusalem)")

	tamar := n.signIn("Tamar Shohat")
	tamar.get("/desk/jerusalem")
	tamar.want("Given to this desk", "To be given", "by Leah Brandt of the New York desk")
	tamar.submit(regexp.MustCompile(`id="(offer-\d+)"`).FindStringSubmatch(tamar.body)[1], map[string]string{"do": "accept"})
	tamar.want("Accepted.")
	tamar.get("/desk/jerusalem")
	tamar.want("To be given")
	tamar.lacks("Given to this desk")
}
