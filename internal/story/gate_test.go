package story_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/story"
)

// These tests hold Gate to STATES: an oracle is written here a second time, line by line
// from the table of objections, and asked at one microsecond around every edge.

const µs = time.Microsecond

var (
	noon    = time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)
	resting = almanac.Window{Start: noon.Add(2 * time.Hour), End: noon.Add(27 * time.Hour), Name: "Shabbat"}
	nextOne = almanac.Window{Start: resting.Start.AddDate(0, 0, 7), End: resting.End.AddDate(0, 0, 7), Name: "Shabbat"}
	from    = noon.AddDate(0, 0, -8)
	horizon = noon.AddDate(0, 0, 400)
	inRest  = resting.Start.Add(time.Hour)
)

// A condition is one way in which act and world can stand; the first is the ordinary one.
type condition struct {
	name string
	set  func(a *story.Act, w *story.World)
}

func plain(*story.Act, *story.World) {}

func grant(change func(g *story.Grant)) func(*story.Act, *story.World) {
	return func(_ *story.Act, w *story.World) {
		w.Grant = &story.Grant{ID: 1, Desk: "jrs", Subject: "art0000001", From: inRest, Until: inRest.Add(time.Hour), FiledUnder: true}
		change(w.Grant)
	}
}

func picture(change func(p *story.PictureRights)) func(*story.Act, *story.World) {
	return func(_ *story.Act, w *story.World) {
		p := story.PictureRights{ID: "pic0000001", Credited: true}
		change(&p)
		w.Pictures = append(w.Pictures, p)
	}
}

// dimensions are judged in every combination of one condition of each.
var dimensions = [][]condition{
	{
		{"no wait", plain},
		{"undo", func(a *story.Act, _ *story.World) { a.Undo = noon.Add(10 * time.Second) }},
		{"slot", func(a *story.Act, _ *story.World) { a.Slot = inRest.Add(10 * time.Minute) }},
		{"slot of an act filed in the rest", func(a *story.Act, _ *story.World) { a.Slot, a.Queued = inRest.Add(10*time.Minute), resting.Start }},
		{"slot of an act filed just before", func(a *story.Act, _ *story.World) {
			a.Slot, a.Queued = inRest.Add(10*time.Minute), resting.Start.Add(-µs)
		}},
	},
	{
		{"no embargo", plain},
		{"embargo", func(_ *story.Act, w *story.World) { w.Embargo = story.Embargo{Set: true, Until: noon.Add(time.Minute)} }},
		{"open embargo", func(_ *story.Act, w *story.World) { w.Embargo = story.Embargo{Set: true} }},
		{"lifted embargo", func(_ *story.Act, w *story.World) { w.Embargo = story.Embargo{Until: noon.Add(time.Minute)} }},
	},
	{
		{"windows", plain},
		{"no desk entry", func(_ *story.Act, w *story.World) { w.Hours = story.Hours{} }},
		{"closed for good", func(_ *story.Act, w *story.World) { w.Hours.Closed = true }},
	},
	{
		{"no grant", plain},
		{"grant", grant(func(*story.Grant) {})},
		{"grant of another desk", grant(func(g *story.Grant) { g.Desk = "nyc" })},
		{"grant of another article", grant(func(g *story.Grant) { g.Subject = "art0000002" })},
		{"grant not filed under", grant(func(g *story.Grant) { g.FiledUnder = false })},
		{"grant of over an hour", grant(func(g *story.Grant) { g.Until = g.Until.Add(µs) })},
		{"standing order", func(a *story.Act, w *story.World) { w.Arranged, a.Road = true, story.BySchedule }},
		{"standing order, no schedule", func(a *story.Act, w *story.World) { w.Arranged, a.Road = true, story.ByPerson }},
		{"standing order of now", func(a *story.Act, w *story.World) { w.Arranged, a.Road, w.Since = true, story.BySchedule, noon }},
	},
	{
		{"sure clock", plain},
		{"doubt", func(_ *story.Act, w *story.World) { w.Doubt = true }},
	},
	{
		{"no picture", plain},
		{"no credit", picture(func(p *story.PictureRights) { p.Credited = false })},
		{"rights to come", picture(func(p *story.PictureRights) { p.From = noon.Add(30 * time.Minute) })},
		{"rights that end", picture(func(p *story.PictureRights) { p.Until = noon.Add(40 * time.Minute) })},
	},
	{
		{"no doubts", plain},
		{"eyes", func(_ *story.Act, w *story.World) { w.Eyes.Wanted = true }},
		{"eyes had", func(_ *story.Act, w *story.World) { w.Eyes = story.Eyes{Wanted: true, Approved: true} }},
		{"missing", func(_ *story.Act, w *story.World) { w.Missing = []string{"headline", "slug"} }},
		{"stale", func(_ *story.Act, w *story.World) { w.Latest++ }},
		{"wire kill", func(_ *story.Act, w *story.World) { w.Wires = []story.WireDoubt{{Item: "7", Kind: "canceled"}} }},
		{"wire embargo", func(_ *story.Act, w *story.World) {
			w.Wires = []story.WireDoubt{{Item: "7", Kind: "embargo", Till: noon.Add(50 * time.Minute)}}
		}},
		{"open wire embargo", func(_ *story.Act, w *story.World) { w.Wires = []story.WireDoubt{{Item: "7", Kind: "embargo"}} }},
	},
}

