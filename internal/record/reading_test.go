package record_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A growing volume gets its next entries while it is read.
type growing struct {
	*volume
	all  *volume
	step int
	late bool // it grows once all was read, and not while
}

func (g *growing) grow() {
	n := min(len(g.volume.entries)+g.step, len(g.all.entries))
	g.entries = g.all.entries[:n]
	g.hashes = g.all.hashes[:tlog.StoredHashCount(int64(n))]
	g.signed = g.all.signed[:n]
}

func (g *growing) Hashes(ctx context.Context, volume, from int64, limit int) ([]tlog.Hash, error) {
	if !g.late {
		g.grow()
	}
	return g.volume.Hashes(ctx, volume, from, min(limit, 3))
}

func (g *growing) Checkpoints(ctx context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	if !g.late {
		g.grow()
	}
	return g.volume.Checkpoints(ctx, volume, size, min(limit, 2))
}

func (g *growing) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	got, err := g.volume.After(ctx, n, min(limit, 7))
	if g.late && len(got) == 0 {
		g.grow()
	}
	return got, err
}

func TestVerifyWhileItGrows(t *testing.T) {
	all := plainVolume(t, 60)
	for step := range 10 {
		g := &growing{volume: &volume{key: all.key}, all: all, step: step / 2, late: step%2 == 1}
		g.entries, g.hashes, g.signed = all.entries[:10], all.hashes[:tlog.StoredHashCount(10)], all.signed[:10]
		if r, err := record.Verify(t.Context(), g, record.VerifyOptions{}); err != nil || r.Proved != record.Consistent || r.Entries < 10 {
			t.Errorf("growing by %d: %+v, %v", step, r, err)
		}
	}
}

// plainVolume is a record of n entries, each with its checkpoint, where nothing goes.
func plainVolume(t testing.TB, n int) *volume {
	v := &volume{key: newKey(t, testLog), desks: map[story.DeskID]deskEntry{}}
	for i := range n {
		e := record.Envelope{At: friday.Add(time.Duration(i) * time.Microsecond), Kind: record.KindHouse, Class: story.Houses, Subject: fmt.Sprint("house", i)}
		var content any = record.House{}
		if i == 0 {
			e.Kind, e.Subject, content = record.KindVolume, testLog, record.Volume{Log: testLog, Key: v.key.Verifier()}
		}
		v.add(record.Entry{Envelope: e}, content)
		v.sign()
	}
	return v
}

// A failing volume fails at its k-th question.
type failing struct {
	*volume
	k int
}

func (f *failing) ask() error {
	if f.k--; f.k == 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func (f *failing) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if err := f.ask(); err != nil {
		return nil, err
	}
	return f.volume.After(ctx, n, 7)
}

func (f *failing) Hashes(ctx context.Context, volume, from int64, limit int) ([]tlog.Hash, error) {
	if err := f.ask(); err != nil {
		return nil, err
	}
	return f.volume.Hashes(ctx, volume, from, 9)
}

func (f *failing) Checkpoints(ctx context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	if err := f.ask(); err != nil {
		return nil, err
	}
	return f.volume.Checkpoints(ctx, volume, size, 2)
}

func TestVerifyTellsOfAStoreThatFails(t *testing.T) {
	v := build(t)
	for k := 1; ; k++ {
		r, err := record.Verify(t.Context(), &failing{v, k}, record.VerifyOptions{})
		if err == nil {
			if k < 20 || r.Proved == "" {
				t.Errorf("after %d questions: %+v", k, r)
			}
			return
		}
		if r.Proved != "" {
			t.Fatalf("question %d failed, and still it proved %q", k, r.Proved)
		}
	}
}

// A stuck log answers each question with the same rows.
type stuck struct{ *volume }

func (s stuck) After(context.Context, int64, int) ([]record.Entry, error) { return s.entries, nil }
func (s stuck) Checkpoints(context.Context, int64, int64, int) ([]record.SignedCheckpoint, error) {
	return s.signed, nil
}

func TestVerifyEndsWhereALogGoesRound(t *testing.T) {
	r, err := record.Verify(t.Context(), stuck{build(t)}, record.VerifyOptions{})
	if err != nil || len(r.Problems) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
