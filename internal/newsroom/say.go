package newsroom

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A Namer turns what an objection names (a picture, a wire item) into words; nil names nothing.
type Namer func(o story.Objection) string

// Say puts the gate's objections into sentences for the newsroom, without times: whoever
// shows them writes those with the cities (SayWhen).
func Say(no []story.Objection, name Namer) string {
	var out []string
	for _, o := range no {
		out = append(out, SayOne(o, name))
	}
	return strings.Join(out, " ")
}

// SayOne is one objection as a sentence.
func SayOne(o story.Objection, name Namer) string {
	what := o.What
	if name != nil {
		if named := name(o); named != "" {
			what = named
		}
	}
	switch o.Code {
	case story.ObjectUndo:
		return "It can still be taken back."
	case story.ObjectSlot:
		return "It waits for its time."
	case story.ObjectEmbargo:
		if o.Until.IsZero() {
			return "It is under an embargo without an end. A chief can lift it."
		}
		return "It is under an embargo."
	case story.ObjectRest:
		return fmt.Sprintf("The desk rests (%s).", o.What)
	case story.ObjectHorizon:
		return "The desk's rests are not known for this time, so it is closed."
	case story.ObjectClock:
		return "The clock is in doubt. An administrator can confirm the hour."
	case story.ObjectCredit:
		return fmt.Sprintf("Picture %s has no credit. A picture is never posted without one.", quoteOr(what, "one"))
	case story.ObjectRights:
		if !o.Until.IsZero() {
			return fmt.Sprintf("The rights of picture %s have not begun.", quoteOr(what, "one"))
		}
		return fmt.Sprintf("The rights of picture %s are over.", quoteOr(what, "one"))
	case story.ObjectEyes:
		return "It needs a second pair of eyes: approval by somebody other than its last editor."
	case story.ObjectRequired:
		return fmt.Sprintf("It has no %s.", what)
	case story.ObjectBase:
		return "Somebody posted this story meanwhile. Look at what is public now, and file again."
	case story.ObjectStanding:
		return standingWords(story.Standing(o.What))
	case story.ObjectWire:
		return fmt.Sprintf("The agency took back or withheld %s. Kill it, withdraw it, or keep it with a reason.", quoteOr(what, "what this rests on"))
	}
	return string(o.Code)
}

func standingWords(s story.Standing) string {
	if words := pieceStandings[s]; words != "" {
		return words
	}
	switch s {
	case story.Never:
		return "No reader has seen this story, so there is nothing to change or take back."
	case story.Public:
		return "This story is public already. Update it or correct it."
	case story.Withdrawn:
		return "This story is withdrawn. It can be reinstated."
	case story.IsNotLive:
		return "This page is not live yet. Open it with its desks first."
	case story.IsLive:
		return "This page is live already."
	case story.IsLiveClosed:
		return "This live page is closed. Reopen it first."
	case story.OffLive:
		return "This is none of the desks of this live page."
	case story.Killed:
		return "This story is killed. Only a new revision, approved by a second person, can reinstate it."
	}
	return "This story is gone for good."
}

func quoteOr(what, otherwise string) string {
	if what == "" {
		return otherwise
	}
	return "“" + what + "”"
}

// Opening is when something opens, in the city of its desk: "opens Saturday 19:53 in New York".
func Opening(at time.Time, zone *time.Location, city string) string {
	return fmt.Sprintf("opens %s in %s", clock.DayTime(at, zone, "en"), city)
}

// namer names pictures by their captions in a text and wire items by their headlines.
func (r *Room) namer(q *store.Query, t story.Text) Namer {
	return func(o story.Objection) string {
		switch o.Code {
		case story.ObjectCredit, story.ObjectRights:
			use, _ := t.Picture(o.What)
			return cmp.Or(use.Caption, r.pictureName(q, o.What))
		case story.ObjectWire:
			return r.wireName(q, o.What)
		}
		return ""
	}
}

// actNamer is a namer for what an act would post.
func (r *Room) actNamer(q *store.Query, act store.Act) (Namer, error) {
	if act.What.OnLive() {
		d, err := detailOf(act)
		if err != nil || d.Live == nil {
			return r.namer(q, story.Text{}), err
		}
		return r.namer(q, story.Text{Pictures: d.Live.Pictures}), nil
	}
	rev, found, err := q.Revision(story.ArticleID(act.Subject), act.Revision)
	if err != nil || !found {
		return r.namer(q, story.Text{}), err
	}
	t, err := textOf(q, rev)
	return r.namer(q, t), err
}
