package story_test

import (
	"fmt"
	"testing"
	"time"

	"dateline/internal/story"
)

var (
	allStandings = []story.Standing{story.Never, story.Public, story.Withdrawn, story.Killed, story.Erased}
	allWishes    = []story.What{story.Publish, story.Update, story.Correct, story.Reinstate, story.Withdraw, story.Kill, story.Erase, story.Front, story.Name, story.ErasePiece, story.CorrectPicture, story.WithdrawPicture,
		story.OpenLive, story.ReopenLive, story.CloseLive, story.AddLive, story.EditLive, story.RemoveLive}
)

// standings is the table of STATES: public standing, event, to. What is not in it cannot be.
var standings = map[string]story.Standing{
	"never publish":       "public",
	"public update":       "public",
	"public correct":      "public",
	"public withdraw":     "withdrawn",
	"withdrawn reinstate": "public",
	"public kill":         "killed",
	"withdrawn kill":      "killed",
	"killed reinstate":    "public",
	"public erase":        "erased",
	"withdrawn erase":     "erased",
	"killed erase":        "erased",

	"public open a live page":       "public",
	"public reopen a live page":     "public",
	"public close a live page":      "public",
	"public add a live entry":       "public",
	"public edit a live entry":      "public",
	"public remove a live entry":    "public",
	"withdrawn remove a live entry": "withdrawn",
}

func TestStandings(t *testing.T) {
	for _, s := range allStandings {
		for _, w := range allWishes {
			want, possible := standings[fmt.Sprint(s, " ", w)]
			if got, ok := s.After(w); ok != possible || got != want {
				t.Errorf("%s after %s: %q, %t; want %q, %t", s, w, got, ok, want, possible)
			}
		}
	}
}

func TestClasses(t *testing.T) {
	for w, want := range map[story.What]story.Class{
		story.Publish: story.Speaks, story.Update: story.Speaks, story.Correct: story.Speaks, story.Reinstate: story.Speaks,
		story.Front: story.Speaks, story.Name: story.Speaks, story.Withdraw: story.Silences, story.Kill: story.Silences,
		story.Erase: story.Silences, story.ErasePiece: story.Silences, story.WithdrawPicture: story.Silences, story.CorrectPicture: story.Speaks,
		story.OpenLive: story.Speaks, story.ReopenLive: story.Speaks, story.CloseLive: story.Speaks, story.AddLive: story.Speaks,
		story.EditLive: story.Speaks, story.RemoveLive: story.Silences, "settings": story.Houses,
	} {
		if got := w.Class(); got != want {
			t.Errorf("%s is of class %s, want %s", w, got, want)
		}
		about := map[story.What]bool{story.Front: true, story.Name: true, story.ErasePiece: true, story.CorrectPicture: true, story.WithdrawPicture: true}
		if got, want := w.OnArticle(), !about[w]; got != want {
			t.Errorf("%s is on an article: %t", w, got)
		}
	}
}

func TestDueAt(t *testing.T) {
	h := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	for _, c := range []struct {
		queued, undo, slot time.Time
		embargo            story.Embargo
		want               time.Time
	}{
		{h(1), time.Time{}, time.Time{}, story.Embargo{}, h(1)},
		{h(1), h(2), time.Time{}, story.Embargo{}, h(2)},
		{h(1), h(2), h(3), story.Embargo{}, h(3)},
		{h(1), h(3), h(2), story.Embargo{}, h(3)},
		{h(5), h(3), h(2), story.Embargo{}, h(5)},
		{h(1), h(2), h(3), story.Embargo{Set: true, Until: h(4)}, h(4)},
		{h(1), h(2), h(5), story.Embargo{Set: true, Until: h(4)}, h(5)},
		{h(1), h(2), h(3), story.Embargo{Set: true}, h(3)},
		{h(1), h(2), h(3), story.Embargo{Until: h(4)}, h(3)},
	} {
		if got := story.DueAt(story.Act{Queued: c.queued, Undo: c.undo, Slot: c.slot}, c.embargo); !got.Equal(c.want) {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