// edges are the instants at which something begins or ends.
var edges = []time.Time{
	from, noon.Add(10 * time.Second), noon.Add(time.Minute), noon.Add(30 * time.Minute), noon.Add(40 * time.Minute), noon.Add(50 * time.Minute),
	resting.Start.Add(-5 * time.Second), resting.Start, inRest, inRest.Add(10 * time.Minute), inRest.Add(time.Hour), resting.End,
	nextOne.Start.Add(-5 * time.Second), nextOne.End, horizon,
}

// oracle is STATES, "objection | when (at t)", in the order of that table.
func oracle(a story.Act, w story.World, t time.Time) (want []objection) {
	class := map[story.What]string{story.Publish: "speaks", story.Update: "speaks", story.Correct: "speaks", story.Reinstate: "speaks",
		story.Front: "speaks", story.Name: "speaks", story.Withdraw: "silences", story.Kill: "silences"}[a.What]
	speaks := class == "speaks"
	n := func(t time.Time) int64 { return t.UnixMicro() }
	object := func(code string, waits bool, until time.Time) {
		want = append(want, objection{code, waits, until.UnixMicro()})
	}
	if speaks && n(t) < n(a.Undo) {
		object("undo", true, a.Undo)
	}
	if speaks && !a.Slot.IsZero() && n(t) < n(a.Slot) {
		object("slot", true, a.Slot)
	}
	if speaks && w.Embargo.Set {
		switch {
		case w.Embargo.Until.IsZero():
			object("embargo", false, time.Time{})
		case n(t) < n(w.Embargo.Until):
			object("embargo", true, w.Embargo.Until)
		}
	}
	g := w.Grant
	live := g != nil && g.Desk == a.Desk && g.Subject == a.Subject && g.FiledUnder &&
		n(g.From) <= n(t) && n(t) < n(g.Until) && n(g.Until)-n(g.From) <= 3600_000_000
	for _, win := range w.Hours.Windows {
		ordered := w.Arranged && a.Road == "schedule" && n(w.Since) < n(win.Start) && !a.Slot.IsZero() && n(a.Queued) < n(win.Start)
		if speaks && n(win.Start)-5_000_000 <= n(t) && n(t) < n(win.End) && !live && !ordered {
			object("rest", true, win.End)
		}
	}
	known := w.Hours.Entry > 0 && !w.Hours.Closed && n(w.Hours.From) <= n(t) && n(t) < n(w.Hours.Horizon)
	if speaks && !known {
		object("horizon", true, time.Time{})
	}
	if speaks && w.Doubt {
		object("clock", true, time.Time{})
	}
	for _, p := range w.Pictures {
		if speaks && !p.Credited {
			object("credit", false, time.Time{})
		}
		switch {
		case speaks && !p.From.IsZero() && n(t) < n(p.From):
			object("rights", false, p.From) // not begun: it says when they do
		case speaks && !p.Until.IsZero() && n(p.Until) <= n(t):
			object("rights", false, time.Time{})
		}
	}
	if speaks && w.Eyes.Wanted && !w.Eyes.Approved {
		object("eyes", false, time.Time{})
	}
	if speaks {
		for range w.Missing {
			object("required", false, time.Time{})
		}
	}
	if speaks && a.Base != w.Latest {
		object("base", false, time.Time{})
	}
	if a.What != story.Front && a.What != story.Name {
		_, possible := standings[string(w.Standing)+" "+string(a.What)]
		if !possible || (w.Standing == "killed" && !w.NewSinceKill) {
			object("standing", false, time.Time{})
		}
	}
	for _, d := range w.Wires {
		if speaks && !(d.Kind == "embargo" && !d.Till.IsZero() && n(d.Till) <= n(t)) {
			object("wire", false, d.Till)
		}
	}
	slices.SortFunc(want, inOrder)
	return want
}

