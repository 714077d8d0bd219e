package desk_test

import (
	"testing"
	"time"
)

// TestClosingSaysWhatIsInside: a slot and an embargo that fall into the rest, and what comes
// of each line.
func TestClosingSaysWhatIsInside(t *testing.T) {
	n := open(t)
	n.now = n.now.Add(6 * time.Hour)
	_, err := n.room.Step(t.Context())
	check(t, err)
	b := n.signIn("Leah Brandt")
	b.begin("Under an embargo")
	b.submit("publish", map[string]string{"slotWords": "embargo sat 10am", "what": "publish"})
	b.begin("Slotted")
	b.submit("publish", map[string]string{"slotWords": "sat 9am", "what": "publish"})
	b.want("Filed.")
	b.get("/desk/new-york/closing")
	b.want("Asked for Sat 09:00, at rest", "Its embargo ends Sat 10:00, at rest", "Goes by itself Sat 19:53", "Until Sat 19:53 here", "2 lines have no end")
}
