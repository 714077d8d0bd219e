package story_test

import (
	"reflect"
	"testing"
	"time"

	"dateline/internal/story"
)

// livePages is what a live page takes in each state that it can be in, from a desk of its own.
var livePages = map[story.LiveState]map[story.What]string{
	story.NotLive: {story.OpenLive: "", story.ReopenLive: story.IsNotLive, story.CloseLive: story.IsNotLive, story.AddLive: story.IsNotLive,
		story.EditLive: story.IsNotLive, story.RemoveLive: ""},
	story.LiveOpen: {story.OpenLive: story.IsLive, story.ReopenLive: story.IsLive, story.CloseLive: "", story.AddLive: "",
		story.EditLive: "", story.RemoveLive: ""},
	story.LiveClosed: {story.OpenLive: story.IsLiveClosed, story.ReopenLive: "", story.CloseLive: story.IsLiveClosed, story.AddLive: story.IsLiveClosed,
		story.EditLive: "", story.RemoveLive: ""},
}

func TestGateOfALivePage(t *testing.T) {
	for state, wishes := range livePages {
		for what, want := range wishes {
			a, w := ordinary(what)
			w.Standing, w.Live = story.Public, story.LivePage{State: state, Desks: []story.DeskID{a.Desk}}
			no := story.Gate(a, w, noon)
			if got := ofPage(no); got != want || (want == "") != (len(no) == 0) {
				t.Errorf("to %s that is %q: %v, want %q", what, state, no, want)
			}
			w.Live.Desks = []story.DeskID{"another"}
			names := what == story.OpenLive || what == story.ReopenLive || what == story.RemoveLive
			if got := ofPage(story.Gate(a, w, noon)); want == "" && (got == story.OffLive) == names {
				t.Errorf("to %s for another desk: %q", what, got)
			}
		}
	}
}

func ofPage(no []story.Objection) string {
	for _, o := range no {
		if o.Code == story.ObjectStanding && !o.Waits {
			return o.What
		}
	}
	return ""
}

// A rest holds what speaks on a live page, to the microsecond, and never what is taken down.
func TestRestOfALivePage(t *testing.T) {
	for _, what := range story.LiveWishes {
		a, w := ordinary(what)
		state := map[story.What]story.LiveState{story.OpenLive: story.NotLive, story.ReopenLive: story.LiveClosed}
		w.Standing, w.Live = story.Public, story.LivePage{State: story.LiveOpen, Desks: []story.DeskID{a.Desk}}
		if s, ok := state[what]; ok {
			w.Live.State = s
		}
		for _, c := range []struct {
			at   time.Time
			held bool
		}{{resting.Start.Add(-story.LeadIn - µs), false}, {resting.Start.Add(-story.LeadIn), true}, {resting.End.Add(-µs), true}, {resting.End, false}} {
			if held := len(story.Gate(a, w, c.at)) > 0; held != (c.held && what != story.RemoveLive) {
				t.Errorf("at %s, to %s: held %t", c.at, what, held)
			}
		}
	}
}

func TestCheckDoc(t *testing.T) {
	p := func(id, link string) story.Block {
		return story.Block{ID: id, Kind: story.Paragraph, Spans: []story.Span{{Text: "Words", Link: link}}}
	}
	for _, c := range []struct {
		doc  story.Doc
		good bool
	}{
		{story.Doc{p("bbbb0001", ""), p("bbbb0002", "https://example.org")}, true},
		{story.Doc{p("bbbb0001", "javascript:alert(1)")}, false},
		{story.Doc{p("bbbb0001", ""), p("bbbb0001", "")}, false},
		{story.Doc{p("bbbb", "")}, false},
		{story.Doc{{ID: "bbbb0001", Kind: "song"}}, false},
	} {
		if err := story.CheckDoc(c.doc); (err == nil) != c.good {
			t.Errorf("%+v: %v", c.doc, err)
		}
	}
}

func TestParseEntry(t *testing.T) {
	const typed = "One **strong** word\nand more.\n\n- a\n- [b](https://example.org)\n\nLast."
	d := story.ParseEntry(typed)
	if len(d) != 3 || d[0].Plain() != "One strong word and more." || d[1].Kind != story.List || len(d[1].Items) != 2 || d[2].Plain() != "Last." {
		t.Errorf("%+v", d)
	}
	card := story.Block{ID: "card0001", Kind: story.EmbedBlock}
	text, others := story.FormatEntry(append(d, card))
	if again := story.ParseEntry(text); !reflect.DeepEqual(again, d) || len(others) != 1 || others[0].ID != card.ID {
		t.Errorf("%q, %+v", text, others)
	}
	if d := story.ParseEntry(" \n\n"); len(d) != 0 {
		t.Errorf("%+v", d)
	}
}