// An objection is what these tests compare: not its place in the list, nor its words.
type objection struct {
	code  string
	waits bool
	until int64
}

func inOrder(a, b objection) int {
	return cmp.Or(strings.Compare(a.code, b.code), cmp.Compare(a.until, b.until))
}

func said(no []story.Objection) (all []objection) {
	for _, o := range no {
		all = append(all, objection{string(o.Code), o.Waits, o.Until.UnixMicro()})
	}
	slices.SortFunc(all, inOrder)
	return all
}

// listed is the order in which the gate lists what it says (see Code).
var listed = []story.Code{"undo", "slot", "embargo", "rest", "horizon", "clock", "credit", "rights", "eyes", "required", "base", "standing", "wire"}

func TestGate(t *testing.T) {
	var instants []time.Time
	for _, e := range edges {
		instants = append(instants, e.Add(-µs), e, e.Add(µs))
	}
	asked := 0
	wishes := []story.What{story.Publish, story.Front, story.Kill}
	var walk func(chosen []condition)
	walk = func(chosen []condition) {
		if len(chosen) < len(dimensions) {
			for _, c := range dimensions[len(chosen)] {
				walk(append(chosen[:len(chosen):len(chosen)], c))
			}
			return
		}
		for _, what := range wishes {
			a, w := ordinary(what)
			for _, c := range chosen {
				c.set(&a, &w)
			}
			for _, at := range instants {
				asked++
				ask(t, a, w, at, chosen)
			}
		}
	}
	walk(nil)
	t.Log(asked, "questions")
}

// ordinary is an act to which nothing objects at noon.
func ordinary(what story.What) (story.Act, story.World) {
	a := story.Act{ID: 1, What: what, Subject: "art0000001", Desk: "jrs", Revision: 1, Base: 7, Queued: noon}
	w := story.World{Latest: 7, Standing: story.Never,
		Hours: story.Hours{Entry: 3, Windows: []almanac.Window{resting, nextOne}, From: from, Horizon: horizon}}
	switch what {
	case story.Update, story.Correct, story.Withdraw, story.Kill:
		w.Standing = story.Public
	case story.Reinstate:
		w.Standing = story.Withdrawn
	}
	return a, w
}

func ask(t *testing.T, a story.Act, w story.World, at time.Time, chosen []condition) {
	no := story.Gate(a, w, at)
	got, want := said(no), oracle(a, w, at)
	if slices.Equal(got, want) && slices.IsSortedFunc(no, func(x, y story.Objection) int { return slices.Index(listed, x.Code) - slices.Index(listed, y.Code) }) {
		return
	}
	var names []string
	for _, c := range chosen {
		names = append(names, c.name)
	}
	t.Fatalf("%s with %s at %s:\n got %v\nwant %v", a.What, strings.Join(names, ", "), at.Format(time.RFC3339Nano), got, want)
}

// Every wish, not only one of each class, meets each condition by itself.
func TestGateEveryWish(t *testing.T) {
	for _, what := range []story.What{story.Publish, story.Update, story.Correct, story.Reinstate, story.Withdraw, story.Kill, story.Front, story.Name} {
		for _, dimension := range dimensions {
			for _, c := range dimension {
				for _, standing := range allStandings {
					for _, fresh := range []bool{false, true} {
						a, w := ordinary(what)
						w.Standing, w.NewSinceKill = standing, fresh
						c.set(&a, &w)
						for _, e := range edges {
							for _, at := range []time.Time{e.Add(-µs), e, e.Add(µs)} {
								ask(t, a, w, at, []condition{c})
							}
						}
					}
				}
			}
		}
	}
}

// The house's own is never held, whatever the world is like.
func TestGateNeverHoldsTheHouse(t *testing.T) {
	a, w := ordinary("settings")
	for _, dimension := range dimensions {
		for _, c := range dimension {
			c.set(&a, &w)
		}
	}
	if no := story.Gate(a, w, resting.Start); len(no) > 0 {
		t.Error(no)
	}
}

