package edition_test

import (
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
)

// TestOtherZoneDataAreOtherDays opens an edition again with a release in which the house's
// zone lies elsewhere: what it calls a day is then what an edition built anew calls it.
func TestOtherZoneDataAreOtherDays(t *testing.T) {
	r := editiontest.Paper(t)
	r.Post(one, editiontest.London, at(0), text("First", "words"))
	east := func(string) (*time.Location, error) { return time.FixedZone("east", 14*3600), nil }
	open := func(dir, release string, zone func(string) (*time.Location, error)) *edition.Edition {
		e, err := edition.Open(t.Context(), dir, edition.Options{Zone: zone, ZoneData: release, Renditions: r.Renditions})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		catchUp(t, e, r)
		return e
	}
	dir := t.TempDir()
	grown := open(dir, "2024a", time.LoadLocation)
	before := digest(t, grown)
	if err := grown.Close(); err != nil {
		t.Fatal(err)
	}
	after, anew := digest(t, open(dir, "2024b", east)), digest(t, open(t.TempDir(), "2024b", east))
	if after == before || after != anew {
		t.Errorf("%s before, %s after, %s anew", before, after, anew)
	}
}
