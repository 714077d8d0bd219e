package look

import (
	"strconv"

	"dateline/internal/record"
	"dateline/internal/story"
)

// What text and what controls need (WCAG 2.2, 1.4.3 and 1.4.11, level AA). Small print and
// quiet words are mixed to a little more than that.
const (
	ForText     = 4.5
	ForControls = 3.0
	quiet       = 5.5
)

// Columns that a front may have under its lead.
const (
	MinColumns = 2
	MaxColumns = 4
	Columns    = 3 // as is usual
)

// The house style: tokens.css has the same numbers.
var (
	Light = record.Colours{Paper: "#fdfcf8", Ink: "#15171a", Live: "#a6261d", Duty: "#1b6248", Rest: "#3c467f"}
	Dark  = record.Colours{Paper: "#131517", Ink: "#eae7df", Live: "#ff8e7c", Duty: "#79c6a4", Rest: "#a9b4ea"}
)

// A Name is a colour that can be chosen, and what it is for.
type Name struct {
	Key, Words, For string
	of              func(*record.Colours) *string
}

// Names are the colours that can be chosen, in order.
var Names = []Name{
	{"paper", "Paper", "the ground of every page", func(c *record.Colours) *string { return &c.Paper }},
	{"ink", "Ink", "text and strong rules", func(c *record.Colours) *string { return &c.Ink }},
	{"live", "Live", "what is happening now", func(c *record.Colours) *string { return &c.Live }},
	{"duty", "On duty", "a desk that is updating", func(c *record.Colours) *string { return &c.Duty }},
	{"rest", "At rest", "a desk that rests", func(c *record.Colours) *string { return &c.Rest }},
}

// Of is the field of a colour.
func (n Name) Of(c *record.Colours) *string { return n.of(c) }

// whole fills in what was not chosen.
func whole(c, style record.Colours) record.Colours {
	for _, n := range Names {
		if at := n.of(&c); *at == "" {
			*at = *n.of(&style)
		}
	}
	return c
}

// Whole are a look's colours, those that were not chosen from the house style.
func Whole(l *record.Look) (light, dark record.Colours) {
	if l == nil {
		return Light, Dark
	}
	return whole(l.Light, Light), whole(l.Dark, Dark)
}

// Check refuses what could not be read or drawn, in a sentence that says why.
func Check(l record.Look) error {
	if _, ok := set(l.Faces); !ok {
		return story.Refuse(story.Invalid, "There are no faces called %.40q here.", l.Faces)
	}
	if l.Columns != 0 && (l.Columns < MinColumns || l.Columns > MaxColumns) {
		return story.Refuse(story.Invalid, "A front has between %d and %d columns under its lead, not %d.", MinColumns, MaxColumns, l.Columns)
	}
	light, dark := Whole(&l)
	if err := checkColours("light", light); err != nil {
		return err
	}
	return checkColours("dark", dark)
}

// checkColours holds every colour that is text to the grounds that it stands on.
func checkColours(scheme string, c record.Colours) error {
	for _, n := range Names {
		if v := *n.of(&c); !Valid(v) {
			return story.Refuse(story.Invalid, "On %s pages, the colour for %s is written like #15171a; %.20q is not.", story.Word(scheme), story.Word(n.For), v)
		}
	}
	m := mix(c)
	if (scheme == "dark") != (m.paper.luminance() < m.ink.luminance()) {
		return story.Refuse(story.Invalid, "On %s pages the paper is to be %s than the ink: readers choose between light and dark pages.", story.Word(scheme), map[string]story.Word{"light": "lighter", "dark": "darker"}[scheme])
	}
	for _, n := range Names[1:] {
		v := parsed(*n.of(&c))
		for _, g := range []struct {
			words string
			rgb
		}{{"the paper", m.paper}, {"the tinted paper of boxes", m.paper2}} {
			if r := contrast(v, g.rgb); r < ForText {
				return unreadable(scheme, n, r, g.words)
			}
		}
	}
	if r := contrast(m.rest, m.restFill); r < ForText {
		return unreadable(scheme, Names[4], r, "its own tint")
	}
	return nil
}

func unreadable(scheme string, n Name, ratio float64, ground string) error {
	return story.Refuse(story.Invalid, "On %s pages, %s (the colour for %s) has a contrast of %s : 1 with %s; words need 4.5 : 1 (WCAG 2.2, level AA). Make it %s.", story.Word(scheme), story.Word(n.Words), story.Word(n.For),
		strconv.FormatFloat(float64(int(ratio*100))/100, 'f', -1, 64), story.Word(ground), map[string]story.Word{"light": "darker", "dark": "lighter"}[scheme])
}
