package desk

import (
	"net/http"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// frame is what every screen of a member has: the bar with desks and clocks, the foot.
type frame struct {
	Tongue        string // in which it is drawn
	Title         string
	Sheet, Script string
	KeyScript     string
	Live          string // the channels that the page listens to; "" for none
	Icon          string
	House         string
	Member        string
	Admin         bool
	Doubt         string
	Stuck         string // why the last write could not be kept
	Exceptions    []exceptionLine
	Troubles      []string // why newer rests of a desk cannot be computed
	Head          int64
	Now           string
	Error         string // a refusal, in its place
	Said          string // what became of the last act

	topBar
	room *newsroom.Room
}

// said are the sentences that a page may show about the act before it. The address names
// one; it cannot bring words of its own.
var said = map[string]string{
	"saved":    "Saved.",
	"clash":    "Saved, and nothing else was done: somebody had changed the same part. Both texts are below, choose one.",
	"ready":    "Marked as ready for a second pair of eyes.",
	"approved": "Approved: this revision, and no other.",
	"posted":   "Posted. Readers see it.",
	"lagging":  "Posted. This machine's site shows it in a moment.",
	"waiting":  "Filed. It waits at the gate and leaves by itself, as told below.",
	"back":     "Taken back. Nothing left.",
	"moved":    "It has another time now.",
	"embargo":  "The embargo is set as you said.",
	"kept":     "Kept, with your reason.",
	"settled":  "Settled. Both texts stay in the history.",
	"picture":  "The picture is in. Look at its caption and credit.",
	"hour":     "The hour is confirmed. What was due goes out now.",
	"front":    "The front page is filed.",
	"settings": "Saved. These settings hold from now on.",
	"calendar": "The file is kept. Its line stands below the others and is not saved yet: look at the next rests, then save.",

	"calendarGone": "The file is removed.",

	"asked":   "Asked. A second person confirms it, on this page.",
	"granted": "Granted. What is filed for this story now goes, until the exception ends.",
	"erased":  "Erased. No row of the store holds a word of it; the files are being cleared.",
	"dropped": "Dropped. Nothing was done.",
	"changed": "Filed, for every place where the picture ran.",

	"silenced":    "Taken back. Readers no longer see it.",
	"menus":       "Saved. Readers see them at the foot of every page.",
	"addresses":   "Saved. The old addresses lead on from now on.",
	"welcome":     "You are in. Give yourself a key now, so that you can come again.",
	"passkey":     "The passkey is added. It signs you in from now on.",
	"keyGone":     "Removed. It opens nothing any more.",
	"sessionGone": "Signed out there.",
	"tokenGone":   "Revoked. The program is refused from now on.",
	"member":      "Saved. It holds from now on.",
	"uninvited":   "Called back. The link opens nothing any more.",
	"settledLine": "The line has its end.",
	"settledAll":  "Every line has its end. The desk closes by itself.",
	"accepted":    "Accepted. It is this desk’s now, with the time that it had.",
	"declined":    "Declined. It stays where it is.",
	"language":    "The newsroom speaks to you so from now on.",
	"offered":     "Offered. It stays here until that desk accepts it.",
	"recalled":    "It is no longer offered.",

	"look":       "Saved. Readers’ pages look so from now on.",
	"frontWaits": "The front page is filed, and waits at the gate.",
}

// exceptionLine is an exception that lasts: on every screen.
type exceptionLine struct{ Address, Headline, Desk, Until, Asked, Granted string }

func (f frame) language() string { return f.Tongue }

// say says words in the language of the page.
func (f frame) say(english string, a ...any) string { return tongue.Say(f.Tongue, english, a...) }

// NewKey is a fresh idempotency key: one for each form.
func (f frame) NewKey() string {
	if f.room == nil {
		return ""
	}
	return f.room.NewKey()
}

// deskClock is a desk's clock in the bar: the hour there, and whether it is on duty.
type deskClock struct {
	City, HM, State, Words string
	Address                string // of its board
	Own                    bool
}

func (d *desk) frame(r *http.Request, who newsroom.Who, h newsroom.HouseView, own story.DeskID, title string) frame {
	f := frame{Tongue: h.Lang, Title: title, Sheet: d.sheet, Script: d.script, KeyScript: d.files.Path("passkey.js"), Icon: d.files.Path("icon.svg"), House: h.Pick(h.House.Names), Member: who.Name, Admin: who.Admin,
		Doubt: tongue.Again(h.Lang, h.Doubt), Stuck: tongue.Again(h.Lang, h.Stuck), Head: h.Head, room: d.room, Now: clock.HMS(h.Now, h.Zone) + " " + h.City(), Said: h.Say(said[r.URL.Query().Get("said")])}
	for _, e := range h.Exceptions {
		if x, ok := h.Desk(string(e.Desk)); ok {
			f.Exceptions = append(f.Exceptions, exceptionLine{"/stories/" + string(e.Article), e.Headline, x.Name(), when(e.Until, x), e.Asked, e.Granted})
		}
	}
	for _, x := range h.Desks {
		if x.Trouble != "" {
			f.Troubles = append(f.Troubles, tongue.Again(h.Lang, x.Trouble))
		}
	}
	f.setBar(r, who, h, own)
	return f
}

func clockOf(x newsroom.DeskView, now time.Time, own bool) deskClock {
	c := deskClock{City: x.City(), HM: clock.HM(now, x.Zone), Own: own}
	if w, resting := x.Hours.Rests(now); resting {
		c.State, c.Words = "rest", x.Say("at rest until %s", shortWhen(w.End, x, now))
		return c
	}
	if !x.Hours.Known(now) {
		c.State, c.Words = "doubt", x.Say("closed: its rests are not known")
		return c
	}
	c.State, c.Words = "duty", x.Say("on duty")
	if until := x.Hours.Until(now); !until.IsZero() {
		c.Words = x.Say("on duty until %s", shortWhen(until, x, now))
	}
	return c
}

// shortWhen is an instant at a desk, with its day when it is another one: "Sat 18:29".
func shortWhen(t time.Time, x newsroom.DeskView, now time.Time) string {
	if clock.Date(t, x.Zone) == clock.Date(now, x.Zone) {
		return clock.HM(t, x.Zone)
	}
	if t.Sub(now) < 6*24*time.Hour {
		return clock.ShortDay(t, x.Zone, x.Lang) + " " + clock.HM(t, x.Zone)
	}
	return clock.DateTime(t, x.Zone, x.Lang)
}

// when is an instant at a desk, with its city.
func when(t time.Time, x newsroom.DeskView) string {
	return x.Say("%s in %s", clock.DayTime(t, x.Zone, x.Lang), x.City())
}

// both is an instant at a desk and at the house.
func both(t time.Time, x newsroom.DeskView, h newsroom.HouseView) string {
	s := clock.HM(t, x.Zone) + " " + x.City()
	if x.Settings.Place.Zone == h.House.Seat.Zone {
		return s
	}
	day := ""
	if !clock.SameDay(t, x.Zone, h.Zone) {
		day = " (" + clock.ShortDay(t, h.Zone, h.Lang) + ")"
	}
	return s + " · " + clock.HM(t, h.Zone) + day + " " + h.City()
}
