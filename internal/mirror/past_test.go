package mirror_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/zone"
)

// next begins the house's next volume, as after a restore or the loss of its key.
func (h *house) next(volume int64) *house {
	h.t.Helper()
	secret, err := record.NewKey(record.LogName("localhost:8080", volume, rand.Reader), rand.Reader)
	check(h.t, err)
	h.key, err = record.ParseKey(secret)
	check(h.t, err)
	h.db.SetKey(h.key)
	h.now = h.now.Add(time.Second)
	check(h.t, h.room.BeginVolume(h.t.Context(), h.key, record.Restored, nil, 0))
	h.catchUp()
	return h
}

// TestAMirrorReadsEveryVolume follows and verifies a record with volumes behind it, one of
// which goes on while it is followed; a kill reaches back over them.
func TestAMirrorReadsEveryVolume(t *testing.T) {
	h := newHouse(t).week()
	first, early := h.key.Verifier(), h.note()
	h.next(2).more(3).next(3).more(2)
	f, err := follow(t, h.server.URL, t.TempDir(), h.key.Verifier())
	check(t, err)
	check(t, f.catchUp())
	f.same(h)
	h.kill()
	h.more(2)
	check(t, f.catchUp())
	f.same(h)
	anew, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition, Log: quiet})
	check(t, err)
	t.Cleanup(func() { check(t, anew.Close()) })
	check(t, anew.CatchUp(t.Context(), h.db))
	check(t, anew.View(t.Context(), func(v *edition.View) error {
		for volume := int64(1); volume <= 3; volume++ {
			if x, ok, err := v.Volume(volume); err != nil || !ok || x.Checkpoint.Size != x.Size() {
				t.Errorf("an edition that is built anew has a checkpoint of %d of the %d entries of volume %d, %v", x.Checkpoint.Size, x.Size(), volume, err)
			}
		}
		return nil
	}))
	again, err := follow(t, h.server.URL, t.TempDir(), "")
	check(t, err)
	check(t, again.catchUp())
	again.same(h)
	for _, c := range []struct {
		o      record.VerifyOptions
		proved string
	}{
		{record.VerifyOptions{}, record.Consistent},
		{record.VerifyOptions{Verifier: h.key.Verifier()}, record.SinceSigned},
		{record.VerifyOptions{Verifier: first}, record.SinceSigned + ", up to volume 1; what follows is consistent with itself"},
		{record.VerifyOptions{Checkpoint: h.note()}, ""},
		{record.VerifyOptions{Checkpoint: early}, ""},
	} {
		r, err := mirror.Verify(t.Context(), h.server.URL, c.o)
		check(t, err)
		if len(r.Problems) > 0 || r.Volumes != 3 || r.LastN != h.edition.Applied() || r.Proved == "" || c.proved != "" && r.Proved != c.proved {
			t.Errorf("%+v", r)
		}
	}
}

// TestAnOriginThatLosesOrForgesAFormerVolume: what is behind the newest volume is proved by it.
func TestAnOriginThatLosesOrForgesAFormerVolume(t *testing.T) {
	h := newHouse(t)
	early := h.note()
	h.week().next(2).more(3)
	stranger := newHouse(t).week()
	p := newProxy(t, h.server.URL)
	for name, change := range map[string]func(*reply){
		"it has no former volume": func(r *reply) {
			if r.is("/record/1") {
				r.status = 404
			}
		},
		"it has no checkpoint of it": func(r *reply) {
			if r.is("/record/1/checkpoint") {
				r.status = 404
			}
		},
		"it gives the record of another house": func(r *reply) {
			if r.is("/record/1") {
				other := newProxy(t, stranger.server.URL)
				resp, err := other.server.Client().Get(other.server.URL + r.path)
				check(t, err)
				var b bytes.Buffer
				_, err = b.ReadFrom(resp.Body)
				check(t, err)
				check(t, resp.Body.Close())
				r.body, r.status = b.Bytes(), resp.StatusCode
			}
		},
		"it stands by an older checkpoint of the former volume": func(r *reply) {
			if r.is("/record/1/checkpoint") {
				r.body = early
			}
		},
		"it gives a shorter former volume": func(r *reply) {
			if r.is("/record/1?") {
				lines := r.lines()
				r.body = bytes.Join(lines[:len(lines)-2], nil)
			}
		},
		"it cuts the words of an entry": func(r *reply) {
			if r.is("/record/1?") && len(r.body) > 9000 {
				r.body = bytes.Replace(r.body, []byte(`"content":"ey`), []byte(`"content":"ez`), 1)
			}
		},
		"a tile is another": func(r *reply) {
			if r.is("/record/1/tile/") {
				r.body[0] ^= 1
			}
		},
	} {
		p.set(change)
		all, err := walk(t, p.server.URL)
		if err == nil {
			t.Errorf("%s: a mirror followed it to entry %d", name, len(all))
		}
		h.has(all)
		r, err := mirror.Verify(t.Context(), p.server.URL, record.VerifyOptions{})
		if err == nil && r.Proved != "" {
			t.Errorf("%s: it was verified as %q", name, r.Proved)
		}
	}
	p.set(nil)
	if all, err := walk(t, p.server.URL); err != nil || int64(len(all)) != h.edition.Applied() {
		t.Errorf("an honest proxy: %d entries, %v", len(all), err)
	}
}

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
