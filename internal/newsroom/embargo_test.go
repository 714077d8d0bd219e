package newsroom_test

import (
	"slices"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// TestASlotNeverShortensAnEmbargo: what is filed is due at the later of its slot and its
// embargo's end, whichever is set first and however the slot is moved, taken away or filed
// anew. I-39.
func TestASlotNeverShortensAnEmbargo(t *testing.T) {
	now := begin
	r, _ := room(t, &now)
	who, err := r.Acting(t.Context(), "Rina")
	if err != nil {
		t.Fatal(err)
	}
	const early, embargo, late = "2024-03-20 12:00 Europe/London", "2024-03-20 15:00 Europe/London", "2024-03-20 18:00 Europe/London"
	ends, later := time.Date(2024, 3, 20, 15, 0, 0, 0, time.UTC), time.Date(2024, 3, 20, 18, 0, 0, 0, time.UTC)
	id := begun(t, r, who, "embargo-0000000001")
	file := func(slot string) newsroom.Filed {
		t.Helper()
		f, err := r.File(t.Context(), who, newsroom.Filing{Key: r.NewKey(), Article: id, What: story.Publish, NoUndo: true, Base: -1, Slot: slot})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	due := func(what string, act int64, want time.Time) {
		t.Helper()
		v, err := r.Story(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(v.Acts, func(a newsroom.ActView) bool { return a.ID == act })
		if i < 0 || v.Acts[i].State != story.Pending || !v.Acts[i].Due.Equal(want) {
			t.Errorf("%s: it is not due %s: %+v", what, want, v.Acts)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	act := file(early).Act
	must(r.Embargo(t.Context(), who, newsroom.EmbargoWish{Key: r.NewKey(), Article: id, Until: embargo}))
	due("an embargo after the slot", act, ends)
	must(r.MoveSlot(t.Context(), who, r.NewKey(), act, late))
	due("a later slot", act, later)
	must(r.MoveSlot(t.Context(), who, r.NewKey(), act, early))
	due("an earlier slot", act, ends)
	must(r.MoveSlot(t.Context(), who, r.NewKey(), act, ""))
	due("no slot", act, ends)
	must(r.TakeBack(t.Context(), who, r.NewKey(), act))
	again := file("")
	due("filed anew without a slot", again.Act, ends)
	now = ends.Add(-time.Microsecond)
	if _, err := r.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	due("a microsecond before its end", again.Act, ends)
}
