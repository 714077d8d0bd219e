package almanac

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A Step is one step of how a window came about, for a person who checks it.
type Step struct {
	Part   string    // the rest that the step belongs to, of those that make the window
	What   string    // what is found: "sunset"
	At     time.Time // the instant that the step arrives at, in UTC; zero if it arrives at none
	How    string    // by what, as a sentence without a full stop
	Source string    // of the rule; "" where the step is arithmetic
}

// Explain tells step by step how a window of a desk that keeps some lines came about. The
// instants are those of the computation itself, which it runs again and watches: what Rests
// returns and what Explain tells cannot differ. Those before rounding are told in whole
// seconds, in the direction of the rounding. It refuses a window that is not the desk's.
func Explain(d Desk, lines []string, w Window) ([]Step, error) {
	calendar, err := Keep(d, lines...)
	if err != nil {
		return nil, err
	}
	windows, err := calendar.Rests(w.Start, w.End)
	if err != nil {
		return nil, err
	}
	if len(windows) != 1 || !windows[0].Start.Equal(w.Start) || !windows[0].End.Equal(w.End) {
		return nil, fmt.Errorf("no rest of this desk goes from %s to %s", stamp(w.Start), stamp(w.End))
	}
	parts, err := partsOf(d, lines, w)
	if err != nil {
		return nil, err
	}
	return append(stepsOf(parts), whole(parts, windows[0].Name)...), nil
}

// A part is one rest of those that a window is made of.
type part struct {
	Window
	steps []Step
}

