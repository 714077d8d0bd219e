package newsroom_test

import (
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// What the simulator found about clocks that are wrong, each by itself. The desk rests from
// Friday 22:52 to Saturday 23:53, as in TestTheEdgeOfRest.

// wrong is a room whose clocks a test sets, each as it likes.
type wrong struct {
	*testing.T
	r     *newsroom.Room
	who   newsroom.Who
	clock clock.Reading
}

func newWrong(t *testing.T) *wrong {
	w := &wrong{T: t, clock: clock.Reading{Wall: begin, Boot: time.Hour, BootID: "first"}}
	w.r, _ = roomBy(t, storetest.Address(t), func() clock.Reading { return w.clock })
	var err error
	if w.who, err = w.r.Acting(t.Context(), "Rina"); err != nil {
		t.Fatal(err)
	}
	return w
}

// pass lets time pass on both clocks.
func (w *wrong) pass(d time.Duration) {
	w.clock.Wall, w.clock.Boot = w.clock.Wall.Add(d), w.clock.Boot+d
}

func (w *wrong) step(posted int, when string) {
	w.Helper()
	if n, err := w.r.Step(w.Context()); err != nil || n != posted {
		w.Errorf("%s: %d posted, want %d; %v", when, n, posted, err)
	}
}

func (w *wrong) file(key, slot, byline string) newsroom.Filed {
	w.Helper()
	h, err := w.r.House(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	text := story.Text{Type: story.Report, Lang: "en", Section: "news", Slug: "a-report", Headline: "A report",
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}}}
	if byline != "" {
		text.Bylines = []story.Byline{{Name: byline}}
	}
	id, err := w.r.Start(w.Context(), w.who, newsroom.Beginning{Key: "start-wrong-" + key, Desk: h.Desks[0].ID, Text: &text})
	if err != nil {
		w.Fatal(err)
	}
	filed, err := w.r.File(w.Context(), w.who, newsroom.Filing{Key: "file-wrong-clock-" + key, Article: id, What: story.Publish, NoUndo: true, Slot: slot, Base: -1})
	if err != nil {
		w.Fatal(err)
	}
	return filed
}

func TestAWrongClockPutsNothingOff(t *testing.T) {
	const years = 3653 * 24 * time.Hour
	w := newWrong(t)
	w.pass(time.Minute)
	w.file("before", "2024-03-20 10:00 Europe/London", "")
	w.clock.Wall = w.clock.Wall.Add(years)
	w.step(0, "ten years ahead")
	w.file("in-doubt", "", "")
	w.clock.Wall = w.clock.Wall.Add(-years)
	w.step(1, "set right again")
	w.pass(time.Hour)
	w.step(1, "when it is due")
}

func TestAClockSetBackLooksAgain(t *testing.T) {
	w := newWrong(t)
	w.file("slot", "2024-03-22 22:51 Europe/London", "")
	w.pass(time.Date(2024, 3, 22, 22, 51, 53, 0, time.UTC).Sub(begin))
	w.clock.Wall = w.clock.Wall.Add(2 * time.Second)
	w.step(0, "two seconds ahead, in the last five before a rest")
	w.clock.Wall = w.clock.Wall.Add(-2 * time.Second)
	w.step(1, "set right, before them")
}

// TestALongAbsenceNamesSomebodyNew: what is filed while nothing is due is trusted to its
// end, though it is due itself.
func TestALongAbsenceNamesSomebodyNew(t *testing.T) {
	w := newWrong(t)
	w.clock = clock.Reading{Wall: begin.Add(9 * 24 * time.Hour), Boot: time.Minute, BootID: "second"}
	if filed := w.file("absence", "", "Noa Harel"); filed.State != story.Posted {
		t.Error(filed)
	}
}

// TestTheLastEntryMeetsTheRest: the person whom a text names takes the last microsecond.
func TestTheLastEntryMeetsTheRest(t *testing.T) {
	w := newWrong(t)
	w.pass(time.Date(2024, 3, 22, 22, 51, 55, 0, time.UTC).Add(-time.Microsecond).Sub(begin))
	filed := w.file("edge", "", "Noa Harel")
	if filed.State != story.Pending || len(filed.Objections) != 1 || filed.Objections[0].Code != story.ObjectRest {
		t.Errorf("%+v", filed)
	}
}

// TestTheClockOfTheFirstMinute: a step before the house first looked is noticed.
func TestTheClockOfTheFirstMinute(t *testing.T) {
	w := newWrong(t)
	w.clock.Wall = w.clock.Wall.Add(25 * time.Hour)
	if filed := w.file("first", "", ""); filed.State != story.Pending {
		t.Error(filed)
	}
}
