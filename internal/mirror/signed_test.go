package mirror_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/zone"
)

// asked notes how far an edition had come whenever it asked for checkpoints.
type asked struct {
	*store.DB
	edition *edition.Edition
	at      []int64
}

func (a *asked) Checkpoints(ctx context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	a.at = append(a.at, a.edition.Applied())
	return a.DB.Checkpoints(ctx, volume, size, limit)
}

// TestAnEditionKeepsWhatSignsItsEntriesWithThem: one that is cut off at any instant has the
// checkpoint of what it has, so that a house that is lost comes back from it whole.
func TestAnEditionKeepsWhatSignsItsEntriesWithThem(t *testing.T) {
	h := newHouse(t)
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition, Log: quiet})
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	a := &asked{DB: h.db, edition: e}
	check(t, e.CatchUp(t.Context(), a))
	note, err := e.NewestCheckpoint(t.Context())
	check(t, err)
	if len(a.at) == 0 || slices.Max(a.at) > 0 || !bytes.Equal(note, h.note()) {
		t.Errorf("it asked for checkpoints when it had come to %v", a.at)
	}
}
