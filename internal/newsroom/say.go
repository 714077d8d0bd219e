package newsroom

import (
	"cmp"
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
	for _, s := range sayAll(no, name) {
		out = append(out, s.String())
	}
	return strings.Join(out, " ")
}

// sayAll are the gate's objections as sentences.
func sayAll(no []story.Objection, name Namer) (all []story.Sentence) {
	for _, o := range no {
		all = append(all, SayOne(o, name))
	}
	return all
}

// SayOne is one objection as a sentence.
func SayOne(o story.Objection, name Namer) story.Sentence {
	what := o.What
	if name != nil {
		if named := name(o); named != "" {
			what = named
		}
	}
	switch o.Code {
	case story.ObjectUndo:
		return says("It can still be taken back.")
	case story.ObjectSlot:
		return says("It waits for its time.")
	case story.ObjectEmbargo:
		if o.Until.IsZero() {
			return says("It is under an embargo without an end. A chief can lift it.")
		}
		return says("It is under an embargo.")
	case story.ObjectRest:
		return says("The desk rests (%s).", story.Word(o.What))
	case story.ObjectHorizon:
		return says("The desk's rests are not known for this time, so it is closed.")
	case story.ObjectClock:
		return says("The clock is in doubt. An administrator can confirm the hour.")
	case story.ObjectCredit:
		return says("Picture %s has no credit. A picture is never posted without one.", quoteOr(what, "one"))
	case story.ObjectRights:
		if !o.Until.IsZero() {
			return says("The rights of picture %s have not begun.", quoteOr(what, "one"))
		}
		return says("The rights of picture %s are over.", quoteOr(what, "one"))
	case story.ObjectEyes:
		return says("It needs a second pair of eyes: approval by somebody other than its last editor.")
	case story.ObjectRequired:
		return says("It has no %s.", story.Word(what))
	case story.ObjectBase:
		return says("Somebody posted this story meanwhile. Look at what is public now, and file again.")
	case story.ObjectStanding:
		return standingWords(story.Standing(o.What))
	case story.ObjectWire:
		return says("The agency took back or withheld %s. Kill it, withdraw it, or keep it with a reason.", quoteOr(what, "what this rests on"))
	}
	return says("%s", string(o.Code))
}

func standingWords(s story.Standing) story.Sentence {
	if words := pieceStandings[s]; words != "" {
		return says(words)
	}
	switch s {
	case story.Never:
		return says("No reader has seen this story, so there is nothing to change or take back.")
	case story.Public:
		return says("This story is public already. Update it or correct it.")
	case story.Withdrawn:
		return says("This story is withdrawn. It can be reinstated.")
	case story.IsNotLive:
		return says("This page is not live yet. Open it with its desks first.")
	case story.IsLive:
		return says("This page is live already.")
	case story.IsLiveClosed:
		return says("This live page is closed. Reopen it first.")
	case story.OffLive:
		return says("This is none of the desks of this live page.")
	case story.Killed:
		return says("This story is killed. Only a new revision, approved by a second person, can reinstate it.")
	}
	return says("This story is gone for good.")
}

func says(english string, a ...any) story.Sentence { return story.Sentence{Pattern: english, Args: a} }

func quoteOr(what, otherwise string) any {
	if what == "" {
		return story.Word(otherwise)
	}
	return "“" + what + "”"
}

// Opening is when something opens, in the city of its desk: "opens Saturday 19:53 in New York".
func Opening(at time.Time, x DeskView) string {
	return x.Say("opens %s in %s", clock.DayTime(at, x.Zone, x.Lang), x.City())
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
