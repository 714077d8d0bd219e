package desk_test

import (
	"log/slog"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/desk"
)

// TestAWordingIsLookedAtAndKept at any instant, in both languages, by the desk's chief alone.
func TestAWordingIsLookedAtAndKept(t *testing.T) {
	n := open(t)
	var said []time.Time
	n.web = desk.New(n.room, desk.Options{Log: slog.New(slog.DiscardHandler), ReadersAddress: "http://localhost:8080", Notice: func(h newsroom.HouseView, id story.DeskID, at time.Time, lang string) string {
		x, _ := h.Desk(string(id))
		said = append(said, at)
		return lang + " says: " + x.Content.Notice.In(lang)
	}})
	b := n.signIn("Tamar Shohat")
	b.get("/desk/new-york/notice")
	b.want("The notice at some instants")
	b.submit("notice", map[string]string{"en": "Back soon.", "do": "save"})
	b.want("The notice has to say {when} once", "Back soon.")
	b.submit("notice", map[string]string{"en": "{desk} is silent until {when}.", "he": "{desk} שובת עד {when}.", "day": "2024-03-23", "hour": "09:00", "do": "preview"})
	b.want("en says: {desk} is silent until {when}.", "he says: {desk} שובת עד {when}.", "Saturday 23 March, 09:00")
	if want := time.Date(2024, 3, 23, 13, 0, 0, 0, time.UTC); !said[len(said)-12].Equal(want) {
		t.Errorf("looked at %s, not %s", said[len(said)-12], want)
	}
	b.submit("notice", map[string]string{"do": "save"})
	b.want("These settings hold from now on.")
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"do": "save"})
	h, err := n.room.House(t.Context())
	check(t, err)
	x, _ := h.Desk("new-york")
	if got := x.Content.Notice["en"]; got != "{desk} is silent until {when}." {
		t.Errorf("after other settings were saved, its wording is %q", got)
	}
	o := n.signIn("Oren Vail")
	o.get("/desk/new-york/notice")
	if o.status != 403 {
		t.Errorf("a reporter is answered %d", o.status)
	}
}
