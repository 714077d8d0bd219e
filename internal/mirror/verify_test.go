package mirror_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"dateline/internal/mirror"
	"dateline/internal/record"
)

// TestARecordIsVerifiedFromElsewhere: over HTTP the same is proved as on the disk, in the
// same words; and what was changed on the way, or since, is said.
func TestARecordIsVerifiedFromElsewhere(t *testing.T) {
	h := newHouse(t).week()
	early := h.note()
	h.kill()
	h.more(210)
	p := newProxy(t, h.server.URL)
	key := h.key.Verifier()
	for name, o := range map[string]record.VerifyOptions{
		"by itself": {}, "with the key": {Verifier: key}, "since a checkpoint": {Checkpoint: early}, "since both": {Verifier: key, Checkpoint: early},
		"since the newest": {Checkpoint: h.note()},
	} {
		here, err := record.Verify(t.Context(), h.db, o)
		check(t, err)
		there, err := mirror.Verify(t.Context(), p.server.URL, o)
		check(t, err)
		if len(there.Problems) > 0 || there.Proved == "" || there.Proved != here.Proved || there.Entries != here.Entries || there.LastN != here.LastN || there.Checkpoints != 1 {
			t.Errorf("%s: %+v\nand on the disk %+v", name, there, here)
		}
	}
	for name, evil := range tampering(h) {
		if name == "it takes its time" {
			continue // which is patience's, and a check has a minute of it
		}
		p.set(evil)
		wantDoubt(t, p, name, record.VerifyOptions{Verifier: key}, "")
	}
	for i := range 12 {
		p.set(func(r *reply) {
			if r.is("/record/1") {
				r.body[(i*len(r.body)+7)/12] ^= 1
			}
		})
		wantDoubt(t, p, "a bit", record.VerifyOptions{}, "")
	}
	p.set(nil)
	other := newHouse(t)
	short := other.note()
	wantDoubt(t, p, "another key", record.VerifyOptions{Verifier: other.key.Verifier()}, "no volume names the key that was kept elsewhere")
	wantDoubt(t, p, "another key of that log", record.VerifyOptions{Verifier: h.otherKey().Verifier()}, "its signature is not by the record's key")
	wantDoubt(t, p, "of another record", record.VerifyOptions{Checkpoint: short}, "the checkpoint that was kept elsewhere is of no volume of this record")
	forged, err := h.otherKey().Sign(record.Checkpoint{Log: h.key.Log(), Size: 3})
	check(t, err)
	wantDoubt(t, p, "forged", record.VerifyOptions{Checkpoint: forged}, "the checkpoint that was kept elsewhere: its signature is not by the record's key")
	wantDoubt(t, p, "no checkpoint", record.VerifyOptions{Checkpoint: []byte("x")}, "the checkpoint that was kept elsewhere")
	for size, says := range map[int64]string{
		400:                 "the record was shortened: the checkpoint that was kept elsewhere covers 400 entries, and there are",
		h.edition.Applied(): "there are two records",
		20:                  "the checkpoint of 20 entries that was kept elsewhere signs another tree",
	} {
		wantDoubt(t, p, "split", record.VerifyOptions{Checkpoint: h.signs(size)}, says)
	}
	p.set(func(r *reply) {
		if r.is("/checkpoint") {
			r.body = early
		}
	})
	wantDoubt(t, p, "an old checkpoint is shown", record.VerifyOptions{Checkpoint: h.signs(h.edition.Applied())}, "the record was shortened")
}

// note is the newest checkpoint, as readers get it.
func (h *house) note() []byte {
	h.t.Helper()
	resp, err := http.Get(h.server.URL + "/checkpoint")
	check(h.t, err)
	var b bytes.Buffer
	_, err = b.ReadFrom(resp.Body)
	check(h.t, err)
	check(h.t, resp.Body.Close())
	return b.Bytes()
}

// otherKey is a key that somebody else made for the house's log.
func (h *house) otherKey() record.Key {
	h.t.Helper()
	secret, err := record.NewKey(h.key.Log(), nil)
	check(h.t, err)
	key, err := record.ParseKey(secret)
	check(h.t, err)
	return key
}

// signs is a checkpoint of a tree that never was.
func (h *house) signs(size int64) []byte {
	h.t.Helper()
	note, err := h.key.Sign(record.Checkpoint{Log: h.key.Log(), Size: size, Root: [32]byte{1}})
	check(h.t, err)
	return note
}

// wantDoubt fails unless a check of what a proxy gives is an error or lists problems.
func wantDoubt(t *testing.T, p *proxy, name string, o record.VerifyOptions, says string) {
	t.Helper()
	r, err := mirror.Verify(t.Context(), p.server.URL, o)
	text := ""
	if err != nil {
		text = err.Error()
	}
	for _, problem := range r.Problems {
		text += problem.What + "; "
	}
	if text == "" || r.Proved != "" || !strings.Contains(text, says) {
		t.Errorf("%s: %q, proved %q", name, text, r.Proved)
	}
}

// TestKilledWhileItIsVerified: the kill came after the checkpoint that the check began with.
func TestKilledWhileItIsVerified(t *testing.T) {
	h := newHouse(t).week()
	p := newProxy(t, h.server.URL)
	killed := false
	p.set(func(r *reply) {
		if r.is("/checkpoint") && !killed {
			killed = true
			h.kill()
		}
	})
	r, err := mirror.Verify(t.Context(), p.server.URL, record.VerifyOptions{})
	check(t, err)
	if r.Proved != record.Consistent || r.LastN != h.edition.Applied() {
		t.Errorf("%+v", r)
	}
}