// Two windows with less than the lead-in between: the desk stays closed over the gap.
func TestGateOverAShortGap(t *testing.T) {
	second := almanac.Window{Start: resting.End.Add(4 * time.Second), End: resting.End.Add(time.Hour), Name: "Yom Tov"}
	a, w := ordinary(story.Publish)
	w.Hours.Windows = []almanac.Window{resting, second}
	for at, until := range map[time.Time]time.Time{
		resting.End.Add(-µs): resting.End, resting.End: second.End, second.Start: second.End, second.End.Add(-µs): second.End,
	} {
		no := story.Gate(a, w, at)
		if len(no) == 0 || no[0].Code != story.ObjectRest || !slices.ContainsFunc(no, func(o story.Objection) bool { return o.Until.Equal(until) }) {
			t.Errorf("at %s: %v", at, no)
		}
	}
	if no := story.Gate(a, w, second.End); len(no) > 0 {
		t.Error(no)
	}
}

// TestAhead tells of a slot inside a rest that the act leaves at the rest's end, not at the
// slot, and what stands in the way then.
func TestAhead(t *testing.T) {
	before := resting.Start.Add(-time.Hour)
	a, w := ordinary(story.Publish)
	w.Hours.Windows = []almanac.Window{resting}
	if no, leaves := story.Ahead(a, w, before); len(no) > 0 || !leaves.IsZero() {
		t.Error(no, leaves)
	}
	a.Slot = resting.Start.Add(time.Hour)
	no, leaves := story.Ahead(a, w, before)
	if len(no) != 2 || no[0].Code != story.ObjectSlot || no[1].Code != story.ObjectRest || !leaves.Equal(resting.End) {
		t.Error(no, leaves)
	}
	w.Pictures = []story.PictureRights{{ID: "pic0000001", Credited: true, Until: resting.End}}
	no, leaves = story.Ahead(a, w, before)
	if len(no) != 3 || no[2].Code != story.ObjectRights || !leaves.IsZero() {
		t.Errorf("rights that end with the rest: %v, %s", no, leaves)
	}
	w.Pictures, w.Doubt = nil, true
	if no, leaves = story.Ahead(a, w, before); len(no) != 2 || !leaves.IsZero() {
		t.Errorf("in doubt: %v, %s", no, leaves)
	}
}

func TestWaiting(t *testing.T) {
	soon := story.Objection{Code: story.ObjectUndo, Waits: true, Until: noon}
	late := story.Objection{Code: story.ObjectRest, Waits: true, Until: noon.Add(time.Hour)}
	open := story.Objection{Code: story.ObjectClock, Waits: true}
	hard := story.Objection{Code: story.ObjectCredit}
	for _, c := range []struct {
		no    []story.Objection
		waits bool
		opens time.Time
	}{
		{nil, true, time.Time{}},
		{[]story.Objection{soon}, true, noon},
		{[]story.Objection{late, soon}, true, noon.Add(time.Hour)},
		{[]story.Objection{soon, open}, true, time.Time{}},
		{[]story.Objection{soon, hard}, false, time.Time{}},
	} {
		if got := story.AllWait(c.no); got != c.waits {
			t.Errorf("%v: waits %t", c.no, got)
		}
		if got := story.OpensAt(c.no); !got.Equal(c.opens) {
			t.Errorf("%v: opens at %s", c.no, got)
		}
	}
}

func TestHours(t *testing.T) {
	_, w := ordinary(story.Publish)
	h := w.Hours
	for _, c := range []struct {
		at           time.Time
		duty         bool
		opens, until time.Time
	}{
		{from.Add(-µs), false, time.Time{}, resting.Start},
		{from, true, from, resting.Start},
		{resting.Start.Add(-µs), true, resting.Start.Add(-µs), resting.Start},
		{resting.Start, false, resting.End, resting.Start},
		{resting.End.Add(-µs), false, resting.End, resting.Start},
		{resting.End, true, resting.End, nextOne.Start},
		{nextOne.End, true, nextOne.End, time.Time{}},
		{horizon, false, time.Time{}, time.Time{}},
	} {
		if got := h.OnDuty(c.at); got != c.duty {
			t.Errorf("%s: on duty %t", c.at, got)
		}
		if got := h.Opens(c.at); !got.Equal(c.opens) {
			t.Errorf("%s: opens %s, want %s", c.at, got, c.opens)
		}
		if got := h.Until(c.at); !got.Equal(c.until) {
			t.Errorf("%s: until %s, want %s", c.at, got, c.until)
		}
	}
	h.Horizon = resting.End
	if got := h.Opens(inRest); !got.IsZero() {
		t.Error("it opens where nothing is known:", got)
	}
}