// partsOf takes a window apart, into what each observance keeps of it.
func partsOf(d Desk, lines []string, w Window) (parts []part, err error) {
	var evening []Observance
	for _, line := range lines {
		o, _, err := find(line)
		if err != nil {
			return nil, err
		}
		if o.timed == nil {
			evening = append(evening, o)
			continue
		}
		timed, err := timedParts(d, o, line, w)
		if err != nil {
			return nil, err
		}
		parts = append(parts, timed...)
	}
	if len(evening) > 0 {
		more, err := eveningParts(d, evening, w)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	if len(parts) == 0 {
		return nil, errors.New("nothing that this desk keeps makes this window")
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
	return parts, nil
}

// timedParts are the rests of an observance that has its own times, by its own rule.
func timedParts(d Desk, o Observance, line string, w Window) (parts []part, err error) {
	calendar, err := Keep(d, line)
	if err != nil {
		return nil, err
	}
	windows, err := calendar.Rests(w.Start, w.End)
	for _, w := range windows {
		steps := []Step{{What: "kept", How: fmt.Sprintf("%s, by the line %q: %s", w.Name, line, clause(o.About)), Source: o.Source}}
		if strings.Contains(line+w.Rule, "noon") || strings.Contains(w.Rule, "sunset") {
			steps = append(steps, sunSteps(d.Place, w)...)
		}
		steps = append(steps,
			Step{What: "beginning", At: w.Start, How: "by the rule " + w.Rule, Source: o.Source},
			Step{What: "end", At: w.End, How: "by the rule " + withFallback(w), Source: o.Source})
		parts = append(parts, part{w, inPart(w.Name, steps)})
	}
	return parts, err
}

// inPart notes which rest some steps belong to.
func inPart(name string, steps []Step) []Step {
	for i := range steps {
		steps[i].Part = name
	}
	return steps
}

// sunSteps tell what the sun does on the dates on which a rest begins and ends, for one whose
// rule goes by it.
func sunSteps(p Place, w Window) (steps []Step) {
	s := skyOver(p)
	begins, ends := dateOf(w.Start, p.Zone), dateOf(w.End.Add(-1), p.Zone)
	for _, d := range slices.Compact([]date{begins, ends}) {
		day := s.day(s.dayOf(d, p.Zone))
		sunset, why := evening(day)
		steps = append(steps,
			Step{What: "solar noon", At: wholeSecond(day.noon, math.Floor), How: "on " + d.words(), Source: sunSource},
			Step{What: "sunset", At: wholeSecond(sunset, math.Floor), How: "on " + d.words() + ", when " + cmp.Or(why, sunsetHow), Source: sunsetSource})
	}
	return steps
}

func withFallback(w Window) string {
	if w.Fallback == "" {
		return w.Rule
	}
	return w.Rule + "; " + w.Fallback
}

// eveningParts are the rests of all observances from evening to nightfall, which are
// computed together, since their days run into each other.
func eveningParts(d Desk, observances []Observance, w Window) (parts []part, err error) {
	calendar, err := newEvenings(d, called(observances)...)
	if err != nil {
		return nil, err
	}
	e := calendar.(*evenings)
	for first, last := range e.runs(w.Start, w.End) {
		p := part{Window: e.window(first, last)}
		if !p.Start.Before(w.End) || !p.End.After(w.Start) {
			continue
		}
		p.Name = e.named(first, last)
		p.steps = inPart(p.Name, slices.Concat(e.keptSteps(observances, first, last), e.startSteps(first, last), e.endSteps(first, last)))
		parts = append(parts, p)
	}
	return parts, nil
}

// keptSteps say which dates are kept, and why.
func (e *evenings) keptSteps(observances []Observance, first, last date) (steps []Step) {
	for d := first; d <= last; d++ {
		steps = append(steps, Step{What: "date", How: fmt.Sprintf("%s is %s from the evening before", d.words(), hebrewOf(d).words()), Source: hebrewSource})
		for _, o := range observances {
			if name := o.named(d, e.place.Israel); name != "" {
				steps = append(steps, Step{What: "kept", How: fmt.Sprintf("%s is %s: %s", d.words(), name, clause(o.About)), Source: o.Source})
			}
		}
	}
	return steps
}

const sunsetHow = "the sun's centre is 50 minutes of arc below the sea-level horizon"

// Sources of what the steps of every evening rest on.
const (
	sunSource     = "Jean Meeus, Astronomical Algorithms, chapters 12, 22 and 25, as in NOAA's solar calculator, with five terms for the planets and the moon"
	sunsetSource  = "US Naval Observatory and NOAA, the definition of sunset: 34 minutes of arc for refraction, 16 for the sun's radius"
	marginSource  = "the desk's own setting"
	hebrewSource  = "Maimonides, Mishneh Torah, Sanctification of the New Month, 6 to 8"
	strictSource  = "authorities differ where the sun gives no answer; the strict side of them is taken"
	addingSource  = "adding to the day at its beginning, Shulchan Aruch, Orach Chaim 261:2; how long is the custom of the place"
	starsSource   = "three small stars, Shulchan Aruch, Orach Chaim 293:2; the height of the sun's centre, without refraction, at which they are seen"
	minutesSource = "a fixed time after sunset, by the custom of the place; 72 minutes are Rabbeinu Tam's, Tosafot, Pesachim 94a"
)

// startSteps lead from the eve's noon to the start of a run's window.
func (e *evenings) startSteps(first, last date) []Step {
	b, w := e.bounds(first, last), e.window(first, last)
	begins := Step{What: "sunset", At: wholeSecond(b.begins, math.Floor), How: sunsetHow, Source: sunsetSource}
	if b.why != "" {
		begins.What, begins.How, begins.Source = "evening", b.why, e.sunlessSource(b.why)
	}
	lighting := w.Start.Add(e.rule.Margin)
	steps := []Step{
		{
			What: "solar noon of the eve", At: wholeSecond(e.sky.day(b.eve).noon, math.Round), Source: "from evening to evening, Leviticus 23:32; " + sunSource,
			How: fmt.Sprintf("a rest begins on the evening before %s, which is the solar day before the one whose noon is nearest to twelve o'clock in %s",
				first.words(), e.place.Zone),
		},
		begins,
		{What: "rounded down", At: lighting.Add(e.rule.Lighting), How: "to the whole minute, so that a rest never begins late"},
	}
	if e.rule.Lighting > 0 {
		steps = append(steps, Step{What: "lighting", At: lighting, Source: addingSource, How: minutesWords(e.rule.Lighting) + " before"})
	}
	if e.rule.Margin > 0 {
		steps = append(steps, Step{What: "margin", At: w.Start, Source: marginSource, How: minutesWords(e.rule.Margin) + " before that"})
	}
	return steps
}

// endSteps lead from the last day's noon to the end of a run's window.
func (e *evenings) endSteps(first, last date) []Step {
	b, w := e.bounds(first, last), e.window(first, last)
	steps := []Step{{
		What: "solar noon of the last day", At: wholeSecond(e.sky.day(b.last).noon, math.Round), Source: sunSource,
		How: fmt.Sprintf("%s is the solar day whose noon is nearest to twelve o'clock in %s", last.words(), e.place.Zone),
	}}
	ends := Step{What: "nightfall", At: wholeSecond(b.ends, math.Ceil)}
	switch n := e.rule.Nightfall; {
	case b.whyNot != "":
		ends.What, ends.How, ends.Source = "end of the day", b.whyNot, e.sunlessSource(b.whyNot)
	case n.Minutes != 0:
		after := time.Duration(n.Minutes) * time.Minute
		steps = append(steps, Step{What: "sunset of the last day", At: ends.At.Add(-after), How: sunsetHow, Source: sunsetSource})
		ends.How, ends.Source = minutesWords(after)+" after sunset", minutesSource
	default:
		ends.How, ends.Source = fmt.Sprintf("the sun's centre is %v degrees below the horizon", n.Degrees), starsSource
	}
	steps = append(steps, ends, Step{What: "rounded up", At: w.End.Add(-e.rule.Margin), How: "to the whole minute, so that a rest never ends early"})
	if e.rule.Margin > 0 {
		steps = append(steps, Step{What: "margin", At: w.End, Source: marginSource, How: minutesWords(e.rule.Margin) + " after that"})
	}
	return steps
}

// sunlessSource is whose answer a fallback is.
func (e *evenings) sunlessSource(fallback string) string {
	answer := fallback[strings.LastIndex(fallback, ": ")+1:]
	like := e.rule.Sunless.Like.Name
	if strings.HasSuffix(answer, " by the desk's rule") || like != "" && strings.HasSuffix(answer, " as in "+like) {
		return "the desk's own rule for days without a sunset or a nightfall: " + e.rule.Sunless.String()
	}
	return strictSource
}

func minutesWords(d time.Duration) string { return fmt.Sprintf("%d minutes", d/time.Minute) }

// stepsOf are the steps of all parts, in their order.
func stepsOf(parts []part) (steps []Step) {
	for _, p := range parts {
		steps = append(steps, p.steps...)
	}
	return steps
}

// whole are the last steps: where the parts together begin and end.
func whole(parts []part, name string) []Step {
	end := parts[0].End
	for _, p := range parts {
		if p.End.After(end) {
			end = p.End
		}
	}
	begins, ends := "as above", "as above"
	if len(parts) > 1 {
		begins = "with the first of the rests above, since those that touch or overlap are one"
		ends = "with the last of them"
	}
	return []Step{
		{Part: name, What: "the rest begins", At: parts[0].Start, How: begins},
		{Part: name, What: "the rest ends", At: end, How: ends},
	}
}

// words is a date for people.
func (d date) words() string { return d.utc().Format("Monday 2 January 2006") }

// hebrewMonths are counted from Nisan.
var hebrewMonths = [...]string{"Nisan", "Iyyar", "Sivan", "Tammuz", "Av", "Elul", "Tishri", "Heshvan", "Kislev", "Tevet", "Shevat", "Adar", "Adar II"}

// words is a Hebrew date for people: "13 Adar II 5784".
func (h HebrewDate) words() string {
	month := hebrewMonths[h.Month-1]
	if h.Month == adar && leap(h.Year) {
		month = "Adar I"
	}
	return fmt.Sprintf("%d %s %d", h.Day, month, h.Year)
}

// wholeSecond is an instant in Unix seconds, rounded.
func wholeSecond(unix float64, round func(float64) float64) time.Time {
	return time.Unix(int64(round(unix)), 0).UTC()
}

// clause is a sentence as a part of another.
func clause(s string) string {
	s = strings.TrimSuffix(s, ".")
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
