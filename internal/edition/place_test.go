package edition_test

import (
	"testing"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
)

func TestPlace(t *testing.T) {
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := func(volume, n int64) {
		t.Helper()
		err := e.View(t.Context(), func(v *edition.View) error {
			gotVolume, gotN, err := v.Place()
			if gotVolume != volume || gotN != n {
				t.Errorf("%d-%d, want %d-%d", gotVolume, gotN, volume, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want(0, 0)
	r := editiontest.Paper(t)
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	want(1, int64(len(r.Entries())))
	r.Volume(editiontest.Begin, 2, "restored")
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	want(2, int64(len(r.Entries())))
}
