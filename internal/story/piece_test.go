package story_test

import (
	"testing"
	"time"

	"dateline/internal/story"
)

var puts = []story.What{story.PutPackage, story.PutPage, story.PutRelation, story.PutPerson}

// TestStandingsOfPieces asks the whole table: what is not in it cannot be.
func TestStandingsOfPieces(t *testing.T) {
	want := map[story.Standing]map[story.What]story.Standing{
		story.Never:     {},
		story.Public:    {story.WithdrawPiece: story.Withdrawn, story.KillPiece: story.Killed, story.ErasePiece: story.Erased},
		story.Withdrawn: {story.KillPiece: story.Killed, story.ErasePiece: story.Erased},
		story.Killed:    {story.ErasePiece: story.Erased},
		story.Erased:    {},
	}
	for _, put := range puts {
		for _, s := range []story.Standing{story.Never, story.Public, story.Withdrawn} {
			want[s][put] = story.Public
		}
	}
	wishes := append([]story.What{story.WithdrawPiece, story.KillPiece, story.ErasePiece, story.Publish, story.Kill, story.Front}, puts...)
	for _, s := range allStandings {
		for _, w := range wishes {
			next, possible := want[s][w]
			if got, ok := s.AfterPiece(w); ok != possible || ok && got != next {
				t.Errorf("%s after %s: %q, %t; want %q, %t", s, w, got, ok, next, possible)
			}
		}
	}
}

// TestTheGateJudgesPieces holds what speaks through a rest, lets what silences go, and
// refuses what a standing does not allow.
func TestTheGateJudgesPieces(t *testing.T) {
	for _, put := range puts {
		act := story.Act{What: put, Subject: "piece00001", Queued: noon}
		if no := story.Gate(act, story.World{Hours: open(), Standing: story.Never}, noon); len(no) != 0 {
			t.Errorf("%s: %v", put, no)
		}
		for code, w := range map[story.Code]story.World{
			story.ObjectStanding: {Hours: open(), Standing: story.Killed},
			story.ObjectBase:     {Hours: open(), Standing: story.Public, Latest: 7},
			story.ObjectHorizon:  {Standing: story.Never},
			story.ObjectRequired: {Hours: open(), Standing: story.Never, Missing: []string{"title"}},
		} {
			if no := story.Gate(act, w, noon); len(no) != 1 || no[0].Code != code {
				t.Errorf("%s: %v, want %s", put, no, code)
			}
		}
		if !put.OnPiece() || put.OnArticle() || put.Class() != story.Speaks {
			t.Errorf("%s is judged as something else", put)
		}
	}
	kill := story.Act{What: story.KillPiece, Subject: "piece00001", Queued: noon}
	if no := story.Gate(kill, story.World{Doubt: true, Standing: story.Public}, noon); len(no) != 0 {
		t.Errorf("what silences is held: %v", no)
	}
	if no := story.Gate(kill, story.World{Standing: story.Never}, noon); len(no) != 1 {
		t.Errorf("what nobody saw is killed: %v", no)
	}
}

func open() story.Hours {
	return story.Hours{Entry: 1, From: noon.Add(-time.Hour), Horizon: noon.Add(time.Hour)}
}

func TestReserved(t *testing.T) {
	for slug, want := range map[string]bool{"about": false, "statements": false, "corrections": true, "running": true, "he": true, "fr": false, "s": true} {
		if got := story.Reserved(slug, []string{"en", "he"}); got != want {
			t.Errorf("%s: %t", slug, got)
		}
	}
}
